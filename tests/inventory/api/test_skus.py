import pytest

from inventory.models import KitComponent, SkuBarcode
from tests.make import make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(call_as, make_partner):
    return call_as(make_partner(), ["stock:read"])


def test_a_sku_is_read_by_its_code_in_any_case(client):
    mug = make_sku(code="MUG/1 blue", unit_cost=7, hs_code="6912")
    SkuBarcode.objects.create(sku=mug, code="4006381333931", pieces=6)
    cup = make_sku(code="CUP", kind="kit")
    KitComponent.objects.create(kit=cup, component=mug, quantity=2)
    found = client.get("/api/v1/skus/cup").json()
    assert found["components"] == [{"sku": "MUG/1 blue", "quantity": 2}]
    [found] = client.get("/api/v1/skus", {"code": "mug/1 BLUE"}).json()["results"]
    assert found["barcodes"] == [{"code": "4006381333931", "pieces": 6}]
    assert (found["hs_code"], found["kind"]) == ("6912", "physical")
    assert "unit_cost" not in found, "what we pay is nobody else's business"


def test_the_list_is_narrowed_by_barcode_kind_and_activity(client):
    mug = make_sku(code="MUG")
    SkuBarcode.objects.create(sku=mug, code="ABC1")
    make_sku(code="PDF", kind="digital")
    make_sku(code="OLD", is_active=False)

    def codes(**query):
        return [row["code"] for row in client.get("/api/v1/skus", query).json()["results"]]

    assert codes() == ["OLD", "PDF", "MUG"]
    assert codes(barcode="abc1") == ["MUG"]
    assert codes(kind="digital") == ["PDF"]
    assert codes(is_active="false") == ["OLD"]


def test_an_unknown_sku_is_404(client):
    answer = client.get("/api/v1/skus/none")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["skus", "skus/MUG", "stock-levels"])
def test_a_key_without_the_scope_is_refused(call_as, make_partner, path):
    assert call_as(make_partner(), ["orders:read"]).get(f"/api/v1/{path}").status_code == 403


def test_a_longer_list_takes_no_more_queries(client, django_assert_num_queries):
    def add():
        kit = make_sku(kind="kit")
        KitComponent.objects.create(kit=kit, component=make_sku(), quantity=1)
        SkuBarcode.objects.create(sku=kit, code=kit.code)

    add()
    client.get("/api/v1/skus")
    with django_assert_num_queries(3):
        client.get("/api/v1/skus")
    for _ in range(10):
        add()
    with django_assert_num_queries(3):
        assert len(client.get("/api/v1/skus").json()["results"]) == 22
