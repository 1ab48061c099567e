"""Model estimates that an open store answers beside the raw figures."""

from __future__ import annotations

from typing import Any

from homeroom.evidence.resolve import resolve
from homeroom.evidence.store import Store


class Estimating:
    """What the model says of places; :class:`homeroom.api.Homeroom` adds all others."""

    store: Store

    def estimate(
        self,
        place: str,
        outcome: str = "arrests",
        wave: str | None = None,
        *,
        spec: str = "black_white",
        group: str = "black",
        versus: str = "white",
        above: tuple[float, ...] = (1.0, 2.0),
    ) -> dict[str, Any]:
        """Return rate, ratio, and rank of a district from a hierarchical model, with intervals.

        Parameters
        ----------
        place
            A district's id or name; for a state or ``US``, the student-weighted contrast.
        outcome
            Measure id.
        wave
            A wave that was fitted; by default the latest.
        spec
            Specification, such as ``black_white``, ``disparity``, or ``unified``.
        group, versus
            Groups that the ratio compares: white, black, hispanic, or other.
        above
            Values for which the probability that the ratio exceeds them is given.

        Returns
        -------
        dict
            Sentence, 50%, 80%, and 95% intervals, probabilities, how far the data move the
            district's own contrast, and under ``raw`` the figure as reported.

        Raises
        ------
        BadInput
            The place is a school, or both groups are the same.
        NotAvailable
            No fit has the place; ``homeroom estimate fit`` makes one.
        """
        from homeroom.estimates.answer import answer  # noqa: PLC0415 - keeps `import` quick

        area = resolve(self.store, place)
        found = answer(
            self.store, area.place_id, outcome, wave, spec=spec, group=group, versus=versus,
            above=above,
        )  # fmt: skip
        return {"name": self.name(area.place_id), **found}

    def name(self, place: str) -> str:
        """Return a place's name: see :class:`homeroom.api.Homeroom`."""
        raise NotImplementedError
