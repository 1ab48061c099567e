"""Reader of the school district finance survey (F-33): revenue and spending in US dollars.

Layout: NCES, Common Core of Data, F-33 data file of fiscal year 2018 (tab-separated; comma in
copies by state). Amounts are whole dollars: the file's TOTALREV adds up to 753 billion, as
published for the nation. Negative values are codes: see :mod:`homeroom.vocabulary.finance`.
Service agencies that have no NCES id stand in the file under a made id, with D in its third place
(15 of 18,715 in fiscal year 2018); they are kept as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.tables import TABLES
from homeroom.sources.text import header, one_each, parse_numbers, read_csv, repair_id, require
from homeroom.sources.wholeness import check_end, check_rows
from homeroom.vocabulary.finance import CODES, ITEMS, LARGEST, LARGEST_AMOUNT, PARTS, SUMS

_MARKS = {"LEAID", "CENSUSID", "FIPST", "YEAR", "TOTALREV", "TCURSSVC", "E17"}
_MADE = r"^(\d{2})D(\d{4})$"
_AGAIN = "Take the file from NCES again."


class F33:
    """District finance."""

    id = "f33"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        separator = _separator(file.head)
        names = header(file.head, separator)
        if not set(names) >= _MARKS:
            return None
        row = header(file.head.partition(b"\n")[2], separator)
        found = row[names.index("YEAR")] if len(row) == len(names) else ""
        if not found.isdecimal() or len(found) > 2:
            raise BadInput(
                f"{file.name}: row 2, column YEAR: expected the last two digits of a fiscal year, "
                f"found {found!r}. {_AGAIN}"
            )
        year = int(found)
        wave = str(year + (1900 if year > 80 else 2000))
        return Recognized(file, self, f"F-33 district finance, fiscal year {wave}", "f33", wave)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        file, name = recognized.file, recognized.file.name
        columns = ("LEAID", "FIPST", "YEAR", "NAME", "STABBR", *ITEMS)
        ended = check_end(file, separator := _separator(file.head))
        frame = read_csv(file.data(), name, columns, separator)
        frame = frame.with_columns(
            _leaids(frame["LEAID"], name),
            repair_id(frame["FIPST"], 2, name=name),
            *(parse_numbers(frame[item], pl.Int64, name=name) for item in ITEMS),
        )
        rules = {
            "LEAID": (
                pl.col("LEAID").str.starts_with(pl.col("FIPST")),
                "an id that begins with FIPST",
            ),
            "YEAR": (
                pl.col("YEAR").cast(pl.Int32, strict=False) == int(recognized.wave) % 100,
                "the fiscal year of the first row",
            ),
            **{
                item: ((pl.col(item) >= 0) | pl.col(item).is_in(list(CODES)), "a number or a code")
                for item in ITEMS
            },
        }
        require(frame, rules, name=name)
        numbers = frame.select("LEAID", *ITEMS)
        _check_sums(numbers, name)
        numbers, notes = one_each(numbers, "LEAID", name)
        if made := numbers["LEAID"].str.contains("D").sum():
            notes = (*notes, f"{made} agencies have no NCES id, but a made one with a D in it")
        notes += ended + check_rows(numbers["LEAID"], self.id, recognized.wave, name)
        yield Batch("finance", TABLES["finance"].conform(_long(numbers, recognized.wave)), notes)
        yield Batch("district", TABLES["district"].conform(_districts(frame, recognized.wave)))


READERS = (F33(),)


def _separator(head: bytes) -> str:
    return "\t" if b"\t" in head.split(b"\n", 1)[0] else ","


def _leaids(series: pl.Series, name: str) -> pl.Series:
    made = series.str.contains(_MADE).fill_null(value=False)
    repaired = repair_id(series.str.replace(_MADE, "${1}0${2}"), 7, name=name)
    return series.zip_with(made, repaired)


def _districts(frame: pl.DataFrame, wave: str) -> pl.DataFrame:
    """Name the agencies: some are in no directory. Those without an NCES id have no page."""
    year = int(wave)
    return (
        frame.filter(~pl.col("LEAID").str.contains("D"))
        .select(
            year=pl.lit(f"{year - 1}-{year % 100:02d}"),
            leaid="LEAID",
            name=pl.col("NAME").str.strip_chars(),
            state="STABBR",
        )
        .unique("leaid", keep="first", maintain_order=True)
    )


def _check_sums(numbers: pl.DataFrame, name: str) -> None:
    """Refuse an agency whose parts do not add up to the total, or with more than any agency has.

    In each of the 16,999 agencies with amounts in fiscal year 2018 the sums hold to the dollar; a
    part with a code counts as 0.
    """
    amount = {item: pl.when(pl.col(item) > 0).then(item).otherwise(0) for item in ITEMS}
    rules = {
        total: (
            (pl.col(total) < 0)
            | (pl.sum_horizontal(amount[part] for part in parts) == pl.col(total)),
            f"the sum of {', '.join(parts)}",
        )
        for total, parts in SUMS.items()
    }
    require(numbers, rules, name=name)
    bounds = {
        item: (pl.col(item) <= most, f"at most {most:,}")
        for item in ITEMS
        for most in (LARGEST.get(item, LARGEST_AMOUNT),)
    }
    require(numbers, bounds, name=name)
    within = {
        part: ((pl.col(whole) < 0) | (pl.col(part) <= pl.col(whole)), f"at most its {whole}")
        for whole, parts in PARTS.items()
        for part in parts
    }
    require(numbers, within, name=name)


def _long(numbers: pl.DataFrame, wave: str) -> pl.DataFrame:
    found = pl.col("found")
    return numbers.unpivot(index="LEAID", variable_name="item", value_name="found").select(
        "item",
        fiscal_year=pl.lit(int(wave)),
        leaid="LEAID",
        amount=pl.when(found >= 0).then(found),
        code=pl.when(found < 0).then(found).cast(pl.Int8),
    )
