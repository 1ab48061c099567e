"""Whole texts, claim by claim."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

import polars as pl

from homeroom.evidence.resolve import index_of
from homeroom.evidence.store import Store

if TYPE_CHECKING:
    from homeroom.claims.article import Article
    from homeroom.claims.check import Checked


class _Checker(Protocol):
    """What checking a text asks of an open store."""

    store: Store

    def check(self, claim: str, *, said_on: date | None = None) -> Checked:
        """See :meth:`homeroom.api.Homeroom.check`."""


class Articles:
    """The checks of whole texts; :class:`homeroom.api.Homeroom` checks each sentence."""

    def claims(self) -> pl.DataFrame:
        """Return the catalogue of claims, a claim a row; :meth:`check` takes their ids.

        Returns
        -------
        polars.DataFrame
            The columns of :func:`homeroom.api.row_types.claims`.
        """
        return catalogue_frame()

    def article(self: _Checker, text: str | bytes, *, published: date | None = None) -> Article:
        """Check a whole text: every claim in it, who makes it, and what holds.

        Parameters
        ----------
        text
            At most 50,000 characters: text or HTML, or the bytes of a text, HTML, PDF, or DOCX
            file.
        published
            The day of the text. By default the one that its byline or its markup gives. A claim
            that names no year is held against what was published by then.

        Returns
        -------
        homeroom.claims.article.Article
            ``as_dict`` gives what the command line prints as JSON. Offsets are characters of its
            ``text``, which for plain text is what was given. Nothing of the text is kept.

        Raises
        ------
        BadInput
            The text is empty, too long, or of another kind.
        """
        from homeroom.claims.article import read_article  # noqa: PLC0415  (loads a grammar)
        from homeroom.claims.article.documents import document_of  # noqa: PLC0415
        from homeroom.claims.catalogue import catalogue  # noqa: PLC0415
        from homeroom.report import claim_check  # noqa: PLC0415

        def check(claim: str) -> Checked:
            if claim in catalogue():  # holds no words of the text, so it may be kept
                return self.store.cache.get(
                    ("claim in a text", claim),
                    lambda: claim_check.check(self.store, claim, wide=False),
                )
            return self.check(claim, said_on=day)

        found = document_of(text)
        day = published or found.published
        return read_article(
            found.text, check, finder=index_of(self.store).find, form=found.form, published=day
        )


def catalogue_frame() -> pl.DataFrame:
    """Return the catalogue of claims: see :meth:`Articles.claims`."""
    from homeroom.api import row_types  # noqa: PLC0415  (keeps the door quick to open)
    from homeroom.claims.catalogue import catalogue  # noqa: PLC0415

    rows = [
        (one.id, one.wording, one.speaker, one.role, one.said_in, str(one.kind), one.would_test,
         one.cannot or None, list(map(str, one.research)))
        for one in catalogue().values()
    ]  # fmt: skip
    types = {name: kind for name, (kind, _) in row_types.claims().items()}
    return pl.DataFrame(rows, schema=types, orient="row")
