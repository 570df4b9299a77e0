"""The doctor: how often it calls a healthy run ill, and how often what it advises helps a run that is.

    python -m benchmarks.doctor [--runs 200] [--ill 20] [--seed 3] [--json FILE]

Healthy is said without the doctor: a run of drawn data, network, optimizer and seeds whose score on points that it does
not train on reaches 0.95 within 150 epochs, before its training loss has ever stood still. It is looked at three times:
half way there, when it gets there, and after half as many epochs again where it is still solved. A false alarm is a run
of which anything was found at any of the three. The interval is Wilson's (1927), at 95 %.

Ill runs are drawn likewise and broken in one way each. After U updates the first remedy is tried where the doctor says,
and both runs go on to update 2 U; a new start has 2 U updates of its own. It has helped where the loss is lower then:
of the points not trained on for overfitting, else of the training points. Where the scaling of targets differs, losses
are of different things, and the training score has to be higher.
"""

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

import scratchnet as sn
from benchmarks import table
from scratchnet import stopping
from scratchnet.doctor import Finding, findings
from scratchnet.health import health_of

MOST_EPOCHS = 150
DATA = [name for name, spec in sn.DATASETS.items() if not spec.fixed]
NETWORKS = ((4,), (6,), (8,), (16,), (8, 6), (8, 8), (16, 8), (8, 8, 8))
ACTIVATIONS = ("tanh", "relu", "sigmoid", "leaky_relu", "elu", "gelu", "swish", "softplus")
# Optimizers with rates that are usual for them and for networks of this size.
OPTIMIZERS = (
    ("sgd", {}, (0.03, 0.1, 0.3)),
    ("sgd", {"momentum": 0.9}, (0.01, 0.03)),
    ("adam", {}, (0.003, 0.01, 0.03)),
    ("adamw", {}, (0.003, 0.01)),
    ("nadam", {}, (0.003, 0.01)),
    ("rmsprop", {}, (0.003, 0.01)),
    ("adagrad", {}, (0.03, 0.1)),
    ("adadelta", {}, (1.0,)),
)


def drawn(rng: np.random.Generator) -> sn.Experiment:
    """An Experiment as somebody might make it who knows what is usual."""
    name = DATA[rng.integers(len(DATA))]
    spec = sn.spec_of(name)
    activation = ACTIVATIONS[rng.integers(len(ACTIVATIONS))]
    optimizer, settings, rates = OPTIMIZERS[rng.integers(len(OPTIMIZERS))]
    seeds = rng.integers(0, 2**31, 3).tolist()
    return sn.Experiment(
        dataset=name,
        samples=int(rng.choice([200, 300, 500])),
        noise=float(rng.choice([0.0, 0.05, 0.1, 0.2])),
        train_fraction=float(rng.choice([0.5, 0.7])),
        scaling="standard" if spec.given else "none",
        hidden=NETWORKS[rng.integers(len(NETWORKS))],
        activation=activation,
        initializer="glorot_uniform" if activation in ("tanh", "sigmoid") or rng.random() < 0.5 else "he_uniform",
        optimizer=optimizer,
        optimizer_settings=settings,
        learning_rate=float(rng.choice(rates)),
        batch_size=int(rng.choice([5, 10, 20])),
        data_seed=seeds[0],
        init_seed=seeds[1],
        order_seed=seeds[2],
        **sn.defaults_for(name),
    )


def solved_epoch(experiment: sn.Experiment) -> int | None:
    """After how many epochs the run is solved; None where it is not, or has stood still before."""
    run = experiment.start()
    while run.epoch < MOST_EPOCHS and run.status != "diverged":
        run.advance(epochs=1)
        if stopping.plateau(run.history):
            return None
        if stopping.solved(run.history, run.dataset.task):
            return run.epoch
    return None


