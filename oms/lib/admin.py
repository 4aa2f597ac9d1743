"""What all lists of the console share: they never count millions of rows, and any can be had as CSV."""

from datetime import datetime

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field, quote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import JSONField
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, strip_tags
from django.utils.text import capfirst
from unfold.admin import ModelAdmin, checkbox
from unfold.views import ChangeList

from oms.lib import csv
from oms.lib.address_form import AddressField
from oms.lib.choices import ChecksKeys
from oms.lib.json_form import JsonField
from oms.lib.text import is_clean

MOST_COUNTED = 10_000
CHECKBOX = checkbox.render(ACTION_CHECKBOX_NAME, "{}")


class ReadOnly:
    """For admin classes and inlines whose rows only services may write."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class BoundedPaginator(Paginator):
    """Counts at most MOST_COUNTED rows, in bounded time however many there are, and shows no others.

    Whoever needs a row beyond them searches or filters. `is_capped` says that there are more.
    """

    template_name = "oms/admin/pagination.html"

    @cached_property
    def _counted(self):
        return self.object_list.order_by()[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self):
        return min(self._counted, MOST_COUNTED)

    @property
    def is_capped(self):
        return self._counted > MOST_COUNTED


class ExportCsv:
    """Adds "Export CSV" to a changelist: all rows of its current search and filters, streamed.

    The columns are `export_display`, or else `list_display`; cells are text without markup.
    """

    change_list_template = "oms/admin/change_list.html"
    export_display = ()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_csv), name=name), *super().get_urls()]

    def export_csv(self, request):
        """Stream the changelist of the request's query as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        names = list(self.export_display or self.get_list_display(request))
        header = [capfirst(label_for_field(name, self.model, self)) for name in names]
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise BadRequest("The list knows no such filter.") from None
        rows = ([self._cell(name, row) for name in names] for row in found.iterator(chunk_size=1000))
        stamp = timezone.localtime().strftime("%Y-%m-%d-%H%M")
        return csv.download(f"{self.opts.model_name}-{stamp}", header, rows)

    def _cell(self, name, row):
        try:
            field, _, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return ""
        if isinstance(value, datetime):
            return timezone.localtime(value).isoformat(" ", "seconds")
        if field is not None and field.choices:
            return display_for_field(value, field, "")
        return strip_tags(str(value)) if hasattr(value, "__html__") else value


class WalkedList(ChangeList):
    """A changelist that knows where its page stands, for those who walk along it with J and K."""

    def url_for_result(self, result):
        """As Django's, which would resolve it anew for each row."""
        return f"{self._list_url}{quote(getattr(result, self.pk_attname))}/change/"

    @cached_property
    def _list_url(self):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    @property
    def first_row(self):
        """The number of the page's first row in the whole list."""
        return 1 if self.show_all else (self.page_num - 1) * self.list_per_page + 1

    @property
    def next_query(self):
        """The query of the next page, or "" on the last."""
        has_more = self.multi_page and not self.show_all and self.page_num < self.paginator.num_pages
        return self.get_query_string({PAGE_VAR: self.page_num + 1}) if has_more else ""

    @property
    def previous_query(self):
        return self.get_query_string({PAGE_VAR: self.page_num - 1}) if self.page_num > 1 else ""


class ConsoleAdmin(ChecksKeys, ExportCsv, ModelAdmin):
    """The base of every changelist of the console."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_disable_select_all = True
    list_per_page = 50
    list_max_show_all = 200
    compressed_fields = True

    def get_changelist(self, request, **kwargs):
        return WalkedList

    @admin.display(description="")
    def action_checkbox(self, obj):
        """Unfold's checkbox, without rendering three templates for each row."""
        return format_html(CHECKBOX, obj.pk)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Ask for an address part by part; other JSON is checked before it is kept."""
        if db_field.name == "address" and isinstance(db_field, JSONField):
            return AddressField(label=capfirst(db_field.verbose_name), required=not db_field.blank)
        if isinstance(db_field, JSONField):
            kwargs |= {"form_class": JsonField, "empty": db_field.default}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_changelist_instance(self, request):
        """Refuse control characters in the address, which PostgreSQL would fail on: the list opens unfiltered."""
        if not all(is_clean(value) for values in request.GET.lists() for value in values[1]):
            raise IncorrectLookupParameters("Control characters are not allowed.")
        return super().get_changelist_instance(request)
