"""Numbers made by another library: PyTorch in float64 writes the files that tests/test_*.py compare scratchnet with.

The files are kept, so PyTorch is not needed to run the tests. Made with PyTorch 2.13.0 and NumPy 2.4.6; to make them
again (a quarter of a minute):

    python tests/oracles/make_oracles.py

activations.json     f(z) and f'(z) of every elementwise activation on a grid of z that reaches -1000 and 1000
losses.json          loss and dloss/dz for chosen z and y, some of them absurdly large
backpropagation.npz  every hidden activation x output activation x loss x regulariser: losses, deltas, gradients
optimizers.json      the path of six parameters through 16 given gradients, for every optimizer and its settings
schedules.json       the learning rates of torch.optim.lr_scheduler
training.json        whole training runs: every loss, and the parameters after some of the updates

No network code of the project is used here, and none of its formulas: gradients come from torch.autograd.
"""

import itertools
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

FOLDER = Path(__file__).parent

# softplus is log(1 + exp(z)) for every z; torch's own replaces it by z above 20, a difference of 2e-9.
ACTIVATIONS = {
    "identity": lambda z: z * 1.0,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "gelu": F.gelu,
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),
    "swish": F.silu,
}
OUTPUTS = {**ACTIVATIONS, "softmax": lambda z: torch.softmax(z, dim=1)}
FREE_LOSSES = ("mse", "half_squared_error", "mae", "huber", "hinge")  # these take any output activation
PAIRS = [(output, loss) for output in OUTPUTS for loss in FREE_LOSSES]
PAIRS += [("sigmoid", "bce"), ("softmax", "cross_entropy")]

SIZES = (2, 3, 2)  # inputs and two hidden layers; the outputs (1 or 3) come after
REGULARISERS = {"none": (0.0, 0.0), "l1": (0.03, 0.0), "l2": (0.0, 0.2), "l1 and l2": (0.03, 0.2)}


def array(values):
    return torch.tensor(np.asarray(values), dtype=torch.float64)


def loss_of(name, z, a, y):
    """The losses as the vocabulary of the project defines them; y is (n, outputs), for cross_entropy one-hot."""
    n = len(z)
    if name == "mse":
        return F.mse_loss(a, y)
    if name == "half_squared_error":
        return 0.5 * F.mse_loss(a, y, reduction="sum") / n
    if name == "mae":
        return F.l1_loss(a, y)
    if name == "huber":
        return F.huber_loss(a, y, delta=1.0)
    if name == "hinge":
        return F.relu(1 - y * a).mean()
    if name == "bce":
        return F.binary_cross_entropy_with_logits(z, y, reduction="sum") / n
    if name == "cross_entropy":
        return F.cross_entropy(z, y.argmax(dim=1))
    raise KeyError(name)


def forward(weights, biases, activations, x):
    zs, a = [], x
    for w, b, name in zip(weights, biases, activations, strict=True):
        z = a @ w.T + b
        if z.requires_grad:
            z.retain_grad()
        zs.append(z)
        a = OUTPUTS[name](z)
    return zs, a


def unflatten(theta, sizes):
    """theta is W[0] row by row, b[0], W[1], ...: the order of torch's parameters()."""
    weights, biases, at = [], [], 0
    for fan_in, fan_out in itertools.pairwise(sizes):
        weights.append(array(theta[at : at + fan_in * fan_out]).reshape(fan_out, fan_in))
        at += fan_in * fan_out
        biases.append(array(theta[at : at + fan_out]))
        at += fan_out
    assert at == len(theta)
    return weights, biases


def n_parameters(sizes):
    return sum((i + 1) * o for i, o in itertools.pairwise(sizes))


# ---------------------------------------------------------------------------------------------------- activations
def activations():
    magnitudes = [
        1e-300,
        1e-12,
        1e-3,
        0.1,
        0.5,
        1.0,
        2.0,
        3.7,
        6.0,
        10.0,
        19.0,
        25.0,
        37.0,
        40.0,
        100.0,
        709.0,
        745.0,
        1000.0,
    ]
    grid = [-m for m in reversed(magnitudes)] + [0.0] + magnitudes
    out = {"z": grid}
    for name, f in {**ACTIVATIONS, "gelu_tanh": lambda z: F.gelu(z, approximate="tanh")}.items():
        z = array(grid).requires_grad_()
        a = f(z)
        (slope,) = torch.autograd.grad(a.sum(), z)
        out[name] = {"f": a.tolist(), "derivative": slope.tolist()}
    z = array(
        [[0.0, 0.0, 0.0], [1.0, 2.0, -3.0], [1000.0, -1000.0, 999.0], [-1000.0, -1001.0, -1000.5], [1e-12, 0.0, -1e-12]]
    )
    out["softmax"] = {"z": z.tolist(), "f": torch.softmax(z, dim=1).tolist()}
    return out


