"""Turns: how long the page Landscape computes at a time, and the name under which it waits at the gate."""

from ui.play.playground import Playground

FIRST_PIECE, PIECE, EVERY = 0.3, 0.12, 0.25  # seconds: of computing at once, then at a time, and from piece to piece


def who(pg: Playground) -> str:
    """The visitor's name at the gate."""
    return f"landscape {id(pg)}"
