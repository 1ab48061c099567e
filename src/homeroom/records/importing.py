"""Importing an extract: files in, a workspace of numbers out, and counts of what was found."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from homeroom.errors import BadInput
from homeroom.evidence import database
from homeroom.records import edfi, edfi_tables, oneroster
from homeroom.records import mapping as mappings
from homeroom.records.coverage import carried
from homeroom.records.mapping import Mapping as SystemMapping
from homeroom.records.problems import Problem, after_placing, of_rows
from homeroom.records.reading import Sheet, found_files, sheet, unpacked
from homeroom.records.sealed import sealed
from homeroom.records.staging import Staged, UnmappedCode, assign, stage, unmapped
from homeroom.records.workspace import Workspace, drafted, private
from homeroom.text_gate import shown
from homeroom.version import __version__

_MEMORY = "4GB"
"""What DuckDB may hold while it imports; beyond it works from disk."""
_COPY = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 500000)"
_TABLES = {
    "pupil": "SELECT year, lea, school, student, race, sex, part, disability, setting, age, "
    "in_count, at_school FROM pupil",
    "removal": "SELECT year, lea, school, student, race, sex, part, age, action AS kind, "
    "hundredths, zero_tolerance FROM placed WHERE known AND action BETWEEN 1 AND 8",
    "police": "SELECT year, lea, school, student, race, sex, part, arrested FROM placed "
    "WHERE known AND referred",
    "restraint": "SELECT year, lea, school, student, race, sex, part, action AS kind FROM placed "
    "WHERE known AND action BETWEEN 10 AND 12",
}


@dataclass(frozen=True)
class Extract:
    """Files to import, and what a person says of them.

    Parameters
    ----------
    paths
        Files and folders.
    mapping
        Name of a mapping that ships, or a YAML file.
    fixed
        Files whose role the person gave: path to role.
    year
        The school year, by the calendar year in which it ends, of rows that say none.
    lea
        The LEA of students whose rows name none.
    """

    paths: tuple[Path, ...]
    mapping: str | Path = "standard"
    fixed: Mapping[Path, str] | None = None
    year: int | None = None
    lea: str = "agency"


@dataclass(frozen=True)
class Looked:
    """What a look at an extract found: counts alone."""

    mapping: str
    files: list[dict[str, Any]]
    """Name, role, rows, and the columns recognized."""
    unread: list[str]
    unmapped: list[UnmappedCode]
    problems: list[Problem]
    carried: dict[str, str]
    years: list[int]

    @property
    def stops(self) -> bool:
        """Whether an import would stop at something."""
        return bool(self.unmapped) or any(one.stops and one.rows for one in self.problems)

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self) | {"stops": self.stops}


def profile(extract: Extract, scratch: Path) -> Looked:
    """Look at an extract and count what is in it, without keeping anything.

    Parameters
    ----------
    extract
        The files.
    scratch
        An existing folder for the owner alone, where the look may put what memory doesn't hold.

    Raises
    ------
    BadInput
        A file can't be read; the message quotes nothing of it.
    """
    with _staged(extract, scratch) as (connection, staged, mapping):
        return _looked(connection, staged, mapping, extract)


def import_records(
    extract: Extract, folder: Path, *, allow_unmapped: bool = False
) -> tuple[Workspace, Looked]:
    """Import an extract into a workspace, which replaces the one that was there.

    Parameters
    ----------
    extract
        The files.
    folder
        Where the workspace goes.
    allow_unmapped
        Whether codes without an entry count as unknown instead of stopping the import.

    Raises
    ------
    BadInput
        A file can't be read, a code is not mapped, or the extract doesn't say which year it is of.
    """
    with drafted(folder) as draft:
        with _staged(extract, draft.folder) as (connection, staged, mapping):
            looked = _looked(connection, staged, mapping, extract)
            _refuse(looked, allow_unmapped=allow_unmapped)
            with sealed("the extract"):
                looked.problems.extend(_resolve(connection, extract, mapping, staged))
                facts = _facts(connection, looked, mapping)
                for name, query in _TABLES.items():
                    target = str(draft.table(name)).replace("'", "''")
                    connection.execute(f"COPY ({query}) TO '{target}' {_COPY}")
        draft.write_manifest(facts)
    return Workspace(folder.resolve()), looked


@contextmanager
def _staged(
    extract: Extract, scratch: Path
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Staged, SystemMapping]]:
    """Stage an extract in a database that goes with the block."""
    mapping = mappings.load(extract.mapping)
    with ExitStack() as stack:
        stack.enter_context(private())
        path = scratch / f".{secrets.token_hex(4)}.staging"
        stack.callback(_remove, path)
        with sealed("the extract"):
            connection = stack.enter_context(database.opened(path))
            connection.execute("SET preserve_insertion_order=false")
            connection.execute(f"SET memory_limit='{_MEMORY}'")
            connection.execute("SET temp_directory=?", [f"{path}.tmp"])
            unpacking = Path(f"{path}.unpacked")
            unpacking.mkdir(mode=0o700)
        found = list(_sheets(connection, extract, unpacking))
        if mapping.name == "oneroster":
            found = _with_roster(connection, found, unpacking)
        if any(one.name.startswith("edfi_") for _, one in found) and mapping.name == "standard":
            mapping = mappings.load("edfi")
        fixed = _fixed(extract, found)
        roles, unread = assign([one for _, one in found], mapping, fixed)
        if not roles:
            raise BadInput(
                f"Expected files that mapping {mapping.name} knows, found none that has the "
                f"columns it needs: {'; '.join(_needs(mapping))}. A mapping can name other columns."
            )
        with sealed("the extract"):
            staged = stage(connection, roles, mapping, secrets.token_hex(16))
        staged.unread = unread
        yield connection, staged, mapping


def _needs(mapping: SystemMapping) -> list[str]:
    return [f"{role} need {', '.join(spec.needs)}" for role, spec in mapping.files.items()]


def _sheets(
    connection: duckdb.DuckDBPyConnection, extract: Extract, unpacking: Path
) -> Iterator[tuple[Path, Sheet]]:
    named = list(extract.fixed or {})
    others = [path for path in extract.paths if path not in named]
    documents = []
    for path in [*named, *(found_files(others) if others else ())]:
        if not path.is_file():
            raise BadInput(f"{shown(str(path))}: expected a file, found none.")
        with sealed(path.name):
            plain_files = unpacked(path, unpacking)
        for name, plain in plain_files:
            if edfi.kind_of(plain):
                documents.append((plain, name))
            else:
                yield path, sheet(connection, name, plain)
    if documents:
        for name, made in edfi_tables.write(documents, unpacking):
            yield made, sheet(connection, name, made)


def _with_roster(
    connection: duckdb.DuckDBPyConnection, found: list[tuple[Path, Sheet]], unpacking: Path
) -> list[tuple[Path, Sheet]]:
    with sealed("the roster"):
        made = oneroster.write(connection, [one for _, one in found], unpacking)
    others = [
        (path, one)
        for path, one in found
        if "sourcedid" not in {column.lower() for column in one.columns}
    ]
    return [*others, *((path, sheet(connection, name, path)) for name, path in made)]


def _fixed(extract: Extract, found: Sequence[tuple[Path, Sheet]]) -> dict[str, str]:
    roles = extract.fixed or {}
    return {one.name: roles[path] for path, one in found if path in roles}


def _remove(path: Path) -> None:
    import shutil  # noqa: PLC0415 - at the end alone

    for left in path.parent.glob(f"{path.name}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _looked(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    mapping: SystemMapping,
    extract: Extract,
) -> Looked:
    with sealed("the extract"):
        listed = [
            {
                "name": one.name,
                "role": role,
                "grain": mapping.files[role].grain,
                "columns": len(one.columns),
                "recognized": sorted(staged.columns.get(role, ())),
            }
            for role, sheets in staged.sheets.items()
            for one in sheets
        ]
        return Looked(
            mapping.name,
            listed,
            staged.unread,
            unmapped(connection, staged, mapping),
            of_rows(connection, staged),
            carried(connection, staged, mapping),
            _years(connection, extract),
        )


def _years(connection: duckdb.DuckDBPyConnection, extract: Extract) -> list[int]:
    rows = connection.execute(
        """
        SELECT DISTINCT coalesce(year, year(entry) + CAST(month(entry) >= 7 AS INTEGER), ?) AS year
        FROM stage_students ORDER BY year
        """,
        [extract.year],
    ).fetchall()
    return [int(year) for (year,) in rows if year is not None]


def _refuse(looked: Looked, *, allow_unmapped: bool) -> None:
    if looked.unmapped and not allow_unmapped:
        lines = "\n".join(
            f"  {one.file}, {one.column}: {one.code} in {one.rows:,} "
            f"{'row' if one.rows == 1 else 'rows'}"
            for one in looked.unmapped[:20]
        )
        more = f"\n  and {len(looked.unmapped) - 20} more" if len(looked.unmapped) > 20 else ""
        raise BadInput(
            "Expected codes that the mapping has, found others. Add them to a copy of the mapping, "
            f"or let them count as unknown. Nothing was imported.\n{lines}{more}"
        )
    for problem in looked.problems:
        if problem.stops and problem.rows:
            raise BadInput(f"{problem.says} ({problem.rows:,} rows). Nothing was imported.")


def _resolve(
    connection: duckdb.DuckDBPyConnection, extract: Extract, mapping: SystemMapping, staged: Staged
) -> list[Problem]:
    month, day = (int(part) for part in mapping.count_day.split("-"))
    connection.execute(
        "CREATE OR REPLACE TABLE given AS SELECT ?::INTEGER AS count_month, ?::INTEGER AS "
        "count_dom, ?::INTEGER AS default_year, ?::VARCHAR AS lea_id, ?::BOOLEAN AS dated",
        [month, day, _default_year(connection, extract), extract.lea, "programs" in staged.sheets],
    )
    text = (files("homeroom.records") / "resolve.sql").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("--"))
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            connection.execute(statement)
    return after_placing(connection)


def _default_year(connection: duckdb.DuckDBPyConnection, extract: Extract) -> int | None:
    """Return the year of rows that say none: as given, or the only one that events speak of."""
    if extract.year is not None:
        return extract.year
    without = connection.execute(
        "SELECT count(*) FROM stage_students WHERE year IS NULL AND entry IS NULL"
    ).fetchone()
    if not without or not without[0]:
        return None
    spoken = connection.execute(
        """
        SELECT DISTINCT coalesce(year, year(date) + CAST(month(date) >= 7 AS INTEGER)) AS year
        FROM stage_actions WHERE year IS NOT NULL OR date IS NOT NULL
        UNION SELECT DISTINCT coalesce(year, year(date) + CAST(month(date) >= 7 AS INTEGER))
        FROM stage_participants WHERE year IS NOT NULL OR date IS NOT NULL
        UNION SELECT DISTINCT year(date) + CAST(month(date) >= 7 AS INTEGER)
        FROM stage_incidents WHERE date IS NOT NULL
        """
    ).fetchall()
    years = sorted({int(year) for (year,) in spoken if year is not None})
    if len(years) == 1:
        return years[0]
    raise BadInput(
        f"Expected a school year for every student, found {without[0]:,} rows that say none, and "
        f"events of {len(years)} school years. Say which year the students' file is of (`--year "
        "2024` for 2023-24), or give it a column with the year."
    )


def _facts(
    connection: duckdb.DuckDBPyConnection, looked: Looked, mapping: SystemMapping
) -> dict[str, Any]:
    """Return what the manifest says: nothing in it is about one student."""
    leas = connection.execute(
        """
        SELECT d.lea, d.id, arg_min(s.nces_lea, s.school) AS nces, arg_min(s.lea_name, s.school)
        FROM lea_dim d LEFT JOIN stage_schools s ON s.lea = d.id GROUP BY d.lea, d.id ORDER BY 1
        """
    ).fetchall()
    schools = connection.execute(
        """
        SELECT d.school, d.lea, d.id, min(s.nces_school), min(s.name), min(s.low_grade),
            max(s.high_grade)
        FROM school_dim d JOIN lea_dim l USING (lea)
        LEFT JOIN stage_schools s ON s.school = d.id AND (s.lea = l.id OR s.lea IS NULL)
        GROUP BY d.school, d.lea, d.id ORDER BY 1
        """
    ).fetchall()
    years = connection.execute("SELECT DISTINCT year FROM pupil ORDER BY year").fetchall()
    names = ("school", "lea", "id", "nces", "name", "low_grade", "high_grade")
    return {
        "homeroom_version": __version__,
        "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "mapping": mapping.name,
        "title": mapping.title,
        "notes": list(mapping.notes),
        "count_day": mapping.count_day,
        "years": [int(year) for (year,) in years],
        "leas": [dict(zip(("lea", "id", "nces", "name"), row, strict=True)) for row in leas],
        "schools": [dict(zip(names, row, strict=True)) for row in schools],
        "carried": looked.carried,
        "problems": [asdict(one) for one in looked.problems],
        "files": [{"name": one["name"], "role": one["role"]} for one in looked.files],
    }
