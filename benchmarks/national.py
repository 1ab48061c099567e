"""A national wave in the official layout of 2017-18, resampled from real schools.

Whole districts of the states at hand are drawn with replacement until there are 97,632 schools,
as many as OCR published for 2017-18; each draw gets an LEAID of its own, spread over 51 states.
Every other value is as a real school reported it, with the real files' quirks: SCHID damaged in
the same modules, School Characteristics in cp1252, blanks and reserve codes.
"""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import polars as pl

from homeroom.vocabulary.states import FIPS, STATES

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "crdc" / "2017-18"
SCHOOLS = 97_632
MODULES = (
    "Enrollment", "Referrals and Arrests", "Suspensions", "Expulsions", "Transfers",
    "Restraint and Seclusion", "Offenses", "School Support", "School Characteristics",
)  # fmt: skip
LEA = "LEA Characteristics"
_STATES = tuple(FIPS)[:51]
_ZIP_ROOT = "2017-18 Public-Use Files/Data"
_SEED = 20_171_8


def at_hand() -> str | None:
    """Say why the wave cannot be made here, or None."""
    return None if REAL.is_dir() else f"the official files are not at hand ({REAL} does not exist)"


def folder(schools: int = SCHOOLS) -> Path:
    """Return the folder of module CSVs, generated at the first call."""
    made = Path(tempfile.gettempdir()) / f"homeroom-national-{schools}"
    done = made / ".done"
    if not done.exists():
        made.mkdir(exist_ok=True)
        _generate(made, schools)
        done.touch()
    return made


def archive(source: Path) -> Path:
    """Return a ZIP of ``source`` with the members' paths of OCR's own."""
    made = source.with_suffix(".zip")
    if not made.exists():
        draft = made.with_suffix(".part")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as out:
            for path in sorted(source.glob("*.csv")):
                level = "LEA" if path.stem == LEA else "SCH"
                out.write(path, f"{_ZIP_ROOT}/{level}/CRDC/CSV/{path.name}")
        draft.replace(made)
    return made


def _generate(out: Path, schools: int) -> None:
    districts, draws = _draw(_real("Enrollment"), schools)
    for module in MODULES:
        frame = draws.join(
            _real(module), on="COMBOKEY", how="left", maintain_order="left", nulls_equal=False
        )
        _write(_renamed(frame), out / f"{module}.csv", cp1252=module == "School Characteristics")
    lea = districts.join(_real(LEA), on="LEAID", how="inner", maintain_order="left")
    _write(_renamed(lea), out / f"{LEA}.csv", cp1252=False)


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


def _real(module: str) -> pl.DataFrame:
    paths = sorted(REAL.glob(f"{module.replace(' ', '_')}_??.csv.gz"))
    frames = []
    for path in paths:
        raw = gzip.decompress(path.read_bytes())
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
        frames.append(pl.read_csv(io.StringIO(text), infer_schema=False))
    return pl.concat(frames)


def _renamed(frame: pl.DataFrame) -> pl.DataFrame:
    """Put the new ids in; SCHID stays damaged where it was."""
    frame = frame.with_columns(
        pl.col("_state").alias("LEA_STATE"),
        pl.col("_state").replace_strict(STATES).str.to_uppercase().alias("LEA_STATE_NAME"),
        pl.col("_lea").alias("LEAID"),
    )
    if "COMBOKEY" in frame.columns:
        sound = pl.col("SCHID").str.zfill(5) == pl.col("COMBOKEY").str.slice(7)
        frame = frame.with_columns(
            SCHID=pl.when(sound).then("_school").otherwise("SCHID"),
            COMBOKEY=pl.col("_lea") + pl.col("_school"),
        )
    first = ["LEA_STATE", "LEA_STATE_NAME", "LEAID", "LEA_NAME", "SCHID", "SCH_NAME", "COMBOKEY"]
    first = [name for name in first if name in frame.columns]
    return frame.select(*first, pl.exclude(*first, "^_.*$"))


def _write(frame: pl.DataFrame, path: Path, *, cp1252: bool) -> None:
    text = frame.write_csv(None, null_value="")
    path.write_bytes(text.encode("cp1252", "replace") if cp1252 else text.encode())


if __name__ == "__main__":
    if reason := at_hand():
        sys.exit(f"no national wave: {reason}")
    print(archive(folder()))
