"""``homeroom``: the command line's front door."""

from __future__ import annotations

import contextlib
import sys
import textwrap
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from homeroom.cli.lazy import LazyGroup
from homeroom.version import __version__

COMMANDS = {
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
    "estimate": ("homeroom.cli.estimate", "estimate"),
    "find": ("homeroom.cli.asking", "find"),
    "gaps": ("homeroom.cli.context", "gaps"),
    "law": ("homeroom.cli.law", "law"),
    "mcp": ("homeroom.cli.mcp", "mcp"),
    "officers": ("homeroom.cli.context", "officers"),
    "peers": ("homeroom.cli.context", "peers"),
    "trend": ("homeroom.cli.context", "trend"),
    "panel": ("homeroom.cli.panel", "panel"),
    "place": ("homeroom.cli.asking", "place"),
    "plan": ("homeroom.cli.plan", "plan"),
    "rate": ("homeroom.cli.asking", "rate"),
    "ratio": ("homeroom.cli.ratio", "ratio"),
    "staff": ("homeroom.cli.asking", "staff"),
    "records": ("homeroom.cli.records", "records"),
    "research": ("homeroom.cli.research", "research"),
    "serve": ("homeroom.cli.serve", "serve"),
    "shootings": ("homeroom.cli.safety", "shootings"),
    "site": ("homeroom.cli.site", "site"),
    "survey": ("homeroom.cli.safety", "survey"),
    "verify": ("homeroom.cli.store", "verify_command"),
}
"""Where each command is defined."""
_WITHOUT_RECORDS = (
    "build", "claims", "compile", "download", "law", "mcp", "records", "serve", "site",
)  # fmt: skip
"""Commands that print nothing of a store; `records` marks all it prints, the last have gates."""


def _summaries() -> dict[str, str]:
    """Return what each command does, in a line, as `make docs` took it from the commands."""
    text = Path(__file__).with_name("summaries.txt").read_text(encoding="utf-8")
    return dict(line.split(": ", 1) for line in text.splitlines())


class _Front(LazyGroup):
    """All commands; those that show a store can show a confidential one when asked to."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click."""
        command = super().get_command(ctx, cmd_name)
        if command is None or cmd_name in _WITHOUT_RECORDS:
            return command
        from homeroom.cli.confidential import offered  # noqa: PLC0415 - keep `build --help` quick

        return offered(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See click, which would import every command to ask it what it does."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        said = _summaries()
        rows = [
            (name, textwrap.shorten(said.get(name, ""), room, placeholder="...")) for name in names
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """See click: as for the help, nothing is imported to name the commands."""
        said = _summaries()
        found = [
            CompletionItem(name, help=said.get(name, ""))
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def invoke(self, ctx: click.Context) -> object:
        """See click, which would end with 1 where whoever reads the output has seen enough."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            abandoned = _fail(BrokenPipeError())
            ctx.exit(abandoned)


@click.group(cls=_Front, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="homeroom")
def cli() -> None:
    """Police or counselors? The public evidence, for every school district."""


def main() -> None:
    """Run the command line: one clear message and a non-zero exit for every failure."""
    from homeroom.cli.streams import inert_streams  # noqa: PLC0415 - keep `import` of this quick

    with inert_streams():
        sys.exit(_run())


def _run() -> int:
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return _fail(KeyboardInterrupt())
    except SystemExit as stop:
        return _flushed(stop.code if isinstance(stop.code, int) else int(stop.code is not None))
    except BaseException as error:  # noqa: BLE001 - a panic of a library is no Exception
        return _fail(error)
    return code if isinstance(code, int) else 0


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        return _fail(error)
    return code


def _fail(error: BaseException) -> int:
    from homeroom.cli.failures import failure  # noqa: PLC0415 - needed only now
    from homeroom.cli.streams import abandon_output  # noqa: PLC0415 - as above

    if isinstance(error, BrokenPipeError):  # who reads, as `head` does, has seen enough
        abandon_output()
        return 0
    code, message = failure(error)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    abandon_output()
    with contextlib.suppress(OSError, ValueError):
        click.echo(f"homeroom: {message}", err=True)
    return code
