"""State: one visitor's playground. What runs, what is on screen, and everything the visitor can do with it.

A `Playground` is plain Python: messages of the board come in as dicts, answers go out as bytes, so it is tested without
a browser. Two script threads of one visit may use it at once; a lock makes each action whole.

While playing, `run` is ahead of the picture by the frames that wait in the browser. Whatever changes the run therefore
starts from the update on screen, and begins a new generation: frames of an older one are thrown away.
"""

import gc
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext

import streamlit as st

import scratchnet as sn
from scratchnet import stopping
from scratchnet.network import parameter_index
from ui import moment, remembered
from ui.board import payload
from ui.labels import named
from ui.loss_axis import wants_log
from ui.undo import Place, Undo

KEY = "playground"

# name -> (label, what is counted, how many a second); None: as fast as it goes
SPEEDS = {
    "1u": ("1 update/s", "updates", 1),
    "5u": ("5 updates/s", "updates", 5),
    "1e": ("1 epoch/s", "epochs", 1),
    "10e": ("10 epochs/s", "epochs", 10),
    "100e": ("100 epochs/s", "epochs", 100),
    "max": ("Full speed", None, None),
}
FRAMES_PER_SECOND = 60  # more cannot be painted; at full speed the browser says how many it paints
# Training and drawing for one answer. Each costs 120 ms besides, most of it in the browser, where Streamlit then looks
# at the whole page: few long answers are faster than many short ones. Whoever wants to change something does not wait
# for the end of one (`_wanted`), and where other visitors wait for their turn it is shorter.
CHUNK_SECONDS = 0.45
SHARED_SECONDS = 0.16
FIRST_SECONDS = 0.02  # for the first one after Play, Step or a change, which somebody waits for; the next are longer
CHUNK_FRAMES = (4, 48)  # least and most in a chunk at full speed
HELD_SECONDS = 0.3  # how far ahead of the picture a chunk reaches at a limited speed
WAITING_FRAMES = 72  # a browser that has so many to play gets no more
MOST_COMMANDS = 100  # of one message that are carried out; the browser says the others again
MOST_CHARACTERS, MOST_PARAMETERS = 512 * 1024, 1000  # of an address, which Streamlit hands on
LONGEST_ADDRESS = 250_000  # characters; MAX_QUERY of a link and what else an address may hold
REACH_SECONDS = 0.5  # for the way to a link's update or back to a taken change, before it goes on in pieces
REPLAY_UPDATES = 50  # trained again between two looks at the clock

# How a setting is called in a sentence.
WORDS = {
    "dataset": "the data set",
    "samples": "the number of samples",
    "noise": "the noise",
    "train_fraction": "the share of training data",
    "features": "the input features",
    "hidden": "the layers",
    "activation": "the activation",
    "output": "the output",
    "loss": "the loss",
    "initializer": "the initializer",
    "data_seed": "the data",
    "init_seed": "the initial weights",
    "order_seed": "the order of the samples",
}
# What the browser keeps, beside the update and whether it plays.
REMEMBERED = ("link", "speed", "stop", "probe", "columns", "ticks")
FIELDS = (*WORDS, *sn.LIVE_SETTINGS)


@st.cache_resource(ttl=60, show_spinner=False)  # at most once a minute: it takes a tenth of a second
def forget_who_has_gone() -> None:
    """Give back the memory of visits that have ended. They hold each other in circles, which only the garbage collector
    undoes, and among so few new objects it would not come by itself for hours: a large network kept 150 MB."""
    gc.collect()


def playground() -> "Playground":
    """The visitor's playground, made at the first call of a visit."""
    if KEY not in st.session_state:
        forget_who_has_gone()
        st.session_state[KEY] = Playground()
    return st.session_state[KEY]


