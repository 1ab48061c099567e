"""From the bytes of a text to UTF-8, whatever program wrote them."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from homeroom.errors import BadInput

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 1 << 12
_PIECE = 16 << 20
_AGAIN = "Save it as CSV in UTF-8, or take the file from its publisher again."


def wide_encoding(start: bytes) -> str | None:
    """Return the name of the encoding where characters take two or four bytes, else None.

    Without a byte order mark it is told by its NULs: every other byte of English text.
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    first = start[: _LOOKED_AT // 2 * 2]
    if len(first) < 4:
        return None
    even, odd = first[0::2], first[1::2]
    if odd.count(0) > 0.9 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if even.count(0) > 0.9 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return None


def to_utf8(data: bytes, name: str, *, cut: bool = False) -> tuple[bytes, tuple[str, ...]]:
    """Return the text in UTF-8 without a byte order mark, and notes on what was not UTF-8.

    Parameters
    ----------
    cut
        Whether ``data`` is only the start of a file, so that it may end within a character.

    Raises
    ------
    BadInput
        The bytes are no text, or a text that ends within a character.
    """
    if encoding := wide_encoding(data):
        return _from_wide(data, encoding, name, cut=cut)
    if data.isascii():
        return data, ()
    if _is_utf8(data, cut=cut):
        return data.removeprefix(codecs.BOM_UTF8), ()
    return _from_bytes(data.removeprefix(codecs.BOM_UTF8), name)


def _from_wide(
    data: bytes, encoding: str, name: str, *, cut: bool
) -> tuple[bytes, tuple[str, ...]]:
    try:
        text = data.decode(encoding, "ignore" if cut else "strict")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{name}: expected whole text in {_called(encoding)}, found damage at byte "
            f"{error.start:,}: {error.reason}. Download it again, or save it in UTF-8."
        ) from error
    return text.removeprefix("\ufeff").encode(), (f"{_called(encoding)} was read as such",)


def _called(encoding: str) -> str:
    return encoding[:6].upper()


def _is_utf8(data: bytes, *, cut: bool) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _PIECE):
            decoder.decode(data[at : at + _PIECE])
        decoder.decode(b"", final=not cut)
    except UnicodeDecodeError:
        return False
    return True


def _from_bytes(data: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    """Read text of one byte a character, of which some lines may be UTF-8 after all."""
    lines = data.split(b"\n")
    other = [at for at, line in enumerate(lines) if not line.isascii()]
    utf8 = [at for at in other if _is_utf8(lines[at], cut=False)]
    strange = sorted(set(other) - set(utf8))
    encoding = _told([lines[at] for at in strange], name)
    for at in strange:
        lines[at] = lines[at].decode(encoding).encode()
    notes = [] if encoding == "cp1252" else [f"the text was read as {encoding}"]
    if utf8:
        notes.append(
            f"two encodings in one file: {len(strange):,} rows in {encoding} and {len(utf8):,} in "
            "UTF-8, each read in its own; check the names with accents"
        )
    return b"\n".join(lines), tuple(notes)


def _told(lines: list[bytes], name: str) -> str:
    """Name the encoding: cp1252, as agencies use it, unless its bytes cannot be that."""
    sample = b"\n".join(lines)
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError as error:
        # Detection by language needs words, so not the digits between them.
        words = b" ".join(re.findall(rb"[^\x00-\x40\x5b-\x60\x7b-\x7f]{2,}", sample))
        best = charset_normalizer.from_bytes(
            words, cp_isolation=["mac_roman", "cp437", "cp850", "latin_1"], threshold=0.5
        ).best()
        if best is not None and b"\0" not in sample:
            return best.encoding
        raise BadInput(
            f"{name}: expected text in UTF-8 or cp1252, found other bytes. {_AGAIN}"
        ) from error
    return "cp1252"
