"""Conversation: what a board and its playground say to each other. Messages come in as dicts, answers go out as bytes.

docs/architecture.md has the words. Whatever is lost, late or said twice: every answer holds all frames after the newest
one that the browser says it has, and a command is carried out once, by its number.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet import goals
from scratchnet.jumps import jumps
from ui.kit.numbers import text
from ui.labels import branch_name
from ui.loss_axis import wants_log
from ui.play import drawn_points, payload
from ui.play.film import film
from ui.play.playground import SPEEDS, Playground
from ui.play.turn import FRAMES_PER_SECOND, Pace, Slices, Turn, longest, turn

WAITING_FRAMES = 72  # a browser that has so many to play gets no more
MOST_KEPT, MOST_KEPT_BYTES = 256, 6_000_000  # frames that the browser did not show yet; with them training ends
SETTLED_TURNS = 8  # after a change, before it is said that the chosen speed is not reached
MOST_COMMANDS = 100  # of one message that are carried out; the browser says the others again
MOST_LISTED = 1000  # of one message that are looked at: some may have been carried out already
LOCK_SECONDS = 0.02  # for which a turn waits until no other thread of the same visitor changes the playground
OBEY_SECONDS = 0.5  # for the commands of one message; what comes after that waits for the next one
MOST_CHARACTERS, MOST_PARAMETERS = 512 * 1024, 1000  # of an address, which Streamlit hands on
LONGEST_ADDRESS = 250_000  # characters; MAX_QUERY of a link and what else an address may hold
# Commands that leave the page around the board as it is, unless they have something to say.
QUIET = ("play", "pause", "step", "back", "goto", "reach", "speed", "tick", "draw")
QUIET += ("probe", "probe_row", "probe_at", "slice")
# What the browser keeps, beside the update and whether it plays.
REMEMBERED = ("link", "speed", "stop", "probe", "columns", "ticks", "task", "empty", "furthest", "forks")


class Conversation:
    """One board's, with one playground. done: id of the last command of the board that was carried out.

    letter: of one of several boards that a bar moves together, "" where it stands alone. who: the name under which it
    waits for the gate; boards of one visitor that play at once have one name, so that they share what one board would
    have.
    """

    def __init__(self, playground: Playground):
        self.playground = playground
        self.done = 0
        self.letter = ""
        # A board in the browser may outlive the server's memory of it; by this it sees that another playground answers.
        self._visit = self.who = secrets.token_hex(4)
        self._answered = 0  # number of the last message of the board
        self._waiting = 0  # id of the last command that was given before the way to an update began
        self._opening_is_known = False  # how long the address was with which the page was loaded
        self._pace = Pace()
        self._hold: float | None = None  # seconds that the frames of the last turn stay on screen
        self._seconds = 0.0  # of the last turn
        self._turns = 0  # since the last change
        self._reached = 0.0  # updates a second, of the last turns
        self._answered_at: float | None = None
        self._made = 0  # frames of the last turn
        self._film: tuple[int, int, int] | None = None  # (from, to, n) of frames that are asked for beside the others
        self._is_dry = False  # the browser had shown all others when these came
        self._scene: payload.Scene | None = None
        self._drawn = -1  # the generation that the frames are of
        self._frames: list[payload.Frame] = []
        self._named: tuple[tuple, dict[int, dict]] = ((), {})  # branches, and what is said of each

    def answer(
        self,
        message: dict | None,
        gate=None,
        clock: Callable[[], float] = time.perf_counter,
        gives_up: Callable[[], bool] = lambda: False,
        wall: bool = False,
    ) -> bytes:
        """The board's payload. message: its last ack, None before the first. gate: a `ui.gate.Gate`, for training.

        Idempotent: every frame after the one the browser says it holds, whoever asks and how often. Only a message that
        was not answered before makes a playing run go on. gives_up: asked while it waits for the gate, see `Gate.turn`,
        and while it trains, for then this visitor has done something else. wall: the board is shown by a projector, so
        nothing is typed on it.
        """
        message = message if isinstance(message, dict) else {}
        pg = self.playground
        if gate is not None:
            pg.others = gate.is_awaited
        # Whatever a click computes is computed in a turn, too: beside it others would have a part of the processor.
        is_new = self.has_news(message) or self._drawn != pg.generation
        train = False
        if not is_new:
            with pg.lock:
                is_new = self.has_news(message)  # by another thread a way has ended, and what waited begins
                train = not is_new and self._listen(message)
        works = is_new or train or self._film is not None or bool(message.get("rest"))
        with self._turn(gate if works else None, is_new or (pg.hurry and pg.playing), gives_up) as is_ours:
            if is_new and is_ours:
                train = self._listen(message)
            filmed = self._make_film(message, gate, clock) if is_ours else None
            if not (is_ours and train):
                pass
            elif not pg.playing:
                self._catch_up(clock, gate, gives_up)
            elif gate is None:
                self._train(clock, lambda: 1, lambda: False)
            else:
                self._train(clock, lambda: gate.players(self.who), lambda: gate.is_awaited() or gives_up())
            return self._reply(message, wall, filmed)

    @contextmanager
    def _turn(self, gate, first: bool, gives_up: Callable[[], bool]) -> Iterator[bool]:
        """A turn of the gate with the playground's lock; without a gate the lock alone. Gives whether it is a turn.

        The gate is waited for without the lock: a control of this visitor must not wait for other visitors. And others
        must not wait for a control of hers, so a turn that finds the lock taken is given back until it is free.
        """
        pg = self.playground
        while gate is not None:
            with gate.turn(self.who, first, gives_up) as is_ours:
                if pg.lock.acquire(timeout=LOCK_SECONDS if is_ours else -1):
                    try:
                        yield is_ours
                    finally:
                        pg.lock.release()
                    return
            with pg.lock:
                pass
        with pg.lock:
            yield True

    def has_news(self, message: object) -> bool:
        """Whether a message has a command that is to be carried out now. A browser may send anything."""
        commands = self._commands_of(message) if isinstance(message, dict) else []
        most = self.done + MOST_COMMANDS
        is_any = any(isinstance(one, dict) and self.done < _whole(one.get("id")) <= most for one in commands)
        return is_any and (self.playground.replay is None or self._hears_more(commands))

    def _commands_of(self, message: dict) -> list:
        """What another playground was told to do is not for this one: the browser will say where it was, and tell
        again."""
        return _listed(message.get("outbox")) if message.get("visit") in (None, self._visit) else []

    def _listen(self, message: dict) -> bool:
        """Take in what the browser shows and wants. Gives whether the run is to go on."""
        pg = self.playground
        fresh = _whole(message.get("n")) != self._answered
        self._answered = max(self._answered, _whole(message.get("n")))
        if self._is_present(message):
            shown = _whole(message.get("shown"))
            if pg.shown <= shown <= pg.run.update:
                pg.sees(shown)
            self._frames = [frame for frame in self._frames if frame.update >= pg.shown]
        self._is_dry = _whole(message.get("queued")) <= self._made
        self._pace.paints = min(max(_whole(message.get("fps", FRAMES_PER_SECOND)), 10), FRAMES_PER_SECOND)
        if isinstance(message.get("address"), str):
            pg.address = message["address"][:LONGEST_ADDRESS]
        self._hear_of_what_streamlit_dropped(message.get("opened"))
        commands, is_broken_off = self._commands_of(message), False
        most = self.done + MOST_COMMANDS  # ids are counted one by one: none far beyond is taken for done
        began = time.perf_counter()
        for place, command in enumerate(commands):
            if time.perf_counter() > began + OBEY_SECONDS or pg.makes_others_wait(began):
                break
            if isinstance(command, dict) and self.done < _whole(command.get("id")) <= most:
                if pg.replay is not None:
                    if not self._hears_more(commands):
                        break
                    is_broken_off = True
                self.done = _whole(command["id"])
                if not (_goes(command) and _goes(*commands[place + 1 : place + 2])):  # of quick moves the last counts
                    self._obey(command)
                    if pg.replay is not None and not is_broken_off and command.get("kind") != "resume":
                        self._have_wait(commands[place + 1 :])
        # There is none of a generation that has just ended: whoever let go of the slider does not wait for the gate.
        self._film = _stretch(message.get("film")) if fresh and self._is_present(message) else None
        if not pg.playing:  # a board at rest asks a few times, and on while it is told that there is more
            return fresh and self._is_present(message) and bool(message.get("rest")) and pg.lacks_losses
        if pg.hurry:  # what is on screen by now is another picture than these
            return True
        # What was said before the last answer came asks for the frames that are in it, or were lost with it.
        newest = self._frames[-1].update if self._frames else -1
        has_all = self._is_present(message) and _whole(message.get("tail")) >= newest
        hungry = _whole(message.get("queued")) < WAITING_FRAMES and self._may_keep_more()
        return fresh and has_all and hungry

    def _may_keep_more(self) -> bool:
        """Whether more frames can be made: of those that the browser did not show yet only so many are kept."""
        kept = self._frames
        return not kept or len(kept) < min(MOST_KEPT, MOST_KEPT_BYTES // kept[-1].nbytes)  # all are about as large

    def _hear_of_what_streamlit_dropped(self, opened) -> None:
        """opened: how many characters and parameters the address had with which the page was loaded. Of too long a one
        Streamlit tells its script nothing, so that it looks like none at all."""
        is_meant = self.playground.follows_the_address and not self._opening_is_known
        if not is_meant or not isinstance(opened, list) or len(opened) != 2:
            return
        self._opening_is_known = True
        characters, parameters = map(_whole, opened)
        for got, most, what in (
            (characters, MOST_CHARACTERS, "characters"),
            (parameters, MOST_PARAMETERS, "parameters"),
        ):
            if got > most:
                wanted = f"expected at most {most:,} {what}, got {got:,}; use a shorter one."
                self.playground.notice = f"The link was ignored: {wanted}"
                self.playground.is_used()

    def _have_wait(self, rest: list) -> None:
        """A way has begun: the rest of its message waits for the end, as if it had been gone at once. Pause does not,
        which ends it, nor what comes by a later message."""
        waiting = takewhile(lambda one: not (isinstance(one, dict) and one.get("kind") == "pause"), rest)
        ids = (_whole(one.get("id")) for one in waiting if isinstance(one, dict))
        self._waiting = max((id for id in ids if id <= self.done + MOST_LISTED), default=self.done)

    def _hears_more(self, commands: list) -> bool:
        """Whether somebody wants something on the way to an update; what waited before that goes on waiting."""
        return any(isinstance(one, dict) and _whole(one.get("id")) > self._waiting for one in commands)

    def _is_present(self, message: dict) -> bool:
        """Whether what a message says about frames is about the present generation."""
        return message.get("visit") == self._visit and _whole(message.get("generation")) == self.playground.generation

    def _obey(self, command: dict) -> None:
        """Carry out one command of the board. Anything wrong with it becomes the notice."""
        pg = self.playground
        kind: Any = command.get("kind")
        by: Any = command.get("by")
        said = pg.notice
        try:
            match kind:
                case "play":
                    pg.play()
                case "resume":
                    pg.resume(**{name: command.get(name) for name in (*REMEMBERED, "update", "playing", "reloaded")})
                    self._waiting = self.done + max(0, _whole(command.get("waiting")))
                case "reached":
                    pg.was_reached(command["task"], command["update"])
                case "left":
                    pg.was_left(command["task"])
                case "pause" if command.get("of") not in (None, pg.generation):
                    pass  # a board that was left for another page; by a link from there something else has come
                case "pause":
                    pg.pause(command.get("unseen") is True)
                case "step":
                    pg.step(command["what"])
                case "reach":
                    pg.reach(command["update"])
                case "goto":
                    pg.goto(command["update"])
                case "branch":
                    pg.branch(command["branch"], command.get("update"))
                case "rename":
                    pg.rename(command["branch"], command["name"])
                case "delete":
                    pg.delete(command["branch"])
                case "back":
                    pg.back()
                case "reset":
                    pg.reset()
                case "edit":
                    pg.edit(command["layer"], command["unit"], command["source"], command["value"])
                case "look":
                    pg.look(command["layer"], command["unit"], *command["source"])
                case "look_at":
                    pg.look_at(command["index"])
                case "probe":
                    pg.set_probe(command["x"])
                case "probe_row":
                    pg.probe_row(command["index"])
                case "probe_at":
                    pg.probe_on_the_plane(command["place"])
                case "slice":
                    pg.slice(command["columns"])
                case "tick":
                    pg.tick(command["names"])
                case "speed":
                    pg.set_speed(command["name"])
                case "new_weights":
                    pg.new_weights()
                case "new_data":
                    pg.new_data()
                case "undo":
                    pg.undo()
                case "redo":
                    pg.redo()
                case "layers" if by in (1, -1):
                    pg.apply(**_with_layers(pg.run.settings, by))
                case "units" if by in (1, -1):
                    layer, hidden = command["layer"], list(pg.run.experiment.hidden)
                    if not 0 <= _whole(layer) < len(hidden):
                        raise ValueError(f"There is no hidden layer {layer!r:.20}, counted from 0; reload the page.")
                    hidden[_whole(layer)] += by
                    pg.apply(hidden=tuple(hidden))
                case "draw":
                    pg.draw(command["what"], command)
                case "feature":
                    pg.apply(features=_with_feature(pg.run.experiment.features, command["name"], command["on"]))
                case _:
                    raise ValueError(f"The board asked for {kind!r:.40}, which is unknown; reload the page.")
        except ValueError as error:
            pg.notice = str(error)
        except (KeyError, TypeError, IndexError):
            pg.notice = f"The board's command {kind!r:.40} was incomplete; reload the page."
        of_a_slice = (
            kind in ("probe", "probe_row", "probe_at", "slice") and len(pg.run.dataset.names) > 2
        )  # which the charts show, too
        if (
            of_a_slice
            or kind not in QUIET
            or pg.notice != said  # also where it has gone: Play takes away why it stood still
        ):
            pg.is_used()  # controls, address bar and charts show something that is no longer so

    def _draw_anew(self) -> payload.Scene:
        """The scene of the present generation, and its first frame where it has none yet."""
        pg, scene = self.playground, self._scene
        if scene is not None and self._drawn == pg.generation:
            return scene
        only_used = pg.hides("features")
        if scene is None or not scene.suits(pg.run, only_used):
            number = scene.number + 1 if scene is not None else 1
            scene = self._scene = payload.Scene(pg.run, number, only_used, pg.is_empty)
        scene.take_points(pg.run, pg.is_empty)
        if len(pg.run.dataset.names) > 1:
            scene.look(pg.columns, pg.held)
        scene.sets = {scene.points: scene.sets[scene.points]}  # no frame of an older generation is sent again
        self._frames, self._drawn = [scene.frame(pg.run, pg.probe, pg.assignment)], pg.generation
        return scene

    def _train(self, clock: Callable[[], float], players: Callable[[], int], is_awaited: Callable[[], bool]) -> None:
        """Have one turn: train, and keep the frames on the way. is_awaited: whether somebody waits who goes first."""
        pg, began = self.playground, clock()
        scene = self._draw_anew()
        if self._answered_at is not None:
            self._pace.answered(began - self._answered_at)
        self._answered_at = None if pg.hurry else began
        if pg.replay is not None:  # nobody follows the way back: one frame says how far it is
            plan = Turn(longest(players()), 1, pg.replay.update - pg.run.update, None)
        else:
            plan = turn(self._pace, pg.limit, 0.0 if pg.hurry else self._seconds, players(), self._is_dry)
        self._turns = 0 if pg.hurry else self._turns + 1
        pg.hurry, self._seconds, self._hold = False, plan.seconds, plan.hold
        slices, is_over, start, kept = Slices(), False, pg.run.update, len(self._frames)
        for _ in range(plan.frames):
            first, last = pg.run.update, pg.run.update + plan.stride
            while pg.run.update < last and pg.playing and pg.generation == self._drawn and not is_over:
                at, before = pg.run.update, clock()
                pg.train(min(slices.updates, last - at))
                took = clock() - before
                self._pace.trained(pg.run.update - at, took)
                slices.took(took)
                is_over = pg.is_wanted or is_awaited() or clock() - began > min(plan.seconds, longest(players()))
            if pg.generation != self._drawn:  # it has arrived where it was going back to
                break
            if pg.run.update > first:
                before = clock()
                self._frames.append(scene.frame(pg.run, pg.probe, pg.assignment))
                self._pace.drew(clock() - before)
            is_over = is_over or clock() - began > plan.seconds or not self._may_keep_more()
            if is_over or not pg.playing:
                break
        self._made = max(0, len(self._frames) - kept)
        self._reached += 0.3 * ((pg.run.update - start) / self._pace.period - self._reached)

    def _make_film(self, message: dict, gate, clock: Callable[[], float]) -> list[payload.Frame] | None:
        """Frames of the way that was on screen; None where another one has been begun since they were asked for."""
        pg, asked = self.playground, self._film
        if asked is None or not self._is_present(message) or pg.is_empty:
            return None
        first, last, count = asked
        seconds = longest(gate.players(self.who) if gate is not None else 1)
        others = gate.is_awaited if gate is not None else lambda: False
        last = min(last, pg.furthest)
        return film(self._draw_anew(), pg.run, first, last, count, pg.probe, clock, seconds, others)

    def _catch_up(self, clock: Callable[[], float], gate, gives_up: Callable[[], bool]) -> None:
        """Have one turn for what is missing of the curves."""
        pg, latest = self.playground, clock() + longest(gate.players(self.who) if gate is not None else 1)
        pg.catch_up(lambda: clock() > latest or gives_up() or (gate is not None and gate.is_awaited()))

    def _reply(self, message: dict, wall: bool, filmed: list[payload.Frame] | None = None) -> bytes:
        pg, scene = self.playground, self._draw_anew()
        run = pg.run
        same = self._is_present(message)
        tail = _whole(message.get("tail")) if same else -1
        rest = message.get("rest") if same and not pg.playing and tail == run.update else None
        frames = [frame for frame in self._frames if frame.update > tail]
        others = self._other_branches() if not same or rest else {}  # else the browser has them
        known = run.at_hand  # some hundred rows, which cost a millisecond to gather
        past, future = _losses(run.history), _losses(pg.future_after(run.update, known))
        listed, arrays = payload.describe_frames(frames)
        header: dict[str, Any] = {
            "board": pg.name,
            "visit": self._visit,
            "ack": _whole(message.get("n")),
            "generation": pg.generation,
            "done": self.done,
            "playing": pg.playing,
            "hold": None if self._hold is None or pg.limit is None else 1000 * self._hold,
            "speed": pg.speed,
            "speeds": [(name, label) for name, (label, _, _) in SPEEDS.items()],
            "status": run.status,
            "words": pg.words + self._slowness(),
            "logarithmic": wants_log(*(np.concatenate(both) for both in zip(past, future, strict=True))),
            "notice": pg.notice,
            "can_undo": pg.can_undo,
            "can_redo": pg.can_redo,
            "probe": pg.probe,
            "calls": pg.calls,
            "view": scene.view(pg.probe),
            "ticks": pg.ticks,
            "remember": pg.remember,
            "link": "" if wall or self.letter else pg.link,
            "seeds": {"data": scene.experiment.data_seed, "weights": scene.experiment.init_seed},
            "idle": {
                "data": pg.locks("data_seed") or pg.why_idle("data_seed"),
                "weights": pg.locks("init_seed") or pg.why_idle("init_seed"),
                "edits": pg.locks("edits"),
                "features": pg.locks("features"),
                "layers": pg.locks("hidden"),
                "speed": pg.locks("speed"),
            },
            "task": self._task(),
            "time": self._time(others) | ({} if same else {"path": run.experiment.path}),
            "wall": wall,
            "compared": self.letter,
            "hidden": {
                "data": pg.hides("data_seed"),
                "weights": pg.hides("init_seed"),
                "edits": pg.hides("edits"),
                "features": pg.hides("features"),
                "layers": bool(self.letter) or pg.hides("hidden"),
                "network": pg.hides("network"),  # the button above the board, which some sentences name
                "speed": pg.hides("speed"),
            },
            "scene": scene.number,
            "frames": listed,
            "draw": {
                "is_offered": not (wall or self.letter or pg.locks("dataset")),
                "why_not": drawn_points.why_not(run.dataset),
                "is_empty": pg.is_empty,
            },
        }
        has_scene = message.get("visit") == self._visit and _whole(message.get("scene")) == scene.number
        held = _whole(message.get("points")) if has_scene else -1
        needed = {number for number in (scene.points, *(frame.points for frame in frames)) if number > held}
        if filmed is not None:
            listed, pictures = payload.describe_frames(filmed)
            header["film"] = {"frames": listed}
            arrays |= {f"film_{name}": array for name, array in pictures.items()}
        header["sets"], sets = payload.describe_sets(scene, needed)
        arrays |= sets
        if not has_scene:
            header["scene_data"], described = scene.describe(run)
            arrays |= described
        elif len(scene.held) > 2:
            arrays |= scene.feature_pictures()  # of another slice than before, perhaps
        if frames:  # of what is played past, the browser draws what any board draws of this run, however fast it plays
            first = tail if same else frames[0].update
            arrays |= _curve("passed", known.between(first, frames[-1].update))
        if not same or rest:
            arrays |= self._history_around(frames[0].update if frames else run.update, known, others)
            whole = known.between(-1, -1 if pg.is_empty else pg.furthest)
            header["time"]["jumps"] = jumps(whole.update, whole.train_loss)
        if rest:
            if scene.planar:
                units = self._sharp_units(message.get("hover"))
                sharp, crossings = scene.sharp(run, units)
                header["sharp"] = {"update": run.update, "units": units}
                arrays["sharp"] = ("u1", sharp)
                if crossings is not None:
                    arrays["sharp_crossings"] = ("u1", crossings)
            if rest == "page":
                pg.rests()
        return payload.pack(header, arrays)

    def _task(self) -> dict | None:
        """The task in force, and how far its conditions are where the run stands: how it ended no frame tells."""
        pg = self.playground
        if pg.assignment is None:
            return None
        losses = self._frames[-1].evaluation  # the newest one is of where the run stands
        measured = goals.measure(pg.assignment.goal, pg.run, pg.assignment.start, losses)
        goal = {"update": pg.run.update, "goal": payload.describe_goal(measured)}
        return {"fingerprint": pg.assignment.fingerprint, "reached": pg.reached} | goal

    def _slowness(self) -> str:
        """Where the chosen speed is not reached, one sentence more that says which one is."""
        pg = self.playground
        _, unit, wanted = SPEEDS[pg.speed]
        if (
            not pg.playing
            or pg.limit is None
            or wanted is None
            or self._turns < SETTLED_TURNS
            or self._reached > 0.7 * pg.limit
        ):
            return ""
        reached = text(wanted * self._reached / pg.limit, 1)  # one digit: it is read while it changes
        return f" The server reaches about {reached} of {wanted} {unit}/s."

    def _sharp_units(self, hover) -> list[tuple[int, int]]:
        """The units whose large map is wanted: the one pointed at, if it shows another one than the answer's."""
        sizes = self.playground.run.experiment.sizes
        if isinstance(hover, list) and len(hover) == 2:
            layer, unit = map(_whole, hover)
            with_map = len(sizes) - (1 if sizes[-1] > 1 else 2)
            if 0 <= layer < with_map and 0 <= unit < sizes[layer + 1]:
                return [(layer, unit)]
        return []

    def _other_branches(self) -> dict[int, sn.History]:
        """id -> what is known of a branch that is not on screen, from where it left its parent."""
        pg = self.playground
        return {fork.id: pg.future_of(fork) for fork in pg.forks.every if fork.id != pg.forks.present}

    def _time(self, others: dict[int, sn.History]) -> dict:
        """How far this run was seen, and its branches. points: rows of the arrays of branches that belong to one, where
        they are sent."""
        pg, tree = self.playground, self.playground.forks
        known = tuple((fork.id, fork.parent, fork.experiment, fork.name) for fork in tree.every)
        if known != self._named[0]:  # for each answer it would cost as much as a frame
            words = {}
            for fork in tree.every:
                _, names = tree.difference(fork.id)
                setting = next((name for name in names if name in sn.LIVE_SETTINGS), None)
                words[fork.id] = {"name": branch_name(tree, fork.id), "setting": setting}
            self._named = known, words
        listed = [
            {
                "id": fork.id,
                "parent": fork.parent,
                "at": fork.at,
                "furthest": fork.furthest,
                "shown": fork.shown,
                "is_named": bool(fork.name),
                "points": len(others[fork.id].update) if fork.id in others else 0,
            }
            | self._named[1][fork.id]
            for fork in tree.every
        ]
        time = {"furthest": pg.furthest, "branch": tree.present, "branches": listed, "per_epoch": pg.updates_per_epoch}
        return time | {"is_behind": not pg.playing and pg.lacks_losses}

    def _history_around(self, update: int, known: sn.History, others: dict[int, sn.History]) -> dict:
        """The loss curve as far as the first frame of this answer, for later points come with their frames; what lies
        beyond it, where the visitor has been there before; and the curves of the other branches, one after another.
        """
        past = known.between(-1, -1 if self.playground.is_empty else update)
        branches = sn.History.joined(list(others.values()))
        return (
            _curve("history", past)
            | _curve("future", self.playground.future_after(update, known))
            | _curve("branches", branches)
        )


