"""Building an edition: its parts side by side, only those that changed, and what holds for all."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import homeroom
from homeroom.api import Homeroom
from homeroom.errors import Confidential
from homeroom.evidence import place_list
from homeroom.evidence.store import PUBLIC
from homeroom.version import __version__
from homeroom.web.edition.parts import COMMON, Part, build_part
from homeroom.web.edition.scope import Edition
from homeroom.web.edition.search_index import index
from homeroom.web.edition.writing import Shelf, check_folder, keep_note, note_of, sweep

_EACH = 400
"""Districts in a part: some minutes of work, so that a build that was stopped loses no more."""
SEARCH = "search"


@dataclass(slots=True)
class Report:
    """What a build did.

    Attributes
    ----------
    parts
        What each part says of itself; parts that were passed over have only a name.
    removed
        Files of earlier builds that this edition lacks.
    """

    parts: list[dict[str, Any]] = field(default_factory=list)
    removed: int = 0

    @property
    def files(self) -> int:
        """Return how many files the edition has."""
        return sum(one["files"] for one in self.parts)

    @property
    def bytes(self) -> int:
        """Return how many bytes its files hold."""
        return sum(one["bytes"] for one in self.parts)

    @property
    def changed(self) -> int:
        """Return how many files were new or different."""
        return sum(one["changed"] for one in self.parts)

    @property
    def largest(self) -> tuple[int, str]:
        """Return the size and path of the largest page."""
        return max((tuple(one["largest"]) for one in self.parts), default=(0, ""))


def build_site(
    folder: Path,
    store: Path,
    states: tuple[str, ...],
    *,
    url: str = "https://example.org",
    live: str = "",
    schools: bool = True,
    charts: str = "states",
    jobs: int | None = None,
    told: Callable[[dict[str, Any]], None] = lambda _: None,
) -> Report:
    """Write an edition as files.

    Parameters
    ----------
    folder
        Where to write: an empty folder, or an edition, of which only what changed is written anew.
    store
        A public store.
    states
        Postal codes.
    url
        Where visitors will reach the edition.
    live
        A running server for what files can't answer; empty for none.
    schools
        Whether schools have pages.
    charts
        ``states``: charts of the nation and of states. ``all``: those of districts and schools too.
    jobs
        How many processes; by default one a core.
    told
        Is called with what each part says of itself, when it is done.

    Raises
    ------
    Confidential
        The store is not public.
    BadInput
        The folder holds something else.
    """
    check_folder(folder)
    with homeroom.open(store) as room:
        if room.access != PUBLIC:
            raise Confidential(f"{store}: expected a public store, found confidential records.")
        edition, parts = _planned(room, states, url.rstrip("/"), live.rstrip("/"), charts, schools)
        key = _key(room, edition)
        (folder / ".edition").mkdir(parents=True, exist_ok=True)
        report = Report()
        todo: list[Part] = []
        for part in parts:
            note = note_of(folder, part.name)
            if note.get("key") == _key_of(key, part):
                report.parts.append(_passed(part.name, note))
            else:
                todo.append(part)
        report.parts.append(_search(folder, room, edition, key))
    with ProcessPoolExecutor(
        jobs or os.cpu_count(), multiprocessing.get_context("spawn"), max_tasks_per_child=4
    ) as pool:
        running = [
            pool.submit(build_part, store, edition, part, folder, _key_of(key, part))
            for part in todo
        ]
        for one in as_completed(running):
            report.parts.append(one.result())
            told(report.parts[-1])
    report.removed = sweep(folder, {SEARCH, *(part.name for part in parts)})
    return report


def _planned(
    room: Homeroom, states: tuple[str, ...], url: str, live: str, charts: str, schools: bool,  # noqa: FBT001
) -> tuple[Edition, list[Part]]:  # fmt: skip
    rows = place_list.small_places(room.con)
    districts: dict[str, dict[str, list[str]]] = {state: {} for state in states}
    kept = [row for row in rows if row[2] in districts and (schools or row[1] == "district")]
    for place, _kind, state, leaid in kept:
        districts[state].setdefault(leaid, []).append(place)
    parts = [Part(COMMON)]
    for state, found in districts.items():
        members = [sorted(places) for places in found.values()]  # lea: before school:
        for at in range(0, max(len(members), 1), _EACH):
            name = state if at == 0 else f"{state}-{at // _EACH + 1}"
            places = tuple(place for each in members[at : at + _EACH] for place in each)
            parts.append(Part(name, state, places, head=at == 0))
    parts.sort(key=lambda part: -len(part.places))  # what takes longest first
    edition = Edition(states, frozenset(row[0] for row in kept), url, live, charts)
    return edition, parts


def _search(folder: Path, room: Homeroom, edition: Edition, key: str) -> dict[str, Any]:
    """Write the search index, and the list of the edition's tables."""
    rows = place_list.searched(room.con)
    mine = [
        row for row in rows
        if row["place_id"] in edition.places
        or (row["kind"] == "state" and row["state"] in edition.states)
    ]  # fmt: skip
    shelf = Shelf(folder)
    for path, value in index(mine).items():
        shelf.put_json(path, value)
    shelf.put_json(
        "edition.json",
        {
            "homeroom_version": __version__, "data_version": room.meta["data_version"],
            "states": edition.states, "places": len(edition.places), "url": edition.url,
            "charts": edition.charts,
        },
    )  # fmt: skip
    shelf.put("robots.txt", b"User-agent: *\nAllow: /\n")
    keep_note(folder, SEARCH, key, shelf, {"changed": shelf.changed, "largest": (0, ""),
                                           "seconds": 0.0, "skipped": []})  # fmt: skip
    return _passed(SEARCH, note_of(folder, SEARCH)) | {"changed": shelf.changed}


def _passed(name: str, note: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "files": len(note["files"]), "bytes": sum(note["files"].values()),
        "changed": 0, "seconds": 0.0, "largest": tuple(note["largest"]), "skipped": note["skipped"],
    }  # fmt: skip


def _key(room: Homeroom, edition: Edition) -> str:
    """Return what all parts are made from: the data, the edition's shape, and this package."""
    said = (
        room.meta["data_version"], room.meta.get("content_digest", ""), room.meta["built_at"],
        edition.states, edition.url, edition.live, edition.charts, _package(),
    )  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _key_of(key: str, part: Part) -> str:
    return hashlib.sha256(f"{key} {part}".encode()).hexdigest()[:24]


@cache
def _package() -> str:
    """Return a digest of this package's own files: other templates make other pages."""
    digest = hashlib.sha256()
    root = Path(str(files("homeroom")))
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".html", ".js", ".css", ".yaml"):
            digest.update(path.read_bytes())
    return digest.hexdigest()
