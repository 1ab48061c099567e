"""The integrals are right: against mpmath, a direct sum, and themselves under halved steps."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy import integrate, special, stats

from homeroom.estimates.families import OneEffect
from homeroom.estimates.fit import Settings, fit
from homeroom.estimates.priors import Priors
from homeroom.estimates.run import family_of
from homeroom.estimates.specs import spec_of
from homeroom.estimates.synthetic import Truth, synthetic

SMALL = Truth(intercept=-6.0, lea=1.5, contrast=0.5, correlation=0.2)
EASY = Settings(points=512, draws=200)


@pytest.fixture(scope="module")
def made():
    return synthetic(60, states=3, seed=4, truth=SMALL)


@pytest.fixture(scope="module")
def fitted(made):
    return fit(made.cells, settings=EASY)


def _log_mean(cells, j, eta, c, su):
    """Return log ∫ exp(Y w - F(w)) N(w; c, su²) dw to fifteen digits."""
    n, y = cells.students[j], float(cells.events[j].sum())

    def density(w):
        f = sum(float(k) * mpmath.log1p(mpmath.exp(e + w)) for k, e in zip(n, eta, strict=True))
        return mpmath.exp(y * w - f) * mpmath.npdf(w, c, su)

    with mpmath.workdps(15):
        edges = [c + k * su for k in (-10, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 10)]
        return float(mpmath.log(mpmath.quad(density, edges)))


def test_one_effect_agrees_with_mpmath(made):
    cells, su = made.cells, 1.5
    b, tail = np.array(SMALL.effects), np.array([np.log(su)])
    nodes = np.array([[-7.1], [-6.2], [-5.5]])
    counts = np.ones(3, dtype=np.int64)
    family = OneEffect()
    leas = family.lay_out(cells, b, tail, nodes[:, 0])
    found = family.values(cells.design @ b, tail, leas, nodes, counts)[:, 0]
    eta = cells.design @ b
    wanted = [
        sum(_log_mean(cells, j, eta, nodes[s, 0], su) for j in np.flatnonzero(cells.state == s)[:2])
        for s in range(3)
    ]
    few = np.concatenate([np.flatnonzero(cells.state == s)[:2] for s in range(3)])
    less = type(cells)(
        tuple(cells.leas[j] for j in few), cells.states, cells.state[few], cells.events[few],
        cells.students[few], cells.design, cells.effects, cells.patterns,
    )  # fmt: skip
    part = family.values(eta, tail, family.lay_out(less, b, tail, nodes[:, 0]), nodes, counts)
    # The trapezoid rule at these steps leaves 1e-9 an LEA.
    np.testing.assert_allclose(part[:, 0], wanted, atol=1e-7)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("tau", [0.5, 0.05])
def test_two_effects_agree_with_a_two_dimensional_integral(made, tau):
    """A narrow contrast takes the other branch of the convolution's weights."""
    cells = made.cells
    family = family_of(spec_of("disparity"), cells)
    s1, kappa, c = 1.5, 0.1, -6.0
    tail, b = np.array([np.log(s1), kappa, tau]), np.array(SMALL.effects)
    total = cells.events.sum(axis=1)
    chosen = [int(np.argmax(total)), int(np.argmin(total))]
    eta, marked = cells.design @ b, family.marked
    for j in chosen:
        one = type(cells)(
            cells.leas[j : j + 1], ("S",), np.zeros(1, dtype=np.int64), cells.events[[j]],
            cells.students[[j]], cells.design, cells.effects, cells.patterns,
        )  # fmt: skip
        nodes = np.array([[c - 0.4, c, c + 0.4]])
        leas = family.lay_out(one, b, tail, np.array([c]))
        found = family.values(eta, tail, leas, nodes, np.array([3]))[0]
        # The kernels leave out Σ y x b, which no effect changes.
        alone = float(one.events[0] @ eta)
        wanted = [_two(one, eta, marked, at, s1, kappa, tau) - alone for at in nodes[0]]
        np.testing.assert_allclose(found, wanted, atol=2e-6)


def _two(cells, eta, marked, c, s1, kappa, tau):
    """Sum the density over a fine grid of level and contrast's remainder."""
    u = np.linspace(-9, 9, 1801)
    a, r = np.meshgrid(c + s1 * u, tau * u[::6], indexing="ij")
    logit = a[..., None] + eta + (kappa * (a - c) + r)[..., None] * marked
    fit = (cells.events[0] * logit - cells.students[0] * np.logaddexp(0, logit)).sum(axis=-1)
    fit += stats.norm.logpdf(a, c, s1) + stats.norm.logpdf(r, 0, tau)
    top = fit.max()
    rows = integrate.simpson(np.exp(fit - top), x=tau * u[::6], axis=1)
    return float(top + np.log(integrate.simpson(rows, x=c + s1 * u)))


