"""What the console's templates say with a word: badges, money, deadlines, things to copy."""

from django import template
from django.utils.html import format_html

from oms.lib import badges, lateness, money

register = template.Library()


@register.simple_tag
def state(row, field):
    """{% state order "status" %}: the badge of a choice field."""
    return badges.state_badge(row, field)


@register.simple_tag
def badge(label, tone=badges.BUSY, icon="", hint=""):
    return badges.badge(label, tone, icon=icon, hint=hint)


@register.simple_tag
def late(moment):
    """{% late order.promised_current %}: "2 days late" in red, "today 18:00" in grey."""
    return lateness.late_badge(moment)


@register.simple_tag(name="money")
def show_money(amount, currency):
    return money.show(amount, currency)


@register.simple_tag
def copy(text, label=""):
    """A text that is copied by a click on it."""
    return format_html(
        '<button type="button" class="oms-copy" data-copy="{}" title="Copy">{}</button>', text, label or text
    )


@register.filter
def percent(fraction):
    """Return 0.19000 as "19 %"."""
    return f"{(fraction * 100).normalize():f} %"
