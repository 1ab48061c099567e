"""What files come packed in: gzip, bzip2, xz, ZIP, tar, and one inside another.

Everything that leaves here is whole: the check sum of every ZIP member holds, a compressed stream
ends where it says, and a tar ends with its end mark. What is damaged, locked, or bigger than
:data:`MOST_BYTES` when unpacked is refused in one sentence.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Protocol, TypeVar

from homeroom.errors import BadInput

MOST_BYTES = 4 << 30
"""The most that one file may hold when unpacked."""
_SUSPECT_BYTES, _SUSPECT_RATIO = 256 << 20, 500
"""Real tables of zeros shrink to a hundredth; what shrinks far more is made to fill the memory."""
_DEPTH = 4
_PIECE = 64 << 20
_BZIP2_BLOCK = 1 << 20
"""bzip2 unpacks nothing before it has a whole block, of 900 kB at most."""
_GZIP_WINDOW = 31
_HEAD = 1 << 16
_AGAIN = "Download it again."

ZIP = b"PK\x03\x04"
_ZIPS = (ZIP, b"PK\x05\x06")
_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
_UNREAD = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"\x1f\x9d": "a file packed by compress (.Z)",
}
_BOOKS = ("[Content_Types].xml", "mimetype")
"""Members that tell a workbook, which is a ZIP too: Excel's and OpenDocument's."""
DAMAGE = (
    EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError,
    struct.error, RuntimeError, ValueError, LookupError,
)  # fmt: skip
"""What opening or reading a damaged archive raises; a name of no characters is an IndexError."""

Chain = tuple[str, ...]
"""Names of members, from the outermost archive to the innermost."""
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Found:
    """A file, in archives or not: its members' names, and why it cannot be read, if so."""

    chain: Chain
    problem: str | None = None


def whole(path: Path, chain: Chain = ()) -> bytes:
    """Return the unpacked bytes of a file, or of a member of an archive.

    Raises
    ------
    BadInput
        It is damaged, cut off, locked, too big, or may not be opened.
    """

    def read() -> bytes:
        if chain:
            with _archive(path, chain[:-1]) as archive:
                return _unpacked(archive.read(chain[-1]))
        return _unpacked(path.read_bytes())

    return _guarded(path, chain, read)


def head(path: Path, chain: Chain = (), size: int = _HEAD) -> bytes:
    """Return the first unpacked bytes; what follows is not checked.

    Raises
    ------
    BadInput
        As in :func:`whole`, as far as it shows at the start.
    """

    def read() -> bytes:
        if chain:
            with _archive(path, chain[:-1]) as archive, archive.open(chain[-1]) as stream:
                return _start(stream, size)
        with path.open("rb") as stream:
            return _start(stream, size)

    return _guarded(path, chain, read)


def inside(path: Path, chain: Chain = ()) -> Iterator[Found]:
    """List the files of an archive and of the archives in it; the file itself if it is none.

    Folders, hidden files, and what macOS adds are left out.
    """
    try:
        if not _is_archive(path, chain):
            yield Found(chain)
            return
        if len(chain) >= _DEPTH:
            yield Found(chain, f"expected at most {_DEPTH} archives in one another, found more")
            return

        def names() -> dict[str, str | None]:
            with _archive(path, chain) as archive:
                return archive.names()

        entries = _guarded(path, chain, names)
    except BadInput as error:
        yield Found(chain, str(error).removeprefix(f"{name_of(path, chain)}: "))
        return
    for name, problem in entries.items():
        if problem:
            yield Found((*chain, name), problem)
        elif not any(part.startswith((".", "__MACOSX")) for part in name.split("/")):
            yield from inside(path, (*chain, name))


def name_of(path: Path, chain: Chain) -> str:
    """Return what a person calls the file: its name, and the member's where it lies in one."""
    return ":".join((path.name, *chain))


def check_zip(data: bytes, name: str) -> None:
    """Test the check sum of every member of a ZIP in memory, as a workbook is.

    Raises
    ------
    BadInput
        A member is damaged, locked, or too big.
    """

    def read() -> None:
        archive = _Zip(zipfile.ZipFile(io.BytesIO(data)))
        for member in archive.names():
            archive.read(member)

    _guarded(Path(name), (), read)


