"""The store of the whole country: every official ZIP fetched, then one store built from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from homeroom.errors import BadInput, Confidential, HomeroomError, NotAvailable
from homeroom.evidence import build as builds
from homeroom.evidence.build_report import BuildReport
from homeroom.evidence.store import PUBLIC, Store
from homeroom.sources.download import Downloaded, Progress, RetryPolicy, download
from homeroom.vocabulary.waves import WAVES

_NOTE = "built.json"
"""Which store was built from which ZIPs, beside them."""


@dataclass
class Fetched:
    """The ZIPs that are whole and here, and why each of the others is not."""

    files: list[Downloaded] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Wave and reason."""


def archives_of(store: Path) -> Path:
    """Return the folder beside a store in which the official ZIPs are kept."""
    return store.parent / "archives"


def expected_bytes(waves: Iterable[str]) -> int:
    """Return the size of the waves' ZIPs together, of those whose size is known."""
    return sum(WAVES[wave].archive_bytes for wave in waves)


def fetch(
    waves: Iterable[str],
    folder: Path,
    *,
    progress: Callable[[str], Progress],
    mirror: str | None = None,
    patience: RetryPolicy | None = None,
) -> Fetched:
    """Fetch the ZIPs of waves one after the other; one that cannot be had leaves the others.

    Parameters
    ----------
    waves
        Waves with an official ZIP.
    folder
        Where the ZIPs lie; what is whole there already is not fetched again.
    progress
        Returns, for a wave, who is told how its download goes.
    mirror, patience
        As for :func:`homeroom.sources.download.download`.

    Raises
    ------
    NotAvailable
        None of them could be had.
    HomeroomError
        The disk is full; what was fetched is kept.
    """
    found = Fetched()
    for wave in waves:
        try:
            done = fetch_one(wave, folder, progress=progress, mirror=mirror, patience=patience)
        except (BadInput, NotAvailable) as error:
            found.refused.append((wave, str(error)))
        else:
            found.files.append(done)
    if not found.files:
        reasons = "\n".join(f"  {wave}: {reason}" for wave, reason in found.refused)
        raise NotAvailable(f"Expected at least one official ZIP, got none:\n{reasons}")
    return found


def fetch_one(
    wave: str,
    folder: Path,
    *,
    progress: Callable[[str], Progress],
    mirror: str | None = None,
    patience: RetryPolicy | None = None,
) -> Downloaded:
    """Fetch the ZIP of one wave: see :func:`homeroom.sources.download.download`."""
    return download(wave, folder, progress=progress(wave), mirror=mirror, patience=patience)


def build(
    files: Iterable[Downloaded], out: Path, progress: builds.Progress = lambda _what, _n, _all: None
) -> BuildReport:
    """Build the store at ``out`` from fetched ZIPs over the starter facts, and note from which.

    Raises
    ------
    Confidential
        The store that is there holds confidential records.
    BadInput
        As :func:`homeroom.evidence.build.build`.
    """
    files = list(files)
    if out.exists() and (there := _meta(out)) is not None and there.get("access") != PUBLIC:
        raise Confidential(
            f"{out}: expected a store of public data to replace, found one with confidential "
            "records. Name another file for the national store."
        )
    report = builds.build([file.path for file in files], out, progress=progress)
    note = {"store": _meta(out), "zips": _hashes(files)}
    (files[0].path.parent / _NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    return report


def is_current(files: Iterable[Downloaded], out: Path) -> bool:
    """Return whether the store at ``out`` is the one that was last built from just these ZIPs."""
    files = list(files)
    if not files or not out.exists():
        return False
    try:
        note = json.loads((files[0].path.parent / _NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(note == {"store": _meta(out), "zips": _hashes(files)})


def _hashes(files: list[Downloaded]) -> list[str]:
    return sorted(file.sha256 for file in files)


def _meta(path: Path) -> dict[str, str] | None:
    """Return what a store says of itself; None where it is not one that can be read."""
    try:
        with Store(path) as store:
            return store.meta
    except HomeroomError:
        return None
