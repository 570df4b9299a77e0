"""How fast the engine trains and draws, against scikit-learn and PyTorch in the same process, on one thread.

    python -m benchmarks.engine [--rounds 7] [--json FILE]

Ours and the peer take turns; a row's figure is the median of the ratios of the pairs, so that a machine whose speed
drifts does not favour either. Times are processor time of this process. A peer that is not installed is left out and
named (`make bench` installs them).
"""

import statistics
import time
import warnings
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

import scratchnet as sn
from benchmarks import table
from scratchnet.landscape import MeanLoss, Surface, random_plane
from scratchnet.optimizers import private_state
from scratchnet.trainer import BatchUpdate

try:
    from sklearn.neural_network import MLPClassifier
except ImportError:
    MLPClassifier = None
try:
    import torch
except ImportError:
    torch = None

LEAST_SECONDS = 0.05  # of one turn: long enough for the clock, short enough for many turns
TURNS = 5  # of each in a round
RATE = 0.03


@dataclass(frozen=True)
class Row:
    """One comparison: two functions that do `epochs` epochs, and the ratio (peer's time / ours) asked for."""

    work: str
    peer: str
    ours: object
    theirs: object
    least: float
    goal: float | None
    at_most: bool = False  # the ratio is ours / theirs, and must not be above `least`


def experiment(hidden=(8, 8), batch_size=10, **settings):
    """250 training points of two inputs, half of 500 samples."""
    settings = {"optimizer": "sgd", "learning_rate": RATE, **settings}
    return sn.Experiment(dataset="circle", samples=500, hidden=hidden, batch_size=batch_size, **settings)


def run_epochs(hidden=(8, 8), batch_size=10, **settings):
    """A Run with everything: shuffling, history, checkpoints."""
    run = experiment(hidden, batch_size, **settings).start()
    return lambda epochs: run.advance(epochs=epochs)


def bare_epochs(sizes, x, y, batch_size, loss, output, optimizer=None, shuffle=True):
    """Nothing but updates, on mini-batches of rows in a shuffled order."""
    net = sn.Network.build(sizes, output=output, rng=0)
    trainer = sn.Trainer(loss=loss, optimizer=optimizer or sn.SGD(learning_rate=RATE))
    theta, state = net.theta.copy(), private_state(trainer.optimizer.init(net.theta))
    updates = {
        len(part): BatchUpdate(trainer, theta, net.sizes, net.activations, len(part))
        for part in (x[:batch_size], x[len(x) - len(x) % batch_size :])
        if len(part)
    }
    rng = np.random.default_rng(0)

    def train(epochs):
        count = 0
        for _ in range(epochs):
            order = rng.permutation(len(x)) if shuffle else np.arange(len(x))
            xs, ys = x[order], y[order]
            for start in range(0, len(x), batch_size):
                part = xs[start : start + batch_size]
                updates[len(part)](part, ys[start : start + batch_size], state, count)
                count += 1

    return train


def sklearn_epochs(hidden, batch_size, x, y):
    model = MLPClassifier(
        hidden,
        activation="tanh",
        solver="sgd",
        momentum=0.0,
        alpha=0.0,
        batch_size=batch_size,
        learning_rate_init=RATE,
        shuffle=True,
        random_state=0,
    )
    model.partial_fit(x, y, classes=np.unique(y))

    def train(epochs):
        for _ in range(epochs):
            model.partial_fit(x, y)

    return train


