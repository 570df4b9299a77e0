"""The walkthrough: one update, told number by number. A `Step` in, an ordered tuple of frames out.

A frame says one thing: a formula, the same formula with the numbers in it, what came out, and where on the graph it is.
No formula is here: the numbers are those that `Trainer.step` returned, and what it did not keep (f', the slope of the
loss, an optimizer's corrections) is computed once more by the functions of `scratchnet`: those that training uses, and
`update_parts.py`.
"""

from ui.walkthrough.code_beside import place_of_code, source_code
from ui.walkthrough.frame import STAGES, UNIT, Code, Focus, Frame, Lit
from ui.walkthrough.pulls import Shares, shares
from ui.walkthrough.walk import frames, microscope

__all__ = [
    "STAGES",
    "UNIT",
    "Code",
    "Focus",
    "Frame",
    "Lit",
    "Shares",
    "frames",
    "microscope",
    "place_of_code",
    "shares",
    "source_code",
]
