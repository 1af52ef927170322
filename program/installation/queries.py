"""Which time it is here, and whether this database may pretend that it is another."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from program.database import fetch_row


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


async def clock() -> Clock:
    row = await fetch_row("SELECT mark, clock_offset_seconds FROM installation")
    if row is None:
        raise LookupError("this database holds no installation: it was not migrated")
    return Clock(mark=row["mark"], offset=timedelta(seconds=row["clock_offset_seconds"]))
