from .idempotent_request import IdempotentRequest
from .inbound_message import InboundMessage
from .key import PartnerKey
from .partner import Partner
from .usage import CallError, UsageDay
from .webhook_endpoint import WebhookEndpoint
from .webhook_message import WebhookMessage
from .webhook_try import WebhookTry

__all__ = [
    "CallError",
    "IdempotentRequest",
    "InboundMessage",
    "Partner",
    "PartnerKey",
    "UsageDay",
    "WebhookEndpoint",
    "WebhookMessage",
    "WebhookTry",
]
