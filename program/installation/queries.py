"""Which time it is here, and whether this database may pretend that it is another."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from program.database import fetch_row, fetch_value

LONGEST_WITHOUT_A_SWEEP = timedelta(minutes=70)
NOT_MIGRATED = "this database holds no installation: it was not migrated"


@dataclass(frozen=True, slots=True)
class Clock:
    """The one clock. Only a database marked demo or test has an offset; it never touches sign-in."""

    mark: str | None
    offset: timedelta

    def now(self) -> datetime:
        """The moment it is here, in UTC."""
        return machine_now() + self.offset


def machine_now() -> datetime:
    """The machine's own time: for sessions, sign-in links and limits, which no offset may stretch."""
    return datetime.now(UTC)


async def sweep_is_due() -> bool:
    """Whether the clock was moved since the last sweep, or that was too long ago, by the machine's clock."""
    swept_at = await fetch_value("SELECT swept_at FROM installation")
    return swept_at is None or machine_now() - swept_at > LONGEST_WITHOUT_A_SWEEP


async def clock() -> Clock:
    row = await fetch_row("SELECT mark, clock_offset_seconds FROM installation")
    if row is None:
        raise LookupError(NOT_MIGRATED)
    return Clock(mark=row["mark"], offset=timedelta(seconds=row["clock_offset_seconds"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How the installation is doing. `oldest_letter` is how long the letter that is due longest has been due; `swept_at`
    is when a worker last brought about what time brings, by the machine's clock.
    """

    events: int
    letters_waiting: int
    letters_given_up: int
    oldest_letter: timedelta
    swept_at: datetime | None


async def pulse(now: datetime) -> Pulse:
    row = await fetch_row(
        "SELECT (SELECT sum(number) FROM chain)::bigint AS events, i.swept_at,"
        " (SELECT count(*) FROM delivery WHERE given_up_at IS NOT NULL) AS given_up, d.waiting, d.oldest"
        " FROM installation i, (SELECT count(*) AS waiting, min(due_at) AS oldest FROM delivery"
        "  WHERE done_at IS NULL AND given_up_at IS NULL) d"
    )
    if row is None:
        raise LookupError(NOT_MIGRATED)
    return Pulse(
        events=row["events"],
        letters_waiting=row["waiting"],
        letters_given_up=row["given_up"],
        oldest_letter=max(now - (row["oldest"] or now), timedelta()),
        swept_at=row["swept_at"],
    )