def healthy(rng: np.random.Generator) -> Iterator[tuple[sn.Experiment, list[tuple[int, tuple[Finding, ...]]]]]:
    """Healthy experiments, without end, with what the doctor finds at each (epoch) that it is asked."""
    while True:
        experiment = drawn(rng)
        epochs = solved_epoch(experiment)
        if epochs is None:
            continue
        run, found = experiment.start(), []
        for epoch in sorted({max(1, epochs // 2), epochs, epochs + epochs // 2}):
            run.advance(epochs=epoch - run.epoch)
            if epoch <= epochs or stopping.solved(run.history, run.dataset.task):
                found.append((epoch, findings(health_of(run))))
        yield experiment, found


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share, square = hits / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def broken(rng: np.random.Generator, way: str) -> sn.Experiment:
    """A drawn Experiment that is broken in one way."""
    one = drawn(rng)
    classes = [name for name in DATA if sn.spec_of(name).task == "binary" and not sn.spec_of(name).given]
    plain = one.replace(dataset=classes[rng.integers(len(classes))], **sn.defaults_for("circle"), scaling="none")
    match way:
        case "rate far too high":
            return plain.replace(optimizer="sgd", learning_rate=float(rng.choice([10.0, 30.0])), activation="tanh")
        case "rate that explodes":
            name = str(rng.choice(["plane", "multi_gaussian", "sine"]))
            return one.replace(
                dataset=name,
                optimizer="sgd",
                learning_rate=float(rng.choice([1.0, 3.0])),
                activation="relu",
                scaling="none",
                **sn.defaults_for(name),
            )
        case "rate far too low":
            return plain.replace(optimizer="sgd", learning_rate=float(rng.choice([1e-6, 1e-5])))
        case "relu units thrown out":
            return plain.replace(activation="relu", optimizer="sgd", learning_rate=float(rng.choice([1.0, 3.0])))
        case "first weights all 0":
            return plain.replace(initializer="zeros", hidden=(8,))
        case "first weights all 0.5":
            return plain.replace(initializer="constant", hidden=(8, 8))
        case "unscaled columns":
            name = str(rng.choice(["penguins", "wine", "breast_cancer"]))
            return one.replace(dataset=name, scaling="none", **sn.defaults_for(name))
        case "deep sigmoid":
            return plain.replace(hidden=(8,) * int(rng.integers(5, 9)), activation="sigmoid", optimizer="sgd")
        case "few noisy points":
            return plain.replace(samples=200, train_fraction=0.1, noise=0.4, hidden=(16, 16), optimizer="adam")
        case "no hidden layer":
            name = str(rng.choice(["circle", "xor", "rings", "spiral"]))
            return plain.replace(dataset=name, hidden=(), optimizer="adam", learning_rate=0.01)
        case "batches that disagree":
            return plain.replace(optimizer="rmsprop", learning_rate=float(rng.choice([0.3, 1.0])), batch_size=5)
        case "Adam at a rate of 1":
            name = str(rng.choice(["circle", "spiral", "rings", "moons"]))
            kind = str(rng.choice(["tanh", "leaky_relu", "sigmoid"]))
            return plain.replace(dataset=name, noise=0.1, optimizer="adam", learning_rate=1.0, activation=kind)
        case "deep sigmoid with Adam":
            return plain.replace(hidden=(8,) * int(rng.integers(5, 9)), activation="sigmoid", optimizer="adam")
        case "weights held down":
            kind = str(rng.choice(["l1", "l2"]))
            return plain.replace(optimizer="adam", learning_rate=0.01, **{kind: float(rng.choice([0.1, 0.3, 1.0]))})
        case "layers without a bend":
            name = str(rng.choice(["circle", "xor", "rings", "spiral"]))
            return plain.replace(dataset=name, activation="identity", optimizer="adam", learning_rate=0.01)
        case "stands still":
            name = str(rng.choice(["moons", "spiral", "checkerboard", "gauss"]))
            return plain.replace(dataset=name, noise=0.4, hidden=(12,), optimizer="adam", learning_rate=0.003)
    raise ValueError(f"There is no way {way}.")


WAYS = (
    "rate far too high",
    "rate that explodes",
    "rate far too low",
    "relu units thrown out",
    "first weights all 0",
    "first weights all 0.5",
    "unscaled columns",
    "deep sigmoid",
    "few noisy points",
    "no hidden layer",
    "batches that disagree",
    "Adam at a rate of 1",
    "deep sigmoid with Adam",
    "weights held down",
    "layers without a bend",
    "stands still",
)


def has_helped(run: sn.Run, finding: Finding) -> bool:
    """Whether the loss is lower with the remedy than without, at twice the updates that the run has."""
    last, remedy = 2 * run.update, finding.remedy
    without = run.fork()
    without.goto(last)
    if remedy.is_live:
        tried = run.fork()
        tried.goto(remedy.update)
        tried.change(**remedy.changes)
    else:
        tried = run.settings.replace(**remedy.changes).start()
    tried.goto(last)
    if tried.status == "diverged":
        return False
    with_it, without_it = tried.evaluate(), without.evaluate()
    if without.status == "diverged":
        return with_it.train_loss < run.history.train_loss[0]  # what it had is of no use, it cannot go on
    if "scaling" in remedy.changes:
        return with_it.train_score > without_it.train_score
    if finding.kind == "overfitting":
        return with_it.test_loss < without_it.test_loss
    return with_it.train_loss < without_it.train_loss


def main() -> None:
    given = table.arguments(
        __doc__ or "",
        ("--runs", 200, "healthy runs"),
        ("--ill", 20, "ill runs of each kind"),
        ("--seed", 3, "of all that is drawn; with 0, 1, 2 and 5 the thresholds were chosen"),
    )
    rng, kinds, alarms = np.random.default_rng(given.seed), Counter[str](), 0
    for count, (experiment, looks) in enumerate(healthy(rng), 1):
        found = [(epoch, finding) for epoch, said in looks for finding in said]
        alarms += bool(found)
        for epoch, finding in found[:1]:
            kinds[finding.kind] += 1
            print(f"- false alarm after {epoch} epochs: {finding.sentence}\n  {experiment.to_query()}", flush=True)
        if count == given.runs:
            break
    low, high = wilson(alarms, given.runs)
    print(
        f"\nFalse alarms: {alarms} of {given.runs} healthy runs, {100 * alarms / given.runs:.1f} % "
        f"(95 % interval: {100 * low:.1f} to {100 * high:.1f} %)\n",
        flush=True,
    )
    print(
        "| broken | runs | found something | found first | the first remedy helped |\n|---|---|---|---|---|", flush=True
    )
    rows, helped_in_all, tried_in_all = [], 0, 0
    for way in WAYS:
        firsts, helped = Counter[str](), 0
        for _ in range(given.ill):
            run = broken(rng, way).start()
            run.advance(epochs=300 if way == "stands still" else 120)
            said = findings(health_of(run))
            if said:
                firsts[said[0].kind] += 1
                helped += bool(has_helped(run, said[0]))
        tried = firsts.total()
        helped_in_all, tried_in_all = helped_in_all + helped, tried_in_all + tried
        first = ", ".join(f"{kind} {n}" for kind, n in firsts.most_common()) or "nothing"
        print(f"| {way} | {given.ill} | {tried} | {first} | {helped} of {tried} |", flush=True)
        rows.append({"way": way, "runs": given.ill, "found": dict(firsts), "helped": helped})
    low, high = wilson(helped_in_all, max(tried_in_all, 1))
    print(
        f"\nRemedies that helped: {helped_in_all} of {tried_in_all}, "
        f"{100 * helped_in_all / max(tried_in_all, 1):.0f} % "
        f"(95 % interval: {100 * low:.0f} to {100 * high:.0f} %)"
    )
    table.write(given.json, runs=given.runs, false_alarms=alarms, kinds=dict(kinds), ill=rows)


if __name__ == "__main__":
    main()
