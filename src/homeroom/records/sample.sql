-- A fictional state, the same for the same numbers. `asked` has one row: students, leas, actions a
-- student and year, seed, and the first two digits of LEA ids. Statements end with a semicolon.
-- Rates differ by race, sex, disability, and grade about as published figures do; they are no
-- estimate of any place.

CREATE MACRO u(i, k) AS (hash(i, k, (SELECT seed FROM asked)) % 1000003) / 1000003.0;

CREATE TABLE person AS
SELECT i, CAST(floor(leas * power(u(i, 1), 2.2)) AS INTEGER) AS lea,
    u(i, 2) AS at_race, u(i, 3) < 0.514 AS male, CAST(floor(u(i, 4) * 14) AS INTEGER) - 1 AS grade,
    u(i, 5) AS at_part, u(i, 6) AS at_kind, u(i, 7) AS temper, u(i, 8) AS at_school
FROM (SELECT unnest(range(students)) AS i, leas FROM asked);

CREATE TABLE lea_kind AS
SELECT CAST(i AS INTEGER) AS lea, 0.10 + 0.75 * u(i, 21) AS hispanic, 0.02 + 0.26 * power(u(i, 22), 2) AS black,
    0.004 + 0.09 * power(u(i, 23), 4) AS asian, 0.003 + 0.02 * power(u(i, 24), 3) AS native,
    0.6 + 0.8 * u(i, 25) AS strict, power(u(i, 26), 2) * 0.12 AS police
FROM (SELECT unnest(range(leas)) AS i FROM asked);

CREATE TABLE size AS
SELECT lea, greatest(1, CAST(count(*) / 650 AS INTEGER)) AS schools FROM person GROUP BY lea;

CREATE TABLE made AS
SELECT i, p.lea, 1 + CAST(floor(at_school * schools) AS INTEGER) AS school, male, grade, temper, at_kind,
    strict, police,
    CASE WHEN at_race < native THEN 'american_indian'
        WHEN at_race < native + 0.002 THEN 'pacific'
        WHEN at_race < native + 0.002 + asian THEN 'asian'
        WHEN at_race < native + 0.002 + asian + black THEN 'black'
        WHEN at_race < native + 0.032 + asian + black THEN 'two_or_more'
        WHEN at_race < native + 0.032 + asian + black + hispanic * (0.96 - asian - black - native)
            THEN 'hispanic' ELSE 'white' END AS race, at_part
FROM person p JOIN lea_kind USING (lea) JOIN size USING (lea);

CREATE TABLE student AS
SELECT *, at_part < chance AS idea, at_part >= chance AND at_part < chance + 0.05 AS s504,
    CASE WHEN at_kind < 0.35 THEN 'specific_learning_disability'
        WHEN at_kind < 0.54 THEN 'speech_or_language_impairment'
        WHEN at_kind < 0.69 THEN 'other_health_impairment' WHEN at_kind < 0.81 THEN 'autism'
        WHEN at_kind < 0.87 THEN 'intellectual_disability'
        WHEN at_kind < 0.92 THEN 'emotional_disturbance' WHEN at_kind < 0.94 THEN 'multiple_disabilities'
        WHEN at_kind < 0.96 THEN 'hearing_impairment' WHEN at_kind < 0.97 THEN 'orthopedic_impairment'
        ELSE 'developmental_delay' END AS disability
FROM (SELECT *, 0.115 * CASE WHEN male THEN 1.3 ELSE 0.7 END
        * CASE race WHEN 'black' THEN 1.25 WHEN 'american_indian' THEN 1.3 WHEN 'asian' THEN 0.55
            WHEN 'pacific' THEN 1.0 ELSE 1.0 END AS chance FROM made);

CREATE TABLE student_year AS
SELECT s.*, y.year, u(i * 64 + y.year, 31) AS moves
FROM student s CROSS JOIN (SELECT unnest(years) AS year FROM asked) AS y;

