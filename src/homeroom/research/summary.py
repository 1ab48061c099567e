"""Say what studies find, side by side: two sentences a side, by one rule and never by hand.

The strongest studies are those that the gate lets through as effects and that are graded moderate
or better. Only findings that were read in the publication itself speak, each study once an outcome.
Both sides are told by the same lines of code: if every direction were turned round, the
sentences would change places and nothing else (a test does so).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homeroom.errors import BadInput
from homeroom.research.gate import judge
from homeroom.research.library_files import Library, load
from homeroom.research.query import bearing, change
from homeroom.research.schema import (
    Design,
    Effect,
    Estimand,
    Grade,
    MoreIs,
    Outcome,
    Scope,
    Source,
    Unmeasured,
)

SIDES = ("better", "worse", "no clear difference", "disputed")
LEADS = {
    "better": "Better for students",
    "worse": "Worse for students",
    "no clear difference": "No clear difference",
    "disputed": "Can be read both ways",
}
STRONGEST = (Grade.STRONG, Grade.STRONG_MODERATE, Grade.MODERATE)
RULE = (
    "Strongest: graded moderate or better, and of a design that can carry an effect; comparisons "
    "of schools that differ in other ways too are weaker studies. Only what was read in a "
    "publication itself counts, in its newest version; a study counts once an outcome."
)
_REVIEWS = {Design.META_ANALYSIS}
_SHOWN = 4
"""Outcomes named in a sentence; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Side:
    """What is found on one side, as ids of findings, and the two sentences that say it."""

    name: str
    strongest: tuple[str, ...]
    reviews: tuple[str, ...]
    weaker: tuple[str, ...]
    sentences: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of some interventions: each side, what was left out, what nobody measured."""

    label: str
    interventions: tuple[str, ...]
    sides: dict[str, Side]
    votes: dict[str, tuple[str, ...]]
    headline: str
    unread: dict[str, tuple[str, ...]]
    unmeasured: tuple[Unmeasured, ...]
    unstudied: tuple[Outcome, ...]

    @property
    def note(self) -> str:
        """Say what is known only from reports about the studies, and so left out above."""
        told = [f"{LEADS[name].lower()} {len(ids)}" for name, ids in self.unread.items() if ids]
        if not told:
            return "No finding here is known only from a report about the study."
        return f"Left out, since known only from reports about the studies: {', '.join(told)}."

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "label": self.label,
            "interventions": list(self.interventions),
            "headline": self.headline,
            "votes": {name: list(who) for name, who in self.votes.items()},
            "sides": {
                name: {
                    "strongest": list(side.strongest),
                    "reviews": list(side.reviews),
                    "weaker": list(side.weaker),
                    "sentences": list(side.sentences),
                }
                for name, side in self.sides.items()
            },
            "known_only_from_reports": {name: list(ids) for name, ids in self.unread.items()},
            "nobody_measured": [{"label": o.label, "reason": o.reason} for o in self.unmeasured],
            "no_study": [one.label for one in self.unstudied],
            "rule": RULE,
        }

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sides' sentences, in the order of ``SIDES``."""
        return tuple(text for side in self.sides.values() for text in side.sentences)


def summarize(
    interventions: str | Iterable[str],
    outcomes: Iterable[str] = (),
    *,
    label: str = "",
    library: Library | None = None,
) -> Summary:
    """Return what studies find on some interventions, on each side.

    Parameters
    ----------
    interventions
        One id of the library or several that are told together.
    outcomes
        Keep findings on these outcomes; by default all.
    label
        What to call the question; by default the interventions' labels.
    library
        The library to ask; by default the one that Homeroom ships.

    Raises
    ------
    BadInput
        If the library has no such intervention or outcome.
    """
    shelf = library or load()
    asked = (interventions,) if isinstance(interventions, str) else tuple(interventions)
    wanted = tuple(outcomes)
    _refuse_unknown(asked, wanted, shelf)
    about = [e for e in shelf.effects.values() if e.intervention in asked]
    about = [e for e in about if not wanted or e.outcome in wanted]
    effects = [e for e in about if counts(e, shelf)]
    studied = {e.outcome for e in about if e.estimand is Estimand.EFFECT}
    votes = _votes(effects, shelf)
    return Summary(
        label=label or "; ".join(shelf.interventions[name].label for name in asked),
        interventions=asked,
        sides={name: _side(name, effects, shelf) for name in SIDES},
        votes=votes,
        headline=_headline(votes, {shelf.outcomes[name].more_is for name in wanted}),
        unread=_unread(about, shelf),
        unmeasured=tuple(
            one for one in shelf.unmeasured.values() if set(one.interventions) & set(asked)
        ),
        unstudied=tuple(o for name, o in shelf.outcomes.items() if name not in studied),
    )


