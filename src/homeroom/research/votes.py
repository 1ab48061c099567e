"""One count of studies by direction, the same for every page that counts them.

Each study has one vote, of its findings that may stand for an effect. Studies that only compare
schools which differ in other ways too are counted apart, and so is nothing else. A vote count
weighs a small study like a large one and says nothing of size (Borenstein et al. 2009,
Introduction to Meta-Analysis, ch. 28).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from homeroom.research.gate import Standing, judge
from homeroom.research.library_files import Library
from homeroom.research.query import change
from homeroom.research.schema import Effect, Grade, Scope

VOTES = ("higher", "lower", "no clear difference", "mixed")
Votes = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class VoteCount:
    """Studies by what they report, each once.

    Attributes
    ----------
    by_grade
        Grade, best first, to direction to studies; only what may stand for an effect.
    associations
        Direction to studies that hold nothing but associations.
    used
        Findings behind the votes, as ids.
    left_out
        Every other finding, with the reason.
    """

    by_grade: dict[str, Votes]
    associations: Votes
    used: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def votes(self) -> Votes:
        """Direction to studies, over all grades."""
        return {
            name: tuple(study for row in self.by_grade.values() for study in row[name])
            for name in VOTES
        }

    @property
    def sentence(self) -> str:
        """Say the count, and what was counted apart."""
        number = sum(map(len, self.votes.values()))
        apart = sum(map(len, self.associations.values()))
        said = "Vote count: no study that may stand for an effect."
        if number:
            said = f"Vote count over {_studies(number)}: {_told(self.votes)}."
        if apart:
            said += (
                f" Counted apart, since schools that differ in other ways too are compared: "
                f"{_studies(apart)}, {_told(self.associations)}."
            )
        return said


def count_votes(
    effects: Iterable[Effect], library: Library, *, include_unverified: bool = False
) -> VoteCount:
    """Count the studies of some findings by direction.

    Parameters
    ----------
    effects
        Findings on one question.
    library
        Where they come from.
    include_unverified
        Count what is known only from a report about the publication as well.
    """
    sorted_: dict[Standing, dict[str, list[Effect]]] = {
        standing: defaultdict(list) for standing in Standing
    }
    left_out = {}
    used = []
    for effect in effects:
        judged = judge(effect, library, include_unverified=include_unverified)
        study = library.sources[effect.source_id].study
        sorted_[judged.standing][study].append(effect)
        if judged.is_effect:
            used.append(effect.effect_id)
        else:
            left_out[effect.effect_id] = judged.reason
    strong, weak = sorted_[Standing.EFFECT], sorted_[Standing.ASSOCIATION]
    made: dict[str, Votes] = {}
    for study, found in strong.items():
        grades = [library.sources[effect.source_id].grade for effect in found]
        row = made.setdefault(min(grades, key=list(Grade).index), dict.fromkeys(VOTES, ()))
        row[vote(found)] += (study,)
    apart: Votes = dict.fromkeys(VOTES, ())
    for study, found in weak.items():
        if study not in strong:
            apart[vote(found)] += (study,)
    ordered = {str(grade): made[grade] for grade in Grade if grade in made}
    return VoteCount(ordered, apart, tuple(used), left_out)


def vote(effects: list[Effect]) -> str:
    """Return one study's vote: of its findings on the whole sample, else of the others.

    Findings that disagree with each other make the vote mixed.
    """
    whole = [effect for effect in effects if effect.scope is Scope.WHOLE]
    said = {change(effect) for effect in whole or effects}
    return said.pop() if len(said) == 1 else "mixed"


def _told(votes: Votes) -> str:
    return ", ".join(f"{name} in {len(who)}" for name, who in votes.items() if who)


def _studies(number: int) -> str:
    return f"{number} {'study' if number == 1 else 'studies'}"
