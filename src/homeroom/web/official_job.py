"""The job that fetches every official file and builds the national store, beside the site.

It is a process of its own, ``homeroom download --all --build``, so that pages stay quick meanwhile
and a stop takes effect at once, whatever the job is doing. What it fetched is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from homeroom.vocabulary.waves import WAVES, with_archive

State = Literal["idle", "fetching", "building", "opening", "stopping", "stopped", "failed", "done"]
RUNNING = frozenset({"fetching", "building", "opening", "stopping"})
_WINDOW = 20.0
"""Seconds over which the speed is taken."""
_GRACE = 10.0
"""Seconds that the process may take to put its things in order when it is stopped."""


@dataclass(slots=True)
class File:
    """How far the ZIP of one wave is."""

    wave: str
    done: int = 0
    total: int | None = None
    note: str = ""
    refused: str = ""


@dataclass
class Seen:
    """What the job said so far."""

    state: State = "idle"
    files: dict[str, File] = field(default_factory=dict)
    building: str = ""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Files of the ZIPs that the build left out, each with the reason."""
    reason: str = ""

    def take(self, said: dict[str, Any]) -> None:
        """Take one line of the command's."""
        file = self.files.get(str(said.get("wave") or said.get("what")))
        match said["step"]:
            case "fetch" if file:
                file.done, file.total, file.note = said["done"], said["total"], ""
            case "told" if file:
                file.note = said["message"]
            case "refused" if file:
                file.refused, file.note = said["reason"], ""
            case "refused":
                self.refused.append((said["what"], said["reason"]))
            case "build":
                self.building = f"{said['done']} of {said['total']} files: {said['what']}"
                self.state = "building" if self.state == "fetching" else self.state


class OfficialJob:
    """One job at a time; several threads may ask how it goes.

    Parameters
    ----------
    store
        The file of the store that the job replaces.
    opened
        Called when the new store stands, to serve it.
    command
        What to run instead of the command, in tests.
    """

    def __init__(
        self, store: Path, opened: Callable[[], None], command: Sequence[str] | None = None
    ) -> None:
        self.store = store
        self.used = False
        """Whether a job was ever started in this process."""
        self._command = list(command or (
            sys.executable, "-m", "homeroom", "download", "--all", "--build",
            "--progress", "lines", "--out", str(store),
        ))  # fmt: skip
        self._opened = opened
        self._lock = threading.Lock()
        self._seen = Seen()
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None
        self._speeds: deque[tuple[float, int]] = deque()

    @property
    def running(self) -> bool:
        """Return whether a job is under way."""
        return self._seen.state in RUNNING

    def start(self) -> bool:
        """Begin, or go on where the last job stopped; False where one is under way."""
        with self._lock:
            if self.running:
                return False
            self.used = True
            self._speeds.clear()
            self._seen = Seen(
                "fetching",
                {w: File(w, total=WAVES[w].archive_bytes or None) for w in with_archive()},
            )
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own command
                    self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
                )  # fmt: skip
            except OSError as error:
                self._seen.state, self._seen.reason = "failed", f"It could not start: {error}."
                return True
            self._thread = threading.Thread(target=self._follow, args=(self._process,), daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """Ask the job to end; what was fetched is kept. The store in place is not touched."""
        with self._lock:
            process = self._process
            if self._seen.state not in ("fetching", "building") or process is None:
                return
            self._seen.state = "stopping"
        process.terminate()
        threading.Thread(target=_end, args=(process,), daemon=True).start()

    def close(self) -> None:
        """End the job with the site, and wait until it has put its things in order."""
        self.stop()
        if self._thread is not None:
            self._thread.join(_GRACE + 5)

    def view(self) -> dict[str, Any]:
        """Return how it goes: state, bytes, share (0 to 1), bytes a second, seconds left."""
        seen = self._seen
        counted = [file for file in seen.files.values() if not file.refused]
        done = sum(file.done for file in counted)
        total = sum(max(file.total or 0, file.done) for file in counted)
        speed = self._speed(done) if seen.state == "fetching" else None
        return {
            "state": seen.state, "running": seen.state in RUNNING, "done": done, "total": total,
            "share": done / total if total else 0.0, "speed": speed,
            "left": round((total - done) / speed) if speed else None,
            "building": seen.building, "reason": seen.reason, "refused": list(seen.refused),
            "files": [
                {"wave": f.wave, "done": f.done, "total": f.total, "note": f.note,
                 "refused": f.refused}
                for f in seen.files.values()
            ],
        }  # fmt: skip

    def _speed(self, done: int) -> float | None:
        """Return bytes a second over the last seconds in which somebody looked."""
        with self._lock:
            now = time.monotonic()
            self._speeds.append((now, done))
            while now - self._speeds[0][0] > _WINDOW and len(self._speeds) > 2:
                self._speeds.popleft()
            then, before = self._speeds[0]
        return (done - before) / (now - then) if now - then > 1 and done > before else None

    def _follow(self, process: subprocess.Popen[str]) -> None:
        """Read what the command says to its end, then open the store or say what went wrong."""
        told: list[str] = []
        errors = threading.Thread(target=lambda: told.extend(process.stderr or ()), daemon=True)
        errors.start()
        built = False
        for line in process.stdout or ():
            try:
                said = json.loads(line[max(line.find('{"step"'), 0) :])  # after a library's bar
                self._seen.take(said)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # a warning of some library
            built = built or said.get("step") == "built"
        process.wait()
        errors.join()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        self._ended(process.returncode, "".join(told), built=built)

    def _ended(self, code: int, told: str, *, built: bool) -> None:
        seen = self._seen
        if built:
            seen.state = "opening"
            try:
                self._opened()
            except Exception as error:  # noqa: BLE001 - a person must hear of it, whatever it is
                seen.reason = f"The new store is built, but it could not be opened: {error}"
                seen.state = "failed"
                return
            seen.state = "done"
        elif seen.state == "stopping":
            seen.state = "stopped"
        else:
            seen.reason = _in_words(told, code)
            seen.state = "failed"


def _end(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


def _in_words(told: str, code: int) -> str:
    """Return the command's own refusal; anything else it printed is not for people."""
    _, mark, refusal = told.rpartition("homeroom: ")
    if mark and "Traceback" not in refusal:
        return refusal.strip()
    return f"The job ended without saying why (exit code {code})."
