"""The grammar of CRDC column names: which cell a column such as SCH_DISCWODIS_ARR_BL_M holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from homeroom.vocabulary.cells import CELL_IDS, CELLS
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.vocabulary.groups import RACE_OF_ELEMENT, SEX_OF_ELEMENT, UNPUBLISHED
from homeroom.vocabulary.roles import ROLES

_GROUP = r"_(?P<race>HI|AM|AS|HP|BL|WH|TR)_(?P<sex>[MFX])"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), part)
    for pattern, part in (
        (r"SCH_(?P<element>ENR)" + _GROUP, "any"),
        (r"SCH_IDEA(?P<element>ENR)" + _GROUP, "idea"),
        (r"SCH_504(?P<element>ENR)" + _GROUP, "s504"),
        (r"SCH_DISCWODIS_(?P<element>[A-Z]+)" + _GROUP, "wodis"),
        (r"SCH_DISCWDIS_(?P<element>[A-Z]+)_IDEA" + _GROUP, "idea"),
        (r"SCH_DISCWDIS_(?P<element>[A-Z]+)_504_(?P<sex>[MFX])", "s504"),
        (r"SCH_RS_NONIDEA_(?P<element>[A-Z]+)" + _GROUP, "nonidea"),
        (r"SCH_RS_IDEA_(?P<element>[A-Z]+)" + _GROUP, "idea"),
        (r"SCH_OFFENSE_(?P<element>[A-Z]+)", "any"),
    )
)
_TOTAL = re.compile(r"TOT_(?P<stem>\w+)_(?P<sex>[MFX])")
_INSTANCES = re.compile(r"SCH_(?P<element>REF|ARR)INSTANCES_(?P<part>WODIS|IDEA|504)")
_PARTS = {"WODIS": "wodis", "IDEA": "idea", "504": "s504"}
_SOME_WAVES = ("ROBWX", "ATTWX", "THRWX")


@dataclass(frozen=True, slots=True)
class Layout:
    """What Homeroom reads from a file with these columns."""

    cells: dict[str, int]
    """Column name to cell id, by cell id: the columns of a block stand side by side."""
    blocks: dict[tuple[str, str], tuple[str, ...]]
    """(element, disability) to its columns."""
    modules: dict[str, tuple[str, ...]]
    """Module to its cell columns."""
    staff: dict[str, str]
    """Column name to role id."""
    totals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Column of a total over races to the columns that it adds up."""
    instances: dict[tuple[str, str], str] = field(default_factory=dict)
    """(element, disability) to the column of its number of incidents."""

    @property
    def counts(self) -> tuple[str, ...]:
        """Every column that holds whole numbers."""
        return (*self.cells, *self.totals, *self.instances.values())


def layout(names: Iterable[str]) -> Layout:
    """Read a header: which columns hold cells of which module, and which hold staff."""
    names = list(names)
    numbered = sorted((number, name) for name in names if (number := _cell_id(name)))
    blocks: dict[tuple[str, str], tuple[str, ...]] = {}
    modules: dict[str, tuple[str, ...]] = {}
    for number, name in numbered:
        cell = CELLS[number - 1]
        block, module = (cell.element, cell.disability), ELEMENTS[cell.element].module
        blocks[block] = (*blocks.get(block, ()), name)
        modules[module] = (*modules.get(module, ()), name)
    roles = {role.element: role.id for role in ROLES.values()}
    staff = {name: roles[name] for name in names if name in roles}
    return Layout(
        {name: number for number, name in numbered}, blocks, modules, staff,
        _totals(names), _instances(names),
    )  # fmt: skip


def _totals(names: list[str]) -> dict[str, tuple[str, ...]]:
    """Find totals whose seven parts are all cells of the file."""
    have = set(names)
    found = {}
    for name in names:
        if match := _TOTAL.fullmatch(name):
            parts = tuple(f"SCH_{match['stem']}_{race}_{match['sex']}" for race in RACE_OF_ELEMENT)
            if have.issuperset(parts) and all(_cell_id(part) for part in parts):
                found[name] = parts
    return found


def _instances(names: list[str]) -> dict[tuple[str, str], str]:
    matches = {name: _INSTANCES.fullmatch(name) for name in names}
    return {(m["element"], _PARTS[m["part"]]): name for name, m in matches.items() if m}


def _cell_id(name: str) -> int | None:
    for pattern, part in _FORMS:
        if match := pattern.fullmatch(name):
            found = match.groupdict()
            race = RACE_OF_ELEMENT.get(found.get("race", ""), UNPUBLISHED)
            sex = SEX_OF_ELEMENT.get(found.get("sex", ""), UNPUBLISHED)
            return CELL_IDS.get((found["element"], part, race, sex))
    return None


def missing_columns(found: Layout, modules: Iterable[str]) -> list[str]:
    """List the cells of ``modules`` that the layout lacks, as element/part/race/sex.

    A module with a column gone would give sums that look whole; the reader refuses it. Nonbinary
    students and offenses with a firearm are not in every wave.
    """
    have = set(found.cells.values())
    return [
        f"{cell.element} {cell.disability} {cell.race} {cell.sex}"
        for cell in CELLS
        if cell.id not in have
        and ELEMENTS[cell.element].module in set(modules)
        and cell.sex != "nonbinary"
        and cell.element not in _SOME_WAVES
    ]
