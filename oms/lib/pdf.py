"""HTML templates as PDF bytes, by WeasyPrint, with what can be kept between documents kept."""

from functools import cache, lru_cache
from importlib import import_module
from threading import Lock

from django.template.loader import get_template, render_to_string

from oms.lib.garbage import settle

# Pango's font map serves one thread at a time.
_lock = Lock()


def render(template, context, *, styles=()):
    """Return `template` rendered with `context` as PDF bytes; raises if it names a file or a host.

    `styles` names stylesheets found like templates ("orders/documents/invoice.css"), which are parsed
    once; what stands in a <style> of the template is parsed for each document, a third of its time.
    """
    return lay_out(render_to_string(template, context), styles)


def lay_out(source, styles):
    with _lock:
        sheets = [_parsed(get_template(name).template.source) for name in styles]
        page = weasyprint().HTML(string=source, url_fetcher=_fetcher())
        return page.write_pdf(font_config=_fonts(), stylesheets=sheets)


@cache
def weasyprint():
    """Return WeasyPrint, brought in by the first document: it is a third of what any process takes to start."""
    import_module("weasyprint.text.fonts")
    settle()
    return import_module("weasyprint")


@cache
def _fetcher():
    """Only data: URLs are fetched, so no text that a customer typed can reach a file or a host."""
    return weasyprint().urls.URLFetcher(allowed_protocols=["data"], fail_on_errors=True)


@lru_cache(maxsize=100)
def _parsed(source):
    return weasyprint().CSS(string=source, url_fetcher=_fetcher(), font_config=_fonts())


@cache
def _fonts():
    return weasyprint().text.fonts.FontConfiguration()


def forget():
    """Drop what is kept between documents, as a new worker has it."""
    _parsed.cache_clear()
    _fonts.cache_clear()
