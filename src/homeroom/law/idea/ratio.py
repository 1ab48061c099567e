"""Risk, risk ratio, and alternate risk ratio of each group, exact, with the reason of each.

34 CFR 300.647: (a) defines the risks and ratios, (b)(3) to (b)(5) say which to calculate, (c) when
a State need not. A ratio exceeds only if it is greater than the threshold, which is decided in
integers: ``g * on * q > p * n * og`` for a threshold p/q, children g of n, and og of on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from homeroom.law.idea.counts import Counts
from homeroom.law.idea.settings import Settings

RISK_RATIO, ALTERNATE, NOT_CALCULATED = "risk_ratio", "alternate_risk_ratio", "not_calculated"
_WHERE = {"lea": "the LEA", "state": "the State"}


@dataclass(frozen=True, slots=True)
class Result:
    """The calculation for one group of one LEA in one category.

    Attributes
    ----------
    cell, n
        Children of the group with the outcome, and children of the group.
    other_cell, other_n
        The same of the comparison group that ``comparison`` names.
    comparison
        ``lea``: everyone else in the LEA; ``state``: everyone else in the State.
    ratio
        Exact; None where none is calculated.
    method
        ``risk_ratio``, ``alternate_risk_ratio``, or ``not_calculated``.
    reason, paragraph
        Why, and where the rule says so.
    exceeds
        Whether the ratio is above the threshold; None where there is no ratio or no threshold.
    consecutive_years
        Years in a row above the threshold, this one included; None where not known.
    identified
        Whether the State's settings identify the LEA by this result; None where not known.
    """

    counts: Counts
    settings: Settings
    group: str
    cell: int
    n: int
    other_cell: int
    other_n: int
    comparison: str
    ratio: Fraction | None
    method: str
    reason: str
    paragraph: str
    exceeds: bool | None
    consecutive_years: int | None
    identified: bool | None

    @property
    def risk(self) -> Fraction | None:
        """Children with the outcome over children of the group; above 1 for removals perhaps."""
        return Fraction(self.cell, self.n) if self.n else None

    @property
    def comparison_risk(self) -> Fraction | None:
        """The same of the comparison group."""
        return Fraction(self.other_cell, self.other_n) if self.other_n else None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values: risks and ratio as the nearest floats, unrounded."""
        about = self.counts.category
        threshold = self.settings.threshold
        return {
            "lea": self.counts.lea,
            "category": about.id if about else None,
            "group": self.group,
            "cell": self.cell,
            "n": self.n,
            "comparison": self.comparison,
            "risk": _float(self.risk),
            "comparison_risk": _float(self.comparison_risk),
            "ratio": _float(self.ratio),
            "method": self.method,
            "reason": self.reason,
            "paragraph": self.paragraph,
            "threshold": _float(threshold),
            "exceeds": self.exceeds,
            "consecutive_years": self.consecutive_years,
            "identified": self.identified,
        }


def ratios(counts: Counts, settings: Settings) -> tuple[Result, ...]:
    """Return the calculation for every group, for one year.

    Parameters
    ----------
    counts
        Of one LEA in one category.
    settings
        The State's. With more than one year, see :func:`homeroom.law.idea.years.over_years`.
    """
    return tuple(_one(counts, settings, at) for at in range(len(counts.groups)))


def exceeds(ratio: Fraction | None, settings: Settings) -> bool | None:
    """Return whether a ratio is above the threshold; None where either is not known.

    Parameters
    ----------
    ratio
        Exact.
    settings
        Of which the threshold counts, and to how many decimals the State rounds first, if it does.
    """
    if ratio is None or settings.threshold is None:
        return None
    return compared(ratio, settings) > settings.threshold


def compared(ratio: Fraction, settings: Settings) -> Fraction:
    """Return the ratio that the State compares: the exact one unless the State rounds, half up."""
    if settings.round_to is None:
        return ratio
    scale = 10**settings.round_to
    return Fraction(
        (2 * ratio.numerator * scale + ratio.denominator) // (2 * ratio.denominator), scale
    )


