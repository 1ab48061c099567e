"""The vocabulary of columns: one name for each concept, in every frame, answer, and file.

Row models say what their columns are. What is not in a model (columns that a question makes, such
as those of a statistic, and tables of the store) is said here. A test holds every frame to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from homeroom.evidence.schema import STORE_TABLES
from homeroom.figures.disparities import STATISTICS
from homeroom.figures.gaps import GapRow
from homeroom.figures.officers import OfficerRow
from homeroom.figures.outcomes import OutcomeRow
from homeroom.figures.panel import PanelRow, panel_columns
from homeroom.figures.peers import FEATURES
from homeroom.figures.rates import RateRow
from homeroom.figures.rows import columns
from homeroom.figures.staffing import StaffRow
from homeroom.figures.trend import TrendRow

MODELS = (RateRow, PanelRow, StaffRow, GapRow, OfficerRow, TrendRow, OutcomeRow)
SYNONYMS = {
    "place_id": "place", "id": "place", "events": "count", "rate":
    "rate_per_10000", "value": "rate_per_10000", "explanation": "reason", "why": "reason",
    "district": "leaid", "school_no": "combokey", "year": "wave", "enrollment": "students",
}  # fmt: skip
"""Names that no frame of figures may use, and the name of the concept."""
_WORDS = {
    "rate": "the rate per 10,000 students", "ratio": "the ratio of the two rates",
    "difference": "the difference of the two rates, per 10,000 students",
    "odds_ratio": "the odds ratio", "composition": "the share of events over the share of students",
    "number_to_one": "the number of students to one event",
}  # fmt: skip
OTHERS: dict[str, str] = {
    "other_count": "Students counted among those compared with",
    "other_students": "Students among those compared with",
    "distance": "How unlike the place: the weighted distance of the features; 0 for itself",
    "compared_on": "Features that both places have",
    "score": "How well the name fits what was searched, 0 to 100",
    "within": "Name of a school's district, or a district's county",
    "kind": "nation, state, district, or school",
    "data_version": "Version of the data that the row was made from",
    "figure": "rate (per 10,000 students) or ratio (to white students' rate)",
    **dict.fromkeys(FEATURES, "A feature that places are compared on: see /methods"),
}


def _of_statistics() -> dict[str, str]:
    found = {}
    for one in STATISTICS:
        said = _WORDS[one]
        name = "rate_per_10000" if one == "rate" else one
        found[name] = f"{said[0].upper()}{said[1:]}"
        found[f"{one}_low"] = f"Lower end of the 95 percent interval of {said}"
        found[f"{one}_high"] = f"Upper end of the 95 percent interval of {said}"
        found[f"{one}_reason_id"] = (
            f"Why {said} is missing or weak, as an id; ok where there is nothing to say"
        )
    return found


@cache
def meanings() -> Mapping[str, str]:
    """Return every column's name and meaning."""
    found = {**OTHERS, **_of_statistics(), **panel_columns()}
    for model in reversed(MODELS):
        found |= columns(model)
    return found


def meaning(name: str) -> str | None:
    """Return what a column means, or None where the vocabulary has no such column."""
    return meanings().get(name)


def of_table(name: str) -> Mapping[str, str]:
    """Return the columns of a table of the store, and what they mean."""
    table = STORE_TABLES.get(name)
    return {} if table is None else {one.name: one.doc for one in table.columns}
