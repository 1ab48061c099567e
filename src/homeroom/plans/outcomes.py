"""What research says a plan changes, as ranges; what the plan assumes, marked as that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from homeroom.plans.actions import bridges
from homeroom.plans.baseline import GROUPS, Baseline
from homeroom.plans.costs import Row
from homeroom.plans.document import Assumption, Plan
from homeroom.plans.doses import Dose
from homeroom.plans.scope import Scope, scope
from homeroom.plans.sizes import (
    NO_RANGE,
    PREDICTION,
    PUBLISHED,
    Draws,
    Size,
    beside,
    carried,
    draw,
    levels_drawn,
    sizes,
)
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES

LOW, MIDDLE, HIGH = 0.025, 0.5, 0.975
_SHOOTINGS = "shootings"
_CENTURY = 100
"""Years over which shootings are told: in one year no plan has as many as can be read."""


NOT_TOUCHED, ASSUMED, MIXED = "not touched", "assumed", "no range published"
RANGES = {
    PREDICTION: "prediction interval for one district",
    PUBLISHED: "published interval of the studies' own means; for one district it is wider",
    NO_RANGE: MIXED,
}
"""What ``low`` and ``high`` are, by what the findings give."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A change against keeping things as they are, a year, once the plan works in full.

    Attributes
    ----------
    low, high
        None where no range was published: then ``median`` is a point, and no probability follows.
    range
        What low and high are.
    scope
        For whom the change is told; None for a slider.
    beside
        Other findings on the same question, whatever they find.
    """

    outcome: str
    group: str
    low: float | None
    median: float
    high: float | None
    basis: str
    rows: tuple[Row, ...] = ()
    range: str = ""
    scope: Scope | None = None
    beside: tuple[str, ...] = ()

    @property
    def touched(self) -> bool:
        """Whether the plan changes anything that the outcome is about."""
        return self.range != NOT_TOUCHED

    def as_dict(self) -> dict[str, object]:
        """Return the fields of the contract."""
        return {
            "outcome": self.outcome,
            "group": self.group,
            "low": self.low,
            "median": self.median,
            "high": self.high,
            "basis": self.basis,
            "range": self.range,
            "population": None if self.scope is None else self.scope.as_dict(),
            "beside": list(self.beside),
        }


@dataclass(slots=True)
class Total:
    """One outcome, actions added up: draws by group, and where they come from."""

    draws: dict[str, Draws]
    words: list[str]
    rows: list[Row]
    kinds: list[str]
    """What each part gives; one without a range leaves the sum without one."""
    scope: Scope | None = None
    beside: list[str] = field(default_factory=list)

    @property
    def ranged(self) -> bool:
        """Whether every part publishes a range, so that a probability may be told."""
        return bool(self.kinds) and NO_RANGE not in self.kinds

    @property
    def kind(self) -> str:
        """What low and high are, by the weakest part."""
        for one in (NO_RANGE, ASSUMED, PUBLISHED, PREDICTION):
            if one in self.kinds:
                return RANGES.get(one, ASSUMED)
        return NOT_TOUCHED


def outcomes(
    plan: Plan, base: Baseline, dose: dict[str, Dose], seed: int, draws: int
) -> list[Outcome]:
    """Return every outcome with a usable size, and every slider, by group."""
    sums = totals(plan, base, dose, seed, draws)
    return [made for label, total in sums.items() for made in _told(label, total)]


def totals(
    plan: Plan, base: Baseline, dose: dict[str, Dose], seed: int, draws: int
) -> dict[str, Total]:
    """Return the draws behind every outcome, by its label."""
    sums: dict[str, Total] = {}
    for action, amount in dose.items():
        found = sizes(action, include_unverified=plan.include_unverified)
        for (outcome, label), group in found.items():
            level = levels_drawn(seed, f"{'/'.join(_about(action))}:{outcome}:{label}", draws)
            if group[0].count:
                _add_counts(sums, label, action, amount, group, base, level)
            else:
                _add_points(sums, label, action, amount, group, base, level)
    for one in plan.assumptions:
        _add_assumption(sums, one, dose[one.action], base, seed, draws)
    return sums


def _about(action: str) -> tuple[str, ...]:
    return bridges().actions[action].interventions


def _by_level(group: list[Size], level: str) -> list[Size]:
    """Return the sizes that speak for a level: those about it, else those about every level."""
    return [one for one in group if one.level == level] or [
        one for one in group if one.level is None
    ]


def _add_counts(
    sums: dict[str, Total],
    label: str,
    action: str,
    dose: Dose,
    group: list[Size],
    base: Baseline,
    level: Draws,
) -> None:
    """Apply a size to the counts of the schools that it speaks for."""
    count = group[0].count
    if count is None or any(measure not in base.counts for measure in count.measures):
        return
    before = {
        name: np.sum([base.counts[measure][name] for measure in count.measures], axis=0)
        for name in GROUPS
        if all(name in base.counts[measure] for measure in count.measures)
    }
    total = _entry(sums, label, tuple(before), level.shape[1])
    known = np.isfinite(before[ALL]) & base.enrolled
    reached = np.zeros(len(dose), dtype=bool)
    for kind in sorted(set(base.level)):
        speaking = _by_level(group, kind)
        here = np.array([one == kind for one in base.level]) & (dose != 0) & known
        if not speaking or not here.any():
            continue
        reached |= here
        value = draw(speaking, level)
        change = _relative(value, dose[here], before[ALL][here], base.students[here], speaking[0])
        for name, counted in before.items():
            total.draws[name] = total.draws[name] + np.nan_to_num(counted[here]) @ change
    where = _scope(base, reached, group)
    total.scope = total.scope or where
    if reached.any():
        total.kinds.append(carried(group).kind)
    said = _said(
        action, dose, group, f"{int(reached.sum())} of {int((dose != 0).sum())} schools changed"
    )
    _note(total, f"{said}; {where.sentence}{_doubted(base, count.measures)}", group, action)


def _scope(base: Baseline, reached: NDArray[np.bool_], group: list[Size]) -> Scope:
    spoken = np.array([bool(_by_level(group, kind)) for kind in base.level])
    levels = {size.level for size in group}
    told = () if None in levels else tuple(sorted(str(level) for level in levels))
    return scope(base, reached, spoken, told)


def _doubted(base: Baseline, measures: Sequence[str]) -> str:
    """Return what to say after a change that is a share of a count we doubt."""
    told = [one.sentence for one in base.doubtful(*measures) if one.sentence]
    return f"; a share of counts that we doubt. {' '.join(told)}".rstrip(".") if told else ""


def _relative(
    value: Draws, dose: Dose, before: NDArray[np.float64], students: NDArray[np.int64], size: Size
) -> NDArray[np.float64]:
    """Return each school's relative change by draw; never below -1, a count cannot turn negative.

    A factor is taken backwards where a thing is taken away. Points are points of all students,
    and become a share of the school's count, the same for every group.
    """
    if size.relative:
        forward, back = value - 1, 1 / np.maximum(value, 1e-9) - 1
    else:
        forward, back = value / 100, -value / 100
    part = np.where(dose[:, None] >= 0, dose[:, None] * forward, -dose[:, None] * back)
    if not size.relative:
        part = part * (students / np.where(before > 0, before, np.inf))[:, None]
    return np.maximum(part, -1.0)


def _add_points(
    sums: dict[str, Total],
    label: str,
    action: str,
    dose: Dose,
    group: list[Size],
    base: Baseline,
    level: Draws,
) -> None:
    """Tell a size in its own unit, over all students that it speaks for, reached or not."""
    spoken = np.array([bool(_by_level(group, kind)) for kind in base.level]) & (base.students > 0)
    here = spoken & (dose != 0)
    if not here.any():
        return
    where = _scope(base, here, group)
    total = _entry(sums, label, (ALL,), level.shape[1])
    weight = base.students[here] / base.students[spoken].sum()
    value = draw(group, level)
    size = group[0]
    if size.relative:
        change = 100 * weight @ _relative(value, dose[here], dose[here], base.students[here], size)
    else:
        change = (weight @ dose[here]) * value
    total.draws[ALL] = total.draws[ALL] + change
    total.scope = total.scope or where
    total.kinds.append(carried(group).kind)
    inside = where.share_spoken
    only = float(np.median(change)) / inside if inside else 0.0
    whole = float(np.median(change)) * where.spoken[1] / where.district[1]
    told = (
        f"over all the district's {where.spoken[1]:,} {where.spoken_label}; in the schools that "
        f"change alone {only:+.2f}, over the whole district {whole:+.2f}"
    )
    _note(total, f"{_said(action, dose, group, told)}; {where.sentence}", group, action)


def _add_assumption(
    sums: dict[str, Total], one: Assumption, dose: Dose, base: Baseline, seed: int, draws: int
) -> None:
    """Apply a slider: the plan's own percent, at a dose of one."""
    level = levels_drawn(seed, f"slider:{one.action}:{one.outcome}", draws)[2]
    per_cent = np.interp(level, [0, 0.5, 1], [one.low, one.central, one.high])
    dosed = np.abs(dose)
    if one.outcome == _SHOOTINGS:
        rate = base.shooting_rate or 0.0
        before = {ALL: np.full(len(dose), rate * _CENTURY)}
        label = f"shootings in {_CENTURY} years (assumed)"
        more = f"; base rate {rate:.6f} a school and year, the country's, not the place's"
    else:
        before = dict(base.counts.get(one.outcome, {}))
        label = f"{MEASURES[one.outcome].label.lower()} (assumed)"
        more = _doubted(base, (one.outcome,))
    if not before:
        return
    total = _entry(sums, label, tuple(before), draws)
    for name, counted in before.items():
        total.draws[name] = total.draws[name] + (np.nan_to_num(counted) @ dosed) * per_cent / 100
    total.kinds.append(ASSUMED)
    total.words.append(
        f"an assumption of the plan, not research: {one.action} change it by {one.low:g} to "
        f"{one.high:g} percent (central {one.central:g}){more}"
    )


