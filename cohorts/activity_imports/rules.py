"""Answers what becomes of what a file tells, whose file it seems to be, and when it is read and taken in."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from cohorts.activities.rules import (
    BeforeConsent,
    BeforeTracking,
    InTheFuture,
    Kind,
    Network,
    NoConsent,
    NotActiveThen,
    WhyNot,
)
from cohorts.activity_files.rules import Format
from cohorts.places.rules import Place, Tracking, place_on

LARGEST_FILE_BYTES = 200_000_000
MOST_BYTES_WAITING = 1_000_000_000
READ_AT_ONCE_BYTES = 1_000_000
TAKEN_IN_AT_ONCE_ROWS = 5_000
PIECE_BYTES = 1_000_000
LARGEST_MEASURE = 2**63 - 1
WAITS_FOR_ITS_MEMBER = timedelta(days=1)
TWINS_WITHIN = timedelta(minutes=5)
MOST_TRIES = 3
BROKE = "broke"


class State(StrEnum):
    SENT = "sent"
    READ = "read"
    CONFIRMED = "confirmed"
    DONE = "done"
    UNREADABLE = "unreadable"
    GIVEN_UP = "given_up"


ENDED = frozenset({State.DONE, State.GIVEN_UP})


class Fate(StrEnum):
    """What would become of a line. A twin seems to be another id of a post that is known, or told of before."""

    NEW = "new"
    KNOWN = "known"
    TWIN = "twin"
    OUTSIDE = "outside"
    NOT_UNDERSTOOD = "not_understood"


class Outside(StrEnum):
    """Why what is understood is not kept."""

    IN_THE_FUTURE = "in_the_future"
    BEFORE_TRACKING = "before_tracking"
    NOT_ACTIVE = "not_active"
    NO_CONSENT = "no_consent"
    BEFORE_CONSENT = "before_consent"
    SOMEBODY_ELSE = "somebody_else"
    SOMEBODY_ELSES_POST = "somebody_elses_post"


_OUTSIDE: Mapping[type[WhyNot], Outside] = MappingProxyType(
    {
        InTheFuture: Outside.IN_THE_FUTURE,
        BeforeTracking: Outside.BEFORE_TRACKING,
        NotActiveThen: Outside.NOT_ACTIVE,
        NoConsent: Outside.NO_CONSENT,
        BeforeConsent: Outside.BEFORE_CONSENT,
    }
)
_NETWORKS: Mapping[Format, Network] = MappingProxyType(
    {
        Format.LINKEDIN_ARCHIVE: Network.LINKEDIN,
        Format.LINKEDIN_ANALYTICS: Network.LINKEDIN,
        Format.X_ARCHIVE: Network.X,
        Format.X_ANALYTICS: Network.X,
        Format.X_ANALYTICS_CLASSIC: Network.X,
        Format.MASTODON_OUTBOX: Network.MASTODON,
    }
)
_SOURCES: Mapping[Format, str] = MappingProxyType(
    {Format.X_ANALYTICS_CLASSIC: "x_analytics", Format.MASTODON_OUTBOX: "mastodon_archive"}
)


def place_or_outside(
    day: date, tracking: Tracking, *, today: date, kind: Kind, network: Network
) -> Place | Outside:
    """The place of what was done on a day, or why it is left out."""
    found = place_on(day, tracking, today=today, kind=kind, network=network)
    return found if isinstance(found, Place) else _OUTSIDE[type(found)]


def network_of(format: Format) -> Network | None:
    """The network whose account a file tells of; own files tell of any."""
    return _NETWORKS.get(format)


def source_of(format: Format) -> str:
    """What an observation from such a file names as its source."""
    return _SOURCES.get(format, format.value)


def seems_anothers(handle: str | None, own: Iterable[str]) -> bool:
    """Whether a file names an account that is none of one's own; one without any on that network is not asked."""
    mine = {_plain(each) for each in own}
    return handle is not None and bool(mine) and _plain(handle) not in mine


def _plain(handle: str) -> str:
    """The name alone: people write it with @, in capitals, with its server, or as an address."""
    whole = handle.strip().lower().rstrip("/").rpartition("/")[2].lstrip("@")
    return whole.partition("@")[0]
