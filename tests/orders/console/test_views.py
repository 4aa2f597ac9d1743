import pytest
from django.urls import reverse

from oms import roles
from orders.models import Hold, SavedView
from orders.services import holds
from tests.make import make_order, make_user

pytestmark = pytest.mark.django_db
SAVE = "/admin/orders/views/save/"


def counts(client):
    return client.get(reverse("console:view_counts")).json()


def test_a_saved_view_stands_in_the_sidebar_with_its_count(cs):
    held = make_order()
    make_order()
    holds.put(held.pk, Hold.Kind.MANUAL, "wait")
    response = cs.post(SAVE, {"query": "hold=any&status=open", "name": "My holds"}, follow=True)
    assert response.context["cl"].result_count == 1
    view = SavedView.objects.get()
    assert f'data-view="{view.pk}"' in response.content.decode()
    assert counts(cs) == {str(view.pk): "1"}


def test_the_same_name_again_is_the_same_view(cs):
    cs.post(SAVE, {"query": "hold=any", "name": "Mine"})
    cs.post(SAVE, {"query": "promise=late", "name": "Mine"})
    assert SavedView.objects.get().query == "promise=late"


def test_a_view_is_ones_own_until_it_is_shared(cs, client):
    cs.post(SAVE, {"query": "hold=any", "name": "Mine"})
    view = SavedView.objects.get()
    other = make_user(roles.CS)
    assert list(SavedView.objects.seen_by(other)) == []
    cs.post(SAVE, {"query": "hold=any", "name": "Mine", "is_shared": "on"})
    assert list(SavedView.objects.seen_by(other)) == [view]


def test_only_its_owner_forgets_a_view(cs, client):
    cs.post(SAVE, {"query": "hold=any", "name": "Mine", "is_shared": "on"})
    view, owner = SavedView.objects.get(), cs.user
    client.force_login(make_user(roles.CS))
    client.post(reverse("console:drop_view", args=[view.pk]))
    assert SavedView.objects.exists()
    client.force_login(owner)
    client.post(reverse("console:drop_view", args=[view.pk]))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("query", ["o=99.x&p=abc", "nonsense=1&status=zzz", "status=%00", "q=" + "x" * 900])
def test_a_broken_view_breaks_nothing(cs, query):
    make_order()
    SavedView.objects.create(owner=cs.user, name="Odd", query=query)
    assert set(counts(cs)) == {str(SavedView.objects.get().pk)}
    assert cs.get("/admin/").status_code == 200


def test_a_search_that_is_too_long_is_not_cut(cs):
    query = "q=" + "+".join(str(900000 + number) for number in range(150))
    page = cs.post(SAVE, {"query": query, "name": "Mine"})
    assert "too long" in page.content.decode()
    assert query in page.content.decode()
    assert not SavedView.objects.exists()


def test_a_name_is_needed(cs):
    response = cs.post(SAVE, {"query": "hold=any", "name": ""})
    assert "name" in response.context["form"].errors
    assert not SavedView.objects.exists()
