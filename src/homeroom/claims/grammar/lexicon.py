"""Words for groups, outcomes and schools, and where a sentence uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeroom.claims.grammar.patterns import compiled, patterns, word

OF_COLOR = "black+hispanic+asian+american_indian+pacific+two_or_more"
_SPECIAL = ("others", "peers")


@dataclass(frozen=True, slots=True)
class Mention:
    """A group that a sentence names: where, and which."""

    start: int
    end: int
    race: str
    sex: str = "all"
    disability: str = "all"

    def token(self) -> str:
        """Return the group as a question writes it, sex and disability crossed in."""
        extra = [part for part in (self.sex, self.disability) if part != "all"]
        if self.race in ("others", "peers"):
            return self.race
        heads = [] if self.race == "all" else self.race.split("+")
        if not heads:
            return "/".join(extra) or "all"
        return "+".join("/".join([head, *extra]) for head in heads)


def mentions(text: str) -> list[Mention]:
    """Find the groups of a sentence, pooled where they are joined by and, or, or a comma."""
    found: list[Mention] = []
    noun = patterns()["parts"]["noun"]
    for entry in patterns()["races"]:
        race = OF_COLOR if entry["is"] == "of_color" else entry["is"]
        for match in compiled(rf"(?<![\w-])(?:{entry['says']})(?![\w-])").finditer(text):
            if not _taken(found, match):
                found.append(Mention(match.start(), match.end(), race))
    pooled: list[Mention] = []
    for one in sorted(found, key=lambda mention: mention.start):
        last = pooled[-1] if pooled else None
        between = text[last.end : one.start] if last else ""
        joined = re.fullmatch(rf"(?: {noun})?,? (?:and|or|&) |, |/", between)
        if last and joined and "others" not in (last.race, one.race):
            races = dict.fromkeys(f"{last.race}+{one.race}".split("+"))
            pooled[-1] = Mention(last.start, one.end, "+".join(races))
        else:
            pooled.append(one)
    return sorted(
        _plain_groups(text, [_qualified(text, one) for one in pooled]), key=lambda m: m.start
    )


def _qualified(text: str, mention: Mention) -> Mention:
    """Add the sex and disability that go with a race: "Black boys with disabilities"."""
    noun = patterns()["parts"]["noun"]
    tail = re.match(
        rf"(?: (?:and )?{noun}| disabled| special[- ]education)*"
        rf"(?: (?:with|without) {patterns()['parts']['disability']})?",
        text[mention.end :],
    )
    end = mention.end + (tail.end() if tail else 0)
    head = re.search(r"(?:disabled|non-?disabled|female|male) $", text[: mention.start])
    around = (head[0] if head else "") + text[mention.start : end]
    sex = _sex(around)
    if sex == "all" and re.fullmatch(r"latinas?", text[mention.start : mention.end]):
        sex = "female"  # said alone, the word is of girls
    return Mention(mention.start, end, mention.race, sex, _split(around))


def _plain_groups(text: str, found: list[Mention]) -> list[Mention]:
    """Add groups that are named by sex or disability alone, or as plain students."""
    out = list(found)
    for pattern in patterns()["plain_groups"]:
        for match in compiled(rf"(?<![\w-])(?:{pattern})(?![\w-])").finditer(text):
            if not _taken(out, match):
                said = match[0]
                out.append(Mention(match.start(), match.end(), "all", _sex(said), _split(said)))
    return out


def _taken(found: list[Mention], match: re.Match[str]) -> bool:
    return any(one.start < match.end() and match.start() < one.end for one in found)


def _sex(text: str) -> str:
    if word("female").search(text):
        return "female"
    return "male" if word("male").search(text) else "all"


def _split(text: str) -> str:
    if word("wodis").search(text):
        return "wodis"
    return "idea" if word("idea").search(text) else "all"


@dataclass(frozen=True, slots=True)
class Span:
    """An outcome that a sentence names: where, and the measures that its word may mean."""

    start: int
    end: int
    measures: tuple[str, ...]


def outcome_spans(text: str) -> list[Span]:
    """Find the outcomes of a sentence, in its order."""
    found: list[Span] = []
    rest = text
    for entry in patterns()["outcomes"]:
        says = compiled(entry["says"])
        measures = tuple(entry["is"])
        found += [Span(*match.span(), measures) for match in says.finditer(rest)]
        rest = says.sub(lambda match: " " * len(match[0]), rest)
    return sorted(found, key=lambda one: one.start)


def outcomes(text: str) -> list[tuple[str, ...]]:
    """Find the outcomes of a sentence; each is the measures that its word may mean."""
    found: list[tuple[str, ...]] = []
    rest = text
    for entry in patterns()["outcomes"]:
        says = compiled(entry["says"])
        if says.search(rest):
            found.append(tuple(entry["is"]))
            rest = says.sub(" ", rest)
    return found
