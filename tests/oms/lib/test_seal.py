import pytest
from django.test import override_settings

from oms.lib.errors import DomainError
from oms.lib.seal import seal, unseal


def test_what_is_sealed_opens_again_and_cannot_be_read():
    sealed = seal("shpat_7")
    assert unseal(sealed) == "shpat_7"
    assert "shpat" not in sealed
    assert seal("shpat_7") != sealed


def test_nothing_is_nothing():
    assert (seal(""), unseal("")) == ("", "")


def test_an_old_key_opens_while_it_is_a_fallback():
    with override_settings(SECRET_KEY="old"):
        sealed = seal("shpat_7")
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
        assert unseal(sealed) == "shpat_7"
    with override_settings(SECRET_KEY="new"), pytest.raises(DomainError, match="give it anew"):
        unseal(sealed)
