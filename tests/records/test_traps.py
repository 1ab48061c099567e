"""The traps that systems set: each row of the list that the mappings were made from."""

from __future__ import annotations

import json

import pytest
from records_tables import imported, problems, removed, rows, write

from homeroom.errors import BadInput
from homeroom.law import idea
from homeroom.records import vocabulary as words
from homeroom.records.answers import disproportionality
from homeroom.records.crdc import counted
from homeroom.records.engines import opened

SD = {"threshold": "3.0", "min_cell": 1, "min_n": 1}


def system(tmp_path, mapping, students, actions, **kwargs):
    folder = tmp_path / mapping
    folder.mkdir()
    write(folder, "students.csv", *students)
    write(folder, "discipline.csv", *actions)
    return imported(folder, mapping, **kwargs)


STUDENTS = ("student_id,school_year,leaid,school_id,race,sex,idea", "a,2024,L,1,Black,M,Y",
            "b,2024,L,1,White,F,N")  # fmt: skip


def reasons(made, category):
    answer = disproportionality(made, "WA", **SD)
    found = {row["reason"] for row in answer.to_dicts() if row["category"] == category}
    return " ".join(found)


def carries(made, measure):
    return not made.manifest["carried"][measure]


def test_texas_continuations_are_never_new_removals_and_police_is_not_carried(tmp_path):
    made = system(
        tmp_path, "texas", STUDENTS,
        (("TX-UNIQUE-STUDENT-ID,DATE-OF-DISCIPLINARY-ACTION,DISCIPLINARY-ACTION-CODE,"
         "ACTUAL-LENGTH-OF-DISCIPLINARY-ASSIGNMENT"),
         *(f"a,2023-09-{day:02d},{code},3" for day, code in
           enumerate(("01", "05", "06", "07", "08", "09", "10", "11", "12", "15"), 1))),
    )  # fmt: skip
    kinds = sorted(words.ACTIONS[row["kind"]] for row in rows(made, "removal"))
    assert kinds == ["expulsion", "iss", "oss", "transfer"]
    assert problems(made)["continuations"] == 6
    (found,) = removed(made)
    assert found["c14"] == 3  # the placement in an alternative program is none of the five kinds
    assert not carries(made, "referrals")
    assert not carries(made, "arrests")


def test_pennsylvania_arrest_codes_offender_types_and_days_that_do_not_add_up(tmp_path):
    made = system(
        tmp_path, "eschoolplus", STUDENTS,
        (("PASecureID,INCIDENT ID,INCIDENT DATE,SANCTION,DURATION,LLE NOTIFIED,ARRESTED CODE,"
         "OFFENDER TYPE"),
         "a,1,2023-09-01,OSS,3,Y,YW,1", "b,2,2023-09-01,OSS,3,Y,N,1",
         "b,3,2023-09-02,OSS,3,Y,YN,3"),
    )  # fmt: skip
    assert sorted(row["arrested"] for row in rows(made, "police")) == [False, True]
    assert problems(made)["left_out"] == 1
    assert "one sanction an offender" in reasons(made, "oss_10_or_less")
    answer = disproportionality(made, "WA", **SD)
    methods = {row["category"]: row["method"] for row in answer.to_dicts()}
    assert {methods[one.id] for one in idea.CATEGORIES[9:]} == {"not_calculated"}
    assert methods["identified"] != ""


def test_calpads_counts_each_result_of_an_incident_once(tmp_path):
    made = system(
        tmp_path, "calpads", ("SSID,school_year,leaid,race,idea", "a,2024,L,Black,Y"),
        ("SSID,Local Incident ID,Incident Date,Incident Result Code,Duration Days",
         "a,7,2023-09-01,100,3", "a,7,2023-09-01,100,3", "a,7,2023-09-01,110,1",
         "a,7,2023-09-01,700,", "a,8,2023-10-01,200,20"),
    )  # fmt: skip
    kinds = sorted(words.ACTIONS[row["kind"]] for row in rows(made, "removal"))
    assert kinds == ["expulsion", "iss", "oss"]
    assert [row["arrested"] for row in rows(made, "police")] == [True]
    assert not carries(made, "referrals")
    assert carries(made, "arrests")


