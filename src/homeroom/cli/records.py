"""``homeroom records``: an agency's own records, on this machine alone."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "crdc": ("homeroom.cli.records_crdc", "crdc"),
    "disproportionality": ("homeroom.cli.records_ratio", "disproportionality"),
    "import": ("homeroom.cli.records_import", "import_command"),
    "make-sample": ("homeroom.cli.records_import", "make_sample"),
    "mapping": ("homeroom.cli.records_import", "mapping_command"),
    "store": ("homeroom.cli.records_crdc", "store_command"),
    "profile": ("homeroom.cli.records_import", "profile_command"),
    "publish": ("homeroom.cli.records_publish", "publish_command"),
    "verify-certificate": ("homeroom.cli.records_publish", "verify_certificate"),
}
"""Where each command is defined."""


class _Lazy(click.Group):
    """Imports a command's module only when it is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """See click."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_Lazy)
def records() -> None:
    """Import, count, compare, and publish an agency's own records. Nothing leaves this machine."""
