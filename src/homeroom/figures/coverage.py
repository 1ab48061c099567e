"""Which schools a figure speaks for, and whether it may carry a place's name.

A state of which only the high schools are in the store, or a nation of which three states are, must
not look whole. So a figure's reach is a share of the students that OCR's state tables give the
place, as soon as the schools in the store hold fewer than :data:`NAMED` of them; districts and
schools are measured against their own enrollment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NAMED = 0.9
"""The one threshold: at least this share of a place's students must be in a figure that carries
the place's name without saying more. Below it the schools left out could move most rates by more
than a tenth of their students' own rate, and every text states the scope."""


EVERY = 50
"""Files of this many states are the nation's; the share of students still has to be NAMED."""


@dataclass(frozen=True, slots=True)
class Universe:
    """The schools that a figure was asked of, before anyone failed to report.

    Attributes
    ----------
    states
        Postal codes of the states that the schools lie in, where they are not all of the nation;
        empty otherwise.
    high_schools
        Whether the schools are high schools only.
    students
        Share of the place's students who are enrolled in these schools, 0 to 1; None if unknown.
    """

    states: tuple[str, ...] = ()
    high_schools: bool = False
    students: float | None = None

    @property
    def whole(self) -> bool:
        """Whether the schools may stand for the place."""
        share = 1.0 if self.students is None else self.students
        return not self.high_schools and not self.states and share >= NAMED

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "states": list(self.states),
            "high_schools_only": self.high_schools,
            "share_of_students": self.students,
            "whole": self.whole,
        }


def place_students(enrolled: float, official: float | None) -> float:
    """Return the students that a figure of a place should speak for.

    Parameters
    ----------
    enrolled
        Students in the schools in the store.
    official
        Students in OCR's state table of the place, or None where it has none.
    """
    return enrolled if not official or enrolled >= NAMED * official else official
