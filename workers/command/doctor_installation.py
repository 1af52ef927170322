"""What the doctor finds in the installation itself: whether time passes in it, letters leave it, and somebody owns it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import asyncpg

from program.installation.queries import machine_now
from program.settings import Settings
from program.words import figure_text, moment_text, ngettext
from program.words import gettext as _
from workers.command.doctor_machine import running_as
from workers.command.doctor_servers import database_address
from workers.command.findings import Finding, look, ok, wrong
from workers.command.hindrances import CONNECTS_WITHIN_SECONDS

SWEPT_WITHIN = timedelta(hours=2)
SENT_WITHIN = timedelta(minutes=15)

_INSTALLATION = (
    "SELECT i.mark, i.swept_at, make_interval(secs => i.clock_offset_seconds) AS ahead,"
    " (SELECT count(*) FROM delivery WHERE given_up_at IS NOT NULL) AS given_up,"
    " (SELECT trouble FROM delivery WHERE given_up_at IS NOT NULL ORDER BY given_up_at DESC LIMIT 1) AS trouble,"
    " (SELECT min(d.due_at) FROM delivery d WHERE d.done_at IS NULL AND d.given_up_at IS NULL) AS oldest,"
    " (SELECT trouble FROM delivery WHERE done_at IS NULL AND given_up_at IS NULL AND trouble IS NOT NULL"
    "   ORDER BY due_at LIMIT 1) AS hindered,"
    " (SELECT count(*) FROM owner o WHERE NOT EXISTS (SELECT FROM departure d WHERE d.person = o.person"
    "   AND d.returned_at IS NULL)) AS owners"
    " FROM installation i"
)


async def installation_findings(settings: Settings) -> list[Finding]:
    """None where there is no database to look into, or nothing of ours in it."""
    url = database_address(settings)
    if url is None:
        return []
    try:
        connection = await asyncpg.connect(url, timeout=CONNECTS_WITHIN_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError):
        return []
    try:
        row = await connection.fetchrow(_INSTALLATION)
    except asyncpg.PostgresError:
        return []
    finally:
        await connection.close()
    return list(_findings(row, settings, machine_now())) if row else []


def _findings(row: asyncpg.Record, settings: Settings, now: datetime) -> Iterator[Finding]:
    yield _swept(row["swept_at"], now, runs=running_as(settings.home) is not None)
    yield from _letters(row, now + row["ahead"])
    yield from _mark(row["mark"], settings)
    if not row["owners"]:
        yield look(
            _("Nobody who is still here owns the installation."),
            _("“pilotage owner link” makes the first owner, where there never was one."),
        )


def _swept(swept_at: datetime | None, now: datetime, *, runs: bool) -> Finding:
    """Where Pilotage does not run from here, its worker may run on another machine, or nowhere."""
    if swept_at is not None and now - swept_at < SWEPT_WITHIN:
        return ok(_("The worker was last at work on %(moment)s UTC.") % {"moment": moment_text(swept_at)})
    what = (
        _("No worker was at work since %(moment)s UTC.") % {"moment": moment_text(swept_at)}
        if swept_at
        else _("No worker was ever at work here.")
    )
    mend = _(
        "Months, certificates and reminders stand still. See what the worker says, and whether Valkey or Redis answers."
    )
    return wrong(what, mend) if runs else look(what, mend)


def _letters(row: asyncpg.Record, now: datetime) -> Iterator[Finding]:
    if row["given_up"]:
        text = ngettext("%(n)s letter was given up.", "%(n)s letters were given up.", row["given_up"])
        yield look(
            text % {"n": figure_text(row["given_up"])},
            _("The last one because: %(why)s") % {"why": row["trouble"] or "–"},
        )
    late = row["oldest"] is not None and now - row["oldest"] > SENT_WITHIN
    if late or row["hindered"]:
        yield wrong(
            _("Letters wait to be sent, the oldest since %(moment)s UTC.")
            % {"moment": moment_text(row["oldest"])},
            _("What hinders it: %(why)s") % {"why": row["hindered"] or _("no worker is at work")},
        )
    elif not row["given_up"]:
        yield ok(_("No letter waits longer than it should."))


def _mark(mark: str | None, settings: Settings) -> Iterator[Finding]:
    public = urlsplit(settings.address).scheme == "https"
    if mark and public:
        yield look(
            _("This is a database marked “%(mark)s”, at the address %(address)s.")
            % {"mark": mark, "address": settings.address},
            _(
                "Its owner can move its clock. Real people belong into a database without a mark, which is another one."
            ),
        )
