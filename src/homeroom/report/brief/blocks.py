"""The parts that a brief is made of: plain text and numbers already written out, no markup.

Both forms, PDF and HTML, are set from the same blocks, so a number is written once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``small`` for notes."""

    kind: ClassVar[str] = "text"
    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list, with a line over it that says what it lists; ``small`` for long references."""

    kind: ClassVar[str] = "points"
    lead: str
    items: tuple[str, ...]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """Two lists side by side, of equal rank."""

    kind: ClassVar[str] = "sides"
    left: Points
    right: Points


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a title that says what it shows, columns, rows, and notes below.

    ``widths`` are shares of the page; ``numeric`` tells which columns are set to the right;
    ``strong`` lists the rows that the eye should find first; ``digest`` says that the last column
    holds hashes, to be set in fixed-width type.
    """

    kind: ClassVar[str] = "table"
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: tuple[bool, ...]
    notes: tuple[str, ...] = ()
    strong: tuple[int, ...] = ()
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A row of a dot plot: where its marks stand, as shares of the axis, and its figures.

    ``start`` and ``end`` bound the interval, ``cut`` tells that it goes on past the axis, ``mark``
    is a second value to hold the first against, ``doubtful`` a value that rules doubt.
    """

    label: str
    cells: tuple[str, ...]
    at: float | None = None
    start: float | None = None
    end: float | None = None
    cut: bool = False
    mark: float | None = None
    note: str = ""
    strong: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A dot plot that is its own table: label, dot on an axis, figures, row by row."""

    kind: ClassVar[str] = "plot"
    title: str
    alt: str
    heads: tuple[str, ...]
    """Over the label, the axis, and each of the figures."""
    rows: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    widths: tuple[float, ...]
    """Shares of the page: label, axis, figures."""
    notes: tuple[str, ...] = ()


Block: TypeAlias = Text | Points | Sides | Table | Plot


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its blocks."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class BriefContent:
    """Everything that a brief says, in the order in which it says it."""

    place_id: str
    title: str
    subtitle: str
    edition: str
    """Which data and which program made it; no date, so that the same inputs give the same file."""
    summary: tuple[tuple[str, str], ...]
    """A word or two for the margin, and what is said under it."""
    picture: Plot | None
    """The one chart of the first page."""
    guide: tuple[str, ...]
    """How to read the brief, in a few lines."""
    sections: tuple[Section, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; each block names its kind."""
        plain = asdict(self)
        plain["picture"] = _plain(self.picture) if self.picture else None
        plain["sections"] = [
            {"id": one.id, "heading": one.heading, "blocks": [_plain(b) for b in one.blocks]}
            for one in self.sections
        ]
        return plain

    def section(self, name: str) -> Section:
        """Return a section by its id."""
        return next(one for one in self.sections if one.id == name)


def _plain(block: Block) -> dict[str, Any]:
    return {"kind": block.kind, **asdict(block)}
