"""Goods on the move: transfers in each state, pick faces with bulk bins behind them, goods in the dock."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import Bin, BinStock, Location, PickFace, Transfer
from inventory.services import draft_transfer, receive_transfer, refill, ship_transfer, stock
from oms.management.demo.network import BULK

ACTOR = "system"
FACES = 8
LOW = 5  # of the faces, below their minimum


def make():
    """Make what is missing of them; a second call changes nothing."""
    if not Transfer.objects.exists():
        _transfers(*Location.objects.filter(code__in=["BER", "HAM"]).order_by("code"))
    if not PickFace.objects.exists():
        _faces(Location.objects.get(code="BER"))
        refill.make_due()


def _transfers(berlin, hamburg):
    """One of each state: drafted, ready, under way, in part here, short, lost, damaged and over, cancelled.

    One more is under way to the 3PL.
    """
    goods = iter(_plenty(berlin, 20))
    due = timezone.localdate() + timedelta(days=2)
    for state in (_draft, _ready, _under_way, _in_part, _short, _lost, _damaged_and_over, _cancelled):
        lines = {next(goods): 4, next(goods): 6}
        state(draft_transfer.draft(berlin, hamburg, lines=lines, expected_on=due, actor=ACTOR).pk)
    lines = {next(goods): 4, next(goods): 6}
    swift = Location.objects.get(code="SWIFT")
    _under_way(draft_transfer.draft(berlin, swift, lines=lines, expected_on=due, actor=ACTOR).pk)


def _draft(pk):
    return Transfer.objects.get(pk=pk)


def _ready(pk):
    return draft_transfer.make_ready(pk, actor=ACTOR)


def _under_way(pk):
    _ready(pk)
    return ship_transfer.ship(pk, actor=ACTOR)


def _in_part(pk):
    return _arrive(_under_way(pk), is_all=False, first=(3, 0))


def _short(pk):
    return _arrive(_under_way(pk), first=(2, 0))


def _lost(pk):
    line = _short(pk).lines.order_by("pk").first()
    return receive_transfer.resolve(pk, line.pk, line.missing, is_lost=True, actor=ACTOR)


def _damaged_and_over(pk):
    return _arrive(_under_way(pk), first=(4, 1))


def _cancelled(pk):
    _ready(pk)
    return draft_transfer.cancel(pk, actor=ACTOR)


def _arrive(transfer, *, first, is_all=True):
    """Book `first` ((fit, damaged)) of the first line in, and all of the second."""
    one, two = transfer.lines.order_by("pk")
    arrived = {one.pk: first, two.pk: (two.shipped, 0)}
    return receive_transfer.receive(transfer.pk, arrived, is_all=is_all, actor=ACTOR)


def _faces(place):
    """Let the fullest shelves of a place be pick faces with bulk behind them; most of them are low."""
    rows = BinStock.objects.filter(bin__location=place, bin__kind=Bin.Kind.SHELF, quantity__gt=9)
    for number, row in enumerate(rows.select_related("bin", "sku").order_by("-quantity", "pk")[:FACES], start=1):
        code = f"R1-{number}"
        where = {"zone": "R", "aisle": BULK, "level": 3, "side": "left", "position_cm": 200 * number}
        bulk = Bin.objects.create(location=place, code=code, kind=Bin.Kind.BULK, **where)
        stock.receive(row.sku, place, 120, bin=bulk, key=f"demo-bulk-{row.sku.code}")
        low = row.quantity + 5 if number <= LOW else 4
        PickFace.objects.create(sku=row.sku, bin=row.bin, minimum=low, maximum=row.quantity + 40)
        if number % 3 == 0:
            stock.receive(row.sku, place, 12, key=f"demo-dock-{row.sku.code}")


def _plenty(place, count):
    """Return `count` SKUs of which a place has plenty that nobody was promised."""
    levels = place.levels.with_available().filter(available__gt=20, sku__is_active=True)
    return [level.sku for level in levels.select_related("sku").order_by("-available", "sku")[:count]]
