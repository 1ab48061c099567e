"""What a sum runs over: the schools, the waves, the policy, and the unit it is given for."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence.place_ids import PlaceRange
from homeroom.evidence.quality import POLICIES
from homeroom.vocabulary.measures import MEASURES, Measure
from homeroom.vocabulary.waves import WAVES

LEVELS = {
    "nation": "0",
    "state": "school_no // 100000000000",
    "district": "school_no // 100000",
    "school": "school_no",
}
"""SQL that gives the unit a school is counted in, by level."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The schools that sums run over. ``only`` is SQL on school_no, from our own code alone."""

    span: PlaceRange
    waves: tuple[str, ...]
    policy: str = "published"
    level: str = ""
    """Unit of the rows: nation, state, district or school; the span's own kind if empty."""
    only: str = ""

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise BadInput(
                f"policy {self.policy!r}: expected one of {', '.join(POLICIES)}. `published` is "
                "as OCR published; `screened` takes doubted figures as missing."
            )
        for wave in self.waves:
            if wave not in WAVES:
                raise BadInput(f"wave {wave!r}: expected one of {', '.join(WAVES)}.")

    @property
    def unit(self) -> str:
        """SQL of the unit."""
        return LEVELS[self.level or self.span.kind]

    @property
    def where(self) -> str:
        """SQL that keeps the waves and schools of the scope, for any table of schools."""
        waves, low, high = listed(self.waves), self.span.low, self.span.high
        within = f"wave IN ({waves}) AND school_no BETWEEN {low} AND {high}"
        return f"{within} AND {self.only}" if self.only else within

    def trusted(self, subject: str, table: str = "") -> str:
        """Return SQL that leaves doubted figures out under `screened`, and nothing otherwise.

        ``subject`` is SQL of the measure or role of a row; ``table`` names whose wave and school
        are meant, where a join has several.
        """
        if self.policy == "published":
            return ""
        of = f"{table}." if table else ""
        return (
            f"AND ({of}wave, {subject}, {of}school_no) NOT IN (SELECT (wave, subject, school_no) "
            f"FROM quality_flag WHERE {self.where})"
        )

    @property
    def trusted_cells(self) -> str:
        """As :meth:`trusted`, for cells that are known by number alone."""
        if self.policy == "published":
            return ""
        return (
            "AND (wave, cell_id, school_no) NOT IN (SELECT (wave, cell_id, school_no) FROM "
            f"quality_flag JOIN measure_cell ON measure = subject WHERE {self.where})"
        )

    @property
    def quiet(self) -> str:
        """SQL of (wave, measure, school_no, code) that must not count: silent, or doubted."""
        silent = f"SELECT wave, measure, school_no, code FROM silent WHERE {self.where}"
        if self.policy == "published":
            return silent
        return (
            f"SELECT wave, measure, school_no, min(code) AS code FROM ({silent} UNION ALL "
            f"SELECT wave, subject AS measure, school_no, NULL FROM quality_flag WHERE {self.where}"
            ") AS doubt GROUP BY ALL"
        ).replace("GROUP BY ALL", "GROUP BY wave, measure, school_no")


def measure_of(name: str) -> Measure:
    """Look a measure up.

    Raises
    ------
    BadInput
        There is no such measure; the message lists those there are.
    """
    if name not in MEASURES:
        raise BadInput(f"measure {name!r}: expected one of {', '.join(MEASURES)}.")
    return MEASURES[name]


def nothing_at_hand(span: PlaceRange, wave: str, what: str) -> NotAvailable:
    """Say that no school file answers, and which official file would."""
    way_out = (
        f"`homeroom download --wave {wave}` fetches the official files, and `homeroom build "
        "--from` adds them."
        if WAVES[wave].archive
        else "OCR publishes no school file of that wave that Homeroom can fetch."
    )
    return NotAvailable(
        f"{what} of {span.place_id} in {wave}: expected school figures in the store, found none. "
        f"{way_out}"
    )


def listed(names: tuple[str, ...]) -> str:
    """Return SQL of a list of our own ids."""
    return ", ".join(f"'{name}'" for name in names)
