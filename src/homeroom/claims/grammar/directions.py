"""Claims that a number rose or fell, without saying by how much: each clause one of them."""

from __future__ import annotations

import re

from homeroom.claims.grammar.forms import Form, forms
from homeroom.claims.grammar.patterns import patterns
from homeroom.claims.model import Relation, Statistic

_CLAUSES = re.compile(r" (?:while|whereas|but|although|though) |; ")
_THAN_IN = re.compile(
    r"\b(?P<way>more|fewer|less) (?:[a-z-]+ ){0,3}?(?:students?|pupils|kids|children|boys|girls"
    r"|arrests|referrals|suspensions|expulsions)\b[^.;]* than (?:in|during) "
)
_HIGHER_THAN_IN = re.compile(
    r"\b(?:was|were|is|are) (?P<way>higher|greater|lower|smaller|fewer)\b[^.;]* than "
    r"(?:it was |they were )?(?:in|during) "
)
NO_SIZE = "No number is stated: any {} supports the claim."


def directions_of(text: str, waves: list[str]) -> list[tuple[str, Form]]:
    """Return each clause with the direction that it states; none where a number is stated.

    A clause that names no outcome takes that of the first.
    """
    if len(waves) != 2 or forms(text):
        return []
    if match := _THAN_IN.search(text):
        fewer = match["way"] != "more"
        down = fewer == (waves[0] > waves[1])
        return [(text, _form(match.start("way"), match.end("way"), down=down))]
    if match := _HIGHER_THAN_IN.search(text):
        down = (match["way"] in ("lower", "smaller", "fewer")) == (waves[0] > waves[1])
        return [(text, _form(match.start("way"), match.end("way"), down=down))]
    found = []
    for clause in _CLAUSES.split(text):
        form = _direction(clause)
        if form is None:
            return []
        found.append((clause, form))
    return found


def moves(text: str) -> bool:
    """Return whether a sentence says that something rose or fell."""
    parts = patterns()["parts"]
    return re.search(rf"\b(?:{parts['up']}|{parts['down']})\b", text) is not None


def _direction(clause: str) -> Form | None:
    parts = patterns()["parts"]
    up = list(re.finditer(rf"\b{parts['up']}\b", clause))
    down = list(re.finditer(rf"\b{parts['down']}\b", clause))
    if len(up) + len(down) != 1:
        return None
    (match,) = up or down
    return _form(match.start(), match.end(), down=bool(down))


def _form(start: int, end: int, *, down: bool) -> Form:
    relation = Relation.LESS_THAN if down else Relation.MORE_THAN
    note = NO_SIZE.format("fall" if down else "rise")
    return Form(
        start, end, Statistic.CHANGE_COUNT, 0.0, 0.0, relation=relation, conventions=(note,)
    )
