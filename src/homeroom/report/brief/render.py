"""Setting a brief: the same content as pages (Typst) or as one HTML file (Jinja)."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import typst

from homeroom.errors import BadInput
from homeroom.report import engines
from homeroom.report.brief.blocks import BriefContent

FORMS = (".pdf", ".html")


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts inside Typst: the bytes must not hang on what a machine has installed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _template(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def as_pdf(content: BriefContent) -> bytes:
    """Set the brief as tagged, accessible pages (PDF/UA-1)."""
    return engines.typeset(*pages_of(content))


def pages_of(content: BriefContent) -> tuple[str, str]:
    """Return what the engine typesets: the template, and the content as JSON."""
    return _template("brief.typ"), _data(content)["data"]


def as_pages(content: BriefContent, ppi: float = 110) -> list[bytes]:
    """Set the brief as pictures, a PNG a page."""
    made: Any = typst.compile(
        _template("brief.typ").encode(), font_paths=_fonts(), sys_inputs=_data(content),
        format="png", ppi=ppi,
    )  # fmt: skip
    pages: list[bytes] = made if isinstance(made, list) else [made]
    return pages


def as_html(content: BriefContent) -> str:
    """Set the brief as one file that needs nothing else: no script, no picture from elsewhere."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    page = environment.from_string(_template("brief.html.jinja"))
    return page.render(brief=content.as_dict(), style=_template("brief.css")).lstrip()


def write(content: BriefContent, path: Path) -> None:
    """Write the brief in the form that the name's ending asks for, whole or not at all.

    Raises
    ------
    BadInput
        The ending is neither .pdf nor .html, or the file cannot be written.
    """
    check_name(path)
    made = as_pdf(content) if path.suffix.lower() == ".pdf" else as_html(content).encode()
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        Path(draft).chmod(0o666 & ~_umask())
        Path(draft).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(draft).unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def check_name(path: Path) -> None:
    """Refuse a name before any work is done for it."""
    if path.suffix.lower() not in FORMS:
        raise BadInput(
            f"{path}: expected a name that ends in {' or '.join(FORMS)}, found "
            f"{path.suffix or 'no ending'}: rename it."
        )
    if path.is_dir() or not path.absolute().parent.is_dir():
        found = "a folder" if path.is_dir() else f"no folder {path.absolute().parent}"
        raise BadInput(f"{path}: expected a file in a folder that exists, found {found}.")


def _unwritable(path: Path, error: OSError) -> BadInput:
    return BadInput(
        f"{path}: expected a place where a file can be written, found none "
        f"({error.strerror or error}): name another with -o. What was there before is unchanged."
    )


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def _data(content: BriefContent) -> dict[str, str]:
    return {"data": json.dumps(content.as_dict(), ensure_ascii=False, allow_nan=False)}
