"""Write the pages of docs/reference that follow from the code; ``--check`` only compares.

A page is a function from nothing to Markdown. What the code defines (vocabulary, tables, rules,
commands) is described there and nowhere else, so that it cannot go stale.
"""

from __future__ import annotations

import inspect
import re
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

import homeroom
from homeroom.api import Homeroom, choices
from homeroom.api.articles import Articles
from homeroom.api.asking import Asking
from homeroom.api.many_places import ManyPlaces
from homeroom.api.questions import QUESTIONS
from homeroom.cli.main import cli
from homeroom.errors import EXIT_CODES
from homeroom.evidence import quality
from homeroom.evidence.schema import STORE_TABLES
from homeroom.figures import rows as row_models
from homeroom.figures.backing import Backing
from homeroom.figures.columns import SYNONYMS, meaning
from homeroom.figures.figure import WORDS, Figure
from homeroom.figures.gaps import GapRow
from homeroom.figures.officers import OfficerRow
from homeroom.figures.rates import RateRow
from homeroom.figures.staffing import StaffRow
from homeroom.figures.trend import TrendRow
from homeroom.plans.format.pages import reference as plan_reference
from homeroom.vocabulary.groups import DISABILITIES, RACES, SEXES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.status import CODE_MEANINGS, RESERVE_CODES
from homeroom.vocabulary.waves import WAVES
from homeroom.web.api.openapi import BASE
from homeroom.web.api.table import endpoints
from homeroom.web.more_pictures import kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
SUMMARIES = FOLDER.parents[1] / "src" / "homeroom" / "cli" / "summaries.txt"
NOTICE = "<!-- Written by `make docs`; edit the code, not this page. -->"


