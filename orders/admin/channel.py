"""Shops and marketplaces: how we are connected, what came in from them, and what they call our goods."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from unfold.decorators import action
from unfold.widgets import UnfoldAdminRadioSelectWidget

from inventory.models import Sku
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import BAD, QUIET, badge, state_badge
from oms.lib.dialogs import actor, attempt, back, question
from oms.lib.dropdown import DropdownFilter
from oms.lib.errors import DomainError
from oms.lib.text import clean
from orders.admin.channel_form import AMAZON, CALLED_WITH, CREDENTIALS, ConnectionForm
from orders.admin.channel_out import PlaceInline
from orders.admin.edi import PartnerInline
from orders.admin.links import order_link
from orders.channels.registry import EDI, SPREADSHEET
from orders.channels.tellers import TELLERS
from orders.models import ChannelDay, ChannelDocument, Connection, SkuAlias
from orders.services import channel_lag
from orders.services.edi_folders import try_folders
from orders.services.follow_stock import follow_connection, leave_no_more_alone, tell_again
from orders.services.hear_channel import in_words, is_silent, silence_of
from orders.services.list_goods import ask_for_goods
from orders.services.map_sku import map_sku, suggest
from orders.services.poll_channel import try_connection
from orders.services.work_document import replay

MOST_SHOWN = 100_000


class Trouble(DropdownFilter):
    title, parameter_name = "trouble", "trouble"

    def lookups(self, request, model_admin):
        return [("behind", "Behind: not told for minutes what we have"), ("silent", "Silent: no order for long")]

    def queryset(self, request, queryset):
        if self.value() == "behind":
            return queryset.filter(pk__in=channel_lag.behind().values("pk"))
        return queryset.silent() if self.value() == "silent" else queryset


@admin.register(Connection)
class ConnectionAdmin(ConsoleAdmin):
    form = ConnectionForm
    list_display = ["channel", "kind", "is_active", "is_shadow", "last_heard", "polled_at", "poll_error", "waiting"]
    list_select_related = ["channel"]
    list_filter = ["kind", "is_shadow", Trouble]
    autocomplete_fields = ["channel", "also_for"]
    readonly_fields = [
        "hook_address",
        "last_heard",
        "polled_at",
        "poll_after",
        "poll_error",
        "waiting",
        "told_at",
        "tell_error",
        "tell_after",
        "goods_at",
        "goods_error",
        "goods",
        "letters",
    ]
    actions_detail = ["try_it", "read_goods", "tell_again", "upload_file"]
    conditional_fields = dict.fromkeys(["account", "marketplaces"], f"kind == '{AMAZON}'")
    fieldsets = [
        (None, {"fields": ["channel", "kind", "base_url", "also_for", "is_active", "is_shadow"]}),
        ("Webhooks", {"fields": ["hook_address", "secret", "last_heard"]}),
        ("Log in", {"fields": ["account", "marketplaces", *CREDENTIALS, *readonly_fields[2:5]]}),
        ("What it is told", {"fields": ["writes_stock", "tells_orders", *readonly_fields[5:]]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """Show of a trading partner, who neither calls nor is called, the connection itself."""
        return self.fieldsets[:1] if obj and obj.kind == EDI else self.fieldsets

    def get_inlines(self, request, obj):
        if obj and obj.kind == EDI:
            return [PartnerInline]
        return [PlaceInline] if obj and obj.kind in TELLERS and obj.places.exists() else []

    @admin.display(description="Address for its webhooks")
    def hook_address(self, connection):
        if not connection.pk:
            return "Save it first."
        return settings.SITE_URL + reverse("channel_hook", args=[connection.channel.code])

    @admin.display(description="Last heard")
    def last_heard(self, connection):
        if connection.kind == SPREADSHEET:
            return "by file"  # whose silence says nothing
        silence = silence_of(connection, now=timezone.now())
        return badge(in_words(silence), BAD if is_silent(silence) else QUIET)

    @admin.display(description="Waits to be told")
    def waiting(self, connection):
        now, backlog = timezone.now(), channel_lag.backlog_of(connection)
        tone = BAD if channel_lag.is_behind(connection, backlog, now=now) else QUIET
        return badge(channel_lag.in_words(backlog, now=now), tone, hint=connection.tell_error)

    @admin.display(description="Its goods")
    def goods(self, connection):
        address = f"{reverse('admin:orders_channelstock_changelist')}?connection__id__exact={connection.pk}"
        stock = connection.stock
        rows = [
            (address, "", stock.count(), "in all"),
            (address, "&state=differing", stock.differing().count(), "differ there"),
            (address, "&state=refused", stock.refused().count(), "refused"),
            (address, "&state=unknown", stock.unknown().count(), "are no SKU here"),
        ]
        return format_html_join(", ", '<a href="{}{}">{} {}</a>', rows)

    @admin.display(description="Messages")
    def letters(self, connection):
        address = f"{reverse('admin:orders_channelmessage_changelist')}?connection__id__exact={connection.pk}"
        rows = [
            (address, "&status__exact=pending", connection.messages.pending().count(), "wait"),
            (address, "&status__exact=refused", connection.messages.refused().count(), "refused"),
        ]
        return format_html_join(", ", '<a href="{}{}">{} {}</a>', rows)

    def save_model(self, request, obj, form, change):
        """Save what the form asks for and no more: how far we are is written by workers meanwhile."""
        if not change:
            return super().save_model(request, obj, form, change)
        known = [name for name in ConnectionForm.Meta.fields if name != "also_for"]
        obj.save(update_fields=[*known, "sealed_credentials", "sealed_secret"])
        leave_no_more_alone(obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        connection = form.instance
        if connection.writes_stock and {"writes_stock", *CALLED_WITH} & set(form.changed_data):
            attempt(self, request, ask_for_goods, connection, done="Its goods are read now, which may take minutes.")
        elif connection.writes_stock and any(formset.has_changed() for formset in formsets):
            follow_connection(connection)

    @action(
        description="Read its goods",
        permissions=["tell"],
        dialog=question("Ask for its goods?", "What it counts is listed beside what it should.", submit="Ask"),
    )
    def read_goods(self, request, form, object_id):
        connection = get_object_or_404(Connection, pk=object_id)
        attempt(self, request, ask_for_goods, connection, done="It is asked in a moment: reload this page.")
        return back(request, reverse("admin:orders_connection_change", args=[object_id]))

    @action(
        description="Send all again",
        permissions=["tell"],
        dialog=question("Send all again?", "Every number, also those that it was told already.", submit="Send"),
    )
    def tell_again(self, request, form, object_id):
        count = tell_again(get_object_or_404(Connection, pk=object_id).pk)
        self.message_user(request, f"{count} numbers will be sent.", messages.SUCCESS)
        return back(request, reverse("admin:orders_connection_change", args=[object_id]))

    @action(
        description="Test the connection",
        permissions=["change"],
        dialog=question(
            "Try it?",
            "A shop is asked for a page of orders, a partner's folders are tried. Nothing is kept.",
            submit="Try",
        ),
    )
    def try_it(self, request, form, object_id):
        connection = get_object_or_404(Connection, pk=object_id)
        if connection.kind == EDI:
            attempt(self, request, try_folders, connection, done="Both folders can be read and written.")
        else:
            attempt(self, request, try_connection, connection, done="The shop answers, and takes our key.")
        return back(request, reverse("admin:orders_connection_change", args=[object_id]))

    @action(description="Upload a file", permissions=["upload"])
    def upload_file(self, request, object_id):
        return HttpResponseRedirect(f"{reverse('console:sheets')}?connection={object_id}")

    def has_tell_permission(self, request, object_id=None):
        """Only of shops that can be told anything."""
        can_hear = Connection.objects.filter(pk=object_id, kind__in=TELLERS).exists()
        return can_hear and self.has_change_permission(request)

    def has_upload_permission(self, request, object_id=None):
        is_by_file = Connection.objects.filter(pk=object_id, kind=SPREADSHEET).exists()
        return is_by_file and request.user.has_perm("orders.add_sheetupload")

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ChannelDocument)
class ChannelDocumentAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["received_at", "connection", "kind", "external_id", "state", "reason", "field", "order_number"]
    list_filter = ["status", "kind", "connection"]
    list_filter_submit = True
    list_select_related = ["connection__channel", "order"]
    search_fields = ["external_id__exact", "delivery_id__exact"]
    search_help_text = "The order's id at its channel, or the delivery's"
    ordering = ["-pk"]
    fields = [
        "connection",
        "topic",
        "kind",
        "external_id",
        "state",
        "reason",
        "field",
        "order_number",
        "received_at",
        "worked_at",
        "attempts",
        "delivery_id",
        "text",
    ]
    readonly_fields = fields
    actions = ["replay_selected"]
    actions_detail = ["replay_one"]

    @admin.display(description="State", ordering="status")
    def state(self, document):
        return state_badge(document, "status")

    @admin.display(description="Order")
    def order_number(self, document):
        return order_link(document.order) if document.order else "–"

    @admin.display(description="As it came")
    def text(self, document):
        if document.why_empty:
            return f"It is not kept any more: {document.why_empty}"
        shown = clean(document.raw[:MOST_SHOWN].decode("utf-8", "replace"))
        return format_html('<pre class="oms-scroll">{}</pre>', shown)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body")

    def has_replay_permission(self, request, object_id=None):
        return request.user.has_perm("orders.change_channeldocument")

    @admin.action(description="Replay", permissions=["replay"])
    def replay_selected(self, request, queryset):
        pks = list(queryset.replayable().order_by("pk").values_list("pk", flat=True))
        count = sum(replay(pk, actor=actor(request)) for pk in pks)
        self.message_user(request, f"{count} will be worked again.", messages.SUCCESS)

    @action(
        description="Replay",
        permissions=["replay"],
        dialog=question("Work it again?", "As it came, with what is known now.", submit="Replay"),
    )
    def replay_one(self, request, form, object_id):
        try:
            done = replay(int(object_id), actor=actor(request))
        except DomainError as error:
            self.message_user(request, error.message, messages.ERROR)
        else:
            text = "It will be worked again in a moment." if done else "It is done or will be: nothing to replay."
            self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)
        return back(request, reverse("admin:orders_channeldocument_change", args=[object_id]))


class ToMap(admin.SimpleListFilter):
    title, parameter_name = "mapped", "mapped"

    def lookups(self, request, model_admin):
        return [("no", "to map"), ("yes", "mapped")]

    def queryset(self, request, queryset):
        return queryset.filter(sku__isnull=self.value() == "no") if self.value() in ("no", "yes") else queryset


class SkuAliasForm(forms.ModelForm):
    pick = forms.ChoiceField(label="Maybe", required=False, widget=UnfoldAdminRadioSelectWidget)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "pick" in self.fields:
            found = suggest(self.instance) if self.instance.pk and not self.instance.sku_id else []
            self.fields["pick"].choices = [(sku.code, f"{sku.code} {sku.name}") for sku in found]

    def clean(self):
        """Take the suggestion that was clicked where no other SKU was chosen."""
        cleaned = super().clean()
        if cleaned.get("pick") and not cleaned.get("sku"):
            cleaned["sku"] = Sku.objects.by_codes([cleaned["pick"]]).get(cleaned["pick"].upper())
        return cleaned


@admin.register(SkuAlias)
class SkuAliasAdmin(ConsoleAdmin):
    form = SkuAliasForm
    list_display = ["code", "name", "connection", "sku", "seen_at"]
    list_filter = [ToMap, "connection"]
    list_select_related = ["connection__channel", "sku"]
    search_fields = ["code__istartswith", "name__istartswith"]
    search_help_text = "Begin of their code or name"
    ordering = ["-pk"]
    fields = ["connection", "code", "name", "pick", "sku"]
    autocomplete_fields = ["sku"]

    def get_readonly_fields(self, request, obj=None):
        return ["connection", "code", "name"] if obj else []

    def save_model(self, request, obj, form, change):
        """Map it by the service, so that what waits for it goes on."""
        sku = obj.sku
        if not change:
            obj.save()
        if sku:
            count = map_sku(obj.pk, sku, actor=actor(request))
            self.message_user(request, f"Mapped. Documents that go on now: {count}.", messages.SUCCESS)
        elif change:
            obj.save(update_fields=["sku"])


class Differs(admin.SimpleListFilter):
    title, parameter_name = "differs", "differs"

    def lookups(self, request, model_admin):
        return [("yes", "differs")]

    def queryset(self, request, queryset):
        return queryset.differing() if self.value() == "yes" else queryset


@admin.register(ChannelDay)
class ChannelDayAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["day", "connection", "shop_count", "our_count", "count", "compared_at"]
    list_filter = [Differs, "connection"]
    list_select_related = ["connection__channel"]
    fields = ["connection", "day", "shop_count", "our_count", "compared_at", "listed"]
    readonly_fields = fields

    @admin.display(description="Differences")
    def count(self, day):
        return len(day.differences)

    @admin.display(description="Differences")
    def listed(self, day):
        rows = [(one["number"] or one["external_id"], one["what"]) for one in day.differences]
        return format_html_join("", "<p><b>{}</b> {}</p>", rows) or "None."
