"""What is found in a text: sentences of four kinds, and the claims among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from homeroom.claims.article.review import claim_review
from homeroom.claims.model import Reading
from homeroom.figures.cards import card


class Kind(StrEnum):
    """What a sentence is to a reader who wants to know what holds."""

    CHECKED = "checked"
    """A claim with a verdict."""
    NOT_CHECKED = "not_checked"
    """A claim without one; it says why, and where it could be checked."""
    OPINION = "opinion"
    FORECAST = "forecast"
    NONE = "no_claim"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text.

    Attributes
    ----------
    start, end
        Offsets in characters; the text between them is ``text``.
    paragraph
        Number of the paragraph, from 0.
    text
        The words as written.
    said
        What is said: without quotation marks and without "Murphy said".
    speaker
        Who says it; None is whoever wrote the text.
    voice
        Sentences of one voice follow each other: those of one quote, or those of the writer.
    quoted
        Whether it stands in quotation marks.
    """

    start: int
    end: int
    paragraph: int
    text: str
    said: str = ""
    speaker: str | None = None
    voice: int = 0
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """Something that a sentence leaves to an earlier one.

    Attributes
    ----------
    what
        ``place``, ``wave``, ``group``, ``outcome``, or ``event``.
    said
        The sentence's own words for it ("they"), or nothing.
    read_as
        What was put in.
    start, end
        Offsets of the sentence that it comes from.
    sure
        Whether the text leaves no other reading. What is not sure never decides a verdict.
    """

    what: str
    said: str
    read_as: str
    start: int
    end: int
    sure: bool = True


@dataclass(slots=True)
class ArticleClaim:
    """A claim in a text, with a verdict or with the reason why there is none."""

    start: int
    end: int
    sentence: str
    speaker: str | None
    quoted: bool
    kind: str
    status: str
    """``checked``, ``asked`` (several readings), or ``cannot``."""
    verdict: str | None = None
    label: str = ""
    """The verdict in words, or "Not checked"."""
    stated_value: float | None = None
    value: float | None = None
    question: dict[str, Any] | None = None
    carried: list[Carried] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    catalogue_id: str | None = None
    checked_as: str = ""
    """The sentence that was checked, with what was carried into it."""
    reading: str = ""
    answer: str = ""
    """Figure, scope, doubt, and verdict in a sentence."""
    why: str = ""
    """Why there is no verdict."""
    where: str = ""
    """Where else it could be checked."""
    choices: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    research: list[str] = field(default_factory=list)
    law: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    """Further keys of the check: statistic, relation, miss, doubts, what to say instead."""
    read: Reading | None = None
    """The reading that was checked, for a link that repeats it."""

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON contract, with a few keys more."""
        found = {
            "start": self.start, "end": self.end, "sentence": self.sentence,
            "speaker": self.speaker, "quoted": self.quoted, "kind": self.kind,
            "status": self.status, "verdict": self.verdict, "label": self.label,
            "stated_value": self.stated_value, "value": self.value, "question": self.question,
            "carried": [asdict(one) for one in self.carried], "sources": self.sources,
            "catalogue_id": self.catalogue_id, "checked_as": self.checked_as,
            "reading": self.reading, "answer": self.answer, "why": self.why,
            "where": self.where, "choices": self.choices, "unread": self.unread,
            "research": self.research, "law": self.law,
        }  # fmt: skip
        return found | {name: value for name, value in self.more.items() if name not in found}


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with what it is, and its claim if it makes one; sentences may share a claim."""

    sentence: Sentence
    kind: Kind
    claim: ArticleClaim | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A text marked up.

    Attributes
    ----------
    text
        The text that all offsets count in. Of plain text it is what was given.
    form
        ``text``, ``HTML``, ``PDF``, or ``DOCX``.
    marked
        Every sentence, in order.
    published
        The day from which it is read: claims without a year are held against what was published
        by then. None where neither the text nor the reader says.
    """

    text: str
    form: str
    marked: list[Marked]
    published: date | None = None

    def __repr__(self) -> str:
        """Return what was found in a line."""
        return f"<Article, {len(self.text):,} characters: {self.summary()['text']}>"

    def _repr_html_(self) -> str:
        rows = [(one.label, one.sentence, one.answer or one.why) for one in self.claims]
        return card(self.summary()["text"], head=("verdict", "claim", "answer"), rows=rows)

    @property
    def claims(self) -> list[ArticleClaim]:
        """Return the claims, in the order of the text."""
        found = [one.claim for one in self.marked if one.claim is not None]
        return [one for at, one in enumerate(found) if at == 0 or one is not found[at - 1]]

    def count(self, kind: Kind) -> int:
        """Return how many sentences are of a kind."""
        return sum(one.kind is kind for one in self.marked)

    def summary(self) -> dict[str, Any]:
        """Return how many claims there are, by label, and the line that says so."""
        labels = counted((claim.verdict or "", claim.label) for claim in self.claims)
        return {
            "text": told(len(self.claims), labels, self.count(Kind.OPINION),
                         self.count(Kind.FORECAST)),
            "claims": len(self.claims),
            "by_label": labels,
            "sentences": {str(kind): self.count(kind) for kind in Kind},
            "words": len(self.text.split()),
            "form": self.form,
            "published": self.published.isoformat() if self.published else None,
        }  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return summary, claims, the kind of every sentence, reviews, and the text."""
        return {
            "summary": self.summary(),
            "claims": [claim.as_dict() for claim in self.claims],
            "sentences": [
                {"start": one.sentence.start, "end": one.sentence.end, "kind": str(one.kind),
                 "speaker": one.sentence.speaker}
                for one in self.marked
            ],
            "claim_reviews": [one for one in map(_review, self.claims) if one is not None],
            "text": self.text,
        }  # fmt: skip


def _review(claim: ArticleClaim) -> dict[str, Any] | None:
    if claim.status != "checked" or claim.verdict is None:
        return None
    return claim_review(claim.sentence, claim.speaker, claim.verdict, claim.label, claim.answer)


_ORDER = (
    "does_not_hold", "holds_under_some_definitions", "close", "holds", "cannot_be_tested",
)  # fmt: skip


def counted(claims: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return how many claims have each label, what does not hold first.

    Parameters
    ----------
    claims
        Verdict and label of each; the verdict is empty where there is none.
    """
    ranked = sorted(
        claims, key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else len(_ORDER)
    )
    found: dict[str, int] = {}
    for _, label in ranked:
        found[label] = found.get(label, 0) + 1
    return found


def _said(number: int, label: str) -> str:
    """Return "1 does not hold" or "2 do not hold"."""
    text = label[0].lower() + label[1:]
    if number > 1:
        text = text.replace("does not hold", "do not hold").replace("holds", "hold")
    return f"{number} {text}"


def told(claims: int, labels: dict[str, int], opinions: int = 0, forecasts: int = 0) -> str:
    """Return the line on top: "9 claims: 1 does not hold, 8 cannot be tested with these data."."""
    if not claims:
        out = "No claim that these data could test."
    else:
        parts = [_said(number, label) for label, number in labels.items()]
        out = f"{claims} claim{'s' if claims > 1 else ''}: {', '.join(parts)}."
    more = [
        f"{number} {word}{'s' if number > 1 else ''}"
        for number, word in ((opinions, "opinion"), (forecasts, "forecast"))
        if number
    ]
    return f"{out} Also {' and '.join(more)}." if more else out
