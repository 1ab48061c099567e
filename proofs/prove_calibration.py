"""Prove the posterior calibrated by simulation (Talts et al. 2018; Modrák et al. 2023).

Parameters are drawn from the priors, counts from the parameters, and the truth is ranked among
joint draws of the posterior. Ranks of every quantity must be uniform: fixed effects, scales, state
effects, an LEA with events and one without, the log joint density, and the log Black-white ratio of
expected rates. Bands of the ranks' distribution function are simultaneous at 99 percent after
Bonferroni's correction for the number of quantities. `HOMEROOM_PROOF_REPLICATIONS` changes how many
replications are run, `HOMEROOM_PROOF_SPEC` which specification.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy import special, stats

from homeroom.estimates.cells import Cells, centered
from homeroom.estimates.design import design_of
from homeroom.estimates.fit import Fit, Settings, fit
from homeroom.estimates.predict import cell_rates, marked_patterns, pooled
from homeroom.estimates.priors import Priors
from homeroom.estimates.run import family_of
from homeroom.estimates.specs import spec_of

FOLDER = Path(__file__).parent / "results"
REPLICATIONS = int(os.environ.get("HOMEROOM_PROOF_REPLICATIONS", "1000"))
SPECS = os.environ.get("HOMEROOM_PROOF_SPEC", "unified disparity").split()
WORKERS = int(os.environ.get("HOMEROOM_PROOF_WORKERS", "2"))
LEAS, STATES, DRAWS, POINTS = 60, 6, 99, 256
PRIORS = Priors(
    intercept_mean=-5.0, intercept_sd=0.7, effect_sd=0.5, scale_location=1.0, scale_width=0.2,
    contrast_width=0.5,
)  # fmt: skip
GROUPS, SEXES = ("white", "black"), ("female", "male")
Floats = np.ndarray


def half_cauchy(rng: np.random.Generator) -> float:
    """Draw from the prior of a standard deviation."""
    while True:
        value = PRIORS.scale_location + PRIORS.scale_width * np.tan(np.pi * (rng.random() - 0.5))
        if value > 0:
            return float(value)


def simulated(spec: str, seed: int) -> tuple[Cells, dict[str, Floats]]:
    """Draw parameters from the priors, and counts from them."""
    rng = np.random.default_rng([seed, len(spec)])
    patterns, effects, design = design_of(GROUPS, SEXES, ("one",))
    state = np.sort(rng.integers(0, STATES, LEAS))
    state[:STATES] = np.arange(STATES)
    state.sort()
    students = rng.poisson(np.exp(rng.normal(5.0, 1.2, (LEAS, 1))) * rng.dirichlet(
        np.full(len(patterns), 2.0), LEAS)).astype(float)  # fmt: skip
    design = centered(design, students)
    b = rng.normal(0.0, PRIORS.effect_sd, design.shape[1])
    ci = rng.normal(PRIORS.intercept_mean, PRIORS.intercept_sd)
    sv, su = half_cauchy(rng), half_cauchy(rng)
    c = rng.normal(ci, sv, STATES)
    level = c[state] + rng.normal(0.0, su, LEAS)
    truth = {"b": b, "ci": ci, "sv": sv, "su": su, "c": c, "level": level}
    contrast, marked = np.zeros(LEAS), np.array([g == "black" for g, _, _ in patterns])
    if spec != "unified":
        kappa = rng.normal(0.0, PRIORS.contrast_width) / su
        tau = abs(rng.normal(0.0, PRIORS.contrast_width))
        contrast = kappa * (level - c[state]) + rng.normal(0.0, tau, LEAS)
        truth |= {"kappa": kappa, "tau": tau}
    truth["contrast"] = contrast
    logit = level[:, None] + design @ b + contrast[:, None] * marked
    events = rng.binomial(students.astype(int), special.expit(logit)).astype(float)
    names = tuple(f"{at:07d}" for at in range(LEAS))
    codes = tuple(f"S{at}" for at in range(STATES))
    return Cells(names, codes, state, events, students, design, effects, patterns), truth


def normal(x: Floats, mean: Floats | float, sd: Floats | float) -> float:
    """Return the sum of normal log densities."""
    z = (np.asarray(x) - mean) / sd
    return float(-0.5 * (z * z).sum() - z.size * np.log(sd * np.sqrt(2 * np.pi)))


def log_joint(cells: Cells, spec: str, p: dict[str, Floats]) -> float:
    """Return the log density of counts, effects, and parameters, written out term by term."""
    marked = marked_patterns(cells, "black")
    logit = p["level"][:, None] + cells.design @ p["b"] + p["contrast"][:, None] * marked
    out = (cells.events * logit - cells.students * np.logaddexp(0, logit)).sum()
    out += normal(p["level"], p["c"][cells.state], p["su"])
    out += normal(p["c"], p["ci"], p["sv"])
    out += normal(p["b"], 0.0, PRIORS.effect_sd)
    out += normal(p["ci"], PRIORS.intercept_mean, PRIORS.intercept_sd)
    for scale in (p["su"], p["sv"]):
        out -= np.log1p(((scale - PRIORS.scale_location) / PRIORS.scale_width) ** 2)
    if spec != "unified":
        u = p["level"] - p["c"][cells.state]
        out += normal(p["contrast"], p["kappa"] * u, p["tau"])
        out += normal(p["kappa"] * p["su"], 0.0, PRIORS.contrast_width)
        out += normal(p["tau"], 0.0, PRIORS.contrast_width)
    return float(out)


def quantities(cells: Cells, spec: str, p: dict[str, Floats]) -> dict[str, float]:
    """Return every quantity whose rank is taken."""
    total = cells.events.sum(axis=1)
    size = cells.students.sum(axis=1)
    some, none = int(np.argmax(total)), int(np.argmax(np.where(total == 0, size, -1)))
    rates = cell_rates(
        (cells.design @ p["b"])[None], p["level"][None], p["contrast"][None],
        marked_patterns(cells, "black"),
    )  # fmt: skip
    black = np.array([g == "black" for g, _, _ in cells.patterns], dtype=float)
    n = cells.students.sum(axis=0, keepdims=True)
    nation = (rates * cells.students).sum(axis=1, keepdims=True) / n[None]
    found = {f"b{at}": float(value) for at, value in enumerate(p["b"])}
    found |= {
        "intercept": float(p["ci"]), "log_sd_state": float(np.log(p["sv"])),
        "log_sd_lea": float(np.log(p["su"])), "state_0": float(p["c"][0]),
        "state_5": float(p["c"][-1]), "lea_with_events": float(p["level"][some]),
        "lea_without_events": float(p["level"][none]), "log_joint": log_joint(cells, spec, p),
        "log_ratio": float(np.log(
            pooled(nation, n, black)[0, 0] / pooled(nation, n, 1 - black)[0, 0]
        )),
    }  # fmt: skip
    if spec != "unified":
        found |= {
            "slope": float(p["kappa"]),
            "sd_rest": float(p["tau"]),
            "contrast_with_events": float(p["contrast"][some]),
            "contrast_without_events": float(p["contrast"][none]),
        }
    return found


def drawn(found: Fit, spec: str, at: int) -> dict[str, Floats]:
    """Return one joint draw under the names of `simulated`."""
    draws, effects = found.draws, found.cells.design.shape[1]
    tail = draws.theta[at, effects:]
    out = {
        "b": draws.theta[at, :effects], "ci": draws.ci[at], "sv": draws.sv[at],
        "su": np.exp(tail[0]), "c": draws.states[at], "level": draws.level[at].astype(float),
        "contrast": np.zeros(len(found.cells.leas)),
    }  # fmt: skip
    if spec != "unified":
        out |= {"kappa": tail[1], "tau": tail[2], "contrast": draws.contrast[at].astype(float)}
    return out


def ranked(job: tuple[str, int]) -> dict[str, float] | None:
    """Simulate, fit, and return the rank of each quantity; None where the fit fails its gates."""
    spec, seed = job
    cells, truth = simulated(spec, seed)
    if not cells.events.any():
        return None
    found = fit(
        cells, family=family_of(spec_of(spec), cells), priors=PRIORS,
        settings=Settings(points=POINTS, draws=DRAWS, seed=seed, threads=1),
    )  # fmt: skip
    true = quantities(cells, spec, truth)
    draws = [quantities(cells, spec, drawn(found, spec, at)) for at in range(DRAWS)]
    out = {name: float(sum(one[name] < value for one in draws)) for name, value in true.items()}
    return {"seed": float(seed)} | out | {"khat": round(found.sample.weights.khat, 3)}


def replications(spec: str) -> list[dict[str, float]]:
    """Return the ranks of every replication; those that a file has already are not run again."""
    path = FOLDER / f"calibration_{spec}_ranks.csv"
    rows: list[dict[str, float]] = []
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    have = {int(row["seed"]) for row in rows}
    jobs = [(spec, seed) for seed in range(1, REPLICATIONS + 1) if seed not in have]
    with ProcessPoolExecutor(WORKERS) as pool, path.open("a", encoding="utf-8", newline="") as file:
        for row in pool.map(ranked, jobs, chunksize=4):
            if row is None:
                continue
            table = csv.DictWriter(file, list(row))
            if not rows:
                table.writeheader()
            table.writerow({k: f"{v:g}" for k, v in row.items()})
            file.flush()
            rows.append(row)
    return sorted(rows, key=lambda row: row["seed"])[:REPLICATIONS]


def band(replications: int, quantities: int) -> float:
    """Return the half width of the simultaneous band of the ranks' distribution function."""
    rng = np.random.default_rng(7)
    uniform = rng.integers(0, DRAWS + 1, (20_000, replications))
    grid = np.arange(1, DRAWS + 1)
    expected = grid / (DRAWS + 1)
    sd = np.sqrt(expected * (1 - expected) / replications)
    worst = np.empty(len(uniform))
    for at, ranks in enumerate(uniform):
        counts = np.bincount(ranks, minlength=DRAWS + 1).cumsum()[:-1] / replications
        worst[at] = np.abs((counts - expected) / sd).max()
    return float(np.quantile(worst, 1 - 0.01 / quantities))


