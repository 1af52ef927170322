from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.months.rules import (
    BeforeRecycle,
    CohortEnded,
    CohortMonths,
    Course,
    FewEligibleOfEnrolled,
    MemberDays,
    MonthFigures,
    MonthsAsked,
    MonthState,
    OfCohorts,
    PausedTooLong,
    PhaseMonths,
    Stretch,
    TooFewEligible,
    TooFewTookPart,
    TrackedMonths,
    figures,
    month_window,
    month_windows,
    tracked_months,
)
from cohorts.months.words import month_note

START = date(2026, 6, 14)
ASKED = MonthsAsked()
A_DAY = timedelta(days=1)


def good(number: int) -> MonthFigures:
    return MonthFigures(number=number, took_part=10, eligible=12, enrolled=12)


def track(
    *told: MonthFigures,
    today: date = date(2026, 11, 20),
    course: Course | None = None,
    asked: MonthsAsked = ASKED,
) -> TrackedMonths:
    return tracked_months(course or Course(start=START), told, today=today, asked=asked)


def states(tracked: TrackedMonths) -> str:
    return "".join(
        {"counted": "c", "missed": "m", "in_progress": "i", "ahead": "a"}[m.state] for m in tracked.months
    )


# --- months by the calendar


def test_months_run_by_the_calendar_from_the_start_and_never_from_the_month_before() -> None:
    windows = month_windows(date(2027, 1, 31), date(2027, 4, 1))
    assert [window.from_on for window in windows] == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]
    assert windows[-1].until_on == date(2027, 4, 30)


def test_in_a_leap_year_the_month_after_31_january_begins_on_29_february() -> None:
    assert month_window(date(2028, 1, 31), 1).from_on == date(2028, 2, 29)


def test_a_month_ends_the_day_before_the_next_begins() -> None:
    assert month_windows(START, date(2026, 7, 13))[-1].until_on == date(2026, 7, 14)
    assert len(month_windows(START, date(2026, 7, 13))) == 1
    assert len(month_windows(START, date(2026, 7, 14))) == 2


def test_before_the_start_no_month_has_begun() -> None:
    assert month_windows(START, START - A_DAY) == ()


days = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))


@given(start=days, months=st.integers(1, 60))
def test_month_windows_tile_the_calendar_without_a_gap_whatever_the_start(start: date, months: int) -> None:
    windows = [month_window(start, number) for number in range(months)]
    assert windows[0].from_on == start
    assert all(one.until_on == other.from_on for one, other in pairwise(windows))
    assert all(28 <= (window.until_on - window.from_on).days <= 31 for window in windows)


@given(start=days, passed=st.integers(0, 2000))
def test_every_day_from_the_start_lies_in_the_last_window_of_that_day(start: date, passed: int) -> None:
    today = start + timedelta(days=passed)
    window = month_windows(start, today)[-1]
    assert window.from_on <= today < window.until_on


# --- which months count


def test_a_whole_month_in_which_enough_took_part_counts() -> None:
    tracked = track(good(0), today=date(2026, 7, 14))
    assert tracked.months[0].state is MonthState.COUNTED
    assert tracked.months[0].reasons == ()
    assert tracked.counted == 1


def test_a_month_in_progress_never_counts() -> None:
    tracked = track(good(0), today=date(2026, 7, 13))
    assert tracked.months[0].state is MonthState.IN_PROGRESS
    assert tracked.counted == 0


def test_a_month_with_fewer_than_three_eligible_does_not_count() -> None:
    tracked = track(MonthFigures(number=0, took_part=2, eligible=2, enrolled=2), today=date(2026, 7, 14))
    assert tracked.months[0].state is MonthState.MISSED
    assert tracked.months[0].reasons == (TooFewEligible(2, 3),)


