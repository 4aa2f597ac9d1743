"""The rows of a changelist, in unfold's look; what is the same in each row is worked out once.

Unfold's own tag makes the headings, with a widget's templates, anew for each row: half of a list's time.
"""

from decimal import Decimal

from django import template
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import ForeignKey
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from unfold.templatetags.unfold_list import CHECKBOX_CLASSES, LINK_CLASSES, ROW_CLASSES, result_headers
from unfold.utils import display_for_field, display_for_label, display_for_value

from oms.lib.money import plain

register = template.Library()
CHECKBOX = "action_checkbox"


@register.inclusion_tag("oms/admin/rows.html", takes_context=True)
def rows(context, cl):
    """{% rows cl %}: the table of a changelist, or what to say where nothing is found."""
    headers = list(result_headers(cl))
    columns = list(_columns(cl, headers))
    return {
        "cl": cl,
        "has_add_permission": cl.model_admin.has_add_permission(context["request"]),
        "result_headers": headers,
        "num_sorted_fields": sum(header["sortable"] and header["sorted"] for header in headers),
        "rows": [_row(cl, columns, row) for row in cl.result_list],
    }


def _columns(cl, headers):
    """Yield (name, the admin's method that shows it or None, what stands before a cell, what after it, is a link)."""
    links = cl.list_display_links or []
    is_first_link = True
    of_row = {"__str__", *(field.name for field in cl.opts.get_fields())}
    for name, header in zip(cl.list_display, headers, strict=True):
        tag, classes, label = "td", [f"field-{name}", *ROW_CLASSES], header["text"]
        if name == CHECKBOX:
            classes, label = CHECKBOX_CLASSES, "Select record"
        elif name in links and is_first_link:
            tag, is_first_link = "th", False
        before = format_html('<{} class="{}" data-label="{}">', tag, " ".join(classes), label)
        method = None if name in of_row else getattr(cl.model_admin, name, None)
        yield name, method, before, mark_safe(f"</{tag}>"), name in links


def _row(cl, columns, row):
    """Return the cells of one row."""
    cells = []
    for name, method, before, after, is_link in columns:
        cell = _cell(cl.model_admin, name, method, row)
        cells += [before, conditional_escape(_link(cl, row, cell) if is_link else cell), after]
    return mark_safe("".join(cells))


def _link(cl, row, cell):
    url = cl.url_for_result(row)
    if cl.preserved_filters:
        url = add_preserved_filters({"preserved_filters": cl.preserved_filters, "opts": cl.opts}, url)
    opener = ""
    if cl.is_popup:  # somebody chooses a row for a field of another page, whose script reads this
        opener = format_html(' data-popup-opener="{}"', row.serializable_value(cl.to_field or cl.pk_attname))
    return format_html('<a href="{}" class="{}"{}>{}</a>', url, " ".join(LINK_CLASSES), opener, cell)


def _cell(admin, name, method, row):
    """Return what a row shows in a column: of a field, a property or a method of the admin."""
    empty = admin.get_empty_value_display()
    try:
        field, attribute, value = (None, method, method(row)) if method else lookup_field(name, row, admin)
    except ObjectDoesNotExist:
        return empty
    if field is None or field.auto_created:
        empty = getattr(attribute, "empty_value_display", empty)
        if label := getattr(attribute, "label", False):
            return display_for_label(value, empty, label)
        return display_for_value(value, empty, getattr(attribute, "boolean", False))
    if isinstance(field, ForeignKey):
        return empty if value is None else value
    if isinstance(value, Decimal):
        return plain(value)
    return display_for_field(value, field, empty)
