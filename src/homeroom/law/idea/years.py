"""The flexibility of 34 CFR 300.647(d): years in a row above the threshold, and progress.

A State may wait with identifying an LEA until it exceeded the threshold for up to three prior
consecutive years, and, if the State also uses that part, until it failed to make reasonable
progress in each of the two prior consecutive years. The amount of progress is the State's to set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from homeroom.errors import BadInput
from homeroom.law.idea.counts import Counts
from homeroom.law.idea.ratio import Result, compared, exceeds, ratios
from homeroom.law.idea.settings import Settings

PARAGRAPH = "300.647(d)"


@dataclass(frozen=True, slots=True)
class OverYears:
    """What several years say together.

    Attributes
    ----------
    consecutive_years
        Years in a row above the threshold, the last one included; None where a year without a
        ratio lies among them and the State's setting for that is not known.
    failed_progress
        Whether progress failed in each of the last two years; None where it was not asked, or a
        ratio it needs is missing.
    identified
        None where it is not known.
    reason
        Why, in a sentence or two.
    """

    consecutive_years: int | None
    failed_progress: bool | None
    identified: bool | None
    reason: str


def flexibility(past: Sequence[Fraction | None], settings: Settings) -> OverYears:
    """Return whether a series of yearly ratios identifies an LEA.

    Parameters
    ----------
    past
        Exact ratios of one group and category, oldest first, this year last; None for a year in
        which none was calculated.
    settings
        The State's: threshold, years, progress, and what a year without a ratio does.

    Raises
    ------
    BadInput
        There is no year.
    """
    if not past:
        raise BadInput("expected the ratio of at least one year, found none.")
    above = [exceeds(ratio, settings) for ratio in past]
    if settings.threshold is None:
        return OverYears(None, None, None, "The State's threshold is not known.")
    if above[-1] is None:
        return OverYears(
            0, None, identified=False, reason="This year has no ratio, so it exceeds no threshold."
        )
    run = _run(above, settings)
    if run is None:
        reason = (
            "A year without a ratio lies among the years. Whether it breaks the run of years is "
            "for the State to set."
        )
        return OverYears(None, None, None, reason)
    if run < settings.years:
        reason = (
            f"Above the threshold for {run} of the {settings.years} consecutive years that the "
            "State waits for."
        )
        return OverYears(run, None, identified=False, reason=reason)
    reason = (
        f"Above the threshold for {run} consecutive years; the State waits for {settings.years}."
    )
    if settings.progress is None:
        return OverYears(run, None, identified=True, reason=reason)
    failed = _failed(past, settings)
    if failed is None:
        told = "Progress needs the ratios of three years in a row, and one is missing."
    elif failed:
        told = "Reasonable progress failed in each of the last two years."
    else:
        told = "Reasonable progress was made in at least one of the last two years."
    return OverYears(run, failed, failed, f"{reason} {told}")


def over_years(years: Sequence[Counts], settings: Settings) -> tuple[Result, ...]:
    """Return this year's results with what the years before add to them.

    Parameters
    ----------
    years
        Counts of one LEA in one category, oldest first, this year last. Groups are matched by
        name; a group that an earlier year lacks has no ratio in that year.
    settings
        The State's.

    Raises
    ------
    BadInput
        There is no year.
    """
    if not years:
        raise BadInput("expected the counts of at least one year, found none.")
    rows = [{one.group: one for one in ratios(year, settings)} for year in years]
    out = []
    for group, result in rows[-1].items():
        past = [row[group].ratio if group in row else None for row in rows]
        out.append(with_past(result, past))
    return tuple(out)


def with_past(result: Result, past: Sequence[Fraction | None]) -> Result:
    """Return a result of this year with its years in a row and whether it identifies.

    Parameters
    ----------
    result
        This year's.
    past
        Ratios, oldest first, this year's last.
    """
    settings = result.settings
    if result.ratio is None or settings.threshold is None:
        return result
    found = flexibility(past, settings)
    if settings.years == 1 and settings.progress is None:
        return replace(result, consecutive_years=found.consecutive_years)
    return replace(
        result,
        consecutive_years=found.consecutive_years,
        identified=found.identified,
        reason=f"{result.reason} {found.reason}" if result.exceeds else result.reason,
        paragraph=PARAGRAPH if result.exceeds else result.paragraph,
    )


def _run(above: Sequence[bool | None], settings: Settings) -> int | None:
    """Count years above the threshold back from the last; None where a gap leaves it open."""
    run = 0
    for at in reversed(range(len(above))):
        if above[at]:
            run += 1
        elif above[at] is False or settings.gap == "breaks":
            return run
        elif settings.gap is None:
            before = [year for year in above[:at] if year is not None]
            # Where nothing above the threshold lies before the gap, it does not matter.
            settled = not before or not before[-1] or run >= settings.years
            return run if settled else None
    return run


def _failed(past: Sequence[Fraction | None], settings: Settings) -> bool | None:
    """Return whether neither of the last two years fell by the State's amount at least."""
    progress = settings.progress
    if progress is None:
        return None
    known = [one for one in past if one is not None] if settings.gap == "bridges" else [*past]
    last = known[-3:]
    made = [
        None
        if before is None or after is None
        else compared(before, settings) - compared(after, settings) >= progress
        for before, after in pairwise(last)
    ]
    if any(made):
        return False
    return True if len(made) == 2 and None not in made else None
