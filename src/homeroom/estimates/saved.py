"""A fit on disk: a manifest, parameters, cells, and joint draws as Parquet, partitioned by state.

Folder::

    manifest.json             what was fitted to what, gates, and parameters
    parameters.parquet        draw, and each parameter that is no place's
    patterns.parquet          draw, group, sex, wave, eta: log odds beside the district's level
    states.parquet            draw, state, level: the state's mean log odds
    cells.parquet             lea, state, group, sex, wave, events, students
    draws/state=TX/part.parquet   draw, lea, level[, contrast]: log odds, natural logarithm

``draw`` is one index for all tables: join on it, never on the order of rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from homeroom.errors import BadInput, NotAvailable

FORMAT = 1
_FILES = ("parameters.parquet", "patterns.parquet", "states.parquet", "cells.parquet")


@dataclass(frozen=True)
class Saved:
    """A fit that lies in a folder; tables are read when they are asked for."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> Saved:
        """Open a folder.

        Raises
        ------
        NotAvailable
            There is none, or it holds no fit.
        BadInput
            Another version wrote it.
        """
        saved = cls(folder)
        if not (folder / "manifest.json").is_file():
            raise NotAvailable(f"{folder}: expected a fit, found none.")
        if gone := [name for name in _FILES if not (folder / name).is_file()]:
            raise BadInput(f"{folder}: expected a whole fit, found no {gone[0]}. Fit it again.")
        if saved.manifest.get("format") != FORMAT:
            raise BadInput(f"{folder}: expected a fit of format {FORMAT}. Fit it again.")
        return saved

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What was fitted to what."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BadInput(f"{self.folder}: expected a fit's manifest ({error}).") from error
        return found

    @cached_property
    def parameters(self) -> pl.DataFrame:
        """Draws of the parameters that are no place's."""
        return pl.read_parquet(self.folder / "parameters.parquet")

    @cached_property
    def cells(self) -> pl.DataFrame:
        """Events and students by LEA, group, sex, and wave."""
        return pl.read_parquet(self.folder / "cells.parquet")

    @cached_property
    def patterns(self) -> pl.DataFrame:
        """Draws of each pattern's log odds beside a district's level."""
        return pl.read_parquet(self.folder / "patterns.parquet")

    def draws(self, state: str) -> pl.DataFrame:
        """Return the joint draws of one state's LEAs."""
        return pl.read_parquet(self.folder / "draws" / f"state={state}" / "part.parquet")
