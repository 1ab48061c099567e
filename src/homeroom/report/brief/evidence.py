"""What research found, on both sides: only designs that can carry an effect, both directions.

A finding counts as an effect here if it was read in the publication itself, compares having the
thing with not having it, and rests on a trial, a cutoff, or changes over time. Cross-sections,
matched comparisons, designs that are not stated, and reviews of such studies are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from homeroom.report.brief.blocks import Points, Section, Sides, Table, Text
from homeroom.research import findings
from homeroom.research.gate import judge
from homeroom.research.library_files import Library, load
from homeroom.research.schema import Design, Grade, Scale
from homeroom.research.summary import at_a_glance, cite

DESIGNS = {
    Design.RCT: "randomised trial",
    Design.FUZZY_RD: "regression discontinuity",
    Design.DID: "difference in differences",
    Design.FE_PANEL: "panel with fixed effects",
    Design.IV: "instrumental variables",
    Design.TIME_SERIES: "interrupted time series",
    Design.MATCHED: "matched comparison",
    Design.CROSS_SECTION: "cross-section",
    Design.META_ANALYSIS: "meta-analysis",
    Design.REVIEW: "review",
    Design.NOT_STATED: "design not stated",
}
OFFICERS = ("sro_presence", "sro_hiring_grant")
_UNITS = {
    Scale.PERCENT_CHANGE: " %",
    Scale.PERCENTAGE_POINTS: " percentage points",
    Scale.SD: " standard deviations",
    Scale.RATE_PER_100: " for every 100 students",
    Scale.COUNT: "",
}
_ASKED = 4
"""Questions answered in one line each: those that people ask most."""
_MOST, _FEW, _EACH = 6, 2, 1
"""Publications told a side, and findings a publication: the same for both sides."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The library's findings, parted by what they can carry."""

    rows: pl.DataFrame
    """Every finding, with ``counts``: whether it may stand for an effect."""
    library: Library

    def effects(self, *interventions: str, bearing: str) -> list[dict[str, Any]]:
        """Return the findings that count, best grade first, then by number."""
        rows = self.rows.filter(
            pl.col("counts")
            & pl.col("intervention").is_in(interventions)
            & (pl.col("bearing") == bearing)
        )
        order = [str(grade) for grade in Grade]
        return sorted(
            rows.to_dicts(), key=lambda row: (order.index(row["grade"]), row["effect_id"])
        )

    def apart(self, *interventions: str) -> int:
        """Count the findings that do not count as effects."""
        return len(
            self.rows.filter(~pl.col("counts") & pl.col("intervention").is_in(interventions))
        )

    def of(self, *families: str) -> tuple[str, ...]:
        """List the interventions of some families."""
        shelf = self.library.interventions.values()
        return tuple(one.id for one in shelf if one.family in families)


def evidence(library: Library | None = None) -> Evidence:
    """Part the findings of the library."""
    shelf = library or load()
    rows = findings(library=shelf)
    firm = [one.effect_id for one in shelf.effects.values() if judge(one, shelf).is_effect]
    return Evidence(rows.with_columns(counts=pl.col("effect_id").is_in(firm)), shelf)


def sentence(known: Evidence) -> str:
    """Say how the stronger findings on officers divide."""
    number = {
        bearing: len(known.effects(*OFFICERS, bearing=bearing))
        for bearing in ("better", "worse", "no clear difference", "disputed")
    }
    return (
        f"Of {sum(number.values())} findings on officers in schools whose design can carry an "
        f"effect, {number['better']} have a better outcome for students, {number['worse']} a worse "
        f"one, {number['no clear difference']} no clear difference, and {number['disputed']} can "
        "be read both ways."
    )


def section(known: Evidence) -> Section:
    """Set out the counts, then the best findings of each side, for officers and alternatives."""
    support = known.of("staff", "practices")
    return Section("research", "What research finds, on both sides", (
        Text(
            f"{sentence(known)} Only studies that follow a change, a cutoff or a draw by lot are "
            "shown: schools that have officers differ from schools that have none, so comparing "
            "the two does not show what officers change. Better and worse go by the outcome alone "
            "(fewer arrests, suspensions or acts of violence, more learning: better). Some see in "
            "an arrest or a referral a need met; each outcome is named, so that readers can judge."
        ),
        _glance(known),
        _sides(known, OFFICERS, ("Officers in schools: better outcomes", ("better",)),
               ("Officers in schools: worse outcomes", ("worse",))),
        _list(known, OFFICERS),
        Text(_removal(known)),
        _sides(known, support, ("Staff and practices: better outcomes", ("better",)),
               ("Staff and practices: no clear difference, or worse",
                ("worse", "no clear difference"))),
        _table(known),
    ))  # fmt: skip


