"""A brief's content, put together once; the PDF and the HTML file are both set from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeroom.evidence.store import Store
from homeroom.figures.nearest import Near
from homeroom.law.act import LeaFacts
from homeroom.report.brief import (
    adults,
    around,
    bill,
    evidence,
    ground,
    limits,
    national,
    options,
    origin,
    questions,
    students,
)
from homeroom.report.brief.blocks import BriefContent
from homeroom.report.brief.subject import Subject, subject
from homeroom.report.names import readable
from homeroom.vocabulary.states import STATES

GUIDE = (
    (
        "Homeroom takes no side: public files beside studies, in both directions, and where "
        "neither tells. A difference between schools with officers and schools without them is an "
        "association; it does not show what officers change."
    ),
    (
        "A 95% interval holds the rates that the count is compatible with by chance; a wide one "
        "means a small count. A dash means that no file in the store tells, never zero."
    ),
)


def brief(
    store: Store,
    place: str,
    *,
    name: str | None = None,
    plans: Mapping[str, Any] | None = None,
    facts: LeaFacts | None = None,
    policy: str = "published",
) -> BriefContent:
    """Put a brief together.

    Parameters
    ----------
    name
        How the brief calls the place, where the agency's name is not the usual one.
    plans
        What :func:`levels.compared` gives: the options, and each against keeping as is. Without
        them the brief shows the adults of today and what one of each costs.
    facts
        What is known of the district for the bill's questions.

    Raises
    ------
    NotAvailable
        The store has no such place.
    """
    about = subject(store, place, name=name, policy=policy)
    known = evidence.evidence()
    found = around.around(about)
    version = store.meta["data_version"]
    today = None if plans else ground.ground(about)
    rows = plans["sources"] if plans else today.sources if today else ()
    parts = (
        students.section(about),
        adults.section(about, drawn=students.picture(about) is not None),
        around.section(about, found),
        questions.section(about),
        limits.quality(about, about.page),
        national.section(about),
        options.section(plans) if plans else ground.section(about, today),
        evidence.section(known),
        limits.section(about, known),
        bill.section(about, facts),
        origin.methods(about, version),
        origin.sources(about, found, known, plans, rows),
    )
    return BriefContent(
        about.area.place_id,
        f"Police, counselors and students: {about.name}",
        _subtitle(about),
        origin.edition(version, policy, store.access),
        _summary(
            about,
            found,
            known,
            options.sentence(plans) if plans else ground.sentence(today),
            options.law_sentence(plans) if plans else "",
        ),
        students.picture(about) or adults.picture(about),
        GUIDE,
        tuple(part for part in parts if part is not None),
    )


def _subtitle(about: Subject) -> str:
    facts = about.facts
    where = []
    if about.name.casefold() != facts["name"].casefold() and about.area.kind != "nation":
        where.append(f"{facts['name']} in the agency's files")
    if about.area.kind in ("district", "school"):
        city = facts["city"]
        state = STATES.get(str(facts["state"]), str(facts["state"]))
        where.append(", ".join(filter(None, [readable(str(city)) if city else "", state])))
    if facts["students"]:
        where.append(f"{facts['students']:,} students in the latest directory or survey")
    where.append(about.area.place_id)
    return "  ·  ".join(where)


def _summary(
    about: Subject, found: Near | None, known: evidence.Evidence, options_said: str, law_said: str
) -> tuple[tuple[str, str], ...]:
    """Put the first page together: a word for the margin, and what is known under it."""
    said = students.sentences(about) or {
        "arrests": [
            (
                f"The store holds no count of arrests or referrals in {about.name}; the part on "
                "methods names the files that bring them."
            )
        ]
    }
    told = (
        ("State law", law_said),
        ("Arrests", " ".join(said.get("arrests", ()))),
        ("Referrals", " ".join(said.get("referrals", ()))),
        ("Adults", " ".join(adults.sentences(about))),
        ("Peers", around.sentence(about, found)),
        ("Money", options_said),
        ("Research", evidence.sentence(known)),
        ("Not known", limits.sentence(known)),
    )
    return tuple((label, text) for label, text in told if text)
