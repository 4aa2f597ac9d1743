"""Two small cards whose invoices can be worked by hand: pounds and inches with fuel, kilograms and shares."""

PARCEL = {
    "weight_unit": "lb",
    "length_unit": "in",
    "weight_step": "1",
    "sides": [{"round": "nearest"}, {"from": "2025-08-18", "round": "up"}],
    "dimensional": {"divisor": 139},
    "zones": [
        {"from": ["US"], "to": ["US"], "zone": "5"},
        {"from": ["US100"], "to": ["US100-119"], "zone": "2"},
        {"from": ["US100"], "to": ["US120-199"], "zone": "3"},
        {"from": ["US100"], "to": ["US900-969"], "zone": "8"},
    ],
    "services": [
        {
            "code": "ground",
            "breaks": ["1", "2", "5", "10", "50", "150"],
            "prices": {
                "2": ["9.00", "9.50", "10.75", "13.20", "30.00", "75.00"],
                "3": ["9.40", "10.10", "11.60", "14.90", "36.00", "90.00"],
                "5": ["10.00", "11.00", "13.00", "18.00", "55.00", "140.00"],
                "8": ["11.35", "13.05", "17.25", "24.80", "82.00", "210.00"],
            },
            "days": {"2": 1, "3": 2, "5": 3, "8": 5},
            "discount": "20",
            "minimum": "8.00",
        },
        {
            "code": "air",
            "breaks": ["1", "2", "5", "10", "50"],
            "prices": {"8": ["38.10", "43.70", "58.95", "88.40", "270.00"]},
            "extra": {"8": "5.40"},
            "days": 1,
            "cut_off": "15:00",
        },
        {
            "code": "light",
            "breaks": ["1", "5", "20", "70"],
            "prices": {"2": ["6.00", "8.00", "12.00", "40.00"]},
            "dimensional": {"divisor": 166, "above": 1728},
            "limits": {"girth": 108},
        },
    ],
    "surcharges": [
        {
            "code": "large",
            "group": "handling",
            "amount": "100.00",
            "billed_at_least": "90",
            "fuel": True,
            "when": {"girth": {"above": 130}},
        },
        {
            "code": "heavy",
            "group": "handling",
            "amount": "28.50",
            "fuel": True,
            "when": {"weight": {"above": 50}},
        },
        {
            "code": "long",
            "group": "handling",
            "amount": "20.25",
            "fuel": True,
            "when": {"longest": {"above": 48}},
        },
        {"code": "residential", "amount": "5.55", "fuel": True, "when": {"options": ["residential"]}},
        {"code": "remote", "amount": "14.15", "fuel": True, "when": {"to": ["US967-968"]}},
        {"code": "signature", "amount": "6.90", "when": {"options": ["signature"]}},
        {"code": "value", "amount": "1.35", "least": "4.05", "per_value": {"over": "100", "step": "100"}},
        {"code": "peak", "amount": "2.10", "from": "2025-10-01", "until": "2026-01-17"},
    ],
    "fuel": [
        {"from": "2025-01-01", "percent": "18.5"},
        {"from": "2025-09-01", "percent": "20"},
        {"from": "2025-09-01", "percent": "21.25", "services": ["air"]},
    ],
}

EXPRESS = {
    "weight_unit": "kg",
    "length_unit": "cm",
    "weight_step": "0.5",
    "sides": [{"round": "exact"}],
    "dimensional": {"divisor": 5000},
    "zones": [{"from": ["*"], "to": ["*"], "zone": "world"}],
    "services": [
        {
            "code": "express",
            "breaks": ["0.5", "1", "2", "5"],
            "prices": {"world": ["10.00", "12.00", "16.00", "24.00"]},
            "extra": "1.50",
        }
    ],
    "surcharges": [
        {"code": "insurance", "percent": "2", "least": "1.00", "most": "5.00"},
        {"code": "security", "amount": "0.35"},
        {"code": "toll", "percent": "3.333", "of": "running"},
        {"code": "pickup", "amount": "7.00", "per": "shipment", "when": {"options": ["pickup"]}},
    ],
}
