"""What research does not know about a plan, in words instead of numbers."""

from __future__ import annotations

from homeroom.plans.actions import Action, bridges
from homeroom.plans.document import Plan
from homeroom.plans.sizes import sizes, why_not
from homeroom.research.library_files import load
from homeroom.research.schema import Effect, Estimand, Outcome
from homeroom.research.votes import count_votes

SHOOTINGS = (
    "Whether officers or guards deter shootings is not known. They are placed by risk and size, "
    "and only shootings that happened are in the data, not those that did not; so no finding of "
    "the library, in either direction, gives a number that a plan could use{ids}. To see what an "
    "assumption would mean, set a slider (assumptions: outcome shootings)."
)
STANDING = (
    (
        "How fast a change works, how long it lasts, and what another district's staff would make "
        "of it: the studies are of other places and years."
    ),
    (
        "Quality: the findings compare having with not having, and say nothing of how well posts "
        "are filled, trained or led."
    ),
)


def unknowns(plan: Plan) -> list[str]:
    """List what is not known about each thing that the plan changes."""
    acting = [name for name in ("officers", "guards") if getattr(plan, name) is not None]
    acting += [*plan.hire, *(item.what for item in plan.items)]
    said = [SHOOTINGS.format(ids=_ids(_about_shootings()))] if acting else []
    for name in acting:
        action = bridges().actions[name]
        if not action.interventions:
            said.append(f"{action.label}: the library holds no study of them.")
            continue
        found = sizes(name, include_unverified=plan.include_unverified)
        sized = {outcome for outcome, _label in found}
        silent = []
        for asked in bridges().asked:
            outcome = load().outcomes[asked]
            about = [
                effect
                for effect in load().effects.values()
                if effect.intervention in action.interventions and effect.outcome == asked
            ]
            if asked in sized:
                continue
            if about:
                said.append(_counted(plan, action, outcome, about))
            else:
                silent.append(outcome.label.lower())
        if silent:
            said.append(f"{action.label}: no study in the library on {', '.join(silent)}.")
        said += _by_group(action)
        said += _for_a_level(action, found)
    return said + list(STANDING) if acting else said


def _counted(plan: Plan, action: Action, outcome: Outcome, about: list[Effect]) -> str:
    counted = count_votes(about, load(), include_unverified=plan.include_unverified).sentence
    reasons: dict[str, list[str]] = {}
    for effect in about:
        why = why_not(action.id, effect, include_unverified=plan.include_unverified)
        reasons.setdefault(why or "usable", []).append(effect.effect_id)
    told = "; ".join(f"{why} ({', '.join(ids)})" for why, ids in reasons.items())
    return (
        f"{action.label} and {outcome.label.lower()}: no usable size. {counted} The direction is "
        f"that where the thing is present. Why no size is used: {told}."
    )


def _by_group(action: Action) -> list[str]:
    ids = [
        effect.effect_id
        for effect in load().effects.values()
        if effect.intervention in action.interventions and effect.estimand is Estimand.CONTRAST
    ]
    if not ids:
        return []
    return [
        (
            f"{action.label}: whether the change differs between groups of students. Findings on "
            f"that ({', '.join(ids)}) give no size that can be carried over, so every group gets "
            "the same share."
        )
    ]


def _for_a_level(action: Action, found: dict[tuple[str, str], list]) -> list[str]:  # type: ignore[type-arg]
    said = []
    for (_outcome, label), group in found.items():
        levels = {size.level for size in group}
        if None not in levels:
            named = ", ".join(sorted(str(level) for level in levels))
            said.append(
                f"{action.label} and {label}: the sizes are for {named} schools; nothing is "
                "counted for the other schools."
            )
    return said


def _about_shootings() -> list[str]:
    return [
        effect.effect_id
        for effect in load().effects.values()
        if effect.outcome == "shooting_fatalities"
        and effect.intervention in ("sro_presence", "armed_guard_or_plainclothes")
    ]


def _ids(ids: list[str]) -> str:
    return f" ({', '.join(ids)} compares shootings with each other)" if ids else ""