class Playground:
    """One run on screen, with the means to play, change and take back.

    run: read it at rest only. shown: the update on screen. generation: grows with every jump, so (generation, shown)
    names a picture. notice: a sentence for the visitor, "" when there is none.
    """

    def __init__(self, experiment: sn.Experiment | None = None):
        self._lock = threading.RLock()
        # A board in the browser may outlive the server's memory of it; by this it sees that another playground answers.
        self._visit = secrets.token_hex(4)
        self.playing = False
        self.speed = moment.USUAL_SPEED
        self.stop_rule = dict(moment.NO_STOP)
        self.probe: tuple[float, ...] | None = None
        self.columns = (0, 1)  # of the data, across and up on the map; the others are held
        self.ticks: tuple[str, ...] = ()  # below the map, as `moment.TICKS` names them
        self.notice = ""
        self.reason = ""  # why it stopped by itself
        self.generation = 0
        self.looked_at: tuple = (0, 0)  # the place of the network that was last put under the microscope
        self.looked_sample: int | None = None  # or the training point (row of x_train), if it was one
        self.looks = 0  # how often
        self.done = 0  # id of the last command of the board that was carried out
        self._opened = False
        self._opening_is_known = False  # how long the address was with which the page was loaded
        self.address = ""  # the address's query that the browser has, as the board told last
        self._undo = Undo()
        self._muted: frozenset[str] = frozenset()  # stop rules that already held when Play was pressed
        self._replay: remembered.Replay | None = None  # the way back to what was on screen, while it plays
        self._waiting = 0  # id of the last command that was given before that way began
        self._answered = 0  # number of the last message of the board
        self._hurry = True  # the next chunk is the first after a change
        self._last_budget = FIRST_SECONDS  # of the chunk before
        self._pace = 5000.0  # updates a second, as measured
        self._period = 0.15  # seconds between answers, as measured
        self._paints = FRAMES_PER_SECOND  # a second in the browser, as it measures
        self._answered_at: float | None = None
        self._page = None  # (generation, update) the page was last run for, once at rest
        self._stale: set[str] = set()  # parts of the page that show something that is no longer so: "page", "study"
        self._wanted = False  # somebody waits for the lock to change something: training ends with the present frame
        self._scenes = 0
        self._use((experiment or sn.Experiment()).start())

    # ---- what is on screen -----------------------------------------------------------------------------------------

    @property
    def settings(self) -> dict:
        """Every setting by its name (all fields of the Experiment but events), as in force at present."""
        return {name: getattr(self.run.settings, name) for name in FIELDS}

    @property
    def query(self) -> str:
        """The Experiment on screen as the address bar writes it."""
        return self.run.experiment.to_query()

    def why_idle(self, name: str) -> str:
        """Why another value of a setting would change nothing at present, "" where it would."""
        return sn.why_idle(self.run.settings, len(self.run.x_train), name)

    @property
    def moment(self) -> moment.Moment:
        """What is on screen: the Experiment with its events, the update, the speed, when to stop, and the view."""
        update = self.shown if self._replay is None else self._replay.update
        if self.run.status == "diverged" and update == self.run.update:
            update += 1  # what is on screen is that the next update fails: only trying it shows it
        return moment.Moment(
            self.run.experiment, update, self.speed, self.stop_rule, self.probe, self.columns, self.ticks
        )

    @property
    def link(self) -> str:
        """The moment on screen as the address bar writes it."""
        return self.moment.query

    @property
    def can_undo(self) -> bool:
        return self._undo.can_undo

    @property
    def can_redo(self) -> bool:
        return self._undo.can_redo

    def page_is_stale(self) -> bool:
        """Whether the page around the board should run again; says so once for each reason."""
        stale, self._stale = self._stale, set()
        return bool(stale)

    def page_runs(self) -> None:
        """The page around the board begins to run: for what is on screen now it need not run again."""
        self._stale = set()
        if not self.playing:
            self._page = (self.generation, self.shown)

    def is_used(self, part: str = "page") -> None:
        """A widget of the page around the board, or of "study" below it, was used: that part has to run.

        What the board and a widget say in the same instant is one message of the browser, which runs the board alone.
        """
        self._stale.add(part)

    def study_runs(self) -> None:
        """What stands below the board begins to run by itself."""
        self._stale.discard("study")

    # ---- what the visitor does -------------------------------------------------------------------------------------

    def open(self, query: str, first: sn.Experiment | None = None) -> None:
        """Go to the moment of a link's query string; "" gives `first`. The moment on screen again changes nothing."""
        with self._lock:
            there, ignored = moment.read(query, SPEEDS)
            if first is not None and not moment.says_something(query):
                there = moment.Moment(first)
            begins, self._opened, here = not self._opened, True, self.moment
            if there == here:
                self.notice = " ".join(ignored) or self.notice
                return
            self.playing, self.reason = False, ""
            self.speed, self.stop_rule = there.speed, dict(there.stop)
            self.probe, self.columns, self.ticks = there.probe, there.columns, there.ticks
            if (there.experiment, there.update) == (here.experiment, here.update):  # another view of the same numbers
                self._use(self._here())
                self.notice = " ".join(ignored)
                return
            if not begins:
                self._undo.opens(self._here(), there.experiment)
            replay = remembered.Replay(there.experiment, there.update, False, ignored, is_lost=False)
            self._reach(there.experiment.start(), replay)

    def apply(self, **changes) -> bool:
        """Change settings (Experiment fields). True when something changed, False for equal values.

        Live settings act from the frame on screen on. Others start a new run, with the same seeds; the notice says so.
        A bad value changes nothing, and the notice is the sentence that says why.
        """
        self._wanted = True
        with self._lock:
            self._wanted = False
            self.is_used()
            here = self._here()
            settings = here.settings
            try:
                wanted = settings.replace(**self._fitting(settings, changes))
                changed = [name for name in FIELDS if getattr(wanted, name) != getattr(settings, name)]
                if not changed:
                    return False
                if all(self.why_idle(name) for name in changed):
                    self.notice = self.why_idle(changed[0])
                    return False
                if all(name in sn.LIVE_SETTINGS for name in changed):
                    run, notice = here.fork(), ""
                    run.change(**{name: getattr(wanted, name) for name in changed})
                else:
                    run = wanted.start()
                    notice = f"Started anew: {_listed(changed)} cannot change within a run."
            except ValueError as error:
                self.notice = named(error)
                return False
            self._undo.changes(here)
            self._use(run)
            if notice:
                self._overrule()
            self.notice = notice
            return True

    def replace(self, experiment: sn.Experiment) -> None:
        """Another Experiment entirely, from its start and at rest."""
        with self._lock:
            self.is_used()
            self._undo.changes(self._here())
            self.playing = False
            self._use(experiment.start())
            self.notice = ""

    def undo(self) -> None:
        """Take back the last change: the run as it was before, at the update it had."""
        self._go_to(self._undo.undo, "There is nothing to take back.")

    def redo(self) -> None:
        """Make the change again that was taken back last: the run as `undo` left it."""
        self._go_to(self._undo.redo, "There is nothing to do again.")

    def _go_to(self, place_from: Callable[[sn.Run], Place | None], sentence: str) -> None:
        with self._lock:
            place = place_from(self._here())
            if place is None:
                self.notice = sentence
                return
            replay = remembered.Replay(place.experiment, place.update, self.playing, is_lost=False)
            self._reach(place.run or place.experiment.start(), replay)

    def resume(
        self, link, update, playing, speed=None, stop=None, probe=None, columns=None, ticks=(), reloaded=False
    ) -> None:
        """Go on where the browser was when another playground answered it: `remembered` says what the values mean."""
        with self._lock:
            replay = remembered.replay_of(link, update, playing, reloaded)
            self.stop_rule = remembered.stop_rule_of(stop)
            if isinstance(speed, str) and speed in SPEEDS:
                self.speed = speed
            self._undo = Undo()
            self._use(replay.experiment.start())
            if probe is not None:
                self.set_probe(probe)
            if columns is not None and len(self.run.dataset.names) > 2:
                self.slice(columns)
            self.ticks = moment.known_ticks(ticks) or ()
            self.reason, self.notice = "", replay.announced
            self._replay, self.playing = replay, True
            if self.run.update == replay.update:
                self._arrived_again()

    def play(self) -> None:
        with self._lock:
            self.notice, self._replay = "", None
            if self.run.status == "diverged":
                ways = "undo the last change, reset," if self.can_undo else "reset,"
                self.notice = f"This run has diverged and cannot go on: {ways} or change what is named as the cause."
                return
            self.playing, self.reason, self._hurry = True, "", True
            self._overrule()

    def pause(self) -> None:
        """Stand still on the frame on screen; what was computed ahead of it is forgotten."""
        with self._lock:
            self.playing = False
            self._use(self._here())

    def step(self, what: str = "update") -> None:
        """Make one update, or go to the next epoch end, and stand still."""
        if what not in ("update", "epoch"):
            raise ValueError(f'A step is one "update" or one "epoch"; got {what!r:.40}.')
        with self._lock:
            self.playing, self.notice = False, ""
            run = self._here().fork()
            run.advance(**{f"{what}s": 1})
            self._use(run)

    def reset(self) -> None:
        """Back to the start: the same data and first weights, with the settings now in force."""
        with self._lock:
            here = self._here()
            if here.update == 0 and not here.experiment.events:
                self.playing = False
                self._use(here)
                return
            edited = any("edits" in changes for _, changes in here.experiment.events)
            self._undo.changes(here)
            self.playing = False
            self._use(here.settings.start())
            self.notice = "Back at the start, without the weights that were set by hand." if edited else ""

    def new_weights(self) -> None:
        if self.apply(init_seed=self.run.settings.init_seed + 1):
            self.notice = f"New initial weights: seed {self.run.settings.init_seed}."

    def new_data(self) -> None:
        if self.apply(data_seed=self.run.settings.data_seed + 1):
            self.notice = f"New data: seed {self.run.settings.data_seed}."

    def edit(self, layer: int, unit: int, source: int | None, value: float) -> None:
        """Set one weight (source: unit or feature it comes from) or bias (source None) of the frame on screen."""
        with self._lock:
            here = self._here()
            run = here.fork()
            try:
                run.edit(layer, unit, source, value)
            except ValueError as error:
                self.notice = named(error)
                return
            self._undo.changes(here)
            self._use(run)
            self.notice = ""

    def look(self, layer: int, unit: int, *source: int | None) -> None:
        """Put a unit, one of its weights (source) or its bias (source None) under the microscope, and stand still."""
        with self._lock:
            try:
                parameter_index(self.run.experiment.sizes, layer, unit, source[0] if source else None)
            except ValueError as error:
                self.notice = str(error)
                return
            self._still()
            self.looked_at, self.looked_sample, self.looks = (layer, unit, *source), None, self.looks + 1

    def look_at(self, index: int) -> None:
        """Put a training point, a row of x_train, under the microscope, and stand still."""
        with self._lock:
            index, points = _whole(index), len(self.run.x_train)
            if not 0 <= index < points:
                self.notice = f"Training point: expected a number from 1 to {points}; choose another one."
                return
            self._still()
            self.looked_sample, self.looks = index, self.looks + 1

    def set_probe(self, values) -> None:
        """Follow one input through the network: a number for each column of the data, or None."""
        with self._lock:
            if values is not None:
                columns = self.run.dataset.names
                try:
                    values = tuple(float(value) for value in values)
                except (TypeError, ValueError):
                    values = ()
                if len(values) != len(columns) or not all(abs(value) <= moment.LARGEST_INPUT for value in values):
                    names = ", ".join(columns)
                    self.notice = (
                        f"An input is one number for each of {names}, at most {moment.LARGEST_INPUT:g} in size."
                    )
                    return
            self.probe = values
            self._use(self._here())

    def slice(self, columns) -> None:
        """Choose the two columns of the data that lie across and up on the map."""
        with self._lock:
            names = self.run.dataset.names
            chosen = tuple(columns) if isinstance(columns, list | tuple) else ()
            known = all(type(column) is int and 0 <= column < len(names) for column in chosen)
            if not known or not len(chosen) == len(set(chosen)) == 2:
                self.notice = f"The map shows two different inputs of {', '.join(names)}; choose another one."
                return
            self.columns = chosen
            self._use(self._here())

    def tick(self, names) -> None:
        """Choose what is ticked below the map: names of `moment.TICKS`. It changes no number."""
        ticks = moment.known_ticks(names)
        if ticks is None:
            raise ValueError(f"Below the map there are {', '.join(moment.TICKS)}, and one axis; reload the page.")
        with self._lock:
            self.ticks = ticks
            if not self.playing:  # the address says it, at rest
                self.is_used()

    def set_speed(self, name: str) -> None:
        if name not in SPEEDS:
            raise ValueError(f"There is no speed {name!r:.40}; choose one of {', '.join(SPEEDS)}.")
        with self._lock:
            self.speed = name
            if self.playing:
                self._use(self._here())

    def set_stop(self, **rules) -> None:
        """Choose when training stops by itself: solved (bool), plateau (bool), epochs (a number or None)."""
        unknown = set(rules) - set(self.stop_rule)
        if unknown:
            raise ValueError(
                f"There is no stop rule {', '.join(sorted(unknown))}; choose from {', '.join(self.stop_rule)}."
            )
        with self._lock:
            self.stop_rule = {**self.stop_rule, **rules}
            self._muted = frozenset()

    # ---- the board's messages --------------------------------------------------------------------------------------

    def answer(self, message: dict | None, gate=None, clock: Callable[[], float] = time.perf_counter) -> bytes:
        """The board's payload. message: its last ack, None before the first. gate: a `Gate`, held while training.

        Idempotent: every frame after the one the browser says it holds, whoever asks and how often. Only a message that
        was not answered before makes a playing run go on.
        """
        message = message if isinstance(message, dict) else {}
        with self._lock:
            train = self._listen(message)
        # The gate is waited for without the lock: a control of this visitor must not wait for other visitors.
        with gate if gate is not None and train else nullcontext(), self._lock:
            if train and self.playing:
                self._train(clock, lambda: gate is not None and gate.waiting > 0)
            return self._reply(message)

    def _listen(self, message: dict) -> bool:
        """Take in what the browser shows and wants. Gives whether the run is to go on."""
        fresh = _whole(message.get("n")) != self._answered
        self._answered = max(self._answered, _whole(message.get("n")))
        if self._is_present(message):
            shown = _whole(message.get("shown"))
            if self.shown <= shown <= self.run.update:
                self.shown = shown
            self._frames = [frame for frame in self._frames if frame.update >= self.shown]
        self._paints = min(max(_whole(message.get("fps", FRAMES_PER_SECOND)), 10), FRAMES_PER_SECOND)
        if isinstance(message.get("address"), str):
            self.address = message["address"][:LONGEST_ADDRESS]
        self._hear_of_what_streamlit_dropped(message.get("opened"))
        # What another playground was told to do is not for this one: the browser will say where it was, and tell again.
        commands = message.get("outbox") if message.get("visit") in (None, self._visit) else None
        most = self.done + MOST_COMMANDS  # ids are counted one by one: none far beyond is taken for done
        for command in commands if isinstance(commands, list) else ():
            if isinstance(command, dict) and self.done < _whole(command.get("id")) <= most:
                if self._replay is not None and not self._hears_more(commands):
                    break
                self.done = _whole(command["id"])
                self._obey(command)
        return self.playing and (fresh or self._hurry) and _whole(message.get("queued")) < WAITING_FRAMES

    def _hear_of_what_streamlit_dropped(self, opened) -> None:
        """opened: how many characters and parameters the address had with which the page was loaded. Of too long a one
        Streamlit tells its script nothing, so that it looks like none at all."""
        if self._opening_is_known or not isinstance(opened, list) or len(opened) != 2:
            return
        self._opening_is_known = True
        characters, parameters = map(_whole, opened)
        for got, most, what in (
            (characters, MOST_CHARACTERS, "characters"),
            (parameters, MOST_PARAMETERS, "parameters"),
        ):
            if got > most:
                self.notice = f"The link was ignored: expected at most {most:,} {what}, got {got:,}; use a shorter one."
                self._stale.add("page")

    def _hears_more(self, commands: list) -> bool:
        """Whether somebody wants something on the way back to an update; what waited before that goes on waiting."""
        return any(isinstance(one, dict) and _whole(one.get("id")) > self._waiting for one in commands)

    def _is_present(self, message: dict) -> bool:
        """Whether what a message says about frames is about the present generation."""
        return message.get("visit") == self._visit and _whole(message.get("generation")) == self.generation

    def _obey(self, command: dict) -> None:
        """Carry out one command of the board. Anything wrong with it becomes the notice."""
        experiment = self.run.experiment
        kind, by = command.get("kind"), command.get("by")
        said = self.notice
        try:
            match kind:
                case "play":
                    self.play()
                case "resume":
                    self.resume(**{name: command.get(name) for name in (*REMEMBERED, "update", "playing", "reloaded")})
                    self._waiting = self.done + max(0, _whole(command.get("waiting")))
                case "pause":
                    self.pause()
                case "step":
                    self.step(command["what"])
                case "reset":
                    self.reset()
                case "edit":
                    self.edit(command["layer"], command["unit"], command["source"], command["value"])
                case "look":
                    self.look(command["layer"], command["unit"], *command["source"])
                case "look_at":
                    self.look_at(command["index"])
                case "probe":
                    self.set_probe(command["x"])
                case "slice":
                    self.slice(command["columns"])
                case "tick":
                    self.tick(command["names"])
                case "speed":
                    self.set_speed(command["name"])
                case "new_weights":
                    self.new_weights()
                case "new_data":
                    self.new_data()
                case "undo":
                    self.undo()
                case "redo":
                    self.redo()
                case "layers":
                    self.apply(**_with_layers(self.run.settings, by))
                case "units":
                    layer, hidden = command["layer"], list(experiment.hidden)
                    hidden[layer] += by
                    self.apply(hidden=tuple(hidden))
                case "feature":
                    self.apply(features=_with_feature(experiment.features, command["name"], command["on"]))
                case _:
                    raise ValueError(f"The board asked for {kind!r:.40}, which is unknown; reload the page.")
        except ValueError as error:
            self.notice = str(error)
        except (KeyError, TypeError, IndexError):
            self.notice = f"The board's command {kind!r:.40} was incomplete; reload the page."
        of_a_slice = kind in ("probe", "slice") and len(self.run.dataset.names) > 2  # which the charts show, too
        if (
            of_a_slice
            or kind not in ("play", "pause", "step", "probe", "slice", "speed", "tick")
            or self.notice not in ("", said)
        ):
            self._stale.add("page")  # controls, address bar and charts show something that is no longer so

    def _train(self, clock: Callable[[], float], others_wait: Callable[[], bool]) -> None:
        """Train for one chunk of frames and keep them."""
        if self._replay is not None:
            self._train_again(clock, SHARED_SECONDS if others_wait() else CHUNK_SECONDS)
            return
        began = clock()
        if self._answered_at is not None:
            self._period += 0.3 * (min(began - self._answered_at, 1.0) - self._period)
        self._answered_at = None if self._hurry else began
        chunk = SHARED_SECONDS if others_wait() else CHUNK_SECONDS
        # Each twice as long as the one before: the queue that bridges a long one must have filled first.
        budget = FIRST_SECONDS if self._hurry else min(2 * self._last_budget, chunk)
        self._hurry, self._last_budget = False, budget
        ups = self._updates_per_second()
        if ups is None:
            least, most = CHUNK_FRAMES
            frames = min(max(round(self._paints * self._period), least), most)
            each = chunk / frames
            stride = max(1, round(self._pace * each))
        else:
            stride = max(1, round(ups / FRAMES_PER_SECOND))
            frames = max(1, round(HELD_SECONDS * ups / stride))
        training = updates = 0
        for _ in range(frames):
            before, at = clock(), self.run.update
            reason = self._advance(stride)
            training += clock() - before
            updates += self.run.update - at
            if self.run.update > at:
                self._frames.append(self.scene.frame(self.run, self.probe))
            if self.run.status == "diverged":
                self.playing, self.reason = False, self.run.reason
                break
            if reason:
                self.playing, self.reason = False, reason
                self.run.stop(reason)
                break
            if self._wanted or clock() - began > (min(budget, SHARED_SECONDS) if others_wait() else budget):
                break
        if updates and training > 0:
            self._pace += 0.5 * (updates / training - self._pace)

    def _train_again(self, clock: Callable[[], float], seconds: float) -> None:
        """A piece of the way back to what was on screen before, with one frame at its end."""
        latest, goal = clock() + seconds, self._replay.update
        while self.run.update < goal and self.run.status != "diverged":
            self.run.advance(updates=min(goal - self.run.update, REPLAY_UPDATES))
            if self._wanted or clock() > latest:
                break
        if self.run.update == goal or self.run.status == "diverged":
            self._arrived_again()
        else:
            self._frames.append(self.scene.frame(self.run, self.probe))

    def _reach(self, run: sn.Run, replay: remembered.Replay) -> None:
        """Put a run on screen at the update of the replay: at once, or where that takes long, in pieces on the board.

        On the way there the board plays, so that the visitor sees how far it is and Pause stops it.
        """
        latest = time.perf_counter() + REACH_SECONDS
        while run.update < replay.update and run.status != "diverged" and time.perf_counter() < latest:
            run.advance(updates=min(replay.update - run.update, REPLAY_UPDATES))
        self._use(run)
        if run.update < replay.update and run.status != "diverged":
            self.playing, self.notice, self._replay = True, replay.announced, replay
        else:
            self._overrule()
            self.notice = replay.said(run.update)

    def _arrived_again(self) -> None:
        """What was on screen before is there again: go on as it was."""
        self.playing, self.notice, self._replay = self._replay.playing, self._replay.said(self.run.update), None
        self._use(self.run)  # a command that waited begins here, though the browser has not seen it yet
        self._stale.add("page")
        self._overrule()

    def _advance(self, updates: int) -> str:
        """Train so many updates, or up to the epoch end at which a chosen stop rule holds: then gives its reason.

        Each epoch end is looked at, however many lie between two frames: a fast machine stops where a slow one does.
        """
        if not any(self.stop_rule.values()):
            self.run.advance(updates=updates)
            return ""
        last = self.run.update + updates
        while self.run.update < last and self.run.status != "diverged":
            epoch = self.run.epoch
            self.run.advance(updates=min(last - self.run.update, self.scene.updates_per_epoch))
            if self.run.epoch > epoch:
                for name, reason in self._stop_reasons().items():
                    if reason and name not in self._muted:
                        self.run.goto(int(self.run.history.update[-1]))
                        return reason
        return ""

    def _updates_per_second(self) -> float | None:
        _, unit, count = SPEEDS[self.speed]
        return None if unit is None else count * (self.scene.updates_per_epoch if unit == "epochs" else 1)

    def _stop_reasons(self) -> dict[str, str]:
        """Stop rule -> reason, for the rules that were chosen; "" while a rule does not hold."""
        rules = self.stop_rule
        if not any(rules.values()):
            return {}
        history = self.run.history
        return {
            "solved": stopping.solved(history, self.run.dataset.task) if rules["solved"] else "",
            "plateau": stopping.plateau(history) if rules["plateau"] else "",
            "epochs": stopping.epochs(history, rules["epochs"]) if rules["epochs"] else "",
        }

    def _overrule(self) -> None:
        """Go on past the stop rules that hold already: who presses Play after "solved" wants to. For this run alone."""
        self._muted = frozenset(name for name, reason in self._stop_reasons().items() if reason)

    def _reply(self, message: dict) -> bytes:
        run, scene = self.run, self.scene
        same = self._is_present(message)
        tail = _whole(message.get("tail")) if same else -1
        rest = message.get("rest") if same and not self.playing and tail == run.update else None
        frames = [frame for frame in self._frames if frame.update > tail]
        listed, arrays = payload.describe_frames(
            frames, self.playing and run.network.n_parameters > payload.NARROW_ABOVE
        )
        ups = self._updates_per_second()
        stride = 1 if ups is None else max(1, round(ups / FRAMES_PER_SECOND))
        header = {
            "visit": self._visit,
            "ack": _whole(message.get("n")),
            "generation": self.generation,
            "done": self.done,
            "playing": self.playing,
            "hold": None if ups is None or self._replay is not None else 1000 * stride / ups,
            "speed": self.speed,
            "speeds": [(name, label) for name, (label, _, _) in SPEEDS.items()],
            "status": run.status,
            "words": self._words(),
            "logarithmic": wants_log(run.history.train_loss, run.history.test_loss),
            "notice": self.notice,
            "can_undo": self.can_undo,
            "can_redo": self.can_redo,
            "probe": self.probe,
            "view": scene.view(),
            "ticks": self.ticks,
            "remember": self._remember(),
            "seeds": {"data": scene.experiment.data_seed, "weights": scene.experiment.init_seed},
            "idle": {"data": self.why_idle("data_seed"), "weights": self.why_idle("init_seed")},
            "scene": scene.number,
            "frames": listed,
        }
        if message.get("visit") != self._visit or _whole(message.get("scene")) != scene.number:
            header["scene_data"], described = scene.describe(run)
            arrays |= described
        elif len(scene.held) > len(scene.columns):
            arrays |= scene.feature_pictures()  # of another slice than before, perhaps
        if not same or rest:
            arrays |= self._history_up_to(frames[0].update if frames else run.update)
        if rest:
            if scene.planar:
                units = self._sharp_units(message.get("hover"))
                sharp, crossings = scene.sharp(run, units)
                header["sharp"] = {"update": run.update, "units": units}
                arrays["sharp"] = ("u1", sharp)
                if crossings is not None:
                    arrays["sharp_crossings"] = ("u1", crossings)
            if rest == "page" and self._page != (self.generation, run.update):
                self._page = (self.generation, run.update)
                self._stale.add("page")
        return payload.pack(header, arrays)

    def _remember(self) -> dict:
        """What the browser keeps, for `resume`. On the way back to an update, that update and what comes then too."""
        values = {"link": self.query, "speed": self.speed, "stop": self.stop_rule}
        values |= {"probe": self.probe, "columns": self.columns, "ticks": self.ticks}
        if self._replay is not None:
            values |= {"update": self._replay.update, "playing": self._replay.playing}
        elif self.run.status == "diverged":  # only trying the next update shows it
            values |= {"update": self.run.update + 1, "playing": False}
        return values

    def _sharp_units(self, hover) -> list[tuple[int, int]]:
        """The units whose large map is wanted: the one pointed at, if it shows another one than the answer's."""
        sizes = self.run.experiment.sizes
        if isinstance(hover, list) and len(hover) == 2:
            layer, unit = map(_whole, hover)
            with_map = len(sizes) - (1 if sizes[-1] > 1 else 2)
            if 0 <= layer < with_map and 0 <= unit < sizes[layer + 1]:
                return [(layer, unit)]
        return []

    def _history_up_to(self, update: int) -> dict:
        """The loss curve as far as the first frame of this answer: later points come with their frames."""
        history = self.run.history
        count = int((history.update <= update).sum())
        return {
            "history_update": ("f8", history.update[:count]),
            "history_train": ("f4", history.train_loss[:count]),
            "history_test": ("f4", history.test_loss[:count]),
        }

    def _words(self) -> str:
        """The run's state in words, as scratchnet says it."""
        if self._replay is not None:
            return self._replay.words
        run = self.run
        history = run.history
        dead = ()
        if "relu" in run.experiment.activations:
            dead = stopping.dead_units(run.network.activations, run.network.forward(run.x_train).a)
        solved = stopping.solved(history, run.dataset.task)
        now = run.evaluate()
        rules = {"solved": solved, "plateau": stopping.plateau(history), "score": now.test_score}
        words = stopping.status_words(run.status, run.reason, history, now.train_loss, self.playing, dead=dead, **rules)
        return f"{words} {stopping.rate_words(run.settings.learning_rate, run.learning_rate)}".rstrip()

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _still(self) -> None:
        if self.playing:
            self.pause()

    def _here(self) -> sn.Run:
        """The run at the update on screen. A fork, so that whoever still reads the old one is not disturbed."""
        run = self.run.fork()
        run.goto(self.shown)
        return run

    def _use(self, run: sn.Run) -> None:
        """Put a run on screen as it stands: a new generation begins with its present frame."""
        old = getattr(self, "scene", None)
        if old is None or not _same_scene(old.experiment, run.settings):
            self._scenes += 1
            self.scene = payload.Scene(run, self._scenes)
        if self.probe is not None and len(self.probe) != len(run.dataset.names):
            self.probe = None
        if self._replay is not None and (not self.playing or run.experiment != self._replay.experiment):
            self.playing, self._replay = self.playing and self._replay.playing, None  # she has chosen something else
        if run.status == "diverged":
            self.playing, self.reason = False, run.reason
        if len(run.dataset.names) <= max(2, *self.columns):
            self.columns = (0, 1)  # of two columns there is nothing to choose
        if len(run.dataset.names) > 1:
            self.scene.look(self.columns, self.probe)
        self.run, self.shown = run, run.update
        self._frames = [self.scene.frame(run, self.probe)]
        self._hurry = True
        self.generation += 1

    def _fitting(self, settings: sn.Experiment, changes: dict) -> dict:
        """The changes, with output, loss and features that suit another data set where the present ones cannot."""
        name = changes.get("dataset", settings.dataset)
        if name == settings.dataset or name not in sn.DATASETS:
            return changes
        old, new = sn.DATASETS[settings.dataset], sn.DATASETS[name]
        suited = sn.defaults_for(name)
        needed = () if old.task == new.task else ("output", "loss")
        needed += () if old.names == new.names else ("features",)
        return {**{field: suited[field] for field in needed}, **changes}


