"""A certificate: counts, what was hidden, and two witnesses for every small cell.

It holds every secret of the release. It is written for its owner alone, and never published.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from homeroom.errors import Unwritten
from homeroom.evidence.targets import refuse_unwritable
from homeroom.records.publish.pattern import ITSELF, Pattern

FORMAT = "homeroom-certificate-1"
_OWNER = 0o600


def certificate(pattern: Pattern, *, known: tuple[int, ...] = ()) -> dict[str, Any]:
    """Return a pattern's certificate as plain values.

    Parameters
    ----------
    pattern
        With every small cell proved.
    known
        Cells that an earlier release shows.
    """
    system = pattern.system
    used = sorted(
        {one for proof in pattern.proofs.values() for one in proof if one not in {None, ITSELF}}
    )
    number: dict[int | None, int] = {one: at for at, one in enumerate(used) if one is not None}
    number[ITSELF] = ITSELF
    return {
        "format": FORMAT,
        "policy": pattern.policy.as_dict(),
        "dimensions": [
            {"name": one.name, "columns": list(one.columns), "has_total": one.has_total}
            for one in system.dimensions
        ],
        "cells": [[list(code) for code in key] for key in system.keys],
        "counts": list(system.values),
        "published": system.published,
        "hidden": [cell for cell in range(system.published) if pattern.hidden[cell]],
        "known": sorted(known),
        "facts": [
            {
                "weights": [[system.index[key], weight] for key, weight in fact.weights],
                "low": fact.low,
                "high": fact.high,
                "says": fact.says,
            }
            for fact in system.facts
        ],
        "witnesses": [
            sorted([cell, change] for cell, change in (pattern.moves[one] or {}).items())
            for one in used
            if one is not None
        ],
        "proofs": [
            [cell, *(number[one] for one in proof)] for cell, proof in pattern.proofs.items()
        ],
    }


def write_certificate(document: dict[str, Any], path: Path) -> None:
    """Write a certificate that its owner alone may read.

    Parameters
    ----------
    document
        See :func:`certificate`.
    path
        Where to.

    Raises
    ------
    BadInput
        Nothing can be written there.
    Unwritten
        The disk is full.
    """
    refuse_unwritable(path)
    text = json.dumps(document, separators=(",", ":"))
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER), "w") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        raise Unwritten(f"The certificate was not written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
