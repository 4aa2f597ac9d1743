from collections import Counter
from datetime import timedelta
from decimal import Decimal

from django.db.models import CharField, Count, Exists, F, Min, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from fulfilment.models import (
    AddressCheck,
    CarrierCollection,
    CarrierManifest,
    FulfilmentLine,
    FulfilmentOrder,
    Label,
    Parcel,
    ParcelCarton,
    ParcelCase,
    ParcelLine,
    PickList,
    Postage,
    PrintJob,
    TrackingEvent,
    Wave,
    WaveOrder,
)
from inventory.models import Serial, Sku, StockEntry
from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from oms.outbox.models import Event
from oms.papers.models import Document
from orders.models import Allocation, Hold, Order

Status = FulfilmentOrder.Status
AT_ONCE = 1000
KEY = "ship:parcel_line:"
FLOOR = [Allocation.Status.ON_FLOOR, Allocation.Status.PICKED]


@check(7, "each shipped parcel line has its ledger entry")
def shipped_is_booked():
    """Take the shipment back on the floor's page "Shipped" and ship it again; one that was handed over is
    corrected by an adjustment of its SKU with the reason "other"."""
    key = Concat(
        Value(KEY),
        Cast(OuterRef("pk"), CharField()),
        Value(":"),
        Cast(OuterRef("parcel__shipments"), CharField()),
        output_field=CharField(),
    )
    entry = StockEntry.objects.filter(
        key=key,
        sku=OuterRef("sku"),
        location=OuterRef("parcel__fulfilment_order__location"),
        delta=0 - OuterRef("quantity"),
    )
    rows = ParcelLine.objects.filter(
        parcel__status__in=Parcel.GONE,
        parcel__fulfilment_order__location__tracks_stock=True,
        sku__kind=Sku.Kind.PHYSICAL,
    ).exclude(Exists(entry))
    for row in rows.select_related("sku", "parcel__order").iterator():
        yield Violation(
            7, f"parcel {row.parcel} of order {row.parcel.order}", f"{row.quantity} × {row.sku} left unbooked"
        )


@check(7, "each shipped serial is in a parcel that left")
def serials_are_in_parcels():
    """Look at the order's parcels and the serial's trace in the console; scan what is really there."""
    gone = Parcel.objects.filter(status__in=Parcel.GONE, lines__sku=OuterRef("sku")).annotate(
        order_subject=Concat(Value("order:"), Cast("order_id", CharField()), output_field=CharField())
    )
    lost = Serial.objects.filter(state=Serial.State.SHIPPED).exclude(
        Exists(gone.filter(order_subject=OuterRef("subject")))
    )
    for serial in lost.select_related("sku").order_by("pk").iterator():
        yield Violation(7, f"serial {serial} of {serial.sku}", f"left for {serial.subject}, in no parcel that left")


@check(7, "each booked shipment is a parcel line that left")
def booked_is_shipped():
    """Look at the order's parcels: what did not leave is put right by an adjustment with the reason "found"."""
    entries = StockEntry.objects.filter(reason="ship", bucket=StockEntry.Bucket.ON_HAND).order_by("pk")
    for chunk in chunks(entries.values_list("pk", "key", "subject").iterator(AT_ONCE), AT_ONCE):
        yield from _unfounded(chunk)


def _unfounded(entries):
    """Of ship entries [(pk, key, subject)], a Violation each that neither a parcel nor an unship entry explains."""
    lines = {pk: _parts(key) for pk, key, _ in entries}
    wanted = {parts[0] for parts in lines.values() if parts}
    rows = ParcelLine.objects.filter(pk__in=wanted).values_list("pk", "parcel__shipments", "parcel__status")
    last = {pk: shipments if status in Parcel.GONE else None for pk, shipments, status in rows}
    undone = {key.replace("ship:", "unship:", 1) for _, key, _ in entries if key}
    undone = set(StockEntry.objects.filter(key__in=undone).values_list("key", flat=True))
    for pk, key, subject in entries:
        parts = lines[pk]
        is_last = bool(parts) and last.get(parts[0]) == parts[1]
        if not is_last and (key or "").replace("ship:", "unship:", 1) not in undone:
            yield Violation(7, f"ledger entry {pk} of {subject}", "books a shipment of no parcel that left")


