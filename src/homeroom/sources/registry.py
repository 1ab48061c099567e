"""From paths that a person names to files that Homeroom can read, and those that it cannot."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from homeroom.errors import BadInput, HomeroomError
from homeroom.sources import containers, unknown
from homeroom.sources.base import Reader, Recognized, SourceFile
from homeroom.text_gate import shown


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that no reader takes, and why, for the build report."""

    name: str
    reason: str
    expected: bool = field(default=False, compare=False)
    """Nothing is lost: the same file again, or what an official ZIP holds beside its data."""


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, most specific first. Imported late: surveys and workbooks are heavy."""
    from homeroom.sources import (  # noqa: PLC0415
        ccd,
        crdc_topics,
        edge,
        f33,
        high_schools,
        ocr_estimations,
        ocr_staff,
        oews,
        saipe,
        ssocs,
        wapo,
    )
    from homeroom.sources.crdc import reader as crdc  # noqa: PLC0415

    rooms = (
        crdc_topics, crdc, ocr_estimations, ocr_staff, high_schools, ccd, edge, f33, saipe, oews,
        ssocs, wapo,
    )  # fmt: skip
    return tuple(reader for room in rooms for reader in room.READERS)


def find_files(paths: Iterable[Path]) -> Iterator[SourceFile | Refused]:
    """List every file under ``paths``: folders are walked, archives opened, hidden files left out.

    A file that cannot be opened is refused by name, and the others go on.

    Raises
    ------
    BadInput
        A path does not exist.
    """
    for path in paths:
        if path.is_dir():
            yield from _walked(path)
        elif path.exists():
            yield from _opened(path)
        elif path.is_symlink():
            yield Refused(
                shown(path.name), f"a link that leads nowhere (to {shown(str(path.readlink()))})"
            )
        else:
            raise BadInput(
                f"{shown(str(path))}: expected a file, a folder or a ZIP, found nothing there."
            )


def _walked(folder: Path) -> Iterator[SourceFile | Refused]:
    closed: list[OSError] = []
    for top, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield from find_files([Path(top) / name])
        for error in closed:
            yield Refused(shown(Path(error.filename).name), "a folder that you may not open")
        closed.clear()


def _opened(path: Path) -> Iterator[SourceFile | Refused]:
    try:
        if not path.is_file():
            yield Refused(shown(path.name), "neither a file nor a folder")
            return
        if path.stat().st_size == 0:
            yield Refused(shown(path.name), "the file is empty")
            return
    except OSError as error:
        yield Refused(shown(path.name), f"it cannot be opened ({error.strerror})")
        return
    for found in containers.inside(path):
        if found.problem:
            yield Refused(containers.name_of(path, found.chain), found.problem)
        elif found.chain:
            yield SourceFile(path, found.chain[-1], found.chain[:-1])
        else:
            yield SourceFile(path)


def recognize(file: SourceFile) -> Recognized | Refused:
    """Find the reader that takes the file by its content, or say why none does."""
    try:
        found = _taken(file) or _taken_in_capitals(file)
        if found:
            return found
        reason = unknown.why(file)
        aside = file.member is not None or unknown.UNREAD in reason
        return Refused(file.name, reason, expected=aside)
    except HomeroomError as error:
        return Refused(file.name, _truest(file, error).removeprefix(f"{file.name}: "))


def _truest(file: SourceFile, error: HomeroomError) -> str:
    """Say that a file is damaged, where that is so, sooner than what its reader made of it."""
    try:
        file.data()
    except BadInput as damage:
        return str(damage)
    return str(error)


def _taken(file: SourceFile) -> Recognized | None:
    for reader in readers():
        if found := reader.recognize(file):
            return found
    return None


def _taken_in_capitals(file: SourceFile) -> Recognized | None:
    """Read the file with its headings in capitals, which some programs make small letters."""
    spelled = replace(file, capitals=True)
    return _taken(spelled) if spelled.head != file.head else None
