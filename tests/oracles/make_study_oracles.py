"""Numbers made by another library: scikit-learn writes study.json, which tests compare what is studied at rest with.

The file is kept, so scikit-learn is not needed to run the tests, and no package asks for it. Made with scikit-learn
1.9.1 and NumPy 2.4.6; to make it again, where scikit-learn is installed (a second):

    python tests/oracles/make_study_oracles.py

principal_components   mean, directions and shares of variance of points
roc                    false and true positive rates at every distinct score, and the area under the curve
calibration            of probabilities in bins of equal width: mean and share of class 1; bins without points left out
stratified             how many rows of each class a stratified split trains on
scaling                rows scaled by what the first of them are
class_scores           precision, recall and how many of each class; null where it is 0 of 0

Nothing of the project is used here, and none of its formulas.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.decomposition import PCA
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score, roc_curve
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

FOLDER = Path(__file__).parent


def principal_components(rng):
    shapes = {
        "many rows": rng.normal(size=(40, 5)) @ rng.normal(size=(5, 5)),
        "two columns": rng.normal(size=(30, 2)) * [3.0, 1.0],
        "fewer rows than columns": rng.normal(size=(4, 9)),
        "columns of very different size": rng.normal(size=(25, 4)) * [1e6, 1.0, 1e-3, 30.0] + [5e7, 0, 1, -2],
        "constant columns": np.column_stack([np.full(12, 0.1), rng.normal(size=(12, 2)), np.full(12, -7e5)]),
        "columns that say the same": np.repeat(rng.normal(size=(15, 2)), 3, axis=1),
        "two rows": rng.normal(size=(2, 3)),
        "many columns": rng.normal(size=(60, 50)) * np.linspace(4, 0.1, 50),
    }
    for name, x in shapes.items():
        found = PCA(2, svd_solver="full").fit(x)
        yield {
            "name": name,
            "x": x.tolist(),
            "mean": found.mean_.tolist(),
            "directions": found.components_.tolist(),
            "shares": found.explained_variance_ratio_.tolist(),
        }


def two_classes(rng):
    """(name, true classes, scores): some of them with many equal scores."""
    y = rng.integers(0, 2, 60)
    yield "all scores differ", y, rng.normal(size=60) + y
    yield "many ties", y, np.round(rng.random(60) * 0.6 + 0.4 * y, 1)
    yield "two scores", y, np.where(rng.random(60) < 0.3, 1 - y, y).astype(float)
    yield "one score for all", y, np.full(60, 0.25)
    yield "quite right", np.array([0, 0, 1]), np.array([0.1, 0.2, 0.3])
    yield "quite wrong", np.array([1, 1, 0]), np.array([0.1, 0.2, 0.3])
    yield "few of one class", (np.arange(50) == 17).astype(int), rng.random(50)


def roc(rng):
    for name, y, scores in two_classes(rng):
        false_positive, true_positive, _ = roc_curve(y, scores, drop_intermediate=False)
        yield {
            "name": name,
            "y": y.tolist(),
            "scores": scores.tolist(),
            "false_positive": false_positive.tolist(),
            "true_positive": true_positive.tolist(),
            "area": float(roc_auc_score(y, scores)),
        }


def calibration(rng):
    y = rng.integers(0, 2, 200)
    cases = {
        "anywhere": rng.random(200),
        "at the ends of bins": np.round(rng.random(200), 1),
        "sure of all": (rng.random(200) < 0.5).astype(float),
        "in few bins": 0.4 + 0.2 * rng.random(200),
    }
    for name, p in cases.items():
        for bins in (1, 5, 10):
            share, mean = calibration_curve(y, p, n_bins=bins)
            case = {"y": y.tolist(), "p": p.tolist(), "share": share.tolist(), "mean": mean.tolist()}
            yield {"name": f"{name}, {bins} bins", "bins": bins} | case


def class_scores(rng):
    for classes in (2, 3, 6, 10):
        y, answers = rng.integers(0, classes, 80), rng.integers(0, classes, 80)
        answers = np.where(rng.random(80) < 0.5, y, answers)
        if classes == 6:
            y[y == 2], answers[answers == 4] = 3, 1  # a class that is not there, and one that is never answered
        precision, recall, _, support = precision_recall_fscore_support(
            y, answers, labels=range(classes), zero_division=np.nan
        )
        yield {
            "y": y.tolist(),
            "answers": answers.tolist(),
            "classes": classes,
            "precision": [None if np.isnan(value) else value for value in precision.tolist()],
            "recall": [None if np.isnan(value) else value for value in recall.tolist()],
            "support": support.tolist(),
        }


def stratified(rng):
    """How many rows of each class a stratified split puts into the training part."""
    for counts in (
        [50, 50],
        [90, 10],
        [59, 71, 48],
        [5, 40, 12, 33],
        [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
    ):
        y = np.repeat(np.arange(len(counts)), counts)
        for share in (0.3, 0.5, 0.8):
            rows = round(len(y) * share)
            train, _ = train_test_split(y, train_size=rows, stratify=y, random_state=int(rng.integers(100)))
            yield {"counts": counts, "share": share, "train": np.bincount(train, minlength=len(counts)).tolist()}


def scaling(rng):
    x = rng.normal(size=(30, 4)) * [1.0, 1e6, 1e-3, 0.0] + [0.0, 5e6, 1.0, 7.0]
    for name, kind in (("standard", StandardScaler), ("minmax", MinMaxScaler)):
        scaler = kind().fit(x[:20])
        yield {"scaling": name, "x": x.tolist(), "train": 20, "scaled": scaler.transform(x).tolist()}


if __name__ == "__main__":
    parts = (principal_components, roc, calibration, class_scores, stratified, scaling)
    data = {make.__name__: list(make(np.random.default_rng(seed))) for seed, make in enumerate(parts)}
    written = json.dumps({"scikit_learn": sklearn.__version__, "data": data}, allow_nan=False)
    (FOLDER / "study.json").write_text(written + "\n")