def _same_scene(old: sn.Experiment, new: sn.Experiment) -> bool:
    """Whether two experiments differ in nothing that a scene shows; the batch size makes its epochs' length."""
    return all(getattr(old, name) == getattr(new, name) for name in (*WORDS, "batch_size"))


def _with_layers(settings: sn.Experiment, by: int) -> dict:
    """Settings with a hidden layer more, like the last one, or without the last one. A list of activations follows."""
    hidden, activations = settings.hidden, settings.activations
    if by > 0:
        hidden = (*hidden, hidden[-1] if hidden else 4)
        activations = (*activations, activations[-1] if activations else settings.activation)
    else:
        hidden, activations = hidden[:-1], activations[:-1]
    if isinstance(settings.activation, tuple) and activations:
        return {"hidden": hidden, "activation": activations}
    return {"hidden": hidden}


def _with_feature(features: tuple[str, ...], name: str, on: bool) -> tuple[str, ...]:
    """The features with one more or less, in the order in which the board shows them."""
    if not on and features == (name,):
        raise ValueError("The network needs at least one input feature: switch another one on first.")
    return tuple(known for known in sn.FEATURES if (known in features or known == name) and (on or known != name))


def _whole(value) -> int:
    """A whole number out of a browser's message; -1 for anything else, also for a fraction."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53
    return int(value) if known and value == int(value) else -1


def _listed(names: list[str]) -> str:
    words = [WORDS.get(name, name.replace("_", " ")) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
