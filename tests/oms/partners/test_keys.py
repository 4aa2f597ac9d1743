import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from oms.partners import authentication
from oms.partners.models import PartnerKey
from oms.partners.services.keys import create_key, revoke_key, rotate_key

LIST = "/api/v1/webhooks"


def status(key, scheme="Bearer"):
    return APIClient(headers={"Authorization": f"{scheme} {key}"}).get(LIST).status_code


@pytest.fixture
def partner(make_partner):
    return make_partner()


def test_key_opens_what_its_scopes_say(partner):
    row, key = create_key(partner, name="shop", scopes=["webhooks:read"], actor="user:1")
    assert status(key) == status(key, "Api-Key") == 200
    answer = APIClient(headers={"Authorization": f"Bearer {key}"}).post(LIST, {})
    assert answer.status_code == 403
    assert "webhooks:write" in answer.json()["detail"]
    assert key not in str(PartnerKey.objects.values()), "only its hash is kept"
    assert Event.objects.get(name="key.created").data == {"key": row.prefix}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer a.b", "Bearer \u00e4.b", "Basic YTpi", "Bearer a.b%00"]
)
def test_anybody_else_is_refused(partner, header):
    answer = APIClient(headers={"Authorization": header}).get(LIST)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Content-Type"] == "application/problem+json"


def test_right_prefix_with_wrong_secret_is_refused(partner):
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    assert status(key[:-1] + ("x" if key[-1] != "x" else "y")) == 401


@pytest.mark.django_db(transaction=True)
def test_revoked_key_is_refused_at_once(make_partner):
    row, key = create_key(make_partner(), name="shop", scopes=["webhooks:read"])
    assert status(key) == 200
    revoke_key(row, actor="user:1")
    revoke_key(row, actor="user:1")
    assert status(key) == 401
    assert Event.objects.filter(name="key.revoked").count() == 1


def test_key_revoked_elsewhere_is_refused_within_a_minute(partner, monkeypatch):
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    now = 1000.0
    monkeypatch.setattr(authentication, "monotonic", lambda: now)
    assert status(key) == 200
    PartnerKey.objects.update(revoked=True)
    now += 60
    assert status(key) == 401


def test_look_up_is_kept(partner, django_assert_num_queries):
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    client = APIClient(headers={"Authorization": f"Bearer {key}"})
    client.get(LIST)
    with django_assert_num_queries(1):
        client.get(LIST)


def test_expired_key_is_refused(partner):
    ends = timezone.now() - timezone.timedelta(seconds=1)
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"], expires_at=ends)
    assert status(key) == 401


def test_partner_that_was_switched_off_is_refused(partner):
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    partner.is_active = False
    partner.save()
    assert status(key) == 401


def test_rotated_key_works_until_the_new_one_is_in_place(partner, time_machine):
    row, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    _, new = rotate_key(row)
    assert status(key) == status(new) == 200
    time_machine.move_to(timezone.now() + timezone.timedelta(hours=25))
    authentication.forget_keys()
    assert [status(key), status(new)] == [401, 200]


def test_revoked_key_is_not_rotated(partner):
    row, _ = create_key(partner, name="shop", scopes=["webhooks:read"])
    revoke_key(row)
    row.refresh_from_db()
    with pytest.raises(InvalidTransition, match="create a new one"):
        rotate_key(row)
    assert PartnerKey.objects.count() == 1


@pytest.mark.parametrize("scopes", [[], ["orders:read", "everything"]])
def test_unknown_scope_makes_no_key(partner, scopes):
    with pytest.raises(Invalid, match="Unknown scope"):
        create_key(partner, name="shop", scopes=scopes)
    assert not PartnerKey.objects.exists()
