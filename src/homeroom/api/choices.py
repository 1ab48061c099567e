"""The closed lists that questions choose from, as types: editors complete them, checkers test them.

Each holds the same words as the list that the code checks values against; a test compares them.
"""

from __future__ import annotations

from typing import Literal

Measure = Literal[
    "enrollment",
    "arrests",
    "referrals",
    "iss",
    "oss",
    "expulsions",
    "zero_tolerance",
    "transfers",
    "mechanical_restraint",
    "physical_restraint",
    "seclusion",
    "offenses",
]
"""What is counted."""

Wave = Literal["2011-12", "2013-14", "2015-16", "2017-18", "2020-21", "2021-22", "2023-24"]
"""School years of the Civil Rights Data Collection."""

Policy = Literal["published", "screened"]
"""Figures as OCR published them, or without those that a quality rule doubts."""

Basis = Literal["state_table", "schools"]
"""OCR's published totals, or sums over the schools in the store."""

Axis = Literal["race", "sex", "disability"]
"""What groups of students are formed by."""

Level = Literal["nation", "state", "district", "school"]
"""Kinds of places."""

Section504 = Literal["with", "without"]
"""Whether totals count students served under Section 504 only."""

Comparator = Literal["group", "same_group"]
"""Another group, or the same group in schools without officers."""

Sex = Literal["all", "male", "female", "nonbinary"]
"""Sex as schools report it."""

Disability = Literal["all", "wodis", "idea", "s504", "nonidea"]
"""Disability as schools report it: none, IDEA, Section 504 only, or not IDEA."""

Average = Literal["pooled", "mean_of_schools"]
"""All students alike, or all schools alike."""

Schools = Literal["all", "with_officer", "without_officer", "regular", "high"]
"""Which schools."""

Statistic = Literal["rate", "ratio", "difference", "odds_ratio", "composition", "number_to_one"]
"""What :meth:`homeroom.api.Homeroom.disparities` computes."""

ChartKind = Literal["rates", "staff", "waves"]
"""Pictures of a place: see :meth:`homeroom.api.Homeroom.chart`."""
