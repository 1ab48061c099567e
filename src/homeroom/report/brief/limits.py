"""What is known and what is not, and what to know of the figures before relying on them."""

from __future__ import annotations

from homeroom.report.brief.blocks import Block, Points, Section, Sides
from homeroom.report.brief.evidence import OFFICERS, Evidence
from homeroom.report.brief.subject import Subject
from homeroom.report.place_figures import high_schools_only
from homeroom.report.profile import Profile
from homeroom.vocabulary.waves import WAVES


def section(about: Subject, page: Profile, known: Evidence) -> Section:
    """Set known beside unknown, then the quality flags and the notes on each collection."""
    blocks: list[Block] = [
        Sides(
            Points("Known, as far as the files go", _known(about, known)),
            Points("Not known", _unknown(about, known)),
        )
    ]
    flags = page.flags or ["No quality rule doubts a figure of this place."]
    blocks.append(
        Points("Quality of the figures: what the rules found (the figures above still hold them):",
               tuple(_sentence(flag) for flag in flags))
    )  # fmt: skip
    waves = sorted({row["wave"] for row in (*about.outcomes, *about.staff)})
    if waves:
        blocks.append(
            Points("The collections:", tuple(f"{wave}: {WAVES[wave].note}" for wave in waves))
        )
    return Section("limits", "What is known, and what is not", tuple(blocks))


def _known(about: Subject, known: Evidence) -> tuple[str, ...]:
    said = []
    if about.wave:
        said.append(
            f"How many students were arrested or referred to police in {about.wave}, by group, as "
            "the schools reported it."
        )
    if about.staff_wave:
        scope = ""
        if high_schools_only(about.staff, about.staff_wave):
            scope = ", in high schools"
        said.append(f"How many adults of each kind worked there in {about.staff_wave}{scope}.")
    better = known.effects(*OFFICERS, bearing="better")
    worse = known.effects(*OFFICERS, bearing="worse")
    for side, rows in (("better", better), ("worse", worse)):
        outcomes = dict.fromkeys(
            known.library.outcomes[row["outcome"]].label.lower() for row in rows
        )
        if outcomes:
            said.append(
                f"Studies that can carry an effect found officers {side} for students on: "
                f"{', '.join(outcomes)}. They worked in other places and years."
            )
    return tuple(said) or ("Nothing about this place is in the files at hand.",)


def _unknown(about: Subject, known: Evidence) -> tuple[str, ...]:
    said = [
        (
            "Whether officers deter shootings. Officers are placed by size and risk, shootings are "
            "rare, and attacks that never came are in no file."
        ),
        (
            "What the arrests were for, and whether an officer of the school made them: the "
            "collection does not ask."
        ),
        (
            "How large any effect would be here: most studies found a direction and no size, "
            "elsewhere."
        ),
    ]
    if not known.effects("sro_removal", bearing="better") + known.effects(
        "sro_removal", bearing="worse"
    ):
        said.append("What ending a contract with police changes (see the research above).")
    if about.wave is None:
        said.append("Arrests and referrals here: the school files of this state are not at hand.")
    elif about.wave < "2021-22":
        said.append(f"What has happened since {about.wave}: later school files are not at hand.")
    return tuple(said)


def _sentence(text: str) -> str:
    return text if text.endswith((".", ")")) else f"{text}."
