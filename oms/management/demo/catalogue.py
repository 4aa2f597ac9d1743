"""300 SKUs with pictures, barcodes and sizes; kits and downloads beside them."""

from decimal import Decimal
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from inventory.models import KitComponent, Sku, SkuBarcode
from oms.lib.commands import command

COLOURS = {
    "White": "#f8fafc", "Slate": "#475569", "Sky": "#38bdf8", "Moss": "#65a30d", "Sun": "#facc15",
    "Rose": "#fb7185", "Plum": "#9333ea", "Rust": "#c2410c", "Sand": "#d6c7a1", "Night": "#1e293b",
}  # fmt: skip
# name, code, gross price, weight in grams, length, width, height in mm, is fragile, shape of the picture
FAMILIES = (
    ("Mug", "MUG", "9.50", 320, 120, 90, 100, True, "cup"),
    ("Espresso cup", "ESP", "7.90", 180, 80, 60, 70, True, "cup"),
    ("Teapot", "TEA", "34.00", 980, 240, 150, 160, True, "cup"),
    ("Carafe", "CAR", "24.00", 760, 110, 110, 270, True, "bottle"),
    ("Water bottle", "BOT", "19.90", 290, 75, 75, 250, False, "bottle"),
    ("Vase", "VAS", "29.00", 900, 140, 140, 260, True, "bottle"),
    ("Bowl", "BWL", "12.50", 410, 160, 160, 70, True, "bowl"),
    ("Serving bowl", "SRV", "27.00", 1100, 280, 280, 110, True, "bowl"),
    ("Plate", "PLT", "11.00", 520, 270, 270, 25, True, "disc"),
    ("Side plate", "SPL", "8.50", 300, 200, 200, 20, True, "disc"),
    ("Tray", "TRY", "22.00", 640, 400, 300, 30, False, "sheet"),
    ("Chopping board", "BRD", "26.00", 1250, 400, 250, 25, False, "sheet"),
    ("Tea towel", "TWL", "6.90", 110, 250, 180, 15, False, "sheet"),
    ("Apron", "APR", "24.90", 260, 300, 250, 25, False, "sheet"),
    ("Cushion", "CSH", "29.90", 540, 400, 400, 120, False, "square"),
    ("Blanket", "BLK", "59.00", 1150, 400, 300, 100, False, "square"),
    ("Candle", "CND", "14.90", 380, 80, 80, 100, False, "bottle"),
    ("Candle holder", "CHD", "16.50", 270, 90, 90, 60, True, "bowl"),
    ("Lamp", "LMP", "79.00", 1700, 250, 250, 420, True, "bottle"),
    ("Wall clock", "CLK", "44.00", 850, 300, 300, 45, True, "disc"),
    ("Notebook", "NTB", "12.90", 310, 210, 150, 18, False, "sheet"),
    ("Sketchbook", "SKT", "17.90", 620, 300, 210, 20, False, "sheet"),
    ("Pencil case", "PNC", "13.50", 90, 210, 80, 50, False, "square"),
    ("Tote bag", "TOT", "15.00", 140, 400, 350, 15, False, "square"),
    ("Lunch box", "LNB", "21.00", 330, 200, 140, 70, False, "square"),
    ("Storage jar", "JAR", "18.00", 690, 110, 110, 190, True, "bottle"),
    ("Butter dish", "BUT", "23.00", 560, 190, 120, 80, True, "bowl"),
    ("Egg cup", "EGG", "4.90", 80, 50, 50, 60, True, "cup"),
    ("Armchair", "ARM", "189.00", 14500, 800, 760, 850, False, "square"),
    ("Side table", "TBL", "99.00", 7200, 500, 500, 480, False, "disc"),
)
BULKY = ("ARM", "TBL")  # only the 3PL keeps them
KITS = (
    ("Breakfast for two", "KIT-BREAKFAST", "49.00", (("MUG", 2), ("EGG", 2), ("PLT", 2))),
    ("Tea time", "KIT-TEA", "58.00", (("TEA", 1), ("MUG", 4))),
    ("Home office", "KIT-OFFICE", "39.00", (("NTB", 1), ("PNC", 1), ("BOT", 1))),
    ("Picnic", "KIT-PICNIC", "69.00", (("LNB", 2), ("BOT", 2), ("TOT", 1))),
    ("Candlelight", "KIT-CANDLE", "42.00", (("CND", 2), ("CHD", 2))),
)
DOWNLOADS = (("Recipe book (PDF)", "EBOOK-RECIPES", "9.90"), ("Pattern sheets (PDF)", "EBOOK-PATTERNS", "4.90"))


