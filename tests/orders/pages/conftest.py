import pytest
from django.urls import reverse

from orders.customer.links import token_of


@pytest.fixture
def path():
    """Return `path(order, page="order", **query)`: the address of a customer's page of `order`."""

    def path(order, page="order"):
        return reverse(f"customer_{page}", args=[token_of(order)])

    return path
