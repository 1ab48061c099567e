"""Students in schools that have a police officer and lack a counselor, nurse, or other support.

The sets are those of the ACLU's "Cops and No Counselors" (2019), written out so that their words
cannot be mistaken: lacking *any* of the four is a union, lacking *all* an intersection. A school
that did not report is unknown, never zero: it is in a set only if what it did report settles it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from homeroom.errors import NotAvailable
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.quality import check_policy
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.backing import Backing
from homeroom.figures.missing import no_figure
from homeroom.figures.rows import column
from homeroom.figures.staffing import StaffFigure, staff_of_schools, staff_over_waves
from homeroom.vocabulary.roles import ROLES, SUPPORT
from homeroom.vocabulary.waves import check_wave

POLICE = "police"


@dataclass(frozen=True, slots=True)
class GapFigure(Backing):
    """Students in schools of one set.

    Attributes
    ----------
    set
        police, police_and_no_ROLE, police_and_lacks_any, or police_and_lacks_all.
    label
        The set in words.
    schools, students
        Schools in the set, and students in those of them whose enrollment is known.
    share
        Of all students in the schools asked; None where no enrollment is known.
    unknown_schools, unknown_students
        Schools that may or may not be in the set, since they did not report.
    """

    place: str
    wave: str
    policy: str
    set: str
    label: str
    schools: int
    students: int
    share: float | None
    unknown_schools: int
    unknown_students: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """Students in schools of one set."""

    place: str = column("Place id")
    wave: str = column("CRDC wave")
    set: str = column("police, police_and_no_ROLE, police_and_lacks_any, police_and_lacks_all")
    label: str = column("The set in words")
    schools: int = column("Schools in the set")
    students: int = column("Students in those schools")
    share: float | None = column("Of all students in the schools asked")
    unknown_schools: int = column("Schools that may or may not be in the set: they did not report")
    unknown_students: int = column("Students in those")
    policy: str = column("published or screened")
    coverage: float | None = column("Share of the place's students in the schools asked")
    universe: str | None = column("Which schools the figure speaks for, where they are not all")
    doubts: str | None = column("Ids of the quality rules and errata that doubt the figure")
    note: str | None = column("Scope and doubt in words, where they matter")
    source: str = column("Publication, file and SHA-256")


def police_without_support(
    store: Store, place: str, wave: str, *, policy: str = "published"
) -> list[GapFigure]:
    """Return each set with the schools and students that are in it, and those unknown.

    Police means a sworn officer of more than zero full-time equivalents; guards do not count.

    Raises
    ------
    BadInput
        An unknown place, wave, or policy.
    NotAvailable
        The store holds no staff of the place and wave.
    """
    check_wave(wave)
    check_policy(policy)
    area = place_range(place)
    if area.state is None:
        return _figures(store, area, wave, policy)
    # States and the nation are few, and sum many schools.
    key = ("gaps", area.place_id, wave, policy)
    return store.cache.get(key, lambda: _figures(store, area, wave, policy))


def _figures(store: Store, area: PlaceRange, wave: str, policy: str) -> list[GapFigure]:
    place = area.place_id
    schools = by_school(store, area, wave, policy)
    if schools.is_empty():
        raise no_figure(area, wave, "Staff")
    staff = {one.role: one for one in staff_over_waves(store, place, policy, (wave,))}
    behind = _behind(staff, area)
    asked = [role for role in SUPPORT if schools[role].is_not_null().any()]
    figures = [
        _figure(schools, name, test, label, behind, (area.place_id, wave, policy))
        for name, (test, label) in _sets(asked).items()
    ]
    _check_inequalities({one.set: one.students for one in figures})
    return figures


def _sets(asked: list[str]) -> dict[str, tuple[pl.Expr, str]]:
    police = pl.col("officer") > 0
    sets = {POLICE: (police, "Students in schools with a police officer")}
    for role in asked:
        label = ROLES[role].label.lower().removesuffix("s").removeprefix("school ")
        sets[f"police_and_no_{role}"] = (police & (pl.col(role) == 0), f"... and no {label}")
    if len(asked) == len(SUPPORT):
        lacks = [pl.col(role) == 0 for role in SUPPORT]
        sets["police_and_lacks_any"] = (
            police & pl.any_horizontal(lacks),
            "... and without at least one of counselor, social worker, psychologist, nurse",
        )
        sets["police_and_lacks_all"] = (
            police & pl.all_horizontal(lacks),
            "... and without all four",
        )
    return sets


def by_school(store: Store, area: PlaceRange, wave: str, policy: str = "published") -> pl.DataFrame:
    """Return a row a school: school_no, students, and each role's full-time equivalents or null.

    Students are null where the store has no enrollment of the school.
    """
    frame = staff_of_schools(store, area, (wave,), policy)
    wide = frame.pivot("role", index=["school_no", "students"], values="fte")
    return wide.with_columns(
        (pl.col(role) if role in wide.columns else pl.lit(None, pl.Float64)).alias(role)
        for role in ROLES
    ).sort("school_no")


def _behind(staff: dict[str, StaffFigure], area: PlaceRange) -> Backing:
    """Return what the sets speak for: the schools asked about officers, and all roles' doubts."""
    officers = staff.get("officer") or next(iter(staff.values()))
    doubts = tuple(
        doubt for role in ("officer", *SUPPORT) if role in staff for doubt in staff[role].doubts
    )
    share = officers.universe.students
    return Backing(
        universe=officers.universe, coverage=share, doubts=doubts, sources=officers.sources,
        note=wording.note(officers.universe, None, doubts, wording.whole_of(area)),
    )  # fmt: skip


def _figure(
    schools: pl.DataFrame,
    name: str,
    test: pl.Expr,
    label: str,
    behind: Backing,
    asked: tuple[str, str, str],
) -> GapFigure:
    """Kleene's logic: null is unknown, and false beats unknown under `and`, true under `or`."""
    told = schools.select("students", inside=test)
    inside, unknown = told.filter(pl.col("inside")), told.filter(pl.col("inside").is_null())
    everyone = int(schools["students"].sum())
    place, wave, policy = asked
    return GapFigure(
        universe=behind.universe, coverage=behind.coverage, doubts=behind.doubts,
        note=behind.note, sources=behind.sources,
        place=place, wave=wave, policy=policy, set=name, label=label,
        schools=len(inside), students=int(inside["students"].sum()),
        share=int(inside["students"].sum()) / everyone if everyone else None,
        unknown_schools=len(unknown), unknown_students=int(unknown["students"].sum()),
    )  # fmt: skip


def _check_inequalities(students: dict[str, int]) -> None:
    """Check lacks_all <= min(single) and max(single) <= lacks_any <= sum(single)."""
    if "police_and_lacks_any" not in students:
        return
    single = [students[f"police_and_no_{role}"] for role in SUPPORT]
    union, meet = students["police_and_lacks_any"], students["police_and_lacks_all"]
    if not (meet <= min(single) and max(single) <= union <= sum(single)):
        raise NotAvailable(f"The sets of schools contradict each other: {students}.")


def gap_rows(figures: Iterable[GapFigure]) -> list[GapRow]:
    """Return figures as rows."""
    return [
        GapRow(
            one.place, one.wave, one.set, one.label, one.schools, one.students, one.share,
            one.unknown_schools, one.unknown_students, one.policy, one.coverage,
            wording.scope(one.universe, None, wording.whole_of(place_range(one.place))),
            "; ".join(dict.fromkeys(d.rule for d in one.doubts)) or None, one.note, one.source,
        )
        for one in figures
    ]  # fmt: skip
