"""The few words that every extract is translated into, and the small numbers that stand for them.

A workspace holds numbers only. Their order is fixed: a Parquet file written today means the same
tomorrow, so a new word takes the next free number.
"""

from __future__ import annotations

RACES = (
    "hispanic", "american_indian", "asian", "black", "pacific", "white", "two_or_more",
)  # fmt: skip
"""The seven groups of 34 CFR 300.647(b)(2), in its order; a race's number is its place here."""
UNKNOWN_RACE = len(RACES)
SEXES = ("male", "female", "nonbinary")
UNKNOWN_SEX = len(SEXES)
PARTS = ("wodis", "idea", "s504")
"""Disability parts: neither, served under IDEA, under Section 504 alone."""
WODIS, IDEA, S504 = range(3)

DISABILITIES = (
    "none", "intellectual_disability", "hearing_impairment", "speech_or_language_impairment",
    "visual_impairment", "emotional_disturbance", "orthopedic_impairment",
    "other_health_impairment", "specific_learning_disability", "deaf_blindness",
    "multiple_disabilities", "autism", "traumatic_brain_injury", "developmental_delay",
    "unspecified",
)  # fmt: skip
"""Categories of disability under IDEA, 34 CFR 300.8, and ``unspecified``."""

SETTINGS = (
    "unknown", "regular_80", "regular_40_79", "regular_under_40", "separate_school", "residential",
    "homebound_hospital", "correctional", "parentally_placed_private", "early_childhood",
)  # fmt: skip
"""Educational environments: ``regular_80`` is 80 percent or more of the day in regular class."""

ACTIONS = (
    "none", "iss", "oss", "expulsion_services", "expulsion_no_services", "expulsion",
    "removal_school", "removal_hearing_officer", "transfer", "continuation",
    "mechanical_restraint", "physical_restraint", "seclusion",
)  # fmt: skip
"""What an agency did. ``expulsion`` leaves open whether services went on. ``removal_school`` is a
removal by school personnel to an interim alternative setting (34 CFR 300.530(g)). A
``continuation`` carries on an earlier removal, and is never a new one."""
ISS, OSS = 1, 2
EXPULSIONS = (3, 4, 5)
MEASURE_OF_ACTION = {
    1: "iss", 2: "oss", 3: "expulsions", 4: "expulsions", 5: "expulsions", 8: "transfers",
    10: "mechanical_restraint", 11: "physical_restraint", 12: "seclusion",
}  # fmt: skip
"""Number of an action to the measure that counts it."""

COUNTED = (
    "enrollment", "referrals", "arrests", "iss", "oss", "expulsions", "zero_tolerance",
    "transfers", "mechanical_restraint", "physical_restraint", "seclusion",
)  # fmt: skip
"""Measures that records can carry."""
CATEGORY_NEEDS: dict[int, tuple[str, ...]] = {
    1: ("race", "disability"),
    **dict.fromkeys(range(2, 8), ("race", "disability", "disability_category")),
    **dict.fromkeys((8, 9), ("race", "disability", "setting")),
    **dict.fromkeys((10, 11), ("race", "disability", "oss", "expulsions", "days")),
    **dict.fromkeys((12, 13), ("race", "disability", "iss", "days")),
    14: ("race", "disability", "iss", "oss", "expulsions", "days"),
}
"""What an extract must carry for each of the 14 categories of 34 CFR 300.647(b)(3) and (b)(4)."""
CARRIED = ("race", "disability", "disability_category", "setting", "days", *COUNTED)
"""What a mapping's coverage block can say about an extract."""
