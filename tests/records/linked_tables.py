"""Random linked tables, as agencies publish them: levels, races, sexes, and years."""

from __future__ import annotations

import random

from homeroom.records.publish import Dimension

SHAPES = (
    # columns of each dimension, and how many codes each has (of a level: below each code above)
    ((("row",), (5,)), (("column",), (4,))),
    ((("district", "school"), (2, 3)), (("race",), (4,))),
    ((("district", "school"), (3, 2)), (("race",), (3,)), (("sex",), (2,))),
    ((("race",), (4,)), (("sex",), (2,)), (("year",), (3,))),
    ((("school",), (4,)), (("year",), (2,)), (("race",), (3,))),
    ((("state", "district", "school"), (1, 2, 2)), (("sex",), (2,)), (("race",), (2,))),
)


def drawn(rng: random.Random):
    """Return random innermost counts and their dimensions."""
    shape = rng.choice(SHAPES)
    codes = [_codes(columns, sizes) for columns, sizes in shape]
    mean = rng.choice((2.0, 5.0, 12.0, 40.0))
    empty = rng.choice((0.0, 0.2, 0.6))
    leaves = {}
    for key in _product(codes):
        spread = rng.lognormvariate(0, 0.8)
        leaves[key] = 0 if rng.random() < empty else int(rng.expovariate(1 / (mean * spread)))
    dimensions = tuple(Dimension(columns[0], tuple(columns)) for columns, _ in shape)
    return leaves, dimensions


def _codes(columns, sizes):
    found = [()]
    for name, size in zip(columns, sizes, strict=True):
        found = [(*code, f"{name[0]}{at}") for code in found for at in range(size)]
    return found


def _product(codes):
    found = [()]
    for one in codes:
        found = [(*key, code) for key in found for code in one]
    return found
