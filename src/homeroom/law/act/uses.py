"""Does a proposed use of the grant fit the bill? Words are mapped to uses, uses to provisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeroom.errors import Ambiguous, BadInput
from homeroom.law.act.parameters import Act, Bill, TextStatus, Value, load_act
from homeroom.law.documents import listing, mapping, parse
from homeroom.law.logic import Truth

UNLISTED = "use.unlisted"


@dataclass(frozen=True, slots=True)
class Use:
    """A use of money: the provision on it, its words, and the wider use that may decide."""

    provision: str
    phrases: tuple[tuple[str, ...], ...]
    reads_as: str | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All uses, the words with several readings, and the words that undo a use."""

    uses: tuple[Use, ...]
    ambiguous: dict[tuple[str, ...], list[str]]
    undoing: frozenset[str]

    def use(self, provision: str) -> Use:
        """Find a use by its provision."""
        return next(use for use in self.uses if use.provision == provision)


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a use fits, by which rule, and who says so."""

    phrase: str
    bill: Bill
    fits: Truth
    rule: str
    value: Value
    reason: str

    def as_dict(self) -> dict[str, object]:
        """Return the answer as plain values."""
        return {
            "notice": self.bill.notice,
            "version": self.bill.id,
            "status": self.bill.status,
            "use": self.phrase,
            "fits": str(self.fits),
            "rule": self.rule,
            "source": self.value.source,
            "citation": self.value.citation,
            "text_status": str(self.value.text_status),
            "reason": self.reason,
        }


def words(phrase: str) -> tuple[str, ...]:
    """Split a phrase into plain words: lower case, no hyphens, no plural s."""
    found = re.findall(r"[a-z0-9]+", phrase.casefold().replace("'", "").replace("\u2019", ""))
    return tuple(_singular(word) for word in found)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3
    return word[:-1] if plural and word != "pbis" else word


@cache
def load_lexicon() -> Lexicon:
    """Read ``uses.yaml`` once."""
    return read_lexicon(files(__package__).joinpath("uses.yaml").read_text("utf-8"), "uses.yaml")


def read_lexicon(text: str, where: str) -> Lexicon:
    """Read a lexicon; one phrase may stand for one use only."""
    document = mapping(parse(text, where), where, required="uses ambiguous undoing")
    uses: list[Use] = []
    seen: set[tuple[str, ...]] = set()
    for row in listing(document["uses"], where):
        keys = mapping(row, where, required="use phrases", optional="reads_as because")
        phrases = tuple(dict.fromkeys(words(phrase) for phrase in keys["phrases"]))
        twice = seen.intersection(phrases)
        if twice:
            raise BadInput(f"{where}: {' '.join(twice.pop())!r} stands for two uses; keep one.")
        seen.update(phrases)
        uses.append(Use(keys["use"], phrases, keys.get("reads_as"), keys.get("because", "")))
    ambiguous = {words(phrase): choices for phrase, choices in document["ambiguous"].items()}
    undoing = frozenset(_singular(word) for word in listing(document["undoing"], where))
    return Lexicon(tuple(uses), ambiguous, undoing)


def match(phrase: str, lexicon: Lexicon | None = None) -> list[Use]:
    """Return the uses that a phrase names; a longer match hides shorter ones inside it."""
    lexicon = lexicon or load_lexicon()
    tokens = words(phrase)
    spans = [
        (start, start + len(known), use)
        for use in lexicon.uses
        for known in use.phrases
        for start in range(len(tokens) - len(known) + 1)
        if tokens[start : start + len(known)] == known
    ]
    outer = [
        use
        for start, end, use in spans
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans)
    ]
    return list(dict.fromkeys(outer))


def use(phrase: str, *, version: str | int = "2025", act: Act | None = None) -> Fit:
    """Return whether a proposed use of the grant fits one version of the bill.

    Raises
    ------
    Ambiguous
        If the phrase has several readings; ``choices`` lists them.
    """
    act, lexicon = act or load_act(), load_lexicon()
    bill, tokens = act.bill(version), words(phrase)
    if not tokens:
        raise BadInput("The use is empty: say what the money would buy, in a few words.")
    if tokens in lexicon.ambiguous:
        choices = lexicon.ambiguous[tokens]
        raise Ambiguous(f"{phrase!r} may mean several uses: {', '.join(choices)}.", choices)
    found = match(phrase, lexicon)
    if len(found) > 1:
        choices = [act.provisions[one.provision].title for one in found]
        raise Ambiguous(f"{phrase!r} names several uses ({'; '.join(choices)}): ask one.", choices)
    undone = sorted(lexicon.undoing.intersection(tokens))
    if not found or undone:
        return _unlisted(phrase, bill, undone)
    return _fit(phrase, found[0], act, bill, lexicon)


def every_use(version: str | int = "2025", act: Act | None = None) -> list[Fit]:
    """Tell of each use that the lexicon knows whether it fits one version of the bill."""
    act, lexicon = act or load_act(), load_lexicon()
    bill = act.bill(version)
    return [
        _fit(act.provisions[one.provision].title, one, act, bill, lexicon) for one in lexicon.uses
    ]


def _unlisted(phrase: str, bill: Bill, undone: list[str]) -> Fit:
    value = Value(
        bill.id, None, TextStatus.UNKNOWN, f"{bill.number}: not in the sources read", "none found"
    )
    reason = "No source read names this use."
    if undone:
        reason = f"The phrase ({undone[0]!r}) does away with something; no source speaks of that."
    return Fit(phrase, bill, Truth.UNKNOWN, UNLISTED, value, reason)


def _fit(phrase: str, named: Use, act: Act, bill: Bill, lexicon: Lexicon) -> Fit:
    value, rule = act.value(named.provision, bill), named.provision
    reason = act.provisions[rule].title
    if value.content is None and named.reads_as:
        wider = act.value(named.reads_as, bill)
        if wider.content is not None:
            value, rule = wider, lexicon.use(named.reads_as).provision
            reason = f"{reason}, read as {act.provisions[rule].title}: {named.because}"
    if value.content is None:
        reason = f"{reason}: the sources read for {bill.number} are silent"
    else:
        reason = f"{reason}: {value.content}"
    fits = Truth.of(None if value.content is None else value.content != "barred")
    return Fit(phrase, bill, fits, rule, value, f"{reason}. {value.note}".strip())
