from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.ssocs import MINIMUM_SCHOOLS, READERS, YEARS, catalogue, estimates, files
from homeroom.sources.ssocs.files import load
from homeroom.sources.ssocs.jackknife import Replicated, Weights, ratios, totals

GOLDEN = Path(__file__).parent / "golden"
READER = READERS[0]
SAMPLES = dict(files.SAMPLES)
KEY = ["year", "item", "domain", "category"]
FILES = {
    2006: "pu_ssocs06_spss.sav",
    2008: "sf08.csv.gz",
    2016: "pu_ssocs16.sas7bdat",
    2018: "pu_ssocs18.sav",
}
SCHOOLS = 160


def made_up(year: int, schools: int = SCHOOLS, seed: int = 1) -> pl.DataFrame:
    """A file's layout with random answers: every question and grouping, weights, 50 replicates."""
    draw = np.random.default_rng(seed)
    data: dict[str, np.ndarray] = {
        "SCHID": np.arange(1.0, schools + 1),
        "STRATA": np.full(schools, 111.0),
    }
    for item in catalogue().items:
        if question := item.questions.get(year):
            codes = sorted(item.answers) if question.any_of else range(3)
            if item.universe.leaves_out_skips:
                codes = [*codes, -1]
            data |= {
                name: draw.choice(codes, schools).astype(float)
                for name in question.names
                if name not in data
            }
    for domain in catalogue().domains:
        if year in domain.variables:
            data[domain.variables[year]] = draw.choice(list(domain.categories), schools).astype(
                float
            )
    data |= {name: data.get(name, np.ones(schools)) for name in ("C0110", "C0112")}
    prefix = "REPWGT" if year < 2010 else "REPFWT"
    data["FINALWGT"] = draw.uniform(5, 200, schools)
    group = draw.integers(0, 50, schools)
    for r in range(50):
        data[f"{prefix}{r + 1}"] = np.where(group == r, 0.0, data["FINALWGT"] * 50 / 49)
    if year == 2008:
        data["DISATT08"] = np.zeros(schools)
    return pl.DataFrame(data)


def write(folder: Path, year: int, frame: pl.DataFrame) -> SourceFile:
    if year == 2008:
        path = folder / "anything.csv.gz"
        frame = frame.rename(str.lower).with_row_index("")
        path.write_bytes(gzip.compress(frame.write_csv(None).encode()))
    else:
        path = folder / "anything.dat"
        pyreadstat.write_sav(frame, str(path))
    return SourceFile(path)


def read(file: SourceFile) -> pl.DataFrame:
    recognized = READER.recognize(file)
    assert recognized is not None
    (batch,) = recognized.read()
    assert batch.table == "survey_estimate"
    return batch.frame


@pytest.fixture(scope="module", autouse=True)
def _small_samples() -> Iterator[None]:
    """Let the made-up files be smaller than NCES's samples."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "SAMPLES", {})
        yield


def weights_of(frame: pl.DataFrame) -> Weights:
    names = [n for n in frame.columns if n.startswith(("FINALWGT", "REPWGT", "REPFWT"))]
    return Weights(frame.select(names).to_numpy())


# ---- the jackknife


def loop_standard_error(y: list[float], x: list[float], weights: np.ndarray) -> tuple[float, float]:
    """The manual's formula, one school and one replicate at a time."""
    found = []
    for column in weights.T:
        above = below = 0.0
        for yes, asked, weight in zip(y, x, column, strict=True):
            above += weight * yes
            below += weight * asked
        found.append(above / below)
    spread = sum((value - found[0]) ** 2 for value in found[1:])
    count = len(found) - 1
    return found[0], ((count - 1) / count * spread) ** 0.5


