"""A place in one view: students, arrests and referrals, staff, flags, what the store lacks."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from homeroom.context.finance import finance
from homeroom.context.poverty import poverty
from homeroom.evidence import known_places, places
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.places import Part
from homeroom.evidence.store import Store
from homeroom.figures import rows
from homeroom.figures.backing import Source
from homeroom.figures.cards import card
from homeroom.figures.figure import Figure
from homeroom.figures.flags import flags
from homeroom.figures.outcomes import OUTCOMES, outcome_row, outcomes, usual_wave
from homeroom.figures.staffing import StaffFigure, staff_over_waves, staff_rows
from homeroom.report import sentences
from homeroom.report.names import readable
from homeroom.report.place_figures import (
    OutcomeTable,
    high_schools_only,
    outcome_table,
    staff_wave,
    waves_of,
)
from homeroom.report.place_figures import StaffRow as Adults
from homeroom.report.place_figures import staff_rows as adult_rows
from homeroom.vocabulary.groups import ALL, RACES, Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES

Rows = list[dict[str, Any]]


_WORKERS = ThreadPoolExecutor(2, thread_name_prefix="profile")
"""What does not wait for the students is read beside them."""


@dataclass
class Profile:
    """What a place page shows; every list may be empty.

    Attributes
    ----------
    part_of, parts
        The district that OCR counts this one within; the districts that it counts within this one.
    outcomes, staff
        Figures by measure, wave, and race; by wave and role.
    screened, staff_screened
        The same without what rules doubt, of the measures and waves with a doubtful figure: to
        show beside it. Empty where the profile itself is screened.
    """

    facts: dict[str, Any]
    part_of: Part | None = None
    parts: list[Part] = field(default_factory=list)
    outcomes: list[Figure] = field(default_factory=list)
    staff: list[StaffFigure] = field(default_factory=list)
    screened: list[Figure] = field(default_factory=list)
    staff_screened: list[StaffFigure] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    context: Rows = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        """Return the place in a line: its figures would fill a book."""
        waves = ", ".join(_waves(self)) or "no wave"
        return f"<Profile {self.facts['place_id']} {self.facts['name']}: figures of {waves}>"

    def _repr_html_(self) -> str:
        wave, adults = usual_wave(self.outcomes), staff_wave(self.staff)
        outcomes = self.table("arrests", wave).rows if wave else []
        rows = [
            (f"Arrests, {row.label}, {wave}", row.count, row.students, row.rate, row.low, row.high)
            for row in outcomes
        ] + [
            (f"{row.label}, {adults}", row.fte, None, None, None, None)
            for row in (self.adults(adults) if adults else [])
        ]  # fmt: skip
        head = ("", "count", "students", "per 10,000", "from", "to")
        return card(str(self.facts["name"]), [*self.sentences, *self.flags], head, rows)

    @property
    def name(self) -> str:
        """The place's name as a sentence holds it."""
        return sentences.place_name(self.facts["place_id"], readable(str(self.facts["name"])))

    @property
    def belongs(self) -> str:
        """A sentence on the district that OCR counts this one within; empty if none."""
        if self.part_of is None:
            return ""
        return (
            f"{self.name} is part of {readable(self.part_of.name)} ({self.part_of.id}); OCR counts "
            f"{known_places.counted(self.part_of.id)} as one district, so the figures are there."
        )

    def table(self, measure: str, wave: str) -> OutcomeTable:
        """Return one outcome of one wave by group, with the screened one beside a doubtful one."""
        return outcome_table(self.outcomes, measure, wave, self.screened)

    def adults(self, wave: str) -> list[Adults]:
        """Return the adults of one wave, with the screened figure beside a doubtful one."""
        return adult_rows(self.staff, wave, self.staff_screened)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values: the row of the API and of ``--json``."""
        return {
            "facts": self.facts,
            "part_of": asdict(self.part_of) if self.part_of else None,
            "parts": [asdict(one) for one in self.parts],
            "sentences": self.sentences,
            "outcomes": [rows.as_dict(outcome_row(one)) for one in self.outcomes],
            "staff": _staff_dicts(self.staff),
            "screened": [
                rows.as_dict(outcome_row(one)) for one in self.screened if one.question.group == ALL
            ],
            "context": self.context,
            "flags": self.flags,
            "missing": self.missing,
            "notes": self.notes,
            "sources": self.sources,
        }

    def tables(self) -> list[tuple[str, Rows]]:
        """Return titled tables, groups down and waves across."""
        found = [
            (f"{MEASURES[measure].label}: students and rate per 10,000", lines)
            for measure in OUTCOMES
            if (lines := _across(self.outcomes, measure))
        ]
        if self.staff:
            found.append(
                ("Staff: full-time equivalents and students per adult", _staff_across(self.staff))
            )
        if self.context:
            found.append(("Money and poverty", self.context))
        return found


def profile(store: Store, place_id: str, *, policy: str = "published") -> Profile:
    """Put a place's page together.

    Raises
    ------
    NotAvailable
        The store has no such place.
    """
    area = place_range(place_id)
    facts = places.facts(store.con, area)
    facts["policy"] = policy
    adults = _WORKERS.submit(staff_over_waves, store, area.place_id, policy)
    money = _WORKERS.submit(_context, store, area)
    flagged = _WORKERS.submit(flags, store, area)
    students = outcomes(store, area.place_id, policy)
    page = Profile(
        facts, places.parent(store.con, area), places.parts(store.con, area), students,
        adults.result(),
    )  # fmt: skip
    page.screened, page.staff_screened = _screened(store, area, page)
    page.context = money.result()
    page.flags = [one.text for one in flagged.result()]
    page.sources = _sources(page)
    page.missing = _missing(page)
    page.notes = [f"{wave}: {WAVES[wave].note}" for wave in _waves(page)]
    page.sentences = _sentences(page)
    return page


def _screened(
    store: Store, area: PlaceRange, page: Profile
) -> tuple[list[Figure], list[StaffFigure]]:
    doubtful = [one.question for one in page.outcomes if one.doubtful]
    left = [
        one
        for measure in dict.fromkeys(q.measure for q in doubtful)
        for one in outcomes(
            store, area.place_id, "screened", (measure,),
            {q.wave for q in doubtful if q.measure == measure},
        )
    ]  # fmt: skip
    waves = sorted({one.wave for one in page.staff if one.doubtful})
    return left, staff_over_waves(store, area.place_id, "screened", waves) if waves else []


def _sentences(page: Profile) -> list[str]:
    """Say first what most people ask: how many, and which adults."""
    said = [page.belongs] if page.part_of else []
    wave = usual_wave(page.outcomes)
    if wave is not None:
        said.append(sentences.headline(page.name, page.table("arrests", wave), []))
    adults = staff_wave(page.staff)
    if adults is not None:
        said.append(
            sentences.adults(
                adults, page.adults(adults), kind=page.facts["kind"],
                high_schools=high_schools_only(page.staff, adults),
            )
        )  # fmt: skip
    return [one for one in said if one]


def _staff_dicts(staff: Sequence[StaffFigure]) -> Rows:
    narrow = [one.universe.high_schools for one in staff]
    return [
        rows.as_dict(row) | {"high_schools_only": high}
        for row, high in zip(staff_rows(staff), narrow, strict=True)
    ]


def _across(figures: Sequence[Figure], measure: str) -> Rows:
    """Turn one measure's figures into a table with columns for each wave.

    A wave whose figure does not speak for the place, or is doubtful, says so in a column.
    """
    waves = waves_of(figures, measure)
    found = {(str(o.question.group), o.question.wave): o for o in figures
             if o.question.measure == measure}  # fmt: skip
    noted = [wave for wave in waves if (one := found.get((ALL, wave))) and one.note]
    table: Rows = []
    for group in (ALL, *RACES):
        line: dict[str, Any] = {"group": Group(group).label}
        for wave in waves:
            one = found.get((group, wave))
            line[wave] = one.group.count if one else None
            line[f"{wave} rate"] = one.value if one else None
            if wave in noted:
                line[f"{wave} note"] = one.note if one else None
        table.append(line)
    return table if waves else []


def _staff_across(staff: Sequence[StaffFigure]) -> Rows:
    waves = sorted({one.wave for one in staff})
    found = {(one.role, one.wave): one for one in staff}
    noted = [wave for wave in waves if any(one.note for one in staff if one.wave == wave)]
    table: Rows = []
    for role in ROLES.values():
        line: dict[str, Any] = {"role": role.label, "recommended": role.recommended}
        for wave in waves:
            one = found.get((role.id, wave))
            line[wave] = one.fte if one else None
            line[f"{wave} students each"] = one.students_per_fte if one else None
            if wave in noted:
                line[f"{wave} note"] = one.note if one else None
        table.append(line)
    return table


def _context(store: Store, area: PlaceRange) -> Rows:
    if area.kind != "district":
        return []
    leaid = area.place_id.removeprefix("lea:")
    wanted = ("V33", "TOTALEXP", "TCURELSC", "E17")
    found: Rows = [
        {"fact": f"{one.label}, fiscal year {one.fiscal_year}", "figure": one.amount}
        for one in finance(store, leaid)
        if one.item in wanted and one.amount is not None
    ]
    for one in poverty(store, leaid):
        about = f"Children 5 to 17 in the district's area, {one.year}"
        part = f"Of those, in families in poverty, {one.year}"
        found += [
            {"fact": about, "figure": one.children},
            {"fact": part, "figure": one.children_poverty},
        ]
    return found


def _waves(page: Profile) -> list[str]:
    return sorted({one.question.wave for one in page.outcomes} | {one.wave for one in page.staff})


def _sources(page: Profile) -> list[str]:
    """Return every file behind the figures, with its hash."""
    found: set[Source] = {source for one in (*page.outcomes, *page.staff) for source in one.sources}
    listed = sorted((asdict(one) for one in found), key=lambda one: (one["title"], one["name"]))
    return [f"{one['title']}: {one['name']}, SHA-256 {one['sha256']}" for one in listed]


def _missing(page: Profile) -> list[str]:
    """Return what the store lacks of the place, and which official file has it."""
    if page.part_of and not page.outcomes and not page.staff:
        return [f"OCR publishes no figures of its own for {page.name}: see {page.part_of.id}."]
    have = {one.question.wave for one in page.outcomes}
    said = [
        f"Arrests and referrals of {wave.id} are not in the store; OCR's file has them: "
        f"{wave.archive}"
        for wave in WAVES.values()
        if wave.archive and wave.id not in have
    ]
    if not page.staff:
        said.append("The store holds no officers or counselors of this place.")
    return said
