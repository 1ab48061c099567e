"""An application for servers that start one themselves, set up by the environment.

``uvicorn --factory homeroom.web.factory:app --workers 4`` runs four processes on one
store, each with caches of its own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

from starlette.applications import Starlette

import homeroom
from homeroom.errors import BadInput
from homeroom.web.app import create_app
from homeroom.web.logs import JsonLines
from homeroom.web.settings import Settings

_YES = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


def app() -> Starlette:
    """Return the application over the store that ``HOMEROOM_STORE`` names.

    ``HOMEROOM_PUBLIC_URL``, ``HOMEROOM_HOST``, ``HOMEROOM_BEHIND_PROXY``,
    ``HOMEROOM_HSTS_SUBDOMAINS``, ``HOMEROOM_WARM_UP``, and ``HOMEROOM_LOG`` stand for the options
    of ``homeroom serve``.

    Raises
    ------
    BadInput
        A variable is none of the values it may have.
    Confidential
        The store is confidential, and the settings let visitors in from elsewhere.
    """
    if _flag(os.environ, "HOMEROOM_LOG"):
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        ours = logging.getLogger("homeroom.web")
        ours.handlers, ours.propagate = [handler], False
        ours.setLevel(logging.INFO)
    return create_app(homeroom.open(), settings_of(os.environ))


def settings_of(given: Mapping[str, str]) -> Settings:
    """Return the settings that environment variables give.

    Parameters
    ----------
    given
        Variables by name.
    """
    plain = Settings()
    return Settings(
        public_url=given.get("HOMEROOM_PUBLIC_URL", plain.public_url),
        host=given.get("HOMEROOM_HOST", plain.host),
        behind_proxy=_flag(given, "HOMEROOM_BEHIND_PROXY"),
        hsts_subdomains=_flag(given, "HOMEROOM_HSTS_SUBDOMAINS", default="yes"),
        warm_up=_flag(given, "HOMEROOM_WARM_UP"),
    )


def _flag(given: Mapping[str, str], name: str, default: str = "") -> bool:
    value = given.get(name, default).strip().lower()
    if value not in _YES:
        raise BadInput(f"{name} {value!r}: expected yes or no.")
    return _YES[value]
