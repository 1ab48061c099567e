"""What every figure carries, whatever it counts: universe, coverage, doubts, and sources."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.figures.coverage import NAMED, Universe
from homeroom.figures.doubts import Doubt


@dataclass(frozen=True, slots=True)
class Source:
    """A file behind a figure."""

    title: str
    name: str
    sha256: str
    publication: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What a figure speaks for.

    Attributes
    ----------
    coverage
        Share of the place's students (of its schools, for a state table) in the figure, 0 to 1.
    universe
        The schools asked.
    doubts
        Rules and errata that touch the figure's cells, the gravest first.
    note
        Scope and doubt in one text, or None where the figure is plain.
    sources
        Files behind the figure.
    """

    universe: Universe
    coverage: float | None
    doubts: tuple[Doubt, ...]
    note: str | None
    sources: tuple[Source, ...]

    @property
    def whole(self) -> bool:
        """Whether the figure may carry the place's name without saying more."""
        covered = 1.0 if self.coverage is None else self.coverage
        return self.universe.whole and covered >= NAMED

    @property
    def doubtful(self) -> bool:
        """Whether rules doubt so much of the figure that ranks and verdicts must leave it out."""
        return any(doubt.material for doubt in self.doubts)

    @property
    def source(self) -> str:
        """The files in one line."""
        return cited(self.sources)


def cited(sources: tuple[Source, ...], most: int = 3) -> str:
    """Return files in one line: publisher, title, names, and the start of each hash."""
    if not sources:
        return ""
    listed = "; ".join(f"{s.name} (sha256 {s.sha256[:12]})" for s in sources[:most])
    more = f"; and {len(sources) - most} more files" if len(sources) > most else ""
    return f"US ED Office for Civil Rights, {sources[0].title}: {listed}{more}"
