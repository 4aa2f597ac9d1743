import pytest

from orders.services.address_blob import parse

KOELN = {"name": "Erika Mustermann", "line1": "Heidestraße 17", "postcode": "51147", "city": "Köln", "country": "DE"}


@pytest.mark.parametrize(
    ("blob", "address"),
    [
        ("Erika Mustermann\nHeidestraße 17\n51147 Köln\nDeutschland", KOELN),
        ("  Erika Mustermann,\r\n\r\nHeidestraße 17 ,\r\nD-51147 Köln", KOELN),
        ("Erika Mustermann, Heidestraße 17, 51147 Köln, Germany", KOELN),
        (
            "John Doe\n742 Evergreen Terrace\nSpringfield, IL 62704\nUSA",
            {
                "name": "John Doe",
                "line1": "742 Evergreen Terrace",
                "city": "Springfield",
                "region": "IL",
                "postcode": "62704",
                "country": "US",
            },
        ),
        (
            "John Doe, 742 Evergreen Terrace, Springfield, IL 62704, USA",
            {
                "name": "John Doe",
                "line1": "742 Evergreen Terrace",
                "city": "Springfield",
                "region": "IL",
                "postcode": "62704",
                "country": "US",
            },
        ),
        (
            "Jane Roe\n221B Baker Street\nLondon\nnw1 6xe\nUnited Kingdom",
            {
                "name": "Jane Roe",
                "line1": "221B Baker Street",
                "city": "London",
                "postcode": "NW1 6XE",
                "country": "GB",
            },
        ),
        (
            "Piet Jansen\nDamrak 1\n1012 LG Amsterdam\nNederland",
            {
                "name": "Piet Jansen",
                "line1": "Damrak 1",
                "postcode": "1012 LG",
                "city": "Amsterdam",
                "country": "NL",
            },
        ),
        (
            "Bob\n10 Main St\nToronto ON M5V 2T6\nCanada",
            {
                "name": "Bob",
                "line1": "10 Main St",
                "city": "Toronto",
                "region": "ON",
                "postcode": "M5V 2T6",
                "country": "CA",
            },
        ),
        (
            "Anna Kowalska\nUlica Długa 5\n00-950 Warszawa\nPolska",
            {
                "name": "Anna Kowalska",
                "line1": "Ulica Długa 5",
                "postcode": "00-950",
                "city": "Warszawa",
                "country": "PL",
            },
        ),
    ],
)
def test_addresses_as_people_write_them(blob, address):
    found = parse(blob)
    assert found.address == address
    assert found.doubtful == set()


def test_company_and_person_are_told_apart():
    found = parse("ACME GmbH\nHans Meier\nTorstr. 12a\nD-10119 Berlin")
    assert (found.address["company"], found.address["name"]) == ("ACME GmbH", "Hans Meier")


def test_email_and_phone_are_taken_out():
    found = parse("Hans Meier\nTorstr. 12\n10119 Berlin\nTel.: +49 30 123456\nHans@Example.com", country="DE")
    assert (found.email, found.phone) == ("hans@example.com", "+49 30 123456")
    assert found.address["line1"] == "Torstr. 12"


def test_a_second_line_is_kept_and_looked_at():
    found = parse("Jane Roe\nFlat 2\n221B Baker Street\nLondon\nNW1 6XE\nUK")
    assert (found.address["line1"], found.address["line2"]) == ("Flat 2", "221B Baker Street")
    assert found.doubtful == {"line1"}


def test_the_country_may_be_taken_for_granted_but_is_doubtful():
    found = parse("Hans Meier\nTorstr. 12\n10119 Berlin", country="DE")
    assert found.address["country"] == "DE"
    assert found.doubtful == {"country"}


@pytest.mark.parametrize(
    ("blob", "doubtful"),
    [
        ("Müller\nHauptstraße\n8001 Zürich\nSchweiz", {"line1"}),
        ("Hans Meier\nTorstr. 12\nBerlin\nGermany", {"city", "postcode"}),
        ("Torstr. 12\n10119 Berlin\nGermany", {"name"}),
        ("Hans", {"city", "country", "line1", "postcode"}),
        ("", {"city", "country", "line1", "name", "postcode"}),
    ],
)
def test_what_is_doubtful_is_named(blob, doubtful):
    assert parse(blob, country="" if "\n" in blob else "DE").doubtful == doubtful


@pytest.mark.parametrize("blob", ["\x00\x01", ",,,;;;", "DE", "1" * 500, "\n" * 500, "ß" * 1999, "@@@\n+++\n((("])
def test_nonsense_breaks_nothing(blob):
    assert parse(blob, country="DE").doubtful


def test_a_country_we_do_not_know_is_asked_about():
    assert "country" in parse("Hans\nWeg 1\n12345 Ort\nAtlantis").doubtful