def test_a_month_in_which_the_eligible_are_less_than_half_of_the_enrolled_does_not_count() -> None:
    exactly_half = MonthFigures(number=0, took_part=3, eligible=3, enrolled=6)
    assert track(exactly_half, today=date(2026, 7, 14)).counted == 1
    less = replace(exactly_half, enrolled=7)
    assert track(less, today=date(2026, 7, 14)).months[0].reasons == (
        FewEligibleOfEnrolled(3, 7, Fraction(1, 2)),
    )


def test_a_month_in_which_less_than_half_took_part_does_not_count() -> None:
    exactly_half = MonthFigures(number=0, took_part=3, eligible=6, enrolled=6)
    assert track(exactly_half, today=date(2026, 7, 14)).counted == 1
    less = replace(exactly_half, took_part=2)
    assert track(less, today=date(2026, 7, 14)).months[0].reasons == (TooFewTookPart(2, 6, Fraction(1, 2)),)


def test_a_month_with_a_long_pause_does_not_count() -> None:
    seven = Course(start=START, pauses=(Stretch(date(2026, 6, 20), date(2026, 6, 27)),))
    assert track(good(0), today=date(2026, 7, 14), course=seven).counted == 1
    eight = Course(start=START, pauses=(Stretch(date(2026, 6, 20), date(2026, 6, 28)),))
    assert track(good(0), today=date(2026, 7, 14), course=eight).months[0].reasons == (PausedTooLong(8, 7),)


def test_the_days_of_several_pauses_of_a_month_add_up_and_no_day_is_added_twice() -> None:
    course = Course(
        start=START,
        pauses=(
            Stretch(date(2026, 6, 1), date(2026, 6, 18)),
            Stretch(date(2026, 7, 10), date(2026, 7, 14)),
            Stretch(date(2026, 7, 12), date(2026, 7, 16)),
        ),
    )
    assert track(good(0), good(1), today=date(2026, 8, 14), course=course).months[0].reasons == (
        PausedTooLong(8, 7),
    )
    assert track(good(0), good(1), today=date(2026, 8, 14), course=course).months[1].reasons == ()


def test_every_reason_is_named_at_once() -> None:
    course = Course(
        start=START, pauses=(Stretch(date(2026, 6, 20), date(2026, 7, 5)),), recycled_on=date(2026, 7, 1)
    )
    told = MonthFigures(number=0, took_part=0, eligible=2, enrolled=5)
    assert track(told, today=date(2026, 7, 14), course=course).months[0].reasons == (
        BeforeRecycle(date(2026, 7, 1)),
        PausedTooLong(15, 7),
        TooFewEligible(2, 3),
        FewEligibleOfEnrolled(2, 5, Fraction(1, 2)),
        TooFewTookPart(0, 2, Fraction(1, 2)),
    )


def test_a_month_without_figures_is_one_in_which_nobody_was_enrolled() -> None:
    month = track(today=date(2026, 7, 14)).months[0]
    assert month.figures == MonthFigures(number=0, took_part=0, eligible=0, enrolled=0)
    assert month.reasons == (TooFewEligible(0, 3),)


def test_a_program_may_ask_for_something_else() -> None:
    asked = MonthsAsked(
        needed=2, at_least_eligible=1, share_eligible=Fraction(0), share_took_part=Fraction(1), pause_days=0
    )
    told = MonthFigures(number=0, took_part=1, eligible=1, enrolled=9)
    assert track(told, today=date(2026, 7, 14), asked=asked).still_needed == 1


