"""What the carriers of a bench's day charge: a rate card as a carrier publishes it."""

from orders.tax.regime import EU

CARD = {
    "weight_step": "0.5",
    "dimensional": {"divisor": 5000},
    "zones": [
        {"from": ["DE"], "to": ["*"], "zone": "3"},
        {"from": ["DE"], "to": sorted(EU - {"DE"}), "zone": "2"},
        {"from": ["DE"], "to": ["DE"], "zone": "1"},
    ],
    "services": [
        {
            "code": "small",
            "name": "Small parcel",
            "breaks": ["1", "2"],
            "prices": {"1": ["3.20", "3.90"], "2": ["7.40", "9.10"]},
            "days": {"1": 3, "2": 6},
            "limits": {"longest": 35, "shortest": 14},
        },
        {
            "code": "standard",
            "name": "Standard",
            "breaks": ["1", "2", "5", "10", "20", "32"],
            "prices": {
                "1": ["4.30", "4.80", "5.60", "7.90", "11.40", "16.20"],
                "2": ["8.90", "10.20", "12.70", "16.50", "24.00", "34.00"],
                "3": ["16.00", "21.00", "33.00", "52.00", "84.00", "121.00"],
            },
            "days": {"1": 2, "2": 4, "3": 8},
        },
        {
            "code": "express",
            "name": "Express",
            "breaks": ["1", "2", "5", "10", "20", "32"],
            "prices": {
                "1": ["9.80", "10.40", "11.90", "14.80", "19.90", "27.00"],
                "2": ["21.00", "24.50", "31.00", "42.00", "66.00", "94.00"],
                "3": ["38.00", "46.00", "69.00", "104.00", "171.00", "248.00"],
            },
            "days": {"1": 1, "2": 2, "3": 4},
            "cut_off": "17:00",
        },
    ],
    "surcharges": [{"code": "residential", "amount": "0.40", "when": {"options": ["residential"]}}],
    "fuel": [{"from": "2020-01-01", "percent": "9.5"}],
}
PLAIN = "standard"  # the service of who does not shop
