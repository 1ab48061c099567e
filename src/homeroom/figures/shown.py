"""A figure in one line and as a small table, for those who print it or meet it in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from homeroom.figures.figure import Figure, Side

_STUDENTS = " students"


def one_line(figure: Figure) -> str:
    """Return a figure in one line: the number with its interval, whose it is, and its note."""
    q = figure.question
    parts = [f"{number(figure)}, {people(figure)}, {q.measure}, {q.place} {q.wave}"]
    parts.append("state table" if figure.basis == "state_table" else figure.basis)
    if figure.note:
        parts.append(figure.note)
    return "; ".join(part for part in parts if part)


def number(figure: Figure) -> str:
    """Return a figure's number with its interval, or why there is none."""
    if figure.value is None:
        return f"no figure ({figure.reason})"
    unit = "" if figure.question.compares else " per 10,000"
    between = f" ({_short(figure.low)} to {_short(figure.high)})" if figure.low is not None else ""
    return f"{_short(figure.value)}{unit}{between}"


def people(figure: Figure) -> str:
    """Return whose figure it is in words: "Black vs. white students"."""
    q = figure.question
    mine = q.group.people(q.sex, q.disability)
    if q.comparator == "same_group":
        return f"{mine} in schools with vs. without an officer"
    if not figure.versus or not q.versus:
        return mine
    other = type(q.group)(q.versus).people(q.sex, q.disability)
    if mine.endswith(_STUDENTS) and other.endswith(_STUDENTS):
        mine = mine.removesuffix(_STUDENTS)
    return f"{mine} vs. {other}"


def as_html(figure: Figure) -> str:
    """Return a figure as an HTML table: counts, rates, and interval first, then scope and doubt."""
    q = figure.question
    rows = [("Group", figure.group), ("Compared with", figure.versus)]
    lines = [f"<tr><th>{name}</th>{_cells(side)}</tr>" for name, side in rows if side is not None]
    unit = "Ratio of rates" if q.compares else "Per 10,000 students"
    said = [
        f"{unit}: <b>{escape(number(figure))}</b>",
        escape(f"{people(figure)}, {q.measure}, {q.place}, {q.wave}; {figure.basis}"),
        *(escape(text) for text in (figure.explanation, figure.note, figure.source) if text),
    ]
    head = "<tr><th></th><th>Counted</th><th>Students</th><th>Per 10,000</th></tr>"
    return f"<table>{head}{''.join(lines)}</table><p>{'<br>'.join(said)}</p>"


def _cells(side: Side) -> str:
    counts = ("not known" if n is None else f"{n:,}" for n in (side.count, side.students))
    rate = "not known" if side.rate_per_10000 is None else f"{side.rate_per_10000:,.2f}"
    return "".join(f"<td>{text}</td>" for text in (*counts, rate))


def _short(value: float | None) -> str:
    """Return four significant digits, or "no bound" where the interval is open."""
    return "no bound" if value is None else f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"
