"""Accessibility as axe-core judges it: WCAG 2.2 AA and its best practices."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules that the color scheme bears on: all others see the same page in light and dark."""
# What passes is neither described nor sent: a long page has ten thousand elements that do.
_VIOLATIONS = """
async rules => {
    const options = {runOnly: rules, resultTypes: ["violations"]};
    return (await axe.run(document, options)).violations;
}
"""


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, rules: dict[str, object] = EVERYTHING) -> list[str]:
    """Return each rule that the page breaks, with the first places where."""
    page.evaluate(_axe())
    found = page.evaluate(_VIOLATIONS, rules)
    return [
        f"{one['id']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]])}"
        for one in found
    ]