# --------------------------------------------------------------------------------------------------------- losses
def losses():
    rng = np.random.default_rng(11)
    cases = []

    def add(loss, output, z, y, name):
        z = array(z).requires_grad_()
        value = loss_of(loss, z, OUTPUTS[output](z), array(y))
        if loss == "bce":  # torch rounds the loss of a sure and right prediction, 4e-18 at z = -40, to 0
            exact = array(y) * torch.logaddexp(-z, 0 * z) + (1 - array(y)) * torch.logaddexp(z, 0 * z)
            assert abs(exact.sum().item() / len(z) - value.item()) < 1e-12 * (1 + value.item())
            value = exact.sum() / len(z)
        (delta,) = torch.autograd.grad(value, z)
        cases.append(
            {"name": f"{loss}, {output} output, {name}", "loss": loss, "output": output, "z": z.tolist(), "y": y,
             "value": value.item(), "delta": delta.tolist()}
        )  # fmt: skip

    for n, k in ((1, 1), (4, 1), (1, 3), (4, 3)):
        z = rng.normal(0, 2, (n, k)).tolist()
        shape = f"{n} samples, {k} outputs"
        for loss in ("mse", "half_squared_error", "mae", "huber"):
            add(loss, "identity", z, rng.normal(0, 2, (n, k)).tolist(), shape)
        signs = (2 * rng.integers(0, 2, (n, k)) - 1.0).tolist()
        add("hinge", "identity", z, signs, shape)
        add("hinge", "tanh", z, signs, shape)
        add("bce", "sigmoid", z, rng.integers(0, 2, (n, k)).astype(float).tolist(), shape)
        if k > 1:
            add("cross_entropy", "softmax", z, np.eye(k)[rng.integers(0, k, n)].tolist(), shape)
    huge = [-1000.0, -745.0, -40.0, -1e-12, 0.0, 1e-12, 37.0, 710.0, 1000.0]
    for target in (0.0, 1.0):
        add("bce", "sigmoid", [[z] for z in huge], [[target]] * len(huge), f"|z| up to 1000, y = {target:g}")
        for z in huge:
            add("bce", "sigmoid", [[z]], [[target]], f"z = {z:g}, y = {target:g}")
    rows = [[1000.0, -1000.0, 0.0], [-1000.0, -1000.0, 1000.0], [1000.0, 1000.0, 1000.0], [0.0, 40.0, -40.0]]
    for k in range(3):
        add("cross_entropy", "softmax", rows, [list(np.eye(3)[k])] * len(rows), f"|z| up to 1000, class {k}")
        for row in rows:
            add("cross_entropy", "softmax", [row], [list(np.eye(3)[k])], f"z = {row}, class {k}")
    for loss in ("mse", "half_squared_error", "mae", "huber"):
        add(loss, "identity", [[1e6], [-1e-9], [0.5]], [[-1e6], [1e-9], [0.25]], "far off and very near")
    return cases


# ------------------------------------------------------------------------------------------------ backpropagation
def gradients(theta, sizes, activations, loss, x, y):
    """One row of numbers: 4 losses, output, delta of each layer, dx, db, and dW for each of the four regularisers."""
    weights, biases = unflatten(theta, sizes)
    row, d_weights = [], []
    for l1, l2 in REGULARISERS.values():
        leaves = [t.clone().requires_grad_() for t in (*weights, *biases, array(x))]
        ws, bs, inputs = leaves[: len(weights)], leaves[len(weights) : -1], leaves[-1]
        zs, a = forward(ws, bs, activations, inputs)
        total = loss_of(loss, zs[-1], a, array(y))
        total = total + sum(l1 * w.abs().sum() + 0.5 * l2 * (w**2).sum() for w in ws)
        total.backward()
        row.append(total.item())
        d_weights += [w.grad.flatten() for w in ws]
        rest = [a.detach(), *(z.grad for z in zs), inputs.grad, *(b.grad for b in bs)]
    return (
        np.concatenate([row, *(np.asarray(t).ravel() for t in (*rest, *d_weights))]),
        [z.detach() for z in zs],
        a.detach(),
    )


