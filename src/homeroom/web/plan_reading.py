"""Plans that come over the wire: from a form's fields, from YAML in an address, from JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from homeroom.errors import BadInput
from homeroom.evidence.resolve import resolve
from homeroom.law.documents import parse, plain
from homeroom.plans.compare import MOST, compare
from homeroom.plans.document import Named, Plan, from_dict, written
from homeroom.plans.document import read as read_plan
from homeroom.plans.simulate import DRAWS, SEED, Result
from homeroom.vocabulary.roles import SUPPORT
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Read
from homeroom.web.plan_fields import OPTIONS, OWN, SECTIONS, Field

_MOST_DRAWS = 20_000
_OWN_FIGURE = "your own figure"


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


def named(pages: PageCache, query: Mapping[str, str]) -> dict[str, str]:
    """Let a district be given by its name.

    Raises
    ------
    Ambiguous
        Several districts have such a name.
    NotAvailable
        None has.
    """
    given = dict(query)
    place = given.get("place", "").strip()
    if place:
        given["place"] = resolve(pages.room.store, place, "district").place_id
    return given


def _document(read: Read, end: str) -> dict[str, Any]:
    """Return one option as a document, with what holds for all."""
    officers, added = read["officers" + end], read["officer" + end]
    ends = read["end" + end].strip()
    if added and (officers != "keep" or ends):
        raise BadInput(
            f"{read['name' + end]}: officers are to end and to be added: choose `Keep all` to add "
            "officers, or add none."
        )
    change: dict[str, Any] = {"end": officers} if officers != "keep" else {"keep": "all"}
    if ends:
        change = {"end": _amounts(ends)}
    made: dict[str, Any] = {
        "name": read["name" + end], "place": read["place"], "start": read["start"],
        "years": read["years"], "officers": {"add": added} if added else change,
        "hire": {role: {"posts": read[role + end]} for role in SUPPORT if read[role + end]},
    }  # fmt: skip
    if officers != "keep" or ends:
        made["transition"] = {"officers_leave_after": read["leave_after" + end]}
    made |= {name: read[name] for name in ("budget", "paid_by") if read[name]}
    for field in (one for fields in SECTIONS.values() for one in fields):
        _put(made, field, read[field.name])
    for field in OWN[1:]:  # the first, how many officers end, is in already
        _put(made, field, read[field.name + end])
    if read["unverified"]:
        made["include_unverified"] = True
    _sourced(made, read["price_year"].strip())
    if not made["hire"]:
        made.pop("hire")
    return made


def _amounts(text: str) -> Any:
    parts = [part.strip() for part in text.split(",")]
    return parts if len(parts) > 1 else parts[0]


def _put(made: dict[str, Any], field: Field, text: str) -> None:
    """Put an answer where its key stands; an empty one says nothing."""
    if not text.strip() or not field.path:
        return
    value: Any = text.strip()
    if field.lines or field.name == "paid_shares":
        value = parse(f"{{{value}}}" if field.name == "paid_shares" else value, field.name)
    elif field.listed:
        value = [part.strip() for part in value.split(",")]
    *path, last = field.path.split(".")
    if path[-1:] == ["*"]:
        for role in made["hire"].values():
            role[last] = value
        return
    inside = made
    for name in path:
        inside = inside.setdefault(name, {})
    inside[last] = value


def _sourced(made: dict[str, Any], year: str) -> None:
    """Say who stated the form's own prices, and in which dollars."""
    own = [*made.get("prices", {}).values()]
    if once := made.get("transition", {}).get("one_off"):
        own.append(once)
    for price in own:
        price["source"] = _OWN_FIGURE
        if year:
            price["year"] = year


def _parts(text: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() == "---":
            parts.append([])
        else:
            parts[-1].append(line)
    return [joined for part in parts if (joined := "\n".join(part)).strip()]


def as_yaml(plans: list[Plan]) -> str:
    """Return plans as YAML, parted by lines of three dashes: what the form opens again."""
    return "---\n".join(written(plan) for plan in plans)


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
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST:
        raise BadInput("plans: expected a list of one to four plans.")
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
