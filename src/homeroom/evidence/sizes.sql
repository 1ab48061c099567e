-- Fill `school_size` and `nonresponse`, which quality rules and `place` rest on.

INSERT INTO school_size
SELECT wave, school_no, sum(value)::BIGINT AS students
FROM cell JOIN cell_column USING (cell_id)
WHERE element = 'ENR' AND disability = 'any' AND value IS NOT NULL
GROUP BY ALL ORDER BY ALL;

INSERT INTO school_size
SELECT wave, school_no, students FROM school_total
WHERE students IS NOT NULL AND (wave, school_no) NOT IN (SELECT wave, school_no FROM school_size);

INSERT INTO nonresponse
WITH asked AS (  -- some offenses were dropped after 2017-18
    SELECT DISTINCT wave, element FROM unanswered
    UNION SELECT DISTINCT wave, element FROM zero_block
    UNION SELECT DISTINCT wave, element FROM (SELECT DISTINCT wave, cell_id FROM cell)
        JOIN cell_column USING (cell_id)),
block AS (SELECT DISTINCT measure, part, element FROM measure_cell),
parts AS (
    SELECT wave, measure, part, count(*) AS elements
    FROM block JOIN asked USING (element) GROUP BY ALL),
missing AS (
    SELECT wave, measure, part, school_no, code, coalesce(gravity, 11) AS gravity
    FROM unanswered
    JOIN block ON block.element = unanswered.element AND part = disability
    LEFT JOIN reserve_code USING (wave, code)
    WHERE NOT (code = -9 AND (wave, school_no) IN (
        SELECT (wave, school_no) FROM school WHERE high_grade = -1)))
SELECT wave, measure, part, school_no, arg_min(code, (gravity, code)) AS code,
    count(*) = elements AS whole
FROM missing JOIN parts USING (wave, measure, part)
GROUP BY wave, measure, part, school_no, elements
ORDER BY wave, measure, part, school_no;

INSERT INTO nonresponse
WITH held AS (SELECT DISTINCT wave, module FROM answered),
unasked AS (
    SELECT wave, module, school_no FROM school_size JOIN held USING (wave)
    ANTI JOIN answered USING (wave, module, school_no))
SELECT wave, measure, part, school_no, NULL, TRUE
FROM unasked JOIN (SELECT DISTINCT module, measure, part FROM measure_cell) USING (module)
ORDER BY wave, measure, part, school_no;
