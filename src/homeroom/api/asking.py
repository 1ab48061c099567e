"""Questions on counts that an open store answers: rates, ratios, staff, gaps, peers, trends.

Every face asks here, so that Python, the command line, and the website give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from homeroom.api.choices import (
    Average,
    Axis,
    Basis,
    Comparator,
    Disability,
    Measure,
    Policy,
    Schools,
    Section504,
    Sex,
    Wave,
)
from homeroom.api.many_places import ManyPlaces, axes_of
from homeroom.errors import BadInput
from homeroom.figures import (
    engine,
    gaps,
    officers,
    outcomes,
    peers,
    rates,
    rows,
    staffing,
    trend,
)
from homeroom.figures.figure import Figure
from homeroom.figures.latest import dated, latest_staff_wave, latest_wave
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import OTHERS, Group


class Asking(ManyPlaces):
    """The questions on counts; :class:`homeroom.api.Homeroom` adds all others."""

    def rate(
        self,
        measure: Measure = "arrests",
        place: str = "US",
        wave: Wave | None = None,
        *,
        by: Axis | Sequence[Axis] = (),
        policy: Policy = "published",
        basis: Basis | None = None,
        section504: Section504 = "with",
    ) -> pl.DataFrame:
        """Return counts and rates by group.

        Parameters
        ----------
        measure
            What is counted: arrests, referrals, iss, oss, expulsions, and so on.
        place
            An id, a postal code, or a name.
        wave
            A wave of the Civil Rights Data Collection, as ``2017-18``; the latest usable one if
            none is named, and the notes say which.
        by
            One axis or several to cross: race, sex, disability.
        policy
            ``published`` as OCR published, or ``screened`` without doubtful figures.
        basis
            ``state_table`` for OCR's own totals, or ``schools`` for sums over schools; without it,
            the state table for the nation and states where one exists.
        section504
            Whether totals count students served under Section 504 only, ``with`` or ``without``.

        Returns
        -------
        polars.DataFrame
            The columns of :class:`homeroom.figures.rates.RateRow`; rates per 10,000 students.

        Raises
        ------
        BadInput
            A value that does not exist.
        NotAvailable
            The store holds no such figure.
        """
        axes = axes_of(by)
        found = self.figures(
            measure, place, wave, by=axes, policy=policy, basis=basis, section504=section504
        )
        return rows.frame(rates.rate_rows(self.store, found, axes), rates.RateRow)

    def figures(
        self,
        measure: Measure = "arrests",
        place: str = "US",
        wave: Wave | None = None,
        *,
        by: Axis | Sequence[Axis] = (),
        policy: Policy = "published",
        basis: Basis | None = None,
        section504: Section504 = "with",
    ) -> list[Figure]:
        """Return the figures behind :meth:`rate`, with all that they speak for.

        Parameters
        ----------
        measure, place, wave, by, policy, basis, section504
            As for :meth:`rate`.
        """
        area = self.resolve(place)
        found = rates.rates(
            self.store, measure, area, wave or latest_wave(self.store, measure, area, policy),
            by=axes_of(by), policy=policy, basis=basis, section504=section504,
        )  # fmt: skip
        return dated(found, wave)

    def ratio(
        self,
        measure: Measure = "arrests",
        group: str = "black",
        versus: str = "white",
        place: str = "US",
        wave: Wave | None = None,
        *,
        comparator: Comparator = "group",
        sex: Sex = "all",
        disability: Disability = "all",
        section504: Section504 = "with",
        policy: Policy = "published",
        basis: Basis | None = None,
        average: Average = "pooled",
        schools: Schools = "all",
    ) -> Figure:
        """Return how many times the rate of one group is that of another, with its interval.

        Parameters
        ----------
        measure, place, wave, section504, policy, basis
            As for :meth:`rate`.
        group
            Whose rate; pool with ``+`` (black+hispanic), cross with ``/`` (black/male).
        versus
            Another group, or ``others`` for everyone else.
        comparator
            ``group``, or ``same_group`` to compare schools with an officer and without; nobody is
            named in ``versus`` then.
        sex, disability
            Keep both sides to these students.
        average
            ``pooled`` over all students, or ``mean_of_schools``.
        schools
            Which schools.

        Raises
        ------
        BadInput
            A value that does not exist, or nobody to compare with.
        NotAvailable
            No wave was named, and the store holds no figure of any.
        """
        if not versus and comparator == "group":
            raise BadInput(f"versus: expected a group or `{OTHERS}`, found nothing.")
        area = self.resolve(place)
        chosen = wave or latest_wave(self.store, measure, area, policy)
        question = Question(
            measure, Group(group), Group(versus) if versus and comparator == "group" else "",
            comparator, area, chosen, sex, disability, section504, policy, basis or "", average,
            schools,
        )  # fmt: skip
        return dated(self.answer([question]), wave)[0]

    def answer(self, questions: Sequence[Question]) -> list[Figure]:
        """Answer rates and ratios as data, ten thousand as quickly as one.

        Parameters
        ----------
        questions
            Their places are ids.
        """
        return engine.answer(self.store, questions)

    def staff(
        self, place: str = "US", wave: Wave | None = None, *, policy: Policy = "published"
    ) -> pl.DataFrame:
        """Return adults beside students, role by role.

        Parameters
        ----------
        place, wave, policy
            As for :meth:`rate`.

        Returns
        -------
        polars.DataFrame
            The columns of :class:`homeroom.figures.staffing.StaffRow`.

        Raises
        ------
        NotAvailable
            The store holds no staff of the place and wave.
        """
        area = self.resolve(place)
        found = staffing.staffing(
            self.store, area, wave or latest_staff_wave(self.store, area, policy), policy=policy
        )
        return rows.frame(staffing.staff_rows(dated(found, wave)), staffing.StaffRow)

    def gaps(
        self, place: str = "US", wave: Wave | None = None, *, policy: Policy = "published"
    ) -> pl.DataFrame:
        """Return students in schools with police and without support, set by set.

        Parameters
        ----------
        place, wave, policy
            As for :meth:`rate`.

        Returns
        -------
        polars.DataFrame
            The columns of :class:`homeroom.figures.gaps.GapRow`.

        Raises
        ------
        NotAvailable
            The store holds no staff of the place and wave.
        """
        area = self.resolve(place)
        found = gaps.police_without_support(
            self.store, area, wave or latest_staff_wave(self.store, area, policy), policy=policy
        )
        return rows.frame(gaps.gap_rows(dated(found, wave)), gaps.GapRow)

    def officers(
        self,
        measure: Measure = "arrests",
        place: str = "US",
        wave: Wave | None = None,
        *,
        policy: Policy = "published",
    ) -> pl.DataFrame:
        """Return rates of schools with and without officers: an association, not an effect.

        Parameters
        ----------
        measure, place, policy
            As for :meth:`rate`.
        wave
            As for :meth:`rate`; the latest with figures of schools if none is named.

        Returns
        -------
        polars.DataFrame
            The columns of :class:`homeroom.figures.officers.OfficerRow`.

        Raises
        ------
        NotAvailable
            The store holds no school figures of the place and wave.
        """
        area = self.resolve(place)
        chosen = wave or latest_wave(self.store, measure, area, policy, "schools")
        found = officers.contrast(self.store, measure, area, chosen, policy=policy)
        if wave is None:
            found = [replace(one, pooled=dated([one.pooled], wave)[0]) for one in found]
        return rows.frame(officers.contrast_rows(found), officers.OfficerRow)

    def peers(
        self,
        place: str,
        *,
        count: int = 10,
        weights: Mapping[str, float] | None = None,
        same_state: bool = False,
    ) -> pl.DataFrame:
        """Return the places most like a place: see :func:`homeroom.figures.peers.peers`.

        Parameters
        ----------
        place
            A district or a state, by id or name.
        count
            How many.
        weights
            Weight of each feature; features left out weigh nothing.
        same_state
            Only places of the same state.

        Raises
        ------
        NotAvailable
            The store has nothing to compare the place on.
        """
        return peers.peers(
            self.store, self.resolve(place), count=count, weights=weights, same_state=same_state
        )

    def standing(
        self,
        place: str,
        others: Iterable[str],
        measure: Measure = "arrests",
        wave: Wave | None = None,
        *,
        group: str = "all",
        policy: Policy = "published",
    ) -> dict[str, Any]:
        """Return where a place's rate stands among others of its kind.

        Parameters
        ----------
        place, measure, wave, policy
            As for :meth:`rate`.
        others
            Ids or names.
        group
            Whose rate.

        Returns
        -------
        dict
            See :func:`homeroom.figures.peers.ranked`, with the wave and the figure's note.

        Raises
        ------
        NotAvailable
            No wave was named, and the store holds no figure of any.
        """
        area = self.resolve(place)
        among = [self.resolve(one) for one in others]
        chosen = wave or latest_wave(self.store, measure, area, policy)
        (own,) = self.answer(
            [Question(measure, Group(group), place=area, wave=chosen, policy=policy)]
        )
        found = peers.standing(
            self.store, area, among, measure, chosen, group=group, policy=policy
        )  # fmt: skip
        (said,) = dated([own], wave)
        return {"wave": chosen, **found, "note": said.note}

    def trend(
        self, measure: Measure = "arrests", place: str = "US", *, policy: Policy = "published"
    ) -> pl.DataFrame:
        """Return rates over waves by race, with every break marked.

        Parameters
        ----------
        measure, place, policy
            As for :meth:`rate`.

        Returns
        -------
        polars.DataFrame
            The columns of :class:`homeroom.figures.trend.TrendRow`.

        Raises
        ------
        NotAvailable
            The store holds no figure of the place in any wave.
        """
        found = trend.trend(self.store, measure, self.resolve(place), policy=policy)
        return rows.frame(found, trend.TrendRow)

    def outcomes(
        self,
        place: str = "US",
        measures: Sequence[Measure] = ("arrests", "referrals"),
        *,
        policy: Policy = "published",
    ) -> list[Figure]:
        """Return the rates of a place by race, measure by measure and wave by wave.

        Parameters
        ----------
        place, policy
            As for :meth:`rate`.
        measures
            What is counted.
        """
        return outcomes.outcomes(self.store, self.resolve(place), policy, measures)
