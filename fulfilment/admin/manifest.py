"""What was handed over at once, with the carrier's own papers of it."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import TabularInline
from unfold.decorators import action

from fulfilment.models import CarrierManifest, Manifest
from fulfilment.services.ask_manifest import ask_again
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.console import actor_of, alarm, say
from oms.lib.errors import DomainError


class CarrierManifestInline(ReadOnly, TabularInline):
    model = CarrierManifest
    verbose_name_plural = "the carrier's own manifests"
    fields = ["name", "account", "state", "error", "paper"]
    readonly_fields = fields
    extra = 0

    @admin.display(description="state")
    def state(self, row):
        return state_badge(row, "status")

    @admin.display(description="paper")
    def paper(self, row):
        return _link("floor:carrier_manifest_paper", row) if row.status == CarrierManifest.Status.MADE else ""


def _link(name, row):
    return format_html('<a href="{}" target="_blank">Open</a>', reverse(name, args=[row.pk]))


@admin.register(Manifest)
class ManifestAdmin(ReadOnly, ConsoleAdmin):
    list_display = [
        "__str__",
        "location",
        "carrier",
        "opened_at",
        "handed_over_at",
        "handed_over_by",
        "parcels",
        "paper",
    ]
    list_filter = ["location", "carrier"]
    list_select_related = ["location", "carrier"]
    inlines = [CarrierManifestInline]
    readonly_fields = ["pickups"]
    actions_detail = ["ask_carrier", "book_pickup"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(count=Count("parcels"))

    def get_inlines(self, request, obj=None):
        return self.inlines if obj is not None and obj.carrier_manifests.exists() else []

    @admin.display(description="parcels")
    def parcels(self, row):
        return row.count

    @admin.display(description="paper")
    def paper(self, row):
        return _link("floor:manifest_paper", row) if row.handed_over_at else ""

    @admin.display(description="who comes")
    def pickups(self, row):
        """Who of its carrier comes from today on."""
        if row.carrier is None:
            return ""
        today = timezone.now().astimezone(ZoneInfo(row.location.tz)).date()
        rows = row.carrier.collections.live().filter(location=row.location, day__gte=today).order_by("starts_at")
        return "; ".join(f"{found.day:%a %d %b}: {found.window}, {found.state}" for found in rows) or "nobody is booked"

    def has_ask_permission(self, request, object_id=None):
        wanted = CarrierManifest.objects.wanted().filter(manifest=object_id)
        return request.user.has_perm("fulfilment.add_manifest") and wanted.exists()

    @action(description="Ask the carrier again", permissions=["ask"])
    def ask_carrier(self, request, object_id):
        """Have the carrier asked once more for its own manifest, where it refused or did not answer."""
        get_object_or_404(Manifest, pk=object_id)
        try:
            ask_again(object_id, actor=actor_of(request))
            say(request, "The carrier is asked again.")
        except DomainError as error:
            alarm(request, error)
        return HttpResponseRedirect(reverse("admin:fulfilment_manifest_change", args=[object_id]))

    def has_book_permission(self, request, object_id=None):
        return request.user.has_perm("fulfilment.add_carriercollection")

    @action(description="Book a pickup", permissions=["book"])
    def book_pickup(self, request, object_id):
        """Book the driver of its carrier, to its location."""
        row = get_object_or_404(Manifest, pk=object_id)
        query = urlencode({"carrier": row.carrier_id or "", "place": row.location_id})
        return HttpResponseRedirect(f"{reverse('floor:book_collection')}?{query}")
