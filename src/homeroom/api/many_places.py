"""Questions on every place of a level at once: disparities, and the tidy panel."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from homeroom.api.choices import (
    Axis,
    Basis,
    Level,
    Measure,
    Policy,
    Section504,
    Statistic,
    Wave,
)
from homeroom.evidence import sql
from homeroom.evidence.resolve import resolve
from homeroom.evidence.store import Store
from homeroom.figures import disparities, panel
from homeroom.figures.answer_frame import AnswerFrame
from homeroom.figures.latest import latest_wave
from homeroom.vocabulary.groups import OTHERS


class ManyPlaces:
    """What :class:`homeroom.api.asking.Asking` asks of many places."""

    store: Store

    def resolve(self, place: str) -> str:
        """Return the id of a place.

        Parameters
        ----------
        place
            An id (``lea:4808940``), a postal code (``TX``), or a name (``Austin ISD``).

        Raises
        ------
        AmbiguousPlace
            Several places have such a name; ``choices`` lists them.
        UnknownPlace
            None has.
        """
        return resolve(self.store, place).place_id

    def disparity(
        self,
        measure: Measure = "arrests",
        wave: Wave | None = None,
        *,
        level: Level = "state",
        within: str = "US",
        by: Axis | Sequence[Axis] = ("race",),
        versus: str = OTHERS,
        statistics: Sequence[Statistic] = ("rate", "ratio"),
        policy: Policy = "published",
        basis: Basis | None = None,
        section504: Section504 = "with",
    ) -> pl.DataFrame:
        """Return disparities of every place of a level at once.

        Parameters
        ----------
        measure, by, policy, section504
            As for :meth:`rate`.
        wave
            A wave; if none is named, the latest usable one of ``within`` at that level.
        level
            nation, state, district, or school.
        within
            Only places inside this one: an id, a postal code, or a name.
        versus
            ``others``, or a category of the first axis.
        statistics
            What to compute; each brings its interval and a reason.
        basis
            ``state_table`` or ``schools``; each place's default if none is named.

        Returns
        -------
        polars.DataFrame
            See :func:`homeroom.figures.disparities.disparities`.

        Raises
        ------
        BadInput
            A value that does not exist, or a level whose places are larger than ``within``.
        NotAvailable
            The store has nothing of the wave.
        """
        area = self.resolve(within)
        summed = basis or ("" if level in ("nation", "state") else "schools")
        chosen = wave or latest_wave(self.store, measure, area, policy, summed)
        return disparities.disparities(
            self.store, measure, chosen,
            level=level, within=area, by=_several(by), versus=versus, statistics=statistics,
            policy=policy, basis=basis or "", section504=section504,
        )  # fmt: skip

    disparities = disparity
    """The same, under its older name."""

    def panel(
        self,
        measures: Measure | Sequence[Measure] = ("arrests",),
        waves: Wave | Sequence[Wave] = (),
        by: Axis | Sequence[Axis] = (),
        level: Level = "district",
        within: str = "US",
        *,
        policy: Policy = "published",
        section504: Section504 = "with",
    ) -> pl.DataFrame:
        """Return one tidy frame: a row a place, wave, measure, and group, ready to join and model.

        Parameters
        ----------
        measures
            One measure or several.
        waves
            One wave or several; every wave in the store if none is named.
        by
            One axis or several to cross: race, sex, disability. All students have a row in any
            case.
        level
            nation, state, district, or school.
        within
            Only places inside this one; schools need a state or a district.
        policy, section504
            As for :meth:`rate`.

        Returns
        -------
        polars.DataFrame
            The columns of :class:`homeroom.figures.panel.PanelRow`, then those of staff. The ids
            (``leaid``, ``combokey``, ``fips``) are text with their leading zeros. Where there is no
            number, ``status`` and ``reason`` say why: a null is never zero.

        Raises
        ------
        BadInput
            A value that does not exist, or a level whose places are larger than ``within``.
        NotAvailable
            The store has nothing of these waves.
        """
        found = panel.panel(
            self.store, _several(measures), _several(waves),
            by=_several(by), level=level, within=self.resolve(within), policy=policy,
            section504=section504,
        )  # fmt: skip
        return AnswerFrame(found)

    def districts(self, state: str) -> list[dict[str, object]]:
        """Return id, name, students, longitude and latitude of every district of a state.

        Parameters
        ----------
        state
            Postal code.
        """
        return sql.frame(
            self.store.con,
            "SELECT place_id, name, students, longitude, latitude FROM place "
            "WHERE kind = 'district' AND state = ? ORDER BY place_id",
            [state],
        ).to_dicts()


def axes_of(by: Axis | Sequence[Axis]) -> tuple[Axis, ...]:
    """Return one axis or several as several."""
    return (by,) if isinstance(by, str) else tuple(by)


def _several(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
