import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Hold, Note, Order
from orders.services import holds
from tests.make import make_order

pytestmark = pytest.mark.django_db


def url(name, order, *args):
    return reverse(f"console:{name}", args=[order.pk, *args])


def test_hold_and_undo(cs, said):
    order = make_order()
    back = "/admin/orders/order/?status=open&p=2"
    response = cs.post(url("hold", order), {"kind": "manual", "reason": "Which colour?", "next": back}, follow=True)
    assert response.redirect_chain == [(back, 302)]
    hold = Hold.objects.active().get()
    assert (hold.reason, hold.placed_by) == ("Which colour?", f"user:{cs.user.pk}")
    assert "Undo" in said(response)[0]
    cs.post(url("release_now", order), {"hold": hold.pk})
    assert not Hold.objects.active().exists()


def test_a_hold_needs_a_reason_and_a_moment_to_come(cs):
    order = make_order()
    past = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    response = cs.post(url("hold", order), {"kind": "manual", "until": past})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"reason", "until"}
    assert not Hold.objects.exists()


def test_a_hold_until_a_moment_keeps_it(cs):
    order = make_order()
    until = timezone.now().replace(second=0, microsecond=0) + timedelta(days=1)
    cs.post(url("hold", order), {"kind": "manual", "reason": "wait", "until": until.strftime("%Y-%m-%dT%H:%M")})
    assert Hold.objects.active().get().until == until


def test_release_what_is_ticked_and_undo(cs):
    order = make_order()
    first = holds.put(order.pk, Hold.Kind.MANUAL, "one")
    second = holds.put(order.pk, Hold.Kind.ADDRESS, "two")
    cs.post(url("release", order), {"holds": [first.pk], "note": "called him"})
    assert list(Hold.objects.active()) == [second]
    first.refresh_from_db()
    assert first.release_note == "called him"
    cs.post(url("hold", order), {"kind": first.kind, "reason": first.reason})
    assert Hold.objects.active().count() == 2


def test_undo_of_a_release_puts_all_that_was_released_on_again_once(cs, said):
    order, day = make_order(), timezone.now() + timedelta(days=1)
    holds.put(order.pk, Hold.Kind.FRAUD, "Look at the card", owner=cs.user)
    holds.put(order.pk, Hold.Kind.MANUAL, "Call him first", until=day)
    ticked = [hold.pk for hold in Hold.objects.active()]
    [undo] = said(cs.post(url("release", order), {"holds": ticked, "note": ""}, follow=True))
    assert not Hold.objects.active().exists()
    for _ in range(2):
        cs.post(re.search(r'action="([^"]+)"', undo)[1], dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo)))
    fraud, manual = Hold.objects.active()
    assert (fraud.reason, fraud.owner, manual.reason, manual.until) == (
        "Look at the card",
        cs.user,
        "Call him first",
        day,
    )


def test_releasing_nothing_is_refused(cs):
    order = make_order()
    holds.put(order.pk, Hold.Kind.MANUAL, "one")
    assert cs.post(url("release", order), {"note": ""}).status_code == 422
    assert Hold.objects.active().count() == 1


def test_releasing_from_an_old_page_says_that_it_is_released(cs):
    order = make_order()
    old, other = (holds.put(order.pk, Hold.Kind.MANUAL, text) for text in ("one", "two"))
    holds.release(order.pk, old.pk)
    response = cs.post(url("release", order), {"holds": [old.pk]})
    assert response.context["form"].errors["holds"] == ["This hold was released already."]
    assert list(Hold.objects.active()) == [other]


def test_tag_and_take_it_off_again(cs, said):
    order = make_order()
    response = cs.post(url("tag", order), {"tag": "VIP"}, follow=True)
    assert "tagged" in said(response)[0]
    tag = order.tags.get()
    cs.post(url("tag", order), {"tag": "vip"})
    assert list(order.tags.all()) == [tag]
    cs.post(url("untag", order), {"tag": tag.pk})
    assert not order.tags.exists()


def test_notes_come_and_go(cs):
    order = make_order()
    cs.post(url("note", order), {"text": "Fragile!", "audience": "pack"})
    note = Note.objects.get()
    assert (note.text, note.audience, note.author) == ("Fragile!", "pack", f"user:{cs.user.pk}")
    cs.post(url("remove_note", order), {"note": note.pk})
    assert not Note.objects.exists()


def test_no_note_is_asked_for_that_nobody_would_read(cs):
    order = make_order()
    assert cs.post(url("note", order), {"text": "Ring twice", "audience": "label"}).status_code == 422
    assert not order.notes.exists()


def test_a_note_that_is_gone_is_told(cs, said):
    order = make_order()
    assert "no such note" in said(cs.post(url("remove_note", order), {"note": "7"}, follow=True))[0]


def test_priority(cs):
    order = make_order()
    cs.post(url("prioritise", order), {"priority": Order.Priority.URGENT})
    order.refresh_from_db()
    assert order.priority == Order.Priority.URGENT


def test_cancel_one_line_in_part(cs):
    order = make_order(quantity=3)
    line = order.lines.get()
    cs.post(url("cancel", order), {f"line-{line.pk}": 2, "reason": "takes too long"})
    line.refresh_from_db()
    order.refresh_from_db()
    assert (line.cancelled, order.status) == (2, Order.Status.PLACED)


def test_cancel_all(cs, said):
    order = make_order(quantity=3)
    line = order.lines.get()
    response = cs.post(url("cancel", order), {f"line-{line.pk}": 3, "reason": "takes too long"}, follow=True)
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert said(response) == [f"Order {order} is cancelled."]


def test_the_cancel_dialog_names_money_stock_and_mail(cs):
    html = cs.get(url("cancel", make_order(quantity=3))).content.decode()
    for text in ("€28.50 need not be paid", "3 reserved pieces", "The customer gets an e-mail", "no money moves"):
        assert text in html, text


def test_the_cancel_dialog_says_that_it_means_all_of_it(cs):
    order = make_order(quantity=2)
    assert "When all of it is cancelled:" in cs.get(url("cancel", order)).content.decode()


def test_one_piece_is_called_one_piece(cs):
    assert "1 reserved piece can be sold" in cs.get(url("cancel", make_order())).content.decode()


def test_cancelling_no_piece_is_refused_and_nothing_typed_is_lost(cs):
    order = make_order(quantity=3)
    line = order.lines.get()
    response = cs.post(url("cancel", order), {f"line-{line.pk}": 0, "reason": "not paid"})
    assert response.status_code == 422
    assert response.context["form"]["reason"].value() == "not paid"
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED


def test_what_a_service_refuses_is_said_at_its_field(cs):
    order = make_order()
    cs.post(url("cancel", order), {f"line-{order.lines.get().pk}": 1, "reason": "not paid"})
    response = cs.post(url("hold", order), {"kind": "manual", "reason": "too late"})
    assert response.status_code == 422
    assert "nothing to hold" in response.content.decode()
    assert response.context["form"]["reason"].value() == "too late"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leads_elsewhere(cs, evil):
    order = make_order()
    response = cs.post(url("hold", order), {"kind": "manual", "reason": "x", "next": evil})
    assert response.url == f"/admin/orders/order/{order.pk}/change/"


@pytest.mark.parametrize("name", ["release_now", "untag", "remove_note"])
def test_following_a_link_changes_nothing(cs, name):
    order = make_order()
    hold = holds.put(order.pk, Hold.Kind.MANUAL, "one")
    assert cs.get(url(name, order), {"hold": hold.pk}).status_code == 302
    assert Hold.objects.active().count() == 1
