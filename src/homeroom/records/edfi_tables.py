"""Ed-Fi records as the plain tables of the mapping ``edfi``.

Ed-Fi says of an incident whether police were told, not of a student: the flag is taken for
perpetrators alone. Incidents are numbered within a school, so both make the key. A student may show
several behaviors in one incident, and an action may answer several incidents: each counts once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeroom.errors import BadInput
from homeroom.records.edfi import Record, code, codes, every, first, records
from homeroom.records.workspace import private_file

_COLUMNS = {
    "students": (
        "StudentUniqueId", "LocalEducationAgencyId", "SchoolId", "SchoolYear", "Hispanic", "Race",
        "Sex", "BirthDate", "GradeLevel", "EntryDate", "ExitDate",
    ),
    "schools": ("LocalEducationAgencyId", "SchoolId", "NcesId", "SchoolName", "AgencyName"),
    "programs": (
        "StudentUniqueId", "Program", "Disability", "Setting", "BeginDate", "EndDate",
    ),
    "incidents": ("IncidentIdentifier", "SchoolId", "IncidentDate", "ReportedToLawEnforcement"),
    "participants": ("StudentUniqueId", "IncidentIdentifier", "SchoolId", "ParticipationCode"),
    "actions": (
        "StudentUniqueId", "DisciplineActionIdentifier", "SchoolId", "DisciplineDate",
        "Discipline", "ActualLength",
    ),
}  # fmt: skip
RESOURCES = frozenset(
    (
        "student", "school", "localEducationAgency", "disciplineIncident", "disciplineAction",
        "studentEducationOrganizationAssociation", "studentSchoolAssociation",
        "studentSpecialEducationProgramAssociation", "studentSection504ProgramAssociation",
        "studentDisciplineIncidentBehaviorAssociation", "studentDisciplineIncidentAssociation",
    )
)  # fmt: skip
"""The resources that tables are made of; others are passed over."""


@dataclass
class _Held:
    """What must be known whole before students can be written: the people and the organizations."""

    births: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Student to birth date and sex."""
    belongs: dict[str, dict[str, tuple[str, str, str]]] = field(default_factory=dict)
    """Student to organization to Hispanic, races, sex."""
    stays: dict[str, list[tuple[str, str, str, str, str]]] = field(default_factory=dict)
    """Student to school, year, grade, entry, exit."""
    schools: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """School to LEA, NCES id, name."""
    agencies: dict[str, str] = field(default_factory=dict)


def write(documents: Iterable[tuple[Path, str]], folder: Path) -> list[tuple[str, Path]]:
    """Write the records of all documents as CSV files; return their names and paths.

    Parameters
    ----------
    documents
        Paths and names of Ed-Fi documents.
    folder
        Where the files go: a folder for the owner alone.

    Raises
    ------
    BadInput
        A document is not whole, or none has a resource that counts.
    """
    held = _Held()
    seen: dict[str, int] = {}
    with ExitStack() as stack:
        writers = {}
        for role, columns in _COLUMNS.items():
            stream = stack.enter_context(private_file(folder / f"edfi_{role}.csv"))
            writers[role] = csv.writer(stream)
            writers[role].writerow(columns)
        for path, name in documents:
            for resource, record in records(path, name):
                if resource in RESOURCES:
                    for role, row in _rows(resource, record, held):
                        writers[role].writerow(row)
                        seen[role] = seen.get(role, 0) + 1
        for role, row in (*_students(held), *_schools(held)):
            writers[role].writerow(row)
            seen[role] = seen.get(role, 0) + 1
    if not seen:
        raise BadInput(
            "Expected Ed-Fi resources such as students and disciplineActions, found none of them."
        )
    return [(f"edfi_{role}.csv", folder / f"edfi_{role}.csv") for role in _COLUMNS if role in seen]


def _rows(resource: str, record: Record, held: _Held) -> Iterator[tuple[str, tuple[str, ...]]]:
    student = first(record, "studentUniqueId")
    if resource == "student":
        held.births[student] = (first(record, "birthDate"), _sex(record))
    elif resource == "school":
        agency = record.get("localEducationAgencyReference", {})
        held.schools[first(record, "schoolId")] = (
            first(agency, "localEducationAgencyId"), _nces(record),
            first(record, "nameOfInstitution"),
        )  # fmt: skip
    elif resource == "localEducationAgency":
        held.agencies[first(record, "localEducationAgencyId")] = first(record, "nameOfInstitution")
    elif resource == "studentEducationOrganizationAssociation":
        organization = first(record, "educationOrganizationId")
        races = codes(record, ("raceDescriptor", "race"))
        held.belongs.setdefault(student, {})[organization] = (
            first(record, "hispanicLatinoEthnicity"), ";".join(races), _sex(record),
        )  # fmt: skip
    elif resource == "studentSchoolAssociation":
        held.stays.setdefault(student, []).append(_stay(record))
    elif resource in ("studentSpecialEducationProgramAssociation",
                      "studentSection504ProgramAssociation"):  # fmt: skip
        yield from _program(resource, student, record)
    elif resource == "disciplineIncident":
        yield "incidents", (
            first(record, "incidentIdentifier"), first(record, "schoolId"),
            first(record, "incidentDate"), first(record, "reportedToLawEnforcement"),
        )  # fmt: skip
    elif resource == "disciplineAction":
        yield from _actions(student, record)
    else:
        yield from _participations(student, record)


