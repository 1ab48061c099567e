"""Places like this one: who they are, by which features, and where this place's rate stands."""

from __future__ import annotations

from typing import Any

from homeroom.figures import peers as alike
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.figures.nearest import Near, near
from homeroom.report.brief.axis import Axis, straight
from homeroom.report.brief.blocks import Block, Dot, Plot, Section, Text
from homeroom.report.brief.students import DOUBTFUL
from homeroom.report.brief.subject import Subject
from homeroom.report.names import readable
from homeroom.report.sentences import figure, reach, standing
from homeroom.vocabulary.states import STATES


def around(about: Subject) -> Near | None:
    """Find the peers that the brief shows, with both rates of each."""
    if about.area.kind not in ("district", "state") or about.wave is None:
        return None
    return near(
        about.store, about.area.place_id, about.wave, ("arrests", "referrals"),
        policy=about.policy,
    )  # fmt: skip


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
    arrests, referrals = found.figures["arrests"], found.figures["referrals"]
    sure = [one.value for one in arrests if one.value is not None and not one.doubtful]
    axis = straight(max(sure, default=0) * 1.05)
    names = [_name(about, row, kept=found.state is not None) for row in found.rows]
    rows = [
        _dot(name, row, pair, axis, here=at == 0)
        for at, (name, row, pair) in enumerate(
            zip(names, found.rows, zip(arrests, referrals, strict=True), strict=True)
        )
    ]
    told = "; ".join(
        f"{dot.label}: {dot.cells[1] if dot.at is not None else dot.note}" for dot in rows
    )
    return Plot(
        f"School-related arrests for every 10,000 students, {about.wave}: {about.name} and its "
        "peers",
        f"Dot plot of arrest rates of {about.name} and its peers, {about.wave}: {told}.",
        ("", "arrests for every 10,000", "Students", "Arrests", "Referrals"),
        tuple(rows), axis.ticks, (0.36, 0.25, 0.11, 0.14, 0.14), tuple(_notes(found, names)),
    )  # fmt: skip


def _notes(found: Near, names: list[str]) -> list[str]:
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
            "half have arrest figures in the store."
        )
    if any(one.value is None for one in found.figures["arrests"]):
        notes.append(
            "No figure: the store lacks the school files of that state, or the place did not "
            "report."
        )
    return [*notes, *_remarks(found, names)]


def _remarks(found: Near, names: list[str]) -> list[str]:
    """Say why figures are doubtful, and which speak for part of a place only."""
    told: dict[str, list[str]] = {}
    for figures in found.figures.values():
        for name, one in zip(names, figures, strict=True):
            doubt = wording.because(one.doubts)
            what = one.question.measure
            if doubt and one.value is not None:
                told.setdefault(doubt, []).append(f"{name}, {what}")
            if not one.whole and one.value is not None:
                told.setdefault(f"the figure of {reach(name, one)}", []).append(f"{name}, {what}")
    return [f"{'; '.join(dict.fromkeys(who))}: {text}." for text, who in told.items()]


def _name(about: Subject, row: dict[str, Any], *, kept: bool) -> str:
    if row["place"] == about.area.place_id:
        return about.name
    state = "" if about.area.kind == "state" or kept else f" ({row['state']})"
    return readable(str(row["name"])) + state


def _dot(
    name: str, row: dict[str, Any], pair: tuple[Figure, Figure], axis: Axis, *, here: bool
) -> Dot:
    arrests = pair[0]
    cells = (f"{row['students']:,}", *(_cell(one) for one in pair))
    if arrests.value is None:
        return Dot(name, cells, note="no figure", strong=here)
    return Dot(
        name, cells, axis.at(arrests.value), strong=here, doubtful=arrests.doubtful,
        cut=arrests.value > axis.high,
    )  # fmt: skip


def _cell(one: Figure) -> str:
    if one.value is None:
        return "–"
    mark = f" ({DOUBTFUL})" if one.doubtful else "" if one.whole else " (part)"
    return f"{figure(one.value)}{mark}"