def table(head: str, rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table; ``head`` names the columns, separated by commas."""
    names = head.split(", ")
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def vocabulary() -> str:
    """Describe every word that a question may use."""
    groups = [("Race and ethnicity", RACES), ("Sex", SEXES), ("Disability", DISABILITIES)]
    codes = RESERVE_CODES.values()
    recommended = [(role.recommended, role.recommended_by) for role in ROLES.values()]
    return "\n\n".join(
        (
            "# Vocabulary",
            "The closed lists that commands, addresses and tables take their words from.",
            "## Measures",
            table(
                "id, label, unit, definition",
                ((f"`{m.id}`", m.label, m.per, m.definition) for m in MEASURES.values()),
            ),
            "## Groups of students",
            table(
                "axis, id, label, definition",
                (
                    (axis, f"`{g.id}`", g.label, g.definition)
                    for axis, found in groups
                    for g in found.values()
                ),
            ),
            "## Staff",
            table(
                "id, label, definition, students per full-time equivalent recommended, by",
                (
                    (f"`{role.id}`", role.label, role.definition, *advice)
                    for role, advice in zip(ROLES.values(), recommended, strict=True)
                ),
            ),
            "## Waves",
            table(
                "id, note, why the series breaks before it, official ZIP",
                ((f"`{w.id}`", w.note, " ".join(w.breaks), w.archive) for w in WAVES.values()),
            ),
            "Some measures and roles need a note of their own.",
            table(
                "wave, measures and roles, note",
                (
                    (f"`{w.id}`", ", ".join(f"`{s}`" for s in note.subjects), note.text)
                    for w in WAVES.values()
                    for note in w.measure_notes
                ),
            ),
            "## Reserve codes",
            "A negative value in a CRDC file is never a number: it says why there is none.",
            table(
                "code, status, meaning, waves",
                ((c.code, f"`{c.status}`", c.meaning, ", ".join(sorted(c.waves))) for c in codes),
            ),
            "A code may mean something else in the answers to one question of one wave.",
            table(
                "wave, question, code, status, meaning, source",
                (
                    (m.wave, f"`{m.element}`", m.code, f"`{m.status}`", m.meaning, m.source)
                    for found in CODE_MEANINGS.values()
                    for m in found
                ),
            ),
            "## Reasons",
            "Why a figure is missing, or weak although there is a number.",
            table("reason_id, meaning", ((f"`{name}`", words) for name, words in WORDS.items())),
            "## Publications",
            table(
                "id, title, publisher, terms, address",
                (
                    (f"`{p.id}`", p.title, p.publisher, p.terms, p.url)
                    for p in PUBLICATIONS.values()
                ),
            ),
        )
    )


def data_dictionary() -> str:
    """Describe every table of the store."""
    pages = ["# Data dictionary", "The tables of the store, as `homeroom describe` shows them."]
    for entry in STORE_TABLES.values():
        key = ", ".join(f"`{name}`" for name in entry.key) or "none"
        rows = (
            (f"`{column.name}`", str(column.type), column.doc, column.null)
            for column in entry.columns
        )
        pages += [
            f"## {entry.name}",
            f"{entry.doc} Key: {key}.",
            table("column, type, meaning, empty when", rows),
        ]
    return "\n\n".join(pages)


def quality_rules() -> str:
    """Describe the quality rules and the two policies."""
    policies = (f"- `{name}`: {_cell(words)}" for name, words in quality.POLICIES.items())
    rows = (
        [f"`{rule.id}`", *(getattr(rule, name) for name in ("kind", "sentence", "source"))]
        for rule in quality.rules().values()
    )
    return "\n\n".join(
        (
            "# Quality rules",
            "What is flagged, why, and on whose word. Flagged values are never changed.",
            "\n".join(policies),
            table("id, kind, sentence, source", rows),
        )
    )


def exit_codes() -> str:
    """Describe what each exit code of the command line means."""
    return "\n\n".join(
        (
            "# Exit codes",
            (
                "What the command line ends with. Every failure prints one line on stderr that "
                "begins with `homeroom:`; a refusal with several readings lists them below it. "
                "When whoever reads the output leaves early, as `head` does, the command ends "
                "quietly with 0."
            ),
            table("code, meaning", EXIT_CODES.items()),
        )
    )


def commands() -> str:
    """Describe every command as its own ``--help`` does."""
    pages = ["# Commands"]
    for path, command in _walk(cli, ("homeroom",)):
        with click.Context(command, info_name=" ".join(path), terminal_width=96) as context:
            text = command.get_help(context)
        pages.append(f"## {' '.join(path)}\n\n```text\n{text}\n```")
    return "\n\n".join(pages)


def python() -> str:
    """Return what ``homeroom.open()`` opens: every method with its signature, and the columns."""
    lead = (
        "`homeroom.open()` gives a `Homeroom`. Frames are Polars data frames; errors are those of "
        "`homeroom.errors`, and each says what was expected and what was found."
    )
    opening = f"```python\nhomeroom.open{_signature(homeroom.open)}\n```"
    parts = ["# Python", lead, opening, _plain(inspect.getdoc(Homeroom) or "")]
    for name, member in _public(Homeroom, Asking, ManyPlaces, Articles):
        function = member if inspect.isfunction(member) else _getter(member)
        said = _plain(inspect.getdoc(function) or "")
        head = f"`{name}`" if _is_property(member) else f"`{name}{_signature(function)}`"
        parts += [f"## {head}", said]
    parts += [
        "# Choices",
        "What `homeroom.api.choices` names: editors complete them.",
        table("type, values", ((f"`{name}`", values) for name, values in _choices())),
        "# Figures",
        *(_plain(inspect.getdoc(one) or "") for one in (Figure, Backing)),
        "# Columns",
    ]
    for title, model in FRAMES.items():
        parts += [f"## Of `{title}`", _columns(model)]
    return "\n\n".join(parts)


def questions() -> str:
    """List the questions that every face answers, and the one vocabulary of their columns."""
    parts = [
        "# Questions and columns",
        (
            "One registry of questions (`homeroom.api.questions`) gives the command line its "
            "options, the API its parameters and the schema of its rows, and Python's methods "
            "their names. Each question has the same name, parts, defaults, columns, and rows "
            "everywhere. Parts that take several values are lists in Python and joined by commas "
            "elsewhere."
        ),
        table(
            "question, command, Python, API, answers",
            (
                (
                    one.name, f"`homeroom {one.name}`", f"`room.{one.name}()`",
                    ", ".join(f"`{BASE}{path}`" for path in dict.fromkeys(
                        (one.address, f"/{one.name}")
                    )),
                    one.summary,
                )
                for one in QUESTIONS.values()
            ),
        ),
        "## Columns",
        (
            "One name for each concept, in every frame, answer, and file. `reason` is a sentence, "
            "`reason_id` its id. CSV files have the column `data_version`, too; Parquet files "
            "carry it, the question, the citation, and the meaning of each column as metadata."
        ),
        table("column, type, meaning, in", _vocabulary_of_columns()),
        "## Names that no frame uses",
        table("instead of, say", ((f"`{a}`", f"`{b}`") for a, b in SYNONYMS.items())),
    ]  # fmt: skip
    return "\n\n".join(parts)


def _vocabulary_of_columns() -> list[tuple[str, ...]]:
    """Return each column once: its type, its meaning, and the questions whose rows have it."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    for one in QUESTIONS.values():
        for name, (kind, said) in (one.columns() if one.columns else {}).items():
            known = found.setdefault(name, (str(kind), meaning(name) or said, []))
            known[2].append(one.name)
    return [
        (f"`{name}`", kind, said, ", ".join(of)) for name, (kind, said, of) in sorted(found.items())
    ]


def _public(*classes: type) -> Iterator[tuple[str, Any]]:
    """Return the public methods and properties of classes, in their order."""
    for one in classes:
        for name, member in vars(one).items():
            if not name.startswith("_") and (inspect.isfunction(member) or _is_property(member)):
                yield name, member


def _choices() -> Iterator[tuple[str, str]]:
    for name, kind in vars(choices).items():
        if values := get_args(kind):
            yield name, ", ".join(f"`{value}`" for value in values)


def _columns(model: type[Any]) -> str:
    """Return a table of a row's columns; a column that may be empty says so."""
    described = row_models.json_schema(model)["properties"]
    return table(
        "column, type, meaning",
        ((f"`{name}`", _type(one["type"]), one["description"]) for name, one in described.items()),
    )


def _type(named: str | list[str]) -> str:
    return named if isinstance(named, str) else " or ".join(named)


def web_api() -> str:
    """Describe every address of the API with its parameters, and every kind of chart."""
    parts = [
        "# The API of the website",
        (
            f"Addresses stand under `{BASE}`. A JSON answer is `{{status, data, error, meta}}`; "
            f"`{BASE}/openapi.json` describes them to programs. The same names as on the command "
            "line."
        ),
    ]
    for one in endpoints():
        asked = f" On the command line: `{one.command}`." if one.command else ""
        parts += [f"## {one.method} {one.path}", f"{one.summary}.{asked}"]
        if one.every:
            rows = (
                (f"`{p.name}`", "yes" if p.required else "", p.default, p.doc) for p in one.every
            )
            parts.append(table("parameter, required, default, meaning", rows))
        if one.row is not None:
            parts.append(
                f"Rows are `{one.row['title']}`: "
                + ", ".join(f"`{name}`" for name in one.row["properties"])
                + "."
            )
    charts = (
        (f"`{kind.id}`", kind.doc, ", ".join(f"`{p.name}`" for p in kind.parameters))
        for kind in kinds().values()
    )
    parts += [
        "# Charts",
        (
            "`/chart/KIND` is a page, `/chart/KIND.svg`, `.png`, `.csv` and `.json` (Vega-Lite) "
            "are files, `/embed/KIND` is for a frame."
        ),
        table("kind, what it shows, parameters", charts),
    ]
    return "\n\n".join(parts)


FRAMES = {
    "rate": RateRow,
    "staff": StaffRow,
    "gaps": GapRow,
    "officers": OfficerRow,
    "trend": TrendRow,
}


def plan_document() -> str:
    """Describe every key of a plan document."""
    lead = (
        "A plan is a short YAML file (or the same keys as JSON). Start from "
        "`homeroom plan example austin-half`. `homeroom plan schema` prints the JSON Schema of "
        "this page, by which editors complete keys. The shortest plan that says something:"
    )
    example = (
        "```yaml\nname: Half the officers, more counselors\nplace: Austin ISD\nstart: 2026-27\n"
        "years: 3\npaid_by: city\nofficers: {end: half}\nhire: {counselor: 10}\n```"
    )
    units = (
        "Write units where a number could mean two things: `3%`, `0.5 posts`, `half`. A number "
        "that could mean two things is refused, with both ways to write it."
    )
    return f"# Plan documents\n\n{lead}\n\n{example}\n\n{units}\n\n{plan_reference()}"


def _is_property(member: object) -> bool:
    return isinstance(member, (property, cached_property))


def _getter(member: Any) -> Callable[..., object]:
    found: Callable[..., object] = member.fget if isinstance(member, property) else member.func
    return found


def _signature(function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    own = [p for p in signature.parameters.values() if p.name != "self"]
    text = str(signature.replace(parameters=own))
    # Annotations are strings here, in either kind of quotes.
    return re.sub(r"""(: |-> )(['"])(.*?)\2(?=[,)]| =|$)""", r"\1\3", text)


def _plain(text: str) -> str:
    """Return a docstring as Markdown: roles of Sphinx as code, numpy headings as bold words."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)
    return re.sub(r"^(\w+)\n-{3,}$", r"**\1**\n", text, flags=re.MULTILINE)


def _walk(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _walk(child, (*path, name))


def pages() -> dict[str, Callable[[], str]]:
    """Name every generated page and what writes it."""
    return {
        "vocabulary.md": vocabulary,
        "data-dictionary.md": data_dictionary,
        "quality-rules.md": quality_rules,
        "commands.md": commands,
        "exit-codes.md": exit_codes,
        "python.md": python,
        "web-api.md": web_api,
        "questions.md": questions,
        "plan-document.md": plan_document,
    }


def summaries() -> str:
    """Return what each command does, a line each: `--help` reads it and imports no command."""
    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return "".join(
        f"{name}: {_first_paragraph(command.help or '')}\n"
        for name, command in found.items()
        if command
    )


def _first_paragraph(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())


def stale(*, write: bool) -> list[str]:
    """List the pages that differ from what the code says; write them anew where asked."""
    differing = []
    if not SUMMARIES.exists() or SUMMARIES.read_text(encoding="utf-8") != summaries():
        differing.append(f"../../{SUMMARIES.relative_to(FOLDER.parents[1])}")
        if write:
            SUMMARIES.write_text(summaries(), encoding="utf-8")
    for name, page in pages().items():
        text = f"{NOTICE}\n\n{page()}\n"
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            differing.append(name)
            if write:
                path.write_text(text, encoding="utf-8")
    return differing


def main() -> int:
    """Write, or with ``--check`` only tell."""
    check = "--check" in sys.argv[1:]
    for name in (differing := stale(write=not check)):
        print(f"docs/reference/{name}", "is stale: run make docs" if check else "written")
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
