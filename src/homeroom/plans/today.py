"""The place by the district's own word: staff, students, and pay of today before public figures.

Public figures are years old when a plan starts. What a district states of today takes their
place, role by role and school by school; where it gives a total alone, the schools keep their
shares of it. What it does not state stays a public figure, with its year.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from homeroom.errors import BadInput
from homeroom.plans.apportion import shared
from homeroom.plans.baseline import UNKNOWN, Baseline, Ints
from homeroom.plans.document import Plan
from homeroom.plans.format.amounts import hundredths, number
from homeroom.plans.format.buying import PRICED, SchoolToday, Today
from homeroom.plans.format.staffing import Where
from homeroom.plans.format.words import meant, suggestion
from homeroom.text_gate import short
from homeroom.vocabulary.roles import ROLES

_MOST_BYTES = 2_000_000
_SCHOOL = ("school", "name", "id", "school name", "ncessch", "combokey")
_STUDENTS = ("students", "enrollment", "enrolment", "pupils")


@dataclass(frozen=True, slots=True)
class Stated:
    """A place with what the district states of today, and which figures are its own.

    Attributes
    ----------
    own
        Roles, and ``students``, that are the district's own figures.
    said
        What was replaced, in sentences.
    """

    base: Baseline
    own: frozenset[str]
    said: tuple[str, ...]


def stated(plan: Plan, base: Baseline) -> Stated:
    """Put what a plan states of today in the place of public figures.

    Raises
    ------
    BadInput
        A school of the list is none of the place, or the file cannot be read as one.
    """
    today = plan.today
    if today is None:
        return Stated(base, frozenset(), ())
    schools = read_schools(today.file) if today.file else today.schools
    staff, students, own = dict(base.staff), base.students, set[str]()
    for role, total in today.staff.items():
        staff[role] = _scaled(base.staff[role], total, base, role)
        own.add(role)
    if today.enrollment is not None:
        students = _enrolled(base, today.enrollment)
        own.add("students")
    if schools:
        staff, students, listed = _by_school(schools, base, staff, students)
        own |= listed
    made = replace(
        base, staff=staff, students=students,
        screened={role: posts for role, posts in base.screened.items() if role not in own},
        behind={name: one for name, one in base.behind.items() if name not in own},
    )  # fmt: skip
    return Stated(made, frozenset(own), _said(plan, today, base, made, own))


def _said(
    plan: Plan, today: Today, base: Baseline, made: Baseline, own: set[str]
) -> tuple[str, ...]:
    year = today.year or plan.start
    told = [
        f"{ROLES[role].label}: {made.total(role) / 100:,.2f} full-time posts by the word of "
        f"{today.source}, {year}; public figures of {base.wave} have {base.total(role) / 100:,.2f}."
        for role in ROLES
        if role in own
    ]
    if "students" in own:
        now, then = (int(one[one != UNKNOWN].sum()) for one in (made.students, base.students))
        told.append(
            f"Students: {now:,} by the word of {today.source}, {year}; public figures of "
            f"{base.wave} have {then:,}."
        )
    return tuple(told)


def _scaled(before: Ints, total: int, base: Baseline, role: str) -> Ints:
    """Part a district's total among its schools: by their posts, else by their students."""
    known = before != UNKNOWN
    weight = np.where(known, np.maximum(before, 0), 0).astype(np.float64)
    if weight.sum() <= 0:
        weight = np.where(base.enrolled, base.students, 0).astype(np.float64)
    if total and weight.sum() <= 0:
        raise BadInput(f"today: {role}: no school of {base.name} is known to have students.")
    return shared(weight, total, 1) if total else np.where(known, 0, before)


def _enrolled(base: Baseline, total: int) -> Ints:
    weight = np.where(base.enrolled, base.students, 0).astype(np.float64)
    if weight.sum() <= 0:
        raise BadInput(f"today: enrollment: no school of {base.name} is known to have students.")
    return np.where(base.enrolled, shared(weight, total, 1), UNKNOWN)


def _by_school(
    schools: Iterable[SchoolToday], base: Baseline, staff: Mapping[str, Ints], students: Ints
) -> tuple[dict[str, Ints], Ints, set[str]]:
    made = {role: posts.copy() for role, posts in staff.items()}
    enrolled, own, seen = students.copy(), set[str](), set[int]()
    for one in schools:
        at = int(np.flatnonzero(base.at(Where(names=(one.school,)), "today"))[0])
        if at in seen:
            raise BadInput(f"today: schools: {short(one.school)} stands twice: keep one.")
        seen.add(at)
        if one.students is not None:
            enrolled[at] = one.students
            own.add("students")
        for role, posts in one.staff.items():
            made[role][at] = posts
            own.add(role)
    return made, enrolled, own


def read_schools(path: Path) -> tuple[SchoolToday, ...]:
    """Read a CSV file of schools: a column for the school, one for students, one a role.

    An empty cell keeps the public figure.

    Raises
    ------
    BadInput
        The file is too large, has no column for the school, or holds what is no number.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise BadInput(f"{path.name}: expected at most 2 MB, found more: keep one row a school.")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name}: expected text in UTF-8: save it as CSV UTF-8.") from error
    rows = list(csv.reader(text.splitlines()))
    if len(rows) < 2:
        raise BadInput(f"{path.name}: expected a header and rows, found {len(rows)} rows.")
    columns = [_column(name, path.name) for name in rows[0]]
    if "school" not in columns:
        raise BadInput(f"{path.name}: expected a column `school`, found {short(str(rows[0]))}.")
    return tuple(
        _row(dict(zip(columns, row, strict=False)), f"{path.name}: row {at}")
        for at, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    )


def _column(name: str, where: str) -> str:
    word = name.strip().casefold().replace("_", " ")
    if word in _SCHOOL:
        return "school"
    if word in _STUDENTS:
        return "students"
    role = meant(word, PRICED, "roles")
    if role is None:
        raise BadInput(
            f"{where}: unknown column {short(name)}; expected school, students, and roles "
            f"({', '.join(PRICED)}).{suggestion(name, PRICED)}"
        )
    return role


def _row(cells: Mapping[str, str], where: str) -> SchoolToday:
    school = cells["school"].strip()
    if not school:
        raise BadInput(f"{where}: expected a school's name or NCES id, found none.")
    students = cells.get("students", "").strip()
    known = number(students) if students else None
    if students and (known is None or known != int(known) or not 0 <= known <= 100_000):
        raise BadInput(f"{where}: students: expected a whole number, found {short(students)}.")
    staff = {
        role: hundredths(text.strip(), f"{where}: {role}")
        for role, text in cells.items()
        if role in PRICED and text.strip()
    }
    return SchoolToday(school=school, students=None if known is None else int(known), staff=staff)
