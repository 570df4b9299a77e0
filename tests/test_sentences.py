"""Every sentence about a run is true: hundreds of drawn runs, each sentence read back, each number and comparison in it
checked against the history with plain arithmetic. A sentence that no pattern below knows fails as well."""

import math
import re

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scratchnet as sn
from ui.kit.typed import written
from ui.play.playground import Playground

N = r"(-?[0-9][0-9.e+,-]*[0-9]|-?[0-9]|inf|-inf)"

END = r"at the end of epoch ([0-9,]+)"
# pattern -> the method of `Reader` that checks what it found
PATTERNS = {
    rf"Not trained yet: training loss {N}\.": "not_trained",
    rf"(Paused|Learning|Not learning so far|No longer learning): training loss (?:{N}, )?(up|down) from {N} at the "
    r"start\.": "moved",
    rf"(Paused|Not learning so far|No longer learning): training loss (?:{N}, )?about as high as at the start"
    r"\.": "level",
    rf"(Learning|Not learning so far|No longer learning): {END} the training loss was (up|down) from {N} at the "
    r"start\.": "moved_at_an_epoch_end",
    rf"(Not learning so far|No longer learning): {END} the training loss was about as high as at the start"
    r"\.": "level_at_an_epoch_end",
    rf"(Solved|Was solved|Stopped): {END} test accuracy was ([0-9.]+) %, at least 95 %(?:; now it is ([0-9.]+) %)?"
    r"\.": "accuracy",
    rf"(Solved|Was solved|Stopped): {END} test R² was ([0-9.]+), at least 0\.95(?:; now it is (−?[0-9.]+))?\.": "r2",
    rf"(Plateau|Getting worse|Stopped): {END} the median training loss of the last ([0-9,]+) epochs was {N} and "
    rf"of the ([0-9,]+) before {N}, (a rise|the same|a (?:rise|fall) of less than 1 %)\.": "plateau",
    r"Stopped: ([0-9,]+) (epoch is|epochs are) done, at least the ([0-9,]+) asked for\.": "epochs",
    r"Diverged: Update ([0-9,]+) made the weights and biases, taken together, larger than 1e8 \(largest "
    rf"weighted sum z in its batch, without its sign: (.+?); learning rate: {N}\)\. You see update "
    r"([0-9,]+), the last one with usable numbers"
    r"\.": "diverged",
    r"A smaller learning rate may help\.": "advised_rate",
    rf"Momentum is {N}: with 1 or more the steps never fade; choose less than 1\.": "advised_momentum",
    rf"Dampening is {N}: above 1 the steps go up the gradient; choose at most 1, 0 is usual\.": "advised_dampening",
    rf"(L2|weight decay|\(L2 \+ weight decay\)) times the learning rate is {N}: above {N} each update throws the "
    r"weights further past 0 than they were; lower one of them\.": "advised_pull",
    r"The only unit in layer ([0-9]+) is 0 for every training point: no gradient reaches its weights\.": "only_dead",
    r"([0-9]+) of ([0-9]+) units in layer ([0-9]+) (is|are) 0 for every training point: no gradient "
    r"reaches (its|their) weights\.": "dead",
    r"The schedule makes the learning rate 0 now: the next update changes nothing\.": "no_rate",
    rf"The schedule makes the learning rate {N} now\.": "rate",
}

SETTINGS = {  # what a notice calls the settings that begin another run
    "the data set": "dataset",
    "the input features": "features",
    "the output": "output",
    "the loss": "loss",
    "the layers": "hidden",
    "the number of units": "hidden",
    "the number of samples": "samples",
    "the noise": "noise",
    "the batch size": "batch_size",
    "the order of the samples": "order_seed",
}
# what is said after something was done -> the method of `Told` that checks it
LEFT = " The branches of this run went too; Undo brings all back."
NOTICES = {
    r"Started anew: (.+) cannot change within a run\.": "anew",
    r"New initial weights: seed ([0-9]+)\.": "new_weights",
    r"New data: seed ([0-9]+)\.": "new_data",
    r"Back at the start, without the weights that were set by hand\.": "back_without_edits",
    r"Back at the start\.": "starts_anew",
    r"There is nothing to (take back|do again)\.": "nothing_to",
    r"Nothing is drawn at random: the points of this data set are given\.": "points_given",
    r"Nothing is drawn at random: the first weights are all the same number\.": "weights_given",
    r"Each update takes all training points: there is no order\.": "no_order",
    r"Each update takes all ([\d,]+) training points: no batch is larger\.": "no_larger_batch",
    r"(Weight or bias|Learning rate): expected a finite number (?:above 0|of at least -1e\+06 and at most 1e\+06), "
    rf"got (?:{N}|nan); change it to one\.": "refused",
}

