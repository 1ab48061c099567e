"""Studies, the bill, and plans for assistants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from homeroom.mcp.envelope import NO_FIGURE, Answer, answered

if TYPE_CHECKING:
    from homeroom.api import Homeroom

_FINDINGS = 20
"""Findings in one answer, the strongest designs first; the API gives all."""
_KEPT = (
    "effect_id", "study", "year", "intervention", "outcome", "measured", "contrast", "change",
    "bearing", "estimate", "low", "high", "scale", "design", "grade", "verified", "url",
)  # fmt: skip


def research(room: Homeroom, intervention: str | None = None, outcome: str | None = None) -> Answer:
    """Tell what studies found, on every side, by one rule; studies are no figures of a place.

    Parameters
    ----------
    room
        An open store.
    intervention, outcome
        As `sro_presence` and `school_arrests`; without an intervention, every one in short.

    Raises
    ------
    BadInput
        A name that the library lacks.
    """
    from homeroom.research import at_a_glance, summarize  # noqa: PLC0415  (loads the library)
    from homeroom.research.schema import Grade  # noqa: PLC0415

    outcomes = [outcome] if outcome else []
    told = [summarize(intervention, outcomes)] if intervention else [*at_a_glance()]
    grades = [str(one) for one in Grade]
    frame = room.research(intervention, outcome).select(_KEPT)
    rows = sorted(frame.to_dicts(), key=lambda row: grades.index(row["grade"]))
    words = [
        " ".join(
            (f"{one.label}: {one.headline}",
             *(text for side in one.sides.values() for text in side.sentences), one.note)
        )
        for one in told
    ]  # fmt: skip
    return answered(
        room, "\n".join(words),
        {
            "summaries": [one.as_dict() for one in told], "findings": rows[:_FINDINGS],
            "findings_in_all": len(rows),
        },
        scope="Studies of other places and years; what they found need not hold elsewhere.",
        sources=list(dict.fromkeys(row["url"] for row in rows[:_FINDINGS] if row["url"])),
    )  # fmt: skip


def act(
    room: Homeroom,
    place: str | None = None,
    facts: Mapping[str, object] | None = None,
    version: str = "2025",
) -> Answer:
    """Tell what the Counseling Not Criminalization in Schools bill would ask of a district.

    Parameters
    ----------
    room
        An open store.
    place
        A district, by id or name.
    facts
        What is known of it; what is not given is unknown, and named so.
    version
        Year or id of the bill.

    Raises
    ------
    BadInput
        A fact, version, or place that makes no sense.
    """
    found = room.act(place, facts, version=version)
    answers = [f"{one.question} {one.finding.answer}." for one in found.answers]
    told = [found.bill.notice, *answers]
    if found.unknowns:
        told.append(f"Not known: {'; '.join(found.unknowns)}.")
    sources = [str(entry.citation) for one in found.answers for entry in one.finding.trace]
    scope = "The bill's text as far as it was read, and the facts given; no legal advice."
    return answered(
        room, " ".join(told), dict(found.as_dict()), scope=scope,
        sources=list(dict.fromkeys(sources)),
    )  # fmt: skip


def plan(room: Homeroom, document: Mapping[str, object] | str) -> Answer:
    """Run a plan: what it costs, whom it staffs, what research says it changes.

    Parameters
    ----------
    room
        An open store.
    document
        A plan as a mapping or as YAML text.

    Raises
    ------
    BadInput
        The plan contradicts itself, or takes away more than there is.
    NotAvailable
        The store holds no staff of the place and wave.
    """
    found = room.plan(document)
    data: dict[str, Any] = found.as_dict()
    data["staff"] = {name: value for name, value in data["staff"].items() if name != "schools"}
    cost = "; ".join(
        f"{year} ${one['central']:,.0f} (${one['low']:,.0f} to ${one['high']:,.0f})"
        for year, one in data["cost"].items()
    )
    posts = "; ".join(
        f"{row['role'].replace('_', ' ')} {row['before']:,.1f} to {row['after']:,.1f}"
        for row in data["staff"]["roles"]
        if row["change"]
    )
    told = [f"{data['name']} costs, year by year: {cost}.", f"Posts: {posts or 'as they are'}."]
    told += [*found.warnings, *(note.text for note in found.law)]
    told.append("What it changes for students rests on studies of other places.")
    area = found.plan.place
    doubts = found.doubts()
    sources = list(dict.fromkeys(row.url for row in found.rows() if row.url))
    return answered(
        room, " ".join(told), {**data, "warnings": list(found.warnings)},
        scope=f"{room.name(area)}, staff of {data['staff']['wave']}" if area else NO_FIGURE,
        doubt=" ".join(doubts) or None, sources=sources,
    )  # fmt: skip
