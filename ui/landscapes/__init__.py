"""Landscapes: the page Landscape: the loss on a plane through all weights of a network, and a run's path there."""

LANDSCAPE_KEYS = ("_landscape_still", "_landscape_work")  # ends of keys of a session: what can be computed again
