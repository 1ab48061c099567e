"""A claim under every definition: the distribution, and the definitions that bear it out.

Steegen, Tuerlinckx, Gelman and Vanpaemel 2016 (Perspectives on Psychological Science 11:702-712)
on multiverse analysis; Simonsohn, Simmons and Nelson 2020 (Nature Human Behavior 4:1208-1214) on
the specification curve.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from homeroom.claims.definitions import Definition, definitions
from homeroom.claims.model import Reading
from homeroom.claims.statistics import CHANGES, question_of, reaches, values
from homeroom.figures.engine import Evaluated, evaluate
from homeroom.figures.figure import Answer
from homeroom.figures.query_cache import QueryCache
from homeroom.statistics.statistic import Floats

LEAST_COVERAGE = 0.5
"""A figure that covers less of its place's students is not a figure of the place."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How the figures of some definitions lie.

    ``definitions`` counts those that gave a number, the interval's bounds as definitions of their
    own; ``reaching`` those of them that reach the stated value.
    """

    definitions: int
    reaching: int
    min: float | None
    median: float | None
    max: float | None

    @property
    def share(self) -> float | None:
        """Share of the definitions that reach the stated value."""
        return self.reaching / self.definitions if self.definitions else None


@dataclass(frozen=True, slots=True)
class Found:
    """One definition with its figure."""

    definition: Definition
    answer: Answer
    value: float
    reaches: bool


@dataclass(slots=True)
class Multiverse:
    """Every definition of a claim, evaluated; arrays have an element a definition."""

    reading: Reading
    definitions: list[Definition]
    evaluated: Evaluated
    values: Floats
    """Axes: definition; value, low and high bound. NaN where undefined."""
    solid: NDArray[np.bool_]
    """Enough events and coverage for the figure to bear a verdict."""

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Tell which figures and bounds reach the stated value."""
        return np.asarray(reaches(self.reading, self.values), dtype=bool)

    def summary(self, which: Any = None) -> Summary:
        """Sum up all definitions, or those that ``which`` (a mask) keeps."""
        keep = slice(None) if which is None else which
        numbers, reached = self.values[keep], self.reached[keep]
        known = ~np.isnan(numbers)
        if not known.any():
            return Summary(0, 0, None, None, None)
        kept = numbers[known]
        low, middle, high = (float(part) for part in (kept.min(), np.median(kept), kept.max()))
        return Summary(int(known.sum()), int((reached & known).sum()), low, middle, high)

    def mask(self, name: str) -> NDArray[np.bool_]:
        """Return ``fits``, ``pandemic``, ``solid`` or ``stated_place`` as a mask."""
        if name == "solid":
            return self.solid
        if name == "stated_place":
            place = self.reading.question.place
            return np.array([d.question.place == place for d in self.definitions], dtype=bool)
        return np.array([getattr(d, name) for d in self.definitions], dtype=bool)

    def nearest(self, limit: int = 5) -> list[Found]:
        """Return the definitions that reach the stated value with the fewest changes.

        Statistic that rest on few events or on less than half of a place come last among those
        with as many changes. Where none reaches the value: those that come closest to it.
        """
        numbers = self.values[:, 0]
        reached = self.reached[:, 0] & ~np.isnan(numbers)
        away = np.abs(numbers - self.reading.stated)
        candidates = np.flatnonzero(reached if reached.any() else ~np.isnan(numbers))
        changes = np.array([_distance(d) for d in self.definitions])
        if reached.any():
            keys = (away[candidates], changes[candidates], ~self.solid[candidates])
        else:
            keys = (changes[candidates], away[candidates], ~self.solid[candidates])
        order = candidates[np.lexsort(keys)]
        return [self.found(int(at)) for at in _distinct(order, self.definitions, limit)]

    def found(self, at: int) -> Found:
        """Return one definition with its answer."""
        value = float(self.values[at, 0])
        return Found(
            self.definitions[at], self.evaluated.answer(at), value, bool(self.reached[at, 0])
        )


def multiverse(
    con: duckdb.DuckDBPyConnection, reading: Reading, desk: QueryCache | None = None
) -> Multiverse:
    """Evaluate every definition of a claim; the stated one is the first."""
    desk = desk or QueryCache()
    asked = question_of(reading)
    listed = definitions(asked, desk.reach(con))
    questions = [definition.question for definition in listed]
    found = evaluate(con, questions, desk)
    earlier = None
    if reading.statistic in CHANGES:
        before = [replace(question, wave=reading.earlier) for question in questions]
        earlier = evaluate(con, before, desk)
    numbers = np.stack(values(reading.statistic, found, earlier), axis=1)
    solid = _solid(found) & (True if earlier is None else _solid(earlier))
    return Multiverse(asked, listed, found, numbers, solid & ~np.isnan(numbers[:, 0]))


def _solid(found: Evaluated) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        covered = found.tally.coverage >= LEAST_COVERAGE
    return np.asarray(covered & (found.reason == "ok"))


def _distance(definition: Definition) -> int:
    """Count the changes; leaving the claim's words counts for more than all technical ones."""
    return len(definition.changes) + (0 if definition.fits else 10)


def _distinct(order: NDArray[np.int64], listed: list[Definition], limit: int) -> list[int]:
    """Take one definition a place, wave, outcome and comparison, so that five differ in kind."""
    seen: set[tuple[str, ...]] = set()
    out: list[int] = []
    for at in order:
        q = listed[int(at)].question
        key = (q.place, q.wave, q.measure, q.group, q.versus, q.comparator)
        if key not in seen:
            seen.add(key)
            out.append(int(at))
        if len(out) == limit:
            break
    return out
