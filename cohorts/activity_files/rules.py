"""What a file of activities is, and what each of its lines tells."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cohorts.activities.rules import Kind, Network

OUR_COLUMNS = (
    "email",
    "published_at",
    "network",
    "kind",
    "link",
    "text",
    "brief",
    "impressions",
    "reactions",
    "comments",
    "shares",
    "clicks",
)
MOST_SIGNS_SAID = 120
WITHOUT_ID_OF_ITS_OWN = ("row:", "share@", "comment-on:", "reaction-to:", "repost-of:")
"""How the ids begin that are made from what one person's file tells: another's may tell the same."""
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class Format(StrEnum):
    LINKEDIN_ARCHIVE = "linkedin_archive"
    LINKEDIN_ANALYTICS = "linkedin_analytics"
    X_ARCHIVE = "x_archive"
    X_ANALYTICS = "x_analytics"
    X_ANALYTICS_CLASSIC = "x_analytics_classic"
    MASTODON_OUTBOX = "mastodon_outbox"
    OWN_FILE = "own_file"


class Why(StrEnum):
    """Why a line is not understood."""

    NO_DATE = "no_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    NO_LINK = "no_link"
    NO_SUCH_LINK = "no_such_link"
    NO_NETWORK = "no_network"
    UNKNOWN_NETWORK = "unknown_network"
    UNKNOWN_KIND = "unknown_kind"
    NOT_A_NUMBER = "not_a_number"
    NOT_PUBLIC = "not_public"
    NOT_AN_ACTIVITY = "not_an_activity"
    BROKEN_CHARACTERS = "broken_characters"
    CUT_OFF = "cut_off"
    NOT_JSON = "not_json"
    TOO_LONG = "too_long"
    QUOTES_DO_NOT_MATCH = "quotes_do_not_match"
    TOO_MANY_CELLS = "too_many_cells"


class Trouble(StrEnum):
    """Why a file cannot be read as a whole."""

    EMPTY = "empty"
    NOT_RECOGNISED = "not_recognised"
    LINKEDIN_WITHOUT_POSTS = "linkedin_without_posts"
    X_WITHOUT_POSTS = "x_without_posts"
    X_OVERVIEW = "x_overview"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    BOMB = "bomb"
    TOO_MANY_PARTS = "too_many_parts"
    CLIMBS_OUT = "climbs_out"
    NESTED = "nested"
    NOT_JSON = "not_json"
    ENCODING = "encoding"
    OLD_EXCEL = "old_excel"


class Unreadable(Exception):  # noqa: N818 (a statement, as refusals are)
    """The file cannot be read; `part` names the file within an archive, where it is one of those."""

    def __init__(self, why: Trouble, part: str = "") -> None:
        super().__init__(why.value, part)
        self.why = why
        self.part = part


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a network counted. None: not measured, which is not nothing."""

    impressions: int | None = None
    reactions: int | None = None
    comments: int | None = None
    shares: int | None = None
    clicks: int | None = None


NOT_MEASURED = Measured()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a line tells of one activity.

    `line` is unique within the file. `kind` is None where the file does not tell. Either `done_at` or, where the file
    tells no time of day, `done_on` is there.
    """

    line: int
    part: str
    kind: Kind | None
    network: Network
    post_id: str | None
    link: str | None
    text: str
    done_at: datetime | None
    done_on: date | None
    measured: Measured = NOT_MEASURED
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A line that tells of no activity that could be kept, and the beginning of what it says."""

    line: int
    part: str
    why: Why
    said: str


@dataclass(frozen=True, slots=True)
class Column:
    """A heading of an own file, and which of our columns it means, if any."""

    header: str
    meaning: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file is, and whose, where it says so. Only own files have columns."""

    format: Format
    handle: str | None = None
    columns: tuple[Column, ...] = ()


Row = Found | NotUnderstood


def clean(text: str) -> str:
    """The text without what no database keeps: characters of no meaning are shown as such, and nulls left out."""
    return text if text.isascii() and "\x00" not in text else _UNKEEPABLE.sub(_shown, text)


def not_understood(line: int, part: str, why: Why, text: str) -> NotUnderstood:
    """Tells of the line by its beginning only."""
    said = " ".join(clean(text[: 2 * MOST_SIGNS_SAID]).split())[:MOST_SIGNS_SAID]
    return NotUnderstood(line=line, part=part, why=why, said=said)


def _shown(sign: re.Match[str]) -> str:
    return "" if sign[0] == "\x00" else "\N{REPLACEMENT CHARACTER}"
