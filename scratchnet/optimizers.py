"""Optimizers: from a gradient to the next parameters. From simple to hard; settings are named as in torch.optim.

An optimizer is frozen settings. What it remembers between updates (a velocity, averages) is its state, a read-only
mapping of names to values: `t`, the number of updates made, and arrays shaped like theta.

Each class has one formula, written in place (`apply`), because training owns its arrays and may write into them.
`update` is the same on copies: it changes nothing that it was given. Theta and gradient are flat vectors.
"""

from dataclasses import dataclass
from math import isfinite
from numbers import Real
from types import MappingProxyType

import numpy as np


def frozen_state(state):
    """The state as a read-only mapping with read-only arrays."""
    for value in state.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return MappingProxyType(state)


def private_state(state):
    """A copy of a state that may be written into."""
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in state.items()}


def _is_number(value):
    return isinstance(value, Real) and isfinite(value)


def _at_least_zero(**settings):
    for name, value in settings.items():
        if not (_is_number(value) and value >= 0):
            raise ValueError(f"{name} must be a number of at least 0; got {value!r}.")


def _share(**settings):
    for name, value in settings.items():
        if not (_is_number(value) and 0 <= value < 1):
            raise ValueError(f"{name} must be at least 0 and below 1; got {value!r}.")


def _positive(**settings):
    for name, value in settings.items():
        if not (_is_number(value) and value > 0):
            raise ValueError(f"{name} must be a positive number; got {value!r}.")


@dataclass(frozen=True, eq=False)
class Part:
    """One line of an optimizer's arithmetic, in full: what it computed, from what, by which formula.

    formula is LaTeX with a slot such as «g» for each value; values maps the slot's name to its symbol (LaTeX) and its
    value, a number or an array shaped like theta. result: what the formula gives, likewise.
    """

    name: str
    symbol: str
    formula: str
    values: MappingProxyType
    result: object
    sentence: str


def _part(name, symbol, formula, sentence, result, **values):
    return Part(name, symbol, formula, MappingProxyType(values), result, sentence)


@dataclass(frozen=True)
class Optimizer:
    """What all optimizers have: a learning rate and a weight decay, pure `init` and `update`, and `apply` in place."""

    learning_rate: float = 1e-3
    weight_decay: float = 0.0

    def __post_init__(self):
        _positive(learning_rate=self.learning_rate)
        _at_least_zero(weight_decay=self.weight_decay)

    def memory(self, theta):
        """The arrays this optimizer remembers, before its first update."""
        return {}

    def init(self, theta):
        """The state before the first update of theta (n_parameters,)."""
        return frozen_state({"t": 0, **self.memory(theta)})

    def update(self, theta, gradient, state, learning_rate=None):
        """(next theta, next state), both new. learning_rate None: this optimizer's own."""
        theta, gradient, state = np.array(theta, dtype=np.float64), np.asarray(gradient), private_state(state)
        if gradient.shape != theta.shape:  # (1,) would be stretched over all parameters
            raise ValueError(f"The gradient must have the shape of theta, {theta.shape}; got {gradient.shape}.")
        self.apply(theta, gradient, state, self.learning_rate if learning_rate is None else learning_rate)
        theta.setflags(write=False)
        return theta, frozen_state(state)

    def apply(self, theta, gradient, state, learning_rate):
        """The update itself, written into theta and state; the gradient is left as it is."""
        raise NotImplementedError

    def decayed(self, theta, gradient):
        """The gradient plus weight_decay * theta, for all parameters, as torch.optim's coupled weight decay."""
        return gradient + self.weight_decay * theta if self.weight_decay else gradient

    def parts(self, theta, gradient, before, after, learning_rate):
        """One update taken apart: a tuple of `Part`, in the order of the formula; the last one gives the next theta.

        theta, before: parameters and state that the update started from. after: the state that it led to, whose
        memories are read, not made again. The last result agrees with the update to round-off, not to the last bit,
        where `apply` computes a shorter form of the same formula.
        """
        parts, g = [], self.decayed(theta, gradient)
        if g is not gradient:
            parts.append(
                _part(
                    "decayed",
                    "g'",
                    r"«g»+«decay»\cdot «w»",
                    "Weight decay adds a pull towards zero to the gradient.",
                    g,
                    g=("g", gradient),
                    decay=(r"\lambda", self.weight_decay),
                    w=("w", theta),
                )
            )
        symbol = "g" if g is gradient else "g'"
        return (*parts, *self._own_parts(theta, (symbol, g), before, after, ("\\eta", learning_rate)))

    def _own_parts(self, theta, g, before, after, rate):
        """The parts after the weight decay; g and rate are (symbol, value)."""
        raise NotImplementedError


