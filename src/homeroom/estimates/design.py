"""Patterns of cells and the fixed effects that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from homeroom.statistics.statistic import Floats

Pattern = tuple[str, str, str]
"""Group, sex, wave."""


def design_of(
    groups: Sequence[str], sexes: Sequence[str], waves: Sequence[str]
) -> tuple[tuple[Pattern, ...], tuple[str, ...], Floats]:
    """Return patterns, names of fixed effects, and the design: group × sex, and waves.

    The first of each is the one that the others are compared with.
    """
    patterns = tuple((g, s, w) for w in waves for g in groups for s in sexes)
    columns: dict[str, list[float]] = {}
    for group in groups[1:]:
        columns[group] = [float(g == group) for g, _, _ in patterns]
    for sex in sexes[1:]:
        columns[sex] = [float(s == sex) for _, s, _ in patterns]
    for group in groups[1:]:
        for sex in sexes[1:]:
            columns[f"{group}:{sex}"] = [float((g, s) == (group, sex)) for g, s, _ in patterns]
    for wave in waves[1:]:
        columns[wave] = [float(w == wave) for _, _, w in patterns]
    design = np.array(list(columns.values()), dtype=np.float64).T.reshape(len(patterns), -1)
    return patterns, tuple(columns), design
