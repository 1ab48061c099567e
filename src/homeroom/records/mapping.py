"""A mapping: how one system's files become the few words of :mod:`homeroom.records.vocabulary`.

A mapping is a YAML file: the files with key and grain, their columns, lists of codes, the unit of
days, the day of the child count, and what the extract leaves out (`coverage`). One a system ships;
an agency copies it and adds its own codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from homeroom.errors import BadInput
from homeroom.records import vocabulary as words
from homeroom.text_gate import short, shown

ROLES = ("schools", "students", "programs", "incidents", "participants", "actions")
"""The kinds of files that an extract can have."""
UNITS = {"days": 1.0, "half_days": 0.5, "minutes": 1 / 420, "hours": 1 / 7, "periods": 1 / 7}
"""Days in a unit, where a mapping doesn't say how many make a day."""
_USUAL = ("student",)
_PROGRAMS = {
    "idea": "idea", "iep": "idea", "special education": "idea", "sped": "idea", "s504": "s504",
    "504": "s504", "section 504": "s504", "other": "other",
}  # fmt: skip
OF_ALL = "{} of all students"
"""What a coverage block says of a measure among all students, where those with disabilities are
covered."""
_ALONE = ("action", "disability", "setting", "role")
_TARGETS: dict[str, tuple[str, ...]] = {
    "action": words.ACTIONS,
    "disability": words.DISABILITIES,
    "setting": words.SETTINGS,
    "race": (*words.RACES, "unknown"),
    "sex": (*words.SEXES, "unknown"),
    "yes_no": ("yes", "no"),
    "role": ("perpetrator", "other"),
    "referred": ("yes", "no"),
    "arrested": ("yes", "no"),
    "program": ("idea", "s504", "other"),
    "idea": ("yes", "no"),
    "s504": ("yes", "no"),
    "hispanic": ("yes", "no"),
}
CODE_LIST = {
    "action": "action", "disability": "disability", "setting": "setting", "race": "race",
    "sex": "sex", "role": "role", "referred": "referred", "arrested": "arrested",
    "program": "program", "idea": "idea", "s504": "s504", "hispanic": "hispanic",
    "zero_tolerance": "yes_no", "not_ours": "yes_no",
    **{f"race_{race}": "yes_no" for race in words.RACES},
}  # fmt: skip
"""Columns whose values are codes, and the list that explains them."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that an extract holds and nobody counts, such as another LEA's students."""

    column: str
    values: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One kind of file: what a row is, what identifies it, and what its columns are called."""

    role: str
    grain: str
    key: tuple[str, ...]
    needs: tuple[str, ...]
    match: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    leave_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """How to read one system's extract."""

    name: str
    title: str
    says: str
    files: dict[str, FileSpec]
    codes: dict[str, dict[str, str]]
    """List to code to one of our words. A code stands without case and outer spaces."""
    lacks: dict[str, str]
    """What the extract can't carry, and why: a measure, ``days``, ``disability``, ``setting``."""
    unit: str = "days"
    per_day: float | None = None
    """Units in a school day; None for the usual number."""
    count_day: str = "10-01"
    """Month and day of the child count, in the autumn of the school year."""
    blank: dict[str, str] = field(default_factory=dict)
    """What an empty value of a list means, where it means something."""
    notes: tuple[str, ...] = ()

    @property
    def days_in_unit(self) -> float:
        """School days in one unit of a removal's length."""
        return 1 / self.per_day if self.per_day else UNITS[self.unit]


