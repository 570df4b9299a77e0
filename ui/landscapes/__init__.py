"""Landscapes: the page Landscape: the loss on a plane through all weights of a network, and a run's path there."""
