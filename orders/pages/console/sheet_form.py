"""Which column says what: a choice for each field, guessed from the titles, with what stands in the first row."""

from django import forms

from orders.imports.fields import whole
from orders.imports.sheets.fields import BILL, FIELDS, GROUPS
from orders.models import SheetMapping
from orders.services.countries import country_code

MOST_SAMPLE = 24


class ColumnsForm(forms.Form):
    """The mapping of an upload; `mapping()` returns what was chosen."""

    dates = forms.ChoiceField(label="Days are written", choices=SheetMapping.Dates)
    decimals = forms.ChoiceField(label="Amounts are written", choices=SheetMapping.Decimals)

    def __init__(self, data, *, upload, suggested):
        super().__init__(data, initial={"dates": suggested["dates"], "decimals": suggested["decimals"]})
        self.upload = upload
        choices = [("", "–"), *((title, f"{title}{sample}") for title, sample in _samples(upload))]
        for field in FIELDS:
            self.fields[f"column_{field.name}"] = forms.ChoiceField(
                label=field.label,
                choices=choices,
                required=False,
                help_text=field.about,
                initial=suggested["columns"].get(field.name, ""),
            )
            if field.constant:
                self.fields[f"constant_{field.name}"] = forms.CharField(
                    label=f"{field.label} of all",
                    required=False,
                    max_length=60,
                    initial=suggested["constants"].get(field.name, ""),
                    widget=forms.TextInput(attrs={"placeholder": "the same for all rows"}),
                )

    def groups(self):
        """Yield (title, [(the field's column, its constant or None, is it required)], is it shown at once)."""
        for group in GROUPS:
            rows = [
                (self[f"column_{field.name}"], self._bound(f"constant_{field.name}"), field.required)
                for field in FIELDS
                if field.group == group
            ]
            yield group, rows, group != BILL or any(column.value() or column.errors for column, *_ in rows)

    def _bound(self, name):
        return self[name] if name in self.fields else None

    def clean(self):
        """Complain of what is missing, of a column that is to say two things, and of constants that make no sense."""
        cleaned = super().clean()
        taken = {}
        for field in FIELDS:
            name, title = f"column_{field.name}", cleaned.get(f"column_{field.name}")
            if title in taken:
                self.add_error(name, f"“{title}” is the {taken[title]} already.")
            elif title:
                taken[title] = field.label
            elif field.required and not cleaned.get(f"constant_{field.name}"):
                self.add_error(
                    name, "Choose its column." if not field.constant else "Choose its column, or say it for all."
                )
        self._check_constants(cleaned)
        return cleaned

    def _check_constants(self, cleaned):
        currency, country = cleaned.get("constant_currency", ""), cleaned.get("constant_country", "")
        channels = self.upload.connection.channels()
        if currency and currency.upper() not in channels:
            self.add_error("constant_currency", f"This channel sells in {', '.join(channels)}.")
        if country and not country_code(country):
            self.add_error("constant_country", "This is no country; write its ISO code (DE) or its name.")
        if cleaned.get("constant_quantity") and (whole(cleaned["constant_quantity"]) or 0) < 1:
            self.add_error("constant_quantity", "This is no whole number of pieces.")
        if cleaned.get("column_line1") and not (cleaned.get("column_country") or country):
            self.add_error("constant_country", "An address needs its country: choose its column, or say it for all.")

    def mapping(self):
        """Return {columns, constants, dates, decimals}; a column comes before what is said for all."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        columns = {field.name: said[f"column_{field.name}"] for field in FIELDS if f"column_{field.name}" in said}
        constants = {
            field.name: said[f"constant_{field.name}"]
            for field in FIELDS
            if f"constant_{field.name}" in said and field.name not in columns
        }
        return {"columns": columns, "constants": constants, "dates": said["dates"], "decimals": said["decimals"]}


def _samples(upload):
    """Yield (title, " · what stands there first") of each column."""
    for at, title in enumerate(upload.header):
        sample = next((row[at] for row in upload.first_rows if row[at]), "")
        cut = sample if len(sample) <= MOST_SAMPLE else f"{sample[:MOST_SAMPLE]}…"
        yield title, f" · {cut}" if sample else ""