def test_virginia_charges_are_no_arrest_and_the_flag_is_a_referral(tmp_path):
    made = system(
        tmp_path, "virginia", ("STI,school_year,Division Number,race", "a,2024,L,Black"),
        (("STI,Event ID,Event Date,Administrative Response,Sanction Days,Law Enforcement Flag,"
         "Notified of Charges"), "a,1,2023-09-01,OSS,3,Y,Y"),
    )  # fmt: skip
    assert [row["arrested"] for row in rows(made, "police")] == [False]
    assert "not an arrest" in made.manifest["carried"]["arrests"]


def test_georgia_court_referral_is_not_police_and_00_continues(tmp_path):
    made = system(tmp_path, "georgia", STUDENTS, ("student_id,date,ACTION CODE,days",
                  "a,2023-09-01,70,", "a,2023-09-02,00,5", "a,2023-09-03,OSS,5"))  # fmt: skip
    assert [words.ACTIONS[row["kind"]] for row in rows(made, "removal")] == ["oss"]
    assert rows(made, "police") == []
    assert not carries(made, "referrals")


def test_florida_filler_incident_joins_nothing(tmp_path):
    folder = tmp_path / "florida"
    folder.mkdir()
    write(folder, "students.csv", *STUDENTS)
    write(folder, "incident_only.csv", "Incident Identifier,incident_id,school_id,incident_date,"
          "reported_to_law_enforcement", "00000000,00000000,1,2023-09-01,Y")  # fmt: skip
    write(folder, "participants.csv", "student_id,incident_id,school_id,role,date",
          "a,00000000,1,offender,2023-09-01", "b,00000000,1,offender,2023-09-05")  # fmt: skip
    made = imported(folder, "florida")
    assert rows(made, "police") == []


def test_skyward_and_aeries_flags(tmp_path):
    made = system(
        tmp_path, "skyward", STUDENTS,
        (("student_id,IncidentDate,ActionCode,ReportedToLawEnforcement,"
         "OffenderArrestedByLawEnforcement"), "a,2023-09-01,OSS,true,false",
         "b,2023-09-01,OSS,true,true"),
    )  # fmt: skip
    assert sorted(row["arrested"] for row in rows(made, "police")) == [False, True]
    made = system(tmp_path, "aeries", ("ID,school_year,SC,RC1", "a,2024,1,Black"),
                  ("PID,SCL,DT,DS,DY,LNF", "a,1,09/01/2023,OSS,2,Y"))  # fmt: skip
    assert len(rows(made, "police")) == 1
    assert not carries(made, "arrests")


def test_selected_extract_is_refused_for_what_it_cannot_carry(tmp_path):
    made = system(tmp_path, "wisconsin", (("StudentUniqueId,SchoolYear,LocalEducationAgencyId,"
                  "SchoolId,Race,Sex"), "a,2024,L,1,White,Male"),
                  ("StudentUniqueId,DisciplineDate,Discipline,ActualLength",
                   "a,2023-09-01,in school suspension,2"))  # fmt: skip
    with opened(made) as engine:
        cells = counted(made, engine)
    assert "IEP" in cells.lacking["ISS"]
    assert made.manifest["carried"]["iss"] == ""  # categories 12 and 13 count children with IEPs
    made = system(tmp_path, "arizona", (("StudentUniqueId,SchoolYear,LocalEducationAgencyId,"
                  "SchoolId,Race,Sex"), "a,2024,L,1,White,Male"),
                  ("StudentUniqueId,DisciplineDate,Discipline,ActualLength",
                   "a,2023-09-01,in school suspension,2"))  # fmt: skip
    assert "only some incidents" in reasons(made, "iss_10_or_less")


