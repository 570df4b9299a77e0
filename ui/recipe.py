"""Recipe: one update of a network by hand, on one page to keep, with the numbers of an update beside each step."""

import numpy as np

import scratchnet as sn
from scratchnet import backpropagation
from scratchnet.trainer import Step
from ui.kit.numbers import text

FILE_NAME = "one-update-by-hand.md"


def recipe(step: Step) -> str:
    """Markdown that reads as plain text too. step: one sample, one hidden layer, sigmoid, cross-entropy, one output."""
    before, after, forward, backward = step.before, step.after, step.forward, step.backward
    slope = backpropagation.chain(before, forward, backward, step.y, step.trainer.loss).slope
    losses = [sn.total_loss(net, forward.x, step.y, step.trainer.loss) for net in (before, after)]
    return f"""# One update of a network by hand

For one sample, sigmoid units, cross-entropy and plain gradient descent. Under each step stand the numbers of the
{"-".join(map(str, before.sizes))} network of step 4, with x = {_row(forward.x)}, y = {_row(step.y)} and the learning \
rate η = {text(step.learning_rate)}.

1. **Forward.** For each unit, layer by layer: z = every weight times what it multiplies, added up, plus b.
   Then a = f(z) = 1 / (1 + e^(−z)).
   - hidden: z = {_row(forward.z[0])}, a = {_row(forward.a[0])}
   - output: z = {_row(forward.z[1])}, a = {_row(forward.a[1])}
2. **Slopes.** For each hidden unit f′(z) = a (1 − a).
   - hidden: f′(z) = {_row(slope[0])}
3. **Delta of each output.** δ = a − y. (With another loss or activation: δ = dL/da times f′(z).)
   - output: δ = {_row(backward.delta[1])}
4. **Delta of each hidden unit.** For every unit that it feeds: delta of that unit times the **old** weight between.
   Add these up, then multiply by f′(z).
   - hidden: δ = {_row(backward.delta[0])}
5. **Gradients.** Of a weight: delta of the unit that it leads to, times what it multiplies (x or a).
   Of a bias: delta of its unit.
   - output: weights {_rows(backward.dW[1])}, bias {_row(backward.db[1])}
   - hidden: weights {_rows(backward.dW[0])}, biases {_row(backward.db[0])}
6. **Update.** Only now, and all at once: new value = old value − η times gradient.
   - output: weights {_rows(after.weights[1])}, bias {_row(after.biases[1])}
   - hidden: weights {_rows(after.weights[0])}, biases {_row(after.biases[0])}
7. **Check.** Forward again with the new values: with a small η the loss is smaller.
   - loss before {text(losses[0])}, after {text(losses[1])}

If a number does not fit, look for: a minus that got lost; f′ forgotten in a hidden unit; η forgotten, or already in
the gradient; a new weight used on the way back; the wrong input of a weight.
"""


def _row(values: np.ndarray) -> str:
    """One number, or several in brackets."""
    numbers = [text(value) for value in np.ravel(values)]
    return numbers[0] if len(numbers) == 1 else f"({', '.join(numbers)})"


def _rows(matrix: np.ndarray) -> str:
    """A row for each unit that the weights lead to."""
    return " and ".join(_row(row) for row in matrix)