def at_a_glance(*, library: Library | None = None) -> tuple[Summary, ...]:
    """Return the summary of each question of the library, in its order."""
    shelf = library or load()
    return tuple(
        summarize(one.interventions, one.outcomes, label=one.label, library=shelf)
        for one in shelf.questions.values()
    )


def counts(effect: Effect, library: Library) -> bool:
    """Return whether a finding speaks: read in the publication, an effect, no older draft."""
    return (
        effect.verified.at_source
        and effect.estimand is Estimand.EFFECT
        and library.sources[effect.source_id].superseded_by is None
        and effect.design is not Design.REVIEW
    )


def strongest(effect: Effect, library: Library) -> bool:
    """Return whether a finding is one of the strongest, by grade and design alone."""
    firm = judge(effect, library).is_effect or effect.design in _REVIEWS
    return firm and library.sources[effect.source_id].grade in STRONGEST


def side_of(effect: Effect, library: Library) -> str:
    """Return the side on which a finding stands; mixed results show no clear difference."""
    told = bearing(effect, library.outcomes[effect.outcome])
    return "no clear difference" if told == "mixed" else told


def cite(source: Source) -> str:
    """Name a publication in the short form; by its title where the authors are not known."""
    if "not shown" in source.authors:
        title = source.title.split(":")[0].split("?")[0].strip("( ")
        known = "not shown" not in source.title
        return f"“{title}”" if known else f"{source.venue} {source.year}, authors not shown"
    names = [name.strip() for name in source.authors.split("(")[0].split(",")]
    who = names[0] if len(names) == 1 else " and ".join(names)
    who = f"{names[0]} and others" if len(names) > 2 else who
    return f"{who} {source.year}" if source.year else f"{who} (no year)"


def _refuse_unknown(asked: tuple[str, ...], wanted: tuple[str, ...], library: Library) -> None:
    for kind, names, known in (
        ("intervention", asked, library.interventions),
        ("outcome", wanted, library.outcomes),
    ):
        for name in names:
            if name not in known:
                raise BadInput(
                    f"expected a known {kind}, found {name!r}: use one of {', '.join(known)}"
                )


def _side(name: str, effects: list[Effect], library: Library) -> Side:
    here = [e for e in effects if side_of(e, library) == name]
    strong = [e for e in here if strongest(e, library)]
    reviews = [e for e in strong if e.design in _REVIEWS]
    strong = [e for e in strong if e.design not in _REVIEWS]
    weak = [e for e in here if not strongest(e, library)]
    return Side(
        name,
        tuple(e.effect_id for e in strong),
        tuple(e.effect_id for e in reviews),
        tuple(e.effect_id for e in weak),
        (_first(name, strong, reviews, library), _second(name, weak, library)),
    )


def _first(name: str, strong: list[Effect], reviews: list[Effect], library: Library) -> str:
    pooled = ""
    if reviews:
        pooled = f" Reviews that pool studies: {_phrases(reviews, library, name)}."
    if not strong:
        return f"{LEADS[name]}: none of the strongest studies finds this.{pooled}"
    return f"{LEADS[name]}, in the strongest studies: {_phrases(strong, library, name)}.{pooled}"


