"""Files as people have them: one test each for the cases that came in.

What is right stands in each case's ``case.md``; the number of a case is its folder. The cases lie
beside the project, so these tests are skipped where it stands alone; the same kinds are tested on
files of our own in ``tests/sources``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import homeroom
from homeroom.cli.main import cli
from homeroom.errors import HomeroomError
from homeroom.evidence.build import build

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared
DISTRICT = "lea:0609900"


@dataclass(frozen=True)
class Right:
    """Arrests of a group of students that a case must give, and what its report must say."""

    count: int
    per_10000: float
    group: str = "black"
    place: str = DISTRICT
    wave: str = "2017-18"
    says: str = ""


READ = {
    "01": Right(7, 175.0, place="lea:1009900", wave="2023-24"),
    "05": Right(12, 300.0, says="which has no heading, was left out"),
    "06": Right(12, 300.0, says="NA was read as empty"),
    "07": Right(12, 300.0, says="2 damaged COMBOKEYs rebuilt"),
    "08": Right(12, 300.0, says="no line break after the last row"),
    "10": Right(12, 300.0, says="csv.gz: all its schools have the same figures"),
    "11": Right(12, 300.0, says=r"\(1\).csv: all its schools have the same figures"),
    "12": Right(12, 300.0, says="header stands again in row 4"),
    "13": Right(12, 27.3, says="numbers with commas"),
    "18": Right(12, 300.0, says="read from a workbook"),
    "20": Right(12, 300.0, says="headings in small letters"),
    "25": Right(12, 300.0),
    "27": Right(12, 300.0),
    "32": Right(12, 300.0, says="say less than another row of the same school"),
    "40": Right(12, 300.0),
}
REFUSED = {
    "14": "the Urban Institute's own layout .* Take OCR's own file",
    "15": "a state's own table, in which small counts are hidden",
    "36": "an Ed-Fi interchange file: records of single students",
    "37": "pu_ssocs20.dta: expected the variables of SSOCS 2020, missing",
    "44": "a CRDC file of 2015-16, .*: expected a column, a code, or a file beside it",
}


@pytest.fixture
def case(request, shared_data) -> list[Path]:
    """Return the files of a case."""
    folder = shared_data.parent / "reference" / "cases" / "files" / request.param
    return [path for path in sorted(folder.iterdir()) if path.suffix not in {".md", ".txt"}]


@pytest.mark.parametrize(("case", "right"), READ.items(), indirect=["case"], ids=list(READ))
def test_a_case_gives_the_right_figure(case, right, tmp_path):
    report = build(case, tmp_path / "s.duckdb", with_starter=False)
    assert re.search(right.says, "\n".join(f"{name}: {note}" for name, note in report.notes))
    room = homeroom.open(tmp_path / "s.duckdb")
    frame = room.rate("arrests", right.place, right.wave, by="race").filter(race=right.group)
    assert frame["count"].to_list() == [right.count]
    assert frame["rate_per_10000"].to_list() == [pytest.approx(right.per_10000, abs=0.05)]


@pytest.mark.parametrize("case", ["33"], indirect=True)
def test_schools_with_nobody_enrolled_show_their_arrests_and_no_rate(case, tmp_path):
    build(case, tmp_path / "s.duckdb", with_starter=False)
    page = CliRunner().invoke(
        cli, ["place", DISTRICT], env={"HOMEROOM_STORE": str(tmp_path / "s.duckdb")}
    )
    assert page.exit_code == 0, page.output
    assert "16 students in Example School District were arrested" in page.output
    assert "no rate is given" in page.output


@pytest.mark.parametrize(("case", "why"), REFUSED.items(), indirect=["case"], ids=list(REFUSED))
def test_a_case_is_refused_for_the_true_reason(case, why, tmp_path):
    with pytest.raises(HomeroomError) as refused:
        build(case, tmp_path / "s.duckdb", with_starter=False)
    assert re.search(why, str(refused.value), re.DOTALL)
    assert not (tmp_path / "s.duckdb").exists()
