"""Sentences that state a level for each of two places: "21 per 10,000 in Texas, 11 nationally"."""

from __future__ import annotations

import re

from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.forms import forms
from homeroom.claims.grammar.places import Finder, ids_of, places_in
from homeroom.claims.model import Statistic

_JOIN = re.compile(r",? (?:while|whereas|compared (?:with|to)|versus|vs\.?|against|but|and) ")
_LEVELS = (Statistic.RATE, Statistic.PERCENT, Statistic.ONE_IN, Statistic.COUNT)
_PER = re.compile(r" (?:per|for every|of every|out of every|in every|in) (?:each )?(\d{3,6})\b")


def clauses_by_place(text: str, sentence: str, finder: Finder | None) -> list[tuple[str, str]]:
    """Return a clause and a place id for each level; nothing where the sentence states no two.

    The second clause takes from the first what it leaves out: the outcome, the students, and what
    the number is for ("per 10,000").
    """
    if len(re.findall(r"\d", text)) < 2 or not _JOIN.search(text):
        return []
    named = places_in(text, sentence)
    if len(named) != 2:
        return []
    joins = list(_JOIN.finditer(text, named[0].start, named[1].start + 1))
    for join in joins:
        halves = [text[: join.start()], text[join.end() :]]
        first = forms(halves[0])
        if len(first) != 1 or first[0].statistic not in _LEVELS or not lexicon.outcomes(halves[0]):
            continue
        second = _completed(halves[1], halves[0])
        found = forms(second)
        if len(found) == 1 and found[0].statistic is first[0].statistic:
            return list(zip((halves[0], second), ids_of(named, finder), strict=True))
    return []


def _completed(clause: str, first: str) -> str:
    """Return the second clause with what it takes from the first."""
    per = _PER.search(first)
    if per and not forms(clause, counts=False):
        clause = re.sub(r"(?<![\d.])(\d+(?:\.\d+)?)(?![\d.])", rf"\1 per {per[1]}", clause, count=1)
    if not lexicon.outcomes(clause):
        span = lexicon.outcome_spans(first)[0]
        clause = f"{clause} {first[span.start : span.end]}"
    if not lexicon.mentions(clause):
        clause = " ".join([clause, *(first[m.start : m.end] for m in lexicon.mentions(first)[:1])])
    return clause
