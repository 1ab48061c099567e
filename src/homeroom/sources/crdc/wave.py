"""Which wave a CRDC file belongs to: proved by what is in it, or named and not contradicted.

Evidence comes in this order: the file's own columns and values; what the person says; the other
files of its archive or folder; the official name of the file, archive, or folder. Each step only
decides among the waves that the file itself leaves open (:mod:`homeroom.sources.crdc.signatures`).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from homeroom.errors import BadInput, HomeroomError
from homeroom.sources.base import SourceFile
from homeroom.sources.crdc import signatures as signs
from homeroom.sources.crdc.columns import layout
from homeroom.sources.crdc.wide import header

_NAMED = re.compile(r"(?<!\d)(20\d\d)[-_](\d\d)(?!\d)")
_FOLDERS = 3
_NEIGHBORS = 200
_CODE = re.compile(rb"(?<=,)\"?-(\d{1,2})(?:\.0+)?\"?(?=[,\r\n])")
_MIXED = 2
"""Waves proved beside a file that make its neighbors no evidence."""
_WIDE = 3
"""Modules that a person may have joined; a file with more is one of the wide waves."""
_SEEN = 3
"""Cells that must hold a code: fewer could be damage."""
_MOSTLY = 0.5
"""Share of rows whose SCHID must be wrong: in OCR's files of 2017-18 nearly every row is."""


@dataclass(frozen=True, slots=True)
class Told:
    """A wave, and how it was told where the file alone does not prove it."""

    wave: str
    note: str = ""


def tell_wave(
    file: SourceFile, names: list[str], stated: str | None = None, among: Iterable[str] = signs.ALL
) -> Told:
    """Return the wave of a file with this header.

    Parameters
    ----------
    stated
        The wave that the person says the file is of.
    among
        Waves that the kind of file leaves possible.

    Raises
    ------
    BadInput
        Nothing proves a wave, what is in the file belongs to different waves, or the wave stated
        is not that of the file.
    """
    left = own_waves(file, names) & frozenset(among)
    if not left:
        raise BadInput(
            f"{file.name}: expected columns and codes of one CRDC wave, found some that no one "
            "wave has together: files of two waves were mixed. Take the official ZIP."
        )
    named = _named(file)
    if stated is not None:
        if stated not in left:
            raise BadInput(
                f"{file.name}: expected a file of {stated}, as you said, found columns or codes of "
                f"{_either(left)}. Leave the wave out, or name that one."
            )
        if len(left) > 1 and file.member and (others := _beside(file)) and stated not in others:
            raise BadInput(
                f"{file.name}: expected a file of {stated}, as you said, but other files of its "
                f"archive prove {_either(others)}. Leave the wave out, or name that one."
            )
        return Told(stated, "" if len(left) == 1 else f"wave {stated} as stated")
    if len(left) == 1:
        return _proved_by(left, named)
    return _by_company(file, names, left, named)


def _proved_by(left: frozenset[str], named: str | None) -> Told:
    """Return the one wave left; a name that contradicts it is no proof, and only reported."""
    (wave,) = left
    if named in (None, wave):
        return Told(wave)
    return Told(wave, f"its name or folder says {named}, but its content proves {wave}")


def _by_company(
    file: SourceFile, names: list[str], left: frozenset[str], named: str | None
) -> Told:
    """Decide among the waves left by the files beside it, by names, or refuse."""
    beside = _beside(file)
    if len(beside) == 1:
        (wave,) = beside
        if wave in left:
            clash = f", though its name or folder says {named}" if named not in (None, wave) else ""
            return Told(wave, f"wave {wave} by the files beside it{clash}")
        if file.member:
            raise BadInput(
                f"{file.name}: expected a file of {wave}, like the others in its archive, found "
                f"columns or codes of {_either(left)}. Take the official ZIP."
            )
    left &= _by_values(names, [], set(_codes(file.data())))
    if len(left) == 1:
        return _proved_by(left, named)
    if named in left and not beside - {named}:
        return Told(str(named), f"wave {named} by the name of its file or folder")
    if named and named not in left:
        raise BadInput(
            f"{file.name}: expected a file of {named}, as its name or folder says, found columns "
            f"or codes of {_either(left)}. Take the official ZIP, or say which wave it is."
        )
    if len(beside) < _MIXED and (likely := _by_form(file, names, left)):
        return Told(
            likely,
            f"wave {likely} by its form (JJ and how values are written), no proof: if it is of "
            f"{_either(left - {likely})}, name the wave",
        )
    raise BadInput(
        f"{file.name}: a CRDC file of {_either(left)}: expected a column, a code, or a file beside "
        "it that only one wave has, found none. Give the official ZIP as a whole, or say which "
        "wave it is."
    )


def own_waves(file: SourceFile, names: list[str]) -> frozenset[str]:
    """Return the waves that a file's own columns and values leave possible."""
    left = _by_columns(names)
    rows = _rows(file.head, len(names))
    # Where columns prove a wave, only a code that it does not have can contradict them.
    return left & _by_values(names, rows, set(_codes(file.head)), codes_only=len(left) == 1)


def _by_columns(names: Sequence[str]) -> frozenset[str]:
    left = signs.HEADERS.get(signs.header_key(list(names)), frozenset(signs.ALL))
    for sign in signs.COLUMN_SIGNS:
        if any(sign.pattern.fullmatch(name) for name in names):
            left &= sign.waves
    if len(layout(names).modules) > _WIDE:
        left &= signs.SEVERAL_MODULES
    return left


