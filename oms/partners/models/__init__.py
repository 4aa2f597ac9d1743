from .idempotent_request import IdempotentRequest
from .inbound_message import InboundMessage
from .key import PartnerKey
from .partner import Partner
from .webhook_endpoint import WebhookEndpoint

__all__ = ["IdempotentRequest", "InboundMessage", "Partner", "PartnerKey", "WebhookEndpoint"]
