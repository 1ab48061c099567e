-- From staged rows to the workspace's tables: who counts where, and what held on the day of an
-- event. `given` has one row: the month and day of the child count, and the year of rows that say
-- none. Statements end with a semicolon.

-- LEAs and schools.
CREATE OR REPLACE TABLE school_of AS
SELECT school, min(lea) AS lea, count(DISTINCT lea) AS leas FROM (
    SELECT DISTINCT school, lea FROM stage_schools WHERE school IS NOT NULL AND lea IS NOT NULL
    UNION
    SELECT DISTINCT school, lea FROM stage_students WHERE school IS NOT NULL AND lea IS NOT NULL)
GROUP BY school;

CREATE OR REPLACE TABLE lea_dim AS
SELECT CAST(row_number() OVER (ORDER BY id) AS INTEGER) AS lea, id FROM (
    SELECT DISTINCT lea AS id FROM stage_students WHERE lea IS NOT NULL
    UNION SELECT DISTINCT lea FROM stage_schools WHERE lea IS NOT NULL
    UNION SELECT (SELECT lea_id FROM given)
        WHERE EXISTS (FROM stage_students WHERE lea IS NULL AND (school IS NULL
            OR school NOT IN (SELECT school FROM school_of))));

CREATE OR REPLACE TABLE school_dim AS
SELECT CAST(row_number() OVER (ORDER BY lea, id) AS INTEGER) AS school, lea, id FROM (
    SELECT DISTINCT lea_dim.lea, s.school AS id
    FROM (SELECT DISTINCT lea, school FROM stage_students
          UNION SELECT DISTINCT lea, school FROM stage_schools WHERE school IS NOT NULL) AS s
    LEFT JOIN school_of USING (school)
    JOIN lea_dim ON lea_dim.id = coalesce(s.lea, school_of.lea, (SELECT lea_id FROM given)));

-- Students: a row a student, school, and year.
CREATE OR REPLACE TABLE enrolled AS
SELECT CAST(coalesce(s.year, year(s.entry) + CAST(month(s.entry) >= 7 AS INTEGER),
        (SELECT default_year FROM given)) AS SMALLINT) AS year,
    lea_dim.lea, school_dim.school, s.student,
    CAST(CASE WHEN s.hispanic = 1 THEN 0
        WHEN flags > 1 THEN 6
        WHEN s.race_american_indian = 1 THEN 1 WHEN s.race_asian = 1 THEN 2
        WHEN s.race_black = 1 THEN 3 WHEN s.race_pacific = 1 THEN 4 WHEN s.race_white = 1 THEN 5
        WHEN s.race BETWEEN 0 AND 6 THEN s.race ELSE 7 END AS TINYINT) AS race,
    CAST(CASE WHEN s.sex BETWEEN 0 AND 2 THEN s.sex ELSE 3 END AS TINYINT) AS sex,
    CAST(CASE WHEN s.idea = 1 OR (s.idea IS NULL AND s.disability > 0) THEN 1
        WHEN s.s504 = 1 THEN 2 ELSE 0 END AS TINYINT) AS part,
    CAST(CASE WHEN s.idea = 1 OR (s.idea IS NULL AND s.disability > 0)
        THEN CASE WHEN s.disability > 0 THEN s.disability ELSE 14 END ELSE 0 END AS TINYINT)
        AS disability,
    CAST(CASE WHEN s.setting > 0 THEN s.setting ELSE 0 END AS TINYINT) AS setting,
    s.age, s.grade, s.birth_date, s.entry, s.exit
FROM (SELECT *, coalesce(CAST(race_american_indian = 1 AS INTEGER), 0)
        + coalesce(CAST(race_asian = 1 AS INTEGER), 0) + coalesce(CAST(race_black = 1 AS INTEGER), 0)
        + coalesce(CAST(race_pacific = 1 AS INTEGER), 0)
        + coalesce(CAST(race_white = 1 AS INTEGER), 0) AS flags
      FROM stage_students WHERE student IS NOT NULL) AS s
LEFT JOIN school_of ON s.lea IS NULL AND school_of.school = s.school
JOIN lea_dim ON lea_dim.id = coalesce(s.lea, school_of.lea, (SELECT lea_id FROM given))
LEFT JOIN school_dim ON school_dim.lea = lea_dim.lea
    AND coalesce(school_dim.id, '') = coalesce(s.school, '');

DROP TABLE stage_students;

-- Programs with dates: what held on the day of the child count, for all who are in one.
CREATE OR REPLACE TABLE program AS
SELECT student, CAST(CASE WHEN program = 2 THEN 2 ELSE 1 END AS TINYINT) AS part,
    CAST(CASE WHEN disability > 0 THEN disability ELSE 14 END AS TINYINT) AS disability,
    CAST(CASE WHEN setting > 0 THEN setting ELSE 0 END AS TINYINT) AS setting,
    begin, coalesce("end", DATE '9999-12-31') AS until
