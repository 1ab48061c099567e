"""Building a store: beside the old one, and put in its place only when it is whole."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence import (
    checksums,
    database,
    known_totals,
    places,
    provenance,
    quality,
    schema,
    store,
    targets,
)
from homeroom.evidence.build_report import BuildReport
from homeroom.evidence.draft import beside, insert, prepare
from homeroom.evidence.intake import Intake
from homeroom.evidence.reading import read_all, sort_files
from homeroom.sources.base import Recognized
from homeroom.sources.registry import Refused
from homeroom.version import __version__
from homeroom.vocabulary.waves import check_wave

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many files are done, and how many there are."""


def build(
    paths: Iterable[Path],
    out: Path,
    *,
    with_starter: bool = True,
    wave: str | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> BuildReport:
    """Build the store at ``out`` from official files, over the starter facts.

    A file replaces the starter facts of the schools that it contains, by wave and module; all other
    schools stand. A file that can't be read, or that contradicts another, is refused as a whole and
    named in the report; the others are built. The store is written beside ``out`` and renamed over
    it at the end, so an interrupted build changes nothing.

    Parameters
    ----------
    paths
        Files, ZIPs, and folders.
    out
        Where the store goes: a new file, or an earlier store.
    with_starter
        Whether the starter facts go in too.
    wave
        The wave of those CRDC files that do not prove it themselves. A file that proves another is
        refused.
    progress
        Told what is being done.

    Raises
    ------
    BadInput
        The wave does not exist; paths were given but no file could be taken; nothing was given and
        starter facts are left out; ``out`` is one of the files, or neither new nor a store; the
        disk is full.
    StoreLocked
        Another program is writing to ``out``.
    """
    started = time.perf_counter()
    if wave is not None:
        check_wave(wave)
    paths = list(paths)
    report = BuildReport(out)
    target = out.resolve()  # a link stays, and what it leads to is replaced
    if target.parent.exists() and not target.is_dir():
        targets.refuse_unwritable(target)
    targets.refuse_inputs(target, (path for path in paths if not path.is_dir()))
    targets.refuse_other_than_store(target)
    if not paths and not with_starter:
        raise BadInput(
            "Expected official files for a store without starter facts, found none named: it would "
            "be empty. What was there before is unchanged."
        )
    recognized, report.refused = sort_files(paths, target, wave)
    _refuse_nothing(paths, recognized, report)
    targets.refuse_unwritable(target, make_folder=True)
    with beside(target) as draft, database.opened(draft) as connection:
        prepare(connection)
        intake = Intake(connection, report)
        for done, (found, batches) in enumerate(read_all(recognized)):
            progress(found.title, done, len(recognized))
            if isinstance(batches, Refused):
                report.refused.append(batches)
            else:
                intake.take(found, batches)
        intake.settle()
        _refuse_nothing(paths, report.recognized, report)
        progress("starter facts", len(recognized), len(recognized))
        if with_starter:
            intake.add_starter()
        else:
            intake.count_changes({}, {})
        progress("places and quality rules", len(recognized), len(recognized))
        finish(connection, intake, report)
    report.seconds = time.perf_counter() - started
    return report


def _refuse_nothing(paths: list[Path], found: list[Recognized], report: BuildReport) -> None:
    if not paths or found:
        return
    listing = "\n".join(f"  {r.name}: {r.reason}" for r in report.refused[:10])
    more = f"\n  and {len(report.refused) - 10} more" if len(report.refused) > 10 else ""
    raise BadInput(
        "Expected files of the agencies that Homeroom knows, found none that it can take:\n"
        f"{listing or '  the folder is empty'}{more}"
    )


def finish(
    connection: duckdb.DuckDBPyConnection,
    intake: Intake,
    report: BuildReport,
    about: Mapping[str, str] | None = None,
) -> None:
    """Fill what follows from the files' rows, and write what the store says of itself.

    Parameters
    ----------
    connection
        The store under way, with every file taken.
    intake, report
        Of this build.
    about
        Rows of table `meta` that stand over the usual ones, as who may see the store.
    """
    if intake.sources:
        rows = list(intake.sources.values())
        insert(connection, "source_file", pl.DataFrame(rows, infer_schema_length=None))
    for table, frame in intake.small.merged():
        insert(connection, table, frame)
    report.notes += intake.small.notes
    report.notes += known_totals.compare(connection)
    places.fill_sizes(connection)
    with ThreadPoolExecutor(max_workers=1) as beside_it, connection.cursor() as second:
        flagged = beside_it.submit(quality.flag, second)
        report.notes += places.fill(connection)
        report.notes += flagged.result()
    for table, frame in provenance.tables(report).items():
        insert(connection, table, frame)
    hashes = sorted(f"{row['sha256']} {row['name']}" for row in intake.sources.values())
    facts = {
        "schema_version": str(schema.SCHEMA_VERSION),
        "homeroom_version": __version__,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "access": store.PUBLIC,  # the files of agencies, which anyone may have
        "data_version": hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:12],
    }
    facts |= dict(about or {})
    report.rows, sums = checksums.of_store(connection)
    facts["content_digest"] = checksums.digest(sums)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", list((facts | sums).items()))
    connection.execute("CHECKPOINT")