SCHEDULES = {
    "constant": ({}, lambda base, t: base),
    "step": ({"step_size": 7, "gamma": 0.5}, lambda base, t: base * 0.5 ** (t // 7)),
    "exponential": ({"gamma": 0.9}, lambda base, t: base * 0.9**t),
    "cosine": (
        {"t_max": 20},
        lambda base, t: 0.0 if t >= 20 else base * (1 + math.cos(math.pi * t / 20)) / 2,
    ),
    "warmup": ({"start_factor": 0.1, "total_iters": 9}, lambda base, t: base * (0.1 + 0.9 * min(t, 9) / 9)),
}
OPTIMIZERS = [
    ("sgd", {}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 1.5}),
    ("sgd", {"momentum": 0.5, "dampening": 3.0}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("sgd", {"weight_decay": 40.0}),
    ("adamw", {"weight_decay": 40.0}),
    ("rmsprop", {"momentum": 1.2}),
    *((name, {}) for name in ("adam", "adagrad", "adadelta", "nadam")),
]
RATES = (1e-4, 0.03, 0.1, 1.0, 30.0, 1e5)


def is_written(text, value):
    """With four digits, or as many fewer as are the number itself; whole numbers whole."""
    read, digits = text.replace("\u2212", "-"), text.split("e")[0].replace(".", "").lstrip("\u22120")
    if value == int(value) and abs(value) < 1e6:
        return read == f"{value:.0f}"
    enough = [n for n in (1, 2, 3) if math.isclose(float(f"{value:.{n}g}"), value, rel_tol=1e-12)]
    return float(read) == float(f"{value:.4g}") and len(digits) == min([*enough, 4])


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


class Reader:
    """Reads the sentences of one playground, and fails where one is not so."""

    def __init__(self, playground):
        self.playground, self.run = playground, playground.run
        self.history, self.now = self.run.history, self.run.settings
        self.loss, self.start = self.run.evaluate().train_loss, float(self.history.train_loss[0])

    def read(self, words):
        self.said = []
        rest = words
        while rest:
            for pattern, check in PATTERNS.items():
                if found := re.match(rf"{pattern}(?: |$)", rest):
                    getattr(self, check)(*found.groups())
                    self.said.append(check)
                    rest = rest[found.end() :]
                    break
            else:
                raise AssertionError(f"no pattern knows: {rest}")
        self.nothing_is_left_out()
        return self.said

    # ---- what the run is doing

    def not_trained(self, loss):
        assert self.run.update == 0 and is_written(loss, self.loss)

    def moved_at_an_epoch_end(self, what, epoch, way, start):
        self.last_epoch(epoch)
        judged = float(self.history.train_loss[-1])
        assert self.playground.playing and is_written(start, self.start)
        assert (judged < self.start) == (way == "down") and f"{judged:.4g}" != f"{self.start:.4g}"
        assert (what == "Learning") == (way == "down")
        self.has_learned(what)

    def level_at_an_epoch_end(self, what, epoch):
        self.last_epoch(epoch)
        assert self.playground.playing and f"{self.history.train_loss[-1]:.4g}" == f"{self.start:.4g}"
        self.has_learned(what)

    def moved(self, what, loss, way, start):
        assert not self.playground.playing or self.run.epoch == 0
        assert is_written(start, self.start)
        assert (self.loss < self.start) == (way == "down") and self.loss != self.start
        assert self.playground.playing == (what != "Paused")
        assert what != "Learning" or way == "down"
        assert what not in ("Not learning so far", "No longer learning") or way == "up"
        self.has_learned(what)
        assert loss is None if what != "Paused" else is_written(loss, self.loss)

    def has_learned(self, what):
        lowest = min(self.history.train_loss.tolist())
        assert what != "Not learning so far" or lowest >= self.start
        assert what != "No longer learning" or lowest < self.start

    def level(self, what, loss):
        self.has_learned(what)
        assert f"{self.loss:.4g}" == f"{self.start:.4g}"
        assert self.playground.playing == (what != "Paused")
        assert what != "Paused" or is_written(loss, self.loss)

    def last_epoch(self, epoch):
        """The last epoch end up to now: where the rules look."""
        assert int(epoch.replace(",", "")) == self.run.epoch == int(self.history.epoch[-1])
        assert self.history.update[-1] <= self.run.update

    def still_solved(self, what, now, times=1):
        score = self.run.evaluate().test_score
        assert (what == "Was solved") == (now is not None)
        assert what == "Stopped" or (score < 0.95) == (what == "Was solved")
        assert now is None or is_written(now, times * score)

    def accuracy(self, what, epoch, percent, now):
        self.still_solved(what, now, 100)
        self.last_epoch(epoch)
        assert is_written(percent, 100 * self.history.test_score[-1]) and self.history.test_score[-1] >= 0.95
        assert self.run.dataset.task != "regression" and (what == "Stopped") == (self.run.status == "stopped")

    def r2(self, what, epoch, score, now):
        self.still_solved(what, now)
        self.last_epoch(epoch)
        assert is_written(score, self.history.test_score[-1]) and self.history.test_score[-1] >= 0.95
        assert self.run.dataset.task == "regression" and (what == "Stopped") == (self.run.status == "stopped")

    def plateau(self, what, epoch, window, now, again, before, change):
        self.last_epoch(epoch)
        assert window == again
        last, width = self.run.epoch, int(window.replace(",", ""))
        rows = list(zip(self.history.epoch.tolist(), self.history.train_loss.tolist(), strict=True))
        recent = median([loss for epoch, loss in rows if last - width < epoch <= last])
        earlier = median([loss for epoch, loss in rows if last - 2 * width < epoch <= last - width])
        assert is_written(now, recent) and is_written(before, earlier)
        assert (what == "Getting worse") == (change == "a rise" and self.run.status != "stopped")
        if change == "a rise":
            assert recent > 1.01 * earlier
        elif change == "a rise of less than 1 %":
            assert earlier < recent <= 1.01 * earlier
        elif change == "the same":
            assert recent == earlier
        else:
            assert 0.99 * earlier <= recent < earlier
        assert (what == "Stopped") == (self.run.status == "stopped")

    def epochs(self, done, verb, asked):
        self.last_epoch(done)
        assert (verb == "epoch is") == (done == "1") and self.run.epoch >= int(asked.replace(",", ""))
        assert int(asked.replace(",", "")) == self.playground.stop_rule["epochs"]

    # ---- divergence

    def diverged(self, failed, largest, rate, shown):
        assert self.run.status == "diverged"
        assert int(failed.replace(",", "")) == self.run.update + 1 and int(shown.replace(",", "")) == self.run.update
        assert is_written(rate, self.in_force())
        if self.now.batch_size >= len(self.run.x_train):  # then the mini-batch is known: all training points
            a, most = self.run.x_train, 0.0
            with np.errstate(all="ignore"):
                for W, b, z in zip(
                    self.run.network.weights, self.run.network.biases, self.run.network.forward(a).z, strict=True
                ):
                    most = max(most, float(np.abs(z).max()))
                    assert W.shape[0] == len(b) == z.shape[1]
            assert math.isclose(float(largest), most, rel_tol=0.01) or not math.isfinite(most)

    def momentum(self):
        given = self.now.optimizer_settings.get("momentum", 0.0)
        return given if self.now.optimizer in ("sgd", "rmsprop") else 0.0

    def pull(self):
        """(L2 and weight decay as one pull, the least rate * pull that expands), None where none is known."""
        of = self.now.optimizer_settings
        m, c = self.momentum(), 1 - of.get("dampening", 0.0)
        if self.now.optimizer == "adamw":
            return of.get("weight_decay", 0.01), 2.0
        if self.now.optimizer != "sgd":
            return None
        limit = 2 * (1 + m) / (1 + 2 * m) if of.get("nesterov") else 2 * (1 + m) / (c if m else 1)
        return self.now.l2 + of.get("weight_decay", 0.0), limit

    def advised_rate(self):
        assert self.momentum() < 1
        pull = self.pull()
        assert pull is None or self.in_force() * pull[0] <= pull[1] * (1 + 1e-9)

    def advised_momentum(self, momentum):
        assert is_written(momentum, self.momentum()) and self.momentum() >= 1

    def advised_dampening(self, dampening):
        assert is_written(dampening, self.now.optimizer_settings["dampening"])
        assert self.now.optimizer_settings["dampening"] > 1 and self.momentum() > 0

    def advised_pull(self, name, product, limit):
        strength, least = self.pull()
        for text, value in ((product, self.in_force() * strength), (limit, least)):
            assert math.isclose(float(text), value, rel_tol=6e-4) and text != {product: limit, limit: product}[text]
        assert self.in_force() * strength > least
        assert ("L2" in name) == (self.now.optimizer == "sgd" and self.now.l2 > 0)

    # ---- dead units and the rate

    def dead_in(self, layer):
        outputs = self.run.network.forward(self.run.x_train).a[int(layer) - 1]
        assert self.run.network.activations[int(layer) - 1] == "relu"
        dead = sum(all(row[unit] == 0 for row in outputs.tolist()) for unit in range(outputs.shape[1]))
        return dead, outputs.shape[1]

    def only_dead(self, layer):
        assert self.dead_in(layer) == (1, 1)

    def dead(self, dead, units, layer, verb, whose):
        assert self.dead_in(layer) == (int(dead), int(units)) and int(units) > 1
        assert (verb, whose) == (("is", "its") if dead == "1" else ("are", "their"))

    def in_force(self):
        chosen = [u for u, changes in self.run.experiment.events if u <= self.run.update and "schedule" in changes]
        _, rate = SCHEDULES[self.now.schedule]
        return rate(self.now.learning_rate, self.run.update - max(chosen, default=0))

    def no_rate(self):
        assert self.in_force() == 0

    def rate(self, rate):
        assert math.isclose(float(rate), self.in_force(), rel_tol=1e-3)

    def nothing_is_left_out(self):
        told = "rate" in self.said or "no_rate" in self.said
        assert told or f"{self.in_force():.4g}" == f"{self.now.learning_rate:.4g}"
        assert not told or f"{self.in_force():.4g}" != f"{self.now.learning_rate:.4g}"
        if self.run.status == "diverged":
            assert self.said[0] == "diverged" and self.said[1].startswith("advised")
        if self.run.status == "ready":
            assert self.said[0] == "not_trained"


class Told:
    """Reads the notice after an action, and fails where something else happened, or where it is silent about it."""

    def __init__(self, playground, before, action):
        self.playground, (self.before, self.old), self.action = playground, before, action
        self.experiment, self.now = playground.run.experiment, playground.run.settings

    def read(self):
        words = self.playground.notice
        words, _, begins = words.partition(" It begins with ")
        if begins:  # it is no event of the new start, and was none of the first update
            first, now = self.before.at(0), self.now
            later = {name for update, changes in self.before.events if update for name in changes}
            assert any(getattr(first, name) != getattr(now, name) for name in later & set(sn.LIVE_SETTINGS))
            assert "rate" not in begins.split() or f"the rate {written(now.learning_rate)}" in begins
        words = words.removesuffix(LEFT)
        for pattern, check in NOTICES.items():
            if found := re.fullmatch(pattern, words):
                getattr(self, check)(*found.groups())
                return check
        assert words == "", f"no pattern knows: {words}"
        kind, _ = self.action
        if kind == "set":
            assert self.changed() <= set(sn.LIVE_SETTINGS) or not self.changed(), "a new start goes with a word"
        elif kind not in ("weights", "data", "refuse"):
            return ""
        assert kind == "set" or self.experiment != self.before
        return ""

    def changed(self):
        return {name for name in SETTINGS.values() if getattr(self.old, name) != getattr(self.now, name)}

    def starts_anew(self):
        assert self.playground.run.update == 0 and self.experiment.events == ()

    def anew(self, names):
        self.starts_anew()
        told = {SETTINGS[name] for name in re.split(", | and ", names)}
        assert self.changed() == told and not told <= set(sn.LIVE_SETTINGS)

    def new_weights(self, seed):
        self.starts_anew()
        assert self.now.init_seed == int(seed) == self.old.init_seed + 1

    def new_data(self, seed):
        self.starts_anew()
        assert self.now.data_seed == int(seed) == self.old.data_seed + 1

    def back_without_edits(self):
        self.starts_anew()
        assert any("edits" in changes for _, changes in self.before.events)

    def nothing_happened(self):
        assert self.experiment == self.before

    def nothing_to(self, what):
        self.nothing_happened()
        assert (what == "take back") == (self.action[0] == "undo")

    def points_given(self):
        self.nothing_happened()
        points = [sn.load_dataset(self.now.dataset, seed=seed).x_train.tolist() for seed in (0, 1)]
        assert points[0] == points[1]

    def weights_given(self):
        self.nothing_happened()
        weights = [self.now.replace(init_seed=seed).start().network.theta.tolist() for seed in (0, 1)]
        assert weights[0] == weights[1]

    def no_order(self):
        self.nothing_happened()
        assert self.now.batch_size >= len(self.playground.run.x_train)

    def no_larger_batch(self, points):
        self.nothing_happened()
        assert int(points.replace(",", "")) == len(self.playground.run.x_train) <= self.now.batch_size

    def refused(self, what, got=None):
        self.nothing_happened()
        assert what == {"edit": "Weight or bias", "rate": "Learning rate"}[self.action[0]]


@st.composite
def experiments(draw):
    dataset = draw(st.sampled_from(("gauss", "circle", "xor", "xor_gate", "tutorial", "three_blobs", "sine", "plane")))
    optimizer, optimizer_settings = draw(st.sampled_from(OPTIMIZERS))
    schedule = draw(st.sampled_from(("constant", "constant", *SCHEDULES)))
    return sn.Experiment(
        dataset=dataset,
        **sn.defaults_for(dataset),
        samples=draw(st.integers(4, 24)),
        hidden=draw(st.sampled_from(((), (1,), (3,), (2, 2)))),
        activation=draw(st.sampled_from(("tanh", "relu", "relu", "identity"))),
        initializer=draw(st.sampled_from(("glorot_uniform", "zeros", "standard_normal"))),
        optimizer=optimizer,
        optimizer_settings=optimizer_settings,
        learning_rate=draw(st.sampled_from(RATES)),
        schedule=schedule,
        schedule_settings=SCHEDULES[schedule][0],
        batch_size=draw(st.sampled_from((1, 5, 1000))),
        l2=draw(st.sampled_from((0.0, 0.0, 0.01, 30.0))),
        init_seed=draw(st.integers(0, 5)),
    )


ACTIONS = st.one_of(
    st.tuples(st.just("train"), st.sampled_from((1, 3, 40, 700))),
    st.tuples(st.just("step"), st.sampled_from(("update", "epoch"))),
    st.tuples(st.just("rate"), st.sampled_from((*RATES, -1.0))),
    st.tuples(st.just("schedule"), st.sampled_from(sorted(SCHEDULES))),
    st.tuples(st.just("edit"), st.sampled_from((0.0, -50.0, 1e5, 1e6, 1e7, math.nan))),
    st.tuples(st.just("back"), st.integers(0, 10)),
    st.tuples(st.just("stop"), st.sampled_from(("solved", "plateau", "epochs"))),
    st.tuples(st.sampled_from(("undo", "redo", "weights", "data", "reset")), st.none()),
    st.tuples(
        st.just("set"),
        st.sampled_from(
            (
                {"hidden": (2,)},
                {"dataset": "sine"},
                {"dataset": "circle"},
                {"samples": 30, "noise": 0.2},
                {"batch_size": 7},
                {"order_seed": 3},
            )
        ),
    ),
)


def act(playground, kind, value):
    """What a visitor may do; training as a playing board trains, stop rules and all."""
    match kind:
        case "train":
            playground.playing = playground.run.status != "diverged"
            if playground.playing:
                playground.train(value)
                playground.shown = playground.run.update
        case "step":
            playground.step(value)
        case "rate":
            playground.apply(learning_rate=value)
        case "schedule":
            playground.apply(schedule=value, schedule_settings=SCHEDULES[value][0])
        case "edit":
            playground.edit(0, 0, None, value)
        case "back":
            playground.run.goto(value * playground.run.update // 10)
            playground.shown = playground.run.update
        case "stop":
            playground.set_stop(**{value: 1 if value == "epochs" else True})
        case "undo":
            playground.undo()
        case "redo":
            playground.redo()
        case "weights":
            playground.new_weights()
        case "data":
            playground.new_data()
        case "reset":
            playground.reset()
        case "set":
            playground.apply(**value)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(experiments(), st.lists(ACTIONS, min_size=2, max_size=7))
def test_every_sentence_about_a_run_is_true_of_its_history(experiment, actions):
    playground = Playground(experiment)
    Reader(playground).read(playground.words)
    for action in actions:
        before, playground.notice = (playground.run.experiment, playground.run.settings), ""
        act(playground, *action)
        Reader(playground).read(playground.words)
        Told(playground, before, action).read()
        if playground.playing:
            playground.pause()
            Reader(playground).read(playground.words)


def test_the_drawn_runs_meet_every_kind_of_sentence():
    """What chance may miss, shown once: each kind of sentence is read by its check."""
    met = set()

    def look(experiment, *actions):
        playground = Playground(experiment)
        met.update(Reader(playground).read(playground.words))
        for action in actions:
            act(playground, *action)
            met.update(Reader(playground).read(playground.words))

    easy = sn.Experiment(dataset="gauss", samples=40, hidden=(), optimizer="sgd", learning_rate=0.1)
    look(easy, ("train", 1), ("step", "update"), ("train", 400))
    look(easy, ("stop", "epochs"), ("train", 400))
    look(easy, ("stop", "solved"), ("train", 400))
    look(easy.replace(schedule="cosine", schedule_settings={"t_max": 20}), ("train", 3), ("train", 40))
    plane = easy.replace(dataset="plane", output="identity", loss="mse", learning_rate=0.01)
    look(plane, ("train", 400), ("train", 1500))
    still = easy.replace(dataset="xor_gate", batch_size=1000, initializer="zeros", learning_rate=0.5)
    look(still, ("train", 40), ("step", "update"), ("train", 700))
    look(easy.replace(l2=30.0, batch_size=1000), ("train", 700))
    look(easy.replace(optimizer_settings={"momentum": 1.5}), ("train", 700))
    look(plane.replace(optimizer_settings={"momentum": 0.5, "dampening": 3.0}), ("train", 1500))
    look(plane.replace(learning_rate=30.0), ("train", 700))
    look(easy.replace(hidden=(1,), activation="relu"), ("edit", -1e6))
    look(easy.replace(hidden=(2,), activation="relu"), ("edit", -1e6))
    assert met == set(PATTERNS.values())


def test_every_kind_of_notice_is_met_and_read():
    met = set()

    def look(experiment, *actions):
        playground = Playground(experiment)
        for action in actions:
            before, playground.notice = (playground.run.experiment, playground.run.settings), ""
            act(playground, *action)
            met.add(Told(playground, before, action).read())

    easy = sn.Experiment(dataset="gauss", samples=40, hidden=(3,), optimizer="sgd", learning_rate=0.1)
    nothing = ((kind, None) for kind in ("undo", "redo", "weights", "data", "reset"))
    look(easy, *nothing, ("edit", 2.0), ("step", "update"), ("reset", None), ("edit", math.nan), ("rate", -1.0))
    look(easy, ("set", {"dataset": "sine"}), ("set", {"batch_size": 7}), ("set", {"samples": 30, "noise": 0.2}))
    look(easy.replace(dataset="xor_gate", batch_size=1000), ("data", None), ("set", {"order_seed": 3}))
    look(easy, ("step", "update"), ("rate", 0.3), ("reset", None), ("step", "update"), ("rate", 1.0), ("weights", None))
    look(easy.replace(batch_size=20), ("set", {"batch_size": 21}))
    look(easy.replace(initializer="zeros"), ("weights", None))
    assert met - {""} == set(NOTICES.values())
