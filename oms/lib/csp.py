"""What a page of ours may load: on our own pages nothing but ours, in the console what unfold needs."""

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware

STRICT = {
    "default-src": [SELF],
    "style-src": [SELF, NONCE],
    "script-src": [SELF, NONCE],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
# Alpine, in which unfold is written, evaluates the expressions in its attributes and sets styles.
CONSOLE = STRICT | {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}


class ContentPolicy(CSPMiddleware):
    """Send the strict policy everywhere, and the console's own below /admin/."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if parts.config is None and not report_only and request.path.startswith("/admin/"):
            parts.config = CONSOLE
        return parts
