from django import forms
from django.contrib import admin
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from rest_framework_api_key.models import APIKey
from unfold.admin import TabularInline
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.dialogs import actor, attempt, back, question
from oms.partners.authentication import forget_keys
from oms.partners.models import InboundMessage, Partner, PartnerKey, WebhookEndpoint
from oms.partners.scopes import PRESETS, SCOPES
from oms.partners.services.keys import create_key, revoke_key, rotate_key
from oms.partners.services.webhooks import add_endpoint
from oms.subscribers import PUBLIC_EVENTS

admin.site.unregister(APIKey)  # the package's own keys open nothing here


class NewKey(BaseDialogForm):
    name = forms.CharField(max_length=50, widget=UnfoldAdminTextInputWidget, help_text="which program uses it")
    used_by = forms.ChoiceField(
        required=False,
        choices=[("", "something else: tick what it may do"), *((key, words) for key, (words, _) in PRESETS.items())],
        widget=UnfoldAdminSelectWidget,
        help_text="may do what such a program needs",
    )
    scopes = forms.MultipleChoiceField(
        required=False,
        label="and may also",
        choices=[(name, f"{name}: {words}") for name, words in SCOPES.items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    expires_at = forms.DateTimeField(
        required=False,
        widget=UnfoldAdminTextInputWidget({"type": "datetime-local"}),
        help_text="when it ends; empty: when it is revoked",
    )
    networks = forms.CharField(
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="addresses it may be used from, 192.0.2.0/24 203.0.113.7; empty: from anywhere",
    )

    def clean(self):
        """Put what a program of this kind needs to what was ticked."""
        data = super().clean()
        _, needed = PRESETS.get(data.get("used_by"), ("", set()))
        data["scopes"] = sorted(needed | set(data.get("scopes", ())))
        if not data["scopes"]:
            self.add_error("scopes", "Say who uses it, or tick what it may do.")
        return data


class NewEndpoint(BaseDialogForm):
    url = forms.CharField(max_length=500, label="https address", widget=UnfoldAdminTextInputWidget)
    events = forms.MultipleChoiceField(
        choices=[("*", "all events"), *((name, name) for name in sorted(PUBLIC_EVENTS))],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    in_order = forms.BooleanField(
        required=False, help_text="an event waits until the one before it of the same order is taken"
    )


class KeyInline(ReadOnly, TabularInline):
    model = PartnerKey
    fields = ["name", "prefix", "allowed", "last_used_at", "expiry_date", "revoked"]
    readonly_fields = ["prefix", "allowed"]
    show_change_link = True
    extra = 0

    @admin.display(description="scopes")
    def allowed(self, key):
        return ", ".join(key.scopes)


class EndpointInline(ReadOnly, TabularInline):
    model = WebhookEndpoint
    fields = ["url", "events", "is_active"]
    show_change_link = True
    extra = 0


@admin.register(Partner)
class PartnerAdmin(ConsoleAdmin):
    list_display = ["code", "name", "email", "is_active", "created_at"]
    list_filter = ["is_active"]
    search_fields = ["code", "name"]
    inlines = [KeyInline, EndpointInline]
    actions_detail = ["status", "new_key", "new_endpoint"]

    @action(description="Status", permissions=["view"])
    def status(self, request, object_id):
        return back(request, reverse("partners:status", args=[object_id]))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        forget_keys()

    @action(
        description="New API key",
        permissions=["change"],
        dialog=question(
            "New API key", "It is shown once, here, and only its hash is kept.", submit="Create", form=NewKey
        ),
    )
    def new_key(self, request, form, object_id):
        partner = get_object_or_404(Partner, pk=object_id)
        fields = {name: form.cleaned_data[name] for name in ("name", "scopes", "expires_at")}
        networks = form.cleaned_data["networks"].replace(",", " ").split()
        made = attempt(
            self, request, create_key, partner, actor=actor(request), networks=networks, done="Created.", **fields
        )
        if made is None:
            return back(request, reverse("admin:partners_partner_change", args=[object_id]))
        return show_once(request, f"API key {made[0]}", made[1])

    @action(
        description="New webhook endpoint",
        permissions=["change"],
        dialog=question(
            "New webhook endpoint", "Messages are signed; the secret is shown once.", submit="Create", form=NewEndpoint
        ),
    )
    def new_endpoint(self, request, form, object_id):
        partner = get_object_or_404(Partner, pk=object_id)
        fields = {name: form.cleaned_data[name] for name in ("url", "events", "in_order")}
        endpoint = attempt(self, request, add_endpoint, partner, done="The endpoint is told from now on.", **fields)
        if endpoint is None:
            return back(request, reverse("admin:partners_partner_change", args=[object_id]))
        return show_once(request, f"Secret of {endpoint}", endpoint.secret)


@admin.register(PartnerKey)
class PartnerKeyAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["name", "partner", "prefix", "scopes", "last_used_at", "expiry_date", "revoked"]
    list_filter = ["revoked", "partner"]
    list_select_related = ["partner"]
    search_fields = ["prefix", "name", "partner__code"]
    exclude = ["hashed_key"]
    actions_detail = ["restrict", "rotate", "revoke"]

    def has_end_permission(self, request, object_id=None):
        return request.user.has_perm("partners.change_partnerkey")

    @action(description="Addresses", permissions=["end"])
    def restrict(self, request, object_id):
        return back(request, reverse("partners:restrict", args=[object_id]))

    @action(
        description="Rotate",
        permissions=["end"],
        dialog=question("Rotate this key?", "A new one is shown once; this one ends in 24 hours.", submit="Rotate"),
    )
    def rotate(self, request, form, object_id):
        row = get_object_or_404(PartnerKey, pk=object_id)
        made = attempt(self, request, rotate_key, row, actor=actor(request), done="Rotated.")
        if made is None:
            return back(request, reverse("admin:partners_partnerkey_change", args=[object_id]))
        return show_once(request, f"API key {made[0]}", made[1])

    @action(
        description="Revoke",
        permissions=["end"],
        dialog=question(
            "Revoke this key?", "Whatever uses it is refused within a minute. It cannot be undone.", submit="Revoke"
        ),
    )
    def revoke(self, request, form, object_id):
        row = get_object_or_404(PartnerKey, pk=object_id)
        attempt(self, request, revoke_key, row, actor=actor(request), done="Revoked.")
        return back(request, reverse("admin:partners_partnerkey_change", args=[object_id]))


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ConsoleAdmin):
    list_display = ["url", "partner", "events", "is_active", "created_at"]
    list_filter = ["is_active", "partner"]
    list_select_related = ["partner"]
    search_fields = ["url", "partner__code"]
    fields = ["partner", "url", "events", "in_order", "is_active", "off_at", "off_reason", "created_at"]
    readonly_fields = [field for field in fields if field != "in_order"]
    actions_detail = ["log"]

    def has_add_permission(self, request):
        return False

    @action(description="Its deliveries", permissions=["view"])
    def log(self, request, object_id):
        return back(request, reverse("partners:endpoint", args=[object_id]))


@admin.register(InboundMessage)
class InboundMessageAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["source", "external_id", "received_at"]
    search_fields = ["external_id__exact"]
    ordering = ["-pk"]
    fields = ["source", "external_id", "received_at", "headers", "text"]
    readonly_fields = ["text"]

    @admin.display(description="body")
    def text(self, message):
        return bytes(message.body).decode(errors="replace")[:20_000]


def show_once(request, title, secret):
    """Answer a dialog with a secret that is never shown again."""
    response = render(request, "partners/admin/secret.html", {"title": title, "secret": secret})
    response["HX-Retarget"] = response["HX-Reselect"] = "#dialog"  # in place of the whole dialog, buttons and all
    return response