def edfi_documents():
    """A fictional district with races, an incident of two behaviors, and an action for two."""
    person = {"studentReference": {"studentUniqueId": "s1"}}
    other = {"studentReference": {"studentUniqueId": "s2"}}
    school = {"schoolReference": {"schoolId": 7001}}
    organization = {"educationOrganizationReference": {"educationOrganizationId": 7}}

    def incident(number, at=7001):
        return {"disciplineIncidentReference": {"incidentIdentifier": number, "schoolId": at}}

    def code(kind, word):
        return f"uri://ed-fi.org/{kind}#{word}"

    def behaved(who, number, behavior, role, at=7001):
        return who | incident(number, at) | {
            "behaviorDescriptor": code("BehaviorDescriptor", behavior),
            "disciplineIncidentParticipationCodes": [
                {"disciplineIncidentParticipationCodeDescriptor":
                 code("DisciplineIncidentParticipationCodeDescriptor", role)}],
        }  # fmt: skip

    return {
        "schools": [
            {"schoolId": at, "nameOfInstitution": f"School {at}",
             "localEducationAgencyReference": {"localEducationAgencyId": 7}} for at in (7001, 7002)
        ],
        "localEducationAgencies": [
            {"localEducationAgencyId": 7, "nameOfInstitution": "Fictional District"}],
        "students": [{"studentUniqueId": "s1", "birthDate": "2010-05-01"},
                     {"studentUniqueId": "s2", "birthDate": "2011-05-01"}],
        "studentEducationOrganizationAssociations": [
            person | organization | {"hispanicLatinoEthnicity": False,
             "sexDescriptor": code("SexDescriptor", "Male"),
             "races": [{"raceDescriptor": code("RaceDescriptor", "Black - African American")}]},
            other | organization | {"hispanicLatinoEthnicity": True,
             "sexDescriptor": code("SexDescriptor", "Female"),
             "races": [{"raceDescriptor": code("RaceDescriptor", "White")}]},
        ],
        "studentSchoolAssociations": [
            one | school | {"entryDate": "2023-08-20", "schoolYearTypeReference":
                            {"schoolYear": 2024}} for one in (person, other)],
        "studentSpecialEducationProgramAssociations": [
            person | organization | {"beginDate": "2023-08-20", "ideaEligibility": True,
             "disabilities": [
                 {"disabilityDescriptor": code("DisabilityDescriptor", "Autism"),
                  "orderOfDisability": 2},
                 {"disabilityDescriptor": code("DisabilityDescriptor",
                                               "Specific Learning Disability"),
                  "orderOfDisability": 1}]}],
        "disciplineIncidents": [
            {"incidentIdentifier": "1", "incidentDate": "2023-10-02",
             "reportedToLawEnforcement": True} | school,
            {"incidentIdentifier": "1", "incidentDate": "2023-10-03",
             "reportedToLawEnforcement": False, "schoolReference": {"schoolId": 7002}},
        ],
        "studentDisciplineIncidentBehaviorAssociations": [
            behaved(person, "1", "State Offense", "Perpetrator"),
            behaved(person, "1", "School Violation", "Perpetrator"),
            behaved(other, "1", "State Offense", "Victim"),
            behaved(other, "1", "State Offense", "Perpetrator", at=7002),
        ],
        "disciplineActions": [
            person | {"disciplineActionIdentifier": "9", "disciplineDate": "2023-10-05",
             "disciplines": [{"disciplineDescriptor":
                              code("DisciplineDescriptor", "Out of School Suspension")}],
             "disciplineActionLength": 5, "actualDisciplineActionLength": 2.5,
             "responsibilitySchoolReference": {"schoolId": 7001},
             "studentDisciplineIncidentBehaviorAssociations": [
                 {"studentDisciplineIncidentBehaviorAssociationReference":
                  {"incidentIdentifier": n, "schoolId": 7001, "studentUniqueId": "s1",
                   "behaviorDescriptor": code("BehaviorDescriptor", "State Offense")}}
                 for n in ("1", "2")]}],
    }  # fmt: skip


def test_edfi_json_with_races(tmp_path):
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "export.json").write_text(json.dumps(edfi_documents()))
    made = imported(folder, "edfi")
    pupils = {row["race"]: row for row in rows(made, "pupil")}
    black, hispanic = words.RACES.index("black"), 0
    assert set(pupils) == {black, hispanic}
    assert words.DISABILITIES[pupils[black]["disability"]] == "specific_learning_disability"
    # Reported to police as an incident: the perpetrator alone, once, and not at the other school.
    assert [(row["race"], row["arrested"]) for row in rows(made, "police")] == [(black, False)]
    (action,) = rows(made, "removal")  # two incidents, one action, with its actual length
    assert (action["hundredths"], action["part"]) == (250, words.IDEA)
    assert not carries(made, "arrests")


