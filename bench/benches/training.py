"""Trains with Python's xgboost on rows in raw float32 files; prints what it took as JSON.

Usage: training.py FOLDER, which holds job.json and {train,validation}.{features,labels}.f32. Leaves scores.f32 there, the
scores of the validation rows.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import xgboost as xgb

folder = Path(sys.argv[1])
job = json.loads((folder / "job.json").read_text())
params = dict(job["params"])
rounds = params.pop("num_round")
stopping = params.pop("early_stopping_rounds")


def matrix(name):
    features = np.fromfile(folder / f"{name}.features.f32", "<f4").reshape(-1, job["columns"])
    labels = np.fromfile(folder / f"{name}.labels.f32", "<f4")
    return xgb.DMatrix(features, labels, nthread=params["nthread"])


started = time.perf_counter()
train, validation = matrix("train"), matrix("validation")
booster = xgb.train(
    params,
    train,
    rounds,
    evals=[(validation, "validation")],
    early_stopping_rounds=stopping,
    verbose_eval=False,
)
seconds = time.perf_counter() - started
peak_rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

best = booster.best_iteration + 1
booster.predict(validation, iteration_range=(0, best)).tofile(folder / "scores.f32")
print(
    json.dumps(
        {"version": xgb.__version__, "seconds": seconds, "rounds": best, "peak_rss_mb": peak_rss_mb}
    )
)
