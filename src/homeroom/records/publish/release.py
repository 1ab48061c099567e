"""A release: tables with what must be hidden hidden, audited before anyone sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from homeroom.errors import BadInput, HomeroomError
from homeroom.records.publish.cells import (
    Dimension,
    Fact,
    Key,
    columns,
    linked,
    with_facts,
)
from homeroom.records.publish.certificate import certificate
from homeroom.records.publish.facts import coarse_rate, exact_rate
from homeroom.records.publish.pattern import Pattern
from homeroom.records.publish.policy import Policy
from homeroom.records.publish.reading import COUNT, CountFile
from homeroom.records.publish.suppression import suppress
from homeroom.records.publish.verify import Verified, verify
from homeroom.text_gate import short

RATE = "rate"


@dataclass(frozen=True, slots=True)
class Table:
    """One published table: the cells in which other dimensions are totals."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Tables fit to publish, with what proves it.

    Attributes
    ----------
    tables
        In the order asked for.
    pattern
        What is hidden, and the witnesses; it holds the exact counts.
    audit
        What the solver-free checker found.
    document
        The certificate, which holds every secret.
    public_before
        Small cells that an earlier release shows already; nothing can protect them any more.
    students
        Denominators of rates, which readers are taken to know; empty where no rate is published.
    bands
        Coarse rates of hidden counts, where those are published.
    """

    dimensions: tuple[Dimension, ...]
    tables: tuple[Table, ...]
    pattern: Pattern
    audit: Verified
    document: dict[str, Any]
    public_before: int
    students: Mapping[Key, int] = field(default_factory=dict)
    bands: Mapping[Key, str] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """What had to stay unknown."""
        return self.pattern.policy

    @property
    def suppressed(self) -> int:
        """How many published cells are hidden."""
        return self.audit.hidden

    def shown(self, key: Key) -> int | None:
        """Return a cell's count as published; None where it is hidden."""
        cell = self.pattern.system.index[key]
        return None if self.pattern.hidden[cell] else self.pattern.system.values[cell]

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return a table as published: the columns of each cell, and its count or the marker."""
        found = []
        for key in table.keys:
            count = self.shown(key)
            named = columns(key, self.dimensions)
            row: dict[str, Any] = {name: named[name] for name in table.columns}
            row[COUNT] = self.policy.marker if count is None else count
            if self.students:
                row[RATE] = self._rate(key, count)
            found.append(row)
        return found

    def _rate(self, key: Key, count: int | None) -> str:
        """Return a rate: exact where the count is shown, since it says no more than the count."""
        if count is None:
            return self.bands.get(key, self.policy.marker)
        return exact_rate(count, self.students[key]) if self.students[key] else "\u2013"

    def as_dict(self) -> dict[str, Any]:
        """Return what may be published, and what the audit found: no secret is in it."""
        return {
            "tables": [
                {
                    "name": one.name,
                    "columns": [*one.columns, COUNT, *([RATE] if self.students else [])],
                    "rows": self.rows(one),
                }
                for one in self.tables
            ],
            "suppressed": self.suppressed,
            "audit": {
                "passed": True,
                "narrowest": self.audit.narrowest,
                "witnesses": self.audit.witnesses,
            },
            "policy": self.policy.as_dict(),
        }


def publish(
    counts: CountFile,
    policy: Policy | None = None,
    *,
    tables: Sequence[Sequence[str]] = (),
    earlier: Mapping[Key, int | None] | None = None,
    facts: Iterable[Fact] = (),
    coarse_rates: bool = False,
    seconds: float = 6.0,
) -> Release:
    """Return a release of counts, audited.

    Parameters
    ----------
    counts
        Exact counts, from a file or from a workspace.
    policy
        What must stay unknown; by default 1 to 9.
    tables
        The columns of each table; by default one table of all of them, with every margin.
    earlier
        Cells of earlier releases: the count that was shown, or None where it was hidden.
    facts
        What else is published: rounded rates, ratios, differences (see :mod:`.facts`).
    coarse_rates
        Publish rates of hidden counts in bands that hold the policy's whole range. The bands are
        facts of the audit; where they leave a small count open, no such rate is published.
    seconds
        How long to look for hidden cells that are not needed after all.

    Raises
    ------
    BadInput
        A table of columns that are not there, or an earlier release of other cells or counts.
    HomeroomError
        No choice of hidden cells protects the counts, or the audit failed: nothing is published.
    """
    rules = policy or Policy()
    made = _tables(counts, tables)
    wanted = dict.fromkeys(key for one in made for key in one.keys)
    before = earlier or {}
    shown = _shown_before(counts, before)
    cells = {key: counts.cells[key] for key in dict.fromkeys([*wanted, *before])}
    leaves = counts.leaves if tables else None
    plain = with_facts(linked(cells, counts.dimensions, leaves=leaves), facts)
    known = tuple(sorted(plain.index[key] for key in shown))
    bands = _bands(counts, cells, rules) if coarse_rates else {}
    told = {key: text for key, (text, _) in bands.items()}
    try:
        system = with_facts(plain, [fact for _, fact in bands.values()])
        pattern = suppress(system, rules, known=known, seconds=seconds)
    except HomeroomError:
        if not bands:
            raise
        # With bands on every count some small count can't be protected: leave them all out.
        told = {}
        pattern = suppress(plain, rules, known=known, seconds=seconds)
    document = certificate(pattern, known=known)
    audit = audited(document)
    public = sum(rules.is_small(plain.values[cell]) for cell in known)
    return Release(counts.dimensions, made, pattern, audit, document, public, counts.students, told)


def _bands(
    counts: CountFile, cells: Mapping[Key, int], policy: Policy
) -> dict[Key, tuple[str, Fact]]:
    if not counts.students:
        raise BadInput("coarse rates: expected denominators, found none. Name their column.")
    made = {
        key: coarse_rate(key, count, counts.students[key], policy) for key, count in cells.items()
    }
    return {key: one for key, one in made.items() if one is not None}


def audited(document: dict[str, Any]) -> Verified:
    """Return what the checker finds of a certificate of ours.

    Raises
    ------
    HomeroomError
        The checker refuses it: then nothing may be published.
    """
    try:
        return verify(document)
    except BadInput as error:
        raise HomeroomError(f"The audit failed, so nothing was published: {error}") from error


def _tables(counts: CountFile, wanted: Sequence[Sequence[str]]) -> tuple[Table, ...]:
    names = [name for one in counts.dimensions for name in one.columns]
    if not wanted:
        return (Table("counts", tuple(names), tuple(counts.cells)),)
    made = []
    for columns_of in wanted:
        for name in columns_of:
            if name not in names:
                raise BadInput(
                    f"table: expected columns of {', '.join(names)}, found {short(name)}."
                )
        depth = [_depth(one, columns_of) for one in counts.dimensions]
        keys = tuple(
            key
            for key in counts.cells
            if all(len(code) <= most for code, most in zip(key, depth, strict=True))
        )
        made.append(
            Table(" by ".join(columns_of), tuple(n for n in names if n in columns_of), keys)
        )
    return tuple(made)


def _depth(dimension: Dimension, names: Sequence[str]) -> int:
    """Return how many levels of a dimension a table has; one without a total always has its own."""
    wanted = [at for at, name in enumerate(dimension.columns, 1) if name in names]
    if not wanted and not dimension.has_total:
        raise BadInput(
            f"table: expected the column {dimension.columns[0]!r} too, since it has no total."
        )
    return max(wanted, default=0)


def _shown_before(counts: CountFile, earlier: Mapping[Key, int | None]) -> list[Key]:
    found = []
    for key, count in earlier.items():
        if key not in counts.cells:
            raise BadInput(
                "earlier release: expected cells of the counts, found another. Add the counts of "
                "the earlier years to the counts, so that both are protected together."
            )
        if count is None:
            continue
        if counts.cells[key] != count:
            raise BadInput(
                "earlier release: expected the numbers of the counts, found another in a cell. "
                "What was corrected since can't be told from the difference; leave that table out, "
                "or give it a year of its own."
            )
        found.append(key)
    return found
