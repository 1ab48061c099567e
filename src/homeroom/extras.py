"""What comes with an extra of the package, and what to say where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from homeroom.errors import BadInput

EXTRAS = {
    "web": "the website and `homeroom site`",
    "brief": "briefs as PDF",
    "estimates": "fitting estimates",
    "mcp": "`homeroom mcp`",
    "spark": "Apache Spark",
}
"""Extras of the package and what each is for."""
WEB = (
    "jinja2", "multipart", "pebble", "prometheus_client", "python_multipart", "starlette",
    "uvicorn", "vl_convert",
)  # fmt: skip
"""Modules that the extra `web` brings."""


ESTIMATES = ("llvmlite", "numba")
"""Modules that the extra `estimates` brings; estimates that ship are read without them."""


@contextmanager
def needs(extra: str, *modules: str) -> Iterator[None]:
    """Turn the missing module of an extra into a refusal that says what to install.

    Parameters
    ----------
    extra
        One of :data:`EXTRAS`.
    modules
        The top-level modules that the extra brings; the lack of any other is a fault.

    Raises
    ------
    BadInput
        The extra is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in modules:
            raise
        raise BadInput(
            f"Expected the extra `{extra}` of Homeroom, which {EXTRAS[extra]} needs; found no "
            f'module `{error.name}`. `pip install "homeroom[{extra}]"` installs it.'
        ) from error
