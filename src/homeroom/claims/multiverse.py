"""A claim under every definition: the distribution, and the definitions that support it.

Steegen, Tuerlinckx, Gelman and Vanpaemel 2016 (Perspectives on Psychological Science 11:702-712)
on multiverse analysis; Simonsohn, Simmons and Nelson 2020 (Nature Human Behavior 4:1208-1214) on
the specification curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeroom.claims.definitions import Definition, definitions
from homeroom.claims.model import Reading
from homeroom.claims.statistics import (
    CHANGES,
    TOTALS,
    crossed,
    of_counts,
    question_of,
    values,
    whole_of,
)
from homeroom.claims.tolerance import attains, reaches
from homeroom.evidence.store import Store
from homeroom.figures.engine import Evaluated, evaluate
from homeroom.figures.figure import Figure
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.screened import evaluate_left, left_figure
from homeroom.statistics.reasons import Rules
from homeroom.statistics.statistic import Bools, Floats


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
    figure: Figure
    value: float
    reaches: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Definitions that fit the claim's words and have a figure, but don't decide the verdict."""

    partial: int = 0
    """Their figures speak for a part of the place only."""
    doubtful: int = 0
    """Quality rules doubt their figures, and no figure without the schools in doubt agrees."""


@dataclass(slots=True)
class Multiverse:
    """Every definition of a claim, evaluated; arrays have an element a definition."""

    reading: Reading
    definitions: list[Definition]
    evaluated: Evaluated
    values: Floats
    """Axes: definition; value, low and high bound. NaN where undefined."""
    solid: NDArray[np.bool_]
    """Figures of the whole place from enough events; of those that fit, none that is in doubt."""
    earlier: Evaluated | None = None
    """The same definitions in the wave that a change is counted from."""
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Tell which figures and bounds come up to the stated value, not rounded."""
        return np.asarray(attains(self.reading, self.values), dtype=bool)

    @property
    def met(self) -> NDArray[np.bool_]:
        """Tell which figures and bounds meet the stated value, to its rounding."""
        return np.asarray(reaches(self.reading, self.values), dtype=bool)

    def summary(self, which: Any = None, *, bounds: bool = True) -> Summary:
        """Sum up all definitions, or those that ``which`` (a mask) keeps.

        Parameters
        ----------
        bounds
            Count the bounds of intervals as definitions of their own, and what comes up to the
            stated value. Otherwise: figures alone, and those that meet it to its rounding.
        """
        keep = slice(None) if which is None else which
        columns = slice(None) if bounds else slice(1)
        said = self.reached if bounds else self.met
        numbers, reached = self.values[keep][:, columns], said[keep][:, columns]
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

        Figures that rest on few events or on a part of a place come last among those with as many
        changes. Where none reaches the value: those that come closest to it.
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
        """Return one definition with its figure."""
        value = float(self.values[at, 0])
        return Found(
            self.definitions[at], self.evaluated.figure(at), value, bool(self.reached[at, 0])
        )


def multiverse(store: Store, reading: Reading, *, wide: bool = True) -> Multiverse:
    """Evaluate every definition of a claim; the stated one is the first.

    Parameters
    ----------
    wide
        As for :func:`homeroom.claims.definitions.definitions`.
    """
    asked = question_of(reading)
    listed = definitions(asked, QueryCache.of(store).availability, wide=wide)
    questions = [definition.question for definition in listed]
    found = evaluate(store, questions)
    earlier = None
    if reading.statistic in CHANGES:
        before = [replace(question, wave=reading.earlier) for question in questions]
        earlier = evaluate(store, before)
    whole = evaluate(store, list(map(whole_of, questions))) if crossed(reading) else None
    numbers = np.stack(values(reading.statistic, found, earlier, whole), axis=1)
    enough = _counted if of_counts(reading) else _enough
    known = ~np.isnan(numbers[:, 0]) & enough(found) & (earlier is None or enough(earlier))
    entire = found.whole & (earlier is None or earlier.whole)
    out = Multiverse(asked, listed, found, numbers, known & entire, earlier)
    fits = out.mask("fits")
    doubtful = [
        at for at in np.flatnonzero(fits & out.solid).tolist()
        if in_doubt(out, at) and not _official_count(out, at)
    ]  # fmt: skip
    unconfirmed = _unconfirmed(store, out, doubtful)
    out.left_out = LeftOut(int((fits & known & ~entire).sum()), len(unconfirmed))
    out.solid[unconfirmed] = False
    return out


def without_doubt(store: Store, found: Multiverse, at: Sequence[int]) -> list[Found | None]:
    """Return definitions without the schools in doubt; None where nothing is left."""
    if not at:
        return []
    left, numbers, _ = _left(store, found, at)
    met = np.asarray(attains(found.reading, numbers), dtype=bool)
    out: list[Found | None] = []
    for place, one in enumerate(at):
        value, figure = float(numbers[place]), left_figure(left, place)
        known = np.isfinite(value)
        out.append(
            Found(found.definitions[one], figure, value, bool(met[place])) if known else None
        )
    return out


def _left(store: Store, found: Multiverse, at: Sequence[int]) -> tuple[Evaluated, Floats, Bools]:
    """Evaluate definitions without the schools in doubt; return values, and which are solid."""
    questions = [found.definitions[one].question for one in at]
    left = evaluate_left(store, questions)
    earlier = None
    if found.earlier is not None:
        before = [replace(question, wave=found.reading.earlier) for question in questions]
        earlier = evaluate_left(store, before)
    whole = None
    if crossed(found.reading):
        whole = evaluate_left(store, list(map(whole_of, questions)))
    numbers = values(found.reading.statistic, left, earlier, whole)[0]
    enough = _counted if of_counts(found.reading) else _enough
    solid = enough(left) & left.whole & ~np.isnan(numbers)
    if earlier is not None:
        solid &= enough(earlier) & earlier.whole
    return left, numbers, solid


def _unconfirmed(store: Store, found: Multiverse, at: Sequence[int]) -> list[int]:
    """Return which figures in doubt are not confirmed without the schools in doubt.

    A figure in doubt is confirmed when the same definition without those schools has a solid
    figure that meets, or misses, the stated value alike.
    """
    if not at:
        return []
    _, numbers, solid = _left(store, found, at)
    before = np.asarray(reaches(found.reading, found.values[list(at), 0]), dtype=bool)
    after = np.asarray(reaches(found.reading, numbers), dtype=bool)
    return [one for one, kept in zip(at, solid & (before == after), strict=True) if not kept]


def _official_count(found: Multiverse, at: int) -> bool:
    """Return whether a figure is a number of students that the agency itself published.

    Such a total is what the agency says it is: a doubt stands beside it, and outvotes nothing.
    """
    published = found.evaluated.figure(at).basis == "state_table"
    return published and found.reading.statistic in TOTALS


def _enough(found: Evaluated) -> Bools:
    return np.asarray(found.reason == "ok", dtype=bool)


def _counted(found: Evaluated) -> Bools:
    """Return which figures count enough events for a share; a share needs no enrollment."""
    return np.asarray(found.counts.x1 >= Rules().few_events, dtype=bool)


def in_doubt(found: Multiverse, at: int) -> bool:
    """Return whether a definition's figure, or the one that it's a change from, is doubtful."""
    now = found.evaluated.figure(at).doubtful
    return now or (found.earlier is not None and found.earlier.figure(at).doubtful)


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