def test_every_gate_holds_and_halved_steps_move_nothing(fitted):
    found = {gate.name: gate for gate in fitted.gates}
    assert fitted.passed, [gate for gate in fitted.gates if not gate.passed]
    assert found["halved_steps"].found < 1e-3


def test_draws_have_the_posterior_of_a_metropolis_chain(made, fitted):
    """An oracle that shares no code: a random walk on every parameter and effect."""
    chain = _metropolis(made.cells, 1200)
    draws = np.log(fitted.hyper()["sd_lea"])
    # The chain is short: its mean is known to about a fifth of a posterior standard deviation.
    assert abs(chain.mean() - draws.mean()) < 0.6 * draws.std()
    assert 0.6 < chain.std() / draws.std() < 1.6


def _metropolis(cells, sweeps):
    rng, p = np.random.default_rng(5), Priors()
    d, states = cells.design.shape[1], len(cells.states)
    b, ci, ls, lv = np.zeros(d), -6.0, np.log(1.5), 0.0
    c = np.full(states, -6.0)
    w = np.full(len(cells.leas), -6.0)

    def fit_of(w, b):
        logit = w[:, None] + cells.design @ b
        return (cells.events * logit - cells.students * np.logaddexp(0, logit)).sum(axis=1)

    kept, here = [], fit_of(w, b)
    for at in range(sweeps):
        for _ in range(3):
            new = w + rng.normal(0, 0.8, len(w))
            there = fit_of(new, b)
            gain = (
                there
                - here
                - ((new - c[cells.state]) ** 2 - (w - c[cells.state]) ** 2) / (2 * np.exp(2 * ls))
            )
            take = np.log(rng.random(len(w))) < gain
            w, here = np.where(take, new, w), np.where(take, there, here)
        for i in range(d):
            new = b.copy()
            new[i] += rng.normal(0, 0.25)
            there = fit_of(w, new)
            gain = there.sum() - here.sum() - (new[i] ** 2 - b[i] ** 2) / (2 * p.effect_sd**2)
            if np.log(rng.random()) < gain:
                b, here = new, there
        for s in range(states):
            mine = w[cells.state == s]
            tight = len(mine) * np.exp(-2 * ls) + np.exp(-2 * lv)
            mean = (mine.sum() * np.exp(-2 * ls) + ci * np.exp(-2 * lv)) / tight
            c[s] = rng.normal(mean, tight**-0.5)
        tight = states * np.exp(-2 * lv) + p.intercept_sd**-2
        mean = (c.sum() * np.exp(-2 * lv) + p.intercept_mean * p.intercept_sd**-2) / tight
        ci = rng.normal(mean, tight**-0.5)
        ls = _scale(rng, ls, w - c[cells.state], p, 0.25)
        lv = _scale(rng, lv, c - ci, p, 1.0)
        if at >= sweeps // 5:
            kept.append(ls)
    return np.array(kept)


def _scale(rng, log_sd, apart, p, step):
    def density(at):
        return (
            -len(apart) * at - (apart**2).sum() / (2 * np.exp(2 * at))
            + float(p.log_scale(np.exp(at))) + at
        )  # fmt: skip

    new = log_sd + rng.normal(0, step)
    return new if np.log(rng.random()) < density(new) - density(log_sd) else log_sd


def test_state_sums_have_the_spread_of_joint_draws(fitted):
    """Draws taken with another index for every LEA would give another sd of a state's sum."""
    cells, draws = fitted.cells, fitted.draws
    eta = draws.theta[:, : cells.design.shape[1]] @ cells.design.T
    logit = draws.level[:, :, None] + eta[:, None, :]
    events = (special.expit(logit) * cells.students).sum(axis=2)
    joint = events.sum(axis=1)
    # Var(Σ) = ΣΣ cov: the sum's variance is that of the covariance matrix of the same draws.
    assert joint.var() == pytest.approx(np.cov(events.T, bias=True).sum(), rel=1e-6)
    quiet = cells.events.sum(axis=1) == 0
    shared = [
        np.corrcoef(draws.states[:, s], draws.level[:, quiet & (cells.state == s)].mean(axis=1))
        for s in range(len(cells.states))
        if (quiet & (cells.state == s)).any()
    ]
    # Levels without events are c + u: they move with their state's c, but only in the same draw.
    assert np.mean([one[0, 1] for one in shared]) > 0.2