def _parts(key):
    """Return (parcel line id, which shipment) of a ledger key, or None when it is none of ours."""
    line, _, shipment = (key or "").removeprefix(KEY).partition(":")
    return (int(line), int(shipment)) if (key or "").startswith(KEY) and line.isdigit() and shipment.isdigit() else None


@check(13, "fulfilment orders went through legal states")
def legal_work():
    """Read the order's timeline: the first step that does not follow from the one before is at fault."""
    names = [f"fulfilment.{status}" for status in Status.values]
    names += ["fulfilment.split", "order.shipped", "order.unshipped", "order.ready_for_pickup", "order.rejected"]
    events = Event.objects.filter(name__in=names, data__has_key="now").order_by("pk")
    rows = FulfilmentOrder.objects.order_by("pk").values_list("pk", "order", "status")
    for chunk in chunks(rows.iterator(AT_ONCE), AT_ONCE):
        subjects = {f"order:{order}" for _, order, _ in chunk}
        yield from _illegal({pk: status for pk, _, status in chunk}, events.filter(subject__in=subjects))


def _illegal(statuses, events):
    """Of fulfilment orders {id: status}, a Violation for each step of `events` that was not theirs to take."""
    last = {}
    for data in events.values_list("data", flat=True):
        pk, was, now = data["fulfilment_order"], data["was"], data["now"]
        begins = pk not in last and was == "" and (now == Status.OPEN or "split_from" in data)
        if pk in statuses and not begins and (last.get(pk) != was or now not in FulfilmentOrder.NEXT.get(was, ())):
            yield Violation(13, f"fulfilment order F{pk}", f"went from {last.get(pk, was) or 'nothing'} to {now}")
        last[pk] = now
    for pk, status in statuses.items():
        if last.get(pk) != status:
            yield Violation(13, f"fulfilment order F{pk}", f"is {status}, its timeline says {last.get(pk)}")


@check(13, "fulfilment orders are as far as their lines")
def work_as_far_as_its_lines():
    """Open the order at the bench: pack, ship or take back there until state and pieces agree."""
    wanted = F("quantity") - F("short") - F("cancelled")
    done = [Status.SHIPPED, Status.CLOSED]
    ahead = (
        Q(fulfilment_order__status__in=[Status.OPEN, Status.RELEASED], picked__gt=0)
        | Q(fulfilment_order__status__in=[Status.PACKED, Status.READY_FOR_PICKUP]) & ~Q(packed=wanted)
        | Q(fulfilment_order__status__in=done) & ~Q(shipped=wanted)
        | ~Q(fulfilment_order__status__in=done) & Q(shipped__gt=0)
    )
    rows = FulfilmentLine.objects.filter(ahead).select_related("fulfilment_order__order", "sku").order_by("pk")
    for row in rows.iterator():
        work = row.fulfilment_order
        far = f"{row.picked} picked, {row.packed} packed, {row.shipped} shipped of {row.wanted} × {row.sku}"
        yield Violation(13, f"fulfilment order {work} of order {work.order}", f"is {work.state} with {far}")


@check(13, "work on the floor is what allocations say")
def floor_is_allocated():
    """Short or cancel the line on the floor, or its pieces on the order's page, until both say the same."""
    here = {"fulfilment_order__status__in": FulfilmentOrder.ON_FLOOR}
    held = Q(allocation__status__in=FLOOR, allocation__quantity=F("quantity") - F("short") - F("cancelled"))
    rows = FulfilmentLine.objects.in_work().filter(**here).exclude(held)
    for row in rows.select_related("fulfilment_order__order", "allocation").iterator():
        work = row.fulfilment_order
        text = f"wants {row.wanted}, allocation {row.allocation_id} is {row.allocation}"
        yield Violation(13, f"fulfilment order {work} of order {work.order}", text)
    lines = FulfilmentLine.objects.in_work().filter(allocation=OuterRef("pk"), **here)
    for row in Allocation.objects.filter(status__in=FLOOR).exclude(Exists(lines)).select_related("order").iterator():
        yield Violation(13, f"order {row.order}", f"allocation {row.pk} is {row.status}, but nobody works on it")


