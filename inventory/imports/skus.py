"""SKUs from a table: made where the code is new, else changed in the columns that the table has."""

from dataclasses import dataclass

from inventory.models import KitComponent, Sku, SkuBarcode
from oms.lib import cells
from oms.lib.errors import Invalid
from oms.lib.row_import import Table
from oms.lib.world import COUNTRIES

NUMBERS = ("weight_g", "length_mm", "width_mm", "height_mm")
FLAGS = ("is_fragile", "is_hazmat", "ships_alone", "is_active")
CHOICES = {"kind": Sku.Kind.values, "rotation": Sku.Rotation.values}
TEXTS = {"name": 200, "tax_class": 20, "hs_code": 12, "origin": 2, "no_mix_group": 20}


@dataclass(frozen=True)
class SkuRow:
    """`fields` of the SKU that the table has, {barcode: pieces} and {component code: quantity}, or None."""

    code: str
    fields: dict
    barcodes: dict | None
    components: dict | None


class Skus(Table):
    """The table of SKUs. An empty cell leaves a SKU as it is; barcodes and components replace those it has."""

    required = ("code",)
    known = ("code", *TEXTS, "kind", "unit_cost", "rotation", *NUMBERS, *FLAGS, "barcodes", "components")

    def __init__(self):
        self._lines = {}

    def check(self, row):
        filled = {column: value for column, value in row.cells.items() if value}
        code = cells.text(row.cells["code"], "code", max_length=40)
        if not code or not code.isascii():
            raise Invalid("code: give a code of letters, digits and signs.", field="code")
        if self._lines.setdefault(code.upper(), row.line) != row.line:
            raise Invalid(f"code: {code} stands in line {self._lines[code.upper()]} too.", field="code")
        fields = {column: _cell(column, value) for column, value in filled.items() if column in FIELDS}
        return SkuRow(code, fields, *(_codes(filled, column) for column in ("barcodes", "components")))

    def is_late(self, checked):
        return checked.components is not None

    def take(self, rows):
        known = Sku.objects.by_codes(row.code for row in rows)
        new = _make_skus([row for row in rows if row.code.upper() not in known])
        changed = _change_skus([row for row in rows if row.code.upper() in known], known)
        known |= new
        for code in _write_barcodes(rows, known):
            changed.setdefault(code, []).append("barcodes")
        for code in _write_components(rows, known):
            changed.setdefault(code, []).append("components")
        return {"each": [_outcome(row.code.upper(), new, changed) for row in rows]}


def _outcome(code, new, changed):
    if code in new:
        return "created", ""
    return ("changed", ", ".join(changed[code])) if code in changed else ("unchanged", "")


def _cell(column, value):
    if column == "origin" and value not in COUNTRIES:
        raise Invalid(f"origin: {value} is no ISO 3166 country code.", field=column)
    if column in TEXTS:
        return cells.text(value, column, max_length=TEXTS[column])
    if column in NUMBERS:
        return cells.whole(value, column)
    if column in FLAGS:
        return cells.yes_or_no(value, column)
    if column in CHOICES:
        return cells.choice(value, column, CHOICES[column])
    return cells.amount(value, column)


FIELDS = {*TEXTS, *NUMBERS, *FLAGS, *CHOICES, "unit_cost"}


def _codes(filled, column):
    return cells.numbered(filled[column], column, max_length=48) if column in filled else None


def _make_skus(rows):
    """Return {upper code: Sku} of the new ones."""
    for row in rows:
        if "name" not in row.fields:
            raise Invalid(f"name: {row.code} is new and needs a name.", field="name")
    made = Sku.objects.bulk_create(Sku(code=row.code, **row.fields) for row in rows)
    return {sku.code.upper(): sku for sku in made}


def _change_skus(rows, known):
    """Return {code: [column]} of those that differ from their rows, changed."""
    changed, told = {}, {}
    for row in rows:
        sku = known[row.code.upper()]
        differing = {name: value for name, value in row.fields.items() if getattr(sku, name) != value}
        if "kind" in differing and sku.entries.exists():
            raise Invalid(f"kind: {sku} has stock and stays {sku.kind}.", field="kind")
        if "kind" in differing and sku.is_made_to_order:
            raise Invalid(f"kind: {sku} is made to order and stays {sku.kind}.", field="kind")
        for name, value in differing.items():
            setattr(sku, name, value)
        if differing:
            changed[row.code.upper()], told[row.code.upper()] = sku, sorted(differing)
    Sku.objects.bulk_update(changed.values(), sorted(FIELDS))
    return told


def _write_barcodes(rows, known):
    """Give SKUs the barcodes of their rows and no others; returns the codes of those changed."""
    wanted = {known[row.code.upper()]: row.barcodes for row in rows if row.barcodes is not None}
    named = [code for barcodes in wanted.values() for code in barcodes]
    owners = {code.code: code for code in SkuBarcode.objects.filter(code__in=named).select_related("sku")}
    for sku, barcodes in wanted.items():
        for code in barcodes:
            if code in owners and owners[code].sku_id != sku.pk:
                raise Invalid(f"barcodes: {code} belongs to {owners[code].sku}.", field="barcodes")
    have = {}
    for code in SkuBarcode.objects.filter(sku__in=wanted):
        have.setdefault(code.sku_id, {})[code.code] = code.pieces
    differing = {sku: barcodes for sku, barcodes in wanted.items() if have.get(sku.pk, {}) != barcodes}
    SkuBarcode.objects.filter(sku__in=[sku for sku in differing if sku.pk in have]).delete()
    SkuBarcode.objects.bulk_create(
        SkuBarcode(sku=sku, code=code, pieces=pieces)
        for sku, barcodes in differing.items()
        for code, pieces in barcodes.items()
    )
    return {sku.code.upper() for sku in differing}


def _write_components(rows, known):
    """Make kits of the components of their rows and no others; returns the codes of those changed."""
    wanted = {known[row.code.upper()]: row.components for row in rows if row.components is not None}
    parts = Sku.objects.by_codes({code for components in wanted.values() for code in components})
    for sku, components in wanted.items():
        if not sku.is_kit:
            raise Invalid(f"components: {sku} is no kit; say so in the column kind.", field="components")
        for code in components:
            if code not in parts or parts[code].is_kit:
                raise Invalid(f"components: {code} is no SKU that can be a part.", field="components")
    have = {}
    for part in KitComponent.objects.filter(kit__in=wanted).select_related("component"):
        have.setdefault(part.kit_id, {})[part.component.code.upper()] = part.quantity
    differing = {sku: components for sku, components in wanted.items() if have.get(sku.pk, {}) != components}
    KitComponent.objects.filter(kit__in=differing).delete()
    KitComponent.objects.bulk_create(
        KitComponent(kit=sku, component=parts[code], quantity=quantity)
        for sku, components in differing.items()
        for code, quantity in components.items()
    )
    return {sku.code.upper() for sku in differing}
