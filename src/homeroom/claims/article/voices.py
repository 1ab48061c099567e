"""Who says each sentence, and what is left of it without "Murphy said"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from homeroom.claims.article.model import Sentence
from homeroom.claims.article.names import (
    ASIDE,
    OFFICES,
    POINTS,
    PRONOUNS,
    SPEAKER,
    VERB,
    is_name,
    people,
)
from homeroom.vocabulary.states import STATES

_OPEN, _CLOSE = "\u201c", "\u201d"
_TO = r"(?: (?:reporters|lawmakers|the [A-Z]?[\w ]{2,30}|[A-Z][\w ]{2,30}))?"
_WHEN = (
    r"(?: (?:on|in|at|during|after|last|this|of) [^\u201c\u201d\".:;]{2,60}?)?"
    r"(?:,? (?:adding|noting|who|referring)\b[^\u201c\u201d\"]*)?"
)
_BEFORE = re.compile(
    rf"^(?:[^\u201c\u201d\",]{{0,60}}, )?(?:But |And |Still, |Yet )?"
    rf"(?P<who>{SPEAKER}){ASIDE}(?: (?:has|had|have|also|then|later|recently))? "
    rf"(?:{VERB}|{POINTS}){_TO}{_WHEN}(?P<that>(?:,| that|:)? ?)(?=\S)"
)
_AFTER = re.compile(
    rf",?(?P<quote>[\u201d\"])? ?,? ?(?:(?P<who>{SPEAKER}){ASIDE}(?: also)? {VERB}"
    rf"|{VERB} (?P<who2>{SPEAKER}))"
    rf"(?P<rest>(?:,[^\u201c\u201d\"]*|{_TO}{_WHEN}))(?P<end>[.:,]?)\s*(?=$|[\u201c\"])"
)
_MIDDLE = re.compile(
    rf"(?P<lead>[^\u201c\u201d\"]*?\w), (?P<who>{SPEAKER}){ASIDE} {VERB}, "
    r"(?!adding|noting|who\b|referring|speaking)(?=[a-z])"
)
_VIEW = re.compile(
    r"(?P<lead>[^\u201c\u201d\"]*?\w)?,? ?\b[Ii]n (?P<who>his|her) (?:view|opinion|words|eyes),? ?"
)
_ACCORDING = re.compile(
    rf"^[Aa]ccording to (?P<who>{SPEAKER}|[^,\u201c\"]{{3,80}}){ASIDE}, ?"
    rf"|,? according to (?P<who2>{SPEAKER}|[^,.\u201c\"]{{3,80}})[^\u201c\u201d\"]*?[.]?$"
)
_LABEL = re.compile(rf"^(?P<who>{SPEAKER}|[A-Z]{{3,}}(?: [A-Z]+)?): ")
_BILL = re.compile(
    r"^(?:[^,]{0,60}, )?the (?:[\w-]+ ){0,6}?(?:bill|act|legislation|measure|proposal)\b"
    r"(?! (?:is|was) )",
    re.IGNORECASE,
)
_NARROWS = re.compile(rf"\b(?:{'|'.join(map(re.escape, STATES.values()))})\b|\d%|\bpercent\b")
_SPEAKS = re.compile(
    rf"\b(?:{VERB}|{POINTS})\b|\b[Aa]ccording to\b|\b[Ii]n (?:his|her)\b|^[^:]{{2,60}}: "
)
LONGEST = 450
"""Characters of a sentence in which a speaker is looked for: long ones would take too long."""
_WORDS = re.compile(r"\w[\w'\u2019-]*")
_FEW = 4
"""A quote of fewer words is a phrase inside somebody's sentence."""


@dataclass(frozen=True, slots=True)
class _Quote:
    start: int
    end: int
    paragraph: int


def with_voices(text: str, found: list[Sentence]) -> list[Sentence]:
    """Return the sentences with speakers, voices, and what is said."""
    quotes = _quotes(text, found)
    names = people(text)
    speakers = _speakers(text, found, quotes, names)
    out: list[Sentence] = []
    numbers: dict[tuple[int, str | None, bool], int] = {}
    for at, one in enumerate(found):
        inside = [q for q in quotes if q.start < one.end and one.start < q.end]
        said, quoted = _said(text, one, inside)
        who = speakers[at]
        key = (one.paragraph, who, quoted) if who or quoted else (one.paragraph, None, False)
        voice = numbers.setdefault(key, len(numbers))
        out.append(replace(one, said=said, speaker=who, voice=voice, quoted=quoted))
    return out


def _quotes(text: str, found: list[Sentence]) -> list[_Quote]:
    """Return the quoted passages; one that a paragraph leaves open ends with that paragraph."""
    out = []
    ends: dict[int, list[int]] = {}
    for one in found:
        ends.setdefault(one.paragraph, [one.start, one.end])[1] = one.end
    for number, (start, end) in ends.items():
        opened = -1
        for at in range(start, end):
            mark = text[at]
            if mark == _OPEN or (mark == '"' and opened < 0):
                opened = at if opened < 0 else opened
            elif mark in (_CLOSE, '"') and opened >= 0:
                out.append(_Quote(opened, at + 1, number))
                opened = -1
        if opened >= 0:
            out.append(_Quote(opened, end, number))
    begins = {one.start for one in found}
    return [
        one for one in out
        if one.start in begins or _words(text[one.start : one.end]) >= _FEW
    ]  # fmt: skip


