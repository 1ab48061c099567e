"""The columns of answers that no row model holds: typed, with what they mean."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from homeroom.context import survey as surveys
from homeroom.figures.columns import meaning
from homeroom.figures.disparities import STATISTICS, statistic_columns
from homeroom.figures.peers import FEATURES
from homeroom.research.query import COLUMNS as FINDINGS
from homeroom.vocabulary.groups import AXES

Columns = Mapping[str, tuple[pl.DataType, str]]
_TEXT, _WHOLE, _NUMBER = pl.String(), pl.Int64(), pl.Float64()
_OF_SURVEY: dict[str, pl.DataType] = {
    "year": _WHOLE, "n": _WHOLE, "estimate": _NUMBER, "se": _NUMBER, "low": _NUMBER,
    "high": _NUMBER,
}  # fmt: skip


def disparity() -> Columns:
    """Return the columns of a disparity; those of axes and statistics depend on the question."""
    plain = {
        "place": _TEXT, "name": _TEXT, "state": _TEXT, "wave": _TEXT,
        **dict.fromkeys(AXES, _TEXT), "count": _WHOLE, "students": _WHOLE, "other_count": _WHOLE,
        "other_students": _WHOLE,
    }  # fmt: skip
    for one in STATISTICS:
        value, low, high, reason = statistic_columns(one)
        plain |= {value: _NUMBER, low: _NUMBER, high: _NUMBER, reason: _TEXT}
    plain |= {"coverage": _NUMBER, "doubtful": pl.Boolean(), "basis": _TEXT, "note": _TEXT}
    return {name: (kind, meaning(name) or name) for name, kind in plain.items()}


def peers() -> Columns:
    """Return the columns of peers."""
    plain: dict[str, pl.DataType] = {
        "place": _TEXT, "name": _TEXT, "state": _TEXT, "students": _WHOLE, "distance": _NUMBER,
        "compared_on": _WHOLE,
    }  # fmt: skip
    whole = ("grades", "urban", "urban_size")
    return {
        **{name: (kind, meaning(name) or name) for name, kind in plain.items()},
        "students": (_WHOLE, "Students in the latest wave with a count"),
        **{
            one.id: (_WHOLE if one.id in whole else _NUMBER, one.label) for one in FEATURES.values()
        },
    }


def survey() -> Columns:
    """Return the columns of the survey of principals."""
    return {name: (_OF_SURVEY.get(name, _TEXT), said) for name, said in surveys.COLUMNS.items()}


def claims() -> Columns:
    """Return the columns of the catalogue of claims."""
    return {
        "id": (_TEXT, "Id of the claim"),
        "wording": (_TEXT, "The claim, as it was made"),
        "speaker": (_TEXT, "Who made it"),
        "role": (_TEXT, "What they were at the time"),
        "said_in": (_TEXT, "Where it was said"),
        "kind": (_TEXT, "What kind of claim it is"),
        "would_test": (_TEXT, "What would test it"),
        "cannot": (_TEXT, "Why these data can't test it; null where they can"),
        "research": (pl.List(pl.String), "Questions of the library that bear on it"),
    }


def research() -> Columns:
    """Return the columns of findings."""
    return {name: (kind(), name.replace("_", " ").capitalize()) for name, kind in FINDINGS.items()}


def shootings() -> Columns:
    """Return the columns of the counts of school shootings."""
    return {
        "school_year": (_TEXT, "School year, or all"),
        "presence": (_TEXT, "What is recorded on officers and guards, or all"),
        "incidents": (_WHOLE, "Shootings"),
        "killed": (_WHOLE, "People killed"),
        "injured": (_WHOLE, "People injured"),
        "low": (_NUMBER, "Lower end of the exact 95 percent interval of the expected number"),
        "high": (_NUMBER, "Upper end of that interval"),
        "method": (_TEXT, "Id of the interval's method"),
        "partial": (pl.Boolean(), "Whether the file has a part of the school year only"),
        "source": (_TEXT, "Publication, file and SHA-256"),
    }
