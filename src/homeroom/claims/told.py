"""What is said of a claim's figure: figure, scope, doubt, verdict, and what to say instead."""

from __future__ import annotations

import numpy as np

from homeroom.claims import wording as words
from homeroom.claims.checked import finite
from homeroom.claims.model import Reading, Statistic
from homeroom.claims.multiverse import Found, LeftOut, Multiverse
from homeroom.claims.sentences import plainly, sentence
from homeroom.claims.statistics import CHANGES, of_counts
from homeroom.claims.tolerance import Miss, miss, reaches
from homeroom.claims.verdict import Verdict
from homeroom.claims.wording import number
from homeroom.evidence.place_ids import place_range
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.vocabulary.waves import breaks_between

_POINTS = (
    Statistic.SHARE, Statistic.SHARE_OF_STUDENTS, Statistic.POINTS, Statistic.OVER_SHARE,
    Statistic.CHANGE_COUNT, Statistic.CHANGE_RATE, Statistic.PERCENT,
)  # fmt: skip


def told(
    found: Multiverse,
    stated: Figure,
    screened: Found | None,
    verdict: Verdict,
    names: dict[str, str],
) -> str:
    """Return figure, scope, doubt, and verdict, in this order."""
    reading, value = found.reading, finite(found.values[0, 0])
    if value is None:
        out = [stated.explanation or "There is no figure."]
        if stated.note and not stated.whole:
            out.append(f"{stated.note}.")
    else:
        twin = (screened.figure, screened.value) if screened else None
        out = [sentence(reading, stated, value, names, twin)]
        divided = not of_counts(reading) or stated.reason == "few_events"
        if stated.reason and stated.explanation and divided:
            out.append(stated.explanation)
        out += _since(found, stated)
    out.append(f"The claim says {words.stated(reading)}: {_end(found, stated, verdict, names)}")
    if verdict is not Verdict.CANNOT:
        out += _left_out(found.left_out)
    return " ".join(out)


def instead(
    found: Multiverse, stated: Figure, verdict: Verdict, names: dict[str, str]
) -> str | None:
    """Return the sentence that the figure supports, where the claim's own isn't met."""
    value = finite(found.values[0, 0])
    if verdict in (Verdict.HOLDS, Verdict.CANNOT) or value is None:
        return None
    if not stated.whole or stated.reason or bool(reaches(found.reading, value)):
        return None
    return plainly(found.reading, stated, value, names)


def _end(found: Multiverse, stated: Figure, verdict: Verdict, names: dict[str, str]) -> str:
    missed = miss(found.reading, finite(found.values[0, 0]))
    much = by_how_much(missed, found.reading) if missed else ""
    if verdict is Verdict.HOLDS:
        return "it holds."
    if verdict is Verdict.CLOSE:
        return f"that is close, but {much}."
    if verdict is Verdict.SOME:
        return f"it does not hold so, but it holds {_where_it_holds(found, names)}."
    if verdict is Verdict.CANNOT:
        return f"it cannot be tested with these data{_why_not(found, stated)}."
    return f"it does not hold{f'; {much}' if much and not _directional(found.reading) else ''}."


def _directional(reading: Reading) -> bool:
    """Return whether a claim states a direction and no number to be off by."""
    return reading.stated == reading.base and reading.step == 0


def by_how_much(missed: Miss, reading: Reading) -> str:
    """Return by how much a claim overstates or understates, in words."""
    said = "it overstates" if missed.overstates else "it understates"
    if reading.statistic in _POINTS:
        return f"{said} the figure by {number(missed.by, 0.1)} percentage points"
    if missed.share is None or missed.share > 1:
        return f"{said} the figure"
    return f"{said} the figure by {number(100 * missed.share, 1)} percent"


def _where_it_holds(found: Multiverse, names: dict[str, str]) -> str:
    """Return the first definition that fits and under which the claim holds."""
    numbers = found.values[:, 0]
    counts = found.mask("fits") & found.solid & ~np.isnan(numbers)
    met = np.flatnonzero(counts & np.asarray(reaches(found.reading, numbers), dtype=bool))
    first = min(met.tolist(), key=lambda at: len(found.definitions[at].changes))
    one, q = found.definitions[first].question, found.reading.question
    said = f"{number(float(numbers[first]), found.reading.step)}"
    changed = set(found.definitions[first].changes)
    if changed <= {"wave"}:
        return f"in {one.wave}, with {said}"
    if changed <= {"wave", "group"} and one.group != q.group:
        return f"for {words.group(str(one.group), one)} in {one.wave}, with {said}"
    meant = words.definition(one, names)
    return f"under another definition that fits its words, with {said} ({meant})"


def _since(found: Multiverse, stated: Figure) -> list[str]:
    """Return what a change must be read with: the earlier figure's scope, and breaks between."""
    reading = found.reading
    if found.earlier is None or reading.statistic not in CHANGES:
        return []
    before, q = found.earlier.figure(0), reading.question
    out = [f"{reading.earlier}: {before.note}."] if before.note else []
    tabled = {stated.basis, before.basis} == {"state_table"}
    return [*out, *breaks_between(reading.earlier, q.wave, q.measure, table=tabled)]


def _why_not(found: Multiverse, stated: Figure) -> str:
    """Return why no definition decides: a part of the place, doubts, or too few events."""
    if stated.value is None:
        return ""
    left, q = found.left_out, stated.question
    if not stated.whole:
        area = place_range(q.place)
        said = wording.scope(stated.universe, stated.coverage, wording.whole_of(area), q.policy)
        return f", which don't cover {wording.whole_of(area)}: {said}"
    if left.doubtful:
        return ", since the answer hangs on figures that we doubt"
    return ""


def _left_out(left: LeftOut) -> list[str]:
    reasons = (
        (left.doubtful, "its figure is in doubt", "their figures are in doubt"),
        (left.partial, "it covers only a part of the place", "they cover only a part of the place"),
    )
    return [
        f"{number} more definition{'s' if number > 1 else ''} that fit{'' if number > 1 else 's'} "
        f"its words {'are' if number > 1 else 'is'} left out because "
        f"{several if number > 1 else one}."
        for number, one, several in reasons
        if number
    ]
