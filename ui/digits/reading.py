"""Reading: what the digits page and its component say to each other. A network reads what is drawn, and is trained.

The browser says all strokes with every message, and what it has; Python answers with what the network sees of them and
makes of it. What is trained is a `Playground`, so settings, links, Undo and the way back to an update are the same as
on the playground. An empty canvas has no answer.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.evidence import evidence
from scratchnet.strokes import digit_of_strokes
from scratchnet.values import is_whole
from ui.gate import Gate
from ui.play.playground import Playground

FIRST = sn.Experiment(
    dataset="digits",
    **sn.defaults_for("digits"),
    train_fraction=0.75,
    scaling="shared",
    hidden=(32,),
    learning_rate=0.01,
    batch_size=32,
)
EPOCHS = 20  # of one press of Train
CANVAS, PEN = 280, 24  # the canvas's own units: its sides, and the width of the pen on it
SECONDS, HURRY_SECONDS = 0.1, 0.3  # of training for an answer: to look at, and on the way back to an update
SLICE = 8  # updates between two looks at the clock
MISTAKES = 24  # that are shown
SHADES = 127  # a weight is said as a whole number of -127 to 127 times a share of the largest
LONGEST_ADDRESS = 250_000  # characters
MOST_COMMANDS = 20  # of one message


class Reading:
    """One visitor's digits page. playground: what is trained. until: the epoch at which training rests."""

    def __init__(self) -> None:
        self.playground = Playground(FIRST, "digits")
        self.until = EPOCHS
        self._visit = secrets.token_hex(4)
        self._answered = 0  # number of the browser's last message
        self._done = 0  # id of its last command that was carried out

    def keeps_to_digits(self) -> None:
        """Whatever a link says, this page reads digits of all 64 pixels: another experiment is not opened here."""
        experiment = self.playground.run.experiment
        if experiment.dataset != FIRST.dataset or experiment.features != FIRST.features:
            # A new one: no Undo leads to the other data, and no task of other data is obeyed.
            self.playground, self._visit = Playground(FIRST, "digits"), secrets.token_hex(4)
            self.playground.notice = (
                "The link is of another data set, or leaves pixels out: this page opened its own experiment."
            )

    def answer(
        self, message: object, gate: Gate | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> dict[str, Any]:
        """What the component is given. message: what the browser said last, which may be anything; None at first.

        Only a message that was not answered before makes training go on. gate: for training.
        """
        said = message if isinstance(message, Mapping) else {}
        pg = self.playground
        with pg.lock:
            is_fresh = self._listen(said)
            trains = is_fresh and pg.playing
        turn = gate.turn(self._visit, pg.hurry) if gate is not None and trains else nullcontext(trains)
        with turn as is_ours, pg.lock:
            if is_ours and pg.playing:
                self._train(clock)
            return self._reply(said)

    def _listen(self, said: Mapping) -> bool:
        """Take in what the browser wants; whether the message is a new one."""
        number = _whole(said.get("n"))
        is_fresh = number > self._answered if said.get("visit") == self._visit else bool(number)
        self._answered = number
        if isinstance(said.get("address"), str):
            self.playground.address = said["address"][:LONGEST_ADDRESS]
        commands = said.get("outbox") if said.get("visit") == self._visit else ()
        for command in commands[:MOST_COMMANDS] if isinstance(commands, list) else ():
            if isinstance(command, Mapping) and _whole(command.get("id")) > self._done:
                self._done = _whole(command["id"])
                self._obey(command.get("kind"))
        return is_fresh

    def _obey(self, kind: object) -> None:
        pg = self.playground
        if kind == "train":
            self.until = pg.run.epoch + EPOCHS
            pg.play()
        elif kind == "pause":
            pg.pause()
            pg.is_used()  # the page's link and address lead to where it stands
        elif kind == "reset":
            pg.reset()

    def _train(self, clock: Callable[[], float]) -> None:
        """At most an epoch, so that each can be looked at, and at most so long; on the way back only so long."""
        pg, began = self.playground, clock()
        epoch, is_way_back = pg.run.epoch, pg.replay is not None
        seconds = HURRY_SECONDS if is_way_back else SECONDS
        while pg.playing and clock() - began < seconds:
            pg.train(SLICE if is_way_back else min(SLICE, pg.run.epoch_end() - pg.run.update))
            if not is_way_back and pg.run.epoch > epoch:
                break
            if is_way_back and pg.replay is None:
                break
        pg.hurry = False
        pg.sees(pg.run.update)
        if pg.playing and pg.replay is None and pg.run.epoch >= self.until:
            pg.playing = False
        if not pg.playing:
            pg.is_used()

    def _reply(self, said: Mapping) -> dict[str, Any]:
        pg = self.playground
        run = pg.run
        network = f"{self._visit}-{pg.generation}-{run.update}"
        has = said.get("has") if said.get("visit") == self._visit else None
        reply: dict[str, Any] = {
            "visit": self._visit,
            "n": _whole(said.get("n")),
            "done": self._done,
            "network": network,
            "playing": pg.playing,
            "canvas": CANVAS,
            "pen": PEN,
            "classes": list(run.dataset.class_names),
            "drawn": self._read(said),
        }
        if has != network:
            reply["trained"] = self._trained()
        if not pg.playing and said.get("studied") != network:
            reply["study"] = self._study()
        if not pg.playing:
            pg.rests()
        return reply

    def _read(self, said: Mapping) -> dict[str, Any]:
        """What the network sees of the drawing, or of the test digit that is looked at, and what it makes of it."""
        run = self.playground.run
        chosen, problem, digit = said.get("chosen"), "", None
        if is_whole(chosen, 0, len(run.dataset.x_test) - 1):
            digit = run.dataset.x_test[chosen]
        else:
            try:
                square = digit_of_strokes(_points(said.get("strokes", [])), PEN)
                digit = None if square is None else square.ravel()
            except ValueError as error:
                problem = str(error)
        if digit is None:
            return {"seen": None, "problem": problem}
        x, empty = (
            sn.apply_features(one[None], run.settings.features, run.dataset.scale)
            for one in (digit, np.zeros_like(digit))
        )
        forward = run.network.forward(x)
        answer = int(sn.decision_of(run.experiment).answers(forward.output)[0])
        asked = said.get("why")
        k = asked if is_whole(asked, 0, forward.output.shape[1] - 1) else answer
        pulls = evidence(run.network, x[0], k, empty[0])
        return {
            "seen": digit.astype(int).tolist(),
            "problem": "",
            "answer": answer,
            "outputs": _floats(forward.output[0]),
            "hidden": _floats(forward.a[0][0]) if len(forward.a) > 1 else [],
            "why": k,
            "pulls": _shades(pulls)[0],
            "largest_pull": float(np.abs(pulls).max()),
        }

    def _trained(self) -> dict[str, Any]:
        """Of the network: where it stands, its first layer's weights, and how it came here."""
        pg = self.playground
        run, now, history = pg.run, pg.run.evaluate(), pg.run.history
        weights, largest = _shades(run.network.weights[0])
        return {
            "update": run.update,
            "epoch": run.epoch,
            "words": pg.words,
            "has_hidden": len(run.network.weights) > 1,
            "activation": run.network.activations[0],
            "weights": weights,
            "largest": largest,
            "train_loss": now.train_loss,
            "test_loss": now.test_loss,
            "correct": now.test_correct,
            "total": now.test_total,
            "curve": {
                "epoch": history.epoch.tolist(),
                "loss": history.test_loss.tolist(),
                "score": history.test_score.tolist(),
            },
        }

    def _study(self) -> dict[str, Any]:
        """Of the test digits: truth against answer, and those that are read wrong, the surest first."""
        run = self.playground.run
        decision = sn.decision_of(run.experiment)
        outputs = run.network.predict(run.x_test)
        truth, answers = run.dataset.y_test, decision.answers(outputs)
        sure = outputs[np.arange(len(answers)), answers]
        wrong = np.flatnonzero(answers != truth)
        wrong = wrong[np.argsort(-sure[wrong], kind="stable")]
        return {
            "confusion": sn.confusion_matrix(truth, answers, classes=outputs.shape[1]).tolist(),
            "wrong": len(wrong),
            "mistakes": [
                {
                    "row": int(row),
                    "truth": int(truth[row]),
                    "answer": int(answers[row]),
                    "sure": float(sure[row]),
                    "digit": run.dataset.x_test[row].astype(int).tolist(),
                }
                for row in wrong[:MISTAKES]
            ],
        }


def _points(strokes: object) -> list[list[tuple]]:
    """Strokes as the browser says them, each [x, y, x, y, ...], as points (x, y)."""
    points = []
    for stroke in strokes if isinstance(strokes, list) else [None]:
        if not isinstance(stroke, list) or len(stroke) % 2:
            raise ValueError("strokes: expected lists of x, y, x, y and so on; draw anew.")
        points.append(list(zip(stroke[::2], stroke[1::2], strict=True)))
    return points


def _whole(value: object) -> int:
    return int(value) if is_whole(value, 0, 2**53) else 0


def _floats(values: np.ndarray) -> list[float]:
    return [round(value, 6) for value in values.tolist()]


def _shades(values: np.ndarray) -> tuple[list, float]:
    """(whole numbers from -127 to 127, the size that 127 stands for)."""
    largest = float(np.abs(values).max()) or 1.0
    return np.rint(values / largest * SHADES).astype(int).tolist(), largest
