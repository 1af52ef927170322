"""Moving the clock of a database that was marked when it was made, and bringing about what time brings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from program.database import connection_held, execute, fetch_value, transaction
from program.events.actions import record
from program.installation.queries import Clock, clock, machine_now
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
            "UPDATE installation SET clock_offset_seconds = $1, swept_at = NULL",
            int(offset / timedelta(seconds=1)) + 1,
        )
        facts = {"from": held.now().isoformat(), "to": to.isoformat()}
        await record("clock_moved", program=None, by=by, at=to, facts=facts)


@asynccontextmanager
async def sweeping() -> AsyncIterator[Clock | None]:
    """The clock by which to bring about what time brings, on one connection; None while another worker does so.

    What ends well is noted, unless the clock was moved meanwhile.
    """
    async with connection_held():
        if not await fetch_value("SELECT pg_try_advisory_lock(hashtext('pilotage sweep'))"):
            yield None
            return
        try:
            held = await clock()
            yield held
            await execute(
                "UPDATE installation SET swept_at = $1 WHERE clock_offset_seconds = $2",
                machine_now(),
                int(held.offset.total_seconds()),
            )
        finally:
            await fetch_value("SELECT pg_advisory_unlock(hashtext('pilotage sweep'))")


async def note_restoration(made_at: datetime, *, at: datetime) -> None:
    """The installation came back from a backup made at `made_at`; what signed in then does so no more.

    A browser that signed out since, or a link that was used since, must not work again.
    """
    async with transaction():
        await execute("UPDATE session SET ended_at = $1 WHERE ended_at IS NULL", at)
        await execute("UPDATE sign_in_link SET expires_at = $1 WHERE used_at IS NULL AND expires_at > $1", at)
        await record(
            "installation_restored", program=None, by=None, at=at, facts={"made_at": made_at.isoformat()}
        )
