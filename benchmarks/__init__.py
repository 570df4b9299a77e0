"""Benchmarks: how fast the engine and the board are, as ratios to a peer measured in the same run.

BLAS is pinned to one thread here, before anything imports NumPy: threads cost more than they bring on small arrays.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
