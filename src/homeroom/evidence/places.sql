-- Fill `place`. Later waves and directories give the name; the largest count gives the size.

CREATE TEMP TABLE size AS
SELECT school_no, arg_max(students, wave) AS students FROM school_size GROUP BY school_no;

INSERT INTO place BY NAME
SELECT 'US' AS place_id, 'nation' AS kind, 'United States' AS name,
    (SELECT arg_max(value, wave) FROM official_estimate
     WHERE element = 'enrollment' AND state = 'US' AND disability = 'all' AND race = 'all'
       AND sex = 'all') AS students;

INSERT INTO place BY NAME
SELECT 'US-' || states.state AS place_id, 'state' AS kind, states.name, states.state,
    (SELECT arg_max(value, wave) FROM official_estimate o
     WHERE o.element = 'enrollment' AND o.state = states.state AND o.disability = 'all'
       AND o.race = 'all' AND o.sex = 'all') AS students
FROM states;

CREATE TEMP TABLE latest_school AS
SELECT school_no,
    arg_max(name, wave) AS name,
    arg_max(state, wave) AS state,
    arg_max(lea_name, wave) FILTER (lea_name IS NOT NULL) AS lea_name,
    arg_max(low_grade, wave) FILTER (low_grade IS NOT NULL) AS low_grade,
    arg_max(high_grade, wave) FILTER (low_grade IS NOT NULL) AS high_grade
FROM school GROUP BY school_no;

INSERT INTO place BY NAME
WITH named AS (
    SELECT leaid, year, name, state FROM district
    UNION ALL
    SELECT leaid_of(school_no // 100000), '0', lea_name, state FROM latest_school
    WHERE lea_name IS NOT NULL
    UNION ALL
    SELECT poverty.leaid, '00', poverty.name, states.state
    FROM poverty JOIN states ON states.fips = CAST(left(poverty.leaid, 2) AS INTEGER)),
each AS (
    SELECT leaid, arg_max(name, year) AS name, arg_max(state, year) AS state FROM named GROUP BY leaid),
fact AS (
    SELECT leaid,
        arg_max(city, year) FILTER (city IS NOT NULL) AS city,
        arg_max(county, year) FILTER (county IS NOT NULL) AS county,
        arg_max(locale, year) FILTER (locale IS NOT NULL) AS locale,
        arg_max(latitude, year) FILTER (latitude IS NOT NULL) AS latitude,
        arg_max(longitude, year) FILTER (longitude IS NOT NULL) AS longitude
    FROM district GROUP BY leaid),
schools AS (
    SELECT leaid_of(school_no // 100000) AS leaid, sum(students)::BIGINT AS students,
        min(low_grade) AS low_grade, max(high_grade) AS high_grade
    FROM latest_school LEFT JOIN size USING (school_no) GROUP BY ALL),
funded AS (
    SELECT leaid, arg_max(amount, fiscal_year) AS students FROM finance
    WHERE item = 'V33' AND amount > 0 GROUP BY leaid)
SELECT 'lea:' || each.leaid AS place_id, 'district' AS kind,
    coalesce(known_name.name, each.name) AS name, each.state, each.leaid, known_parent.parent, city, county, locale, latitude, longitude, low_grade, high_grade,
    -- The high-school files alone would make a district look small.
    greatest(schools.students, funded.students) AS students
FROM each
LEFT JOIN fact USING (leaid) LEFT JOIN schools USING (leaid) LEFT JOIN funded USING (leaid)
LEFT JOIN known_name ON known_name.place_id = 'lea:' || each.leaid
LEFT JOIN known_parent ON known_parent.place_id = 'lea:' || each.leaid;

-- A store may hold the parts alone.
UPDATE place SET parent = NULL WHERE parent NOT IN (SELECT place_id FROM place);

INSERT INTO place_alias
SELECT place_id, alias, source FROM known_alias WHERE place_id IN (SELECT place_id FROM place)
ORDER BY ALL;

INSERT INTO place_alias
SELECT DISTINCT place_id, district.name, 'NCES, Common Core of Data, LEA directory'
FROM known_name JOIN district ON place_id = 'lea:' || leaid
WHERE lower(district.name) <> lower(known_name.name)
ORDER BY ALL;

INSERT INTO place BY NAME
SELECT 'school:' || combokey_of(school_no) AS place_id, 'school' AS kind, name, state,
    leaid_of(school_no // 100000) AS leaid, school_no, lea_name, low_grade, high_grade, students
FROM latest_school LEFT JOIN size USING (school_no)
ORDER BY school_no;

DROP TABLE latest_school;
DROP TABLE size;

-- A page looks its place up by id, among more than a hundred thousand.
CREATE UNIQUE INDEX place_by_id ON place (place_id);