@dataclass(frozen=True, slots=True)
class _Decision:
    """Which calculation the rule asks for, against whom, and why."""

    comparison: str
    other: tuple[int, int]
    method: str
    reason: str
    paragraph: str


def _one(counts: Counts, settings: Settings, at: int) -> Result:
    cell, n = counts.numerator[at], counts.denominator[at]
    made = _decide(counts, settings, at)
    ratio = None
    if made.method != NOT_CALCULATED:
        ratio = Fraction(cell * made.other[1], n * made.other[0])
    above = exceeds(ratio, settings)
    known = settings.threshold is not None
    return Result(
        counts, settings, counts.groups[at], cell, n, *made.other, made.comparison, ratio,
        made.method, made.reason, made.paragraph, above,
        consecutive_years=int(bool(above)) if known else None,
        identified=_identified(above, made.paragraph, settings),
    )  # fmt: skip


def _decide(counts: Counts, settings: Settings, at: int) -> _Decision:
    cell, n = counts.numerator[at], counts.denominator[at]
    lea = (sum(counts.numerator) - cell, sum(counts.denominator) - n)
    minima, other_minima = settings.minima[:2], settings.minima[2:]
    if short := _short((cell, n), minima, "the group"):
        return _Decision("lea", lea, NOT_CALCULATED, short, "300.647(c)(1)")
    short = _short(lea, other_minima, "everyone else in the LEA")
    if not short:
        return _divisible(counts, n, _Decision("lea", lea, RISK_RATIO, "", _calculated_by(counts)))
    if not counts.has_state:
        reason = f"{short} The alternate ratio needs the State's counts, which were not given."
        return _Decision("state", (0, 0), NOT_CALCULATED, reason, "300.647(b)(5)")
    state = (
        sum(counts.state_numerator) - counts.state_numerator[at],
        sum(counts.state_denominator) - counts.state_denominator[at],
    )
    if too := _short(state, other_minima, "everyone else in the State"):
        return _Decision("state", state, NOT_CALCULATED, f"{short} {too}", "300.647(c)(2)")
    return _divisible(counts, n, _Decision("state", state, ALTERNATE, short, "300.647(b)(5)"))


def _divisible(counts: Counts, n: int, made: _Decision) -> _Decision:
    """Say why a ratio is calculated, or why it is undefined, which minima of 0 allow."""
    where, (cell, others) = _WHERE[made.comparison], made.other
    undefined = ""
    if not n:
        undefined = "there are no children of the group."
    elif not others:
        undefined = f"there are no other children in {where}."
    elif not cell:
        undefined = f"no other child in {where} had the outcome; nothing divides by a risk of 0."
    if undefined:
        reason = f"{made.reason} Undefined: {undefined}".strip()
        return replace(made, method=NOT_CALCULATED, reason=reason, paragraph="300.647(a)")
    what = "children" if counts.category is None else counts.category.counts
    reason = f"{made.reason} Both sides have enough {what}; compared with everyone else in {where}."
    return replace(made, reason=reason.strip())


def _calculated_by(counts: Counts) -> str:
    """Cite the paragraph that asks for the plain ratio, which differs by category."""
    if counts.category is None:
        return "300.647(b)(3)-(4)"
    return counts.category.paragraph


def _short(have: tuple[int, int], least: tuple[int, ...], who: str) -> str:
    """Say which minimum a side does not meet; to equal the minimum is to meet it."""
    lacks = [
        f"{what} of {have[at]} is below the minimum of {least[at]}"
        for at, what in enumerate(("a cell", "an n"))
        if have[at] < least[at]
    ]
    return f"For {who}, {' and '.join(lacks)}." if lacks else ""


def _identified(above: bool | None, paragraph: str, settings: Settings) -> bool | None:  # noqa: FBT001
    """Return what one year alone settles: a no always, a yes where one year is enough."""
    if above is None:
        excepted = paragraph.startswith("300.647(c)") and settings.threshold is not None
        return False if excepted else None
    if settings.years == 1 and settings.progress is None:
        return above
    return None if above else False


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
