"""A parcel gets the carton that was proposed or chosen: its sides, its weight, and what to say when that is off."""

import pytest
from django.core.exceptions import ValidationError

from fulfilment.models import Carrier, CartonType, Parcel, ParcelCarton
from fulfilment.services import box, pack
from fulfilment.services.propose import MASKS, propose
from inventory.models import Sku
from oms.lib import doctor
from oms.lib.errors import Invalid, InvalidTransition
from orders.services import holds
from tests.fulfilment.make import ACTOR, confirmed, make_carton, make_shelf, picked, work_of
from tests.fulfilment.rates import publish
from tests.make import make_location
from tests.replay import replayed

pytestmark = pytest.mark.django_db
SIDES = {"length_mm": 100, "width_mm": 90, "height_mm": 80}


@pytest.fixture
@replayed
def at():
    """Two cups of 300 g in an open parcel, cartons S and L at the bench: (work, parcel, cup)."""
    location, (cup,) = make_shelf(9, **SIDES)
    make_carton("L", (400, 300, 250), weight_g=350)
    make_carton("S")
    order = confirmed((cup, 2))
    picked(order)
    pack.scan(work_of(order).pk, cup.code, actor=ACTOR)
    pack.scan(work_of(order).pk, cup.code, actor=ACTOR)
    return work_of(order), Parcel.objects.get(), cup


def sides(parcel):
    parcel.refresh_from_db()
    return (parcel.length_mm, parcel.width_mm, parcel.height_mm)


def test_the_smallest_carton_that_holds_all_is_proposed(at):
    work, parcel, cup = at
    bench = box.at_bench(work, parcel)
    assert (bench.carton.code, bench.parcels, bench.expected_g) == ("S", 1, 700)
    assert [carton.code for carton in bench.offered] == ["S", "L"]
    assert [sku for sku, _, _ in bench.fit.lies] == [cup, cup]


def test_what_is_still_in_the_tote_counts(at):
    work, _, cup = at
    assert propose(work, {cup: 4}).fits[0].carton.code == "L"


def test_a_closed_parcel_measures_what_its_carton_does(at):
    _, parcel, cup = at
    box.close(parcel.pk, actor=ACTOR)
    assert sides(parcel) == (206, 156, 126)
    row = ParcelCarton.objects.get()
    assert (parcel.weight_g, row.carton.code, row.proposed.code, row.expected_weight_g) == (700, "S", "S", 700)
    assert [piece[0] for piece in row.layout] == [cup.pk, cup.pk]


def test_another_carton_is_kept_beside_the_proposal(at):
    work, parcel, _ = at
    box.choose(parcel.pk, "L", actor=ACTOR)
    assert box.at_bench(work, parcel).expected_g == 950
    box.close(parcel.pk, actor=ACTOR)
    assert sides(parcel) == (406, 306, 256)
    assert ParcelCarton.objects.values_list("carton__code", "proposed__code").get() == ("L", "S")


def test_measured_sides_win(at):
    _, parcel, _ = at
    box.close(parcel.pk, size_mm=(500, 400, 300), actor=ACTOR)
    assert sides(parcel) == (500, 400, 300)
    assert ParcelCarton.objects.values_list("carton__code", "proposed__code").get() == (None, "S")


def test_an_opened_parcel_forgets_its_carton(at):
    _, parcel, _ = at
    box.close(parcel.pk, actor=ACTOR)
    pack.undo(parcel.lines.get().pk, actor=ACTOR)
    assert not ParcelCarton.objects.exists()
    box.close(parcel.pk, actor=ACTOR)
    assert len(ParcelCarton.objects.get().layout) == 1


@pytest.mark.parametrize(("weight_g", "is_off"), [(700, False), (770, False), (771, True), (630, False), (629, True)])
def test_a_clear_difference_in_weight_is_asked_about(at, weight_g, is_off):
    _, parcel, _ = at
    if is_off:
        with pytest.raises(box.OffWeight, match="700 g are expected"):
            box.close(parcel.pk, weight_g=weight_g, actor=ACTOR)
        parcel.refresh_from_db()
        assert (parcel.status, parcel.weight_g) == ("packing", None)
    box.close(parcel.pk, weight_g=weight_g, is_sure=is_off, actor=ACTOR)
    parcel.refresh_from_db()
    assert (parcel.status, parcel.weight_g) == ("packed", weight_g)


def test_an_order_on_hold_says_so_before_its_weight_is_asked_about(at):
    work, parcel, _ = at
    holds.put(work.order_id, "manual", "wrong address")
    with pytest.raises(InvalidTransition, match="on hold"):
        box.close(parcel.pk, weight_g=9000, actor=ACTOR)


def test_a_few_grams_are_no_difference(at):
    _, parcel, cup = at
    Sku.objects.filter(pk=cup.pk).update(weight_g=10)
    box.close(parcel.pk, weight_g=170, actor=ACTOR)  # 120 expected: 50 g more