class _Archive(Protocol):
    def names(self) -> dict[str, str | None]: ...

    def open(self, name: str) -> IO[bytes]: ...

    def read(self, name: str) -> bytes: ...


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        entries = archive.infolist()
        _check_directory(archive, entries)
        self._entries = {e.filename: e for e in entries if not (e.is_dir() and not e.file_size)}

    def names(self) -> dict[str, str | None]:
        return {
            name: None if entry.file_size else "the file is empty"
            for name, entry in self._entries.items()
        }

    def open(self, name: str) -> IO[bytes]:
        entry = self._entries[name]
        if entry.flag_bits & 1:
            raise BadInput(
                f"{name}: expected a file that anyone may open, found one locked with a password. "
                "Unpack it, and give the files in it."
            )
        if entry.file_size > MOST_BYTES:
            raise BadInput(f"{name}: expected at most 4 GiB when unpacked, found more.")
        _refuse_bomb(entry.file_size, entry.compress_size)
        try:
            return self._zip.open(entry)
        except NotImplementedError as error:
            raise BadInput(
                f"{name}: expected a ZIP packed in the usual way, found {error}. Unpack it, and "
                "give the files in it."
            ) from error

    def read(self, name: str) -> bytes:
        with self.open(name) as stream:
            data = stream.read()
        if len(data) != (told := self._entries[name].file_size):
            raise EOFError(f"{len(data)} bytes of {told}")
        return data


class _Tar:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._tar = tarfile.open(fileobj=io.BytesIO(data), mode="r:")  # noqa: SIM115 - in memory
        members = self._tar.getmembers()
        # Without its end mark a tar was cut off, even where it ends between two members.
        end = data[self._tar.offset : self._tar.offset + 512]
        if len(end) < 512 or end.strip(b"\0"):
            raise EOFError("no end mark")
        self._members = {m.name: m for m in members if m.isfile()}
        if len(self._members) != sum(m.isfile() for m in members):
            raise tarfile.TarError("two files of one name")

    def names(self) -> dict[str, str | None]:
        return {n: None if m.size else "the file is empty" for n, m in self._members.items()}

    def open(self, name: str) -> IO[bytes]:
        return io.BytesIO(self.read(name))

    def read(self, name: str) -> bytes:
        member = self._members[name]
        stream = self._tar.extractfile(member)
        data = stream.read() if stream else b""
        if len(data) != member.size:
            raise EOFError(f"{len(data)} bytes of {member.size}")
        return data


