"""Count the rows of each state in the agencies' files, for ``sources/known_rows.csv``.

Usage: ``python scripts/count_known_rows.py FOLDER > src/homeroom/sources/known_rows.csv``, with
whole files as published. An extract of some states counts for those states only. With ``--sums``
after the folder it adds up the columns of those files that carry no checksum, for
``known_sums.csv``.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import polars as pl

from homeroom.sources import ccd, edge, f33, high_schools, saipe, ssocs
from homeroom.sources.base import Recognized, SourceFile
from homeroom.sources.registry import find_files
from homeroom.sources.wholeness import sums_of
from homeroom.vocabulary.ids import combokey_of

_ROOMS = (saipe, f33, edge, ccd, high_schools)


def main(folder: str, *what: str) -> None:
    """Write one row for each publication, year and state, or for each column added up."""
    if what == ("--sums",):
        _write_sums(Path(folder))
        return
    rows: dict[tuple[str, str, str], tuple[int, str]] = {}
    for file in find_files([Path(folder)]):
        if isinstance(file, SourceFile):
            for room in _ROOMS:
                for reader in room.READERS:
                    if found := reader.recognize(file):
                        rows |= _counts(found)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("publication", "year", "fips", "rows", "first"))
    for key in sorted(rows):
        writer.writerow((*key, *rows[key]))


def _counts(found: Recognized) -> dict[tuple[str, str, str], tuple[int, str]]:
    frame = next(iter(found.read())).frame
    if "leaid" in frame.columns:
        ids = frame["leaid"]
    else:
        ids = pl.Series([combokey_of(number) for number in frame["school_no"]])
    by_state = (
        pl.DataFrame({"id": ids.unique(maintain_order=True)})
        .group_by(fips=pl.col("id").str.head(2), maintain_order=True)
        .agg(rows=pl.len(), first=pl.col("id").first())
    )
    key = (found.reader.id, found.wave)
    return {(*key, fips): (rows, first) for fips, rows, first in by_state.rows()}


def _write_sums(folder: Path) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("publication", "year", "column", "sum"))
    for file in find_files([folder]):
        if isinstance(file, SourceFile) and (survey := ssocs.READERS[0].recognize(file)):
            frame, weights = ssocs.files.load(file, int(survey.wave))
            sums = ssocs.files.sums_of_sample(frame, weights.columns)
            for what, total in sums.items():
                writer.writerow(("ssocs", survey.wave, what, round(total, 4)))
        elif isinstance(file, SourceFile) and (found := high_schools.HighSchools().recognize(file)):
            frame = high_schools.table_of(file)
            for column, total in sums_of(frame, high_schools.ADDED).items():
                writer.writerow((found.reader.id, found.wave, column, total))


if __name__ == "__main__":
    main(*sys.argv[1:])
