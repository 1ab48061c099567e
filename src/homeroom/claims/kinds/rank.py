"""Claims of a state's rank among the states: "leads the nation in referrals"."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from homeroom.claims import wording as words_of
from homeroom.claims.checked import Checked
from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.account import check_all_read
from homeroom.claims.grammar.places import spelled_out, waves_of
from homeroom.claims.kinds.said import FIFTY, Said, asked
from homeroom.claims.model import Statistic
from homeroom.claims.statistics import values
from homeroom.claims.verdict import Verdict
from homeroom.claims.waves import DEFAULT
from homeroom.errors import Ambiguous
from homeroom.evidence.store import Store
from homeroom.figures.engine import evaluate
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES

_FIRST = (
    r"\b(?:leads?|led|tops?|topped) (?:the (?:nation|country|states)|all (?:other )?states)\b"
    r"|\branks? (?:1st|first|1|number 1|no\.? 1)\b(?: in the (?:nation|country))?"
    r"|\b(?:has|had|have|reported) the (?:nation's )?(?P<low>lowest|fewest)\b"
    r"|\b(?:has|had|have|reported) the (?:nation's )?(?:highest|most|largest|worst)\b"
    r"|\bmore (?:[a-z]+ ){1,6}than any other state\b"
    r"|\b(?:is|was) (?:ranked )?(?:1st|first|number 1)\b"
    r"|\bat the (?:nation's |country's )?(?:(?P<low2>lowest)|highest|worst) rates?\b"
)
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_NTH = rf"\d+|{'|'.join(_ORDINALS)}"
_PLACED = (
    rf"\brank(?:s|ed)? (?P<n>{_NTH})(?:st|nd|rd|th)?\b"
    rf"|\b(?:the )?(?P<nth>{_NTH})(?:st|nd|rd|th)?[- ](?:highest|most)\b"
)
_AROUND = (
    r"\b(?:more|nation|country|states?|other|highest|most|lowest|fewest|largest|worst|ranks?|ranked|in|"
    r"for|any|than|number|of|the|at|rates?|first|1st|2nd|3rd|\d+th|leads?|led|tops?|topped|reported|nation's)\b"
)


def check(store: Store, said: Said) -> Checked | None:
    """Check a rank; None where the sentence states none, or of no state."""
    match = re.search(_FIRST, said.text) or re.search(_PLACED, said.text)
    outcomes = lexicon.outcomes(said.text)
    if match is None or not outcomes or not said.place[0].startswith("US-"):
        return None
    if len(outcomes) > 1 or len(outcomes[0]) > 1:
        raise Ambiguous(
            "Which outcome is meant?", [MEASURES[one].label for many in outcomes for one in many]
        )
    named = [one for one in lexicon.mentions(said.text) if one.race not in ("others", "peers")]
    races = {one.token() for one in named if one.token() != "all"}
    if len(races) > 1:
        return None
    check_all_read(spelled_out(said.sentence), said.text, [], [_FIRST, _PLACED, _AROUND])
    waves, _ = waves_of(said.sentence)
    if len(waves) > 1:
        raise Ambiguous("Several years are named: which is meant?", waves)
    groups = match.groupdict()
    nth = groups.get("n") or groups.get("nth") or "1"
    wanted = _ORDINALS.get(nth) or int(nth)
    low = bool(groups.get("low") or groups.get("low2"))
    by_number = re.search(r"\b(?:most|fewest|number|more)\b", said.text) and not re.search(
        r"\brates?\b", said.text
    )
    statistic = Statistic.COUNT if by_number else Statistic.RATE
    question = Question(
        measure=outcomes[0][0], group=Group(next(iter(races), "all")), place=said.place[0],
        wave=waves[0] if waves else DEFAULT,
    )  # fmt: skip
    return _checked(store, said, question, statistic, wanted, low=low, open_wave=not waves)


def _checked(
    store: Store,
    said: Said,
    question: Question,
    statistic: Statistic,
    wanted: int,
    *,
    low: bool,
    open_wave: bool,
) -> Checked:
    places = [f"US-{postal}" for postal in FIFTY]
    found = evaluate(store, [replace(question, place=place) for place in places])
    numbers = values(statistic, found)[0]
    solid = np.asarray(found.whole & ~np.isnan(numbers), dtype=bool)
    doubtful = np.array([bool(kept) and found.figure(at).doubtful
                         for at, kept in enumerate(solid.tolist())], dtype=bool)  # fmt: skip
    at = places.index(question.place)
    ranked = solid & ~doubtful
    name = words_of.place(question.place)
    of = "number" if statistic is Statistic.COUNT else "rate"
    what = f"{of} of {MEASURES[question.measure].label.lower()}"
    if str(question.group) != "all":
        what += f" among {words_of.subject(question)}"
    asked_for = (
        f"Read as: the rank of {name} by its {what} among the states, {question.wave}; "
        f"stated: {wanted}{' from below' if low else ''}."
    )
    if open_wave:
        asked_for += f" No year is named: {question.wave} is taken."
    if not ranked[at]:
        return Checked(
            None, said.sentence, asked_for, float(wanted), None, Verdict.CANNOT,
            f"The {what} of {name} in {question.wave} is not known, or in doubt, so it has no "
            "rank: the claim cannot be tested with these data.",
            kind="rank", asked=_asked(question),
        )  # fmt: skip
    better = numbers < numbers[at] if low else numbers > numbers[at]
    rank = 1 + int((better & ranked).sum())
    many, left = int(ranked.sum()), len(places) - int(ranked.sum())
    first = int(np.nanargmin(np.where(ranked, numbers, np.nan)) if low
                else np.nanargmax(np.where(ranked, numbers, np.nan)))  # fmt: skip
    verdict = Verdict.HOLDS if rank == wanted else Verdict.NOT
    plainly = (
        f"By its {what}, {name} ranked {_ordinal(rank)}{' from below' if low else ''} of the "
        f"{many} states with a figure that we don't doubt in {question.wave}"
    )
    leader = f" {words_of.place(places[first])} ranked first." if rank != 1 else ""
    return Checked(
        None, said.sentence, asked_for, float(wanted), float(rank), verdict,
        f"{plainly}, according to the Civil Rights Data Collection {question.wave} of the US "
        f"Department of Education's Office for Civil Rights; {left} states are left out.{leader} "
        f"The claim says {_ordinal(wanted)}: "
        f"{'it holds.' if verdict is Verdict.HOLDS else 'it does not hold.'}",
        sources=[one for one in (found.figure(at).source,) if one], kind="rank",
        asked=_asked(question),
        say_instead=None if verdict is Verdict.HOLDS else f"{plainly}.",
    )  # fmt: skip


def _asked(question: Question) -> dict[str, object]:
    known = question.as_dict()
    return asked(None, "rank", None, **{name: str(known[name]) for name in (
        "measure", "group", "versus", "comparator", "place", "wave", "sex", "disability",
        "schools")})  # fmt: skip


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