@check(13, "nothing that is set aside has left the bench")
def set_aside_stays():
    """Find out whether it should have gone: take the shipment back, or the work up again on its page at the bench."""
    left = [FulfilmentOrder.Status.READY_FOR_PICKUP, FulfilmentOrder.Status.SHIPPED, FulfilmentOrder.Status.CLOSED]
    rows = FulfilmentOrder.objects.filter(status__in=left).exclude(set_aside="").select_related("order")
    for work in rows.iterator():
        text = f"is {work.state}, and set aside: {work.set_aside}"
        yield Violation(13, f"fulfilment order {work} of order {work.order}", text)


@check(13, "a parcel arrived when its carrier first said so")
def arrived_first():
    """Have the carrier send its last webhook again: the earliest moment counts. Returns are counted from it."""
    said = Min("tracking_events__at", filter=Q(tracking_events__code=TrackingEvent.Code.DELIVERED))
    rows = Parcel.objects.filter(status=Parcel.Status.DELIVERED).annotate(said_at=said)
    for row in rows.filter(said_at__lt=F("delivered_at")).select_related("order").order_by("pk").iterator():
        yield Violation(13, f"parcel {row} of order {row.order}", f"arrived {row.delivered_at}, told as {row.said_at}")


@check(25, "lists of zones share the totes of the first one")
def zones_share_totes():
    """Pick what is left from the list that has the totes, then "Take back" the other one on the board."""
    later = PickList.objects.filter(first__isnull=False).select_related("first")
    wrong = ~Q(location=F("first__location")) | Q(first__first__isnull=False) | Q(fulfilment_orders__isnull=False)
    for row in later.filter(wrong).distinct().order_by("pk"):
        yield Violation(25, f"pick list {row}", f"cannot take over the totes of {row.first}")


@check(20, "a copy that was printed is counted, so that the next one is marked")
def copies_are_counted():
    """Open the document's print and drop it; what lies on the bench unmarked goes into the bin."""
    rows = PrintJob.objects.filter(copy__gt=F("document__reprints")).select_related("document")
    for row in rows.iterator():
        yield Violation(20, f"print {row.pk}", f"is copy {row.copy} of {row.document.reprints} counted ones")


@check(24, "each label that was bought is on its parcel, and none that was given back")
def labels_are_on_parcels():
    """Void the parcel's label at the bench and buy it again; one that left is settled with the carrier by its number.
    For what is awaited or given back too long: "Labels", "Ask the carrier now"."""
    rows = Label.objects.select_related("parcel").order_by("pk")
    for row in rows.filter(status=Label.Status.BOUGHT).exclude(parcel__tracking_number=F("tracking_number")):
        held = row.parcel.tracking_number or "nothing"
        yield Violation(24, str(row), f"was bought as {row.tracking_number}, its parcel goes as {held}")
    lost = rows.filter(status__in=[Label.Status.VOIDING, Label.Status.VOIDED, Label.Status.KEPT])
    for row in lost.exclude(tracking_number="").filter(parcel__tracking_number=F("tracking_number")):
        yield Violation(
            24, f"parcel {row.parcel} of order {row.parcel.order_id}", "goes with a label that was given back"
        )
    unheard = timezone.now() - timedelta(days=1)
    for row in rows.open().filter(ask_after__lt=unheard):
        days = (timezone.now() - row.ask_after).days
        yield Violation(24, str(row), f"is {row.state} since {days} days, and nobody asks")


@check(23, "an open case is about a parcel on the road")
def cases_are_on_the_road():
    """Settle the case on the order's page with a note: news of the parcel came and did not close it."""
    rows = ParcelCase.objects.open().exclude(parcel__in=Parcel.objects.on_road())
    for case in rows.select_related("parcel__order").order_by("pk").iterator():
        state = case.parcel.state
        yield Violation(23, f"parcel {case.parcel} of order {case.parcel.order}", f"is {state}, yet {case.kind}")


@check(26, "what a carrier does not know as an address was held")
def unknown_addresses_were_held():
    """Put an address hold on the order with the carrier's words, which its page shows."""
    held = Hold.objects.filter(order=OuterRef("order"), kind=Hold.Kind.ADDRESS)
    rows = AddressCheck.objects.filter(verdict=AddressCheck.Verdict.NOT_FOUND, address=F("order__ship_to"))
    rows = rows.filter(~Exists(held), order__status__in=[Order.Status.PLACED, Order.Status.CONFIRMED])
    for row in rows.select_related("order", "carrier").order_by("pk").iterator():
        yield Violation(26, f"order {row.order}", f"{row}, yet it was never held")


