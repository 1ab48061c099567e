"""Plans that come over the wire: from a form's fields, from YAML in an address, from JSON."""

from __future__ import annotations

import json
from typing import Any

from homeroom.errors import BadInput
from homeroom.law.documents import plain
from homeroom.plans.compare import compare
from homeroom.plans.document import Named, Plan, from_dict
from homeroom.plans.document import read as read_plan
from homeroom.plans.simulate import DRAWS, SEED, Result
from homeroom.vocabulary.roles import ROLES, SUPPORT
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read

_MOST_DRAWS = 20_000
OFFICERS = {"keep": "Keep all", "half": "End half", "all": "End all"}
OPTIONS = ("", "_2", "_3")
"""Endings of the fields of up to three options; those of the first have none."""
_BLANK = {"": "keep", "_2": "", "_3": ""}
_NAMES = {"": "My plan", "_2": "Second option", "_3": "Third option"}


def _option(end: str) -> tuple[Parameter, ...]:
    """Return the fields of one option: ``officers_2`` left blank is no second option."""
    hired = (
        Parameter(role + end, f"{ROLES[role].label} to hire, full-time.", "integer", default=0,
                  least=0, most=5000, longest=5)
        for role in SUPPORT
    )  # fmt: skip
    return (
        Parameter("name" + end, "What the option is called.", default=_NAMES[end], longest=80),
        Parameter("officers" + end, "What becomes of the officers.", "choice",
                  default=_BLANK[end], choices=tuple(OFFICERS)),
        Parameter("leave_after" + end, "Months until officers leave.", "integer", default=6,
                  least=0, most=36, longest=2),
        Parameter("officer" + end, "Officers to add, full-time.", "integer", default=0, least=0,
                  most=5000, longest=5),
        *hired,
    )  # fmt: skip


FORM = (
    Parameter("place", "A district: lea:4808940, or its name.", default="", longest=120,
              example="lea:4808940"),
    Parameter("start", "First year.", "integer", default=2026, least=2000, most=2100, longest=4),
    Parameter("years", "How many years.", "integer", default=3, least=1, most=10, longest=2),
    Parameter("budget", "New local money a year, in dollars; empty: say what is needed.",
              default="", longest=16),
    *(
        Parameter(f"price_{role}", f"Your own price of {ROLES[role].label.lower()}: dollars a post "
                  "and year; empty: the default.", default="", longest=12)
        for role in ("officer", *SUPPORT)
    ),
    *(one for end in OPTIONS for one in _option(end)),
    Parameter("yaml", "One to three plans as YAML, parted by lines of ---.", default="",
              longest=3000, lines=True),
)  # fmt: skip


def plans_of(read: Read, named: Named | None = None) -> list[Plan]:
    """Read the plans of a form; YAML, where given, is all of it.

    Raises
    ------
    BadInput
        No plan, or one that contradicts itself; the message is that of the plan's own rules.
    """
    if read["yaml"]:
        return [read_plan(text, named=named) for text in _parts(read["yaml"])]
    if not read["place"]:
        raise BadInput("place: name a district, such as lea:4808940.")
    return [
        from_dict(_document(read, end), named=named) for end in OPTIONS if read["officers" + end]
    ]


def _document(read: Read, end: str) -> dict[str, Any]:
    officers, added = read["officers" + end], read["officer" + end]
    if added and officers != "keep":
        raise BadInput(
            f"{read['name' + end]}: officers are to end and to be added: choose `Keep all` to add "
            "officers, or add none."
        )
    change: dict[str, Any] = {"end": officers} if officers != "keep" else {"keep": "all"}
    hire = {role: read[role + end] for role in SUPPORT if read[role + end]}
    made: dict[str, Any] = {
        "name": read["name" + end], "place": read["place"], "start": read["start"],
        "years": read["years"], "officers": {"add": added} if added else change,
    }  # fmt: skip
    if hire:
        made["hire"] = hire
    if officers != "keep":
        made["transition"] = {"officers_leave_after": read["leave_after" + end]}
    own = {
        role: {"central": read[f"price_{role}"].replace(",", "").lstrip("$"),
               "source": "your own figure"}
        for role in ("officer", *SUPPORT) if read[f"price_{role}"].strip()
    }  # fmt: skip
    if own:
        made["prices"] = own
    if read["budget"]:
        made["budget"] = read["budget"].replace(",", "").lstrip("$")
    return made


def _parts(text: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() == "---":
            parts.append([])
        else:
            parts[-1].append(line)
    return [joined for part in parts if (joined := "\n".join(part)).strip()]


def from_json(body: bytes, named: Named | None = None) -> tuple[list[Plan], int, int]:
    """Read the body of a request: plans, seed and draws.

    Raises
    ------
    BadInput
        The body is no JSON of that form.
    """
    try:
        given = plain(json.loads(body), "body")
    except (ValueError, RecursionError) as error:
        raise BadInput("body: expected JSON.") from error
    if not isinstance(given, dict):
        raise BadInput('body: expected an object with "plans" (or "plan").')
    known = {"plans", "plan", "seed", "draws"}
    if strange := sorted(set(given) - known):
        raise BadInput(f"body: unknown key {strange[0][:40]!r}; expected {', '.join(known)}.")
    listed = given.get("plans", [given["plan"]] if "plan" in given else None)
    if not isinstance(listed, list) or not 1 <= len(listed) <= 3:
        raise BadInput("plans: expected a list of one to three plans.")
    seed = _whole(given.get("seed", SEED), "seed", 0, 2**63 - 1)
    draws = _whole(given.get("draws", DRAWS), "draws", 100, _MOST_DRAWS)
    return [from_dict(one, named=named) for one in listed], seed, draws


def _whole(value: object, name: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadInput(f"{name}: expected a whole number from {least} to {most}.")
    return value


def run(cache: PageCache, plans: list[Plan], seed: int = SEED, draws: int = DRAWS) -> list[Result]:
    """Run plans beside keeping as is."""
    for plan in plans:
        cache.profile(plan.place)  # refuses a place that the store lacks
    return compare(plans, cache.room.store, seed=seed, draws=draws)
