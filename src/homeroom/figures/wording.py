"""Scope and doubt in words: the phrases that every face puts beside a number."""

from __future__ import annotations

from collections.abc import Sequence

from homeroom.evidence.place_ids import PlaceRange
from homeroom.figures.backing import Backing
from homeroom.figures.coverage import NAMED, Universe
from homeroom.figures.doubts import Doubt
from homeroom.vocabulary.states import STATES


def listed(words: Sequence[str], joined: str = "and") -> str:
    """Return words joined as a sentence does, with a comma before the last of three or more."""
    if len(words) < 3:
        return f" {joined} ".join(words)
    return f"{', '.join(words[:-1])}, {joined} {words[-1]}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share as people write it: 10%, 0.4%, never 100% for less than all.

    Parameters
    ----------
    digits
        After the point; shares near none and near all have one anyway.
    """
    value = 100 * share
    if 0 < value < 1:
        return f"{value:.1f}%" if value >= 0.1 else "under 0.1%"
    if 99 <= value < 100:
        return f"{min(value, 99.9):.1f}%"
    return f"{value:.{digits}f}%"


def decimal(value: float) -> str:
    """Return a rate or ratio with the digits that it can bear."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def scope(
    universe: Universe,
    coverage: float | None,
    place: str = "the place",
    policy: str = "published",
) -> str | None:
    """Return which schools a figure speaks for, or None where they are the place's.

    Parameters
    ----------
    universe
        The schools asked.
    coverage
        Share of the place's students in schools that reported.
    place
        The place's name, as "the nation".
    policy
        Under ``screened``, schools left out as doubtful are not said to be silent.
    """
    parts = []
    if universe.high_schools:
        return "high schools only"
    if universe.states:
        names = listed([STATES[state] for state in universe.states])
        parts.append(
            f"{names} only{_of(universe.students if coverage is None else coverage, place)}"
        )
        return "; ".join(parts)
    if universe.students is not None and universe.students < NAMED:
        parts.append(f"the schools in the store only{_of(universe.students, place)}")
    if coverage is not None and coverage < NAMED and not _said(universe, coverage):
        kept = "reported" if policy == "published" else "reported and weren't doubted"
        parts.append(f"schools with {percent(coverage)} of {place}'s students {kept}")
    return "; ".join(parts) or None


def where(
    name: str, behind: Backing, area: PlaceRange, policy: str = "published", of: str = "students"
) -> str:
    """Return the place that a sentence may name for a figure, to be read after "in".

    ``Texas`` where the figure is Texas's; else what it speaks for, as ``Colorado and Texas (10% of
    the nation's students)``.

    Parameters
    ----------
    name
        The place's name.
    of
        What the coverage is a share of: students, or schools for a state table.
    """
    if behind.whole:
        return name
    universe, share = behind.universe, behind.coverage
    if share is None:
        share = universe.students
    part = "" if share is None else f" ({percent(share)} of {whole_of(area)}'s {of})"
    if universe.states:
        schools = "the high schools of " if universe.high_schools else ""
        return f"{schools}{listed([STATES[state] for state in universe.states])}{part}"
    if universe.high_schools:
        return f"the {name} high schools{part}"
    which = "that reported" if policy == "published" else "that reported and aren't in doubt"
    if universe.students is not None and universe.students < NAMED:
        which = "in the store"
    return f"the {name.removesuffix(' schools')} schools {which}{part}"


def whole_of(area: PlaceRange) -> str:
    """Return what a share is a share of: the nation, or "the state", "the district"."""
    return f"the {area.kind}"


def _of(share: float | None, place: str) -> str:
    return "" if share is None else f" ({percent(share)} of {place}'s students)"


def _said(universe: Universe, coverage: float) -> bool:
    """Return whether the share of the universe already says what the coverage would."""
    return universe.students is not None and percent(universe.students) == percent(coverage)


def doubt(doubts: Sequence[Doubt]) -> str | None:
    """Return why a figure is doubtful: its gravest doubt, and how many more; None for no doubt."""
    found = _gravest(doubts)
    return None if found is None else f"doubtful: {found[0]}{found[1]}"


