"""Turn the three evidence tables (effects, sources, costs) into the library's YAML.

``python scripts/import_evidence.py FOLDER`` reads effects.csv, sources.csv and costs.csv from
FOLDER, and effects_new.csv, sources_new.csv and corrections.csv from each FOLDER/additions_*, and
writes src/homeroom/research/library/. Every row is kept. Editorial choices lie in
scripts/evidence_decisions.yaml. A row that a person added or changed in the YAML (``changed``)
is left as it is.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parent / "src" / "homeroom" / "research" / "library"
DECISIONS = HERE / "evidence_decisions.yaml"
GRADE = re.compile(r"(strong-moderate|strong|moderate|suggestive|weak)\b[:,]?\s*")
REMARK = re.compile(
    r"(?:CORRECTS E\d+ \([^)]*\)|NEW [^;]*tokens?(?: \([^)]*\))?|estimand=[a-z]+(?: \([^)]*\))?"
    r"|part(?=:)|\(?DIR=\S+)[;:.]?\s*"
)
"""What the tables say to the importer; it becomes a field, not a note."""
MEASURED = re.compile(r"measured: ([^;\[]+)[;]?\s*")
SPELLING = {
    "programme": "program", "Programme": "Program", "victimis": "victimiz", "behaviour": "behavior",
    "andomis": "andomiz", "neighbour": "neighbor", "formalis": "formaliz", "criminalis":
    "criminaliz", "counselling": "counseling", "Counselling": "Counseling", "specialis":
    "specializ", "authoris": "authoriz", " centre": " center", "offence": "offense", "licence":
    "license", "enrolment": "enrollment", "avourabl": "avorabl", "labour": "labor",
}  # fmt: skip
"""The tables mix British and American spelling; the library is written in one."""
TEXTS = ("contrast", "subgroup", "measured", "notes", "n", "baseline", "sample", "funding",
         "grade_reason", "study_note")  # fmt: skip
URL = re.compile(r"https?://\S+")
LOAD = re.compile(r"load factor (?:on wages )?([\d.]+)/([\d.]+)")
INFERRED = "[design label inferred]"
RATIOS = {"incidence_rate_ratio", "odds_ratio"}

Row = dict[str, Any]


def convert(folder: Path) -> dict[str, list[Row]]:
    """Return the rows of each YAML file, by its path inside the library."""
    decisions = yaml.safe_load(DECISIONS.read_text(encoding="utf-8"))
    more = sorted(folder.glob("additions_*"))
    sources = [one for at, name in _tables(folder, more, "sources") for one in _read(at / name)]
    effects = [one for at, name in _tables(folder, more, "effects") for one in _read(at / name)]
    files: dict[str, list[Row]] = {
        "sources.yaml": [source(row, decisions) for row in sources],
        "corrections.yaml": [
            correction(row, decisions) for at in more for row in _read(at / "corrections.csv")
        ],
        "costs.yaml": [
            cost(row, decision)
            for row, decision in zip(_read(folder / "costs.csv"), decisions["costs"], strict=True)
        ],
    }
    for made in [
        *(effect(row, decisions) for row in effects),
        *(decisions["extra"] if more else []),
    ]:
        files.setdefault(f"effects/{made['intervention']}.yaml", []).append(made)
    return {name: rows for name, rows in files.items() if rows}


def _tables(folder: Path, more: list[Path], name: str) -> list[tuple[Path, str]]:
    return [(folder, f"{name}.csv"), *((at, f"{name}_new.csv") for at in more)]


def correction(row: dict[str, str], decisions: Row) -> Row:
    """Convert one correction: what was wrong, what stands now, and where that was read."""
    made = {
        "correction_id": row["correction_id"],
        "entry": row["old_id"],
        "field": row["field"],
        "was": row["old_value"],
        "now": row["new_value"],
        "reason": row["reason"],
        "replaced_by": decisions["replaced"].get(row["old_id"]),
        "quote_location": row["quote_location"],
        "url": row["url"],
        "verified": row["verified"],
    }
    return _tidy(made)


def effect(row: dict[str, str], decisions: Row) -> Row:
    """Convert one finding; ``DIR=`` at the head of the notes becomes a field."""
    number = row["effect_id"]
    direction, _, notes = row["notes"].partition(";")
    kind = _uncertainty(row)
    measured = MEASURED.search(notes)
    estimand = re.search(r"estimand=([a-z]+)", notes)
    made = {
        "effect_id": number,
        "source_id": row["source_id"],
        "intervention": row["intervention"].replace("/", "_"),
        "outcome": row["outcome"],
        "measured": _listed(number, decisions["measured"])
        or (measured.group(1).strip() if measured else None),
        "contrast": row["contrast"],
        "subgroup": row["population_subgroup"],
        "scope": "part" if number in decisions["part"] or "; part: " in row["notes"] else None,
        "estimand": _listed(number, decisions["estimands"])
        or (estimand.group(1) if estimand else "effect"),
        **_direction(direction),
        "design": row["design"],
        "design_inferred": INFERRED in notes or None,
        "scale": row["scale"].removeprefix("other:"),
        "estimate": _number(row["estimate"]),
        "estimate_reversed": number in decisions["reversed"] or "REVERSED" in notes or None,
        "uncertainty": kind,
        "se": _number(row["se"]),
        "low": _number(row["ci_low"]),
        "high": _number(row["ci_high"]),
        "interval_computed": number in decisions["computed_interval"] or None,
        "p_text": row["p_text"],
        "baseline": row["baseline_mean_if_given"],
        "n": row["n"],
        "notes": REMARK.sub("", MEASURED.sub("", notes)).replace(INFERRED, "").strip(" ;:"),
        "replaced_by": decisions["replaced"].get(number),
        "quote_location": row["quote_location"],
        "url": row["url"],
        "verified": row["verified"],
    }
    for one in decisions["added"]:
        if number in one["ids"]:
            made["notes"] += f"; {one['note']}"
            made |= {key: one[key] for key in ("n", "changed") if key in one}
    return _tidy(made | decisions["effects"].get(number, {}))


def source(row: dict[str, str], decisions: Row) -> Row:
    """Convert one source; its study says which sources are one work."""
    name = row["source_id"]
    families: dict[str, Row] = decisions["studies"]
    study = next((key for key, one in families.items() if name in one["sources"]), name.lower())
    family = families.get(study, {})
    reference = row["doi_or_url"]
    year = re.match(r"\d{4}", row["year"])
    whole = row["evidence_grade_with_reason"]
    decided = decisions["sources"].get(name, {})
    grade = GRADE.match(whole)
    if grade is None and "grade" not in decided:
        raise SystemExit(f"{name}: no known grade in {whole!r}")
    made = {
        "source_id": name,
        "study": study,
        "study_note": family.get("note"),
        "superseded_by": family.get("superseded", {}).get(name),
        "authors": row["authors"],
        "year": int(year.group()) if year else None,
        "year_text": None if row["year"].isdigit() else row["year"],
        "title": row["title"],
        "venue": row["venue"],
        "doi": reference if reference.startswith("10.") else None,
        "url": reference if reference.startswith("http") else None,
        "country": row["country"],
        "sample": row["sample"],
        "funding": row["funding_independence_notes"],
        "grade": grade and grade.group(1).replace("-", "_"),
        "grade_reason": whole[grade.end() :] if grade and whole[grade.end(1)] == ":" else whole,
    }
    return _tidy(made | decided)


def cost(row: dict[str, str], decision: Row) -> Row:
    """Convert one cost; addresses are taken apart from the file names beside them."""
    if not row["item"].startswith(decision["starts"]):
        raise SystemExit(
            f"expected the row of {decision['id']} ({decision['starts']}...), found "
            f"{row['item']!r}: bring the list of costs in {DECISIONS.name} up to date"
        )
    load = LOAD.match(row["basis"])
    inside = [part.strip() for part in URL.sub("", row["url"]).split("+")]
    made = {
        "cost_id": decision["id"],
        "kind": decision["kind"],
        "item": row["item"],
        "role": decision.get("role"),
        "applies_to": decision.get("applies_to"),
        "unit": row["unit"] if row["unit"] != "not found" else "no price found",
        "year": row["year"],
        **{key: _number(row[key]) for key in ("low", "central", "high")},
        "load_factor": round(float(load.group(1)) / float(load.group(2)), 3) if load else None,
        "basis": row["basis"],
        "source": row["source"],
        "urls": URL.findall(row["url"]),
        "location": ", ".join([part for part in inside if "." in part] + [row["location"]]),
        "derived_from": decision.get("derived_from"),
        "derived": row["derived_here"] != "no" or None,
        "verified": row["verified"],
        "notes": row["notes"],
    }
    return _tidy(made)


def write(files: dict[str, list[Row]], library: Path = LIBRARY) -> None:
    """Write the files; rows that people added or changed stay."""
    for name, rows in files.items():
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump(_merge(path, rows)), encoding="utf-8")


def dump(rows: list[Row]) -> str:
    """Return the YAML text of some rows, one blank line between them."""
    text = yaml.safe_dump(rows, sort_keys=False, allow_unicode=True, width=96)
    return re.sub(r"\n- ", "\n\n- ", text)


def _merge(path: Path, rows: list[Row]) -> list[Row]:
    if not path.exists():
        return rows
    key = next(iter(rows[0]))
    there = {row[key]: row for row in yaml.safe_load(path.read_text(encoding="utf-8"))}
    # A correction that the decisions make is written anew; one made by hand in the YAML stays.
    kept = [
        there[row[key]] if "changed" in there.get(row[key], {}) and "changed" not in row else row
        for row in rows
    ]
    known = {row[key] for row in rows}
    return kept + [row for name, row in there.items() if name not in known]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _uncertainty(row: dict[str, str]) -> str:
    if row["se"]:
        return "se"
    if not row["ci_low"]:
        return "none"
    return "range" if "RANGE" in row["notes"] or not row["estimate"] else "ci"


def _direction(text: str) -> Row:
    value = text.strip().removeprefix("DIR=")
    if value in {"+1", "-1", "0"}:
        return {"direction": int(value)}
    if value not in {"mixed", "n/a"}:
        raise SystemExit(f"expected DIR=+1, -1, 0, mixed or n/a, found {text!r}")
    return {"direction": None, "mixed": value == "mixed" or None}


def _listed(name: str, lists: dict[str, list[str]]) -> str | None:
    return next((key for key, names in lists.items() if name in names), None)


def _number(text: str) -> float | int | None:
    if not text:
        return None
    value = float(text)
    return int(value) if value.is_integer() else value


def _tidy(row: Row) -> Row:
    made = {key: value for key, value in row.items() if value not in (None, "")}
    for key in TEXTS:
        for british, american in SPELLING.items():
            if key in made:
                made[key] = made[key].replace(british, american)
    return made


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("expected one folder with effects.csv, sources.csv and costs.csv")
    write(convert(Path(sys.argv[1])))
