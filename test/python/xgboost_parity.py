"""Trains with Python's xgboost on rows given as raw float32 files, and scores with models of either side.

Usage: xgboost_parity.py FOLDER, which holds job.json, {train,validation}.{features,labels}.f32 and ours (the model that
was trained here). Leaves python.json, python.ubj, python.deprecated, *.scores.f32, ours.contributions.f32 (of the first 300 rows)
and result.json there.
"""

import json
import sys
from pathlib import Path

import numpy as np
import xgboost as xgb

folder = Path(sys.argv[1])
job = json.loads((folder / "job.json").read_text())
names = job["featureNames"]
params = dict(job["params"])
rounds = params.pop("num_round")
stopping = params.pop("early_stopping_rounds")


def matrix(name):
    features = np.fromfile(folder / f"{name}.features.f32", "<f4").reshape(-1, len(names))
    labels = np.fromfile(folder / f"{name}.labels.f32", "<f4")
    return xgb.DMatrix(features, labels, feature_names=names)


train, validation = matrix("train"), matrix("validation")
scores = {}
booster = xgb.train(
    params,
    train,
    rounds,
    evals=[(validation, "validation")],
    early_stopping_rounds=stopping,
    evals_result=scores,
    verbose_eval=False,
)
best = booster[: booster.best_iteration + 1]
best.predict(validation).tofile(folder / "python.scores.f32")
for format in ("json", "ubj", "deprecated"):
    best.save_model(folder / f"python.{format}")

# The built-in image's name for the file, which has no extension.
ours = xgb.Booster(model_file=folder / "xgboost-model")
ours.predict(validation).tofile(folder / "ours.scores.f32")
ours.predict(validation.slice(range(300)), pred_contribs=True).tofile(folder / "ours.contributions.f32")
(folder / "result.json").write_text(
    json.dumps(
        {
            "version": xgb.__version__,
            "rounds": booster.best_iteration + 1,
            "history": scores["validation"]["aucpr"],
            "ourFeatureNames": ours.feature_names,
            "ourRounds": ours.num_boosted_rounds(),
        }
    )
)