@pytest.mark.parametrize(("needed", "at_least_eligible"), [(0, 3), (6, 0)])
def test_no_program_may_ask_for_nothing(needed: int, at_least_eligible: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        MonthsAsked(needed=needed, at_least_eligible=at_least_eligible)


# --- how many are needed


def test_six_counted_months_are_needed_in_any_order() -> None:
    bad = MonthFigures(number=2, took_part=0, eligible=12, enrolled=12)
    six = [good(number) for number in (0, 1, 3, 4, 5, 6)]
    tracked = track(*six, bad, today=date(2027, 1, 14))
    assert states(tracked) == "ccmcccci"
    assert tracked.complete
    assert tracked.completes_on == date(2027, 1, 14)
    assert not track(*six, bad, today=date(2027, 1, 13)).complete


def test_the_strip_reaches_as_far_ahead_as_is_needed_if_all_months_count() -> None:
    bad = MonthFigures(number=2, took_part=0, eligible=12, enrolled=12)
    tracked = track(good(0), good(1), bad, good(3), good(4), good(5), today=date(2026, 11, 20))
    assert states(tracked) == "ccmccia"
    assert (tracked.counted, tracked.still_needed) == (4, 2)
    assert tracked.completes_on == date(2027, 1, 14)
    assert tracked.months[-1].figures is None


def test_in_a_row_a_missed_month_starts_the_count_again() -> None:
    asked = MonthsAsked(in_a_row=True)
    bad = MonthFigures(number=2, took_part=0, eligible=12, enrolled=12)
    tracked = track(good(0), good(1), bad, good(3), good(4), good(5), today=date(2026, 11, 20), asked=asked)
    assert (tracked.counted, tracked.still_needed) == (2, 4)
    assert states(tracked) == "ccmcciaaa"
    assert tracked.completes_on == date(2027, 3, 14)


def test_in_a_row_enough_months_stay_enough_when_a_later_one_is_missed() -> None:
    asked = MonthsAsked(needed=2, in_a_row=True)
    bad = MonthFigures(number=2, took_part=0, eligible=12, enrolled=12)
    tracked = track(good(0), good(1), bad, today=date(2026, 9, 14), asked=asked)
    assert tracked.complete
    assert tracked.completes_on == date(2026, 8, 14)


def test_in_a_row_a_month_in_progress_that_can_count_no_more_ends_the_run_already() -> None:
    asked = MonthsAsked(needed=3, in_a_row=True)
    course = Course(start=START, pauses=(Stretch(date(2026, 8, 15), date(2026, 8, 25)),))
    tracked = track(good(0), good(1), good(2), today=date(2026, 9, 1), asked=asked, course=course)
    assert states(tracked) == "cciaaa"
    assert tracked.counted == 0
    assert tracked.completes_on == date(2026, 12, 14)


# --- a month in progress, and months ahead


def test_a_month_in_progress_says_early_that_it_can_count_no_more() -> None:
    few = MonthFigures(number=0, took_part=0, eligible=2, enrolled=9)
    month = track(few, today=date(2026, 6, 20)).months[0]
    assert month.state is MonthState.IN_PROGRESS
    assert month.reasons == (TooFewEligible(2, 3),)


def test_who_took_part_so_far_is_not_held_against_a_month_in_progress() -> None:
    idle = MonthFigures(number=0, took_part=0, eligible=12, enrolled=30)
    assert track(idle, today=date(2026, 6, 20)).months[0].reasons == ()


def test_a_pause_without_an_end_is_taken_to_end_today() -> None:
    course = Course(start=START, pauses=(Stretch(date(2026, 6, 15)),))
    assert track(good(0), today=date(2026, 6, 22), course=course).months[0].reasons == ()
    tracked = track(good(0), today=date(2026, 6, 23), course=course)
    assert tracked.months[0].reasons == (PausedTooLong(8, 7),)
    assert tracked.months[1].reasons == ()


def test_a_pause_planned_for_a_month_ahead_is_foreseen() -> None:
    course = Course(start=START, pauses=(Stretch(date(2026, 7, 20), date(2026, 8, 1)),))
    tracked = track(good(0), today=date(2026, 6, 23), course=course, asked=MonthsAsked(needed=2))
    assert states(tracked) == "iaa"
    assert tracked.months[1].reasons == (PausedTooLong(12, 7),)


# --- recycle, end, no start


def test_after_a_recycle_counting_starts_anew() -> None:
    course = Course(start=START, recycled_on=date(2026, 9, 1))
    tracked = track(*map(good, range(6)), today=date(2026, 11, 20), course=course)
    assert states(tracked) == "mmmcciaaa"
    assert tracked.months[2].reasons == (BeforeRecycle(date(2026, 9, 1)),)
    assert tracked.counted == 2
    assert tracked.completes_on == date(2027, 3, 14)


def test_a_month_that_begins_on_the_day_of_the_recycle_counts() -> None:
    course = Course(start=START, recycled_on=date(2026, 7, 14))
    assert states(track(good(0), good(1), today=date(2026, 8, 14), course=course)).startswith("mc")


def test_a_recycle_from_a_day_to_come_leaves_the_months_before_it_uncounted() -> None:
    course = Course(start=START, recycled_on=date(2026, 9, 1))
    tracked = track(good(0), today=date(2026, 7, 14), course=course, asked=MonthsAsked(needed=1))
    assert states(tracked) == "miaa"
    assert tracked.completes_on == date(2026, 10, 14)


def test_the_month_in_which_a_cohort_ended_does_not_count_and_none_is_ahead() -> None:
    course = Course(start=START, ended_on=date(2026, 8, 1))
    tracked = track(good(0), good(1), today=date(2026, 8, 2), course=course)
    assert states(tracked) == "cm"
    assert tracked.months[1].reasons == (CohortEnded(date(2026, 8, 1)),)
    assert [month.whole for month in tracked.months] == [True, False]
    assert tracked.completes_on is None


def test_a_cohort_that_ended_with_a_month_ran_it_whole() -> None:
    course = Course(start=START, ended_on=date(2026, 7, 14))
    tracked = track(good(0), today=date(2026, 8, 2), course=course)
    assert states(tracked) == "c"
    assert tracked.months[0].whole


def test_a_cohort_that_does_not_run_yet_has_no_months_and_no_date() -> None:
    tracked = track(course=Course(start=None))
    assert tracked.months == ()
    assert (tracked.still_needed, tracked.completes_on) == (6, None)


# --- figures, from each member's days

JUNE = month_window(date(2026, 6, 1), 0)
THROUGHOUT = (Stretch(date(2026, 5, 1)),)


def count_of(
    *members: MemberDays, today: date = date(2026, 7, 1), activities_asked: int = 1
) -> tuple[int, int, int]:
    told = figures(JUNE, members, today=today, activities_asked=activities_asked)
    return told.took_part, told.eligible, told.enrolled


def test_a_member_active_on_every_day_of_the_month_is_eligible() -> None:
    assert count_of(MemberDays(active=(Stretch(date(2026, 6, 1), date(2026, 7, 1)),))) == (0, 1, 1)


@pytest.mark.parametrize(
    "active", [Stretch(date(2026, 6, 2)), Stretch(date(2026, 6, 1), date(2026, 6, 30))], ids=["late", "left"]
)
def test_a_member_who_was_not_active_on_one_day_is_not_eligible(active: Stretch) -> None:
    assert count_of(MemberDays(active=(active,), acted_on=(date(2026, 6, 10),)))[:2] == (0, 0)


def test_a_member_who_paused_for_a_day_is_not_eligible_but_enrolled() -> None:
    assert count_of(
        MemberDays(active=THROUGHOUT, paused=(Stretch(date(2026, 6, 9), date(2026, 6, 10)),))
    ) == (0, 0, 1)


def test_a_member_paused_at_the_end_is_enrolled_and_one_who_left_is_not() -> None:
    paused = MemberDays(
        active=(Stretch(date(2026, 5, 1), date(2026, 6, 20)),), paused=(Stretch(date(2026, 6, 20)),)
    )
    left = MemberDays(active=(Stretch(date(2026, 5, 1), date(2026, 6, 30)),))
    assert count_of(paused, left) == (0, 0, 1)


def test_a_member_active_in_stretches_that_touch_is_eligible() -> None:
    stretches = (Stretch(date(2026, 6, 15)), Stretch(date(2026, 5, 1), date(2026, 6, 15)))
    assert count_of(MemberDays(active=stretches)) == (0, 1, 1)


def test_a_member_took_part_with_one_activity_in_the_month_and_not_on_the_day_after() -> None:
    assert count_of(MemberDays(active=THROUGHOUT, acted_on=(date(2026, 6, 30),))) == (1, 1, 1)
    assert count_of(MemberDays(active=THROUGHOUT, acted_on=(date(2026, 5, 31), date(2026, 7, 1)))) == (
        0,
        1,
        1,
    )


def test_a_program_may_ask_for_more_than_one_activity() -> None:
    member = MemberDays(active=THROUGHOUT, acted_on=(date(2026, 6, 3), date(2026, 6, 3)))
    assert count_of(member, activities_asked=2) == (1, 1, 1)
    assert count_of(member, activities_asked=3) == (0, 1, 1)


def test_of_a_month_in_progress_the_figures_are_so_far() -> None:
    leaving = MemberDays(active=(Stretch(date(2026, 5, 1), date(2026, 6, 20)),))
    assert count_of(leaving, today=date(2026, 6, 19)) == (0, 1, 1)
    assert count_of(leaving, today=date(2026, 6, 20)) == (0, 0, 0)


# --- properties

stretches = st.builds(
    lambda begin, length: Stretch(
        START + timedelta(days=begin), None if length is None else START + timedelta(days=begin + length)
    ),
    st.integers(-20, 150),
    st.none() | st.integers(0, 60),
)
members = st.builds(
    MemberDays,
    active=st.just((Stretch(START - A_DAY),)) | st.lists(stretches, min_size=1, max_size=3).map(tuple),
    paused=st.lists(stretches, max_size=1).map(tuple),
    acted_on=st.lists(st.integers(-20, 200).map(lambda day: START + timedelta(days=day)), max_size=12).map(
        tuple
    ),
)
todays = st.integers(0, 210).map(lambda passed: START + timedelta(days=passed))
lenient = st.builds(
    MonthsAsked,
    needed=st.integers(1, 4),
    in_a_row=st.booleans(),
    at_least_eligible=st.integers(1, 3),
    share_eligible=st.sampled_from([Fraction(0), Fraction(1, 2)]),
    share_took_part=st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]),
    pause_days=st.integers(0, 20),
)
courses = st.builds(
    Course,
    start=st.just(START),
    pauses=st.lists(stretches, max_size=2).map(tuple),
    recycled_on=st.none() | todays,
    ended_on=st.none() | todays,
)


