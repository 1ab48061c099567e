"""What the CRDC counts: its elements, the module that each belongs to, and the parts it is in.

An element is the middle token of a column name, as in ``SCH_DISCWODIS_ARR_BL_M``. Several measures
may count one element; a module holds it once. ``first_cell`` is the number of the element's first
cell column. It is written down because stores and starter facts keep these numbers: a new element
takes the next free number, wherever it stands in the list, and no number ever changes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """One thing counted, and the disability parts of it by what they are published by."""

    id: str
    module: str
    first_cell: int
    by_race_and_sex: tuple[str, ...] = ()
    by_sex: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    """Parts published as one number."""


def _discipline(name: str, module: str, first_cell: int) -> Element:
    return Element(name, module, first_cell, ("wodis", "idea"), ("s504",))


def _restraint(name: str, first_cell: int) -> Element:
    return Element(name, "restraint", first_cell, ("nonidea", "idea"))


def _offense(name: str, first_cell: int) -> Element:
    return Element(name, "offenses", first_cell, whole=("any",))


ELEMENTS: dict[str, Element] = {
    element.id: element
    for element in (
        Element("ENR", "enrollment", 1, ("any", "idea", "s504")),
        _discipline("REF", "referrals_arrests", 64),
        _discipline("ARR", "referrals_arrests", 109),
        _discipline("ISS", "suspensions", 154),
        _discipline("SINGOOS", "suspensions", 199),
        _discipline("MULTOOS", "suspensions", 244),
        _discipline("EXPWE", "expulsions", 289),
        _discipline("EXPWOE", "expulsions", 334),
        _discipline("EXPZT", "expulsions", 379),
        _discipline("TFRALT", "transfers", 424),
        _restraint("MECH", 469),
        _restraint("PHYS", 511),
        _restraint("SECL", 553),
        _offense("RAPE", 595),
        _offense("BATT", 596),
        _offense("ROBWW", 597),
        _offense("ROBWX", 598),
        _offense("ROBWOW", 599),
        _offense("ATTWW", 600),
        _offense("ATTWX", 601),
        _offense("ATTWOW", 602),
        _offense("THRWW", 603),
        _offense("THRWX", 604),
        _offense("THRWOW", 605),
        _offense("POSSWX", 606),
    )
}
