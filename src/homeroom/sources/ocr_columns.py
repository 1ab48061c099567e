"""Which figure each column of an OCR estimation holds, told by its headings.

Discipline by race was collected for students without disabilities and for those served under
IDEA, never for those served under Section 504 only (footnote 1 of every such sheet). So where the
disability is "all", the races add up to the total less the 504-only students. Enrollment by race
has no such gap.
"""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.errors import BadInput
from homeroom.sources.ocr_titles import Subject
from homeroom.sources.ocr_workbook import TAKE_AGAIN, Sheet
from homeroom.vocabulary.groups import ALL, RACES

Key = tuple[str, str, str]
"""Element, disability, race."""

_RACE_OF_LABEL = {race.label.casefold(): race.id for race in RACES.values()} | {
    "hispanic or latino of any race": "hispanic"
}
_WHO = {
    "total students": "all",
    "students with and without disabilities": "all",
    "students with disabilities": "dis",
    "students without disabilities": "wodis",
    "students with disabilities served under idea": "idea",
    "students with disabilities served only under section 504": "s504",
    "idea": "idea",
    "section 504 only": "s504",
}
_RACES_OF = {
    "race/ethnicity of students without disabilities": "wodis",
    "race/ethnicity of students with disabilities served under idea": "idea",
    "race/ethnicity of students without disabilities and those with disabilities served under "
    "idea": "all",
    "race/ethnicity of students without disabilities and with disabilities served under "
    "idea": "all",
    "race/ethnicity of students without and with disabilities served under idea": "all",
    "race/ethnicity of students with and without disabilities served under idea": "all",
}
_OFFENSE_OF_LABEL = {
    "rape or attempted rape": "RAPE",
    "sexual assault": "BATT",
    "robbery with a weapon": "ROBWW",
    "robbery with a firearm or explosive": "ROBWX",
    "robbery without a weapon": "ROBWOW",
    "physical attack or fight with a weapon": "ATTWW",
    "physical attack or fight with a firearm or explosive device": "ATTWX",
    "physical attack without a weapon": "ATTWOW",
    "threats of physical attack with a weapon": "THRWW",
    "threats of physical attack with a firearm or explosive device": "THRWX",
    "threats of physical attack without a weapon": "THRWOW",
    "possession of a firearm or explosive device": "POSSWX",
}
_UNUSED = (
    "state",
    "english language learners",
    # The total less the 504-only students: the sum of the races.
    "students without disabilities and with disabilities served under idea",
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of a sheet's columns: figures, the state, the schools and the share that reported."""

    figures: dict[Key, int]
    state: int
    schools: int
    reporting: int
    caution: int | None
    """Unlabeled last column, with '!' where more than 15 percent of schools are missing."""


def columns(sheet: Sheet, topic: Subject) -> Columns:
    """Map the columns of a sheet.

    Raises
    ------
    BadInput
        A column that the topic must have is absent, stands twice, or has an unknown heading.
    """
    figures: dict[Key, int] = {}
    frame: dict[str, int] = {}
    for at, (wide, narrow, unit) in enumerate(sheet.labels()):
        wide, narrow = wide.casefold(), narrow.casefold()  # noqa: PLW2901
        if unit.startswith("Percent"):
            continue
        if not wide:
            frame["caution"] = at
        elif wide in {"number of schools", "percent of schools reporting"}:
            frame[wide] = at
        elif key := _key(wide, narrow, topic):
            if key in figures:
                raise BadInput(_complaint(sheet, f"one column of {'/'.join(key)}", "two"))
            figures[key] = at
        elif not wide.startswith(_UNUSED):
            raise BadInput(
                _complaint(sheet, "the headings of OCR's tables", f"{wide!r}, {narrow!r}")
            )
    needed = expected(topic)
    if gone := [
        *(needed - set(figures)),
        *({"number of schools", "percent of schools reporting"} - set(frame)),
    ]:
        names = sorted(name if isinstance(name, str) else "/".join(name) for name in gone)
        raise BadInput(_complaint(sheet, "every column of its topic", f"none of {names[0]}"))
    return Columns(
        figures,
        sheet.rows[sheet.top].index("State"),
        frame["number of schools"],
        frame["percent of schools reporting"],
        frame.get("caution"),
    )


def expected(topic: Subject) -> set[Key]:
    """List what a sheet on ``topic`` must hold in every wave."""
    if topic.element == "offenses":
        return {(element, ALL, ALL) for element in _OFFENSE_OF_LABEL.values()}
    by_race = {"dis": "idea"}.get(topic.part, topic.part)
    keys = {(topic.part, ALL)} | {(by_race, race) for race in RACES}
    if topic.part == "dis":
        keys |= {("idea", ALL), ("s504", ALL)}
    if topic.part == "all":
        keys |= {("s504", ALL)}
    return {(topic.element, *key) for key in keys}


def _key(wide: str, narrow: str, topic: Subject) -> Key | None:
    if topic.element == "offenses":
        element = _OFFENSE_OF_LABEL.get(wide)
        return (element, ALL, ALL) if element else None
    if race := _RACE_OF_LABEL.get(narrow):
        part = topic.part if wide == "race/ethnicity" else _RACES_OF.get(wide)
        return (topic.element, part, race) if part else None
    if narrow == "total":
        return topic.element, topic.part, ALL
    who = _WHO.get(narrow or wide)
    return (topic.element, who, ALL) if who else None


def _complaint(sheet: Sheet, wanted: str, found: str) -> str:
    return f"sheet {sheet.name} ({sheet.title}): expected {wanted}, found {found}. {TAKE_AGAIN}"
