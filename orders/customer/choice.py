"""What a customer may choose when pieces of his order are missing, in his words."""

from django.utils.translation import gettext as _

from orders.models import ShortageQuestion

Answer = ShortageQuestion.Answer


def titles():
    """Return {answer: what it is called}, in the active language."""
    return {
        Answer.SPLIT: _("Send what is there now"),
        Answer.WAIT: _("Wait for all of it"),
        Answer.SUBSTITUTE: _("Take something similar instead"),
        Answer.CANCEL: _("Cancel what is missing"),
    }
