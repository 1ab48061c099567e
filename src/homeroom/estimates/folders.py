"""Where fits lie: the user's own first, then those that ship with Homeroom."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import platformdirs

from homeroom.errors import NotAvailable
from homeroom.estimates.saved import Saved

LATEST = "latest"


def own_folder() -> Path:
    """Return the folder of the user's fits: HOMEROOM_ESTIMATES, or in the user's data folder."""
    named = os.environ.get("HOMEROOM_ESTIMATES")
    return Path(named) if named else Path(platformdirs.user_data_dir("homeroom")) / "estimates"


def starter_folder() -> Path:
    """Return the folder of the fits that ship."""
    return Path(str(files("homeroom.estimates").joinpath("starter")))


def name_of(outcome: str, waves: tuple[str, ...], spec: str) -> str:
    """Return the folder name of a fit."""
    return "_".join((outcome, "+".join(waves), spec))


def known() -> dict[str, Path]:
    """Return every fit that can be shown by its name; the user's own hide those that ship."""
    out: dict[str, Path] = {}
    for folder in (starter_folder(), own_folder()):
        if folder.is_dir():
            for one in sorted(folder.iterdir()):
                if (one / "manifest.json").is_file() and not one.name.startswith("."):
                    out[one.name] = one
    return out


def find(outcome: str, spec: str, wave: str | None = None) -> Saved:
    """Return the fit of an outcome and specification; the latest wave where none is named.

    Raises
    ------
    NotAvailable
        There is none.
    """
    found = known()
    fits = {
        name.split("_")[1] if name.count("_") == 2 else name: path
        for name, path in found.items()
        if name.startswith(f"{outcome}_") and name.endswith(f"_{spec}")
    }
    named = {
        path.name.removeprefix(f"{outcome}_").removesuffix(f"_{spec}"): path
        for path in fits.values()
    }
    chosen = wave or max(named, default="")
    if chosen not in named:
        raise NotAvailable(
            f"Expected estimates of {outcome} with specification {spec}"
            + (f" for {wave}" if wave else "")
            + f"; found {', '.join(sorted(found)) or 'none'}."
        )
    return Saved.at(named[chosen])
