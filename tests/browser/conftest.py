from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from .serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "ensure_chromium.py"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def without_browser(reason: str) -> None:
    """Skip with the reason; in continuous integration a missing browser is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI=true, and {reason}")
    pytest.skip(reason)


# Playwright keeps an event loop running in the thread that started it. The package scope ends
# it with the last browser test, so that tests elsewhere may run loops of their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = runpy.run_path(str(SCRIPT))["find_chromium"]()
    if executable is None:
        without_browser("no Chromium or Chrome is installed (scripts/ensure_chromium.py gets one)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def site(starter_store: Path) -> Iterator[str]:
    with serving(starter_store) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()
