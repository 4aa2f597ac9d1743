"""Chromium for tests that work as a person does: `page` on a desk, `phone` in a hand."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

# Without these Chromium looks up hosts of its own at every start, which a closed network refuses slowly.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(settings.BASE_DIR) / ".run" / "screenshots"


@pytest.fixture(scope="module")
def chromium():
    """One Chromium, without what only a screen needs, for the tests of a file; each test gets a profile of its own.

    While it runs, Playwright's loop runs in this thread: Django takes every query for an async one, and
    a process forked meanwhile would share connections with us. So it never outlives the file.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Return `open_page(width, height, **context)`.

    A script error on such a page, or a thing our content policy refuses it, fails the test.
    """
    contexts, errors = [], []

    def open_page(width, height, **context):
        contexts.append(
            chromium.new_context(base_url=live_server.url, viewport={"width": width, "height": height}, **context)
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: "Security Policy" in line.text and errors.append(line.text))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors[:3] == []


@pytest.fixture
def page(open_page):
    """A desktop page, 1280 x 900."""
    return open_page(1280, 900)


@pytest.fixture
def phone(open_page):
    """A phone's page, 390 x 844, with touch."""
    return open_page(390, 844, has_touch=True, is_mobile=True)


@pytest.fixture
def log_in(client, live_server):
    """Return `log_in(page, user)`: the session of `user` in that page, without typing a password."""

    def log_in(page, user):
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return log_in


@pytest.fixture
def screenshot():
    """Return `screenshot(page, name)`: the whole page as .run/screenshots/<name>.png, where somebody will look at it.

    That is with OMS_SCREENSHOTS, and in `make soak`; otherwise it only waits until the page is there.
    """

    def screenshot(page, name):
        page.wait_for_load_state()
        if not {"OMS_SCREENSHOTS", "OMS_SOAK"} & os.environ.keys():
            return
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return screenshot
