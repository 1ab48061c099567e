"""The parts of an edition: each is built alone, so they run side by side and are taken up again.

One part has the pages that belong to no state; a few for each state have its own pages and charts,
and its districts with their schools.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import homeroom
from homeroom.errors import HomeroomError
from homeroom.evidence import place_list
from homeroom.evidence.place_ids import place_range
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.scope import scope_of
from homeroom.version import __version__
from homeroom.web.edition import tables
from homeroom.web.edition.pages import as_file
from homeroom.web.edition.rendering import OWN, Answer, Server
from homeroom.web.edition.scope import Edition
from homeroom.web.edition.writing import Shelf, keep_note

COMMON = "common"
_LINK = re.compile(r'\b(?:href|src|srcset)="(/[^"#]*)')
_STATE = re.compile(r"(?:/place/US-|[?&](?:state=|place=US-))([A-Z]{2})\b")
_SMALL = re.compile(r"/place/(?:lea|school):|[?&]place=(?:lea|school)(?::|%3A)")
_SEEDS = ("/", "/place/US", "/search", "/map", "/claims", "/static/style.css", "/static/vega.js",
          "/static/icon.svg", "/static/edition.js", "/static/live-chart.js")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an edition.

    Attributes
    ----------
    name
        What its note is called.
    state
        Whose pages it has; empty for the common pages.
    places
        Districts and schools of the part, schools after their districts.
    head
        Whether it has the state's own pages.
    """

    name: str
    state: str = ""
    places: tuple[str, ...] = ()
    head: bool = False


@dataclass(slots=True)
class _Job:
    server: Server
    edition: Edition
    shelf: Shelf
    skipped: list[str]
    largest: tuple[int, str] = (0, "")

    def write(self, address: str, answer: Answer) -> list[str]:
        """Write an answer as its file; return the addresses that it links to."""
        file = self.edition.file_of(address)
        if file is None or answer.status != 200:  # a page that only leads on to another
            return []
        if not answer.media_type.startswith("text/html"):
            self.shelf.put(file, answer.body.replace(OWN.encode(), self.edition.url.encode()))
            return []
        text = answer.body.decode()
        body = as_file(self.edition, text, file).encode()
        self.largest = max(self.largest, (len(body), file))
        self.shelf.put(file, body)
        return [unescape(found) for found in _LINK.findall(text)]

    def page(self, address: str) -> list[str]:
        """Make an answer and write it; a page that the store can't answer is left out and told."""
        try:
            return self.write(address, self.server.get(address))
        except HomeroomError as error:
            self.skipped.append(f"{address}: {error}")
            return []


def build_part(store: Path, edition: Edition, part: Part, folder: Path, key: str) -> dict[str, Any]:
    """Build one part and keep its note.

    Parameters
    ----------
    store
        The store's file.
    edition, part
        What to build.
    folder
        Where to write.
    key
        What the part was made from, for the next build.

    Returns
    -------
    dict
        Name, files, bytes, changed files, seconds, the largest page, and what was left out.
    """
    started, worked = time.perf_counter(), time.process_time()
    with homeroom.open(store) as room, closing(Server(room)) as server:
        room.store.quiet()
        job = _Job(server, edition, Shelf(folder), [])
        if part.name == COMMON:
            _crawl(job, list(_SEEDS), "")
        elif part.head:
            _crawl(job, [f"/place/US-{part.state}", f"/map?state={part.state}",
                         f"/place/US-{part.state}/peers"], part.state)  # fmt: skip
        _places(job, part)
    told = {
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(time.process_time() - worked, 1),
        "changed": job.shelf.changed, "largest": job.largest, "skipped": job.skipped[:50],
    }  # fmt: skip
    keep_note(folder, part.name, key, job.shelf, told)
    return {
        "name": part.name, "files": len(job.shelf.written),
        "bytes": sum(job.shelf.written.values()), **told,
    }  # fmt: skip


def _crawl(job: _Job, seeds: list[str], state: str) -> None:
    """Follow links from the seeds, as far as they belong to this state, or to none."""
    waiting, seen = deque(seeds), {job.edition.file_of(one) for one in seeds}
    while waiting:
        address = waiting.popleft()
        for link in [*job.page(address), *_beside(address)]:
            file = job.edition.file_of(link)
            mine = _STATE.search(link)
            if file is None or file in seen or _SMALL.search(link):
                continue
            if (mine[1] if mine else "") == state:
                seen.add(file)
                waiting.append(link)


def _beside(address: str) -> Iterator[str]:
    """Return the specification that belongs to a drawing, for whoever explores it."""
    if address.startswith("/chart/") and ".svg?" in address:
        yield address.replace(".svg?", ".json?", 1)


def _places(job: _Job, part: Part) -> None:
    """Write the pages of a part's districts and schools, and their figures as tables."""
    if not part.places:
        return
    cache = QueryCache.of(job.server.room.store)
    areas = [place_range(one) for one in part.places]
    every = place_list.districts(job.server.room.con, part.state)
    cache.hold(scope_of(place_range(one) for one in every))
    if schools := [area for area in areas if area.kind == "school"]:
        cache.hold(scope_of(schools))
    rates: list[tuple[Any, ...]] = []
    staff: list[tuple[Any, ...]] = []
    for place in part.places:
        links = job.page(f"/place/{place}")
        below = f"/place/{place}/within?"
        for link in links:
            mine = link.startswith(below) or (
                job.edition.charts == "all" and link.startswith("/chart/")
            )
            file = job.edition.file_of(link)
            if mine and file and file not in job.shelf.written:
                for beside in (link, *_beside(link)):
                    job.page(beside)
        page = job.server.pages.profile(place)
        rates += tables.rate_rows(page)
        staff += tables.staff_rows(page)
    _tables(job, part, rates, staff)


def _tables(
    job: _Job, part: Part, rates: list[tuple[Any, ...]], staff: list[tuple[Any, ...]]
) -> None:
    meta = {
        "title": f"Homeroom, figures of {part.name}", "homeroom_version": __version__,
        "data_version": job.server.room.meta["data_version"],
        "source": "US Department of Education, Civil Rights Data Collection",
        "documentation": f"{job.edition.url}/data.html",
    }  # fmt: skip
    for what, rows, schema in (("rates", rates, tables.RATES), ("staff", staff, tables.STAFF)):
        job.shelf.put(f"data/{what}-{part.name}.parquet", tables.parquet(rows, schema, meta))
        own = [row for row in rows if row[0].startswith("lea:")]
        job.shelf.put_json(f"data/{what}-{part.name}.json", {**meta, **tables.columns(own, schema)})