def test_edfi_resources_may_stand_in_files_of_their_own(tmp_path):
    folder = tmp_path / "api"
    folder.mkdir()
    for resource, found in edfi_documents().items():
        (folder / f"{resource}.json").write_text(json.dumps(found))
    assert len(rows(imported(folder, "edfi"), "removal")) == 1


@pytest.mark.shared
def test_edfi_sample_imports(tmp_path, shared_data):
    made = imported_from(shared_data / "edfi", tmp_path)
    kinds = [words.ACTIONS[row["kind"]] for row in rows(made, "removal")]
    assert (kinds.count("iss"), kinds.count("expulsion")) == (24, 1)
    assert len(rows(made, "pupil")) == 960
    assert 0 < len(rows(made, "police")) <= 2 * 3  # 2 of 21 incidents were reported
    assert "race" in made.manifest["carried"]["race"]


def imported_from(folder, tmp_path):
    from homeroom.records.importing import Extract, import_records

    return import_records(Extract((folder,), "edfi"), tmp_path / "workspace")[0]


def test_oneroster_gives_students_schools_and_races(tmp_path):
    folder = tmp_path / "roster"
    folder.mkdir()
    write(folder, "orgs.csv", "sourcedId,name,type,identifier,parentSourcedId",
          "d,Fictional District,district,,", "s,Fictional School,school,,d")  # fmt: skip
    write(
        folder,
        "users.csv",
        "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,grades",
        "u1,true,s,student,x,Ada,Canary,05",
        "t,true,s,teacher,y,B,C,",
    )
    write(
        folder,
        "demographics.csv",
        "sourcedId,birthDate,sex,americanIndianOrAlaskaNative,asian,"
        "blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,"
        "hispanicOrLatinoEthnicity",
        "u1,2013-01-01,female,false,false,true,false,true,false",
    )
    write(folder, "enrollments.csv", "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,"
          "beginDate,endDate", "e1,c,s,u1,student,2023-08-15,2024-05-30")  # fmt: skip
    made = imported(folder, "oneroster")
    (pupil,) = rows(made, "pupil")
    assert pupil["race"] == words.RACES.index("two_or_more")
    assert (pupil["year"], pupil["age"]) == (2024, 10)
    assert made.manifest["schools"][0]["name"] == "Fictional School"
    assert not carries(made, "disability")


def test_zero_stands_only_where_it_was_collected(tmp_path):
    made = system(tmp_path, "standard", STUDENTS,
                  ("student_id,date,action,days,referred", "a,2023-09-01,OSS,2,N"))  # fmt: skip
    with opened(made) as engine:
        cells = counted(made, engine)
    assert {"ARR", "MECH", "TFRALT", "EXPZT"} <= set(cells.lacking)
    assert "REF" not in cells.lacking  # asked, and nobody was referred: a zero


def test_mapping_of_ones_own_names_columns_codes_and_units(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    write(folder, "people.csv", "Kid,Yr,Dist,Eth,SpEd", "a,2024,L,K,1")
    write(folder, "events.csv", "Kid,When,What,Hours", "a,2023-09-01,SUS,21")
    mapping = write(tmp_path, "mine.yaml", "name: mine", "extends: standard", "files:",
                    "  students:",
                    "    columns: {student: Kid, year: Yr, lea: Dist, race: Eth, idea: SpEd}",
                    "  actions: {columns: {student: Kid, date: When, action: What, days: Hours}}",
                    "codes:", "  race: {black: [K]}", "  action: {oss: [SUS]}",
                    "days: {unit: hours, per_day: 6}")  # fmt: skip
    made = imported(folder, str(mapping))
    assert [row["hundredths"] for row in rows(made, "removal")] == [350]
    bad = write(tmp_path, "bad.yaml", "files: {students: {columns: {student: a}}}",
                "codes: {race: {purple: [K]}}")  # fmt: skip
    with pytest.raises(BadInput, match="codes of race: expected hispanic"):
        imported(folder, str(bad))