def test_jackknife_equals_a_loop_over_schools_and_replicates():
    draw = np.random.default_rng(7)
    weights = draw.uniform(1, 9, (40, 51))
    asked = (draw.uniform(size=(40, 3)) < 0.8).astype(float)
    amount = asked * draw.poisson(2, (40, 3))
    found = ratios(totals(amount, Weights(weights)), totals(asked, Weights(weights)))
    for k in range(3):
        estimate, se = loop_standard_error(list(amount[:, k]), list(asked[:, k]), weights)
        assert found.estimate[k] == pytest.approx(estimate, rel=1e-12)
        assert found.standard_error[k] == pytest.approx(se, rel=1e-10)


def test_jackknife_of_a_mean_with_equal_weights_is_the_textbook_standard_error():
    y = np.array([[3.0], [5.0], [8.0], [13.0], [21.0]])
    drop_one = np.where(np.eye(5) == 1, 0.0, 5 / 4)
    weights = Weights(np.column_stack([np.ones(5), drop_one]))
    found = ratios(totals(y, weights), totals(np.ones((5, 1)), weights))
    assert found.estimate[0] == 10
    assert found.standard_error[0] == pytest.approx(np.std(y, ddof=1) / np.sqrt(5))


def test_replicates_equal_to_the_final_weight_give_no_error():
    weights = Weights(np.full((4, 51), 2.5))
    found = totals(np.array([[1.0], [0.0], [1.0], [1.0]]), weights)
    assert found.estimate.tolist() == [7.5]
    assert found.standard_error.tolist() == [0]


def test_no_weight_below_gives_no_number():
    nothing = ratios(Replicated(np.zeros((1, 3))), Replicated(np.zeros((1, 3))))
    assert np.isnan(nothing.estimate).all()
    assert np.isnan(nothing.standard_error).all()


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 1000), st.integers(0, 50))
def test_scaling_all_weights_scales_totals_and_leaves_shares(scale, seed):
    frame = made_up(2016, 60, seed)
    weights = weights_of(frame)
    before = estimates(2016, frame, weights).filter(domain="all")
    after = estimates(2016, frame, Weights(weights.columns * scale)).filter(domain="all")
    factor = np.where(before["unit"] == "count", scale, 1.0)
    for column in ("estimate", "se"):
        expected = before[column].to_numpy() * factor
        np.testing.assert_allclose(after[column].to_numpy(), expected, rtol=1e-7, atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(SCHOOLS)))
def test_order_of_schools_does_not_matter(order):
    frame = made_up(2018)
    shuffled = frame[list(order)]
    one, two = (estimates(2018, f, weights_of(f)) for f in (frame, shuffled))
    for column in ("estimate", "se"):
        np.testing.assert_allclose(
            one[column].to_numpy(), two[column].to_numpy(), rtol=1e-9, atol=1e-9
        )
    assert one.drop("estimate", "se").equals(two.drop("estimate", "se"))


# ---- the catalogue


def test_catalogue_is_consistent():
    items = catalogue().items
    assert len({item.id for item in items}) == len(items)
    for item in items:
        assert item.topic in catalogue().topics, item.id
        assert item.kind in {"percent", "count", "mean"}, item.id
        assert item.questions, item.id
        assert set(item.questions) <= set(YEARS), item.id
        assert item.yes < item.answers, item.id
        assert item.kind == "percent" or not item.universe.leaves_out_skips, item.id
        assert item.id.endswith("_any") == (item.yes == {1, 2} and item.answers == {1, 2, 3}), (
            item.id
        )


def test_items_of_one_year_never_share_question_and_universe():
    for year in YEARS:
        asked = [
            (str(i.questions[year]), i.universe.id, i.kind, tuple(i.yes))
            for i in catalogue().items
            if year in i.questions
        ]
        assert len(set(asked)) == len(asked)


# ---- files


