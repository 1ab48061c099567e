"""What quality rules found in a place's schools, whatever figure they touch."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.evidence import sql
from homeroom.evidence.place_ids import PlaceRange
from homeroom.evidence.quality import rules
from homeroom.evidence.store import Store
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES


@dataclass(frozen=True, slots=True)
class Flag:
    """One rule in one wave: the measure or role it doubts, and how many schools it flags.

    ``detail`` holds the figures of the one school where there is only one.
    """

    rule: str
    wave: str
    subject: str
    schools: int
    detail: str | None

    @property
    def text(self) -> str:
        """The flag in words."""
        label = MEASURES[self.subject].label if self.subject in MEASURES else None
        label = label or ROLES[self.subject].label
        sentence = rules()[self.rule].sentence.strip()
        where = self.detail or f"{self.schools:,} school{'' if self.schools == 1 else 's'}"
        return f"{self.wave}, {label.lower()}: {sentence} ({where})"


def flags(store: Store, area: PlaceRange) -> list[Flag]:
    """Return the flags of a place's schools, by wave, rule, and subject."""
    found = sql.rows(
        store.con,
        """
        SELECT rule, wave, subject, count(*), min(detail) FROM quality_flag
        WHERE school_no BETWEEN ? AND ? GROUP BY ALL ORDER BY wave, rule, subject
        """,
        [area.low, area.high],
    )
    return [
        Flag(rule, wave, subject, schools, _detail(rule, schools, detail))
        for rule, wave, subject, schools, detail in found
    ]


def _detail(rule: str, schools: int, detail: str | None) -> str | None:
    own = detail if detail and detail.strip() != rules()[rule].sentence.strip() else None
    return own if schools == 1 else None