FROM stage_programs
WHERE student IS NOT NULL AND begin IS NOT NULL AND coalesce(program, 1) <> 0
    AND coalesce("end", begin) >= begin;

CREATE OR REPLACE TABLE on_count_day AS
SELECT year, student, min(part) AS part, arg_max(disability, begin) FILTER (part = 1) AS disability,
    arg_max(setting, begin) FILTER (part = 1) AS setting
FROM program JOIN (SELECT DISTINCT year, make_date(year - 1, count_month, count_dom) AS count_day
                   FROM enrolled, given) AS day ON count_day BETWEEN begin AND until
GROUP BY year, student;

CREATE OR REPLACE TABLE pupil_row AS
SELECT e.year, e.lea, e.school, e.student, e.race, e.sex,
    CAST(CASE WHEN dated THEN coalesce(p.part, 0) ELSE e.part END AS TINYINT) AS part,
    CAST(CASE WHEN dated THEN CASE WHEN p.part = 1 THEN p.disability ELSE 0 END
        ELSE e.disability END AS TINYINT) AS disability,
    CAST(CASE WHEN dated THEN CASE WHEN p.part = 1 THEN p.setting ELSE 0 END
        ELSE e.setting END AS TINYINT) AS setting,
    CAST(CASE WHEN e.age BETWEEN 0 AND 30 THEN e.age
        WHEN birth_date IS NOT NULL AND date_sub('year', birth_date, count_day) BETWEEN 0 AND 30
            THEN date_sub('year', birth_date, count_day)
        WHEN grade IS NOT NULL THEN grade + 5 ELSE -1 END AS TINYINT) AS age,
    (entry IS NULL OR entry <= count_day) AND (exit IS NULL OR exit > count_day) AS in_count,
    entry, exit
FROM (SELECT *, make_date(enrolled.year - 1, count_month, count_dom) AS count_day
      FROM enrolled, given WHERE enrolled.year IS NOT NULL) AS e
LEFT JOIN on_count_day AS p ON p.year = e.year AND p.student = e.student;

DROP TABLE enrolled;

-- Students with several rows in a year: the only ones whose rows can contradict each other.
CREATE OR REPLACE TABLE several AS
SELECT year, student FROM pupil_row GROUP BY year, student HAVING count(*) > 1;

CREATE OR REPLACE TABLE stay AS
SELECT * FROM pupil_row SEMI JOIN several USING (year, student);

CREATE OR REPLACE TABLE at_lea AS
SELECT year, lea, student,
    CASE WHEN count(DISTINCT race) FILTER (race < 7) > 1 THEN 7
        ELSE coalesce(min(race) FILTER (race < 7), 7) END::TINYINT AS race,
    count(DISTINCT race) FILTER (race < 7) > 1 AS race_conflict,
    CASE WHEN count(DISTINCT sex) FILTER (sex < 3) > 1 THEN 3
        ELSE coalesce(min(sex) FILTER (sex < 3), 3) END::TINYINT AS sex,
    CASE WHEN bool_or(part = 1) THEN 1 ELSE max(part) END::TINYINT AS part,
    max(disability) FILTER (disability < 14) AS known_disability, max(disability) AS disability,
    max(setting) AS setting, max(age) AS age,
    arg_max(school, (in_count, coalesce(entry, DATE '1900-01-01'), school)) AS main_school,
    bool_or(in_count) AS in_count
FROM stay GROUP BY year, lea, student;

CREATE OR REPLACE TABLE pupil AS
SELECT year, lea, school, student, race, sex, part, disability, setting, age, in_count,
    in_count AS at_school
FROM pupil_row ANTI JOIN several USING (year, student)
UNION ALL
SELECT s.year, s.lea, s.school, s.student, a.race, a.sex, a.part,
    coalesce(a.known_disability, a.disability) AS disability, a.setting, a.age,
    a.in_count AND s.school IS NOT DISTINCT FROM a.main_school AS in_count,
    s.at_school
FROM (SELECT year, lea, school, student, bool_or(in_count) AS at_school
      FROM stay GROUP BY year, lea, school, student) AS s
JOIN at_lea AS a USING (year, lea, student);

CREATE OR REPLACE TABLE who AS
SELECT year, student, lea, school, race, sex, part, disability, age
FROM pupil ANTI JOIN several USING (year, student)
UNION ALL
SELECT year, student, arg_max(lea, chosen), arg_max(main_school, chosen), arg_max(race, chosen),
    arg_max(sex, chosen), arg_max(part, chosen),
    arg_max(coalesce(known_disability, disability), chosen), arg_max(age, chosen)
