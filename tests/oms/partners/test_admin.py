import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from rest_framework.test import APIClient

from oms.partners.models import PartnerKey, WebhookEndpoint
from oms.partners.scopes import SCOPES
from oms.partners.services.keys import create_key
from oms.partners.services.webhooks import add_endpoint

SUBMIT = {"_form_submitted": "on"}


def log_in(*permissions):
    user = User.objects.create_user("ann", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ann(db):
    names = ("partner", "partnerkey", "webhookendpoint", "inboundmessage")
    return log_in(*(f"{verb}_{name}" for verb in ("view", "change") for name in names), "view_delivery")


def key_in(answer):
    return re.search(r"<code[^>]*>([^<]+)</code>", answer.content.decode())[1]


def status(key):
    return APIClient(headers={"Authorization": f"Bearer {key}"}).get("/api/v1/webhooks").status_code


def test_pages_open(ann, partner):
    row, _ = create_key(partner, name="shop", scopes=["orders:read"])
    endpoint = add_endpoint(partner, url="https://example.com/", events=["*"])
    for address in (
        "partner/",
        f"partner/{partner.pk}/change/",
        "partnerkey/",
        f"partnerkey/{row.pk}/change/",
        "webhookendpoint/",
        f"webhookendpoint/{endpoint.pk}/change/",
        "inboundmessage/",
    ):
        page = ann.get(f"/admin/partners/{address}", follow=True)
        assert page.status_code == 200, address
        assert row.hashed_key not in page.content.decode()
        assert endpoint.secret not in page.content.decode()


def test_key_is_shown_once_and_works(ann, partner):
    address = f"/admin/partners/partner/{partner.pk}/new_key/"
    assert "stock:write" in ann.get(address).content.decode()
    key = key_in(ann.post(address, SUBMIT | {"name": "shop", "scopes": ["webhooks:read"]}))
    assert status(key) == 200
    assert key not in ann.get(f"/admin/partners/partner/{partner.pk}/change/").content.decode()


def test_key_without_scopes_is_not_made(ann, partner):
    ann.post(f"/admin/partners/partner/{partner.pk}/new_key/", SUBMIT | {"name": "shop"})
    assert not PartnerKey.objects.exists()


@pytest.mark.parametrize(
    ("used_by", "may", "may_not"),
    [
        ("channel", {"orders:write", "returns:write", "stock:read"}, {"fulfilment:write", "stock:write"}),
        ("3pl", {"fulfilment:write", "stock:write", "transfers:write"}, {"orders:write", "purchases:write"}),
        ("supplier", {"fulfilment:write", "purchases:write"}, {"orders:read", "stock:write"}),
        ("reader", {"orders:read", "documents:read"}, {name for name in SCOPES if name.endswith(":write")}),
    ],
)
def test_key_for_a_kind_of_partner_may_what_its_programs_need_and_what_is_ticked(ann, partner, used_by, may, may_not):
    extra = "purchases:read" if used_by == "channel" else "usage:read"
    data = SUBMIT | {"name": "shop", "used_by": used_by, "scopes": [extra]}
    key_in(ann.post(f"/admin/partners/partner/{partner.pk}/new_key/", data))
    scopes = set(PartnerKey.objects.get().scopes)
    assert may | {extra} <= scopes
    assert not may_not & scopes


def test_key_with_an_end_and_addresses(ann, partner):
    address = f"/admin/partners/partner/{partner.pk}/new_key/"
    data = SUBMIT | {"name": "shop", "scopes": ["webhooks:read"], "expires_at": "2100-01-01T00:00"}
    key = key_in(ann.post(address, data | {"networks": "192.0.2.0/24, 127.0.0.1"}))
    assert status(key) == 200
    row = PartnerKey.objects.get()
    assert (row.expiry_date.year, row.networks) == (2100, ["127.0.0.1/32", "192.0.2.0/24"])
    page = ann.post(address, data | {"networks": "home"}, follow=True)
    assert "Not a network such as" in page.content.decode()
    assert PartnerKey.objects.count() == 1


def test_rotate_shows_the_new_key(ann, partner):
    row, old = create_key(partner, name="shop", scopes=["webhooks:read"])
    new = key_in(ann.post(f"/admin/partners/partnerkey/{row.pk}/rotate/", SUBMIT))
    assert status(old) == status(new) == 200
    assert new != old


@pytest.mark.django_db(transaction=True)
def test_revoke_ends_it_at_once(make_partner):
    ann = log_in("view_partnerkey", "change_partnerkey")
    row, key = create_key(make_partner(), name="shop", scopes=["webhooks:read"])
    assert status(key) == 200
    ann.post(f"/admin/partners/partnerkey/{row.pk}/revoke/", SUBMIT)
    assert status(key) == 401


def test_switching_a_partner_off_ends_its_keys_at_once(ann, partner):
    _, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    assert status(key) == 200
    ann.post(f"/admin/partners/partner/{partner.pk}/change/", form(ann, partner) | {"code": "ACME", "name": "Acme"})
    partner.refresh_from_db()
    assert not partner.is_active
    assert status(key) == 401


def form(client, partner):
    """The hidden fields of the partner's page; without a tick it is switched off."""
    page = client.get(f"/admin/partners/partner/{partner.pk}/change/").content.decode()
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_endpoint_is_made_and_refusal_told(ann, partner):
    address = f"/admin/partners/partner/{partner.pk}/new_endpoint/"
    secret = key_in(ann.post(address, SUBMIT | {"url": "https://example.com/", "events": ["order.placed"]}))
    assert WebhookEndpoint.objects.get().secret == secret
    page = ann.post(address, SUBMIT | {"url": "http://10.0.0.1/", "events": ["*"]}, follow=True)
    assert "Only https addresses are called." in page.content.decode()
    assert WebhookEndpoint.objects.count() == 1


def test_who_may_only_look_makes_no_key(partner):
    ann = log_in("view_partner", "view_partnerkey")
    row, _ = create_key(partner, name="shop", scopes=["webhooks:read"])
    data = SUBMIT | {"name": "mine", "scopes": ["webhooks:read"]}
    assert ann.post(f"/admin/partners/partner/{partner.pk}/new_key/", data).status_code == 403
    assert ann.post(f"/admin/partners/partnerkey/{row.pk}/revoke/", SUBMIT).status_code == 403
    assert list(PartnerKey.objects.values_list("revoked", flat=True)) == [False]
