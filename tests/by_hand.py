"""One update in plain Python, number by number, with formulas of its own: a second witness for what the screen shows.

No array operation and nothing of scratchnet is used. Losses are taken from a, slopes from textbook derivatives.
"""

import math

F = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": lambda z: (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)),
    "relu": lambda z: z if z > 0 else 0.0,
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "gelu": lambda z: z * (1 + math.erf(z / math.sqrt(2))) / 2,
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "swish": lambda z: z / (1 + math.exp(-z)),
}
SLOPE = {
    "identity": lambda z: 1.0,
    "sigmoid": lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2,
    "tanh": lambda z: 1 / math.cosh(z) ** 2,
    "relu": lambda z: 1.0 if z > 0 else 0.0,
    "leaky_relu": lambda z: 1.0 if z > 0 else 0.01,
    "elu": lambda z: 1.0 if z > 0 else math.exp(z),
    "gelu": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2 + z * math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
    "softplus": lambda z: 1 / (1 + math.exp(-z)),
    "swish": lambda z: (1 + math.exp(-z) + z * math.exp(-z)) / (1 + math.exp(-z)) ** 2,
}


def sign(v):
    return (v > 0) - (v < 0)


LOSS = {  # of one sample, and its slope for output k
    "mse": (
        lambda y, a: sum((p - q) ** 2 for p, q in zip(a, y, strict=True)) / len(a),
        lambda y, a, m: 2 * (a - y) / m,
    ),
    "half_squared_error": (
        lambda y, a: sum((p - q) ** 2 for p, q in zip(a, y, strict=True)) / 2,
        lambda y, a, m: a - y,
    ),
    "mae": (lambda y, a: sum(abs(p - q) for p, q in zip(a, y, strict=True)) / len(a), lambda y, a, m: sign(a - y) / m),
    "huber": (
        lambda y, a: (
            sum((e * e / 2 if e < 1 else e - 0.5) for e in (abs(p - q) for p, q in zip(a, y, strict=True))) / len(a)
        ),
        lambda y, a, m: (a - y if abs(a - y) < 1 else sign(a - y)) / m,
    ),
    "hinge": (
        lambda y, a: sum(max(0.0, 1 - p * q) for p, q in zip(a, y, strict=True)) / len(a),
        lambda y, a, m: (-y if y * a < 1 else 0.0) / m,
    ),
    "bce": (
        lambda y, a: -sum(q * math.log(p) + (1 - q) * math.log(1 - p) for p, q in zip(a, y, strict=True)),
        lambda y, a, m: (1 - y) / (1 - a) - y / a,
    ),
    "cross_entropy": (
        lambda y, a: -sum(q * math.log(p) for p, q in zip(a, y, strict=True) if q),
        lambda y, a, m: -y / a,
    ),
}


def activate(name, z):
    if name == "softmax":
        e = [math.exp(v) for v in z]
        return [v / sum(e) for v in e]
    return [F[name](v) for v in z]


def forward(W, b, activations, x):
    """z and a of one sample, a list a layer."""
    zs, activated, a = [], [], list(x)
    for weights, biases, name in zip(W, b, activations, strict=True):
        z = [sum(w * v for w, v in zip(row, a, strict=True)) + bias for row, bias in zip(weights, biases, strict=True)]
        a = activate(name, z)
        zs.append(z)
        activated.append(a)
    return zs, activated


def loss_of(W, b, activations, loss, x, y, l1=0.0, l2=0.0):
    """Mean loss over the samples, with the penalties."""
    data = sum(LOSS[loss][0](t, forward(W, b, activations, s)[1][-1]) for s, t in zip(x, y, strict=True)) / len(x)
    weights = [w for layer in W for row in layer for w in row]
    return data + l1 * sum(abs(w) for w in weights) + l2 / 2 * sum(w * w for w in weights)


def update(W, b, activations, loss, x, y):
    """Everything of one backward pass over the samples: a dictionary of nested lists under the frames' keys."""
    n, layers, found = len(x), len(W), {}
    passes = [forward(W, b, activations, sample) for sample in x]
    for layer in range(layers):
        found[f"z{layer + 1}"] = [z[layer] for z, _ in passes]
        found[f"a{layer + 1}"] = [a[layer] for _, a in passes]
    found["losses"] = [LOSS[loss][0](t, a[-1]) for (_, a), t in zip(passes, y, strict=True)]
    found["loss"] = sum(found["losses"]) / n
    last = layers - 1
    m, name = len(b[last]), activations[last]
    found[f"da{layers}"] = [
        [LOSS[loss][1](t[k], a[-1][k], m) for k in range(m)] for (_, a), t in zip(passes, y, strict=True)
    ]
    delta = []
    for (z, a), slopes in zip(passes, found[f"da{layers}"], strict=True):
        out = a[-1]
        if name == "softmax":
            J = [[out[j] * ((j == k) - out[k]) for k in range(m)] for j in range(m)]
        else:
            J = [[SLOPE[name](z[-1][k]) if j == k else 0.0 for k in range(m)] for j in range(m)]
        found.setdefault(f"slope{layers}", []).append(J if name == "softmax" else [J[k][k] for k in range(m)])
        delta.append([sum(slopes[j] * J[j][k] for j in range(m)) / n for k in range(m)])
    for layer in reversed(range(layers)):
        if layer < last:
            da = [[sum(d[k] * W[layer + 1][k][j] for k in range(len(d))) for j in range(len(b[layer]))] for d in delta]
            slope = [[SLOPE[activations[layer]](v) for v in z[layer]] for z, _ in passes]
            delta = [[p * q for p, q in zip(*rows, strict=True)] for rows in zip(da, slope, strict=True)]
            found[f"da{layer + 1}"], found[f"slope{layer + 1}"] = da, slope
        before = [a[layer - 1] if layer else list(s) for (_, a), s in zip(passes, x, strict=True)]
        found[f"delta{layer + 1}"] = delta
        found[f"dW{layer + 1}"] = [
            [sum(delta[s][k] * before[s][j] for s in range(n)) for j in range(len(before[0]))]
            for k in range(len(b[layer]))
        ]
        found[f"db{layer + 1}"] = [sum(delta[s][k] for s in range(n)) for k in range(len(b[layer]))]
    return found