def _glance(known: Evidence) -> Points:
    """Answer the questions that people ask most in one line each, by one rule."""
    found = at_a_glance(library=known.library)[:_ASKED]
    told = [f"{one.label}: {one.headline}" for one in found]
    told.append("Deterrence: nobody has measured it.")
    lead = "What the strongest studies find (graded moderate or better, able to carry an effect)"
    return Points(lead, tuple(told), small=True)


def _sides(
    known: Evidence,
    interventions: tuple[str, ...],
    left: tuple[str, tuple[str, ...]],
    right: tuple[str, tuple[str, ...]],
) -> Sides:
    made = [
        Points(lead, _items(known, interventions, bearings)) for lead, bearings in (left, right)
    ]
    return Sides(*made)


def _items(
    known: Evidence, interventions: tuple[str, ...], bearings: tuple[str, ...]
) -> tuple[str, ...]:
    """Tell the findings a publication at a time; both sides get the same room."""
    items = [_told(known, group) for group in _publications(known, interventions, bearings)]
    most = _most(interventions)
    left_out = len(items) - most
    shown = items[:most]
    if left_out > 0:
        shown.append(f"In the library: {left_out} more of this side.")
    return tuple(shown) or ("None that may stand for an effect.",)


def _most(interventions: tuple[str, ...]) -> int:
    return _MOST if set(interventions) & set(OFFICERS) else _FEW


def _publications(
    known: Evidence, interventions: tuple[str, ...], bearings: tuple[str, ...]
) -> list[list[dict[str, Any]]]:
    """Group the findings of a side by study and intervention, best grade first."""
    rows = [row for one in bearings for row in known.effects(*interventions, bearing=one)]
    order = [str(grade) for grade in Grade]
    rows.sort(key=lambda row: (order.index(row["grade"]), row["effect_id"]))
    by_source: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        study = known.library.sources[row["source_id"]].study
        by_source.setdefault((study, row["intervention"]), []).append(row)
    return [*by_source.values()]


def _told(known: Evidence, rows: list[dict[str, Any]]) -> str:
    first = rows[0]
    label = known.library.interventions[first["intervention"]].label
    said = list(dict.fromkeys(finding(known, row) for row in rows))
    names = ", ".join(dict.fromkeys(cited(row) for row in rows))
    more = f"; and {len(said) - _EACH} more" if len(said) > _EACH else ""
    return (
        f"{label}: {'; '.join(said[:_EACH])}{more}. {names}; {DESIGNS[first['design']]}; "
        f"graded {grade(first['grade'])}."
    )


def finding(known: Evidence, row: dict[str, Any]) -> str:
    """Tell one finding: the outcome, how it differs, by how much where published, for whom."""
    outcome = row["measured"] or known.library.outcomes[row["outcome"]].label.lower()
    about = [part for part in (_size(row), _whom(row["subgroup"])) if part]
    return f"{outcome} {_CHANGES.get(row['change'], row['change'])}" + (
        f" ({'; '.join(about)})" if about else ""
    )


_CHANGES = {"no clear difference": "not clearly different"}


def _whom(subgroup: str) -> str:
    text = subgroup.removeprefix("all").lstrip(" ;,(") if subgroup.startswith("all") else subgroup
    return text.replace(" (", ", ").replace(")", "").strip()


def _size(row: dict[str, Any]) -> str:
    if row["scale"] == Scale.DIRECTION_ONLY:
        return ""
    unit = _UNITS.get(row["scale"])
    kind = "" if unit is not None else f"{str(row['scale']).replace('_', ' ')} "
    if row["uncertainty"] == "range":
        return (
            f"{kind}{_signed(row['low'])} to {_signed(row['high'])}{unit or ''}, a reported range"
        )
    if row["estimate"] is None:
        return ""
    text = f"{kind}{_signed(row['estimate'])}{unit or ''}"
    if row["low"] is not None and row["uncertainty"] in ("ci", "se"):
        text += f", 95% interval {_signed(row['low'])} to {_signed(row['high'])}"
        text += ", which holds no change" if row["includes_no_effect"] else ""
    return text


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "\u2212")


