"""When several files speak of the same thing: which row stands, and when to refuse.

An official school file stands over a compilation, a file given over a starter fact. Two files of
equal standing may repeat each other, but not contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence.schema import STORE_TABLES
from homeroom.sources.ocr_estimations import settle
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.vocabulary.ids import STATE_SPAN

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
_MODULE = {element.id: element.module for element in ELEMENTS.values()}


def rank(publication: str) -> int:
    """Return the standing of a publication: lower stands over higher."""
    return 1 if publication == "crdc_high_schools" else 0


def _scope(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Add what a starter row is replaced by: its wave, module and state number."""
    module = (
        pl.col("module")
        if table == "answered"
        else pl.col("element").replace_strict(_MODULE)
        if table in ("unanswered", "zero_block")
        else pl.col("cell_id").replace_strict({c.id: _MODULE[c.element] for c in CELLS})
    )
    return frame.with_columns(_module=module, _fips=pl.col("school_no") // STATE_SPAN)


def outside(frame: pl.DataFrame, table: str, known: pl.DataFrame) -> pl.DataFrame:
    """Return the starter rows whose wave, module and state no given file covers."""
    if known.is_empty():
        return frame
    keys = ["wave", "_module", "_fips"]
    return _scope(frame, table).join(known, on=keys, how="anti").drop("_module", "_fips")


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

    def scopes(self) -> pl.DataFrame:
        """Return the waves, modules and states that the files given so far cover."""
        keys = ["wave", "_module", "_fips"]
        if not (frames := self.frames.get("answered")):
            return pl.DataFrame(
                schema=dict(zip(keys, (pl.String, pl.String, pl.Int64), strict=True))
            )
        return _scope(pl.concat(frames), "answered").select(keys).unique()

    def not_given(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the starter rows of a table that a given file does not replace as a whole.

        A newer file of incidents or of a survey year lacks rows that the older one had; kept
        beside it, those would count twice.
        """
        if table not in _REPLACED_BY or not (given := self.frames.get(table)):
            return frame
        scope = list(_REPLACED_BY[table])
        return frame.join(pl.concat(given), on=scope, how="anti") if scope else frame.clear()

    def merged(self, names: dict[object, str]) -> Iterator[tuple[str, pl.DataFrame]]:
        """Return each table with one row a key.

        Raises
        ------
        BadInput
            Two files of equal standing contradict each other; the message names both.
        """
        for table in list(self.frames):
            frame = pl.concat(self.frames.pop(table))
            key = list(STORE_TABLES[table].key)
            if table in _DESCRIPTIVE:
                yield table, _coalesced(frame, key)
            elif table == "official_estimate":
                settled, notes = settle(_best(frame, key).drop("_rank"))
                self.notes += [("OCR state tables", note) for note in notes]
                yield table, settled.sort(key)
            else:
                yield table, _one_each(frame, table, key, names)


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


def _one_each(
    frame: pl.DataFrame, table: str, key: list[str], names: dict[object, str]
) -> pl.DataFrame:
    # By school first: a place is a range of schools, so that few rows are read for its page.
    frame = frame.sort(sorted(key, key=lambda k: k != "school_no"), maintain_order=True)
    again = pl.all_horizontal(pl.col(k).eq_missing(pl.col(k).shift(1)) for k in key)
    if not frame.select(again.slice(1).any()).item():
        return frame.drop("_rank")
    best = _best(frame, key)
    values = [c for c in best.columns if c not in (*key, "source_id", "_rank")]
    repeated = best.filter(pl.struct(key).is_duplicated())
    clash = repeated.filter(pl.struct(values).n_unique().over(key) > 1) if values else repeated
    if len(clash):
        first = clash.filter(pl.all_horizontal(pl.col(k).eq_missing(clash[k][0]) for k in key))
        where = ", ".join(f"{k} {first[k][0]}" for k in key)
        files = " and ".join(sorted({names[s] for s in first["source_id"]}))
        raise BadInput(
            f"{files}: expected each figure of table {table} once, found {len(first)} that "
            f"differ for {where}. Give only one of the files."
        )
    return best.unique(subset=key, keep="first").drop("_rank").sort(key)
