"""Writing an edition's files: whole or not at all, and only those that changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeroom.errors import BadInput
from homeroom.report.plain_values import finite

NOTES = ".edition"
"""Folder of what each part wrote, from which a later build goes on."""


@dataclass(slots=True)
class Shelf:
    """Files written into an edition's folder by one part of a build.

    Attributes
    ----------
    folder
        The edition's folder.
    written
        Path to size of every file of the part, those that were the same already included.
    changed
        How many of them were new or different.
    """

    folder: Path
    written: dict[str, int] = field(default_factory=dict)
    changed: int = 0

    def put(self, file: str, body: bytes) -> None:
        """Write a file, unless it lies there with the same content."""
        path = self.folder / file
        self.written[file] = len(body)
        if path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.part")
        draft.write_bytes(body)
        draft.replace(path)
        self.changed += 1

    def put_json(self, file: str, value: Any) -> None:
        """Write a value as JSON."""
        self.put(file, json.dumps(finite(value), ensure_ascii=False, default=str,
                                  separators=(",", ":")).encode())  # fmt: skip


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something other than an edition.

    Raises
    ------
    BadInput
        It is a file, or holds files of somebody else.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder}: expected a folder to write into, found a file.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / NOTES).is_dir():
        raise BadInput(
            f"{folder}: expected an empty folder or one with an edition, found other files. "
            "Nothing was written."
        )


def note_of(folder: Path, part: str) -> dict[str, Any]:
    """Return what a part wrote the last time; empty where it never did, or files are gone."""
    path = folder / NOTES / f"{part}.json"
    try:
        note: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    whole = all((folder / file).is_file() for file in note["files"])
    return note if whole else {}


def keep_note(folder: Path, part: str, key: str, shelf: Shelf, more: dict[str, Any]) -> None:
    """Keep what a part wrote, so that the next build can pass it over."""
    note = {"key": key, "files": shelf.written, **more}
    Shelf(folder).put_json(f"{NOTES}/{part}.json", note)


def sweep(folder: Path, parts: set[str]) -> int:
    """Remove what earlier builds wrote and this one has not; return how many files.

    Parameters
    ----------
    parts
        The parts of this build.
    """
    notes = folder / NOTES
    kept: set[str] = set()
    old: set[str] = set()
    for path in sorted(notes.glob("*.json")):
        files = set(json.loads(path.read_text())["files"])
        if path.stem in parts:
            kept |= files
        else:
            old |= files
            path.unlink()
    gone = old - kept
    for file in gone:
        (folder / file).unlink(missing_ok=True)
    return len(gone)
