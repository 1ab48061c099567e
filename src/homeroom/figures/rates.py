"""Rates by group: a row a group, selected from the engine's figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import places
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.store import Store
from homeroom.figures import figure as reasons
from homeroom.figures import wording
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.missing import no_figure
from homeroom.figures.question import BASES, SECTION_504, Question
from homeroom.figures.rows import column
from homeroom.vocabulary.groups import ALL, AXES, RACES, Crossing, Group
from homeroom.vocabulary.measures import MEASURES, Measure
from homeroom.vocabulary.waves import WAVES


@dataclass(frozen=True, slots=True)
class RateRow:
    """A group's count, rate, and interval first, then what they speak for."""

    group: str = column("Group: the values of the axes asked for, joined by /, or all")
    count: int | None = column(
        "Students counted (incidents for offenses) in those schools; null if nothing was reported"
    )
    rate_per_10000: float | None = column("count / students * 10,000; null where undefined")
    low: float | None = column("Lower end of the 95 percent interval of the rate")
    high: float | None = column("Upper end of the 95 percent interval of the rate")
    students: int | None = column("Students in the schools that reported: the denominator")
    wave: str = column("CRDC wave")
    name: str = column("Name of the place")
    measure: str = column("Measure id")
    place: str = column("Place id")
    race: str = column("Race id, or all")
    sex: str = column("Sex id, or all")
    disability: str = column("wodis, idea, s504, nonidea, or all")
    all_events: int | None = column(
        "Events in every school that reported, those without enrollment included; null where "
        "that is the same as count"
    )
    status: str = column("observed, structural_zero, missing, or suppressed")
    reason: str | None = column("Why a figure is missing or undefined")
    reason_id: str | None = column("The reason as an id: see `homeroom describe --reasons`")
    policy: str = column("published or screened")
    basis: str = column("state_table or schools")
    coverage: float | None = column(
        "Share of the place's students (state_table: of schools) that the figure covers"
    )
    coverage_schools: float | None = column("Share of the schools asked that reported")
    universe: str | None = column("Which schools the figure speaks for, where they are not all")
    doubts: str | None = column("Ids of the quality rules and errata that doubt the figure")
    note: str | None = column("Scope and doubt in words, where they matter")
    source: str = column("Publication, file and SHA-256")
    place_name: str = column("The same as name, which this answer first called so")


def rates(
    store: Store,
    measure: str,
    place: str,
    wave: str,
    *,
    by: Sequence[str] = (),
    policy: str = "published",
    basis: str | None = None,
    section504: str = "with",
) -> list[Figure]:
    """Return the figures of a measure in a place: of all students, then of each group.

    Parameters
    ----------
    by
        Axes to cross: race, sex, disability.
    basis
        state_table, schools, or None for the place's default.

    Raises
    ------
    BadInput
        An unknown measure, place, wave, axis, policy, or basis.
    NotAvailable
        The store holds no figure of the place and wave, or the publication has no such crossing.
    """
    of, area = measure_of(measure), place_range(place)
    check_axes(of, by)
    if basis not in (None, *BASES):
        raise BadInput(f"basis {basis!r}: expected {' or '.join(BASES)}.")
    if section504 not in SECTION_504:
        raise BadInput(f"section504 {section504!r}: expected `with` or `without`.")
    if basis == "state_table" and policy == "screened":
        raise BadInput("OCR's state tables cannot be screened: ask with basis schools.")
    found = answer(
        store,
        [
            Question(
                measure, group, place=area.place_id, wave=wave, policy=policy, basis=basis or "",
                section504=section504,
            )
            for group in groups_by(of, by, wave)
        ],
    )  # fmt: skip
    _refuse_nothing(found, of, area, wave, by)
    return found


