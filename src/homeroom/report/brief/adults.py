"""Officers beside counselors, social workers, psychologists and nurses; schools without them."""

from __future__ import annotations

from homeroom.errors import NotAvailable
from homeroom.evidence.place_ids import place_range
from homeroom.figures import gaps, officers, wording
from homeroom.figures.gaps import GapFigure
from homeroom.figures.officers import Contrast
from homeroom.figures.wording import listed
from homeroom.report.brief.axis import Axis, logarithmic
from homeroom.report.brief.blocks import Block, Dot, Plot, Section, Table, Text
from homeroom.report.brief.students import DOUBTFUL
from homeroom.report.brief.subject import Subject
from homeroom.report.place_figures import StaffRow, high_schools_only, label_of
from homeroom.report.sentences import adults, figure, posts, reach, staff_scope
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES

_SHOWN = ("officer", "guard", "counselor", "social_worker", "psychologist", "nurse")
_GROUPS = (ALL, "black", "hispanic", "white")
_SINGLE = {
    "counselor": "counselor", "social_worker": "social worker", "psychologist": "psychologist",
    "nurse": "nurse",
}  # fmt: skip


def sentences(about: Subject) -> list[str]:
    """Say which adults worked there, and where police were without support."""
    wave = about.staff_wave
    if wave is None:
        return []
    narrow = high_schools_only(about.page.staff, wave)
    said = [adults(wave, about.adults, kind=about.area.kind, high_schools=narrow)]
    sets = sets_of(about, wave)
    if "police" in sets and about.area.kind != "school":
        said.append(_police(about, wave, sets))
    return [one for one in said if one]


def _police(about: Subject, wave: str, sets: dict[str, GapFigure]) -> str:
    """Say how many students were in schools with police, and with police and without support."""
    police = sets["police"]
    where, doubt = _where(about, police), wording.because(police.doubts)
    tail = f" ({doubt})" if doubt else ""
    if not police.schools:
        return f"No school of {where} reported a police officer in {wave}{tail}."
    if not police.students:
        return (
            f"{police.schools:,} of the schools of {where} reported a police officer in {wave}; "
            f"the store lacks their enrollment{tail}."
        )
    said = (
        f"{police.students:,} students in {where} ({_share(police.share)} of those whose schools "
        f"are in the store) were in schools that reported a police officer in {wave}{tail}."
    )
    asked = {role: sets[name] for role in _SINGLE if (name := f"police_and_no_{role}") in sets}
    parts = [
        f"{one.students:,} were in schools that reported no {_SINGLE[role]}"
        for role, one in asked.items()
        if one.students
    ]
    none = [_SINGLE[role] for role, one in asked.items() if not one.students]
    if none:
        parts.append(f"none were in schools that reported no {listed(none, 'or')}")
    return f"{said} Of these, {listed(parts)}." if parts else said


def _where(about: Subject, one: GapFigure) -> str:
    return wording.schools_of(about.name, one, place_range(one.place), one.policy)


def picture(about: Subject) -> Plot | None:
    """Draw students for each adult: the first page's chart where there are no arrests."""
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
        text = f"The store holds no count of officers or counselors in {about.name}."
        return Section("adults", heading, (Text(text),))
    blocks: list[Block] = [_plot(about, wave)] if drawn else []
    others = (_collections(about), _sets_table(about, wave), _contrast(about))
    blocks += [one for one in others if one is not None]
    if not blocks:
        blocks = [Text("The first page gives the adults; the store holds nothing further.")]
    return Section("adults", heading, tuple(blocks))


def _plot(about: Subject, wave: str) -> Plot:
    rows = [row for row in about.adults if row.role in _SHOWN]
    sure = [row for row in rows if not row.figure.doubtful] or rows
    values = [float(v) for r in sure for v in (r.each, r.recommended) if v]
    axis = logarithmic(min(values, default=100), max(values, default=1000))
    where = _adults_where(about, rows)
    short = [row.label.lower() for row in rows if _verdict(row) == "not met"]
    title = f"Students for each adult, {wave}"
    title += "" if where == about.name else f", in {where}"
    if short:
        title += f": fewer {listed(short)} than recommended"
    told = "; ".join(
        f"{row.label}: {_each(row)}"
        + (f", recommended at most {row.recommended}" if row.recommended else "")
        + (f" ({wording.doubt(row.figure.doubts)})" if row.figure.doubtful else "")
        for row in rows
    )
    return Plot(
        title,
        f"Dot plot of students for each full-time adult in {where}, {wave}: {told}.",
        ("", "students for each adult", "Full-time", "Students each", "Recommended", "Short"),
        tuple(_dot(row, axis) for row in rows),
        axis.ticks,
        (0.27, 0.27, 0.1, 0.13, 0.14, 0.09),
        (*_reading(rows, wave), *_remarks(rows)),
    )


