"""National waves in the official layouts, resampled from real schools.

Whole districts of the states beside the project are drawn with replacement until there are as many
schools as OCR published; each draw gets an LEAID of its own, spread over 51 states. Every other
value is as a real school reported it, with the real files' quirks: SCHID damaged in the same
modules, School Characteristics in cp1252, blanks and reserve codes. The files of 2021-22 and
2023-24, of which there are no real rows here, are those of 2020-21 under the newer headings, with
nonbinary columns and the newer codes.
"""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from homeroom.vocabulary.states import FIPS, STATES

CRDC = Path(__file__).resolve().parents[2] / "shared" / "data" / "crdc"
REAL = CRDC / "2017-18"
MODULES = (
    "Enrollment", "Referrals and Arrests", "Suspensions", "Expulsions", "Transfers",
    "Restraint and Seclusion", "Offenses", "School Support", "School Characteristics",
)  # fmt: skip
LEA = "LEA Characteristics"
_STATES = tuple(FIPS)[:51]
_SEED = 20_171_8
_CHUNK = 8_000
"""Schools written at a time: a wide file has 1,900 columns."""


def _as_published(frame: pl.DataFrame, _module: str) -> pl.DataFrame:
    return frame


def _newer(frame: pl.DataFrame, module: str, nonbinary: str) -> pl.DataFrame:
    """Return a file of 2020-21 under the headings of 2021-22: EL for LEP, and a column _X."""
    frame = frame.rename({n: n.replace("LEPENR", "ELENR").replace("_LEP", "_EL")
                          for n in frame.columns})  # fmt: skip
    names: list[str | pl.Expr] = []
    for name in frame.columns:
        names.append(name)
        if name.endswith("_F") and module not in ("School Support", "School Characteristics"):
            names.append(pl.lit(nonbinary).alias(f"{name[:-1]}X"))
    if module == "School Characteristics":
        names.append(pl.lit("No").alias("SCH_VIRT_IND"))
    return frame.select(names)


def _of_2021(frame: pl.DataFrame, module: str) -> pl.DataFrame:
    return _newer(frame, module, "0")


def _of_2023(frame: pl.DataFrame, module: str) -> pl.DataFrame:
    """Return a file under the headings and codes of 2023-24: no JJ, and -9 for a block of zeros."""
    frame = _newer(frame, module, "-10").drop("JJ", strict=False)
    if module == "School Characteristics":
        return frame.with_columns(SCH_JUST_IND=pl.lit("No"))
    if module != "Referrals and Arrests":
        return frame
    for stem, element in (("REF", "REFINSTANCES"), ("ARR", "ARRINSTANCES")):
        for part, pattern in (
            ("WODIS", rf"^(SCH|TOT)_DISCWODIS_{stem}_.*[MF]$"),
            ("IDEA", rf"^(SCH|TOT)_DISCWDIS_{stem}_IDEA.*[MF]$"),
            ("504", rf"^SCH_DISCWDIS_{stem}_504.*[MF]$"),
        ):
            none = pl.all_horizontal(pl.col(pattern) == "0")
            frame = frame.with_columns(_none=none).with_columns(
                pl.when("_none").then(pl.lit("-9")).otherwise(pl.col(pattern)).name.keep(),
                pl.when("_none").then(pl.lit("0")).otherwise(pl.lit("1")).alias(
                    f"SCH_{element}_{part}"
                ),
            ).drop("_none")  # fmt: skip
    return frame


@dataclass(frozen=True)
class Recipe:
    """How a wave's files are made: real files, modules, number of schools, newer headings."""

    real: str
    schools: int
    modules: tuple[str, ...] = MODULES
    root: str = "Data/SCH/CRDC/CSV"
    change: Callable[[pl.DataFrame, str], pl.DataFrame] = _as_published


RECIPES = {
    "2013-14": Recipe("2013-14/CRDC2013_14_sample*.csv.gz", 95_507, ("CRDC2013_14_SCH",), ""),
    "2015-16": Recipe(
        "2015-16/crdc_*.csv.gz", 96_360, ("CRDC 2015-16 School Data",), "Data Files and Layouts"
    ),
    "2017-18": Recipe(
        "2017-18/{module}_??.csv.gz", 97_632, root="2017-18 Public-Use Files/Data/SCH/CRDC/CSV"
    ),
    "2020-21": Recipe("2020-21/{module}_??.csv.gz", 97_575, root="CRDC/School"),
    "2021-22": Recipe("2020-21/{module}_??.csv.gz", 98_010, root="SCH", change=_of_2021),
    "2023-24": Recipe("2020-21/{module}_??.csv.gz", 97_094, root="SCH", change=_of_2023),
}
SCHOOLS = RECIPES["2017-18"].schools


def missing() -> str | None:
    """Say why the waves cannot be made here, or None."""
    return None if REAL.is_dir() else f"the official files are not beside the project ({REAL})"