@check(23, "each parcel that was handed over is on one closed manifest of its place and carrier")
def on_one_manifest():
    """Look at the manifests' papers: the one that the driver signed has the parcel; print the other again."""
    gone = Parcel.objects.filter(status=Parcel.Status.HANDED_OVER)
    here = Q(manifest__location=F("fulfilment_order__location"), manifest__handed_over_at__isnull=False)
    own = Q(manifest__carrier=F("carrier")) | Q(manifest__carrier__isnull=True, carrier__isnull=True)
    for row in gone.exclude(here & own).select_related("order", "manifest").order_by("pk").iterator():
        text = f"was handed over on {row.manifest or 'no manifest'}, which is not its own"
        yield Violation(23, f"parcel {row} of order {row.order}", text)
    open_ones = Parcel.objects.filter(manifest__isnull=False, manifest__handed_over_at__isnull=True)
    for row in open_ones.exclude(status=Parcel.Status.SHIPPED).select_related("order", "manifest").iterator():
        yield Violation(23, f"parcel {row} of order {row.order}", f"is {row.state}, yet {row.manifest} is open")


@check(23, "what a manifest was closed with stands on it")
def manifests_as_closed():
    """Look at the manifests' papers: a parcel that two of them name was loaded once; tell the carrier which it is."""
    events = Event.objects.filter(name="order.handed_over").order_by("pk").values_list("data", flat=True)
    for chunk in chunks(events.iterator(AT_ONCE), AT_ONCE):
        wanted = [pk for data in chunk for pk in data["parcels"]]
        stands = dict(Parcel.objects.filter(pk__in=wanted).values_list("pk", "manifest"))
        for data in chunk:
            for pk in data["parcels"]:
                if stands.get(pk) != data["manifest"]:
                    text = f"was handed over on M{data['manifest']} and stands on M{stands.get(pk)}"
                    yield Violation(23, f"parcel P{pk}", text)


@check(23, "a carrier's own manifest is of a closed one, its file is here, and none is awaited for long")
def carriers_manifests():
    """Open the manifest in the console: "Ask the carrier again"."""
    rows = CarrierManifest.objects.select_related("manifest").order_by("pk")
    for row in rows.filter(manifest__handed_over_at__isnull=True):
        yield Violation(23, str(row), "is there, yet our own is open")
    paper = Document.objects.filter(kind="carrier_manifest", object_id=OuterRef("pk"), status=Document.Status.READY)
    for row in rows.filter(status=CarrierManifest.Status.MADE).exclude(Exists(paper)):
        yield Violation(23, str(row), "was made, and its file is not here")
    unheard = timezone.now() - timedelta(days=1)
    for row in rows.filter(status=CarrierManifest.Status.ASKED, asked_at__lt=unheard):
        days = (timezone.now() - row.asked_at).days
        yield Violation(23, str(row), f"is asked for since {days} days, and nobody asks")


@check(23, "each carrier's pickup is settled when its time is over")
def collections_are_settled():
    """Press "Ask again" under "Hand over", and ask the carrier whether its driver came and what it charges."""
    over = timezone.now() - timedelta(days=1)
    rows = CarrierCollection.objects.open().filter(ends_at__lt=over).select_related("carrier").order_by("pk")
    for row in rows:
        yield Violation(23, str(row), f"is {row.state}, though its time was over on {row.day}")


@check(9, "each parcel's postage is the sum of its terms, and it goes as chosen")
def postage_adds_up():
    """Void the parcel's label at the bench and close the parcel again: it is priced anew. One that left is told to
    whoever pays the carrier."""
    for row in Postage.objects.select_related("parcel__carrier").iterator():
        taken = row.options[row.chosen] if row.chosen < len(row.options) else None
        if taken is None:
            yield Violation(9, f"parcel {row.parcel}", f"took option {row.chosen + 1} of {len(row.options)}")
            continue
        terms = sum((Decimal(amount) for _, amount in taken["terms"]), Decimal(0))
        if not row.amount == terms == Decimal(taken["amount"]):
            yield Violation(9, f"parcel {row.parcel}", f"costs {row.amount}, its terms add up to {terms}")
        if (str(row.parcel.carrier and row.parcel.carrier.code), row.parcel.service) != (
            taken["carrier"],
            taken["service"],
        ):
            yield Violation(
                9, f"parcel {row.parcel}", f"does not go with {taken['carrier']} {taken['service']} as chosen"
            )


