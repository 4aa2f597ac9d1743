import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from oms.partners import authentication
from oms.partners.models import PartnerKey
from oms.partners.services.keys import create_key, restrict_key, revoke_key, rotate_key

LIST = "/api/v1/webhooks"


def status(key, scheme="Bearer"):
    return APIClient(headers={"Authorization": f"{scheme} {key}"}).get(LIST).status_code


def refusal(key, address="127.0.0.1"):
    answer = APIClient(headers={"Authorization": f"Bearer {key}"}, REMOTE_ADDR=address).get(LIST)
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["detail"]


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


def test_expired_key_is_refused(partner, time_machine):
    time_machine.move_to("2026-03-01T12:00Z")
    ends = timezone.now() + timezone.timedelta(hours=1)
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"], expires_at=ends)
    assert status(key) == 200
    time_machine.move_to("2026-03-01T13:01Z")
    assert refusal(key) == (401, "This API key expired on 2026-03-01 at 13:00 UTC.")


def test_key_that_would_have_ended_is_not_made(partner):
    with pytest.raises(Invalid, match="ended already"):
        create_key(partner, name="shop", scopes=["orders:read"], expires_at=timezone.now())
    assert not PartnerKey.objects.exists()


def test_partner_that_was_switched_off_is_refused(partner):
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    partner.is_active = False
    partner.save()
    assert refusal(key) == (401, "The access of Acme is switched off.")


def test_each_refusal_says_why(partner):
    row, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    PartnerKey.objects.update(revoked=True)
    assert refusal(key) == (401, "This API key was revoked.")
    assert refusal(f"{row.prefix}.{'x' * 32}") == (401, "This API key is unknown.")


@pytest.mark.parametrize(
    ("address", "is_let_in"),
    [
        ("192.0.2.9", True),
        ("::ffff:192.0.2.9", True),
        ("203.0.113.7", True),
        ("2001:db8::1", True),
        ("203.0.113.8", False),
        ("2001:db9::1", False),
        ("", False),
    ],
)
def test_key_works_only_from_its_networks(partner, address, is_let_in):
    networks = ["192.0.2.0/24", "203.0.113.7", "2001:db8::/32"]
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"], networks=networks)
    answer = APIClient(headers={"Authorization": f"Bearer {key}"}, REMOTE_ADDR=address).get(LIST)
    assert answer.status_code == (200 if is_let_in else 403)
    if not is_let_in:
        assert "may not be used from" in answer.json()["detail"]


def test_address_is_the_one_that_our_proxy_saw(partner, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"], networks=["192.0.2.0/24"])
    headers = {"Authorization": f"Bearer {key}", "X-Forwarded-For": "192.0.2.9, 203.0.113.8"}
    assert APIClient(headers=headers).get(LIST).status_code == 403, "what the caller says of itself does not count"
    headers["X-Forwarded-For"] = "203.0.113.8, 192.0.2.9"
    assert APIClient(headers=headers).get(LIST).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_networks_are_changed_at_once(make_partner):
    row, key = create_key(make_partner(), name="shop", scopes=["webhooks:read"])
    assert status(key) == 200
    restrict_key(row, networks=["192.0.2.0/24"], actor="user:1")
    assert refusal(key) == (403, "This API key may not be used from 127.0.0.1.")
    restrict_key(row, networks=[])
    assert status(key) == 200


@pytest.mark.parametrize("networks", [["192.0.2.1/24"], ["home"], [f"192.0.2.{n}" for n in range(51)]])
def test_what_is_no_network_is_refused(partner, networks):
    with pytest.raises(Invalid) as error:
        create_key(partner, name="shop", scopes=["orders:read"], networks=networks)
    assert error.value.field == "networks"
    assert not PartnerKey.objects.exists()


def test_rotated_key_works_until_the_new_one_is_in_place(partner, time_machine):
    row, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    _, new = rotate_key(row)
    assert status(key) == status(new) == 200
    time_machine.move_to(timezone.now() + timezone.timedelta(hours=25))
    authentication.forget_keys()
    assert [status(key), status(new)] == [401, 200]


def test_rotated_key_is_as_bound_as_the_old_one(partner):
    ends = timezone.now() + timezone.timedelta(days=90)
    fields = {"scopes": ["webhooks:read"], "networks": ["192.0.2.0/24"]}
    row, _ = create_key(partner, name="shop", expires_at=ends, **fields)
    new, _ = rotate_key(row)
    assert (new.networks, new.scopes) == (["192.0.2.0/24"], ["webhooks:read"])
    assert abs(new.expiry_date - ends) < timezone.timedelta(minutes=1)


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
