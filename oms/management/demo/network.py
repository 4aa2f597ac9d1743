"""Who sells, where it lies, and what it costs to send: sellers, channels, locations, bins, stock, prices."""

from datetime import date, time
from decimal import Decimal

from django.utils import timezone

from fulfilment.models import Carrier, CartonType, Station
from inventory.models import Bin, Location, LocationHoliday
from inventory.services import stock
from inventory.services.draw_floor import AisleIn, draw
from oms.lib.commands import command
from oms.management.demo.catalogue import BULKY
from oms.partners.models import Partner
from orders.models import Channel, Lane, Price, Seller, SourcingStrategy, Tag
from orders.services import tax_table
from orders.services.network import forget_network
from returns.models import ReturnPolicy

WAREHOUSES = (
    ("BER", "Berlin", "Europe/Berlin", "Warehouse Berlin", "Am Westhafen 3", "13353", "4.20"),
    ("HAM", "Hamburg", "Europe/Berlin", "Warehouse Hamburg", "Veddeler Damm 12", "20457", "4.60"),
    ("MUC", "München", "Europe/Berlin", "Warehouse Munich", "Frankfurter Ring 80", "80807", "4.90"),
)
STORES = (
    ("MITTE", "Berlin", "Store Berlin-Mitte", "Rosenthaler Str. 40", "10178"),
    ("SCHWABING", "München", "Store Munich-Schwabing", "Hohenzollernstr. 25", "80801"),
)
FOOD_AISLE, BULK = "F1", "R1"  # of goods kept by lot, of bulk bins
COUNTING = {"recount_pieces": 5, "recount_percent": 50, "approve_count_over": 200}
CARRIERS = (
    ("parcelpost", "Parcel Post", "https://parcelpost.example/track/{number}"),
    ("swift", "Swift Express", "https://swift.example/t?n={number}"),
)
# (code, name, inside, outside, grams, most grams, price); the first is a mailer
CARTONS = (
    ("MAIL", "Padded mailer", (340, 240, 40), (350, 250, 40), 30, 1000, "0.14"),
    ("S", "Carton S", (200, 150, 120), (206, 156, 130), 90, 5000, "0.27"),
    ("M", "Carton M", (300, 220, 160), (306, 226, 170), 180, 10_000, "0.41"),
    ("L", "Carton L", (400, 300, 250), (408, 308, 262), 360, 20_000, "0.68"),
    ("XL", "Carton XL", (600, 400, 400), (610, 410, 414), 820, 31_500, "1.25"),
)
HOLIDAYS = (
    (1, 1, "New Year"),
    (5, 1, "Labour Day"),
    (10, 3, "German Unity Day"),
    (12, 25, "Christmas"),
    (12, 26, "St Stephen"),
)
TAGS = (("VIP", "#9333ea"), ("Wholesale", "#0369a1"), ("Gift", "#db2777"), ("Call back", "#d97706"))


@command
def make(prices):
    """Write what is missing of the network for `prices` ({SKU: gross price}); returns {code: Channel}."""
    tax_table.load()
    for code, name, url in CARRIERS:
        Carrier.objects.get_or_create(code=code, defaults={"name": name, "tracking_url": url})
    cartons()
    for name, color in TAGS:
        Tag.objects.get_or_create(name=name, defaults={"color": color})
    goods = [sku for sku in prices if sku.is_stocked and not sku.code.startswith(BULKY)]
    bulky = [sku for sku in prices if sku.code.startswith(BULKY)]
    for i, (code, city, tz, name, line1, postcode, base) in enumerate(WAREHOUSES):
        address = {"name": name, "line1": line1, "postcode": postcode, "city": city, "country": "DE"}
        place, is_new = Location.objects.get_or_create(
            code=code, defaults={"name": name, "tz": tz, "address": address, "cutoff": time(14, 0)} | COUNTING
        )
        if is_new:
            _lanes(place, Decimal(base))
            _holidays(place)
            Station.objects.create(location=place, code=f"{code}-1", name="Packing bench 1")
            _fill(place, goods[i::3] + goods[(i + 1) % 3 :: 3], start=40 + 10 * i)
            _draw(place, i)
    for code, city, name, line1, postcode in STORES:
        address = {"name": name, "line1": line1, "postcode": postcode, "city": city, "country": "DE"}
        place, is_new = Location.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "kind": Location.Kind.STORE,
                "tz": "Europe/Berlin",
                "address": address,
                "allows_pickup": True,
            },
        )
        if is_new:
            _fill(place, goods[::4], start=6)
    _third_party(bulky)
    _strategies()
    forget_network()
    return _channels(prices)


def cartons():
    """Write what is missing of the cartons and the mailer that lie at every bench."""
    names = [f"{part}_{side}_mm" for part in ("inner", "outer") for side in ("length", "width", "height")]
    for code, name, inner, outer, weight, most, price in CARTONS:
        fields = dict(zip(names, (*inner, *outer), strict=True)) | {"name": name, "price": Decimal(price)}
        kind = CartonType.Kind.MAILER if code == CARTONS[0][0] else CartonType.Kind.BOX
        fields |= {"weight_g": weight, "max_weight_g": most, "kind": kind}
        CartonType.objects.get_or_create(code=code, defaults=fields)


def _lanes(place, base):
    rows = [("DE", "standard", base, 1), ("*", "standard", base + 9, 4)]
    rows += [("DE", "express", base + 6, 1), ("*", "express", base + 25, 2)]
    rows += [(country, "standard", base + 4, 3) for country in ("AT", "FR", "NL", "BE", "PL", "DK", "IT")]
    for zone, method, cost, days in rows:
        Lane.objects.create(
            location=place, zone=zone, method=method, base=cost, per_kg=Decimal("0.50"), transit_days=days
        )