NOTED = 0.05
"""Share of a figure from which a doubt is told though it does not make the figure doubtful."""


def because(doubts: Sequence[Doubt]) -> str | None:
    """Return the same to follow a number: "a figure we doubt because ..."."""
    found = _gravest(doubts)
    if found is None:
        return None
    schools = next(one.schools for one in doubts if one.material)
    whole = found[0].startswith("The school")
    at = f", at {schools:,} of its schools," if schools > 1 and whole else ""
    return f"a figure we doubt because{at} {clause(found[0])}{found[1]}"


def partly(doubts: Sequence[Doubt]) -> str | None:
    """Return what share of a figure rules doubt where that is too little to doubt it as a whole.

    None for a doubtful figure, for one without doubts, and where the share is under a twentieth.
    """
    if not doubts or any(one.material for one in doubts) or doubts[0].share < NOTED:
        return None
    first = doubts[0]
    at = f"at {first.schools:,} schools " if first.schools > 1 and _one(first) else ""
    return f"a quality rule doubts {percent(first.share)} of it: {at}{clause(first.sentence)}"


def _one(doubt: Doubt) -> bool:
    return doubt.sentence.startswith("The school")


def _gravest(doubts: Sequence[Doubt]) -> tuple[str, str] | None:
    grave = list(dict.fromkeys(one.sentence for one in doubts if one.material))
    if not grave:
        return None
    more = len(grave) - 1
    others = f" ({more} more data warning{'s' if more > 1 else ''})" if more else ""
    return grave[0].rstrip("."), others


_PLAIN = frozenset(
    (
        "A", "An", "All", "Arrests", "At", "Each", "Every", "Few", "It", "More", "Most", "No",
        "None", "Not", "One", "Referrals", "Reported", "Schools", "Some", "Students", "That", "The",
        "These", "They", "Three", "Two", "Zero",
    )
)  # fmt: skip
"""First words that names of places do not start with."""


def clause(sentence: str) -> str:
    """Return a sentence so that another can go on with it: no capital, no full stop."""
    text = sentence.strip().rstrip(".")
    first = text.split(" ", 1)[0].rstrip(",:;")
    return f"{text[0].lower()}{text[1:]}" if first in _PLAIN else text


def schools_of(name: str, figure: Backing, area: PlaceRange, policy: str = "published") -> str:
    """Return whose students a figure counts: the place's, or which of its schools'.

    Parameters
    ----------
    name
        The place's name, to stand after "in": "Texas", "the United States".
    area
        The place.

    Returns
    -------
    str
        The name alone where the figure may carry it; else as "Colorado and Texas (10% of the
        nation's students)".
    """
    universe, place = figure.universe, whole_of(area)
    share = universe.students if figure.coverage is None else figure.coverage
    if universe.high_schools:
        return f"the high schools of {name}"
    if universe.states:
        return listed([STATES[state] for state in universe.states]) + _of(share, place)
    if universe.students is not None and universe.students < NAMED:
        return f"the schools of {name} in the store{_of(share, place)}"
    if share is not None and share < NAMED:
        kept = "reported" if policy == "published" else "reported and weren't doubted"
        if share == 0:
            return name
        return f"the schools of {name} that {kept}{_of(share, place)}"
    return name


def why_doubted(doubts: Sequence[Doubt]) -> str | None:
    """Return why a figure is doubtful as a sentence of its own; None for no doubt."""
    told = doubt(doubts)
    if told is None:
        return None
    share = max(one.share for one in doubts)
    # Where nearly all of it is in doubt, as of a single school, the share says nothing.
    part = f", since reports behind {percent(share)} of it are in doubt" if share < 0.95 else ""
    return f"We doubt this figure{part}: {told.removeprefix('doubtful: ')}."


def note(
    universe: Universe,
    coverage: float | None,
    doubts: Sequence[Doubt],
    place: str = "the place",
    policy: str = "published",
) -> str | None:
    """Return scope and doubt in one text, or None where the figure is plain."""
    parts = [scope(universe, coverage, place, policy), doubt(doubts)]
    return ". ".join(f"{part[0].upper()}{part[1:].rstrip('.')}" for part in parts if part) or None
