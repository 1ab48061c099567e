"""For whom a change is told: the students reached, those a finding speaks for, the district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from homeroom.plans.baseline import Baseline, Flags


@dataclass(frozen=True, slots=True)
class Scope:
    """Schools and students of a change.

    Attributes
    ----------
    reached
        Schools in which the plan changes something that the findings are about, and their students.
    spoken
        Schools of the levels that the findings speak for, and their students.
    levels
        Those levels; empty where the findings speak for every level.
    district
        Schools of the place with an enrollment, and their students.
    """

    reached: tuple[int, int]
    spoken: tuple[int, int]
    levels: tuple[str, ...]
    district: tuple[int, int]

    @property
    def share(self) -> float:
        """Share of the district's students in the schools reached."""
        return self.reached[1] / self.district[1] if self.district[1] else 0.0

    @property
    def share_spoken(self) -> float:
        """Share of the students that the findings speak for in the schools reached."""
        return self.reached[1] / self.spoken[1] if self.spoken[1] else 0.0

    @property
    def spoken_label(self) -> str:
        """Whom the findings speak for, in words."""
        return f"{' and '.join(self.levels)}-school students" if self.levels else "students"

    @property
    def sentence(self) -> str:
        """Say whom the change is about, and how much of the district that is."""
        schools, students = self.reached
        return (
            f"{_schools(schools)} with {students:,} students change, {self.share:.1%} of the "
            f"district's {self.district[1]:,}"
            + (
                f"; the findings speak for its {self.spoken[1]:,} {self.spoken_label}"
                if self.levels
                else ""
            )
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "schools": self.reached[0], "students": self.reached[1],
            "share_of_district": round(self.share, 4),
            "levels": list(self.levels), "students_of_levels": self.spoken[1],
            "students_of_district": self.district[1], "sentence": self.sentence,
        }  # fmt: skip


def scope(base: Baseline, reached: Flags, spoken: Flags, levels: tuple[str, ...]) -> Scope:
    """Count schools and students.

    Parameters
    ----------
    base
        The place.
    reached, spoken
        Schools that change, and schools of the levels that the findings speak for.
    levels
        Those levels; empty where the findings speak for every level.
    """

    def counted(here: Flags) -> tuple[int, int]:
        known = here & base.enrolled
        return int(known.sum()), int(base.students[known].sum())

    return Scope(counted(reached), counted(spoken), levels, counted(np.ones_like(reached)))


def _schools(number: int) -> str:
    return f"{number} school{'' if number == 1 else 's'}"