@command
def make():
    """Write what is missing of the catalogue; returns {SKU: gross price}."""
    prices = {}
    pictures = {}
    for name, code, price, weight, *size, is_fragile, shape in FAMILIES:
        for colour, tone in COLOURS.items():
            sku = _sku(f"{code}-{colour.upper()}", f"{name}, {colour.lower()}", price, weight, size, is_fragile)
            if not sku.image:
                picture = pictures.setdefault((shape, tone), draw(shape, tone))
                sku.image.save(f"{sku.code.lower()}.png", ContentFile(picture))
            prices[sku] = Decimal(price)
    for number, sku in enumerate(prices, start=1):
        SkuBarcode.objects.get_or_create(code=ean13(400_000_000_000 + number), defaults={"sku": sku})
        if number % 10 == 1:
            SkuBarcode.objects.get_or_create(code=ean13(400_900_000_000 + number), defaults={"sku": sku, "pieces": 6})
    return prices | _kits() | _downloads()


def _sku(code, name, price, weight, size, is_fragile):
    length, width, height = size
    fields = {
        "name": name,
        "weight_g": weight,
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
        "is_fragile": is_fragile,
        "unit_cost": (Decimal(price) * Decimal("0.4")).quantize(Decimal("0.01")),
        "origin": "PT",
        "hs_code": "691200",
    }
    return Sku.objects.get_or_create(code=code, defaults=fields)[0]


def _kits():
    made = {}
    for name, code, price, parts in KITS:
        kit, is_new = Sku.objects.get_or_create(code=code, defaults={"name": name, "kind": Sku.Kind.KIT})
        made[kit] = Decimal(price)
        for family, quantity in parts if is_new else ():
            component = Sku.objects.get(code=f"{family}-WHITE")
            KitComponent.objects.create(kit=kit, component=component, quantity=quantity)
    return made


def _downloads():
    made = {}
    for name, code, price in DOWNLOADS:
        fields = {"name": name, "kind": Sku.Kind.DIGITAL, "tax_class": "reduced"}
        made[Sku.objects.get_or_create(code=code, defaults=fields)[0]] = Decimal(price)
    return made


def ean13(number):
    """Return 12 digits with their check digit (GS1 General Specifications, section 7.9)."""
    digits = f"{number:012d}"
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def draw(shape, tone):
    """Return the PNG of a simple picture of goods."""
    image = Image.new("RGB", (240, 240), "#e2e8f0")
    pen = ImageDraw.Draw(image)
    line = {"fill": tone, "outline": "#0f172a", "width": 3}
    if shape == "cup":
        pen.ellipse((140, 90, 205, 160), outline="#0f172a", width=10)
        pen.rounded_rectangle((50, 70, 165, 185), 18, **line)
    elif shape == "bottle":
        pen.rectangle((100, 35, 140, 85), **line)
        pen.rounded_rectangle((75, 80, 165, 210), 22, **line)
    elif shape == "bowl":
        pen.pieslice((40, 20, 200, 200), 0, 180, **line)
    elif shape == "disc":
        pen.ellipse((30, 30, 210, 210), **line)
        pen.ellipse((75, 75, 165, 165), outline="#0f172a", width=2)
    elif shape == "sheet":
        pen.rounded_rectangle((60, 30, 180, 210), 8, **line)
    else:
        pen.rounded_rectangle((35, 45, 205, 200), 26, **line)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
