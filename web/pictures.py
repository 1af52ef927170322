"""What the pictures of a page are drawn from: values in, geometry out; no colours, no sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class MonthState(StrEnum):
    COUNTED = "counted"
    MISSED = "missed"
    NOW = "now"
    PAUSED = "paused"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One square of the month strip; `title` says in words what the square shows, `share` is how much of a month in progress has passed."""

    label: str
    state: MonthState
    title: str
    share: float = 0.0

    @property
    def fill(self) -> float:
        """The height of what is filled, in the 40 units of a square."""
        return round(36 * _within(self.share), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthStrip:
    months: Sequence[Month]
    counted: int
    needed: int

    @property
    def missed(self) -> list[Month]:
        """The months whose reasons stand in words below the strip."""
        return [month for month in self.months if month.state in {MonthState.MISSED, MonthState.PAUSED}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Where a criterion stands and what it asks, both as shares of the whole bar; `words` says the same."""

    value: float
    target: float
    met: bool
    words: str

    @property
    def value_percent(self) -> float:
        return round(100 * _within(self.value), 1)

    @property
    def target_percent(self) -> float:
        return round(100 * _within(self.target), 1)


class StepState(StrEnum):
    DONE = "done"
    NEXT = "next"
    TODO = "todo"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stone of the way."""

    title: str
    state: StepState
    note: str = ""
    chip: str = ""
    href: str = ""


class GateState(StrEnum):
    SHUT = "shut"
    READY = "ready"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One ring of the rollout map; `fill` is how far it has come, `gate` closes it (none for the last)."""

    name: str
    note: str
    fill: float = 0.0
    gate: GateState | None = None
    gate_note: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """A phase with its place on the map: rings lie around (220, 220), the first in the middle."""

    phase: Phase
    radius: int
    width: int

    @property
    def come(self) -> float:
        """How far round the ring is filled, of 100."""
        return round(100 * _within(self.phase.fill), 1)

    @property
    def gate_y(self) -> int:
        return 220 - self.radius - self.width // 2 - 12

    @property
    def name_y(self) -> int:
        return 220 + self.radius + self.width // 2 + 15


def rings(phases: Sequence[Phase]) -> list[Ring]:
    """Where each phase lies on the map, from the pilot outwards; any number of phases fits."""
    inner, outer = 58, 190
    gap = (outer - inner) / max(len(phases) - 1, 1)
    return [
        Ring(phase, round(inner + place * gap), max(6, 18 - 3 * place)) for place, phase in enumerate(phases)
    ]


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
