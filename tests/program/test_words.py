"""Dates, numbers and lists as the reader writes them."""

import asyncio
from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from program.words import (
    day_text,
    either_text,
    figure_text,
    gettext,
    list_text,
    locale_name,
    moment_text,
    month_text,
    ngettext,
    number_text,
    percent_text,
    short_month_text,
    spoken_in,
)

DAY = date(2027, 1, 14)
MOMENT = datetime(2027, 1, 14, 23, 30, tzinfo=UTC)


def test_a_day_has_its_year_unless_it_is_this_one() -> None:
    assert day_text(DAY) == "14 January 2027"
    assert day_text(DAY, date(2027, 12, 31)) == "14 January"
    assert day_text(DAY, date(2026, 12, 31)) == "14 January 2027"


def test_the_day_of_a_moment_is_the_one_in_the_readers_zone() -> None:
    assert day_text(MOMENT) == "14 January 2027"
    with spoken_in("en", "Asia/Tokyo"):
        assert day_text(MOMENT) == "15 January 2027"


def test_a_month_has_its_year_unless_it_is_this_one() -> None:
    assert month_text(DAY) == "January 2027"
    assert month_text(DAY, date(2027, 5, 1)) == "January"
    assert short_month_text(DAY) == "Jan"


def test_a_moment_is_told_in_the_readers_zone() -> None:
    assert moment_text(MOMENT) == "14 Jan 2027, 23:30"
    assert moment_text(MOMENT, ZoneInfo("Europe/Berlin")) == "15 Jan 2027, 00:30"
    with spoken_in("en", "America/New_York"):
        assert moment_text(MOMENT) == "14 Jan 2027, 18:30"
    assert moment_text(MOMENT) == "14 Jan 2027, 23:30"


def test_lists_read_as_running_text() -> None:
    assert list_text(["a"]) == "a"
    assert list_text(["a", "b", "c"]) == "a, b and c"
    assert either_text(["a", "b", "c"]) == "a, b or c"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "no"), (1, "one"), (12, "twelve"), (13, "13"), (-1, "-1"), (1_234, "1,234")]
)
def test_small_numbers_are_words(number: int, text: str) -> None:
    assert number_text(number) == text


def test_figures_and_shares_are_rounded_for_reading() -> None:
    assert figure_text(1234.567) == "1,234.57"
    assert figure_text(Fraction(1, 3)) == "0.33"
    assert figure_text(2) == "2"
    assert percent_text(Fraction(2, 3)) == "67\N{NARROW NO-BREAK SPACE}%"


@pytest.mark.parametrize("locale", ["en", "en_GB", "en-GB", "de", "xx", "", "../../etc"])
def test_a_language_that_we_lack_is_spoken_in_english(locale: str) -> None:
    with spoken_in(locale):
        assert locale_name() == "en"
        assert gettext("Saved.") == "Saved."
        assert [ngettext("%d day", "%d days", count) for count in (1, 2)] == ["%d day", "%d days"]


async def test_readers_at_the_same_time_each_have_their_own_zone() -> None:
    async def told(zone: str) -> str:
        with spoken_in("en", zone):
            await asyncio.sleep(0)
            return moment_text(MOMENT)

    tokyo, utc = await asyncio.gather(told("Asia/Tokyo"), told("UTC"))
    assert (tokyo, utc) == ("15 Jan 2027, 08:30", "14 Jan 2027, 23:30")


@pytest.mark.parametrize("locale", ["en_US", "en-US", "en-us"])
def test_in_the_united_states_days_and_times_are_written_as_they_are_there(locale: str) -> None:
    with spoken_in(locale):
        assert locale_name() == "en_US"
        assert day_text(date(2027, 1, 14)) == "January 14, 2027"
        assert day_text(date(2027, 1, 14), date(2027, 3, 1)) == "January 14"
        assert moment_text(MOMENT) == "Jan 14, 2027, 11:30 PM"
        assert gettext("Saved.") == "Saved."
