"""Staging: every file of an extract as one typed table a role, with codes as our numbers.

A staged table holds a row for every row of its files that counts for anybody. A code without an
entry in the mapping is -9, a text that should be a date or a number and isn't one is flagged, and a
student is a number that this import alone can make: a hash with a salt that is thrown away.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from homeroom.errors import BadInput
from homeroom.records import vocabulary as words
from homeroom.records.mapping import CODE_LIST, FileSpec, plain
from homeroom.records.mapping import Mapping as SystemMapping
from homeroom.records.reading import Sheet, quoted
from homeroom.text_gate import shown

UNMAPPED = -9
SEVERAL = "[;|]"
"""What stands between two races in one value."""
_DATES = "['%Y-%m-%d', '%m/%d/%Y', '%Y%m%d', '%Y/%m/%d', '%m-%d-%Y', '%d-%b-%Y', '%b %d %Y']"
_NUMBER: dict[str, tuple[str, ...]] = {
    "action": words.ACTIONS, "disability": words.DISABILITIES, "setting": words.SETTINGS,
    "race": (*words.RACES, "unknown"), "sex": (*words.SEXES, "unknown"),
    "role": ("other", "perpetrator"), "program": ("other", "idea", "s504"),
}  # fmt: skip
"""A word's number is its place; yes and no are 1 and 0."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "students": (
        "student", "year", "lea", "school", "race", "hispanic", "sex", "birth_date", "age", "grade",
        "idea", "disability", "setting", "s504", "entry", "exit",
        *(f"race_{race}" for race in words.RACES if race not in ("hispanic", "two_or_more")),
    ),
    "schools": (
        "lea", "school", "nces_lea", "nces_school", "name", "lea_name", "low_grade", "high_grade",
    ),
    "programs": ("student", "program", "disability", "setting", "begin", "end"),
    "incidents": ("incident", "school", "date", "referred"),
    "participants": (
        "student", "incident", "school", "role", "date", "year", "referred", "arrested",
    ),
    "actions": (
        "student", "incident", "id", "year", "lea", "school", "date", "action", "days", "referred",
        "arrested", "zero_tolerance",
    ),
}  # fmt: skip
"""The columns of each staged table."""


