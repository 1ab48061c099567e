"""Two headings that changed places are noticed; any other order of columns is an analyst's."""

from __future__ import annotations

import random

import pytest

import crdc_factory as crdc
from homeroom.errors import BadInput
from homeroom.sources.crdc import order
from homeroom.sources.crdc.columns import layout
from homeroom.sources.registry import find_files, recognize


def swapped(names: list[str], one: str, other: str) -> list[str]:
    at, to = names.index(one), names.index(other)
    found = list(names)
    found[at], found[to] = found[to], found[at]
    return found


def header_of(module: str, wave: str, column: str) -> list[str]:
    """Return the header that OCR published, or one in its form."""
    published = [names for names in order._published().get(wave, []) if column in names]
    return published[0] if published else crdc.columns(module, wave)


@pytest.mark.parametrize("wave", ["2017-18", "2020-21", "2023-24"])
@pytest.mark.parametrize(
    ("module", "one", "other"),
    [
        ("Referrals and Arrests", "SCH_DISCWODIS_ARR_HI_M", "SCH_DISCWODIS_ARR_BL_M"),
        ("School Support", "SCH_FTECOUNSELORS", "SCH_FTESERVICES_SOC"),
    ],
)
def test_two_headings_in_each_others_place_are_refused(wave, module, one, other):
    names = header_of(module, wave, one)
    order.check(names, wave, "x.csv")
    with pytest.raises(BadInput, match=f"({other} and {one}|{one} and {other}) in each"):
        order.check(swapped(names, one, other), wave, "x.csv")


@pytest.mark.parametrize("one", ["SCH_DISCWDIS_REF_504_F", "SCH_DISCWDIS_REF_504_M"])
def test_headings_of_two_small_blocks_in_each_others_place_are_refused(one):
    """Section 504 has a block of two or three columns, too few to say which one moved."""
    names = header_of("Referrals and Arrests", "2017-18", one)
    other = one.replace("_REF_", "_ARR_")
    assert other in names
    # Of two columns each, both stories are as good: the boys' or the girls' changed places.
    with pytest.raises(BadInput, match=r"REF_504_. and SCH_DISCWDIS_ARR_504_. in each"):
        order.check(swapped(names, one, other), "2023-24", "x.csv")


def test_a_file_with_two_races_swapped_is_refused_though_its_totals_agree(tmp_path):
    module = "Referrals and Arrests"
    names = [*crdc.IDS, *crdc.columns(module)]
    rows = [crdc.school(SCH_DISCWODIS_ARR_HI_M=3, SCH_DISCWODIS_ARR_BL_M=5)]
    lines = crdc.text(module, rows).split("\n")
    lines[0] = ",".join(swapped(names, "SCH_DISCWODIS_ARR_HI_M", "SCH_DISCWODIS_ARR_BL_M"))
    path = tmp_path / "2017-18" / f"{module}.csv"
    path.parent.mkdir()
    path.write_text("\n".join(lines))
    found = recognize(next(iter(find_files([path]))))
    with pytest.raises(BadInput, match="SCH_DISCWODIS_ARR_BL_M"):
        list(found.read())


@pytest.mark.parametrize("wave", ["2013-14", "2015-16", "2017-18", "2020-21", "2021-22"])
def test_published_sorted_shuffled_and_selected_columns_pass(wave):
    chance = random.Random(7)  # noqa: S311 - no secret
    for header in order._published().get(wave, order._published()["2020-21"]):
        read = layout(header)
        some = [name for name in header if name in {*read.counts, *read.staff}]
        for names in (
            header, sorted(header), chance.sample(header, len(header)), some, some[::-1],
            [*some[1:], some[0]] if some else header,
        ):  # fmt: skip
            order.check(names, wave, "x.csv")
