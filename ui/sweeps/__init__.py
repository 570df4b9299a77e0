"""Sweeps: how the page Sweep has its cells computed, fairly for all who visit, and what it shows of them."""
