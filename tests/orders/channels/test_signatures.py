import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from oms.partners.signatures import BadSignature
from orders.channels.signatures import is_ping, verify

BODY = b'{"id": 1}'


def signed(body=BODY, secret="s3cret"):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_shopify_signs_with_base64_and_names_delivery_and_topic():
    headers = {"x-shopify-hmac-sha256": signed(), "x-shopify-webhook-id": "w1", "x-shopify-topic": "orders/create"}
    assert verify("shopify", "s3cret", BODY, headers) == ("w1", "orders/create")


def test_woocommerce_signs_likewise_under_its_own_names():
    headers = {"x-wc-webhook-signature": signed(), "x-wc-webhook-topic": "order.updated"}
    assert verify("woocommerce", "s3cret", BODY, headers) == ("", "order.updated")


def test_orders_that_woocommerce_sends_in_one_second_are_two_deliveries():
    def delivery(body):
        headers = {"x-wc-webhook-signature": signed(body), "x-wc-webhook-delivery-id": "d1"}
        return verify("woocommerce", "s3cret", body, headers)[0]

    assert delivery(BODY) == delivery(BODY) != delivery(b'{"id": 2}')


def test_bigcommerce_signs_by_the_standard_with_its_client_secret():
    now = datetime.now(UTC)
    signature = Webhook(base64.b64encode(b"s3cret").decode()).sign("m1", now, BODY.decode())
    headers = {"webhook-id": "m1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    assert verify("bigcommerce", "s3cret", BODY, headers) == ("m1", "")
    with pytest.raises(BadSignature):
        verify("bigcommerce", "s3cret", BODY + b" ", headers)


@pytest.mark.parametrize("kind", ["magento", "ebay", "amazon", "bigcommerce"])
def test_who_signs_nothing_sends_the_secret_in_a_header(kind):
    assert verify(kind, "s3cret", BODY, {"x-webhook-secret": "s3cret", "x-webhook-id": "7"}) == ("7", "")
    with pytest.raises(BadSignature):
        verify(kind, "s3cret", BODY, {"x-webhook-secret": "s3cre"})


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-shopify-hmac-sha256": signed(b"{}")}, {"x-shopify-hmac-sha256": signed(secret="other")}]
    + [{"x-shopify-hmac-sha256": "é"}, {"x-wc-webhook-signature": signed()}],
)
def test_what_is_not_signed_over_the_raw_body_is_refused(headers):
    with pytest.raises(BadSignature):
        verify("shopify", "s3cret", BODY, headers)


def test_without_a_secret_nothing_is_proven():
    with pytest.raises(BadSignature):
        verify("magento", "", BODY, {"x-webhook-secret": ""})


def test_only_woocommerce_asks_unsigned_whether_somebody_is_there():
    assert is_ping("woocommerce", b"webhook_id=7", {})
    assert not is_ping("woocommerce", BODY, {})
    assert not is_ping("shopify", b"webhook_id=7", {})
