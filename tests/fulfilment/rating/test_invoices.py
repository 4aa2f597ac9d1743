"""Invoices worked by hand from two cards: each rounding, order, minimum and date, to the cent.

A row is (service, where to, day, pounds or kilograms, sides, value and options, what each line is), its lines written
as the invoice has them; the working stands beside it.
"""

from datetime import date
from decimal import Decimal

import pytest

from fulfilment.rating.naive import rate
from fulfilment.rating.piece import Piece
from fulfilment.rating.price import price
from fulfilment.rating.read import read
from fulfilment.rating.table import compile_card
from tests.fulfilment.rating.cards import EXPRESS, PARCEL

CARDS = {"parcel": read(PARCEL), "express": read(EXPRESS)}
UNITS = {"parcel": (Decimal("453.59237"), Decimal("25.4")), "express": (Decimal(1000), Decimal(10))}
NEAR, THIRD, FAR, ELSEWHERE, HAWAII = "US10001", "US13201", "US90001", "US60601", "US96701"
SEP, OLD = "2025-09-10", "2025-08-17"
MINIMUM = "price 9.00 discount -1.80 minimum 0.80"

PARCEL_ROWS = [
    # Weight is rounded up to the pound; freight after 20 % is at least 8.00; fuel is 20 % of it.
    ("ground", NEAR, SEP, "1", "", "", f"{MINIMUM} fuel 1.60"),
    ("ground", NEAR, SEP, "1.0001", "", "", "price 9.50 discount -1.90 minimum 0.40 fuel 1.60"),  # 2 lb
    ("ground", NEAR, SEP, "0.01", "", "", f"{MINIMUM} fuel 1.60"),
    ("ground", THIRD, SEP, "1", "", "", "price 9.40 discount -1.88 minimum 0.48 fuel 1.60"),
    ("ground", ELSEWHERE, SEP, "1", "", "", "price 10.00 discount -2.00 fuel 1.60"),  # 8.00 is the minimum itself
    ("ground", FAR, SEP, "2", "", "", "price 13.05 discount -2.61 fuel 2.09"),  # 20 % of 10.44 = 2.088
    ("ground", FAR, SEP, "2.1", "", "", "price 17.25 discount -3.45 fuel 2.76"),  # 3 lb: the break of 5
    ("ground", THIRD, SEP, "5", "", "", "price 11.60 discount -2.32 fuel 1.86"),  # 1.856
    ("ground", THIRD, SEP, "5.0001", "", "", "price 14.90 discount -2.98 fuel 2.38"),  # 2.384
    ("ground", NEAR, SEP, "150", "", "", "price 75.00 discount -15.00 heavy 28.50 fuel 17.70"),
    # Volume against weight: 12 × 10 × 8 = 960 in³, / 139 = 6.91, 7 lb.
    ("ground", NEAR, SEP, "3", "12 10 8", "", "price 13.20 discount -2.64 fuel 2.11"),  # 2.112
    ("ground", NEAR, SEP, "20", "12 10 8", "", "price 30.00 discount -6.00 fuel 4.80"),
    ("ground", NEAR, SEP, "3", "8 12 10", "", "price 13.20 discount -2.64 fuel 2.11"),  # whichever side is which
    # Each side up to the inch since 18 August 2025, to the nearest before: 12 × 10 × 8 or 11 × 9 × 7 (693, 5 lb).
    ("ground", NEAR, SEP, "3", "11.1 9.1 7.1", "", "price 13.20 discount -2.64 fuel 2.11"),
    ("ground", NEAR, SEP, "3", "11 9 7", "", "price 10.75 discount -2.15 fuel 1.72"),
    ("ground", NEAR, OLD, "3", "11.1 9.1 7.1", "", "price 10.75 discount -2.15 fuel 1.59"),  # 18.5 %: 1.591
    ("ground", NEAR, "2025-08-18", "3", "11.1 9.1 7.1", "", "price 13.20 discount -2.64 fuel 1.95"),  # 1.9536
    ("ground", NEAR, OLD, "3", "11.5 9.5 7.5", "", "price 13.20 discount -2.64 fuel 1.95"),  # a half goes up
    ("ground", NEAR, OLD, "3", "11.49 9.49 7.49", "", "price 10.75 discount -2.15 fuel 1.59"),
    # Fuel by day, and by service.
    ("ground", NEAR, "2025-08-31", "1", "", "", f"{MINIMUM} fuel 1.48"),
    ("ground", NEAR, "2025-09-01", "1", "", "", f"{MINIMUM} fuel 1.60"),
    ("air", FAR, SEP, "1", "", "", "price 38.10 fuel 8.10"),  # 21.25 %: 8.09625
    ("air", FAR, "2025-08-31", "1", "", "", "price 38.10 fuel 7.05"),  # 18.5 %: 7.0485
    # Above the last break each pound costs 5.40.
    ("air", FAR, SEP, "50", "", "", "price 270.00 fuel 57.38"),  # 57.375: half a cent goes up
    ("air", FAR, SEP, "52.5", "", "", "price 286.20 heavy 28.50 fuel 66.87"),  # 53 lb; 21.25 % of 314.70
    # Surcharges: some take fuel.
    ("ground", NEAR, SEP, "1", "", "residential", f"{MINIMUM} residential 5.55 fuel 2.71"),
    ("ground", NEAR, SEP, "1", "", "signature", f"{MINIMUM} signature 6.90 fuel 1.60"),
    (
        "ground",
        NEAR,
        SEP,
        "1",
        "",
        "residential signature",
        f"{MINIMUM} residential 5.55 signature 6.90 fuel 2.71",
    ),
    ("ground", HAWAII, SEP, "1", "", "", "price 11.35 discount -2.27 remote 14.15 fuel 4.65"),  # 20 % of 23.23
    # One surcharge for handling, the first in order that fits: above 130 in of girth, 50 lb, 48 in.
    ("ground", NEAR, SEP, "5", "48 6 6", "", "price 30.00 discount -6.00 fuel 4.80"),  # 1,728 in³: 13 lb
    ("ground", NEAR, SEP, "5", "48.1 6 6", "", "price 30.00 discount -6.00 long 20.25 fuel 8.85"),
    ("ground", NEAR, SEP, "50", "", "", "price 30.00 discount -6.00 fuel 4.80"),
    ("ground", NEAR, SEP, "50.1", "", "", "price 75.00 discount -15.00 heavy 28.50 fuel 17.70"),
    ("ground", NEAR, SEP, "50.1", "50 10 10", "", "price 75.00 discount -15.00 heavy 28.50 fuel 17.70"),
    ("ground", NEAR, SEP, "60", "60 20 16", "", "price 75.00 discount -15.00 large 100.00 fuel 32.00"),  # girth 132
    # Large is billed as 90 lb at least; 100 × 8 × 8 were 47.
    ("ground", NEAR, SEP, "5", "100 8 8", "", "price 75.00 discount -15.00 large 100.00 fuel 32.00"),
    ("ground", NEAR, SEP, "5", "98 8 8", "", "price 30.00 discount -6.00 long 20.25 fuel 8.85"),  # girth 130, 46 lb
    # 1.35 for each 100 of value begun above 100, 4.05 at least.
    ("ground", NEAR, SEP, "1", "", "100.00", f"{MINIMUM} fuel 1.60"),
    ("ground", NEAR, SEP, "1", "", "100.01", f"{MINIMUM} value 4.05 fuel 1.60"),
    ("ground", NEAR, SEP, "1", "", "450.00", f"{MINIMUM} value 5.40 fuel 1.60"),
    # A surcharge of the season, its first and last day.
    ("ground", NEAR, "2025-09-30", "1", "", "", f"{MINIMUM} fuel 1.60"),
    ("ground", NEAR, "2025-10-01", "1", "", "", f"{MINIMUM} peak 2.10 fuel 1.60"),
    ("ground", NEAR, "2026-01-17", "1", "", "", f"{MINIMUM} peak 2.10 fuel 1.60"),
    ("ground", NEAR, "2026-01-18", "1", "", "", f"{MINIMUM} fuel 1.60"),
    # Volume counts above a cubic foot only: 12³ does not, 13 × 12 × 12 = 1,872 / 166 = 11.3 does.
    ("light", NEAR, SEP, "1", "12 12 12", "", "price 6.00 fuel 1.20"),
    ("light", NEAR, SEP, "1", "13 12 12", "", "price 12.00 fuel 2.40"),
    ("light", NEAR, SEP, "70", "", "", "price 40.00 heavy 28.50 fuel 13.70"),
    # What a service does not take: beyond its last break, its girth, its zones, nowhere at all.
    ("light", NEAR, SEP, "70.1", "", "", None),
    ("light", NEAR, SEP, "1", "60 13 12", "", None),  # girth 110
    ("air", NEAR, SEP, "1", "", "", None),
    ("ground", NEAR, SEP, "150.1", "", "", None),
    ("ground", "CAM5V", SEP, "1", "", "", None),
]
EXPRESS_ROWS = [
    # 2 % from 1.00 to 5.00 · 0.35 · 3.333 % of all above. Half kilos, up; 5,000 cm³ to the kilo.
    ("express", "AT", SEP, "0.5", "", "", "price 10.00 insurance 1.00 security 0.35 toll 0.38"),  # .37830
    ("express", "AT", SEP, "0.501", "", "", "price 12.00 insurance 1.00 security 0.35 toll 0.44"),  # .44496
    ("express", "AT", SEP, "1", "50 40 25", "", "price 39.00 insurance 1.00 security 0.35 toll 1.34"),  # 10 kg
    ("express", "AT", SEP, "1", "50 40 25.1", "", "price 40.50 insurance 1.00 security 0.35 toll 1.39"),  # 10.04
    ("express", "AT", SEP, "80", "", "", "price 249.00 insurance 4.98 security 0.35 toll 8.48"),  # 8.47682
    ("express", "AT", SEP, "80.5", "", "", "price 250.50 insurance 5.00 security 0.35 toll 8.53"),  # 2 % is 5.01
]
ROWS = [("parcel", *row) for row in PARCEL_ROWS] + [("express", *row) for row in EXPRESS_ROWS]


@pytest.mark.parametrize(("card", "service", "to", "day", "weight", "sides", "asked", "lines"), ROWS)
def test_invoice(card, service, to, day, weight, sides, asked, lines):
    weigh, measure = UNITS[card]
    value, options = (int(Decimal(asked) * 100), "") if asked[:1].isdigit() else (0, asked)
    size = tuple(Decimal(side) * measure for side in sides.split()) or None
    piece = Piece("US10002", to, Decimal(weight) * weigh, size, value=value, options=frozenset(options.split()))
    on = date.fromisoformat(day)
    number = [one.code for one in CARDS[card].services].index(service)
    prices = price(compile_card(CARDS[card], on), [piece])
    plain = rate(CARDS[card], [piece], on)[0][number]
    if lines is None:
        assert (bool(prices.offered[0, number]), plain) == (False, None)
        return
    bill = prices.bill(0, number)
    assert " ".join(f"{term.code} {term.amount}" for term in bill.terms) == lines
    assert bill.total == sum(map(Decimal, lines.split()[1::2]))
    assert sum(plain) == bill.total * 100
