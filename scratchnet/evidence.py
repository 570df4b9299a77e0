"""Evidence: which inputs of one sample speak for an answer of the network, and which against it.

    evidence_i = (x_i - empty_i) * d(z_k - mean of all z) / dx_i         (gradient times input)

z are the pre-activations of the output layer, k is the class asked about. Softmax sees only differences of z: the same
number added to all of them changes no probability, so class k is compared with the mean of all classes. Source: the
gradient is the saliency of Simonyan, Vedaldi and Zisserman (2013, arXiv:1312.6034); times the input it says how much of
the score an input brings (Shrikumar et al. 2016, arXiv:1605.01713, equation 1 and section 3). It is
counted from what an input is where nothing is, 0 or what scaling makes of it: an empty pixel is no evidence here,
though a network may well miss ink.

Where nothing bends between the inputs and z, without hidden layers, it is exact: all evidence and the difference of the
biases add up to the difference of z. Otherwise it holds for small changes of the inputs alone.
"""

import numpy as np
from numpy.typing import ArrayLike

from .activations import ACTIVATIONS
from .network import Network
from .values import is_whole


def evidence(net: Network, x: ArrayLike, k: int, empty: ArrayLike = 0.0) -> np.ndarray:
    """The evidence (inputs,) of each input of one sample x (inputs,) for class k; ValueError for an x or k it has not.

    empty: the inputs (inputs,), or one number for all, from which it is counted.
    Where an activation has a corner, its derivative is the one that training uses (0 at the corner of relu).
    """
    x = np.asarray(x, dtype=np.float64)
    if not is_whole(k, 0, net.sizes[-1] - 1):
        raise ValueError(
            f"evidence: expected a class from 0 to {net.sizes[-1] - 1}, got {k!r:.20}; choose one of them."
        )
    fwd = net.forward(x.reshape(1, -1))
    by_unit = net.weights[-1][k] - net.weights[-1].mean(axis=0)  # d(z_k - mean z) / da of the layer before
    for l in reversed(range(len(net.weights) - 1)):
        slope = np.empty_like(fwd.z[l])
        ACTIVATIONS[net.activations[l]].derivative(fwd.z[l], fwd.a[l], slope)
        by_unit = (by_unit * slope[0]) @ net.weights[l]
    found = (x - np.asarray(empty, dtype=np.float64)) * by_unit
    found.setflags(write=False)
    return found
