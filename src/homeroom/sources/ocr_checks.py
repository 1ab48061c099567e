"""Whether the figures of an OCR workbook keep the sums that every one of OCR's workbooks keeps.

A workbook may be damaged and still open: one changed bit makes 18,320 of 18,321. But each figure
stands in several sums. In the 31 workbooks of 2011-12, 2015-16 and 2017-18 these hold without
exception: races (and the students served only under Section 504) add up to the total, IDEA and
Section 504 to the students with disabilities, male and female to all students, and the states'
schools to the nation's. States add up to the nation exactly from 2015-16 on; in 2011-12 the nation
was added before small figures were masked. What OCR itself published unequal is listed here.
"""

from __future__ import annotations

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.ocr_titles import named_sex
from homeroom.sources.ocr_workbook import TAKE_AGAIN
from homeroom.vocabulary.groups import ALL

UNEQUAL_COPIES = {("2015-16", "iss"): {"IL", "US"}, ("2015-16", "oss"): {"IL", "US"}}
"""Wave and element to states whose figures differ from sheet to sheet in OCR's own workbook."""

UNEQUAL_PARTS = {
    ("2015-16", "iss", "US", 255), ("2015-16", "iss", "IL", 255),
    ("2015-16", "oss", "US", 387), ("2015-16", "oss", "IL", 192), ("2015-16", "oss", "MI", 121),
    ("2015-16", "oss", "NJ", 74), ("2015-16", "referrals", "US", 324),
    ("2015-16", "referrals", "MN", 324),
}  # fmt: skip
"""Wave, element, state, and by how much OCR's sheets with and without disabilities exceed all."""

FIGURES_WITH_COPIES = {
    ("2011-12", "corporal_punishment"): 70, ("2011-12", "expulsions_with_services"): 70,
}  # fmt: skip
"""Wave and element to figures of a state, where OCR's workbook has a copy for one sheet."""

CHECKED_WAVES = frozenset({"2011-12", "2015-16", "2017-18"})
"""Waves of which every workbook was checked, so that the two lists above are complete."""

_SEXES = frozenset((ALL, "male", "female"))
_MASK, _MASKED_AS = "1-3", 2
_MASKING = 3
"""How far a masked figure of 2011-12 may lie from what was added to the nation's."""
_SHEET = ("sheet", "wave", "element", "sex")


def check(rows: pl.DataFrame) -> None:
    """Refuse a workbook in which figures contradict each other.

    Parameters
    ----------
    rows
        Rows of the table ``official_estimate`` as the sheets have them, with a column ``sheet``.

    Raises
    ------
    BadInput
        A sum does not hold; the message names sheet, state and both numbers.
    """
    masked = pl.col("note") == _MASK
    found = rows.with_columns(value=pl.when(masked).then(_MASKED_AS).otherwise("value"))
    _check_schools(found)
    _check_races(found)
    _check_disabilities(found)
    _check_nation(found)
    _check_sheets_of_sexes(found)


def check_settled(frame: pl.DataFrame) -> None:
    """Refuse male and female that miss the total, once copies are settled.

    Raises
    ------
    BadInput
        As :func:`check`.
    """
    masked = pl.col("note") == _MASK
    found = frame.with_columns(value=pl.when(masked).then(_MASKED_AS).otherwise("value"))
    if found["sex"].n_unique() < 3:
        return
    key = ["wave", "element", "disability", "race", "state"]
    sexes = found.pivot("sex", index=key, values="value").drop_nulls(["male", "female", ALL])
    wrong = sexes.filter(pl.col("male") + pl.col("female") != pl.col(ALL))
    for row in wrong.iter_rows(named=True):
        raise BadInput(
            f"expected male and female to add up to the total of {row['element']}/"
            f"{row['disability']}/{row['race']} in {row['state']}, found {row['male']:,} + "
            f"{row['female']:,} and {row[ALL]:,}. {TAKE_AGAIN}"
        )


def check_copies(torn: pl.DataFrame) -> None:
    """Refuse figures that differ from sheet to sheet where OCR's own do not.

    Parameters
    ----------
    torn
        Keys of the figures that differ, with ``copies`` in words.
    """
    for row in torn.iter_rows(named=True):
        known = UNEQUAL_COPIES.get((row["wave"], row["element"]), set())
        if row["wave"] in CHECKED_WAVES and row["state"] not in known:
            raise BadInput(
                f"expected the same figure in every sheet for {row['element']}/"
                f"{row['disability']}/{row['race']}/{row['sex']} in {row['state']}, found "
                f"{row['copies']}. {TAKE_AGAIN}"
            )


