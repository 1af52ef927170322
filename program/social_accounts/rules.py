"""Answers what an account must say of itself, and from which day its tracking may be consented to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST_HANDLE = 100
LONGEST_DISCLOSURE = 300


class Network(StrEnum):
    LINKEDIN = "linkedin"
    X = "x"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    BLOG = "blog"
    OTHER = "other"


class Stance(StrEnum):
    """As whom somebody speaks from an account."""

    PERSONAL = "personal"
    PROFESSIONAL = "professional"
    SANCTIONED = "sanctioned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as its owner describes it; an `address` of "" is none."""

    network: Network
    handle: str
    address: str
    stance: Stance
    disclosure: str


@dataclass(frozen=True, slots=True)
class HandleMissing:
    pass


@dataclass(frozen=True, slots=True)
class AddressIsNoLink:
    pass


@dataclass(frozen=True, slots=True)
class DisclosureUnfinished:
    pass


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Consent cannot begin before this day; `tracking_start` says that it is the day the cohort’s tracking started."""

    earliest: date
    tracking_start: bool


AccountBar = HandleMissing | AddressIsNoLink | DisclosureUnfinished


def account_bars(account: Account) -> tuple[AccountBar, ...]:
    """What is wrong with an account as described, all at once."""
    bars: list[AccountBar] = []
    if not plain_handle(account.handle):
        bars.append(HandleMissing())
    if account.address and not is_link(account.address):
        bars.append(AddressIsNoLink())
    if not account.disclosure.strip() or "…" in account.disclosure or "..." in account.disclosure:
        bars.append(DisclosureUnfinished())
    return tuple(bars)


def plain_handle(handle: str) -> str:
    """A handle without the @ that some write before it."""
    return handle.strip().removeprefix("@").strip()


def is_link(address: str) -> bool:
    """Whether an address is one of the web, so that it can stand on a page as a link."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, address))


def first_day(*, tracking_start: date | None, today: date) -> date:
    """The first day from which one may consent: that of the cohort’s tracking start, or today where it has none."""
    return today if tracking_start is None else tracking_start


def consent_bar(from_on: date, *, tracking_start: date | None, today: date) -> TooEarly | None:
    """Why tracking cannot be consented to from this day; None where it can."""
    earliest = first_day(tracking_start=tracking_start, today=today)
    return TooEarly(earliest, tracking_start is not None) if from_on < earliest else None
