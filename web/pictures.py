"""What the pictures of a page are drawn from: values in, geometry out; no colours, no sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class MonthState(StrEnum):
    COUNTED = "counted"
    MISSED = "missed"
    NOW = "now"
    PAUSED = "paused"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One square of the month strip; `title` says in words what the square shows, `share` is how much of a month in progress has passed.

    `days` says from when until when it goes, where it does not begin on the first.
    """

    label: str
    state: MonthState
    title: str
    share: float = 0.0
    days: str = ""

    @property
    def fill(self) -> float:
        """The height of what is filled, in the 40 units of a square."""
        return round(36 * _within(self.share), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthStrip:
    months: tuple[Month, ...]
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
class Sparkline:
    """The course of a figure in a small line, from `points` of days and values; `words` says the same."""

    points: Sequence[tuple[date, float]]
    words: str

    @property
    def places(self) -> list[tuple[float, float]]:
        """Where each point lies in the 88 by 24 units of the drawing; the newest at the right."""
        days = [day.toordinal() for day, _ in self.points]
        values = [value for _, value in self.points]
        wide, high = max(days) - min(days) or 1, max(values) - min(values)
        return [
            (round(3 + 82 * (day - min(days)) / wide, 1), self._height(value, min(values), high))
            for day, value in zip(days, values, strict=True)
        ]

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{x} {y}" for x, y in self.places)

    @staticmethod
    def _height(value: float, lowest: float, high: float) -> float:
        return round(20 - 16 * (value - lowest) / high, 1) if high else 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A phase in time, half-open: what lies after today is foreseen; without `until_on` nobody can say how long.

    `gate` stands on the day `gate_on`; `note` says all of it in words.
    """

    name: str
    from_on: date | None
    until_on: date | None
    gate: GateState | None = None
    gate_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A span with its place on the timeline: x and widths in the 1000 units of the drawing."""

    span: Span
    y: int
    start: float
    past: float
    ahead: float
    gate_x: float | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """`months` are the lines between months, each with the day that it stands for, whether it is named, and with its year."""

    bars: list[Bar]
    months: list[tuple[float, date, bool, bool]]
    today: float

    @property
    def height(self) -> int:
        return 60 + 52 * len(self.bars)


_LEFT, _RIGHT, _MOST_NAMED = 170, 985, 14
_ROUND_GATE = timedelta(days=20)


def timeline(spans: Sequence[Span], *, today: date) -> Timeline:
    """The rollout in time, from the month of the first start to the last day known, at least half a year on."""
    days = [day for span in spans for day in (span.from_on, span.until_on, span.gate_on) if day]
    first = min(*days, today).replace(day=1) if days else today.replace(day=1)
    last = max(*days, today + timedelta(days=183)) if days else today + timedelta(days=183)
    last += _ROUND_GATE
    unit = (_RIGHT - _LEFT) / (last - first).days

    def x(day: date) -> float:
        return round(_LEFT + (day - first).days * unit, 1)

    starts = _month_starts(first, last)
    every = -(-len(starts) // _MOST_NAMED)
    named = starts[::every]
    new_year = {
        day
        for before, day in zip([None, *named], named, strict=False)
        if not before or before.year < day.year
    }
    return Timeline(
        bars=[_bar(span, 46 + 52 * place, x, today=today, last=last) for place, span in enumerate(spans)],
        months=[(x(day), day, day in named, day in new_year) for day in starts],
        today=x(today),
    )


def _bar(span: Span, y: int, x: Callable[[date], float], *, today: date, last: date) -> Bar:
    gate_x = x(span.gate_on) if span.gate_on else None
    if span.from_on is None:
        return Bar(span, y, _LEFT, 0, 0, gate_x)
    until = span.until_on or last
    past = max(min(until, today), span.from_on)
    return Bar(
        span,
        y,
        x(span.from_on),
        round(x(past) - x(span.from_on), 1),
        round(x(max(until, past)) - x(past), 1),
        gate_x,
    )


def _month_starts(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
