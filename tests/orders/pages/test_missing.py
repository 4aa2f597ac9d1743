"""The customer chooses by his link what becomes of missing pieces; CS may choose for him."""

import pytest
from django.urls import reverse

from inventory.models import StockEntry
from oms.roles import CS
from orders.customer.links import token_of
from orders.models import ShortageQuestion
from tests.make import make_user
from tests.orders.test_shortage import asked, holds

pytestmark = pytest.mark.django_db


def page(order, name="customer_missing"):
    return reverse(name, args=[token_of(order)])


def test_his_page_leads_to_the_choice(client):
    order, _, _ = asked()
    said = client.get(page(order, "customer_order")).content.decode()
    assert "Pieces are missing" in said
    assert "Send what is there now" in said
    assert "We are checking your order" not in said
    assert "/missing/" in said


def test_he_chooses_and_it_is_done(client):
    order, _, _ = asked()
    said = client.get(page(order) + "?lang=de").content.decode()
    assert "Auf alles warten" in said
    assert "(1 × Mug)" in said
    answer = client.post(page(order), {"answer": "split"}, follow=True)
    assert "we do as you chose" in answer.content.decode()
    question = ShortageQuestion.objects.get()
    assert (question.answer, question.answered_by, holds(order)) == ("split", "customer", [])
    assert "no longer possible" in client.get(page(order), follow=True).content.decode()


@pytest.mark.parametrize("answer", ["substitute", "", "refund", "x" * 500])
def test_what_is_not_offered_changes_nothing(client, answer):
    order, _, _ = asked()
    entries = StockEntry.objects.count()
    refused = client.post(page(order), {"answer": answer})
    assert refused.status_code == 422
    assert "cannot be chosen" in refused.content.decode()
    assert (ShortageQuestion.objects.get().answer, holds(order)) == ("", ["stock"])
    assert StockEntry.objects.count() == entries


def test_cs_sees_the_question_and_chooses_for_him(client):
    order, _, _ = asked()
    client.force_login(make_user(CS))
    said = client.get(reverse("console:order", args=[order.pk])).content.decode()
    assert "The customer may choose until" in said
    client.post(reverse("console:missing", args=[order.pk]), {"answer": "cancel"})
    question = ShortageQuestion.objects.get()
    assert (question.answer, question.answered_by.split(":")[0]) == ("cancel", "user")
    assert "chosen by us" in client.get(reverse("console:order", args=[order.pk])).content.decode()
