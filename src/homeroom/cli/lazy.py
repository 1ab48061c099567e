"""Groups of commands that are imported only when they are called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """A group that knows where its commands are and imports the one that is called.

    Parameters
    ----------
    places
        Command to the module that defines it and its name there.
    settings
        What :class:`click.Group` takes.
    """

    def __init__(self, *, places: Mapping[str, tuple[str, str]], **settings: Any) -> None:
        super().__init__(**settings)
        self.places = places

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """See click."""
        return sorted(self.places)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click."""
        if cmd_name not in self.places:
            return None
        module, name = self.places[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command
