"""Whatever customers read is there in German, and what is compiled is what stands in the catalogue."""

import ast
import gettext
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

FOLDER = settings.BASE_DIR / "oms" / "locale" / "de" / "LC_MESSAGES"
ROOMS = ("emails", "customer", "documents")
MEND = "run `make messages`, fill in the German and run it again"


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / "django.po").open("rb") as file:
        return {message.id: message for message in read_po(file, locale="de") if message.id}


def test_every_word_for_customers_is_there_in_german(catalogue):
    missing = {text for text in said() if text not in catalogue or not catalogue[text].string}
    assert missing == set(), MEND


def test_catalogue_holds_no_word_that_nobody_says(catalogue):
    assert set(catalogue) - said() == set(), MEND


def test_german_takes_the_same_values_as_english(catalogue):
    for text, message in catalogue.items():
        assert values(message.string) == values(text), text


def test_compiled_catalogue_is_the_written_one(catalogue):
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {text: compiled.gettext(text) for text in catalogue} == {
        text: message.string for text, message in catalogue.items()
    }, MEND


def said():
    """Return all texts marked for translation, as gettext knows them."""
    return {text for name in templates() for text in marked_in_template(name)} | set(marked_in_code())


def templates():
    """The names of the templates that customers see."""
    root = settings.BASE_DIR / "templates"
    paths = [path.relative_to(root) for path in root.rglob("*.*")]
    return sorted(str(path) for path in paths if path.suffix in (".html", ".txt") and set(ROOMS) & set(path.parts))


def marked_in_template(name):
    nodes = engines["django"].engine.get_template(name).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        yield node.filter_expression.var.literal
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        assert not node.plural, "plurals need a check of their own here"
        yield node.render_token_list(node.singular)[0]


def marked_in_code():
    for app in ("oms", "inventory", "orders", "fulfilment", "returns"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext", "gettext_lazy"):
                    yield node.args[0].value


def values(text):
    return sorted(re.findall(r"%\(\w+\)s", text))
