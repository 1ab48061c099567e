"""What a plan can change, and which part of the research speaks for it: ``bridges.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeroom.law.documents import listing, mapping, parse
from homeroom.vocabulary.roles import SUPPORT

HIRED = SUPPORT
"""Roles that a plan may hire."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a plan changes."""

    id: str
    label: str
    interventions: tuple[str, ...]
    kind: str = "staff"
    """staff, security or programmes."""
    priced_as: str | None = None
    """Role whose wages price one unit, for staff bought as security."""


@dataclass(frozen=True, slots=True)
class Count:
    """How an outcome of the library is counted in the CRDC."""

    outcome: str
    measured: tuple[str | None, ...]
    measures: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Bridges:
    """All of ``bridges.yaml``."""

    actions: dict[str, Action]
    not_carried: dict[tuple[str, str], str]
    """(action, effect id) to the reason."""
    counts: tuple[Count, ...]
    asked: tuple[str, ...]


@cache
def bridges() -> Bridges:
    """Read ``bridges.yaml`` once."""
    where = "bridges.yaml"
    text = files(__package__).joinpath(where).read_text("utf-8")
    keys = mapping(parse(text, where), where, required="actions not_carried counts asked")
    actions = {}
    for row in listing(keys["actions"], where):
        one = mapping(row, where, required="id label interventions", optional="kind priced_as")
        actions[one["id"]] = Action(**{**one, "interventions": tuple(one["interventions"])})
    kept_out: dict[tuple[str, str], str] = {}
    for row in listing(keys["not_carried"], where):
        one = mapping(row, where, required="action effects because")
        kept_out |= {(one["action"], effect): one["because"] for effect in one["effects"]}
    counts = []
    for row in listing(keys["counts"], where):
        one = mapping(row, where, required="outcome measured measures label")
        counts.append(
            Count(one["outcome"], tuple(one["measured"]), tuple(one["measures"]), one["label"])
        )
    return Bridges(actions, kept_out, tuple(counts), tuple(keys["asked"]))


def _of_kind(kind: str) -> tuple[str, ...]:
    return tuple(one.id for one in bridges().actions.values() if one.kind == kind)


SECURITY = _of_kind("security")
PROGRAMMES = _of_kind("programmes")
ACTIONS = (*SECURITY, *PROGRAMMES)
