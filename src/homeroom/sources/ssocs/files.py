"""The public-use files of the School Survey on Crime and Safety: SPSS, SAS, Stata and CSV.

Each year's file is told by its variables, never by its name: the totals that NCES derives end in
the year (VIOINC06, VIOINC16, VIOINC18, VIOINC20); the file of 2007-08 has DISATT08 and totals
without a year.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.as_published import raw, raw_head
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.ssocs.estimate import MINIMUM_SCHOOLS, estimates
from homeroom.sources.ssocs.items import YEARS, catalogue
from homeroom.sources.ssocs.jackknife import Floats, Weights
from homeroom.sources.wholeness import check_end, known_sums

if TYPE_CHECKING:
    import pyreadstat

_SPSS = (b"$FL2", b"$FL3")
_SAS = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
_STATA = (
    b"<stata_dta>",
    *(bytes([release, order]) for release in range(113, 116) for order in (1, 2)),
)
_STATISTICS = (*_SPSS, _SAS, *_STATA)
_SURVEY = {"SCHID", "STRATA", "C0110", "C0112", "FINALWGT"}
_YEAR_MARK = re.compile(r"(?:VIOINC|DISATT)(\d\d)")
_REPLICATE = re.compile(r"REP(?:WGT|FWT)(\d+)")
_FINAL = "FINALWGT"
_REPLICATES = 50
_DECIMALS = 0.002
"""By how much a sum of 140,000 weights may miss, where a format keeps eight decimals of each."""

SAMPLES = {2006: 2724, 2008: 2560, 2016: 2092, 2018: 2762, 2020: 2370}
"""Schools in each public-use file, as NCES describes the samples: with a part of the sample the
weights would estimate nothing."""


class SsocsReader:
    """Recognizes the public-use file of a survey year and yields its weighted estimates."""

    id = "ssocs"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """Say which year's file it is, by format and variables.

        Raises
        ------
        BadInput
            It is an SSOCS file of a year that Homeroom does not read, or a damaged one.
        """
        names = [name.upper() for name in _variables(file)]
        if not set(names) >= _SURVEY:
            return None
        year = _year(file, names)
        span = f"{year - 1}-{year % 100:02d}"
        title = f"School Survey on Crime and Safety {span}, public use"
        return Recognized(file, self, title, "ssocs", str(year))

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """Yield ``survey_estimate`` rows for all schools and every domain.

        Raises
        ------
        BadInput
            A variable or replicate weight is absent, or holds what its question does not allow.
        """
        year = int(recognized.wave)
        found = estimates(year, *load(recognized.file, year))
        withheld = found["estimate"].null_count()
        notes = (f"{withheld} estimates withheld: fewer than {MINIMUM_SCHOOLS} sampled schools",)
        yield Batch("survey_estimate", found, notes if withheld else ())


READERS = (SsocsReader(),)


def load(file: SourceFile, year: int) -> tuple[pl.DataFrame, Weights]:
    """Read what the estimates of a year need: variables in capitals as floats, and weights."""
    spelled = {name.upper(): name for name in _variables(file)}
    replicates = [name for name in spelled if _REPLICATE.fullmatch(name)]
    wanted = [*catalogue().variables(year), _FINAL, *replicates]
    if lost := [name for name in wanted if name not in spelled]:
        raise BadInput(
            f"{file.name}: expected the variables of SSOCS {year}, missing {', '.join(lost[:8])}. "
            "Take the public-use file from NCES, unchanged."
        )
    if len(replicates) != _REPLICATES:
        raise BadInput(
            f"{file.name}: expected {_REPLICATES} replicate weights, found {len(replicates)}. "
            "Take the public-use file from NCES, unchanged."
        )
    frame = _floats(file, _frame(file, [spelled[name] for name in wanted]))
    if frame.height != (schools := SAMPLES.get(year, frame.height)):
        raise BadInput(
            f"{file.name}: expected the {schools} schools of SSOCS {year}, found {frame.height}: "
            "the file is cut off or an excerpt. Take the public-use file from NCES again."
        )
    columns = frame.select(_FINAL, *replicates).to_numpy().astype(np.float64)
    if not np.isfinite(columns).all() or (columns < 0).any():
        raise BadInput(
            f"{file.name}: expected a weight of zero or more for every school, found an empty or "
            "negative one. Take the public-use file from NCES again."
        )
    if year in SAMPLES:
        _check_sums(sums_of_sample(frame, columns), year, file.name)
    return frame, Weights(columns)


def sums_of_sample(frame: pl.DataFrame, weights: Floats) -> dict[str, float]:
    """Return the sums of all answers and of all weights: SPSS, SAS and Stata keep no check sum.

    Parameters
    ----------
    frame
        Variables as floats, a row a school; codes below zero and empty answers are left out.
    weights
        Full and replicate weights, a row a school.
    """
    answers = frame.select(catalogued := [c for c in frame.columns if not _is_weight(c)])
    said = answers.select(pl.col(catalogued).fill_nan(0).fill_null(0).clip(0).sum())
    return {"answers": float(sum(said.row(0))), "weights": float(weights.sum())}


def _is_weight(name: str) -> bool:
    return name == _FINAL or bool(_REPLICATE.fullmatch(name))


def _check_sums(found: dict[str, float], year: int, name: str) -> None:
    known = known_sums("ssocs", str(year))
    for what, total in found.items():
        if what in known and abs(total - known[what]) > _DECIMALS:
            raise BadInput(
                f"{name}: expected the {what} of SSOCS {year} to add up to "
                f"{known[what]:,.3f}, found {total:,.3f}: the file is damaged or was "
                "changed. Take the public-use file from NCES again."
            )


def _year(file: SourceFile, names: list[str]) -> int:
    marks = {2000 + int(m.group(1)) for name in names if (m := _YEAR_MARK.fullmatch(name))}
    if len(marks) == 1 and marks <= set(YEARS):
        return marks.pop()
    raise BadInput(
        f"{file.name}: expected the School Survey on Crime and Safety of "
        f"{', '.join(map(str, YEARS))}, found one of {sorted(marks) or 'an unknown year'}. Other "
        "years have other variables, which Homeroom does not know."
    )


def _variables(file: SourceFile) -> list[str]:
    """List the variables of a statistics file or CSV; none where it is something else."""
    if raw_head(file).startswith(_STATISTICS):
        return list(_statistics(file, metadataonly=True)[1].column_names)
    first = file.head.split(b"\n", 1)[0]
    if b"finalwgt" not in first.lower():
        return []
    return next(csv.reader([first.decode("utf-8-sig", "replace").strip()]))


def _frame(file: SourceFile, names: list[str]) -> pl.DataFrame:
    if raw_head(file).startswith(_STATISTICS):
        return _statistics(file, usecols=names)[0].select(names)
    check_end(file)
    try:
        return pl.read_csv(
            io.BytesIO(file.data()), columns=names, infer_schema=False, null_values=["NA", ""]
        ).select(names)
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"{file.name}: expected a CSV with as many cells as headings in each row ({error}). "
            "Take the file again."
        ) from error


def _statistics(
    file: SourceFile, **options: object
) -> tuple[pl.DataFrame, pyreadstat.metadata_container]:
    import pyreadstat  # noqa: PLC0415 - slow to import, and few builds read surveys

    head = raw_head(file)
    if head.startswith(_SPSS):
        kind, read = "SPSS", pyreadstat.read_sav
    elif head.startswith(_STATA):
        kind, read = "Stata", pyreadstat.read_dta
    else:
        kind, read = "SAS", pyreadstat.read_sas7bdat
    try:
        # Codes declared missing by the file's maker are codes of the survey: -1 is a skip.
        frame, metadata = read(
            io.BytesIO(raw(file)), user_missing=True, output_format="polars", **options
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise BadInput(
            f"{file.name}: expected a whole {kind} data file, found one that "
            f"is cut off or damaged ({error}). Download it again."
        ) from error
    return frame, metadata


def _floats(file: SourceFile, frame: pl.DataFrame) -> pl.DataFrame:
    """Turn text such as ' 1' or '06' into numbers, and headings into capitals."""
    try:
        return frame.select(
            (pl.col(name).str.strip_chars() if kind == pl.String else pl.col(name))
            .cast(pl.Float64)
            .alias(name.upper())
            for name, kind in frame.schema.items()
        )
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"{file.name}: expected numbers in every variable, found text ({error}). Take the "
            "public-use file from NCES again."
        ) from error
