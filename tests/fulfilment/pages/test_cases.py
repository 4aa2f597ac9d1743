"""The queue of late and stuck parcels, and what customer service does there."""

import pytest
from django.core import mail
from django.urls import reverse

from fulfilment.models import ParcelCase
from oms import roles
from oms.lib import doctor
from orders.services import pay
from tests.deliver import deliver
from tests.fulfilment.pages.conftest import text
from tests.fulfilment.road import MONDAY, on_road, scanned
from tests.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(time_machine):
    time_machine.move_to(MONDAY)
    parcel = on_road(number="JD77")
    scanned(parcel, MONDAY, "exception")
    return ParcelCase.objects.select_related("parcel__order").get()


@pytest.fixture
def cs(client, case):
    client.force_login(make_user(roles.CS))
    return client


def test_the_queue_stands_on_the_home_page_and_its_rows_say_what_can_be_done(cs, case):
    home = cs.get("/admin/")
    [tile] = [tile for tile in home.context["tiles"] if tile["title"] == "Parcels late or stuck"]
    assert (tile["count"], tile["tone"]) == ("1", "bad")
    page = text(cs.get(tile["url"]))
    for words in (
        "trouble on the way",
        "JD77",
        case.parcel.order.number,
        "Tell the customer",
        "It is lost",
        "It is damaged",
    ):
        assert words in page
    assert "Nothing matches" in text(cs.get(tile["url"] + "&q=nobodys"))


def test_the_order_says_it_without_scrolling_and_offers_the_same(cs, case):
    page = text(cs.get(reverse("console:order", args=[case.parcel.order_id])))
    assert "Parcel 1 late or stuck" in page
    assert "Tell of parcel 1" in page
    assert "Parcel late or stuck" in page, "on the timeline"


def test_settled_with_a_note_that_the_next_one_reads(cs, case):
    url = reverse("work:settle_case", args=[case.pk])
    assert cs.post(url, {"note": "  "}).status_code == 422
    assert cs.post(url, {"note": "new address given"}).status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.note, case.closed_by[:5]) == ("settled", "new address given", "user:")
    page = text(cs.get(reverse("console:order", args=[case.parcel.order_id])))
    assert "new address given" in page
    assert "Late or stuck parcel: settled" in page
    assert "was closed meanwhile" in text(cs.post(url, {"note": "again"}))


def test_given_up_as_lost(cs, case):
    url = reverse("work:lost", args=[case.pk])
    assert "Pay the goods back" not in text(cs.get(url)), "nothing is paid yet"
    order = case.parcel.order
    pay.add_payment(order.pk, amount=order.gross, reference="paid", actor="system")
    assert f"Pay the goods back: €{order.gross:.2f}" in text(cs.get(url))
    cs.post(url, {"note": "carrier pays"})
    case.refresh_from_db()
    assert case.outcome == "lost"
    assert "given up as lost" in text(cs.get(reverse("console:order", args=[case.parcel.order_id])))


def test_lost_sent_again_and_claimed_in_one_step(cs, case):
    url = reverse("work:lost", args=[case.pk])
    assert "Send the goods again" in text(cs.get(url))
    cs.post(url, {"note": "carrier pays", "remedy": "resend", "claimed": "9.50", "reference": "C-1"})
    case.refresh_from_db()
    assert case.replacement.number in text(cs.get(reverse("console:order", args=[case.parcel.order_id])))
    queue = reverse("admin:fulfilment_parcelcase_changelist") + "?claim__status__exact=open"
    assert "C-1" in text(cs.get(queue))
    cs.post(reverse("work:claim", args=[case.pk]), {"amount": "9.50", "reference": "C-1", "status": "paid"})
    assert "C-1" not in text(cs.get(queue))


def test_damaged_sent_again_and_claimed_in_one_step(cs, case):
    parcel = case.parcel
    page = reverse("console:order", args=[parcel.order_id])
    url = reverse("work:damaged", args=[parcel.pk])
    assert url in text(cs.get(page))
    field = f"pieces-{parcel.order.lines.get().pk}"
    assert cs.post(url, {"note": "broken", field: "2"}).status_code == 422
    cs.post(url, {"note": "broken", field: "1", "remedy": "resend", "claimed": "9.50", "reference": "C-2"})
    found = ParcelCase.objects.get(kind="damaged")
    case.refresh_from_db()
    assert (case.outcome, case.note) == ("settled", "broken")
    shown = text(cs.get(page))
    assert "arrived damaged: broken, sent again: <a" in shown
    assert found.replacement.number in shown
    assert url not in shown, "once"
    queue = reverse("admin:fulfilment_parcelcase_changelist") + "?claim__status__exact=open"
    assert "C-2" in text(cs.get(queue))
    cs.post(reverse("work:claim", args=[found.pk]), {"amount": "9.50", "reference": "C-2", "status": "paid"})
    assert "C-2" not in text(cs.get(queue))


def test_who_may_place_no_orders_only_gives_up(client, case):
    client.force_login(make_user(roles.LEAD))
    url = reverse("work:lost", args=[case.pk])
    assert "Send the goods again" not in text(client.get(url))
    assert client.post(url, {"note": "x", "remedy": "resend"}).status_code == 422


def test_what_the_customer_would_read_is_shown_before_it_is_sent(cs, case):
    url = reverse("work:tell", args=[case.pk])
    page = text(cs.get(url))
    assert "There is a problem with your parcel" in page
    assert mail.outbox == []
    cs.post(url)
    deliver()
    told = [message for message in mail.outbox if "There is a problem with your parcel" in message.subject]
    assert len(told) == 1
    assert "Told before" in text(cs.get(url))


def test_who_may_only_look_does_nothing(client, case):
    client.force_login(make_user(roles.READ_ONLY))
    assert "It is lost" not in text(client.get(reverse("admin:fulfilment_parcelcase_changelist")))
    for name in ("tell", "settle_case", "lost", "claim"):
        assert client.post(reverse(f"work:{name}", args=[case.pk]), {"note": "x"}).status_code == 403
    assert client.post(reverse("work:damaged", args=[case.parcel_id]), {"note": "x"}).status_code == 403
    case.refresh_from_db()
    assert case.outcome == ""


@pytest.mark.corrupt
def test_the_doctor_names_a_case_of_what_has_arrived(case):
    def said():
        found = doctor.run(only=23, snapshot=False)
        return [violation.message for finding in found for violation in finding.violations]

    assert said() == []
    type(case.parcel).objects.filter(pk=case.parcel_id).update(status="delivered", delivered_at=MONDAY)
    assert said() == ["is delivered, yet exception"]
