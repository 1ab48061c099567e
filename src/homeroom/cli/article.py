"""article: check every claim in a text against the data."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from homeroom.claims.article import Article, ArticleClaim
from homeroom.claims.article.documents import MOST_BYTES
from homeroom.cli.confidential import opened
from homeroom.cli.output import as_json_text
from homeroom.errors import BadInput


@click.command()
@click.argument("file")
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the text; by default the one that its byline gives.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def article(file: str, published: datetime | None, *, as_json: bool) -> None:
    """Check every claim in FILE (text, HTML, PDF, or DOCX), or in what comes in for `-`.

    Every sentence is a checked claim, a claim without a verdict and why, an opinion, a forecast, or
    no claim. A claim that names no year is held against what was published by the day of the text;
    later figures are shown as later. Nothing of the text is kept.
    """
    content = _content(file)
    with opened() as room:
        found = room.article(content, published=published.date() if published else None)
    if as_json:
        click.echo(as_json_text(found.as_dict()))
        return
    _print(found)


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadInput(f"{file}: expected a file that can be read, found none.") from error


def _print(found: Article) -> None:
    click.secho(found.summary()["text"], bold=True)
    for number, claim in enumerate(found.claims, 1):
        click.echo()
        who = f"{claim.speaker}: " if claim.speaker else ""
        click.secho(f"{number}. {who}{' '.join(claim.sentence.split())}", bold=True)
        click.echo(f"   {claim.label} (characters {claim.start} to {claim.end})")
        for line in _lines(claim):
            click.echo(f"   {line}")


def _lines(claim: ArticleClaim) -> list[str]:
    lines = [
        f"Taken from before: {one.read_as}"
        + (f" for \u201c{one.said}\u201d" if one.said else "")
        + ("" if one.sure else ", perhaps")
        for one in claim.carried
    ]
    if claim.catalogue_id:
        lines.append(f"In the catalogue as {claim.catalogue_id}.")
    lines.append(claim.answer if claim.status == "checked" else claim.why)
    lines += [str(claim.more[name]) for name in ("also", "origin") if name in claim.more]
    lines += [f"- {choice}" for choice in claim.choices]
    if claim.where:
        lines.append(f"What would settle it: {claim.where}")
    lines += [f"Source: {source}" for source in claim.sources[:3]]
    return lines
