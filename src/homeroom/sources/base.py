"""What every reader shares: a file as found, what it was recognized as, and the tables it gives."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

import polars as pl

from homeroom.errors import BadInput

_HEAD = 1 << 16


@lru_cache(maxsize=8)
def _sha256(path: Path, _changed: int) -> str:
    """Hash a file once, however many of its members are read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class SourceFile:
    """One file of a publisher: on disk (plain or gzip), or a member of a ZIP.

    ``name`` is what a person sees. ``sha256`` is of the file on disk (of the ZIP for a member),
    so that it can be compared with what the publisher serves.
    """

    path: Path
    member: str | None = None
    wave: str | None = None
    """The wave that the person says the file is of, where it cannot be proved."""

    @property
    def name(self) -> str:
        """File name, with the member's path where it lies in a ZIP."""
        return f"{self.path.name}:{self.member}" if self.member else self.path.name

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the file on disk, as 64 hexadecimal digits."""
        return _sha256(self.path, self.path.stat().st_mtime_ns)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    @cached_property
    def head(self) -> bytes:
        """Up to 64 KiB from the start, decompressed: enough to recognize a layout."""
        with self._open() as stream:
            return self._checked(stream, _HEAD)

    def data(self) -> bytes:
        """Return the whole content, decompressed.

        Raises
        ------
        BadInput
            The gzip or ZIP is cut off or damaged.
        """
        with self._open() as stream:
            return self._checked(stream, -1)

    def _open(self) -> io.BufferedIOBase:
        if self.member:
            archive = zipfile.ZipFile(self.path)
            return archive.open(self.member)  # type: ignore[return-value]
        with self.path.open("rb") as stream:
            magic = stream.read(2)
        return gzip.open(self.path) if magic == b"\x1f\x8b" else self.path.open("rb")

    def _checked(self, stream: io.BufferedIOBase, size: int) -> bytes:
        try:
            return stream.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise BadInput(
                f"{self.name}: expected a whole compressed file, found one that is cut off or "
                f"damaged ({error}). Download it again."
            ) from error


@dataclass(frozen=True)
class Batch:
    """Rows for one table of :mod:`homeroom.sources.tables`."""

    table: str
    frame: pl.DataFrame
    notes: tuple[str, ...] = ()
    """What was repaired or dropped on the way, in words for the build report."""


@dataclass(frozen=True)
class Recognized:
    """A file and what a reader takes it for.

    ``detail`` is the reader's own (module name, sheet, year); ``wave`` is a CRDC wave or the
    publication's year.
    """

    file: SourceFile
    reader: Reader
    title: str
    """For a person, e.g. "CRDC 2017-18, Referrals and Arrests"."""
    publication: str
    """Id in :mod:`homeroom.vocabulary.publications`."""
    wave: str
    detail: dict[str, str] = field(default_factory=dict)

    def read(self) -> Iterator[Batch]:
        """Yield the file's tables."""
        yield from self.reader.read(self)


class Reader(Protocol):
    """One publisher and layout."""

    id: str

    def recognize(self, file: SourceFile) -> Recognized | None:
        """Say what the file is, by its content alone, or None."""
        ...

    def read(self, recognized: Recognized) -> Iterable[Batch]:
        """Yield the tables of a recognized file.

        Raises
        ------
        BadInput
            The content breaks the layout; the message names row and column.
        """
        ...
