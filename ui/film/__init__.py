"""Film: a whole training recorded at regular epochs, and played in the browser as often as one likes.

`record(experiment, ...)` trains once and keeps what the network answers to each sample; `film(...)` shows it: a row for
each sample, the loss curve, Play, and a slider of epochs. While it plays nothing is asked of the server; when it rests,
Python learns at which epoch.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet.task import coded_targets
from ui.gate import gate
from ui.kit.mount import mount
from ui.labels import loss_title
from ui.loss_axis import wants_log
from ui.unbroken import unbroken


@dataclass(frozen=True, eq=False)
class Film:
    """A recorded run. epochs (m,), outputs (m, n): one output a training sample, loss (m,), correct (m,): of the n.

    answers (m, n): the class that each output stands for.
    """

    run: sn.Run
    epochs: np.ndarray
    outputs: np.ndarray
    answers: np.ndarray
    loss: np.ndarray
    correct: np.ndarray


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs={sn.Experiment: sn.Experiment.to_query})
def record(experiment: sn.Experiment, epochs: int, every: int) -> Film:
    """Train for so many epochs and keep every n-th: the loss, and the outputs and answers of a network with one output
    that parts two classes.

    Everything in it is read-only but `run`, which is at its end: fork it to go anywhere.
    """
    with gate().turn("lessons"):
        run = experiment.start()
        pictures = [(0, run.network.predict(run.x_train)[:, 0], run.evaluate())]
        while run.epoch < epochs and run.status != "diverged":
            run.advance(epochs=every)
            pictures.append((run.epoch, run.network.predict(run.x_train)[:, 0], run.evaluate()))
    columns = [[epoch for epoch, _, _ in pictures], [outputs for _, outputs, _ in pictures]]
    decide = sn.decision_of(experiment).answers
    columns.append([decide(outputs[:, None]) for _, outputs, _ in pictures])
    columns += [[e.train_loss for _, _, e in pictures], [e.train_correct for _, _, e in pictures]]
    arrays = [np.array(column) for column in columns]
    for array in arrays:
        array.setflags(write=False)
    return Film(run, *arrays)


def film(key: str, shown: Film, samples: list[str], epoch: int, on_rest: Callable[[int], None]) -> None:
    """Mount it. samples: their names. epoch: where it stands at first. on_rest(epoch): called where it rests."""

    @unbroken
    def rests() -> None:
        epoch = (st.session_state.get(key) or {}).get("epoch")
        if isinstance(epoch, (int, float)) and epoch in shown.epochs:  # a browser may send anything
            on_rest(int(epoch))

    experiment = shown.run.experiment
    decision, (low, high) = sn.decision_of(experiment), coded_targets(experiment, "binary", [0, 1])[:, 0]
    loss = loss_title(experiment.loss)
    mount(
        "film/film",
        key=key,
        data={
            "samples": samples,
            "targets": shown.run.y_train[:, 0].tolist(),
            "classes": decision.answers(shown.run.y_train).tolist(),
            "scale": [float(low), decision.cut, float(high)],
            "epochs": shown.epochs.tolist(),
            "outputs": shown.outputs.tolist(),
            "answers": shown.answers.tolist(),
            "loss": shown.loss.tolist(),
            "correct": shown.correct.tolist(),
            "title": loss[0].lower() + loss[1:],
            "log": wants_log(np.ravel(shown.loss)) and bool(shown.loss.min() > 0),
            "epoch": epoch,
        },
        on_epoch_change=rests,
    )
