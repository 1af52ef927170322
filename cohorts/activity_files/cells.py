"""What single cells say: moments, days and counts, as the networks and people write them."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_X_MOMENT = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
_DAY_IN_WORDS = re.compile(r"(?:[a-z]{3,9},? )?([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})", re.IGNORECASE)
_DAY_FIRST_IN_WORDS = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})\.? ([a-z]{3})[a-z]*\.? (\d{4})", re.IGNORECASE)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})? ?(?:Z|UTC|GMT|([+-]\d\d:?\d\d))?"
)
_IN_FIGURES = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,? (\d{1,2}:\d\d)(:\d\d)?(?: ?([ap])\.?m\.?)?)?", re.IGNORECASE
)
_COUNT = re.compile(r"([0-9]{1,15})(?:\.0{1,2})?")
_COUNT_IN_GROUPS = re.compile(r"[0-9]{1,3}(?:([,.’' \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3}){0,3}")
_NOTHING = frozenset({"-", "–", "—", "n/a", "na", "null", "none", "nan"})


class NotACount(ValueError):  # noqa: N818 (a statement, as refusals are)
    """It says something, and it is no count."""


class AmbiguousDate(ValueError):  # noqa: N818
    """“3/4/2026” may be in March or in April."""


def count_in(text: str) -> int | None:
    """A count such as "1,234" or "12.0"; None where nothing was measured. Raises NotACount for anything else."""
    text = text.strip()
    if not text:
        return None
    if found := _COUNT.fullmatch(text):
        return int(found[1])
    if text.lower() in _NOTHING:
        return None
    if _COUNT_IN_GROUPS.fullmatch(text):
        return int(re.sub(r"[^0-9]", "", text))
    raise NotACount(text)


def moment_of_iso(text: str) -> datetime | None:
    """A moment such as "2025-07-01 14:33:22" or "2026-10-14T20:19:24.000Z"; without a zone it is taken as UTC."""
    found = _ISO_MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    return _moment(f"{found[1]}T{found[2]}", found[3] or "+00:00")


def moment_of_x(text: str) -> datetime | None:
    """A moment such as "Wed Oct 14 20:19:24 +0000 2026"."""
    found = _X_MOMENT.fullmatch(text)
    if found is None or (month := found[1].lower()) not in _MONTHS:
        return None
    return _moment(f"{found[5]}-{_MONTHS.index(month) + 1:02}-{found[2]}T{found[3]}", found[4])


@lru_cache(maxsize=4096)
def day_in_words(text: str) -> date | None:
    """A day such as "Fri, Jun 5, 2026", or "5 June 2026"."""
    text = text.strip()
    if found := _DAY_IN_WORDS.fullmatch(text):
        return _day(found[3], found[1], found[2])
    if found := _DAY_FIRST_IN_WORDS.fullmatch(text):
        return _day(found[3], found[2], found[1])
    return None


def when_in(text: str, *, day_first: bool | None) -> datetime | date | None:
    """A moment in UTC, a day, or None for neither. Raises AmbiguousDate where only `day_first` would tell, and is None."""
    text = text.strip()
    if _ISO_DAY.fullmatch(text):
        return _iso_day(text)
    if _ISO_MOMENT.fullmatch(text):
        return moment_of_iso(text)
    if found := _IN_FIGURES.fullmatch(text):
        return _in_figures(found, day_first=day_first)
    return day_in_words(text)


def writes_day_first(texts: Iterable[str]) -> bool | None:
    """Whether "3/4/2026" means the 3rd of April among these texts; None where none of them tells."""
    for text in texts:
        found = _IN_FIGURES.fullmatch(text.strip())
        if found and found[2] != ".":
            if int(found[1]) > 12:  # noqa: PLR2004 (months)
                return True
            if int(found[3]) > 12:  # noqa: PLR2004
                return False
    return None


def _in_figures(found: re.Match[str], *, day_first: bool | None) -> datetime | date | None:
    first, second = found[1], found[3]
    if found[2] == ".":
        day_first = True
    elif day_first is None:
        day_first = writes_day_first([found[0]])
    if day_first is None and first != second:
        raise AmbiguousDate(found[0])
    day, month = (first, second) if day_first else (second, first)
    on = f"{found[4]}-{int(month):02}-{int(day):02}"
    return _moment(f"{on}T{_time(found)}", "+00:00") if found[5] else _iso_day(on)


def _time(found: re.Match[str]) -> str:
    hour, minute = found[5].split(":")
    if found[7]:
        hour = str(int(hour) % 12 + 12 * (found[7].lower() == "p"))
    return f"{int(hour):02}:{minute}{found[6] or ''}"


def _day(year: str, month: str, day: str) -> date | None:
    month = month.lower()
    return _iso_day(f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}") if month in _MONTHS else None


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text + zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
