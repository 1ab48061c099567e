"""The policies by which a total is shared: rule, formula, and what each one rewards."""

from __future__ import annotations

POLICIES: dict[str, str] = {
    "enrollment": "Every LEA by its students (F-33 fall membership).",
    "poverty": "Every LEA by its children in poverty (SAIPE, 5 to 17).",
    "gap": "LEAs whose schools' staff are in the store get their share by enrollment, and that sum "
    "is shared among them by the cost of the posts short of the ratios; the share of the others "
    "stays unallocated, since their gaps are not known. No LEA gets more than its gap costs.",
    "disparity": "The same with the number of Black and Hispanic students referred to police "
    "beyond the rate of white students. LEAs whose referrals we doubt are left out. No LEA gets "
    "more than its gap costs; what lies above stays unallocated.",
}
FORMULAS: dict[str, str] = {
    "enrollment": "total × students of the LEA ÷ students of all LEAs",
    "poverty": "total × children in poverty of the LEA ÷ children in poverty of all LEAs",
    "gap": "the smaller of the LEA's gap (posts short of the ratios, school by school, × their "
    "yearly price) and pool × that gap ÷ the gaps of all LEAs that are known; pool: total × "
    "students of the LEAs known ÷ students of all",
    "disparity": "the smaller of the LEA's gap (as under gap) and pool × students referred beyond "
    "the white rate ÷ those of all LEAs that are known; pool: total × students of the LEAs known "
    "÷ students of all",
}
INCENTIVES: dict[str, str] = {
    "enrollment": "Follows students; an LEA can't change its share by what it does about safety or "
    "staff.",
    "poverty": "Follows the Census's estimate of poor children, which an LEA can't change.",
    "gap": "Gives most to LEAs that have the fewest staff today: one that hired out of its own "
    "money gets less, and one that cuts staff first gets more.",
    "disparity": "Gives most to LEAs that report the most referrals of Black and Hispanic "
    "students: one that reports fully gets more than one that leaves cases out, and one that mends "
    "its disparity gets less the year after.",
}
CAPPED = ("gap", "disparity")
"""Policies under which no LEA gets more than its gap costs. Enrollment and poverty reach every LEA,
of which few have a gap in the store: to cap those alone would give less to whom we know more of."""