def torch_epochs(sizes, batch_size, x, y):
    torch.manual_seed(0)
    layers = []
    for inputs, units in pairwise(sizes):
        layers += [torch.nn.Linear(inputs, units), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    several = sizes[-1] > 1
    loss_of = torch.nn.CrossEntropyLoss() if several else torch.nn.BCEWithLogitsLoss()
    x = torch.tensor(x, dtype=torch.float32)
    y = torch.tensor(y) if several else torch.tensor(y[:, None], dtype=torch.float32)

    def train(epochs):
        for _ in range(epochs):
            order = torch.randperm(len(x))
            for start in range(0, len(x), batch_size):
                rows = order[start : start + batch_size]
                optimizer.zero_grad()
                loss_of(model(x[rows]), y[rows]).backward()
                optimizer.step()

    return train


def rows():
    """The comparisons, as far as the peers are installed."""
    data = experiment().start()
    x, y = data.x_train, data.y_train[:, 0].astype(int)
    deep = (8,) * 6
    rng = np.random.default_rng(0)
    x64, y64 = rng.normal(size=(1500, 64)), rng.integers(0, 10, 1500)
    softmax = partial(bare_epochs, (64, 32, 10), x64, np.eye(10)[y64], 32, "cross_entropy", "softmax")
    if MLPClassifier is not None:
        row = partial(Row, peer="scikit-learn")
        yield row("2-8-8-1, batch 10", ours=run_epochs(), theirs=sklearn_epochs((8, 8), 10, x, y), least=5.5, goal=9)
        ours, theirs = run_epochs(batch_size=1), sklearn_epochs((8, 8), 1, x, y)
        yield row("2-8-8-1, batch 1", ours=ours, theirs=theirs, least=4, goal=8)
        ours, theirs = run_epochs(deep), sklearn_epochs(deep, 10, x, y)
        yield row("2-8x6-1, batch 10", ours=ours, theirs=theirs, least=4.5, goal=8)
        theirs = sklearn_epochs((32,), 32, x64, y64)
        yield row("64-32-10 softmax, batch 32", ours=softmax(), theirs=theirs, least=1, goal=2)
    if torch is not None:
        row = partial(Row, peer="PyTorch")
        theirs = torch_epochs((2, 8, 8, 1), 10, x, y)
        yield row("2-8-8-1, batch 10", ours=run_epochs(), theirs=theirs, least=10, goal=18)
        theirs = torch_epochs((2, *deep, 1), 10, x, y)
        yield row("2-8x6-1, batch 10", ours=run_epochs(deep), theirs=theirs, least=8, goal=14)
        theirs = torch_epochs((64, 32, 10), 32, x64, y64)
        yield row("64-32-10 softmax, batch 32", ours=softmax(), theirs=theirs, least=1, goal=2)
    y = y[:, None].astype(float)
    bare = partial(bare_epochs, (2, 8, 8, 1), x, y, 10, "bce", "sigmoid")
    row = partial(Row, goal=None, at_most=True)
    yield row("Run with shuffling, history, checkpoints", "bare updates", run_epochs(), bare(shuffle=False), 1.2)
    momentum, adam = sn.SGD(learning_rate=RATE, momentum=0.9), sn.Adam(learning_rate=RATE)
    yield row("momentum, 2-8-8-1, batch 10", "plain SGD", bare(optimizer=momentum), bare(), 1.4)
    yield row("Adam, 2-8-8-1, batch 10", "plain SGD", bare(optimizer=adam), bare(), 1.4)


def seconds_an_epoch(train, epochs):
    start = time.process_time()
    train(epochs)
    return (time.process_time() - start) / epochs


def enough_epochs(train):
    """How many epochs make one timing long enough."""
    epochs = 1
    while (seconds := seconds_an_epoch(train, epochs) * epochs) < LEAST_SECONDS:
        epochs = max(epochs + 1, min(10 * epochs, int(1.2 * epochs * LEAST_SECONDS / max(seconds, 1e-6))))
    return epochs


def measure(row, rounds):
    counts = enough_epochs(row.ours), enough_epochs(row.theirs)
    pairs = []
    for _ in range(rounds):
        turns = [(seconds_an_epoch(row.ours, counts[0]), seconds_an_epoch(row.theirs, counts[1])) for _ in range(TURNS)]
        pairs.append(tuple(statistics.fmean(times) for times in zip(*turns, strict=True)))
    ratios = [ours / theirs if row.at_most else theirs / ours for ours, theirs in pairs]
    return {
        "work": row.work,
        "peer": row.peer,
        "ours_us_an_epoch": statistics.median(ours for ours, _ in pairs) * 1e6,
        "peer_us_an_epoch": statistics.median(theirs for _, theirs in pairs) * 1e6,
        "ratio": statistics.median(ratios),
        "lowest": min(ratios),
        "highest": max(ratios),
        "asked": row.least,
        "goal": row.goal,
        "at_most": row.at_most,
    }


def measure_maps(rounds):
    """Milliseconds for quantised 100 x 100 maps of the output and of every hidden unit of 2-8-8-1."""
    net = experiment().start().network
    maps = sn.UnitMaps(("x1", "x2"), ((-6.0, 6.0), (-6.0, 6.0)), size=100)
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(100):
            maps(net)
        times.append((time.process_time() - start) * 10)
    return {"work": "17 maps of 100 x 100, quantised", "ms": statistics.median(times), "asked": 1.5, "goal": 0.8}


def measure_surface(rounds):
    """Milliseconds for the loss of 2-8-8-1 on 250 samples at 61 x 61 places of a plane, and how many times as long a
    plain loop takes, which asks one network after the other. They take turns."""
    run = experiment().start()
    net, x, y = run.network, run.x_train, run.y_train
    plane, places = random_plane(net, 0), np.linspace(-1, 1, 61)
    thetas = [plane.thetas([s], [t])[0] for t in places for s in places]

    def loop():
        y_true, losses = y[:, 0], []
        for theta in thetas:
            output = np.clip(net.replace(theta).predict(x)[:, 0], 1e-300, 1 - 1e-16)
            losses.append(-np.mean(y_true * np.log(output) + (1 - y_true) * np.log(1 - output)))
        return np.array(losses)

    def ours():
        surface = Surface(MeanLoss(net, x, y, "bce"), plane, places, places)
        while not surface.is_complete:
            surface.advance()
        return surface.values.ravel()

    np.testing.assert_allclose(ours(), loop(), rtol=1e-9)
    times = []
    for _ in range(rounds):
        start = time.process_time()
        ours()
        between = time.process_time()
        loop()
        times.append((between - start, time.process_time() - between))
    ratio = statistics.median(theirs / own for own, theirs in times)
    ms = 1000 * statistics.median(own for own, _ in times)
    return {"work": "loss at 61 x 61 places, 2-8-8-1, 250 samples", "ms": ms, "asked": 1500, "loop_ratio": ratio}


def main():
    options = table.arguments(__doc__, ("--rounds", 7, None))
    warnings.simplefilter("ignore")  # scikit-learn warns of partial_fit not having converged
    if torch is not None:
        torch.set_num_threads(1)
    for name, module in (("scikit-learn", MLPClassifier), ("PyTorch", torch)):
        if module is None:
            print(f"{name} is not installed; its rows are left out.")
    print("| work | peer | ours, us an epoch | peer's | ratio (lowest to highest) | asked, goal |")
    print("|---|---|---|---|---|---|")
    results = []
    for row in rows():
        r = measure(row, options.rounds)
        results.append(r)
        asked = f"at most {r['asked']:g}" if r["at_most"] else f"at least {r['asked']:g}, {r['goal']:g}"
        span = f"{r['ratio']:.2f} ({r['lowest']:.2f} to {r['highest']:.2f})"
        times = f"{r['ours_us_an_epoch']:.0f} | {r['peer_us_an_epoch']:.0f}"
        print(f"| {r['work']} | {r['peer']} | {times} | {span} | {asked} |", flush=True)
    maps = measure_maps(options.rounds)
    print(f"\n{maps['work']}: {maps['ms']:.2f} ms (asked: under {maps['asked']:g}, goal {maps['goal']:g})")
    surface = measure_surface(options.rounds)
    print(
        f"{surface['work']}: {surface['ms']:.0f} ms (asked: under {surface['asked']}); "
        f"a plain loop takes {surface['loop_ratio']:.1f} times as long"
    )
    table.write(options.json, rows=results, maps=maps, surface=surface)


if __name__ == "__main__":
    main()
