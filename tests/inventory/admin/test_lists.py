import pytest

from inventory.models import KitComponent, PickFace, Sku, SkuBarcode, StockLevel
from inventory.services import counts, draft_transfer, refill, stock
from tests.fulfilment.make import make_bin
from tests.make import make_location, make_sku, numbers

pytestmark = pytest.mark.django_db

LISTS = ["sku", "location", "bin", "stocklevel", "stockentry", "countsession", "transfer", "pickface", "refilltask"]


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    sku = make_sku(10, berlin, code="MUG")
    SkuBarcode.objects.create(sku=sku, code="4006381333931")
    return sku


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_exports_and_takes_no_more_queries_for_more_rows(
    admin_client, mug, berlin, name, django_assert_max_num_queries
):
    def add():
        counts.post_count(counts.open_count(make_location(), actor="user:1").pk)
        draft_transfer.draft(berlin, make_location(), lines={mug: 1})
        shelf, bulk = (make_bin(berlin, f"{kind}-{next(numbers)}", kind=kind) for kind in ("shelf", "bulk"))
        stock.receive(mug, berlin, 9, bin=bulk)
        PickFace.objects.create(sku=mug, bin=shelf, minimum=2, maximum=9)
        refill.make_due()
        make_sku(1, berlin)

    add()
    assert admin_client.get(f"/admin/inventory/{name}/").status_code == 200
    for _ in range(5):
        add()
    with django_assert_max_num_queries(25):
        assert admin_client.get(f"/admin/inventory/{name}/").status_code == 200
    rows = b"".join(admin_client.get(f"/admin/inventory/{name}/export/")).decode().splitlines()
    assert len(rows) > 6


@pytest.mark.parametrize("name", ["stocklevel", "stockentry", "countsession", "transfer"])
def test_what_services_write_is_only_shown(admin_client, mug, name):
    assert admin_client.get(f"/admin/inventory/{name}/add/").status_code == 403


def test_a_sku_is_found_by_its_barcode(admin_client, mug):
    make_sku(code="TEACUP")
    page = admin_client.get("/admin/inventory/sku/?q=4006381333931").content.decode()
    assert "MUG" in page
    assert "TEACUP" not in page


def test_levels_are_narrowed_by_availability(admin_client, mug, berlin):
    stock.set_safety(mug, berlin, 20)
    make_sku(3, berlin, code="TEACUP")
    page = admin_client.get("/admin/inventory/stocklevel/?available=eaten").content.decode()
    assert "MUG" in page
    assert "TEACUP" not in page


def test_what_is_on_hand_leads_to_its_ledger(admin_client, mug, berlin):
    page = admin_client.get("/admin/inventory/stocklevel/").content.decode()
    address = f"/admin/inventory/stockentry/?sku__id__exact={mug.pk}&location__id__exact={berlin.pk}"
    assert f'href="{address}">10</a>' in page.replace("&amp;", "&")
    assert admin_client.get(address).status_code == 200


def test_orders_of_the_day_are_shown_where_a_day_is_limited(admin_client, berlin):
    url = "/admin/inventory/location/"
    assert "rders of the day" not in admin_client.get(url).content.decode()
    make_location("HAM", daily_capacity=20)
    assert "0 of 20" in admin_client.get(url).content.decode()


def sku_form(**fields):
    data = {"code": "SET", "name": "Set", "kind": "kit", "tax_class": "standard", "unit_cost": "0", "attributes": "{}"}
    data |= {"tracking": "none", "analogue_scale": "1", "rotation": "any"}
    numbers = dict.fromkeys(["weight_g", "length_mm", "width_mm", "height_mm"], 0)
    for prefix in ("barcodes", "components"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return data | numbers | fields


def test_a_kit_is_made_of_goods_but_not_of_kits(admin_client, mug):
    part = {"components-TOTAL_FORMS": 1, "components-0-component": mug.pk, "components-0-quantity": 2}
    admin_client.post("/admin/inventory/sku/add/", sku_form(**part))
    kit = Sku.objects.get(code="SET")
    assert KitComponent.objects.get(kit=kit).quantity == 2
    nested = sku_form(code="SETS", **part | {"components-0-component": kit.pk})
    assert "cannot be a part" in admin_client.post("/admin/inventory/sku/add/", nested).content.decode()
    assert not Sku.objects.filter(code="SETS").exists()


def test_a_sku_is_said_to_sell_like_another(admin_client, mug):
    new = sku_form(code="TEACUP", kind="physical", analogue=mug.pk, analogue_scale="1.5")
    admin_client.post("/admin/inventory/sku/add/", new)
    sku = Sku.objects.get(code="TEACUP")
    assert (sku.analogue, str(sku.analogue_scale)) == (mug, "1.50")
    admin_client.post(f"/admin/inventory/sku/{sku.pk}/change/", new | {"analogue": sku.pk})
    sku.refresh_from_db()
    assert sku.analogue == mug


def test_a_level_is_rebuilt_from_its_ledger(admin_client, mug):
    StockLevel.objects.update(on_hand=99)
    row = StockLevel.objects.get()
    answer = admin_client.post("/admin/inventory/stocklevel/", {"action": "rebuild", "_selected_action": [row.pk]})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.on_hand == 10