def _curve(name: str, rows: sn.History) -> dict[str, Any]:
    """Rows as arrays for `payload.pack`."""
    arrays: dict[str, Any] = {f"{name}_update": ("f8", rows.update), f"{name}_passes": ("f8", rows.epoch)}
    arrays[f"{name}_multiplications"] = "f8", rows.multiplications
    return arrays | {f"{name}_{part}": ("f4", getattr(rows, f"{part}_loss")) for part in payload.PARTS}


def _losses(history: sn.History) -> tuple[np.ndarray, ...]:
    return tuple(getattr(history, f"{part}_loss") for part in payload.PARTS)


def _goes(command: object = None) -> bool:
    return isinstance(command, dict) and command.get("kind") == "goto"


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


def _stretch(asked: object) -> tuple[int, int, int] | None:
    """(from, to, n) of a film that a browser asks for; None where it asks for none, or for what is none."""
    if not isinstance(asked, dict):
        return None
    first, last, count = (_whole(asked.get(name)) for name in ("from", "to", "n"))
    return (first, last, count) if 0 <= first <= last and count > 0 else None


def _listed(outbox: object) -> list:
    """The commands of a browser's message, as far as they are looked at."""
    return outbox[:MOST_LISTED] if isinstance(outbox, list) else []


def _whole(value) -> int:
    """A whole number out of a browser's message; -1 for anything else, also for a fraction."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53
    return int(value) if known and value == int(value) else -1