def targets(loss, y_real, y_sign, y_class):
    if loss == "hinge":
        return y_sign
    if loss == "bce":
        return (y_sign + 1) / 2
    if loss == "cross_entropy":
        return np.eye(y_real.shape[1])[y_class]
    return y_real


def too_near_a_kink(activations, loss, zs, a, y, margin=3e-4):
    """True where a central difference would straddle a corner of relu, leaky_relu, mae or hinge."""
    kinks = [z.abs().min().item() for z, f in zip(zs, activations, strict=True) if f in ("relu", "leaky_relu")]
    if loss == "mae":
        kinks.append((a - array(y)).abs().min().item())
    if loss == "hinge":
        kinks.append((1 - array(y) * a).abs().min().item())
    return min(kinks, default=1.0) < margin


def backpropagation():
    """Every hidden activation meets every output x loss at 3 outputs and 5 samples; the other shapes meet every
    output x loss with the hidden activations taken in turn. The second hidden layer has another activation than the
    first, so that a layer that uses its neighbour's derivative is found out.
    """
    names = list(ACTIVATIONS)
    out = {}
    for outputs in (1, 3):
        sizes = (*SIZES, outputs)
        for seed in range(1000):
            rng = np.random.default_rng([outputs, seed])
            theta = rng.normal(0, 0.9, n_parameters(sizes))
            x, y_real = rng.normal(0, 1.2, (5, 2)), rng.normal(0, 1, (5, outputs))
            y_sign, y_class = 2.0 * rng.integers(0, 2, (5, outputs)) - 1, rng.integers(0, outputs, 5)
            found, bad = {}, False
            for samples in (5, 1):
                rows, cases = [], []
                for p, (output, loss) in enumerate(PAIRS):
                    if output == "softmax" and outputs == 1:
                        continue  # a softmax of one unit is 1 whatever z is
                    y = targets(loss, y_real, y_sign, y_class)[:samples]
                    everyone = (samples, outputs) == (5, 3)
                    for h in range(len(names)) if everyone else [(p + samples + outputs) % len(names)]:
                        layers = (names[h], names[(h + 1) % len(names)], output)
                        row, zs, a = gradients(theta, sizes, layers, loss, x[:samples], y)
                        bad = bad or too_near_a_kink(layers, loss, zs, a, y)
                        rows.append(row)
                        cases.append(" ".join((*layers, loss)))
                if bad:
                    break
                found |= {f"cases_{outputs}x{samples}": np.array(cases), f"numbers_{outputs}x{samples}": np.array(rows)}
            if not bad:
                break
        assert not bad, "no seed keeps its distance from the kinks"
        out |= found | {f"theta_{outputs}": theta, f"x_{outputs}": x}
        out |= {f"y_real_{outputs}": y_real, f"y_sign_{outputs}": y_sign, f"y_class_{outputs}": y_class}
    return out


# ----------------------------------------------------------------------------------------------------- optimizers
TORCH = {
    "sgd": torch.optim.SGD,
    "adagrad": torch.optim.Adagrad,
    "adadelta": torch.optim.Adadelta,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "nadam": torch.optim.NAdam,
}
SETTINGS = [
    ("sgd", {"lr": 0.1}),
    ("sgd", {"lr": 0.1, "weight_decay": 0.05}),
    ("sgd", {"lr": 0.1, "momentum": 0.9}),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3}),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("sgd", {"lr": 0.1, "momentum": 0.8, "dampening": 0.5, "weight_decay": 0.02}),
    ("sgd", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.02}),
    ("adagrad", {}),
    ("adagrad", {"lr": 0.5, "lr_decay": 0.1}),
    ("adagrad", {"lr": 0.1, "initial_accumulator_value": 0.25}),
    ("adagrad", {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-4}),
    ("adadelta", {}),
    ("adadelta", {"lr": 0.5, "rho": 0.7, "eps": 1e-4, "weight_decay": 0.1}),
    ("rmsprop", {}),
    ("rmsprop", {"centered": True}),
    ("rmsprop", {"momentum": 0.9}),
    ("rmsprop", {"lr": 0.03, "alpha": 0.8, "eps": 1e-3, "momentum": 0.5, "centered": True, "weight_decay": 0.1}),
    ("adam", {}),
    ("adam", {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-4}),
    ("adam", {"lr": 0.1, "weight_decay": 0.1}),
    ("adamw", {}),
    ("adamw", {"lr": 0.1, "weight_decay": 0.3, "betas": [0.8, 0.95]}),
    ("nadam", {}),
    ("nadam", {"lr": 0.1, "momentum_decay": 0.05, "betas": [0.8, 0.95]}),
    ("nadam", {"lr": 0.1, "weight_decay": 0.1}),
]


