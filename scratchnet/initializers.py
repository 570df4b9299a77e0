r"""Initializers: where learning starts, the first weights and biases of a layer.

``INITIALIZERS[name].weights(rng, fan_in, fan_out)`` draws W of shape (fan_out, fan_in) for a layer that fan_in numbers
enter and fan_out leave; ``.biases(rng, fan_out)`` gives b of shape (fan_out,), 0 except for standard_normal.

The scaled ones keep the size of the signal about the same from layer to layer, by choosing the variance of a weight:

    LeCun    Var W = 1 / fan_in              LeCun, Bottou, Orr, Mueller: Efficient BackProp (1998), section 4.6
    Glorot   Var W = 2 / (fan_in + fan_out)  Glorot, Bengio: Understanding the difficulty of training deep feedforward
                                             neural networks (AISTATS 2010), equations 12 and 16
    He       Var W = 2 / fan_in              He, Zhang, Ren, Sun: Delving Deep into Rectifiers (ICCV 2015), equation 10

A uniform distribution on (-limit, limit) has the variance limit^2 / 3, so limit = sqrt(3 Var W). The normal ones are
not truncated, as in PyTorch.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


def _zero_biases(rng: np.random.Generator, fan_out: int) -> np.ndarray:
    return np.zeros(fan_out)


@dataclass(frozen=True)
class Initializer:
    """One way to start. ``weights(rng, fan_in, fan_out)`` -> (fan_out, fan_in); ``biases(rng, fan_out)`` -> (fan_out,).

    ``formula`` is the distribution of a weight as LaTeX. For each layer call weights, then biases, with the same rng.
    """

    name: str
    title: str
    formula: str
    weights: Callable[[np.random.Generator, int, int], np.ndarray]
    biases: Callable[[np.random.Generator, int], np.ndarray] = _zero_biases


def _zeros(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """All weights 0. Not neutral: the units of a layer get identical gradients and stay identical for ever."""
    return np.zeros((fan_out, fan_in))


def _constant(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """All weights 0.5. As with zeros the units of a layer stay identical, but here something flows and learns."""
    return np.full((fan_out, fan_in), 0.5)


def _standard_normal(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """W ~ N(0, 1), whatever the size of the layer, as in the tutorial; its biases are drawn in the same way."""
    return rng.standard_normal((fan_out, fan_in))


def _uniform(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """W ~ U(-0.5, 0.5), whatever the size of the layer, as in TensorFlow Playground (src/nn.ts; its biases are 0.1)."""
    return rng.uniform(-0.5, 0.5, (fan_out, fan_in))


def _lecun_normal(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """W ~ N(0, 1 / fan_in): keeps the variance of z where f is about the identity (tanh near 0) (LeCun et al. 1998)."""
    return math.sqrt(1 / fan_in) * rng.standard_normal((fan_out, fan_in))


def _glorot_uniform(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """W ~ U(-l, l), l = sqrt(6 / (fan_in + fan_out)): between signal and gradient (Glorot, Bengio 2010, eq. 16)."""
    limit = math.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_out, fan_in))


def _glorot_normal(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """W ~ N(0, 2 / (fan_in + fan_out)): the variance of glorot_uniform (Glorot, Bengio 2010, eq. 12)."""
    return math.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal((fan_out, fan_in))


def _he_uniform(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """W ~ U(-l, l), l = sqrt(6 / fan_in): the variance of he_normal (He et al. 2015, eq. 10)."""
    limit = math.sqrt(6 / fan_in)
    return rng.uniform(-limit, limit, (fan_out, fan_in))


def _he_normal(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    """W ~ N(0, 2 / fan_in): twice LeCun's, because relu sets half of the signal to 0 (He et al. 2015, eq. 10)."""
    return math.sqrt(2 / fan_in) * rng.standard_normal((fan_out, fan_in))


def _standard_normal_biases(rng: np.random.Generator, fan_out: int) -> np.ndarray:
    return rng.standard_normal(fan_out)


INITIALIZERS: dict[str, Initializer] = {
    initializer.name: initializer
    for initializer in (
        Initializer("zeros", "Zeros", "W = 0", _zeros),
        Initializer("constant", "Constant", "W = 0.5", _constant),
        Initializer(
            "standard_normal",
            "Standard normal (the tutorial's)",
            r"W, b \sim N(0, 1)",
            _standard_normal,
            _standard_normal_biases,
        ),
        Initializer("uniform", "Uniform", r"W \sim U(-0.5, 0.5)", _uniform),
        Initializer("lecun_normal", "LeCun normal", r"W \sim N(0, 1/n_{in})", _lecun_normal),
        Initializer(
            "glorot_uniform",
            "Glorot uniform",
            r"W \sim U(-l, l),\ l = \sqrt{6/(n_{in}+n_{out})}",
            _glorot_uniform,
        ),
        Initializer("glorot_normal", "Glorot normal", r"W \sim N(0, 2/(n_{in}+n_{out}))", _glorot_normal),
        Initializer("he_uniform", "He uniform", r"W \sim U(-l, l),\ l = \sqrt{6/n_{in}}", _he_uniform),
        Initializer("he_normal", "He normal", r"W \sim N(0, 2/n_{in})", _he_normal),
    )
}
