"""Every picture that has an address: its parameters, and how it is made from the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence.place_ids import place_range
from homeroom.figures.figure import Figure
from homeroom.figures.nearest import Kept, Near, near
from homeroom.figures.peers import every_district, features
from homeroom.figures.question import Question
from homeroom.report import (
    dot_map,
    maps,
    peer_chart,
    place_charts,
    ranking,
    rate_charts,
    tile_map,
)
from homeroom.report import place_figures as figures
from homeroom.report.names import readable
from homeroom.report.picture import Picture
from homeroom.vocabulary.groups import ALL, RACES, Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.web.page_cache import PageCache
from homeroom.web.params import (
    ANY_WAVE,
    OUTCOME,
    PLACE,
    POLICY,
    WAVE,
    Parameter,
    Read,
)
from homeroom.web.params import read as read_parameters

GROUP = Parameter("group", "Group of students.", "choice", default=ALL, choices=(ALL, *RACES))
FIGURE = Parameter(
    "figure", "The group's rate, or its ratio to white students' rate.", "choice",
    default="rate", choices=tuple(maps.FIGURES),
)  # fmt: skip
STATE = Parameter(
    "state", "Postal code of a state.", "choice", required=True, choices=tuple(STATES), example="TX"
)
PLACES = Parameter(
    "places", "Up to four place ids, joined by commas.", required=True, longest=120,
    example="lea:4808940,lea:0803360",
)  # fmt: skip
SIZE, LOOK = 4, (
    Parameter("theme", "Colors.", "choice", default="light", choices=("light", "dark")),
    Parameter("size", "Width.", "choice", default="wide", choices=("wide", "narrow")),
    Parameter("title", "With title and source, or without.", "choice", default="yes",
              choices=("yes", "no")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture."""

    id: str
    doc: str
    parameters: tuple[Parameter, ...]
    make: Callable[[PageCache, Read], Picture]


def places_of(text: str) -> list[str]:
    """Read a list of places.

    Raises
    ------
    BadInput
        More than four, none, or one that is no place id.
    """
    found = list(dict.fromkeys(PLACE.read(part) for part in text.split(",") if part.strip()))
    if not 1 <= len(found) <= SIZE:
        raise BadInput(f"places: expected one to four place ids, found {len(found)}.")
    return found


def _rates(cache: PageCache, read: Read) -> Picture:
    page = cache.profile_of(read["place"], read["measure"], read["policy"])
    return place_charts.rates(page, read["measure"], read["wave"])


def _staff(cache: PageCache, read: Read) -> Picture:
    return place_charts.staff(cache.profile(read["place"], read["policy"]), read["wave"])


def _waves(cache: PageCache, read: Read) -> Picture:
    page = cache.profile_of(read["place"], read["measure"], read["policy"])
    return place_charts.waves(page, read["measure"])


def _compare(cache: PageCache, read: Read) -> Picture:
    tables = []
    for place in places_of(read["places"]):
        page = cache.profile_of(place, read["measure"], "published")
        if read["wave"] in figures.waves_of(page.outcomes, read["measure"]):
            table = page.table(read["measure"], read["wave"])
            tables.append((page.facts["name"], table))
    if not tables:
        label = MEASURES[read["measure"]].label
        raise place_charts.none_of(label, "these places", read["wave"])
    return rate_charts.compared(read["wave"], tables, [ALL, "black", "hispanic", "white"])


def choice_of(read: Read) -> maps.Choice:
    """Read what a map should show."""
    if read["figure"] == "ratio" and read["group"] in (ALL, "white"):
        raise BadInput("figure ratio: choose a group other than all students or white students.")
    return maps.Choice(read["measure"], read["group"], read["wave"], read["figure"])


def _question(choice: maps.Choice, place: str) -> Question:
    versus = "white" if choice.figure == "ratio" else ""
    return Question(
        choice.measure, Group(choice.group), versus, place=place, wave=choice.wave
    )  # fmt: skip


def state_figures(cache: PageCache, choice: maps.Choice) -> list[Figure]:
    """Return every state's figure."""
    return cache.answers([_question(choice, f"US-{state}") for state in tile_map.TILES])


def state_spots(cache: PageCache, choice: maps.Choice) -> list[maps.Spot]:
    """Return every state's figure with its name."""
    return cache.keep(
        ("states", choice),
        lambda: [
            maps.spot(one, STATES[one.question.place.removeprefix("US-")])
            for one in state_figures(cache, choice)
        ],
    )


