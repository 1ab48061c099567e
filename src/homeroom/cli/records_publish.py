"""``homeroom records publish`` and ``verify-certificate``: tables that expose no child."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from homeroom.cli.output import as_json_text
from homeroom.errors import BadInput
from homeroom.records.publish import Policy, publish, read_counts, verify, write_certificate
from homeroom.records.publish.cells import Dimension
from homeroom.records.publish.earlier import printed, read_published
from homeroom.records.publish.policy import MARKER
from homeroom.records.publish.release import Release
from homeroom.records.publish.verify import compare
from homeroom.report.release import statement, write_release
from homeroom.text_gate import shown

PATH = click.Path(path_type=Path)
_MOST_BYTES = 2_000_000_000


@click.command("publish")
@click.argument("counts", type=PATH)
@click.option("--minimum", default=10, show_default=True, help="Smaller counts are hidden.")
@click.option("--hide-zeros", is_flag=True, help="Hide zeros too; by default they are shown.")
@click.option("--marker", default=MARKER, show_default=True, help="The sign for a hidden cell.")
@click.option(
    "--table",
    "tables",
    multiple=True,
    help="Columns of one table, as in race,sex; by default one table of all, with its margins.",
)
@click.option("--levels", multiple=True, help="Columns within each other: district>school.")
@click.option("--no-total", multiple=True, help="A column whose values don't add up.")
@click.option("--denominator", default="", help="A column of denominators: adds rates.")
@click.option("--coarse-rates", is_flag=True, help="Rates of hidden counts in wide bands.")
@click.option("--earlier", multiple=True, type=PATH, help="CSV of a release that readers hold.")
@click.option("--out", type=PATH, help="A new folder for the CSV, HTML, PDF, and the policy.")
@click.option("--certificate", type=PATH, help="Where to write the certificate: it is secret.")
@click.option("--title", default="Counts of students", help="The title of the HTML and the PDF.")
@click.option(
    "--seconds",
    default=6.0,
    show_default=True,
    type=click.FloatRange(0, 3600),
    help="How long to look for hidden cells that are not needed after all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def publish_command(
    counts: Path, minimum: int, marker: str, tables: tuple[str, ...], levels: tuple[str, ...],
    no_total: tuple[str, ...], denominator: str, earlier: tuple[Path, ...], out: Path | None,
    certificate: Path | None, title: str, seconds: float, *, coarse_rates: bool,
    hide_zeros: bool, as_json: bool,
) -> None:  # fmt: skip
    """Hide the small counts of COUNTS, a CSV file, and what would give them away.

    Every hidden small count keeps the policy's whole range of possible values. The audit proves it
    with other tables that equal the published one; if it fails, nothing is written.
    """
    policy = Policy(minimum=minimum, zeros=hide_zeros, marker=marker)
    given = read_counts(counts, levels=levels, no_total=no_total, denominator=denominator)
    before = {
        key: count
        for path in earlier
        for key, count in read_published(path, given.dimensions, marker).items()
    }
    wanted = [[name.strip() for name in one.split(",")] for one in tables]
    release = publish(
        given, policy, tables=wanted, earlier=before, coarse_rates=coarse_rates, seconds=seconds
    )
    if out is not None:
        write_release(release, out, title, given.grid)
        certificate = certificate or out.with_name(f"{out.name}-certificate.json")
    if certificate is not None:
        write_certificate(release.document, certificate)
    if as_json:
        click.echo(as_json_text(release.as_dict()))
        return
    _tell(release, out, certificate)


def _tell(release: Release, out: Path | None, certificate: Path | None) -> None:
    audit = release.audit
    click.echo(
        f"{audit.cells:,} cells, {audit.hidden:,} hidden: {audit.small:,} small, "
        f"{audit.hidden - audit.small:,} to protect them."
    )
    if audit.narrowest is not None:
        click.echo(
            f"Audit passed: the least range that is left of a small count is {audit.narrowest} "
            f"wide ({audit.witnesses:,} witnesses)."
        )
    for sentence in statement(release):
        click.echo(sentence)
    if out is None:
        click.echo("Nothing was written; name a folder with --out.")
    else:
        click.echo(f"To publish: {shown(str(out))}")
    if certificate is not None:
        click.echo(f"Secret, for this user alone: {shown(str(certificate))}")


@click.command("verify-certificate")
@click.argument("certificate", type=PATH)
@click.option("--published", type=PATH, help="A published CSV, to hold against it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_certificate(certificate: Path, published: Path | None, *, as_json: bool) -> None:
    """Check a certificate in whole numbers, without a solver."""
    document = _read(certificate)
    found = verify(document)
    compared = None
    if published is not None:
        dimensions = tuple(
            Dimension(one["name"], tuple(one["columns"]), one["has_total"])
            for one in document["dimensions"]
        )
        compared = compare(document, printed(published, dimensions))
    if as_json:
        click.echo(as_json_text(
            {"passed": True, "narrowest": found.narrowest, "witnesses": found.witnesses,
             "cells": found.cells, "suppressed": found.hidden, "small": found.small,
             "compared": compared}
        ))  # fmt: skip
        return
    click.echo(
        f"Verified: {found.small:,} small cells, {found.witnesses:,} witnesses, narrowest width "
        f"{found.narrowest}."
    )
    if compared is not None:
        click.echo(f"The published table agrees in {compared:,} cells.")


def _read(path: Path) -> Any:
    name = shown(path.name)
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{name}: expected a certificate, found no file of its kind.")
        return json.loads(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{name}: expected a certificate, found none ({error.strerror}).") from error
    except (ValueError, RecursionError):
        raise BadInput(f"{name}: expected a certificate in JSON, found another file.") from None
