"""How amounts, dates and addresses read in one language."""

from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from oms.lib.money import show
from orders.documents.words import language_of


class Reader:
    """Writes for readers of `locale`; amounts are in `currency`."""

    def __init__(self, locale, currency):
        self.currency = currency
        self.language = language_of(locale)
        try:
            self.locale = Locale.parse(locale.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            self.locale = Locale(self.language)

    def money(self, amount):
        return show(amount, self.currency, str(self.locale))

    def number(self, amount):
        """Return an amount of money without its currency, with the decimals that currency has."""
        return format_currency(amount, self.currency, format="#,##0.00", locale=self.locale)

    def unit(self, amount):
        """Return a unit price: two decimals, or four where it has more."""
        form = "#,##0.00" if amount == round(amount, 2) else "#,##0.0000"
        return format_decimal(amount, format=form, locale=self.locale)

    def percent(self, rate):
        return format_percent(rate, format="#,##0.##%", locale=self.locale)

    def factor(self, rate):
        return format_decimal(Decimal(rate).normalize(), format="#,##0.00######", locale=self.locale)

    def date(self, day):
        return format_date(day, "medium", locale=self.locale)

    def address(self, address, *, home=""):
        """Return the lines of an address ({name, company, line1 …}); the country only where it is not `home`."""
        city = f"{address.get('postcode', '')} {address.get('city', '')}".strip()
        lines = [address.get(name, "") for name in ("company", "name", "line1", "line2")]
        lines += [city, address.get("region", "")]
        country = address.get("country", "")
        if country and country != home:
            lines.append(self.locale.territories.get(country, country))
        return [line for line in lines if line]
