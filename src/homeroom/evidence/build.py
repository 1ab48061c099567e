"""Building a store: beside the old one, and put in its place only when it is whole."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence import known_totals, merge, places, quality, schema, starter, store
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.registry import Refused, find_files, recognize
from homeroom.version import __version__
from homeroom.vocabulary.ids import SQL_MACROS
from homeroom.vocabulary.status import RESERVE_CODES, explain, gravity
from homeroom.vocabulary.waves import WAVES, check_wave

_AHEAD = 2
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many files are done, and how many there are."""


@dataclass
class BuildReport:
    """What a build did, for a person to read."""

    path: Path
    recognized: list[Recognized] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def build(
    paths: Iterable[Path],
    out: Path,
    *,
    with_starter: bool = True,
    wave: str | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> BuildReport:
    """Build the store at ``out`` from official files, over the starter facts.

    Files given win over starter facts for the same wave, module and state. The store is written
    beside ``out`` and renamed over it at the end, so an interrupted build changes nothing.

    Parameters
    ----------
    wave
        The wave of those CRDC files that do not prove it themselves. A file that proves another is
        refused.

    Raises
    ------
    BadInput
        The wave does not exist; paths were given but no file was recognized; a file breaks its
        layout; two files give different figures for the same row; the disk is full.
    """
    started = time.perf_counter()
    report = BuildReport(out)
    if wave is not None:
        check_wave(wave)
    _sort_files(paths, report, wave)
    out.parent.mkdir(parents=True, exist_ok=True)
    with _beside(out) as draft, duckdb.connect(str(draft)) as connection:
        _prepare(connection)
        collected = merge.Collected()
        sources = _SourceRows()
        for done, (found, batches) in enumerate(_read_all(report.recognized)):
            progress(found.title, done, len(report.recognized))
            number = sources.add(found)
            for batch in batches:
                report.notes += [(found.file.name, note) for note in batch.notes]
                _take(connection, collected, batch.table, batch.frame, number, found.publication)
        progress("starter facts", len(report.recognized), len(report.recognized))
        if with_starter:
            _add_starter(connection, collected, sources)
        progress("places and quality rules", len(report.recognized), len(report.recognized))
        _finish(connection, collected, sources, report)
    report.seconds = time.perf_counter() - started
    return report


def _sort_files(paths: Iterable[Path], report: BuildReport, wave: str | None) -> None:
    paths = list(paths)
    alike: dict[tuple[int, str | None], list[SourceFile]] = {}
    for file in find_files(paths):
        found = file if isinstance(file, Refused) else recognize(replace(file, wave=wave))
        if isinstance(found, Refused):
            report.refused.append(found)
            continue
        # Hashes take long: only files of one size can be the same.
        twins = alike.setdefault((found.file.size, found.file.member), [])
        if any(twin.sha256 == found.file.sha256 for twin in twins):
            report.refused.append(Refused(found.file.name, "the same file was given twice"))
        else:
            twins.append(found.file)
            report.recognized.append(found)
    if paths and not report.recognized:
        listing = "\n".join(f"  {r.name}: {r.reason}" for r in report.refused[:10])
        raise BadInput(
            "Expected files of the agencies that Homeroom knows, recognized none:\n"
            f"{listing or '  the folder is empty'}"
        )


def _read_all(found: list[Recognized]) -> Iterator[tuple[Recognized, list[Batch]]]:
    """Read files in order, up to two ahead of what is being stored."""
    with ThreadPoolExecutor(max_workers=_AHEAD) as pool:
        ahead: deque[tuple[Recognized, Future[list[Batch]]]] = deque()
        for item in found:
            if len(ahead) == _AHEAD:
                done, batches = ahead.popleft()
                ahead.append((item, pool.submit(_read, item)))
                yield done, batches.result()
            else:
                ahead.append((item, pool.submit(_read, item)))
        while ahead:
            done, batches = ahead.popleft()
            yield done, batches.result()


def _read(item: Recognized) -> list[Batch]:
    item.file.sha256  # noqa: B018 - kept by the file, and made here beside what is being stored
    return list(item.read())


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Return a draft file beside ``out``; rename it over ``out`` on success, else remove it."""
    for stale in out.parent.glob(f".{out.name}.*.building*"):
        pid = stale.name.removeprefix(f".{out.name}.").split(".")[0]
        if not Path(f"/proc/{pid}").exists():
            stale.unlink(missing_ok=True)
    draft = out.parent / f".{out.name}.{os.getpid()}.building"
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(out)
    except (OSError, duckdb.Error) as error:
        if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error):
            raise BadInput(
                f"{out.parent}: expected room for the store, found the disk full. Free some, or "
                "name another place for it. What was there before is unchanged."
            ) from error
        raise
    finally:
        for left in draft.parent.glob(draft.name + "*"):
            left.unlink(missing_ok=True)


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
    for name in schema.STORE_TABLES:
        connection.execute(schema.create_sql(name))
    insert(connection, "cell_column", schema.cell_columns())
    insert(connection, "measure_element", schema.measure_elements())
    insert(connection, "measure_part", schema.measure_parts())
    codes = [
        (wave, code, *explain(code, wave), gravity(code))
        for wave in WAVES
        for code in RESERVE_CODES
    ]
    connection.execute(
        "CREATE TABLE reserve_code (wave VARCHAR, code TINYINT, status VARCHAR, meaning VARCHAR, "
        "gravity TINYINT)"
    )
    connection.executemany("INSERT INTO reserve_code VALUES (?, ?, ?, ?, ?)", codes)
    insert(connection, "code_meaning", schema.code_meanings())
    connection.execute(SQL_MACROS + schema.views_sql())


def insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append the rows of ``frame`` to a table, by column name."""
    connection.register("incoming", frame.to_arrow())
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
    connection.unregister("incoming")


class _SourceRows:
    """The rows of source_file, numbered as files come."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def add(self, found: Recognized) -> int:
        self.rows.append(
            {
                "source_id": len(self.rows) + 1, "publication": found.publication,
                "title": found.title, "wave": found.wave, "name": found.file.name,
                "sha256": found.file.sha256, "bytes": found.file.size,
            }
        )  # fmt: skip
        return len(self.rows)

    def adopt(self, frame: pl.DataFrame) -> int:
        """Take over the sources of the starter facts; give the offset of their numbers."""
        offset = len(self.rows)
        self.rows += [
            row | {"source_id": row["source_id"] + offset} for row in frame.iter_rows(named=True)
        ]
        return offset


def _take(
    connection: duckdb.DuckDBPyConnection,
    collected: merge.Collected,
    table: str,
    frame: pl.DataFrame,
    source: int,
    publication: str,
) -> None:
    frame = frame.with_columns(source_id=pl.lit(source, pl.Int16))
    if table in merge.STREAMED:
        insert(connection, table, frame)
    else:
        collected.add(table, frame, merge.rank(publication))


def _add_starter(
    connection: duckdb.DuckDBPyConnection, collected: merge.Collected, sources: _SourceRows
) -> None:
    offset = sources.adopt(starter.load("source_file"))
    known = collected.scopes()
    for table in starter.tables():
        frame = starter.load(table).with_columns(
            (pl.col("source_id") + offset).cast(pl.Int16).alias("source_id")
        )
        if table in merge.STREAMED:
            insert(connection, table, merge.outside(frame, table, known))
        else:
            frame = merge.outside(frame, table, known) if table == "answered" else frame
            collected.add(table, collected.not_given(table, frame), merge.STARTER)


def _finish(
    connection: duckdb.DuckDBPyConnection,
    collected: merge.Collected,
    sources: _SourceRows,
    report: BuildReport,
) -> None:
    if sources.rows:
        insert(connection, "source_file", pl.DataFrame(sources.rows, infer_schema_length=None))
    names = {row["source_id"]: str(row["name"]) for row in sources.rows}
    for table, frame in collected.merged(names):
        insert(connection, table, frame)
    report.notes += collected.notes
    report.notes += known_totals.compare(connection)
    places.fill_sizes(connection)
    with ThreadPoolExecutor(max_workers=1) as beside, connection.cursor() as second:
        flagged = beside.submit(quality.flag, second)
        report.notes += places.fill(connection)
        report.notes += flagged.result()
    if report.notes:
        insert(connection, "build_note", pl.DataFrame(report.notes, ["name", "note"], orient="row"))
    hashes = sorted(f"{row['sha256']} {row['name']}" for row in sources.rows)
    facts = {
        "schema_version": str(schema.SCHEMA_VERSION),
        "homeroom_version": __version__,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "access": store.PUBLIC,  # the files of agencies, which anyone may have
        "data_version": hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:12],
    }
    connection.executemany("INSERT INTO meta VALUES (?, ?)", list(facts.items()))
    for name in schema.STORE_TABLES:
        report.rows[name] = connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
    connection.execute("CHECKPOINT")