def tracked_from_days(
    people: list[MemberDays], course: Course, today: date, asked: MonthsAsked
) -> TrackedMonths:
    told = [figures(window, people, today=today) for window in month_windows(START, today)]
    return tracked_months(course, told, today=today, asked=asked)


@given(people=st.lists(members, max_size=6), course=courses, today=todays, asked=lenient, data=st.data())
def test_the_order_of_an_import_does_not_matter(
    people: list[MemberDays], course: Course, today: date, asked: MonthsAsked, data: st.DataObject
) -> None:
    shuffled = [
        replace(
            member, acted_on=tuple(data.draw(st.permutations(member.acted_on))), active=member.active[::-1]
        )
        for member in data.draw(st.permutations(people))
    ]
    turned = replace(course, pauses=course.pauses[::-1])
    assert tracked_from_days(shuffled, turned, today, asked) == tracked_from_days(
        people, course, today, asked
    )


@given(
    people=st.lists(members, min_size=1, max_size=6), course=courses, today=todays, asked=lenient, day=todays
)
def test_adding_an_activity_never_uncounts_a_month_nor_delays_the_end(
    people: list[MemberDays], course: Course, today: date, asked: MonthsAsked, day: date
) -> None:
    before = tracked_from_days(people, course, today, asked)
    more = [replace(people[0], acted_on=(*people[0].acted_on, day)), *people[1:]]
    after = tracked_from_days(more, course, today, asked)
    counted_before = {month.number for month in before.months if month.state is MonthState.COUNTED}
    assert counted_before <= {month.number for month in after.months if month.state is MonthState.COUNTED}
    assert (after.completes_on or date.max) <= (before.completes_on or date.max)


