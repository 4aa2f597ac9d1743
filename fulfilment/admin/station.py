"""Stations with their printers, and what was printed there."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action

from fulfilment.models import PrintJob, Station
from fulfilment.services import printing
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.console import say


@admin.register(Station)
class StationAdmin(ConsoleAdmin):
    """The key of its agent is shown to those who may change a station; it opens that station's prints only."""

    list_display = [
        "code",
        "name",
        "location",
        "label_printer",
        "has_paper_printer",
        "has_scale",
        "online",
        "is_active",
    ]
    list_filter = ["location", "is_active"]
    list_select_related = ["location"]
    search_fields = ["code", "name"]
    readonly_fields = ["agent"]
    actions_detail = ["new_key"]

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if self.has_change_permission(request) else [name for name in fields if name != "agent"]

    @admin.display(description="online", boolean=True)
    def online(self, station):
        return station.is_online

    @admin.display(description="print agent")
    def agent(self, station):
        if not station.pk:
            return "Save the station first."
        return format_html(
            '<p><a href="{}" download>Download print_agent.py</a>, and on the computer beside the printers:</p>'
            '<pre class="whitespace-pre-wrap break-all">OMS_STATION_KEY={} \\\n  python3 print_agent.py {} '
            "--label tcp://PRINTER:9100 --paper lp:PRINTER</pre>",
            static("agent/print_agent.py"),
            station.key,
            settings.SITE_URL,
        )

    @action(description="New key", permissions=["change"])
    def new_key(self, request, object_id):
        """End the key of an agent that was lost or stolen."""
        printing.new_key(get_object_or_404(Station, pk=object_id).pk)
        say(request, "The old key is dead: start the print agent with the new one.")
        return HttpResponseRedirect(reverse("admin:fulfilment_station_change", args=[object_id]))


@admin.register(PrintJob)
class PrintJobAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["__str__", "station", "state", "error", "created_by", "created_at", "done_at"]
    list_filter = ["status", "station", "kind"]
    list_select_related = ["station", "document"]

    @admin.display(description="state", ordering="status")
    def state(self, job):
        return state_badge(job, "status")
