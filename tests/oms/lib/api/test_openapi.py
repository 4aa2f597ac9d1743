"""What the OpenAPI document says of what is sent; that answers are as it says, tests/test_api_fuzz.py asks."""

import re

from drf_spectacular.generators import SchemaGenerator

from oms.lib.api.serializers import StrictSerializer


def test_what_is_sent_has_known_fields_and_amounts_of_at_least_nothing():
    sent = SchemaGenerator().get_schema(public=True)["components"]["schemas"]
    sent = {title: schema for title, schema in sent.items() if title.endswith("Request")}
    assert len(sent) > 30
    assert {title for title, schema in sent.items() if schema.get("additionalProperties") is not False} == set()
    assert StrictSerializer.__doc__ not in {schema.get("description") for schema in sent.values()}
    amount = re.compile(sent["OrderLineInRequest"]["properties"]["unit_price"]["pattern"])
    assert [text for text in ("9.50", "0", "9.12345", "-1", "", ".") if amount.fullmatch(text)] == ["9.50", "0"]