@dataclass(frozen=True)
class SGD(Optimizer):
    """theta -= learning_rate * v, where v is the gradient, or with momentum a velocity (Polyak 1964; Sutskever 2013):
    v = momentum * v + (1 - dampening) * gradient, in the first update v = gradient. Nesterov: gradient + momentum * v.
    """

    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = False

    def __post_init__(self):
        super().__post_init__()
        _at_least_zero(momentum=self.momentum)
        _at_least_zero(dampening=self.dampening)
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            raise ValueError("Nesterov momentum needs a momentum above 0 and a dampening of 0.")

    def memory(self, theta):
        return {"velocity": np.zeros_like(theta)} if self.momentum else {}

    def apply(self, theta, gradient, state, learning_rate):
        state["t"] += 1
        step = self.decayed(theta, gradient)
        if self.momentum:
            velocity = state["velocity"]
            velocity *= self.momentum
            velocity += step if state["t"] == 1 or not self.dampening else (1 - self.dampening) * step
            step = step + self.momentum * velocity if self.nesterov else velocity
        theta -= learning_rate * step

    def _own_parts(self, theta, g, before, after, rate):
        parts, step = [], g
        if self.momentum:
            fresh = 1.0 if after["t"] == 1 else 1 - self.dampening
            mu, velocity = (r"\mu", self.momentum), ("v", after["velocity"])
            share = r"«fresh»\cdot " if fresh != 1.0 else ""
            parts.append(
                _part(
                    "velocity",
                    "v",
                    rf"«mu»\cdot «v_old»+{share}«g»",
                    "The velocity remembers earlier gradients: momentum times the old one, plus the new gradient.",
                    velocity[1],
                    mu=mu,
                    v_old=(r"v_{\text{old}}", before["velocity"]),
                    fresh=(r"(1-\text{dampening})", fresh),
                    g=g,
                )
            )
            step = velocity
            if self.nesterov:
                step = ("d", g[1] + self.momentum * velocity[1])
                parts.append(
                    _part(
                        "look_ahead",
                        "d",
                        r"«g»+«mu»\cdot «v»",
                        "Nesterov looks ahead: the gradient, plus once more the momentum of the new velocity.",
                        step[1],
                        g=g,
                        mu=mu,
                        v=velocity,
                    )
                )
        return (*parts, _last(theta, rate, step))


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """theta -= rate * g / (sqrt(sum of g^2) + eps), with rate = learning_rate / (1 + (t - 1) lr_decay)
    (Duchi et al. 2011)."""

    learning_rate: float = 1e-2
    lr_decay: float = 0.0
    initial_accumulator_value: float = 0.0
    eps: float = 1e-10

    def __post_init__(self):
        super().__post_init__()
        _at_least_zero(lr_decay=self.lr_decay, initial_accumulator_value=self.initial_accumulator_value)
        _positive(eps=self.eps)

    def memory(self, theta):
        return {"sum": np.full_like(theta, self.initial_accumulator_value)}

    def apply(self, theta, gradient, state, learning_rate):
        state["t"] += 1
        g, total = self.decayed(theta, gradient), state["sum"]
        total += g * g
        rate = learning_rate / (1 + (state["t"] - 1) * self.lr_decay)
        theta -= rate * g / (np.sqrt(total) + self.eps)

    def _own_parts(self, theta, g, before, after, rate):
        parts = [
            _part(
                "sum",
                "s",
                r"«s_old»+«g»^{2}",
                "Every squared gradient is added up and never forgotten.",
                after["sum"],
                s_old=(r"s_{\text{old}}", before["sum"]),
                g=g,
            )
        ]
        if self.lr_decay:
            t = after["t"]
            first, rate = rate, (r"\eta_t", rate[1] / (1 + (t - 1) * self.lr_decay))
            parts.append(
                _part(
                    "rate",
                    rate[0],
                    r"\frac{«rate»}{1+(«t»-1)\cdot «decay»}",
                    "The learning rate falls with the number of the update.",
                    rate[1],
                    rate=first,
                    t=("t", t),
                    decay=(r"\kappa", self.lr_decay),
                )
            )
        return (*parts, *_quotient_parts(theta, rate, g, ("s", after["sum"]), self.eps))


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """theta -= learning_rate * d, d = g sqrt(u + eps) / sqrt(v + eps), with the running averages v of g^2 and u of d^2
    (Zeiler 2012, algorithm 1)."""

    learning_rate: float = 1.0
    rho: float = 0.9
    eps: float = 1e-6

    def __post_init__(self):
        super().__post_init__()
        _share(rho=self.rho)
        _positive(eps=self.eps)

    def memory(self, theta):
        return {"v": np.zeros_like(theta), "u": np.zeros_like(theta)}

    def apply(self, theta, gradient, state, learning_rate):
        state["t"] += 1
        g, v, u = self.decayed(theta, gradient), state["v"], state["u"]
        v *= self.rho
        v += (1 - self.rho) * g * g
        d = g * np.sqrt(u + self.eps) / np.sqrt(v + self.eps)
        u *= self.rho
        u += (1 - self.rho) * d * d
        theta -= learning_rate * d

    def _own_parts(self, theta, g, before, after, rate):
        v, u_old, eps = ("v", after["v"]), (r"u_{\text{old}}", before["u"]), (r"\epsilon", self.eps)
        d = ("d", g[1] * np.sqrt(u_old[1] + self.eps) / np.sqrt(v[1] + self.eps))
        return (
            _average("v", "v", before["v"], v[1], self.rho, r"\rho", g, square=True),
            _part(
                "step",
                "d",
                r"«g»\cdot \frac{\sqrt{«u_old»+«eps»}}{\sqrt{«v»+«eps»}}",
                "The gradient is divided by its usual size and multiplied by the usual size of past steps.",
                d[1],
                g=g,
                u_old=u_old,
                v=v,
                eps=eps,
            ),
            _average("u", "u", before["u"], after["u"], self.rho, r"\rho", d, square=True),
            _last(theta, rate, d),
        )


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """theta -= learning_rate * g / (sqrt(v) + eps), v a running average of g^2 (Hinton 2012, lecture 6e). Centred: the
    variance v - average(g)^2 instead of v (Graves 2013). With momentum the steps are gathered in a velocity."""

    learning_rate: float = 1e-2
    alpha: float = 0.99
    eps: float = 1e-8
    momentum: float = 0.0
    centered: bool = False

    def __post_init__(self):
        super().__post_init__()
        _share(alpha=self.alpha)
        _at_least_zero(momentum=self.momentum)
        _positive(eps=self.eps)

    def memory(self, theta):
        names = ["v"] + ["average"] * self.centered + ["velocity"] * (self.momentum > 0)
        return {name: np.zeros_like(theta) for name in names}

    def apply(self, theta, gradient, state, learning_rate):
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

    def _own_parts(self, theta, g, before, after, rate):
        spread = ("v", after["v"])
        parts = [_average("v", "v", before["v"], after["v"], self.alpha, r"\alpha", g, square=True)]
        if self.centered:
            average = (r"\bar g", after["average"])
            spread = (r"v_c", np.maximum(after["v"] - after["average"] * after["average"], 0.0))
            parts.append(_average("average", average[0], before["average"], average[1], self.alpha, r"\alpha", g))
            parts.append(
                _part(
                    "variance",
                    spread[0],
                    r"\max(0,«v»-«average»^{2})",
                    "Centred: how much the gradient varies about its own average.",
                    spread[1],
                    v=("v", after["v"]),
                    average=average,
                )
            )
        quotient, last = _quotient_parts(theta, rate, g, spread, self.eps)
        if not self.momentum:
            return (*parts, quotient, last)
        velocity = (r"b", after["velocity"])
        gathered = _part(
            "velocity",
            velocity[0],
            r"«mu»\cdot «v_old»+«d»",
            "The velocity remembers earlier steps: momentum times the old one, plus the new step.",
            velocity[1],
            mu=(r"\mu", self.momentum),
            v_old=(r"b_{\text{old}}", before["velocity"]),
            d=("d", quotient.result),
        )
        return (*parts, quotient, gathered, _last(theta, rate, velocity))


