"""Claims about Federal dollars, held against the figures by program and year that were read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from homeroom.claims.checked import Checked
from homeroom.claims.grammar.forms import Form, related
from homeroom.claims.grammar.numbers import shown, step_of
from homeroom.claims.kinds.said import Said, asked, reading_of
from homeroom.claims.kinds.words import words
from homeroom.claims.model import RELATION_WORDS, Reading, Relation, Statistic, give_of
from homeroom.claims.tolerance import is_close, reaches
from homeroom.claims.verdict import Verdict
from homeroom.context.federal_money import NOTE, Line, lines
from homeroom.evidence.store import Store
from homeroom.figures.question import Question

_DOLLARS = re.compile(r"\$ ?(?P<n>\d+(?:\.\d+)?)|(?P<n2>\d+(?:\.\d+)?) dollars")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_COUNTED = ("awards count", "rule", "status")


def check(_store: Store, said: Said) -> Checked | None:
    """Check a sum of a program; None where the sentence names none whose figures were read."""
    match = _DOLLARS.search(said.text)
    if match is None:
        return None
    for entry in words()["money"]:
        if re.search(entry["says"], said.text):
            found = [one for one in lines() if _of(one, entry)]
            return _checked(said, match, entry["name"], found)
    return None


def _of(line: Line, entry: dict[str, str]) -> bool:
    if line.dollars is None or line.measure in _COUNTED:
        return False
    text = f"{line.program} | {line.measure} | {line.fact}"
    return re.search(entry["lines"], text) is not None


def _checked(said: Said, match: re.Match[str], name: str, found: list[Line]) -> Checked:
    number = match["n"] or match["n2"]
    form = related(
        said.text,
        Form(match.start(), match.end(), Statistic.COUNT, float(number), step_of(number),
             give=give_of(float(number))),
    )  # fmt: skip
    reading = reading_of(form, Question(measure="enrollment"))
    years = _YEAR.findall(said.text)
    total = re.search(words()["money_totals"], said.text) is not None
    asked_of = [one for one in found if not years or any(year in one.year for year in years)]
    met = [one for one in asked_of if bool(reaches(reading, one.dollars))]
    verdict = _verdict(reading, asked_of, met, total=total)
    told = met[:3] if met else asked_of[:4] or found[-3:]
    stated = f"{_relation(reading)}{_dollars(reading.stated)}"
    end = {
        Verdict.HOLDS: "it holds.", Verdict.NOT: "it does not hold.",
        Verdict.CLOSE: "that is close, but not it.",
        Verdict.SOME: "it holds for the figure named first, and not for every year and measure.",
    }.get(verdict) or (
        "it cannot be tested with these figures, which cover single years and programs."
    )  # fmt: skip
    value = met[0].dollars if met else told[0].dollars if len(asked_of) == 1 and told else None
    return Checked(
        None, said.sentence, f"Read as: Federal dollars of {name}; stated: {stated}.",
        reading.stated, value, verdict,
        f"Figures read of {name}: {'; '.join(map(_line, told))}. The claim says {stated}: {end} "
        f"{NOTE}",
        sources=list(dict.fromkeys(f"{one.source} {one.url}".strip() for one in told)),
        kind="federal_money",
        asked=asked(reading, "dollars", value, measure="federal_money", wave=""),
        say_instead=f"{_line(told[0])[0].upper()}{_line(told[0])[1:]}."
        if verdict in (Verdict.NOT, Verdict.CLOSE) and told else None,
        elsewhere=_elsewhere() if verdict is Verdict.CANNOT else None,
    )  # fmt: skip


def _verdict(
    reading: Reading, asked_of: list[Line], met: Iterable[Line], *, total: bool
) -> Verdict:
    """Judge a sum: lines of different measures are never added, so a total over years is open."""
    met = list(met)
    if total and not any("to date" in one.measure for one in met):
        return Verdict.CANNOT
    if met:
        return Verdict.HOLDS if len({one.year for one in asked_of}) == 1 else Verdict.SOME
    if len({one.year for one in asked_of}) != 1:
        return Verdict.CANNOT
    near = any(one.dollars and is_close(reading, one.dollars) for one in asked_of)
    return Verdict.CLOSE if near else Verdict.NOT


def _relation(reading: Reading) -> str:
    if reading.relation is not Relation.ABOUT:
        return f"{RELATION_WORDS[reading.relation]} "
    return f"{reading.hedge} " if reading.hedge else ""


def _dollars(value: float) -> str:
    if value >= 1e9:
        return f"${shown(round(value / 1e9, 2))} billion"
    return f"${shown(round(value / 1e6, 1))} million" if value >= 1e6 else f"${value:,.0f}"


def _line(line: Line) -> str:
    what = line.measure_label if line.measure != "event" else "as reported"
    fact = f" ({line.fact.rstrip('.')})" if line.fact and line.measure != "event" else ""
    told = f": {line.fact.rstrip('.')}" if line.measure == "event" else ""
    return f"{line.program}, {line.year}: {_dollars(line.dollars or 0)}, {what}{fact}{told}"


def _elsewhere() -> str:
    entries = words()["elsewhere"]
    return " ".join(next(one["where"] for one in entries if one["kind"] == "federal_money").split())
