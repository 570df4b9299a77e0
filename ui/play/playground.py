"""Playground: one visitor's. What runs, what is on screen, and everything the visitor can do with it.

Plain Python without Streamlit, so it is tested without a browser. Two script threads of one visit may use it at once; a
lock makes each action whole.

While playing, `run` is ahead of the picture by the frames that wait in the browser. Whatever changes the run therefore
starts from the update on screen, and begins a new generation: frames of an older one are thrown away.
"""

import dataclasses
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet import goals, stopping
from scratchnet.events import MAX_UPDATE
from scratchnet.forks import Fork, Forks, parting
from scratchnet.network import parameter_index
from scratchnet.run import checkpoint_bytes
from scratchnet.values import shown
from ui import moment, remembered
from ui.classroom import assignment as tasks
from ui.labels import branch_name, left_behind, named
from ui.play import drawn_points, obeyed
from ui.play.kept import Kept
from ui.play.turn import Slices
from ui.play.words import WORDS, listed
from ui.undo import Place, Undo

# name -> (label, what is counted, how many a second); None: as fast as it goes
SPEEDS = {
    "1u": ("1 update/s", "updates", 1),
    "5u": ("5 updates/s", "updates", 5),
    "1e": ("1 epoch/s", "epochs", 1),
    "10e": ("10 epochs/s", "epochs", 10),
    "100e": ("100 epochs/s", "epochs", 100),
    "max": ("Full speed", None, None),
}
REACH_SECONDS = 0.3  # for a long way (to a link's update, an epoch's end) before it goes on in pieces on the board
SHARED_SECONDS = 0.02  # of that, for sure; the rest only while nobody else who has done something waits
LARGEST_SLICE = 64  # updates of that way between two looks around
EMPTY_MAP = "The map is empty: draw the first point, and learning can begin."
MOST_MEASURED = 50  # kinds of updates whose time is known; of more the oldest is measured again
MOST_REACHED = 50  # runs of a visit that are known to have reached the goal; of more the oldest is sought again

FIELDS = tuple(field.name for field in dataclasses.fields(sn.Experiment) if field.name != "events")