def _sex(record: Record) -> str:
    found = codes(record, ("sexDescriptor", "sex", "birthSexDescriptor", "birthSex"))
    return found[0] if found else ""


def _nces(record: Record) -> str:
    given = record.get("educationOrganizationIdentificationCode") or record.get(
        "identificationCodes", []
    )
    for one in given if isinstance(given, list) else [given]:
        system = first(one, "educationOrganizationIdentificationSystem") or first(
            one, "educationOrganizationIdentificationSystemDescriptor"
        )
        if code(system).upper() == "NCES":
            return first(one, "identificationCode")
    return ""


def _stay(record: Record) -> tuple[str, str, str, str, str]:
    year = record.get("schoolYearTypeReference") or record.get("schoolYear") or {}
    grades = codes(record, ("entryGradeLevelDescriptor", "entryGradeLevel"))
    return (
        first(record.get("schoolReference", record), "schoolId"),
        first({"x": year}, "schoolYear") if isinstance(year, dict) else str(year),
        _grade(grades[0] if grades else ""), first(record, "entryDate"),
        first(record, "exitWithdrawDate"),
    )  # fmt: skip


_GRADES = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
)  # fmt: skip


def _grade(said: str) -> str:
    word = said.lower().partition(" ")[0]
    if word.startswith("pre"):
        return "PK"
    if word.startswith("kinder"):
        return "KG"
    return str(_GRADES.index(word) + 1) if word in _GRADES else said


def _program(resource: str, student: str, record: Record) -> Iterator[tuple[str, tuple[str, ...]]]:
    special = resource == "studentSpecialEducationProgramAssociation"
    if special and first(record, "ideaEligibility") in ("false", "0"):
        return
    if not special and first(record, "section504Eligibility") in ("false", "0"):
        return
    settings = codes(record, ("specialEducationSettingDescriptor", "specialEducationSetting"))
    exits = (first(record, "specialEducationExitDate"), first(record, "endDate"))
    yield "programs", (
        student, "idea" if special else "s504", _primary(record), settings[0] if settings else "",
        first(record, "beginDate"), min((one for one in exits if one), default=""),
    )  # fmt: skip


def _primary(record: Record) -> str:
    """Return the disability that comes first by its order, if one is said, else the first named."""
    given = record.get("disabilities", record.get("disability", []))
    ranked = []
    for at, one in enumerate(given if isinstance(given, list) else [given]):
        order = first(one, "orderOfDisability") if isinstance(one, dict) else ""
        named = codes({"x": one}, ("disabilityDescriptor", "disability"))
        if named:
            ranked.append((int(order) if order.isdecimal() else 99, at, named[0]))
    return min(ranked)[2] if ranked else ""


def _actions(student: str, record: Record) -> Iterator[tuple[str, tuple[str, ...]]]:
    school = first(record.get("responsibilitySchoolReference", {}), "schoolId") or first(
        record.get("assignmentSchoolReference", {}), "schoolId"
    )
    length = first(record, "actualDisciplineActionLength") or first(
        record, "disciplineActionLength"
    )
    given = record.get("disciplines", record.get("discipline", []))
    for one in codes({"x": given, "disciplineDescriptor": given}, ("disciplineDescriptor",)):
        yield "actions", (
            student, first(record, "disciplineActionIdentifier"), school,
            first(record, "disciplineDate"), one, length,
        )  # fmt: skip


def _participations(student: str, record: Record) -> Iterator[tuple[str, tuple[str, ...]]]:
    incident = record.get("disciplineIncidentReference", record)
    named: list[Any] = [
        one
        for name in (
            "disciplineIncidentParticipationCodeDescriptor",
            "disciplineIncidentParticipationCode",
            "studentParticipationCodeDescriptor",
            "studentParticipationCode",
        )
        for one in every(record, name)
    ]
    for one in dict.fromkeys(code(str(found)) for found in named if isinstance(found, str)):
        yield "participants", (
            student, first(incident, "incidentIdentifier"), first(incident, "schoolId"), one,
        )  # fmt: skip


def _students(held: _Held) -> Iterator[tuple[str, tuple[str, ...]]]:
    everyone = sorted({*held.births, *held.belongs, *held.stays} - {""})
    only = next(iter(held.agencies)) if len(held.agencies) == 1 else ""
    for student in everyone:
        born, born_as = held.births.get(student, ("", ""))
        organizations = held.belongs.get(student, {})
        for school, year, grade, entry, left in held.stays.get(student, [("", "", "", "", "")]):
            lea = held.schools.get(school, ("", "", ""))[0] or _agency(organizations, held, only)
            about = organizations.get(school) or organizations.get(lea)
            hispanic, race, sex = about or next(iter(organizations.values()), ("", "", ""))
            yield "students", (
                student, lea, school, year, hispanic, race, sex or born_as, born, grade, entry,
                left,
            )  # fmt: skip


def _agency(organizations: dict[str, Any], held: _Held, only: str) -> str:
    return next((one for one in organizations if one in held.agencies), only)


def _schools(held: _Held) -> Iterator[tuple[str, tuple[str, ...]]]:
    for school, (lea, nces, name) in sorted(held.schools.items()):
        yield "schools", (lea, school, nces, name, held.agencies.get(lea, ""))