def _check_directory(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse a directory that does not cover the file, of which a part could be lost unseen."""
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise zipfile.BadZipFile("two members of one name")
    if entries and (before := min(entry.header_offset for entry in entries)):
        raise zipfile.BadZipFile(f"{before} bytes before the first member")
    stream = archive.fp
    if stream is None:
        return
    stream.seek(0, io.SEEK_END)
    stream.seek(-min(stream.tell(), (1 << 16) + 22), io.SEEK_END)
    end = stream.read()
    at = end.rfind(b"PK\x05\x06")
    told = struct.unpack_from("<H", end, at + 10)[0]
    if told not in (len(entries), 0xFFFF):
        raise zipfile.BadZipFile(f"{told} members told, {len(entries)} found")


@contextmanager
def _archive(path: Path, chain: Chain) -> Iterator[_Archive]:
    """Open an archive: a ZIP on disk as it lies there, anything else from memory."""
    with path.open("rb") as stream:
        plain = not chain and stream.read(4) in _ZIPS
    if plain:
        with zipfile.ZipFile(path) as archive:
            yield _Zip(archive)
        return
    data = _held(path, chain, path.stat().st_mtime_ns)
    if data.startswith(_ZIPS):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield _Zip(archive)
    else:
        yield _Tar(data)


@lru_cache(maxsize=1)  # the members of one archive are read one after the other
def _held(path: Path, chain: Chain, _changed: int) -> bytes:
    return whole(path, chain)


def _is_archive(path: Path, chain: Chain) -> bool:
    """Return whether to look inside; a workbook is a ZIP, and one file.

    Raises
    ------
    BadInput
        It is packed in a way that Homeroom does not read.
    """
    start = head(path, chain, 512)
    for magic, what in _UNREAD.items():
        if start.startswith(magic):
            raise BadInput(
                f"{name_of(path, chain)}: expected a file, ZIP, tar, gzip, bzip2, or xz; found "
                f"{what}. Unpack it, and give the files in it."
            )
    if start.startswith(_ZIPS):
        return not _is_book(path, chain)
    return start[257:262] == b"ustar"


def _is_book(path: Path, chain: Chain) -> bool:
    def look() -> bool:
        with _archive(path, chain) as archive:
            return any(name in _BOOKS for name in archive.names())

    return _guarded(path, chain, look)


def _start(stream: IO[bytes], size: int) -> bytes:
    """Return the first unpacked bytes of a stream, from no more packed ones than that takes."""
    data = stream.read(size)
    if data.startswith((_GZIP, _XZ)) or _is_bzip2(data):
        data += stream.read(_BZIP2_BLOCK)
    for _ in range(_DEPTH):
        if data.startswith(_GZIP):
            data = _first(data, lambda: zlib.decompressobj(_GZIP_WINDOW))
        elif _is_bzip2(data):
            data = _first(data, bz2.BZ2Decompressor)
        elif data.startswith(_XZ):
            data = _first(data, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ))
        else:
            return data[:size]
    raise EOFError("packed too many times")


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _first(data: bytes, new: Callable[[], _Stream]) -> bytes:
    """Unpack a mebibyte or so from the start of streams that follow one another."""
    pieces: list[bytes] = []
    rest = data
    while rest and sum(len(piece) for piece in pieces) < _BZIP2_BLOCK:
        one = new()
        pieces.append(one.decompress(rest, _BZIP2_BLOCK))
        if not one.eof:
            break
        rest = one.unused_data.lstrip(b"\0")
    return b"".join(pieces)


def _is_bzip2(data: bytes) -> bool:
    return data.startswith(_BZIP2) and data[4:8] in (b"\x31\x41\x59\x26", b"\x17\x72\x45\x38")


def _unpacked(data: bytes) -> bytes:
    """Undo gzip, bzip2, and xz, to the end of the file and not a byte further."""
    for _ in range(_DEPTH):
        if data.startswith(_GZIP):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                data = _collected(stream.read, len(data))
        elif _is_bzip2(data):
            data = _streams(data, bz2.BZ2Decompressor)
        elif data.startswith(_XZ):
            data = _streams(data, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ))
        else:
            return data
    raise EOFError("packed too many times")


def _collected(read: Callable[[int], bytes], packed: int) -> bytes:
    pieces = [read(_PIECE)]
    total = len(pieces[0])
    while pieces[-1]:
        _refuse_bomb(total, packed)
        pieces.append(read(_PIECE))
        total += len(pieces[-1])
    return pieces[0] if len(pieces) == 2 else b"".join(pieces)


def _streams(data: bytes, new: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor]) -> bytes:
    """Decompress streams that follow one another; what is no stream raises an error."""
    pieces, total, rest = [], 0, data
    while rest:
        one = new()
        feed = rest
        while not one.eof:
            if not feed and one.needs_input:
                raise EOFError("the file ends within the compressed data")
            pieces.append(one.decompress(feed, _PIECE))
            feed = b""
            total += len(pieces[-1])
            _refuse_bomb(total, len(data))
        rest = one.unused_data.lstrip(b"\0")  # xz may be padded with zeros
    return b"".join(pieces)


def _refuse_bomb(size: int, packed: int) -> None:
    if size > MOST_BYTES or (size > _SUSPECT_BYTES and size > _SUSPECT_RATIO * packed):
        raise ValueError(
            f"{packed:,} bytes that become {size:,} or more: far more than a table shrinks"
        )


def _guarded(path: Path, chain: Chain, work: Callable[[], _Value]) -> _Value:
    name = name_of(path, chain)
    try:
        return work()
    except BadInput as error:
        text = str(error)
        raise BadInput(text if text.startswith(path.name) else f"{path.name}:{text}") from error
    except PermissionError as error:
        raise BadInput(
            f"{name}: expected a file that may be read, found one whose permissions forbid it. "
            "Change them, or copy the file."
        ) from error
    except (MemoryError, OverflowError) as error:
        raise BadInput(f"{name}: expected a file that fits into memory, found a bigger.") from error
    except DAMAGE as error:
        reason = (str(error).splitlines() or [""])[0] or type(error).__name__
        raise BadInput(
            f"{name}: expected a whole file, found one that is cut off or damaged ({reason}). "
            f"{_AGAIN}"
        ) from error
