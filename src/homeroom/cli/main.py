"""``homeroom``: the command line's front door."""

from __future__ import annotations

import importlib
import sys

import click

from homeroom.errors import (
    Ambiguous,
    BadInput,
    HomeroomError,
    NotAvailable,
    PlaceProblem,
    StoreProblem,
    StoreTooNew,
)
from homeroom.version import __version__

_COMMANDS = {
    "act": ("homeroom.cli.act", "act"),
    "article": ("homeroom.cli.article", "article"),
    "brief": ("homeroom.cli.brief", "brief"),
    "build": ("homeroom.cli.store", "build_command"),
    "check": ("homeroom.cli.check", "check"),
    "claims": ("homeroom.cli.check", "claims"),
    "compile": ("homeroom.cli.store", "compile_command"),
    "describe": ("homeroom.cli.store", "describe"),
    "disparity": ("homeroom.cli.context", "disparity"),
    "download": ("homeroom.cli.download", "download"),
    "find": ("homeroom.cli.asking", "find"),
    "gaps": ("homeroom.cli.context", "gaps"),
    "officers": ("homeroom.cli.context", "officers"),
    "peers": ("homeroom.cli.context", "peers"),
    "trend": ("homeroom.cli.context", "trend"),
    "place": ("homeroom.cli.asking", "place"),
    "plan": ("homeroom.cli.plan", "plan"),
    "rate": ("homeroom.cli.asking", "rate"),
    "ratio": ("homeroom.cli.ratio", "ratio"),
    "staff": ("homeroom.cli.asking", "staff"),
    "research": ("homeroom.cli.research", "research"),
    "serve": ("homeroom.cli.serve", "serve"),
    "shootings": ("homeroom.cli.safety", "shootings"),
    "survey": ("homeroom.cli.safety", "survey"),
    "verify": ("homeroom.cli.store", "verify_command"),
}


class _Lazy(click.Group):
    """Imports a command's module only when it is called, so that ``--help`` is quick."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """See click."""
        return sorted(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="homeroom")
def cli() -> None:
    """Police or counselors? The public evidence, for every school district."""


def told(error: HomeroomError) -> str:
    """Return a refusal in its own words, and the command that leads on where there is one."""
    lines = [" ".join(part for part in (str(error), _way_out(error)) if part)]
    if isinstance(error, Ambiguous):
        lines += [f"  - {choice}" for choice in error.choices]
    return "\n".join(lines)


def _way_out(error: HomeroomError) -> str:
    if isinstance(error, PlaceProblem):
        return "`homeroom find NAME` finds places."
    if isinstance(error, StoreProblem) or (isinstance(error, StoreTooNew) and error.outdated):
        return (
            "`homeroom build` makes a store from the starter facts; HOMEROOM_STORE names another "
            "file for it."
        )
    if isinstance(error, BadInput) and "say which wave it is" in str(error):
        return "`homeroom build --wave 2017-18` says so."
    if isinstance(error, NotAvailable) and error.wave:
        return (
            f"`homeroom download --wave {error.wave}` fetches the official files and "
            "`homeroom build --from` adds them."
        )
    return ""


def main() -> None:
    """Run the command line: one clear message and a non-zero exit for every refusal."""
    try:
        code = cli.main(standalone_mode=False)
    except HomeroomError as error:
        click.echo(f"homeroom: {told(error)}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("homeroom: interrupted; nothing written before is lost.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
