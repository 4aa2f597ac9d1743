from django import forms
from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from oms.lib.admin import ConsoleAdmin
from oms.lib.badges import state_badge
from oms.lib.money import show
from orders.models import Customer
from orders.services.intake import clean_email
from orders.services.search import normalise

LAST_ORDERS = 20


class CustomerForm(forms.ModelForm):
    def clean_email(self):
        """Write it as orders do, which find him by it."""
        return clean_email(self.cleaned_data["email"] or "") or None


@admin.register(Customer)
class CustomerAdmin(ConsoleAdmin):
    form = CustomerForm
    list_display = ["__str__", "company", "email", "phone", "account", "created_at"]
    search_fields = ["pk"]  # shows the box; what it finds: get_search_results
    search_help_text = "E-mail, phone (+49…) or account, from its beginning"
    readonly_fields = ["orders", "created_at"]
    fields = ["name", "company", "email", "phone", "vat_id", "locale", "account", "created_at", "orders"]

    def get_search_results(self, request, queryset, search_term):
        """Search what has an index; by name a customer is found through his orders, with Ctrl+K."""
        term = search_term.strip()
        starts = Q(email__startswith=normalise(term)) | Q(account__startswith=term) | Q(phone__startswith=term)
        return (queryset.filter(starts) if term else queryset), False

    @admin.display(description="Orders")
    def orders(self, customer):
        """His last orders, and the way to all of them."""
        rows = customer.orders.select_related("channel").order_by("-pk")[:LAST_ORDERS]
        cells = (
            (
                reverse("admin:orders_order_change", args=[order.pk]),
                order.number,
                timezone.localdate(order.ordered_at),
                show(order.gross, order.currency),
                state_badge(order, "status"),
            )
            for order in rows
        )
        lines = format_html_join("", '<p><a href="{}"><b>{}</b></a> {} {} {}</p>', cells)
        everything = f"{reverse('admin:orders_order_changelist')}?customer={customer.pk}"
        return format_html('<div class="oms">{}<p><a href="{}">All his orders</a></p></div>', lines, everything)
