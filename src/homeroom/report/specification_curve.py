"""The specification curve: a claim's figure under every definition at the place it speaks of.

After Simonsohn, Simmons and Nelson 2020, "Specification curve analysis", Nature Human Behavior
4:1208-1214: estimates sorted by size, and below them the choices that each rests on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from homeroom.claims import wording
from homeroom.claims.checked import Checked
from homeroom.claims.definitions import Definition
from homeroom.claims.multiverse import Multiverse
from homeroom.errors import NotAvailable
from homeroom.report.curve_drawing import ELSEWHERE, FITS, SAME_PLACE, STATED, Options, drawn
from homeroom.report.picture import Picture
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

_MOST = 110
"""More marks than this cannot be told apart."""


def specification_curve(checked: Checked, names: dict[str, str] | None = None) -> Picture:
    """Draw a checked claim.

    Raises
    ------
    NotAvailable
        No definition gave a number, so there is no curve.
    """
    found = checked.found
    if found is None or not np.isfinite(found.values[:, 0]).any():
        raise NotAvailable(
            "expected a claim with figures, found none to draw: the claim cannot be tested with "
            "these data"
        )
    at = _chosen(found)
    if not at:
        raise NotAvailable("expected figures of the claim's place, found none to draw")
    rows = _rows(found, at)
    title = _title(found, names or {})
    kept = _held(found, at)

    return Picture(
        title, _note(checked, rows), _source(found, at), _described(checked, rows, title), rows,
        lambda look: drawn(rows, kept, found.reading, look),
    )  # fmt: skip


def _chosen(found: Multiverse) -> list[int]:
    """Pick the definitions at the stated place, thinned evenly, and the nearest elsewhere."""
    known = np.isfinite(found.values[:, 0]) & found.mask("stated_place")
    at = np.flatnonzero(known)
    at = at[np.argsort(found.values[at, 0], kind="stable")]
    if len(at) > _MOST:
        fits = at[found.mask("fits")[at]]
        at = np.append(fits, at[np.unique(np.linspace(0, len(at) - 1, _MOST).astype(int))])
    position = {definition: number for number, definition in enumerate(found.definitions)}
    near = [position[one.definition] for one in found.nearest()]
    stated = [0] if np.isfinite(found.values[0, 0]) else []
    chosen = dict.fromkeys([*stated, *at.tolist(), *(near if found.reached[:, 0].any() else [])])
    return sorted(chosen, key=lambda number: float(found.values[number, 0]))


def _rows(found: Multiverse, at: list[int]) -> pl.DataFrame:
    place = found.reading.question.place

    def kind(number: int, definition: Definition) -> str:
        if number == 0:
            return STATED
        if definition.fits:
            return FITS
        return SAME_PLACE if definition.question.place == place else ELSEWHERE

    return pl.DataFrame(
        {
            "rank": list(range(len(at))),
            "value": found.values[at, 0],
            "low": found.values[at, 1],
            "high": found.values[at, 2],
            "kind": [kind(number, found.definitions[number]) for number in at],
            "definition": [wording.definition(found.definitions[number].question) for number in at],
            "note": [found.evaluated.figure(number).note for number in at],
        },
        schema_overrides={"note": pl.String},
    ).with_columns(pl.col("low", "high").fill_nan(None))


def _held(found: Multiverse, at: list[int]) -> Options:
    """Return the choices that some of the definitions share and others do not."""
    options: Options = []
    questions = [found.definitions[number].question for number in at]
    base = found.reading.question

    def offer(name: str, test: Any) -> None:
        holds = [bool(test(question)) for question in questions]
        if any(holds) and not all(holds):
            options.append((name, holds))

    for measure in dict.fromkeys(q.measure for q in questions):
        offer(MEASURES[measure].label, lambda q, m=measure: q.measure == m)
    for group in dict.fromkeys(q.group for q in questions):
        label = wording.group(group, base)
        offer(label[0].upper() + label[1:], lambda q, g=group: q.group == g)
    for versus in dict.fromkeys((q.versus, q.comparator) for q in questions):
        sample = next(q for q in questions if (q.versus, q.comparator) == versus)
        if sample.versus or sample.comparator == "same_group":
            name = (
                "the same group, no officer"
                if versus[1] == "same_group"
                else "all other students"
                if versus[0] == "others"
                else wording.group(versus[0], base)
            )
            offer(f"against {name}", lambda q, v=versus: (q.versus, q.comparator) == v)
    for wave in sorted({q.wave for q in questions}):
        offer(wave + (" (pandemic)" if WAVES[wave].pandemic else ""), lambda q, w=wave: q.wave == w)
    for name, attribute, value in _TECHNICAL:
        offer(name, lambda q, a=attribute, v=value: getattr(q, a) == v)
    offer("another place", lambda q: q.place != base.place)
    return options


_TECHNICAL = (
    ("sums over schools", "basis", "schools"),
    ("figures in doubt left out", "policy", "screened"),
    ("without Section 504 students", "section504", "without"),
    ("mean of school rates", "average", "mean_of_schools"),
    ("regular schools alone", "schools", "regular"),
    ("schools with grade 12", "schools", "high"),
    ("schools with an officer", "schools", "with_officer"),
    ("schools without an officer", "schools", "without_officer"),
    ("students under IDEA alone", "disability", "idea"),
    ("students without disabilities alone", "disability", "wodis"),
)


def _title(found: Multiverse, names: dict[str, str]) -> str:
    """Say how many definitions reach the value, of those that decide the verdict."""
    counts = found.mask("fits") & found.solid
    reaching = int((found.reached[:, 0] & counts).sum())
    where = wording.place(found.reading.question.place, names)
    claimed = wording.stated(found.reading)
    many = int(counts.sum())
    if not many:
        return f"No figure that could decide for {where} whether {claimed} holds"
    share = {0: "None of", many: "All"}.get(reaching, f"{reaching} of")
    verb = "reaches" if reaching in (0, 1) else "reach"
    if many == 1:
        end = "reaches" if reaching else "does not reach"
        return f"The one definition for {where} that fits the claim's words {end} {claimed}"
    return f"{share} the {many} definitions for {where} that fit the claim's words {verb} {claimed}"


def _note(checked: Checked, rows: pl.DataFrame) -> str:
    whole, left = checked.multiverse, checked.left_out
    text = (
        f"Marks: one definition each ({len(rows)} shown, sorted by size), with 95 percent "
        "intervals where they exist; below, the choices behind each. Of all "
        f"{whole.definitions:,} definitions and interval bounds in every place, {whole.reaching:,} "
        "reach the stated value."
    )
    for number, why in (
        (left.doubtful, "quality rules doubt their figures"),
        (left.partial, "their figures cover a part of the place only"),
    ):
        if number:
            text += f" Definitions that fit the words but do not count, since {why}: {number}."
    if whole.reaching and checked.nearest and checked.nearest[0]["reaches"]:
        near = checked.nearest[0]
        note = f"; {near['note']}" if near["note"] else ""
        text += f" The nearest that does: {near['definition']} ({near['value']:.1f}{note})."
    return text


def _source(found: Multiverse, at: list[int]) -> str:
    waves = sorted({found.definitions[number].question.wave for number in at})
    return (
        "Source: US Department of Education, Office for Civil Rights, Civil Rights Data Collection "
        f"{', '.join(waves)}; computed by Homeroom."
    )


def _described(checked: Checked, rows: pl.DataFrame, title: str) -> str:
    stated = ""
    if checked.value is not None and checked.figure is not None:
        note = f" ({checked.figure.note})" if checked.figure.note else ""
        stated = f" The stated definition gives {checked.value:.2f}{note}."
    numbers = rows["value"].to_list()
    return (
        f"Specification curve. {title}.{stated} {len(rows)} definitions are shown, from "
        f"{min(numbers):.2f} to {max(numbers):.2f}; the claim states "
        f"{checked.stated_value:g}."
    )
