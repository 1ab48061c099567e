"""Check a sentence of a text against the data, or say why that can't be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from homeroom.claims.article.carry import Read
from homeroom.claims.article.kinds import Signs, Unchecked, signs, unchecked, without_number
from homeroom.claims.article.model import ArticleClaim, Carried, Kind, Marked, Sentence
from homeroom.claims.article.recognized import points_back, recognized
from homeroom.claims.catalogue import catalogue
from homeroom.claims.check import Checked
from homeroom.claims.verdict import LABELS
from homeroom.errors import Ambiguous, BadInput

Check = Callable[[str], Checked]
NOT_CHECKED = "Not checked"
_VERDICTS = {str(verdict): label for verdict, label in LABELS.items()}
_CANNOT = "cannot_be_tested"
_NOT_KNOWN = ("other", "none")
"""Kinds by which the check says that it counts nothing of the sort."""
_MEANT = {"opinion": Kind.OPINION, "forecast": Kind.FORECAST}


def judged(one: Sentence, read: Read, check: Check, last: Sentence | None = None) -> Marked:
    """Return a sentence with its kind and, if it makes a claim, with verdict or reason.

    Parameters
    ----------
    one
        The sentence.
    read
        What it says, with what earlier sentences put in.
    check
        Checks a sentence, or an entry of the catalogue by its id.
    last
        The sentence before it.
    """
    known = recognized(one.said, last.said if last else "")
    if known is not None:
        marked = _of_catalogue(one, known, check)
        if last and marked.claim and recognized(one.said) is None:
            back = Carried("event", points_back(one.said), last.said, last.start, last.end)
            marked.claim.carried = [back]
        return marked
    found = signs(one.said)
    if not (found.checkable or found.says_more or signs(read.said).checkable):
        return _unchecked(one, found)
    if read.open:
        claim = _blank(one, "figure", "asked", why=read.open, choices=read.choices)
        return Marked(one, Kind.NOT_CHECKED, claim)
    return _checked(one, read, check, found)


def _checked(one: Sentence, read: Read, check: Check, found: Signs) -> Marked:
    first = _answer(read.said, check)
    if isinstance(first, Ambiguous):
        return _asked(one, read, first, found)
    told = first.as_dict()
    kind = str(told.get("kind") or "figure")
    if kind in _NOT_KNOWN:
        return _unchecked(one, found)
    if told.get("status") == "not_a_claim" and found.law:  # what a bill would do is its text's say
        return _unchecked(one, found)
    if told.get("status") == "not_a_claim":
        return Marked(one, _MEANT.get(kind) or without_number(found))
    claim = _with(_blank(one, kind, "checked"), first)
    claim.carried, claim.checked_as = read.carried, read.said
    if read.else_said and claim.status == "checked":
        _hold_against(claim, read, first, _answer(read.else_said, check))
    marked = Kind.CHECKED if claim.status == "checked" else Kind.NOT_CHECKED
    return Marked(one, marked, claim)


def _answer(said: str, check: Check) -> Checked | Ambiguous:
    try:
        return check(said)
    except Ambiguous as error:
        return error
    except BadInput as error:  # too long, or words that no question can hold
        return Ambiguous(str(error))


def _asked(one: Sentence, read: Read, error: Ambiguous, found: Signs) -> Marked:
    """Tell why a sentence was not read: it is a claim, and there is no verdict."""
    if not signs(read.said).outcome:
        return _unchecked(one, found)
    claim = _blank(
        one, "figure", "asked", why=str(error), choices=list(error.choices),
        unread=list(getattr(error, "words", [])),
    )  # fmt: skip
    claim.carried, claim.checked_as = read.carried, read.said
    return Marked(one, Kind.NOT_CHECKED, claim)


def _hold_against(
    claim: ArticleClaim, read: Read, first: Checked, other: Checked | Ambiguous
) -> None:
    """Keep a verdict only if what the text may also mean comes to the same one."""
    meant = " and ".join(_naming(one) for one in read.else_carried)
    if not isinstance(other, Ambiguous) and other.verdict == first.verdict:
        claim.carried = [*read.carried, *read.else_carried]
        claim.more["also"] = (
            f"The text names {meant} before; the sentence itself doesn't. Read that way, the "
            f"verdict is the same: {other.sentence}"
        )
        return
    claim.status, claim.verdict, claim.label = "asked", None, NOT_CHECKED
    claim.value, claim.answer = None, ""
    claim.carried = [*read.carried, *read.else_carried]
    claim.why = (
        f"The text names {meant} before, and the sentence itself doesn't. Whether that is meant "
        "changes the answer. Which is it?"
    )
    claim.choices = [read.said, read.else_said]


def _naming(one: Carried) -> str:
    return one.read_as if one.what == "place" else f"the school year {one.read_as}"


def _of_catalogue(one: Sentence, known: str, check: Check) -> Marked:
    entry = catalogue()[known]
    found = check(known)
    claim = _with(_blank(one, entry.kind, "checked"), found)
    claim.catalogue_id = known
    claim.research, claim.law = list(entry.research), list(entry.law)
    claim.checked_as = entry.wording
    if found.origin and found.origin.get("says"):
        says = str(found.origin["says"])
        claim.answer, claim.more["origin"] = claim.answer.split(says)[0].strip(), says
    if claim.status != "checked":
        claim.why = entry.cannot
        claim.where = entry.would_test
    return Marked(one, Kind.CHECKED if claim.status == "checked" else Kind.NOT_CHECKED, claim)


def _with(claim: ArticleClaim, found: Checked) -> ArticleClaim:
    """Fill in what a check found; a claim without a verdict is not a checked one."""
    given: dict[str, Any] = found.as_dict()
    verdict = str(found.verdict)
    status = str(given.get("status") or ("cannot" if verdict == _CANNOT else "checked"))
    if verdict == _CANNOT and status == "checked":
        status = "cannot"
    claim.status, claim.verdict = status, verdict
    claim.label = _VERDICTS.get(verdict) or verdict.replace("_", " ").capitalize()
    claim.stated_value, claim.value = given.get("stated_value"), given.get("value")
    claim.question, claim.sources = given.get("question"), list(given.get("sources") or [])
    claim.reading, claim.answer = str(given.get("reading") or ""), found.sentence
    claim.unread = list(given.get("unread") or [])
    claim.catalogue_id = found.id
    claim.where = str(given.get("elsewhere") or "")
    claim.research, claim.law = list(found.research), list(found.law)
    for name in ("statistic", "relation", "hedge", "miss", "say_instead", "note", "doubtful",
                 "low", "high", "said_on", "later"):  # fmt: skip
        if given.get(name) not in (None, []):
            claim.more[name] = given[name]
    if status != "checked":
        claim.why = found.sentence
        claim.label = claim.label if status == "cannot" else NOT_CHECKED
        claim.verdict = verdict if status == "cannot" else None
    # Only what the multiverse answered can be asked again by its reading alone.
    claim.read = found.read if found.found is not None and status == "checked" else None
    return claim


def _unchecked(one: Sentence, found: Signs) -> Marked:
    other = unchecked(one.said, found)
    if other is None:
        return Marked(one, without_number(found))
    return Marked(one, Kind.NOT_CHECKED, _told(one, other))


def _told(one: Sentence, other: Unchecked) -> ArticleClaim:
    claim = _blank(one, other.kind, "cannot", why=other.why)
    claim.where, claim.research = other.where, list(other.research)
    claim.verdict, claim.label = _CANNOT, _VERDICTS[_CANNOT]
    return claim


def _blank(one: Sentence, kind: str, status: str, **more: Any) -> ArticleClaim:
    made = ArticleClaim(
        one.start, one.end, one.text, one.speaker, one.quoted, kind, status, label=NOT_CHECKED
    )
    return replace(made, **more)
