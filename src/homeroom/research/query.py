"""Ask the library for findings: one row each, both directions, nothing left out by default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from homeroom.errors import BadInput
from homeroom.research.certainty import includes_no_effect
from homeroom.research.library_files import Library, load
from homeroom.research.schema import Effect, Estimand, Grade, MoreIs, Outcome, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS: dict[str, Any] = {
    "effect_id": pl.String,
    "source_id": pl.String,
    "study": pl.String,
    "authors": pl.String,
    "year": pl.Int64,
    "intervention": pl.String,
    "outcome": pl.String,
    "measured": pl.String,
    "contrast": pl.String,
    "subgroup": pl.String,
    "scope": pl.String,
    "estimand": pl.String,
    "direction": pl.Int64,
    "change": pl.String,
    "bearing": pl.String,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "se": pl.Float64,
    "uncertainty": pl.String,
    "interval_computed": pl.Boolean,
    "includes_no_effect": pl.Boolean,
    "estimate_reversed": pl.Boolean,
    "scale": pl.String,
    "p_text": pl.String,
    "baseline": pl.String,
    "n": pl.String,
    "design": pl.String,
    "design_inferred": pl.Boolean,
    "grade": pl.String,
    "grade_reason": pl.String,
    "verified": pl.Boolean,
    "verified_in": pl.String,
    "superseded_by": pl.String,
    "funding": pl.String,
    "notes": pl.String,
    "quote_location": pl.String,
    "url": pl.String,
    "source_url": pl.String,
}

# Higher and lower, not rises and falls: many findings compare schools and follow none of them.
CHANGES = {1: "higher", -1: "lower", 0: "no clear difference"}
BEARINGS = {1: "better", -1: "worse"}


def findings(
    intervention: str | None = None,
    outcome: str | None = None,
    grade: str | None = None,
    verified: bool | None = None,  # noqa: FBT001 - a filter like the others
    *,
    restated: bool = True,
    library: Library | None = None,
) -> pl.DataFrame:
    """List findings on every side of a question, one row each.

    Parameters
    ----------
    intervention, outcome, grade
        Keep findings with this id; see ``load().interventions``, ``load().outcomes``, ``Grade``.
    verified
        True keeps what was read in the publication itself (full text or abstract), False what is
        known from a report about it. By default both are given and marked.
    restated
        Keep rows that state again, from the publication, a direction whose size comes from a
        report. False leaves them out, so that each finding stands once, with its size.
    library
        The library to ask; by default the one that Homeroom ships.

    Returns
    -------
    polars.DataFrame
        The columns of ``COLUMNS``, by ``effect_id``. ``direction`` is the sign of the change in
        the outcome; ``change`` says it in a word; ``bearing`` is what it means for students,
        ``disputed`` where a rise can be read both ways. ``low`` and ``high`` are an interval only
        where ``uncertainty`` is ``ci`` or ``se``; with ``range`` they are the range that the
        authors report. Rows that a correction replaced are
        left out. ``includes_no_effect`` is null where there is no interval.
    """
    shelf = library or load()
    for kind, name, known in (
        ("intervention", intervention, list(shelf.interventions)),
        ("outcome", outcome, list(shelf.outcomes)),
        ("grade", grade, [str(one) for one in Grade]),
    ):
        if name is not None and name not in known:
            raise BadInput(
                f"expected a known {kind}, found {name!r}: use one of {', '.join(known)}"
            )
    rows = [
        row(effect, shelf)
        for effect in shelf.effects.values()
        if intervention in {None, effect.intervention}
        and outcome in {None, effect.outcome}
        and grade in {None, shelf.sources[effect.source_id].grade}
        and verified in {None, effect.verified.at_source}
        and (restated or not effect.restates)
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def row(effect: Effect, library: Library) -> dict[str, Any]:
    """Return one finding with its source, as a row of ``findings``."""
    source = library.sources[effect.source_id]
    made = {name: getattr(effect, name) for name in COLUMNS if hasattr(effect, name)}
    made |= {name: getattr(source, name) for name in _OF_SOURCE}
    made |= {
        "change": change(effect),
        "bearing": bearing(effect, library.outcomes[effect.outcome]),
        "includes_no_effect": includes_no_effect(effect),
        "verified": effect.verified.at_source,
        "verified_in": effect.verified,
        "source_url": source.link,
    }
    return {name: made[name] for name in COLUMNS}


def change(effect: Effect) -> str:
    """Say in a word how the outcome differs."""
    if effect.direction is None:
        return "mixed" if effect.mixed else "no comparison"
    return CHANGES[effect.direction]


def bearing(effect: Effect, outcome: Outcome) -> str:
    """Say what the change means for students, where that is not itself in dispute."""
    if effect.estimand is Estimand.DESCRIPTIVE:
        return "no comparison"
    if effect.direction is None or effect.direction == 0:
        return change(effect)
    if effect.estimand in {Estimand.CONTRAST, Estimand.VARIANT}:
        return "about a difference"
    if outcome.more_is is MoreIs.DISPUTED:
        return "disputed"
    sign = effect.direction if outcome.more_is is MoreIs.BENEFICIAL else -effect.direction
    return BEARINGS[sign]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ids of the findings that bear on a topic, by what they say; nothing left out."""

    topic: str
    label: str
    interventions: tuple[str, ...]
    outcomes: tuple[str, ...]
    by_bearing: dict[str, tuple[str, ...]]
    by_change: dict[str, tuple[str, ...]]

    @property
    def effect_ids(self) -> tuple[str, ...]:
        """Every finding on the topic."""
        return tuple(sorted(number for ids in self.by_bearing.values() for number in ids))


def evidence_for(topic: str, *, library: Library | None = None) -> Evidence:
    """Return the findings that answer a topic, in both directions.

    ``topic`` is an entry of topics.yaml, an intervention, or a claim that a topic names (then
    the findings of all its topics).
    """
    shelf = library or load()
    if topic in shelf.topics:
        wanted = [shelf.topics[topic]]
    else:
        wanted = [one for one in shelf.topics.values() if topic in one.claims]
    if wanted:
        pairs = {
            (intervention, outcome)
            for one in wanted
            for intervention in one.interventions
            for outcome in one.outcomes or shelf.outcomes
        }
        label = "; ".join(one.label for one in wanted)
    elif topic in shelf.interventions:
        pairs = {(topic, name) for name in shelf.outcomes}
        label = shelf.interventions[topic].label
    else:
        claims = {claim for one in shelf.topics.values() for claim in one.claims}
        known = sorted({*shelf.topics, *shelf.interventions, *claims})
        raise BadInput(
            f"expected a topic of the library, found {topic!r}: use one of {', '.join(known)}"
        )
    chosen = [e for e in shelf.effects.values() if (e.intervention, e.outcome) in pairs]
    return Evidence(
        topic=topic,
        label=label,
        interventions=tuple(i for i in shelf.interventions if i in {pair[0] for pair in pairs}),
        outcomes=tuple(o for o in shelf.outcomes if o in {pair[1] for pair in pairs}),
        by_bearing=_group((bearing(e, shelf.outcomes[e.outcome]), e) for e in chosen),
        by_change=_group((change(e), e) for e in chosen),
    )


def _group(pairs: Iterable[tuple[str, Effect]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for name, effect in pairs:
        groups[name] = (*groups.get(name, ()), effect.effect_id)
    return groups


_OF_SOURCE = tuple(
    name
    for name in COLUMNS
    if name in Source.__dataclass_fields__ and name not in Effect.__dataclass_fields__
)
