"""Checking a store or a file from Python."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from homeroom.evidence import verify as verifying
from homeroom.evidence.store import store_path


def verify(path: str | Path | None = None) -> pl.DataFrame:
    """Check a store, or say what a file is and whether it is whole.

    Parameters
    ----------
    path
        A store, a file, a ZIP, or a folder; by default the store in use.

    Returns
    -------
    polars.DataFrame
        A row a check: ``subject`` (a table, a file), ``check``, ``outcome`` (``whole``, ``failed``,
        ``not checked``, or ``told`` for what is no fault), and ``detail`` in words.

    Raises
    ------
    BadInput
        There is nothing at the path.
    StoreLocked
        Another program is writing to the store.
    """
    return verifying.verify(Path(path) if path else store_path())
