"""What Homeroom can be asked about students: outcomes and enrollment.

A measure is one or more CRDC *elements* (see :mod:`homeroom.vocabulary.elements`), counted for
the parts of the student body that the elements are published for. An element may belong to several
measures. Definitions follow OCR's master list of definitions, 2015-16.
"""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.vocabulary.elements import ELEMENTS


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing counted. ``per`` names what a unit is: a student or an incident."""

    id: str
    label: str
    elements: tuple[str, ...]
    """All of one module."""
    per: str
    definition: str
    parts: tuple[str, ...] = ("wodis", "idea", "s504")
    """Disability parts that add up to the total of all students."""
    by_race: bool = True
    done: str = ""
    """What happened to the students counted: "were expelled". Empty where incidents are counted."""

    def __post_init__(self) -> None:
        if len({ELEMENTS[element].module for element in self.elements}) != 1:
            raise ValueError(f"{self.id}: expected elements of one module, found {self.elements}.")

    @property
    def module(self) -> str:
        """CRDC module of the measure's elements."""
        return ELEMENTS[self.elements[0]].module


_MASTER_LIST = "OCR, CRDC master list of definitions, 2015-16."

MEASURES: dict[str, Measure] = {
    measure.id: measure
    for measure in (
        Measure(
            "enrollment", "Students enrolled", ("ENR",), "student",
            "Students enrolled on the day of the fall count, in preschool to grade 12 or ungraded.",
            parts=("any",),
            done="were enrolled",
        ),
        Measure(
            "arrests", "School-related arrests", ("ARR",), "student",
            "Students arrested for any activity on school grounds, at off-campus school "
            "activities or on school transport, or because a school official referred them. "
            "Every arrest is also a referral. " + _MASTER_LIST,
            done="were arrested at school or for something school-related",
        ),
        Measure(
            "referrals", "Referrals to law enforcement", ("REF",), "student",
            "Students reported to any law enforcement agency or official, a school police unit "
            "included, whether or not official action follows; citations, tickets, court "
            "referrals and school-related arrests are referrals. " + _MASTER_LIST,
            done="were referred to law enforcement by their schools",
        ),
        Measure(
            "iss", "In-school suspensions", ("ISS",), "student",
            "Students with one or more in-school suspensions.",
            done="were given in-school suspensions",
        ),
        Measure(
            "oss", "Out-of-school suspensions", ("SINGOOS", "MULTOOS"), "student",
            "Students with one or more out-of-school suspensions: those with one, plus those "
            "with more than one.",
            done="were suspended out of school",
        ),
        Measure(
            "expulsions", "Expulsions", ("EXPWE", "EXPWOE"), "student",
            "Students expelled, with or without educational services.",
            done="were expelled",
        ),
        Measure(
            "zero_tolerance", "Expulsions under zero-tolerance policies", ("EXPZT",), "student",
            "Students expelled under zero-tolerance policies; they are also among the expulsions.",
            done="were expelled under zero-tolerance policies",
        ),
        Measure(
            "transfers", "Transfers to alternative school", ("TFRALT",), "student",
            "Students transferred to an alternative school for disciplinary reasons.",
            done="were moved to alternative schools for discipline",
        ),
        Measure(
            "mechanical_restraint", "Mechanical restraint", ("MECH",), "student",
            "Students subjected to mechanical restraint.", parts=("nonidea", "idea"),
            done="were mechanically restrained",
        ),
        Measure(
            "physical_restraint", "Physical restraint", ("PHYS",), "student",
            "Students subjected to physical restraint.", parts=("nonidea", "idea"),
            done="were physically restrained",
        ),
        Measure(
            "seclusion", "Seclusion", ("SECL",), "student",
            "Students subjected to seclusion.", parts=("nonidea", "idea"),
            done="were secluded",
        ),
        Measure(
            "offenses", "Offenses recorded by the school",
            (
                "RAPE", "BATT", "ROBWW", "ROBWX", "ROBWOW", "ATTWW", "ATTWX", "ATTWOW", "THRWW",
                "THRWX", "THRWOW", "POSSWX",
            ),
            "incident",
            "Incidents at school, by anyone: rape, sexual assault, robbery, physical attack, "
            "threats and possession of a firearm or explosive. Not by group of students.",
            parts=("any",), by_race=False,
        ),
    )
}  # fmt: skip

OFFENSES: dict[str, str] = {
    "RAPE": "Rape or attempted rape",
    "BATT": "Sexual assault (other than rape)",
    "ROBWW": "Robbery with a weapon",
    "ROBWX": "Robbery with a firearm or explosive device",
    "ROBWOW": "Robbery without a weapon",
    "ATTWW": "Physical attack or fight with a weapon",
    "ATTWX": "Physical attack or fight with a firearm or explosive device",
    "ATTWOW": "Physical attack or fight without a weapon",
    "THRWW": "Threats of physical attack with a weapon",
    "THRWX": "Threats of physical attack with a firearm or explosive device",
    "THRWOW": "Threats of physical attack without a weapon",
    "POSSWX": "Possession of a firearm or explosive device",
}
