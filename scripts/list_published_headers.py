"""List the columns of OCR's files in the order published, for the CRDC reader.

Usage: ``python scripts/list_published_headers.py FOLDER > src/homeroom/sources/crdc/headers.csv``,
with school files as published, of all states or of some.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from homeroom.sources.base import SourceFile
from homeroom.sources.crdc import reader, wide
from homeroom.sources.registry import find_files


def main(folder: str) -> None:
    """Write one row for each wave and header that differs from those before it."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for file in find_files([Path(folder)]):
        if isinstance(file, SourceFile) and (taken := reader.CrdcSchoolFiles().recognize(file)):
            names = tuple(wide.header(file.head))
            kind = taken.title.partition(", ")[2]
            if found.setdefault((taken.wave, kind), names) != names:
                raise SystemExit(f"{file.name}: not the columns of the other files of {kind}")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("wave", "file", "columns"))
    for (wave, kind), names in sorted(found.items()):
        writer.writerow((wave, kind, " ".join(names)))


if __name__ == "__main__":
    main(sys.argv[1])
