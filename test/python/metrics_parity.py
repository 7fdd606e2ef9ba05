"""What scikit-learn says of cases given as JSON on standard input; answers as JSON on standard output.

A case is {"labels": [...], "scores": [...], "counts": [...], "threshold": t, "thresholds": [...]}; the last are of each row. A figure of rows that lack a class is null.
"""

import json
import sys
import warnings

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    fbeta_score,
    precision_score,
    recall_score,
)

warnings.filterwarnings("ignore")


def average_precision(labels, scores):
    if len(set(labels)) < 2:
        return None
    return float(average_precision_score(labels, scores))


def calibration_error(labels, scores, bins=10):
    """Equal-count bins: bin k reaches up to the score of rank ceil(k n / bins); equal scores share a bin."""
    if len(scores) == 0:
        return None
    ordered = np.sort(scores)
    edges = [ordered[-(-k * len(scores) // bins) - 1] for k in range(1, bins + 1)]
    which = np.searchsorted(edges, scores, side="left")
    return float(
        sum(
            (which == k).sum() / len(scores) * abs(scores[which == k].mean() - labels[which == k].mean())
            for k in np.unique(which)
        )
    )


def threshold(labels, scores):
    grid = [percent / 100 for percent in range(1, 100)]
    return grid[int(np.argmax([fbeta_score(labels, scores >= t, beta=2, zero_division=0) for t in grid]))]


def cells(labels, said):
    return confusion_matrix(labels, said, labels=[0, 1]).ravel().tolist() if len(labels) else [0, 0, 0, 0]


def judge(case):
    labels = np.array(case["labels"], dtype=int)
    scores = np.array(case["scores"], dtype=float)
    counts = np.array(case["counts"], dtype=int)
    onset = counts > 2
    said = scores >= case["threshold"]
    tn, fp, fn, tp = cells(labels, said)
    own = scores >= np.array(case["thresholds"], dtype=float)
    own_tn, own_fp, own_fn, own_tp = cells(labels, own)
    present = counts <= 2
    present_tn, present_fp, present_fn, present_tp = cells(labels, present)
    return {
        "said_precision": float(precision_score(labels, own)) if own_tp + own_fp else None,
        "said_recall": float(recall_score(labels, own)) if own_tp + own_fn else None,
        "said_f1": float(f1_score(labels, own)) if own_tp + own_fp + own_fn else None,
        "said_confusion": {"tp": own_tp, "fp": own_fp, "tn": own_tn, "fn": own_fn},
        "hit_rate": float(own.mean()) if len(labels) else None,
        "persistence_f1": float(f1_score(labels, present)) if present_tp + present_fp + present_fn else None,
        "pr_auc": average_precision(labels, scores),
        "persistence_pr_auc": average_precision(labels, -counts),
        "onset_rows": int(onset.sum()),
        "onset_positives": int(labels[onset].sum()),
        "onset_pr_auc": average_precision(labels[onset], scores[onset]),
        "persistence_onset_pr_auc": average_precision(labels[onset], -counts[onset]),
        "brier": float(brier_score_loss(labels, scores, pos_label=1)) if len(labels) else None,
        "calibration_error": calibration_error(labels, scores),
        "precision": float(precision_score(labels, said)) if tp + fp else None,
        "recall": float(recall_score(labels, said)) if tp + fn else None,
        "f1": float(f1_score(labels, said)) if tp + fp + fn else None,
        "confusion": {"tp": tp, "fp": fp, "tn": tn, "fn": fn},
        "best_threshold": threshold(labels, scores) if labels.any() else None,
    }


json.dump([judge(case) for case in json.load(sys.stdin)], sys.stdout)
