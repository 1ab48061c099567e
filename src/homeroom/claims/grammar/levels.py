"""Claims of a change that state both levels: "rose from 51,780 in 2015-16 to 54,321 in 2017-18"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeroom.claims.grammar.forms import Form
from homeroom.claims.grammar.numbers import step_of
from homeroom.claims.grammar.patterns import patterns
from homeroom.claims.model import Statistic
from homeroom.errors import Ambiguous


@dataclass(frozen=True, slots=True)
class Level:
    """A number that a claim states for one of its years."""

    form: Form
    wave: str


def levels(text: str, waves: list[str]) -> list[Level]:
    """Return the earlier and the later level of a sentence; none where it states no two levels.

    Raises
    ------
    Ambiguous
        Levels without their two years, or a direction that the numbers contradict.
    """
    match = re.search(patterns()["levels"], text)
    if match is None:
        return []
    if len(waves) != 2:
        raise Ambiguous(
            "Two numbers are stated: for which two years?",
            ["from 51,780 in 2015-16 to 54,321 in 2017-18"],
        )
    before, after = float(match["a"]), float(match["b"])
    if (after > before) != bool(match["rises"]):
        raise Ambiguous(
            "The words say that the number "
            f"{'rose' if match['rises'] else 'fell'}, but the figures do not: which is meant?",
            [f"from {match['a']} to {match['b']}", f"from {match['b']} to {match['a']}"],
        )
    statistic, scale = Statistic.COUNT, 1.0
    if match["per"]:
        statistic, scale = Statistic.RATE, 10_000 / float(match["per"])
    return [
        Level(
            Form(
                match.start(),
                match.end(),
                statistic,
                float(number) * scale,
                step_of(number) * scale,
            ),
            wave,
        )
        for number, wave in ((match["a"], min(waves)), (match["b"], max(waves)))
    ]
