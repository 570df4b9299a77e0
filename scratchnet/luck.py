"""Luck: is one setting better than another, or was it the seeds? How often a claim from a few seeds is wrong.

Both settings are run from the same seeds, so what is compared is the difference of each pair. A claim from n seeds says
that the sign of their mean difference is that of all.
"""

from dataclasses import dataclass
from itertools import combinations, product
from math import comb

import numpy as np
from numpy.typing import ArrayLike

GROUPS = 20_000  # groups, or ways to change signs, that are drawn where there are more of them
SAME = 1e-12  # two means that differ by no more are equal, but for the order in which they were added up


@dataclass(frozen=True)
class Claims:
    """Of all groups of so many seeds: the shares whose claim is right, wrong, or that see no difference.

    is_exact: every group was looked at; otherwise so many were drawn.
    """

    seeds: int
    right: float
    wrong: float
    none: float
    is_exact: bool


def claims(differences: ArrayLike, seeds: int, seed: int = 0) -> Claims:
    """What is claimed from groups of so many of the differences (n,), drawn without putting any back.

    Right is the sign of the mean of all n. Where there are at most GROUPS groups each counts once; else GROUPS of them
    are drawn with `seed`. ValueError unless 1 <= seeds <= n, and where the mean of all is 0, which nobody can be right
    about.
    """
    d = np.asarray(differences, dtype=np.float64)
    if not 1 <= seeds <= len(d):
        raise ValueError(
            f"claims: expected 1 to {len(d)} seeds in a group, got {seeds}; there are no more differences."
        )
    truth = _sign(d.mean())
    if not truth:
        raise ValueError("claims: expected differences whose mean is not 0, got one of 0; no claim could be right.")
    signs = truth * _claimed(d, seeds, seed)
    right, wrong, none = (float((signs == sign).mean()) for sign in (1, -1, 0))
    return Claims(seeds, right, wrong, none, comb(len(d), seeds) <= GROUPS)


def _claimed(d: np.ndarray, seeds: int, seed: int) -> np.ndarray:
    """What each group of so many of the differences claims, the sign of its mean: of all groups, or of drawn ones."""
    if comb(len(d), seeds) <= GROUPS:
        places = np.array(list(combinations(range(len(d)), seeds)))
    else:
        places = np.random.default_rng(seed).random((GROUPS, len(d))).argsort(axis=1)[:, :seeds]
    return _sign(d[places].mean(axis=1))


def sign_flip_test(differences: ArrayLike, seed: int = 0) -> float:
    """How often chance alone makes a mean difference at least as far from 0: the p value of Fisher's randomisation test
    of pairs (Fisher 1935, The Design of Experiments, chapter III).

    Were both settings alike, each difference (n,) could as well have the other sign. All 2^n ways to choose signs are
    looked at where they are at most GROUPS; else GROUPS are drawn with `seed`, and the differences as they are counted
    as one more (Phipson & Smyth 2010), so that the share is never 0.
    """
    d = np.asarray(differences, dtype=np.float64)
    is_exact = 2 ** len(d) <= GROUPS
    if is_exact:
        signs = np.array(list(product((1.0, -1.0), repeat=len(d))))
    else:
        signs = np.random.default_rng(seed).choice((1.0, -1.0), (GROUPS, len(d)))
    extreme = np.abs(signs @ d / len(d)) >= abs(d.mean()) - SAME
    return float(extreme.mean()) if is_exact else float((extreme.sum() + 1) / (GROUPS + 1))


def all_on_one_side(seeds: int) -> float:
    """How often so many seeds all speak for the same setting by chance, ties left out: twice one half to that power."""
    return 2 * 0.5**seeds


def _sign(means: np.ndarray) -> np.ndarray:
    return np.where(np.abs(means) <= SAME, 0.0, np.sign(means))
