"""The files that are damaged: real ones of every publication, cut to a size that is quick to read.

CRDC files keep whole districts; everything else is as published. All lie beside the project and
are read from there; none is kept.
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from proofs.mutation import oracle
from proofs.mutation.ways import BINARY, DAMAGE, RESAVED, WORKBOOK, Rows, Way, rows_of, text_of

SHARED = Path(__file__).resolve().parents[3] / "shared"
DATA = SHARED / "data"
_SCHOOLS = 90
_VALUES_CHANGE = frozenset({
    "cell changed", "row dropped", "row contradicted", "headers swapped", "column shuffled",
    "cell emptied", "state of another", "state unknown", "id of no state", "cell in words",
    "block dropped", "bit flipped", "garbage inside", "xlsx cell changed", "block of zeros",
    "column renamed", "column dropped", "cut", "last bytes cut",
})  # fmt: skip
"""Ways that may give another sound file: only where an oracle can read it on its own."""


@dataclass(frozen=True)
class Base:
    """A file to damage: its publication, name, bytes, ways, and an oracle where there is one."""

    publication: str
    name: str
    data: bytes
    ways: dict[str, Way]
    oracle: Callable[[Rows], oracle.Totals] | None = None

    @cached_property
    def head(self) -> list[str]:
        """The names of its columns."""
        return rows_of(self.data)[0]


def _cut(data: bytes, districts_of: int = _SCHOOLS) -> bytes:
    """Keep the head of a file of schools, to the end of a district."""
    head, *rows = [row for row in rows_of(data) if row]
    lea = head.index("LEAID")
    at = min(districts_of, len(rows) - 1)
    while at < len(rows) and rows[at][lea] == rows[at - 1][lea]:
        at += 1
    return text_of([head, *rows[:at]]).encode()


def _crdc() -> Iterator[Base]:
    ways = DAMAGE | RESAVED
    for wave, prefix in (("2017-18", ""), ("2020-21", "School_")):
        for module in (
            "Enrollment",
            "Referrals_and_Arrests",
            "Suspensions",
            "Support",
            "Expulsions",
        ):
            name = (
                f"{prefix}{module}"
                if wave == "2020-21"
                else module.replace("Support", "School_Support")
            )
            data = gzip.decompress((DATA / "crdc" / wave / f"{name}_CO.csv.gz").read_bytes())
            yield Base(f"CRDC {wave} {module}", f"{module}.csv", _cut(data), ways, oracle.crdc)
    for wave, path in (
        ("2015-16", "2015-16/crdc_2015-16_DE.csv.gz"),
        ("2013-14", "2013-14/CRDC2013_14_sample_1000_schools.csv.gz"),
    ):
        data = gzip.decompress((DATA / "crdc" / path).read_bytes())
        yield Base(f"CRDC {wave} wide", f"crdc_{wave}.csv", _cut(data, 40), ways, oracle.crdc)
    case = SHARED / "reference/cases/files/01/2023-24-crdc-data.zip"
    with zipfile.ZipFile(case) as archive:
        for member in sorted(archive.namelist()):
            if member.endswith(("Enrollment.csv", "Arrests.csv")):
                name = Path(member).name
                yield Base(f"CRDC 2023-24 {name}", name, archive.read(member), ways, oracle.crdc)


def _others() -> Iterator[Base]:
    ways = DAMAGE | RESAVED
    quiet = {name: way for name, way in ways.items() if name not in _VALUES_CHANGE}
    for path in sorted((DATA / "oews").glob("*.csv")):
        yield Base("OEWS", path.name, path.read_bytes(), ways, oracle.wages)
    shootings = DATA / "shootings/school-shootings-data.csv"
    yield Base("Washington Post", shootings.name, shootings.read_bytes(), ways, oracle.shootings)
    for path in sorted((DATA / "nces").glob("*CO.csv.gz")):
        data = gzip.decompress(path.read_bytes())
        yield Base(f"NCES {path.name[5:-10]}", path.name[:-3], data, quiet)


def _binary() -> Iterator[Base]:
    books = sorted((DATA / "crdc/state_tables").rglob("*.xlsx"))
    for path in [book for book in books if book.stat().st_size > 2000]:
        yield Base("OCR tables", path.name, path.read_bytes(), BINARY | WORKBOOK)
    rest = (
        *sorted((DATA / "saipe").glob("*.xls")),
        *sorted((DATA / "crdc/high_schools").glob("*.parquet")),
        *sorted((DATA / "ssocs").glob("*18.sav")), *sorted((DATA / "f33").glob("*.zip")),
    )  # fmt: skip
    for path in rest:
        yield Base(path.parent.name, path.name, path.read_bytes(), BINARY)


def bases() -> list[Base]:
    """Return every base file."""
    return [*_crdc(), *_others(), *_binary()]
