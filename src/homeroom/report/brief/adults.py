"""Officers beside counselors, social workers, psychologists and nurses; schools without them."""

from __future__ import annotations

from typing import Any

from homeroom.errors import NotAvailable
from homeroom.figures import gaps, officers
from homeroom.figures.staffing import staffing
from homeroom.report.brief.axis import Axis, logarithmic
from homeroom.report.brief.blocks import Block, Dot, Plot, Section, Table, Text
from homeroom.report.brief.students import number
from homeroom.report.brief.subject import Subject
from homeroom.report.place_figures import high_schools_only, label_of, staff_rows
from homeroom.report.sentences import adults, listed, posts
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES

_SHOWN = ("officer", "guard", "counselor", "social_worker", "psychologist", "nurse")
_GROUPS = (ALL, "black", "hispanic", "white")


def sentences(about: Subject) -> list[str]:
    """Say which adults worked there, and where police were without support."""
    wave = about.staff_wave
    if wave is None:
        return []
    narrow = high_schools_only(about.staff, wave)
    said = [adults(wave, staff_rows(about.staff, wave), kind=about.area.kind, high_schools=narrow)]
    sets = _sets(about, wave)
    police = sets.get("police")
    if police is None:
        return [one for one in said if one]
    scope = " in high schools" if narrow else ""
    if not police["students"]:
        said.append(f"No student{scope} was in a school that reported a police officer, {wave}.")
        return [one for one in said if one]
    said.append(
        f"{police['students']:,} students{scope} ({_share(police['share'])} of those whose schools "
        f"are at hand) were in schools with a police officer in {wave}."
    )
    asked = [role for role in _SINGLE if f"police_and_no_{role}" in sets]
    some = [role for role in asked if sets[f"police_and_no_{role}"]["students"]]
    parts = [
        f"{sets[f'police_and_no_{role}']['students']:,} were in schools without a {_SINGLE[role]}"
        for role in some
    ]
    none = [_SINGLE[role] for role in asked if role not in some]
    if none:
        parts.append(f"none in schools without a {listed(none, 'or')}")
    if parts:
        said[-1] += f" Of these, {listed(parts)}."
    return [one for one in said if one]


_SINGLE = {
    "counselor": "counselor", "social_worker": "social worker", "psychologist": "psychologist",
    "nurse": "nurse",
}  # fmt: skip


def picture(about: Subject) -> Plot | None:
    """Draw students for each adult: the first page's chart where arrests are not at hand."""
    return _plot(about, about.staff_wave) if about.staff_wave else None


def section(about: Subject, *, drawn: bool) -> Section:
    """Set out adults against ratios, the earlier collections, schools with police, and arrests.

    Parameters
    ----------
    drawn
        Whether the chart of adults belongs here; if not, it stands on the first page.
    """
    wave = about.staff_wave
    heading = "The adults in the schools"
    if wave is None:
        text = f"No count of officers or counselors in {about.name} is at hand."
        return Section("adults", heading, (Text(text),))
    blocks: list[Block] = [_plot(about, wave)] if drawn else []
    others = _collections(about)
    blocks += [others] if others else []
    sets = _sets_table(about, wave)
    blocks += [sets] if sets else []
    contrast = _contrast(about)
    blocks += [contrast] if contrast else []
    if not blocks:
        blocks = [Text("The first page gives the adults; the files at hand hold nothing further.")]
    return Section("adults", heading, tuple(blocks))


def _plot(about: Subject, wave: str) -> Plot:
    rows = staffing(about.con, about.area.place_id, wave, policy=about.policy).to_dicts()
    rows = [row for row in rows if row["role"] in _SHOWN]
    values = [v for r in rows for v in (r["students_per_fte"], r["recommended"]) if v]
    axis = logarithmic(min(values, default=100), max(values, default=1000))
    narrow = high_schools_only(about.staff, wave)
    scope = ", high schools only" if narrow else ""
    short = [ROLES[row["role"]].label.lower() for row in rows if _verdict(row) == "not met"]
    title = f"Students for each adult, {wave}{scope}"
    if short:
        title += f": fewer {listed(short)} than recommended"
    told = "; ".join(
        f"{ROLES[r['role']].label}: {_each(r)}"
        + (f", recommended at most {r['recommended']}" if r["recommended"] else "")
        for r in rows
    )
    asked = [role for role in _SHOWN if role not in {row["role"] for row in rows}]
    notes = [
        ("Dot: students for each full-time adult, on a scale where each step to the right is a "
        "like factor; further left is more adults. Bar: the most students for each adult that the "
        "profession's body recommends. Short: full-time adults lacking to that ratio, added over "
        "schools; one school's surplus does not fill another's gap."),
        "Recommended by " + "; ".join(r.recommended_by for r in ROLES.values() if r.recommended_by)
        + ". No ratio is held against officers, guards or social workers here: the bodies give "
        "none that this edition could read in its source.",
    ]  # fmt: skip
    if asked:
        labels = listed([ROLES[role].label.lower() for role in asked])
        notes.append(f"Not in the files at hand for {wave}: {labels}.")
    return Plot(
        title,
        f"Dot plot of students for each full-time adult in {about.name}, {wave}{scope}: {told}.",
        ("", "students for each adult", "Full-time", "Students each", "Recommended", "Short"),
        tuple(_dot(row, axis) for row in rows),
        axis.ticks,
        (0.27, 0.27, 0.1, 0.13, 0.14, 0.09),
        tuple(notes),
    )


