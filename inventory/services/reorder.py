"""What a location needs of a SKU now: its reorder point, and how much to order when it is reached."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from inventory.forecasting.assortment import LeadTimes, pooled_points, shared_variance
from inventory.forecasting.ordering import economic_quantities, expected_lost
from inventory.forecasting.reorder import reorder_points
from inventory.models import Forecast, ReorderPolicy, SupplierSku
from inventory.services.supply import Supply

USUAL_LEAD, LATE_LEAD = 14, 21  # days, of goods that nobody sells us
SPREAD = 1.2816  # standard deviations from the median to the 90th percentile of a normal
WEEK = 7
MOST_WEEKS = 26  # of demand that one order brings: what is cheap to keep is not cheap to have in vain
MOST_DAYS = 9_999


@dataclass
class Need:
    """What one location needs of one SKU, in pieces, and the numbers it was made of."""

    forecast: Forecast
    policy: ReorderPolicy
    listed: SupplierSku | None
    supply: Supply
    unit_cost: float
    reorder_point: int = 0
    quantity: int = 0
    lost: float = 0.0

    @property
    def pair(self):
        return self.forecast.sku_id, self.forecast.location_id

    @property
    def analogue(self):
        """The code of the SKU whose history it was forecast from; "" where it has enough of its own."""
        is_lent = self.forecast.method == Forecast.Method.ANALOGUE and self.forecast.sku.analogue
        return self.forecast.sku.analogue.code if is_lent else ""

    @property
    def is_pooled(self):
        """Whether its policy keeps its service together, and a night has worked out how."""
        return self.policy.is_pooled and self.policy.pooled_worth is not None

    @property
    def lead_days(self):
        return self.listed.lead_days if self.listed else USUAL_LEAD

    @property
    def days(self):
        """Days that an order of now must last: until the one after it could be here."""
        return self.lead_days + self.policy.review_days

    @property
    def is_needed(self):
        """Whether to order: the reorder point is reached, or somebody waits for what is not ordered."""
        position = self.supply.position
        return position <= self.reorder_point and (self.reorder_point > 0 or position < 0)

    @property
    def wanted(self):
        """Pieces to order now; 0 where nothing is needed."""
        if not self.is_needed:
            return 0
        missing = self.reorder_point - self.supply.position
        if self.policy.method == ReorderPolicy.Method.MIN_MAX:
            return max(self.quantity, missing)
        return max(self.quantity, missing, 1)

    @property
    def keep(self):
        """Pieces it does not give away: its reorder point and an order above it."""
        return self.reorder_point + self.quantity

    @property
    def days_of_cover(self):
        """Days until what is here and comes is sold, as far as the forecast sees; None where nothing sells."""
        weekly = self.forecast.weekly
        if weekly <= 0:
            return None
        return round(min(max(self.supply.position, 0) / weekly * WEEK, MOST_DAYS), 1)

    @property
    def cost_or_one(self):
        """Money of a piece; what costs nothing, or nobody knows what, counts as 1."""
        return self.unit_cost if self.unit_cost > 0 else 1.0

    def mean(self):
        """Pieces expected while an order of now must last."""
        return self.forecast.within(self.days)

    def variance(self):
        """Of those pieces: of the demand in that time, and of the time itself."""
        late = self.listed.lead_days_late if self.listed else LATE_LEAD
        deviation = (late - self.lead_days) / SPREAD / WEEK
        per_week = self.mean() / (self.days / WEEK)
        return self.forecast.variance * self.days / WEEK + (per_week * deviation) ** 2

    def numbers(self):
        """Return what it was made of, for the proposal's page: pieces, days and percent by name."""
        return {
            "on_hand": self.supply.on_hand,
            "available": self.supply.available,
            "inbound": self.supply.inbound,
            "waiting": self.supply.waiting,
            "position": self.supply.position,
            "reorder_point": self.reorder_point,
            "economic": self.quantity,
            "wanted": self.wanted,
            "weekly": round(self.forecast.weekly, 2),
            "expected": round(self.mean(), 1),
            "days": self.days,
            "lead_days": self.lead_days,
            "worth": min(self.policy.pooled_worth * self.cost_or_one, 1.0) if self.is_pooled else None,
            "service": float(self.policy.service_percent),
            "class": self.forecast.abc_class,
            "kind": self.forecast.kind,
            "analogue": self.analogue,
            "scale": float(self.forecast.sku.analogue_scale),
            "method": self.policy.method,
            "moq": self.listed.moq if self.listed else 1,
            "pack": self.listed.pack_size if self.listed else 1,
            "lost": round(self.lost, 2),
        }


def work_out(needs):
    """Set reorder point, order quantity and expected loss of each of `needs`."""
    if not needs:
        return
    mean = np.array([need.mean() for need in needs])
    variance = np.array([need.variance() for need in needs])
    service = np.array([float(need.policy.service_percent) / 100 for need in needs])
    points = reorder_points(mean, variance, service=service)
    _pool(points, needs, mean, variance)
    lost = expected_lost(mean, variance, np.array([float(need.supply.position) for need in needs]))
    for need, point, short in zip(needs, points, lost, strict=True):
        need.lost = float(short)
        if need.policy.method == ReorderPolicy.Method.MIN_MAX:
            need.reorder_point = need.policy.minimum
            need.quantity = max(need.policy.maximum - need.supply.position, 0)
        else:
            need.reorder_point = int(point)
            need.quantity = economic(need)


def _pool(points, needs, mean, variance):
    """Set `points` of those whose policy keeps its service together, as `pool_service` decided in the night."""
    of_policy = {}
    for row, need in enumerate(needs):
        if need.is_pooled and mean[row] > 0:
            of_policy.setdefault(need.policy, []).append(row)
    for policy, rows in of_policy.items():
        dispersion = variance[rows] / mean[rows]
        shared = shared_variance(mean[rows], dispersion, typical=policy.pooled_dispersion)
        now = LeadTimes(mean[rows], shared, np.array([needs[row].cost_or_one for row in rows]))
        service = float(policy.service_percent) / 100
        points[rows] = pooled_points(now, threshold=policy.pooled_worth, service=service)


def listings(sku_ids):
    """Return {sku id: SupplierSku} with its prices: where each is bought, the preferred supplier first."""
    found = {}
    for row in SupplierSku.objects.filter(sku__in=sku_ids).preferred_first().with_prices():
        found.setdefault(row.sku_id, row)
    return found


def economic(need):
    """Return the pieces to order at once: economic, for at least one review, for at most 26 weeks."""
    weekly = need.forecast.weekly
    quantity = economic_quantities(
        np.array([weekly * 52]),
        order_cost=float(need.policy.order_cost),
        unit_cost=np.array([need.unit_cost]),
        holding=need.policy.holding_percent / 100,
    )[0]
    least = weekly * need.policy.review_days / WEEK
    return ceil(max(min(float(quantity), weekly * MOST_WEEKS), least) - 1e-9)
