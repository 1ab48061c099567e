"""The provisions as a table for the documentation, and the record of what was encoded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from homeroom.errors import BadInput
from homeroom.law.act.parameters import load_act
from homeroom.law.documents import listing, mapping, parse
from homeroom.law.logic import plain

if TYPE_CHECKING:
    from homeroom.law.act.parameters import Act, Value


@dataclass(frozen=True, slots=True)
class Covered:
    """One statement of the reference: the provisions that hold it, or why none does."""

    heading: str | None
    unit: int | None
    word: str | None
    about: str
    encoded: tuple[str, ...]
    left_out: str


@cache
def load_coverage() -> tuple[Covered, ...]:
    """Read ``coverage.yaml``; each entry is either encoded or left out with a reason."""
    where = "coverage.yaml"
    text = files(__package__).joinpath(where).read_text("utf-8")
    entries = []
    for row in listing(parse(text, where), where):
        keys = mapping(row, where, required="heading unit word about", optional="encoded left_out")
        if ("encoded" in keys) == ("left_out" in keys):
            raise BadInput(f"{where}: {keys['about']}: give either encoded or left_out.")
        entries.append(
            Covered(
                keys["heading"],
                keys["unit"],
                None if keys["word"] is None else str(keys["word"]),
                keys["about"],
                tuple(keys.get("encoded", ())),
                keys.get("left_out", ""),
            )
        )
    return tuple(entries)


def cell(value: Value) -> str:
    """Write what a provision says in one version in a few words."""
    content = plain(value.content)
    if content is None:
        return "unknown"
    if isinstance(content, bool):
        said = "yes" if content else "no"
    elif isinstance(content, list):
        said = "; ".join(str(item) for item in content)
    else:
        said = f"{content:,}" if isinstance(content, int) else str(content)
    return f"{said} ({value.text_status})"


def markdown(act: Act | None = None) -> str:
    """Write every provision, its sources, and what was left out, as Markdown."""
    act = act or load_act()
    lines = [
        "# The bill, provision by provision",
        "",
        "Generated: `homeroom act show --markdown`.",
        "",
    ]
    lines += [f"- {bill.notice}" for bill in act.bills]
    years = " | ".join(str(bill.year) for bill in act.bills)
    lines += ["", f"| rule | what | {years} |", "|---|---|" + "---|" * len(act.bills)]
    for provision in act.provisions.values():
        cells = " | ".join(cell(provision.values[bill.id]) for bill in act.bills)
        unit = f" ({provision.unit})" if provision.unit else ""
        lines.append(f"| `{provision.id}` | {provision.title}{unit} | {cells} |")
    lines += [
        "",
        "## Sources",
        "",
        "| rule | version | citation | source | note |",
        "|---|---|---|---|---|",
    ]
    for provision in act.provisions.values():
        for bill in act.bills:
            value = provision.values[bill.id]
            if value.content is not None:
                lines.append(
                    f"| `{provision.id}` | {bill.id} | {value.citation} | {value.source} "
                    f"| {value.note} |"
                )
    lines += ["", "## Not encoded", "", "| what | why |", "|---|---|"]
    lines += [f"| {one.about} | {one.left_out} |" for one in load_coverage() if one.left_out]
    return "\n".join(lines) + "\n"
