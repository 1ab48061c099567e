"""Small displays for notebooks: a title, lines of text, and a table, as HTML without any style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def card(
    title: str,
    lines: Iterable[str] = (),
    head: Sequence[str] = (),
    rows: Iterable[Sequence[object]] = (),
) -> str:
    """Return a card as HTML; every text is escaped.

    Parameters
    ----------
    title
        What the card is about.
    lines
        Sentences below it; empty ones are left out.
    head, rows
        A table, where there is one.
    """
    told = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f"<div><p><b>{escape(title)}</b></p>{_table(head, rows)}{told}</div>"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_text(cell))}</td>' for cell in row)}</tr>" for row in rows
    )
    if not body:
        return ""
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def _text(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
