"""Parameters of an address, declared once: the same table reads them and documents them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeroom.errors import BadInput
from homeroom.evidence.place_ids import place_range
from homeroom.evidence.quality import POLICIES
from homeroom.text_gate import BARRED, check
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``kind`` is text, integer, choice or place; names are the command line's."""

    name: str
    doc: str
    kind: str = "text"
    default: Any = None
    required: bool = False
    choices: Collection[str] = ()
    least: int = 0
    most: int = 0
    longest: int = 200
    example: Any = None
    within: str = "query"
    lines: bool = False
    """Text of several lines, as a plan in YAML."""
    pattern: str = ""
    """What the whole text must match, if it has a form of its own."""

    def read(self, text: str) -> Any:
        """Return the value of a text.

        Raises
        ------
        BadInput
            The text is no such value; the message says what is.
        """
        text = check(text, self.name, longest=self.longest, lines=self.lines)
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise BadInput(f"{self.name}: expected text of the form {self.pattern}.")
        if self.kind == "choice" and text not in self.choices:
            raise BadInput(f"{self.name}: expected one of {', '.join(self.choices)}.")
        if self.kind == "integer":
            return self._integer(text)
        return place_range(text).place_id if self.kind == "place" else text

    def _integer(self, text: str) -> int:
        # int() alone would also take 1_000 and digits of other scripts.
        value = int(text) if re.fullmatch(r"-?[0-9]{1,11}", text) else None
        if value is None or not self.least <= value <= self.most:
            raise BadInput(
                f"{self.name}: expected a whole number from {self.least} to {self.most}."
            )
        return value

    def schema(self) -> dict[str, Any]:
        """Return the parameter's JSON schema."""
        if self.kind == "integer":
            found: dict[str, Any] = {
                "type": "integer", "minimum": self.least, "maximum": self.most
            }  # fmt: skip
        elif self.kind == "choice":
            found = {"type": "string", "enum": list(self.choices)}
        elif self.kind == "place":
            found = {"type": "string", "pattern": _PLACE, "maxLength": 30}
        else:
            form = f"^{self.pattern}$" if self.pattern else _PLAIN
            found = {"type": "string", "maxLength": self.longest, "pattern": form}
        if self.required and self.kind == "text":
            found["minLength"] = 1
        return found if self.default is None else found | {"default": self.default}


_HALVES = "\ud800-\udfff"
"""Halves of pairs: no request can hold one, and no document can name one."""
_PLAIN = BARRED.replace(_HALVES, "").replace("[", "^[^") + "*$"
_DISTRICT = r"\d{2}(\d{5}|SOP\d{2}|CC\d{3})"
_PLACE = rf"^(US|US-({'|'.join(STATES)})|lea:{_DISTRICT}|school:{_DISTRICT}\d{{5}})$"


@dataclass(frozen=True, slots=True)
class Read:
    """The values of a request's parameters."""

    values: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read(
    given: Mapping[str, str], parameters: Iterable[Parameter], *, strict: bool = False
) -> Read:
    """Read declared parameters from a query.

    Parameters
    ----------
    strict
        Refuse a parameter that is not declared, and an empty choice, number or place. Pages take
        them, so that a link with another site's tracking mark and a form left half empty still
        open; the API refuses, so that a slip is not silent.
    """
    known = {parameter.name: parameter for parameter in parameters}
    if strict and (strange := sorted(set(given) - set(known))):
        names = ", ".join(sorted(known)) or "none"
        raise BadInput(f"unknown parameter {strange[0][:40]!r}: expected one of {names}.")
    values: dict[str, Any] = {}
    for name, parameter in known.items():
        text = given.get(name, "")
        if text.strip() or (strict and name in given and parameter.kind != "text"):
            values[name] = parameter.read(text)
        elif parameter.required:
            raise BadInput(f"{name}: expected a value. {parameter.doc}")
        else:
            values[name] = parameter.default
    return Read(values)


PLACE = Parameter(
    "place", "Place id: US, US-TX, lea:4808940, school:480894000123.", "place", default="US",
    longest=30, example="lea:4808940",
)  # fmt: skip
MEASURE = Parameter(
    "measure", "What is counted.", "choice", default="arrests", choices=tuple(MEASURES)
)
STUDENT_MEASURES = tuple(name for name, m in MEASURES.items() if m.by_race and name != "enrollment")
OUTCOME = Parameter(
    "measure", "What is counted.", "choice", default="arrests", choices=STUDENT_MEASURES
)
WAVE = Parameter(
    "wave", "Wave of the Civil Rights Data Collection.", "choice", default="2017-18",
    choices=WAVES,
)  # fmt: skip
ANY_WAVE = Parameter(
    "wave", "Wave; by default the latest that is no pandemic year.", "choice",
    choices=WAVES,
)  # fmt: skip
POLICY = Parameter(
    "policy", " ".join(POLICIES.values()), "choice", default="published", choices=tuple(POLICIES)
)
