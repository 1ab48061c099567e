"""Taking files into a store under way: rows of each, what they replace, and who contradicts whom.

Two files may repeat each other, and one is taken. Where two give a figure differently, nobody but
the publisher can say which is right: neither is taken, and the report names both values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import polars as pl

from homeroom.evidence import merge, overlap, starter
from homeroom.evidence.build_report import BuildReport, Change, Conflict
from homeroom.evidence.draft import insert
from homeroom.sources.base import Batch, Recognized
from homeroom.sources.registry import Refused
from homeroom.vocabulary.ids import STATE_SPAN

_Scope = tuple[str, str]
"""A wave and a module."""
_SUPPORT = "school_support"
_LISTED = 1000
"""Conflicts of two files that the report lists; a shuffled file has millions."""


@dataclass
class Intake:
    """The files taken so far: their rows, large tables in the store and small ones in memory."""

    connection: duckdb.DuckDBPyConnection
    report: BuildReport
    small: merge.Collected = field(default_factory=merge.Collected)
    sources: dict[int, dict[str, object]] = field(default_factory=dict)
    """Rows of source_file, by number."""
    _taken: dict[int, Recognized] = field(default_factory=dict)
    _schools: dict[_Scope, list[tuple[int, pl.Series]]] = field(default_factory=dict)
    _contested: dict[_Scope, list[pl.Series]] = field(default_factory=dict)
    _repeated: dict[tuple[int, _Scope], int] = field(default_factory=dict)
    _leans: dict[int, set[int]] = field(default_factory=dict)
    """Files whose rows were left out because another gave them alike, and which one did."""
    _notes: dict[int, list[str]] = field(default_factory=dict)
    _last: int = 0

    def name(self, source: int) -> str:
        """Return the name of a file."""
        return str(self.sources[source]["name"])

    def take(self, found: Recognized, batches: list[Batch]) -> None:
        """Store the rows of one file, or none where it contradicts another."""
        self._last += 1
        number = self._last
        self.sources[number] = _source_row(found, number)
        self._taken[number] = found
        self._notes[number] = [note for batch in batches for note in batch.notes]
        tables = self._without_repeats(_tables(batches, number), number)
        if tables is None:
            return
        self.connection.begin()
        try:
            for table in merge.STREAMED:
                for frame in tables.pop(table, []):
                    insert(self.connection, table, frame)
        except duckdb.ConstraintException as error:
            self.connection.rollback()
            said = str(error).splitlines()[0]
            self.refuse(number, f"expected figures that a store may hold, found others ({said})")
            return
        self.connection.commit()
        for frame in tables.get("answered", []):
            for scope, schools in _by_scope(frame):
                self._schools.setdefault(scope, []).append((number, schools))
        standing = merge.rank(found.publication)
        for table, frames in tables.items():
            for frame in frames:
                self.small.add(table, frame, standing)

    def refuse(self, source: int, reason: str) -> None:
        """Take a file out again, with every row of it, and those that leaned on its rows."""
        found = self._taken.pop(source, None)
        if found is None:
            return
        name = self.name(source)
        self.report.refused.append(Refused(name, reason))
        for table in merge.STREAMED:
            self.connection.execute(f"DELETE FROM {table} WHERE source_id = ?", [source])
        self.small.drop(source)
        del self.sources[source], self._notes[source]
        for scope, held in self._schools.items():
            gone = [schools for number, schools in held if number == source]
            self._contested.setdefault(scope, []).extend(gone)
            self._schools[scope] = [one for one in held if one[0] != source]
        for other in [number for number, on in self._leans.items() if source in on]:
            self.refuse(other, f"it repeats schools of {name}, which was refused")

    def settle(self) -> None:
        """Refuse the files whose small tables contradict each other; note what was repeated."""
        while clash := self.small.clash():
            found, count, numbers = clash
            names = {number: self.name(number) for number in numbers}
            told = [one.conflict(names) for one in found]
            self._contradict(told, sorted(numbers), count)
        again = self.small.repeats(self.name)
        self._notes = {
            number: [*notes, *again.get(number, [])] for number, notes in self._notes.items()
        }
        self.report.recognized = list(self._taken.values())
        self.report.notes += [
            (self.name(number), note) for number, notes in self._notes.items() for note in notes
        ]

    def add_starter(self) -> None:
        """Add the starter facts but for the schools and rows that the files gave."""
        shipped = {table: starter.load(table) for table in starter.tables()}
        known = self._known()
        kept = {table: self._standing(table, frame, known) for table, frame in shipped.items()}
        self.count_changes(shipped, kept)
        offset = self._last
        for row in starter.load("source_file").iter_rows(named=True):
            number = row["source_id"] + offset
            self.sources[number] = row | {"source_id": number}
        for table, frame in kept.items():
            numbered = frame.with_columns((pl.col("source_id") + offset).cast(pl.Int16))
            if table in merge.STREAMED:
                insert(self.connection, table, numbered)
            else:
                self.small.add(table, numbered, merge.STARTER)

    def count_changes(
        self, shipped: dict[str, pl.DataFrame], kept: dict[str, pl.DataFrame]
    ) -> None:
        """Write to the report what each file added, replaced, and kept of the starter facts.

        Parameters
        ----------
        shipped, kept
            The starter facts, all and those that stand; empty where a build leaves them out.
        """
        for number, found in self._taken.items():
            name = self.name(number)
            for table, frame in self.small.given(number):
                if table == "answered":
                    for scope, schools in _by_scope(frame):
                        self._count(number, scope, schools, shipped, kept)
                elif table == "staff":
                    schools = frame["school_no"].unique()
                    self._count(number, (found.wave, _SUPPORT), schools, shipped, kept)
                elif table != "school":
                    key = merge.key_of(table)
                    before, after = (facts.get(table, frame.clear()) for facts in (shipped, kept))
                    again = len(frame.join(before, on=key, how="semi", nulls_equal=True))
                    self.report.changes.append(
                        Change(
                            name, found.wave, table, "rows", len(frame) - again,
                            len(before) - len(after) or again,
                            len(after.join(frame, on=key, how="anti", nulls_equal=True)), 0,
                        )
                    )  # fmt: skip

    def _count(
        self,
        number: int,
        scope: _Scope,
        schools: pl.Series,
        shipped: dict[str, pl.DataFrame],
        kept: dict[str, pl.DataFrame],
    ) -> None:
        before, after = (_schools_of(facts, scope) for facts in (shipped, kept))
        states = (schools // STATE_SPAN).unique()
        replaced = int(schools.is_in(before.implode()).sum())
        self.report.changes.append(
            Change(
                self.name(number), *scope, "schools", len(schools) - replaced, replaced,
                int((after // STATE_SPAN).is_in(states.implode()).sum()),
                self._repeated.get((number, scope), 0),
            )
        )  # fmt: skip

    def _known(self) -> dict[str, pl.DataFrame]:
        """Return the schools that the files gave: of each module, and of staff."""
        empty = pl.DataFrame(schema=dict.fromkeys(("wave", "_module"), pl.String))
        empty = empty.with_columns(school_no=pl.lit(None, pl.Int64))
        parts = [
            pl.DataFrame({"school_no": schools}).with_columns(
                wave=pl.lit(wave), _module=pl.lit(module)
            )
            for (wave, module), held in self._schools.items()
            for _, schools in held
        ]
        modules = pl.concat([empty, *(part.select(empty.columns) for part in parts)])
        return {"modules": modules, "staff": self.small.schools_of("staff")}

    def _standing(
        self, table: str, frame: pl.DataFrame, known: dict[str, pl.DataFrame]
    ) -> pl.DataFrame:
        if table in ("answered", *merge.STREAMED):
            return merge.outside(frame, table, known["modules"])
        if table == "staff":
            return frame.join(known["staff"], on=["wave", "school_no"], how="anti")
        return self.small.not_given(table, frame)

    def _without_repeats(
        self, tables: dict[str, list[pl.DataFrame]], number: int
    ) -> dict[str, list[pl.DataFrame]] | None:
        """Leave out schools that another file gave alike; None where one is given differently."""
        for answered in tables.get("answered", []):
            for scope, schools in _by_scope(answered):
                if any(schools.is_in(x.implode()).any() for x in self._contested.get(scope, [])):
                    self.refuse(
                        number,
                        "it gives schools for which other files given contradict each other",
                    )
                    return None
                for earlier, held in list(self._schools.get(scope, [])):
                    common = schools.filter(schools.is_in(held.implode()))
                    if common.is_empty():
                        continue
                    if not self._agrees(tables, common, scope, earlier, number):
                        return None
                    tables = _without(tables, common, scope)
                    self._lean(number, earlier, scope, len(common), len(schools))
        return tables

    def _agrees(
        self,
        tables: dict[str, list[pl.DataFrame]],
        common: pl.Series,
        scope: _Scope,
        earlier: int,
        number: int,
    ) -> bool:
        frames = {t: pl.concat(tables[t]) for t in merge.STREAMED if tables.get(t)}
        found = overlap.differences(self.connection, frames, common, *scope, earlier)
        if found.is_empty():
            return True
        first, second = self.name(earlier), self.name(number)
        listed = overlap.conflicts(found.head(_LISTED), scope[0], first, second)
        # Their schools stay contested, so that no third file is taken for them either.
        self._contested.setdefault(scope, []).append(common)
        self._contradict(listed, [earlier, number], len(found))
        return False

    def _contradict(self, listed: list[Conflict], numbers: Iterable[int], count: int) -> None:
        self.report.conflicts += listed
        names = {number: self.name(number) for number in numbers if number in self.sources}
        for number, name in names.items():
            others = " and ".join(sorted({n for one, n in names.items() if one != number}))
            self.refuse(
                number,
                f"expected each figure once, found {count:,} that differ"
                f"{f' between {name} and {others}' if others else ' within it'}, such as "
                f"{listed[0]}. Give only the right {'file' if others else 'row'}.",
            )

    def _lean(self, number: int, earlier: int, scope: _Scope, common: int, schools: int) -> None:
        self._leans.setdefault(number, set()).add(earlier)
        self._repeated[number, scope] = self._repeated.get((number, scope), 0) + common
        which = "all its" if common == schools else f"{common:,} of its {schools:,}"
        self._notes[number].append(
            f"{which} schools have the same figures of {scope[1]}, {scope[0]}, as in "
            f"{self.name(earlier)}: taken once"
        )


def _source_row(found: Recognized, number: int) -> dict[str, object]:
    return {
        "source_id": number, "publication": found.publication, "title": found.title,
        "wave": found.wave, "name": found.file.name, "sha256": found.file.sha256,
        "bytes": found.file.size,
    }  # fmt: skip


def _tables(batches: list[Batch], number: int) -> dict[str, list[pl.DataFrame]]:
    tables: dict[str, list[pl.DataFrame]] = {}
    for batch in batches:
        numbered = batch.frame.with_columns(source_id=pl.lit(number, pl.Int16))
        tables.setdefault(batch.table, []).append(numbered)
    return tables


def _by_scope(answered: pl.DataFrame) -> list[tuple[_Scope, pl.Series]]:
    return [
        ((str(wave), str(module)), part["school_no"])
        for (wave, module), part in answered.group_by("wave", "module", maintain_order=True)
    ]


def _without(
    tables: dict[str, list[pl.DataFrame]], common: pl.Series, scope: _Scope
) -> dict[str, list[pl.DataFrame]]:
    wave, module = scope
    return tables | {
        table: [
            frame.filter(
                ~(
                    (pl.col("wave") == wave) & (overlap.module_of(table) == module)
                    & pl.col("school_no").is_in(common.implode())
                )
            )
            for frame in tables[table]
        ]
        for table in ("answered", *merge.STREAMED)
        if table in tables
    }  # fmt: skip


def _schools_of(facts: dict[str, pl.DataFrame], scope: _Scope) -> pl.Series:
    wave, module = scope
    table = facts.get("staff" if module == _SUPPORT else "answered")
    if table is None:
        return pl.Series("school_no", [], pl.Int64)
    frame = table.filter(pl.col("wave") == wave)
    if module == _SUPPORT:
        return frame["school_no"].unique()
    return frame.filter(pl.col("module") == module)["school_no"]