def _second(name: str, weak: list[Effect], library: Library) -> str:
    if not weak:
        return "Weaker studies: none."
    groups = _grouped(weak, library)
    told = [
        f"{_about(words, name)} ({_number(effects, library)})" for words, effects in groups[:_SHOWN]
    ]
    return f"Weaker studies: {_listed(told, len(groups) - len(told))}."


def _phrases(effects: list[Effect], library: Library, name: str) -> str:
    """Name each outcome, how it differs, and the publications."""
    groups = _grouped(effects, library)
    told = []
    for words, found in groups[:_SHOWN]:
        sources = dict.fromkeys(cite(library.sources[e.source_id]) for e in found)
        told.append(f"{_about(words, name)} ({'; '.join(sources)})")
    return _listed(told, len(groups) - len(told))


def _about(words: str, name: str) -> str:
    """Leave out what the side's name already says."""
    return words.removesuffix(f" {name}")


def _grouped(effects: list[Effect], library: Library) -> list[tuple[str, list[Effect]]]:
    """Group findings by outcome and change: most studies first, then in the library's order."""
    order = list(library.outcomes)
    groups: dict[tuple[str, str], list[Effect]] = {}
    for effect in effects:
        groups.setdefault((effect.outcome, change(effect)), []).append(effect)
    ranked = sorted(
        groups.items(), key=lambda one: (-_number(one[1], library), order.index(one[0][0]))
    )
    return [
        (f"{_lower(library.outcomes[outcome].label)} {said}", found)
        for (outcome, said), found in ranked
    ]


def _unread(about: list[Effect], library: Library) -> dict[str, tuple[str, ...]]:
    """Part by side the findings that nobody read in the publication and that no row restates."""
    restated = {e.restates for e in about}
    unread = [
        e
        for e in about
        if not e.verified.at_source
        and e.estimand is Estimand.EFFECT
        and e.effect_id not in restated
        and library.sources[e.source_id].superseded_by is None
    ]
    return {
        name: tuple(e.effect_id for e in unread if side_of(e, library) == name) for name in SIDES
    }


def _number(effects: list[Effect], library: Library) -> int:
    return len({library.sources[e.source_id].study for e in effects})


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def _listed(told: list[str], more: int) -> str:
    return ", ".join(told) + (f", and {more} more outcome{'s' if more > 1 else ''}" if more else "")


def _votes(effects: list[Effect], library: Library) -> dict[str, tuple[str, ...]]:
    """Count one vote for each of the strongest studies: its side, or mixed if it has several."""
    studies: dict[str, list[Effect]] = {}
    for effect in effects:
        if strongest(effect, library) and effect.design not in _REVIEWS:
            studies.setdefault(library.sources[effect.source_id].study, []).append(effect)
    votes: dict[str, tuple[str, ...]] = dict.fromkeys((*SIDES, "mixed"), ())
    for study, found in studies.items():
        whole = [e for e in found if e.scope is Scope.WHOLE] or found
        said = {side_of(e, library) for e in whole}
        votes[said.pop() if len(said) == 1 else "mixed"] += (study,)
    return votes


def _headline(votes: dict[str, tuple[str, ...]], more_is: set[MoreIs]) -> str:
    """Count the strongest studies by what they find, in the words of the outcome."""
    words = {"better": "better", "worse": "worse", "disputed": "a change that reads both ways"}
    if more_is == {MoreIs.HARMFUL}:
        words |= {"better": "less", "worse": "more"}
    elif more_is == {MoreIs.BENEFICIAL}:
        words |= {"better": "more", "worse": "less"}
    total = sum(map(len, votes.values()))
    if not total:
        return "None of the strongest studies asks this."
    told = [
        f"{len(who)} {'finds' if len(who) == 1 else 'find'} {words.get(name, name)}"
        for name, who in votes.items()
        if who and name != "mixed"
    ]
    if votes["mixed"]:
        told.append(f"{len(votes['mixed'])} {'is' if len(votes['mixed']) == 1 else 'are'} mixed")
    if total == 1:
        return f"One strong study, which {told[0].removeprefix('1 ')}."
    return f"Of {total} strong studies, {', '.join(told)}."
