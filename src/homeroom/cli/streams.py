"""Where everything printed goes through: nothing that stands in a file acts on a terminal."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from homeroom.text_gate import shown

_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")
_PROGRESS = re.compile(r"(\x1b\[[0-9;]*m|\x1b\[\?25[hl]|\x1b\[[12]?K|\x1b\[[0-9]*A|\r)")
"""What bars on stderr need besides: hide the cursor, clear a line, go up, go to its start."""
_UNUSABLE = (errno.EBADF, errno.EINVAL)


class _Inert(io.TextIOWrapper):
    """A stream on which control characters stand as their codes; colors alone pass."""

    passes = _STYLE

    def write(self, text: str) -> int:
        """Write text, inert."""
        kept = self.passes.split(text) if "\x1b" in text or "\r" in text else [text]
        safe = [one if at % 2 else shown(one, lines=True) for at, one in enumerate(kept)]
        super().write("".join(safe))
        return len(text)


class _Closed(io.TextIOBase):
    """Stands for a stream that the shell closed: writing to it fails, as with a full one."""

    def write(self, _text: str) -> int:
        """Refuse."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


@contextmanager
def inert_streams() -> Iterator[None]:
    """Let what is printed within the block pass through inert streams."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _inert(sys.stdout), _inert(sys.stderr, bars=True)
    try:
        yield
    finally:
        ours = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = before
        for stream in ours:
            if isinstance(stream, _Inert):
                with suppress(OSError, ValueError):
                    stream.flush()
                with suppress(OSError, ValueError):
                    stream.detach()


def _inert(stream: TextIO | None, *, bars: bool = False) -> TextIO:
    if stream is None:
        return _Closed()  # type: ignore[return-value]
    if not hasattr(stream, "buffer"):
        return stream
    encoding = stream.encoding if "utf" in (stream.encoding or "").lower() else "utf-8"
    made = _Inert(
        stream.buffer, encoding=encoding, errors="backslashreplace",
        line_buffering=bars or stream.isatty(),
    )  # fmt: skip
    if bars and stream.isatty():
        made.passes = _PROGRESS
    return made


def is_unusable(error: BaseException) -> bool:
    """Return whether an error says that a stream was closed before the command began."""
    return isinstance(error, OSError) and error.errno in _UNUSABLE and error.filename is None


def abandon_output() -> None:
    """Write nothing more to stdout: who read it is gone, or it takes nothing."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
