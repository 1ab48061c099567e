"""One registry of questions: what each face may be asked, with which parts, and what it answers.

The command line takes its options from here, the API its parameters and the schema of its rows,
and the reference its tables; Python's methods have the same names, parts, and defaults, and a test
holds them to it. A question is added here, as a method of :class:`homeroom.api.Homeroom`, and as a
command that prints it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from homeroom.api import row_types
from homeroom.api.row_types import Columns
from homeroom.context.survey_items import DOMAINS, THEMES
from homeroom.evidence.quality import POLICIES
from homeroom.figures import panel
from homeroom.figures.by_unit import LEVELS
from homeroom.figures.disparities import STATISTICS
from homeroom.figures.gaps import GapRow
from homeroom.figures.officers import OfficerRow
from homeroom.figures.question import AVERAGES, BASES, COMPARATORS, OTHERS, SCHOOLS, SECTION_504
from homeroom.figures.rates import RateRow
from homeroom.figures.rows import Row, columns, schema
from homeroom.figures.staffing import StaffRow
from homeroom.figures.trend import TrendRow
from homeroom.research.schema import Grade
from homeroom.sources.ssocs.items import YEARS, catalogue
from homeroom.vocabulary.groups import AXES, DISABILITIES, SEXES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

ANY = "an id (lea:4808940), a postal code (TX), or a name (Austin ISD)"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a question: an option of the command line, a parameter of Python and the API.

    Attributes
    ----------
    kind
        text, choice, integer, flag, or maybe (yes, no, or nothing said).
    several
        Whether several values may be named: a list in Python, joined by commas elsewhere.
    also
        An older name that the command line and the API take, too.
    """

    name: str
    doc: str
    kind: str = "text"
    default: Any = None
    choices: tuple[str, ...] = ()
    several: bool = False
    required: bool = False
    least: int = 0
    most: int = 0
    longest: int = 120
    example: str | None = None
    also: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that every face answers with the same rows.

    Attributes
    ----------
    name
        Of the command, of the method of :class:`homeroom.api.Homeroom`, and of the address.
    path
        An older address that answers, too, and is the one that documents name.
    columns
        What a row has, typed; None for a question that has one figure for an answer.
    """

    name: str
    summary: str
    parts: tuple[Part, ...]
    columns: Callable[[], Columns] | None
    path: str = ""
    shown: tuple[tuple[str, str], ...] = ()
    """Parts that keep an example small."""
    varies: bool = False
    """Which of the columns there are depends on the question."""

    @property
    def address(self) -> str:
        """Where the API answers."""
        return self.path or f"/{self.name}"


def _of(model: type[Row]) -> Callable[[], Columns]:
    def made() -> Columns:
        kinds = schema(model)
        return {name: (kinds[name](), said) for name, said in columns(model).items()}

    made.__name__ = model.__name__
    return made


def _panel() -> Columns:
    kinds = panel.types()
    return {name: (kinds[name], said) for name, said in panel.panel_columns().items()}


MEASURE = Part("measure", "What is counted.", "choice", "arrests", tuple(MEASURES))
OUTCOME = Part(
    "measure", "What is counted.", "choice", "arrests",
    tuple(one.id for one in MEASURES.values() if one.by_race and one.id != "enrollment"),
)  # fmt: skip
PLACE = Part("place", f"A place: {ANY}.", default="US", example="lea:4808940")
WAVE = Part(
    "wave", "Wave of the Civil Rights Data Collection; the latest usable one if none is named.",
    "choice", None, tuple(WAVES),
)  # fmt: skip
POLICY = Part("policy", " ".join(POLICIES.values()), "choice", "published", tuple(POLICIES))
BASIS = Part(
    "basis", "OCR's state table (default for nation and states, where one exists), or sums over "
    "the schools in the store.", "choice", None, BASES,
)  # fmt: skip
SECTION504 = Part(
    "section504", "Whether totals include students under Section 504 only, who have no race.",
    "choice", "with", SECTION_504,
)  # fmt: skip
BY = Part("by", f"Axes to break down by, joined by commas: {', '.join(AXES)}.", default=(),
          choices=tuple(AXES), several=True, longest=40)  # fmt: skip
LEVEL = Part("level", "Kind of places; schools need a state or district in `within`.", "choice",
             "state", LEVELS)  # fmt: skip
WITHIN = Part("within", f"Only places inside this one: {ANY}.", default="US")

QUESTIONS: dict[str, Asked] = {
    one.name: one
    for one in (
        Asked("rate", "Counts and rates by group",
              (MEASURE, PLACE, WAVE, BY, POLICY, BASIS, SECTION504), _of(RateRow), "/rates"),
        Asked("ratio", "A group's risk divided by another's, with an interval", (
            OUTCOME,
            Part("group", "Group, pooled with + and crossed with /: black+hispanic, black/male.",
                 default="black"),
            Part("versus", f"Another group, or {OTHERS}.", default="white"),
            PLACE, WAVE,
            Part("comparator", "Another group, or the same group in schools without officers.",
                 "choice", "group", COMPARATORS),
            Part("sex", "Sex.", "choice", "all", ("all", *SEXES)),
            Part("disability", "Disability part.", "choice", "all", ("all", *DISABILITIES)),
            SECTION504, POLICY, BASIS,
            Part("average", "Sum over schools, or mean of their rates.", "choice", "pooled",
                 AVERAGES),
            Part("schools", "Which schools.", "choice", "all", SCHOOLS),
        ), None),
        Asked("disparity", "Disparities of every place of a level", (
            OUTCOME, WAVE, LEVEL, WITHIN,
            Part("by", f"Axes joined by commas, the first compared on: {', '.join(AXES)}.",
                 default=("race",), choices=tuple(AXES), several=True, longest=40),
            Part("versus", "A category of the first axis, or others.", default=OTHERS, longest=40),
            Part("statistics", f"What to compute, joined by commas: {', '.join(STATISTICS)}.",
                 default=("rate", "ratio"), choices=STATISTICS, several=True, longest=80,
                 also="statistic"),
            POLICY, BASIS, SECTION504,
        ), row_types.disparity, "/disparities", varies=True),
        Asked("panel", "A tidy panel: places, waves, measures, and groups, with staff and ids to "
              "join by", (
            Part("measures", f"Measures joined by commas: {', '.join(MEASURES)}.",
                 default=("arrests",), choices=tuple(MEASURES), several=True, longest=200),
            Part("waves", f"Waves joined by commas: {', '.join(WAVES)}; every wave if none is "
                 "named.", default=(), choices=tuple(WAVES), several=True),
            BY, Part("level", LEVEL.doc, "choice", "district", LEVELS), WITHIN, POLICY, SECTION504,
        ), _panel, shown=(("within", "CO"),)),
        Asked("staff", "Adults, and students for each", (PLACE, WAVE, POLICY), _of(StaffRow)),
        Asked("trend", "A measure over the waves, breaks marked", (OUTCOME, PLACE, POLICY),
              _of(TrendRow)),
        Asked("gaps", "Students in schools with police and without support staff",
              (PLACE, WAVE, POLICY), _of(GapRow)),
        Asked("officers", "Schools with officers beside schools without: an association, not an "
              "effect", (OUTCOME, PLACE, WAVE, POLICY), _of(OfficerRow)),
        Asked("peers", "Places most like a place", (
            Part("place", f"A district or a state: {ANY}.", required=True, example="lea:4808940"),
            Part("count", "How many.", "integer", 10, least=1, most=100),
            Part("same_state", "Only of the same state.", "flag", default=False),
        ), row_types.peers),
        Asked("survey", "What principals report nationwide, with 95% intervals", (
            Part("item", "A question, as in officer or threat_assessment.", "choice",
                 choices=tuple(one.id for one in catalogue().items), example="officer"),
            Part("theme", "All questions of a theme, instead of one.", "choice",
                 choices=tuple(THEMES)),
            Part("domain", "How schools are grouped.", "choice", "all", tuple(DOMAINS)),
            Part("year", "Spring of the survey.", "integer", least=min(YEARS), most=max(YEARS)),
        ), row_types.survey),
        Asked("shootings", "School shootings by school year, and what the counts cannot show", (),
              row_types.shootings),
        Asked("claims", "The catalogue of claims", (), row_types.claims),
        Asked("research", "What studies found, on both sides", (
            Part("intervention", "For example sro_presence.", longest=60, example="sro_presence"),
            Part("outcome", "For example school_arrests.", longest=60, example="school_arrests"),
            Part("grade", "How much weight the design bears.", "choice",
                 choices=tuple(str(one) for one in Grade)),
            Part("verified", "yes: only what was read in the publication itself; no: only what was "
                 "not.", "maybe"),
        ), row_types.research),
    )
}  # fmt: skip
"""Every question that rows or a figure answer, by its name."""


def json_schema(asked: Asked) -> dict[str, Any] | None:
    """Return the JSON schema of a row of the answer; None where the answer is one figure."""
    if asked.columns is None:
        return None
    found = asked.columns()
    return {
        "title": title
        if (title := asked.columns.__name__).endswith("Row")
        else f"{asked.name.capitalize()}Row",
        "type": "object",
        "required": [name for name in found if not asked.varies],
        "properties": {
            name: _schema(kind) | {"description": said} for name, (kind, said) in found.items()
        },
    }


def _schema(kind: pl.DataType) -> dict[str, Any]:
    if isinstance(kind, pl.List):
        return {"type": "array", "items": {"type": "string"}}
    if kind == pl.Boolean:
        return {"type": ["boolean", "null"]}
    plain = "integer" if kind.is_integer() else "number" if kind.is_numeric() else "string"
    return {"type": [plain, "null"]}
