import pypdfium2
import pytest
from django.template import engines
from weasyprint.urls import FatalURLFetchingError

from oms.lib import pdf

pytestmark = pytest.mark.papers


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return `write(name, source)`: makes a template."""
    monkeypatch.setattr(engines["django"].engine, "dirs", [tmp_path])
    for loader in engines["django"].engine.template_loaders:
        loader.reset()

    def write(name, source):
        (tmp_path / name).write_text(source)

    return write


def text_of(content):
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


def test_renders_the_context_escaped(write):
    write("slip.html", "<p>{{ name }}")
    assert text_of(pdf.render("slip.html", {"name": "<b>Ann</b>"})).strip() == "<b>Ann</b>"


def test_repeats_to_the_byte(write):
    write("slip.html", "<p>Ann")
    assert pdf.render("slip.html", {}) == pdf.render("slip.html", {})


def test_uses_the_styles_named(write):
    write("slip.html", "<p>Ann")
    write("label.css", "@page { size: 57mm 32mm; margin: 0 }")
    write("sheet.css", "@page { size: A5; margin: 0 }")
    for styles, width_mm in ((["label.css"], 57), (["sheet.css"], 148), (["label.css"], 57)):
        [page] = pypdfium2.PdfDocument(pdf.render("slip.html", {}, styles=styles))
        assert round(page.get_width() / 72 * 25.4) == width_mm


def test_changed_style_is_not_served_from_the_past(write):
    write("slip.html", "<p>Ann")
    write("label.css", "@page { size: 57mm 32mm }")
    before = pdf.render("slip.html", {}, styles=["label.css"])
    write("label.css", "@page { size: 90mm 32mm }")
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    assert pdf.render("slip.html", {}, styles=["label.css"]) != before


def test_fetches_neither_file_nor_host(write):
    write("slip.html", "{{ note|safe }}")
    for address in ("file:///etc/hostname", "http://127.0.0.1:9/logo.png"):
        with pytest.raises(FatalURLFetchingError):
            pdf.render("slip.html", {"note": f"<img src='{address}'>"})
