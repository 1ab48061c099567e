"""When several files speak of the same thing: which row stands, and where they contradict.

An official school file stands over a compilation, a file given over a starter fact, and it replaces
only the schools that it contains. Two files of equal standing may repeat each other, but not
contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from homeroom.evidence.build_report import Conflict
from homeroom.evidence.overlap import module_of
from homeroom.evidence.schema import STORE_TABLES
from homeroom.sources.ocr_estimations import settle
from homeroom.vocabulary.ids import combokey_of

STREAMED = ("cell", "unanswered", "zero_block")
"""Large tables, stored as they come; `answered` guards them against a school given twice."""
STARTER = 9
_REPLACED_BY: dict[str, tuple[str, ...]] = {
    "incident_year": (),
    "incident_size": (),
    "survey_estimate": ("year",),
}
"""Tables that a file gives whole (or whole for a year): see :meth:`Collected.not_given`."""
_DESCRIPTIVE = ("school", "district")
_LISTED = 1000


def rank(publication: str) -> int:
    """Return the standing of a publication: lower stands over higher."""
    return 1 if publication == "crdc_high_schools" else 0


def key_of(table: str) -> list[str]:
    """Return the columns that identify a row of a table."""
    return list(STORE_TABLES[table].key)


def outside(frame: pl.DataFrame, table: str, known: pl.DataFrame) -> pl.DataFrame:
    """Return the starter rows whose wave, module and school no given file covers."""
    if known.is_empty():
        return frame
    keys = ["wave", "_module", "school_no"]
    return (
        frame.with_columns(_module=module_of(table))
        .join(known, on=keys, how="anti", maintain_order="left")
        .drop("_module")
    )


@dataclass(frozen=True)
class Clash:
    """A row that two files, or one file twice, give differently."""

    table: str
    key: Mapping[str, object]
    column: str
    values: tuple[object, object]
    sources: tuple[int, int]

    def conflict(self, names: Mapping[int, str]) -> Conflict:
        """Say it in words."""
        rest = {k: v for k, v in self.key.items() if k not in ("wave", "school_no") and v}
        school = self.key.get("school_no")
        named = [f"school {combokey_of(school)}"] if isinstance(school, int) else []
        first, second = ("none" if v is None else str(v) for v in self.values)
        return Conflict(
            str(self.key.get("wave", "")), ", ".join([*named, *(str(v) for v in rest.values())]),
            f"{self.table}.{self.column}", names[self.sources[0]], first, names[self.sources[1]],
            second,
        )  # fmt: skip


@dataclass
class Collected:
    """Frames of the smaller tables, with their standing, until all files are read."""

    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, table: str, frame: pl.DataFrame, standing: int) -> None:
        """Keep the rows of one file."""
        self.frames.setdefault(table, []).append(
            frame.with_columns(_rank=pl.lit(standing, pl.Int8))
        )

    def drop(self, source: int) -> None:
        """Forget the rows of a file."""
        for table, frames in list(self.frames.items()):
            kept = [frame for frame in frames if frame["source_id"].first() != source]
            if kept:
                self.frames[table] = kept
            else:
                del self.frames[table]

    def given(self, source: int) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield each table of a file, whole."""
        for table, frames in self.frames.items():
            mine = [frame for frame in frames if frame["source_id"].first() == source]
            if mine:
                yield table, pl.concat(mine).drop("_rank")

    def schools_of(self, table: str) -> pl.DataFrame:
        """Return the wave and school of each row given so far."""
        keys = {"wave": pl.String, "school_no": pl.Int64}
        frames = [frame.select(*keys) for frame in self.frames.get(table, [])]
        return pl.concat([pl.DataFrame(schema=keys), *frames]).unique()

    def not_given(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the starter rows of a table that a given file does not replace as a whole.

        A newer file of incidents or of a survey year lacks rows that the older one had; kept
        beside it, those would count twice.
        """
        if table not in _REPLACED_BY or not (given := self.frames.get(table)):
            return frame
        scope = list(_REPLACED_BY[table])
        return frame.join(pl.concat(given), on=scope, how="anti") if scope else frame.clear()

    def clash(self) -> tuple[list[Clash], int, set[int]] | None:
        """Return rows given differently, their number, and the files; None where all agree."""
        for table, frames in self.frames.items():
            if table in (*_DESCRIPTIVE, "official_estimate", "answered"):
                continue
            if found := _clash(_repeated(pl.concat(frames), key_of(table)), table):
                return found
        return None

    def repeats(self, name: Callable[[int], str]) -> dict[int, list[str]]:
        """Return for each file which rows an earlier one gave too, with the same figures."""
        told: dict[int, list[str]] = {}
        for table, frames in self.frames.items():
            if table in (*_DESCRIPTIVE, "official_estimate", "answered") or len(frames) == 1:
                continue
            key = key_of(table)
            twice = _repeated(pl.concat(frames), key)
            pairs = twice.select("source_id", first=pl.col("source_id").min().over(key))
            again = pairs.filter(pl.col("first") < pl.col("source_id"))
            counted = again.group_by("source_id", "first").len().sort("source_id", "first")
            for source, earlier, rows in counted.rows():
                told.setdefault(source, []).append(
                    f"{rows:,} rows of {table} are as in {name(earlier)}: taken once"
                )
        return told

    def merged(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Return each table with one row a key; :meth:`clash` has found none that differ."""
        for table in list(self.frames):
            frame = pl.concat(self.frames.pop(table))
            key = key_of(table)
            if table in _DESCRIPTIVE:
                yield table, _coalesced(frame, key)
            elif table == "official_estimate":
                settled, notes = settle(_best(frame, key).drop("_rank"))
                self.notes += [("OCR state tables", note) for note in notes]
                yield table, settled.sort(key)
            else:
                yield table, _one_each(frame, key)


def _coalesced(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Many modules describe one school: take what any of them says."""
    texts = [c for c, kind in frame.schema.items() if kind == pl.String and c not in key]
    others = [c for c in frame.columns if c not in (*texts, *key, "_rank", "source_id")]
    return (
        frame.sort("_rank", maintain_order=True)
        .group_by(key, maintain_order=False)
        .agg(
            *(
                pl.col(c).drop_nulls().first() if frame[c].null_count() else pl.col(c).first()
                for c in texts
            ),
            *(pl.col(c).max() for c in others),
            pl.col("source_id").first(),
        )
        .sort(key)
    )


def _best(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return frame.filter(pl.col("_rank") == pl.col("_rank").min().over(key))


def _in_order(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    # By school first: a place is a range of schools, so that few rows are read for its page.
    return frame.sort(sorted(key, key=lambda k: k != "school_no"), maintain_order=True)


def _repeated(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return the rows of best standing whose key stands more than once."""
    # Keys of different hashes differ: the slow look is for files that do repeat a row.
    if frame.select(pl.struct(key).hash().n_unique()).item() == len(frame):
        return frame.clear()
    best = _best(frame, key)
    return best.filter(pl.struct(key).is_duplicated())


def _clash(twice: pl.DataFrame, table: str) -> tuple[list[Clash], int, set[int]] | None:
    key = key_of(table)
    values = [c for c in twice.columns if c not in (*key, "source_id", "_rank")]
    differ = pl.any_horizontal(
        pl.lit(value=False),
        *(pl.col(c).ne_missing(pl.col(c).first().over(key)) for c in values),
    )
    pairs = twice.with_columns(
        pl.all().exclude(key).first().over(key).name.prefix("_first_"), _differ=differ
    ).filter("_differ")
    if pairs.is_empty():
        return None
    sources = {*pairs["source_id"].to_list(), *pairs["_first_source_id"].to_list()}
    rows = pairs.head(_LISTED).iter_rows(named=True)
    return [_of(row, table, key, values) for row in rows], len(pairs), sources


def _of(row: dict[str, object], table: str, key: list[str], values: list[str]) -> Clash:
    column = next(c for c in values if row[c] != row[f"_first_{c}"])
    return Clash(
        table,
        {name: row[name] for name in key},
        column,
        (row[f"_first_{column}"], row[column]),
        (int(str(row["_first_source_id"])), int(str(row["source_id"]))),
    )


def _one_each(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    frame = _in_order(frame, key)
    again = pl.all_horizontal(pl.col(k).eq_missing(pl.col(k).shift(1)) for k in key)
    if not frame.select(again.slice(1).any()).item():
        return frame.drop("_rank")
    return _in_order(_best(frame, key).unique(subset=key, keep="first"), key).drop("_rank")