def day_by_day(people: list[MemberDays], course: Course, today: date, asked: MonthsAsked) -> dict[date, bool]:
    """Which whole months counted, worked out once more, day by day and person by person."""

    def inside(spans: tuple[Stretch, ...], day: date, end: date | None = None) -> bool:
        return any(span.from_on <= day < (span.until_on or end or date.max) for span in spans)

    end = min(today, course.ended_on or today)
    found: dict[date, bool] = {}
    begin, number = START, 0
    while True:
        number += 1
        year, month = divmod(START.month - 1 + number, 12)
        after = date(START.year + year, month + 1, START.day)
        if after > end:
            return found
        month_days = [begin + timedelta(days=n) for n in range((after - begin).days)]
        eligible = [
            person
            for person in people
            if not [day for day in month_days if inside(person.paused, day) or not inside(person.active, day)]
        ]
        took_part = [person for person in eligible if set(person.acted_on) & set(month_days)]
        enrolled = [person for person in people if inside(person.active + person.paused, month_days[-1])]
        found[begin] = (
            len(eligible) >= asked.at_least_eligible
            and Fraction(len(eligible), max(len(enrolled), 1)) >= asked.share_eligible
            and Fraction(len(took_part), max(len(eligible), 1)) >= asked.share_took_part
            and len([day for day in month_days if inside(course.pauses, day, today)]) <= asked.pause_days
            and (course.recycled_on is None or begin >= course.recycled_on)
        )
        begin = after