def _adults_where(about: Subject, rows: list[StaffRow]) -> str:
    first = rows[0].figure if rows else None
    if first is None or not (first.universe.high_schools or first.universe.states):
        return about.name
    return reach(about.name, first)


def _reading(rows: list[StaffRow], wave: str) -> list[str]:
    """Say how the plot is read, and which roles the store lacks."""
    notes = [
        ("Dot: students for each full-time adult, on a scale where each step to the right is a "
        "like factor; further left is more adults. Bar: the most students for each adult that the "
        "profession's body recommends. Short: full-time adults lacking to that ratio, added over "
        "schools; one school's surplus does not fill another's gap."),
        "Recommended by " + "; ".join(r.recommended_by for r in ROLES.values() if r.recommended_by)
        + ". No ratio is held against officers, guards or social workers here: the bodies give "
        "none that this edition could read in its source.",
    ]  # fmt: skip
    asked = [role for role in _SHOWN if role not in {row.role for row in rows}]
    if asked:
        labels = listed([ROLES[role].label.lower() for role in asked])
        notes.append(f"The store does not have, for {wave}: {labels}.")
    return notes


def _remarks(rows: list[StaffRow]) -> list[str]:
    """Say of each role why it is doubtful, what is left without that, and whom it misses."""
    notes = []
    for row in rows:
        one = row.figure
        if one.doubtful:
            left = ""
            if row.screened is not None:
                rest = row.screened.fte
                left = " Without the doubted schools: " + (
                    "no figure is left." if rest is None else f"{posts(rest)} full-time."
                )
            notes.append(
                f"{row.label}: {posts(one.fte or 0)} full-time is {wording.because(one.doubts)}."
                f"{left}"
            )
        if part := wording.partly(one.doubts):
            notes.append(f"{row.label}: {part}.")
        said = None if one.universe.high_schools else staff_scope(one)
        if said and not one.universe.states:
            notes.append(f"{row.label}: {said}.")
    return notes


def _dot(row: StaffRow, axis: Axis) -> Dot:
    mark = axis.at(row.recommended) if row.recommended else None
    recommended = f"{row.recommended}, {_verdict(row)}" if row.recommended else "–"
    short = row.figure.short
    lacking = f"{posts(short)}" if row.recommended and short is not None else "–"
    cells = (
        fte_text(row.fte), _each(row), recommended, "–" if row.figure.doubtful else lacking
    )  # fmt: skip
    strong = row.role == "officer"
    if row.each is None or row.fte == 0:
        return Dot(row.label, cells, mark=mark, note=_each(row), strong=strong)
    return Dot(
        row.label, cells, axis.at(row.each), mark=mark, strong=strong,
        doubtful=row.figure.doubtful,
    )  # fmt: skip


def _verdict(row: StaffRow) -> str:
    """Say whether the recommended ratio is met; a doubtful figure gets no verdict."""
    if row.recommended is None:
        return ""
    return {
        "meets the ratio": "met", "short of the ratio": "not met", "none reported": "not met",
        "no enrollment to divide by": "not known",
    }.get(row.verdict, row.verdict)  # fmt: skip


def _each(row: StaffRow) -> str:
    if row.fte is None:
        return "not reported"
    if row.fte == 0:
        return "none reported"
    return "no enrollment" if row.each is None else f"{row.each:,.0f}"


def fte_text(value: float | None) -> str:
    """Write full-time equivalents, or a dash where there is no figure."""
    return "–" if value is None else posts(value)


