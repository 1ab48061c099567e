"""The one door: ``homeroom.open()`` returns a :class:`Homeroom`, and that answers questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import duckdb
import polars as pl

from homeroom.api.articles import Articles
from homeroom.api.asking import Asking
from homeroom.api.checking import verify
from homeroom.api.choices import ChartKind, Measure, Policy, Wave
from homeroom.api.estimating import Estimating
from homeroom.errors import NotAvailable, StoreTooNew
from homeroom.evidence import places, provenance, sql
from homeroom.evidence.build import build
from homeroom.evidence.find import Found, PlaceIndex
from homeroom.evidence.resolve import index_of, resolve, search
from homeroom.evidence.store import Store, only_starter, store_path
from homeroom.extras import needs

if TYPE_CHECKING:
    import altair as alt

    from homeroom.claims.checked import Checked
    from homeroom.law.act import LeaFacts
    from homeroom.law.act.check import Check
    from homeroom.plans.document import Plan
    from homeroom.plans.simulate import Result
    from homeroom.report.brief import BriefContent
    from homeroom.report.picture import Picture
    from homeroom.report.profile import Profile


class Homeroom(Asking, Articles, Estimating):
    """An open store. Use it in a ``with`` block, or call :meth:`close`.

    Wherever a place is asked for, an id (``lea:4808940``, ``US-TX``, ``US``), a postal code, or a
    name (``Austin ISD``) will do. Where no wave is named, the latest usable one answers, and the
    answer says which.

    Parameters
    ----------
    path
        A store; see :func:`open_store`.
    anew
        Read the file that lies there now, even while this process reads its forerunner.
    """

    def __init__(self, path: Path, *, anew: bool = False) -> None:
        self.store = Store(path, anew=anew)

    def __repr__(self) -> str:
        said = f"<Homeroom {self.path.name}, data version {self.meta.get('data_version', '?')}>"
        return f"{said} {self.store.stale}" if self.store.stale else said

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
        """Return places by name, typos tolerated, best first, or the one place of an id.

        Parameters
        ----------
        query
            A name, perhaps with a state, or an id (``lea:3620580``, ``3620580``).
        limit
            How many at most.
        """
        return search(self.store, query, limit)

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

    def name(self, place: str) -> str:
        """Return a place's name.

        Parameters
        ----------
        place
            An id, a postal code, or a name.

        Raises
        ------
        UnknownPlace
            The store has no such place.
        """
        return str(self.place(place)["name"])

    def profile(self, place: str, *, policy: Policy = "published") -> Profile:
        """Return a place in one view: who learns and works there, outcomes, flags, sources.

        Parameters
        ----------
        place, policy
            As for :meth:`rate`.

        Raises
        ------
        UnknownPlace
            The store has no such place.
        """
        from homeroom.report.profile import profile  # noqa: PLC0415  (reports load charts)

        return profile(self.store, self.resolve(place), policy=policy)

    def chart(
        self,
        kind: ChartKind,
        place: str = "US",
        *,
        measure: Measure = "arrests",
        wave: Wave | None = None,
        policy: Policy = "published",
        out: str | Path | None = None,
    ) -> alt.TopLevelMixin:
        """Return a chart of a place as an Altair chart, which a notebook shows.

        Parameters
        ----------
        kind
            ``rates`` by race in a wave, ``staff`` in a wave, or ``waves``: rates over all of them.
        place, measure, policy
            As for :meth:`rate`.
        wave
            As for :meth:`rate`; ``waves`` takes none.
        out
            A file to draw it into, SVG or PNG by the name's ending (extra ``web``).

        Raises
        ------
        BadInput
            A value that does not exist, or a file name of another kind.
        NotAvailable
            The store holds no such figures.
        """
        made = self.picture(kind, place, measure=measure, wave=wave, policy=policy)
        if out is not None:
            made.save(Path(out))
        chart: alt.TopLevelMixin = made.altair()
        return chart

    def picture(
        self,
        kind: ChartKind,
        place: str = "US",
        *,
        measure: Measure = "arrests",
        wave: Wave | None = None,
        policy: Policy = "published",
    ) -> Picture:
        """Return the same with its title, alternative text, source, and table.

        Parameters
        ----------
        kind, place, measure, wave, policy
            As for :meth:`chart`.
        """
        from homeroom.report import place_charts  # noqa: PLC0415  (charts are slow to import)

        return place_charts.picture(self.store, kind, self.resolve(place), measure, wave, policy)

    def brief(
        self,
        place: str,
        out: str | Path | None = None,
        *,
        name: str | None = None,
        plans: Mapping[str, Any] | None = None,
        facts: LeaFacts | None = None,
        policy: Policy = "published",
    ) -> BriefContent:
        """Return a brief of a place for a board packet.

        Parameters
        ----------
        place, policy
            As for :meth:`rate`.
        out
            A file to write it into, PDF or HTML by the name's ending.
        name
            What the brief calls the place, where its name in the files is odd.
        plans
            Plans as :func:`homeroom.plans.breakeven.compared` gives them.
        facts
            What is known of the district for the bill's questions.

        Raises
        ------
        BadInput
            A file name of another kind.
        UnknownPlace
            The store has no such place.
        """
        with needs("brief", "typst", "jinja2"):
            from homeroom.report import brief  # noqa: PLC0415  (typesetting is slow to import)

        if out is not None:
            brief.check_name(Path(out))
        content = brief.brief(
            self.store, self.resolve(place), name=name, plans=plans, facts=facts, policy=policy
        )
        if out is not None:
            brief.write(content, Path(out))
        return content

    def check(self, claim: str, *, said_on: date | None = None) -> Checked:
        """Hold a claim, by its id or as a sentence, against every defensible definition.

        Parameters
        ----------
        claim
            An id of the catalogue, or a sentence.
        said_on
            The day on which the claim was made. One that names no year is held against what was
            published by then, and later figures are shown as later.

        Raises
        ------
        Ambiguous
            The sentence has several readings; ``choices`` lists them.
        """
        from homeroom.report import claim_check  # noqa: PLC0415  (claims load a grammar)

        return claim_check.check(
            self.store,
            claim,
            finder=self.index.find,
            namer=self.name,
            said_on=said_on,
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
        """Return what principals report nationwide, with 95% intervals.

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
        from homeroom.report.act_facts import held_against  # noqa: PLC0415

        known = facts_from(None if facts is None else dict(facts))
        area = None if place is None else self.resolve(place)
        known = held_against(self.store, area, known)
        return check(known, version=version, place=area, boundary=boundary)

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

    def made_from(self) -> dict[str, Any]:
        """Return what this store was made from.

        Returns
        -------
        dict
            ``store``: versions and time of the build. ``files``: what was given and what became of
            it. ``changes``: schools added, replaced, and kept, by file and module. ``conflicts``:
            figures that two files gave differently. ``notes``: repairs. ``sources``: every file
            behind the rows, those of the starter facts included.
        """
        return provenance.made_from(self.con, self.meta)

    def verify(self) -> pl.DataFrame:
        """Check this store: see :func:`verify`."""
        return verify(self.path)

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


def open_store(path: str | Path | None = None) -> Homeroom:
    """Open a store; where none is named and none exists, build one from the starter facts.

    A store of an earlier Homeroom that holds nothing but starter facts is built anew.

    Parameters
    ----------
    path
        A store; by default ``HOMEROOM_STORE``, or the one in the user's data folder.
    """
    chosen = Path(path) if path else store_path()
    if path is None and not chosen.exists():
        build([], chosen)
    try:
        return Homeroom(chosen)
    except StoreTooNew as error:
        if path is not None or not error.outdated or not only_starter(chosen):
            raise
    build([], chosen)
    return Homeroom(chosen)
