from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.statistics.suppression import (
    CountTable,
    ProtectedTable,
    audit,
    protect,
)

# The worked table of the privacy sessions: totals give the small cells back if hidden alone.
WORKED = CountTable(
    tuple("ABCDEF"),
    ("K", "1", "2", "3"),
    (
        (16, 8, 8, 6),
        (15, 0, 0, 0),
        (3, 0, 0, 0),
        (62, 20, 13, 15),
        (3, 1, 0, 1),
        (31, 22, 8, 15),
    ),
)


def table(counts: list[list[int]]) -> CountTable:
    return CountTable(
        tuple(f"r{at}" for at in range(len(counts))),
        tuple(f"c{at}" for at in range(len(counts[0]))),
        tuple(tuple(row) for row in counts),
    )


def full(counts: CountTable) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in counts.counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def test_the_worked_table_cannot_be_solved() -> None:
    published = protect(WORKED, minimum=10)
    exact = full(WORKED)
    bounds = audit(published)
    assert len(bounds) == len(published.hidden) > 0
    for bound in bounds:
        assert bound.low < bound.high
        assert bound.low <= exact[bound.row][bound.column] <= bound.high
    for at, row in enumerate(exact):
        for column, value in enumerate(row):
            shown = published.cells[at][column]
            assert shown in (None, value)
            if 0 < value < 10:
                assert shown is None


def test_primary_suppression_alone_would_give_the_worked_table_back() -> None:
    cells = tuple(tuple(None if 0 < value < 10 else value for value in row) for row in full(WORKED))
    naive = ProtectedTable(WORKED.rows, WORKED.columns, cells)
    solved = {(one.row, one.column): one.low for one in audit(naive) if one.width == 0}
    assert solved[5, 2] == 8  # 76 - 31 - 22 - 15
    assert len(solved) >= 1


def test_a_table_of_large_counts_is_left_alone() -> None:
    published = protect(table([[20, 30], [40, 50]]))
    assert published.hidden == ()
    assert published.cells == ((20, 30, 50), (40, 50, 90), (60, 80, 140))


def test_zeros_are_shown_unless_asked_otherwise() -> None:
    counts = table([[0, 30, 40], [50, 60, 70], [20, 30, 90]])
    assert protect(counts).hidden == ()
    assert (0, 0) in protect(counts, zeros=True).hidden


def test_the_boundary_of_the_minimum() -> None:
    assert protect(table([[10, 20], [30, 40]]), minimum=10).hidden == ()
    assert (0, 0) in protect(table([[9, 20], [30, 40]]), minimum=10).hidden


def test_a_single_small_cell_takes_its_total_with_it() -> None:
    published = protect(table([[3]]))
    assert published.cells == ((None, None), (None, None))
    assert all(bound.high == float("inf") for bound in audit(published))


def test_a_wider_room_hides_more() -> None:
    assert len(protect(WORKED, width=6).hidden) >= len(protect(WORKED).hidden)
    assert min(bound.width for bound in audit(protect(WORKED, width=6))) >= 6


def solutions(published: ProtectedTable, top: int) -> dict[tuple[int, int], set[int]]:
    """Try every table of counts up to ``top``: an audit without linear programming."""
    height, breadth = len(published.rows), len(published.columns)
    seen: dict[tuple[int, int], set[int]] = {place: set() for place in published.hidden}
    inner = [(at, column) for at in range(height) for column in range(breadth)]
    choices = [
        range(top + 1) if published.cells[at][column] is None else [published.cells[at][column]]
        for at, column in inner
    ]
    for values in product(*choices):
        rows = [list(values[at * breadth : (at + 1) * breadth]) for at in range(height)]
        guess = full(table(rows))
        if all(
            shown in (None, value)
            for row, line in zip(guess, published.cells, strict=True)
            for value, shown in zip(row, line, strict=True)
        ):
            for (at, column), values_seen in seen.items():
                values_seen.add(guess[at][column])
    return seen


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 2).flatmap(
        lambda height: st.lists(
            st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=height, max_size=height
        )
    )
)
def test_no_hidden_cell_has_a_single_value_by_brute_force(counts: list[list[int]]) -> None:
    source = table(counts)
    published = protect(source, minimum=3)
    tried = solutions(published, top=12)
    for bound in audit(published):
        values = tried[bound.row, bound.column]
        assert len(values) >= 2
        assert full(source)[bound.row][bound.column] in values
        assert min(values) == bound.low
        if bound.high <= 12:
            assert max(values) == bound.high


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4),
    st.sampled_from([3, 5, 10]),
    st.booleans(),
)
def test_every_small_cell_and_total_is_hidden_and_nothing_is_changed(
    counts: list[list[int]], minimum: int, zeros: bool
) -> None:
    source = table(counts)
    published = protect(source, minimum=minimum, zeros=zeros)
    for row, line in zip(full(source), published.cells, strict=True):
        for value, shown in zip(row, line, strict=True):
            assert shown in (None, value)
            if (0 if zeros else 1) <= value < minimum:
                assert shown is None
    assert all(bound.width >= 1 for bound in audit(published))
    assert protect(source, minimum=minimum, zeros=zeros) == published


@pytest.mark.parametrize(
    "counts", [((1, 2), (3,)), ((-1, 2), (3, 4)), ((1.5, 2), (3, 4)), ((True, 2), (3, 4)), ()]
)
def test_what_is_no_table_of_counts_is_refused(counts: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(BadInput):
        CountTable(("a", "b"), ("x", "y"), counts)


def test_a_minimum_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 1"):
        protect(WORKED, minimum=0)


def test_hidden_cells_all_look_alike() -> None:
    published = protect(table([[3, 20], [30, 40]]))
    assert published.hidden == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert published.as_dict() == {
        "columns": ["c0", "c1", "total"],
        "rows": {"r0": ["*", "*", 23], "r1": ["*", "*", 70], "total": [33, 60, 93]},
    }
    assert protect(WORKED).as_dict()["rows"]["C"] == ["*", 0, 0, 0, "*"]  # type: ignore[index]
