"""The return slip's words, by language."""

WORDS = {
    "en": {
        "title": "Return slip",
        "intro": "Put this slip into the parcel and send it to the address above.",
        "rma": "Return",
        "order": "Order",
        "until": "Send it by",
        "pieces": "Pieces",
        "item": "Item",
        "reason": "Reason",
        "fee": "We keep a return fee of {fee}.",
        "reasons": {},
    },
    "de": {
        "title": "Rücksendeschein",
        "intro": "Bitte legen Sie diesen Schein in das Paket und senden Sie es an die Adresse oben.",
        "rma": "Rücksendung",
        "order": "Bestellung",
        "until": "Absenden bis",
        "pieces": "Stück",
        "item": "Artikel",
        "reason": "Grund",
        "fee": "Wir behalten eine Rücksendegebühr von {fee} ein.",
        "reasons": {
            "unwanted": "gefällt nicht",
            "too_small": "zu klein",
            "too_large": "zu groß",
            "not_as_described": "anders als beschrieben",
            "damaged": "beschädigt angekommen",
            "faulty": "funktioniert nicht",
            "wrong": "falsche Ware",
            "late": "zu spät gekommen",
            "undeliverable": "unzustellbar",
        },
    },
}
