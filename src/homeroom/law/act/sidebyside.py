"""The text of a bill beside our rules: what it confirms, contradicts, and leaves open.

Only what a plain search can show is claimed. A number of days, an amount or a list of words that
stands in the passage confirms a rule; another number contradicts it; everything else is left
open for a reader, with the passages beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from homeroom.errors import BadInput
from homeroom.law.act.parameters import Act, Bill, TextStatus, load_act
from homeroom.law.act.uses import load_lexicon, match, words
from homeroom.law.logic import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeroom.law.act.billxml import BillText, Passage
    from homeroom.law.act.parameters import Find, Provision, Value

CONFIRMS, CONTRADICTS, OPEN = "confirms", "contradicts", "leaves open"
BARS = re.compile(
    r"\b(?:may|shall|must) not\b|\bno\b[^.;]{0,40}\bfunds\b|\bnone of the\b"
    r"|\bprohibit|\blimitation",
    re.IGNORECASE,
)
ALLOWS = re.compile(r"\b(?:shall|may|must) (?:also )?(?:be )?use", re.IGNORECASE)
DAYS = re.compile(r"\b(\d+|thirty|sixty|ninety)[ -](?:calendar )?days?\b", re.IGNORECASE)
SPELT = {"thirty": 30, "sixty": 60, "ninety": 90}
MONEY = re.compile(r"\$([\d,]+)")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One rule beside the passages of the text that speak of it."""

    provision: Provision
    value: Value
    mark: str
    reason: str
    passages: tuple[Passage, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the comparison as plain values."""
        return {
            "rule": self.provision.id,
            "title": self.provision.title,
            "value": plain(self.value.content),
            "text_status": str(self.value.text_status),
            "source": self.value.source,
            "mark": self.mark,
            "reason": self.reason,
            "passages": [
                {"section": one.path, "header": one.header, "text": one.text}
                for one in self.passages
            ],
        }


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A bill's text compared with the rules of one version."""

    bill: Bill
    text: BillText
    rows: tuple[Comparison, ...]
    warning: str

    def as_dict(self) -> dict[str, object]:
        """Return the comparison as plain values."""
        return {
            "notice": self.bill.notice,
            "version": self.bill.id,
            "status": self.bill.status,
            "text": {
                "number": self.text.number,
                "congress": self.text.congress,
                "date": self.text.date,
                "title": self.text.title,
            },
            "warning": self.warning,
            "rules": [row.as_dict() for row in self.rows],
            "sections": [{"section": one.path, "header": one.header} for one in self.text.sections],
        }

    def attached(self, act: Act) -> Act:
        """Return the act with what the text confirms marked verbatim, and cited by section."""
        provisions = dict(act.provisions)
        for row in self.rows:
            if row.mark != CONFIRMS:
                continue
            place = row.passages[0].path if row.passages else "title"
            value = replace(
                row.value,
                text_status=TextStatus.VERBATIM,
                citation=f"{self.text.number}, section {place}",
                source=f"Text of {self.text.number}, {self.text.congress}th Congress, as imported",
            )
            values = {**row.provision.values, self.bill.id: value}
            provisions[row.provision.id] = replace(row.provision, values=values)
        return replace(act, provisions=provisions)


def compare(text: BillText, version: str | int | None = None, act: Act | None = None) -> SideBySide:
    """Set a bill's text beside the rules of ``version`` (by default the version it is).

    Raises
    ------
    BadInput
        If the text is of another bill and no version was named.
    """
    act = act or load_act()
    try:
        own: Bill | None = act.bill(text.id)
    except BadInput:
        own = None
    if own is None and version is None:
        raise BadInput(
            f"{text.number} of the {text.congress}th Congress is no version of this bill; to "
            "compare it all the same, name the version whose rules it is compared with."
        )
    bill = act.bill(version) if version is not None else own
    if bill is None:  # unreachable: both None was refused above
        raise BadInput("Name a version.")
    warning = ""
    if own != bill:
        warning = f"The text is {text.number} ({text.congress}th), the rules are of {bill.number}."
    rows = tuple(
        _compare(provision, provision.values[bill.id], text)
        for provision in act.provisions.values()
        if provision.find is not None
    )
    return SideBySide(bill, text, rows, warning)


def _compare(provision: Provision, value: Value, text: BillText) -> Comparison:
    find = provision.find
    if find is None:
        raise BadInput(f"{provision.id} names no way to find it in a text.")
    if find.check == "title":
        return _title(provision, value, text)
    if find.check == "finding":
        return _finding(find, provision, value, text)
    passages = _uses(provision.id, text) if find.check == "use" else _spoken(find, text)
    if not passages:
        return Comparison(provision, value, OPEN, "no passage was found", ())
    if value.content is None:
        reason = "the text speaks of this; the rule has no value yet"
        return Comparison(provision, value, OPEN, reason, passages)
    mark, reason, decisive = CHECKS[find.check](find, value, passages)
    return Comparison(provision, value, mark, reason, decisive)


def _spoken(find: Find, text: BillText) -> tuple[Passage, ...]:
    """Find the passages where all words of a group stand, at least one of them in its own text."""
    hits = []
    for passage in _operative(text):
        whole, own = _folded(passage.context), _folded(f"{passage.header} {passage.text}")
        if any(
            all(word in whole for word in group) and any(word in own for word in group)
            for group in find.words
        ):
            hits.append(passage)
    # A unit and the unit above it often both match; the words themselves stand in the first
    # whose own text has the most of them.
    return tuple(sorted(hits, key=lambda hit: -_weight(find, hit)))


def _operative(text: BillText) -> list[Passage]:
    """Leave out the findings: they argue, and bar or allow nothing."""
    return [one for one in text.passages if "congress finds" not in _folded(one.context)]


def _weight(find: Find, passage: Passage) -> int:
    own = _folded(f"{passage.header} {passage.text}")
    return max(sum(word in own for word in group) for group in find.words)


def _folded(text: str) -> str:
    return text.casefold().replace("\u2019", "'")


def _uses(provision: str, text: BillText) -> tuple[Passage, ...]:
    wanted = load_lexicon().use(provision)
    return tuple(
        one
        for one in _operative(text)
        if _polarity(one) is not None and wanted in match(f"{one.header}. {one.text}")
    )


def _polarity(passage: Passage) -> str | None:
    """Return whether a passage bars or allows: the nearest words that say so decide."""
    for words_of in (f"{passage.header} {passage.text}", passage.above):
        if BARS.search(words_of):
            return "barred"
        if ALLOWS.search(words_of):
            return "allowed"
    return None


Verdict = tuple[str, str, tuple["Passage", ...]]


def _check_use(_find: Find, value: Value, passages: tuple[Passage, ...]) -> Verdict:
    said = {_polarity(one) for one in passages}
    ours = "barred" if value.content == "barred" else "allowed"
    if len(said) > 1:
        return OPEN, "some passages bar it and some allow it", passages
    if said == {ours}:
        return CONFIRMS, f"the text has it {ours}", passages
    return CONTRADICTS, f"the rule has it {ours}, the text does not", passages


def _check_days(_find: Find, value: Value, passages: tuple[Passage, ...]) -> Verdict:
    return _numbers(value, passages, DAYS, "days")


def _check_money(_find: Find, value: Value, passages: tuple[Passage, ...]) -> Verdict:
    yearly = [one for one in passages if "each of" in _folded(one.text)]
    if yearly:
        return OPEN, "the text gives amounts by year; the total needs a reader", passages
    return _numbers(value, passages, MONEY, "dollars")


def _numbers(
    value: Value, passages: tuple[Passage, ...], pattern: re.Pattern[str], unit: str
) -> Verdict:
    found = {
        SPELT.get(raw.casefold()) or int(raw.replace(",", ""))
        for one in passages
        for raw in pattern.findall(one.text)
    }
    holding = tuple(one for one in passages if pattern.search(one.text)) or passages
    if not found:
        return OPEN, f"no number of {unit} stands in the passages", passages
    listed = " and ".join(f"{number:,}" for number in sorted(found))
    if found == {value.content}:
        return CONFIRMS, f"the text says {listed} {unit}", holding
    if value.content in found:
        return OPEN, f"the text says {listed} {unit}; which one counts needs a reader", holding
    return CONTRADICTS, f"the text says {listed} {unit}, the rule {value.content:,}", holding


def _check_words(find: Find, value: Value, passages: tuple[Passage, ...]) -> Verdict:
    best = passages[0]
    text = " ".join(words(best.context))
    if find.polarity == "bars" and _polarity(best) != "barred":
        return OPEN, "the passage was found, but it does not plainly bar anything", passages
    if not find.polarity and BARS.search(best.text):
        return OPEN, "the passage says what may not be done; a reader has to compare", passages
    content = value.content
    wanted = (content,) if isinstance(content, str) else content
    lacking = (
        [item for item in wanted if " ".join(words(item)) not in text]
        if isinstance(wanted, tuple)
        else []
    )
    if lacking:
        return OPEN, f"the passage does not have the words {'; '.join(lacking)}", passages
    return CONFIRMS, "the words stand in the text", passages


def _check_mention(_find: Find, _value: Value, passages: tuple[Passage, ...]) -> Verdict:
    return OPEN, "the text speaks of this; a reader has to compare", passages


def _finding(find: Find, provision: Provision, value: Value, text: BillText) -> Comparison:
    whole = [one for one in text.passages if one not in _operative(text)]
    hits = tuple(one for one in whole if _weight(find, one) == len(find.words[0]))
    if not hits or value.content is None:
        return Comparison(provision, value, OPEN, "no finding, or no value, to compare", hits)
    mark, reason, decisive = _check_words(find, value, hits)
    return Comparison(provision, value, mark, reason, decisive)


def _title(provision: Provision, value: Value, text: BillText) -> Comparison:
    if value.text_status is not TextStatus.VERBATIM:
        return Comparison(provision, value, OPEN, f"the text's title: {text.title}", ())
    same = words(str(value.content)) == words(text.title)
    mark = CONFIRMS if same else CONTRADICTS
    return Comparison(provision, value, mark, f"the text's title: {text.title}", ())


CHECKS: dict[str, Callable[[Find, Value, tuple[Passage, ...]], Verdict]] = {
    "use": _check_use,
    "days": _check_days,
    "money": _check_money,
    "words": _check_words,
    "mention": _check_mention,
}
