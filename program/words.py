"""Words for people: the reader's language, and dates and numbers as it writes them."""

import gettext as catalogues
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

LOCALES = ("en", "en_US")
_CATALOGUES = Path(__file__).resolve().parent.parent / "web" / "locale"
_locale: ContextVar[str] = ContextVar("reader_locale", default="en")
_zone: ContextVar[str] = ContextVar("reader_zone", default="UTC")


@contextmanager
def spoken_in(locale: str, zone: str = "UTC") -> Iterator[None]:
    """Everything inside speaks the nearest language we have to `locale`, and tells time in `zone`."""
    locale_token = _locale.set(nearest_locale(locale))
    zone_token = _zone.set(zone)
    try:
        yield
    finally:
        _locale.reset(locale_token)
        _zone.reset(zone_token)


@lru_cache(maxsize=64)
def nearest_locale(locale: str) -> str:
    """The one of `LOCALES` that comes nearest to what somebody asked for; “en” where none does."""
    return str(Locale.negotiate([locale.replace("-", "_")], LOCALES) or "en")


def spoken() -> tuple[str, str]:
    """The language that is spoken now, and the zone in which time is told."""
    return _locale.get(), _zone.get()


def locale_text(locale: str) -> str:
    """What one of `LOCALES` is called, in itself."""
    own = _written_as(locale)
    return str(own.get_display_name(own))


def locale_name() -> str:
    return _locale.get()


@lru_cache(maxsize=16)
def _catalogue(locale: str) -> catalogues.NullTranslations:
    return catalogues.translation("pilotage", _CATALOGUES, [locale], fallback=True)


def gettext(text: str) -> str:
    return _catalogue(_locale.get()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    return _catalogue(_locale.get()).ngettext(one, many, count)


def day_text(day: date, today: date | None = None) -> str:
    """“14 January”, with the year unless it is that of `today`; of a moment, its day in the reader's zone."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(_zone.get())).date()
    return _day_in(_locale.get(), day, with_year=today is None or day.year != today.year)


@lru_cache(maxsize=4096)
def _day_in(locale: str, day: date, *, with_year: bool) -> str:
    if with_year:
        return format_date(day, "long", locale=_written_as(locale))
    return format_skeleton("MMMMd", day, locale=_written_as(locale))


def _reader_locale() -> Locale:
    return _written_as(_locale.get())


@lru_cache(maxsize=16)
def _written_as(locale: str) -> Locale:
    """English dates are written day first, as most of the world reads them."""
    return Locale.parse("en_GB" if locale == "en" else locale)


def month_text(day: date, today: date | None = None) -> str:
    """“January”, with the year unless it is that of `today`."""
    if today is not None and day.year == today.year:
        return str(format_date(day, "LLLL", locale=_reader_locale()))
    return str(format_date(day, "LLLL y", locale=_reader_locale()))


def short_month_text(day: date) -> str:
    """“Jan”."""
    return _short_month_in(_locale.get(), day.month)


@lru_cache(maxsize=256)
def _short_month_in(locale: str, month: int) -> str:
    return str(format_date(date(2000, month, 1), "LLL", locale=_written_as(locale)))


def moment_text(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """“14 Jan 2027, 09:30”, in the reader's zone; in the United States “Jan 14, 2027, 9:30 AM”."""
    form = "MMM d, y, h:mm a" if _locale.get() == "en_US" else "d MMM y, HH:mm"
    return str(format_datetime(moment, form, tzinfo=zone or ZoneInfo(_zone.get()), locale=_reader_locale()))


def list_text(items: Sequence[str]) -> str:
    """“a, b and c”."""
    return format_list(list(items), locale=_reader_locale())


def either_text(items: Sequence[str]) -> str:
    """“a, b or c”."""
    return format_list(list(items), style="or", locale=_reader_locale())


def number_text(number: int) -> str:
    """Whole numbers up to twelve as words, as running text wants them; others in figures."""
    words = (
        gettext("no"), gettext("one"), gettext("two"), gettext("three"), gettext("four"),
        gettext("five"), gettext("six"), gettext("seven"), gettext("eight"), gettext("nine"),
        gettext("ten"), gettext("eleven"), gettext("twelve"),
    )  # fmt: skip
    return words[number] if 0 <= number < len(words) else figure_text(number)


def figure_text(number: float | Fraction) -> str:
    """A number in figures, at most two places behind the point."""
    return str(format_decimal(float(number), format="#,##0.##", locale=_reader_locale()))


def percent_text(share: float | Fraction) -> str:
    """“67 %”, whole percents."""
    return str(
        format_percent(float(share), format="#,##0\N{NARROW NO-BREAK SPACE}%", locale=_reader_locale())
    )