def follow(name, settings, start, grads, rates=None):
    theta = array(start).clone().requires_grad_()
    optimizer = TORCH[name]([theta], **settings)
    path = []
    for k, gradient in enumerate(grads):
        if rates is not None:
            optimizer.param_groups[0]["lr"] = rates[k]
        theta.grad = array(gradient)
        optimizer.step()
        path.append(theta.tolist())
    return path


def optimizers():
    """Six parameters: ordinary, always zero, zero until step 6 and after, huge, tiny, and one that starts at 0."""
    rng = np.random.default_rng(5)
    steps = 16
    grads = rng.normal(0, 1, (steps, 6))
    grads[:, 1] = 0.0
    grads[:6, 2] = grads[12:, 2] = 0.0
    grads[:, 3] *= 1e6
    grads[:, 4] *= 1e-9
    grads[8] = 0.0  # one step without any gradient
    start = [0.7, -1.3, 2.0, 0.4, -0.2, 0.0]
    rates = [0.2 * 0.8**k for k in range(steps)]
    paths = []
    for name, settings in SETTINGS:
        ours = {("learning_rate" if k == "lr" else k): v for k, v in settings.items()}
        paths.append(
            {"optimizer": name, "settings": ours, "path": follow(name, settings, start, grads),
             "path_with_rates": follow(name, settings, start, grads, rates)}
        )  # fmt: skip
    defaults = {}
    for name, cls in TORCH.items():
        group = cls([torch.zeros(1)]).param_groups[0]
        keep = "lr momentum dampening weight_decay nesterov lr_decay eps rho alpha centered betas momentum_decay"
        keep = (*keep.split(), "initial_accumulator_value")
        defaults[name] = {("learning_rate" if k == "lr" else k): group[k] for k in keep if k in group}
    return {"start": start, "gradients": grads.tolist(), "rates": rates, "defaults": defaults, "paths": paths}


# ------------------------------------------------------------------------------------------------------ schedules
def schedules():
    from torch.optim import lr_scheduler as s

    def rates(make, n=40, lr=0.1):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
        scheduler = make(optimizer)
        out = []
        for _ in range(n):
            out.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return out

    return {
        "learning_rate": 0.1,
        "constant": {"settings": {}, "rates": rates(lambda o: s.LambdaLR(o, lambda k: 1.0))},
        "step": {"settings": {"step_size": 7, "gamma": 0.5}, "rates": rates(lambda o: s.StepLR(o, 7, 0.5))},
        "exponential": {"settings": {"gamma": 0.9}, "rates": rates(lambda o: s.ExponentialLR(o, 0.9))},
        "cosine": {
            "settings": {"t_max": 40, "eta_min": 0.003},
            "rates": rates(lambda o: s.CosineAnnealingLR(o, 40, 0.003)),
        },
        "warmup": {
            "settings": {"start_factor": 0.1, "total_iters": 12},
            "rates": rates(lambda o: s.LinearLR(o, 0.1, 1.0, 12)),
        },
    }


# ------------------------------------------------------------------------------------------------------- training
RUNS = [
    ("sgd", {"lr": 0.3}, {}),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "nesterov": True}, {}),
    ("sgd", {"lr": 0.3}, {"l1": 0.002, "l2": 0.01}),
    ("adagrad", {"lr": 0.1}, {}),
    ("adadelta", {"lr": 1.0}, {}),
    ("rmsprop", {"lr": 0.01, "centered": True, "momentum": 0.5}, {}),
    ("adam", {"lr": 0.02}, {"l2": 0.01}),
    ("adamw", {"lr": 0.02}, {}),
    ("nadam", {"lr": 0.02}, {}),
]
KEPT = (1, 2, 10, 50)


def train(sizes, activations, loss, theta, x, y, order, name, settings, extra):
    weights, biases = unflatten(theta, sizes)
    parameters = [t.requires_grad_() for pair in zip(weights, biases, strict=True) for t in pair]
    optimizer = TORCH[name](parameters, **settings)
    values, kept = [], {}
    for update, rows in enumerate(order, start=1):
        optimizer.zero_grad()
        zs, a = forward(weights, biases, activations, array(x[rows]))
        value = loss_of(loss, zs[-1], a, array(y[rows]))
        value = value + sum(
            extra.get("l1", 0.0) * w.abs().sum() + 0.5 * extra.get("l2", 0.0) * (w**2).sum() for w in weights
        )
        value.backward()
        optimizer.step()
        values.append(value.item())
        if update in KEPT:
            kept[str(update)] = torch.cat([p.detach().flatten() for p in parameters]).tolist()
    return {"loss_before_each_update": values, "theta_after": kept}


