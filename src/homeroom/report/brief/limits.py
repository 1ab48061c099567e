"""What is known and what is not, and what to know of the figures before relying on them."""

from __future__ import annotations

from homeroom.report.brief.blocks import Block, Points, Section, Sides
from homeroom.report.brief.evidence import OFFICERS, Evidence
from homeroom.report.brief.subject import Subject
from homeroom.report.place_figures import high_schools_only
from homeroom.report.profile import Profile
from homeroom.report.sentences import doubted, reach

_FLAGS = 6
"""Quality flags told: a state has dozens, and the place's page holds them all."""


def quality(about: Subject, page: Profile) -> Section:
    """Set out what the rules doubt and what to know of each collection: right after the figures."""
    flags = sorted(page.flags, key=lambda flag: not flag.startswith(about.wave or "?"))
    more = len(flags) - _FLAGS
    flags = flags[:_FLAGS] or ["No quality rule doubts a figure of this place."]
    if more > 0:
        flags.append(f"And {more} more: the place's page on the website lists all.")
    blocks: list[Block] = [
        Points("What the quality rules found (the figures above still hold it)",
               tuple(_sentence(flag) for flag in flags))
    ]  # fmt: skip
    if page.notes:
        blocks.append(Points("The collections", tuple(page.notes)))
    return Section("quality", "How far to trust the figures", tuple(blocks))


def section(about: Subject, known: Evidence) -> Section:
    """Set known beside unknown."""
    return Section("limits", "What is known, and what is not", (
        Sides(
            Points("Known, as far as the files go", _known(about, known)),
            Points("Not known", _unknown(about, known)),
        ),
    ))  # fmt: skip


def _known(about: Subject, known: Evidence) -> tuple[str, ...]:
    said = []
    table = about.table("arrests")
    if table is not None and table.whole_figure.value is not None:
        where = "" if table.whole_figure.whole else f", in {reach(about.name, table.whole_figure)}"
        doubt = doubted(table.whole_figure)
        said.append(
            f"How many students were arrested or referred to police in {table.wave}{where}, by "
            f"group, as the schools reported it{doubt}."
        )
    if about.staff_wave:
        scope = ""
        if high_schools_only(about.page.staff, about.staff_wave):
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
                f"Studies that can carry an effect found {side} outcomes with officers on: "
                f"{', '.join(outcomes)}. They are of other places and years."
            )
    return tuple(said) or ("The store holds nothing about this place.",)


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
    if not _removal(known):
        said.append("What ending a contract with police changes (see the research above).")
    if about.wave is None:
        said.append("Arrests and referrals here: the store lacks this state's school files.")
    elif about.wave < "2021-22":
        said.append(f"What has happened since {about.wave}: the store has no later wave to use.")
    return tuple(said)


def sentence(known: Evidence) -> str:
    """Say, for the first page, what no file and no study read tells."""
    ending = "" if _removal(known) else ", and what ending a contract with police changes"
    return (
        f"Whether officers deter shootings{ending}: neither these files nor the studies read tell. "
        "The figures show what happened, not what officers or counselors cause."
    )


def _removal(known: Evidence) -> bool:
    return any(known.effects("sro_removal", bearing=one) for one in ("better", "worse"))


def _sentence(text: str) -> str:
    return text if text.endswith((".", ")")) else f"{text}."
