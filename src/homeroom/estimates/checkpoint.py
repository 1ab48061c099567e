"""What a fit has done so far, on disk, so that an interrupted one goes on and ends the same."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from homeroom.estimates.posterior import Evaluated
from homeroom.estimates.states import Grid
from homeroom.statistics.statistic import Floats


def key_of(*parts: object) -> str:
    """Return what tells one fit from another: data, priors, settings."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
    return digest.hexdigest()


class Checkpoint:
    """Arrays by name, written whole after each step.

    Parameters
    ----------
    path
        File to write, or None to keep nothing.
    key
        A file of another key is another fit's, and is not read.
    """

    def __init__(self, path: Path | None, key: str) -> None:
        self._path, self._key = path, key
        self._held: dict[str, Any] = {}
        if path is not None and path.is_file():
            try:
                with np.load(path, allow_pickle=False) as found:
                    if str(found["key"]) == key:
                        self._held = {name: found[name] for name in found.files}
            except (OSError, ValueError, KeyError, EOFError, BadZipFile):
                self._held = {}  # half of a file: begin anew

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def get(self, name: str) -> Any:
        """Return an array."""
        return self._held[name]

    def put(self, **arrays: Any) -> None:
        """Keep arrays, and write all that is kept."""
        self._held |= arrays
        if self._path is None:
            return
        draft = self._path.with_name(f".{self._path.name}.part")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            np.savez(file, **(self._held | {"key": np.array(self._key)}))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    def put_grid(self, name: str, grid: Grid) -> None:
        """Keep a grid."""
        self.put(**{f"{name}.{field}": getattr(grid, field) for field in Grid._fields})

    def grid(self, name: str) -> Grid:
        """Return a grid that was kept."""
        plain = {"first": float, "step": float, "narrow": int}
        return Grid(
            **{
                field: plain.get(field, lambda found: found)(self.get(f"{name}.{field}"))
                for field in Grid._fields
            }
        )

    def put_evaluated(self, name: str, thetas: Floats, found: Evaluated) -> None:
        """Keep what was evaluated at some points."""
        if self._path is None:  # nobody will come back for it
            return
        arrays = {f"{name}.{field}": getattr(found, field) for field in Evaluated._fields}
        self.put(**arrays, **{f"{name}.thetas": thetas})

    def evaluated(self, name: str, thetas: Floats) -> Evaluated | None:
        """Return what was kept of these points, if it was."""
        if f"{name}.thetas" not in self or not np.array_equal(self.get(f"{name}.thetas"), thetas):
            return None
        return Evaluated(*(self.get(f"{name}.{field}") for field in Evaluated._fields))

    def done(self) -> None:
        """Remove the file: the fit is whole."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
