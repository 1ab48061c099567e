"""``homeroom brief``: a brief for a board packet, as PDF or HTML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from homeroom.api import Homeroom
from homeroom.api.choices import Policy
from homeroom.cli.asking import POLICY
from homeroom.cli.confidential import opened
from homeroom.errors import BadInput
from homeroom.evidence.targets import refuse_other_kind
from homeroom.extras import needs
from homeroom.law.act import LeaFacts, facts_from
from homeroom.law.documents import parse, text_of

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("place_id")
@click.option(
    "--plan", "plans", type=_FILE, multiple=True,
    help="A plan to set beside keeping as is; up to three, for the same years.",
)  # fmt: skip
@click.option("--facts", type=_FILE, help="YAML with facts for the bill, as for `act check`.")
@click.option("--name", help="What the brief calls the place, where its name in the files is odd.")
@POLICY
@click.option(
    "-o", "--out", type=_FILE, default=Path("brief.pdf"), show_default=True,
    help="Where to write it: a name that ends in .pdf or .html.",
)  # fmt: skip
def brief(
    place_id: str,
    plans: tuple[Path, ...],
    facts: Path | None,
    name: str | None,
    policy: Policy,
    out: Path,
) -> None:
    """Write a brief of a place: findings, options, both sides' evidence, sources, methods."""
    with needs("brief", "typst", "jinja2"):
        from homeroom.report import brief as briefs  # noqa: PLC0415 - Typst is slow to import

    briefs.check_name(out)
    refuse_other_kind(out, [*plans, *([facts] if facts else [])])
    known = _facts(facts)
    with opened() as room:
        place = room.resolve(place_id)
        compared = _compared(room, place, plans) if plans else None
        content = room.brief(place, out, name=name, plans=compared, facts=known, policy=policy)
    click.echo(f"{out}: {content.title} ({content.edition})")


def _facts(path: Path | None) -> LeaFacts | None:
    if path is None:
        return None
    return facts_from(parse(text_of(path, "facts in YAML"), path.name))


def _compared(room: Homeroom, place: str, paths: tuple[Path, ...]) -> dict[str, Any]:
    """Run the plans as ``homeroom plan compare`` does, keeping as is first."""
    from homeroom.plans.breakeven import compared  # noqa: PLC0415 - SciPy is slow to import
    from homeroom.plans.compare import compare  # noqa: PLC0415
    from homeroom.plans.document import load  # noqa: PLC0415

    read = [load(path, named=room.resolve) for path in paths]
    for path, plan in zip(paths, read, strict=True):
        if plan.place != place:
            raise BadInput(
                f"{path}: expected a plan for {place}, found one for {plan.place}: name the place "
                "of the plan, or change the plan."
            )
    return compared(compare(read, room.store))
