import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from unfold.templatetags.unfold_list import result_headers

from inventory.models import Sku
from oms.lib import admin as lists
from oms.lib.admin import BoundedPaginator, ConsoleAdmin
from oms.templatetags import changelist

pytestmark = pytest.mark.django_db


class SkuList(ConsoleAdmin):
    list_display = ["code", "name", "kind", "created_at", "shout"]
    search_fields = ["code"]
    list_filter = ["kind"]

    @admin.display(description="Shout")
    def shout(self, sku):
        return admin.utils.format_html("<b>{}</b>", sku.code)


@pytest.fixture
def skus():
    Sku.objects.bulk_create(Sku(code=f"A{n}", name="=SUM(1)", kind="digital" if n else "kit") for n in range(5))


@pytest.fixture
def export(rf, admin_user):
    def export(query="", user=admin_user):
        request = rf.get(f"/{query}")
        request.user = user
        answer = SkuList(Sku, admin.site).export_csv(request)
        return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    return export


def test_the_count_stops_at_its_bound(skus, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(lists, "MOST_COUNTED", 3)
    paginator = BoundedPaginator(Sku.objects.all(), 2)
    with django_assert_num_queries(1):
        assert (paginator.count, paginator.num_pages, paginator.is_capped) == (3, 2, True)
    assert len(paginator.page(2).object_list) == 1


def test_a_short_list_is_counted_whole(skus):
    paginator = BoundedPaginator(Sku.objects.all(), 2)
    assert (paginator.count, paginator.is_capped) == (5, False)


def test_the_export_has_the_rows_of_the_search_and_filters(skus, export):
    header, *rows = export("?kind__exact=digital&q=A3")
    assert header == "Code,Name,Kind,Created at,Shout"
    [cells] = [row.split(",") for row in rows]
    assert cells[:3] == ["A3", "'=SUM(1)", "Digital"]
    assert cells[4] == "A3"


def test_the_export_has_all_pages(skus, export, monkeypatch):
    monkeypatch.setattr(SkuList, "list_per_page", 2)
    assert len(export()) == 6


def test_who_may_not_see_the_list_gets_no_export(skus, export):
    with pytest.raises(PermissionDenied):
        export(user=AnonymousUser())


def test_a_row_shows_each_cell_as_people_write_it(admin_client, skus):
    Sku.objects.filter(code="A1").update(unit_cost="9.5", name="<i>Mug</i>")
    Sku.objects.filter(code="A2").update(unit_cost="0.125")
    page = admin_client.get("/admin/inventory/sku/?kind__exact=digital").content.decode()
    first, second = page.split('<tr class="data-row')[1:3]
    pk = Sku.objects.get(code="A1").pk
    assert f'href="/admin/inventory/sku/{pk}/change/?_changelist_filters=kind__exact%3Ddigital"' in first
    assert "&lt;i&gt;Mug&lt;/i&gt;" in first
    assert 'data-label="unit cost">9.50</td>' in first
    assert 'data-label="unit cost">0.125</td>' in second
    assert 'data-label="kind">Digital</td>' in first
    assert "<svg" in first or "material-symbols" in first  # is_active, as a sign


def test_an_empty_list_says_so_and_offers_what_helps(admin_client, skus):
    page = admin_client.get("/admin/inventory/sku/?q=nothing").content.decode()
    assert "Nothing matches" in page
    assert '<a class="oms-button" href="?">Show all SKUs</a>' in page
    assert 'href="add/">Add SKU</a>' in page
    assert "No lots yet" in admin_client.get("/admin/inventory/lot/").content.decode()


def test_the_headings_are_made_once_however_many_rows(admin_client, skus, monkeypatch):
    made = []
    monkeypatch.setattr(changelist, "result_headers", lambda cl: made.append(cl) or result_headers(cl))
    assert admin_client.get("/admin/inventory/sku/").content.count(b'<tr class="data-row') == 5
    assert len(made) == 1


def test_a_row_is_chosen_in_a_window_of_its_own(admin_client, skus):
    page = admin_client.get("/admin/inventory/sku/?_to_field=id&_popup=1").content.decode()
    sku = Sku.objects.get(code="A1")
    assert f'data-popup-opener="{sku.pk}"' in page
    empty = admin_client.get("/admin/inventory/sku/?_to_field=id&_popup=1&q=nothing").content.decode()
    assert 'href="?_popup=1">Show all SKUs</a>' in empty
    assert "data-popup-opener" not in admin_client.get("/admin/inventory/sku/").content.decode()