def cited(row: dict[str, Any]) -> str:
    """Name a publication in the short form."""
    return cite(load().sources[row["source_id"]])


def grade(text: str) -> str:
    """Write a grade as words."""
    return text.replace("_", " to ")


def _list(known: Evidence, interventions: tuple[str, ...]) -> Points:
    clear = _items(known, interventions, ("no clear difference",))
    both = _items(known, interventions, ("disputed",))
    none = "None that may stand for an effect."
    return Points(
        "Officers in schools: no clear difference, or readable both ways (more acts, or more acts "
        "noticed)",
        tuple(item for item in (*clear[:_FEW], *both[:_FEW]) if item != none) or (none,),
    )


def _removal(known: Evidence) -> str:
    counted = sum(
        len(known.effects("sro_removal", bearing=one))
        for one in ("better", "worse", "no clear difference", "disputed")
    )
    apart = known.apart("sro_removal")
    if counted:
        return f"On removing officers, {counted} findings may stand for an effect (see the table)."
    return (
        f"On removing officers the library holds {apart} findings, and none of them may stand for "
        "an effect here: they are known from reports about the studies, or compare places at one "
        "time. What ending a contract changes is therefore not known from research of this kind; "
        "it need not be the reverse of what placing officers changes."
    )


_FAMILIES = {
    "Officers in schools, and grants to hire them": OFFICERS,
    "Removing officers": ("sro_removal",),
    "Armed or plainclothes guards": ("armed_guard_or_plainclothes",),
    "Diversion in place of arrest, training of officers": ("police_diversion", "officer_training"),
}
_OTHERS = {
    "Counselors, social workers, nurses, mental health services": "staff",
    "Practices, such as restorative work or mentoring": "practices",
    "Security technology": "technology",
    "Policing outside school (context)": "context",
}


def families(known: Evidence) -> dict[str, tuple[str, ...]]:
    """Group all interventions of the library for a short table."""
    return _FAMILIES | {label: known.of(family) for label, family in _OTHERS.items()}


def _table(known: Evidence) -> Table:
    rows = []
    for label, interventions in families(known).items():
        numbers = [
            len(known.effects(*interventions, bearing=bearing))
            for bearing in ("better", "no clear difference", "worse", "disputed")
        ]
        told = (*numbers, known.apart(*interventions))
        rows.append((label, *(str(n) if n else "–" for n in told)))
    return Table(
        "How many findings there are: a count of directions, which says nothing of size",
        ("", "Better", "No clear difference", "Worse", "Readable both ways",
         "Not counted as effects"),
        tuple(rows), (0.4, 0.1, 0.13, 0.1, 0.13, 0.14), (False, *[True] * 5),
        (("Not counted as effects: associations between schools at one time, comparisons of groups "
         "or of forms, reviews, replaced drafts, and findings known only from a report about the "
         "publication. A publication may hold several findings."),
         ("Randomised trial: a lot decided who got it. Regression discontinuity: places just on "
         "either side of a cutoff. Difference in differences and panel: changes where it came, "
         "against changes where it did not. Grade: how much weight the design can bear, "
         "from strong over moderate and suggestive to weak.")),
    )  # fmt: skip


def named(known: Evidence) -> tuple[str, ...]:
    """List the publications on officers that the section tells of, with their addresses."""
    every = ("better", "worse")
    told = {
        row["source_id"]
        for interventions, sides in (
            (OFFICERS, [(one,) for one in every]),
            (("sro_removal",), [("no clear difference",)]),
        )
        for bearings in sides
        for rows in _publications(known, interventions, bearings)[: _most(interventions)]
        for row in rows
    }
    rows = known.rows.filter(pl.col("counts") & pl.col("source_id").is_in(told)).to_dicts()
    found = {
        row["source_id"]: f"{cited(row)}: {row['source_url'].replace('https://doi.org/', 'doi ')}"
        for row in sorted(rows, key=lambda row: (str(row["authors"]), row["year"] or 0))
    }
    return tuple(found.values())
