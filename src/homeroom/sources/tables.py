"""The tidy tables that readers yield, and that the store keeps: one definition of each.

``number`` columns hold NCES ids as integers for sorting and range filters; every view, frame and
face shows them as the zero-padded strings that NCES defines.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from homeroom.errors import BadInput


@dataclass(frozen=True, slots=True)
class Column:
    """Name, type and plain meaning; ``null`` says what an empty value means, if one may occur."""

    name: str
    type: type[pl.DataType]
    doc: str
    null: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A tidy table: ``key`` names the columns that identify a row."""

    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return ``frame`` with this table's columns, order and types; absent columns are null.

        Raises
        ------
        BadInput
            A column that may not be null is absent or has nulls, or one is unknown.
        """
        known = {column.name for column in self.columns}
        if extra := set(frame.columns) - known:
            raise BadInput(f"table {self.name}: unknown columns {sorted(extra)}")
        frame = frame.select(
            (pl.col(column.name) if column.name in frame.columns else pl.lit(None))
            .cast(column.type)
            .alias(column.name)
            for column in self.columns
        )
        for column in self.columns:
            if column.null is None and frame[column.name].null_count():
                raise BadInput(f"table {self.name}: column {column.name} has empty values")
        return frame


_INT, _LONG, _FLOAT, _TEXT, _BOOL = pl.Int32, pl.Int64, pl.Float64, pl.String, pl.Boolean


def _wave(what: str = "CRDC wave, as in 2017-18") -> Column:
    return Column("wave", _TEXT, what)


_SCHOOL = Column("school_no", _LONG, "COMBOKEY as a number: see vocabulary.ids")
_CODE = Column("code", pl.Int8, "Reserve code found instead of a number", "a number was published")
_SCHOOL_YEAR = Column("school_year", _TEXT, "School year, as in 2017-18")
_GUARDED = Column(
    "guarded", _BOOL,
    "True: an officer or guard was recorded as present; false: recorded as not present or unknown",
    "the file leaves the field empty, as it does for most shootings since 2018-19",
)  # fmt: skip
_CASUALTIES = (
    Column("incidents", _INT, "Shootings"),
    Column("killed", _INT, "People killed, the shooter not counted"),
    Column("injured", _INT, "People injured, the shooter not counted"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "school", "A school in one wave or year, as the publication describes it.",
            ("wave", "school_no"),
            (
                _wave("CRDC wave, or school year of the directory"), _SCHOOL,
                Column("name", _TEXT, "School name as published"),
                Column("lea_name", _TEXT, "Name of the LEA as published", "not given"),
                Column("state", _TEXT, "Postal code of the state"),
                Column("low_grade", pl.Int8, "Lowest grade: -1 PK, 0 KG, 1 to 12", "ungraded"),
                Column("high_grade", pl.Int8, "Highest grade: -1 PK, 0 KG, 1 to 12", "ungraded"),
                Column("juvenile", _BOOL, "A long-term juvenile justice facility", "not given"),
                Column("alternative", _BOOL, "An alternative school", "not given"),
                Column("charter", _BOOL, "A charter school", "not given"),
                Column("magnet", _BOOL, "A magnet school or program", "not given"),
                Column("special", _BOOL, "A special education school", "not given"),
            ),
        ),
        Table(
            "district", "An LEA as one directory describes it.", ("year", "leaid"),
            (
                Column("year", _TEXT, "School year of the directory, as in 2018-19"),
                Column("leaid", _TEXT, "7-digit NCES id"),
                Column("name", _TEXT, "Name of the LEA as published"),
                Column("state", _TEXT, "Postal code"),
                Column("city", _TEXT, "City of the office", "not given"),
                Column("county", _TEXT, "County name", "not given"),
                Column("county_fips", _TEXT, "5-digit county FIPS number", "not given"),
                Column("locale", _TEXT, "NCES locale code, 11 city-large to 43 rural-remote",
                       "not given"),
                Column("latitude", _FLOAT, "Degrees north of the office", "not given"),
                Column("longitude", _FLOAT, "Degrees east of the office", "not given"),
                Column("lea_type", _TEXT, "Kind of agency, in the publisher's words", "not given"),
                Column("open", _BOOL, "Operating in that year", "not given"),
            ),
        ),
        Table(
            "answered", "A school's row in one module of one wave: that the school was asked.",
            ("wave", "module", "school_no"),
            (
                _wave(), Column("module", _TEXT, "CRDC module, as in referrals_arrests"), _SCHOOL,
            ),
        ),
        Table(
            "cell",
            "One published cell of counts that is not zero. A cell that is absent is an observed "
            "zero if `answered` holds the school and module, and `unanswered` does not hold the "
            "part.",
            ("wave", "school_no", "cell_id"),
            (
                _wave(), _SCHOOL,
                Column("cell_id", pl.Int16, "Number of the cell column: see `cell_column`"),
                Column("value", _INT, "Count, at least 1", "see code"),
                _CODE,
            ),
        ),
        Table(
            "unanswered",
            "A school and part of an element of which every cell holds a reserve code.",
            ("wave", "school_no", "element", "disability"),
            (
                _wave(), _SCHOOL,
                Column("element", _TEXT, "CRDC element"),
                Column("disability", _TEXT, "wodis, idea, s504, nonidea or any"),
                Column("code", pl.Int8, "The reserve code; the gravest, where the cells differ"),
            ),
        ),
        Table(
            "zero_block",
            "A school and part of an element of which every cell holds a skip code that stands "
            "for zero, as where the school entered zero incidents (see `code_meaning`).",
            ("wave", "school_no", "element", "disability"),
            (
                _wave(), _SCHOOL,
                Column("element", _TEXT, "CRDC element"),
                Column("disability", _TEXT, "wodis, idea or s504"),
                Column("code", pl.Int8, "Code found where the block is a structural zero"),
            ),
        ),
        Table(
            "staff", "Full-time equivalents of a role in a school.", ("wave", "school_no", "role"),
            (
                _wave(), _SCHOOL,
                Column("role", _TEXT, "Role id, as in counselor"),
                Column("fte", _FLOAT, "Full-time equivalents", "see code"),
                _CODE,
                Column("skip_code", pl.Int8,
                       "Code found where fte is a structural zero: the school was not asked, "
                       "because it had answered that it has none (see `code_meaning`)",
                       "fte was published, or is unknown"),
            ),
        ),
        Table(
            "school_total",
            "Students of a school where a publication gives a total and no groups "
            "(the compiled high-school files).",
            ("wave", "school_no"),
            (
                _wave(), _SCHOOL,
                Column("students", _INT, "Students enrolled", "see code"), _CODE,
            ),
        ),
        Table(
            "official_estimate", "OCR's State and National Estimations.",
            ("wave", "state", "element", "disability", "race", "sex"),
            (
                _wave(),
                Column("state", _TEXT, "Postal code, or US"),
                Column("element", _TEXT, "Measure id, or OFFENSE element"),
                Column("disability", _TEXT,
                       "all (with and without), idea, s504, wodis, or dis (IDEA and 504)"),
                Column("race", _TEXT, "Race id, or all"),
                Column("sex", _TEXT, "male, female or all"),
                Column("value", _LONG, "Students, or incidents for offenses", "see note"),
                Column("note", _TEXT, "Why there is no number, as in '1-3'", "a number was given"),
                Column("schools", _INT, "Schools that the figure speaks for", "not given"),
                Column("reporting", _FLOAT, "Percent of schools that reported", "not given"),
            ),
        ),
        Table(
            "official_staff", "OCR's state tables of support staff.",
            ("wave", "state", "level", "role"),
            (
                _wave(), Column("state", _TEXT, "Postal code, or US"),
                Column("level", _TEXT, "elementary, middle or high"),
                Column("role", _TEXT, "Role id"),
                Column("fte", _FLOAT, "Full-time equivalents", "not given"),
                Column("schools_with", _INT, "Schools with any", "not given"),
                Column("schools", _INT, "Schools of the level", "not given"),
                Column("reporting", _FLOAT, "Percent of schools that reported", "not given"),
            ),
        ),
        Table(
            "finance", "School district finance (F-33).", ("fiscal_year", "leaid", "item"),
            (
                Column("fiscal_year", _INT, "Fiscal year, as in 2018"),
                Column("leaid", _TEXT, "7-digit NCES id; a few agencies have a made one with a D"),
                Column("item", _TEXT, "Survey item, as in E17"),
                Column("amount", _LONG, "US dollars; students for V33", "see code"),
                _CODE,
            ),
        ),
        Table(
            "poverty", "Children and poverty (SAIPE).", ("year", "leaid"),
            (
                Column("year", _INT, "Year of the estimate"),
                Column("leaid", _TEXT, "7-digit NCES id"),
                Column("name", _TEXT, "Name of the district as published"),
                Column("population", _LONG, "Total population",
                       "the Census API gives none for districts in recent years"),
                Column("children", _LONG, "Children 5 to 17"),
                Column("children_poverty", _LONG, "Of those, related children in poverty"),
            ),
        ),
        Table(
            "wage", "Wages by state and occupation (OEWS), all industries.",
            ("year", "state", "occupation"),
            (
                Column("year", _INT, "May of the year"),
                Column("state", _TEXT, "Postal code, or US"),
                Column("occupation", _TEXT, "SOC code, as in 21-1012"),
                Column("title", _TEXT, "Occupation"),
                Column("employment", _LONG, "People employed", "see note"),
                Column("mean", _LONG, "Mean annual wage, US dollars", "see note"),
                Column("median", _LONG, "Median annual wage, US dollars", "see note"),
                Column("note", _TEXT, "Which number is absent, and why BLS gives none",
                       "every number is given, or the file leaves it empty"),
            ),
        ),
        Table(
            "survey_estimate",
            "SSOCS: weighted share of public schools (or total), with jackknife standard error.",
            ("year", "item", "domain", "category"),
            (
                Column("year", _INT, "Spring of the survey's school year, as in 2018 for 2017-18"),
                Column("item", _TEXT, "Id of the question, the same over years"),
                Column("domain", _TEXT, "all, level, locale, size or minority"),
                Column("category", _TEXT, "Category of the domain, or all"),
                Column("unit", _TEXT, "percent (of schools), count, or mean"),
                Column("estimate", _FLOAT, "Weighted estimate in the unit", "too few schools"),
                Column("se", _FLOAT, "Jackknife standard error in the unit", "too few schools"),
                Column("n", _INT, "Schools in the sample that were asked (unweighted)"),
                Column("variable", _TEXT, "Variable of the file, as in C0610"),
            ),
        ),
        Table(
            "incident_year", "School shootings as counts (The Washington Post).",
            ("school_year", "guarded", "kind"),
            (
                _SCHOOL_YEAR, _GUARDED,
                Column("kind", _TEXT, "Type of shooting, as in targeted"),
                *_CASUALTIES,
            ),
        ),
        Table(
            "incident_size", "School shootings as counts by enrollment (The Washington Post).",
            ("school_year", "guarded", "enrollment"),
            (
                _SCHOOL_YEAR, _GUARDED,
                Column("enrollment", _TEXT,
                       "Students at the school: under_500, 500_to_999 or 1000_or_more",
                       "not given"),
                *_CASUALTIES,
                Column("fatal", _INT, "Shootings in which anyone but the shooter was killed"),
            ),
        ),
    )
}  # fmt: skip
