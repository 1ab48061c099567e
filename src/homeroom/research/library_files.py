"""Read the library's YAML files, check them, and keep them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from homeroom.errors import BadInput
from homeroom.research import rules
from homeroom.research.reading import Refused, read
from homeroom.research.schema import (
    Correction,
    Cost,
    Effect,
    Intervention,
    Outcome,
    Question,
    Source,
    Topic,
    Unmeasured,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = Path(str(files("homeroom.research"))) / "library"
# The same safe loader in C, where libyaml is installed: a quarter of a second less to start.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HELP = "docs/how-to/add-research.md shows the fields"


@dataclass(frozen=True, slots=True)
class Library:
    """All entries by id, in the order of the files; ``replaced`` are findings no longer used."""

    interventions: dict[str, Intervention]
    outcomes: dict[str, Outcome]
    sources: dict[str, Source]
    effects: dict[str, Effect]
    costs: dict[str, Cost]
    topics: dict[str, Topic]
    unmeasured: dict[str, Unmeasured] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    corrections: dict[str, Correction] = field(default_factory=dict)
    replaced: dict[str, Effect] = field(default_factory=dict)


_KINDS: dict[str, tuple[type, str, str]] = {
    "interventions": (Intervention, "id", "interventions.yaml"),
    "outcomes": (Outcome, "id", "outcomes.yaml"),
    "sources": (Source, "source_id", "sources.yaml"),
    "effects": (Effect, "effect_id", "effects/*.yaml"),
    "costs": (Cost, "cost_id", "costs.yaml"),
    "topics": (Topic, "id", "topics.yaml"),
    "unmeasured": (Unmeasured, "id", "unmeasured.yaml"),
    "questions": (Question, "id", "questions.yaml"),
    "corrections": (Correction, "correction_id", "corrections.yaml"),
}
_OPTIONAL = {"unmeasured", "questions", "corrections"}


@cache
def load(path: Path = SHIPPED) -> Library:
    """Read and check a library folder once; without a path, the one that Homeroom ships."""
    library, complaints = _read(path)
    if complaints:
        shown = "\n".join(f"- {complaint}" for complaint in complaints[:20])
        raise BadInput(
            f"expected a research library without errors in {path}, found "
            f"{len(complaints)}:\n{shown}\nCorrect these entries; {HELP}."
        )
    return library


def check(path: Path = SHIPPED) -> list[str]:
    """List everything that is wrong in a library folder; empty when all is well."""
    return _read(path)[1]


def _read(path: Path) -> tuple[Library, list[str]]:
    complaints: list[str] = []
    found: dict[str, dict[str, Any]] = {}
    for name, (kind, key, pattern) in _KINDS.items():
        paths = sorted(path.glob(pattern))
        if not paths and name not in _OPTIONAL:
            complaints.append(f"{path / pattern}: expected this file, found none")
        found[name] = dict(_entries(kind, key, paths, complaints))
    effects = found["effects"]
    found["effects"] = {n: effects[n] for n in sorted(effects) if not effects[n].replaced_by}
    found["replaced"] = {n: effects[n] for n in sorted(effects) if effects[n].replaced_by}
    library = Library(**found)
    return library, complaints + list(rules.between(library))


def _entries(
    kind: type, key: str, paths: list[Path], complaints: list[str]
) -> Iterator[tuple[str, Any]]:
    seen: dict[str, str] = {}
    for path in paths:
        for place, raw in enumerate(_list(path, complaints), start=1):
            name = str(raw.get(key, "?")) if isinstance(raw, dict) else "?"
            where = f"{path.name}, entry {place} ({name})"
            if name in seen:
                complaints.append(f"{where}: {key} {name} is already used in {seen[name]}")
                continue
            seen[name] = where
            try:
                entry: Any = read(kind, raw)
            except Refused as refused:
                complaints += [f"{where}: {text}" for text in refused.complaints]
                continue
            complaints += [f"{where}: {text}" for text in rules.inside(entry)]
            yield name, entry


def _list(path: Path, complaints: list[str]) -> list[Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_SAFE)  # noqa: S506 - it is a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        complaints.append(f"{path.name}: expected YAML in UTF-8, found: {error}")
        return []
    if not isinstance(content, list):
        complaints.append(f"{path.name}: expected a list of entries, found {content!r:.60}")
        return []
    return content
