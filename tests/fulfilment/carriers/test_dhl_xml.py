"""DHL Express's XML services: quotes, waybills, pickups and checkpoints."""

import pytest

from fulfilment.carriers.responses.registry import read_response

CONDITION = "<Condition><ConditionCode>PU012</ConditionCode><ConditionData>Too late</ConditionData></Condition>"
NUMBER = "<ConfirmationNumber>9</ConfirmationNumber>"
REFUSED = f"<Response><Status>{CONDITION}</Status></Response>"
PDF = "JVBERi0xLjQK"


def read(xml):
    return read_response("dhl_express", xml.encode())


def quote(charge):
    return (
        "<DCTResponse><GetQuoteResponse><BkgDetails><QtdShp><GlobalProductCode>P</GlobalProductCode>"
        "<LocalProductName>EXPRESS WORLDWIDE</LocalProductName><CurrencyCode>EUR</CurrencyCode>"
        f"<TotalTransitDays>3</TotalTransitDays>{charge}</QtdShp></BkgDetails>"
        f"<Note>{'' if charge else CONDITION}</Note></GetQuoteResponse></DCTResponse>"
    )


def test_quotes_are_in_cents():
    found = read(quote("<ShippingCharge>41.50000000000001</ShippingCharge>")).rates[0]
    assert (found.service, found.name, str(found.amount), found.currency, found.days) == (
        "P",
        "EXPRESS WORLDWIDE",
        "41.50",
        "EUR",
        3,
    )


def test_without_a_price_the_reason_is_told():
    assert read(quote("")).message == "PU012: Too late"
    assert read(quote("").replace(CONDITION, "")).message == "No service is offered."


def test_a_waybill_has_its_label_and_charge():
    sold = (
        "<ShipmentResponse><AirwayBillNumber>123</AirwayBillNumber><CurrencyCode>EUR</CurrencyCode>"
        "<ShippingCharge>41.50</ShippingCharge><LabelImage><OutputFormat>PDF</OutputFormat>"
        f"<OutputImage>{PDF}</OutputImage></LabelImage></ShipmentResponse>"
    )
    found = read(sold).labels[0]
    assert (found.number, found.form, str(found.amount), found.currency) == ("123", "pdf", "41.50", "EUR")
    assert read("<ShipmentResponse><Response>1</Response></ShipmentResponse>").kind == "error"


@pytest.mark.parametrize(
    ("name", "inner", "kind", "message"),
    [
        ("BookPUResponse", NUMBER, "other", "Pickup 9"),
        ("CancelPUResponse", f"{NUMBER}<Note>{CONDITION}</Note>", "other", "Pickup 9; PU"),
        ("PickupErrorResponse", REFUSED, "error", "PU012: Too late"),
        ("ShipmentValidateErrorResponse", REFUSED, "error", "PU012: Too late"),
    ],
)
def test_pickups_and_refusals(name, inner, kind, message):
    found = read(f"<{name}>{inner}</{name}>")
    assert (found.kind, found.message[: len(message)]) == (kind, message)


def test_a_checkpoint_without_words_is_under_way():
    event = "<ShipmentEvent><Date>2026-03-02</Date><Time>08:00:00</Time><ServiceEvent>{}</ServiceEvent></ShipmentEvent>"
    events = event.format("<EventCode>PU</EventCode>") + event.format("<EventCode>RW</EventCode>")
    found = read(
        "<TrackingResponse><AWBInfo><AWBNumber>1</AWBNumber>"
        f"<ShipmentInfo>{events}</ShipmentInfo></AWBInfo></TrackingResponse>"
    ).tracks[0]
    assert [event.code for event in found.events] == ["in_transit", "in_transit"]