def _rows(head: bytes, width: int) -> list[list[str]]:
    headings, *rows = csv.reader(head.decode("utf-8", "replace").splitlines())
    # Of two files joined, the headings stand once more in the middle.
    return [row for row in rows if len(row) == width and row != headings]


def _codes(data: bytes) -> Iterator[int]:
    """Return the negative codes of a file; a few damaged cells make no wave."""
    for code, cells in Counter(_CODE.findall(data)).items():
        if cells >= _SEEN:
            yield -int(code)


def _by_values(
    names: list[str], rows: list[list[str]], codes: set[int], *, codes_only: bool = False
) -> frozenset[str]:
    """Return the waves that values leave; without ``rows``, codes of the whole file count too."""
    left = frozenset(signs.ALL)
    counts = [name for name in names if name.startswith("SCH_") and name != "SCH_NAME"]
    for sign in signs.CODE_SIGNS:
        where = [name for name in counts if sign.among.match(name)]
        if sign.code not in codes or not where or (sign.late and rows):
            continue
        if len(where) == len(counts) or _has(names, rows, where, sign.code):
            left &= sign.waves
    if codes_only:
        return left
    nonbinary = [at for at, name in enumerate(names) if signs.NONBINARY.fullmatch(name)]
    if nonbinary and "2023-24" in left and "2021-22" in left:
        cells = {row[at].strip().removesuffix(".0") for row in rows for at in nonbinary} - {""}
        if cells and "-10" not in cells:
            left &= signs.COUNTED_NONBINARY
    if _wrong_schools(names, rows):
        left &= signs.WRONG_SCHID
    return left


def _has(names: list[str], rows: list[list[str]], where: list[str], code: int) -> bool:
    at = {name: place for place, name in enumerate(names)}
    forms = {str(code), f"{code}.0"}
    return any(row[at[name]].strip() in forms for row in rows for name in where)


def _wrong_schools(names: list[str], rows: list[list[str]]) -> bool:
    if not {"COMBOKEY", "SCHID", "LEAID"} <= set(names) or not rows:
        return False
    key, school, lea = (names.index(name) for name in ("COMBOKEY", "SCHID", "LEAID"))
    whole = [
        row
        for row in rows
        if re.fullmatch(r"\d{12}", row[key]) and row[key].startswith(row[lea])
        and re.fullmatch(r"\d{1,5}", row[school])
    ]  # fmt: skip
    wrong = sum(row[key][7:] != row[school].zfill(5) for row in whole)
    return bool(whole) and len(whole) > _MOSTLY * len(rows) and wrong > _MOSTLY * len(whole)


def _by_form(file: SourceFile, names: list[str], left: frozenset[str]) -> str | None:
    """Return a wave that a weak sign supports, or None.

    2017-18 where both of its ways of writing are seen: another case of letters is never taken for
    another wave, it only leaves the file without this support, so that the pandemic year and
    2015-16 are never told by form. 2021-22 where JJ stands beside columns that are new in it: the
    files of 2023-24 have no JJ.
    """
    if "JJ" not in names:
        return None
    if left == {"2021-22", "2023-24"}:
        return next(iter(left & signs.JUVENILE))
    if "2017-18" not in left or "2021-22" in left or "LEA_STATE_NAME" not in names:
        return None
    state, juvenile = names.index("LEA_STATE_NAME"), names.index("JJ")
    written = {(row[state].isupper(), row[juvenile]) for row in _rows(file.head, len(names))}
    fits = written and written <= {(True, "Yes"), (True, "No")}
    return "2017-18" if fits else None


def _named(file: SourceFile) -> str | None:
    """Return the wave in the name of the file, its archive, or its folders; the nearest counts."""
    parts = [*reversed(Path(file.member or "").parts), file.path.name]
    parts += [folder.name for folder in list(file.path.absolute().parents)[:_FOLDERS]]
    for part in parts:
        found = {f"{year}-{last}" for year, last in _NAMED.findall(part)} & set(signs.ALL)
        if len(found) == 1:
            return found.pop()
    return None


def _beside(file: SourceFile) -> frozenset[str]:
    """Return the waves that other files of the archive or folder prove by themselves."""
    where = file.path if file.member else file.path.parent
    return frozenset(
        wave for name, wave in _proved(where, where.stat().st_mtime_ns) if name != file.name
    )


@lru_cache(maxsize=64)
def _proved(where: Path, _changed: int) -> tuple[tuple[str, str], ...]:
    """Return each CRDC file of a folder or an archive that proves its wave alone."""
    from homeroom.sources.registry import find_files  # noqa: PLC0415 - the registry imports us

    paths = [where] if where.is_file() else sorted(where.iterdir())[:_NEIGHBORS]
    found = []
    for path in paths:
        if path.name.startswith(".") or not path.is_file():
            continue
        try:
            if where.is_dir() and path.suffix.lower() not in (".csv", ".gz", ".txt", ".tsv"):
                continue
            near = [one for one in find_files([path]) if isinstance(one, SourceFile)]
            found += [(one.name, wave) for one in near if (wave := _alone(one))]
        except (HomeroomError, OSError):
            continue  # a file beside it that can't be read proves nothing, and is refused itself
    return tuple(found)


def _alone(file: SourceFile) -> str | None:
    names = header(file.head)
    if "LEAID" not in names or "LEA_STATE" not in names:
        return None
    left = own_waves(file, names)
    return next(iter(left)) if len(left) == 1 else None


def _either(waves: Iterable[str]) -> str:
    ordered = sorted(waves)
    return ordered[0] if len(ordered) == 1 else f"{', '.join(ordered[:-1])} or {ordered[-1]}"