@dataclass
class Staged:
    """What was staged: which roles have files, which columns they have, and what was left out."""

    sheets: dict[str, list[Sheet]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    """Role to the columns of ours that a file gives."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Why rows were left out, to how many."""
    unread: list[str] = field(default_factory=list)
    """Files that no role of the mapping fits."""


def assign(
    sheets: Iterable[Sheet], mapping: SystemMapping, fixed: Mapping[str, str]
) -> tuple[dict[str, list[Sheet]], list[str]]:
    """Return the sheets by role, and the names of those that fit none.

    A role fits where the file has every column that the mapping needs. Of several, the one whose
    pattern the name has stands before the one with more columns.

    Parameters
    ----------
    sheets
        Tables of the extract.
    mapping
        The system's mapping.
    fixed
        Names of sheets whose role the person gave.

    Raises
    ------
    BadInput
        A file doesn't have the columns of the role that the person gave.
    """
    found: dict[str, list[Sheet]] = {}
    unread = []
    for sheet in sheets:
        if sheet.name in fixed:
            role = fixed[sheet.name]
            if role not in mapping.files:
                raise BadInput(
                    f"{sheet.name}: expected a file that mapping {mapping.name} knows, found "
                    f"{role}, which it has none of."
                )
            _check(sheet, mapping.files[role])
        else:
            role = _best(sheet, mapping)
        if role:
            found.setdefault(role, []).append(sheet)
        else:
            unread.append(sheet.name)
    return found, unread


def _best(sheet: Sheet, mapping: SystemMapping) -> str:
    ranked = []
    for order, (role, spec) in enumerate(mapping.files.items()):
        there = located(sheet, spec)
        if all(name in there for name in spec.needs):
            name = sheet.name.rpartition(":")[2].rpartition("/")[2].lower()
            named = any(fnmatch.fnmatch(name, pattern.lower()) for pattern in spec.match)
            ranked.append((named, len(there), -order, role))
    return max(ranked)[3] if ranked else ""


def located(sheet: Sheet, spec: FileSpec) -> dict[str, str]:
    """Return our column to the file's own, for those that the file has."""
    by_plain = {plain(column): column for column in reversed(sheet.columns)}
    return {
        name: by_plain[plain(alias)]
        for name, aliases in spec.columns.items()
        for alias in reversed(aliases)
        if plain(alias) in by_plain
    }


def _check(sheet: Sheet, spec: FileSpec) -> None:
    there = located(sheet, spec)
    lacking = [name for name in spec.needs if name not in there]
    if lacking:
        also = ", ".join(spec.columns.get(lacking[0], ())[:4])
        raise BadInput(
            f"{sheet.name}: expected a column for {', '.join(lacking)} (for {lacking[0]}: {also}), "
            f"found none among its {len(sheet.columns)} columns. The first row must hold the "
            "columns' names; a mapping can name others."
        )


def stage(
    connection: duckdb.DuckDBPyConnection,
    sheets: dict[str, list[Sheet]],
    mapping: SystemMapping,
    salt: str,
) -> Staged:
    """Fill one table a role, ``stage_students`` and so on; a role without files has an empty one.

    Parameters
    ----------
    connection
        A database of this import alone.
    sheets
        From :func:`assign`.
    mapping
        The system's mapping.
    salt
        Random text that nobody keeps.
    """
    connection.register("code_list_given", _code_table(mapping))
    connection.execute("CREATE OR REPLACE TABLE code_list AS FROM code_list_given")
    connection.unregister("code_list_given")
    connection.execute("CREATE OR REPLACE TABLE secret AS SELECT ? AS salt", [salt])
    staged = Staged(sheets=sheets)
    for role, wanted in COLUMNS.items():
        selects = []
        spec = mapping.files.get(role)
        for sheet in sheets.get(role, ()) if spec else ():
            assert spec is not None  # noqa: S101 - for the type checker: no sheets without it
            there = located(sheet, spec)
            staged.columns.setdefault(role, set()).update(there)
            where = _kept(connection, sheet, spec, staged)
            selects.append(_select(sheet, there, wanted, mapping, where))
        nothing = ", ".join(f"{_typed_null(name)} AS {name}" for name in _outputs(wanted))
        selects.append(f"SELECT {nothing} WHERE false")
        connection.execute(
            f"CREATE OR REPLACE TABLE stage_{role} AS " + " UNION ALL BY NAME ".join(selects)
        )
    return staged


def _kept(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, spec: FileSpec, staged: Staged
) -> str:
    """Return the condition of rows that count, and note how many do not."""
    by_plain = {plain(column): column for column in sheet.columns}
    conditions = []
    for left in spec.leave_out:
        column = by_plain.get(plain(left.column))
        if column is None:
            continue
        values = ", ".join("'" + one.lower().replace("'", "''") + "'" for one in left.values)
        condition = f"coalesce(lower(trim(src.{quoted(column)})), '') IN ({values})"
        found = connection.execute(f"SELECT count(*) FROM {sheet.sql} src WHERE {condition}")
        count = int((found.fetchone() or (0,))[0])
        if count:
            staged.left_out[left.why] = staged.left_out.get(left.why, 0) + count
        conditions.append(f"NOT ({condition})")
    return " AND ".join(conditions) or "true"


def _select(
    sheet: Sheet, there: dict[str, str], wanted: tuple[str, ...], mapping: SystemMapping, where: str
) -> str:
    values, joins = [], []
    for name in wanted:
        column = f"src.{quoted(there[name])}" if name in there else None
        values += _values(name, column, mapping)
        if column and name in CODE_LIST:
            joins.append(
                f"LEFT JOIN code_list k_{name} ON k_{name}.list = '{CODE_LIST[name]}' "
                f"AND k_{name}.code = lower(trim({column}))"
            )
    return (
        f"SELECT {', '.join(values)} FROM {sheet.sql} src CROSS JOIN secret "
        f"{' '.join(joins)} WHERE {where}"
    )


def _outputs(wanted: tuple[str, ...]) -> list[str]:
    return [text.rpartition(" AS ")[2] for name in wanted for text in _values(name, "x", None)]


_FLAGGED = ("date", "begin", "end", "entry", "exit", "birth_date")
_BIGINT = ("student", "incident", "id")
_TEXT = ("lea", "school", "nces_lea", "nces_school", "name", "lea_name")


def _typed_null(name: str) -> str:
    kind = "TINYINT"
    if name in _BIGINT:
        kind = "BIGINT"
    elif name in _TEXT:
        kind = "VARCHAR"
    elif name in _FLAGGED:
        kind = "DATE"
    elif name.startswith("bad_"):
        kind = "BOOLEAN"
    elif name in ("year", "hundredths"):
        kind = "INTEGER"
    return f"CAST(NULL AS {kind})"


def _values(name: str, column: str | None, mapping: SystemMapping | None) -> list[str]:
    """Return the SELECT items of one of our columns."""
    if name == "days":
        return _days(column, mapping)
    if column is None:
        made = _outputs((name,))
        return [f"{_typed_null(one)} AS {one}" for one in made]
    text = f"nullif(trim({column}), '')"
    if name in _BIGINT:
        hashed = f"CAST(hash(salt || '{name[:1]}' || {text}) >> 1 AS BIGINT)"
        # A text of zeros alone is a filler, as Florida's incident 00000000: it names nobody.
        return [f"CASE WHEN trim({column}, '0 ') <> '' THEN {hashed} END AS {name}"]
    if name in _FLAGGED:
        date = f"coalesce(try_cast(left({text}, 10) AS DATE), try_strptime({text}, {_DATES})::DATE)"
        return [f"{date} AS {name}", f"({text} IS NOT NULL AND {date} IS NULL) AS bad_{name}"]
    if name == "year":
        first = f"try_cast(left({text}, 4) AS INTEGER)"
        return [
            (
                f"CAST(CASE WHEN {first} NOT BETWEEN 1900 AND 2199 THEN NULL "
                f"WHEN length({text}) = 4 OR right({text}, 2) = '.0' THEN {first} "
                f"WHEN length({text}) IN (7, 9) AND {text}[5] IN ('-', '/', ' ') THEN {first} + 1 "
                "END AS INTEGER) AS year"
            )
        ]
    if name in ("grade", "low_grade", "high_grade"):
        return [
            (
                f"CAST(CASE WHEN upper({text}) IN ('PK', 'P3', 'P4', 'PRE-K', 'PREK', 'EE') "
                "THEN -1 "
                f"WHEN upper({text}) IN ('KG', 'K', 'KINDERGARTEN', 'KF', 'KH', 'TK') THEN 0 "
                f"ELSE try_cast(regexp_extract({text}, '^[0-9]{{1,2}}') AS TINYINT) END "
                f"AS TINYINT) AS {name}"
            )
        ]
    if name == "age":
        return [f"CAST(try_cast({text} AS DOUBLE) AS TINYINT) AS age"]
    if name in _TEXT:
        return [f"{text} AS {name}"]
    blank = _blank(name, mapping)
    several = (
        f"WHEN regexp_matches({text}, '{SEVERAL}') THEN {words.RACES.index('two_or_more')} "
        if name == "race"
        else ""
    )
    return [
        (
            f"CAST(CASE WHEN {text} IS NULL THEN {blank} {several}"
            f"ELSE coalesce(k_{name}.number, {UNMAPPED}) END AS TINYINT) AS {name}"
        )
    ]


def _days(column: str | None, mapping: SystemMapping | None) -> list[str]:
    if column is None:
        return ["CAST(-1 AS INTEGER) AS hundredths", "CAST(NULL AS BOOLEAN) AS bad_days"]
    share = mapping.days_in_unit if mapping else 1.0
    number = f"try_cast(replace(nullif(trim({column}), ''), ',', '') AS DOUBLE)"
    return [
        (
            f"CAST(CASE WHEN {number} BETWEEN 0 AND 100000 THEN round({number} * {share * 100!r}) "
            "ELSE -1 END AS INTEGER) AS hundredths"
        ),
        f"(nullif(trim({column}), '') IS NOT NULL AND coalesce({number}, -1) < 0) AS bad_days",
    ]


def _blank(name: str, mapping: SystemMapping | None) -> str:
    word = (mapping.blank if mapping else {}).get(name)
    return "NULL" if word is None else str(_number(CODE_LIST[name], word))


def _number(code_list: str, word: str) -> int:
    if code_list in _NUMBER:
        return _NUMBER[code_list].index(word)
    return ("no", "yes").index(word)


def _code_table(mapping: SystemMapping) -> pa.Table:
    rows = [
        (name, code, _number(name, word))
        for name, codes in mapping.codes.items()
        for code, word in codes.items()
    ]
    return pa.table(
        {
            "list": pa.array([row[0] for row in rows], pa.string()),
            "code": pa.array([row[1] for row in rows], pa.string()),
            "number": pa.array([row[2] for row in rows], pa.int8()),
        }
    )


@dataclass(frozen=True, slots=True)
class UnmappedCode:
    """A value that the mapping's list doesn't have, and in how many rows it stands."""

    file: str
    column: str
    code: str
    """The code, or how long it is where it might be a text of a record."""
    rows: int


_SHORT = r"[A-Za-z0-9<>=+./-]{1,4}"
_WORDY = r"[A-Za-z][A-Za-z /()&,'-]{1,39}"
_OFTEN = 10


def unmapped(
    connection: duckdb.DuckDBPyConnection, staged: Staged, mapping: SystemMapping
) -> list[UnmappedCode]:
    """List the codes without an entry. A long or rare text is never quoted: it may be a name."""
    found: list[UnmappedCode] = []
    for role, sheets in staged.sheets.items():
        coded = [name for name in COLUMNS[role] if name in CODE_LIST]
        for name in coded:
            column_there = name in staged.columns.get(role, ())
            if not column_there or not _any_unmapped(connection, role, name):
                continue
            for sheet in sheets:
                column = located(sheet, mapping.files[role]).get(name)
                if column:
                    found += _listed(connection, sheet, column, CODE_LIST[name])
    return found


def _any_unmapped(connection: duckdb.DuckDBPyConnection, role: str, name: str) -> bool:
    query = f"SELECT count(*) FROM stage_{role} WHERE {name} = {UNMAPPED}"
    return bool((connection.execute(query).fetchone() or (0,))[0])


def _listed(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, column: str, code_list: str
) -> list[UnmappedCode]:
    text = f"trim(src.{quoted(column)})"
    rows = connection.execute(
        f"""
        SELECT CASE WHEN regexp_full_match(value, '{_SHORT}') THEN value
                    WHEN n >= {_OFTEN} AND regexp_full_match(value, '{_WORDY.replace("'", "''")}')
                        THEN value
                    ELSE format('a text of {{}} characters', length(value)) END AS code,
            sum(n)::BIGINT AS n
        FROM (SELECT {text} AS value, count(*) AS n FROM {sheet.sql} src
              WHERE {text} <> '' AND NOT (? = 'race' AND regexp_matches({text}, '{SEVERAL}'))
              AND NOT EXISTS (
                  SELECT 1 FROM code_list WHERE list = ? AND code = lower({text}))
              GROUP BY 1)
        GROUP BY 1 ORDER BY n DESC, code LIMIT 50
        """,
        [code_list, code_list],
    ).fetchall()
    return [UnmappedCode(sheet.name, shown(column), shown(str(c)), int(n)) for c, n in rows]