def _entry(sums: dict[str, Total], label: str, groups: tuple[str, ...], draws: int) -> Total:
    return sums.setdefault(label, Total({name: np.zeros(draws) for name in groups}, [], [], []))


def _said(action: str, dose: Dose, group: list[Size], where: str) -> str:
    away = (dose < 0).any()
    reverse = ", an ending taken as the reverse of having" if away else ""
    sources = "; ".join(size.words for size in group)
    return (
        f"{bridges().actions[action].label}, {where}{reverse}, in proportion to the dose: {sources}"
    )


def _note(total: Total, words: str, group: list[Size], action: str) -> None:
    given = carried(group)
    if given.points:
        ids = ", ".join(size.effect.effect_id for size in given.points)
        words += f"; not drawn from, since no range is published: {ids}"
    if words not in total.words:
        total.words.append(words)
    total.rows += [size.row for size in group if size.row not in total.rows]
    for told in beside(action, group[0].effect.outcome, given.used):
        if told not in total.beside:
            total.beside.append(told)


def _told(label: str, total: Total) -> list[Outcome]:
    basis = " + ".join(total.words)
    made = []
    for group, values in total.draws.items():
        low, middle, high = np.quantile(values, [LOW, MIDDLE, HIGH], method="inverted_cdf")
        note = basis
        if group != ALL and not label.endswith("(assumed)"):
            note += "; the same share for every group, since no usable size is by group"
        touched = bool(total.kinds)
        point = touched and not total.ranged
        made.append(
            Outcome(
                label, group, None if point else _tidy(low), _tidy(middle),
                None if point else _tidy(high), note, tuple(total.rows), total.kind, total.scope,
                tuple(total.beside),
            )
        )  # fmt: skip
    return made


def _tidy(value: float) -> float:
    """Return four decimals, and no minus before a zero."""
    return round(float(value), 4) + 0.0
