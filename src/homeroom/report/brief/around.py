"""Places like this one: who they are, by which features, and where this place's rate stands."""

from __future__ import annotations

from typing import Any

from homeroom.figures import peers as alike
from homeroom.figures.nearest import Near, near
from homeroom.report.brief.axis import Axis, straight
from homeroom.report.brief.blocks import Block, Dot, Plot, Section, Text
from homeroom.report.brief.students import number
from homeroom.report.brief.subject import Subject
from homeroom.report.names import readable
from homeroom.report.sentences import standing
from homeroom.vocabulary.states import STATES


def around(about: Subject) -> Near | None:
    """Find the peers that the brief shows, with both rates of each."""
    if about.area.kind not in ("district", "state") or about.wave is None:
        return None
    return near(
        about.con, about.area.place_id, about.wave, ("arrests", "referrals"), policy=about.policy
    )


def sentence(about: Subject, found: Near | None) -> str:
    """Say where the place's arrest rate stands among its peers."""
    if found is None or about.wave is None:
        return ""
    return standing(about.name, about.area.kind, about.wave, found, "arrests")


def section(about: Subject, found: Near | None) -> Section | None:
    """Set out the peers in the order of their likeness."""
    if found is None:
        return None
    blocks: list[Block] = []
    said = sentence(about, found)
    if said:
        blocks.append(Text(said))
    blocks.append(_plot(about, found))
    return Section("peers", "Places like this one", tuple(blocks))


def _plot(about: Subject, found: Near) -> Plot:
    arrests = _rates(found, "arrests")
    referrals = _rates(found, "referrals")
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


def _rates(found: Near, measure: str) -> dict[str, float | None]:
    stands = found.standing(measure)
    return {**stands["peers"], found.rows[0]["place_id"]: stands["rate_per_10000"]}


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
    label = about.name if here else readable(row["name"]) + state
    cells = (
        f"{row['students']:,}",
        number(rate) if rate is not None else "–",
        number(other) if other is not None else "–",
    )
    if rate is None:
        return Dot(label, cells, note="no file at hand", strong=here)
    return Dot(label, cells, axis.at(rate), strong=here)
