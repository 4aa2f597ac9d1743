import pytest
from django.contrib.auth.models import User

from inventory.models import Bin, CountSession
from inventory.services import counts, stock
from oms import roles
from tests.inventory.ledger import level
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER", approve_count_over=5)


@pytest.fixture
def shelf(berlin):
    return Bin.objects.create(location=berlin, code="A-1")


@pytest.fixture
def mug(berlin, shelf):
    sku = make_sku(code="MUG", unit_cost=2)
    stock.receive(sku, berlin, 10, bin=shelf)
    return sku


@pytest.fixture
def waiting(mug, berlin, shelf):
    session = counts.open_count(berlin, bin=shelf, actor="user:1")
    counts.enter(session.pk, mug, 6, actor="user:1")
    return counts.post_count(session.pk, actor="user:2")


def as_(client, role):
    client.force_login(make_user(role))
    return client


def url(session, what=""):
    return f"/admin/inventory/counts/{session.pk}/{what}"


def test_a_lead_finds_what_waits_on_his_home_and_approves_it(client, waiting, mug, berlin):
    lead = as_(client, roles.LEAD)
    assert b"Counts to approve" in lead.get("/admin/").content
    assert b">Decide</a>" in lead.get("/admin/inventory/countsession/?status__exact=to_approve").content
    assert b"-8.00" in lead.get(url(waiting)).content
    lead.post(url(waiting, "approve/"))
    assert level(mug, berlin) == (6, 0, 0)
    name = User.objects.get(groups__name=roles.LEAD).username
    assert f"Approved by {name}." in lead.get(url(waiting)).content.decode(), "by name, not by number"


def test_or_throws_it_away(client, waiting, mug, berlin):
    as_(client, roles.MANAGER).post(url(waiting, "decline/"))
    assert CountSession.objects.get().status == "cancelled"
    assert level(mug, berlin) == (10, 0, 0)


@pytest.mark.parametrize("what", ["approve/", "decline/"])
def test_a_store_does_not_decide(client, waiting, mug, berlin, what):
    store = as_(client, roles.STORE)
    assert b"Approve" not in store.get(url(waiting)).content
    assert store.post(url(waiting, what)).status_code == 403
    assert level(mug, berlin) == (10, 0, 0)


def test_looking_at_it_posts_nothing(client, waiting, mug, berlin):
    as_(client, roles.LEAD).get(url(waiting, "approve/"))
    assert level(mug, berlin) == (10, 0, 0)


def test_what_is_due_is_listed_and_opened(client, mug, berlin):
    lead = as_(client, roles.LEAD)
    page = lead.get("/admin/inventory/counts/due/").content.decode()
    assert "<td>A-1</td><td>C</td><td>never</td>" in page
    lead.post("/admin/inventory/counts/due/open/", {"location": berlin.pk})
    assert CountSession.objects.get().origin == "cycle"
    assert "Nothing is due" in lead.get(f"/admin/inventory/counts/due/?location={berlin.pk}").content.decode()


def test_a_picker_sees_what_is_due_but_does_not_open_it(client, mug, berlin):
    picker = as_(client, roles.PICKER)
    assert b"Open 20 of them" not in picker.get("/admin/inventory/counts/due/").content
    assert picker.post("/admin/inventory/counts/due/open/", {"location": berlin.pk}).status_code == 403
    assert not CountSession.objects.exists()
