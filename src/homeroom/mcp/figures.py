"""Places and figures for assistants."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from homeroom.evidence.place_ids import place_range
from homeroom.figures import wording
from homeroom.figures.backing import Backing
from homeroom.figures.figure import Figure
from homeroom.figures.latest import dated, latest_wave
from homeroom.figures.question import Question
from homeroom.figures.shown import people
from homeroom.mcp.envelope import Answer, answered
from homeroom.report.sentences import capital, place_name
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES

if TYPE_CHECKING:
    from homeroom.api import Homeroom


def find_place(room: Homeroom, name: str, limit: int = 5) -> Answer:
    """Find places by name, typos tolerated, best first.

    Parameters
    ----------
    room
        An open store.
    name
        A name, perhaps with a state.
    limit
        How many at most.
    """
    found = room.find(name, limit)
    told = "; ".join(
        f"{one.name} ({', '.join(part for part in (one.kind, one.state) if part)}, {one.id})"
        for one in found
    )
    return answered(
        room,
        told or f"No place of the store has a name like {name!r}.",
        {"places": [asdict(one) for one in found]},
    )


def figure(
    room: Homeroom,
    place: str,
    measure: str = "arrests",
    group: str = "all",
    versus: str = "",
    wave: str | None = None,
    policy: str = "published",
) -> Answer:
    """Return one figure: a rate per 10,000 students, or a ratio of two groups' rates.

    Parameters
    ----------
    room
        An open store.
    place
        An id, a postal code, or a name.
    measure
        What is counted.
    group, versus
        Whose rate, and whom it is compared with; without `versus`, a rate.
    wave
        A wave; the latest usable one if none is named.
    policy
        ``published`` or ``screened``.

    Raises
    ------
    BadInput
        A value that does not exist.
    NotAvailable
        The store holds no such figure.
    """
    area = room.resolve(place)
    asked = Question(
        measure, Group(group), Group(versus) if versus else "", place=area,
        wave=wave or latest_wave(room.store, measure, area, policy), policy=policy,
    )  # fmt: skip
    found = dated(room.answer([asked]), wave)[0]
    name = place_name(area, room.name(area))
    said = [_told(found, name), found.explanation or "", wording.why_doubted(found.doubts) or ""]
    return answered(
        room, " ".join(part for part in said if part), found.as_dict(),
        scope=scope_of(found, name, area, policy),
        doubt=wording.doubt(found.doubts), coverage=found.coverage, sources=[found.source],
    )  # fmt: skip


def _told(one: Figure, name: str) -> str:
    q = one.question
    label = MEASURES[q.measure].label.lower()
    where = wording.where(name, one, place_range(q.place), q.policy)
    what = f"{capital(people(one))} in {where}, {label}, {q.wave}"
    if one.value is None:
        return f"{what}: no figure."
    unit = "times the rate" if q.compares else "per 10,000 students"
    sure = ""
    if one.low is not None and one.high is not None:
        low, high = wording.decimal(one.low), wording.decimal(one.high)
        sure = f" (95% interval {low} to {high})"
    counts = ", against ".join(
        f"{side.count:,} of {side.students:,} students"
        for side in (one.group, one.versus)
        if side is not None and side.count is not None and side.students
    )
    return f"{what}: {wording.decimal(one.value)} {unit}{sure}{f'; {counts}' if counts else ''}."


def scope_of(one: Backing, name: str, area: str, policy: str = "published") -> str:
    """Return whom a figure speaks for, in words, also where it is the whole place.

    Parameters
    ----------
    one
        A figure.
    name, area
        The place's name and id.
    policy
        ``published`` or ``screened``.
    """
    place = place_range(area)
    told = wording.scope(one.universe, one.coverage, wording.whole_of(place), policy)
    return f"{name}: {told}" if told else f"{name} as a whole"
