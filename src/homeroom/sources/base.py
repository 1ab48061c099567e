"""What every reader shares: a file as found, what it was recognized as, and the tables it gives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources import canonical, containers, formats, workbook_extent
from homeroom.sources.canonical import Canonical
from homeroom.sources.containers import Chain, name_of

_HEAD = 1 << 18


@lru_cache(maxsize=8)
def _sha256(path: Path, _changed: int) -> str:
    """Hash a file once, however many of its members are read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class SourceFile:
    """One file of a publisher: on disk, packed or not, or a member of an archive.

    ``name`` is what a person sees. ``sha256`` is of the file on disk (of the archive for a
    member), so that it can be compared with what the publisher serves.

    ``head`` and :meth:`data` give one table as canonical text whatever its format: UTF-8, commas,
    line feeds, every row as wide as the header (see :mod:`homeroom.sources.formats`). What is no
    such table, as a workbook with a title above its table, is given as it is. ``raw_head`` and
    :meth:`raw` give the unpacked bytes as they were published.
    """

    path: Path
    member: str | None = None
    """Name in the archive; ``within`` names the archives between, where one lies in another."""
    within: Chain = ()
    capitals: bool = False
    """Whether headings are read in capitals, as agencies write them."""
    told: list[str] = field(default_factory=list, compare=False, repr=False)
    """What :meth:`data` had to convert or repair."""
    wave: str | None = None
    """The wave that the person says the file is of, where it cannot be proved."""

    @property
    def chain(self) -> Chain:
        """Names of the members that lead to the file."""
        return (*self.within, self.member) if self.member else ()

    @property
    def name(self) -> str:
        """File name, with the member's path where it lies in an archive."""
        return name_of(self.path, self.chain)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the file on disk, as 64 hexadecimal digits."""
        return _sha256(self.path, self.path.stat().st_mtime_ns)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    @cached_property
    def raw_head(self) -> bytes:
        """Up to 256 KiB from the start, unpacked, as published."""
        return containers.head(self.path, self.chain, _HEAD)

    def raw(self) -> bytes:
        """Return the whole content, unpacked, as published; of a workbook, each member is tested.

        Raises
        ------
        BadInput
            The file, or what it is packed in, is cut off or damaged.
        """
        if self.raw_head.startswith(formats.BINARY):
            return _raw_binary(self.path, self.chain, self.path.stat().st_mtime_ns)
        return containers.whole(self.path, self.chain)

    @cached_property
    def head(self) -> bytes:
        """The start of the canonical text: enough to recognize a layout."""
        start = self.raw_head
        if start.startswith(formats.BINARY):
            try:
                return self._canonical().data[:_HEAD]
            except BadInput:
                return start  # readers leave it alone, and reading it says what is wrong
        return canonical.head(start, self.name, whole=len(start) < _HEAD, capitals=self.capitals)

    def data(self) -> bytes:
        """Return the canonical text, checked.

        Raises
        ------
        BadInput
            The file is damaged, or a row has another width than the header.
        """
        found = self._canonical()
        self.told[:] = found.notes
        return found.data

    @property
    def notes(self) -> tuple[str, ...]:
        """What was converted or repaired to get the canonical text, in words."""
        return self._canonical().notes

    def _canonical(self) -> Canonical:
        if self.raw_head.startswith(formats.BINARY):
            changed = self.path.stat().st_mtime_ns
            return _from_binary(self.path, self.chain, self.capitals, changed)
        return canonical.table(self.raw(), self.name, capitals=self.capitals)


@lru_cache(maxsize=4)
def _from_binary(path: Path, chain: Chain, capitals: bool, changed: int) -> Canonical:  # noqa: FBT001
    return formats.read(_raw_binary(path, chain, changed), name_of(path, chain), capitals=capitals)


@lru_cache(maxsize=4)  # every reader of workbooks asks for the same file in turn
def _raw_binary(path: Path, chain: Chain, _changed: int) -> bytes:
    data = containers.whole(path, chain)
    if data.startswith(containers.ZIP):
        containers.check_zip(data, name_of(path, chain))
        workbook_extent.refuse_vast(data, name_of(path, chain))
    return data


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
        """Yield the file's tables; the first tells what was converted or repaired."""
        first = True
        for batch in self.reader.read(self):
            yield replace(batch, notes=(*self.file.told, *batch.notes)) if first else batch
            first = False


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
