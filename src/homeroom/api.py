"""The one door: ``homeroom.open()`` returns a :class:`Homeroom`, and that answers questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import duckdb
import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import places, sql
from homeroom.evidence.build import build
from homeroom.evidence.find import Found, PlaceIndex
from homeroom.evidence.resolve import index_of, resolve
from homeroom.evidence.store import Store, store_path
from homeroom.figures import (
    disparities,
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
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import OTHERS, Group
from homeroom.vocabulary.waves import usual

if TYPE_CHECKING:
    from homeroom.claims.check import Checked
    from homeroom.law.act.check import Check
    from homeroom.plans.document import Plan
    from homeroom.plans.simulate import Result

Policy = Literal["published", "screened"]
Basis = Literal["state_table", "schools"]
Axis = Literal["race", "sex", "disability"]
Level = Literal["nation", "state", "district", "school"]
Section504 = Literal["with", "without"]
Average = Literal["pooled", "mean_of_schools"]
Schools = Literal["all", "with_officer", "without_officer", "regular", "high"]


class Homeroom:
    """An open store. Use it in a ``with`` block, or call :meth:`close`.

    Wherever a place is asked for, an id (``lea:4808940``, ``US-TX``, ``US``), a postal code, or a
    name (``Austin ISD``) will do. Where no wave is named, the latest usable one answers, and the
    answer says which.

    Parameters
    ----------
    path
        A store; see :func:`open_store`.
    """

    def __init__(self, path: Path) -> None:
        self.store = Store(path)

    def __repr__(self) -> str:
        return f"<Homeroom {self.path} data {self.meta.get('data_version', '?')}>"

    @property
    def path(self) -> Path:
        """The store's file."""
        return self.store.path

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """A cursor on the store, for SQL of one's own."""
        return self.store.con

    @property
    def index(self) -> PlaceIndex:
        """The search index over places, made at the first search."""
        return index_of(self.store)

    @property
    def meta(self) -> dict[str, str]:
        """Schema version, Homeroom version, time of the build, data version, who may see it."""
        return self.store.meta

    @property
    def access(self) -> str:
        """Who may see this store, ``public`` or ``confidential``."""
        return self.store.access

    def find(self, query: str, limit: int = 10) -> list[Found]:
        """Return places by name, typos tolerated, best first.

        Parameters
        ----------
        query
            A name, perhaps with a state.
        limit
            How many at most.
        """
        return self.index.find(query, limit)

    def resolve(self, place: str) -> str:
        """Return the id of a place.

        Parameters
        ----------
        place
            An id, a postal code, or a name.

        Raises
        ------
        Ambiguous
            Several places have such a name; ``choices`` lists them.
        NotAvailable
            None has.
        """
        return resolve(self.store, place).place_id

    def place(self, place: str) -> dict[str, object]:
        """Return what is known of a place itself: the columns of table `place`.

        Parameters
        ----------
        place
            An id, a postal code, or a name.

        Raises
        ------
        NotAvailable
            The store has no such place.
        """
        return places.facts(self.con, resolve(self.store, place))

    def rate(
        self,
        measure: str,
        place: str = "US",
        wave: str | None = None,
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
            A CRDC wave, as ``2017-18``; the latest usable one if none is named.
        by
            One axis or several to cross: race, sex, disability.
        policy
            ``published`` as OCR published, or ``screened`` without doubtful figures.
        basis
            ``state_table`` or ``schools``; the place's default if none is named.
        section504
            Whether totals count students served under Section 504 only.

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
        axes = (by,) if isinstance(by, str) else tuple(by)
        found = self.figures(
            measure, place, wave, by=axes, policy=policy, basis=basis, section504=section504
        )
        return rows.frame(rates.rate_rows(self.store, found, axes), rates.RateRow)

    def figures(
        self,
        measure: str,
        place: str = "US",
        wave: str | None = None,
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
        axes = (by,) if isinstance(by, str) else tuple(by)
        asked: dict[str, Any] = {"by": axes, "policy": policy, "section504": section504}
        chosen = wave or self._latest(measure, area, policy)
        found = rates.rates(self.store, measure, area, chosen, basis=basis, **asked)
        return found if wave else [_dated(one) for one in found]

    def ratio(
        self,
        measure: str = "arrests",
        group: str = "black",
        versus: str = "white",
        place: str = "US",
        wave: str | None = None,
        *,
        comparator: Literal["group", "same_group"] = "group",
        sex: str = "all",
        disability: str = "all",
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
            ``group``, or ``same_group`` to compare schools with an officer and without.
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
        """
        if not versus and comparator == "group":
            raise BadInput(f"versus: expected a group or `{OTHERS}`, found nothing.")
        area = self.resolve(place)
        chosen = wave or self._latest(measure, area, policy)
        question = Question(
            measure, Group(group), Group(versus) if versus and comparator == "group" else "",
            comparator, area, chosen, sex, disability, section504, policy, basis or "", average,
            schools,
        )  # fmt: skip
        (found,) = self.answer([question])
        return found if wave else _dated(found)

    def answer(self, questions: Sequence[Question]) -> list[Figure]:
        """Answer rates and ratios as data, ten thousand as quickly as one.

        Parameters
        ----------
        questions
            Their places are ids.
        """
        return engine.answer(self.store, questions)

    def staff(
        self, place: str = "US", wave: str | None = None, *, policy: Policy = "published"
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
            self.store, area, wave or self._latest_staff(area, policy), policy=policy
        )
        return rows.frame(staffing.staff_rows(found), staffing.StaffRow)

    def gaps(
        self, place: str = "US", wave: str | None = None, *, policy: Policy = "published"
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
        """
        area = self.resolve(place)
        found = gaps.police_without_support(
            self.store, area, wave or self._latest_staff(area, policy), policy=policy
        )
        return rows.frame(gaps.gap_rows(found), gaps.GapRow)

    def officers(
        self,
        measure: str = "arrests",
        place: str = "US",
        wave: str | None = None,
        *,
        policy: Policy = "published",
    ) -> pl.DataFrame:
        """Return rates of schools with and without officers: an association, not an effect.

        Parameters
        ----------
        measure, place, wave, policy
            As for :meth:`rate`.

        Returns
        -------
        polars.DataFrame
            The columns of :class:`homeroom.figures.officers.OfficerRow`.
        """
        area = self.resolve(place)
        found = officers.contrast(
            self.store, measure, area, wave or self._latest(measure, area, policy), policy=policy
        )
        return rows.frame(officers.contrast_rows(found), officers.OfficerRow)

    def disparities(
        self,
        measure: str = "arrests",
        wave: str = "2017-18",
        *,
        level: Level = "district",
        within: str = "US",
        by: Axis | Sequence[Axis] = ("race",),
        versus: str = OTHERS,
        statistics: Sequence[str] = ("rate", "ratio"),
        policy: Policy = "published",
        basis: Basis | None = None,
        section504: Section504 = "with",
    ) -> pl.DataFrame:
        """Return disparities of every place of a level at once.

        Parameters
        ----------
        measure, wave, by, policy, basis, section504
            As for :meth:`rate`.
        level
            nation, state, district, or school.
        within
            Only places inside this one.
        versus
            ``others``, or a category of the first axis.
        statistics
            Some of :data:`homeroom.figures.disparities.STATISTICS`.

        Returns
        -------
        polars.DataFrame
            See :func:`homeroom.figures.disparities.disparities`.
        """
        return disparities.disparities(
            self.store, measure, wave, level=level, within=self.resolve(within),
            by=(by,) if isinstance(by, str) else tuple(by), versus=versus, statistics=statistics,
            policy=policy, basis=basis or "", section504=section504,
        )  # fmt: skip

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
        """
        return peers.peers(
            self.store, self.resolve(place), count=count, weights=weights, same_state=same_state
        )

    def standing(
        self,
        place: str,
        others: Iterable[str],
        measure: str = "arrests",
        wave: str | None = None,
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
        """
        area = self.resolve(place)
        return peers.standing(
            self.store, area, [self.resolve(one) for one in others], measure,
            wave or self._latest(measure, area, policy), group=group, policy=policy,
        )  # fmt: skip

    def trend(
        self, measure: str = "arrests", place: str = "US", *, policy: Policy = "published"
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
        """
        found = trend.trend(self.store, measure, self.resolve(place), policy=policy)
        return rows.frame(found, trend.TrendRow)

    def outcomes(
        self,
        place: str,
        measures: Sequence[str] = outcomes.OUTCOMES,
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

    def check(self, claim: str) -> Checked:
        """Hold a claim, by its id or as a sentence, against every defensible definition.

        Parameters
        ----------
        claim
            An id of the catalogue, or a sentence.

        Raises
        ------
        Ambiguous
            The sentence has several readings; ``choices`` lists them.
        """
        from homeroom.claims import check  # noqa: PLC0415  (claims load a grammar)

        return check.check(
            self.store,
            claim,
            finder=self.index.find,
            namer=lambda place: str(self.place(place)["name"]),
        )

    def plan(
        self,
        document: Plan | Mapping[str, object] | str,
        *,
        seed: int = 20210617,
        draws: int = 4000,
    ) -> Result:
        """Run a plan: what it costs, whom it staffs, what research says it changes.

        Parameters
        ----------
        document
            A plan as read, as a mapping, or as YAML text; its place may be a name.
        seed, draws
            Of the random numbers: the same plan, store, seed, and draws give the same bytes.

        Returns
        -------
        homeroom.plans.simulate.Result
            ``as_dict`` gives what the command line prints as JSON; ``doubts`` what must stand
            beside the price.

        Raises
        ------
        BadInput
            The plan contradicts itself, or takes away more than there is.
        NotAvailable
            The store holds no staff of the place and wave, or no price is known.
        """
        from homeroom.plans import document as documents  # noqa: PLC0415  (plans load SciPy)
        from homeroom.plans.simulate import simulate  # noqa: PLC0415

        if isinstance(document, str):
            asked = documents.read(document, named=self.resolve)
        elif isinstance(document, documents.Plan):
            asked = replace(document, place=self.resolve(document.place))
        else:
            asked = documents.from_dict(dict(document), named=self.resolve)
        return simulate(asked, self.store, seed=seed, draws=draws)

    def survey(
        self,
        item: str | None = None,
        domain: Literal["all", "level", "locale", "size", "minority"] = "all",
        year: int | None = None,
        *,
        theme: str | None = None,
    ) -> pl.DataFrame:
        """Return what principals report nationwide, with 95 % intervals.

        Parameters
        ----------
        item
            A question, as ``officer``; its other wordings come with it. All questions if None.
        domain
            How schools are grouped.
        year
            Spring of one survey's school year; all years if None.
        theme
            All questions of a theme, instead of one.

        Returns
        -------
        polars.DataFrame
            The columns of :data:`homeroom.context.survey.COLUMNS`.

        Raises
        ------
        BadInput
            An unknown question, domain, theme, or year.
        NotAvailable
            The survey did not ask this, or its file lacks it.
        """
        from homeroom.context.survey import survey  # noqa: PLC0415  (loads SciPy)

        return survey(self.store, item, domain, year, theme=theme)

    def shootings(self) -> pl.DataFrame:
        """Return school shootings by school year and by what is recorded on officers.

        Returns
        -------
        polars.DataFrame
            See :func:`homeroom.context.shootings.shootings`; what the counts cannot show stands
            in :data:`homeroom.context.shootings.CANNOT`.

        Raises
        ------
        NotAvailable
            The store has no counts of shootings.
        """
        from homeroom.context.shootings import shootings  # noqa: PLC0415  (loads SciPy)

        return shootings(self.store)

    def research(
        self,
        intervention: str | None = None,
        outcome: str | None = None,
        *,
        grade: Literal["strong", "strong_moderate", "moderate", "suggestive", "weak"] | None = None,
        verified: bool | None = None,
    ) -> pl.DataFrame:
        """Return what studies found, on every side of a question, a finding a row.

        Parameters
        ----------
        intervention
            For example ``sro_presence`` or ``additional_counselor``; all if None.
        outcome
            For example ``school_arrests`` or ``suspensions``; all if None.
        grade
            How much weight the study's design bears.
        verified
            True keeps what was read in the publication, False what is known from a report.

        Returns
        -------
        polars.DataFrame
            See :func:`homeroom.research.findings`.

        Raises
        ------
        BadInput
            A name that the library lacks.
        """
        from homeroom.research import findings  # noqa: PLC0415  (loads the library)

        return findings(intervention, outcome, grade, verified)

    def act(
        self,
        place: str | None = None,
        facts: Mapping[str, object] | None = None,
        *,
        version: str | int = "2025",
        boundary: Literal["at_least", "more_than"] = "at_least",
    ) -> Check:
        """Answer what the Counseling Not Criminalization in Schools bill would ask of a district.

        Parameters
        ----------
        place
            A district, by id or name; None for none in particular.
        facts
            What is known of it: the keys of :class:`homeroom.law.act.facts.LeaFacts`. What is not
            given is unknown, and named so.
        version
            Year or id of the bill.
        boundary
            Whether the last day of a waiting time is enough.

        Returns
        -------
        homeroom.law.act.check.Check
            ``as_dict`` gives what the command line prints as JSON.

        Raises
        ------
        BadInput
            A fact, version, or place that makes no sense.
        """
        from homeroom.law.act import check  # noqa: PLC0415  (loads the bill)
        from homeroom.law.act.facts import facts_from  # noqa: PLC0415

        known = facts_from(None if facts is None else dict(facts))
        area = None if place is None else self.resolve(place)
        return check(known, version=version, place=area, boundary=boundary)

    def districts(self, state: str) -> list[dict[str, object]]:
        """Return id, name, students, longitude and latitude of every district of a state.

        Parameters
        ----------
        state
            Postal code.
        """
        return sql.frame(
            self.con,
            "SELECT place_id, name, students, longitude, latitude FROM place "
            "WHERE kind = 'district' AND state = ? ORDER BY place_id",
            [state],
        ).to_dicts()

    def table(self, name: str) -> pl.DataFrame:
        """Return a whole table or view of the store, for those who would rather work on it all.

        Parameters
        ----------
        name
            A table of the data dictionary.

        Raises
        ------
        NotAvailable
            There is no such table.
        """
        known = [
            str(row[0])
            for row in sql.rows(self.con, "SELECT table_name FROM information_schema.tables")
        ]
        if name not in known:
            raise NotAvailable(f"table {name!r}: expected one of {', '.join(sorted(known))}.")
        return sql.frame(self.con, f"SELECT * FROM {name}")

    def _latest(self, measure: str, place: str, policy: str) -> str:
        """Return the latest wave with a figure of the place; the pandemic year comes last."""
        rates.measure_of(measure)
        found = outcomes.outcomes(self.store, place, policy, (measure,))
        chosen = outcomes.usual_wave(found, measure)
        if chosen is None:
            raise NotAvailable(
                f"{measure} of {place}: expected a figure of some wave in the store, found none."
            )
        return chosen

    def _latest_staff(self, place: str, policy: str) -> str:
        found = staffing.staff_over_waves(self.store, place, policy)
        chosen = usual({one.wave for one in found if one.whole and one.fte is not None}) or usual(
            {one.wave for one in found}
        )
        if chosen is None:
            raise NotAvailable(f"Staff of {place}: expected some wave in the store, found none.")
        return chosen

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _dated(one: Figure) -> Figure:
    """Say which wave was chosen for a question that named none."""
    said = f"Latest usable wave: {one.question.wave}"
    return replace(one, note=f"{said}. {one.note}" if one.note else said)


def open_store(path: str | Path | None = None) -> Homeroom:
    """Open a store; where none is named and none exists, build one from the starter facts.

    Parameters
    ----------
    path
        A store; by default ``HOMEROOM_STORE``, or the one in the user's data folder.
    """
    chosen = Path(path) if path else store_path()
    if path is None and not chosen.exists():
        build([], chosen)
    return Homeroom(chosen)
