"""What an edition holds, and which file each address of the server becomes.

Whether an address has a file follows from the address alone, so a page that was written yesterday
links to the same files as one that is written today, in whichever process.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from homeroom.errors import BadInput
from homeroom.vocabulary.states import STATES

_FIXED = frozenset(
    (
        "/", "/search", "/map", "/compare", "/claims", "/research", "/research/removals", "/act",
        "/act/allocation", "/plan", "/article", "/safety", "/methods", "/data", "/data/dictionary",
        "/about", "/api",
    )
)  # fmt: skip
_CHOICES = {
    "/map": frozenset(("state", "measure", "wave")),
    "/research": frozenset(("intervention", "outcome")),
    "/research/removals": frozenset(("event",)),
}
"""Parameters of pages that are written for each of their values that some page links to."""
_LARGE = frozenset(("wave", "staff_wave", "policy"))
"""Parameters, one at a time, of the pages of the nation and of states."""
_PLACE = re.compile(r"/place/([^/]+)(/peers|/within)?")
_CHART = re.compile(r"/chart/([\w-]+)(?:\.(svg|csv|json))?")
_LOOK = frozenset(("title", "size", "theme"))
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition holds.

    Attributes
    ----------
    states
        Postal codes; the pages of their places are written, and the nation's.
    places
        Ids of the districts and schools that have a page.
    url
        Where visitors will reach the edition: permalinks and citations name it.
    live
        A running server for what files can't answer; empty for none.
    charts
        ``states``: charts of the nation and of states are drawn. ``all``: those of districts too.
    """

    states: tuple[str, ...]
    places: frozenset[str]
    url: str
    live: str = ""
    charts: str = "states"

    def file_of(self, address: str) -> str | None:
        """Return the path of the file that answers an address; None where there is none.

        Parameters
        ----------
        address
            A path of the server with its query, without a fragment.
        """
        parts = urlsplit(address)
        path, asked = unquote(parts.path), dict(parse_qsl(parts.query))
        if path == "/static/vega.js" or path.startswith("/static/"):
            return path.removeprefix("/")
        if chart := _CHART.fullmatch(path):
            return self._chart(chart[1], chart[2], asked)
        if place := _PLACE.fullmatch(path):
            return self._place(place[1], place[2] or "", asked)
        if path in _FIXED and set(asked) <= _CHOICES.get(path, frozenset()):
            if asked.get("state", self.states[0]) not in self.states:
                return None
            return f"{path.removeprefix('/') or 'index'}{_slug(asked)}.html"
        if re.fullmatch(r"/claims/[a-z0-9-]+", path) and path != "/claims/check" and not asked:
            return f"{path[1:]}.html"
        return None

    def _place(self, place: str, below: str, asked: dict[str, str]) -> str | None:
        named = place.replace(":", "-")
        large = place == "US" or place.removeprefix("US-") in self.states
        if not large and place not in self.places:
            return None
        if below == "/within":
            if "sort" in asked or asked.get("policy", "published") != "published":
                return None
            if not large and asked.get("measure", "arrests") != "arrests":
                return None
            return f"place/{named}/within{_slug(asked)}.html"
        if below:
            return f"place/{named}/peers.html" if large and not asked else None
        if asked and (not large or len(asked) > 1 or not set(asked) <= _LARGE):
            return None
        return f"place/{named}{_slug(asked)}.html"

    def _chart(self, kind: str, form: str | None, asked: dict[str, str]) -> str | None:
        place, state = asked.get("place", "US"), asked.get("state", self.states[0])
        large = place == "US" or place.removeprefix("US-") in self.states
        drawn = large or (self.charts == "all" and place in self.places)
        if not drawn or state not in self.states or kind in ("compare", "plans"):
            return None
        if form is None and set(asked) & _LOOK:
            return None
        if form in ("csv", None):
            asked = {name: value for name, value in asked.items() if name not in _LOOK}
        return f"chart/{kind}{_slug(asked)}.{form or 'html'}"


def _slug(asked: dict[str, str]) -> str:
    """Return the parameters of an address as a part of a file name, the same for every order."""
    if not asked:
        return ""
    told = "-".join(f"{name}-{value}" for name, value in sorted(asked.items()))
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", told)
    if plain == told and len(plain) <= _LONGEST:
        return f"-{plain}"
    return f"-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def states_of(text: str) -> tuple[str, ...]:
    """Read a list of postal codes, or ``all``.

    Raises
    ------
    BadInput
        Something that is no postal code.
    """
    if text.strip().lower() == "all":
        return tuple(STATES)
    found = tuple(dict.fromkeys(one.strip().upper() for one in text.split(",") if one.strip()))
    if wrong := [one for one in found if one not in STATES]:
        raise BadInput(f"states {wrong[0]!r}: expected postal codes such as TX,VA, or `all`.")
    if not found:
        raise BadInput("states: expected postal codes such as TX,VA, or `all`; found none.")
    return found
