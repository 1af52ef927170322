"""What the pictures of a page are drawn from: values in, geometry out; no colours, no sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A phase in time: half-open, `until_on` None when nobody can say; what lies after today is forecast."""

    name: str
    from_on: date | None
    until_on: date | None
    gate: GateState | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A span with its place on the timeline: x and widths in the 820 units of the drawing."""

    span: Span
    y: int
    start: float
    past: float
    ahead: float

    @property
    def gate_x(self) -> float:
        return self.start + self.past + self.ahead


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: list[Bar]
    months: list[tuple[float, date]]
    today: float

    @property
    def height(self) -> int:
        return 48 + 44 * len(self.bars)


_LEFT, _RIGHT = 150, 800


def timeline(spans: Sequence[Span], *, today: date) -> Timeline:
    """The rollout in time, from the month before the first start to the last known end (at least half a year on)."""
    days = [day for span in spans for day in (span.from_on, span.until_on) if day] + [today]
    first = min(days).replace(day=1)
    last = max(*days, date.fromordinal(today.toordinal() + 183))
    unit = (_RIGHT - _LEFT) / (last - first).days

    def x(day: date) -> float:
        return round(_LEFT + (day - first).days * unit, 1)

    bars = []
    for place, span in enumerate(spans):
        start = span.from_on or today
        until = span.until_on or start
        past = max(min(until, today), start)
        bars.append(Bar(span, 40 + 44 * place, x(start), x(past) - x(start), x(until) - x(past)))
    return Timeline(bars, [(x(day), day) for day in _month_starts(first, last)], x(today))


def _month_starts(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
