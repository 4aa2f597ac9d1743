"""Rate cards as carriers publish them: a JSON document, or a table of prices that renews the card before it."""

from codecs import BOM_UTF8
from datetime import timedelta

from babel.numbers import get_currency_precision

from fulfilment.models import RateCard
from fulfilment.models.rate_card import digest_of
from fulfilment.rating.card import CardError
from fulfilment.rating.read import read
from fulfilment.services.price_table import renewed
from oms.lib.api.parsing import loads
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.text import check_text
from oms.lib.world import CURRENCIES

MOST_BYTES = 2 * 2**20


class WrongCard(Invalid):
    """A file is no rate card; `problems` are [what is wrong, each with where it stands]."""

    def __init__(self, problems):
        super().__init__("This is no rate card yet.", field="file")
        self.problems = problems


@command
def publish_rates(file, *, carrier, name, currency, valid_from, valid_to=None):
    """Keep an uploaded `file` (.json or .csv) as what `carrier` charges from `valid_from` on; return the RateCard.

    A CSV (service, up_to, a column for each zone) renews the prices of the card of this name that was valid
    before. The same name and first day again replaces that card. An earlier card of the name that is open ends
    the day before. Raises WrongCard, naming every field that is wrong, and Invalid.
    """
    name, currency = check_text(name, max_length=60, field="name"), currency.upper()
    if currency not in CURRENCIES:
        raise Invalid(f"There is no currency {currency[:3]}.", field="currency")
    if valid_to and valid_to < valid_from:
        raise Invalid("It ends before it begins.", field="valid_to")
    cards = RateCard.objects.filter(carrier=carrier, name=name)
    document = _document(file, cards.filter(valid_from__lte=valid_from).order_by("-valid_from").first())
    try:
        read(document, decimals=get_currency_precision(currency))
    except CardError as error:
        raise WrongCard([f"{path or 'card'}: {text}" for path, text in error.problems.items()]) from error
    cards.filter(valid_from__lt=valid_from, valid_to__isnull=True).update(valid_to=valid_from - timedelta(days=1))
    fields = {"currency": currency, "valid_to": valid_to, "document": document, "digest": digest_of(document)}
    return RateCard.objects.update_or_create(carrier=carrier, name=name, valid_from=valid_from, defaults=fields)[0]


def _document(file, before):
    """Return what stands in `file`; raises Invalid when it cannot be read."""
    if file.size > MOST_BYTES:
        raise Invalid(f"The file is over {MOST_BYTES // 2**20} MB.", field="file")
    if file.name.lower().endswith(".csv"):
        if before is None:
            raise Invalid("A CSV has prices alone: put the whole card in once, as JSON.", field="file")
        return renewed(before.document, file)
    try:
        return loads(file.read().removeprefix(BOM_UTF8))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"This is no sound JSON: {str(error)[:100]}", field="file") from None
