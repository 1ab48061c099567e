"""Figures in doubt beside what is left without the schools in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from homeroom.evidence.store import Store
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.question import Question


def screened(question: Question) -> Question:
    """Return a question with the schools in doubt left out, which only sums over schools can do."""
    return replace(question, policy="screened", basis="schools")


def without_doubt(store: Store, figures: Sequence[Figure]) -> list[Figure | None]:
    """Return, for each figure in doubt, the figure without the schools in doubt.

    Returns
    -------
    list
        None for a figure that isn't in doubt, and where nothing comparable is left.
    """
    doubtful = [one for one in figures if one.doubtful]
    again = iter(answer(store, [screened(one.question) for one in doubtful]))
    return [
        two if one.doubtful and comparable(one, two := next(again)) else None for one in figures
    ]


def comparable(published: Figure, left: Figure) -> bool:
    """Return whether two figures differ by the schools in doubt, and by no others.

    A sum over the schools of three states says nothing of what the nation's table would be without
    the schools in doubt.
    """
    return left.value is not None and (published.basis == left.basis or left.whole)
