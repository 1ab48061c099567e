"""Reader of SAIPE as tables give it: the Census API's answer, and CSV files made from it.

Layout: US Census Bureau, API ``timeseries/poverty/saipe/schdist``: an array of arrays in JSON whose
first row names the variables. ``SAEPOV5_17V_PT`` are children 5 to 17, ``SAEPOV5_17RV_PT`` related
children 5 to 17 in poverty, ``SAEPOVALL_PT`` the population (older years only). The district stands
in a column named by its kind, "school district (unified)", "(elementary)" or "(secondary)". Copies
have the same columns under plain names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.as_published import raw, raw_head
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.tables import TABLES
from homeroom.sources.text import header, one_each, parse_numbers, read_csv, repair_id, require
from homeroom.sources.wholeness import check_end, check_rows

_NAMES = {
    "sd_name": "name", "district_name": "name", "name": "name",
    "time": "year", "year": "year",
    "state": "state", "state_fips": "state", "fips": "state", "state_fips_code": "state",
    "geoid": "leaid", "leaid": "leaid",
    "district_id": "district",
    "saepovall_pt": "population", "est_total_pop": "population",
    "est_population_total": "population", "estimated_total_population": "population",
    "saepov5_17v_pt": "children", "est_pop_5_17": "children",
    "est_population_5_17": "children", "estimated_population_5_17": "children",
    "saepov5_17rv_pt": "children_poverty", "est_pop_5_17_poverty": "children_poverty",
    "est_population_5_17_poverty": "children_poverty",
}  # fmt: skip
"""Heading, in small letters with one _ for what is no letter or digit, to what it holds."""
_OFFICIAL = {
    "name": "SD_NAME",
    "year": "time",
    "state": "state",
    "district": "school district",
    "children": "SAEPOV5_17V_PT",
    "children_poverty": "SAEPOV5_17RV_PT",
}
_COUNTS = ("population", "children", "children_poverty")
_DISTRICT = "school_district"
_YEARS = re.compile(r"(?:19|20)\d\d")
_ADVICE = (
    "Ask the Census API for SD_NAME, SAEPOV5_17V_PT and SAEPOV5_17RV_PT with one year as time, or "
    "take the workbook ussd23.xls of that year."
)


class SaipeTable:
    """Poverty by school district, from the API or a table made from it."""

    id = "saipe"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        if not _is_saipe(_headings(file)):
            return None
        frame, _ = _frame(file)
        if gone := [name for name in _OFFICIAL if name not in frame.columns]:
            wanted = " and ".join(_OFFICIAL[name] for name in gone)
            raise BadInput(
                f"{file.name}: a table of SAIPE (poverty by school district), in which {wanted} "
                f"was expected and is missing. {_ADVICE}"
            )
        years = frame["year"].str.replace(r"\.0+$", "").unique().sort().to_list()
        if len(years) != 1 or not _YEARS.fullmatch(str(years[0])):
            raise BadInput(
                f"{file.name}: expected SAIPE of one year, as in 2022, found {years[:4]}. {_ADVICE}"
            )
        return Recognized(file, self, f"SAIPE school districts, {years[0]}", "saipe", years[0])

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name = recognized.file.name
        frame, ended = _frame(recognized.file)
        if "population" not in frame.columns:
            frame = frame.with_columns(population=pl.lit(None, dtype=pl.String))
        state = repair_id(frame["state"], 2, name=name)
        district = repair_id(frame["district"], 5, name=name)
        table = frame.select(
            pl.col("name").str.strip_chars(),
            *(parse_numbers(frame[c], pl.Int64, name=name) for c in _COUNTS),
            leaid=state + district,
        )
        _check(table, name)
        table, notes = one_each(table, "leaid", name)
        notes += ended + check_rows(table["leaid"], self.id, recognized.wave, name)
        if "population" not in _headings_of(recognized.file):
            notes += ("the total population is not in the file",)
        table = table.with_columns(year=pl.lit(int(recognized.wave)))
        yield Batch("poverty", TABLES["poverty"].conform(table), notes)


READERS = (SaipeTable(),)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", heading.strip().casefold()).strip("_")


def _headings(file: SourceFile) -> list[str]:
    """List the headings of JSON or text; none where the file is something else."""
    start = raw_head(file).lstrip(b"\xef\xbb\xbf \r\n\t")
    if not start.startswith(b"["):
        return header(file.head)
    first = start[1:].lstrip().partition(b"]")[0] + b"]"
    try:
        names = json.loads(first)
    except ValueError:
        return []
    return [str(name) for name in names]


def _is_saipe(headings: list[str]) -> bool:
    plain = {_plain(heading) for heading in headings}
    poor = {heading for heading, means in _NAMES.items() if means == "children_poverty"}
    place = {"district_id", "geoid", "leaid"} & plain or any(
        heading.startswith(_DISTRICT) for heading in plain
    )
    return bool(plain & poor) and bool(place)


def _headings_of(file: SourceFile) -> set[str]:
    return {_NAMES.get(_plain(heading), "") for heading in _headings(file)}


def _frame(file: SourceFile) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the table with plain names, as text, and what was found at the end of the file."""
    if raw_head(file).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"["):
        notes: tuple[str, ...] = ()
        frame = _from_json(raw(file), file.name)
    else:
        notes = check_end(file)
        frame = read_csv(file.data(), file.name)
    columns: dict[str, pl.Expr] = {}
    kinds = []
    for heading in frame.columns:
        plain = _plain(heading)
        if plain.startswith(_DISTRICT) and frame[heading].str.contains(r"^\d+(\.0)?$").any():
            kinds.append(pl.col(heading))
        elif (means := _NAMES.get(plain)) and means not in columns:
            columns[means] = pl.col(heading)
    if kinds:
        columns["district"] = pl.coalesce(kinds)
    if "leaid" in columns and not {"state", "district"} <= columns.keys():
        whole = repair_id(frame.select(columns["leaid"].alias("GEOID")).to_series(), 7)
        frame = frame.with_columns(whole.alias("GEOID"))
        columns["state"] = pl.col("GEOID").str.head(2)
        columns["district"] = pl.col("GEOID").str.tail(5)
    columns.pop("leaid", None)
    return frame.select(expr.alias(name) for name, expr in columns.items()), notes


def _from_json(data: bytes, name: str) -> pl.DataFrame:
    try:
        rows = json.loads(data.decode("utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{name}: expected JSON of the Census API, whole to its last bracket, found damage "
            f"({error}). Ask the API again."
        ) from error
    widths = {len(row) if isinstance(row, list) else -1 for row in rows}
    if len(widths) != 1 or -1 in widths:
        raise BadInput(
            f"{name}: expected rows of JSON as wide as the first, found widths {sorted(widths)}. "
            "Ask the API again."
        )
    text = [[None if cell is None or cell == "" else str(cell) for cell in row] for row in rows[1:]]
    return pl.DataFrame(text, schema=[(str(n), pl.String) for n in rows[0]], orient="row")


def _check(table: pl.DataFrame, name: str) -> None:
    rules = {
        "name": (pl.col("name").is_not_null(), "a name"),
        "children_poverty": (
            pl.col("children_poverty").is_between(0, pl.col("children")),
            "a count of at most the children 5 to 17",
        ),
        "children": (
            pl.col("population").is_null() | (pl.col("children") <= pl.col("population")),
            "at most the total population",
        ),
    }
    require(table, rules, name=name)
