from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .auditing import COLORS, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
STORY = (Path(__file__).parents[1] / "story_of_june_2021.txt").read_text(encoding="utf-8")


def test_a_story_is_marked_up_read_by_everybody_and_shared(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/article")
    assert violations(page) == []
    page.fill("#text", STORY)
    page.get_by_role("button", name="Check the text").click()
    page.wait_for_selector("h1:has-text('9 claims: 1 does not hold')")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLORS) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.emulate_media(media="print")
    assert page.locator(".claims-of > li").count() == 9
    assert page.locator("form").first.is_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Link to share these results").click()
    page.wait_for_selector("h1:has-text('9 claims: 1 does not hold')")
    assert violations(page) == []
    assert "Murphy" not in page.inner_text("main")
    page.close()
