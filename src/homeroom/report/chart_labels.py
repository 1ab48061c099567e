"""Labels that fit: how wide text will be, where it breaks, and the axis that carries it.

A picture is laid out before a browser has seen it, so widths are worked out from the proportions
of Arial, which the fonts of :data:`homeroom.report.picture.FONT` share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt

_EM = {
    **dict.fromkeys("ijl'|", 0.22), **dict.fromkeys("I.,:;!/ tf[]", 0.28),
    **dict.fromkeys("()-r", 0.33), **dict.fromkeys("ckvxyszJ", 0.5),
    **dict.fromkeys("mM", 0.83), "w": 0.72, "W": 0.94, "%": 0.89, "…": 1.0,
}  # fmt: skip
GAP = 12
"""Pixels between a label and the plot, so that a mark at zero does not touch the label."""
LIFT, BELOW, TALL = 10, 9, 42
"""From a row's middle up to a label above the marks and down to the marks; the row's height."""


def measured(text: str, size: float = 13) -> float:
    """Return the width of a text in pixels."""
    ems = (_EM.get(letter, 0.69 if letter.isupper() else 0.56) for letter in text)
    return size * sum(ems)


def broken(text: str, room: float, size: float = 13, *, most: int = 2) -> list[str]:
    """Break a text into lines of at most ``room`` pixels; what passes ``most`` lines is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measured(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [cut(line, room, size) for line in lines]


def cut(line: str, room: float, size: float = 13) -> str:
    """Return a line that fits, with an ellipsis where it had to end early."""
    if measured(line, size) <= room:
        return line
    while line and measured(f"{line}…", size) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


@dataclass(frozen=True, slots=True)
class RowLabels:
    """The labels beside the rows of a plot, by the rows' ids from top to bottom.

    They are marks and not an axis, whose labels of several lines would hang from the middle of
    their row.
    """

    told: dict[str, list[str]]
    size: float

    @property
    def room(self) -> int:
        """Pixels that the labels take, with the gap to the plot."""
        each = (measured(line, self.size) for part in self.told.values() for line in part)
        return round(max(each, default=0)) + GAP

    @property
    def height(self) -> float:
        """Pixels that the highest label takes."""
        return (self.size + 3) * max((len(part) for part in self.told.values()), default=1)

    def y(self, field: str) -> Any:
        """Return the encoding of the rows."""
        return alt.Y(f"{field}:N", axis=None, scale=alt.Scale(domain=list(self.told)))

    def above(self, field: str, room: float, paper: str, left: float = 0) -> list[Any]:
        """Draw each label on one line in the upper half of its row; the marks take the lower.

        A rim in the color of the ground keeps the lines of the plot off the letters.
        """
        rows = [
            {field: name, "line": cut(" ".join(part), room, self.size)}
            for name, part in self.told.items()
        ]
        base = alt.Chart(alt.Data(values=rows)).encode(
            x=alt.value(left), y=self.y(field), text="line:N"
        )
        look = {"align": "left", "dy": -LIFT, "fontSize": self.size}
        rim = base.mark_text(stroke=paper, strokeWidth=5, strokeJoin="round", **look)
        return [rim, base.mark_text(**look)]

    def marks(self, field: str) -> list[Any]:
        """Draw the labels, each line of a label set around the middle of its row."""
        lines: dict[float, list[dict[str, str]]] = {}
        for name, part in self.told.items():
            for at, line in enumerate(part):
                down = (at - (len(part) - 1) / 2) * (self.size + 3)
                lines.setdefault(down, []).append({field: name, "line": line})
        return [
            alt.Chart(alt.Data(values=rows))
            .mark_text(align="right", fontSize=self.size, dy=down)
            .encode(x=alt.value(-GAP), y=self.y(field), text="line:N")
            for down, rows in lines.items()
        ]


def row_labels(
    labels: Mapping[str, str], room: float, size: float = 13, *, lines: int = 2
) -> RowLabels:
    """Lay out labels in at most ``room`` pixels, the gap among them, and ``lines`` lines."""
    return RowLabels(
        {name: broken(text, room - GAP, size, most=lines) for name, text in labels.items()}, size
    )


def column_labels(labels: Iterable[str], room: float, size: float = 12, *, lines: int = 3) -> str:
    """Return the expression that breaks the labels of columns or a legend at ``room`` pixels."""
    told = {text: broken(text, room, size, most=lines) for text in labels}
    return f"{json.dumps(told)}[datum.value]"
