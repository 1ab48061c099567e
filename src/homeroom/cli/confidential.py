"""Confidential stores on the command line: shown when asked for in so many words, and marked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl

import homeroom
from homeroom.errors import Confidential
from homeroom.evidence.store import CONFIDENTIAL, PUBLIC

if TYPE_CHECKING:
    from homeroom.api import Homeroom
    from homeroom.report.picture import Picture

FLAG = "--confidential"
MARK = "CONFIDENTIAL: records that are not public. Keep what is shown here to yourself."
_ASKED, _SHOWN = f"{__name__}.asked", f"{__name__}.shown"
_VERSION = f"{__name__}.data_version"
_PRIVATE = 0o077
_FOR_PROGRAMS = ("as_json", "as_csv")


def offered(command: click.Command) -> click.Command:
    """Return a command, and all below it, with the option that shows confidential records."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            offered(below)
    if all(FLAG not in one.opts for one in command.params):
        command.params.append(
            click.Option(
                [FLAG],
                is_flag=True,
                expose_value=False,
                callback=_note,
                help="Show or write the records of a store that is not public; files are for this "
                "user alone.",
            )
        )
    return command


def _note(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:  # noqa: FBT001
    if asked:
        ctx.meta[_ASKED] = True


@contextmanager
def opened() -> Iterator[Homeroom]:
    """Open the store in use, for a command that prints or writes what it holds.

    Raises
    ------
    Confidential
        The store is not public, and nobody asked for such records.
    """
    with homeroom.open() as room:
        admit(room.access, room.path)
        if room.store.stale:
            click.echo(f"homeroom: {room.store.stale}", err=True)
        if (ctx := click.get_current_context(silent=True)) is not None:
            ctx.meta[_VERSION] = room.meta.get("data_version", "")
        yield room


def data_version() -> str:
    """Return the data version of the store that the command under way reads; empty for none."""
    ctx = click.get_current_context(silent=True)
    return "" if ctx is None else str(ctx.meta.get(_VERSION, ""))


def admit(access: str, path: Path) -> None:
    """Let a command go on to show a store; mark what it shows, and keep its files private.

    Parameters
    ----------
    access
        Who may see the store.
    path
        The store's file, for the message.

    Raises
    ------
    Confidential
        The store is not public, and nobody asked for such records.
    """
    if access == PUBLIC:
        return
    ctx = click.get_current_context(silent=True)
    if ctx is None or not ctx.meta.get(_ASKED):
        raise Confidential(
            f"{path}: expected a public store, found confidential records. Add {FLAG} to show or "
            "write them; nothing was shown."
        )
    if ctx.meta.get(_SHOWN):
        return
    ctx.meta[_SHOWN] = True
    os.umask(os.umask(_PRIVATE) | _PRIVATE)
    click.echo(MARK, err=any(ctx.params.get(name) for name in _FOR_PROGRAMS))


def is_shown() -> bool:
    """Return whether what the command under way prints is confidential."""
    ctx = click.get_current_context(silent=True)
    return ctx is not None and bool(ctx.meta.get(_SHOWN))


def marked(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows with a column that says they are confidential, if they are."""
    return frame.with_columns(access=pl.lit(CONFIDENTIAL)) if is_shown() else frame


def marked_picture(picture: Picture) -> Picture:
    """Return a picture whose source line says it is confidential, if it is."""
    if not is_shown():
        return picture
    return replace(picture, source=f"{MARK} {picture.source}", alt=f"{MARK} {picture.alt}")


def marked_document(value: object) -> object:
    """Return a document, or a list of them, with a key that says it is confidential, if it is."""
    if not is_shown():
        return value
    if isinstance(value, Mapping):
        found: dict[str, Any] = {"access": CONFIDENTIAL, **value}
        return found
    if isinstance(value, list):
        return [marked_document(one) for one in value]
    return value
