"""Plans and places of our own, for the tests of plans."""

from __future__ import annotations

from typing import Any

import numpy as np

from homeroom.plans.baseline import GROUPS, MEASURES, Baseline
from homeroom.plans.document import Plan, from_dict
from homeroom.vocabulary.roles import ROLES

AUSTIN = "lea:4808940"


def a_plan(**changes: Any) -> Plan:
    return from_dict({"name": "Plan", "place": AUSTIN, "start": 2026, "years": 2} | changes)


def a_base(students: list[int], level: str = "high", **staff: list[float]) -> Baseline:
    """A place of our own: each school counts 100 of everything, 10 of it in each group."""
    schools = len(students)
    none = np.zeros(schools, dtype=np.int64)
    return Baseline(
        place=AUSTIN, name="Our town", state=None, wave="2017-18",
        schools=tuple(f"4808940{at:05d}" for at in range(schools)),
        names=tuple(f"School {at}" for at in range(schools)),
        students=np.array(students, dtype=np.int64),
        level=(level,) * schools,
        staff={
            role: np.array([round(100 * n) for n in staff[role]]) if role in staff else none.copy()
            for role in ROLES
        },
        counts={
            measure: {g: np.full(schools, 100.0 if g == "all" else 10.0) for g in GROUPS}
            for measure in MEASURES
        },
        notes=(), shooting_rate=0.0003,
    )  # fmt: skip
