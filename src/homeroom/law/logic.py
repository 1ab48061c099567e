"""Three-valued logic with a trace: every answer carries the rules and the facts behind it.

The connectives are Kleene's strong ones (S. C. Kleene, *Introduction to Metamathematics*, 1952,
section 64): an unknown part leaves the whole unknown unless the other parts settle it. So a fact
that becomes known later can settle an answer, and can never overturn one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Truth(StrEnum):
    """Yes, no, or not known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Truth:  # noqa: FBT001 - it converts a boolean
        """Read a boolean; ``None`` is unknown."""
        if value is None:
            return cls.UNKNOWN
        return cls.YES if value else cls.NO


def conjunction(values: Iterable[Truth]) -> Truth:
    """Kleene's "and": no beats unknown, unknown beats yes; yes of nothing at all."""
    parts = set(values)
    if Truth.NO in parts:
        return Truth.NO
    return Truth.UNKNOWN if Truth.UNKNOWN in parts else Truth.YES


def disjunction(values: Iterable[Truth]) -> Truth:
    """Kleene's "or": yes beats unknown, unknown beats no; no of nothing at all."""
    parts = set(values)
    if Truth.YES in parts:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in parts else Truth.NO


def negation(value: Truth) -> Truth:
    """Kleene's "not": unknown stays unknown."""
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(value, Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a trace: a rule, where it stands, the facts it used and what it said."""

    rule: str
    citation: str
    text_status: str
    facts: Mapping[str, object]
    result: Truth

    def as_dict(self) -> dict[str, object]:
        """Return the entry as plain values, dates as ISO text."""
        return {
            "rule": self.rule,
            "citation": self.citation,
            "text_status": self.text_status,
            "facts": {name: plain(value) for name, value in self.facts.items()},
            "result": str(self.result),
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer, its trace, and what would have to be known to settle it."""

    answer: Truth
    trace: tuple[Entry, ...]
    unknowns: tuple[str, ...] = field(default=())


def all_of(*findings: Finding) -> Finding:
    """Join findings by "and". Every entry stays in the trace, also where one part settles it."""
    return _joined(conjunction(part.answer for part in findings), findings)


def any_of(*findings: Finding) -> Finding:
    """Join findings by "or"."""
    return _joined(disjunction(part.answer for part in findings), findings)


def not_(finding: Finding) -> Finding:
    """Turn a finding round; the entries of its trace keep what their rules said."""
    return Finding(negation(finding.answer), finding.trace, finding.unknowns)


def _joined(answer: Truth, findings: tuple[Finding, ...]) -> Finding:
    open_parts = (part for part in findings if part.answer is Truth.UNKNOWN)
    missing = dict.fromkeys(name for part in open_parts for name in part.unknowns)
    return Finding(answer, _merged(findings), tuple(missing) if answer is Truth.UNKNOWN else ())


def _merged(findings: tuple[Finding, ...]) -> tuple[Entry, ...]:
    merged: list[Entry] = []
    for entry in (entry for part in findings for entry in part.trace):
        if entry not in merged:
            merged.append(entry)
    return tuple(merged)


def plain(value: object) -> object:
    """Turn a fact into what JSON can hold."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)
