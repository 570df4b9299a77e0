"""Activation functions: what a unit makes of its weighted sum z, and how steep that is.

Each function stands directly above its derivative. Both are element by element, except softmax, which looks at a
whole row. `out` is an array to write into, as in NumPy; without it a new array is returned.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

ONE = np.array(1.0)  # derivatives run thousands of times a second, and a ufunc takes an array faster than a float
LEAKY_SLOPE = 0.01
SQRT_HALF = math.sqrt(0.5)
PLACES, TABLE_END = 128, 9  # where Phi is known: so many to a unit, from -9 to 9, where it is 1 to the last bit
FEW = 100  # numbers, for which Python's own error function is the faster one
SQRT_TWO_PI = math.sqrt(2 * math.pi)
LARGEST_EXPONENT = 88.0  # exp(88) is the last whole power of e that float32 can hold


def identity(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = z."""
    return np.positive(z, out)


def identity_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """1 everywhere."""
    slope = np.empty_like(z) if out is None else out
    slope.fill(1.0)
    return slope


def sigmoid(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = 1 / (1 + exp(-z)), computed as exp(z) / (exp(z) + 1).

    In this form a small a keeps all its digits (sigmoid(-40) is 4.2e-18, not 0), and the one limit that is needed
    against overflow changes no digit: above z = 37 the result is 1 to the last bit, in float32 above z = 17.
    """
    e = np.exp(np.minimum(z, LARGEST_EXPONENT))
    return np.divide(e, e + 1.0, out)


def sigmoid_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a (1 - a)."""
    slope = np.subtract(ONE, a, out)
    slope *= a
    return slope


def tanh(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = (exp(z) - exp(-z)) / (exp(z) + exp(-z))."""
    return np.tanh(z, out)


def tanh_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """1 - a^2."""
    slope = np.multiply(a, a, out)
    return np.subtract(ONE, slope, slope)


def relu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = max(0, z)."""
    return np.maximum(z, 0.0, out=out)


def relu_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """1 where z > 0, else 0; at the kink z = 0 we choose 0."""
    return np.heaviside(z, 0.0, out)


def leaky_relu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = z where z > 0, else 0.01 z (Maas et al. 2013)."""
    return np.maximum(z, LEAKY_SLOPE * z, out=out)


def leaky_relu_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """1 where z > 0, else 0.01."""
    slope = np.heaviside(z, 0.0, out)
    slope *= 1.0 - LEAKY_SLOPE
    slope += LEAKY_SLOPE
    return slope


def elu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = z where z > 0, else exp(z) - 1 (Clevert et al. 2016, alpha = 1)."""
    negative_part = np.expm1(np.minimum(z, 0.0))
    return np.add(np.maximum(z, 0.0), negative_part, out)


def elu_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """1 where z > 0, else exp(z)."""
    return np.exp(np.minimum(z, 0.0), out)


def normal_cdf(z: np.ndarray) -> np.ndarray:
    """Phi(z), the share of a standard normal distribution below z; right to the last digits, below -9 as well.

    NumPy has no error function, and calling Python's for each of many numbers is ten times slower. So for many Phi is
    known at places 1/128 apart (`_phi_table`), and a Taylor series leads from the nearest one to z.
    """
    if np.size(z) <= FEW:
        return 0.5 * np.vectorize(math.erfc, otypes=[float])(-SQRT_HALF * z)
    if z.flags.fnc:  # column after column in memory, while `take` goes through rows
        return normal_cdf(z.T).T
    near = np.clip(z, -TABLE_END, TABLE_END)
    with np.errstate(invalid="ignore"):  # nan has no place; its series is nan whatever place is taken
        place = np.rint(near * PLACES).astype(np.intp)
    d = near - place / PLACES
    place += TABLE_END * PLACES
    *rest, last = PHI_TABLE
    phi = last.take(place, mode="clip")
    for coefficients in reversed(rest):
        phi *= d
        phi += coefficients.take(place, mode="clip")
    far = z < -TABLE_END
    if far.any():
        phi[far] = 0.5 * np.vectorize(math.erfc, otypes=[float])(-SQRT_HALF * z[far])
    return phi


def _phi_table(terms: int = 8) -> np.ndarray:
    """Row k: the Taylor coefficients of order k of Phi around each of the places.

    The k-th derivative of the density phi(z) is (-1)^k He_k(z) phi(z), with He_0 = 1, He_1 = z and
    He_(k+1) = z He_k - k He_(k-1) (Abramowitz & Stegun 1964, 26.2.31 and 22.7.14).
    """
    z = np.arange(-TABLE_END * PLACES, TABLE_END * PLACES + 1) / PLACES
    density = np.exp(-0.5 * z * z) / SQRT_TWO_PI
    before, now = np.zeros_like(z), np.ones_like(z)  # He_(k-1) and He_k
    columns, factor = [0.5 * np.vectorize(math.erfc)(-SQRT_HALF * z)], 1.0
    for k in range(terms - 1):
        factor /= k + 1
        columns.append((-1) ** k * now * density * factor)
        before, now = now, z * now - k * before
    return np.stack(columns)


PHI_TABLE = _phi_table()


def gelu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = z Phi(z), with the exact normal distribution function (Hendrycks & Gimpel 2016)."""
    return np.multiply(z, normal_cdf(z), out)


def gelu_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Phi(z) + z phi(z), with the normal density phi. |z| is limited where phi is long since 0."""
    density = np.exp(-0.5 * np.minimum(np.abs(z), 1e3) ** 2) / SQRT_TWO_PI
    return np.add(normal_cdf(z), z * density, out)


def softplus(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = log(1 + exp(z)), a smooth relu."""
    return np.logaddexp(0.0, z, out)


def softplus_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """sigmoid(z)."""
    return sigmoid(z, out)


def swish(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a = z sigmoid(z) (Ramachandran et al. 2017; also called SiLU)."""
    return np.multiply(z, sigmoid(z), out)


def swish_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """sigmoid(z) + a (1 - sigmoid(z))."""
    s = sigmoid(z)
    return np.add(s, a * (1.0 - s), out)


def softmax(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a_k = exp(z_k) / sum_j exp(z_j) in each row; the row's largest z is subtracted first, which changes nothing
    in the quotient and keeps exp from overflowing."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.divide(e, e.sum(axis=-1, keepdims=True), out)


def softmax_own_derivative(z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """a_k (1 - a_k): how a_k follows its own z_k. Softmax also answers to the other z of its row, see `delta`."""
    return sigmoid_derivative(z, a, out)


def softmax_jacobian(a: np.ndarray) -> np.ndarray:
    """da_j/dz_k = a_j ([j = k] - a_k), as an array (n, units j, units k), for softmax outputs a (n, units)."""
    return a[:, :, None] * (np.eye(a.shape[1]) - a[:, None, :])


@dataclass(frozen=True)
class Activation:
    """A function with its derivative.

    f(z, out=None) -> a and derivative(z, a, out=None) -> f'(z), for arrays of any shape (softmax: rows last).
    `low` and `high` bound a (None: unbounded). Compare activations by name. The formulas are LaTeX with the letters z
    and a alone, `\\,` between factors and braces around every exponent, so that numbers can be put in their place.
    """

    name: str
    f: Callable[..., np.ndarray]
    derivative: Callable[..., np.ndarray]
    formula: str
    derivative_formula: str
    low: float | None
    high: float | None

    def delta(self, z: np.ndarray, a: np.ndarray, da: np.ndarray) -> np.ndarray:
        """dL/dz from dL/da, both (n, units): the chain rule through this activation.

        Softmax mixes the units of a row: dL/dz_k = a_k (dL/da_k - sum_j a_j dL/da_j).
        """
        if self.name == "softmax":
            return a * (da - np.sum(a * da, axis=-1, keepdims=True))
        return da * self.derivative(z, a)


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        activation.name: activation
        for activation in (
            Activation("identity", identity, identity_derivative, r"z", r"1", None, None),
            Activation("sigmoid", sigmoid, sigmoid_derivative, r"\frac{1}{1+e^{-z}}", r"a\,(1-a)", 0.0, 1.0),
            Activation("tanh", tanh, tanh_derivative, r"\tanh(z)", r"1-a^{2}", -1.0, 1.0),
            Activation("relu", relu, relu_derivative, r"\max(0,z)", r"[z>0]", 0.0, None),
            Activation(
                "leaky_relu",
                leaky_relu,
                leaky_relu_derivative,
                r"\max(0.01\,z,z)",
                r"1\text{ if }z>0\text{ else }0.01",
                None,
                None,
            ),
            Activation(
                "elu", elu, elu_derivative, r"z\text{ if }z>0\text{ else }e^{z}-1", r"\min(1,e^{z})", -1.0, None
            ),
            Activation("gelu", gelu, gelu_derivative, r"z\,\Phi(z)", r"\Phi(z)+z\,\varphi(z)", None, None),
            Activation("softplus", softplus, softplus_derivative, r"\ln(1+e^{z})", r"\frac{1}{1+e^{-z}}", 0.0, None),
            Activation(
                "swish",
                swish,
                swish_derivative,
                r"\frac{z}{1+e^{-z}}",
                r"\sigma(z)+a\,(1-\sigma(z))",
                None,
                None,
            ),
            Activation(
                "softmax", softmax, softmax_own_derivative, r"\frac{e^{z_k}}{\sum_j e^{z_j}}", r"a_k\,(1-a_k)", 0.0, 1.0
            ),
        )
    }
)
