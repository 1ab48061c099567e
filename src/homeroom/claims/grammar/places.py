"""Places and years that a sentence names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from homeroom.claims.grammar.numbers import plain
from homeroom.claims.grammar.patterns import patterns
from homeroom.errors import Ambiguous
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES


class Place(Protocol):
    """What a finder gives: see :class:`homeroom.evidence.find.Found`."""

    @property
    def id(self) -> str:
        """Place id."""

    @property
    def name(self) -> str:
        """Name."""

    @property
    def kind(self) -> str:
        """Nation, state, district or school."""

    @property
    def score(self) -> float:
        """How well the name fits, to 100."""


Finder = Callable[[str], Sequence[Place]]
_STATE = re.compile(
    r"\b("
    + "|".join(sorted((re.escape(n) for n in STATES.values()), key=len, reverse=True))
    + r")\b(?! (?:City|County|Beach|Springs|Falls|Park|Heights|Natives?)\b)"
)
_DC = re.compile(r"\bwashington,? d\.?c\.?|\bd\.c\.|\bDC\b", re.IGNORECASE)
_NATIONWIDE = re.compile(
    r"\bnationwide\b|\bnationally\b|\b(?:in|across) the (?:country|nation)\b", re.IGNORECASE
)
_RANKED = re.compile(
    r"\b(?:highest|lowest|most|fewest|worst|largest|leads?|led|ranks?|ranked|first|\d+th)\b",
    re.IGNORECASE,
)
"""A place's rank is among the places of the nation."""
_SURE, _GAP = 80.0, 3.0
_BY_FAR = 5
"""A district with so many times the students of the next of its name is the one meant."""
_OTHER_AGENCY = re.compile(
    r"\bAU$|\bIU \d|\bI\.?U\.?\b|BOCES|\bESC\b|\bESD\b|Alternative|Academy|Charter|Prep\b"
    r"|School of ",
    re.IGNORECASE,
)
"""Service agencies, programs, and charter schools, which a place's plain name doesn't mean."""
CHOSEN = "Chosen School District"
_BRACKETED = re.compile(r"\[(?P<name>[^\]\[]+), (?P<id>lea:\d{7}|US-[A-Z]{2})\]")
_WAVE = re.compile(r"\b((?:19|20)\d\d)\s*(?:-|to|/)\s*((?:20)?\d\d)\b(?!\d)")
_YEAR = re.compile(
    r"(?:\b(?:in|since|from|by|during|until|year|of) ((?:19|20)\d\d)"
    r"|(?<![\d-])(20[012]\d(?<!2000)))"
    r"(?!\d|-\d)\b",
    re.IGNORECASE,
)
"""A round 2000 may be a number of students."""
_OPEN_YEARS = re.compile(
    r"\b(?:every|each) (?:school |academic )?year\b|\bannually\b|\b(?:per|a) year\b"
    r"|\b(?:last|this|the past|the previous|in recent) (?:school |academic )?years?\b"
    r"|\b(?:since|after|before|until) (?:19|20)\d\d\b(?!-\d)",
    re.IGNORECASE,
)


def _said(name: str) -> str:
    return str(patterns()["places"][name])


