"""Risks by place and group with fairlearn, from weighted rows; run by a Python that has it.

Called by ``bench_disparity`` with an .npz file of counts; prints seconds, version and risks as
JSON. It needs nothing of Homeroom.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version

import numpy as np
import pandas as pd

try:
    from fairlearn.metrics import MetricFrame, selection_rate
except ImportError:
    sys.exit(3)


def main(path: str) -> None:
    data = np.load(path)
    x, n = data["x"], data["n"]  # (outcomes, places, groups) and (places, groups)
    places, groups = n.shape
    place, group = (axis.ravel() for axis in np.indices((places, groups)))
    seconds, risks = 0.0, []
    for events in x:
        # Two weighted rows a cell, with and without the outcome: one row a student would be
        # slower by the students in a cell.
        rows = pd.DataFrame(
            {
                "place": np.tile(place, 2),
                "group": np.tile(group, 2),
                "counted": np.repeat([1, 0], places * groups),
                "weight": np.concatenate([events.ravel(), (n - events).ravel()]),
            }
        )
        started = time.perf_counter()
        frame = MetricFrame(
            metrics=selection_rate,
            y_true=rows["counted"],
            y_pred=rows["counted"],
            sensitive_features=rows[["group"]],
            control_features=rows[["place"]],
            sample_params={"sample_weight": rows["weight"]},
        )
        found = frame.by_group
        frame.ratio(method="to_overall")
        seconds += time.perf_counter() - started
        risks.append(found.to_numpy().reshape(places, groups).tolist())
    print(json.dumps({"seconds": seconds, "version": version("fairlearn"), "risks": risks}))


main(sys.argv[1])
