from functools import reduce
from operator import or_

from django.db import connection, models

from orders.models.order import Order


class SearchKeyQuerySet(models.QuerySet):
    def starting(self, values):
        """Keys that begin with one of the normalised `values`, asked so that the database's index serves it."""
        if connection.vendor == "postgresql":
            some = [models.Q(value__startswith=value) for value in values]  # the index of varchar_pattern_ops
        else:
            some = [models.Q(value__gte=value, value__lt=value + "\U0010ffff") for value in values]
        return self.filter(reduce(or_, some))


class SearchKey(models.Model):
    """One thing an order can be found by, normalised; the one index behind every search box."""

    class Kind(models.TextChoices):
        NUMBER = "number", "order number"
        EXTERNAL = "external", "channel's number"
        EMAIL = "email", "e-mail"
        PHONE = "phone"
        NAME = "name"
        POSTCODE = "postcode"
        SKU = "sku", "SKU"
        TRACKING = "tracking", "tracking number"
        INVOICE = "invoice"
        PARCEL = "parcel"
        RMA = "rma", "RMA"
        PO = "po", "customer's PO"

    order = models.ForeignKey(Order, models.CASCADE, related_name="search_keys", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=100, db_index=True)

    objects = SearchKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "kind", "value"], name="search_key_once")]

    def __str__(self):
        return f"{self.kind} {self.value}"
