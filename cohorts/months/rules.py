"""Answers which months of a cohort count as tracked, and why the others do not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from uuid import UUID

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)


class MonthState(StrEnum):
    COUNTED = "counted"
    MISSED = "missed"
    IN_PROGRESS = "in_progress"
    AHEAD = "ahead"


class OfCohorts(StrEnum):
    """Of which of the cohorts that are kept a phase needs its tracked months."""

    EVERY = "every"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsAsked:
    """What a program asks of its tracked months."""

    needed: int = 6
    in_a_row: bool = False
    at_least_eligible: int = 3
    share_eligible: Fraction = Fraction(1, 2)
    share_took_part: Fraction = Fraction(1, 2)
    pause_days: int = 7
    of_cohorts: OfCohorts = OfCohorts.EVERY

    def __post_init__(self) -> None:
        if self.needed < 1 or self.at_least_eligible < 1:
            raise ValueError("A gate asks for at least one month, and a month for at least one member.")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from one up to, not including, another; without an end while it lasts."""

    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class MonthWindow:
    """A month by the calendar from the tracking start, 0 the first; `until_on` is the day the next one begins."""

    number: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a cohort went: it has no start before it runs, and `ended_on` is the first day it ran no more.

    A pause without an end is taken to end today: nobody knows how long it will last.
    """

    start: date | None
    pauses: tuple[Stretch, ...] = ()
    recycled_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDays:
    """One member's days in a cohort; `acted_on` has the day of each activity other than a reaction."""

    active: tuple[Stretch, ...] = ()
    paused: tuple[Stretch, ...] = ()
    acted_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """How many took part, of how many eligible, of how many enrolled at the month's end."""

    number: int
    took_part: int
    eligible: int
    enrolled: int


@dataclass(frozen=True, slots=True)
class TooFewEligible:
    eligible: int
    at_least: int


@dataclass(frozen=True, slots=True)
class FewEligibleOfEnrolled:
    eligible: int
    enrolled: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class TooFewTookPart:
    took_part: int
    eligible: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class PausedTooLong:
    days: int
    at_most: int


@dataclass(frozen=True, slots=True)
class BeforeRecycle:
    recycled_on: date


@dataclass(frozen=True, slots=True)
class CohortEnded:
    ended_on: date


