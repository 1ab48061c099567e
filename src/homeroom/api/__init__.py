"""The one door: ``homeroom.open()`` returns a :class:`Homeroom`, and that answers questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import duckdb
import polars as pl

from homeroom.api.articles import Articles
from homeroom.api.asking import Asking
from homeroom.api.checking import verify
from homeroom.api.choices import Policy
from homeroom.api.estimating import Estimating
from homeroom.api.national import National
from homeroom.api.pictures import Pictures
from homeroom.errors import NotAvailable, StoreTooNew
from homeroom.evidence import places, provenance, sql
from homeroom.evidence.build import build
from homeroom.evidence.find import Found, PlaceIndex
from homeroom.evidence.resolve import index_of, resolve, search
from homeroom.evidence.store import Store, only_starter, store_path

if TYPE_CHECKING:
    from homeroom.law.act.check import Check
    from homeroom.plans.document import Plan
    from homeroom.plans.simulate import Result
    from homeroom.report.profile import Profile


class Homeroom(Asking, Articles, Estimating, National, Pictures):
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

    def spark(self, session: Any, name: str) -> Any:
        """Return a whole table or view of the store as a data frame of Apache Spark.

        Parameters
        ----------
        session
            A ``pyspark.sql.SparkSession`` (extra ``spark``).
        name
            A table of the data dictionary.

        Raises
        ------
        NotAvailable
            There is no such table.
        """
        return session.createDataFrame(self.table(name).to_arrow())

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
