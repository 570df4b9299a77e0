"""Symbols: how each letter of an update is read aloud, what it stands for, and the frame where it first appears."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ui.walkthrough import Frame


@dataclass(frozen=True)
class Symbol:
    """latex: the symbol. read: aloud. means: in a few words. mark: the part of a frame's formula that shows it."""

    latex: str
    read: str
    means: str
    mark: str

    def is_in(self, formula: str) -> bool:
        """Whether its mark stands there by itself, not as letters of a word or of a command."""
        before = r"(?<![A-Za-z\\])" if self.mark[0].isalpha() else ""
        after = "(?![A-Za-z])" if self.mark[-1].isalpha() else ""
        return re.search(before + re.escape(self.mark) + after, formula) is not None


SYMBOLS = (
    Symbol(r"\theta", "theta", "all weights and biases together", r"\theta"),
    Symbol(r"W^{(1)}", "capital W, layer 1", "all weights into layer 1: a row for each unit", "W^{(1)}"),
    Symbol(r"b^{(1)}", "b, layer 1", "the biases of layer 1: one for each unit", "b^{(1)}"),
    Symbol(r"x_j", "x j", "input number j", "x_{j}"),
    Symbol(r"w^{(1)}_{k,j}", "w k j, layer 1", "one weight: into unit k, from j", "w^{(1)}_{k,j}"),
    Symbol(r"z^{(1)}_k", "z k, layer 1", "weighted sum of unit k", "z^{(1)}_{k}"),
    Symbol(r"\sum_j", "sum over j", "add up what follows, for every j", r"\sum_j"),
    Symbol(r"a^{(1)}_k", "a k, layer 1", "activation of unit k: what it hands on", "a^{(1)}_{k}"),
    Symbol("e", "e to the power of", "the number 2.718…", "e^"),
    Symbol("L", "L", "the loss", "L="),
    Symbol("y", "y", "the target: what the output should be", "y"),
    Symbol(r"\ln", "natural log of", "the power of e that gives the number", r"\ln"),
    Symbol(r"\max", "the larger of", "the larger one of the numbers in brackets", r"\max"),
    Symbol(
        r"\frac{\partial L}{\partial a}",
        "partial L by partial a; ∂ is a round d",
        "how fast L rises with a, all else held still",
        r"\frac{\partial L}{\partial a",
    ),
    Symbol("f'", "f prime", "slope of the activation function f", "f'"),
    Symbol(r"\delta", "delta", "∂L/∂z of a unit: how fast L rises with its sum z", r"\delta"),
    Symbol(r"\eta", "eta: “ay-ta” or “ee-ta”", "learning rate: how large a step against the gradient", r"\eta"),
    Symbol("g", "g", "what the step goes against; here the gradient", "g"),
    Symbol(r"\Delta L", "capital delta L", "the change of the loss", r"\Delta L"),
    Symbol(r"\approx", "is about", "nearly equal", r"\approx"),
    Symbol("h", "h", "a tiny number, to try a slope out", "h)"),
    # several samples, several outputs
    Symbol("L_s", "L s", "the loss of sample s alone", "L_s"),
    Symbol("n", "n", "the number of samples in the update", r"\frac{1}{n}"),
    Symbol(r"\sum_s", "sum over s", "add up what follows, for every sample s", r"\sum_s"),
    Symbol("m", "m", "the number of outputs", r"}{m}"),
    # optimizers that remember
    Symbol(r"\mu", "mu: “mew”", "momentum: what share of the old velocity stays", r"\mu\cdot v"),
    Symbol("v", "v", "velocity: earlier gradients, remembered", r"v=\mu"),
    Symbol("s", "s", "all squared gradients so far, added up", "s=s_"),
    Symbol(r"\sqrt{\;}", "square root of", "the number whose square is below the bar", r"\sqrt"),
    Symbol(r"\epsilon", "epsilon", "a tiny number, so that nothing is divided by 0", r"\epsilon"),
    Symbol("d", "d", "the step, before the learning rate", "d="),
    Symbol(r"\rho", "rho: “row”", "what share of an old average stays", r"\rho"),
    Symbol("v", "v", "running average of the squared gradients", r"v_{\text{old}}+(1-"),
    Symbol("u", "u", "running average of the squared steps", "u_{"),
    Symbol(r"\alpha", "alpha", "what share of an old average stays", r"\alpha"),
    Symbol(r"\beta_1, \beta_2", "beta 1, beta 2", "what share of an old average stays", r"\beta"),
    Symbol("m", "m", "running average of the gradients", r"m=\beta"),
    Symbol("t", "t", "which update it is: 1, 2, …", "^{t"),
    Symbol(r"\hat m, \hat v", "m hat, v hat", "the averages, corrected because they began at 0", r"\hat"),
    Symbol("w'", "w prime", "the weight, shrunk a little first", "w'"),
    Symbol(r"\lambda", "lambda", "weight decay: what share a weight loses", r"\lambda"),
    Symbol(r"\mu_t", "mu t", "share of the present gradient in update t", r"\mu_t"),
    Symbol(r"\psi", "psi", "how soon that share grows", r"\psi"),
    Symbol(r"\Pi_t", "capital pi t", "all shares up to update t, multiplied", r"\Pi"),
    Symbol(r"\tilde m", "m tilde", "where the average is going: a look ahead", r"\tilde m"),
    Symbol("i", "i", "counts all weights and biases", "_i"),
)


def symbol_table(frames: Iterable[Frame]) -> list[dict[str, str]]:
    """A row for each symbol of these frames, in the order in which they first appear."""
    frames, rows = tuple(frames), []
    for symbol in SYMBOLS:
        first = next((place for place, frame in enumerate(frames) if symbol.is_in(frame.formula)), None)
        if first is not None:
            rows.append((first, symbol))
    return [
        {
            "symbol": f"${symbol.latex}$",
            "read aloud": symbol.read,
            "stands for": symbol.means,
            "first in the frame": frames[first].title,
        }
        for first, symbol in sorted(rows, key=lambda row: row[0])
    ]
