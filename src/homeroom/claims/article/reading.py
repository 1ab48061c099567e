"""A text from beginning to end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from homeroom.claims.article.carry import Left, carry, left_by
from homeroom.claims.article.judging import Check, judged
from homeroom.claims.article.model import Article, Marked, Sentence
from homeroom.claims.article.quotes import in_double_quotes
from homeroom.claims.article.split import clean, sentences
from homeroom.claims.article.voices import with_voices
from homeroom.claims.grammar import Finder


def read_article(
    text: str,
    check: Check,
    *,
    finder: Finder | None = None,
    form: str = "text",
    published: date | None = None,
) -> Article:
    """Split a text into sentences and check each claim that it makes.

    Parameters
    ----------
    text
        At most 50,000 characters.
    check
        Checks a sentence, or an entry of the catalogue by its id.
    finder
        Finds places by name; without one only states are carried from sentence to sentence.
    form
        What the text was taken from: ``text``, ``HTML``, ``PDF``, or ``DOCX``.
    published
        The day from which it is read; ``check`` is told by whoever made it.

    Raises
    ------
    BadInput
        The text is empty, too long, or no text.
    """
    cleaned = clean(text)
    before: list[Left] = []
    marked: list[Marked] = []
    last: Sentence | None = None
    for one in _spoken(cleaned):
        found = judged(one, carry(one, before, finder), check, last)
        last = one
        marked.append(_joined(marked[-1], found, cleaned) if marked else found)
        before.append(left_by(one, finder))
    return Article(cleaned, form, marked, published)


def _spoken(text: str) -> list[Sentence]:
    """Return the sentences with their voices; quotes of every style are read as double ones."""
    marked = in_double_quotes(text)
    found = with_voices(marked, sentences(marked))
    return [replace(one, text=text[one.start : one.end]) for one in found]


def _joined(last: Marked, found: Marked, text: str) -> Marked:
    """Make one claim of two sentences of a speaker that tell one entry of the catalogue."""
    one, other = last.claim, found.claim
    if one is None or other is None or one.catalogue_id is None:
        return found
    same = (one.catalogue_id, one.speaker) == (other.catalogue_id, other.speaker)
    if not same:
        return found
    one.end, one.sentence = other.end, text[one.start : other.end]
    return Marked(found.sentence, found.kind, one)