def _collections(about: Subject) -> Table | None:
    staff = about.page.staff
    waves = [wave for wave in WAVES if any(one.wave == wave for one in staff)]
    if len(waves) < 2:
        return None
    found = {(one.wave, one.role): one for one in staff}
    rows = tuple(
        (
            ROLES[role].label,
            *(
                fte_text(one.fte) + (f" ({DOUBTFUL})" if one.doubtful else "")
                if (one := found.get((wave, role)))
                else "–"
                for wave in waves
            ),
        )
        for role in _SHOWN
    )
    narrow = [wave for wave in waves if high_schools_only(staff, wave)]
    heads = [f"{wave}, high schools" if wave in narrow else wave for wave in waves]
    notes = ["A dash: the store does not have it."]
    if len(narrow) == len(waves):
        notes.append("The store has the high schools only.")
    elif narrow:
        notes.append(
            f"Of {listed(narrow)} the store has the high schools only: do not hold that column "
            "against the others."
        )
    told = [
        f"{one.wave}, {ROLES[one.role].label.lower()}: {one.note}."
        for one in staff
        if one.role in _SHOWN and one.note and (one.doubtful or one.wave not in narrow)
    ]
    first, rest = 0.34, 0.66 / len(waves)
    return Table(
        "The same adults in each collection in the store, in full-time equivalents",
        ("", *heads), rows, (first, *[rest] * len(waves)),
        (False, *[True] * len(waves)), (*notes, *_joined(told)), (0,),
    )  # fmt: skip


def _joined(notes: list[str]) -> list[str]:
    """Put notes of one wave and text into one line."""
    by_text: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        head, text = note.split(": ", 1)
        wave, role = head.split(", ", 1)
        by_text.setdefault((wave, text), []).append(role)
    return [f"{wave}, {listed(roles)}: {text}" for (wave, text), roles in by_text.items()]


def sets_of(about: Subject, wave: str) -> dict[str, GapFigure]:
    """Return schools with police and without support, by set; none where no staff is known."""
    try:
        found = gaps.police_without_support(
            about.store, about.area.place_id, wave, policy=about.policy
        )
    except NotAvailable:
        return {}
    return {one.set: one for one in found}


def _sets_table(about: Subject, wave: str) -> Table | None:
    sets = sets_of(about, wave)
    if not sets or not sets["police"].students:
        return None
    rows = tuple(
        (
            one.label, f"{one.schools:,}", f"{one.students:,}", _share(one.share),
            f"{one.unknown_students:,}",
        )
        for one in sets.values()
    )  # fmt: skip
    notes = ["Unknown: students in schools that did not report enough to tell. It is not a zero."]
    police = sets["police"]
    if police.note:
        notes.append(f"{police.note}.")
    where = _where(about, police)
    scope = "" if where == about.name else f", in {where}"
    return Table(
        f"Students in schools with police and without support staff, {wave}{scope}",
        ("", "Schools", "Students", "Share of all", "Unknown"),
        rows, (0.52, 0.11, 0.13, 0.13, 0.11), (False, True, True, True, True), tuple(notes), (0,),
    )  # fmt: skip


def _contrast(about: Subject) -> Table | None:
    if about.wave is None or about.area.kind == "school":
        return None
    try:
        made = officers.contrast(
            about.store, "arrests", about.area.place_id, about.wave, policy=about.policy
        )
    except NotAvailable:
        return None
    found = {(str(one.pooled.question.group), one.officer): one for one in made}
    if not all((ALL, kind) in found for kind in ("with", "without")):
        return None
    rows = tuple(
        (label_of(group), *_side(found.get((group, "with"))), *_side(found.get((group, "without"))))
        for group in _GROUPS
    )
    first = found[ALL, "with"].pooled
    schools = [found[ALL, kind].schools for kind in ("with", "without")]
    scope = "" if first.whole else f", in {reach(about.name, first)}"
    notes = [officers.WORDS, *([f"{first.note}."] if first.note else [])]
    return Table(
        f"Arrests in the {schools[0]:,} schools with an officer and the {schools[1]:,} without, "
        f"{about.wave}{scope}",
        ("", "With: arrests", "per 10,000", "Without: arrests", "per 10,000"),
        rows, (0.28, 0.2, 0.14, 0.22, 0.16), (False, True, True, True, True),
        tuple(notes), (0,),
    )  # fmt: skip


def _side(one: Contrast | None) -> tuple[str, str]:
    if one is None or one.pooled.value is None:
        return ("–", "no students")
    side = one.pooled.group
    return (f"{side.count:,} of {side.students:,}", figure(one.pooled.value))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}%"
