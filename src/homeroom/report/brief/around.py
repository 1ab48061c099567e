"""Places like this one: who they are, by which features, and where this place's rate stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homeroom.errors import HomeroomError
from homeroom.measures import peers as alike
from homeroom.report.brief.axis import Axis, straight
from homeroom.report.brief.blocks import Block, Dot, Plot, Section, Text
from homeroom.report.brief.students import number
from homeroom.report.brief.subject import Subject, shown
from homeroom.vocabulary.states import STATES

_COUNT = 10


@dataclass(frozen=True, slots=True)
class Around:
    """The peers, and both rates of each."""

    rows: list[dict[str, Any]]
    arrests: dict[str, Any]
    referrals: dict[str, Any]
    state: str | None
    """The state that the peers were kept to, or None."""


def around(about: Subject) -> Around | None:
    """Find peers anywhere; where most of them lack figures, in the same state.

    That second choice is made from what is at hand, never from what the figures say.
    """
    wave = about.wave
    if about.area.kind not in ("district", "state") or wave is None:
        return None
    try:
        everywhere = _peers(about, wave, same_state=False)
        if everywhere.arrests["peers_with_a_rate"] * 2 >= _COUNT or about.area.kind == "state":
            return everywhere
        near = _peers(about, wave, same_state=True)
    except HomeroomError:
        return None
    more = near.arrests["peers_with_a_rate"] > everywhere.arrests["peers_with_a_rate"]
    return near if more else everywhere


def _peers(about: Subject, wave: str, *, same_state: bool) -> Around:
    place = about.area.place_id
    frame = alike.peers(about.con, place, count=_COUNT, same_state=same_state)
    others = frame["place_id"][1:].to_list()
    stands = [
        alike.standing(about.con, place, others, measure, wave, policy=about.policy)
        for measure in ("arrests", "referrals")
    ]
    arrests, referrals = stands
    state = about.facts["state"] if same_state else None
    return Around(frame.to_dicts(), arrests, referrals, state)


def sentence(about: Subject, found: Around | None) -> str | None:
    """Say where the place's arrest rate stands among its peers."""
    if found is None or found.arrests["rate_per_10000"] is None:
        return None
    known = found.arrests["peers_with_a_rate"]
    if not known:
        return None
    where = f" in {STATES[found.state]}" if found.state else ""
    kind = "states" if about.area.kind == "state" else "districts"
    lower, equal = found.arrests["lower"], found.arrests["equal"]
    higher = known - lower - equal
    return (
        f"Of the {len(found.rows) - 1} {kind}{where} most like {about.name}, {known} have figures "
        f"at hand for {about.wave}: {lower} of them had a lower arrest rate, {higher} a higher one"
        + (f", {equal} the same." if equal else ".")
    )


def section(about: Subject, found: Around | None) -> Section | None:
    """Set out the peers in the order of their likeness."""
    if found is None:
        return None
    blocks: list[Block] = []
    said = sentence(about, found)
    if said:
        blocks.append(Text(said))
    blocks.append(_plot(about, found))
    return Section("peers", "Places like this one", tuple(blocks))


def _plot(about: Subject, found: Around) -> Plot:
    place = about.area.place_id
    arrests = {**found.arrests["peers"], place: found.arrests["rate_per_10000"]}
    referrals = {**found.referrals["peers"], place: found.referrals["rate_per_10000"]}
    axis = straight(max((rate for rate in arrests.values() if rate is not None), default=0) * 1.05)
    rows = [
        _dot(about, row, arrests, referrals, axis, kept=found.state is not None)
        for row in found.rows
    ]
    told = "; ".join(
        f"{dot.label}: {dot.cells[1] if dot.at is not None else dot.note}" for dot in rows
    )
    labels = [one.label.split(" (")[0] for one in alike.FEATURES.values()]
    features = [label[0].lower() + label[1:] for label in labels]
    notes = [
        (
            "In the order of likeness, judged on features that the rates play no part in: "
            f"{'; '.join(features)}."
        )
    ]
    if found.state:
        notes.append(
            f"Kept to {STATES[found.state]}: of the most alike places in the country fewer than "
            "half have arrest figures in the files at hand."
        )
    if any(arrests[row["place_id"]] is None for row in found.rows):
        notes.append(
            "No file at hand: the school files of that state are not in the store, or the place "
            "did not report."
        )
    return Plot(
        f"School-related arrests for every 10,000 students, {about.wave}: {about.name} and its "
        "peers",
        f"Dot plot of arrest rates of {about.name} and its peers, {about.wave}: {told}.",
        ("", "arrests for every 10,000", "Students", "Arrests", "Referrals"),
        tuple(rows), axis.ticks, (0.36, 0.29, 0.13, 0.11, 0.11), tuple(notes),
    )  # fmt: skip


def _dot(
    about: Subject,
    row: dict[str, Any],
    arrests: dict[str, float | None],
    referrals: dict[str, float | None],
    axis: Axis,
    *,
    kept: bool,
) -> Dot:
    key = row["place_id"]
    here = key == about.area.place_id
    rate, other = arrests[key], referrals[key]
    state = "" if about.area.kind == "state" or kept else f" ({row['state']})"
    label = about.name if here else shown(row["name"]) + state
    cells = (
        f"{row['students']:,}",
        number(rate) if rate is not None else "–",
        number(other) if other is not None else "–",
    )
    if rate is None:
        return Dot(label, cells, note="no file at hand", strong=here)
    return Dot(label, cells, axis.at(rate), strong=here)
