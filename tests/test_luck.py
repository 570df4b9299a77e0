"""Luck: shares of wrong claims and the test of pairs, against loops over every group and every choice of signs."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from scratchnet import luck

CASES = [
    [3, -1, 2, 0, -2, 1],
    [1, 1, 1, 1],
    [-5, 1, 1, 1, 0],
    [4, -4, 1, 0, 0, 0, 2],
    [-3],
]


def loops(differences, seeds):
    """(right, wrong, none) of every group, in whole numbers."""
    total = sum(differences)
    found = {1: 0, -1: 0, 0: 0}
    for group in itertools.combinations(differences, seeds):
        mean = sum(group) * (1 if total > 0 else -1)
        found[(mean > 0) - (mean < 0)] += 1
    count = sum(found.values())
    return tuple(Fraction(found[key], count) for key in (1, -1, 0))


@pytest.mark.parametrize("differences", CASES)
def test_the_shares_of_claims_are_those_of_a_loop_over_every_group(differences):
    for seeds in range(1, len(differences) + 1):
        found = luck.claims([0.1 * d for d in differences], seeds)  # 0.1 + 0.2 - 0.3 is not 0 for a computer
        assert found.is_exact and found.seeds == seeds
        assert (found.right, found.wrong, found.none) == pytest.approx(tuple(map(float, loops(differences, seeds))))


def test_drawn_groups_come_near_the_shares_of_all_and_are_the_same_for_the_same_seed():
    d = np.random.default_rng(3).integers(-4, 6, 24).tolist()
    assert sum(d) != 0
    exact, drawn = loops(d, 7), luck.claims(d, 7)  # 346,104 groups
    assert not drawn.is_exact
    assert (drawn.right, drawn.wrong, drawn.none) == pytest.approx(tuple(map(float, exact)), abs=0.015)
    assert luck.claims(d, 7) == drawn
    assert luck.claims(d, 7, seed=1) != drawn


def test_a_group_of_all_is_always_right_also_when_it_is_drawn():
    d = np.random.default_rng(0).normal(0.1, 1.0, 40)
    for seeds, share in ((40, 1.0), (39, 0.9)):
        assert luck.claims(d, seeds).right >= share


@pytest.mark.parametrize("seeds", [0, 4, -1])
def test_a_group_of_more_seeds_than_there_are_is_refused(seeds):
    with pytest.raises(ValueError, match="expected 1 to 3 seeds"):
        luck.claims([1, 2, 3], seeds)


def test_where_the_mean_of_all_is_0_no_claim_can_be_right():
    with pytest.raises(ValueError, match="no claim could be right"):
        luck.claims([0.1, 0.2, -0.3], 1)


@pytest.mark.parametrize("differences", [*CASES, [0, 0], [2, 3, 5, 7, 11]])
def test_the_test_of_pairs_is_a_loop_over_every_choice_of_signs(differences):
    count = 0
    for signs in itertools.product((1, -1), repeat=len(differences)):
        count += abs(sum(s * d for s, d in zip(signs, differences, strict=True))) >= abs(sum(differences))
    wanted = count / 2 ** len(differences)
    assert luck.sign_flip_test([0.1 * d for d in differences]) == pytest.approx(wanted)


def test_drawn_signs_come_near_the_share_of_all_of_them():
    d = np.random.default_rng(8).integers(-3, 5, 16).tolist()  # 65,536 ways
    count = sum(
        abs(sum(s * x for s, x in zip(signs, d, strict=True))) >= abs(sum(d))
        for signs in itertools.product((1, -1), repeat=16)
    )
    assert 0.02 < count / 2**16 < 0.98
    assert luck.sign_flip_test(d) == pytest.approx(count / 2**16, abs=0.012)


def test_a_drawn_share_is_never_0():
    assert luck.sign_flip_test(np.ones(60)) == pytest.approx(1 / (luck.GROUPS + 1))


@pytest.mark.parametrize("seeds", [1, 2, 5, 6])
def test_all_seeds_on_one_side_by_chance_is_what_counting_every_way_gives(seeds):
    ways = list(itertools.product((True, False), repeat=seeds))
    assert luck.all_on_one_side(seeds) == sum(len(set(way)) == 1 for way in ways) / len(ways)