def _refuse_nothing(
    found: list[Figure], of: Measure, area: PlaceRange, wave: str, by: Sequence[str]
) -> None:
    overall, *parts = found
    if overall.reason == reasons.NOT_AT_HAND:
        raise no_figure(area, wave, of.label)
    if overall.reason in (reasons.NO_TABLE, reasons.NOT_PUBLISHED):
        raise NotAvailable(
            f"{of.label} of {area.place_id} in {wave}: expected a state table of OCR, found none "
            "in the store. Ask with basis schools."
        )
    unpublished = (reasons.NOT_PUBLISHED, reasons.NO_ENROLLMENT, reasons.NOBODY_ENROLLED)
    if parts and all(one.reason in unpublished for one in parts) and overall.value is not None:
        raise NotAvailable(
            f"The {'state tables' if overall.basis == 'state_table' else 'files'} of {wave} do not "
            f"publish {of.label.lower()} by {' and '.join(by)} with the enrollment to divide by: "
            "ask with basis schools or another crossing."
        )


def groups_by(of: Measure, by: Sequence[str], wave: str) -> list[Group]:
    """Return all students, then every group of the axes that the wave publishes."""
    if not by:
        return [Group()]
    values = {
        "race": tuple(RACES),
        "sex": WAVES[wave].sexes,
        "disability": tuple(
            part for part in of.parts if part != "any" and ("race" not in by or part != "s504")
        ),
    }
    axes = [axis for axis in AXES if axis in by]
    crossings = [
        Crossing(**dict(zip(axes, combination, strict=True)))
        for combination in product(*(sorted(values[axis]) for axis in axes))
    ]
    return [Group(), *(Group.of([crossing]) for crossing in crossings)]


def check_axes(of: Measure, by: Sequence[str]) -> None:
    """Refuse an axis that does not exist, or that a measure is not published by.

    Raises
    ------
    BadInput
        The message lists the axes, or names the measure.
    """
    if wrong := [axis for axis in by if axis not in AXES]:
        raise BadInput(f"by {wrong[0]!r}: expected one or more of {', '.join(AXES)}.")
    if by and not of.by_race:
        raise BadInput(f"{of.label}: not published by group of students, so ask without by.")
    if "disability" in by and of.parts == ("any",):
        raise BadInput(f"{of.label}: not published by disability.")


def measure_of(name: str) -> Measure:
    """Return a measure.

    Raises
    ------
    BadInput
        There is no such measure; the message lists those there are.
    """
    if name not in MEASURES:
        raise BadInput(f"measure {name!r}: expected one of {', '.join(MEASURES)}.")
    return MEASURES[name]


def rate_rows(store: Store, figures: Sequence[Figure], by: Sequence[str] = ()) -> list[RateRow]:
    """Return figures of one place as rows.

    Parameters
    ----------
    by
        The axes that the figures were asked by: they name the group.
    """
    if not figures:
        return []
    name = str(places.facts(store.con, place_range(figures[0].question.place))["name"])
    return [_row(one, name, by) for one in figures]


def _row(one: Figure, name: str, by: Sequence[str]) -> RateRow:
    q, (crossing,) = one.question, one.question.group.crossings
    values = [str(getattr(crossing, axis)) for axis in by]
    no_rate = one.reason if one.value is None else None
    return RateRow(
        place=q.place, name=name, wave=q.wave, measure=q.measure,
        group=ALL if q.group == ALL else "/".join(values),
        race=crossing.race, sex=crossing.sex, disability=crossing.disability,
        students=one.group.students, count=one.group.count,
        rate_per_10000=one.group.rate_per_10000, low=one.low, high=one.high,
        all_events=one.all_events, status=one.status,
        reason=one.explanation if no_rate or one.status != "observed" else None,
        reason_id=one.reason, policy=q.policy, basis=one.basis, coverage=one.coverage,
        coverage_schools=one.coverage_schools,
        universe=wording.scope(one.universe, one.coverage, wording.whole_of(place_range(q.place))),
        doubts="; ".join(dict.fromkeys(d.rule for d in one.doubts)) or None,
        note=one.note, source=one.source, place_name=name,
    )  # fmt: skip