def folder(wave: str = "2017-18") -> Path:
    """Return the folder of a wave's CSVs, generated at the first call."""
    made = Path(tempfile.gettempdir()) / f"homeroom-national-{wave}-{RECIPES[wave].schools}"
    done = made / ".done"
    if not done.exists():
        made.mkdir(exist_ok=True)
        _generate(made, wave)
        done.touch()
    return made


def archive(wave: str = "2017-18") -> Path:
    """Return a ZIP of a wave under OCR's own name, with the paths of OCR's own."""
    source = folder(wave)
    made = Path(tempfile.gettempdir()) / "homeroom-national-archives" / f"{wave}-crdc-data.zip"
    if not made.exists():
        made.parent.mkdir(exist_ok=True)
        draft = made.with_suffix(".part")
        root = RECIPES[wave].root
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as out:
            for path in sorted(source.glob("*.csv")):
                level = root.replace("SCH", "LEA", 1) if path.stem == LEA else root
                out.write(path, f"{level}/{path.name}".lstrip("/"))
        draft.replace(made)
    return made


def _generate(out: Path, wave: str) -> None:
    recipe = RECIPES[wave]
    districts, draws = _draw(_real(recipe, recipe.modules[0]), recipe.schools)
    for module in recipe.modules:
        real = recipe.change(_real(recipe, module), module)
        with (out / f"{module}.csv").open("wb") as stream:
            for at in range(0, len(draws), _CHUNK):
                part = draws.slice(at, _CHUNK).join(
                    real, on="COMBOKEY", how="left", maintain_order="left", nulls_equal=False
                )
                text = _renamed(part, wave).write_csv(None, include_header=not at, null_value="")
                cp1252 = module == "School Characteristics"
                stream.write(text.encode("cp1252", "replace") if cp1252 else text.encode())
    if wave == "2017-18":
        real = _real(recipe, LEA)
        lea = districts.join(real, on="LEAID", how="inner", maintain_order="left")
        (out / f"{LEA}.csv").write_bytes(_renamed(lea, wave).write_csv(None).encode())


def _draw(real: pl.DataFrame, schools: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw districts; give them with new ids, and their schools with new ids."""
    leas = real["LEAID"].unique(maintain_order=True)
    sizes = dict(real["LEAID"].value_counts().rows())
    order, total, generator = [], 0, np.random.default_rng(_SEED)
    while total < schools:
        order.append(leas[int(generator.integers(len(leas)))])
        total += sizes[order[-1]]
    states = [_STATES[i % len(_STATES)] for i in range(len(order))]
    ids = [f"{FIPS[state]}{i // len(_STATES) + 1:05d}" for i, state in enumerate(states)]
    districts = pl.DataFrame({"LEAID": order, "_state": states, "_lea": ids}).sort("_lea")
    keys = real.select("LEAID", "COMBOKEY")
    draws = (
        districts.join(keys, on="LEAID", how="inner", maintain_order="left_right")
        .head(schools)
        .with_columns(
            _school=(pl.int_range(pl.len()) + 1).over("_lea").cast(pl.String).str.zfill(5),
        )
        .drop("LEAID")
    )
    return districts.filter(pl.col("_lea").is_in(draws["_lea"].implode())), draws


def _real(recipe: Recipe, module: str) -> pl.DataFrame:
    name = module.replace(" ", "_")
    if recipe.real.startswith("2020-21") and not name.startswith("School"):
        name = f"School_{name}"
    frames = []
    for path in sorted(CRDC.glob(recipe.real.format(module=name))):
        raw = gzip.decompress(path.read_bytes())
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
        frame = pl.read_csv(io.StringIO(text), infer_schema=False)
        # The sample of 2013-14 has an empty line after each school.
        frames.append(frame.filter(~pl.all_horizontal(pl.all().is_null())))
    return pl.concat(frames, how="diagonal")


def _renamed(frame: pl.DataFrame, wave: str) -> pl.DataFrame:
    """Put the new ids in; SCHID stays damaged where it was."""
    state = pl.col("_state").replace_strict(STATES)
    state = state if wave == "2020-21" else state.str.to_uppercase()
    frame = frame.with_columns(pl.col("_state").alias("LEA_STATE"), pl.col("_lea").alias("LEAID"))
    if "LEA_STATE_NAME" in frame.columns:
        frame = frame.with_columns(LEA_STATE_NAME=state)
    if "COMBOKEY" in frame.columns:
        sound = pl.col("SCHID").str.zfill(5) == pl.col("COMBOKEY").str.slice(7)
        frame = frame.with_columns(
            SCHID=pl.when(sound).then("_school").otherwise("SCHID"),
            COMBOKEY=pl.col("_lea") + pl.col("_school"),
        )
    first = ["LEA_STATE", "LEA_STATE_NAME", "LEAID", "LEA_NAME", "SCHID", "SCH_NAME", "COMBOKEY"]
    first = [name for name in first if name in frame.columns]
    return frame.select(*first, pl.exclude(*first, "^_.*$"))


if __name__ == "__main__":
    if reason := missing():
        sys.exit(f"no national wave: {reason}")
    for one in sys.argv[1:] or RECIPES:
        print(archive(one))
