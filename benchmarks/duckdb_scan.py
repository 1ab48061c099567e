"""DuckDB's bare scan of the same bytes: every value of every column parsed, counted or summed.

Types are sniffed beforehand, outside the clock, so that only the scan is measured.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

_NUMBERS = ("BIGINT", "DOUBLE")


def scan(folder: Path, threads: int = 2) -> dict[str, float]:
    """Return the seconds, and the processor's, of the scan of all files of a folder."""
    con = duckdb.connect(config={"threads": threads})
    statements = [_statement(con, path) for path in sorted(folder.glob("*.csv"))]
    started, cpu = time.perf_counter(), time.process_time()
    for statement in statements:
        con.execute(statement).fetchall()
    return {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}


def _statement(con: duckdb.DuckDBPyConnection, path: Path) -> str:
    try:
        path.read_text(encoding="utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "latin-1"
    options = f"'{path}', header = true, encoding = '{encoding}', sample_size = -1"
    columns = con.execute(f"DESCRIBE FROM read_csv({options})").fetchall()
    types = ", ".join(f"'{name}': '{kind}'" for name, kind, *_ in columns)
    asked = ", ".join(
        f'{"sum" if kind in _NUMBERS else "count"}("{name}")' for name, kind, *_ in columns
    )
    read = (
        f"'{path}', header = true, delim = ',', quote = '\"', escape = '\"', "
        f"encoding = '{encoding}', auto_detect = false, columns = {{{types}}}"
    )
    return f"SELECT count(*), {asked} FROM read_csv({read})"


if __name__ == "__main__":
    print(json.dumps(scan(Path(sys.argv[1]))))
