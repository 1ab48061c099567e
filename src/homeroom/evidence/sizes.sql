-- Fill `school_size` and `silent`, which quality rules and `place` rest on.

INSERT INTO school_size
SELECT wave, school_no, sum(value)::BIGINT AS students
FROM cell JOIN cell_column USING (cell_id)
WHERE element = 'ENR' AND disability = 'any' AND value IS NOT NULL
GROUP BY ALL ORDER BY ALL;

INSERT INTO school_size
SELECT wave, school_no, students FROM school_total
WHERE students IS NOT NULL AND (wave, school_no) NOT IN (SELECT wave, school_no FROM school_size);

INSERT INTO silent
WITH part AS (
    SELECT DISTINCT measure, element, disability FROM cell_column
    WHERE measure <> 'enrollment' OR disability = 'any'),
asked AS (  -- some offenses were dropped after 2017-18
    SELECT DISTINCT wave, element FROM unanswered
    UNION SELECT DISTINCT wave, element FROM (SELECT DISTINCT wave, cell_id FROM cell)
        JOIN cell_column USING (cell_id)),
parts AS (SELECT wave, measure, count(*) AS n FROM part JOIN asked USING (element) GROUP BY ALL)
SELECT wave, measure, school_no, min(code) AS code
FROM unanswered JOIN part USING (element, disability) JOIN parts USING (wave, measure)
WHERE NOT (code = -9 AND (wave, school_no) IN (
    SELECT (wave, school_no) FROM school WHERE high_grade = -1))
GROUP BY wave, measure, school_no, n HAVING count(*) >= n;

INSERT INTO silent
WITH at_hand AS (SELECT DISTINCT wave, module FROM answered),
unasked AS (
    SELECT wave, module, school_no FROM school_size JOIN at_hand USING (wave)
    ANTI JOIN answered USING (wave, module, school_no))
SELECT wave, measure, school_no, NULL
FROM unasked JOIN (SELECT DISTINCT module, measure FROM cell_column) USING (module);
