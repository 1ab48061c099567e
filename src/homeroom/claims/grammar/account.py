"""An account of every word: a claim is judged only if all of its words were read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.forms import Form
from homeroom.claims.grammar.numbers import plain
from homeroom.claims.grammar.patterns import compiled, patterns
from homeroom.claims.grammar.places import place_words
from homeroom.claims.model import Statistic
from homeroom.errors import Unread

_TOKEN = re.compile(r"[a-z0-9$][a-z0-9.'/~$-]*")
_YEARS = re.compile(r"\b(?:19|20)\d\d(?:[-/](?:20)?\d\d)?\b(?:s\b)?")
_LOOSE = (
    Statistic.COUNT, Statistic.RATE, Statistic.INDEX, Statistic.OVER_SHARE, Statistic.COUNT_RATIO,
    Statistic.CHANGE_NUMBER, Statistic.GAP_CHANGE,
)  # fmt: skip
_READ_WORDS = (
    "male",
    "female",
    "idea",
    "wodis",
    "with_officer",
    "without_officer",
    "high",
    "no_more",
    "more",
)


def check_all_read(
    sentence: str, text: str, stated: Iterable[Form], extra: Iterable[str] = ()
) -> None:
    """Refuse a sentence with words that no part of the reading accounts for.

    Parameters
    ----------
    sentence, text
        The sentence as written, and as :func:`~homeroom.claims.grammar.numbers.plain` makes it.
    stated
        The forms that were read.
    extra
        Further regular expressions whose matches were read.

    Raises
    ------
    Unread
        ``words`` lists what was not read.
    """
    left = unread(sentence, text, stated, extra)
    if not left:
        return
    if len(left) == 1 and left[0].lower() in _PRONOUNS:
        raise Unread(
            f"\u201c{left[0]}\u201d names nobody in this sentence: who is meant?", list(_WHO),
            words=left, said=left[0],
        )  # fmt: skip
    if set(left) <= set(patterns()["harmless"]["of_places"].split()):
        raise Unread(
            f"\u201c{left[0]}\u201d names no place in this sentence: which is meant?",
            [],
            words=left,
        )
    quoted = ", ".join(f"\u201c{part}\u201d" for part in dict.fromkeys(left))
    raise Unread(
        f"Not read: {quoted}. The figures here do not take that into account, so there is no "
        "verdict. Without those words the claim would be:",
        [without(sentence, left)],
        words=left,
    )


_PRONOUNS = frozenset(("they", "we", "he", "she", "i", "you", "us", "they're", "we're"))
_WHO = ("Black students", "Hispanic students", "white students", "students with disabilities")
_LED_IN = (
    r"(?:\s+(?:for|with|in|by|of|who|that|because of|because|due to|during|to|on|at|the|an?))*"
)
_PLACES = r"(?:\s+(?:schools?|districts?|areas?|neighborhoods?|grades?|classes)\b)?"
_VERB = r"(?=\s+(?:is|are|was|were|be|been|get|got|have|has|had|made|make|account)\b|\s*[.,;]|\s*$)"


def without(sentence: str, parts: Iterable[str]) -> str:
    """Return a sentence without some of its words, and without what led in to them.

    Where the words are those for whom a group is of ("Black athletes"), students stand instead.
    """
    races = "|".join(entry["says"] for entry in patterns()["races"] if entry["is"] != "others")
    rest = sentence
    for part in parts:
        said = re.escape(part)
        group = rf"\b({races})\s+{said}(?!\w){_VERB}"
        if re.search(group, rest, re.IGNORECASE):
            rest = re.sub(group, r"\1 students", rest, count=1, flags=re.IGNORECASE)
            continue
        rest = re.sub(rf"\b{said} be\b", "are", rest, count=1, flags=re.IGNORECASE)
        rest = re.sub(
            rf"{_LED_IN}\s*\b{said}(?!\w){_PLACES}", "", rest, count=1, flags=re.IGNORECASE
        )
    rest = re.sub(r"\s+", " ", re.sub(r"\s*,\s*(?=[.,])", "", rest)).strip(" ,:;")
    rest = re.sub(r"^(?:[a-z ]{0,20}, )", "", rest)
    rest = re.sub(r"^that ", "", rest, flags=re.IGNORECASE)
    return f"{rest[:1].upper()}{rest[1:]}"


def unread(
    sentence: str, text: str, stated: Iterable[Form], extra: Iterable[str] = ()
) -> list[str]:
    """Return the phrases that were not read, in the order of the sentence."""
    left = list(text)

    def blank(start: int, end: int) -> None:
        left[start:end] = " " * (end - start)

    for form in stated:
        for start, end in _taken(text, form):
            blank(start, end)
    for pattern in (*_consumed(), *extra):
        for match in compiled(pattern).finditer(text):
            blank(*match.span())
    groups = [(mention.start, mention.end) for mention in lexicon.mentions(text)]
    for start, end in (*groups, *_pronouns(text)):
        blank(start, end)
    named = place_words(sentence)
    for name in named:
        for match in re.finditer(rf"(?<!\w){re.escape(plain(name))}(?:'s)?(?!\w)", text):
            blank(*match.span())
    for match in _YEARS.finditer(text):
        blank(*match.span())
    of_places = patterns()["harmless"]["of_places"].split() if named else ()
    return _phrases("".join(left), frozenset(of_places))


def _pronouns(text: str) -> list[tuple[int, int]]:
    """Return where "they" stands for the one group that the sentence names before it."""
    groups = [one for one in lexicon.mentions(text) if one.token() not in ("all", "others")]
    if len({one.token() for one in groups}) != 1:
        return []
    first = groups[0].end
    return [match.span() for match in re.finditer(r"\bthey\b", text) if match.start() > first]


def _taken(text: str, form: Form) -> list[tuple[int, int]]:
    """Return what a form takes up: its numbers alone where words may stand between its parts."""
    said = text[form.start : form.end]
    if form.statistic is Statistic.GAP_CHANGE:
        return [(form.start + match.start(), form.start + match.end())
                for match in re.finditer(r"[a-z]+$", said)]  # fmt: skip
    compact = form.statistic is Statistic.CHANGE_NUMBER and not said[0].isdigit()
    if compact or (form.statistic not in _LOOSE and "," not in said):
        return [(form.start, form.end)]
    return [
        (form.start + match.start(), form.start + match.end())
        for match in re.finditer(r"[\d.~/]*\d(?::1)?|\b(?:twice|double|triple|quadruple)\b", said)
    ]


@cache
def _consumed() -> tuple[str, ...]:
    """Return the patterns of everything that a reading takes up, wherever it stands."""
    said = patterns()
    words = [said["words"][name] for name in _READ_WORDS]
    around = [
        rf"\b{entry['says']}(?=(?: [a-z]+){{0,2}} (?:\d|twice|double|triple))"
        for kind in ("relations", "hedges")
        for entry in said[kind]
    ]
    after = [rf"\b(?:{entry['says']})\b" for entry in said["relations_after"]]
    outcomes = [entry["says"] for entry in said["outcomes"]]
    return (
        *outcomes,
        *words,
        *around,
        *after,
        *said["harmless"]["phrases"],
        said["places"]["nation"],
    )


@cache
def _harmless() -> frozenset[str]:
    return frozenset(patterns()["harmless"]["words"].split())


def _phrases(left: str, more: frozenset[str]) -> list[str]:
    """Return the runs of words that are not harmless; harmless ones inside a run belong to it."""
    found: list[str] = []
    last = -1
    for match in _TOKEN.finditer(left):
        word = match[0].strip(".'-/")
        harmless = {word, word.removesuffix("'s")} & (_harmless() | more)
        if not word or harmless:
            continue
        between = left[last : match.start()]
        if last >= 0 and re.fullmatch(r" (?:[a-z]+ )?", between):
            found[-1] += between + match[0].strip(".'-")
        else:
            found.append(match[0].strip(".'-"))
        last = match.end()
    return found