def _words(text: str) -> int:
    return len(_WORDS.findall(text))


def _speakers(
    text: str, found: list[Sentence], quotes: list[_Quote], names: dict[str, str]
) -> list[str | None]:
    """Return each sentence's speaker: its own words name one, or its quote has one beside it."""
    out: list[str | None] = [None] * len(found)
    bill = "The Act" if re.search(r"[a-z] Act\b", text) else "The bill"
    for at, one in enumerate(found):
        who = _named(one.text)
        if who is not None:
            out[at] = _full(who, names, found, out, at)
        elif _BILL.match(one.text) and not _in_quote(one, quotes):
            out[at] = bill
    for at, one in enumerate(found):
        if out[at] is None and _in_quote(one, quotes):
            out[at] = _beside(at, found, quotes, out, text)
    return out


def _beside(
    at: int, found: list[Sentence], quotes: list[_Quote], known: list[str | None], text: str
) -> str | None:
    """Return who speaks a quote that goes over several sentences, or on after "he said."."""
    one = found[at]
    mine = [n for n, other in enumerate(found) if other.paragraph == one.paragraph]
    after = [n for n in mine if n > at and known[n] and _in_quote(found[n], quotes)]
    before = [n for n in mine if n < at and known[n]]
    if before:
        return known[before[-1]]
    if after:
        return known[after[0]]
    # A quote that the paragraph before leaves open goes on here.
    earlier = [n for n, other in enumerate(found) if other.paragraph == one.paragraph - 1]
    if earlier and _in_quote(found[earlier[-1]], quotes):
        return known[earlier[-1]]
    # "Skaggs was blunt." and then nothing but his words: the paragraph before names one speaker.
    if earlier and text[one.start] in (_OPEN, '"') and found[earlier[-1]].text.endswith(":"):
        return known[earlier[-1]]
    return None


def _in_quote(one: Sentence, quotes: list[_Quote]) -> bool:
    covered = sum(min(q.end, one.end) - max(q.start, one.start)
                  for q in quotes if q.start < one.end and one.start < q.end)  # fmt: skip
    return covered > 0


def _attribution(sentence: str) -> tuple[str, str] | None:
    """Return who a sentence says is speaking, and the sentence without that."""
    if len(sentence) > LONGEST or not _SPEAKS.search(sentence):
        return None
    for pattern in (_ACCORDING, _VIEW, _MIDDLE, _AFTER, _BEFORE, _LABEL):
        match = pattern.search(sentence)
        if match is None:
            continue
        named = match.groupdict()
        who = named.get("who") or named.get("who2")
        if not who or not (pattern is _ACCORDING or is_name(who)):
            continue
        if _NARROWS.search(match[0].removeprefix(named.get("lead") or "").replace(who, "")):
            return who, sentence  # "said of Connecticut" is a part of the claim
        lead = f"{named['lead']} " if named.get("lead") else sentence[: match.start()]
        return who, f"{lead} {sentence[match.end() :]}".strip()
    return None


def _named(sentence: str) -> str | None:
    found = _attribution(sentence)
    return found[0] if found else None


def _full(
    who: str, names: dict[str, str], found: list[Sentence], known: list[str | None], at: int
) -> str | None:
    """Return a full name for a last name; for "he" and "the senator" whom the text speaks of."""
    office = (
        OFFICES.get(who.rsplit(maxsplit=1)[-1].lower()) if who.lower().startswith("the ") else None
    )
    if who.lower() not in PRONOUNS and office is None:
        return names.get(who.rsplit(maxsplit=1)[-1], who)
    for before in range(at - 1, -1, -1):
        person = known[before] or _subject(found[before].text, names)
        if person in names.values() and str(person).startswith(office or ""):
            return person
    return None if office is None else who


def _subject(sentence: str, names: dict[str, str]) -> str | None:
    """Return the person with whom a sentence begins."""
    places = {sentence[:60].find(last): full for last, full in names.items()}
    places.pop(-1, None)
    return places[min(places)] if places else None


def _said(text: str, one: Sentence, inside: list[_Quote]) -> tuple[str, bool]:
    """Return a sentence without who says it, and whether it is quoted."""
    start = one.start
    pieces = [
        text[max(q.start, start) : min(q.end, one.end)].strip(f'{_OPEN}{_CLOSE}" ') for q in inside
    ]
    left = one.text
    for piece in pieces:
        left = left.replace(piece, " ", 1)
    frame = _without_speaker(one.text)
    if pieces and _words(_frame(left)) < _FEW:
        joined = " ".join(piece.rstrip(",") for piece in pieces)
        return _tidy(joined), True
    return _tidy(frame), bool(pieces)


def _frame(left: str) -> str:
    """Return what a sentence says around its quotes, apart from who speaks."""
    found = _attribution(left)
    return found[1] if found else left


def _without_speaker(sentence: str) -> str:
    """Strip "According to the report," "Murphy said that," and ", Murphy said."."""
    found = _attribution(sentence)
    return found[1] if found and found[1] else sentence


def _tidy(said: str) -> str:
    """Return what is said as a sentence: no marks around it, a capital first, a point last."""
    said = re.sub(r"[\u201c\u201d\"]", "", re.sub(r"\s+", " ", said)).strip(" ,;")
    said = re.sub(r"^[-*\u2022\u2013\u2014]\s*", "", said)
    if not said:
        return said
    said = said[0].upper() + said[1:]
    return said if said[-1] in ".!?" else f"{said}."
