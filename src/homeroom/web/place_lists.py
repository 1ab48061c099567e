"""The schools of a district, the districts of a state, and the states: listed, ranked, linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from homeroom.evidence.place_ids import place_range
from homeroom.evidence.places import Member, members
from homeroom.figures.by_unit import count_units
from homeroom.figures.outcomes import usual_wave
from homeroom.report.names import readable
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.web.page_cache import PageCache
from homeroom.web.params import ANY_WAVE, OUTCOME, PLACE, POLICY, Parameter, Read, read
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

NOUNS = {"district": "schools", "state": "districts", "nation": "states"}
_LEVELS = {"district": "school", "state": "district", "nation": "state"}
ORDERS = {"count": "Students counted", "rate": "Per 10,000", "students": "Students", "name": "Name"}
_NAMED = Parameter("name", "Only places with this in their name.", default="", longest=60)
_LEAST = Parameter(
    "least", "Only places with at least so many students.", "integer", default=0, least=0,
    most=2_000_000,
)  # fmt: skip
_SORT = Parameter("sort", "What to sort by.", "choice", default="count", choices=tuple(ORDERS))


@dataclass(frozen=True, slots=True)
class Row:
    """One place with its figure; ``note`` holds its scope and doubt."""

    id: str
    name: str
    students: int | None
    count: int | None
    enrolled: int | None
    doubtful: bool
    note: str

    @property
    def rate(self) -> float | None:
        """Students counted for every 10,000 enrolled; None without enrollment."""
        if self.count is None or not self.enrolled:
            return None
        return 10_000 * self.count / self.enrolled


def inside(
    cache: PageCache, facts: dict[str, Any], measure: str, wave: str | None, policy: str
) -> list[Row]:
    """Return every place directly inside a place, with its figure of a measure and wave.

    Parameters
    ----------
    facts
        What is known of the place itself; a school has nothing inside.
    wave
        None where the place has no figures: its members are listed without them.
    """
    kind, place = facts["kind"], facts["place_id"]
    if kind not in _LEVELS:
        return []
    return cache.keep(
        ("inside", place, measure, wave, policy),
        lambda: _inside(cache, kind, place, measure, wave, policy),
    )


def _inside(
    cache: PageCache, kind: str, place: str, measure: str, wave: str | None, policy: str
) -> list[Row]:
    store = cache.room.store
    known = members(store.con, place_range(place))
    if not wave or not known:
        return [_row(one, None, None) for one in known]
    only = None if kind == "nation" else [one.id for one in known]
    found = count_units(
        store, measure, wave, [Group()], level=_LEVELS[kind], only=only, policy=policy
    )
    at = {one: index for index, one in enumerate(found.places)}
    rows = []
    for one in known:
        index = at.get(one.id)
        if index is None or not np.isfinite(found.events[0][index]):
            rows.append(_row(one, None, None))
            continue
        enrolled = found.students[0][index]
        rows.append(
            _row(
                one, round(found.events[0][index]),
                round(enrolled) if np.isfinite(enrolled) and enrolled > 0 else None,
                doubtful=bool(found.doubtful[index]), note=found.notes[index] or "",
            )
        )  # fmt: skip
    return rows


def _row(
    one: Member, count: int | None, enrolled: int | None, *, doubtful: bool = False, note: str = ""
) -> Row:
    name = STATES.get(one.id.removeprefix("US-")) or readable(one.name) or one.id
    return Row(one.id, name, one.students, count, enrolled, doubtful, note)


def ordered(rows: Sequence[Row], by: str) -> list[Row]:
    """Return rows in an order of :data:`ORDERS`: the highest first, names from A to Z.

    Doubtful figures aren't ranked: they come after the others, and places without a figure last.
    """
    if by == "name":
        return sorted(rows, key=lambda one: (one.name.casefold(), one.id))

    def key(one: Row) -> tuple[bool, bool, float, str, str]:
        known = {"students": one.students, "rate": one.rate}.get(by, one.count)
        last = by != "students" and one.doubtful
        return (known is None, last, -(known or 0), one.name.casefold(), one.id)

    return sorted(rows, key=key)


def narrowed(rows: Sequence[Row], name: str, least: int) -> list[Row]:
    """Return the rows with a text in their name and at least so many students."""
    wanted = name.casefold().strip()
    return [
        row for row in rows
        if wanted in row.name.casefold() and (not least or (row.students or 0) >= least)
    ]  # fmt: skip


async def listing(request: Request) -> Response:
    """Show every place inside a place, in the order asked for."""
    place_id = PLACE.read(request.path_params["place_id"])
    given = read(request.query_params, (OUTCOME, ANY_WAVE, POLICY, _SORT, _NAMED, _LEAST))
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_listing, request, cache, place_id, given)


def _listing(request: Request, cache: PageCache, place_id: str, given: Read) -> Response:
    measure, policy = given["measure"], given["policy"]
    page = cache.profile_of(place_id, measure, policy)
    wave = given["wave"] or usual_wave(page.outcomes, measure)
    rows = inside(cache, page.facts, measure, wave, policy)
    every = len(rows)
    rows = narrowed(rows, given["name"], given["least"])
    noun = NOUNS.get(page.facts["kind"], "places")
    return render(
        request, "within.html", title=f"{noun.capitalize()} of {page.facts['name']}",
        facts=page.facts, noun=noun, rows=ordered(rows, given["sort"]), sort=given["sort"],
        wave=wave, measure=measure, label=MEASURES[measure].label, orders=ORDERS,
        doubted=sum(one.doubtful for one in rows), policy=policy, every=every,
        given=given.values,
    )  # fmt: skip
