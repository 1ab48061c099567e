"""``homeroom act``: what the bill would ask of a district, answered rule by rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from homeroom.cli.confidential import opened
from homeroom.cli.output import as_json_text
from homeroom.context import federal_money
from homeroom.law import states as rules
from homeroom.law.act.billxml import read_bill
from homeroom.law.act.check import LATEST, check
from homeroom.law.act.diff import diff
from homeroom.law.act.document import cell, markdown
from homeroom.law.act.facts import STANDINGS, LeaFacts, facts_from
from homeroom.law.act.parameters import load_act
from homeroom.law.act.report import report_from
from homeroom.law.act.rules import BOUNDARIES
from homeroom.law.act.sidebyside import compare
from homeroom.law.act.uses import use
from homeroom.law.documents import parse, text_of
from homeroom.report.act_facts import held_against
from homeroom.report.names import readable
from homeroom.statistics.suppression import MINIMUM
from homeroom.vocabulary.states import STATES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

FILE = click.Path(path_type=Path, dir_okay=False)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
version_option = click.option(
    "--version", default=LATEST, show_default=True, help="Year or id of the bill."
)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def act() -> None:
    """Ask what the Counseling Not Criminalization in Schools bill would require and fund."""


def _print(document: dict[str, Any]) -> None:
    click.echo(as_json_text(document))


def _load(path: Path) -> Any:
    return parse(text_of(path, "facts in YAML"), path.name)


def _day(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return None if value is None else value.date()


def fact_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add one option for each fact that is quick to give; the rest go into a file."""
    options = [
        click.option("--facts", "facts_file", type=FILE, help="YAML file with facts."),
        click.option("--contract", type=click.Choice(STANDINGS), help="Contract with police."),
        click.option("--contract-end", "contract_end_date", type=DAY, callback=_day),
        click.option("--own-police", type=click.Choice(STANDINGS), help="The district's police."),
        click.option("--police-dissolved", "own_police_dissolved", type=DAY, callback=_day),
        click.option("--grant-start", "grant_start_date", type=DAY, callback=_day),
        click.option("--application-date", type=DAY, callback=_day),
        click.option(
            "--officers-during-grant/--no-officers-during-grant",
            default=None,
            help="Will officers be in schools during the grant?",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _facts(facts_file: Path | None, given: dict[str, Any]) -> LeaFacts:
    facts = facts_from(None if facts_file is None else _load(facts_file))
    return replace(facts, **{name: value for name, value in given.items() if value is not None})


@act.command("check")
@click.option("--place", help="A district: its id or name.")
@version_option
@click.option("--boundary", type=click.Choice(BOUNDARIES), default="at_least", show_default=True)
@click.option("--bill", "bill_file", type=FILE, help="Official XML of the bill, to cite.")
@fact_options
@as_json
def check_command(
    place: str | None,
    version: str,
    *,
    boundary: str,
    bill_file: Path | None,
    facts_file: Path | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Answer every question about the bill for one district."""
    area, name, facts = _named(place, _facts(facts_file, given))
    rules = load_act()
    if bill_file is not None:
        text = compare(read_bill(bill_file), version)
        if text.warning:
            click.echo(f"Warning: {text.warning}", err=True)
        rules = text.attached(rules)
    result = check(facts, version=version, place=area, boundary=boundary, act=rules)
    if as_json:
        _print(result.as_dict() | {"place_name": name})
        return
    click.echo(f"{name}: {result.bill.notice}" if name else result.bill.notice)
    for against in result.contradictions:
        click.secho(f"Contradiction: {against}", bold=True)
    for answer in result.answers:
        click.echo(f"\n{answer.question} {answer.finding.answer}")
        for entry in answer.finding.trace:
            known = ", ".join(
                f"{key}: {value}" for key, value in entry.facts.items() if value is not None
            )
            click.echo(f"  {entry.result}  {entry.rule} [{entry.text_status}] {entry.citation}")
            if known:
                click.echo(f"      {known}")
    click.echo("\nNot known:")
    for unknown in result.unknowns:
        click.echo(f"  {unknown}")


def _named(place: str | None, facts: LeaFacts) -> tuple[str | None, str | None, LeaFacts]:
    """Return the id and name of a district of the store, and the facts held against its reports."""
    if place is None:
        return None, None, facts
    with opened() as room:
        about = room.place(place)
        area = str(about["place_id"])
        return area, readable(str(about["name"])), held_against(room.store, area, facts)


@act.command("use")
@click.argument("phrase")
@version_option
@as_json
def use_command(phrase: str, version: str, *, as_json: bool) -> None:
    """Return whether a proposed use of the grant, such as "metal detectors", fits the bill."""
    fit = use(phrase, version=version)
    if as_json:
        _print(fit.as_dict())
        return
    click.echo(fit.bill.notice)
    click.echo(f"{phrase}: {fit.fits} ({fit.rule})\n{fit.reason}")
    click.echo(f"{fit.value.citation} [{fit.value.text_status}]; {fit.value.source}")


@act.command("diff")
@click.argument("before")
@click.argument("after")
@as_json
def diff_command(before: str, after: str, *, as_json: bool) -> None:
    """Compare two versions, provision by provision."""
    first, second, rows = diff(before, after)
    if as_json:
        _print(
            {
                "notice": f"{first.notice} {second.notice}",
                "from": first.id,
                "to": second.id,
                "status": second.status,
                "rows": [row.as_dict() for row in rows],
            }
        )
        return
    click.echo(f"{first.notice}\n{second.notice}\n")
    for row in rows:
        click.echo(f"{row.change:8} {row.provision.id}")
        click.echo(
            f"         {first.year}: {cell(row.before)}\n         {second.year}: {cell(row.after)}"
        )


@act.command("import")
@click.argument("file", type=FILE)
@click.option("--version", help="Version whose rules are compared; default: the bill's own.")
@as_json
def import_command(file: Path, version: str | None, *, as_json: bool) -> None:
    """Set the official XML text of a bill beside the rules.

    Download FILE, such as BILLS-117s2125is.xml, from govinfo.gov; nothing is sent anywhere.
    """
    result = compare(read_bill(file), version)
    if as_json:
        _print(result.as_dict())
        return
    click.echo(result.bill.notice)
    if result.warning:
        click.echo(f"Warning: {result.warning}")
    for row in result.rows:
        click.echo(f"\n{row.mark:12} {row.provision.id}: {cell(row.value)}\n  {row.reason}")
        for passage in row.passages:
            head = f"{passage.header}. " if passage.header else ""
            click.echo(f"  section {passage.path}: {head}{passage.text}")


@act.command("report")
@click.argument("file", type=FILE)
@version_option
@click.option("--minimum", default=MINIMUM, show_default=True, help="Smallest count shown.")
@as_json
def report_command(
    file: Path,
    version: str,
    minimum: int,
    *,
    as_json: bool,
) -> None:
    """Produce the yearly report from a YAML FILE, with small cells protected."""
    document = report_from(_load(file), version=version, minimum=minimum).as_dict()
    if as_json:
        _print(document)
        return
    click.echo(f"{document['notice']}\n\nReport of {document['place']} for {document['year']}")
    click.echo(document["privacy"])
    for item in document["items"]:  # type: ignore[attr-defined]
        click.echo(f"\n{item['title']} (required: {item['required']})")
        click.echo(_lines(item["content"]))
    missing = document["missing"]
    if missing:
        click.echo(f"\nMissing, and asked for: {', '.join(missing)}")  # type: ignore[arg-type]


def _lines(content: Any) -> str:
    if content is None:
        return "  not given"
    if isinstance(content, dict):
        rows = [("", content["columns"]), *content["rows"].items()]
        return "\n".join(
            f"  {name:24}" + "".join(f"{value!s:>10}" for value in row) for name, row in rows
        )
    if not content:
        return "  none"
    return "\n".join(
        "  "
        + (
            line
            if isinstance(line, str)
            else f"{line['use']}: {line['dollars']:,} (fits the bill: {line['fits']})"
        )
        for line in content
    )


@act.command("show")
@version_option
@click.option("--markdown", "as_markdown", is_flag=True, help="All versions, for the docs.")
@as_json
def show_command(version: str, *, as_markdown: bool, as_json: bool) -> None:
    """Print what the bill says, provision by provision, with sources."""
    rules = load_act()
    if as_markdown:
        click.echo(markdown(rules), nl=False)
        return
    bill = rules.bill(version)
    values = [(one, one.values[bill.id]) for one in rules.provisions.values()]
    if as_json:
        _print(
            {
                "notice": bill.notice,
                "version": bill.id,
                "status": bill.status,
                "introduced": bill.introduced.isoformat(),
                "sponsors": bill.sponsors,
                "committees": bill.committees,
                "provisions": [
                    {
                        "rule": one.id,
                        "title": one.title,
                        "value": value.content,
                        "unit": one.unit or None,
                        "text_status": str(value.text_status),
                        "citation": value.citation,
                        "source": value.source,
                        "note": value.note or None,
                    }
                    for one, value in values
                ],
            }
        )
        return
    click.echo(bill.notice)
    for one, value in values:
        click.echo(f"\n{one.id}: {one.title}\n  {cell(value)}\n  {value.citation}; {value.source}")


@act.command("state")
@click.argument("state")
@click.option("--place", help="A district, for rules made for one district.")
@click.option("--on", type=DAY, callback=_day, help="A day; by default the day of reading.")
@as_json
def state_command(state: str, place: str | None, on: date | None, *, as_json: bool) -> None:
    """Show what a state's rules say of officers and staff, and the bill beside them."""
    state = state.upper()
    place, _name, _facts_held = _named(place, LeaFacts())
    day = on or (rules.read_on(state) if state in STATES else rules.READ)
    found = rules.answers(state, day, place=place)
    beside = rules.collisions(state, day, place=place)
    if as_json:
        _print(
            {
                "state": state,
                "on": day.isoformat(),
                "pack": rules.pack(state) is not None,
                "answers": [one.as_dict() for one in found],
                "collisions": [one.as_dict() for one in beside],
                "notice": rules.NOT_ADVICE,
            }
        )
        return
    click.secho(f"{STATES[state]}, rules on {day.isoformat()}", bold=True)
    for one in found:
        click.echo(f"{one.question} {one.value}")
        for rule in one.rules:
            click.echo(f"  {rule.says} ({rule.citation}; {rule.text_status})")
            for part in ("exception", "alternative", "money"):
                if text := getattr(rule, part):
                    click.echo(f"  {part}: {text}")
        for rule in one.beside:
            click.echo(f"  beside it ({rule.kind.replace('_', ' ')}): {rule.says}")
    for collision in beside:
        click.echo(f"{collision.bill.number}: {collision.grant_says} {collision.money_says}")
    click.echo(rules.NOT_ADVICE)


@act.command("money")
@click.option("--program", type=click.Choice(list(federal_money.PROGRAMS)))
@as_json
def money_command(program: str | None, *, as_json: bool) -> None:
    """List Federal money for officers and support staff by year, and what was canceled."""
    found = federal_money.by_year(program)
    events = federal_money.events() if program in {None, "84.184", "84.184H/X"} else ()
    if as_json:
        _print(
            {
                "figures": [one.as_dict() for one in found],
                "events": [one.as_dict() for one in events],
                "note": federal_money.NOTE,
            }
        )
        return
    for one in found:
        sum_ = "no sum printed" if one.dollars is None else f"${one.dollars:,.0f}"
        click.echo(f"{one.aln} {one.program}, {one.year}: {sum_}, {one.measure_label}; {one.url}")
    for one in events:
        click.echo(f"{one.date}: {one.fact}; {one.url}")
    click.echo(federal_money.NOTE)