@dataclass(frozen=True)
class Adam(Optimizer):
    """theta -= learning_rate * m^ / (sqrt(v^) + eps), with the running averages m of g and v of g^2, each divided by
    1 - beta^t because they started at 0 (Kingma & Ba 2015, algorithm 1)."""

    betas: tuple = (0.9, 0.999)
    eps: float = 1e-8

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.betas, (tuple, list)) or len(self.betas) != 2:
            raise ValueError(f"betas must be two numbers such as (0.9, 0.999); got {self.betas!r}.")
        object.__setattr__(self, "betas", tuple(self.betas))
        for beta in self.betas:
            _share(betas=beta)
        _positive(eps=self.eps)
        # As arrays, because a ufunc takes an array in two thirds of the time of a float.
        object.__setattr__(self, "_shares", tuple(np.array(1 - beta) for beta in self.betas))

    def memory(self, theta):
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def averages(self, g, state):
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

    def apply(self, theta, gradient, state, learning_rate):
        spread, correction = self.averages(self.decayed(theta, gradient), state)
        step = np.divide(state["m"], spread, spread)
        step *= learning_rate * correction / (1 - self.betas[0] ** state["t"])
        theta -= step

    def _average_parts(self, g, before, after):
        """The two running averages."""
        return [
            _average("m", "m", before["m"], after["m"], self.betas[0], r"\beta_1", g),
            _average("v", "v", before["v"], after["v"], self.betas[1], r"\beta_2", g, square=True),
        ]

    def _corrected(self, name, state, beta, symbol):
        value = state[name] / (1 - beta ** state["t"])
        return _part(
            f"{name}_hat",
            rf"\hat {name}",
            r"\frac{«average»}{1-«beta»^{«t»}}",
            f"{name} began at 0 and is still too small; this correction makes up for it and fades as t grows.",
            value,
            average=(name, state[name]),
            beta=(symbol, beta),
            t=("t", state["t"]),
        )

    def _own_parts(self, theta, g, before, after, rate):
        m_hat = self._corrected("m", after, self.betas[0], r"\beta_1")
        v_hat = self._corrected("v", after, self.betas[1], r"\beta_2")
        m, v = (m_hat.symbol, m_hat.result), (v_hat.symbol, v_hat.result)
        return (*self._average_parts(g, before, after), m_hat, v_hat, *_quotient_parts(theta, rate, m, v, self.eps))


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam, with the weight decay taken off theta itself instead of being added to the gradient: first
    theta -= learning_rate * weight_decay * theta (Loshchilov & Hutter 2019, algorithm 2)."""

    weight_decay: float = 1e-2

    def decayed(self, theta, gradient):
        return gradient

    def apply(self, theta, gradient, state, learning_rate):
        theta *= 1 - learning_rate * self.weight_decay
        super().apply(theta, gradient, state, learning_rate)

    def _own_parts(self, theta, g, before, after, rate):
        if not self.weight_decay:
            return super()._own_parts(theta, g, before, after, rate)
        shrunk = theta * (1 - rate[1] * self.weight_decay)
        *parts, last = super()._own_parts(shrunk, g, before, after, rate)
        decay = _part(
            "shrunk",
            "w'",
            r"«w»\cdot (1-«rate»\cdot «decay»)",
            "AdamW shrinks the weights themselves first, outside of the gradient and its averages.",
            shrunk,
            w=("w", theta),
            rate=rate,
            decay=(r"\lambda", self.weight_decay),
        )
        values = MappingProxyType({**last.values, "w": ("w'", shrunk)})
        return (decay, *parts, Part(last.name, last.symbol, last.formula, values, last.result, last.sentence))


@dataclass(frozen=True)
class NAdam(Adam):
    """Adam with Nesterov's look ahead (Dozat 2016): the present gradient and the next average each with its own
    share, mu_t = beta1 (1 - 0.5 * 0.96^(t momentum_decay))."""

    learning_rate: float = 2e-3
    momentum_decay: float = 4e-3

    def __post_init__(self):
        super().__post_init__()
        _at_least_zero(momentum_decay=self.momentum_decay)

    def memory(self, theta):
        return {**super().memory(theta), "mu_product": 1.0}

    def apply(self, theta, gradient, state, learning_rate):
        g = self.decayed(theta, gradient)
        spread, correction = self.averages(g, state)
        learning_rate = learning_rate * correction
        t = state["t"]
        mu, mu_next = (self.betas[0] * (1 - 0.5 * 0.96 ** (k * self.momentum_decay)) for k in (t, t + 1))
        state["mu_product"] *= mu
        product = state["mu_product"]
        theta -= learning_rate * (1 - mu) / (1 - product) * g / spread
        theta -= learning_rate * mu_next / (1 - product * mu_next) * state["m"] / spread

    def _own_parts(self, theta, g, before, after, rate):
        t, product = after["t"], (r"\Pi_t", after["mu_product"])
        mu, mu_next = (self.betas[0] * (1 - 0.5 * 0.96 ** (k * self.momentum_decay)) for k in (t, t + 1))
        shares = [
            _part(
                name,
                symbol,
                r"«beta»\cdot (1-0.5\cdot 0.96^{«t»\cdot «decay»})",
                "Nesterov's share grows with the number of the update.",
                value,
                beta=(r"\beta_1", self.betas[0]),
                t=(when, k),
                decay=(r"\psi", self.momentum_decay),
            )
            for name, symbol, value, when, k in (
                ("mu", r"\mu_t", mu, "t", t),
                ("mu_next", r"\mu_{t+1}", mu_next, "(t+1)", t + 1),
            )
        ]
        product_part = _part(
            "mu_product",
            product[0],
            r"«old»\cdot «mu»",
            "The product of all shares so far, for the correction of a start at 0.",
            product[1],
            old=(r"\Pi_{t-1}", before["mu_product"]),
            mu=(r"\mu_t", mu),
        )
        v_hat = self._corrected("v", after, self.betas[1], r"\beta_2")
        ahead = (1 - mu) / (1 - product[1]) * g[1] + mu_next / (1 - product[1] * mu_next) * after["m"]
        look_ahead = _part(
            "look_ahead",
            r"\tilde m",
            r"\frac{(1-«mu»)\cdot «g»}{1-«product»}+\frac{«mu_next»\cdot «m»}{1-«product»\cdot «mu_next»}",
            "The present gradient and the average, each with its own share and correction.",
            ahead,
            mu=(r"\mu_t", mu),
            g=g,
            product=product,
            mu_next=(r"\mu_{t+1}", mu_next),
            m=("m", after["m"]),
        )
        m, v = (look_ahead.symbol, ahead), (v_hat.symbol, v_hat.result)
        averages = self._average_parts(g, before, after)
        last = _quotient_parts(theta, rate, m, v, self.eps)
        return (*averages, *shares, product_part, v_hat, look_ahead, *last)


# ---- lines that the parts of several optimizers share


def _last(theta, rate, step):
    """The line that every optimizer ends with: the next theta. rate and step are (symbol, value)."""
    return _part(
        "theta",
        r"w_{\text{new}}",
        r"«w»-«rate»\cdot «step»",
        "The new value is the old one minus the learning rate times the step.",
        theta - rate[1] * step[1],
        w=("w", theta),
        rate=rate,
        step=step,
    )


def _average(name, symbol, old, new, keep, keep_symbol, g, square=False):
    """A running average of g, or of its square: the share `keep` of the old one and 1 - keep of the new value."""
    of = "squared " if square else ""
    return _part(
        name,
        symbol,
        rf"«keep»\cdot «old»+(1-«keep»)\cdot «g»{'^{2}' if square else ''}",
        f"{symbol if name != 'average' else 'The average'} is a running average of the {of}"
        f"{'step' if name == 'u' else 'gradient'}: mostly the old one, a little of the new.",
        new,
        keep=(keep_symbol, keep),
        old=(rf"{symbol}_{{\text{{old}}}}", old),
        g=g,
    )


def _quotient_parts(theta, rate, g, v, eps):
    """The step d = g / (sqrt(v) + eps), and the next theta. rate, g and v are (symbol, value)."""
    d = g[1] / (np.sqrt(v[1]) + eps)
    step = _part(
        "step",
        "d",
        r"\frac{«g»}{\sqrt{«v»}+«eps»}",
        "Divided by its usual size, the step has about the same length for every parameter.",
        d,
        g=g,
        v=v,
        eps=(r"\epsilon", eps),
    )
    return step, _last(theta, rate, ("d", d))


OPTIMIZERS = MappingProxyType(
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
