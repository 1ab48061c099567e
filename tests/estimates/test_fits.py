"""Fits: the same bytes at any number of threads, after an interruption, and clear refusals."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from homeroom.cli.estimate import estimate as command
from homeroom.errors import BadInput, NotAvailable
from homeroom.estimates import folders, run
from homeroom.estimates.cells import Cells, checked
from homeroom.estimates.contrast import contrast
from homeroom.estimates.diagnostics import diagnose
from homeroom.estimates.district import estimate, state_draws
from homeroom.estimates.fit import Settings, fit
from homeroom.estimates.importance import Sample
from homeroom.estimates.mcmc import walk
from homeroom.estimates.posterior import Evaluated, Posterior
from homeroom.estimates.priors import Priors
from homeroom.estimates.psis import Weights
from homeroom.estimates.saved import Saved
from homeroom.estimates.specs import spec_of, specs
from homeroom.estimates.synthetic import Truth, synthetic

EASY = Settings(points=64, draws=40, threads=1)


@pytest.fixture(scope="module")
def cells():
    return synthetic(50, states=3, seed=2, truth=Truth(intercept=-6.0, lea=1.5)).cells


def _bytes(found):
    draws = found.draws
    return b"".join(a.tobytes() for a in (draws.theta, draws.ci, draws.states, draws.level))


def test_one_seed_gives_the_same_bytes_at_any_number_of_threads(cells):
    one, two, other = (
        fit(cells, settings=Settings(points=64, draws=40, threads=threads, seed=seed))
        for threads, seed in ((1, 1), (2, 1), (2, 2))
    )
    assert _bytes(one) == _bytes(two) != _bytes(other)


def test_an_interrupted_fit_goes_on_and_ends_the_same(cells, tmp_path, monkeypatch):
    path, calls = tmp_path / "checkpoint.npz", 0
    each = Posterior.each

    def stop(self, thetas):
        nonlocal calls
        calls += len(thetas) == 64
        if calls:
            raise KeyboardInterrupt
        return each(self, thetas)

    monkeypatch.setattr(Posterior, "each", stop)
    with pytest.raises(KeyboardInterrupt):
        fit(cells, settings=EASY, checkpoint=path)
    assert path.is_file()
    monkeypatch.setattr(Posterior, "each", each)
    steps = []
    again = fit(cells, settings=EASY, checkpoint=path, progress=lambda n, _s: steps.append(n))
    assert _bytes(again) == _bytes(fit(cells, settings=EASY))
    assert not path.exists()
    assert steps[-1] == "done"


def _changed(cells, **parts):
    names = Cells.__dataclass_fields__
    return Cells(**{name: parts.get(name, getattr(cells, name)) for name in names})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda y, n: (y * 0, n), "at least one event"),
        (lambda _y, n: (n + 1, n), "no more events than students"),
        (lambda y, n: (y * 0, n * 0), "all are missing"),
        (lambda _y, n: (n, n), "all have it"),
        (lambda y, n: (y - 1, n), "negative"),
        (lambda y, n: (y * np.nan, n), "not finite"),
    ],
)
def test_counts_that_no_rate_fits_are_refused(cells, change, said):
    events, students = change(cells.events, cells.students)
    with pytest.raises(BadInput, match=said):
        checked(events, students, cells.leas)


def test_no_district_is_refused():
    with pytest.raises(BadInput, match="found none"):
        checked(np.zeros((0, 8)), np.zeros((0, 8)), [])


def test_one_district_one_state_and_a_state_without_events_are_answered(cells):
    j = int(np.argmax(cells.events.sum(axis=1)))
    single = _changed(
        cells, leas=cells.leas[j : j + 1], states=("S",), state=np.zeros(1, dtype=np.int64),
        events=cells.events[[j]], students=cells.students[[j]],
    )  # fmt: skip
    found = fit(single, settings=EASY)
    assert "sd_state" not in found.hyper()
    assert np.isfinite(found.draws.level).all()
    quiet = cells.events.copy()
    quiet[cells.state == 0] = 0.0
    found = fit(_changed(cells, events=quiet), settings=EASY)
    assert np.isfinite(found.draws.states).all()
    assert found.draws.states[:, 0].mean() < found.draws.states[:, 1:].mean()


def test_a_district_without_counts_keeps_its_place_and_has_its_states_spread(cells):
    lost = cells.students.copy(), cells.events.copy()
    for one in lost:
        one[0] = 0.0
    found = fit(_changed(cells, students=lost[0], events=lost[1]), settings=EASY)
    own = found.draws.level[:, 0] - found.draws.states[:, cells.state[0]]
    sd = found.hyper()["sd_lea"].mean()
    assert own.std() == pytest.approx(sd, rel=0.5)  # 40 draws


@pytest.fixture(scope="module")
def saved(cells, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fits") / folders.name_of("arrests", ("w",), "disparity")
    spec = spec_of("disparity")
    codes = ("CO", "TX", "VA")
    fips = np.array(["08", "48", "51"])[cells.state]
    named = _changed(cells, states=codes, leas=tuple(f"lea:{f}{j:05d}" for j, f in enumerate(fips)))
    run.fit_and_save(named, spec, folder, outcome="arrests", waves=("wave 1",), settings=EASY)
    return Saved.at(folder)


def test_draws_are_partitioned_and_share_one_index(saved):
    every = pl.read_parquet(saved.folder / "draws" / "**" / "*.parquet", hive_partitioning=True)
    assert set(every.columns) == {"draw", "lea", "level", "contrast", "state"}
    assert every.group_by("lea").len()["len"].unique().to_list() == [40]
    assert saved.parameters["draw"].to_list() == list(range(40))


def test_a_district_is_shown_with_interval_rank_and_what_moved(saved):
    largest = saved.cells.group_by("state").agg(pl.col("lea").n_unique()).sort("lea")["state"][-1]
    held = state_draws(saved, largest)
    both = (held.students @ held.of("black") > 0) & (held.students @ held.of("white") > 0)
    j = int(np.argmax(np.where(both, held.events.sum(axis=1), -1)))
    found = estimate(saved, held.leas[j], above=(1.0, 3.0), drawn=held)
    assert found.rate is not None
    assert found.ratio is not None
    assert found.rate.low_95 <= found.rate.low_50 <= found.rate.median <= found.rate.high_95
    raw = 10_000 * found.events / found.students
    assert found.rate.low_95 < raw < found.rate.high_95
    assert found.above["1"] >= found.above["3"]
    assert found.rank is not None
    assert 1 <= found.rank.median <= found.districts
    assert found.moved is not None
    with pytest.raises(NotAvailable):
        estimate(saved, held.leas[0][:6] + "99999", drawn=held)


def test_the_weighted_contrast_is_between_the_districts_contrasts(saved):
    found = contrast(saved)
    assert 0 < found.weighted.low_95 < found.weighted.median < found.weighted.high_95
    total = saved.cells["events"].sum()
    assert found.events.low_95 < total < found.events.high_95


def test_diagnostics_compare_counts_with_what_the_model_replicates(saved):
    found = diagnose(saved)
    checks = {one["check"]: one for one in found["predictive"]}
    assert checks["all events"]["observed"] == saved.cells["events"].sum()
    assert 0.02 < checks["all events"]["share_at_or_above"] < 0.98
    assert checks["districts without events"]["low_90"] <= 50
    assert {one["prior"] for one in found["priors"]} >= {"effect_sd", "scale_width"}
    assert found["largest"][0]["share"] >= found["largest"][-1]["share"]


def test_chains_find_the_spread_of_a_known_density():
    """A normal density with sds 1 and 2: chains that start at one point spread over it."""
    sds = np.array([1.0, 2.0])

    def evaluate(thetas):
        value = -0.5 * ((thetas / sds) ** 2).sum(axis=1)
        return Evaluated(value, value, value[:, None, None], value[:, None])

    thetas = np.zeros((8, 2))
    begin = Sample(thetas, evaluate(thetas), Weights(np.full(8, 1 / 8), 0.9, 8.0, 0.0), 3)
    found = walk(evaluate, begin, np.eye(2), np.zeros(2, dtype=bool), points=2000, seed=1)
    # About 800 independent points: a standard deviation is known to 2.5 percent.
    assert found.sample.thetas.std(axis=0) == pytest.approx(sds, rel=0.12)
    assert found.rhat < 1.05
    assert 200 < found.sample.weights.ess <= 2000 * 1.5


def test_specifications_are_data_and_priors_can_change():
    assert {"unified", "disparity", "black_white"} <= set(specs())
    assert Priors().changed(effect_sd=2.0).effect_sd == 2.0
    with pytest.raises(BadInput, match="Expected a prior"):
        Priors().changed(effekt=1.0)
    with pytest.raises(BadInput, match="positive"):
        Priors().changed(effect_sd=-1.0)
    with pytest.raises(BadInput, match="expected one of"):
        spec_of("none")


def test_bench_prints_the_contract():
    said = CliRunner().invoke(
        command, ["bench", "--leas", "400", "--points", "64", "--draws", "100", "--json"]
    )
    assert said.exit_code == 0, said.output
    found = json.loads(said.output)
    assert {"seconds", "ess", "khat", "hyper", "coverage_90"} <= set(found)
    assert set(found["hyper"]["sd_lea"]) == {"mean", "sd", "q05", "q95"}
    assert 0.6 < found["coverage_90"] <= 1.0
