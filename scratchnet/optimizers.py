"""Optimizers: from a gradient to the next parameters. From simple to hard; settings are named as in torch.optim.

An optimizer is frozen settings. What it remembers between updates (a velocity, averages) is its state, a read-only
mapping of names to values: `t`, the number of updates made, and arrays shaped like theta.

Each class has one formula, written in place (`apply`), because training owns its arrays and may write into them.
`update` is the same on copies: it changes nothing that it was given. Theta and gradient are flat vectors. For one
update told line by line, with the numbers in between, see update_parts.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .values import at_least_zero, below_one, positive

State = Mapping[str, Any]  # what an optimizer remembers: "t", a whole number, and arrays like theta by their names


def frozen_state(state: dict[str, Any]) -> State:
    """The state as a read-only mapping with read-only arrays."""
    for value in state.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return MappingProxyType(state)


def private_state(state: State) -> dict[str, Any]:
    """A copy of a state that may be written into."""
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in state.items()}


@dataclass(frozen=True)
class Optimizer:
    """What all optimizers have: a learning rate and a weight decay, pure `init` and `update`, and `apply` in place."""

    learning_rate: float = 1e-3
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        positive(learning_rate=self.learning_rate)
        at_least_zero(weight_decay=self.weight_decay)

    def memory(self, theta: np.ndarray) -> dict[str, Any]:
        """The arrays this optimizer remembers, before its first update."""
        return {}

    def init(self, theta: np.ndarray) -> State:
        """The state before the first update of theta (n_parameters,)."""
        return frozen_state({"t": 0, **self.memory(theta)})

    def update(
        self, theta: ArrayLike, gradient: ArrayLike, state: State, learning_rate: float | None = None
    ) -> tuple[np.ndarray, State]:
        """(next theta, next state), both new. learning_rate None: this optimizer's own."""
        theta, gradient, state = np.array(theta, dtype=np.float64), np.asarray(gradient), private_state(state)
        if gradient.shape != theta.shape:  # (1,) would be stretched over all parameters
            raise ValueError(f"The gradient must have the shape of theta, {theta.shape}; got {gradient.shape}.")
        self.apply(theta, gradient, state, self.learning_rate if learning_rate is None else learning_rate)
        theta.setflags(write=False)
        return theta, frozen_state(state)

    def apply(
        self, theta: np.ndarray, gradient: np.ndarray, state: dict[str, Any], learning_rate: float | np.ndarray
    ) -> None:
        """The update itself, written into theta and state; the gradient is left as it is."""
        raise NotImplementedError

    def decayed(self, theta: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """The gradient plus weight_decay * theta, of the biases too, as torch.optim's coupled weight decay."""
        return gradient + self.weight_decay * theta if self.weight_decay else gradient


@dataclass(frozen=True)
class SGD(Optimizer):
    """theta -= learning_rate * v, where v is the gradient, or with momentum a velocity (Polyak 1964; Sutskever 2013):
    v = momentum * v + (1 - dampening) * gradient, in the first update v = gradient. Nesterov: gradient + momentum * v.
    """

    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        at_least_zero(momentum=self.momentum)
        at_least_zero(dampening=self.dampening)
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            raise ValueError("Nesterov momentum needs a momentum above 0 and a dampening of 0.")

    def memory(self, theta: np.ndarray) -> dict[str, Any]:
        return {"velocity": np.zeros_like(theta)} if self.momentum else {}

    def apply(
        self, theta: np.ndarray, gradient: np.ndarray, state: dict[str, Any], learning_rate: float | np.ndarray
    ) -> None:
        state["t"] += 1
        step = self.decayed(theta, gradient)
        if self.momentum:
            velocity = state["velocity"]
            velocity *= self.momentum
            velocity += step if state["t"] == 1 or not self.dampening else (1 - self.dampening) * step
            step = step + self.momentum * velocity if self.nesterov else velocity
        theta -= learning_rate * step


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """theta -= rate * g / (sqrt(sum of g^2) + eps), with rate = learning_rate / (1 + (t - 1) lr_decay)
    (Duchi et al. 2011)."""

    learning_rate: float = 1e-2
    lr_decay: float = 0.0
    initial_accumulator_value: float = 0.0
    eps: float = 1e-10

    def __post_init__(self) -> None:
        super().__post_init__()
        at_least_zero(lr_decay=self.lr_decay, initial_accumulator_value=self.initial_accumulator_value)
        positive(eps=self.eps)

    def memory(self, theta: np.ndarray) -> dict[str, Any]:
        return {"sum": np.full_like(theta, self.initial_accumulator_value)}

    def apply(
        self, theta: np.ndarray, gradient: np.ndarray, state: dict[str, Any], learning_rate: float | np.ndarray
    ) -> None:
        state["t"] += 1
        g, total = self.decayed(theta, gradient), state["sum"]
        total += g * g
        rate = learning_rate / (1 + (state["t"] - 1) * self.lr_decay)
        theta -= rate * g / (np.sqrt(total) + self.eps)


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """theta -= learning_rate * d, d = g sqrt(u + eps) / sqrt(v + eps), with the running averages v of g^2 and u of d^2
    (Zeiler 2012, algorithm 1)."""

    learning_rate: float = 1.0
    rho: float = 0.9
    eps: float = 1e-6

    def __post_init__(self) -> None:
        super().__post_init__()
        below_one(rho=self.rho)
        positive(eps=self.eps)

    def memory(self, theta: np.ndarray) -> dict[str, Any]:
        return {"v": np.zeros_like(theta), "u": np.zeros_like(theta)}

    def apply(
        self, theta: np.ndarray, gradient: np.ndarray, state: dict[str, Any], learning_rate: float | np.ndarray
    ) -> None:
        state["t"] += 1
        g, v, u = self.decayed(theta, gradient), state["v"], state["u"]
        v *= self.rho
        v += (1 - self.rho) * g * g
        d = g * np.sqrt(u + self.eps) / np.sqrt(v + self.eps)
        u *= self.rho
        u += (1 - self.rho) * d * d
        theta -= learning_rate * d


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """theta -= learning_rate * g / (sqrt(v) + eps), v a running average of g^2 (Hinton 2012, lecture 6e). Centred: the
    variance v - average(g)^2 instead of v (Graves 2013). With momentum the steps are gathered in a velocity."""

    learning_rate: float = 1e-2
    alpha: float = 0.99
    eps: float = 1e-8
    momentum: float = 0.0
    centered: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        below_one(alpha=self.alpha)
        at_least_zero(momentum=self.momentum)
        positive(eps=self.eps)

    def memory(self, theta: np.ndarray) -> dict[str, Any]:
        names = ["v"] + ["average"] * self.centered + ["velocity"] * (self.momentum > 0)
        return {name: np.zeros_like(theta) for name in names}

    def apply(
        self, theta: np.ndarray, gradient: np.ndarray, state: dict[str, Any], learning_rate: float | np.ndarray
    ) -> None:
        state["t"] += 1
        g, v = self.decayed(theta, gradient), state["v"]
        v *= self.alpha
        v += (1 - self.alpha) * g * g
        spread = v
        if self.centered:
            average = state["average"]
            average *= self.alpha
            average += (1 - self.alpha) * g
            spread = np.maximum(v - average * average, 0.0)  # round-off can make a variance of 0 slightly negative
        step = g / (np.sqrt(spread) + self.eps)
        if self.momentum:
            velocity = state["velocity"]
            velocity *= self.momentum
            velocity += step
            step = velocity
        theta -= learning_rate * step


@dataclass(frozen=True)
class Adam(Optimizer):
    """theta -= learning_rate * m^ / (sqrt(v^) + eps), with the running averages m of g and v of g^2, each divided by
    1 - beta^t because they started at 0 (Kingma & Ba 2015, algorithm 1)."""

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.betas, (tuple, list)) or len(self.betas) != 2:
            raise ValueError(f"betas must be two numbers such as (0.9, 0.999); got {self.betas!r}.")
        object.__setattr__(self, "betas", tuple(self.betas))
        for place, beta in enumerate(self.betas, 1):
            below_one(**{f"beta {place}": beta})
        positive(eps=self.eps)

    @cached_property
    def _shares(self) -> tuple[np.ndarray, np.ndarray]:
        """1 - beta1 and 1 - beta2, as arrays: a ufunc takes an array in two thirds of the time of a float."""
        return np.array(1 - self.betas[0]), np.array(1 - self.betas[1])

    def memory(self, theta: np.ndarray) -> dict[str, Any]:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def averages(self, g: np.ndarray, state: dict[str, Any]) -> tuple[np.ndarray, float]:
        """Count the update, move m a share 1 - beta1 towards g and v a share 1 - beta2 towards g^2.

        Returns sqrt(v) + c eps with c = sqrt(1 - beta2^t), and c: the quotient c m / (sqrt(v) + c eps) is m / (sqrt(v^)
        + eps), one division of arrays less (Kingma & Ba 2015, end of section 2).
        """
        state["t"] += 1
        (share1, share2), m, v = self._shares, state["m"], state["v"]
        change = g - m
        change *= share1
        m += change
        change = np.multiply(g, g, change)
        change -= v
        change *= share2
        v += change
        correction = (1 - self.betas[1] ** state["t"]) ** 0.5
        spread = np.sqrt(v, change)
        spread += correction * self.eps
        return spread, correction

    def apply(
        self, theta: np.ndarray, gradient: np.ndarray, state: dict[str, Any], learning_rate: float | np.ndarray
    ) -> None:
        spread, correction = self.averages(self.decayed(theta, gradient), state)
        step = np.divide(state["m"], spread, spread)
        step *= float(learning_rate) * correction / (1 - self.betas[0] ** state["t"])  # floats: arrays of one are slow
        theta -= step


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam, with the weight decay taken off theta itself instead of being added to the gradient: first
    theta -= learning_rate * weight_decay * theta (Loshchilov & Hutter 2019, algorithm 2)."""

    weight_decay: float = 1e-2

    def decayed(self, theta: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """The gradient as it is: here the weight decay does not pass through the averages."""
        return gradient

    def apply(
        self, theta: np.ndarray, gradient: np.ndarray, state: dict[str, Any], learning_rate: float | np.ndarray
    ) -> None:
        theta *= 1 - learning_rate * self.weight_decay
        super().apply(theta, gradient, state, learning_rate)


@dataclass(frozen=True)
class NAdam(Adam):
    """Adam with Nesterov's look ahead (Dozat 2016): the present gradient and the average each with its own share,
    mu_t = beta1 (1 - 0.5 * 0.96^(t momentum_decay)). With p_t = mu_1 ... mu_t, the place of m^ is taken by
    (1 - mu_t) / (1 - p_t) g + mu_{t+1} / (1 - p_t mu_{t+1}) m."""

    learning_rate: float = 2e-3
    momentum_decay: float = 4e-3

    def __post_init__(self) -> None:
        super().__post_init__()
        at_least_zero(momentum_decay=self.momentum_decay)

    def memory(self, theta: np.ndarray) -> dict[str, Any]:
        return {**super().memory(theta), "mu_product": 1.0}

    def apply(
        self, theta: np.ndarray, gradient: np.ndarray, state: dict[str, Any], learning_rate: float | np.ndarray
    ) -> None:
        g = self.decayed(theta, gradient)
        spread, correction = self.averages(g, state)
        learning_rate = learning_rate * correction  # as in Adam: a quotient by sqrt(v^) + eps without computing v^
        t = state["t"]
        mu, mu_next = (self.betas[0] * (1 - 0.5 * 0.96 ** (k * self.momentum_decay)) for k in (t, t + 1))
        state["mu_product"] *= mu
        product = state["mu_product"]
        theta -= learning_rate * (1 - mu) / (1 - product) * g / spread
        theta -= learning_rate * mu_next / (1 - product * mu_next) * state["m"] / spread


OPTIMIZERS: Mapping[str, type[Optimizer]] = MappingProxyType(
    {
        "sgd": SGD,
        "adagrad": Adagrad,
        "adadelta": Adadelta,
        "rmsprop": RMSProp,
        "adam": Adam,
        "adamw": AdamW,
        "nadam": NAdam,
    }
)
