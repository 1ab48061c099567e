"""What a workspace is asked: significant disproportionality, with State settings and coverage."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeroom.errors import BadInput
from homeroom.law import idea
from homeroom.records.counting import Block, counted
from homeroom.records.disproportionality import Row, rows
from homeroom.records.engines import opened
from homeroom.records.importing import Extract, import_records
from homeroom.records.sealed import sealed
from homeroom.records.workspace import Workspace, check_private


@dataclass(frozen=True)
class Answer:
    """Significant disproportionality of every LEA in one school year.

    Attributes
    ----------
    rows
        A row an LEA, category, and group.
    settings
        What was compared with.
    notes
        What a reader must know: the State's settings, what the extract leaves out, and children
        who are in no count.
    """

    year: int
    rows: tuple[Row, ...]
    settings: idea.Settings
    notes: tuple[str, ...]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as plain values."""
        return [row.to_dict() for row in self.rows]


def disproportionality(
    workspace: Workspace,
    rules: str,
    year: int | None = None,
    *,
    engine: str = "duckdb",
    **own: Any,
) -> Answer:
    """Return risk ratios and what the State's settings make of them, for every LEA.

    Parameters
    ----------
    workspace
        An imported extract.
    rules
        Postal code of the State whose settings count.
    year
        The school year, by the calendar year in which it ends; the last one by default.
    engine
        ``duckdb``, ``spark``, or ``spark://HOST:PORT``; all give the same rows.
    own
        Fields of :class:`homeroom.law.idea.Settings` that stand over what was read of the State.

    Raises
    ------
    BadInput
        There is no such State, year, or engine.
    """
    check_private(workspace)
    read = idea.state_settings(rules)
    settings = read.settings(**own)
    manifest = workspace.manifest
    if not workspace.years:
        raise BadInput("Expected records of at least one school year, found none.")
    asked = year if year is not None else workspace.years[-1]
    with opened(workspace, engine) as running, sealed("the workspace"):
        block = counted(workspace, running)
    found = tuple(rows(block, settings, asked, manifest["carried"]))
    return Answer(asked, found, settings, (*read.notes(), *_notes(block, manifest, asked)))


def _notes(block: Block, manifest: dict[str, Any], year: int) -> Iterator[str]:
    yield f"Read with mapping {manifest['mapping']}. {' '.join(manifest['notes'])}".strip()
    if open_days := block.undetermined.get(year):
        yield (
            f"{open_days:,} children with removals of unknown length are in no category 10 to 13, "
            "unless the known days alone exceed 10."
        )
    for problem in manifest["problems"]:
        if problem["id"] in ("unknown_race", "race_conflict", "event_of_unknown_student"):
            yield f"{problem['says']}: {problem['rows']:,} (all years)."
    yield "Arrests and referrals to police are none of the 14 categories."


@contextmanager
def passing(extract: Extract, *, allow_unmapped: bool = False) -> Iterator[Workspace]:
    """Import an extract into a workspace that goes when the block ends.

    Parameters
    ----------
    extract, allow_unmapped
        As for :func:`homeroom.records.importing.import_records`.
    """
    with tempfile.TemporaryDirectory(prefix="homeroom-", ignore_cleanup_errors=True) as folder:
        workspace, _ = import_records(
            extract, Path(folder) / "records", allow_unmapped=allow_unmapped
        )
        yield workspace