def plain(text: str) -> str:
    """Return a column's heading as it is compared: letters and digits alone, in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def names() -> list[str]:
    """Name the mappings that ship."""
    found = (entry.name for entry in files("homeroom.records.mappings").iterdir())
    ready = (name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))
    return sorted(name for name in ready if name != "words")


def load(named: str | Path) -> Mapping:
    """Return a mapping by its name, or from a YAML file.

    Parameters
    ----------
    named
        One of :func:`names`, or a file's path.

    Raises
    ------
    BadInput
        There is no such mapping, or the file breaks the form; the message says where.
    """
    if str(named) in names():
        return _shipped(str(named))
    path = Path(named)
    if not path.is_file():
        raise BadInput(
            f"mapping {short(str(named))}: expected one of {', '.join(names())}, or a YAML file; "
            "found neither."
        )
    if path.stat().st_size > 1 << 20:
        raise BadInput(f"{shown(path.name)}: expected a mapping of at most 1 MB, found more.")
    try:
        return _read(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{shown(path.name)}: expected a YAML file in UTF-8.") from error


@cache
def _shipped(name: str) -> Mapping:
    text = (files("homeroom.records.mappings") / f"{name}.yaml").read_text(encoding="utf-8")
    return _read(text, f"{name}.yaml")


@cache
def _common() -> dict[str, dict[str, str]]:
    text = (files("homeroom.records.mappings") / "words.yaml").read_text(encoding="utf-8")
    return {name: _codes(name, given, "words.yaml") for name, given in yaml.safe_load(text).items()}


def _read(text: str, where: str) -> Mapping:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise BadInput(f"{shown(where)}: expected YAML, found what is none{line}.") from None
    if not isinstance(data, dict) or not isinstance(data.get("files"), dict):
        raise BadInput(
            f"{shown(where)}: expected a mapping with `name` and `files`, found none. Copy one "
            "that ships: `homeroom records mapping standard`."
        )
    base = load(str(data["extends"])) if data.get("extends") else None
    known = {
        "extends", "name", "title", "says", "recorded_by", "files", "codes", "coverage", "days",
        "count_day", "blank", "notes",
    }  # fmt: skip
    _refuse_unknown(data, known, where)
    specs = dict(base.files) if base else {}
    for role, given in data["files"].items():
        specs[role] = _joined(_spec(role, given, where), specs.get(role))
    days = data.get("days") or {}
    unit = days.get("unit", "days")
    if unit not in UNITS:
        raise BadInput(f"{shown(where)}: days: expected a unit of {', '.join(UNITS)}.")
    return Mapping(
        name=str(data.get("name", where)),
        title=str(data.get("title", where)),
        says=str(data.get("says", "")),
        files=specs,
        codes=_merged(data.get("codes") or {}, where, base.codes if base else None),
        lacks=(base.lacks if base else {}) | _coverage(data.get("coverage") or {}, where),
        unit=unit,
        per_day=days.get("per_day"),
        count_day=str(data.get("count_day", "10-01")),
        blank=dict(data.get("blank") or {}),
        notes=tuple(data.get("notes") or ()),
    )


def _spec(role: str, given: Any, where: str) -> FileSpec:
    if role not in ROLES or not isinstance(given, dict):
        raise BadInput(f"{shown(where)}: files: expected {', '.join(ROLES)}; found {short(role)}.")
    _refuse_unknown(
        given, {"grain", "key", "needs", "match", "columns", "leave_out"}, f"{where}: {role}"
    )
    columns = {
        name: tuple(str(one) for one in (found if isinstance(found, list) else [found]))
        for name, found in (given.get("columns") or {}).items()
    }
    left = [
        LeftOut(str(one["column"]), tuple(map(str, one["values"])), str(one["why"]))
        for one in given.get("leave_out") or ()
    ]
    return FileSpec(
        role, str(given.get("grain", "")), tuple(given.get("key") or ()),
        tuple(given.get("needs") or _USUAL), tuple(given.get("match") or ()), columns,
        tuple(left),
    )  # fmt: skip


def _joined(spec: FileSpec, base: FileSpec | None) -> FileSpec:
    """Return a file's description with what it leaves open taken from the mapping it extends."""
    if base is None:
        return spec
    names = {*spec.columns, *base.columns}
    return FileSpec(
        spec.role, spec.grain or base.grain, spec.key or base.key,
        spec.needs if spec.needs != _USUAL else base.needs, (*spec.match, *base.match),
        {name: (*spec.columns.get(name, ()), *base.columns.get(name, ())) for name in names},
        (*spec.leave_out, *base.leave_out),
    )  # fmt: skip


def _merged(
    given: dict[str, Any], where: str, base: dict[str, dict[str, str]] | None
) -> dict[str, dict[str, str]]:
    merged = {name: dict(codes) for name, codes in (base or _common()).items()}
    for name in ("referred", "arrested", "idea", "s504", "hispanic"):
        merged.setdefault(name, dict(merged["yes_no"]))
    merged.setdefault("program", dict(_PROGRAMS))
    for name, codes in given.items():
        found = _codes(name, codes, where)
        merged[name] = found if name in _ALONE else merged.get(name, {}) | found
    return merged


def _codes(name: str, given: Any, where: str) -> dict[str, str]:
    """Return code to word, from a list a word; a code under two words is refused."""
    if name not in _TARGETS or not isinstance(given, dict):
        raise BadInput(
            f"{shown(where)}: codes: expected lists of {', '.join(_TARGETS)}; found {short(name)}."
        )
    codes: dict[str, str] = {}
    for word, values in given.items():
        target = {True: "yes", False: "no"}.get(word, word)
        if target not in _TARGETS[name]:
            raise BadInput(
                f"{shown(where)}: codes of {name}: expected {', '.join(_TARGETS[name])}; found "
                f"{short(target)}."
            )
        for value in values if isinstance(values, list) else [values]:
            code = code_text(str(value))
            if codes.setdefault(code, target) != target:
                raise BadInput(
                    f"{shown(where)}: codes of {name}: {short(code)} stands for {codes[code]} and "
                    f"for {target}. Keep one."
                )
    return codes


def code_text(value: str) -> str:
    """Return a code as it is compared: without case, outer spaces, and underscores."""
    return value.strip().lower().replace("_", " ")


def _coverage(given: dict[str, Any], where: str) -> dict[str, str]:
    for thing in given:
        if thing not in words.CARRIED:
            raise BadInput(
                f"{shown(where)}: coverage: expected {', '.join(words.CARRIED)}; found "
                f"{short(thing)}."
            )
    found = {}
    for thing, reason in given.items():
        if isinstance(reason, dict):
            _refuse_unknown(reason, {"all_students"}, f"{where}: coverage of {thing}")
            found[OF_ALL.format(thing)] = str(reason.get("all_students", ""))
        else:
            found[str(thing)] = str(reason)
    return found


def _refuse_unknown(given: dict[str, Any], known: set[str], where: str) -> None:
    if extra := set(map(str, given)) - known:
        raise BadInput(
            f"{shown(where)}: expected {', '.join(sorted(known))}; found {short(min(extra))}."
        )