def _dot(row: dict[str, Any], axis: Axis) -> Dot:
    role = ROLES[row["role"]]
    mark = axis.at(role.recommended) if role.recommended else None
    recommended = f"{role.recommended:,}, {_verdict(row)}" if role.recommended else "–"
    short = fte_text(row["short"]) if row["short"] is not None and role.recommended else "–"
    cells = (fte_text(row["fte"]), _each(row), recommended, short)
    each = row["students_per_fte"]
    if each is None:
        return Dot(role.label, cells, mark=mark, note=_each(row), strong=row["role"] == "officer")
    return Dot(role.label, cells, axis.at(each), mark=mark, strong=row["role"] == "officer")


def _verdict(row: dict[str, Any]) -> str:
    if row["recommended"] is None:
        return ""
    if row["fte"] is None:
        return "not reported"
    if row["students_per_fte"] is None:
        return "not met"
    return "met" if row["students_per_fte"] <= row["recommended"] else "not met"


def _each(row: dict[str, Any]) -> str:
    if row["fte"] is None:
        return "not reported"
    each = row["students_per_fte"]
    return "none reported" if each is None else f"{each:,.0f}"


def fte_text(value: float | None) -> str:
    """Write full-time equivalents, or a dash where there is no figure."""
    return "–" if value is None else posts(value)


def _collections(about: Subject) -> Table | None:
    waves = [wave for wave in WAVES if any(row["wave"] == wave for row in about.staff)]
    if len(waves) < 2:
        return None
    found = {(row["wave"], row["role"]): row for row in about.staff}
    rows = []
    for role in _SHOWN:
        cells = [
            fte_text(found[wave, role]["fte"]) if (wave, role) in found else "–" for wave in waves
        ]
        rows.append((ROLES[role].label, *cells))
    narrow = [wave for wave in waves if high_schools_only(about.staff, wave)]
    heads = [f"{wave}, high schools" if wave in narrow else wave for wave in waves]
    notes = ["A dash: the files at hand do not have it."]
    if len(narrow) == len(waves):
        notes.append("Only the high schools are at hand.")
    elif narrow:
        notes.append(
            f"Of {listed(narrow)} only the high schools are at hand: do not hold that column "
            "against the others."
        )
    first, rest = 0.34, 0.66 / len(waves)
    return Table(
        "The same adults in each collection at hand, in full-time equivalents",
        ("", *heads), tuple(rows), (first, *[rest] * len(waves)),
        (False, *[True] * len(waves)), tuple(notes), (0,),
    )  # fmt: skip


def _sets(about: Subject, wave: str) -> dict[str, dict[str, Any]]:
    try:
        frame = gaps.police_without_support(
            about.con, about.area.place_id, wave, policy=about.policy
        )
    except NotAvailable:
        return {}
    return {row["set"]: row for row in frame.to_dicts()}


def _sets_table(about: Subject, wave: str) -> Table | None:
    sets = _sets(about, wave)
    if not sets or not sets["police"]["students"]:
        return None
    rows = tuple(
        (
            row["label"],
            f"{row['schools']:,}",
            f"{row['students']:,}",
            _share(row["share"]),
            f"{row['unknown_students']:,}",
        )
        for row in sets.values()
    )
    notes = ["Unknown: students in schools that did not report enough to tell. It is not a zero."]
    if high_schools_only(about.staff, wave):
        notes.append("High schools only.")
    return Table(
        f"Students in schools with police and without support staff, {wave}",
        ("", "Schools", "Students", "Share of all", "Unknown"),
        rows, (0.52, 0.11, 0.13, 0.13, 0.11), (False, True, True, True, True), tuple(notes), (0,),
    )  # fmt: skip


def _contrast(about: Subject) -> Table | None:
    if about.wave is None or about.area.kind == "school":
        return None
    try:
        frame = officers.contrast(
            about.con, "arrests", about.area.place_id, about.wave, policy=about.policy
        )
    except NotAvailable:
        return None
    found = {(row["group"], row["officer"]): row for row in frame.to_dicts()}
    if not all((ALL, kind) in found for kind in ("with", "without")):
        return None
    rows = tuple(
        (label_of(group), *_side(found.get((group, "with"))), *_side(found.get((group, "without"))))
        for group in _GROUPS
    )
    schools = [found[ALL, kind]["schools"] for kind in ("with", "without")]
    return Table(
        f"Arrests in the {schools[0]:,} schools with an officer and the {schools[1]:,} without, "
        f"{about.wave}",
        ("", "With: arrests", "per 10,000", "Without: arrests", "per 10,000"),
        rows, (0.28, 0.2, 0.14, 0.22, 0.16), (False, True, True, True, True),
        (officers.WORDS,), (0,),
    )  # fmt: skip


def _side(row: dict[str, Any] | None) -> tuple[str, str]:
    if row is None or row["rate_per_10000"] is None:
        return ("–", "no students")
    return (f"{row['count']:,} of {row['students']:,}", number(row["rate_per_10000"]))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"