@check(22, "each order of a wave is on the list that its wave made, and on no other")
def waves_have_their_orders():
    """Take the order off its list on the board ("Take back") and release it anew: it is on one list then."""
    on_list = WaveOrder.State.RELEASED
    under_way = Q(fulfilment_order__status__in=FulfilmentOrder.ASSIGNED)
    strange = (
        ~Q(pick_list__wave=F("wave"))
        | ~Q(pick_list__location=F("wave__location"))
        | ~Q(fulfilment_order__location=F("wave__location"))
        | under_way & ~Q(fulfilment_order__pick_list=F("pick_list"))
        | Q(fulfilment_order__status=Status.OPEN)
    )
    rows = WaveOrder.objects.filter(strange, state=on_list).select_related("wave", "pick_list", "fulfilment_order")
    for row in rows.order_by("pk").iterator():
        work = row.fulfilment_order
        yield Violation(22, f"wave {row.wave}", f"has {work} on list {row.pick_list}, which is {work.state}")
    here = WaveOrder.objects.filter(fulfilment_order=OuterRef("pk"), pick_list=OuterRef("pick_list"), state=on_list)
    lost = FulfilmentOrder.objects.filter(status=Status.RELEASED, pick_list__wave__isnull=False).exclude(Exists(here))
    for row in lost.select_related("pick_list__wave").order_by("pk").iterator():
        yield Violation(22, f"wave {row.pick_list.wave}", f"does not know {row}, which is on its list {row.pick_list}")


@check(22, "waves are as far as their orders, and count them all")
def waves_are_as_far_as_their_orders():
    """Open the wave on the board: release it again, or take it back, until state and lists agree."""
    over = [Wave.Status.DONE, Wave.Status.CANCELLED]
    planned = WaveOrder.objects.planned().filter(wave=OuterRef("pk"))
    lists = PickList.objects.open().filter(wave=OuterRef("pk"))
    rows = Wave.objects.annotate(is_planned=Exists(planned), has_lists=Exists(lists), count=Count("orders"))
    wrong = Q(status__in=over, is_planned=True) | Q(
        status__in=[Wave.Status.DRAFT, Wave.Status.CANCELLED], has_lists=True
    )
    wrong_ids = set(rows.filter(wrong).values_list("pk", flat=True))
    for row in rows.order_by("pk").iterator(AT_ONCE):
        if row.pk not in wrong_ids and row.count == row.figures.get("orders"):
            continue
        text = f"is {row.get_status_display().lower()}, planned {row.figures.get('orders')} orders, has {row.count}"
        yield Violation(22, f"wave {row}", text + (", some still to be released" if row.is_planned else ""))


@check(21, "a packed parcel has the sides of its carton, and its drawing shows what is in it")
def packed_as_drawn():
    """Take a piece out at the bench and scan it in again: the parcel is closed anew in its carton."""
    rows = ParcelCarton.objects.filter(parcel__status__in=[Parcel.Status.PACKED, *Parcel.GONE]).order_by("pk")
    rows = rows.select_related("parcel__order", "carton").prefetch_related("parcel__lines")
    for row in rows.iterator(AT_ONCE):
        parcel = row.parcel
        name = f"parcel {parcel} of order {parcel.order}"
        sides = (parcel.length_mm, parcel.width_mm, parcel.height_mm)
        if row.carton and sides != row.sides:
            yield Violation(21, name, f"measures {sides}, its carton {row.carton} gave it {row.sides}")
        inside = Counter()
        for line in parcel.lines.all():
            inside[line.sku_id] += line.quantity
        if row.layout and inside != Counter(piece[0] for piece in row.layout):
            yield Violation(21, name, f"holds {inside.total()} pieces, its drawing shows {len(row.layout)} or others")
