"""Tasks: ready ones to hand out or to begin an own one with. tests/test_ready_tasks.py solves each, and sees that the
start left alone does not.
"""

from dataclasses import dataclass
from types import MappingProxyType

import scratchnet as sn
from scratchnet.goals import Condition, Goal
from ui.classroom.assignment import Assignment
from ui.gallery import FIRST, GALLERY

DATA = ("dataset", "data_seed")  # locked beside the hidden drawer, so that everybody has the same points


@dataclass(frozen=True)
class ReadyTask:
    """A task and its title in the list."""

    title: str
    assignment: Assignment


def _task(instruction: str, conditions: dict, locked: tuple, hidden: tuple, start: sn.Experiment) -> Assignment:
    goal = Goal(tuple(Condition(kind, value) for kind, value in conditions.items()))
    return Assignment(instruction, goal, locked, hidden, start)


TASKS = MappingProxyType(
    {
        "few_units": ReadyTask(
            "As few units as possible",
            _task(
                "One hidden unit draws one soft line, and no line goes around the inner class. Add units until the "
                "network is right about 95 % of the test points, but not more than three. Before you press Play: how "
                "many lines does it take to close a shape?",
                {"test_accuracy": 0.95, "units": 3},
                (*DATA, "features"),
                ("data", "training"),
                FIRST.replace(hidden=(1,)),
            ),
        ),
        "right_input": ReadyTask(
            "The right input",
            _task(
                "There is no hidden layer here, and there will be none. Two opposite corners belong together, so no "
                "single line separates the classes. Find the one input feature that makes it easy, and explain to "
                "somebody why it does.",
                {"test_accuracy": 0.95, "updates": 2000},
                DATA,
                ("data", "network", "training", "layers", "activation"),
                GALLERY["xor_line"].experiment,
            ),
        ),
        "too_fast": ReadyTask(
            "Faster, until it breaks",
            _task(
                "With this learning rate the network learns calmly. Raise the rate step by step and watch the loss: "
                "first it falls faster. Find a rate at which the loss explodes. What is the smallest one you can find?",
                {"diverges": True},
                (*DATA, "features", "init_seed"),
                ("data", "network", "training", "layers", "activation", "edit weights"),
                GALLERY["rate_too_high"].experiment.replace(learning_rate=0.03),
            ),
        ),
        "dead_units": ReadyTask(
            "Wake the dead units",
            _task(
                "Press Play: within an epoch most of the ReLU units are 0 for every point, and learning stops. Layers, "
                "features and activation are right as they are. Change one thing so that the same network solves the "
                "circle. Reset leads back to the start.",
                {"test_accuracy": 0.95},
                (*DATA, "activation", "features", "layers"),
                ("data", "network", "training", "edit weights"),
                GALLERY["dead_relu"].experiment,
            ),
        ),
        "new_points": ReadyTask(
            "Right about new points",
            _task(
                "Twenty noisy points, and a network large enough to learn each of them by heart: the training loss "
                "goes to 0 and the test loss rises. Make it right about 95 % of the points it has never seen, with "
                "a test loss at most 0.1 above the training loss. You may use fewer units, a price on large weights, "
                "or both.",
                {"test_accuracy": 0.95, "gap": 0.1},
                (*DATA, "features"),
                ("data", "edit weights"),
                GALLERY["overfitting"].experiment,
            ),
        ),
        "spiral": ReadyTask(
            "The spiral in a thousand updates",
            _task(
                "Two arms wound around each other: with x1 and x2 alone these layers do not get far. Reach 95 % test "
                "accuracy within 1,000 updates. The layers stay as they are; the inputs and the learning rate are "
                "yours.",
                {"test_accuracy": 0.95, "updates": 1000},
                (*DATA, "layers", "activation"),
                ("data", "network", "training"),
                GALLERY["spiral_alone"].experiment,
            ),
        ),
        "all_alike": ReadyTask(
            "Six units that are one",
            _task(
                "Press Play: the network does not learn, for all weights begin at 0. The six hidden units are alike, "
                "and each update tells all of them the same. Change how the weights begin, so that the units can "
                "become different, and reach 95 % test accuracy. Why is it not enough that all begin at 0.5?",
                {"test_accuracy": 0.95},
                (*DATA, "activation", "features", "layers", "learning_rate"),
                ("data", "training"),
                FIRST.replace(initializer="zeros"),
            ),
        ),
        "momentum": ReadyTask(
            "The same rate, sooner there",
            _task(
                "Plain gradient descent with this learning rate would get there, but not in 1,500 updates. The rate "
                "and the network stay as they are. Find in Training what makes more of each gradient: another "
                "optimizer, or one setting of this one. What does it remember from update to update?",
                {"test_accuracy": 0.95, "updates": 1500},
                (*DATA, "activation", "features", "layers", "learning_rate", "init_seed"),
                ("data", "network", "edit weights"),
                FIRST.replace(optimizer="sgd"),
            ),
        ),
        "calm_end": ReadyTask(
            "Come to rest",
            _task(
                "One noisy point at a time: each update follows its point, so the loss trembles and never settles. "
                "Bring the training loss to 0.018 or below. The learning rate at the start is locked; "
                "Training has two ways: let each update hear more points, or let the rate shrink on the way.",
                {"train_loss": 0.018},
                (*DATA, "activation", "features", "layers", "learning_rate"),
                ("data", "network", "edit weights"),
                GALLERY["rate_too_high"].experiment.replace(
                    learning_rate=0.03, batch_size=1, noise=0.3, samples=200, order_seed=0
                ),
            ),
        ),
        "short_wave": ReadyTask(
            "A wave in ten numbers",
            _task(
                "The output is a height, not a class: follow the wave with a test loss of at most 0.02, and with no "
                "more than ten weights and biases. These units bend sharply and are too many. Which activation "
                "is curved like the wave itself, and how many numbers does each unit cost?",
                {"test_loss": 0.02, "parameters": 10},
                (*DATA, "features"),
                ("data", "network", "training", "edit weights"),
                sn.Experiment(
                    dataset="sine",
                    features=("x1",),
                    hidden=(5,),
                    activation="relu",
                    output="identity",
                    loss="mse",
                    learning_rate=0.03,
                ),
            ),
        ),
    }
)
