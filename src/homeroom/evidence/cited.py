"""Files that are cited beside figures: surveys, wages, poverty, directories, shootings."""

from __future__ import annotations

from collections.abc import Sequence

from homeroom.evidence import sql
from homeroom.evidence.store import Store


def context_files(
    store: Store, items: Sequence[str], state: str | None, leas: Sequence[str]
) -> set[tuple[str, str, str]]:
    """Return title, name, and SHA-256 of the files behind what stands beside a place's figures.

    Parameters
    ----------
    items
        Items of the School Survey on Crime and Safety.
    state
        Postal code of the state whose wages are read, or None for the nation's.
    leas
        Seven-digit ids of the districts whose directory and poverty rows are read.
    """
    rows = sql.rows(
        store.con,
        """
        SELECT DISTINCT title, name, sha256 FROM source_file WHERE source_id IN (
            SELECT source_id FROM survey_estimate WHERE list_contains(?, item)
            UNION SELECT source_id FROM incident_year
            UNION SELECT source_id FROM wage WHERE list_contains(?, state)
            UNION SELECT source_id FROM district WHERE list_contains(?, leaid)
            UNION SELECT source_id FROM poverty WHERE list_contains(?, leaid))
        """,
        [list(items), [state], list(leas), list(leas)],
    )
    return {(str(title), str(name), str(sha)) for title, name, sha in rows}
