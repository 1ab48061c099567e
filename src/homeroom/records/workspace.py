"""A workspace: one folder for its owner alone, with records as numbers, and figures as a store."""

from __future__ import annotations

import glob
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import platformdirs

from homeroom.errors import BadInput, NotAvailable, StoreTooNew
from homeroom.text_gate import shown

VERSION = 1
_MANIFEST = "workspace.json"
_DRAFT = ".importing"
_OTHERS = 0o077
PUPIL, REMOVAL, POLICE, RESTRAINT = "pupil", "removal", "police", "restraint"
TABLES = (PUPIL, REMOVAL, POLICE, RESTRAINT)
"""What records are kept as, one Parquet file each; a state's cluster reads the same files."""


def default_folder() -> Path:
    """Return the workspace's place: HOMEROOM_RECORDS, or a folder in the user's data folder."""
    named = os.environ.get("HOMEROOM_RECORDS")
    return Path(named) if named else Path(platformdirs.user_data_dir("homeroom")) / "records"


@dataclass(frozen=True)
class Workspace:
    """An imported extract. It holds no name and no id of a student.

    Parameters
    ----------
    folder
        Where it lies.
    """

    folder: Path

    def table(self, name: str) -> Path:
        """Return the Parquet file of one of :data:`TABLES`."""
        return self.folder / f"{name}.parquet"

    @property
    def store(self) -> Path:
        """The evidence store of the agency's own figures."""
        return self.folder / "store.duckdb"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was imported: LEAs, schools, years, coverage, and counts of what was found.

        Raises
        ------
        NotAvailable
            The folder is no workspace.
        StoreTooNew
            Another version of Homeroom wrote it.
        """
        try:
            found = json.loads((self.folder / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise NotAvailable(
                f"{shown(str(self.folder))}: expected a workspace of records, found none. "
                "`homeroom records import` makes one."
            ) from None
        if found.get("version") != VERSION:
            raise StoreTooNew(
                f"{shown(str(self.folder))}: expected a workspace of version {VERSION}, found "
                f"{found.get('version')}. Import the extract again.",
                outdated=True,
            )
        return dict(found)

    @property
    def leas(self) -> list[dict[str, Any]]:
        """The LEAs: their number in the tables, id in the extract, NCES id, and name."""
        return list(self.manifest["leas"])

    @property
    def years(self) -> list[int]:
        """The school years, by the calendar year in which each ends."""
        return [int(year) for year in self.manifest["years"]]

    def write_manifest(self, facts: Mapping[str, Any]) -> None:
        """Write the manifest, last of all, so that a half-made folder is no workspace."""
        text = json.dumps({"version": VERSION, **facts}, indent=1, ensure_ascii=False)
        draft = self.folder / f".{_MANIFEST}"
        with private_file(draft) as stream:
            stream.write(text)
        draft.replace(self.folder / _MANIFEST)


@contextmanager
def private_file(path: Path) -> Iterator[Any]:
    """Open a text file to write that only its owner can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        yield stream


@contextmanager
def private() -> Iterator[None]:
    """Let nobody but the owner read the files that are made within."""
    before = os.umask(_OTHERS)
    os.umask(before | _OTHERS)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def drafted(folder: Path) -> Iterator[Workspace]:
    """Return a workspace to fill, beside ``folder``, and put it in place when it is whole.

    Parameters
    ----------
    folder
        Where the workspace goes: a new folder, an empty one, or an earlier workspace.

    Raises
    ------
    BadInput
        Something else lies there.
    """
    target = folder.resolve()
    if target.exists() and not _may_replace(target):
        raise BadInput(
            f"{shown(str(folder))}: expected a new folder or an earlier workspace, found something "
            "else. Name another place; nothing was changed."
        )
    with private():
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(target)
        draft = target.parent / f".{target.name}.{os.getpid()}{_DRAFT}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        try:
            yield Workspace(draft)
            _make_private(draft)
            old = draft.with_suffix(".replaced")
            if target.exists():
                target.rename(old)
            draft.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def check_private(workspace: Workspace) -> None:
    """Refuse a workspace that others on this machine can read.

    Raises
    ------
    BadInput
        A folder or file has rights for others.
    """
    if os.name != "posix":
        return
    for path in (workspace.folder, *sorted(workspace.folder.iterdir())):
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            raise BadInput(
                f"{shown(str(path))}: expected records that their owner alone can read, found "
                f"rights for others. `chmod -R go= {shown(str(workspace.folder))}` takes them away."
            )


def _remove_stale(target: Path) -> None:
    """Remove what imports left that were killed: it holds records."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*{_DRAFT}"):
        pid = left.name.removesuffix(_DRAFT).rpartition(".")[2]
        if pid.isdecimal() and not _runs(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # asks whether it is there, and sends nothing
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _may_replace(target: Path) -> bool:
    return target.is_dir() and ((target / _MANIFEST).exists() or not any(target.iterdir()))


def _make_private(folder: Path) -> None:
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
