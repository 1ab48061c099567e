"""Claims that other publishers' data would answer, and these data cannot."""

from __future__ import annotations

import re

from homeroom.claims.checked import Checked
from homeroom.claims.kinds.said import Said, cannot
from homeroom.claims.kinds.words import words
from homeroom.evidence.store import Store

OTHER_PEOPLE = "other_people"


def check(_store: Store, said: Said) -> Checked | None:
    """Return who publishes what would answer a claim; None where these data may answer it."""
    for entry in words()["elsewhere"]:
        match = re.search(entry["when"], said.text)
        if match is None:
            continue
        why, where = str(entry["why"]).strip(), str(entry["where"]).strip()
        return cannot(
            said, entry["kind"],
            f"Read as: a claim about something else than these data hold "
            f"(\u201c{match[0].strip()}\u201d).",
            f"Cannot be tested with these data. {why} It could be checked here: {where}",
            elsewhere=where,
        )  # fmt: skip
    return None