FROM (SELECT *, (in_count, lea) AS chosen FROM at_lea) GROUP BY year, student;

DROP TABLE pupil_row;

-- Events: actions once each, and what the police were told.
CREATE OR REPLACE TABLE incident_at AS
SELECT incident, school, min(date) AS date, max(referred) AS referred
FROM stage_incidents WHERE incident IS NOT NULL GROUP BY incident, school;

CREATE OR REPLACE TABLE happened AS
SELECT student, lea, school, year, date, action, max(hundredths) AS hundredths,
    max(referred) AS referred, max(arrested) AS arrested, max(zero_tolerance) AS zero_tolerance,
    count(*) AS rows
FROM stage_actions WHERE student IS NOT NULL
GROUP BY student, lea, school, year, date, action, coalesce(id, incident),
    CASE WHEN id IS NULL AND incident IS NULL THEN hundredths END;

CREATE OR REPLACE TABLE event AS
SELECT row_number() OVER () AS event, * FROM (
    SELECT h.student, h.lea, h.school, h.date, CAST(coalesce(h.year,
            year(h.date) + CAST(month(h.date) >= 7 AS INTEGER), (SELECT default_year FROM given))
            AS SMALLINT) AS year,
        coalesce(h.action, 0) AS action, hundredths, coalesce(h.arrested, 0) = 1 AS arrested,
        coalesce(h.referred, 0) = 1 OR coalesce(h.arrested, 0) = 1 AS referred,
        coalesce(h.zero_tolerance, 0) = 1 AS zero_tolerance
    FROM happened AS h
    UNION ALL
    SELECT p.student, NULL, p.school, coalesce(p.date, i.date), CAST(coalesce(p.year,
            year(coalesce(p.date, i.date)) + CAST(month(coalesce(p.date, i.date)) >= 7 AS INTEGER),
            (SELECT default_year FROM given)) AS SMALLINT),
        0, -1, max(coalesce(p.arrested, 0)) = 1,
        max(coalesce(p.referred, i.referred, 0)) = 1 OR max(coalesce(p.arrested, 0)) = 1, false
    FROM stage_participants AS p
    LEFT JOIN incident_at AS i ON i.incident = p.incident
        AND (i.school = p.school OR p.school IS NULL OR i.school IS NULL)
    WHERE p.student IS NOT NULL AND coalesce(p.role, 1) = 1
    GROUP BY p.student, p.school, coalesce(p.date, i.date), p.year, p.incident);

DROP TABLE happened;

-- Programs on the day of the event, where the extract has dates.
CREATE OR REPLACE TABLE on_the_day AS
SELECT event, min(part) AS part FROM event JOIN program USING (student)
WHERE date BETWEEN begin AND until GROUP BY event;

-- The school on the day, of students who changed schools.
CREATE OR REPLACE TABLE school_on_day AS
SELECT event, arg_max(s.school, coalesce(s.entry, DATE '1900-01-01')) AS school,
    arg_max(s.lea, coalesce(s.entry, DATE '1900-01-01')) AS lea
FROM event JOIN stay AS s ON s.year = event.year AND s.student = event.student
WHERE event.school IS NULL AND event.date >= coalesce(s.entry, DATE '1900-01-01')
    AND event.date <= coalesce(s.exit, DATE '9999-12-31')
GROUP BY event;

CREATE OR REPLACE TABLE placed AS
SELECT e.year, coalesce(l.lea, so.lea, d.lea, w.lea) AS lea,
    coalesce(sd.school, d.school, w.school) AS school, e.student,
    coalesce(a.race, w.race) AS race, coalesce(a.sex, w.sex) AS sex,
    CAST(CASE WHEN dated AND e.date IS NOT NULL THEN coalesce(o.part, 0)
        ELSE coalesce(a.part, w.part) END AS TINYINT) AS part,
    coalesce(a.age, w.age) AS age, e.action, e.hundredths, e.referred, e.arrested, e.zero_tolerance,
    w.student IS NOT NULL AS known
FROM event AS e
CROSS JOIN (SELECT dated FROM given) AS g
LEFT JOIN who AS w ON w.year = e.year AND w.student = e.student
LEFT JOIN school_of AS s ON s.school = e.school
LEFT JOIN lea_dim AS l ON l.id = e.lea
LEFT JOIN lea_dim AS so ON so.id = s.lea AND s.leas = 1
LEFT JOIN school_on_day AS d ON d.event = e.event
LEFT JOIN at_lea AS a ON a.year = e.year AND a.student = e.student
    AND a.lea = coalesce(l.lea, so.lea, d.lea, w.lea)
LEFT JOIN school_dim AS sd ON sd.id = e.school AND sd.lea = coalesce(l.lea, so.lea, d.lea, w.lea)
LEFT JOIN on_the_day AS o ON o.event = e.event;