-- A row a student, school, and year; three in a hundred change schools within the year.
CREATE TABLE students_out AS
WITH rows AS (
    SELECT *, lea AS at_lea, school AS at_school, NULL::DATE AS entered,
        CASE WHEN moves < 0.03 THEN make_date(year - 1, 10, 15) + CAST(moves * 6000 AS INTEGER) END AS left_on
    FROM student_year
    UNION ALL
    SELECT *, CASE WHEN moves < 0.01 THEN (lea + 1) % (SELECT leas FROM asked) ELSE lea END, 1,
        make_date(year - 1, 10, 15) + CAST(moves * 6000 AS INTEGER) + 1, NULL
    FROM student_year WHERE moves < 0.03
    UNION ALL  -- repeated by mistake
    SELECT *, lea, school, NULL, NULL FROM student_year WHERE moves > 0.999)
SELECT 'S' || lpad(CAST(i AS VARCHAR), 9, '0') AS student_id,
    (year - 1) || '-' || lpad(CAST(year % 100 AS VARCHAR), 2, '0') AS school_year,
    fips || (99001 + at_lea % 999) AS leaid,
    fips || (99001 + at_lea % 999) || lpad(CAST(at_school AS VARCHAR), 5, '0') AS school_id,
    CASE WHEN dirt AND u(i, 41) < 0.002 THEN '' ELSE race END AS race,
    CASE WHEN male THEN 'M' ELSE 'F' END AS sex,
    CASE WHEN dirt AND u(i, 42) < 0.0005 THEN '1900-01-01'
        ELSE CAST(make_date(2022 - greatest(3, grade + 5), 1, 1) + CAST(u(i, 43) * 364 AS INTEGER) AS VARCHAR)
        END AS birth_date,
    CASE grade WHEN -1 THEN 'PK' WHEN 0 THEN 'KG' ELSE lpad(CAST(grade AS VARCHAR), 2, '0') END AS grade,
    CASE WHEN idea THEN 'Y' ELSE 'N' END AS idea,
    CASE WHEN idea THEN disability ELSE '' END AS disability,
    CASE WHEN NOT idea THEN '' WHEN u(i, 44) < 0.67 THEN 'regular_80' WHEN u(i, 44) < 0.83 THEN 'regular_40_79'
        WHEN u(i, 44) < 0.95 THEN 'regular_under_40' WHEN u(i, 44) < 0.98 THEN 'separate_school'
        ELSE 'homebound_hospital' END AS setting,
    CASE WHEN s504 THEN 'Y' ELSE 'N' END AS section_504,
    coalesce(CAST(entered AS VARCHAR), CAST(make_date(year - 1, 8, 15) AS VARCHAR)) AS entry_date,
    coalesce(CAST(left_on AS VARCHAR), '') AS exit_date
FROM rows, asked;

-- A row an action. How many a student has is geometric, with a mean that differs by group.
CREATE TABLE incidents_out AS
WITH rate AS (
    SELECT *, 1.25 * actions * strict * (0.25 + 1.5 * temper * temper)
        * CASE WHEN male THEN 1.35 ELSE 0.65 END * CASE WHEN idea THEN 1.7 ELSE 1 END
        * CASE WHEN grade BETWEEN 6 AND 10 THEN 1.9 WHEN grade < 1 THEN 0.05 ELSE 0.7 END
        * CASE race WHEN 'black' THEN 2.6 WHEN 'american_indian' THEN 1.6 WHEN 'two_or_more' THEN 1.4
            WHEN 'asian' THEN 0.25 ELSE 1 END AS mean
    FROM student_year, asked),
counted AS (
    SELECT *, CAST(floor(ln(greatest(1e-9, u(i * 64 + year, 51))) / ln(mean / (1 + mean))) AS INTEGER) AS n
    FROM rate),
each AS (
    SELECT *, unnest(range(least(n, 60))) AS number FROM counted WHERE n > 0),
drawn AS (
    SELECT *, i * 4096 + (year % 32) * 128 + number AS event FROM each),
acted AS (
    SELECT *, u(event, 61) AS at_action, u(event, 62) AS at_days, u(event, 63) AS at_police FROM drawn)
