"""Publications that figures come from: title, publisher, terms, where to get them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Publication:
    """Something an agency published, in words that a citation needs."""

    id: str
    title: str
    publisher: str
    url: str
    terms: str


_PUBLIC = "Public domain (work of the US government)"
_OCR = "US Department of Education, Office for Civil Rights"
_NCES = "US Department of Education, National Center for Education Statistics"

PUBLICATIONS: dict[str, Publication] = {
    entry.id: entry
    for entry in (
        Publication(
            "crdc", "Civil Rights Data Collection, public-use school files", _OCR,
            "https://civilrightsdata.ed.gov/data", _PUBLIC + "; not to be linked to identify a "
            "student",
        ),
        Publication(
            "crdc_estimations", "Civil Rights Data Collection, State and National Estimations",
            _OCR, "https://civilrightsdata.ed.gov/estimations", _PUBLIC,
        ),
        Publication(
            "crdc_high_schools", "Civil Rights Data Collection, School Support and Enrollment, "
            "high schools (compiled by ndranandraj/truewise)", _OCR,
            "https://civilrightsdata.ed.gov/data", _PUBLIC + "; compilation under the MIT license",
        ),
        Publication(
            "ccd", "Common Core of Data, directories", _NCES, "https://nces.ed.gov/ccd/files.asp",
            _PUBLIC,
        ),
        Publication(
            "edge", "Education Demographic and Geographic Estimates, public LEA geocodes", _NCES,
            "https://nces.ed.gov/programs/edge/Geographic/SchoolLocations", _PUBLIC,
        ),
        Publication(
            "f33", "School District Finance Survey (F-33)",
            _NCES + " and US Census Bureau", "https://nces.ed.gov/ccd/f33agency.asp", _PUBLIC,
        ),
        Publication(
            "saipe", "Small Area Income and Poverty Estimates, school districts",
            "US Census Bureau", "https://www.census.gov/programs-surveys/saipe.html", _PUBLIC,
        ),
        Publication(
            "oews", "Occupational Employment and Wage Statistics, by state",
            "US Bureau of Labor Statistics", "https://www.bls.gov/oes/tables.htm", _PUBLIC,
        ),
        Publication(
            "ssocs", "School Survey on Crime and Safety, public-use files", _NCES,
            "https://nces.ed.gov/surveys/ssocs/data_products.asp", _PUBLIC,
        ),
        Publication(
            "wapo_shootings", "School shootings database", "The Washington Post",
            "https://github.com/washingtonpost/data-school-shootings",
            "CC BY-NC-SA 4.0; only counts are shipped, with credit to The Washington Post",
        ),
    )
}  # fmt: skip
