"""Walk: all frames of one update in their order, and those of one unit, weight or bias."""

import numpy as np

import scratchnet as sn
from ui.walkthrough.backward import BackwardFrames
from ui.walkthrough.forward import ForwardFrames
from ui.walkthrough.frame import STAGES, UNIT, Focus
from ui.walkthrough.loss import LossFrames
from ui.walkthrough.update import UpdateFrames


def frames(step, focus=None):
    """All frames of an update, in the order in which it happens. focus: a `Focus`; None: the first output unit."""
    with np.errstate(all="ignore"):  # what overflows is named in words on the screen
        return tuple(_Walk(step, focus or Focus(), only=False).all())


def microscope(step, focus):
    """The frames of one unit, weight or bias alone: its sum, its chain rule, who pulled it, its old and new value."""
    walk = _Walk(step, focus, only=True)
    layer = walk.focus.layer + 1
    own = {f"{name}{layer}" for name in ("z", "a", "da", "slope", "delta", "dW", "db")}
    if walk.focus.source is None:
        own -= {f"dW{layer}"}
    elif walk.focus.source != UNIT:
        own -= {f"db{layer}"}
    others = {*STAGES} - {"forward", "backward"}
    with np.errstate(all="ignore"):
        return tuple(f for f in walk.all() if f.key in own or f.stage in others or f.key == "shares")


class _Walk(ForwardFrames, LossFrames, BackwardFrames, UpdateFrames):
    """One update from its start to the check."""

    def all(self):
        yield self.start()
        for layer in range(self.layers):
            yield self.z(layer)
            yield self.a(layer)
        yield from self.losses()
        for layer in reversed(range(self.layers)):
            is_last = layer == self.last
            yield self.loss_slope() if is_last else self.da(layer)
            yield self.jacobian() if is_last and self.output == "softmax" else self.slope(layer)
            yield self.output_delta() if is_last else self.delta(layer)
            yield self.dW(layer)
            yield self.db(layer)
            if layer == self.focus.layer and self.focus.source != UNIT and self.n > 1:
                yield self.shares()
        if self.step.trainer.l1 or self.step.trainer.l2:
            yield self.regularisation()
        if self.step.trainer.clip_norm is not None:
            yield self.clipping()
        yield from self.optimizer()
        t = self.step.trainer
        after = sn.total_loss(self.step.after, self.forward.x, self.y, t.loss, t.l1, t.l2)
        yield self.loss_after(after)
        yield self.prediction(after)
        yield self.check()