@pytest.mark.parametrize("year", YEARS)
def test_a_file_is_told_by_its_content_and_estimated(tmp_path, year):
    frame = made_up(year)
    file = write(tmp_path, year, frame)
    recognized = READER.recognize(file)
    assert recognized is not None
    assert (recognized.wave, recognized.publication) == (str(year), "ssocs")
    found = read(file)
    cameras = found.filter(item="cameras", domain="all")
    w, yes = frame["FINALWGT"].to_numpy(), frame["C0146"].to_numpy() == 1
    assert cameras["estimate"].item() == pytest.approx(100 * w[yes].sum() / w.sum(), rel=1e-9)
    assert cameras["n"].item() == SCHOOLS
    assert cameras["variable"].item() == "C0146"
    assert ("minority" in found["domain"].unique()) == (year != 2018)


def test_a_skip_is_a_no_among_all_schools_and_left_out_among_those_with_officers(tmp_path):
    frame = made_up(2018)
    found = read(write(tmp_path, 2018, frame)).filter(domain="all")
    w, code = frame["FINALWGT"].to_numpy(), frame["C0624"].to_numpy()
    among, of_all = (
        found.filter(item=item).row(0, named=True)
        for item in ("officer_firearm", "officer_firearm_of_all")
    )
    assert among["estimate"] == pytest.approx(100 * w[code == 1].sum() / w[code != -1].sum())
    assert of_all["estimate"] == pytest.approx(100 * w[code == 1].sum() / w.sum())
    assert (among["n"], of_all["n"]) == ((code != -1).sum(), SCHOOLS)


def test_a_share_counts_schools_above_zero_and_a_total_counts_incidents(tmp_path):
    frame = made_up(2008)
    found = read(write(tmp_path, 2008, frame)).filter(domain="all")
    w, incidents = frame["FINALWGT"].to_numpy(), frame["VIOINC"].to_numpy()
    figures = dict(zip(found["item"], found["estimate"], strict=True))
    assert figures["violent"] == pytest.approx(100 * w[incidents > 0].sum() / w.sum())
    assert figures["violent_incidents"] == pytest.approx((w * incidents).sum())
    assert figures["violent_incidents_per_school"] == pytest.approx((w * incidents).sum() / w.sum())
    units = dict(zip(found["item"], found["unit"], strict=True))
    assert [units[i] for i in ("violent", "violent_incidents", "violent_incidents_per_school")] == [
        "percent", "count", "mean",
    ]  # fmt: skip


def test_too_few_schools_give_no_number_but_their_count(tmp_path):
    frame = made_up(2018, 100).with_columns(
        FR_LVEL=pl.Series([1.0] * (MINIMUM_SCHOOLS - 1) + [2.0] * MINIMUM_SCHOOLS + [3.0] * 41)
    )
    found = read(write(tmp_path, 2018, frame)).filter(item="cameras", domain="level")
    rows = {row["category"]: row for row in found.to_dicts()}
    assert (rows["primary"]["estimate"], rows["primary"]["se"]) == (None, None)
    assert rows["primary"]["n"] == MINIMUM_SCHOOLS - 1
    assert rows["middle"]["estimate"] is not None
    assert rows["combined"]["n"] == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f.with_columns(C0146=pl.lit(9.0)), "C0146: expected the codes"),
        (lambda f: f.with_columns(VIOINC18=pl.lit(-9.0)), "VIOINC18: expected a count"),
        (lambda f: f.with_columns(FR_SIZE=pl.lit(7.0)), "FR_SIZE: expected the codes"),
        (lambda f: f.with_columns(C0600=pl.lit(None, pl.Float64)), "C0600: expected a code"),
        (lambda f: f.drop("C0632"), "missing C0632"),
        (lambda f: f.drop("REPFWT50"), "expected 50 replicate weights, found 49"),
        (lambda f: f.with_columns(REPFWT7=pl.lit(-1.0)), "weight of zero or more"),
        (lambda f: f.with_columns(C0146=pl.lit("yes")), "expected numbers"),
    ],
)
def test_a_file_that_breaks_the_layout_is_refused(tmp_path, change, says):
    with pytest.raises(BadInput, match=says):
        read(write(tmp_path, 2018, change(made_up(2018))))


