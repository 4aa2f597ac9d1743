"""Labels on A4 sheets, for benches without a label printer."""

import pytest
from django.urls import reverse

from fulfilment.models import PrintJob, Station
from fulfilment.services import label, printing
from oms.papers.base import Pdf
from oms.papers.models import Document
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.fulfilment.pages.conftest import PACKER, text
from tests.fulfilment.paper import barcodes_of, size_of, text_of

URL = reverse("floor:sheets")


@pytest.mark.papers
def test_four_a_sheet_from_a_place_on_and_each_once(enter, place):
    _, (cup,) = make_shelf(9, location=place)
    parcels = [label.buy(packed(confirmed((cup, 1))).pk, actor=ACTOR) for _ in range(4)]
    documents = [Document.objects.latest_of("shipping_label", parcel.pk) for parcel in parcels]
    station = Station.objects.create(code="B1", location=place, label_printer="pdf")
    printing.send(station, documents.pop(), actor=ACTOR)
    client = enter(PACKER)
    chosen = {"labels": [row.pk for row in documents], "start": 3}
    sheets = Pdf("", client.post(URL, chosen).content)
    assert (size_of(sheets), len(text_of(sheets))) == ((210, 297), 2)
    read = {code for _, code in barcodes_of(sheets)}
    assert read == {parcel.tracking_number for parcel in parcels[:3]}
    assert "No label waits" in text(client.get(URL))
    assert printing.send_again(station, documents[0], actor=ACTOR).copy == 1
    assert PrintJob.objects.filter(station=None, status="printed").count() == 3