def part_notes(frame: pl.DataFrame) -> list[str]:
    """Name the states whose sheets with and without disabilities miss the total.

    Raises
    ------
    BadInput
        They miss it where OCR's own do not.
    """
    parts = frame.filter(pl.col("race") == ALL, pl.col("sex") == ALL).pivot(
        "disability", index=["wave", "element", "state"], values="value"
    )
    if not {"all", "dis", "wodis"} <= set(parts.columns):
        return []
    gaps = parts.with_columns(gap=pl.col("dis") + pl.col("wodis") - pl.col("all"))
    notes = []
    for row in gaps.filter(pl.col("gap") != 0).iter_rows(named=True):
        known = (row["wave"], row["element"], row["state"], row["gap"]) in UNEQUAL_PARTS
        if row["wave"] in CHECKED_WAVES and not known:
            raise BadInput(
                f"expected the students with and without disabilities to add up to all students, "
                f"found {row['gap']:+,} in {row['element']}, {row['state']}. {TAKE_AGAIN}"
            )
        notes.append(
            f"OCR's sheets with and without disabilities give {row['gap']:+,} over the total: "
            f"{row['element']}, {row['state']}"
        )
    return notes


def _complain(wrong: pl.DataFrame, parts: str) -> None:
    """Refuse the first row, if there is one; it has sheet, state, ``sum`` and ``total``."""
    for row in wrong.head(1).iter_rows(named=True):
        raise BadInput(
            f"sheet {row['sheet']}: expected {parts} of {row['state']} to add up to the total "
            f"{row['total']:,}, found {row['sum']:,}. {TAKE_AGAIN}"
        )


def _check_races(found: pl.DataFrame) -> None:
    key = [*_SHEET, "state", "disability"]
    is_race = pl.col("race") != ALL
    # A range other than 1-3 has no number: its sum is unknown, not smaller.
    races = (
        found.filter(is_race)
        .group_by(key, maintain_order=True)
        .agg(sum=pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum()))
    )
    totals = found.filter(~is_race).select(*key, total="value")
    only_504 = totals.filter(disability="s504").select(*_SHEET, "state", s504="total")
    joined = races.join(totals, on=key).join(only_504, on=[*_SHEET, "state"], how="left")
    apart = (pl.col("disability") == "all") & (pl.col("element") != "enrollment")
    sums = joined.with_columns(sum=pl.col("sum") + pl.when(apart).then("s504").otherwise(0))
    _complain(sums.filter(pl.col("sum") != pl.col("total")), "the races (with Section 504 only)")


def _check_disabilities(found: pl.DataFrame) -> None:
    totals = found.filter(pl.col("race") == ALL).pivot(
        "disability", index=[*_SHEET, "state"], values="value"
    )
    if not {"dis", "idea", "s504"} <= set(totals.columns):
        return
    sums = totals.with_columns(sum=pl.col("idea") + pl.col("s504"), total="dis")
    wrong = sums.drop_nulls("dis").filter(pl.col("sum") != pl.col("total"))
    _complain(wrong, "IDEA and Section 504")


def _check_nation(found: pl.DataFrame) -> None:
    key = [*_SHEET, "disability", "race"]
    nation = found.filter(state="US").select(*key, "state", total="value")
    states = (
        found.filter(pl.col("state") != "US")
        .group_by(key, maintain_order=True)
        .agg(
            sum=pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum()),
            states=pl.len(),
        )
    )
    gap = (pl.col("sum") - pl.col("total")).abs()
    masked = pl.col("wave") == "2011-12"
    allowed = pl.when(masked).then(_MASKING * pl.col("states")).otherwise(0)
    wrong = states.join(nation, on=key, maintain_order="left").filter(gap > allowed)
    _complain(wrong, "the states")


def _check_schools(found: pl.DataFrame) -> None:
    schools = found.select("sheet", "state", "schools", "reporting").unique(maintain_order=True)
    nation = schools.filter(state="US").select("sheet", "state", total="schools")
    states = (
        schools.filter(pl.col("state") != "US")
        .group_by("sheet", maintain_order=True)
        .agg(sum=pl.col("schools").sum())
    )
    wrong = states.join(nation, on="sheet", maintain_order="left")
    _complain(wrong.filter(pl.col("sum") != pl.col("total")), "the schools of the states")
    for row in schools.filter(~pl.col("reporting").is_between(0, 100)).iter_rows(named=True):
        raise BadInput(
            f"sheet {row['sheet']}: expected a percent of schools reporting from 0 to 100 in "
            f"{row['state']}, found {row['reporting']}. {TAKE_AGAIN}"
        )


def _check_sheets_of_sexes(found: pl.DataFrame) -> None:
    """Refuse a workbook that lost a sheet: one sex without the other, or both without all.

    In two workbooks of 2011-12 the sheet of one sex holds the figures of another again. Such a copy
    excuses the sex in its name; then the number of figures tells whether another sheet is gone.
    """
    for (wave, element, part), rows in found.filter(pl.col("race") != ALL).group_by(
        "wave", "element", "disability"
    ):
        sexes = set(rows["sex"])
        lost = set() if sexes == {ALL} else _SEXES - sexes
        named = {sex for sheet in rows["sheet"].unique() if (sex := named_sex(sheet))}
        figures = found.filter(element=element).select("disability", "race", "sex").n_unique()
        if figures != FIGURES_WITH_COPIES.get((str(wave), str(element)), figures):
            lost, named = lost or {"male", "female"}, set()
        if lost - named:
            raise BadInput(
                f"expected sheets of all, male and female students for {element}/{part}, found "
                f"none of {', '.join(sorted(lost))}. {TAKE_AGAIN}"
            )
