"""Tables and views of the store: the readers' tables, plus where each row came from."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import polars as pl

from homeroom.sources.tables import TABLES, Column, Table
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.status import CODE_MEANINGS

SCHEMA_VERSION = 5
READABLE = (SCHEMA_VERSION,)
"""Versions with the tables of this one. Version 5 keeps apart the blocks that are zero by a skip
code (`zero_block`), knows aliases of places and which districts OCR counts as one, and keeps what a
build refused, changed, and found in conflict, with a checksum of each table."""

_SQL = {
    pl.String: "VARCHAR", pl.Int8: "TINYINT", pl.Int16: "SMALLINT", pl.Int32: "INTEGER",
    pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN",
}  # fmt: skip

_SOURCE = Column("source_id", pl.Int16, "The file behind the row: see `source_file`")

STORE_TABLES: dict[str, Table] = {
    **{
        table.name: Table(table.name, table.doc, table.key, (*table.columns, _SOURCE))
        for table in TABLES.values()
    },
    **{
        table.name: table
        for table in (
            Table(
                "source_file", "A file that rows of the store were read from.", ("source_id",),
                (
                    Column("source_id", pl.Int16, "Number of the file in this store"),
                    Column("publication", pl.String, "Publication id"),
                    Column("title", pl.String, "What the file was recognized as"),
                    Column("wave", pl.String, "CRDC wave, or year of the publication"),
                    Column("name", pl.String, "File name; archive:member within a ZIP"),
                    Column("sha256", pl.String, "SHA-256 of the file (of the ZIP for a member)"),
                    Column("bytes", pl.Int64, "Size of that file"),
                ),
            ),
            Table(
                "build_note", "What was repaired, dropped or left unmatched in a build.", (),
                (
                    Column("name", pl.String, "File or step"),
                    Column("note", pl.String, "In words"),
                ),
            ),
            Table(
                "build_file", "A file that a build was given, and what became of it.", (),
                (
                    Column("name", pl.String, "File name; archive:member within a ZIP"),
                    Column("outcome", pl.String,
                           "read, refused, or left out (a copy, or what Homeroom does not read)"),
                    Column("detail", pl.String, "What it was recognized as, or why it was refused"),
                    Column("sha256", pl.String, "SHA-256 of the file", "not read"),
                ),
            ),
            Table(
                "build_change",
                "What a file did to one module, beside the starter facts: it replaces only the "
                "schools that it contains.",
                (),
                (
                    Column("name", pl.String, "File name"),
                    Column("wave", pl.String, "CRDC wave, or year of the publication"),
                    Column("module", pl.String, "CRDC module, school_support, or a table"),
                    Column("unit", pl.String, "schools, or rows of a table without schools"),
                    Column("added", pl.Int64, "Not in the starter facts"),
                    Column("replaced", pl.Int64, "Taken instead of starter facts"),
                    Column("kept", pl.Int64,
                           "Starter facts that stand, in the states that the file speaks of"),
                    Column("repeated", pl.Int64, "Left out: another file gave the same figures"),
                ),
            ),
            Table(
                "build_conflict",
                "A figure that two files gave differently; neither file was taken.",
                (),
                (
                    Column("wave", pl.String, "CRDC wave; empty for other publications"),
                    Column("subject", pl.String, "COMBOKEY of the school, or key of the row"),
                    Column("item", pl.String, "Which figure"),
                    Column("first_file", pl.String, "File name"),
                    Column("first_value", pl.String, "Value or reserve code in that file"),
                    Column("second_file", pl.String, "File name"),
                    Column("second_value", pl.String, "Value or reserve code in that file"),
                ),
            ),
            Table(
                "cell_column", "The kinds of cells: what `cell.cell_id` stands for.", ("cell_id",),
                (
                    Column("cell_id", pl.Int16, "Number of the cell column"),
                    Column("module", pl.String, "CRDC module"),
                    Column("element", pl.String, "CRDC element"),
                    Column("disability", pl.String, "wodis, idea, s504, nonidea or any"),
                    Column("race", pl.String, "Race id, or none"),
                    Column("sex", pl.String, "male, female, nonbinary, or none"),
                ),
            ),
            Table(
                "measure_element",
                "The elements that a measure adds up. An element may belong to several measures.",
                ("measure", "element"),
                (
                    Column("measure", pl.String, "Measure id"),
                    Column("element", pl.String, "CRDC element"),
                    Column("module", pl.String, "CRDC module of the element"),
                ),
            ),
            Table(
                "measure_part",
                "The disability parts that add up to all students of a measure.",
                ("measure", "part"),
                (
                    Column("measure", pl.String, "Measure id"),
                    Column("part", pl.String, "wodis, idea, s504, nonidea or any"),
                ),
            ),
            Table(
                "code_meaning",
                "Reserve codes whose meaning differs for one question of one wave.",
                ("wave", "subject", "code"),
                (
                    Column("wave", pl.String, "CRDC wave"),
                    Column("subject", pl.String, "Role id, or CRDC element of the question"),
                    Column("code", pl.Int8, "Reserve code"),
                    Column("status", pl.String, "structural_zero, missing or suppressed"),
                    Column("meaning", pl.String, "In words"),
                    Column("source", pl.String, "Where the publisher says so"),
                ),
            ),
            Table(
                "place", "Nation, states, districts and schools: one row each.", ("place_id",),
                (
                    Column("place_id", pl.String, "US, US-TX, lea:4808940, school:480894000123"),
                    Column("kind", pl.String, "nation, state, district or school"),
                    Column("name", pl.String, "Name for people"),
                    Column("state", pl.String, "Postal code", "the nation"),
                    Column("leaid", pl.String, "7-digit NCES id", "nation and states"),
                    Column("parent", pl.String, "The district that OCR counts this one within",
                           "a place that OCR counts by itself"),
                    Column("school_no", pl.Int64, "COMBOKEY as a number", "not a school"),
                    Column("lea_name", pl.String, "Name of a school's district", "not a school"),
                    Column("city", pl.String, "City of the office", "not given"),
                    Column("county", pl.String, "County", "not given"),
                    Column("locale", pl.String, "NCES locale code", "not given"),
                    Column("latitude", pl.Float64, "Degrees north", "not given"),
                    Column("longitude", pl.Float64, "Degrees east", "not given"),
                    Column("low_grade", pl.Int8, "Lowest grade, -1 PK, 0 KG", "not given"),
                    Column("high_grade", pl.Int8, "Highest grade", "not given"),
                    Column("students", pl.Int64, "Students in the latest wave with a count",
                           "no count in the store"),
                ),
            ),
            Table(
                "place_alias", "Further names of a place, which a search finds.",
                ("place_id", "alias"),
                (
                    Column("place_id", pl.String, "As in `place`"),
                    Column("alias", pl.String, "A name that people or files use"),
                    Column("source", pl.String, "Who uses it"),
                ),
            ),
            Table(
                "nonresponse",
                "Parts of a measure that a school did not report: an element of the part holds "
                "nothing but reserve codes, or no file in the store asks the school. A school of "
                "preschool alone that skipped a question on later grades is a structural zero and "
                "has no row. The view `silent` has the schools that reported no part at all.",
                ("wave", "measure", "part", "school_no"),
                (
                    Column("wave", pl.String, "CRDC wave"),
                    Column("measure", pl.String, "Measure id"),
                    Column("part", pl.String, "wodis, idea, s504, nonidea or any"),
                    Column("school_no", pl.Int64, "COMBOKEY as a number"),
                    Column("code", pl.Int8, "Reserve code found; the gravest, where they differ",
                           "no file in the store asks"),
                    Column("whole", pl.Boolean,
                           "True: no element of the part was reported; false: some elements were, "
                           "so that their sum would lack the others"),
                ),
            ),
            Table(
                "school_size", "Students of each school: its enrollment cells, else a total.",
                ("wave", "school_no"),
                (
                    Column("wave", pl.String, "CRDC wave"),
                    Column("school_no", pl.Int64, "COMBOKEY as a number"),
                    Column("students", pl.Int64, "Students enrolled"),
                ),
            ),
            Table(
                "quality_flag",
                "A school's figure that a quality rule doubts. Policy `screened` takes it as "
                "missing.",
                ("rule", "wave", "school_no", "subject"),
                (
                    Column("rule", pl.String, "Rule id: see `homeroom describe --rules`"),
                    Column("wave", pl.String, "CRDC wave"),
                    Column("school_no", pl.Int64, "COMBOKEY as a number"),
                    Column("subject", pl.String, "Measure or role whose figure is doubted"),
                    Column("detail", pl.String, "The figures that gave rise to the flag"),
                    Column("amount", pl.Float64, "Events or full-time equivalents doubted",
                           "while a build is under way"),
                    Column("students", pl.Int64, "Students of the school, 0 if unknown",
                           "while a build is under way"),
                ),
            ),
        )
    },
}  # fmt: skip


def create_sql(name: str) -> str:
    """Return the CREATE TABLE statement of one table; a reserve code can never stand as a value."""
    table = STORE_TABLES[name]
    columns = [
        f"{column.name} {_SQL[column.type]}{'' if column.null else ' NOT NULL'}"
        for column in table.columns
    ]
    names = {column.name for column in table.columns}
    for value in ("value", "fte", "students", "amount"):
        if value in names and "code" in names:
            columns.append(f"CHECK (({value} IS NULL) <> (code IS NULL))")
            columns.append("CHECK (code < 0)")
            if value != "amount":
                columns.append(f"CHECK ({value} >= 0)")
    if "skip_code" in names:
        columns.append("CHECK (skip_code IS NULL OR fte = 0)")
    return f"CREATE TABLE {name} ({', '.join(columns)})"


def views_sql() -> str:
    """Return the statements that make the views."""
    return (files("homeroom.evidence") / "views.sql").read_text(encoding="utf-8")


def code_meanings() -> pl.DataFrame:
    """Return the contents of `code_meaning`, from the vocabulary."""
    role_of = {role.element: role.id for role in ROLES.values()}
    rows = [
        (m.wave, role_of.get(m.element, m.element), m.code, str(m.status), m.meaning, m.source)
        for meanings in CODE_MEANINGS.values()
        for m in meanings
    ]
    return _frame("code_meaning", rows)


def cell_columns() -> pl.DataFrame:
    """Return the contents of `cell_column`, from the vocabulary."""
    rows = [
        (c.id, ELEMENTS[c.element].module, c.element, c.disability, c.race, c.sex) for c in CELLS
    ]
    return _frame("cell_column", rows)


def measure_elements() -> pl.DataFrame:
    """Return the contents of `measure_element`, from the vocabulary."""
    rows = [(m.id, e, ELEMENTS[e].module) for m in MEASURES.values() for e in m.elements]
    return _frame("measure_element", rows)


def measure_parts() -> pl.DataFrame:
    """Return the contents of `measure_part`, from the vocabulary."""
    return _frame("measure_part", [(m.id, part) for m in MEASURES.values() for part in m.parts])


def _frame(table: str, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    names = [column.name for column in STORE_TABLES[table].columns]
    return pl.DataFrame(rows, schema=names, orient="row")
