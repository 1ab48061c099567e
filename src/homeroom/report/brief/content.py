"""A brief's content, put together once; the PDF and the HTML file are both set from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from homeroom.evidence import ask
from homeroom.law.act import LeaFacts
from homeroom.report.brief import adults, around, bill, evidence, limits, options, origin, students
from homeroom.report.brief.blocks import BriefContent
from homeroom.report.brief.subject import Subject, shown, subject
from homeroom.report.profile import profile
from homeroom.vocabulary.states import STATES

GUIDE = (
    (
        "Homeroom takes no side. It sets what the public files say beside what studies found, in "
        "both directions, and says where neither tells."
    ),
    (
        "A 95 % interval is the range of rates that the count is compatible with by chance; where "
        "it is wide, the count is small. “Not at hand” means that no file tells; it never means "
        "zero."
    ),
    (
        "A difference between schools with officers and schools without them is an association. It "
        "does not show what officers change."
    ),
)


def brief(
    con: duckdb.DuckDBPyConnection,
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
        What ``homeroom plan run --json`` gives: the options to compare.
    facts
        What is known of the district for the bill's questions.

    Raises
    ------
    NotAvailable
        The store has no such place.
    """
    about = subject(con, place, name=name, policy=policy)
    page = profile(con, about.area.place_id, policy=policy)
    known = evidence.evidence()
    found = around.around(about)
    version = str(ask.rows(con, "SELECT value FROM meta WHERE key = 'data_version'")[0][0])
    compared = options.section(plans) if plans else None
    parts = (
        students.section(about),
        adults.section(about),
        around.section(about, found),
        compared or options.absent(about.area.place_id, about.area.kind),
        evidence.section(known),
        limits.section(about, page, known),
        bill.section(about, facts),
        origin.methods(about, version),
        origin.sources(about, found, known, plans),
    )
    return BriefContent(
        about.area.place_id,
        f"Police, counselors and students: {about.name}",
        _subtitle(about),
        origin.edition(version) + (f", policy {policy}" if policy != "published" else ""),
        _summary(about, found, known, plans),
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
        where.append(", ".join(filter(None, [shown(str(city)) if city else "", state])))
    if facts["students"]:
        where.append(f"{facts['students']:,} students in the latest directory or survey")
    where.append(about.area.place_id)
    return "  ·  ".join(where)


def _summary(
    about: Subject,
    found: around.Around | None,
    known: evidence.Evidence,
    plans: Mapping[str, Any] | None,
) -> tuple[str, ...]:
    said = students.sentences(about)
    if not said:
        said = [
            (
                f"No count of arrests or referrals in {about.name} is at hand; the section on "
                "arrests names the files that bring them."
            )
        ]
    said += adults.sentences(about)
    said.append(around.sentence(about, found) or "")
    said += options.sentences(plans) if plans else []
    said.append(evidence.sentence(known))
    return tuple(one for one in said if one)
