"""A picture with its words: title, units, source, alternative text and the table behind it.

A picture is drawn for a look (light or dark, wide or narrow, with or without its title) and then
turned into SVG or PNG in this process, so that pages need no script and no other host. Colors are
those of Okabe and Ito (2008, "Color Universal Design") that form no red-blue contrast.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence.targets import write_whole
from homeroom.figures.cards import card
from homeroom.report import engines
from homeroom.report.chart_labels import broken

GREEN, ORANGE, SKY, PURPLE, GRAY = "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#8A8F94"
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
"""Fonts of one width: labels are measured here and drawn by the reader's browser."""
OCR = "US Department of Education, Civil Rights Data Collection"
_BOLD = 1.12
"""Bold letters are wider."""
FORMATS = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is shown: part of its address, so that each look is cached by itself."""

    dark: bool = False
    narrow: bool = False
    bare: bool = False
    """Without title and source, which the page then gives as text."""

    @property
    def width(self) -> int:
        """Width of the plotting area and its labels, in CSS pixels."""
        return 332 if self.narrow else 720

    @property
    def padding(self) -> int:
        """Pixels around the drawing: a page that shows it bare has its own margins."""
        return 4 if self.bare else 12 if self.narrow else 16

    @property
    def ink(self) -> str:
        """Color of text and marks."""
        return "#E8EAE6" if self.dark else "#1E2522"

    @property
    def soft(self) -> str:
        """Color of axes and second-rank text."""
        return "#B4BCB6" if self.dark else "#55605A"

    @property
    def line(self) -> str:
        """Color of grid lines."""
        return "#3A423E" if self.dark else "#DDE2DE"

    @property
    def paper(self) -> str:
        """Color of the ground."""
        return "#171C19" if self.dark else "#FFFFFF"

    @property
    def main(self) -> str:
        """Color of the marks that carry the message."""
        return "#35C79B" if self.dark else "#00735A"

    @property
    def second(self) -> str:
        """Color of marks that the first are held against."""
        return "#F0B13C" if self.dark else "#B36B00"


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart says, and how to draw it.

    Attributes
    ----------
    title
        A sentence: what the picture shows.
    units
        What the axis counts.
    source
        Where the figures come from.
    alt
        The same for those who cannot see it, with the figures.
    table
        The rows drawn, for the CSV file and the table beside the picture.
    draw
        Makes the Altair chart for a look; its title and colors of text are set here.
    chosen
        What the picture chose where the question left it open, as the wave.
    """

    title: str
    units: str
    source: str
    alt: str
    table: pl.DataFrame
    draw: Callable[[Look], Any]
    chosen: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return the title, and how many rows are drawn."""
        return f"<Picture {self.title!r}, {self.table.height} rows>"

    def _repr_html_(self) -> str:
        drawn = self.table
        rows = drawn.head(50).rows()
        return card(self.title, [self.units, self.alt, self.source], drawn.columns, rows)

    def altair(self, look: Look | None = None) -> Any:
        """Return the chart as an Altair chart, to show, change, or layer.

        Parameters
        ----------
        look
            Light and wide where none is named.
        """
        look = look or Look()
        chart = self.draw(look).properties(description=self.alt)
        if not look.bare:
            chart = chart.properties(title=_heading(self, look))
        return _configured(chart, look)

    def spec(self, look: Look) -> dict[str, Any]:
        """Return the Vega-Lite specification."""
        made: dict[str, Any] = self.altair(look).to_dict(validate=False)
        return made

    def render(self, kind: str, look: Look) -> bytes:
        """Return the picture as ``svg`` or ``png`` (at twice the size, for print)."""
        return self.finished(engines.draw(self.text(look), kind), kind)

    def text(self, look: Look) -> str:
        """Return what the engine draws: the specification as JSON."""
        return json.dumps(self.spec(look))

    def finished(self, drawn: bytes, kind: str) -> bytes:
        """Return what the engine drew, its parts numbered and named."""
        if kind == "png":
            return drawn
        return _named(_renumbered(drawn.decode()), self.alt).encode()

    def save(self, path: Path) -> None:
        """Write SVG or PNG, by the name's ending.

        Raises
        ------
        BadInput
            The name ends in something else, or a file of another kind is there.
        """
        kind = path.suffix.removeprefix(".")
        if kind not in FORMATS:
            raise BadInput(
                f"expected a file name that ends in .svg or .png, found {path.name}: rename it"
            )
        write_whole(path, path.suffix, lambda to: to.write_bytes(self.render(kind, Look())))


def rows(*records: dict[str, Any]) -> pl.DataFrame:
    """Make a table of records whose first rows may lack values."""
    return pl.DataFrame(list(records), infer_schema_length=None)


def data(frame: pl.DataFrame) -> Any:
    """Return rows to Altair without the detour over another frame library."""
    return alt.Data(values=frame.to_dicts())


def _renumbered(svg: str) -> str:
    """Return a drawing whose parts are numbered from 1: the engine counts on in its process."""
    found = dict.fromkeys(re.findall(r'\bid="((?:clip|gradient_)[0-9]+)"', svg))
    known = {name: re.sub("[0-9]+", f"{at}", name) for at, name in enumerate(found, 1)}
    return re.sub(
        r'(\bid="|url\(#)((?:clip|gradient_)[0-9]+)',
        lambda match: match[1] + known.get(match[2], match[2]),
        svg,
    )


def _named(svg: str, words: str) -> str:
    """Put the words for those who cannot see it on the whole picture.

    Vega would describe every mark, at twice the size of the file, and no picture of many panels.
    """
    start, _, rest = svg.partition(">")
    return f'{start} role="img" aria-label="{html.escape(words)}">{rest}'


def _heading(picture: Picture, look: Look) -> Any:
    size = 14 if look.narrow else 16
    small = [broken(text, look.width, 12, most=99) for text in (picture.units, picture.source)]
    return alt.TitleParams(
        broken(picture.title, look.width, size * _BOLD, most=99),
        subtitle=[line for part in small for line in part if line],
        anchor="start", frame="bounds", fontSize=size, subtitleFontSize=12, subtitleLineHeight=15,
        subtitleColor=look.soft, color=look.ink, offset=14, subtitlePadding=6, fontWeight=600,
    )  # fmt: skip


def _configured(chart: Any, look: Look) -> Any:
    return (
        chart.configure(background=look.paper, font=FONT, padding=look.padding, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=look.ink, titleColor=look.soft, gridColor=look.line, domainColor=look.line,
            tickColor=look.line, labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
        )
        .configure_legend(
            labelColor=look.ink, titleColor=look.soft, labelFontSize=12, titleFontSize=12,
            titleFontWeight="normal", labelLimit=320, symbolStrokeWidth=0.7, titleLimit=320,
        )
        .configure_header(labelColor=look.ink, titleColor=look.soft, labelFontSize=13)
        .configure_title(color=look.ink, anchor="start", fontSize=13, fontWeight=600)
        .configure_text(color=look.ink, fontSize=12)
    )  # fmt: skip
