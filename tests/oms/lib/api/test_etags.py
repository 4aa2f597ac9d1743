import pytest
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from oms.lib.api.etags import PreconditionRequired, expected_version, with_etag
from oms.lib.errors import Invalid


def request(**headers):
    return APIRequestFactory().patch("/", headers=headers)


def test_tag_that_was_sent_comes_back():
    assert with_etag(Response(), 12)["ETag"] == '"12"'
    assert expected_version(request(**{"If-Match": '"12"'})) == 12


def test_anything_goes_without_a_tag_unless_required():
    assert expected_version(request()) is None
    assert expected_version(request(**{"If-Match": "*"})) is None
    with pytest.raises(PreconditionRequired):
        expected_version(request(), required=True)


@pytest.mark.parametrize("tag", ["12", 'W/"12"', '"x"', '"1", "2"', '"' + "9" * 20 + '"'])
def test_foreign_tag_is_refused(tag):
    with pytest.raises(Invalid, match="as it was sent"):
        expected_version(request(**{"If-Match": tag}))
