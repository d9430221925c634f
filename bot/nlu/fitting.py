"""Fits the linear classifiers: what is wanted, which aspects, which entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

from bot.search.codes import code
from bot.search.features import WEIGHTS, pieces
from bot.search.linear import Linear

SEED = 20261123


def fit_exclusive(texts: Sequence[str], labels: Sequence[str], balanced: bool = False) -> Linear:
    """Fit a classifier whose labels exclude each other, on clean texts.

    One label against the rest, by stochastic descent: seconds where a joint fit takes minutes, and no
    worse here.
    ``balanced`` counts every label alike, however many texts it has.
    """
    rows, scale, matrix = _matrix(texts)
    weight = "balanced" if balanced else None
    model = SGDClassifier(
        loss="log_loss", alpha=3e-6, max_iter=6, tol=None, random_state=SEED, n_jobs=2, class_weight=weight
    )
    model.fit(matrix, labels)
    weights, bias = _two_sided(model.coef_, model.intercept_)
    return _linear(tuple(map(str, model.classes_)), rows, scale, weights, bias, exclusive=True)


def fit_several(texts: Sequence[str], labels: Sequence[Sequence[str]]) -> Linear:
    """Fit one yes-or-no classifier a label, on clean texts."""
    rows, scale, matrix = _matrix(texts)
    binarizer = MultiLabelBinarizer().fit(labels)
    base = SGDClassifier(loss="log_loss", alpha=2e-5, max_iter=10, tol=None, random_state=SEED)
    model = OneVsRestClassifier(base).fit(matrix, binarizer.transform(labels))
    weights = np.vstack([e.coef_ for e in model.estimators_])
    bias = np.concatenate([e.intercept_ for e in model.estimators_])
    return _linear(tuple(map(str, binarizer.classes_)), rows, scale, weights, bias, exclusive=False)


def _matrix(texts: Sequence[str]) -> tuple[dict[str, int], NDArray[np.float32], csr_matrix]:
    rows: dict[str, int] = {}
    told = [[rows.setdefault(p, len(rows)) for p in pieces(text)] for text in texts]
    spread = Counter(row for found in told for row in found)
    rarity = (np.log((len(texts) + 1) / (spread[n] + 0.5)) * WEIGHTS[p[0]] for p, n in rows.items())
    scale = np.fromiter(rarity, np.float32, len(rows))
    data: list[float] = []
    for found in told:
        values = scale[found]
        norm = float(np.sqrt((values**2).sum())) or 1.0
        data.extend(values / norm)
    indptr = [0, *accumulate(map(len, told))]
    indices = [row for found in told for row in found]
    return rows, scale, csr_matrix((data, indices, indptr), shape=(len(texts), len(rows)))


def _two_sided(
    weights: NDArray[np.float32], bias: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Bring the one row that two classes get to one row a class."""
    if len(weights) > 1:
        return weights, bias
    return np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])


def _linear(
    labels: tuple[str, ...],
    rows: dict[str, int],
    scale: NDArray[np.float32],
    weights: NDArray[np.float32],
    bias: NDArray[np.float32],
    exclusive: bool,
) -> Linear:
    codes = np.fromiter(map(code, rows), np.uint64, len(rows))
    order = np.argsort(codes)
    kept = np.ascontiguousarray(weights.T[order], np.float16)
    return Linear(labels, codes[order], scale[order], kept, bias.astype(np.float32), exclusive)
