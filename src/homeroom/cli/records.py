"""``homeroom records``: an agency's own records, on this machine alone."""

from __future__ import annotations

import click

from homeroom.cli.lazy import LazyGroup

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


@click.group(cls=LazyGroup, places=COMMANDS)
def records() -> None:
    """Import, count, compare, and publish an agency's own records. Nothing leaves this machine."""
