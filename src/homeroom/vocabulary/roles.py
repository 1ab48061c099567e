"""Adults in a school whom the CRDC counts in full-time equivalents, and recommended ratios."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A staff role; ``recommended`` is students per full-time equivalent, where a body says so."""

    id: str
    label: str
    element: str
    definition: str
    recommended: int | None = None
    recommended_by: str | None = None


ROLES: dict[str, Role] = {
    role.id: role
    for role in (
        Role(
            "officer", "Sworn law enforcement officers", "SCH_FTESECURITY_LEO",
            "Career officers with arrest authority, of whatever employer; school resource "
            "officers included.",
        ),
        Role(
            "guard", "Security guards", "SCH_FTESECURITY_GUA",
            "Guard, patrol or monitor the premises; not sworn.",
        ),
        Role(
            "counselor", "School counselors", "SCH_FTECOUNSELORS",
            "Professionals with assigned time for counseling students and parents.",
            250, "American School Counselor Association (250:1)",
        ),
        Role(
            "social_worker", "Social workers", "SCH_FTESERVICES_SOC",
            "Certified, licensed or otherwise qualified.",
        ),
        Role(
            "psychologist", "Psychologists", "SCH_FTESERVICES_PSY",
            "Licensed, school psychologists included.",
            500, "National Association of School Psychologists (500:1)",
        ),
        Role(
            "nurse", "Nurses", "SCH_FTESERVICES_NUR",
            "Meet State standards, school nurses included.",
            750, "National Association of School Nurses, former ratio for the general student "
            "population (750:1)",
        ),
        Role("teacher", "Teachers", "SCH_FTETEACH_TOT", "Full-time equivalent teachers."),
    )
}  # fmt: skip

SUPPORT = ("counselor", "social_worker", "psychologist", "nurse")
