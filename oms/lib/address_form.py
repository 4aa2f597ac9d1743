"""A postal address in the forms of the console: a box for each part, where the row keeps one JSON."""

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from oms.lib.world import check_country

PARTS = {
    "name": "name",
    "company": "company",
    "line1": "street and number",
    "line2": "second line",
    "postcode": "postcode",
    "city": "city",
    "region": "region",
    "country": "country, ISO 3166",
    "phone": "phone",
}
MAX_LENGTH = 100
CHECKS = {"country": [check_country]}


class AddressWidget(forms.MultiWidget):
    """The boxes, each named by what belongs into it."""

    def __init__(self):
        boxes = {
            part: UnfoldAdminTextInputWidget({"placeholder": hint, "aria-label": hint, "class": "mb-2"})
            for part, hint in PARTS.items()
        }
        super().__init__(widgets=boxes)

    def decompress(self, value):
        return [(value or {}).get(part, "") for part in PARTS]


class AddressField(forms.MultiValueField):
    """The parts that were filled in, as {part: text}; `label` and `help_text` as of any field."""

    widget = AddressWidget

    def __init__(self, *, required=False, label=None, help_text=""):
        boxes = [
            forms.CharField(required=False, max_length=MAX_LENGTH, validators=CHECKS.get(part, [])) for part in PARTS
        ]
        super().__init__(boxes, required=required, require_all_fields=False, label=label, help_text=help_text)

    def compress(self, values):
        return {part: text for part, text in zip(PARTS, values, strict=False) if text}