def test_many_pieces_are_proposed_and_told_in_numbers(at):
    work, _, cup = at
    proposal = propose(work, {cup: 130})
    assert {fit.carton.code for fit in proposal.fits[:-1]} == {"L"}
    assert sum(pieces for fit in proposal.fits for _, pieces in fit.counts) == 130
    Sku.objects.filter(pk=cup.pk).update(length_mm=20, width_mm=20, height_mm=20, weight_g=1)
    [fit] = propose(work, {Sku.objects.get(): 130}).fits
    assert (fit.carton.code, fit.counts, fit.is_drawn) == ("S", [(cup, 130)], False)


def test_of_too_many_pieces_the_largest_cartons_are_offered(at, monkeypatch):
    work, parcel, _ = at
    for number in range(4):
        make_carton(f"L{number}", (500 + number, 300, 250))
    monkeypatch.setattr("fulfilment.services.propose.MOST_PIECES", 1)
    bench = box.at_bench(work, parcel)
    assert (bench.fit, bench.reason) == (None, "No carton is proposed: these are too many pieces.")
    assert [carton.code for carton in bench.offered] == ["L3", "L2", "L1", "L0"]


def test_nothing_is_proposed_for_unknown_sizes(at):
    work, parcel, cup = at
    Sku.objects.filter(pk=cup.pk).update(height_mm=0)
    bench = box.at_bench(work, parcel)
    assert (bench.fit, bench.carton, bench.reason) == (
        None,
        None,
        f"No carton is proposed: no size is known of {cup}.",
    )
    box.close(parcel.pk, actor=ACTOR)
    assert sides(parcel) == (None, None, None)
    assert not ParcelCarton.objects.exists()


def test_what_fits_nowhere_says_so(at):
    work, _, cup = at
    cup.length_mm = 900
    assert propose(work, {cup: 1}).reason == f"{cup} fits into no carton."


def test_several_parcels_where_one_does_not_do(at):
    work, _, cup = at
    CartonType.objects.filter(code="L").delete()
    assert [fit.carton.code for fit in propose(work, {cup: 4}).fits] == ["S", "S"]


def test_only_cartons_of_the_place_are_taken(at):
    _, parcel, _ = at
    make_carton("X").locations.add(make_location())
    make_carton("Y", is_active=False)
    for code in ("X", "Y", "Z"):
        with pytest.raises(Invalid, match="no carton"):
            box.choose(parcel.pk, code, actor=ACTOR)
    box.close(parcel.pk, actor=ACTOR)
    with pytest.raises(InvalidTransition):
        box.choose(parcel.pk, "L", actor=ACTOR)


def test_carton_and_label_are_priced_together(at):
    work, _, cup = at
    CartonType.objects.filter(code="S").update(price="0.90")
    assert propose(work, {cup: 2}).fits[0].carton.code == "L"  # it costs nothing
    carrier = Carrier.objects.create(code="POST", name="Post", plugin="rate_table")
    service = {"code": "std", "breaks": ["1", "5", "50"], "prices": {"all": ["3.00", "5.00", "20.00"]}, "days": 1}
    zones = [{"from": ["*"], "to": ["*"], "zone": "all"}]
    publish(carrier, {"zones": zones, "services": [service], "dimensional": {"divisor": 5000}})
    assert propose(work, {cup: 2}).fits[0].carton.code == "S"  # L is charged as if it weighed 6 kg


def test_a_mailer_is_as_thick_as_its_goods(at):
    work, parcel, cup = at
    make_carton("M", (300, 250, 120), kind="mailer", weight_g=20)
    Sku.objects.filter(pk=cup.pk).update(height_mm=25)
    CartonType.objects.filter(code__in="SL").delete()
    box.close(parcel.pk, actor=ACTOR)
    assert sides(parcel) == (306, 256, 30)


@pytest.mark.parametrize("rotation", Sku.Rotation.values)
def test_every_rotation_has_its_mask(rotation):
    assert 0 < MASKS[rotation] < 64


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"inner": (0, 1, 1)}, "Inner sides"),
        ({"outer_width_mm": 99}, "Inner sides"),
        ({"kind": "mailer"}, "thinner"),
        ({"weight_g": 100, "max_weight_g": 100}, "holds more"),
    ],
)
def test_cartons_that_cannot_be_are_refused(fields, why):
    carton = make_carton("OK")
    inner = fields.pop("inner", (100, 100, 120))
    for name, size in zip(("length", "width", "height"), inner, strict=True):
        setattr(carton, f"inner_{name}_mm", size)
    for name, value in fields.items():
        setattr(carton, name, value)
    with pytest.raises(ValidationError, match=why):
        carton.full_clean()


@pytest.mark.corrupt
@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda: Parcel.objects.update(length_mm=1), "measures (1, 156, 126)"),
        (lambda: ParcelCarton.objects.update(layout=[[1, 0, 0, 0, 1, 1, 1]]), "holds 2 pieces"),
    ],
)
def test_the_doctor_sees_a_parcel_that_is_not_as_drawn(at, corrupt, said):
    box.close(at[1].pk, actor=ACTOR)
    corrupt()
    found = [one for finding in doctor.run(only=21, snapshot=False) for one in finding.violations]
    assert [said in one.message for one in found] == [True]
