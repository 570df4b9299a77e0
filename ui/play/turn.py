"""Turn: how long a playground trains for one answer, and how many frames it makes. Numbers in, numbers out.

Each answer costs about 120 ms besides, most of it in the browser, where Streamlit then looks at the whole page: few
long turns are faster than many short ones. Where others train as well, every one of them has a turn within a round, and
what is thinned are the frames, of which there are plenty: answers to what somebody did are not.
"""

from dataclasses import dataclass

FRAMES_PER_SECOND = 60  # more cannot be painted; at full speed the browser says how many it paints
FIRST_SECONDS = 0.02  # for the first turn after Play, Step or a change, which somebody waits for; the next are longer
ALONE_SECONDS = 0.45
SHARED_SECONDS = 0.16  # at most, while another visitor waits for a turn
SHORTEST_SECONDS = 0.03  # below it the answers would cost more than the training
ROUND_SECONDS = 0.6  # in which each of those who train has a turn, as long as that leaves none below the shortest
FULL_SPEED_FRAMES = (4, 48)  # least and most in a turn at full speed
HELD_SECONDS = (0.3, 1.0)  # least and most that a turn reaches ahead of the picture at a limited speed
SHARED_FRAMES = 480  # a second, of all who train at a limited speed together
HELD_BY = 60  # players; of so many each reaches furthest ahead, so that there are few answers


@dataclass
class Pace:
    """What was measured of one playground: updates a second of training, seconds between answers, paints a second."""

    updates: float = 5000.0
    period: float = 0.15
    paints: float = FRAMES_PER_SECOND

    def trained(self, updates: int, seconds: float) -> None:
        """So many updates took so long."""
        if updates and seconds > 0:
            self.updates += 0.5 * (updates / seconds - self.updates)

    def answered(self, seconds: float) -> None:
        """So long after the answer before."""
        self.period += 0.3 * (min(seconds, 1.0) - self.period)


@dataclass(frozen=True)
class Turn:
    """For how many seconds to train and draw, how many frames to make at most, and how many updates each covers."""

    seconds: float
    frames: int
    stride: int


def longest(players: int) -> float:
    """How many seconds a turn may last where so many train, this one among them."""
    return ALONE_SECONDS if players <= 1 else min(SHARED_SECONDS, max(SHORTEST_SECONDS, ROUND_SECONDS / players))


def stride_at(limit: float, players: int = 1) -> int:
    """Updates between two frames at a limited speed of so many updates a second."""
    return max(1, round(limit / min(FRAMES_PER_SECOND, SHARED_FRAMES / players)))


def turn(pace: Pace, limit: float | None, before: float, players: int) -> Turn:
    """The next turn of a playground.

    limit: updates a second, None for full speed. before: seconds of its turn before, 0 after a change. players: how
    many train, this one among them. Each turn is at most twice as long as the one before: the queue in the browser that
    bridges a long one must have filled first.
    """
    most = longest(players)
    seconds = min(2 * before, most) if before else FIRST_SECONDS
    if limit is None:
        least, largest = FULL_SPEED_FRAMES
        frames = min(max(round(pace.paints * pace.period), least), largest)
        return Turn(seconds, frames, max(1, round(pace.updates * most / frames)))
    stride = stride_at(limit, players)
    shortest, furthest = HELD_SECONDS
    held = min(furthest, max(shortest, players / HELD_BY))
    return Turn(seconds, max(1, round(held * limit / stride)), stride)