def training():
    rng = np.random.default_rng(21)
    out = []
    problems = [("two classes", (2, 8, 8, 1), ("tanh", "tanh", "sigmoid"), "bce"),
                ("three classes", (2, 6, 5, 3), ("tanh", "swish", "softmax"), "cross_entropy"),
                ("ten classes", (2, 7, 10), ("relu", "softmax"), "cross_entropy")]  # fmt: skip
    for problem, sizes, activations, loss in problems:
        x = rng.uniform(-1, 1, (46, 2))
        if loss == "bce":
            y = (x[:, :1] * x[:, 1:] > 0).astype(float)
        else:
            cuts = [-0.4, 0.4] if sizes[-1] == 3 else np.linspace(-1.1, 1.1, 9)
            y = np.eye(sizes[-1])[np.digitize(x[:, 0] + 0.5 * x[:, 1], cuts)]
        limits = np.concatenate(
            [np.r_[np.full(i * o, (6 / (i + o)) ** 0.5), np.zeros(o)] for i, o in itertools.pairwise(sizes)]
        )
        theta = rng.uniform(-1, 1, len(limits)) * limits
        epochs = [rng.permutation(46) for _ in range(10)]  # 5 updates an epoch; the fifth has 6 rows
        order = [rows[k : k + 10].tolist() for rows in epochs for k in range(0, 46, 10)]
        runs = []
        for name, settings, extra in RUNS if loss == "bce" else (RUNS[0], RUNS[6]):
            result = train(sizes, activations, loss, theta, x, y, order, name, settings, extra)
            ours = {("learning_rate" if k == "lr" else k): v for k, v in settings.items()}
            runs.append({"optimizer": name, "settings": ours, "trainer": extra, **result})
        out.append(
            {"problem": problem, "sizes": sizes, "activations": activations, "loss": loss, "x": x.tolist(),
             "y": y.tolist(), "theta": theta.tolist(), "order": order, "runs": runs}
        )  # fmt: skip
    return out


def scaled_regression():
    """Values of a million: the training part is standardised by torch, and what comes out is brought back."""
    rng = np.random.default_rng(22)
    sizes, activations = (2, 5, 1), ("tanh", "identity")
    x = rng.uniform(1e6, 3e6, (40, 2)) * [1, 1e-9]
    y = (2 * x[:, :1] - 1e9 * x[:, 1:]) + rng.normal(0, 1e5, (40, 1))
    parts = np.where(np.arange(40) < 30, 0, 2)
    limits = np.concatenate(
        [np.r_[np.full(i * o, (6 / (i + o)) ** 0.5), np.zeros(o)] for i, o in itertools.pairwise(sizes)]
    )
    theta = rng.uniform(-1, 1, len(limits)) * limits
    order = [rng.permutation(30)[:10].tolist() for _ in range(50)]
    scaled, means, spreads = [], [], []
    for values in (x, y):
        train_rows = array(values[:30])
        means.append(train_rows.mean(dim=0))
        spreads.append(train_rows.std(dim=0, unbiased=False))
        scaled.append(((array(values) - means[-1]) / spreads[-1]).numpy())
    result = train(sizes, activations, "mse", theta, *scaled, order, "adam", {"lr": 0.02}, {})
    last = result["theta_after"]["50"]
    _, answers = forward(*unflatten(np.array(last), sizes), activations, array(scaled[0]))
    in_units = (answers * spreads[1] + means[1]).tolist()
    return {"sizes": sizes, "activations": activations, "x": x.tolist(), "y": y.tolist(), "parts": parts.tolist(),
            "theta": theta.tolist(), "order": order, "answers_in_units": in_units, **result}  # fmt: skip


def write_json(name, value):
    (FOLDER / name).write_text(json.dumps({"torch": torch.__version__, "data": value}, allow_nan=False) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)  # else NAdam keeps its product of momenta in 32 bits
    write_json("activations.json", activations())
    write_json("losses.json", losses())
    write_json("optimizers.json", optimizers())
    write_json("schedules.json", schedules())
    write_json("training.json", training())
    write_json("scaled_regression.json", scaled_regression())
    np.savez_compressed(FOLDER / "backpropagation.npz", **backpropagation())
