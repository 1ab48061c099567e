"""What the model says of one district, and how much of that is its own data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.estimates.predict import cell_rates, pooled, ranks
from homeroom.estimates.saved import Saved
from homeroom.statistics.statistic import Floats
from homeroom.vocabulary.states import POSTAL_OF_FIPS

PER = 10_000
BARELY = 0.15
"""Below this share of the prior variance taken away, the data barely move a contrast."""
_LEVELS = (50, 80, 95)


@dataclass(frozen=True, slots=True)
class Interval:
    """A posterior median with 50%, 80%, and 95% intervals."""

    median: float
    low_50: float
    high_50: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float


def interval(draws: Floats) -> Interval:
    """Return median and equal-tailed intervals of draws."""
    at = [0.5]
    for level in _LEVELS:
        at += [0.5 - level / 200, 0.5 + level / 200]
    return Interval(*(float(value) for value in np.quantile(draws, at)))


@dataclass(frozen=True, slots=True, eq=False)
class StateDraws:
    """Everything of one state's districts, draw by draw.

    Attributes
    ----------
    leas
        Ids, in the order of the columns.
    level, contrast
        Draw by LEA; contrast is None where the specification has none.
    students, events
        LEA by pattern.
    rates
        Risk: draw, LEA, pattern.
    groups, sexes, waves
        Of each pattern.
    """

    leas: list[str]
    level: Floats
    contrast: Floats | None
    students: Floats
    events: Floats
    rates: Floats
    groups: Any
    sexes: Any
    waves: Any

    def of(self, group: str) -> Floats:
        """Return which patterns are of a group; ``all`` for every pattern."""
        return np.ones(len(self.groups)) if group == "all" else (self.groups == group) * 1.0


def state_draws(saved: Saved, state: str) -> StateDraws:
    """Return the draws of one state's districts as arrays.

    Raises
    ------
    NotAvailable
        The fit has no district of that state.
    """
    if state not in saved.manifest["states"]:
        raise NotAvailable(
            f"Expected estimates for {state}; these are for {', '.join(saved.manifest['states'])}."
        )
    count = int(saved.manifest["draws"])
    frame = saved.draws(state).sort("lea", "draw")
    leas = frame["lea"].unique(maintain_order=True).to_list()
    level = frame["level"].to_numpy().astype(np.float64).reshape(len(leas), count).T
    contrast = None
    if "contrast" in frame.columns:
        contrast = frame["contrast"].to_numpy().astype(np.float64).reshape(len(leas), count).T
    patterns = saved.patterns.sort("draw", maintain_order=True)
    first = patterns.filter(pl.col("draw") == 0)
    eta = patterns["eta"].to_numpy().astype(np.float64).reshape(count, len(first))
    groups, sexes, waves = (first[name].to_numpy() for name in ("group", "sex", "wave"))
    marked = (groups == saved.manifest["contrast_of"]) | (sexes == saved.manifest["contrast_of"])
    students = np.zeros((len(leas), len(first)))
    events = np.zeros_like(students)
    row = {lea: at for at, lea in enumerate(leas)}
    column = {key: at for at, key in enumerate(zip(groups, sexes, waves, strict=True))}
    for lea, group, sex, wave, y, n in saved.cells.filter(pl.col("state") == state).select(
        "lea", "group", "sex", "wave", "events", "students"
    ).iter_rows():  # fmt: skip
        at = row[lea], column[group, sex, wave]
        students[at], events[at] = n, y
    rates = cell_rates(eta, level, contrast, marked * 1.0)
    return StateDraws(leas, level, contrast, students, events, rates, groups, sexes, waves)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the model says of one district.

    Attributes
    ----------
    lea, state, outcome, waves, spec
        What was estimated.
    students, events, students_of, events_of
        Counts behind it: in all, and by group.
    rate, rate_of
        Per 10,000 students: in all, and by group; None where there are no students of a group.
    ratio
        Times the rate of ``versus``; None where either group has no students.
    above
        Value to the probability that the ratio exceeds it.
    rank, districts
        Rank of the rate within the state, 1 for the highest, among so many.
    moved
        Share of the prior variance of the district's own contrast that its data take away, 0 to 1;
        None where the specification gives no contrast of its own.
    own
        Whether the district's data move its own contrast to speak of.
    """

    lea: str
    state: str
    outcome: str
    waves: tuple[str, ...]
    spec: str
    group: str
    versus: str
    students: int
    events: int
    students_of: dict[str, int]
    events_of: dict[str, int]
    rate: Interval | None
    rate_of: dict[str, Interval | None]
    ratio: Interval | None
    above: dict[str, float]
    rank: Interval | None
    districts: int
    moved: float | None
    own: bool

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def state_of(lea: str) -> str:
    """Return the postal code of a district id's state."""
    return POSTAL_OF_FIPS[lea.removeprefix("lea:")[:2]]


