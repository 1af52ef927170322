"""Moving the clock of a database that was marked when it was made."""

from datetime import datetime, timedelta
from uuid import UUID

from program.database import execute, fetch_value, transaction
from program.events.actions import record
from program.installation.queries import clock, machine_now
from program.refusals import NotAllowed, Refusal
from program.words import gettext as _

LATEST_YEAR = 9000


class ClockIsReal(Refusal):
    def sentence(self) -> str:
        return _(
            "This installation was not made for a demonstration or a test, so its clock cannot be moved."
        )


class ClockRunsForward(Refusal):
    field = "to"

    def sentence(self) -> str:
        return _("The clock moves forward only: choose a later day.")


async def move_clock(to: datetime, *, by: UUID) -> None:
    """Let it be `to` (UTC) from now on, for web and worker alike. Owners of a marked database only; never back."""
    async with transaction():
        held = await clock()
        if not await fetch_value("SELECT true FROM owner WHERE person = $1", by):
            raise NotAllowed
        if held.mark is None:
            raise ClockIsReal
        if to <= held.now() or to.year > LATEST_YEAR:
            raise ClockRunsForward
        offset = to - machine_now()
        await execute(
            "UPDATE installation SET clock_offset_seconds = $1", int(offset / timedelta(seconds=1)) + 1
        )
        await record("clock_moved", program=None, by=by, at=to, facts={"to": to.isoformat()})