@given(people=st.lists(members, max_size=6), course=courses, today=todays, asked=lenient)
def test_the_strip_equals_a_plain_recomputation_from_the_days(
    people: list[MemberDays], course: Course, today: date, asked: MonthsAsked
) -> None:
    tracked = tracked_from_days(people, course, today, asked)
    assert {m.from_on: m.state is MonthState.COUNTED for m in tracked.months if m.whole} == day_by_day(
        people, course, today, asked
    )
    assert all(
        bool(month.reasons) == (month.state is MonthState.MISSED) for month in tracked.months if month.whole
    )


@given(people=st.lists(members, max_size=6), course=courses, today=todays, asked=lenient)
def test_months_are_complete_from_the_day_foreseen_on(
    people: list[MemberDays], course: Course, today: date, asked: MonthsAsked
) -> None:
    tracked = tracked_from_days(people, course, today, asked)
    assert tracked.complete == (tracked.completes_on is not None and tracked.completes_on <= today)


@given(
    took_part=st.lists(st.integers(0, 4), min_size=8, max_size=8),
    asked=lenient,
    earlier=todays,
    passed=st.integers(0, 60),
)
def test_the_day_foreseen_never_moves_nearer_as_time_passes(
    took_part: list[int], asked: MonthsAsked, earlier: date, passed: int
) -> None:
    told = [
        MonthFigures(number=n, took_part=each, eligible=4, enrolled=4) for n, each in enumerate(took_part)
    ]
    first = track(*told, today=earlier, asked=asked)
    later = track(*told, today=earlier + timedelta(days=passed), asked=asked)
    assert first.completes_on is not None
    assert later.completes_on is not None
    assert first.completes_on <= later.completes_on


# --- several cohorts


def phase(*cohorts: CohortMonths, of: OfCohorts = OfCohorts.EVERY) -> PhaseMonths:
    return PhaseMonths(cohorts=cohorts, asked=MonthsAsked(of_cohorts=of))


def cohort(name: str, counted: int, left_out: str | None = None) -> CohortMonths:
    tracked = track(*map(good, range(counted)), today=month_window(START, 6).from_on)
    return CohortMonths(cohort=UUID(int=len(name)), name=name, tracked=tracked, left_out=left_out)


def test_a_phase_needs_the_months_of_every_cohort() -> None:
    berlin, lyon = cohort("Berlin", 6), cohort("Lyon", 4)
    assert phase(berlin, lyon).waited_for == (lyon,)
    assert phase(berlin, lyon).decisive == lyon