def estimate(
    saved: Saved, lea: str, *, group: str = "black", versus: str = "white",
    above: tuple[float, ...] = (1.0, 2.0), drawn: StateDraws | None = None,
) -> Estimate:  # fmt: skip
    """Return what a fit says of one district.

    Parameters
    ----------
    lea
        District id, as ``lea:4808940``.
    group, versus
        Groups that the ratio compares.
    above
        Values for which the probability that the ratio exceeds them is given.
    drawn
        The state's draws, if they are in the store.

    Raises
    ------
    NotAvailable
        The fit does not have the district, or not these groups.
    """
    state = state_of(lea)
    held = drawn or state_draws(saved, state)
    if lea not in held.leas:
        raise NotAvailable(f"{lea}: expected one of the {len(held.leas)} districts of the fit.")
    names = list(dict.fromkeys(str(one) for one in held.groups))
    for name in (group, versus):
        if name not in names:
            raise NotAvailable(f"group {name!r}: expected one of {', '.join(names)}.")
    j = held.leas.index(lea)
    risk = {name: _risk(held, j, held.of(name)) for name in ("all", *names)}
    ratio = None
    one, two = risk[group], risk[versus]
    if one is not None and two is not None:
        ratio = one / two
    counts = {name: held.of(name) for name in names}
    moved = _moved(saved, held, j)
    return Estimate(
        lea=lea, state=state, outcome=saved.manifest["outcome"],
        waves=tuple(saved.manifest["waves"]), spec=saved.manifest["spec"], group=group,
        versus=versus, students=int(held.students[j].sum()), events=int(held.events[j].sum()),
        students_of={name: int(held.students[j] @ at) for name, at in counts.items()},
        events_of={name: int(held.events[j] @ at) for name, at in counts.items()},
        rate=_per(risk["all"]), rate_of={name: _per(risk[name]) for name in names},
        ratio=None if ratio is None else interval(ratio),
        above={} if ratio is None else {f"{one:g}": float(np.mean(ratio > one)) for one in above},
        rank=_rank(held, j), districts=int((held.students.sum(axis=1) > 0).sum()),
        moved=moved, own=moved is not None and moved >= BARELY,
    )  # fmt: skip


def _risk(held: StateDraws, j: int, patterns: Floats) -> Floats | None:
    n = held.students[j : j + 1]
    if not (n @ patterns).sum():
        return None
    return pooled(held.rates[:, j : j + 1], n, patterns)[:, 0]


def _per(risk: Floats | None) -> Interval | None:
    return None if risk is None else interval(PER * risk)


def _rank(held: StateDraws, j: int) -> Interval | None:
    has = np.flatnonzero(held.students.sum(axis=1) > 0)
    if j not in has:
        return None
    every = pooled(held.rates[:, has], held.students[has], np.ones(len(held.groups)))
    return interval(ranks(every)[:, int(np.flatnonzero(has == j)[0])])


def _moved(saved: Saved, held: StateDraws, j: int) -> float | None:
    """Return the share of the contrast's prior variance that the data take away."""
    if held.contrast is None:
        return None
    prior = float((saved.parameters["sd_contrast"] ** 2).mean())  # type: ignore[arg-type]
    return float(np.clip(1.0 - held.contrast[:, j].var() / prior, 0.0, 1.0))