class Playground:
    """One run on screen, with the means to play, change and take back.

    name: of its board, unlike that of any other board on the page. run: read it at rest only. shown: the update on
    screen. furthest: the last update of this run that was on screen; what lies between the two is its future, and Play
    goes on along it. generation: grows with every jump, so (generation, shown) names a picture. notice: a sentence for
    the visitor, "" when there is none. assignment: the task that is obeyed, None without one. reached: the update at
    which its goal was first met on screen, which stays said; the browser keeps it for the tab, see `was_reached`.
    is_empty: the map was cleared and waits for its first point. The run then stands at its start with the points that
    were there, for an Experiment has at least one, and nothing of it is shown but the network.
    """

    def __init__(
        self,
        experiment: sn.Experiment | None = None,
        name: str = "playground",
        files: Mapping[str, sn.Points] = moment.EMPTY,
    ):
        if not (name.isascii() and name.isalnum()):  # so a key's first _ ends it: no two boards can have the same key
            raise ValueError(f"A board's name is made of letters and digits; got {name!r:.40}.")
        self.name = name
        self.files = files  # digest -> tables at hand, which a link may mean
        self.lock = threading.RLock()
        self.playing = self._is_led = False
        self.speed = moment.USUAL_SPEED
        self.counted: int | None = (
            None  # updates that the speed takes for an epoch: those of the board it is compared with
        )
        self.stop_rule = dict(moment.NO_STOP)
        self.probe: tuple[float, ...] | None = None
        self.own_points: sn.Points | None = None  # drawn or loaded, the last ones that were on the board
        self.run = (experiment or sn.Experiment()).start()
        self.shown = self.furthest = 0
        self._forks = Forks.of(self.run.experiment)
        self._kept = Kept()
        self.measured: dict[tuple, tuple[int, float]] = {}  # `work_of` -> updates, and the seconds that they took here
        self._catching: sn.Run | None = None  # on its way to where losses are missing
        self._spare: tuple[tuple, int] = ((), 0)  # for which runs that was counted, and their bytes
        self.is_empty = False
        self._stroke: int | None = None  # of the pen, by which the points were drawn last: all of it is one Undo
        # Of the data, across and up on the map; the others are held. (): its first two principal components.
        self.columns: tuple[int, ...] = (0, 1)
        self._names: tuple[str, ...] | None = None  # of the columns of what was last on the board
        self.ticks: tuple[str, ...] = ()  # below the map, as `moment.TICKS` names them
        self.notice = ""
        self.generation = 0
        self.looked_at: tuple = (0, 0)  # the place of the network that was last put under the microscope
        self.looked_sample: int | None = None  # or the training point (row of x_train), if it was one
        self.looks = 0  # how often
        self.calls = 0  # how often the board was called into view by what stands below it
        self.address = ""  # the address's query that the browser has, as the board told last
        self.hurry = True  # somebody waits for the next frames: they are the first after Play, Step or a change
        self.is_wanted = False  # somebody waits for the lock to change something: training ends with the present frame
        self._opened = False
        self.others: Callable[[], bool] = lambda: False  # whether others wait who have just done something
        self._undo = Undo()
        self._muted: frozenset[str] = frozenset()  # stop rules that already held when Play was pressed
        self.assignment: tasks.Assignment | None = None
        self.reached: int | None = None
        self._reached_by: list[tuple[sn.Experiment, int]] = []  # and at which update; the browser knows of others
        self._ahead: tuple[sn.Run, int] | None = None  # where the goal was met, by a run that the picture follows yet
        self.replay: remembered.Replay | None = None  # the way back to what was on screen, while it plays
        self._page: tuple[int, int] | None = None  # (generation, update) the page was last run for, once at rest
        self._stale: set[str] = set()  # parts of the page that show something that is no longer so: "page", "study"
        self._use(self.run)

    # ---- what is on screen -----------------------------------------------------------------------------------------

    def key(self, what: str) -> str:
        """The key of a widget, a component or an entry of the session that is this board's alone."""
        return f"{self.name}_{what}"

    @property
    def follows_the_address(self) -> bool:
        """Whether it is this board of the page that the address bar speaks of."""
        return self._opened

    @property
    def settings(self) -> dict:
        """Every setting by its name (all fields of the Experiment but events), as in force at present."""
        return {name: getattr(self.run.settings, name) for name in FIELDS}

    @property
    def query(self) -> str:
        """The Experiment on screen as the address bar writes it."""
        return self.run.experiment.to_query()

    def why_idle(self, name: str, value: object = None) -> str:
        """Why another value of a setting would change nothing at present, "" where it would; see `sn.why_idle`."""
        return sn.why_idle(self.run.settings, len(self.run.x_train), name, value)

    @property
    def forks(self) -> Forks:
        """The branches of the run, as they stand: what it became, and what it could have become as well."""
        return self._forks.stands(self.shown, self.furthest)

    @property
    def parent(self) -> Fork | None:
        """The branch that the one on screen has left; None of the first one, and of a board among others."""
        at = self._forks.here.parent
        return None if at is None or self.counted is not None else self._forks[at]

    def future_of(self, fork: Fork) -> sn.History:
        """The known losses of a branch that is not on screen, from where it left its parent, as far as it was seen."""
        return self._kept.curve(fork.experiment, fork.at, fork.furthest)

    def future_after(self, update: int, known: sn.History) -> sn.History:
        """The known losses of the branch on screen after an update, as far as it was seen. known: its epoch ends."""
        if self.is_empty or update >= self.furthest:
            return known.between(0, 0)
        rows = known.between(update, self.furthest)
        return self._kept.with_points(rows, self.run.experiment, self.furthest, self.furthest)

    def others_at_hand(self) -> list[tuple[Fork, sn.Run]]:
        """The other branches whose runs are kept, each with a run of its own to go where it was seen last: none has to
        be trained for long, but all a little, so that is for who has a turn of the gate."""
        with self.lock:
            here, found = self.forks, []
            for fork in here.every:
                runs = [run for run in self._kept.runs if run.experiment == fork.experiment]
                if fork.id != here.present and runs and runs[0].been >= fork.furthest:
                    found.append((fork, runs[0].fork()))
            return found

    @property
    def is_behind(self) -> bool:
        """Whether there are losses that were seen and are not at hand, since this came by a link or from a browser."""
        return self._behind() is not None

    def _behind(self) -> Fork | None:
        been = self._kept.been
        here = self.forks.here
        if self.run.been < here.furthest:
            return here
        others = (fork for fork in self._forks.every if fork.id != here.id)
        return next((fork for fork in others if been(fork.experiment) < fork.furthest), None)

    @property
    def lacks_losses(self) -> bool:
        """Whether curves are not whole: `is_behind`, or the loss where one begins or ends is not known."""
        return self._lacking() is not None

    def _lacking(self) -> tuple[Fork, int] | None:
        """(branch, update): what is to be trained next for the curves."""
        fork, here = self._behind(), self.forks.here
        if fork is not None:
            return fork, fork.furthest
        for fork in self._forks.every:
            ends = (fork.at, fork.furthest) if fork.id != here.id else (here.furthest,) * (self.shown < here.furthest)
            for update in ends:
                if not self._kept.has_point(fork.experiment, update):
                    return (here if fork.id == here.id else fork), update
        return None

    def catch_up(self, is_over: Callable[[], bool]) -> None:
        """Train, at rest, what is missing of the curves, until is_over says that others wait. The picture stays."""
        lacking, behind = self._lacking(), self._behind()
        if lacking is None or self.playing:
            return
        fork, update = lacking
        run = self._catching
        if run is None or run.experiment != fork.experiment:
            run = self._run_of(fork.experiment)
        run.approach(update)
        slices = Slices(LARGEST_SLICE)
        while run.update < update and run.status != "diverged" and not is_over():
            before = time.perf_counter()
            run.advance(updates=min(slices.updates, update - run.update))
            slices.took(time.perf_counter() - before)
        if run.update < update and run.status != "diverged":
            self._catching = run
            return
        self._catching = None
        self._kept.keep_point(fork.experiment, update, run.row)
        if behind is not None and fork.id != self._forks.present:
            self._kept.keep(run)
        elif behind is not None:
            run.goto(self.shown)
            self._use(run)

    @property
    def moment(self) -> moment.Moment:
        """What is on screen: the Experiment with its events, the update, the speed, when to stop, and the view."""
        update = self.shown if self.replay is None else self.replay.update
        if self.run.status == "diverged" and update == self.run.update:
            update += 1  # what is on screen is that the next update fails: only trying it shows it
        seen = (self.speed, self.stop_rule, self.probe, self.columns, self.ticks)
        return moment.Moment(self.run.experiment, update, *seen, self.task, self.is_empty, self.forks)

    @property
    def task(self) -> str:
        """The task in force as a link holds it, "" without one."""
        return self.assignment.text if self.assignment else ""

    def locks(self, *names: str) -> str:
        """Why the task does not let all of these be changed, "" where it does: settings, "edits", "speed", "stop"."""
        fixed = [name for name in names if self.assignment and name in self.assignment.fixed]
        return f"Locked by the task: {listed(fixed)}." if fixed else ""

    def hides(self, *names: str) -> bool:
        """Whether the task leaves none of these on the screen: names of controls and of drawers."""
        return self.assignment is not None and self.assignment.unseen.issuperset(names)

    @property
    def link(self) -> str:
        """The moment on screen as the address bar writes it."""
        return self.moment.query

    @property
    def words(self) -> str:
        """The run's state in words, as scratchnet says it."""
        if self.replay is not None:
            return self.replay.words
        if self.is_empty:
            return EMPTY_MAP
        run = self.run
        history = run.history
        dead = stopping.dead_units(run.network, run.x_train)
        solved = stopping.solved(history, run.dataset.task)
        now = run.evaluate()
        rules: dict[str, Any] = {"solved": solved, "plateau": stopping.plateau(history)}
        rules["score"] = now.validation_score if now.validation_total else now.test_score
        words = stopping.status_words(run.status, run.reason, history, now.train_loss, self.playing, dead=dead, **rules)
        return f"{words} {stopping.rate_words(run.settings.learning_rate, run.learning_rate)}".rstrip()

    @property
    def held(self) -> tuple[float, ...]:
        """The values at which the columns of the data are held that do not lie on the map."""
        return self.probe or tuple(self.run.dataset.x_train.mean(axis=0).tolist())

    @property
    def remember(self) -> dict:
        """What the browser keeps, for `resume`. On the way back to an update, that update and what comes then too."""
        values: dict[str, Any] = {"link": self.query, "speed": self.speed, "stop": self.stop_rule}
        values |= {"probe": self.probe, "columns": self.columns, "ticks": self.ticks, "task": self.task}
        values |= {"furthest": self.furthest, "forks": self.forks.to_text()}
        values |= {"empty": True} if self.is_empty else {}
        if self.replay is not None:
            values |= {"update": self.replay.update, "playing": self.replay.playing}
        elif self.run.status == "diverged":  # only trying the next update shows it
            values |= {"update": self.run.update + 1, "playing": False}
        return values

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

    def rests(self) -> None:
        """The board has come to rest on the update on screen: the page has to show it, too."""
        if self._page != (self.generation, self.run.update):
            self._page = (self.generation, self.run.update)
            self._stale.add("page")

    def is_used(self, part: str = "page") -> None:
        """A widget of the page around the board, or of "study" below it, was used: that part has to run.

        What the board and a widget say in the same instant is one message of the browser, which runs the board alone.
        """
        self._stale.add(part)

    def study_runs(self) -> None:
        """What stands below the board begins to run by itself."""
        self._stale.discard("study")

    # ---- memory ----------------------------------------------------------------------------------------------------

    @property
    def spare_bytes(self) -> int:
        """What `lets_go` would free: checkpoints of runs that are not on screen, as far as the one there has others."""
        catching = self._catching  # another thread may end it meanwhile
        runs = [*self._kept.runs, *self._undo.runs, *([catching] if catching is not None else [])]
        present = (self.generation, catching and catching.been, *map(id, runs))
        if self._spare[0] != present:  # of many visits it is asked again and again
            self._spare = present, checkpoint_bytes(runs, [self.run])
        return self._spare[1]

    def lets_go(self) -> bool:
        """Forget what can be trained again, and say so; not while another thread is at work here."""
        if not self.lock.acquire(blocking=False):
            return False
        try:
            self._kept.forget_runs()
            self._undo.forget_runs()
            self._catching = None
            return True
        finally:
            self.lock.release()

    # ---- what the visitor does -------------------------------------------------------------------------------------

    def open(self, query: str, first: sn.Experiment | None = None) -> None:
        """Go to the moment of a link's query string; "" gives `first`. The moment on screen again changes nothing."""
        with self.lock:
            there, ignored = moment.read(query, SPEEDS, self.files)
            assignment, ignored = obeyed.read_task(there.task, ignored, self.files)
            is_named = moment.says_a_task(query)
            if first is not None and not moment.says_something(query):
                there = moment.Moment(first)
            first = first or self.run.experiment
            there, ignored = obeyed.allowed(
                assignment, there, is_named, moment.says_an_experiment(query), first, ignored
            )
            if self.assignment is not None and assignment is None and not is_named:
                ignored = (_left(self.assignment.fingerprint), *ignored)
            takes = self._take(assignment)
            begins, self._opened = takes or not self._opened, True
            here = self.moment
            tree = there.tree
            joins = not takes and self._has(tree) and there.is_empty == here.is_empty
            if joins:  # nothing of this run is left behind
                furthest, given = tree.here.furthest, [(self._id_of(fork.experiment), fork.name) for fork in tree.every]
                tree = self.forks.goto(self._id_of(there.experiment))
                tree = tree.stands(there.update, max(furthest, tree.here.furthest))
                for id, name in given:
                    tree = tree.renamed(id, name or tree[id].name)
            if there == here and joins:
                self._forks = tree
                self._look(self.run)
                self.sees(self.shown)
                self.notice = " ".join(ignored) or self.notice
                return
            self.playing = False
            self.speed, self.stop_rule = there.speed, dict(there.stop)
            self.probe, self.ticks = there.probe, there.ticks
            self._names = sn.spec_of(there.experiment.dataset).names  # so what the link says of the map is kept
            self.columns = moment.usual_columns(self._names) if there.columns is None else there.columns
            same = (there.experiment, there.update, there.is_empty) == (here.experiment, here.update, here.is_empty)
            if same:  # another view of the same numbers
                self._use(self._here(), forks=tree)
                self.notice = " ".join(ignored)
                return
            if not (begins or joins) and (place := self._undo.opens(self._place(), there.experiment)):
                tree = place.forks.stands(there.update, max(place.forks.here.furthest, tree.here.furthest))
            run = self._run_of(there.experiment)
            run.approach(there.update)
            replay = remembered.Replay(there.experiment, there.update, False, ignored, is_lost=False)
            self._reach(run, replay, there.is_empty, tree)

    def why_not(self, **changes) -> str:
        """Why settings cannot be chosen here, "" where they can. Nothing is changed."""
        with self.lock:
            settings = self._here().settings
            try:
                settings.replace(**self._fitting(settings, changes))
            except ValueError as error:
                return named(error)
            return ""

    def apply(self, **changes) -> bool:
        """Change settings (Experiment fields). True when something changed, False for equal values.

        Live settings act from the frame on screen on. Others start a new run, with the same seeds; the notice says so.
        A bad value changes nothing, and the notice is the sentence that says why.
        """
        self.is_wanted = True
        with self.lock:
            self.is_wanted = False
            self.is_used()
            here = self._here()
            settings = here.settings
            try:
                wanted = settings.replace(**self._fitting(settings, changes))
                changed = [name for name in FIELDS if getattr(wanted, name) != getattr(settings, name)]
                if not changed:
                    return False
                if refusal := self.locks(*changed):
                    self.notice = refusal
                    return False
                whys = [self.why_idle(name, getattr(wanted, name)) for name in changed]
                if all(whys):
                    self.notice = whys[0]
                    return False
                if all(name in sn.LIVE_SETTINGS for name in changed):
                    run, notice = here.fork(), ""
                    run.change(**{name: getattr(wanted, name) for name in changed})
                    tree = self.forks.changed(run.experiment, run.update)
                else:
                    run = wanted.start()
                    tree = Forks.of(run.experiment)
                    said = listed(changed)
                    if len(wanted.hidden) == len(settings.hidden):
                        said = said.replace(WORDS["hidden"], "the number of units")
                    notice = f"Started anew: {said} cannot change within a run.{left_behind(self.forks, wanted)}"
            except ValueError as error:
                self.notice = named(error)
                return False
            self._goes_on(here, run, tree)
            if notice:
                self._overrule()
                self.notice = notice
            return True

    def replace(self, experiment: sn.Experiment) -> None:
        """Another Experiment entirely, from its start and at rest. A task has a start of its own."""
        with self.lock:
            self.is_used()
            if self.assignment is not None:
                self.notice = "The task has its own start, and Reset leads back to it."
                return
            self._undo.changes(self._place())
            self.playing = False
            self._use(experiment.start(), False, Forks.of(experiment))
            self.notice = ""

    def undo(self) -> None:
        """Take back the last change: the run as it was before, at the update it had."""
        self._go_to(self._undo.undo, "There is nothing to take back.")

    def redo(self) -> None:
        """Make the change again that was taken back last: the run as `undo` left it."""
        self._go_to(self._undo.redo, "There is nothing to do again.")

    def _go_to(self, place_from: Callable[[Place], Place | None], sentence: str) -> None:
        with self.lock:
            place = place_from(self._place())
            if place is None:
                self.notice = sentence
                return
            self._stand_where(place)

    @property
    def place(self) -> Place:
        """What is on screen, with all branches of the run, without what it takes to be there at once."""
        return Place(self.moment.tree, None, self.is_empty)

    @property
    def left(self) -> int:
        """The number of the place that a change left last: who knows it can ask for `first_left` since then."""
        return self._undo.number

    def first_left(self, since: int) -> Place | None:
        """What was on screen before the first change since `left` was this, of those not taken back; None without."""
        return self._undo.first_since(since)

    def return_to(self, place: Place) -> None:
        """Stand still where it stood, with the branches that it had then. Undo has nothing to do with it."""
        with self.lock:
            self.playing = False
            self._stand_where(place)

    def _stand_where(self, place: Place) -> None:
        self.playing = self.playing and not place.is_empty
        replay = remembered.Replay(place.experiment, place.update, self.playing, is_lost=False)
        run = place.run or self._run_of(place.experiment)
        run.approach(place.update)
        self._reach(run, replay, place.is_empty, place.forks)

    def resume(
        self,
        link,
        update,
        playing,
        speed=None,
        stop=None,
        probe=None,
        columns=None,
        ticks=(),
        reloaded=False,
        task="",
        empty=False,
        furthest=None,
        forks="",
    ) -> None:
        """Go on where the browser was when another playground answered it: `remembered` says what the values mean."""
        with self.lock:
            if reloaded is True and self._is_led:
                return
            replay = remembered.replay_of(link, update, playing, reloaded, self.files)
            speed = speed if isinstance(speed, str) and speed in SPEEDS else self.speed
            tree, ignored = remembered.forks_of(forks, replay, furthest)
            there = moment.Moment(replay.experiment, replay.update, speed, remembered.stop_rule_of(stop), forks=tree)
            assignment, ignored = obeyed.read_task(task, ignored, self.files)
            there, ignored = obeyed.allowed(assignment, there, bool(task), True, there.experiment, ignored)
            replay = dataclasses.replace(replay, experiment=there.experiment, update=there.update, ignored=ignored)
            self._take(assignment)
            self.speed, self.stop_rule = there.speed, dict(there.stop)
            self._undo.forget()
            mine = replay.experiment.dataset
            is_empty = empty is True and not replay.update and isinstance(mine, sn.Points) and mine.is_drawn
            tree = Forks.of(replay.experiment) if is_empty else there.tree  # nothing lies beyond an empty map
            self._use(replay.experiment.start(), is_empty, tree)
            if probe is not None:
                self.set_probe(probe)
            if columns is not None and len(self.run.dataset.names) > 2:
                self.slice(columns)
            self.ticks = moment.known_ticks(ticks) or ()
            self.notice = replay.announced
            self.replay, self.playing = replay, True
            if self.run.update == replay.update:
                self._arrived_again()

    def is_led_here(self) -> None:
        """A link on another page of this visit has opened what is on screen: it is newer than what the browser kept
        when it loaded that page anew."""
        self._is_led = True

    def play(self) -> None:
        with self.lock:
            self.notice, self.replay = "", None
            if self.is_empty:
                self.notice = EMPTY_MAP
                return
            if self.run.status == "diverged":
                ways = "undo the last change, reset," if self.can_undo else "reset,"
                self.notice = f"This run has diverged and cannot go on: {ways} or change what is named as the cause."
                return
            self.playing, self.hurry = True, True
            self._overrule()
            if self._muted:
                self.notice = f"It goes on past this: {'; '.join(filter(None, self._stop_reasons().values()))}."

    def pause(self, unseen: bool = False) -> None:
        """Stand still on the frame on screen; what was computed ahead of it is forgotten. unseen: the board does it by
        itself, because nobody looks."""
        with self.lock:
            self.playing = False
            if self.replay is not None:
                self.notice = ""  # that it trains again, up to an update
            self._use(self._here())
            if unseen:
                self.notice = f"Paused at update {self.run.update:,}: nobody had looked for ten minutes."

    def step(self, what: str = "update") -> None:
        """Make one update, or go to the next epoch end, and stand still."""
        if what not in ("update", "epoch"):
            raise ValueError(f'A step is one "update" or one "epoch"; got {what!r:.40}.')
        with self.lock:
            self.playing, self.replay = False, None
            if self.is_empty:
                self.notice = EMPTY_MAP
                return
            run = self._here()
            last = run.update + 1 if what == "update" else run.epoch_end()
            self._reach(run, remembered.Replay(run.experiment, last, False, is_lost=False))

    def back(self) -> None:
        """Go to the update before the one on screen, and stand still; at the start nothing is before."""
        with self.lock:
            self._stand_at(max(self.shown - 1, 0))

    def goto(self, update: Any, then: Callable[[], object] | None = None) -> None:
        """Stand still at an update that was on screen before. What was learned beyond it stays, as the future. then:
        what is done on arrival, which can be later: see `_reach` and `Replay`."""
        with self.lock:
            if type(update) is not int or not 0 <= update <= self.furthest:
                until = f"a whole number up to {self.furthest:,}, the furthest that was on screen"
                self.notice = f"Update: expected {until}, got {shown(update)}; choose one of these."
                return
            self._stand_at(update, then)

    def reach(self, update: Any) -> None:
        """Stand still at an update, wherever it lies: beyond the furthest one it is trained for, as for a link's."""
        with self.lock:
            if type(update) is not int or not 0 <= update <= moment.MOST_UPDATES:
                until = f"a whole number from 0 to {moment.MOST_UPDATES:,}"
                self.notice = f"Update: expected {until}, got {shown(update)}; choose one of these."
                return
            self._stand_at(update)

    def _stand_at(self, update: int, then: Callable[[], object] | None = None) -> None:
        self.playing, self.replay = False, None
        run = self.run.fork()
        run.approach(update)
        self._reach(run, remembered.Replay(run.experiment, update, False, is_lost=False, then=then), self.is_empty)

    def branch(self, id: Any, update: Any = None) -> None:
        """Stand still on another branch: where it was on screen last, or at an update that was seen of it."""
        with self.lock:
            tree = self.forks.goto(id)
            update = tree.here.shown if update is None else update
            if type(update) is not int or not 0 <= update <= tree.here.furthest:
                until = f"a whole number up to {tree.here.furthest:,}, the furthest that was seen of this branch"
                self.notice = f"Update: expected {until}, got {shown(update)}; choose one of these."
                return
            if id == self._forks.present:
                self._stand_at(update)
                return
            self.playing, self.replay = False, None
            run = self._run_of(tree.here.experiment)
            run.approach(update)
            replay = remembered.Replay(run.experiment, update, False, is_lost=False)
            self._reach(run, replay, forks=tree.stands(update, tree.here.furthest))

    def rename(self, id: Any, name: Any) -> None:
        """Give a branch a name; "" takes it away again."""
        with self.lock:
            self._arrange(self.forks.renamed(id, name))

    def delete(self, id: Any) -> None:
        """Take a branch away. Those that left it stay whole; of the one on screen its parent takes the place."""
        with self.lock:
            tree = self.forks.without(id)
            if tree.present == self._forks.present:
                self._arrange(tree)
                return
            self._undo.changes(self._place())
            self.playing, self.replay = False, None
            update = min(self.shown, tree.here.furthest)
            run = self._run_of(tree.here.experiment)
            run.approach(update)
            replay = remembered.Replay(run.experiment, update, False, is_lost=False)
            self._reach(run, replay, forks=tree.stands(update, tree.here.furthest))

    def _arrange(self, tree: Forks) -> None:
        """The same branch stays on screen, in another tree."""
        if tree == self.forks:
            return
        self._undo.changes(self._place())
        self._use(self._here(), self.is_empty, tree)
        self.notice = ""

    def reset(self) -> None:
        """Back to the start: the same data and first weights, with the settings now in force; in a task its start."""
        with self.lock:
            here = self._here()
            start = self.assignment.start if self.assignment else here.settings
            if here.update == 0 and here.experiment == start:
                self.playing = False
                self._use(here)
                return
            tree = self.forks
            edited = self.assignment is None and any("edits" in changes for _, changes in here.experiment.events)
            self._undo.changes(self._place(here))
            self.playing = False
            self._use(start.start(), False if self.assignment else None, Forks.of(start))
            left = "" if self.assignment else left_behind(tree, start)
            back = "Back at the start" + (", without the weights that were set by hand" if edited else "")
            self.notice = f"{back}.{left}" if edited or left else ""
            if self.assignment and here.experiment != start:
                self.notice = "Back at the start of the task, with its settings. Undo brings yours back."

    def new_weights(self) -> None:
        tree = self.forks
        if self.apply(init_seed=self.run.settings.init_seed + 1):
            left = left_behind(tree, self.run.settings)
            self.notice = f"New initial weights: seed {self.run.settings.init_seed}.{left}"

    def new_data(self) -> None:
        tree = self.forks
        if self.apply(data_seed=self.run.settings.data_seed + 1):
            self.notice = f"New data: seed {self.run.settings.data_seed}.{left_behind(tree, self.run.settings)}"

    def new_order(self) -> None:
        self.apply(order_seed=self.run.settings.order_seed + 1)

    def edit(self, layer: int, unit: int, source: int | None, value: float) -> None:
        """Set one weight (source: unit or feature it comes from) or bias (source None) of the frame on screen."""
        with self.lock:
            if refusal := self.locks("edits"):
                self.notice = refusal
                return
            here = self._here()
            run = here.fork()
            try:
                run.edit(layer, unit, source, value)
                tree = self.forks.changed(run.experiment, run.update)
            except ValueError as error:
                self.notice = named(error)
                return
            self._goes_on(here, run, tree)

    def draw(self, what: str, given: Mapping[str, Any]) -> None:
        """Take a tool to the visitor's own points, from the update on screen on. given: what the tool is told, as
        `drawn_points` checks it; and `stroke`, a number that all of one stroke of the pen have in common.

        take: the points of the data set become her own. clear: they go, and the first one drawn begins anew.
        classes: one more or less (by). add: rows; change: one of them (index, was, row); erase: some of them (rows).
        label: all of them by a typed function (text, class).
        """
        self.is_wanted = True
        with self.lock:
            self.is_wanted = False
            if refusal := self.locks("dataset"):
                self.notice = refusal
                return
            here, stroke = self._here(), given.get("stroke")
            points, said = drawn_points.taken(here.dataset, here.settings.dataset)
            is_hers = points == here.settings.dataset
            if what == "take":
                self.notice, tree = said, self.forks
                if self.apply(dataset=points):
                    self.notice = said + left_behind(tree, self.run.settings)
                return
            if what == "clear":
                self._clear(here, points)
                return
            if not is_hers:
                raise ValueError("These points are the data set's: take them as yours first, or clear the map.")
            if what == "classes":
                self._add_a_class(points, given["by"])
                return
            if self.is_empty and what != "add":
                raise ValueError(EMPTY_MAP)
            match what:
                case "add":
                    new, said = drawn_points.added(points, given["rows"], self.is_empty)
                case "change":
                    new, said = drawn_points.changed(points, given["index"], given["was"], given["row"]), ""
                case "label":
                    new, said = drawn_points.labelled(points, given["text"], given["class"])
                case "erase":
                    new, said = drawn_points.erased(points, given["rows"]), ""
                case _:
                    raise ValueError(f"There is no tool {what!r:.40}; reload the page.")
            self.notice = said
            if new == points and not self.is_empty:
                return
            run = here.fork()
            try:
                run.draw(new)
                tree = self.forks.changed(run.experiment, run.update)
            except ValueError as error:
                self.notice = named(error)
                return
            self._goes_on(here, run, tree, is_empty=False, is_one=stroke is not None and stroke == self._stroke)
            self.notice, self._stroke = self.notice or said, stroke

    def _clear(self, here: sn.Run, points: sn.Points) -> None:
        """Empty the map. What was learned goes with the points; the settings stay."""
        if self.is_empty:
            self.notice = EMPTY_MAP
            return
        self._undo.changes(self._place(here))
        self.playing = False
        self._use(here.settings.replace(dataset=points).start(), is_empty=True)
        self.notice = ""  # the status line says what to do

    def _add_a_class(self, points: sn.Points, by: object) -> None:
        if by not in (1, -1):
            raise ValueError("A class is added or taken away: one at a time.")
        more, was_empty = by == 1, self.is_empty
        less = drawn_points.with_a_class_less
        new = drawn_points.with_a_class_more(points) if more else less(points, was_empty)
        has_learned, tree = self._here().update > 0, self.forks
        if not self.apply(dataset=new):
            return
        self.is_empty = was_empty
        if was_empty:
            self.playing = False
        left = " Undo brings back what was learned." if has_learned and len(tree.every) == 1 else ""
        left += left_behind(tree, self.run.settings)
        self.notice = f"Started anew with {len(new.classes)} classes, so with other outputs.{left}"

    def look(self, layer: int, unit: int, *source: int | None) -> None:
        """Put a unit, one of its weights (source) or its bias (source None) under the microscope, and stand still."""
        with self.lock:
            if self.is_empty:
                self.notice = EMPTY_MAP
                return
            try:
                parameter_index(self.run.experiment.sizes, layer, unit, source[0] if source else None)
            except ValueError as error:
                self.notice = str(error)
                return
            self._still()
            self.looked_at, self.looked_sample, self.looks = (layer, unit, *source), None, self.looks + 1

    def look_at(self, index: int) -> None:
        """Put a training point, a row of x_train, under the microscope, and stand still."""
        with self.lock:
            if self.is_empty:
                self.notice = EMPTY_MAP
                return
            points = len(self.run.x_train)
            if type(index) is not int or not 0 <= index < points:
                self.notice = f"Training point: expected a number from 1 to {points}; choose another one."
                return
            self._still()
            self.looked_sample, self.looks = index, self.looks + 1

    def set_probe(self, values) -> None:
        """Follow one input through the network: a number for each column of the data, or None."""
        with self.lock:
            if values is not None:
                columns = self.run.dataset.names
                try:
                    values = tuple(float(value) for value in values)
                except (TypeError, ValueError, OverflowError):
                    values = ()
                if len(values) != len(columns) or not all(abs(value) <= moment.LARGEST_INPUT for value in values):
                    names = ", ".join(columns)
                    self.notice = (
                        f"An input is one number for each of {names}, at most {moment.LARGEST_INPUT:,.0f} in size."
                    )
                    return
            self.probe = values
            self._use(self._here())

    def probe_row(self, index) -> None:
        """Follow a training point, a row of x_train, to its last digit."""
        with self.lock:
            x = self.run.dataset.x_train
            if type(index) is not int or not 0 <= index < len(x):
                raise ValueError(f"Training point: expected a number from 1 to {len(x)}; choose another one.")
            self.set_probe(x[index].tolist())

    def probe_on_the_plane(self, place) -> None:
        """Follow the input at a place (s, t) of the plane of the principal components."""
        with self.lock:
            data = self.run.dataset
            try:
                s, t = (float(value) for value in place)
            except (TypeError, ValueError, OverflowError):
                s = t = float("nan")
            if len(data.names) < 3 or not abs(s) + abs(t) <= moment.LARGEST_INPUT:
                raise ValueError("A place on the map is two numbers; click on it again.")
            plane, _ = sn.principal_plane_of(data)
            x = plane.points(np.array([s]), np.array([t]))
            self.set_probe((x if data.scale is None else data.scale.back(x))[0].tolist())

    def slice(self, columns) -> None:
        """Choose the two columns of the data that lie across and up on the map; none: its principal components."""
        with self.lock:
            names = self.run.dataset.names
            chosen = tuple(columns) if isinstance(columns, list | tuple) else ()
            known = all(type(column) is int and 0 <= column < len(names) for column in chosen)
            is_principal = columns in ([], ()) and len(names) > 2
            if not is_principal and (not known or not len(chosen) == len(set(chosen)) == 2):
                self.notice = f"The map shows two different inputs of {', '.join(names)}; choose another one."
                return
            self.columns = chosen
            self._use(self._here())

    def tick(self, names) -> None:
        """Choose what is ticked below the map: names of `moment.TICKS`. It changes no number."""
        ticks = moment.known_ticks(names)
        if ticks is None:
            raise ValueError(f"Below the map there are {', '.join(moment.TICKS)}, and one axis; reload the page.")
        with self.lock:
            self.ticks = ticks
            if not self.playing:  # the address says it, at rest
                self.is_used()

    def set_speed(self, name: str) -> None:
        if name not in SPEEDS:
            raise ValueError(f"There is no speed {name!r:.40}; choose one of {', '.join(SPEEDS)}.")
        with self.lock:
            if name != self.speed and (refusal := self.locks("speed")):
                self.notice = refusal
                return
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
        with self.lock:
            if refusal := self.locks("stop"):
                self.notice = refusal
                return
            self.stop_rule = {**self.stop_rule, **rules}
            self._muted = frozenset()

    # ---- what runs -------------------------------------------------------------------------------------------------

    @property
    def updates_per_epoch(self) -> int:
        """Of the settings in force."""
        return self.run.updates_per_epoch

    @property
    def limit(self) -> float | None:
        """Updates a second of the chosen speed; None at full speed and on the way back to an update."""
        _, unit, count = SPEEDS[self.speed]
        if count is None or self.replay is not None:
            return None
        return count * ((self.counted or self.updates_per_epoch) if unit == "epochs" else 1)

    def train(self, updates: int) -> None:
        """Train so many updates while it plays, or less far: to what was gone back for, to where a chosen stop rule
        holds, to a divergence.

        Each epoch end is looked at, however many lie between two frames: a fast machine stops where a slow one does.
        """
        run, rules = self.run, self.replay is None and any(self.stop_rule.values())
        looks = rules or self._is_sought(run)
        last = run.update + updates
        if self.replay is not None:
            last = min(last, self.replay.update)
        while self.playing and run.update < last and run.status != "diverged":
            epoch = run.epoch
            self._advance(run, min(last, run.epoch_end()) if looks else last)
            if run.epoch > epoch or run.status == "diverged":
                self._look(run)
            if rules and run.epoch > epoch:
                for name, reason in self._stop_reasons().items():
                    if reason and name not in self._muted and self.playing:
                        run.goto(int(run.history.update[-1]))
                        run.stop(reason)
                        self.playing = False
        if self.replay is not None and (run.update >= self.replay.update or run.status == "diverged"):
            self._arrived_again()
        elif run.status == "diverged":
            self.playing = False

    def _advance(self, run: sn.Run, last: int) -> None:
        """Train a run on to an update, and keep in mind how long that took."""
        first, before, work = run.update, time.perf_counter(), work_of(run.settings, len(run.x_train))
        event = run.experiment.next_event(first)
        run.advance(updates=last - first)
        took, made = time.perf_counter() - before, run.update - first
        if made and (event is None or run.update <= event):  # else they were not all of one kind
            updates, seconds = self.measured.pop(work, (0, 0.0))
            others = list(self.measured.items())[1 - MOST_MEASURED :]
            self.measured = {**dict(others), work: (updates + made, seconds + took)}

    def _reach(
        self, run: sn.Run, replay: remembered.Replay, is_empty: bool = False, forks: Forks | None = None
    ) -> None:
        """Put a run on screen at the update of the replay: at once, or where that takes long, in pieces on the board.

        On the way there the board plays, so that the visitor sees how far it is and Pause stops it.
        """
        slices, began = Slices(LARGEST_SLICE), time.perf_counter()
        now = began
        while run.update < replay.update and run.status != "diverged" and now < began + REACH_SECONDS:
            last, epoch, before = min(replay.update, run.update + slices.updates), run.epoch, now
            self._advance(run, min(last, run.epoch_end()) if self._is_sought(run) else last)
            if run.epoch > epoch:
                self._look(run)
            now = time.perf_counter()
            slices.took(now - before)
            if self.makes_others_wait(began):
                break
        furthest = self.furthest if forks is None else forks.here.furthest
        if run.been == MAX_UPDATE and run.update == replay.update == furthest:  # after this one it has failed, perhaps
            tried = run.fork()
            tried.advance(updates=1)
            run = tried if tried.status == "diverged" else run
        self._use(run, is_empty, forks)
        if run.update < replay.update and run.status != "diverged":
            self.playing, self.notice, self.replay = True, replay.announced, replay
        else:
            self._overrule()
            self.notice = replay.said(run.update)
            if replay.then is not None and run.update == replay.update:
                replay.then()

    def makes_others_wait(self, began: float) -> bool:
        """Whether who began to compute then (`time.perf_counter`) had better leave the rest for later."""
        return time.perf_counter() > began + SHARED_SECONDS and self.others()

    def _arrived_again(self) -> None:
        """What was on screen before is there again: go on as it was."""
        replay, self.replay = self.replay, None
        if replay is not None:
            self.playing, self.notice = replay.playing, replay.said(self.run.update)
        self._use(self.run)  # a command that waited begins here, though the browser has not seen it yet
        self._stale.add("page")
        self._overrule()
        if replay is not None and replay.then is not None and self.run.update == replay.update:
            replay.then()

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

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _still(self) -> None:
        if self.playing:
            self.pause()

    def _here(self) -> sn.Run:
        """The run at the update on screen. A fork, so that whoever still reads the old one is not disturbed."""
        run = self.run.fork()
        run.goto(self.shown)
        return run

    def _place(self, here: sn.Run | None = None) -> Place:
        """What is on screen, for Undo. here: the run there, if somebody has it."""
        here = here or self._here()
        return Place(self.forks.stands(here.update, self.furthest), here, self.is_empty)

    def _goes_on(
        self, here: sn.Run, run: sn.Run, tree: Forks, is_empty: bool | None = None, is_one: bool = False
    ) -> None:
        """A change was made here: the run goes on with it, in a tree that has it.

        is_one: for Undo it is one with the change before.
        """
        old, self.notice = self.forks, ""
        if run.experiment == old.here.experiment and not self.is_empty:
            return
        if not is_one:
            self._undo.changes(self._place(here))
        known = old.known(run.experiment)
        if (
            known is not None and known.id != old.present
        ):  # by this change she has come to a branch that is there already
            run, update = self._run_of(run.experiment), run.update
            run.goto(update)
        self._use(run, is_empty, tree)
        gone = [fork.id for fork in old.every if fork.id not in {other.id for other in tree.every}]
        if tree.made > old.made and gone:
            self.notice = f"The oldest branch, {branch_name(old, gone[0])}, made room; Undo brings it back."
        elif old.here.furthest and run.experiment.dataset != old.here.experiment.dataset:
            left = left_behind(old, run.settings)
            undo = "" if len(old.every) > 1 else "; Undo brings the other run back"
            self.notice = f"Started anew with these points{undo}.{left}"

    def _has(self, tree: Forks) -> bool:
        return all(self._forks.known(fork.experiment) for fork in tree.every)

    def _id_of(self, experiment: sn.Experiment) -> int:
        return next(fork.id for fork in self._forks.every if fork.experiment == experiment)

    def _run_of(self, experiment: sn.Experiment) -> sn.Run:
        """A run of an Experiment, at any update: one that was kept, or what is left of its past in another one."""
        runs = [run for run in (self.run, *self._kept.runs) if _are_same(run.experiment, experiment, -1)]
        if not runs:
            return experiment.start()
        partings = [parting(run.experiment, experiment) for run in runs]
        if None in partings:
            return runs[partings.index(None)].fork()
        until = max(at for at in partings if at is not None)
        run = runs[partings.index(until)].fork()
        run.approach(until)
        run.follow(experiment)
        return run

    def _use(self, run: sn.Run, is_empty: bool | None = None, forks: Forks | None = None) -> None:
        """Put a run on screen as it stands: a new generation begins.

        is_empty: None for as it was, unless the data or the update is another one. forks: the tree that it is the
        present branch of; None for as it was, unless it is another run.
        """
        if is_empty is None:
            is_empty = self.is_empty and not run.update and run.settings.dataset == self.run.settings.dataset
        self.is_empty, self._stroke = is_empty, None
        if self.probe is not None and len(self.probe) != len(run.dataset.names):
            self.probe = None
        if self._ahead is not None and not (self._ahead[0] is run and self._ahead[1] <= run.update):
            self._ahead = None  # what was ahead of the picture is forgotten
        self._look(run)
        if self.replay is not None and (not self.playing or run.experiment != self.replay.experiment):
            self.playing, self.replay = self.playing and self.replay.playing, None  # she has chosen something else
        if run.status == "diverged":
            self.playing = False
        if isinstance(run.settings.dataset, sn.Points):
            self.own_points = run.settings.dataset
        names = run.dataset.names
        if self._names not in (None, names) or len(names) <= max((2, *self.columns)):
            self.columns = moment.usual_columns(names)
        self._names = names
        if forks is None:
            is_same = run.experiment == self._forks.here.experiment
            forks = self.forks if is_same else Forks.of(run.experiment)
        if run.experiment != self.run.experiment and forks.known(self.run.experiment):
            self._kept.keep(self.run)
        self._forks, self.furthest = forks, run.update if run.status == "diverged" else forks.here.furthest
        self.run = run
        self.sees(run.update)
        self.hurry = True
        self.generation += 1

    # ---- the task --------------------------------------------------------------------------------------------------

    def sees(self, update: int) -> None:
        """The visitor sees this update of the run: what was met up to there is reached."""
        event = self.run.experiment.next_event(self.shown)
        if self.playing and event is not None and event <= update:
            self._stale.add("page")  # from here on another setting is in force
        self.shown, self.furthest = update, max(self.furthest, update)
        if self._ahead is not None and self._ahead[1] <= update:
            run, at = self._ahead
            self._reached_by = [*self._reached_by[1 - MOST_REACHED :], (run.experiment, at)]
            self.reached, self._ahead = at if self.reached is None else self.reached, None
            self._stale.add("page")

    def was_reached(self, fingerprint: object, update: Any) -> None:
        """The browser says that in its tab this task was reached before, at this update: that stays said."""
        with self.lock:
            is_known = type(update) is int and 0 <= update <= MAX_UPDATE
            if self.assignment is None or fingerprint != self.assignment.fingerprint or not is_known:
                return
            if self.reached is None:
                self.reached = update

    def was_left(self, fingerprint: object) -> None:
        """The browser says that in its tab there was this task, before a link without one was opened."""
        is_one = isinstance(fingerprint, str) and tasks.is_letters(fingerprint)
        with self.lock:
            if is_one and self.assignment is None and not self.notice:
                self.notice = _left(str(fingerprint))

    def reached_here(self) -> int | None:
        """The update at which the run on screen reached the goal; None if it did not, or only the browser knows."""
        with self.lock:
            return self._reached_on_the_way_of(self.run)

    def _reached_on_the_way_of(self, run: sn.Run) -> int | None:
        known = (at for by, at in self._reached_by if at <= run.update and _are_same(by, run.experiment, at))
        return min(known, default=None)

    def _is_sought(self, run: sn.Run) -> bool:
        """Whether this run is still to reach a goal: each one is, for a pupil may hand in any of them."""
        task = self.assignment
        return task is not None and bool(task.goal.conditions) and self._reached_on_the_way_of(run) is None

    def _look(self, run: sn.Run) -> None:
        """Keep in mind that the goal is met where a run stands, until the picture has come there."""
        task = self.assignment if self._is_sought(run) and not self.is_empty else None
        if task is None or (self._ahead is not None and self._ahead[0] is run):
            return
        if goals.is_reached(goals.measure(task.goal, run, task.start)):
            self._ahead = run, run.update

    def _take(self, assignment: tasks.Assignment | None) -> bool:
        """Obey this task from now on, and say whether it is another one: then no Undo leads to what was before."""
        if assignment == self.assignment:
            return False
        self.assignment, self.reached, self._reached_by, self._ahead = assignment, None, [], None
        self._undo.forget()
        return True

    def _fitting(self, settings: sn.Experiment, changes: dict) -> dict:
        """The changes, with output, loss and features that suit another data set where the present ones cannot."""
        name = changes.get("dataset", settings.dataset)
        if name == settings.dataset or not (isinstance(name, sn.Points) or name in sn.DATASETS):
            return changes
        old, new = sn.spec_of(settings.dataset), sn.spec_of(name)
        suited = sn.defaults_for(name)
        needed: tuple[str, ...] = () if old.task == new.task else ("output", "loss")
        needed += () if len(old.names) == len(new.names) else ("features",)
        return {**{field: suited[field] for field in needed}, **changes}


def work_of(settings: sn.Experiment, rows: int) -> tuple:
    """What decides how long an update takes: equal ones are of one kind. rows: of training data."""
    kind = (settings.sizes, settings.activations, settings.output, settings.loss, settings.optimizer)
    return *kind, min(settings.batch_size, rows), rows, settings.l1 > 0, settings.l2 > 0, settings.clip_norm is None


def _are_same(one: sn.Experiment, other: sn.Experiment, until: int) -> bool:
    """Whether two experiments determine the same run, up to an update."""
    first, second = ([event for event in of.events if event[0] <= until] for of in (one, other))
    return first == second and all(getattr(one, name) == getattr(other, name) for name in FIELDS)


def _left(fingerprint: str) -> str:
    return f"This link has no task, so task {fingerprint} is left. The browser's Back button leads to it again."
