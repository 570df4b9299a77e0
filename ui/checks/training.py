"""The tasks of step 5, training: a success rate measured over many starts, and a learning rate that never fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import scratchnet as sn
from ui.checks.answers import read_percent
from ui.kit.numbers import text
from ui.lesson_numbers import one_of

EPOCHS = 1000
HIGHEST_SEED = 9999
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
# The tutorial's code sends back a - y, the slope of cross-entropy, though it has taught the MSE.
LOSSES = {"bce": "cross-entropy (the tutorial’s code)", "mse": "MSE (the tutorial’s text)"}
# The tutorial's settings. measured: what the starts came to, see `Measured`; a tuple, so that a copy of this is one.
START: dict[str, Any] = {"learning_rate": 0.01, "loss": "bce", "seed": 0, "epoch": 0, "measured": ()}
IN_ADDRESS = {
    "learning_rate": one_of(RATES),
    "loss": one_of(LOSSES),
    "seed": one_of(range(HIGHEST_SEED + 1)),
    "epoch": one_of(range(EPOCHS + 1)),
}
ENOUGH = 20  # starts for a success rate
SURE = 10  # starts that must all succeed
MOST = 300
WHOLE_PERCENT = 0.5 + 1e-9  # how far from the share a right answer may be, in percentage points


@dataclass(frozen=True)
class Measured:
    """What starts 0, 1, 2, ... came to with one rate and loss: for each, whether sample 1, 2, 3 was answered right."""

    learning_rate: float
    loss: str
    right: tuple[tuple[bool, ...], ...]

    @property
    def starts(self) -> int:
        return len(self.right)

    @property
    def successes(self) -> int:
        """Starts that got every sample right."""
        return sum(map(all, self.right))

    @property
    def failing(self) -> tuple[int, ...]:
        """The samples, from 1, that some start got wrong."""
        return tuple(i + 1 for i, answers in enumerate(zip(*self.right, strict=True)) if not all(answers))


def experiment_of(state: Mapping) -> sn.Experiment:
    """The tutorial's training with the page's rate, loss and seed: one sample an update, in the given order."""
    return sn.Experiment(
        dataset="tutorial",
        features=("x1", "x2", "x3"),
        hidden=(2,),
        activation="sigmoid",
        loss=state["loss"],
        initializer="standard_normal",
        optimizer="sgd",
        learning_rate=state["learning_rate"],
        batch_size=1,
        shuffle=False,
        init_seed=state["seed"],
    )


def measured_with(state: Mapping, learning_rate: float, loss: str) -> Measured | None:
    """What starts with these settings came to, None before any was run."""
    return next((m for m in state["measured"] if (m.learning_rate, m.loss) == (learning_rate, loss)), None)


def success_rate(state: Mapping, answer=None) -> tuple[bool, str]:
    """The share of starts that get all three right with the tutorial's settings, measured and reported in percent."""
    measured = measured_with(state, START["learning_rate"], START["loss"])
    if measured is None:
        what = "These settings are not measured yet, only others" if state["measured"] else "Nothing is measured yet"
        return False, f"{what}: press The tutorial’s settings, then Run 20 starts."
    if measured.starts < ENOUGH:
        return False, f"{measured.starts} starts are few: run at least {ENOUGH} with the tutorial’s settings."
    try:
        given = read_percent(answer)
    except ValueError as error:
        return False, str(error)
    share = measured.successes / measured.starts
    if abs(given - 100 * share) <= WHOLE_PERCENT:
        return True, (
            f"Right: {measured.successes} of {measured.starts}. A single run would have told you 1.0 or 0.667, by luck."
        )
    if abs(given - 100 * (1 - share)) <= WHOLE_PERCENT:
        return False, "That is the share of starts that failed: report those with all three right."
    answers = sum(map(sum, measured.right)) / (3 * measured.starts)
    if abs(given - 100 * answers) <= WHOLE_PERCENT:
        return False, "That is the share of right answers: a start succeeds only when all three are right."
    if given == measured.successes:
        return False, "That is how many succeeded: divide by the number of starts, for the share in percent."
    return False, f"Not what the squares show of {measured.starts} starts: count the filled ones once more."


def sure_rate(state: Mapping, answer=None) -> tuple[bool, str]:
    """A learning rate at which at least ten starts were run and all succeeded."""
    sure = [m for m in state["measured"] if m.starts >= SURE and m.successes == m.starts]
    if sure:
        best = sure[-1]
        return True, f"Right: at {text(best.learning_rate)} all {best.successes} of {best.starts} starts succeed."
    if not state["measured"]:
        return False, f"Nothing is measured yet: choose a learning rate and run at least {SURE} starts with it."
    last = state["measured"][-1]
    tried = f"At the rate {text(last.learning_rate)}, {last.successes} of {last.starts} succeed"
    if last.starts < SURE:
        return False, f"{tried}, but {SURE} starts are asked for: run more."
    if last.learning_rate < START["learning_rate"]:
        return False, f"{tried}: smaller steps come less far in {EPOCHS} epochs, so try a larger rate."
    if last.loss != START["loss"]:
        return False, f"{tried}: with this loss the slope at the output is small; try a larger rate."
    return False, f"{tried}: what fails has not come far enough in {EPOCHS} epochs, so try a larger rate."
