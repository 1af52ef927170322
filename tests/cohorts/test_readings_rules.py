"""Which days have still to be read: none twice, none left out, none that nobody looks at."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cohorts.readings.rules import NEWEST, days_to_read

TODAY = date(2027, 3, 1)


def test_what_was_never_read_is_read_today() -> None:
    assert days_to_read(None, TODAY) == [TODAY]


def test_today_is_read_again() -> None:
    assert days_to_read(TODAY, TODAY) == [TODAY]
    assert days_to_read(TODAY + timedelta(days=1), TODAY) == [TODAY]


def test_the_days_since_the_newest_reading_are_made_up_for() -> None:
    assert days_to_read(TODAY - timedelta(days=3), TODAY) == [
        date(2027, 2, 27),
        date(2027, 2, 28),
        date(2027, 3, 1),
    ]


@given(st.integers(0, 1_000_000))
def test_as_many_days_are_read_as_anybody_looks_back_at_and_today_is_the_last(days: int) -> None:
    found = days_to_read(TODAY - timedelta(days=min(days, 700_000)), TODAY)
    assert len(found) == max(1, min(days, NEWEST))
    assert found[-1] == TODAY
    assert found == sorted(set(found))
