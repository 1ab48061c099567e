"""Where a result may be written: never over an input, and never over what is not a result."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from homeroom.errors import BadInput, DamagedStore, NotAStore, StoreTooNew
from homeroom.evidence import store
from homeroom.evidence.faults import first_line
from homeroom.text_gate import shown

_KINDS = {
    ".dta": ("a Stata file", (b"<stata_dta>",)),
    ".html": ("an HTML page", (b"<",)),
    ".parquet": ("a Parquet file", (b"PAR1",)),
    ".pdf": ("a PDF file", (b"%PDF",)),
    ".png": ("a PNG picture", (b"\x89PNG",)),
    ".rds": ("a data file of R", (b"\x1f\x8b",)),
    ".svg": ("an SVG picture", (b"<",)),
}
"""What a file of each kind begins with."""


def refuse_inputs(out: Path, inputs: Iterable[Path]) -> None:
    """Refuse to write over a file that is read.

    Links, hard links, and names that differ in case alone lead to the same file, and count as it.

    Raises
    ------
    BadInput
        ``out`` is one of ``inputs``.
    """
    if not out.exists():
        return
    for path in inputs:
        if path.exists() and path.samefile(out):
            same = "" if path == out else f", which is {out}"
            raise BadInput(
                f"{path}{same}: expected another file to write to, found one of the files to read. "
                "Name another place; nothing was changed."
            )


def refuse_other_than_store(out: Path) -> None:
    """Refuse to build over anything but an earlier store.

    Raises
    ------
    BadInput
        Something else is at ``out``: a folder, a text, a database of another program.
    StoreLocked
        Another program is writing to it.
    """
    if not os.path.lexists(out):
        return
    if out.exists() and not out.is_file():
        what = "a folder" if out.is_dir() else "something that is no regular file"
        raise BadInput(
            f"{out}: expected a name for the store, found {what}. Name a file; nothing was changed."
        )
    if not out.exists():  # a link that leads nowhere yet
        return
    try:
        store.connect(out).close()
    except (StoreTooNew, DamagedStore):
        return  # a store of another version, or a damaged one, is a store
    except NotAStore as error:
        why = f" ({first_line(error.__cause__)})" if error.__cause__ else ""
        raise BadInput(
            f"{out}: expected a new file or an earlier Homeroom store, found another file{why}. "
            "Name another place, or move the file away; nothing was changed."
        ) from error


def refuse_unwritable(out: Path, *, make_folder: bool = False) -> None:
    """Refuse a place where no file can be written, before anything is computed for it.

    Parameters
    ----------
    out
        The file to write. Its draft, beside it, has a longer name.
    make_folder
        Whether to make its folder where there is none.

    Raises
    ------
    BadInput
        The name is too long, or its folder is none, does not exist, or may not be written to.
    """
    try:
        if make_folder:
            out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}."):
            pass
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(
            f"{shown(str(out))}: expected a place where a file can be written, found none ({why}). "
            "Name another; what was there before is unchanged."
        ) from error


def refuse_other_kind(out: Path, inputs: Iterable[Path] = (), *, kind: str = "") -> None:
    """Refuse to write a chart, a brief, or a table over a file of another kind, or over an input.

    Parameters
    ----------
    out
        The file to write.
    inputs
        Files that are read for it.
    kind
        What it is to become, as in ``.pdf``; by default what its ending says.

    Raises
    ------
    BadInput
        ``out`` is one of the inputs, a folder, or a file that is not what its ending says, or no
        file can be written there.
    """
    refuse_unwritable(out)
    refuse_inputs(out, inputs)
    if not out.exists():
        return
    what, starts = _KINDS.get(kind or out.suffix.lower(), ("a file of that kind", ()))
    if out.is_file():
        with out.open("rb") as stream:
            head = stream.read(16).lstrip(b"\xef\xbb\xbf \r\n")
        if starts and head.startswith(starts):
            return
    raise BadInput(
        f"{out}: expected a new file or {what} to write over, found something else. Name another "
        "place; nothing was changed."
    )


def write_whole(path: Path, kind: str, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and put it there when it is whole.

    Parameters
    ----------
    kind
        The ending that the file's name must have: another kind of file is never replaced.
    write
        Writes to the path that it is given.
    """
    refuse_other_kind(path, kind=kind)
    draft = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        write(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