def _fill(place, goods, *, start):
    """Put `goods` on the shelves of a place, a bin each, a few of them scarce or sold out."""
    moves = []
    for i, sku in enumerate(goods):
        zone, aisle = "AB"[i % 2], i // 20 + 1
        code = f"{zone}{aisle}-{i % 20 + 1}-{i % 4}"
        where = {"aisle": f"{zone}{aisle}", "level": i % 4, "side": ("left", "right")[i // 2 % 2]}
        where["position_cm"] = 100 + 80 * (i % 20)
        bin_ = Bin.objects.create(location=place, code=code, zone=zone, **where)
        pieces = 0 if i % 41 == 7 else 2 if i % 17 == 3 else start + (i * 13) % 50
        if pieces:
            key = f"demo-{place.code}-{sku.code}"
            moves.append(stock.Move(sku.pk, place.pk, stock.ON_HAND, pieces, bin_.pk, key))
    stock.post(moves, "receive")


def _draw(place, number):
    """Draw the floor of a warehouse: zone A left, B right; the second has no middle way, the third one-way aisles."""
    named = place.bins.exclude(aisle="").order_by("zone", "sort_key").values_list("aisle", flat=True)
    codes = [*dict.fromkeys(named), FOOD_AISLE, BULK]
    ways = ("down", "up") if number == 2 else ("both", "both")
    aisles = [AisleIn(code, 350 * i, ways[i % 2]) for i, code in enumerate(codes)]
    draw(place, aisles, [0, 1800] if number == 1 else [0, 900, 1800], start=(codes[len(codes) // 2], 1800))


def _holidays(place):
    """Nobody works there on the fixed holidays of this year and the next."""
    this_year = timezone.localdate().year
    LocationHoliday.objects.bulk_create(
        LocationHoliday(location=place, day=date(year, month, day), name=name)
        for year in (this_year, this_year + 1)
        for month, day, name in HOLIDAYS
    )


def _third_party(goods):
    partner, _ = Partner.objects.get_or_create(code="SWIFT3PL", defaults={"name": "Swift Logistics"})
    place, is_new = Location.objects.get_or_create(
        code="SWIFT",
        defaults={
            "name": "Swift Logistics, Leipzig",
            "kind": Location.Kind.THIRD_PARTY,
            "partner": partner,
            "tz": "Europe/Berlin",
            "address": {"line1": "Messe-Allee 9", "postcode": "04356", "city": "Leipzig", "country": "DE"},
        },
    )
    if is_new:
        _lanes(place, Decimal("5.40"))
        _fill(place, goods, start=25)


def _strategies():
    """Two to try on past orders ("Sourcing" in the console); no channel uses either."""
    SourcingStrategy.objects.get_or_create(
        name="Cheapest",
        defaults={"description": "a second parcel where it saves three euros", "split_penalty": 3, "late_penalty": 1},
    )
    own, is_new = SourcingStrategy.objects.get_or_create(
        name="Our own first", defaults={"description": "the 3PL sends nothing within Germany, but by express"}
    )
    if is_new:
        own.rules.create(position=10, kind=Location.Kind.THIRD_PARTY, zone="DE", method="standard")


def _channels(prices):
    seller, _ = Seller.objects.get_or_create(
        code="HAUS",
        defaults={
            "legal_name": "Haus & Tisch GmbH",
            "country": "DE",
            "vat_id": "DE136695976",
            "tz": "Europe/Berlin",
            "address": {"line1": "Torstr. 140", "postcode": "10119", "city": "Berlin", "country": "DE"},
            "email": "billing@haus-tisch.example",
            "phone": "+49 30 5550100",
            "iban": "DE89370400440532013000",
            "bic": "COBADEFFXXX",
            "register": "Amtsgericht Charlottenburg HRB 100001",
        },
    )
    market, _ = Partner.objects.get_or_create(code="MARKET", defaults={"name": "Market Square"})
    kinds = Channel.Kind
    rows = {
        "WEB": {
            "name": "Web shop",
            "kind": kinds.WEB,
            "locale": "de",
            "payment_gate": "authorised",
            "gateway": "test",
            "refund_limit": 50,
        },
        "PHONE": {"name": "Phone", "kind": kinds.PHONE, "locale": "de"},
        "MARKET": {"name": "Market Square", "kind": kinds.MARKETPLACE, "partner": market, "locale": "en", "buffer": 2},
        "B2B": {"name": "Wholesale", "kind": kinds.B2B, "prices_include_tax": False, "locale": "en"},
    }
    made = {}
    for code, fields in rows.items():
        shared = {"seller": seller, "brand_name": "Haus & Tisch", "brand_color": "#0f766e"}
        shared |= {"support_email": "help@haus-tisch.example", "support_phone": "+49 30 5550111"}
        made[code], is_new = Channel.objects.get_or_create(code=code, defaults=shared | fields)
        if is_new:
            ReturnPolicy.objects.create(channel=made[code], fee=Decimal("3.90"), is_approved_at_once=code == "WEB")
            factor = Decimal("0.6") if code == "B2B" else Decimal(1)
            Price.objects.bulk_create(
                Price(channel=made[code], sku=sku, amount=(price * factor).quantize(Decimal("0.01")))
                for sku, price in prices.items()
            )
    return made
