"""When a phone on a slow line first shows a page, in a real Chromium.

The profile is Lighthouse's for phones: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up, a
processor four times slower. Each load starts with an empty cache.
"""

from __future__ import annotations

import runpy
from collections.abc import Sequence
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "ensure_chromium.py"
LINE = {
    "offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}  # fmt: skip
SLOWER = 4
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def first_paints(addresses: Sequence[str], times: int) -> dict[str, list[float]] | None:
    """Return milliseconds to the first contentful paint by address; None without a browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is measured

    executable = runpy.run_path(str(SCRIPT))["find_chromium"]()
    if executable is None:
        return None
    found: dict[str, list[float]] = {address: [] for address in addresses}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        for address in addresses * times:
            context = browser.new_context(**playwright.devices["Pixel 7"])
            page = context.new_page()
            tools = context.new_cdp_session(page)
            tools.send("Network.enable")
            tools.send("Network.emulateNetworkConditions", LINE)
            tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(address, wait_until="load")
            page.wait_for_function(f"{_PAINT} > 0")
            found[address].append(page.evaluate(_PAINT))
            context.close()
        browser.close()
    return found
