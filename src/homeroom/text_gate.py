"""The one gate for text that comes from elsewhere: a form, an address, a file, YAML, or JSON.

What passes is Unicode in its composed form (NFC) of characters that XML 1.0 allows, without
controls, and without the marks that turn the direction of writing around: neither a chart engine
nor a terminal does anything with it but show it.
"""

from __future__ import annotations

import re
import reprlib
import unicodedata

from homeroom.errors import BadInput

_LINES = "\t\n\r"
_BARRED = (
    "\x00-\x08\x0b\x0c\x0e-\x1f"  # controls, but not tabs and line breaks
    "\x7f-\x9f"  # DEL and the second block of controls
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # line separators, and marks of direction
    "\ud800-\udfff\ufffe\uffff"  # halves of pairs, and what no XML may hold
)
BARRED = f"[{_BARRED}]"
"""A pattern of the characters that no text may hold."""
_ANY = re.compile(BARRED)
_ANY_OR_LINE = re.compile(f"[{_BARRED}{_LINES}]")
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlist = _SHORT.maxdict = _SHORT.maxtuple = 4
_SHORT.maxlevel = 2


def check(text: str, what: str, *, longest: int = 200, lines: bool = False) -> str:
    """Return text as it may be used: composed, trimmed, and free of controls.

    Parameters
    ----------
    text
        What came.
    what
        What to call it in a refusal, as in ``name``.
    longest
        Characters allowed.
    lines
        Whether it may have several lines; if not, breaks and tabs become spaces, since a pasted
        sentence brings its line breaks along.

    Raises
    ------
    BadInput
        The text is too long, or holds a character that no text may hold.
    """
    if len(text) > longest:
        raise BadInput(f"{what}: expected at most {longest:,} characters, found {len(text):,}.")
    text = text.replace("\r\n", "\n") if lines else re.sub(f"[{_LINES}]+", " ", text)
    if found := _ANY.search(text):
        raise BadInput(
            f"{what}: expected plain text, found control characters (U+{ord(found[0]):04X}). "
            "Delete them, or type the text anew."
        )
    return unicodedata.normalize("NFC", text).strip()


def repaired(text: str) -> str:
    """Return a name from a file without what :func:`check` refuses."""
    return unicodedata.normalize("NFC", _ANY.sub("", re.sub(f"[{_LINES}]+", " ", text))).strip()


def short(value: object) -> str:
    """Return a value as a message may quote it: a few words of it, however large it is."""
    return _ANY.sub("?", _SHORT.repr(value))


def shown(text: str, *, lines: bool = False) -> str:
    """Return text as it may be printed: what would act on a terminal stands as its code.

    Parameters
    ----------
    text
        Anything, such as a file's name.
    lines
        Whether it may have several lines; if not, a break or a tab stands as its code too, so
        that no name writes a line of its own.
    """
    acts = _ANY if lines else _ANY_OR_LINE
    return acts.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
