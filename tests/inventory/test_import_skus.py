import gzip
import json

import pytest
from django.core.management import CommandError, call_command

from inventory.models import KitComponent, Sku, SkuBarcode
from inventory.services import stock
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db

TABLE = """\
code,name,kind,barcodes,weight_g,length_mm,unit_cost,tax_class,is_fragile,components
MUG,Mug with a handle,physical,4006381333931|14006381333938:6,310,95,"2,1250",standard,yes,
SET,Six mugs,kit,,,,,reduced,,MUG:6|CARD
CARD,Greeting card,,,,,0.3,reduced,,
"""


@pytest.fixture
def import_skus(tmp_path, capsys):
    """Return `import_skus(table, *options)`, which returns the report."""

    def import_skus(table, *options, name="skus.csv"):
        path = tmp_path / name
        path.write_bytes(table if isinstance(table, bytes) else table.encode())
        call_command("import_skus", path, "--json", *options)
        return json.loads(capsys.readouterr().out)

    return import_skus


def parts(code):
    return dict(KitComponent.objects.filter(kit__code=code).values_list("component__code", "quantity"))


def barcodes(code):
    return dict(SkuBarcode.objects.filter(sku__code=code).values_list("code", "pieces"))


def test_skus_with_all_they_have_are_made(import_skus):
    report = import_skus(TABLE)
    assert report == {"rows": 3, "created": 3, "changed": 0, "unchanged": 0, "refused": [], "dry_run": False}
    mug = Sku.objects.get(code="MUG")
    assert (mug.name, mug.weight_g, mug.length_mm, str(mug.unit_cost)) == ("Mug with a handle", 310, 95, "2.1250")
    assert mug.is_fragile
    assert barcodes("MUG") == {"4006381333931": 1, "14006381333938": 6}
    assert Sku.objects.get(code="SET").is_kit
    assert parts("SET") == {"MUG": 6, "CARD": 1}, "named before the card's own row"
    assert Sku.objects.get(code="CARD").kind == Sku.Kind.PHYSICAL


def test_the_same_table_again_changes_nothing(import_skus):
    import_skus(TABLE)
    assert import_skus(TABLE)["unchanged"] == 3


def test_only_the_columns_and_cells_given_are_changed(import_skus):
    import_skus(TABLE)
    report = import_skus("code,weight_g,name\nmug,320,\nCARD,,\n")
    assert (report["changed"], report["unchanged"]) == (1, 1)
    mug = Sku.objects.get(code="MUG")
    assert (mug.weight_g, mug.name, len(barcodes("MUG"))) == (320, "Mug with a handle", 2)


def test_barcodes_and_components_replace_those_before(import_skus):
    import_skus(TABLE)
    report = import_skus("code,barcodes,components\nMUG,4006381333931:2,\nSET,,MUG:4\n")
    assert report["changed"] == 2
    assert barcodes("MUG") == {"4006381333931": 2}
    assert parts("SET") == {"MUG": 4}


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("X,,,,", "name: X is new and needs a name."),
        (",No code,,,", "code: give a code of letters, digits and signs."),
        ("ÄX,Umlaut,,,", "code: give a code of letters, digits and signs."),
        ("mug,Again,,,", "code: mug stands in line 2 too."),
        ("X,X,toy,,", "kind: 'toy' is none of physical, digital, service, kit."),
        ("X,X,,-1,", "weight_g: '-1' is not a whole number from 0 to 100,000,000."),
        ("X,X,,1.5,", "weight_g: '1.5' is not a whole number from 0 to 100,000,000."),
        ("X,X,,,1:0", "barcodes: write CODE:pieces|CODE:pieces, each code once, not '1:0'."),
        ("X,X,,,1|1", "barcodes: write CODE:pieces|CODE:pieces, each code once, not '1|1'."),
        ("X,X,,,TAKEN", "barcodes: TAKEN belongs to OLD."),
        ("X,X\u202e,,,", "Control and text-direction characters are not allowed."),
        ("X,X", "2 cells where the first line has 5."),
    ],
)
def test_a_bad_row_says_why_and_the_others_are_taken(import_skus, cells, why):
    SkuBarcode.objects.create(sku=make_sku(code="OLD"), code="TAKEN")
    report = import_skus(f"code,name,kind,weight_g,barcodes\nMUG,Mug,,,\n{cells}\nCUP,Cup,,,\n")
    assert report["refused"] == [{"line": 3, "why": why}]
    assert report["created"] == 2
    assert set(Sku.objects.values_list("code", flat=True)) == {"OLD", "MUG", "CUP"}


@pytest.mark.parametrize(
    ("kind", "components", "why"),
    [
        ("physical", "MUG", "components: SET is no kit; say so in the column kind."),
        ("kit", "NONE", "components: NONE is no SKU that can be a part."),
        ("kit", "SET", "components: SET is no SKU that can be a part."),
    ],
)
def test_a_kit_of_nonsense_is_refused_whole(import_skus, kind, components, why):
    report = import_skus(f"code,name,kind,components\nSET,Set,{kind},{components}\nMUG,Mug,physical,\n")
    assert report["refused"] == [{"line": 2, "why": why}]
    assert list(Sku.objects.values_list("code", flat=True)) == ["MUG"]


def test_goods_with_stock_do_not_become_a_kit(import_skus):
    stock.receive(make_sku(code="MUG"), make_location(), 1)
    [refused] = import_skus("code,kind\nMUG,kit\n")["refused"]
    assert "has stock" in refused["why"]


def test_goods_that_are_made_to_order_do_not_become_a_kit(import_skus):
    make_sku(code="SIGN", made_at=make_location(), made_in_days=5)
    report = import_skus("code,kind\nSIGN,kit\n")
    assert "is made to order and stays physical" in str(report)
    assert Sku.objects.get().kind == "physical"


def test_a_dry_run_says_the_same_and_changes_nothing(import_skus):
    report = import_skus(TABLE, "--dry-run")
    assert (report["created"], report["dry_run"]) == (3, True)
    assert not Sku.objects.exists()


def test_a_packed_table_of_many_rows_takes_few_queries(import_skus, django_assert_max_num_queries):
    rows = "".join(f"S{n},Thing {n},{n}\n" for n in range(400))
    with django_assert_max_num_queries(30):
        report = import_skus(gzip.compress(f"code,name,barcodes\n{rows}".encode()), name="skus.csv.gz")
    assert report["created"] == 400


def test_people_read_the_report_too(tmp_path, capsys):
    path = tmp_path / "skus.csv"
    path.write_text("code,name\nMUG,Mug\nX,\n")
    call_command("import_skus", path)
    out, err = capsys.readouterr()
    assert out == "2 rows, 1 created, 0 changed, 0 unchanged, 1 refused.\n"
    assert err == "line 3: name: X is new and needs a name.\n"


def test_a_file_that_is_none_is_an_error_in_words(tmp_path, import_skus):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_skus", tmp_path / "none.csv")
    with pytest.raises(CommandError, match="lacks the column code"):
        import_skus("sku\nMUG\n")
