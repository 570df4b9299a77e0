"""The parts of an update: an optimizer's formula line by line, each line with what went into it and what came out.

Training calls nothing of this. `optimizers.py` has each formula once more, as fast code that writes into its arrays,
and `textbook.py` as it is printed, which is what a reader of an update is shown. Two things keep this form and the fast
one the same formula: what an optimizer remembers (velocity, averages) is read here from the
states before and after the real update, and every other line leads to the last one, the next theta, which a test holds
against the real update for every optimizer and setting.

A quantity is a pair here: (its symbol in LaTeX, its value), the value a number or an array shaped like theta.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, NAdam, Optimizer, RMSProp, State

Value = float | np.ndarray
Quantity = tuple[str, Value]


@dataclass(frozen=True, eq=False)
class Part:
    """One line of an update: what it computed, from what, by which formula.

    formula is LaTeX with a slot such as «g» for each value; values maps a slot's name to its quantity (symbol, value).
    result: what the formula gives, a number or an array shaped like theta. sentence: what the line is for.
    """

    name: str
    symbol: str
    formula: str
    sentence: str
    result: Value
    values: Mapping[str, Quantity]

    @property
    def quantity(self) -> Quantity:
        """What the line computed, as a quantity for the lines after it."""
        return self.symbol, self.result


def parts(
    optimizer: Optimizer, theta: np.ndarray, gradient: np.ndarray, before: State, after: State, learning_rate: float
) -> tuple[Part, ...]:
    """One update taken apart: a tuple of `Part`, in the order of the formula; the last one gives the next theta.

    theta, gradient (n_parameters,), before: the parameters, the gradient and the state that the update started from.
    after: the state that it led to. The last result agrees with the update to round-off, not to the last bit, where the
    optimizer computes a shorter form of the same formula.
    """
    w: Quantity = "w", theta
    g: Quantity = "g", gradient
    rate: Quantity = r"\eta", learning_rate
    first, decayed = [], optimizer.decayed(theta, gradient)
    if decayed is not gradient:
        first = [
            _part(
                "decayed",
                "g'",
                r"«g»+«decay»\cdot «w»",
                "Weight decay adds a pull towards zero to the gradient.",
                decayed,
                g=g,
                decay=(r"\lambda", optimizer.weight_decay),
                w=w,
            )
        ]
        g = first[0].quantity
    return (*first, *PARTS_OF[type(optimizer).__name__](optimizer, w, g, rate, before, after))


def _part(name: str, symbol: str, formula: str, sentence: str, result: Value, **values: Quantity) -> Part:
    return Part(name, symbol, formula, sentence, result, MappingProxyType(values))


# ---- lines that several optimizers share


def _next_theta(w: Quantity, rate: Quantity, step: Quantity) -> Part:
    """The line that every update ends with."""
    return _part(
        "theta",
        r"w_{\text{new}}",
        r"«w»-«rate»\cdot «step»",
        "The new value is the old one minus the learning rate times the step.",
        w[1] - rate[1] * step[1],
        w=w,
        rate=rate,
        step=step,
    )


def _average(
    name: str, symbol: str, before: State, after: State, keep: Quantity, g: Quantity, square: bool = False
) -> Part:
    """A running average of g, or of its square: the share `keep` of the old one and 1 - keep of the new value."""
    subject = "The average" if name == "average" else symbol
    of = f"{'squared ' if square else ''}{'step' if name == 'u' else 'gradient'}"
    return _part(
        name,
        symbol,
        rf"«keep»\cdot «old»+(1-«keep»)\cdot «g»{'^{2}' if square else ''}",
        f"{subject} is a running average of the {of}: mostly the old one, a little of the new.",
        after[name],
        keep=keep,
        old=(rf"{symbol}_{{\text{{old}}}}", before[name]),
        g=g,
    )


def _quotient(g: Quantity, v: Quantity, eps: float) -> Part:
    """The step d = g / (sqrt(v) + eps)."""
    return _part(
        "step",
        "d",
        r"\frac{«g»}{\sqrt{«v»}+«eps»}",
        "Divided by its usual size, the step has about the same length for every parameter.",
        g[1] / (np.sqrt(v[1]) + eps),
        g=g,
        v=v,
        eps=(r"\epsilon", eps),
    )


# ---- one function an optimizer, in the order of optimizers.py; each starts from the gradient with its weight decay


def _sgd(optimizer: SGD, w: Quantity, g: Quantity, rate: Quantity, before: State, after: State) -> list[Part]:
    if not optimizer.momentum:
        return [_next_theta(w, rate, g)]
    mu = (r"\mu", optimizer.momentum)
    fresh = 1.0 if after["t"] == 1 else 1 - optimizer.dampening
    share = "" if fresh == 1.0 else r"«fresh»\cdot "
    velocity = _part(
        "velocity",
        "v",
        rf"«mu»\cdot «v_old»+{share}«g»",
        "The velocity remembers earlier gradients: momentum times the old one, plus the new gradient.",
        after["velocity"],
        mu=mu,
        v_old=(r"v_{\text{old}}", before["velocity"]),
        fresh=(r"(1-\text{dampening})", fresh),
        g=g,
    )
    if not optimizer.nesterov:
        return [velocity, _next_theta(w, rate, velocity.quantity)]
    look_ahead = _part(
        "look_ahead",
        "d",
        r"«g»+«mu»\cdot «v»",
        "Nesterov looks ahead: the gradient, plus once more the momentum of the new velocity.",
        g[1] + optimizer.momentum * after["velocity"],
        g=g,
        mu=mu,
        v=velocity.quantity,
    )
    return [velocity, look_ahead, _next_theta(w, rate, look_ahead.quantity)]


def _adagrad(optimizer: Adagrad, w: Quantity, g: Quantity, rate: Quantity, before: State, after: State) -> list[Part]:
    total = _part(
        "sum",
        "s",
        r"«s_old»+«g»^{2}",
        "Every squared gradient is added up and never forgotten.",
        after["sum"],
        s_old=(r"s_{\text{old}}", before["sum"]),
        g=g,
    )
    falling = []
    if optimizer.lr_decay:
        falling = [
            _part(
                "rate",
                r"\eta_t",
                r"\frac{«rate»}{1+(«t»-1)\cdot «decay»}",
                "The learning rate falls with the number of the update.",
                rate[1] / (1 + (after["t"] - 1) * optimizer.lr_decay),
                rate=rate,
                t=("t", after["t"]),
                decay=(r"\kappa", optimizer.lr_decay),
            )
        ]
        rate = falling[0].quantity
    step = _quotient(g, total.quantity, optimizer.eps)
    return [total, *falling, step, _next_theta(w, rate, step.quantity)]


def _adadelta(optimizer: Adadelta, w: Quantity, g: Quantity, rate: Quantity, before: State, after: State) -> list[Part]:
    rho, u_old, eps = (r"\rho", optimizer.rho), (r"u_{\text{old}}", before["u"]), (r"\epsilon", optimizer.eps)
    v = _average("v", "v", before, after, rho, g, square=True)
    step = _part(
        "step",
        "d",
        r"«g»\cdot \frac{\sqrt{«u_old»+«eps»}}{\sqrt{«v»+«eps»}}",
        "The gradient is divided by its usual size and multiplied by the usual size of past steps.",
        g[1] * np.sqrt(before["u"] + optimizer.eps) / np.sqrt(after["v"] + optimizer.eps),
        g=g,
        u_old=u_old,
        v=v.quantity,
        eps=eps,
    )
    u = _average("u", "u", before, after, rho, step.quantity, square=True)
    return [v, step, u, _next_theta(w, rate, step.quantity)]


def _rmsprop(optimizer: RMSProp, w: Quantity, g: Quantity, rate: Quantity, before: State, after: State) -> list[Part]:
    alpha = (r"\alpha", optimizer.alpha)
    v = _average("v", "v", before, after, alpha, g, square=True)
    lines, spread = [v], v
    if optimizer.centered:
        average = _average("average", r"\bar g", before, after, alpha, g)
        spread = _part(
            "variance",
            "v_c",
            r"\max(0,«v»-«average»^{2})",
            "Centred: how much the gradient varies about its own average.",
            np.maximum(after["v"] - after["average"] * after["average"], 0.0),
            v=v.quantity,
            average=average.quantity,
        )
        lines += [average, spread]
    step = _quotient(g, spread.quantity, optimizer.eps)
    lines.append(step)
    if optimizer.momentum:
        velocity = _part(
            "velocity",
            "b",
            r"«mu»\cdot «v_old»+«d»",
            "The velocity remembers earlier steps: momentum times the old one, plus the new step.",
            after["velocity"],
            mu=(r"\mu", optimizer.momentum),
            v_old=(r"b_{\text{old}}", before["velocity"]),
            d=step.quantity,
        )
        lines.append(velocity)
    return [*lines, _next_theta(w, rate, lines[-1].quantity)]


def _averages(optimizer: Adam, g: Quantity, before: State, after: State) -> list[Part]:
    """The running averages m and v of Adam and its kin."""
    beta1, beta2 = zip((r"\beta_1", r"\beta_2"), optimizer.betas, strict=True)
    return [
        _average("m", "m", before, after, beta1, g),
        _average("v", "v", before, after, beta2, g, square=True),
    ]


def _corrected(average: Part, beta: Quantity, t: int) -> Part:
    """m^ or v^: a running average that began at 0, divided by the share of it that is not 0."""
    return _part(
        f"{average.name}_hat",
        rf"\hat {average.name}",
        r"\frac{«average»}{1-«beta»^{«t»}}",
        f"{average.name} began at 0 and is still too small; this correction makes up for it and fades as t grows.",
        average.result / (1 - beta[1] ** t),
        average=average.quantity,
        beta=beta,
        t=("t", t),
    )


def _adam(optimizer: Adam, w: Quantity, g: Quantity, rate: Quantity, before: State, after: State) -> list[Part]:
    m, v = _averages(optimizer, g, before, after)
    m_hat = _corrected(m, m.values["keep"], after["t"])
    v_hat = _corrected(v, v.values["keep"], after["t"])
    step = _quotient(m_hat.quantity, v_hat.quantity, optimizer.eps)
    return [m, v, m_hat, v_hat, step, _next_theta(w, rate, step.quantity)]


def _adamw(optimizer: AdamW, w: Quantity, g: Quantity, rate: Quantity, before: State, after: State) -> list[Part]:
    if not optimizer.weight_decay:
        return _adam(optimizer, w, g, rate, before, after)
    shrunk = _part(
        "shrunk",
        "w'",
        r"«w»\cdot (1-«rate»\cdot «decay»)",
        "AdamW shrinks the weights themselves first, outside of the gradient and its averages.",
        w[1] * (1 - rate[1] * optimizer.weight_decay),
        w=w,
        rate=rate,
        decay=(r"\lambda", optimizer.weight_decay),
    )
    return [shrunk, *_adam(optimizer, shrunk.quantity, g, rate, before, after)]


def _nadam(optimizer: NAdam, w: Quantity, g: Quantity, rate: Quantity, before: State, after: State) -> list[Part]:
    m, v = _averages(optimizer, g, before, after)
    t = after["t"]
    mu, mu_next = (
        _part(
            name,
            symbol,
            r"«beta»\cdot (1-0.5\cdot 0.96^{«t»\cdot «decay»})",
            "Nesterov's share grows with the number of the update.",
            optimizer.betas[0] * (1 - 0.5 * 0.96 ** (k * optimizer.momentum_decay)),
            beta=m.values["keep"],
            t=(t_symbol, k),
            decay=(r"\psi", optimizer.momentum_decay),
        )
        for name, symbol, t_symbol, k in (("mu", r"\mu_t", "t", t), ("mu_next", r"\mu_{t+1}", "(t+1)", t + 1))
    )
    product = _part(
        "mu_product",
        r"\Pi_t",
        r"«old»\cdot «mu»",
        "The product of all shares so far, for the correction of a start at 0.",
        after["mu_product"],
        old=(r"\Pi_{t-1}", before["mu_product"]),
        mu=mu.quantity,
    )
    v_hat = _corrected(v, v.values["keep"], t)
    own, following = (1 - mu.result) / (1 - product.result), mu_next.result / (1 - product.result * mu_next.result)
    look_ahead = _part(
        "look_ahead",
        r"\tilde m",
        r"\frac{(1-«mu»)\cdot «g»}{1-«product»}+\frac{«mu_next»\cdot «m»}{1-«product»\cdot «mu_next»}",
        "The present gradient and the average, each with its own share and correction.",
        own * g[1] + following * m.result,
        mu=mu.quantity,
        g=g,
        product=product.quantity,
        mu_next=mu_next.quantity,
        m=m.quantity,
    )
    step = _quotient(look_ahead.quantity, v_hat.quantity, optimizer.eps)
    return [m, v, mu, mu_next, product, v_hat, look_ahead, step, _next_theta(w, rate, step.quantity)]


PARTS_OF: Mapping[str, Callable[..., list[Part]]] = MappingProxyType(
    {
        "SGD": _sgd,
        "Adagrad": _adagrad,
        "Adadelta": _adadelta,
        "RMSProp": _rmsprop,
        "Adam": _adam,
        "AdamW": _adamw,
        "NAdam": _nadam,
    }
)
