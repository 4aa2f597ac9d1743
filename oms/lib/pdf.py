"""HTML templates as PDF bytes, by WeasyPrint, with what can be kept between documents kept."""

from functools import cache, lru_cache
from threading import Lock

from django.template.loader import get_template, render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

# Only data: URLs are fetched, so no text that a customer typed can reach a file or a host.
FETCHER = URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
# Pango's font map serves one thread at a time.
_lock = Lock()


def render(template, context, *, styles=()):
    """Return `template` rendered with `context` as PDF bytes; raises if it names a file or a host.

    `styles` names stylesheets found like templates ("orders/documents/invoice.css"), which are parsed
    once; what stands in a <style> of the template is parsed for each document, a third of its time.
    """
    source = render_to_string(template, context)
    with _lock:
        sheets = [_parsed(get_template(name).template.source) for name in styles]
        return HTML(string=source, url_fetcher=FETCHER).write_pdf(font_config=_fonts(), stylesheets=sheets)


@lru_cache(maxsize=100)
def _parsed(source):
    return CSS(string=source, url_fetcher=FETCHER, font_config=_fonts())


@cache
def _fonts():
    return FontConfiguration()


def forget():
    """Drop what is kept between documents, as a new worker has it."""
    _parsed.cache_clear()
    _fonts.cache_clear()
