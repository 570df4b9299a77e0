"""Textbook forms: formulas exactly as they are printed, for pages that show them, or where they break.

Nothing that trains uses them. scratchnet computes the same numbers in forms that hold for every z (the sigmoid in
activations.py, the binary cross-entropy in losses.py) or in arrays kept for speed (network.py, backpropagation.py);
a test holds both forms to each other.
"""

from types import MappingProxyType

import numpy as np


def sigmoid(z):
    """1 / (1 + exp(-z)). NumPy's exp overflows for z below -709.78."""
    return 1.0 / (1.0 + np.exp(-z))


def binary_cross_entropy(y, a):
    """-(y ln a + (1 - y) ln(1 - a)) for 0 <= a <= 1. 1 - a is 0 for a sigmoid from z = 36.74 on, and ln 0 is -inf."""
    return -(y * np.log(a) + (1.0 - y) * np.log(1.0 - a))


def cross_entropy(y, a):
    """-sum_k y_k ln a_k of one sample, y and a (outputs,)."""
    return -(y * np.log(a)).sum()


def logit(a):
    """ln(a / (1 - a)): the z whose sigmoid is a, for 0 < a < 1."""
    return np.log(a / (1.0 - a))


# ---- a whole update, as a page of a textbook has it; layers counted from 0, so a[0] of these lists is x --------------


def forward(x, W, b, f):
    """z and a of every layer for x (n, inputs): W[l] (units, units before), b[l] (units,), f[l] a function of z."""
    z, a = [], [x]
    for l in range(len(W)):
        z.append(a[l] @ W[l].T + b[l])
        a.append(f[l](z[l]))
    return z, a


def output_delta(y, a, loss_slope, f_slope):
    """dL/dz of the outputs (n, outputs), of the mean over n samples: the chain rule, slope of the loss times f'(z)."""
    return loss_slope * f_slope / len(y)


def own_output_delta(y, a, loss_slope, f_slope):
    """The same for sigmoid or softmax with its own cross-entropy, where f' and a denominator cancel."""
    return (a - y) / len(y)


def softmax_delta(y, a, loss_slope, f_slope):
    """The same for softmax with any other loss: f_slope (n, outputs, outputs), each output answers to every z."""
    return np.einsum("nj,njk->nk", loss_slope, f_slope) / len(y)


def hidden_delta(delta, w, f_slope):
    """dL/dz of one hidden unit: delta (units,) of the layer after it times the weights w (units,) that lead there, and
    their sum times its f'(z)."""
    return delta @ w * f_slope


def backward(delta, a, W, f_slope):
    """dL/dW and dL/db of every layer, from delta of the outputs and f_slope[l], the f'(z) of layer l."""
    dW, db = [None] * len(W), [None] * len(W)
    for l in reversed(range(len(W))):
        dW[l] = delta.T @ a[l]
        db[l] = delta.sum(axis=0)
        if l > 0:
            da = delta @ W[l]
            delta = da * f_slope[l - 1]
    return dW, db


def descend(w, gradient, learning_rate):
    """One step of gradient descent: every weight and bias against its own gradient."""
    return w - learning_rate * gradient


def with_penalties(gradient, w, l1, l2):
    """The gradient of the weights when the loss has l1 * sum|w| and l2/2 * sum w^2 added to it; biases pay nothing."""
    return gradient + l1 * np.sign(w) + l2 * w


def momentum(w, gradient, velocity, share, learning_rate, mu):
    """The weights after gradient descent with momentum mu, and its velocity (Polyak 1964).

    share: 1, or with dampening 1 - dampening from the second update on, as torch.optim has it.
    """
    velocity = mu * velocity + share * gradient
    return w - learning_rate * velocity, velocity


def nesterov(w, gradient, velocity, learning_rate, mu):
    """The same looking ahead: the gradient, plus once more the momentum of the new velocity (Sutskever 2013)."""
    velocity = mu * velocity + gradient
    ahead = gradient + mu * velocity
    return w - learning_rate * ahead, velocity


def adagrad(w, gradient, total, t, learning_rate, lr_decay, eps):
    """The weights after update t (1, 2, ...) of Adagrad, and the sum of squared gradients (Duchi et al. 2011)."""
    total = total + gradient**2
    rate = learning_rate / (1 + (t - 1) * lr_decay)
    d = gradient / (np.sqrt(total) + eps)
    return w - rate * d, total


def adadelta(w, gradient, v, u, learning_rate, rho, eps):
    """The weights after an update of Adadelta, and its two averages (Zeiler 2012, algorithm 1)."""
    v = rho * v + (1 - rho) * gradient**2
    d = gradient * np.sqrt(u + eps) / np.sqrt(v + eps)
    u = rho * u + (1 - rho) * d**2
    return w - learning_rate * d, v, u


def rmsprop(w, gradient, v, learning_rate, alpha, eps):
    """The weights after an update of RMSProp, and its average (Hinton 2012, lecture 6e)."""
    v = alpha * v + (1 - alpha) * gradient**2
    d = gradient / (np.sqrt(v) + eps)
    return w - learning_rate * d, v


def rmsprop_in_full(w, gradient, v, average, velocity, learning_rate, alpha, eps, momentum, centered):
    """The same, centred (Graves 2013) or with momentum or with both, and all that it remembers."""
    v = alpha * v + (1 - alpha) * gradient**2
    average = alpha * average + (1 - alpha) * gradient
    variance = np.maximum(0, v - average**2) if centered else v
    d = gradient / (np.sqrt(variance) + eps)
    velocity = momentum * velocity + d
    return w - learning_rate * velocity, v, average, velocity


def adam(w, gradient, m, v, t, learning_rate, beta1, beta2, eps):
    """The weights after update t (1, 2, ...) of Adam, and its two averages (Kingma & Ba 2015, algorithm 1)."""
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    d = m_hat / (np.sqrt(v_hat) + eps)
    return w - learning_rate * d, m, v


def nadam(w, gradient, m, v, t, mu_product, learning_rate, beta1, beta2, eps, momentum_decay):
    """The weights after update t of NAdam (Dozat 2016), its two averages, and the product of the shares mu so far."""
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
    mu_product = mu_product * mu
    v_hat = v / (1 - beta2**t)
    ahead = (1 - mu) / (1 - mu_product) * gradient + mu_next / (1 - mu_product * mu_next) * m
    d = ahead / (np.sqrt(v_hat) + eps)
    return w - learning_rate * d, m, v, mu_product


# ---- f'(z), from z or from a = f(z); scratchnet's own forms write into arrays that they keep -------------------------


def identity_slope(z, a):
    """1 everywhere."""
    return np.ones_like(z)


def sigmoid_slope(z, a):
    """a (1 - a)."""
    return a * (1.0 - a)


def tanh_slope(z, a):
    """1 - a^2."""
    return 1.0 - a**2


def relu_slope(z, a):
    """1 where z > 0, else 0."""
    return np.where(z > 0, 1.0, 0.0)


def leaky_relu_slope(z, a):
    """1 where z > 0, else 0.01."""
    return np.where(z > 0, 1.0, 0.01)


SLOPES = MappingProxyType(
    {
        "identity": identity_slope,
        "sigmoid": sigmoid_slope,
        "tanh": tanh_slope,
        "relu": relu_slope,
        "leaky_relu": leaky_relu_slope,
    }
)
