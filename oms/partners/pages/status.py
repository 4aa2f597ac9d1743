"""A partner at a glance: its keys, its calls, what was refused, and how its webhooks get on."""

from datetime import timedelta

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from oms.lib.console import console_page, show
from oms.partners.models import Partner
from oms.partners.pages.endpoint import standing

DAYS = 14
ERRORS = 30


@require_safe
@console_page("partners.view_partner")
def status(request, pk):
    """Show how a partner gets on with us; a handful of statements, however many calls it made."""
    partner, now = get_object_or_404(Partner, pk=pk), timezone.now()
    context = {
        "partner": partner,
        "keys": [(key, key.state_at(now)) for key in partner.keys.order_by("revoked", "-pk")[:ERRORS]],
        "days": partner.usage.filter(day__gt=now.date() - timedelta(days=DAYS)).order_by("-day"),
        "errors": partner.call_errors.order_by("-pk")[:ERRORS],
        "endpoints": [standing(endpoint, now) for endpoint in partner.endpoints.order_by("pk")],  # 20 at most
    }
    return show(request, "partners/console/status.html", title=f"{partner}: status", **context)
