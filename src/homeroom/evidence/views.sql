-- Views for people: ids as strings, statuses in words. Statements end with a semicolon.

CREATE VIEW measure_cell AS
SELECT measure, part, element, module, cell_id, race, sex
FROM measure_element JOIN measure_part USING (measure) JOIN cell_column USING (element, module)
WHERE disability = part;

-- Schools that reported no part of a measure.
CREATE VIEW silent AS
SELECT wave, measure, school_no, min(code) AS code
FROM nonresponse
JOIN (SELECT measure, count(*) AS parts FROM measure_part GROUP BY measure) USING (measure)
WHERE whole
GROUP BY wave, measure, school_no, parts HAVING count(*) = parts;

CREATE VIEW cells AS
SELECT
    cell.wave,
    combokey_of(cell.school_no) AS combokey,
    cell_column.element, cell_column.disability, cell_column.race, cell_column.sex,
    cell.value,
    coalesce(reserve_code.status, CASE WHEN code IS NULL THEN 'observed' ELSE 'missing' END)
        AS status,
    reserve_code.meaning,
    cell.source_id
FROM cell
JOIN cell_column USING (cell_id)
LEFT JOIN reserve_code USING (wave, code);

-- Zeros that a skip code stands for, and whether the publisher says so or it is inferred.
CREATE VIEW zero_blocks AS
SELECT
    zero_block.wave, combokey_of(zero_block.school_no) AS combokey,
    zero_block.element, zero_block.disability, code_meaning.status, code_meaning.meaning,
    zero_block.source_id
FROM zero_block
JOIN code_meaning
    ON code_meaning.wave = zero_block.wave AND code_meaning.subject = zero_block.element
    AND code_meaning.code = zero_block.code;

CREATE VIEW staff_fte AS
SELECT
    staff.wave,
    combokey_of(staff.school_no) AS combokey,
    staff.role, staff.fte,
    coalesce(code_meaning.status, reserve_code.status,
        CASE WHEN staff.code IS NULL THEN 'observed' ELSE 'missing' END) AS status,
    coalesce(code_meaning.meaning, reserve_code.meaning) AS meaning,
    staff.source_id
FROM staff
LEFT JOIN code_meaning
    ON code_meaning.wave = staff.wave AND code_meaning.subject = staff.role
    AND code_meaning.code = coalesce(staff.code, staff.skip_code)
LEFT JOIN reserve_code ON reserve_code.wave = staff.wave AND reserve_code.code = staff.code;

CREATE VIEW flags AS
SELECT
    quality_flag.rule, quality_flag.wave,
    combokey_of(quality_flag.school_no) AS combokey,
    quality_flag.subject, quality_flag.detail
FROM quality_flag;
