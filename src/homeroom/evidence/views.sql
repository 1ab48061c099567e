-- Views for people: ids as strings, statuses in words. Statements end with a semicolon.

CREATE VIEW cells AS
SELECT
    cell.wave,
    combokey_of(cell.school_no) AS combokey,
    cell_column.element, cell_column.disability, cell_column.race, cell_column.sex,
    cell.value,
    coalesce(reserve_code.status, 'observed') AS status,
    reserve_code.meaning,
    cell.source_id
FROM cell
JOIN cell_column USING (cell_id)
LEFT JOIN reserve_code USING (wave, code);

CREATE VIEW staff_fte AS
SELECT
    staff.wave,
    combokey_of(staff.school_no) AS combokey,
    staff.role, staff.fte,
    coalesce(reserve_code.status, 'observed') AS status,
    reserve_code.meaning,
    staff.source_id
FROM staff
LEFT JOIN reserve_code USING (wave, code);

CREATE VIEW flags AS
SELECT
    quality_flag.rule, quality_flag.wave,
    combokey_of(quality_flag.school_no) AS combokey,
    quality_flag.subject, quality_flag.detail
FROM quality_flag;
