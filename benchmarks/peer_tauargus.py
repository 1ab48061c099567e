"""Hide cells with pytauargus (EUPL), in a Python of its own; see ``bench_publication``.

Called with a JSON list of innermost counts and the percentage of its frequency rule. Prints the
cells that it hides to protect others.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from pytauargus import protect


def main() -> None:
    """Read, protect, and print."""
    rows = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    columns: dict[str, list[object]] = {"place": [], "race": [], "sex": [], "n": []}
    places: dict[str, set[str]] = {}
    for district, school, race, sex, count in rows:
        places.setdefault(district, set()).add(school)
        for name, value in (("place", school), ("race", race), ("sex", sex), ("n", 1.0)):
            columns[name] += [value] * count
    folder = Path(tempfile.mkdtemp())
    levels = folder / "place.hrc"
    levels.write_text(
        "".join(
            f"{district}\n" + "".join(f"@{school}\n" for school in sorted(schools))
            for district, schools in sorted(places.items())
        ),
        encoding="utf-8",
    )
    started = time.process_time()
    found = protect(
        columns, ["place", "race", "sex"], response="n", safety_rules=f"FREQ(10,{sys.argv[2]})",
        suppress="MOD(1,5,1,0,0)", hrc={"place": str(levels)}, hierleadstring="@", decimals=0,
        workdir=str(folder),
    )  # fmt: skip
    spent = time.process_time() - started
    table = found.tables[0]
    hidden = [
        [row["place"], row["race"], row["sex"]]
        for row, status in zip(table.rows, table.status(), strict=True)
        if status == "M"
    ]
    print(json.dumps({"secondary": hidden, "cpu_s": spent}))


if __name__ == "__main__":
    main()
