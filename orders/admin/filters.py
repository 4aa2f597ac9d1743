"""How the order list is narrowed. Each filter is a word in the address, so that queues can link to it."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from inventory.models import Location
from oms.lib.choices import is_key
from oms.lib.clock import countable
from oms.lib.dropdown import DropdownFilter
from oms.lib.text import is_clean
from orders.models import Allocation, Channel, Hold, Order, Tag

DAY = timedelta(days=1)


class ChoiceFilter(DropdownFilter):
    """A filter by a field of the order that has choices."""

    field = ""

    def lookups(self, request, model_admin):
        return Order._meta.get_field(self.field).flatchoices

    def queryset(self, request, queryset):
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class Status(ChoiceFilter):
    title, parameter_name, field = "status", "status", "status"

    def lookups(self, request, model_admin):
        some = [("open", "Open (placed or confirmed)"), ("taken", "Taken (no draft, not cancelled)")]
        return [*some, *super().lookups(request, model_admin)]

    def queryset(self, request, queryset):
        if self.value() == "taken":
            return queryset.taken()
        return queryset.open() if self.value() == "open" else super().queryset(request, queryset)


class Payment(ChoiceFilter):
    title, parameter_name, field = "payment", "payment", "payment_state"


class Fulfilment(ChoiceFilter):
    title, parameter_name, field = "fulfilment", "fulfilment", "fulfilment_state"


class Returns(ChoiceFilter):
    title, parameter_name, field = "returns", "returns", "return_state"

    def lookups(self, request, model_admin):
        return [("any", "Any return"), *super().lookups(request, model_admin)]

    def queryset(self, request, queryset):
        if self.value() == "any":
            return queryset.exclude(return_state=Order.ReturnState.NONE)
        return super().queryset(request, queryset)


class Method(ChoiceFilter):
    title, parameter_name, field = "shipping method", "method", "method"


class Priority(ChoiceFilter):
    title, parameter_name, field = "priority", "priority", "priority"

    def queryset(self, request, queryset):
        is_known = self.value() in {str(value) for value in Order.Priority.values}
        return super().queryset(request, queryset) if is_known else queryset


class OnHold(DropdownFilter):
    title, parameter_name = "hold", "hold"

    def lookups(self, request, model_admin):
        return [("any", "Any hold"), ("no", "Not on hold"), *Hold.Kind.choices]

    def queryset(self, request, queryset):
        value = self.value()
        if value == "any":
            return queryset.filter(is_held=True)
        if value == "no":
            return queryset.filter(is_held=False)
        if value:
            active = Hold.objects.active().filter(order=OuterRef("pk"), kind=value)
            return queryset.filter(Exists(active), is_held=True)
        return queryset


class Promise(DropdownFilter):
    title, parameter_name = "promise", "promise"

    def lookups(self, request, model_admin):
        return [("late", "Late"), ("today", "Due today"), ("tomorrow", "Due by tomorrow"), ("none", "Nothing promised")]

    def queryset(self, request, queryset):
        now = timezone.localtime()
        midnight = datetime.combine(now.date() + DAY, datetime.min.time(), now.tzinfo)
        if self.value() == "late":
            return queryset.late(now)
        if self.value() == "today":
            return queryset.unshipped().filter(promised_current__gte=now, promised_current__lt=midnight)
        if self.value() == "tomorrow":
            return queryset.unshipped().filter(promised_current__gte=now, promised_current__lt=midnight + DAY)
        return queryset.unshipped().filter(promised_current=None) if self.value() else queryset


class DayFilter(DropdownFilter):
    """Rows of some last days; besides the choices, any day as 2026-03-14. `field` is a moment or a day."""

    field = ""
    is_moment = True
    DAYS = {"today": (0, 1), "yesterday": (-1, 0), "week": (-6, 1), "month": (-29, 1), "year": (-364, 1)}

    def lookups(self, request, model_admin):
        asked = request.GET.get(self.parameter_name, "")
        return [
            ("today", "Today"),
            ("yesterday", "Yesterday"),
            ("week", "Last 7 days"),
            ("month", "Last 30 days"),
            ("year", "Last 365 days"),
            *([(asked, asked)] if _day(asked) else []),
        ]

    def queryset(self, request, queryset):
        value = self.value()
        day = timezone.localdate() if value in self.DAYS else _day(value)
        if day is None:
            return queryset
        start, end = (day + timedelta(days=offset) for offset in self.DAYS.get(value, (0, 1)))
        if self.is_moment:
            start, end = _midnight(start), _midnight(end)
        return queryset.filter(**{f"{self.field}__gte": start, f"{self.field}__lt": end})


class Ordered(DayFilter):
    title, parameter_name, field = "ordered", "ordered", "ordered_at"


class Shipped(DayFilter):
    title, parameter_name, field = "last shipped", "shipped", "shipped_at"


class OfChannel(DropdownFilter):
    title, parameter_name = "channel", "channel"
    path = "channel__code"

    def lookups(self, request, model_admin):
        return [(code, name) for code, name in Channel.objects.values_list("code", "name")]

    def queryset(self, request, queryset):
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class FromLocation(DropdownFilter):
    title, parameter_name = "location", "location"

    def lookups(self, request, model_admin):
        return [(code, f"{code} {name}") for code, name in Location.objects.values_list("code", "name")]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        rows = Allocation.objects.open().filter(location__code=self.value())
        return queryset.filter(pk__in=rows.values("order_id"))


class Tagged(DropdownFilter):
    title, parameter_name = "tag", "tag"

    def lookups(self, request, model_admin):
        return [(str(pk), name) for pk, name in Tag.objects.values_list("pk", "name")]

    def queryset(self, request, queryset):
        value = self.value() or ""
        return queryset.filter(tags=int(value)) if is_key(value) else queryset


class OfCustomer(DropdownFilter):
    """All orders of one customer; offered only where a link names him."""

    title, parameter_name = "customer", "customer"

    def lookups(self, request, model_admin):
        asked = request.GET.get(self.parameter_name, "")
        return [(asked, "this customer")] if is_key(asked) else []

    def queryset(self, request, queryset):
        return queryset.filter(customer=int(self.value()))


class Pasted(DropdownFilter):
    """The orders that a pasted list of numbers names; see orders/pages/console/find.py."""

    title, parameter_name = "pasted numbers", "pasted"

    def lookups(self, request, model_admin):
        asked = request.GET.get(self.parameter_name, "")
        return [(asked, "as pasted")] if asked and is_clean(asked) else []

    def queryset(self, request, queryset):
        pks = request.session.get("pasted", {}).get(self.value(), [])
        return queryset.filter(pk__in=pks)


def _day(text):
    try:
        return countable(date.fromisoformat(text or ""))
    except ValueError:
        return None


def _midnight(day):
    return datetime.combine(day, datetime.min.time(), timezone.get_current_timezone())
