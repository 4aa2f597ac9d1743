from django import forms
from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.admin import StackedInline
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from oms.lib.admin import ConsoleAdmin
from oms.lib.choices import ChecksKeys
from oms.lib.dialogs import actor, attempt, back, question
from orders.models import Channel, SourcingRule, SourcingStrategy
from orders.services.network import forget_network
from orders.services.strategies import copy_strategy, put_live


class NameForm(BaseDialogForm):
    name = forms.CharField(max_length=60, widget=UnfoldAdminTextInputWidget, help_text="of the copy")


class ChannelForm(BaseDialogForm):
    channel = forms.ModelChoiceField(Channel.objects.all(), widget=UnfoldAdminSelectWidget)


COPY = question("Copy this strategy", "The copy is on no channel: change it, try it.", submit="Copy", form=NameForm)
LIVE = question("Put it live", "It decides on the channel's next order.", submit="Put live", form=ChannelForm)


class RuleInline(ChecksKeys, StackedInline):
    model = SourcingRule
    template = "orders/admin/rules.html"
    verbose_name, verbose_name_plural = "rule", "rules: the first that fits a location and an order decides"
    extra = 0
    fields = [
        ("position", "verdict"),
        ("location", "kind"),
        ("method", "zone"),
        "channel",
        ("is_hazmat", "is_too_late"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("location", "channel")


@admin.register(SourcingStrategy)
class SourcingStrategyAdmin(ConsoleAdmin):
    """How orders are sourced. One that is live counts as soon as it is saved: copy it and try the copy first."""

    list_display = ["name", "live_on", "split_penalty", "late_penalty", "scarcity_penalty", "gathers", "description"]
    search_fields = ["name"]
    fields = ["name", "description", "live_on", "split_penalty", "late_penalty", "scarcity_penalty", "gathers"]
    readonly_fields = ["live_on"]
    inlines = [RuleInline]
    actions_detail = ["copy", "compare", "live"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("channels")

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        forget_network()

    def has_copy_permission(self, request, object_id=None):
        return self.has_add_permission(request)

    def has_live_permission(self, request, object_id=None):
        return request.user.has_perm("orders.change_channel")

    @admin.display(description="Live on")
    def live_on(self, strategy):
        return ", ".join(map(str, strategy.channels.all() if strategy.pk else [])) or "no channel"

    @action(
        description="Copy",
        permissions=["copy"],
        dialog=COPY,
    )
    def copy(self, request, form, object_id):
        name = form.cleaned_data["name"]
        made = attempt(self, request, copy_strategy, object_id, name, actor=actor(request), done=f"{name} is a copy.")
        return back(request, _page(made.pk if made else object_id))

    @action(description="Try it", permissions=["view"])
    def compare(self, request, object_id):
        return back(request, f"{reverse('console:compare_strategies')}?b={object_id}")

    @action(
        description="Put live",
        permissions=["live"],
        dialog=LIVE,
    )
    def live(self, request, form, object_id):
        strategy = get_object_or_404(SourcingStrategy, pk=object_id)
        channel = form.cleaned_data["channel"]
        done = f"{strategy} decides on orders of {channel} from now on."
        attempt(self, request, put_live, channel.pk, strategy.pk, actor=actor(request), done=done)
        return back(request, _page(object_id))


def _page(pk):
    return reverse("admin:orders_sourcingstrategy_change", args=[pk])
