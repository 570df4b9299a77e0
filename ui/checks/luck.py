"""The lesson of luck: pairs of settings, what their runs from many seeds came to, the tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import scratchnet as sn
from scratchnet.luck import Claims, all_on_one_side, claims
from ui.checks.answers import compare, read_percent
from ui.kit.numbers import percent
from ui.lesson_numbers import one_of

SEEDS = 60
GROUPS = (1, 3, 10, 30)  # seeds behind a claim
EPOCHS = 20
SURE = 0.05  # share of wrong claims that is small enough
SIX = 6  # seeds of task 3
WHOLE_PERCENT = 0.5 + 1e-9  # how far from the share a right answer may be, in percentage points


@dataclass(frozen=True)
class Pair:
    """Two settings that differ in one thing: its name, and for each side the words and the change."""

    title: str
    words: tuple[str, str]
    changes: tuple[Mapping[str, Any], Mapping[str, Any]]


PAIRS = {
    "units": Pair("3 or 4 hidden units", ("3 units", "4 units"), ({"hidden": (3,)}, {"hidden": (4,)})),
    "activation": Pair("tanh or ReLU", ("tanh", "ReLU"), ({"activation": "tanh"}, {"activation": "relu"})),
    "rate": Pair("learning rate 0.01 or 0.03", ("0.01", "0.03"), ({"learning_rate": 0.01}, {"learning_rate": 0.03})),
}
START: dict[str, Any] = {
    "pair": "units",
    "wanted": 1,  # seeds that are run for the wall, where nobody presses
    "measured": (),  # see `Measured`
}
IN_ADDRESS = {"pair": one_of(PAIRS)}


@dataclass(frozen=True)
class Measured:
    """What runs from seeds 0, 1, 2, ... came to: right answers on the test samples, of `total`, for both settings."""

    pair: str
    right: tuple[tuple[int, int], ...] = ()
    total: int = 0

    @property
    def seeds(self) -> int:
        return len(self.right)

    @property
    def differences(self) -> list[float]:
        """Accuracy of the second setting minus that of the first, for each seed."""
        return [(b - a) / self.total for a, b in self.right]

    @property
    def counts(self) -> tuple[int, int, int]:
        """(seeds at which the second setting is better, at which both are alike, at which the first is better)."""
        signs = [(b > a) - (b < a) for a, b in self.right]
        return signs.count(1), signs.count(0), signs.count(-1)

    @property
    def is_whole(self) -> bool:
        return self.seeds == SEEDS


def experiment_of(pair: str, side: int, seed: int) -> sn.Experiment:
    """A small network on the xor data. The seed draws the start weights and the order; the data stay the same."""
    base: dict[str, Any] = {"hidden": (4,), "learning_rate": 0.03}
    return sn.Experiment(
        dataset="xor",
        samples=120,
        noise=0.1,
        init_seed=seed,
        order_seed=seed,
        **(base | dict(PAIRS[pair].changes[side])),
    )


def right_answers(pair: str, side: int, seed: int) -> tuple[int, int]:
    """(right answers on the test samples after EPOCHS epochs, of how many)."""
    run = experiment_of(pair, side, seed).start()
    run.advance(epochs=EPOCHS)
    result = run.evaluate()
    assert result.test_correct is not None  # it parts two classes
    return result.test_correct, result.test_total


def measured_of(state: Mapping, pair: str) -> Measured:
    return next((found for found in state["measured"] if found.pair == pair), Measured(pair))


def claims_of(measured: Measured) -> tuple[Claims, ...]:
    """How often claims from groups of so many of all measured seeds are right, wrong, or none."""
    return tuple(claims(measured.differences, seeds) for seeds in GROUPS)


def wrong_claims(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 1: in how many percent of the single seeds the claim is wrong, for the pair that the lesson starts with."""
    measured = measured_of(state, START["pair"])
    if not measured.is_whole:
        return False, (
            f"Only {measured.seeds} of {SEEDS} seeds have run with {PAIRS[START['pair']].title}: choose that and press"
            f" Run all {SEEDS}."
        )
    try:
        given = read_percent(answer)
    except ValueError as error:
        return False, str(error)
    single = claims(measured.differences, 1)
    right, wrong, alike = (100 * share for share in (single.right, single.wrong, single.none))
    if abs(given - wrong) <= WHOLE_PERCENT:
        return True, f"Right: {percent(single.wrong)} of the single seeds name the worse setting."
    if abs(given - right) <= WHOLE_PERCENT:
        return False, "That is the share of seeds that name the better setting: how many name the other?"
    if abs(given - (wrong + alike)) <= WHOLE_PERCENT:
        return False, "A seed at which both are alike names no setting: leave those out of the wrong ones."
    if abs(given - 100 * wrong / (100 - alike)) <= WHOLE_PERCENT:
        return False, f"Divide by all {SEEDS} seeds, also by those at which both are alike."
    if given == round(SEEDS * single.wrong):
        return False, "That is how many are wrong: divide by the number of seeds, for percent."
    return False, "Not what the differences show: count the seeds on the wrong side of 0, of all of them."


def sure_from_one(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 2: a pair of settings so far apart that one seed names the worse one in at most 5 % of the cases."""
    pair = PAIRS[state["pair"]]
    measured = measured_of(state, state["pair"])
    if not measured.is_whole:
        return False, f"Only {measured.seeds} of {SEEDS} seeds have run with {pair.title}: press Run all {SEEDS}."
    wrong = claims(measured.differences, 1).wrong
    if wrong > SURE:
        return False, (
            f"{pair.title[0].upper()}{pair.title[1:]}: {percent(wrong)} of the single seeds name the worse setting."
            " Look for a pair whose difference is larger than the spread of its seeds."
        )
    return True, f"Right: {percent(wrong)} of the single seeds are wrong; the difference is larger than the spread."


def six_by_hand(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 3: how often chance alone makes six of six seeds speak for the same setting."""
    slips = {
        0.5**SIX: "That is all six for one setting that is named before: all six for the other counts as well.",
        2 * 0.5**SIX / 2 * SIX: "That is five of six and one way each: here all six are on one side.",
        1 - all_on_one_side(SIX): "That is how often they do not agree: its rest to 1 is asked for.",
    }
    return compare(
        answer,
        all_on_one_side(SIX),
        slips,
        "0.25",
        "Not yet: each seed falls to either side with one half; multiply, and count both sides.",
        never_negative="A share is never negative.",
    )