def prove(spec: str) -> bool:
    """Run every replication of a specification; write and judge the ranks."""
    began = time.perf_counter()
    rows = replications(spec)
    names = [name for name in rows[0] if name not in ("seed", "khat")]
    width = band(len(rows), len(names))
    grid = np.arange(1, DRAWS + 1) / (DRAWS + 1)
    sd = np.sqrt(grid * (1 - grid) / len(rows))
    good, lines = True, []
    for name in names:
        ranks = np.array([row[name] for row in rows]).astype(int)
        share = np.bincount(ranks, minlength=DRAWS + 1).cumsum()[:-1] / len(rows)
        worst = float(np.abs((share - grid) / sd).max())
        bins = np.bincount(ranks // 5, minlength=20)
        p = float(stats.chisquare(bins).pvalue)
        good &= worst < width
        lines.append(
            (
                spec,
                name,
                len(rows),
                round(worst, 3),
                round(width, 3),
                round(p, 4),
                round(float(ranks.mean()), 2),
                "yes" if worst < width else "no",
            )
        )
        print(*lines[-1])
    good_weights = np.mean([row["khat"] < 0.5 for row in rows])
    print(f"{spec}: {len(rows)} of {REPLICATIONS} replications, k-hat < 0.5 in {good_weights:.1%}, "
          f"{time.perf_counter() - began:.0f} s")  # fmt: skip
    with (FOLDER / f"calibration_{spec}.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("spec", "quantity", "replications", "largest_deviation", "band",
                        "chi_square_p", "mean_rank_of_99", "within_band"))  # fmt: skip
        table.writerows(lines)
    return good


def main() -> int:
    """Run every specification."""
    return 0 if sum(prove(spec) for spec in SPECS) == len(SPECS) else 1


if __name__ == "__main__":
    sys.exit(main())
