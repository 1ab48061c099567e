"""Templates: every value escaped, numbers as people read them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from homeroom.figures import wording
from homeroom.report.names import readable
from homeroom.report.sentences import figure
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES
from homeroom.web import citation
from homeroom.web.api.table import exists
from homeroom.web.pictures import address
from homeroom.web.places_words import KIND_WORDS

NAVIGATION = (
    ("/map", "Map", ""),
    ("/compare", "Compare", ""),
    ("/claims", "Claims", "homeroom.claims.check"),
    ("/research", "Research", ""),
    ("/act", "The Act", ""),
    ("/plan", "Plan", "homeroom.plans.compare"),
    ("/safety", "Safety", ""),
    ("/methods", "Methods", ""),
    ("/data", "Data", ""),
    ("/about", "About", ""),
)
HEADINGS = {
    "rate_per_10000": "Per 10,000",
    "students_per_fte": "Students each",
    "fte": "Full-time equivalents",
    "low": "95% from",
    "high": "to",
    "recommended": "Recommended",
    "recommended_by": "Recommended by",
    "break_before": "Break before it",
    "place": "Place",
    "value": "Figure",
}
_ADDRESS = re.compile(r'\b(href|src|srcset|action)="/(?!/)')
_HIDDEN = {
    "all", "segment", "broken", "strong", "longitude", "latitude", "reason_id",
    "coverage", "policy",
}  # fmt: skip


def _ahead(base: str) -> dict[str, str]:
    """Let a phone ask for the style before it has read the page: the first paint waits for it."""
    return {"Link": f"<{base}/static/style.css>; rel=preload; as=style"}


def under(base: str, page: str) -> str:
    """Return a page whose own addresses lie under a path.

    Parameters
    ----------
    base
        As ``/homeroom``; empty leaves the page as it is.
    page
        HTML.
    """
    return _ADDRESS.sub(rf'\1="{base}/', page) if base else page


def navigation() -> list[tuple[str, str]]:
    """Return addresses and labels of the main pages, of those whose room is there."""
    return [(path, label) for path, label, need in NAVIGATION if not need or exists(need)]


@cache
def environment() -> Environment:
    """Return the template environment."""
    env = Environment(
        loader=PackageLoader("homeroom.web"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    env.filters |= {
        "number": number, "figure": figure, "heading": heading, "percent": percent,
        "readable": readable, "ticks": ticks, "signed": signed,
        "sentence": sentence, "minus": lambda value: f"{value}".replace("-", "−"),
    }  # fmt: skip
    env.filters |= {
        "pair": lambda name: (name, name),
        "measure_pair": lambda name: (name, MEASURES[name].label),
        "id_label": lambda one: (one.id, one.label),
        "item_label": lambda item: (item[0], item[1].label),
        "group_label": lambda group: Group(group).label,
        "bill_pair": lambda bill: (bill.id, f"{bill.number} ({bill.year})"),
    }
    env.globals |= {
        "waves": WAVES, "address": address, "columns_of": columns_of, "kind_words": KIND_WORDS,
    }  # fmt: skip
    return env


def number(value: float | None, digits: int = 0) -> str:
    """Return a number with thousands separated; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{abs(value):,.{digits}f}"
    # What rounds to nothing is nothing, and never below it.
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def signed(value: float | None) -> str:
    """Return a change with its sign: whole numbers where they are large enough for it."""
    if value is None:
        return "–"
    digits = 0 if abs(value) >= 20 else 1 if abs(value) >= 1 else 2
    text = f"{abs(value):,.{digits}f}"
    return text if not float(text.replace(",", "")) else f"{'+' if value > 0 else '−'}{text}"


def percent(value: float | None, digits: int = 0) -> str:
    """Return a share as percent; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value * 100:.{digits}f}%" if digits else wording.percent(value)


def heading(name: str) -> str:
    """Return a column's name for people."""
    return HEADINGS.get(name) or name.replace("_", " ").capitalize()


def ticks(text: str) -> Markup:
    """Escape a text, and set what stands between backticks as code."""
    parts = str(escape(text)).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    pieces = (f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
    return Markup("".join(pieces))  # noqa: S704 - every part is escaped above


def sentence(text: str) -> str:
    """Return a note as a sentence: a capital first, a point last."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def columns_of(frame: Any) -> list[str]:
    """Return the columns that a table beside a picture shows."""
    return [name for name in frame.columns if name not in _HIDDEN]


def render(
    request: Request, template: str, *, status: int = 200, title: str = "Homeroom", **values: Any
) -> HTMLResponse:
    """Render a page with its permalink and citation."""
    state = request.app.state
    values = {
        "request": request, "title": title, "description": "", "image": "", "brief": state.brief,
        "navigation": state.navigation,
        "permalink": citation.permalink(state.settings, request),
        "data_version": state.room.meta["data_version"],
        "site": state.settings.public_url.rstrip("/"),
        "cite_plain": citation.plain(state.settings, request, state.room.meta, title),
        "cite_bibtex": citation.bibtex(state.settings, request, state.room.meta, title),
    } | values  # fmt: skip
    text = environment().get_template(template).render(values)
    base = state.settings.base
    return HTMLResponse(under(base, text), status_code=status, headers=_ahead(base))
