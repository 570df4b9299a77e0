"""Schedules: how the learning rate changes from update to update.

A schedule is frozen settings; `schedule.rate(base, update)` is the rate of the update that follows `update` others
under this schedule, where base is the optimizer's own learning rate. Time is counted in updates, not in epochs, and
from the moment at which the schedule was chosen: a warm-up chosen at update 5000 still has to warm up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi
from types import MappingProxyType
from typing import Any, Protocol

from .values import between, updates


class Schedule(Protocol):
    """What all schedules have."""

    def rate(self, base: float, update: int) -> float:
        """The rate of the update that follows `update` others."""


@dataclass(frozen=True)
class Constant:
    """The base rate, always."""

    def rate(self, base: float, update: int) -> float:
        return base


@dataclass(frozen=True)
class StepDecay:
    """base * gamma^(update // step_size): a fall every step_size updates (torch.optim's StepLR)."""

    step_size: int = 1000
    gamma: float = 0.5

    def __post_init__(self) -> None:
        updates(step_size=self.step_size)
        between(0.0, 1.0, gamma=self.gamma)

    def rate(self, base: float, update: int) -> float:
        return base * self.gamma ** (update // self.step_size)


@dataclass(frozen=True)
class Exponential:
    """base * gamma^update (torch.optim's ExponentialLR)."""

    gamma: float = 0.9995

    def __post_init__(self) -> None:
        between(0.0, 1.0, gamma=self.gamma)

    def rate(self, base: float, update: int) -> float:
        return base * self.gamma**update


@dataclass(frozen=True)
class Cosine:
    """eta_min + (base - eta_min) (1 + cos(pi update / t_max)) / 2 up to t_max updates, then eta_min
    (Loshchilov & Hutter 2017, equation 5, without restarts)."""

    t_max: int = 5000
    eta_min: float = 0.0

    def __post_init__(self) -> None:
        updates(t_max=self.t_max)
        between(0.0, 1e6, eta_min=self.eta_min)

    def rate(self, base: float, update: int) -> float:
        return self.eta_min + (base - self.eta_min) * (1 + cos(pi * min(update, self.t_max) / self.t_max)) / 2


@dataclass(frozen=True)
class Warmup:
    """From start_factor * base in equal steps up to base, which is reached after total_iters updates (torch.optim's
    LinearLR)."""

    start_factor: float = 0.1
    total_iters: int = 200

    def __post_init__(self) -> None:
        between(0.0, 1.0, start_factor=self.start_factor)
        updates(total_iters=self.total_iters)

    def rate(self, base: float, update: int) -> float:
        return base * (self.start_factor + (1 - self.start_factor) * min(update, self.total_iters) / self.total_iters)


SCHEDULES: Mapping[str, type[Any]] = MappingProxyType(
    {"constant": Constant, "step": StepDecay, "exponential": Exponential, "cosine": Cosine, "warmup": Warmup}
)
