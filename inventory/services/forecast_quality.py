"""How good the forecasts were, and whether goods were there: by ABC class."""

from math import sqrt

from django.db.models import Avg, Count, F, FloatField, Q, Sum

from inventory.models import AbcClass, Forecast
from inventory.services.demand_history import WEEK


def quality(*, week, weeks=26, location=None, by_week=False):
    """Return [{"class", "week", "rows", "sold", "rmsse", "bias", "service", "wanted"}] of the `weeks` before `week`.

    One row a class that has any, and a week with `by_week`. `rmsse`: the root of the squared errors over those of
    "as the week before", all rows together (Hyndman & Koehler 2006); `bias`: share forecast too much; `service`:
    share of rows without a day out of stock, `wanted` what their policies ask. None where it cannot be said. One
    statement.
    """
    rows = Forecast.objects.filter(week__gte=week - weeks * WEEK, week__lt=week, actual__isnull=False)
    rows = rows.filter(location=location) if location else rows
    error = F("expected") - F("actual")
    counted = (
        rows.order_by()
        .values("abc_class", *(["week"] if by_week else []))
        .annotate(
            rows=Count("pk"),
            sold=Sum("actual"),
            hoped=Sum("expected"),
            squares=Sum(error * error, output_field=FloatField(), filter=Q(step__gt=0)),
            steps=Sum("step"),
            without=Count("pk", filter=Q(days_out=0)),
            wanted=Avg("service_percent"),
        )
    )
    found = [_row(one) for one in counted]
    return sorted(found, key=lambda one: (str(one["week"] or ""), AbcClass.values.index(one["class"])))


def _row(one):
    return {
        "class": one["abc_class"],
        "week": one.get("week"),
        "rows": one["rows"],
        "sold": one["sold"],
        "rmsse": sqrt(one["squares"] / one["steps"]) if one["steps"] else None,
        "bias": (one["hoped"] - one["sold"]) / one["sold"] if one["sold"] else None,
        "service": one["without"] / one["rows"],
        "wanted": one["wanted"] / 100 if one["wanted"] is not None else None,
    }
