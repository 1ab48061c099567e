"""Every failure of a command as one line and an exit code; what nobody foresaw, with a report."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from homeroom.errors import (
    INTERRUPTED,
    UNFORESEEN,
    Ambiguous,
    BadInput,
    HomeroomError,
    NotAvailable,
    PlaceProblem,
    StoreProblem,
    StoreTooNew,
    Unwritten,
)
from homeroom.text_gate import shown
from homeroom.version import __version__


def failure(error: BaseException) -> tuple[int, str]:
    """Return the exit code of a failure and what to say of it.

    Parameters
    ----------
    error
        Whatever a command raised.
    """
    from homeroom.cli.streams import is_unusable  # noqa: PLC0415 - rich and DuckDB are slow to
    from homeroom.evidence.faults import refusal_of, was_interrupted  # noqa: PLC0415 - import
    from homeroom.evidence.store import store_path  # noqa: PLC0415

    if was_interrupted(error):
        return INTERRUPTED, "interrupted; nothing written before is lost."
    if is_unusable(error):
        error = Unwritten("Expected an open standard output, found it closed.")
    if refused := refusal_of(error, store_path()):
        return refused.exit_code, told(refused)
    return UNFORESEEN, _unforeseen(error)


def told(error: HomeroomError) -> str:
    """Return a refusal in its own words, and the command that leads on where there is one."""
    lines = [" ".join(part for part in (str(error), _way_out(error)) if part)]
    if isinstance(error, Ambiguous):
        lines += [f"  - {choice}" for choice in error.choices]
    return "\n".join(lines)


def _way_out(error: HomeroomError) -> str:
    if isinstance(error, PlaceProblem):
        return "`homeroom find NAME` finds places."
    if isinstance(error, StoreProblem) or (isinstance(error, StoreTooNew) and error.outdated):
        return (
            "`homeroom build` makes a store from the starter facts; HOMEROOM_STORE names another "
            "file for it."
        )
    if isinstance(error, BadInput) and "say which wave it is" in str(error):
        return "`homeroom build --wave 2017-18` says so."
    if isinstance(error, NotAvailable) and error.wave:
        return (
            f"`homeroom download --wave {error.wave}` fetches the official files and "
            "`homeroom build --from` adds them."
        )
    return ""


def _unforeseen(error: BaseException) -> str:
    said = (
        f"an unexpected fault ({type(error).__name__}). It lies in Homeroom, not in what you asked."
    )
    try:
        path = _report(error)
    except OSError:
        return f"{said} No report of it could be written."
    return (
        f"{said} A report is in {shown(str(path))}: please send it to whoever maintains Homeroom."
    )


def _report(error: BaseException) -> Path:
    """Write where in the code it happened, readable for this user alone; nothing is sent."""
    import platformdirs  # noqa: PLC0415 - needed here alone

    text = "\n".join(
        (
            f"Homeroom {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"Command: {_command()}",
            "".join(traceback.format_exception(error)),
        )
    )
    name = f"homeroom-{datetime.now(UTC):%Y%m%dT%H%M%S}-"
    folder = platformdirs.user_log_path("homeroom")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(prefix=name, suffix=".txt", dir=folder)
    except OSError:
        handle, path = tempfile.mkstemp(prefix=name, suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return Path(path)


def _command() -> str:
    """Return the command's name alone: what was asked about is nobody's business."""
    from homeroom.cli.main import COMMANDS  # noqa: PLC0415 - which imports this module

    return next((word for word in sys.argv[1:] if word in COMMANDS), "none")
