from oms.lib.commands import command
from orders.models import NumberSeries


@command
def start_series(seller, kind, prefix, *, first_number=1):
    """Have the next invoice or credit note (`kind`) of `seller` begin a new series; returns it.

    The one before stays, without a gap, and takes no more numbers.
    """
    NumberSeries.objects.select_for_update(of=("self",)).filter(seller=seller, kind=kind).order_by("pk").first()
    NumberSeries.objects.filter(seller=seller, kind=kind, is_current=True).update(is_current=False)
    return NumberSeries.objects.create(
        seller=seller, kind=kind, prefix=prefix, first_number=first_number, next_number=first_number
    )
