"""Every endpoint there is: those of rooms that are not built yet are left out."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from homeroom.web.api.endpoint import Endpoint

_MODULES = (
    ("homeroom.figures.engine", "homeroom.web.api.evidence_answers"),
    ("homeroom.estimates.answer", "homeroom.web.api.estimate_answers"),
    ("homeroom.claims.check", "homeroom.web.api.claim_answers"),
    ("homeroom.claims.article", "homeroom.web.api.article_answers"),
    ("homeroom.law.act.check", "homeroom.web.api.library_answers"),
    ("homeroom.plans.compare", "homeroom.web.api.plan_answers"),
)


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Return the endpoints in the order of the documentation."""
    found: list[Endpoint] = []
    for room, module in _MODULES:
        if exists(room):
            found += import_module(module).ENDPOINTS
    return tuple(found)


def exists(module: str) -> bool:
    """Return whether a module is there, without importing it."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