def test_another_year_is_refused_by_name(tmp_path):
    frame = made_up(2018).rename({"VIOINC18": "VIOINC10"})
    with pytest.raises(BadInput, match=r"found one of \[2010\]"):
        READER.recognize(write(tmp_path, 2018, frame))


@pytest.mark.parametrize("kind", ["csv", "sav", "dta"])
@pytest.mark.parametrize("year", [2018, 2020])
def test_every_format_gives_the_same_estimates(tmp_path, year, kind):
    frame = made_up(year)
    path = tmp_path / f"pu_ssocs.{kind}"
    if kind == "csv":
        frame.write_csv(path)
    else:
        {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[kind](frame, str(path))
    found, wanted = read(SourceFile(path)), read(write(tmp_path, year, frame))
    for column in ("estimate", "se"):  # text keeps 17 digits, all that a float has
        np.testing.assert_allclose(found[column], wanted[column], rtol=1e-12)
    assert found.drop("estimate", "se").equals(wanted.drop("estimate", "se"))


def test_2019_20_by_hand(tmp_path):
    frame = made_up(2020)
    found = read(write(tmp_path, 2020, frame)).filter(item="officer_firearm", domain="all")
    weights = weights_of(frame).columns
    code = frame["C0624"].to_numpy()
    estimate, se = loop_standard_error(
        list((code == 1).astype(float)), list((code != -1).astype(float)), weights
    )
    assert found["estimate"].item() == pytest.approx(100 * estimate)
    assert found["se"].item() == pytest.approx(100 * se)
    assert SAMPLES[2020] == 2370


def test_2019_20_without_its_questions_says_what_is_missing(tmp_path):
    names = ["SCHID", "STRATA", "C0110", "C0112", "FINALWGT", "VIOINC20"]
    path = tmp_path / "pu_ssocs20.dta"
    pyreadstat.write_dta(made_up(2020).select(names), str(path))
    recognized = READER.recognize(SourceFile(path))
    assert recognized.wave == "2020"
    with pytest.raises(BadInput, match="expected the variables of SSOCS 2020, missing C0610"):
        list(recognized.read())


def test_a_cut_file_is_refused_and_other_files_are_left_alone(tmp_path, monkeypatch):
    whole = write(tmp_path, 2018, made_up(2018))
    monkeypatch.setattr(files, "SAMPLES", {2018: SCHOOLS})
    content = whole.path.read_bytes()
    for share in (0.001, 0.01, 0.1, 0.5, 0.9, 0.99):
        cut = tmp_path / f"cut{share}.sav"
        cut.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(BadInput, match="cut off or damaged"):
            read(SourceFile(cut))
    other = tmp_path / "other.csv"
    other.write_text("LEAID,SCHID\n0100005,1\n")
    assert READER.recognize(SourceFile(other)) is None
    sav = tmp_path / "other.sav"
    pyreadstat.write_sav(pl.DataFrame({"A": [1.0]}), str(sav))
    assert READER.recognize(SourceFile(sav)) is None


@pytest.mark.parametrize("year", [2008, 2018])
def test_a_part_of_the_sample_is_refused(tmp_path, monkeypatch, year):
    monkeypatch.setattr(files, "SAMPLES", SAMPLES)
    with pytest.raises(BadInput, match=f"expected the {SAMPLES[year]} schools .* found {SCHOOLS}"):
        read(write(tmp_path, year, made_up(year)))


def test_numbers_kept_as_text_are_read(tmp_path):
    frame = made_up(2018)
    as_text = frame.with_columns(pl.format(" {}", pl.col("FR_LVEL").cast(pl.Int8)).alias("FR_LVEL"))
    assert read(write(tmp_path, 2018, as_text)).equals(read(write(tmp_path, 2018, frame)))


# ---- the agencies' own files


@pytest.fixture(scope="session")
def official(shared_data) -> pl.DataFrame:
    return pl.concat(read(SourceFile(shared_data / "ssocs" / name)) for name in FILES.values())


def golden(name: str, official: pl.DataFrame) -> list[dict[str, float]]:
    figures = pl.read_csv(GOLDEN / name).with_columns(pl.col("year").cast(pl.Int32))
    both = figures.join(official, on=KEY, how="left", suffix="_ours")
    assert both["n"].null_count() == 0, "a golden figure has no estimate of ours"
    return both.to_dicts()


@pytest.mark.shared
def test_official_files_are_recognized(shared_data):
    for year, name in FILES.items():
        recognized = READER.recognize(SourceFile(shared_data / "ssocs" / name))
        assert recognized is not None
        assert recognized.wave == str(year)
        schools, _ = load(recognized.file, year)
        assert schools.height == SAMPLES[year]


@pytest.mark.shared
def test_estimates_equal_an_independent_survey_package(official):
    rows = golden("ssocs_samplics.csv", official)
    assert len(rows) >= 100
    assert {(row["package"], row["version"]) for row in rows} == {("samplics", "0.6.1")}
    for row in rows:
        assert row["estimate_ours"] == pytest.approx(row["estimate"], rel=1e-7), row
        assert row["se_ours"] == pytest.approx(row["se"], rel=1e-7), row
        assert row["n_ours"] == row["n"], row


@pytest.mark.shared
def test_estimates_equal_what_nces_published_to_the_printed_digit(official):
    rows = [row for row in golden("ssocs_published.csv", official) if row["agrees"] == "yes"]
    for row in rows:
        assert abs(row["estimate_ours"] - row["estimate"]) <= row["step"] / 2 * (1 + 1e-6), row
        if row["se"] is not None:
            assert abs(row["se_ours"] - row["se"]) <= row["se_step"] / 2 * (1 + 1e-6), row
    printed = [row for row in rows if row["se"] is not None]
    assert {row["year"] for row in printed} == set(FILES)
    assert len(printed) >= 20


@pytest.mark.shared
def test_the_published_figures_that_differ_differ_by_little(official):
    """Last digits of early tables of 2005-06; the public-use file does not explain them."""
    rows = [row for row in golden("ssocs_published.csv", official) if row["agrees"] == "no"]
    assert {row["year"] for row in rows} == {2006}
    for row in rows:
        gap = abs(row["estimate_ours"] - row["estimate"])
        assert row["step"] / 2 < gap <= 1.5 * row["step"], row


@pytest.mark.shared
def test_the_officers_universe_is_the_schools_that_have_officers(shared_data, official):
    for year in (2016, 2018):
        schools, _ = load(SourceFile(shared_data / "ssocs" / FILES[year]), year)
        have = schools.filter(pl.col("C0610") == 1).height
        among = [i.id for i in catalogue().items if i.universe.id == "officers"]
        asked = official.filter(pl.col("item").is_in(among), year=year, domain="all")["n"]
        assert set(asked) == {have}


@pytest.mark.shared
def test_totals_of_categories_add_up_where_every_school_has_one(official):
    counts = official.filter(unit="count")
    whole = counts.filter(domain="all").select("year", "item", total="estimate")
    for domain in ("level", "locale", "size"):
        parts = counts.filter(domain=domain).group_by("year", "item").agg(pl.col("estimate").sum())
        both = parts.join(whole, on=["year", "item"])
        np.testing.assert_allclose(both["estimate"], both["total"], rtol=1e-9)


@pytest.mark.shared
def test_shares_lie_between_0_and_100(official):
    shares = official.filter(unit="percent").drop_nulls("estimate")
    assert shares["estimate"].is_between(0, 100).all()
    assert (official.drop_nulls("se")["se"] >= 0).all()
    assert (official.filter(pl.col("n") < MINIMUM_SCHOOLS)["estimate"].is_null()).all()
