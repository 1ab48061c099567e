-- Counts by school year, LEA, and race: one text for DuckDB and Spark. Statements end with a
-- semicolon; each gives one table. `pupil` and `removal` are the workspace's tables. Races, parts,
-- kinds, and settings are numbers of records/vocabulary.py. An age of -1 is not known.

-- base: children enrolled, children with disabilities (34 CFR 300.647(b)(3) and (b)(4))
SELECT year, lea, race,
    count(CASE WHEN age = -1 OR age BETWEEN 3 AND 21 THEN 1 END) AS enrolled,
    count(CASE WHEN part = 1 AND (age = -1 OR age BETWEEN 3 AND 21) THEN 1 END) AS c1,
    count(CASE WHEN part = 1 AND disability = 1 AND (age = -1 OR age BETWEEN 3 AND 21) THEN 1 END) AS c2,
    count(CASE WHEN part = 1 AND disability = 8 AND (age = -1 OR age BETWEEN 3 AND 21) THEN 1 END) AS c3,
    count(CASE WHEN part = 1 AND disability = 5 AND (age = -1 OR age BETWEEN 3 AND 21) THEN 1 END) AS c4,
    count(CASE WHEN part = 1 AND disability = 3 AND (age = -1 OR age BETWEEN 3 AND 21) THEN 1 END) AS c5,
    count(CASE WHEN part = 1 AND disability = 7 AND (age = -1 OR age BETWEEN 3 AND 21) THEN 1 END) AS c6,
    count(CASE WHEN part = 1 AND disability = 11 AND (age = -1 OR age BETWEEN 3 AND 21) THEN 1 END) AS c7,
    count(CASE WHEN part = 1 AND (age = -1 OR age BETWEEN 6 AND 21) THEN 1 END) AS school_age,
    count(CASE WHEN part = 1 AND setting = 3 AND (age = -1 OR age BETWEEN 6 AND 21) THEN 1 END) AS c8,
    count(CASE WHEN part = 1 AND setting IN (4, 5) AND (age = -1 OR age BETWEEN 6 AND 21) THEN 1 END) AS c9
FROM pupil
WHERE in_count
GROUP BY year, lea, race;

-- removed: children with disabilities by days of removal, and removals. Days are in hundredths.
SELECT year, lea, race,
    count(CASE WHEN outs > 0 AND out_days <= 1000 AND out_open = 0 THEN 1 END) AS c10,
    count(CASE WHEN outs > 0 AND out_days > 1000 THEN 1 END) AS c11,
    count(CASE WHEN ins > 0 AND in_days <= 1000 AND in_open = 0 THEN 1 END) AS c12,
    count(CASE WHEN ins > 0 AND in_days > 1000 THEN 1 END) AS c13,
    CAST(sum(removals) AS BIGINT) AS c14,
    count(CASE WHEN (out_open > 0 AND out_days <= 1000) OR (in_open > 0 AND in_days <= 1000) THEN 1 END) AS undetermined
FROM (
    SELECT year, lea, student, race,
        count(CASE WHEN kind BETWEEN 2 AND 5 THEN 1 END) AS outs,
        sum(CASE WHEN kind BETWEEN 2 AND 5 AND hundredths >= 0 THEN hundredths ELSE 0 END) AS out_days,
        count(CASE WHEN kind BETWEEN 2 AND 5 AND hundredths < 0 THEN 1 END) AS out_open,
        count(CASE WHEN kind = 1 THEN 1 END) AS ins,
        sum(CASE WHEN kind = 1 AND hundredths >= 0 THEN hundredths ELSE 0 END) AS in_days,
        count(CASE WHEN kind = 1 AND hundredths < 0 THEN 1 END) AS in_open,
        count(*) AS removals
    FROM removal
    WHERE part = 1 AND kind BETWEEN 1 AND 7 AND (age = -1 OR age BETWEEN 3 AND 21)
    GROUP BY year, lea, student, race) AS child
GROUP BY year, lea, race;
