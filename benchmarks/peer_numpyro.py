"""NumPyro's NUTS on cells.csv, same model and priors: tool, seconds, scales, smallest ESS."""

from __future__ import annotations

import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.diagnostics import effective_sample_size
from numpyro.infer import MCMC, NUTS

numpyro.enable_x64()
names = ("y", "n", "grp", "sex", "lea", "state")
rows = np.genfromtxt(sys.argv[1], delimiter=",", names=True, dtype=None, encoding="utf-8")
y, n, lea, state = (jnp.asarray(rows[name]) for name in ("y", "n", "lea", "state"))
groups = [rows["grp"] == name for name in ("black", "hispanic", "other")]
male = rows["sex"] == "male"
x = np.stack([*groups, male, *(one & male for one in groups)], axis=1).astype(float)
x = jnp.asarray(x - x.mean(axis=0))
leas, states = int(lea.max()) + 1, int(state.max()) + 1


def model() -> None:
    """Say the model as the specification `unified` has it."""
    ci = numpyro.sample("ci", dist.Normal(-8.0, 3.0))
    b = numpyro.sample("b", dist.Normal(0.0, 5.0).expand([x.shape[1]]))
    half = dist.TruncatedDistribution(dist.Cauchy(1.0, 2.0), low=0.0)
    su, sv = numpyro.sample("su", half), numpyro.sample("sv", half)
    u = numpyro.sample("u", dist.Normal(0.0, 1.0).expand([leas]))
    v = numpyro.sample("v", dist.Normal(0.0, 1.0).expand([states]))
    logit = ci + x @ b + su * u[lea] + sv * v[state]
    numpyro.sample("y", dist.Binomial(n, logits=logit), obs=y)


began = time.perf_counter()
chain = MCMC(NUTS(model), num_warmup=400, num_samples=400, progress_bar=False)
chain.run(jax.random.PRNGKey(1))
found = {k: np.asarray(v)[None] for k, v in chain.get_samples().items()}
seconds = time.perf_counter() - began
ess = min(float(np.min(effective_sample_size(found[name]))) for name in ("ci", "b", "su", "sv"))
su, sv = found["su"].mean(), found["sv"].mean()
print(f"NumPyro NUTS 400+400,{seconds:.1f},{su:.3f},{sv:.3f},{ess:.0f}")
