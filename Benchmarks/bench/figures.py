"""Medians and spreads. A figure is never told without the least and the greatest that were measured."""

from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The middle of some figures, and their ends."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: list[float]) -> "Spread":
        return cls(median(figures), min(figures), max(figures))


def ratio(above: list[float], below: list[float]) -> Spread:
    """The ratio of figures that were taken in turn, round by round: what disturbed one round disturbed both its figures."""
    pairs = [a / b for a, b in zip(above, below, strict=True) if b]
    return Spread.of(pairs) if pairs else Spread(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class Outcome:
    """One run. What was not measured is `None`."""

    rate: float  # operations a second
    seconds: float | None = None  # an operation, in the middle
    slow: float | None = None  # the 99th of a hundred
    cpu: float | None = None  # the server's processor time for one operation, in seconds
    bytes_rate: float | None = None  # bytes a second
    memory: int | None = None  # bytes

    def as_json(self) -> dict[str, float]:
        return {name: value for name, value in asdict(self).items() if value is not None}
