"""The pick list on paper: A4, in walking order, cut into pages by us, no prices and no addresses.

Zebra, rules and boxes of a page are one drawing under its table: borders and backgrounds of cells cost
WeasyPrint more than twice as much as the text in them (200 rows: 2.6 s so, 1.1 s as it is).
"""

from itertools import groupby
from textwrap import wrap

from django.contrib.auth import get_user_model
from django.utils import timezone

from fulfilment.models import PickList
from inventory.models import SkuBarcode
from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.papers.base import Pdf
from orders.models import Note

STYLES = ("fulfilment/documents/pick_list.css",)
NAME_LENGTH = {False: 45, True: 30}  # with a word of warning after it
HEAVY_G = 15_000
# Characters that fit into a line of notes even where all are capitals, and lines that leave room for rows.
NOTE_LENGTH, MOST_NOTES = 75, 16
# Millimetres. What the CSS says: the table's height on the first page and on others, its head, its rows.
FIRST_PAGE, NEXT_PAGE = 211, 245
HEAD, ROW, HEADING, WIDTH = 6, 12, 7, 190
NOTE, AROUND_NOTES = 5, 3
TICK, QUANTITY, SHORT, WHY = (1, 5), (47, 13), (166, 6), (174, 15)  # boxes: (left, width)


def render(object_id, *, reprint=0):
    """Return the Pdf of pick list `object_id`; a reprint above 0 is marked in the footer."""
    pick_list = PickList.objects.select_related("location", "picker").get(pk=object_id)
    content = pdf.render("fulfilment/documents/pick_list.html", page(pick_list, reprint), styles=STYLES)
    return Pdf(f"Pick list {pick_list}", content)


def page(pick_list, reprint=0):
    """Return the context: `pages` are lists of rows, an aisle's heading before its first row on each page."""
    tasks = list(
        pick_list.tasks.in_walking_order().select_related(
            "bin", "sku", "lot", "fulfilment_line__fulfilment_order__order"
        )
    )
    works = {task.fulfilment_line.fulfilment_order for task in tasks}
    notes = _notes(works)
    first = FIRST_PAGE - (len(notes) * NOTE + AROUND_NOTES if notes else 0)
    printed_at = timezone.now()
    return {
        "list": pick_list,
        "barcode": code128(str(pick_list)).svg(height_mm=15),
        "zones": ", ".join(sorted({task.bin.zone for task in tasks if task.bin and task.bin.zone})),
        "cutoff": min((work.ship_by for work in works), default=printed_at),
        "methods": ", ".join(sorted({_method(work) for work in works})),
        "pieces": sum(task.quantity for task in tasks),
        "lines": len(tasks),
        "weight_kg": sum(task.quantity * task.sku.weight_g for task in tasks) / 1000,
        "totes": len(works),
        "notes": notes,
        "pages": [{"rows": rows, "drawing": draw(rows)} for rows in cut(_rows(tasks), first)],
        "printed_at": printed_at,
        "printed_by": _name(pick_list.created_by),
        "reprint": reprint,
    }


def cut(rows, first=FIRST_PAGE):
    """Cut rows ({aisle, ...}) into pages by height; pure. An aisle's heading is repeated on a new page.

    `first` is what the first page has room for, in mm.
    """
    pages, left = [], 0
    for aisle, group in groupby(rows, key=lambda row: row["aisle"]):
        heading = {"heading": aisle}
        for row in group:
            if left < ROW + (HEADING if heading and aisle else 0):
                pages.append([])
                left = NEXT_PAGE if len(pages) > 1 else first
                heading = {"heading": aisle}
            if heading and aisle:
                pages[-1].append(heading)
                left -= HEADING
            heading = None
            pages[-1].append(row)
            left -= ROW
    return pages or [[]]


def draw(rows):
    """Return the SVG paths under a page's `rows`: {shade, rules, boxes}; pure."""
    y, shade, rules, boxes = HEAD, [], [_rule(HEAD)], []
    for number, row in enumerate(rows):
        height = HEADING if "heading" in row else ROW
        if "heading" not in row:
            shade += [f"M0 {y}h{WIDTH}v{ROW}h-{WIDTH}z"] if number % 2 else []
            boxes += [_box(*TICK, y + 3.5, 5), _box(*SHORT, y + 2.5, 7), _box(*WHY, y + 2.5, 7)]
            boxes += [_box(*QUANTITY, y + 1.5, 9)] if row["quantity"] > 1 else []
        y += height
        rules.append(_rule(y))
    return {"shade": "".join(shade), "rules": "".join(rules), "boxes": "".join(boxes)}


def _rule(y):
    return f"M0 {y}h{WIDTH}"


def _box(left, width, top, height):
    return f"M{left} {top}h{width}v{height}h-{width}z"


def _notes(works):
    """Return the lines of what pickers shall know of the orders, each note with its order and tote."""
    totes = {work.order_id: work.tote for work in works}
    lines = []
    for note in Note.objects.for_picker(totes):
        tote = totes[note.order_id]
        lines += wrap(f"{note.order}{f' (tote {tote})' if tote else ''}: {note.text}", NOTE_LENGTH)
    return lines if len(lines) <= MOST_NOTES else [*lines[: MOST_NOTES - 1], "… and more, on the pages of the orders"]


def _rows(tasks):
    cases, stops = _cases({task.sku_id for task in tasks}), {}
    return [
        _row(task, cases.get(task.sku_id, ())) | {"stop": stops.setdefault(task.bin_id, len(stops) + 1)}
        for task in tasks
        if task.quantity
    ]


def _row(task, cases):
    code, flags = task.sku.code, _flags(task)
    case = next((n for n in cases if task.quantity % n == 0), None)
    return {
        "aisle": task.bin.aisle if task.bin else "",
        "bin": task.bin.code if task.bin else "—",
        "quantity": task.quantity,
        "unit": f"{task.quantity // case} × case of {case}" if case else "each",
        "sku_start": code[:-4],
        "sku_end": code[-4:],
        "name": _name_of(task, most=NAME_LENGTH[bool(flags)]),
        "tote": task.fulfilment_line.fulfilment_order.tote,
        "flags": flags,
    }


def _flags(task):
    sku = task.sku
    words = {"HEAVY": sku.weight_g * task.quantity >= HEAVY_G, "FRAGILE": sku.is_fragile, "HAZARD": sku.is_hazmat}
    return [word for word, is_so in words.items() if is_so]


def _name_of(task, most):
    """Return the item's name, cut to the column, before it the lot to take."""
    name = f"{task.lot} · {task.sku.name}" if task.lot else task.sku.name
    return name if len(name) <= most else name[: most - 1] + "…"


def _cases(sku_ids):
    """Return {sku id: [pieces of a case, the largest first]}."""
    cases = {}
    rows = SkuBarcode.objects.filter(sku__in=sku_ids, pieces__gt=1).order_by("-pieces")
    for sku_id, pieces in rows.values_list("sku_id", "pieces"):
        cases.setdefault(sku_id, []).append(pieces)
    return cases


def _method(work):
    if work.method == work.Method.SHIP:
        return work.order.get_method_display()
    return work.get_method_display()


def _name(actor):
    """Return who an actor ("user:3") is, for people."""
    kind, _, pk = actor.partition(":")
    user = get_user_model().objects.filter(pk=pk).first() if kind == "user" else None
    return (user.get_full_name() or user.get_username()) if user else actor
