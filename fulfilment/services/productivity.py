"""Who picked how much, how fast and how rightly, by day; and where errors come from."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db.models import Count
from django.db.models.functions import Coalesce

from fulfilment.models import PickTask, RefusedScan

LONGEST_GAP = timedelta(minutes=5)  # who scans nothing for longer does something else
DAY = timedelta(days=1)
MOST_DAYS = 92
Kind = RefusedScan.Kind


@dataclass
class Share:
    """What one person picked on one day at a location: counts, metres as planned, seconds at it."""

    day: date
    actor: str
    name: str = ""
    lines: int = 0
    pieces: int = 0
    metres: float = 0.0
    seconds: float = 0.0
    shorts: int = 0
    wrong_scans: int = 0
    found_packing: int = 0

    @property
    def lines_an_hour(self):
        """Lines in an hour of picking; None where too little was done to say."""
        return round(self.lines * 3600 / self.seconds) if self.seconds >= 60 else None

    @property
    def hours(self):
        return round(self.seconds / 3600, 2)

    @property
    def accuracy(self):
        """Percent of lines in which the packer found nothing wrong; None without lines."""
        return round(100 * (1 - min(self.found_packing, self.lines) / self.lines), 2) if self.lines else None


def shares(location, first, last):
    """Return [Share] of the days `first` to `last` at a location, by its own clock; three statements."""
    zone = ZoneInfo(location.tz)
    since, until = _bounds(first, last, zone)
    found = {}

    def of(actor, at):
        day = at.astimezone(zone).date()
        return found.setdefault((day, actor), Share(day, actor))

    _add_picks(of, location, since, until)
    for kind, scanned_by, picked_by, at in _refused(location, since, until):
        if kind == Kind.PACKED and picked_by:
            of(picked_by, at).found_packing += 1
        elif kind != Kind.PACKED:
            of(scanned_by, at).wrong_scans += 1
    names = names_of({actor for _, actor in found})
    for share in found.values():
        share.name = names[share.actor]
    return sorted(found.values(), key=lambda share: (-share.day.toordinal(), share.name))


def errors(location, first, last):
    """Return [{kind, bin, sku, name, count}] of refused scans and short picks, the most frequent first."""
    since, until = _bounds(first, last, ZoneInfo(location.tz))
    rows = RefusedScan.objects.filter(location=location, at__gte=since, at__lt=until)
    counts = Counter()
    for kind, bin_, sku, scanned_by, picked_by in rows.values_list(
        "kind", "bin__code", "sku__code", "scanned_by", "picked_by"
    ):
        counts[Kind(kind).label, bin_ or "", sku, picked_by if kind == Kind.PACKED else scanned_by] += 1
    short = PickTask.objects.filter(pick_list__location=location, short__gt=0, done_at__gte=since, done_at__lt=until)
    for reason, bin_, sku, actor in short.values_list("short_reason", "bin__code", "sku__code", "done_by"):
        counts[f"short: {PickTask.ShortReason(reason).label}" if reason else "short", bin_ or "", sku, actor] += 1
    names = names_of({actor for _, _, _, actor in counts})
    return [
        {"kind": kind, "bin": bin_, "sku": sku, "name": names[actor], "count": count}
        for (kind, bin_, sku, actor), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def names_of(actors):
    """Return {actor: what people call them}; who is no user is called as services do."""
    pks = [actor.removeprefix("user:") for actor in actors if actor.startswith("user:")]
    users = get_user_model().objects.in_bulk([int(pk) for pk in pks if pk.isdigit()])
    named = {f"user:{pk}": user.get_full_name() or user.get_username() for pk, user in users.items()}
    return {actor: named.get(actor, actor) for actor in actors}


def _bounds(first, last, zone):
    last = min(last, first + DAY * (MOST_DAYS - 1))
    begin = datetime.combine(first, datetime.min.time(), zone)
    return begin, datetime.combine(last + DAY, datetime.min.time(), zone)


def _refused(location, since, until):
    rows = RefusedScan.objects.filter(location=location, at__gte=since, at__lt=until)
    return rows.values_list("kind", "scanned_by", "picked_by", "at")


def _add_picks(of, location, since, until):
    """Add the tasks done: each with its share of its list's walk, and the time since the one before."""
    rows = PickTask.objects.filter(pick_list__location=location, done_at__gte=since, done_at__lt=until)
    rows = rows.exclude(done_by="").order_by("done_by", "done_at")
    rows = rows.annotate(far=Coalesce("pick_list__walk_m", "pick_list__metres"))
    fields = ("done_by", "done_at", "picked", "short", "pick_list", "far", "pick_list__started_at")
    tasks = list(rows.values_list(*fields))
    sizes = _sizes({task[4] for task in tasks})
    before = defaultdict(lambda: None)
    for actor, at, picked, short, pick_list, metres, started_at in tasks:
        share = of(actor, at)
        share.lines += 1
        share.pieces += picked
        share.shorts += bool(short)
        share.metres += (metres or 0) / sizes[pick_list]
        share.seconds += _worked(before[actor], started_at, at)
        before[actor] = at


def _sizes(pick_lists):
    """Return {pick list id: its tasks}."""
    rows = PickTask.objects.filter(pick_list__in=pick_lists).order_by()
    return dict(rows.values_list("pick_list").annotate(Count("pk")))


def _worked(before, started_at, at):
    """Return the seconds that one task took: since the last one, or since its list was begun; no long pause."""
    since = max((moment for moment in (before, started_at) if moment and moment <= at), default=at)
    return (at - since).total_seconds() if at - since <= LONGEST_GAP else 0.0
