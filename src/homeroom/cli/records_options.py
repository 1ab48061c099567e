"""Options that the commands on records share, and what they make of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from homeroom.cli.confidential import MARK
from homeroom.errors import BadInput
from homeroom.records.importing import Extract
from homeroom.records.workspace import Workspace, default_folder
from homeroom.text_gate import short

Command = TypeVar("Command", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)

WORKSPACE = click.option(
    "--workspace", type=PATH,
    help="The workspace's folder; by default HOMEROOM_RECORDS, or one in the user's data folder.",
)  # fmt: skip
_FILES = (
    click.option(
        "--mapping", default="standard", show_default=True,
        help="A mapping that ships (see `homeroom records mapping`), or a YAML file.",
    ),
    click.option("--students", type=PATH, multiple=True, help="A file of students."),
    click.option("--incidents", type=PATH, multiple=True,
                 help="A file of actions against students, a row an action."),
    click.option("--programs", type=PATH, multiple=True,
                 help="A file of special education and Section 504 programs with dates."),
    click.option("--schools", type=PATH, multiple=True, help="A file of schools."),
    click.option("--lea", default="agency", help="The LEA of students whose rows name none."),
    click.option("--allow-unmapped", is_flag=True,
                 help="Let codes that the mapping doesn't have count as unknown."),
)  # fmt: skip
_ROLES = {
    "students": "students", "incidents": "actions", "programs": "programs", "schools": "schools",
}  # fmt: skip


def files(command: Command) -> Command:
    """Add the options that name an extract's files."""
    for option in reversed(_FILES):
        command = option(command)
    return command


def extract(options: dict[str, Any], paths: tuple[Path, ...], year: int | None) -> Extract:
    """Return the extract that the options of a command name.

    Parameters
    ----------
    options
        What :func:`files` added.
    paths
        Further files and folders, whose roles show by their columns.
    year
        The school year of rows that say none.
    """
    fixed = {path: role for name, role in _ROLES.items() for path in options[name]}
    return Extract((*fixed, *paths), options["mapping"], fixed, year, options["lea"])


def workspace_of(folder: Path | None) -> Workspace:
    """Return the workspace that a command names."""
    return Workspace(folder or default_folder())


def school_year(text: str | None) -> int | None:
    """Return the calendar year in which a school year ends, from ``2024`` or ``2023-24``.

    Raises
    ------
    BadInput
        It is neither.
    """
    if text is None:
        return None
    first, dash, last = text.strip().partition("-")
    if first.isdecimal() and len(first) == 4:
        if not dash:
            return int(first)
        if last.isdecimal() and int(last) % 100 == (int(first) + 1) % 100:
            return int(first) + 1
    raise BadInput(f"year {short(text)}: expected a school year such as 2024 or 2023-24.")


def mark(*, to_stderr: bool = True) -> None:
    """Say that what follows is confidential."""
    click.echo(MARK, err=to_stderr)
