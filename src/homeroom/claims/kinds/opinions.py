"""What no figure could confirm or refute: values, forecasts, and no statement at all."""

from __future__ import annotations

import re

from homeroom.claims.checked import Checked
from homeroom.claims.grammar.forms import forms
from homeroom.claims.kinds.said import Said, cannot
from homeroom.claims.kinds.words import words
from homeroom.claims.verdict import Verdict
from homeroom.errors import Ambiguous
from homeroom.evidence.store import Store

_WHY = {
    "values": (
        "opinion",
        (
            "It says what is right or what should be, which is a question of values. Figures can "
            "inform it, and cannot decide it."
        ),
    ),
    "forecasts": (
        "forecast",
        (
            "It is about what will or would be. These data hold what schools reported, up to their "
            "latest year."
        ),
    ),
    "no_statement": ("none", "It states nothing that could be checked."),
}


def check(_store: Store, said: Said) -> Checked | None:
    """Return why a sentence is not a factual claim; None where it may be one."""
    patterns = words()["opinions"]
    if not re.search(r"\w", said.sentence):
        return _no_claim(said, "no_statement")
    if not re.search(patterns["topics"], said.text):
        if re.search(patterns["no_statement"], said.text):
            return _no_claim(said, "no_statement")
        return cannot(
            said, "other", "Not read: it names nothing that these data count.",
            "Cannot be tested with these data. It says nothing of students, schools, their staff, "
            "or police in schools.",
        )  # fmt: skip
    if re.search(patterns["forecasts"], said.text):
        return _no_claim(said, "forecasts")
    if re.search(patterns["values"], said.text) and not _states_a_number(said.text):
        return _no_claim(said, "values")
    return None


def _states_a_number(text: str) -> bool:
    try:
        return bool(forms(text))
    except Ambiguous:
        return True


def _no_claim(said: Said, why: str) -> Checked:
    kind, text = _WHY[why]
    return Checked(
        None, said.sentence, "Read as: no factual claim.", None, None, Verdict.NO_CLAIM,
        f"Not a factual claim. {text}", kind=kind,
    )  # fmt: skip