SELECT CASE WHEN dirt AND u(event, 64) < 0.0002 THEN ''
        WHEN dirt AND u(event, 64) < 0.0007 THEN 'X' || i ELSE 'S' || lpad(CAST(i AS VARCHAR), 9, '0') END AS student_id,
    'E' || event AS incident_id,
    (year - 1) || '-' || lpad(CAST(year % 100 AS VARCHAR), 2, '0') AS school_year,
    fips || (99001 + lea % 999) AS leaid,
    fips || (99001 + lea % 999) || lpad(CAST(school AS VARCHAR), 5, '0') AS school_id,
    CASE WHEN dirt AND u(event, 65) < 0.0003 THEN '0000-00-00'
        ELSE CAST(make_date(year - 1, 8, 20) + CAST(u(event, 66) * 54 AS INTEGER) AS VARCHAR) END AS action_date,
    CASE WHEN at_action < 0.52 THEN 'ISS' WHEN at_action < 0.82 THEN 'OSS'
        WHEN at_action < 0.825 THEN 'EXPWE' WHEN at_action < 0.826 THEN 'EXPWOE'
        WHEN at_action < 0.850 THEN 'transfer' WHEN at_action < 0.851 THEN 'removal_school'
        WHEN at_action < 0.856 AND idea THEN 'physical restraint'
        WHEN at_action < 0.858 AND idea THEN 'seclusion' ELSE 'detention' END AS action,
    CASE WHEN dirt AND u(event, 67) < 0.0002 THEN '-1'
        WHEN at_action < 0.52 THEN CAST((1 + floor(at_days * at_days * 6)) / 2 AS VARCHAR)
        WHEN at_action < 0.82 THEN CAST(1 + floor(at_days * at_days * 6) AS VARCHAR)
        WHEN at_action < 0.826 THEN CAST(30 + floor(at_days * 90) AS VARCHAR)
        WHEN at_action < 0.851 THEN CAST(10 + floor(at_days * 35) AS VARCHAR) ELSE '' END AS days,
    CASE WHEN at_police < reach THEN 'Y' ELSE 'N' END AS referred,
    CASE WHEN at_police < reach * 0.25 THEN 'Y' ELSE 'N' END AS arrested
FROM (SELECT *, CASE WHEN at_action BETWEEN 0.52 AND 0.851 AND grade > 3 THEN police ELSE 0 END AS reach
      FROM acted);

-- Schools, with the ids that NCES would give them.
CREATE TABLE schools_out AS
SELECT fips || (99001 + lea % 999) AS leaid,
    fips || (99001 + lea % 999) || lpad(CAST(number AS VARCHAR), 5, '0') AS school_id,
    'Sample School ' || number AS school_name,
    (['Cedar', 'Maple', 'Juniper', 'Aspen', 'Birch', 'Cypress', 'Hazel', 'Laurel', 'Linden', 'Magnolia',
      'Mesquite', 'Myrtle', 'Pecan', 'Poplar', 'Redbud', 'Sequoia', 'Spruce', 'Sycamore', 'Tamarack',
      'Walnut', 'Willow', 'Alder', 'Acacia', 'Bluebell', 'Clover', 'Foxglove', 'Heather'])[1 + lea % 27]
        || ' ' || (['Hollow', 'Bend', 'Crossing', 'Landing', 'Meadow', 'Mesa', 'Prairie', 'Ridge', 'Run',
      'Springs', 'Terrace', 'Valley', 'Bluff', 'Bayou', 'Canyon', 'Cove', 'Fork', 'Gap', 'Glen', 'Grove',
      'Heights', 'Hills', 'Island', 'Knoll', 'Lake', 'Mill', 'Notch', 'Orchard', 'Pass', 'Plains', 'Point',
      'Pond', 'Rapids', 'Shore', 'Summit', 'Trail', 'Vista'])[1 + (lea // 27) % 37]
        || ' Sample District' AS lea_name, 'PK' AS low_grade, '12' AS high_grade
FROM (SELECT lea, unnest(range(1, schools + 1)) AS number FROM size), asked ORDER BY ALL;
