"""Templates: every value escaped, numbers as people read them."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from homeroom.vocabulary.waves import WAVES


@cache
def environment() -> Environment:
    """Give the template environment."""
    env = Environment(
        loader=PackageLoader("homeroom.web"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    env.filters["number"] = number
    env.globals["waves"] = WAVES
    return env


def number(value: float | None, digits: int = 0) -> str:
    """Give a number with thousands separated; a dash where there is none."""
    return "–" if value is None else f"{value:,.{digits}f}"


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page."""
    text = environment().get_template(template).render(request=request, **values)
    return HTMLResponse(text, status_code=status)
