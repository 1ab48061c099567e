"""Items of the school district finance survey (F-33) that Homeroom keeps.

Names follow NCES and US Census Bureau, Common Core of Data School District Finance Survey (F-33),
file of fiscal year 2018; functions follow NCES, Financial Accounting for Local and State School
Systems (NCES 2009-325), chapter 6. The names were checked against the amounts: in each of the
16,999 districts with data, V11 is at most E17, V13 at most E07, V15 at most E08 and V17 at most
E09, and the parts of TOTALREV, TCURELSC and TCURSSVC add up to them.
"""

from __future__ import annotations

ITEMS: dict[str, str] = {
    "V33": "Students (fall membership)",
    "TOTALREV": "Revenue, total",
    "TFEDREV": "Revenue from federal sources",
    "TSTREV": "Revenue from state sources",
    "TLOCREV": "Revenue from local sources",
    "C14": "Federal revenue through the state: Title I",
    "C15": "Federal revenue through the state: children with disabilities (IDEA)",
    "TOTALEXP": "Expenditure, total",
    "TCURELSC": "Current spending on elementary and secondary education",
    "TCURINST": "Current spending on instruction",
    "TCURSSVC": "Current spending on support services",
    "E17": "Support services: pupils (attendance, social work, guidance, health and the like)",
    "E07": "Support services: instructional staff",
    "E08": "Support services: general administration",
    "E09": "Support services: school administration",
    "V40": "Support services: operation and maintenance of plant",
    "V45": "Support services: student transportation",
    "V90": "Support services: business, central and other",
    "V85": "Support services: not specified",
    "TCUROTH": "Other current spending on elementary and secondary education",
    "TCAPOUT": "Capital outlay",
    "Z32": "Salaries and wages, total",
    "Z33": "Salaries and wages: instruction",
    "Z34": "Employee benefits, total",
    "V11": "Salaries and wages: pupil support services",
    "V12": "Employee benefits: pupil support services",
    "V13": "Salaries and wages: instructional staff support services",
    "V15": "Salaries and wages: general administration",
    "V17": "Salaries and wages: school administration",
}
"""Item to label, in the order of the survey. Dollars, except V33."""

SUMS: dict[str, tuple[str, ...]] = {
    "TOTALREV": ("TFEDREV", "TSTREV", "TLOCREV"),
    "TCURELSC": ("TCURINST", "TCURSSVC", "TCUROTH"),
    "TCURSSVC": ("E17", "E07", "E08", "E09", "V40", "V45", "V90", "V85"),
}
"""Total to the items that add up to it."""

PARTS: dict[str, tuple[str, ...]] = {
    "TOTALEXP": ("TCURELSC", "TCAPOUT"),
    "TFEDREV": ("C14", "C15"),
    "TCURINST": ("Z33",),
    "E17": ("V11", "V12"),
    "E07": ("V13",),
    "E08": ("V15",),
    "E09": ("V17",),
}
"""Item to those that are a part of it, so that none is larger. True of every agency in 2018."""

LARGEST: dict[str, int] = {"V33": 2_000_000}
"""More than any agency can have. New York City, the largest, had 976,771 students in 2018."""
LARGEST_AMOUNT = 75_000_000_000
"""Dollars that no agency takes or spends in a year: twice what New York City spent in 2018."""

CODES: dict[int, str] = {
    -1: "missing",
    -2: "not applicable",
    -3: "suppressed for data quality",
    -9: "a code whose meaning was not found",
}
"""What a negative value stands for. In fiscal year 2018 -9 occurs in MEMBERSCH alone."""
