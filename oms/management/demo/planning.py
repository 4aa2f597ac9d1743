"""Half a year of sales before this system, so that there is something to forecast; then what to buy again."""

import random
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Avg
from django.utils import timezone

from inventory.models import Forecast, Proposal, ReorderPolicy, StockLevel
from inventory.services.demand_history import WEEK, monday
from inventory.services.forecast_demand import classify_goods, forecast_skus
from inventory.services.replenish import run
from orders.imports import historic
from orders.imports.records import CustomerIn, Line, OrderRecord

ACTOR = "system"
GOODS, WEEKS = 40, 26
JUDGED = 8
BUYER = {"name": "Sales before this system", "line1": "Torstr. 1", "city": "Berlin", "postcode": "10119"}


def make(channel, prices):
    """Write what `channel` sold of 40 goods in 26 weeks, a policy, and the proposals of a night, once."""
    if Proposal.objects.exists():
        return
    goods = [sku for sku in sorted(prices, key=lambda sku: sku.code) if sku.is_stocked][:: max(len(prices) // GOODS, 1)]
    chance = random.Random(26)
    weekly = {sku: _usual(sku, chance) for sku in goods}
    records = [_week(back, weekly, prices, chance) for back in range(WEEKS, 0, -1)]
    historic.write(channel, records, skus={sku.code.upper(): sku for sku in goods}, actor=ACTOR)
    ReorderPolicy.objects.get_or_create(sku=None, location=None, abc_class="A", defaults={"service_percent": 97})
    _forecasts_before(goods)
    run(is_automatic=False)
    _ask_what_is_asked_now()


def _forecasts_before(goods):
    """Forecast `goods` as each of the last weeks would have, so that "Forecast quality" has something to judge."""
    this_week = monday(timezone.localdate())
    for back in range(JUDGED, 0, -1):
        week = this_week - back * WEEK
        forecast_skus([sku.pk for sku in goods], week=week)
        classify_goods(week)


def _ask_what_is_asked_now():
    """Let the past weeks have wanted the service that each class is asked for now."""
    rows = Forecast.objects.order_by()
    for letter, percent in rows.filter(actual=None).values_list("abc_class").annotate(Avg("service_percent")):
        rows.filter(abc_class=letter, actual__isnull=False).update(service_percent=percent)


def _usual(sku, chance):
    """Return pieces a week that empty what is there in some weeks: some goods run out soon, some last."""
    there = sum(StockLevel.objects.filter(sku=sku).values_list("on_hand", flat=True))
    return max(there / chance.choice([1.5, 3, 6, 12, 20]), 0.3)


def _week(back, weekly, prices, chance):
    day = monday(timezone.localdate()) - back * WEEK + timedelta(days=3)
    moment = datetime.combine(day, time(12), timezone.get_current_timezone())
    sold = {sku: round(chance.gauss(usual, usual**0.5)) for sku, usual in weekly.items()}
    lines = [
        Line(number, sku.code, sku.name, pieces, prices[sku], tax_rate=Decimal("0.19"))
        for number, (sku, pieces) in enumerate(sold.items(), start=1)
        if pieces > 0
    ]
    who = CustomerIn(name=BUYER["name"], email="archive@example.com")
    return OrderRecord(
        f"OLD-{day:%G-%V}", moment, [line.row for line in lines], lines, customer=who, ship_to=BUYER | {"country": "DE"}
    )
