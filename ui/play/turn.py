"""Turn: how long a playground trains for one answer, and how many frames it makes. Numbers in, numbers out.

Each answer costs about 120 ms besides, most of it in the browser, where Streamlit then looks at the whole page: few
long turns are faster than many short ones. Where others train as well, every one of them has a turn within a round, and
what is thinned are the frames, of which there are plenty: answers to what somebody did are not.
"""

from dataclasses import dataclass

FRAMES_PER_SECOND = 60  # more cannot be painted; at full speed the browser says how many it paints
FIRST_SECONDS = 0.02  # for the first turn after Play, Step or a change, which somebody waits for; the next are longer
ALONE_SECONDS = 0.45
SHARED_SECONDS = 0.16  # at most, while others train
ROUND_SECONDS = 0.5  # in which each of a few has a turn
CROWDED_SECONDS = (0.05, 0.1)  # shortest turn of many, and that of a hundred: each answer costs others 25 ms besides
SLICE_SECONDS = 0.02  # of training, between two looks at the clock and at who waits
LONGEST_PERIOD = 5.0  # seconds; a visitor who was away is not slow
FULL_SPEED_FRAMES = (4, 48)  # least and most in a turn at full speed
HELD_SECONDS = (0.3, 1.0)  # least and most that a turn reaches ahead of the picture at a limited speed
HELD_BY = 60  # players; of so many each reaches furthest ahead, so that there are few answers
SPARE = 1.2  # times as long as answers of a slow server take on average, for some take longer
SHARED_FRAMES = 450  # a second, of all who train at a limited speed together


@dataclass
class Pace:
    """What was measured of one playground.

    updates: a second of training. drawing: seconds for a frame. period: seconds between answers. paints: a second, of
    the browser.
    """

    updates: float = 5000.0
    drawing: float = 0.001
    period: float = 0.15
    paints: float = FRAMES_PER_SECOND

    def trained(self, updates: int, seconds: float) -> None:
        """So many updates took so long."""
        if updates and seconds > 0:
            self.updates += 0.5 * (updates / seconds - self.updates)

    def drew(self, seconds: float) -> None:
        """So long did a frame take."""
        self.drawing += 0.1 * (seconds - self.drawing)

    def answered(self, seconds: float) -> None:
        """So long after the answer before."""
        self.period += 0.3 * (min(seconds, LONGEST_PERIOD) - self.period)


@dataclass(frozen=True)
class Turn:
    """For how many seconds to train and draw, how many frames to make at most, and how many updates each covers.

    hold: seconds that each of these frames is to stay on screen; None: as the browser finds best, at full speed.
    """

    seconds: float
    frames: int
    stride: int
    hold: float | None


class Slices:
    """How many updates to make between two looks at the clock and at who waits: one at first, then so many, and no more
    than `most`, as take SLICE_SECONDS."""

    def __init__(self, most: int = 2**53) -> None:
        self.updates, self._most = 1, most

    def took(self, seconds: float) -> None:
        """So long did these take."""
        times = min(max(SLICE_SECONDS / max(seconds, 1e-9), 0.5), 2.0)
        self.updates = min(self._most, max(1, round(self.updates * times)))


def longest(players: int) -> float:
    """How many seconds a turn may last where so many train, this one among them."""
    if players <= 1:
        return ALONE_SECONDS
    shortest, of_a_hundred = CROWDED_SECONDS
    crowded = min(of_a_hundred, max(shortest, players * of_a_hundred / 100))
    return min(SHARED_SECONDS, max(ROUND_SECONDS / players, crowded))


def turn(pace: Pace, limit: float | None, before: float, players: int, dry: bool = False) -> Turn:
    """The next turn of a playground.

    limit: updates a second, None for full speed. before: seconds of its turn before, 0 after a change. players: how
    many train, this one among them. dry: the browser had shown all its frames before the last ones came. Each turn is
    at most twice as long as the one before: the queue in the browser that bridges a long one must have filled first.
    """
    most = longest(players)
    seconds = min(2 * before, most) if before else FIRST_SECONDS
    if limit is None:
        least, largest = FULL_SPEED_FRAMES
        frames = min(max(round(pace.paints * pace.period), least), largest)
        training = max(seconds - frames * pace.drawing, seconds / 2)  # a short turn has as many frames, closer together
        return Turn(seconds, frames, max(1, round(pace.updates * training / frames)), None)
    rate = min(FRAMES_PER_SECOND, SHARED_FRAMES / players)
    wanted = max(1, round(limit / rate))
    shortest, furthest = HELD_SECONDS
    held = min(furthest, max(shortest, players / HELD_BY))
    if players == 1 and dry and pace.period > held:  # a slow server: they have to last until its next answer
        lasting = SPARE * pace.period
        frames = max(1, min(round(lasting * limit / wanted), int(most / 2 / pace.drawing)))
        stride = max(wanted, round(lasting * limit / frames))
        return Turn(seconds, frames, stride, stride / limit)
    if players > 1 and pace.period > held:  # they have to last until the next answer, and not all can be computed
        frames = max(1, min(round(rate * pace.period), int(most / 2 / pace.drawing)))
        reached = max(1, round((most - frames * pace.drawing) * pace.updates / frames))
        if reached < wanted:
            return Turn(seconds, frames, reached, pace.period / frames)
    return Turn(seconds, max(1, round(held * limit / wanted)), wanted, wanted / limit)