def test_a_cohort_left_out_with_a_reason_is_not_waited_for() -> None:
    berlin, lyon = cohort("Berlin", 6), cohort("Lyon", 4, left_out="It was stopped in May.")
    assert phase(berlin, lyon).waited_for == ()
    assert phase(berlin, lyon).kept == (berlin,)


def test_a_program_may_need_the_months_of_any_one_cohort() -> None:
    berlin, lyon = cohort("Berlin", 5), cohort("Lyon", 4)
    assert phase(berlin, lyon, of=OfCohorts.ANY).waited_for == (berlin,)
    assert phase(cohort("Berlin", 6), lyon, of=OfCohorts.ANY).waited_for == ()


@pytest.mark.parametrize("of", list(OfCohorts))
def test_a_phase_of_which_every_cohort_is_left_out_has_none_to_judge(of: OfCohorts) -> None:
    lyon = cohort("Lyon", 6, left_out="Not a pilot after all.")
    assert phase(lyon, of=of).decisive is None
    assert phase(lyon, of=of).waited_for == ()


# --- words


def notes(tracked: TrackedMonths, today: date, *, shown: bool = True) -> list[str]:
    return [month_note(month, today, shown=shown) for month in tracked.months]


def test_the_strip_says_in_words_what_it_shows() -> None:
    today = date(2026, 11, 20)
    course = Course(start=START, pauses=(Stretch(date(2026, 8, 15), date(2026, 8, 29)),))
    tracked = track(*map(good, range(6)), today=today, course=course, asked=MonthsAsked(needed=6))
    assert notes(tracked, today)[1:] == [
        "counted, 10 of 12 took part",
        "not counted, as the cohort was paused for 14 days",
        "counted, 10 of 12 took part",
        "counted, 10 of 12 took part",
        "in progress, 10 of 12 took part so far",
        "still to come",
    ]
    assert notes(tracked, today, shown=False)[4:6] == ["counted", "in progress"]


@pytest.mark.parametrize(
    ("took_part", "eligible", "enrolled", "shown", "hidden"),
    [
        (0, 0, 4, "nobody was active all through it, and it takes three members and only 0 of 4 enrolled were active all through it", None),
        (1, 1, 1, "only one member was active all through it, and it takes three", "fewer than three members were active all through it"),
        (2, 2, 2, "only two members were active all through it, and it takes three", "fewer than three members were active all through it"),
        (3, 3, 9, "only 3 of 9 enrolled were active all through it", "too few of those enrolled were active all through it"),
        (2, 6, 6, "only 2 of 6 took part", "too few members took part"),
        (0, 6, 6, "nobody took part", "too few members took part"),
    ],
)  # fmt: skip
def test_why_a_month_did_not_count_is_said_without_figures_to_those_who_may_not_see_them(
    took_part: int, eligible: int, enrolled: int, shown: str, hidden: str | None
) -> None:
    today = date(2026, 7, 14)
    told = MonthFigures(number=0, took_part=took_part, eligible=eligible, enrolled=enrolled)
    tracked = track(told, today=today)
    assert notes(tracked, today)[0] == f"not counted, as {shown}"
    if hidden is not None:
        assert notes(tracked, today, shown=False)[0] == f"not counted, as {hidden}"


def test_recycle_end_and_a_month_that_can_count_no_more_are_said() -> None:
    course = Course(start=START, recycled_on=date(2026, 8, 1), ended_on=date(2026, 9, 1))
    today = date(2026, 9, 2)
    told = [good(0), good(1), good(2)]
    assert notes(track(*told, today=today, course=course), today)[1:] == [
        "not counted, as the count began anew on 1 August",
        "not counted, as the cohort ended on 1 September",
    ]
    few = MonthFigures(number=0, took_part=0, eligible=2, enrolled=2)
    assert notes(track(few, today=date(2026, 6, 20)), date(2026, 6, 20), shown=False)[0] == (
        "cannot count, as fewer than three members were active all through it"
    )
