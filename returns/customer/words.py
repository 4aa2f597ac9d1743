"""What customers call the reasons of a return."""

from django.utils.translation import gettext_lazy as _

from returns.models import ReturnLine

Reason = ReturnLine.Reason

# UNDELIVERABLE is the carrier's to say.
REASONS = {
    Reason.UNWANTED: _("I do not like it"),
    Reason.TOO_SMALL: _("Too small"),
    Reason.TOO_LARGE: _("Too large"),
    Reason.NOT_AS_DESCRIBED: _("Not as described"),
    Reason.DAMAGED: _("Arrived damaged"),
    Reason.FAULTY: _("Does not work"),
    Reason.WRONG: _("Not what I ordered"),
    Reason.LATE: _("Came too late"),
}
