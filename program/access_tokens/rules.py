"""What an access token is like, what it may do, and how long and how often it may be used."""

import binascii
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_NAME = 80
MOST_TOKENS = 20
LASTS_DAYS = (7, 30, 90, 365)
USUAL_DAYS = 90
PREFIX = "pilotage_"
SECRET_CHARACTERS = 43
CHECK_CHARACTERS = 6
COUNTED_FOR = timedelta(minutes=1)
CALLS_COUNTED = 600
COST_OF_READING = 1
COST_OF_WRITING = 10
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Scope(StrEnum):
    """What a token may be used for. It never opens more than its person may see or do at that moment."""

    PROGRAM_READ = "program:read"
    PEOPLE_READ = "people:read"
    ACTIVITIES_READ = "activities:read"
    ACTIVITIES_WRITE = "activities:write"
    LEARNINGS_READ = "learnings:read"
    EVENTS_READ = "events:read"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of what a token may use within a minute is left, and in how many seconds it begins anew.

    `exceeded` where more than all of it was used: that call is not answered.
    """

    left: int
    anew_in_seconds: int
    exceeded: bool


def token_of(secret: str) -> str:
    """The token around 43 random letters and digits, which hold 256 bits. Its end tells a mistyped one from a real one."""
    body = f"{PREFIX}{secret}"
    return body + _check(body)


def is_well_formed(token: str) -> bool:
    """Whether this may be a token at all, so that nobody need look for what cannot be one."""
    body = token[:-CHECK_CHARACTERS]
    whole = len(PREFIX) + SECRET_CHARACTERS + CHECK_CHARACTERS
    return (
        len(token) == whole and token.isascii() and token.startswith(PREFIX) and token == body + _check(body)
    )


def cost_of(method: str) -> int:
    """What a call counts for: one that writes costs as much as ten that read."""
    return COST_OF_READING if method in ("GET", "HEAD") else COST_OF_WRITING


def allowance(counted: int, counted_from: datetime, at: datetime) -> Allowance:
    """What is left after so much was used since `counted_from`."""
    return Allowance(
        left=max(0, CALLS_COUNTED - counted),
        anew_in_seconds=max(1, math.ceil((counted_from + COUNTED_FOR - at).total_seconds())),
        exceeded=counted > CALLS_COUNTED,
    )


def _check(body: str) -> str:
    number, text = binascii.crc32(body.encode()), ""
    for _place in range(CHECK_CHARACTERS):
        number, digit = divmod(number, len(ALPHABET))
        text = ALPHABET[digit] + text
    return text
