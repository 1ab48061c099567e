-- A row a wave and measure: OCR's state tables, and how the sums of the schools here compare.
WITH official AS (
    SELECT wave, element AS measure, state, value AS official, schools
    FROM official_estimate
    WHERE disability = 'all' AND race = 'all' AND sex = 'all' AND value IS NOT NULL
        AND state <> 'US' AND element IN (SELECT measure FROM measure_element)),
ours AS (
    SELECT cell.wave, measure, place.state, sum(value)::BIGINT AS n
    FROM cell JOIN measure_cell USING (cell_id)
    JOIN place ON place.school_no = cell.school_no
    WHERE value IS NOT NULL GROUP BY ALL),
held AS (
    SELECT answered.wave, measure, place.state, count(DISTINCT answered.school_no) AS schools
    FROM answered JOIN (SELECT DISTINCT measure, module FROM measure_element) USING (module)
    JOIN place ON place.school_no = answered.school_no
    GROUP BY ALL),
pairs AS (
    SELECT official.*, coalesce(n, 0) AS n,
        coalesce(held.schools, 0) > 0
            AND coalesce(held.schools, 0) >= ? * coalesce(official.schools, 1e9) AS whole
    FROM official LEFT JOIN ours USING (wave, measure, state)
    LEFT JOIN held USING (wave, measure, state))
SELECT wave, measure, count(*) AS states,
    count(*) FILTER (whole) AS compared,
    count(*) FILTER (whole AND n = official) AS equal,
    count(*) FILTER (whole AND abs(n - official) <= 0.01 * official) AS near,
    arg_max(state, abs(n - official)) FILTER (whole) AS state,
    arg_max(n, abs(n - official)) FILTER (whole) AS here,
    arg_max(official, abs(n - official)) FILTER (whole) AS there
FROM pairs GROUP BY wave, measure ORDER BY wave, measure;
