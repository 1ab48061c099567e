"""A whole text, sentence by sentence: which claims it makes, who makes them, and what holds.

A text is split into sentences (:mod:`~homeroom.claims.article.split`), each with the voice that
says it (:mod:`~homeroom.claims.article.voices`). What a sentence leaves to the sentences before it
is carried into it and shown (:mod:`~homeroom.claims.article.carry`). What it then says is checked
like any other sentence (:mod:`~homeroom.claims.article.judging`). Nothing of the text is kept.
"""

from homeroom.claims.article.model import Article, ArticleClaim
from homeroom.claims.article.reading import read_article

__all__ = ["Article", "ArticleClaim", "read_article"]
