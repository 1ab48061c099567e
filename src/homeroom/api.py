"""The Python face: ``homeroom.open()`` gives a :class:`Homeroom`, and that answers questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl

from homeroom.claims import check
from homeroom.claims.check import Checked
from homeroom.errors import NotAvailable
from homeroom.evidence import places, sql
from homeroom.evidence.build import build
from homeroom.evidence.find import Found, PlaceIndex
from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import access, connect, store_path
from homeroom.figures import disparities, engine, gaps, officers, peers, rates, staffing, trend
from homeroom.figures.figure import Answer
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question


class Homeroom:
    """An open store. Use it in a ``with`` block, or call :meth:`close`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._con = connect(path)

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for each question, so that threads do not share results."""
        return self._con.cursor()

    @cached_property
    def index(self) -> PlaceIndex:
        """The search index over places, made at the first search."""
        return PlaceIndex(self.con)

    @cached_property
    def desk(self) -> QueryCache:
        """What answering claims has read from the store so far."""
        return QueryCache()

    @cached_property
    def meta(self) -> dict[str, str]:
        """Schema version, Homeroom version, time of the build, data version and who may see it."""
        return {str(key): str(value) for key, value in sql.rows(self.con, "SELECT * FROM meta")}

    @property
    def access(self) -> str:
        """Who may see this store, ``public`` or ``confidential``.

        See :func:`homeroom.evidence.store.access`.
        """
        return access(self.meta)

    def find(self, query: str, limit: int = 10) -> list[Found]:
        """Return places by name, typos tolerated, best first."""
        return self.index.find(query, limit)

    def place(self, place_id: str) -> dict[str, object]:
        """Return what is known of a place itself: the columns of table `place`.

        Raises
        ------
        NotAvailable
            The store has no such place.
        """
        return places.facts(self.con, place_range(place_id))

    def rate(
        self,
        measure: str,
        place: str,
        wave: str,
        *,
        by: tuple[str, ...] = (),
        policy: str = "published",
        basis: str | None = None,
        section504: str = "with",
    ) -> pl.DataFrame:
        """Return counts and rates by group: see :func:`homeroom.figures.rates.rates`."""
        return rates.rates(
            self.con, measure, place, wave, by=by, policy=policy, basis=basis,
            section504=section504,
        )  # fmt: skip

    def staff(self, place: str, wave: str, *, policy: str = "published") -> pl.DataFrame:
        """Return staff beside students: see :func:`homeroom.figures.staffing.staffing`."""
        return staffing.staffing(self.con, place, wave, policy=policy)

    def disparities(self, measure: str, wave: str, **options: Any) -> pl.DataFrame:
        """Return disparities of every place of a level at once.

        Options as in :func:`homeroom.figures.disparities.disparities`.
        """
        return disparities.disparities(self.con, measure, wave, **options)

    def gaps(self, place: str, wave: str, *, policy: str = "published") -> pl.DataFrame:
        """Return students in schools with police and without support, set by set.

        See :func:`homeroom.figures.gaps.police_without_support`.
        """
        return gaps.police_without_support(self.con, place, wave, policy=policy)

    def officers(
        self, measure: str, place: str, wave: str, *, policy: str = "published"
    ) -> pl.DataFrame:
        """Return rates of schools with and without officers, an association.

        See :func:`homeroom.figures.officers.contrast`.
        """
        return officers.contrast(self.con, measure, place, wave, policy=policy)

    def peers(
        self,
        place: str,
        *,
        count: int = 10,
        weights: Mapping[str, float] | None = None,
        same_state: bool = False,
    ) -> pl.DataFrame:
        """Return the places most like a place: see :func:`homeroom.figures.peers.peers`."""
        return peers.peers(self.con, place, count=count, weights=weights, same_state=same_state)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer rates and ratios as data, ten thousand as quickly as one.

        See :func:`homeroom.figures.engine.answer`.
        """
        return engine.answer(self.con, questions, self.desk)

    def check(self, claim: str) -> Checked:
        """Hold a claim, by its id or as a sentence, against every defensible definition.

        Raises
        ------
        Ambiguous
            The sentence has several readings; ``choices`` lists them.
        """
        return check.check(
            self.con,
            claim,
            finder=self.index.find,
            desk=self.desk,
            namer=lambda place: str(self.place(place)["name"]),
        )

    def trend(self, measure: str, place: str, *, policy: str = "published") -> pl.DataFrame:
        """Return rates over waves, breaks marked: see :func:`homeroom.figures.trend.trend`."""
        return trend.trend(self.con, measure, place, policy=policy)

    def districts(self, state: str) -> list[dict[str, object]]:
        """Return id, name, students, longitude and latitude of every district of a state."""
        return sql.frame(
            self.con,
            "SELECT place_id, name, students, longitude, latitude FROM place "
            "WHERE kind = 'district' AND state = ? ORDER BY place_id",
            [state],
        ).to_dicts()

    def table(self, name: str) -> pl.DataFrame:
        """Return a whole table or view of the store, for those who would rather work on it all."""
        known = [
            str(row[0])
            for row in sql.rows(self.con, "SELECT table_name FROM information_schema.tables")
        ]
        if name not in known:
            raise NotAvailable(f"table {name!r}: expected one of {', '.join(sorted(known))}.")
        return sql.frame(self.con, f"SELECT * FROM {name}")

    def close(self) -> None:
        """Close the store."""
        self._con.close()

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

    Parameters
    ----------
    path
        A store; by default ``HOMEROOM_STORE``, or the one in the user's data folder.
    """
    chosen = Path(path) if path else store_path()
    if path is None and not chosen.exists():
        build([], chosen)
    return Homeroom(chosen)
