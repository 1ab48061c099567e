"""Sentences of several outcomes: "arrested at three times and referred at twice the rate"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.forms import Form, forms, numbers_of_students
from homeroom.claims.grammar.patterns import patterns
from homeroom.claims.model import Statistic

_MOST = 4
"""Outcomes of a sentence; a longer list is asked about."""
_JOINS = re.compile(r",? (?:and|but|while|whereas|as well as|plus) |, ")
_IN_A_ROW = re.compile(
    r"(?:, (?:and )?| and | as well as )(?:(?:also|to be|be|are|were|get|got) )*"
)
_BARE = re.compile(
    r"\b(?P<n>\d+) (?=(?:were|was|got|had been|being) "
    r"(?:arrested|referred|suspended|expelled|restrained|secluded)\b)"
)
_OF_EACH = (Statistic.RATIO, Statistic.INDEX)
"""Statistics that a sentence may state once for several outcomes."""


@dataclass(frozen=True, slots=True)
class _Hull:
    """What belongs to one outcome: its words and its number, from the first to the last."""

    start: int
    end: int


def clauses(text: str) -> list[str]:
    """Return a text once for each outcome, the others taken out; nothing where it has only one.

    A number that stands alone takes the group named before: "71 Black students were arrested and
    90 were referred". "Arrested or referred" is not split: no one publishes who was either.
    """
    text = _named(text)
    spans = lexicon.outcome_spans(text)
    if not 2 <= len(spans) <= _MOST or len({span.measures for span in spans}) < len(spans):
        return []
    found = forms(text, counts=False)
    found = sorted([*found, *numbers_of_students(text, found)], key=lambda form: form.start)
    of_outcomes = [one for one in found if one.statistic is not Statistic.SHARE_OF_STUDENTS]
    if len(of_outcomes) == len(spans):
        return _apart(text, found, spans)
    if not found or (len(found) == 1 and found[0].statistic in _OF_EACH):
        return _of_each(text, spans)
    return []


def _named(text: str) -> str:
    """Say whom a bare number counts: those whom the number before it counts."""
    matches = list(_BARE.finditer(text))
    if not matches or len(lexicon.outcome_spans(text)) < 2:
        return text
    mentions = [one for one in lexicon.mentions(text) if one.start < matches[0].start()]
    who = text[mentions[-1].start : mentions[-1].end] if mentions else "students"
    noun = "" if re.search(rf"\b{patterns()['parts']['noun']}$", who) else " students"
    return _BARE.sub(rf"\g<n> {who}{noun} ", text)


def _apart(text: str, found: list[Form], spans: list[lexicon.Span]) -> list[str]:
    """Return a clause for each number with its outcome."""
    hulls, left = [], list(spans)
    for form in found:
        start, end = form.start, form.end
        if form.statistic is not Statistic.SHARE_OF_STUDENTS:
            span = left.pop(0)
            start, end = min(start, span.start), max(end, span.end)
        hulls.append(_Hull(_with_hedge(text, start), end))
    joins = []
    for one, other in pairwise(hulls):
        join = _JOINS.search(text, one.end, other.start + 1) if one.end <= other.start else None
        if join is None:
            return []
        joins.append(join)
    out = []
    for at in range(len(hulls)):
        before = text[: hulls[0].start] if at else text[: hulls[0].end]
        start = joins[at - 1].end() if at else hulls[0].end
        end = joins[at].start() if at < len(joins) else len(text)
        after = text[hulls[-1].end :] if at < len(joins) else ""
        out.append(re.sub(r" +", " ", f"{before} {text[start:end]}{after}").strip())
    return out if all(_one_each(clause) for clause in out) else []


def _with_hedge(text: str, start: int) -> int:
    """Return where the words begin that hedge or bound a number: "nearly", "more than"."""
    match = re.search(rf"(?:\b(?:{_around()}) (?:a |the |another )?)+$", text[:start])
    return match.start() if match else start


@cache
def _around() -> str:
    said = patterns()
    return "|".join(entry["says"] for kind in ("relations", "hedges") for entry in said[kind])


def _one_each(clause: str) -> bool:
    return len(forms(clause)) == 1 and len(lexicon.outcome_spans(clause)) <= 1


def _of_each(text: str, spans: list[lexicon.Span]) -> list[str]:
    """Return a clause for each outcome of a list that one comparison is about."""
    for one, other in pairwise(spans):
        if not _IN_A_ROW.fullmatch(text[one.end : other.start]):
            return []
    first, last = spans[0].start, spans[-1].end
    return [f"{text[:first]}{text[one.start : one.end]}{text[last:]}" for one in spans]