MonthReason = (
    TooFewEligible | FewEligibleOfEnrolled | TooFewTookPart | PausedTooLong | BeforeRecycle | CohortEnded
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of the strip; one in progress or ahead bears a reason when it can count no more."""

    number: int
    from_on: date
    until_on: date
    state: MonthState
    figures: MonthFigures | None
    reasons: tuple[MonthReason, ...]

    @property
    def whole(self) -> bool:
        """Whether the cohort ran to the month's last day, and that day is over."""
        over = self.state in (MonthState.COUNTED, MonthState.MISSED)
        return over and not any(isinstance(reason, CohortEnded) for reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedMonths:
    """A cohort's months: those begun, and as many ahead as are needed if all of them count.

    `counted` is the tally that matters: of all months, or of the latest run where they have to be in a row.
    `completes_on` is the first day on which enough have counted, past or foreseen; None if none is in sight.
    """

    months: tuple[Month, ...]
    needed: int
    in_a_row: bool
    counted: int
    completes_on: date | None
    ended_on: date | None

    @property
    def still_needed(self) -> int:
        return max(0, self.needed - self.counted)

    @property
    def complete(self) -> bool:
        return self.still_needed == 0


@lru_cache(maxsize=4_096)
def month_window(start: date, number: int) -> MonthWindow:
    """The month of that number, 0 the first; always from the start, never from the month before."""
    return MonthWindow(number, start + relativedelta(months=number), start + relativedelta(months=number + 1))


def month_windows(start: date, today: date) -> tuple[MonthWindow, ...]:
    """Every month begun by today, the one in progress last."""
    return tuple(takewhile(lambda window: window.from_on <= today, _windows(Course(start=start))))


def figures(
    window: MonthWindow, members: Iterable[MemberDays], *, today: date, activities_asked: int = 1
) -> MonthFigures:
    """What the members' days come to in a month that has begun; of one in progress: so far."""
    days = _days(window.from_on, min(window.until_on, today + ONE_DAY))
    took_part = eligible = enrolled = 0
    for member in members:
        enrolled += _covers(member.active, days[-1]) or _covers(member.paused, days[-1])
        if all(_covers(member.active, day) and not _covers(member.paused, day) for day in days):
            eligible += 1
            took_part += sum(day in days for day in member.acted_on) >= activities_asked
    return MonthFigures(number=window.number, took_part=took_part, eligible=eligible, enrolled=enrolled)


def tracked_months(
    course: Course, figures: Iterable[MonthFigures], *, today: date, asked: MonthsAsked
) -> TrackedMonths:
    """Every month of a cohort, whether it counted, and why not. One without figures is one without members."""
    told = {each.number: each for each in figures}
    months: list[Month] = []
    tally, completes_on = 0, None
    for window in _windows(course):
        if window.from_on > today and completes_on is not None:
            break
        month = _judged(window, told.get(window.number), course, today, asked)
        months.append(month)
        tally = tally + 1 if not month.reasons else 0 if asked.in_a_row else tally
        if tally == asked.needed and completes_on is None:
            completes_on = month.until_on
    return TrackedMonths(
        months=tuple(months),
        needed=asked.needed,
        in_a_row=asked.in_a_row,
        counted=_counted(months, asked),
        completes_on=completes_on,
        ended_on=course.ended_on,
    )


def _windows(course: Course) -> Iterator[MonthWindow]:
    """The months of a cohort for as long as it runs: without an end, endlessly."""
    if course.start is None:
        return
    window = month_window(course.start, 0)
    while course.ended_on is None or window.from_on < course.ended_on:
        yield window
        window = month_window(course.start, window.number + 1)


def _judged(
    window: MonthWindow, told: MonthFigures | None, course: Course, today: date, asked: MonthsAsked
) -> Month:
    ahead = window.from_on > today
    over = min(window.until_on, course.ended_on or window.until_on) <= today
    figures = told or MonthFigures(number=window.number, took_part=0, eligible=0, enrolled=0)
    reasons = [*_why_not_by_the_calendar(window, course, today, asked)]
    if not ahead:
        reasons += _why_not_any_more(figures, asked)
    if over:
        reasons += _why_not_in_the_end(figures, asked)
    return Month(
        number=window.number,
        from_on=window.from_on,
        until_on=window.until_on,
        state=_state(ahead=ahead, over=over, missed=bool(reasons)),
        figures=None if ahead else figures,
        reasons=tuple(reasons),
    )


def _why_not_by_the_calendar(
    window: MonthWindow, course: Course, today: date, asked: MonthsAsked
) -> Iterator[MonthReason]:
    if course.recycled_on is not None and window.from_on < course.recycled_on:
        yield BeforeRecycle(course.recycled_on)
    days = _days_paused(window, course, today)
    if days > asked.pause_days:
        yield PausedTooLong(days, asked.pause_days)
    if course.ended_on is not None and course.ended_on < window.until_on:
        yield CohortEnded(course.ended_on)


def _days_paused(window: MonthWindow, course: Course, today: date) -> int:
    if not course.pauses:
        return 0
    paused = [Stretch(pause.from_on, pause.until_on or today) for pause in course.pauses]
    return sum(_covers(paused, day) for day in _days(window.from_on, window.until_on))


def _why_not_any_more(figures: MonthFigures, asked: MonthsAsked) -> Iterator[MonthReason]:
    """Eligible members only become fewer as a month goes on, so this is known before its end."""
    if figures.eligible < asked.at_least_eligible:
        yield TooFewEligible(figures.eligible, asked.at_least_eligible)


def _why_not_in_the_end(figures: MonthFigures, asked: MonthsAsked) -> Iterator[MonthReason]:
    if figures.eligible < asked.share_eligible * figures.enrolled:
        yield FewEligibleOfEnrolled(figures.eligible, figures.enrolled, asked.share_eligible)
    if figures.took_part < asked.share_took_part * figures.eligible:
        yield TooFewTookPart(figures.took_part, figures.eligible, asked.share_took_part)


def _state(*, ahead: bool, over: bool, missed: bool) -> MonthState:
    if ahead:
        return MonthState.AHEAD
    if not over:
        return MonthState.IN_PROGRESS
    return MonthState.MISSED if missed else MonthState.COUNTED


def _counted(months: Iterable[Month], asked: MonthsAsked) -> int:
    """All that counted, or the run they are in: the one that was long enough, else the one still going."""
    counted = longest_run = run = 0
    for month in months:
        if month.state is MonthState.COUNTED:
            counted, run = counted + 1, run + 1
            longest_run = max(longest_run, run)
        elif month.reasons and month.state is not MonthState.AHEAD:
            run = 0
    if not asked.in_a_row:
        return counted
    return longest_run if longest_run >= asked.needed else run


def _covers(stretches: Iterable[Stretch], day: date) -> bool:
    return any(each.from_on <= day and (each.until_on is None or day < each.until_on) for each in stretches)


def _days(from_on: date, until_on: date) -> tuple[date, ...]:
    return tuple(from_on + timedelta(days=passed) for passed in range((until_on - from_on).days))


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortMonths:
    """A cohort of a phase and its months; `left_out` is the reason a lead gave for leaving it out."""

    cohort: UUID
    name: str
    tracked: TrackedMonths
    left_out: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseMonths:
    """The months of a phase's cohorts, side by side."""

    cohorts: tuple[CohortMonths, ...]
    asked: MonthsAsked

    @property
    def kept(self) -> tuple[CohortMonths, ...]:
        return tuple(each for each in self.cohorts if each.left_out is None)

    @property
    def decisive(self) -> CohortMonths | None:
        """The cohort that the phase waits for: of those kept, the furthest behind, or ahead if any will do."""
        choose = max if self.asked.of_cohorts is OfCohorts.EVERY else min
        return choose(self.kept, key=_far_behind, default=None)

    @property
    def waited_for(self) -> tuple[CohortMonths, ...]:
        """The cohorts whose months are not complete, as far as the phase needs them to be."""
        if self.asked.of_cohorts is OfCohorts.EVERY or self.decisive is None:
            return tuple(each for each in self.kept if not each.tracked.complete)
        return () if self.decisive.tracked.complete else (self.decisive,)


def _far_behind(cohort: CohortMonths) -> tuple[date, int]:
    """The day its months are complete, none in sight being furthest; then how many are still needed."""
    return cohort.tracked.completes_on or date.max, cohort.tracked.still_needed