def place_of(sentence: str, finder: Finder | None) -> tuple[str, str, tuple[str, ...]]:
    """Return place id, name, and conventions; an empty id where none is named.

    Raises
    ------
    Ambiguous
        Two places, a name that several places have, or one that none has.
    """
    text = _DC.sub("District of Columbia", sentence)
    text = re.sub(r", ([A-Z]{2})\b", lambda m: f", {STATES.get(m[1], m[1])}", text)
    states = list(dict.fromkeys(match[1] for match in _STATE.finditer(text)))
    districts = _districts(text, states)
    if states == ["Washington"] and not districts and "state of Washington" not in text:
        raise Ambiguous(
            "Which Washington is meant?",
            ["the state of Washington", "Washington, D.C."],
            said="Washington",
        )
    if len(states) > 1 and not districts:
        raise Ambiguous(
            "The sentence names several places, and a figure is of one: which is meant?",
            states,
        )
    if len(districts) > 1:
        raise Ambiguous("The sentence names several places: which is meant?", districts)
    wide = _NATIONWIDE.search(text) if states or districts else None
    if wide and not _RANKED.search(text):
        raise Ambiguous(
            f"The sentence names {(districts or states)[0]} and \u201c{wide[0]}\u201d, and a "
            "figure is of one place: which is meant?",
        )
    if districts and _by_subject(text, states):
        # Any word may begin a sentence: a county is meant only where it is called one.
        found = _district(districts[0], states[0] if states else "", finder)
        if "County" in found[1] and "County" not in districts[0]:
            raise Ambiguous(
                f"Is {districts[0]!r} a place?", [f"[{found[1]}, {found[0]}]"], said=districts[0]
            )
        return found
    if districts:
        return _district(districts[0], states[0] if states else "", finder)
    if states:
        postal = next(postal for postal, name in STATES.items() if name == states[0])
        return f"US-{postal}", states[0], ()
    return (
        ("US", "US public schools", ())
        if re.search(_said("nation"), text, re.IGNORECASE)
        else ("", "", ())
    )


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a text names: where, and in which words; not yet which place that is."""

    start: int
    end: int
    said: str
    name: str
    """Name of a district or a state; empty for the nation and for "the state"."""
    kind: str
    """nation, state, district, or its_state: that of the other place."""
    state: str = ""
    """State that is named with a district."""


_NATION = re.compile(
    r"(?<!rest of )\b(?:the )?(?<!rest of the )(?:nation(?:al|wide|ally)?|country|u\.s\."
    r"|united states|america)(?:'s)?(?: as a whole)?"
    r"(?: (?:overall |school |student )?(?:average|(?:arrest |referral )?rates?))?(?!\w)"
)
_THE_STATE = re.compile(
    r"\b(?:the state(?:'s)?|statewide|state)(?: as a whole)?(?: average| rate)?(?!\w)"
)


def places_in(text: str, sentence: str) -> list[NamedPlace]:
    """Return every place that a text names, the nation too, in its order.

    Parameters
    ----------
    text
        The sentence as :func:`homeroom.claims.grammar.numbers.plain` makes it.
    sentence
        As it was written: names of districts are told by their capitals.
    """
    written = spelled_out(sentence)
    states = list(dict.fromkeys(match[1] for match in _STATE.finditer(written)))
    found: list[NamedPlace] = []
    for name in _districts(written, states):
        match = re.search(rf"(?<!\w){re.escape(plain(name))}(?!\w)", text)
        if match is None or name in states:
            continue
        before, after = text[: match.start()], text[match.end() :]
        near = [
            one
            for one in states
            if re.match(rf",? (?:in )?{one.lower()}\b", after)
            or re.search(rf"\b{one.lower()}(?:'s)? $", before)
        ]
        found.append(NamedPlace(*match.span(), match[0], name, "district", "".join(near[:1])))
    for name in states:
        match = re.search(rf"\b{name.lower()}\b", text)
        of_a_district = any(one.state == name for one in found)
        if match and not _inside(found, match) and not of_a_district:
            found.append(NamedPlace(*match.span(), match[0], name, "state"))
    for pattern, kind in ((_NATION, "nation"), (_THE_STATE, "its_state")):
        match = pattern.search(text)
        wanted = kind == "nation" or any(one.kind == "district" for one in found)
        if match and wanted and not _inside(found, match):
            found.append(NamedPlace(*match.span(), match[0], "", kind))
    return sorted(found, key=lambda one: one.start)


def _inside(found: list[NamedPlace], match: re.Match[str]) -> bool:
    return any(one.start < match.end() and match.start() < one.end for one in found)


def ids_of(named: Sequence[NamedPlace], finder: Finder | None) -> list[str]:
    """Return the ids of places that a text names.

    Raises
    ------
    Ambiguous
        A name that several places have, or one that none has.
    """
    postal = {name: short for short, name in STATES.items()}
    ids = {
        one: _district(one.name, one.state, finder)[0] for one in named if one.kind == "district"
    }
    its_state = ""
    for one, place_id in ids.items():
        found = [
            place for place in _candidates(one.name, one.state, finder) if place.id == place_id
        ]
        its_state = f"US-{getattr(found[0], 'state', '')}" if found else its_state
    others = {"nation": "US", "its_state": its_state}
    return [ids.get(one) or others.get(one.kind) or f"US-{postal[one.name]}" for one in named]


@cache
def _short() -> re.Pattern[str]:
    """Return the pattern of every abbreviated state, longer ones first."""
    names = sorted(patterns()["places"]["abbreviated"], key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, names))})(?=[\s,;]|$)")


def spelled_out(sentence: str) -> str:
    """Return a sentence with states in full: "Va." and "in CT" as Virginia and Connecticut."""
    names = patterns()["places"]["abbreviated"]
    text = _short().sub(lambda match: names[match[0]], sentence)
    text = re.sub(r"\b[SA]Y ?(\d\d)-(\d\d)\b", r"20\1-\2", text)
    text = re.sub(r"\b[SA]Y ?(?=20\d\d)", "", text)
    text = re.sub(r"\bWashington [Ss]tate\b", "the state of Washington", text)
    return re.sub(
        r"\b([Ii]n|[Ff]rom|[Aa]cross) ([A-Z]{2})\b",
        lambda m: f"{m[1]} {STATES.get(m[2], m[2])}",
        text,
    )


def place_words(sentence: str) -> list[str]:
    """Return the words of a sentence that name a place, longest first."""
    text = re.sub(r", ([A-Z]{2})\b", lambda m: f", {STATES.get(m[1], m[1])}", sentence)
    states = [match[1] for match in _STATE.finditer(text)]
    postal = [m[1] for m in re.finditer(r", ([A-Z]{2})\b", sentence) if m[1] in STATES]
    dc = [match[0] for match in _DC.finditer(sentence)]
    kinds = ("named", "district", "subject")
    names = [match[1] for kind in kinds for match in re.finditer(_said(kind), text)]
    taken = [name for name in names if not re.match(_said("not_places"), name)]
    return sorted({*states, *postal, *dc, *taken}, key=len, reverse=True)


def _by_subject(text: str, states: list[str]) -> bool:
    """Return whether the place is named as the one who acts: "Chicago schools arrested"."""
    without = re.sub(_said("subject"), "", text)
    return not _districts(without, states) and re.search(_said("subject"), text) is not None


def _districts(text: str, states: list[str]) -> list[str]:
    found = []
    named = list(re.finditer(_said("named"), text))
    if not named and (subject := re.search(_said("subject"), text)):
        named = [subject]
    matches = [
        *named,
        *(
            match
            for match in re.finditer(_said("district"), text)
            if not any(one.start() < match.end() and match.start() < one.end() for one in named)
        ),
    ]
    for match in matches:
        for part in re.split(r",| and ", match[1]):
            name = part.strip(" .,'")
            for state in states:
                name = re.sub(rf"^{re.escape(state)}(?:'s)?(?: |$)| {re.escape(state)}$", "", name)
            if (
                not name
                or name.startswith(("Public School", "School"))
                or re.match(_said("not_places"), name)
            ):
                continue
            found.append(name)
            break
    return list(dict.fromkeys(found))


def _district(name: str, state: str, finder: Finder | None) -> tuple[str, str, tuple[str, ...]]:
    found = [place for place in _candidates(name, state, finder) if place.kind != "school"]
    if "County" in name:  # a state's name is no part of a county's
        found = [place for place in found if "county" in place.name.lower()]
    sure = [place for place in found if place.score >= _SURE]
    regular = [place for place in sure if name == CHOSEN or not _OTHER_AGENCY.search(place.name)]
    if not regular:
        near = [_chosen(place) for place in found if not _OTHER_AGENCY.search(place.name)][:5]
        raise Ambiguous(
            f"No school district in the store is named {name!r}. Name a state or a school district"
            + (", or one of these:" if near else "."),
            near, said=name,
        )  # fmt: skip
    close = [place for place in regular if place.score >= regular[0].score - _GAP]
    best = _largest(close)
    if best is None:
        raise Ambiguous(
            f"Several places are named like {name!r}: which is meant?",
            [_chosen(place) for place in close[:6]], said=name,
        )  # fmt: skip
    if name == CHOSEN:
        return best.id, best.name, (f"{best.name} ({best.id}) is meant.",)
    more = " Schools are counted by district, not by city." if len(close) > 1 else ""
    return best.id, best.name, (f"{name} is taken to be {best.name} ({best.id}).{more}",)


def _candidates(name: str, state: str, finder: Finder | None) -> list[Place]:
    """Return the places of a name, those of the state named with it alone where there are any."""
    if finder is None:
        return []
    found = list(finder(f"{name} {state}".strip()))
    postal = next((short for short, full in STATES.items() if full == state), "")
    there = [place for place in found if getattr(place, "state", None) == postal]
    return there if postal and name != CHOSEN else found


def _largest(close: list[Place]) -> Place | None:
    """Return the one place, or the one that has by far the most students of several."""
    if len(close) == 1:
        return close[0]
    sizes = sorted(
        ((getattr(place, "students", None) or 0, at) for at, place in enumerate(close)),
        reverse=True,
    )
    (first, at), (second, _) = sizes[:2]
    return close[at] if first and first >= _BY_FAR * second else None


def _chosen(place: Place) -> str:
    return f"[{place.name}, {place.id}]"


def with_choice(sentence: str) -> tuple[str, Finder | None]:
    """Return a sentence whose place is given as ``[name, id]``, and a finder of that place.

    The finder is None where no place is given so.
    """
    match = _BRACKETED.search(sentence)
    if match is None:
        return sentence, None
    place_id = match["id"]
    kind = "district" if place_id.startswith("lea:") else "state"
    given = _Given(place_id, match["name"].strip(), kind)
    rest = f"{sentence[: match.start()]}{CHOSEN}{sentence[match.end() :]}"
    return rest, lambda _name: [given]


@dataclass(frozen=True, slots=True)
class _Given:
    """A place that was chosen."""

    id: str
    name: str
    kind: str
    score: float = 100.0


def waves_of(sentence: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the waves that a sentence names, in its order, and how a year was read.

    Raises
    ------
    Ambiguous
        A year that lies in two waves, or in none.
    """
    out: list[tuple[int, str]] = []
    conventions = []
    rest = sentence
    for match in _WAVE.finditer(sentence):
        first, second = int(match[1]), int(match[2]) % 100
        if second == (first + 1) % 100:
            wave = f"{first}-{second:02d}"
            if wave not in WAVES:
                raise _none(match[0], first)
            out.append((match.start(), wave))
            rest = rest.replace(match[0], " " * len(match[0]), 1)
    if open_years := _OPEN_YEARS.search(rest):
        raise Ambiguous(
            f"\u201c{open_years[0]}\u201d names no one school year: which is meant?",
            [f"in {wave}" for wave, of in WAVES.items() if not of.pandemic][-4:],
            said=open_years[0],
        )  # fmt: skip
    for match in _YEAR.finditer(rest):
        wave = _wave_of_year(int(match[1] or match[2]))
        out.append((match.start(), wave))
        conventions.append(f"{match[1] or match[2]} is read as the school year {wave}.")
    return list(dict.fromkeys(wave for _, wave in sorted(out))), tuple(conventions)


def _wave_of_year(year: int) -> str:
    fits = [wave for wave in WAVES if year in (int(wave[:4]), int(wave[:4]) + 1)]
    if not fits:
        raise _none(str(year), year)
    if len(fits) > 1:
        raise Ambiguous(f"{year} lies in two school years: which is meant?", fits, said=str(year))
    return fits[0]


def _none(said: str, year: int) -> Ambiguous:
    """Return the question for a year between waves: which of the nearest ones is meant."""
    before = [wave for wave in WAVES if int(wave[:4]) <= year]
    after = [wave for wave in WAVES if int(wave[:4]) > year]
    nearest = [*before[-1:], *after[:1]]
    return Ambiguous(
        f"The Civil Rights Data Collection was not taken in {said}. Its nearest "
        f"year{'s are' if len(nearest) > 1 else ' is'} {' and '.join(nearest)}: which is meant?",
        nearest, said=said,
    )  # fmt: skip
