"""What an endpoint is, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read

Rows = pl.DataFrame
FORMATS = ("json", "csv", "parquet")
FORMAT = Parameter(
    "format", "csv and parquet where the answer is rows; without it, as the Accept header names.",
    "choice", default="json",
    choices=FORMATS,
)  # fmt: skip
LIMIT = Parameter(
    "limit",
    "Rows in one answer; a file is the whole table unless this is given.",
    "integer",
    default=1000,
    least=1,
    most=10_000,
    longest=6,
)
OFFSET = Parameter(
    "offset", "Rows to pass over.", "integer", default=0, least=0, most=10_000_000, longest=8
)


@dataclass(frozen=True, slots=True)
class Payload:
    """An answer: rows, which can be paged and given as CSV, or one document."""

    rows: pl.DataFrame | None = None
    document: Any = None
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API."""

    path: str
    summary: str
    answer: Callable[[PageCache, Read], Payload]
    parameters: tuple[Parameter, ...] = ()
    tabular: bool = True
    partial: bool = False
    """The rows are the best of many, of which nobody counted the rest."""
    method: str = "GET"
    command: str = ""
    """The command line that asks the same."""
    posted: Callable[[PageCache, bytes, str], Payload] | None = None
    """Answers the body of a POST."""
    body: dict[str, Any] | None = None
    """JSON schema of that body."""
    row: dict[str, Any] | None = None
    """JSON schema of a row, where the code names its columns."""
    also: tuple[str, ...] = ()
    """Further addresses that answer the same."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """Values that keep an example small."""
    older: Mapping[str, str] = field(default_factory=dict)
    """Older names of parameters, and what they are called now."""

    @property
    def id(self) -> str:
        """A name for the operation."""
        words = self.path.replace("{", "").replace("}", "").replace(".", "/").strip("/")
        return f"{self.method.lower()}_{words.replace('/', '_').replace('-', '_')}"

    @property
    def sample(self) -> dict[str, str]:
        """Values of the parameters that a request cannot do without, or would be large without."""
        needed = {p.name: str(p.example) for p in self.parameters if p.required}
        return needed | dict(self.shown)

    @property
    def every(self) -> tuple[Parameter, ...]:
        """Its parameters, and those of every tabular answer."""
        if not self.tabular:
            return self.parameters
        named = {parameter.name for parameter in self.parameters}
        return (*self.parameters, *(p for p in (LIMIT, OFFSET, FORMAT) if p.name not in named))
