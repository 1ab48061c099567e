"""Figures in doubt beside what is left without the schools in doubt.

A sum over schools leaves them out. OCR's state tables are totals, so there the counts of the
schools in doubt, as far as the store has them, are taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace

import numpy as np

from homeroom.evidence.store import Store
from homeroom.figures.engine import Evaluated, computed, evaluate
from homeroom.figures.figure import NOT_AT_HAND, Figure
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question, sides_of
from homeroom.figures.standing import Standing

TABLE_NOTE = "OCR's state table without the counts of the schools in doubt"


def screened(question: Question) -> Question:
    """Return a question with the schools in doubt left out, as a sum over schools."""
    return replace(question, policy="screened", basis="schools")


def without_doubt(store: Store, figures: Sequence[Figure]) -> list[Figure | None]:
    """Return, for each figure in doubt, the figure without the schools in doubt.

    Returns
    -------
    list
        None for a figure that isn't in doubt, and where nothing is left.
    """
    at = [number for number, one in enumerate(figures) if one.doubtful]
    left = evaluate_left(store, [figures[number].question for number in at])
    out: list[Figure | None] = [None] * len(figures)
    for number, place in enumerate(at):
        found = left_figure(left, number)
        out[place] = found if found.value is not None else None
    return out


def evaluate_left(store: Store, questions: Sequence[Question]) -> Evaluated:
    """Answer questions without the schools in doubt; tables stay tables."""
    published = evaluate(store, questions)
    sums = evaluate(store, [screened(question) for question in questions])
    whole = evaluate(store, [replace(question, basis="schools") for question in questions])
    counts = copy(sums.counts)
    tabled = np.array([basis == "state_table" for basis in published.counts.basis], dtype=bool)
    known = np.array([why is None for why in whole.counts.why], dtype=bool)
    for name in ("x1", "n1", "x2", "n2"):
        table, before, after = (getattr(one.counts, name) for one in (published, whole, sums))
        off = before - np.where(np.isnan(after), 0.0, after)
        setattr(counts, name, np.where(tabled, np.maximum(table - off, 0), after))
    for name in ("apart", "coverage", "coverage_schools", "in_store", "total"):
        table, after = (getattr(one.counts, name) for one in (published, sums))
        setattr(counts, name, np.where(tabled, table, after))
    with np.errstate(invalid="ignore", divide="ignore"):
        kept = counts.n1 / published.counts.n1
    counts.coverage = np.where(tabled, published.counts.coverage * kept, counts.coverage)
    counts.why, counts.basis = list(counts.why), list(counts.basis)
    for at in np.flatnonzero(tabled):
        # Without school files nobody knows what the schools in doubt counted.
        counts.why[at] = published.counts.why[at] or (None if known[at] else NOT_AT_HAND)
        counts.basis[at] = "state_table"
    asked = [
        replace(question, policy="screened", basis="state_table" if table else "schools")
        for question, table in zip(questions, tabled, strict=True)
    ]
    sides = [sides_of(question) for question in asked]
    return computed(asked, sides, counts, Standing(QueryCache.of(store)))


def left_figure(left: Evaluated, at: int) -> Figure:
    """Return one figure of :func:`evaluate_left`, with a note where it's what a table leaves."""
    found = left.figure(at)
    if found.basis != "state_table":
        return found
    return replace(found, note=f"{TABLE_NOTE}. {found.note}" if found.note else TABLE_NOTE)
