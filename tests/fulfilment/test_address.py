from fulfilment.documents.address import lines_of
from inventory.models import Location

BERLIN = {"name": "Warehouse Berlin", "line1": "Am Westhafen 3", "postcode": "13353", "city": "Berlin", "country": "DE"}


def test_a_place_is_named_once():
    place = Location(name="Warehouse Berlin", address=BERLIN)
    lines = ["Warehouse Berlin", "Am Westhafen 3", "13353 Berlin"]
    assert lines_of(place, home="DE") == lines
    place.name = "Hall 2"
    assert lines_of(place, home="DE") == ["Hall 2", *lines]
