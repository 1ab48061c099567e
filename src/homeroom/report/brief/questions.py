"""Five questions for a superintendent, made from the place's own figures and gaps."""

from __future__ import annotations

from homeroom.figures import wording
from homeroom.report.brief.adults import sets_of
from homeroom.report.brief.blocks import Points, Section
from homeroom.report.brief.subject import Subject
from homeroom.report.place_figures import StaffRow
from homeroom.report.sentences import figure
from homeroom.vocabulary.roles import ROLES

MANY = 5
_SINGLE = {
    "counselor": "counselor", "social_worker": "social worker", "psychologist": "psychologist",
    "nurse": "nurse",
}  # fmt: skip
ALWAYS = (
    "What do officers here do that no other adult could, and who decides when one is called?",
    "What does the agreement with the police say about arrests for what schools could settle?",
    "How would you know whether officers, or more support staff, helped? What do you measure?",
    "Which of these figures did the schools report wrongly, and how are the next ones checked?",
    "How do families learn that a child was arrested or referred, and what happens then?",
)
"""Questions that any place can answer, where its own figures raise fewer than five."""


def section(about: Subject) -> Section | None:
    """Return the questions of a district; other places have no superintendent."""
    if about.area.kind != "district":
        return None
    own = (_arrests(about), _unequal(about), _short(about), _uncovered(about), _doubted(about))
    asked = [one for one in own if one]
    asked += list(ALWAYS)[: max(0, MANY - len(asked))]
    points = Points("Each starts from a figure in this brief, or from what no figure here tells.",
                    tuple(asked[:MANY]))  # fmt: skip
    return Section("questions", "Five questions for your superintendent", (points,))


def _arrests(about: Subject) -> str:
    table = about.table("arrests")
    if table is None:
        return (
            f"No file here tells how many students were arrested in {about.name}. How many were, "
            "last year and the year before?"
        )
    one = table.whole_figure
    count = one.group.count
    if count is None or one.doubtful:
        return ""
    if count == 0:
        return f"Schools reported no arrests in {table.wave}. Is that right, and has it changed?"
    return (
        f"Schools reported {count:,} arrests in {table.wave}. For what, in which schools, and how "
        "many of them began with something that a school could settle itself?"
    )


def _unequal(about: Subject) -> str:
    table = about.table("arrests")
    rows = [] if table is None or table.doubtful else table.rows
    for row in rows:
        sure = row.ratio is not None and row.ratio_low is not None and row.ratio_low > 1
        if row.id == "black" and sure and row.count and table is not None:
            return (
                f"Black students were arrested at {figure(row.ratio or 0)} times the rate of white "
                f"students in {table.wave}. What do you think explains it, and what would show "
                "whether you're right?"
            )
    return ""


def _short(about: Subject) -> str:
    def gap(row: StaffRow) -> float:
        return (row.each or 0) / row.recommended if row.recommended else 0.0

    short = [row for row in about.adults if row.role in _SINGLE and not row.figure.doubtful]
    worst = max(short, key=gap, default=None)
    if worst is None or gap(worst) <= 1 or worst.recommended is None:
        return ""
    name = _SINGLE[worst.role]
    return (
        f"There were {worst.each:,.0f} students for each {name} in {about.staff_wave}; at most "
        f"{worst.recommended:,} are recommended. What would it take to get there, and by when?"
    )


def _uncovered(about: Subject) -> str:
    wave = about.staff_wave
    sets = sets_of(about, wave) if wave else {}
    lacking = [
        (one, name) for role, name in _SINGLE.items()
        if (one := sets.get(f"police_and_no_{role}")) is not None and one.students
        and role in ROLES
    ]  # fmt: skip
    if not lacking:
        return ""
    one, name = max(lacking, key=lambda pair: pair[0].students)
    doubt = wording.because(one.doubts)
    return (
        f"In {one.wave}, {one.students:,} students were in schools that reported a police officer "
        f"and no {name}{f' ({doubt})' if doubt else ''}. Why those schools?"
    )


def _doubted(about: Subject) -> str:
    table = about.table("arrests")
    if table is None or not table.doubtful:
        return ""
    why = (wording.doubt(table.whole_figure.doubts) or "").removeprefix("doubtful: ")
    return (
        f"We doubt the arrests reported in {table.wave}{f': {why}' if why else ''}. What is the "
        "right number?"
    )
