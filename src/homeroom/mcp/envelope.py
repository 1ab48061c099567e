"""What every answer to an assistant holds: words first, then scope, doubt, coverage, citation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from homeroom.report.plain_values import finite
from homeroom.version import __version__

if TYPE_CHECKING:
    from homeroom.api import Homeroom

NO_FIGURE = "No figure of a place stands in this answer."


class Answer(TypedDict):
    """An answer that can be passed on: what it says, and all that must be said with it.

    Attributes
    ----------
    answer
        The answer in a sentence or two, with scope and doubt where a number needs them.
    scope
        Whom the figures speak for, or that no figure is in the answer.
    doubt
        Why the figure is doubtful; None where no quality rule doubts it.
    coverage
        Share of the place's students in the figure, 0 to 1; None where there is no such share.
    sources
        Files and studies behind the answer.
    citation
        How to cite it, with the version of the data.
    data
        The answer as data, as the API gives it.
    """

    answer: str
    scope: str
    doubt: str | None
    coverage: float | None
    sources: list[str]
    citation: str
    data: dict[str, Any]


def cited(room: Homeroom) -> str:
    """Return how to cite what a store answers."""
    meta = room.meta
    return (
        f"Homeroom, version {__version__}, data version {meta['data_version']} "
        f"(built {meta['built_at'][:10]})."
    )


def answered(
    room: Homeroom,
    answer: str,
    data: dict[str, Any],
    *,
    scope: str = NO_FIGURE,
    doubt: str | None = None,
    coverage: float | None = None,
    sources: list[str] | None = None,
) -> Answer:
    """Return an answer with its citation.

    Parameters
    ----------
    room
        The store that answered.
    answer, data, scope, doubt, coverage, sources
        See :class:`Answer`.
    """
    return Answer(
        answer=answer, scope=scope, doubt=doubt, coverage=coverage, sources=sources or [],
        citation=cited(room), data=finite(data),
    )  # fmt: skip