def district_spots(cache: PageCache, choice: maps.Choice, state: str) -> list[maps.Spot]:
    """Return the figure of every district of a state, with its name and where it lies."""

    def make() -> list[maps.Spot]:
        known: list[dict[str, Any]] = cache.room.districts(state)
        found = cache.answers([_question(choice, row["place_id"]) for row in known])
        return [
            maps.spot(one, readable(str(row["name"])), (row["longitude"], row["latitude"]))
            for one, row in zip(found, known, strict=True)
        ]

    return cache.keep(("districts", choice, state), make)


def _tiles(cache: PageCache, read: Read) -> Picture:
    choice = choice_of(read)
    return tile_map.tiles(choice, state_spots(cache, choice))


def _dots(cache: PageCache, read: Read) -> Picture:
    choice = choice_of(read)
    return dot_map.dots(choice, read["state"], district_spots(cache, choice, read["state"]))


def _ranked(cache: PageCache, read: Read) -> Picture:
    choice = choice_of(read)
    state = read["state"]
    if state:
        return ranking.ranked(choice, STATES[state], district_spots(cache, choice, state))
    return ranking.ranked(choice, "the United States", state_spots(cache, choice))


def near_of(cache: PageCache, place: str, measure: str, wave: str, policy: str) -> Near:
    """Return a place's peers, and where it stands among them.

    Raises
    ------
    NotAvailable
        The place is neither a district nor a state, or has no features to be alike in.
    """
    kind = place_range(place).kind
    if kind not in ("district", "state"):
        raise NotAvailable(f"Peers of {place}: expected a district or a state.")
    store = cache.room.store

    def make() -> Near | None:
        table = cache.keep(("features", kind), lambda: features(store, kind))
        counts = {}
        if kind == "district":  # few states, and each asks its own table
            counts[measure] = cache.keep(
                ("every district", measure, wave, policy),
                lambda: every_district(store, measure, wave, policy=policy),
            )
        return near(store, place, wave, (measure,), policy=policy, kept=Kept(table, counts))

    found = cache.keep(("near", place, measure, wave, policy), make)
    if found is None:
        raise NotAvailable(f"Peers of {place}: the files in the store say too little of it.")
    return found


def _peers(cache: PageCache, read: Read) -> Picture:
    found = near_of(cache, read["place"], read["measure"], read["wave"], read["policy"])
    choice = maps.Choice(read["measure"], ALL, read["wave"], "rate")
    name = str(cache.profile(read["place"]).facts["name"])
    return peer_chart.peers(name, place_range(read["place"]).kind, choice, found)


_MAP = (OUTCOME, GROUP, FIGURE, WAVE)
_ANY_STATE = Parameter(
    "state", "Postal code: its districts; without it, the states.", "choice", choices=tuple(STATES)
)
KINDS: dict[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("rates", "An outcome by group, with intervals", (PLACE, OUTCOME, ANY_WAVE, POLICY),
             _rates),
        Kind("staff", "Students per adult beside recommended ratios", (PLACE, ANY_WAVE, POLICY),
             _staff),
        Kind("waves", "An outcome over the waves, breaks marked", (PLACE, OUTCOME, POLICY), _waves),
        Kind("peers", "A place among the places most like it", (PLACE, OUTCOME, WAVE, POLICY),
             _peers),
        Kind("compare", "Up to four places side by side", (PLACES, OUTCOME, WAVE), _compare),
        Kind("states", "The states as a grid of tiles", _MAP, _tiles),
        Kind("districts", "A state's districts at their coordinates", (*_MAP, STATE), _dots),
        Kind("ranked", "The highest states or districts, ranked", (*_MAP, _ANY_STATE), _ranked),
    )
}  # fmt: skip


def picture(cache: PageCache, kind: Kind, read: Read) -> Picture:
    """Make a picture, or give the one that is kept."""
    key = ("picture", kind.id, *sorted((k, v) for k, v in read.values.items() if v is not None))
    return cache.keep(key, lambda: kind.make(cache, read))


def picture_of(cache: PageCache, kind: str, **params: str) -> Picture:
    """Make a picture of places as its address would, from its parameters as text."""
    known = KINDS[kind]
    return picture(cache, known, read_parameters(params, known.parameters))


def address(kind: str, **values: str | None) -> str:
    """Return the part of an address that names a picture: kind and parameters."""
    return f"{kind}?{urlencode({k: v for k, v in values.items() if v})}"
