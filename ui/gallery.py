"""Gallery: experiments to start from, each with one thing to see in it. The first is what the playground opens with.

What a sentence claims is run in tests/test_gallery.py.
"""

from dataclasses import dataclass
from types import MappingProxyType

import scratchnet as sn


@dataclass(frozen=True)
class Start:
    """A starting point: its title in the menu, what to look at, and the Experiment."""

    title: str
    sentence: str
    experiment: sn.Experiment


GALLERY = MappingProxyType(
    {
        "circle": Start(
            "Circle",
            "These dots are the data; the colours behind them are the network's guess. Press Play.",
            sn.Experiment(dataset="circle", samples=300, noise=0.05, hidden=(6,)),
        ),
        "spiral": Start(
            "Spiral, with sines to help",
            "Two arms wound around each other. With the sines of x1 and x2 as inputs it is solved in 100 epochs.",
            sn.Experiment(
                dataset="spiral",
                noise=0.05,
                features=("x1", "x2", "sin(x1)", "sin(x2)"),
                hidden=(8, 6),
                learning_rate=0.003,
            ),
        ),
        "spiral_alone": Start(
            "Spiral, x1 and x2 alone",
            "Without the sines the same data is far harder: after 150 epochs it is still not solved.",
            sn.Experiment(dataset="spiral", noise=0.05, hidden=(8, 6), learning_rate=0.003),
        ),
        "xor_line": Start(
            "XOR without a hidden layer",
            "One unit draws one straight line, and no line separates these corners: it never gets far beyond chance.",
            sn.Experiment(dataset="xor", hidden=()),
        ),
        "xor_product": Start(
            "XOR solved by x1 × x2",
            "Still no hidden layer, but the right input: x1 × x2 alone solves it with one weight and one bias.",
            sn.Experiment(dataset="xor", hidden=(), features=("x1*x2",)),
        ),
        "overfitting": Start(
            "Overfitting",
            "20 noisy points and a large network: the training loss falls towards 0 while the test loss rises.",
            sn.Experiment(
                dataset="gauss", samples=200, noise=0.4, train_fraction=0.1, hidden=(8, 8), learning_rate=0.03
            ),
        ),
        "rate_too_high": Start(
            "Learning rate too high",
            "At 0.3 every step overshoots further than the last, until the numbers explode. At 0.03 it is easy.",
            sn.Experiment(
                dataset="plane", hidden=(), output="identity", loss="mse", optimizer="sgd", learning_rate=0.3
            ),
        ),
        "dead_relu": Start(
            "Dead ReLU units",
            "The first large steps push all of layer 2 to where ReLU is 0: only the output’s bias still learns.",
            sn.Experiment(dataset="circle", hidden=(8, 8), activation="relu", optimizer="sgd", learning_rate=3.0),
        ),
        "tutorial": Start(
            "The tutorial's three points",
            "3 inputs, 2 hidden units, rate 0.01: 1000 epochs are not enough for this start. At 0.1 they are.",
            sn.Experiment(
                dataset="tutorial",
                features=("x1", "x2", "x3"),
                hidden=(2,),
                activation="sigmoid",
                initializer="standard_normal",
                optimizer="sgd",
                learning_rate=0.01,
                batch_size=1,
                shuffle=False,
            ),
        ),
        "bumps": Start(
            "Regression: six bumps",
            "Not classes but heights: the network learns to follow three hills and three hollows.",
            sn.Experiment(
                dataset="multi_gaussian",
                features=("x1", "x2", "sin(x1)", "sin(x2)"),
                hidden=(8, 6),
                output="identity",
                loss="mse",
                learning_rate=0.003,
            ),
        ),
    }
)
FIRST = GALLERY["circle"].experiment


def sentence_about(experiment: sn.Experiment) -> str:
    """The sentence of this starting point, "" when it is none, or was changed on the way."""
    return next((start.sentence for start in GALLERY.values() if start.experiment == experiment), "")
