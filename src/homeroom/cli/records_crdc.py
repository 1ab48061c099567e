"""``homeroom records crdc`` and ``store``: the CRDC's counts from records, this year's figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from homeroom.cli.output import as_json_text, print_table
from homeroom.cli.records_options import PATH, WORKSPACE, mark, school_year, workspace_of
from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.evidence.targets import refuse_other_kind
from homeroom.records import crdc as crdc_cells
from homeroom.records import crdc_check, crdc_file
from homeroom.records.engines import opened
from homeroom.records.ids import ids_of
from homeroom.records.own_store import build_store
from homeroom.records.sealed import sealed
from homeroom.records.workspace import Workspace, check_private

_YEAR = click.option("--year", help="School year, as in 2024 or 2023-24; the last one by default.")
_STATE = click.option("--state", default="TX", show_default=True,
                      help="State of LEAs whose ids don't tell it.")  # fmt: skip
_ENGINE = click.option("--engine", default="duckdb", show_default=True,
                       help="duckdb, spark, or spark://HOST:PORT.")  # fmt: skip


@click.command()
@_YEAR
@_STATE
@_ENGINE
@WORKSPACE
@click.option("--submitted", type=PATH, help="A flat file submitted before, to compare with.")
@click.option("-o", "--out", type=PATH, help="Write the flat file to upload (CSV).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def crdc(
    year: str | None, state: str, engine: str, workspace: Path | None, submitted: Path | None,
    out: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Count what the CRDC asks for, compare it with what was published, and check it beforehand."""
    made = workspace_of(workspace)
    check_private(made)
    asked = _year(made, year)
    ids = ids_of(made, state)
    with opened(made, engine) as running, sealed("the workspace"):
        cells = crdc_cells.counted(made, running)
    found: dict[str, Any] = {
        "year": asked,
        "students": crdc_file.totals(cells, asked),
        "not_counted": cells.lacking,
        "in_no_cell": cells.outside,
    }
    if submitted is not None:
        earlier = crdc_file.submitted(submitted, set(ids.schools.values()))
        found["against_submitted"] = crdc_check.against(cells, asked, earlier)
    if not made.store.exists():
        build_store(made, state=state, engine=engine)
    with Store(made.store) as own:
        compared = crdc_check.compared(own, ids, asked)
        found["against_public"] = [one.to_dict() for one in compared]
        found["flags"] = crdc_check.flagged(own, ids, asked)
    if out is not None:
        refuse_other_kind(out, [made.table("pupil")], kind=".csv")
        found["schools"] = crdc_file.write(made, ids, cells, asked, out)
        found["file"] = str(out)
    mark()
    if as_json:
        click.echo(as_json_text(found))
    else:
        _print(found)


@click.command("store")
@_STATE
@_ENGINE
@WORKSPACE
@click.option("--without-public", is_flag=True, help="Leave the public starter facts out.")
def store_command(state: str, engine: str, workspace: Path | None, *, without_public: bool) -> None:
    """Make this year's figures: a store that places, briefs, plans, and claims answer from."""
    made = workspace_of(workspace)
    check_private(made)
    report = build_store(made, state=state, engine=engine, with_public=not without_public)
    mark()
    for name, note in report.notes:
        if name not in ("quality rules", "places"):
            click.echo(f"{name}: {note}")
    click.echo(
        f"{made.store} holds this agency's figures. Set HOMEROOM_STORE to it, and every command "
        "answers from it with --confidential; `homeroom serve` shows it on this machine alone."
    )


def _year(workspace: Workspace, year: str | None) -> int:
    asked = school_year(year)
    if asked is None:
        return workspace.years[-1]
    if asked not in workspace.years:
        has = ", ".join(map(str, workspace.years))
        raise BadInput(f"year {asked}: expected a school year of the records, which have {has}.")
    return asked


def _print(found: dict[str, Any]) -> None:
    print_table(
        [{"measure": name, "students": count} for name, count in found["students"].items()],
        f"Students, each once a school, school year ending in {found['year']}.",
    )
    for element, reason in found["not_counted"].items():
        click.echo(f"Left empty, {element}: {reason}")
    if "against_submitted" in found:
        print_table(found["against_submitted"], "Beside the file submitted before.")
    look = [row for row in found["against_public"] if row["look"]]
    if look:
        names = ("lea", "measure", "rate", "public_wave", "public_rate", "look")
        print_table([{name: row[name] for name in names} for row in look[:40]])
    click.echo(f"{len(look):,} measures of LEAs differ much from the last public wave.")
    for flag in found["flags"][:20]:
        click.echo(f"A rule doubts {flag['measure']} of school {flag['school']}: {flag['says']}")
    click.echo(f"{len(found['flags']):,} figures of schools are doubted by a quality rule.")
    if "file" in found:
        click.echo(f"{found['file']}: {found['schools']:,} schools.")
