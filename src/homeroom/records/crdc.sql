-- Students by school, race, sex, and disability part, as the CRDC counts them: each once a school,
-- measure, and year. One text for DuckDB and Spark. Statements end with a semicolon. A student who
-- was in special education at any of the events counts there.

-- enrolled: on the count day
SELECT year, school, race, sex, part, count(*) AS n
FROM (SELECT DISTINCT year, school, student, race, sex, part FROM pupil WHERE at_school) AS p
GROUP BY year, school, race, sex, part;

-- removed
SELECT year, school, race, sex, part,
    count(CASE WHEN iss > 0 THEN 1 END) AS ISS,
    count(CASE WHEN oss = 1 THEN 1 END) AS SINGOOS,
    count(CASE WHEN oss > 1 THEN 1 END) AS MULTOOS,
    count(CASE WHEN expelled > 0 AND without = 0 THEN 1 END) AS EXPWE,
    count(CASE WHEN without > 0 THEN 1 END) AS EXPWOE,
    count(CASE WHEN zero > 0 THEN 1 END) AS EXPZT,
    count(CASE WHEN moved > 0 THEN 1 END) AS TFRALT
FROM (
    SELECT year, school, student, max(race) AS race, max(sex) AS sex,
        CASE WHEN max(CASE WHEN part = 1 THEN 1 ELSE 0 END) = 1 THEN 1 ELSE max(part) END AS part,
        count(CASE WHEN kind = 1 THEN 1 END) AS iss,
        count(CASE WHEN kind = 2 THEN 1 END) AS oss,
        count(CASE WHEN kind BETWEEN 3 AND 5 THEN 1 END) AS expelled,
        count(CASE WHEN kind = 4 THEN 1 END) AS without,
        count(CASE WHEN kind BETWEEN 3 AND 5 AND zero_tolerance THEN 1 END) AS zero,
        count(CASE WHEN kind = 8 THEN 1 END) AS moved
    FROM removal GROUP BY year, school, student) AS child
GROUP BY year, school, race, sex, part;

-- police
SELECT year, school, race, sex, part, count(*) AS REF,
    count(CASE WHEN arrests > 0 THEN 1 END) AS ARR
FROM (
    SELECT year, school, student, max(race) AS race, max(sex) AS sex,
        CASE WHEN max(CASE WHEN part = 1 THEN 1 ELSE 0 END) = 1 THEN 1 ELSE max(part) END AS part,
        count(CASE WHEN arrested THEN 1 END) AS arrests
    FROM police GROUP BY year, school, student) AS child
GROUP BY year, school, race, sex, part;

-- restrained
SELECT year, school, race, sex, part,
    count(CASE WHEN mechanical > 0 THEN 1 END) AS MECH,
    count(CASE WHEN physical > 0 THEN 1 END) AS PHYS,
    count(CASE WHEN secluded > 0 THEN 1 END) AS SECL
FROM (
    SELECT year, school, student, max(race) AS race, max(sex) AS sex,
        CASE WHEN max(CASE WHEN part = 1 THEN 1 ELSE 0 END) = 1 THEN 1 ELSE max(part) END AS part,
        count(CASE WHEN kind = 10 THEN 1 END) AS mechanical,
        count(CASE WHEN kind = 11 THEN 1 END) AS physical,
        count(CASE WHEN kind = 12 THEN 1 END) AS secluded
    FROM restraint GROUP BY year, school, student) AS child
GROUP BY year, school, race, sex, part;
