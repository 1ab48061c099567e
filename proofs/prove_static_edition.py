"""Prove that the static edition of five states works from a plain file server, and what it costs.

Builds it, builds it again (nothing may change), serves its folder with Python's own file server,
and browses it in Chromium: search, a state, a district, a school, a claim, and a chart. No page may
write to the console, ask another host, or break a rule of axe; every link of every page must lead
to a file with the anchor that it names; no page may weigh 150 kB, and no search take 100 ms.

``--states`` names others. Results go to ``results/static_edition.csv``.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import runpy
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

import homeroom
from homeroom.evidence.build import build
from homeroom.vocabulary.states import STATES as STATES_BY_CODE
from homeroom.web.edition.build import Report, build_site

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "static_edition.csv"
STATES = ("TX", "VA", "CO", "DC", "RI")
_LARGEST = (
    "SELECT place_id, name FROM place WHERE kind = ? AND state = ? "
    "ORDER BY students DESC NULLS LAST, place_id LIMIT 1"
)


def visits(store: Path, state: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return pages to visit, and searches with the page that each must find.

    The state's largest district and its largest school stand for the others.
    """
    with homeroom.open(store) as room:
        district, school = (
            room.con.execute(_LARGEST, [kind, state]).fetchall()[0]
            for kind in ("district", "school")
        )
    pages = {
        "home": "index.html", "nation": "place/US.html", "state": f"place/US-{state}.html",
        "district": f"place/{district[0].replace(':', '-')}.html",
        "school": f"place/{school[0].replace(':', '-')}.html",
        "claim": "claims/six-times.html", "chart": f"chart/waves-{{{STATES_BY_CODE[state]}}}.html",
        "map": "map.html", "districts": f"map-state-{state}.html", "plan": "plan.html",
    }  # fmt: skip
    slip = district[1][:2] + district[1][3:]  # the third letter is left out
    searches = {
        slip: district[0].replace(":", "-"), school[1]: school[0].replace(":", "-"),
        STATES_BY_CODE[state]: f"US-{state}",
    }  # fmt: skip
    return pages, searches


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder as any host of files would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@cache
def _anchors(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))


def broken_links(folder: Path) -> list[str]:
    """Return links that lead to no file, or to an anchor that the file lacks."""
    broken = []
    for page in sorted(folder.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        for kind, link in re.findall(r'\b(href|src|srcset)="([^"]*)"', text):
            address = unescape(link)
            if re.match(r"[a-z]+:", address) or (kind == "href" and address in ("", "#")):
                continue
            file, _, anchor = address.partition("#")
            target = (page.parent / file).resolve() if file else page
            if not target.is_file():
                broken.append(f"{page.relative_to(folder)}: {address}")
            elif anchor and target.suffix == ".html" and anchor not in _anchors(target):
                broken.append(f"{page.relative_to(folder)}: {address} (no such anchor)")
    return broken


def browse(folder: Path, store: Path, state: str) -> list[tuple[str, str, str]]:
    """Return what was found, as rows of name, figure, and fault."""
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from auditing import violations  # noqa: PLC0415

    chromium = runpy.run_path(str(ROOT / "scripts" / "ensure_chromium.py"))["find_chromium"]()
    rows = []
    pages, searches = visits(store, state)
    with serving(folder) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        heard: list[str] = []
        page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith(site) else heard.append(one.url))
        for name, path in pages.items():
            file = _found(folder, path)
            page.goto(f"{site}/{file}")
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            faults = [*heard, *violations(page)]
            heard.clear()
            rows.append((f"visit: {name}", file, "; ".join(faults)))
        rows += [_search(page, site, query, wanted, heard) for query, wanted in searches.items()]
        rows.append(_explored(page, site, state, heard))
        browser.close()
    return rows


def _found(folder: Path, path: str) -> str:
    """Return a page's file; of a chart the first whose page is about the place in braces."""
    if "{" not in path:
        return path
    start, _, rest = path.partition("{")
    name = rest.partition("}")[0]
    for page in sorted(folder.glob(f"{start}*.html")):
        if name in page.read_text(encoding="utf-8"):
            return str(page.relative_to(folder))
    raise SystemExit(f"expected a chart page like {path}, found none")


def _search(
    page: Page, site: str, query: str, wanted: str, heard: list[str]
) -> tuple[str, str, str]:
    page.goto(f"{site}/index.html")
    page.locator("main input[name=q]").fill(query)
    page.locator("main form[role=search] button").click()
    page.wait_for_selector("ol.found li")
    took = float(page.evaluate("document.documentElement.dataset.searchMilliseconds"))
    links = page.eval_on_selector_all("ol.found a", "all => all.map(one => one.href)")
    faults = [*heard]
    heard.clear()
    if not any(link.endswith(f"{wanted}.html") for link in links[:3]):
        faults.append(f"expected {wanted} among the first three, found {links[:3]}")
    if took >= 100:
        faults.append("slower than 100 ms")
    return f"search: {query}", f"{took:.0f} ms", "; ".join(faults)


def _explored(page: Page, site: str, state: str, heard: list[str]) -> tuple[str, str, str]:
    """Turn a picture into a live chart."""
    page.goto(f"{site}/place/US-{state}.html")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.locator("button.explore").first.click()
    page.wait_for_selector(".live svg", timeout=30_000)
    faults = "; ".join(heard)
    heard.clear()
    return "explore a chart", "drawn in the browser", faults


def timed(folder: Path, store: Path, states: tuple[str, ...]) -> tuple[Report, float]:
    """Build, and return the report with the seconds it took."""
    started = time.perf_counter()
    report = build_site(
        folder, store, states, url="https://homeroom.example.org",
        told=lambda part: print(part["name"], part["files"], part["seconds"], flush=True),
    )  # fmt: skip
    return report, time.perf_counter() - started


def main() -> int:
    """Prove it; end with 1 where something is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--states", default=",".join(STATES))
    states = tuple(parser.parse_args().states.split(","))
    with tempfile.TemporaryDirectory() as kept:
        folder, store = Path(kept) / "site", Path(kept) / "store.duckdb"
        build([], store)
        report, seconds = timed(folder, store, states)
        again, quick = timed(folder, store, states)
        cpu = sum(part.get("cpu_seconds", 0.0) for part in report.parts)
        size, page = report.largest
        broken = broken_links(folder)
        rows = [
            ("states", ",".join(states), ""),
            ("machine", f"{os.cpu_count()} cores, load {os.getloadavg()[2]:.1f}", ""),
            ("files", f"{report.files}", ""),
            ("megabytes", f"{report.bytes / 1e6:.1f}", ""),
            ("seconds", f"{seconds:.0f}", ""),
            ("CPU seconds of the parts", f"{cpu:.0f}", ""),
            ("seconds of a second build", f"{quick:.0f}",
             "" if not again.changed else f"{again.changed} files changed"),
            ("largest page", f"{page} {size / 1000:.0f} kB", "" if size < 150_000 else "too large"),
            ("links", "all resolve" if not broken else "", "; ".join(broken[:5])),
            ("left out", str(sum(len(part["skipped"]) for part in report.parts)), ""),
            *browse(folder, store, states[0]),
        ]  # fmt: skip
    with RESULTS.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("what", "figure", "fault"), *rows])
    for row in rows:
        print(*row)
    return int(any(fault for *_, fault in rows))


if __name__ == "__main__":
    sys.exit(main())
