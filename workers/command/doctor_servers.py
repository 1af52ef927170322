"""What the doctor finds of the servers: the database, the queue, and where mail goes out."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import aiosmtplib
import asyncpg
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError

from program.settings import MailServer, Settings
from program.words import figure_text, ngettext
from program.words import gettext as _
from workers.command.doctor_machine import running_as
from workers.command.embedded import EmbeddedPostgres, EmbeddedValkey, ServerTrouble
from workers.command.findings import Finding, look, ok, wrong
from workers.command.hindrances import CONNECTS_WITHIN_SECONDS, what_hinders
from workers.command.migrate import migrations_known, migrations_run

OLDEST_POSTGRES = 15
FEWEST_CONNECTIONS = 20
SKEW_TO_LOOK_AT, SKEW_THAT_IS_WRONG = timedelta(seconds=2), timedelta(seconds=30)


def database_address(settings: Settings) -> str | None:
    """Where the database is; None where it is the embedded one and does not run."""
    if settings.database_url:
        return settings.database_url
    if running_as(settings.home) is None:
        return None
    with suppress(ServerTrouble):
        return EmbeddedPostgres(settings.home).url()
    return None


async def database_findings(settings: Settings) -> list[Finding]:
    url = database_address(settings)
    if url is None:
        return [ok(_("It runs while Pilotage does, which it does not now: the database was not looked at."))]
    told = {"where": _shown(url)}
    try:
        connection = await asyncpg.connect(url, timeout=CONNECTS_WITHIN_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        return [wrong(_("The database at %(where)s cannot be used.") % told, _sentence(what_hinders(error)))]
    try:
        return [
            ok(_("The database at %(where)s answers.") % told),
            *await _server(connection),
            *await _migrations(connection),
        ]
    except asyncpg.PostgresError as error:
        return [wrong(_("The database at %(where)s answers with an error.") % told, str(error))]
    finally:
        await connection.close()


async def _server(connection: asyncpg.Connection) -> list[Finding]:
    before = datetime.now(UTC)
    row = await connection.fetchrow(
        "SELECT clock_timestamp() AS now, current_setting('server_version_num')::int / 10000 AS version,"
        " current_setting('server_version') AS named, pg_encoding_to_char(encoding) AS encoding,"
        " current_setting('max_connections')::int AS connections, pg_is_in_recovery() AS copy,"
        " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS taken"
        " FROM pg_database WHERE datname = current_database()"
    )
    after = datetime.now(UTC)
    return [
        _version(row),
        *_usable(row),
        _skew(row["now"] - (before + (after - before) / 2)),
    ]


def _version(row: asyncpg.Record) -> Finding:
    told = {"version": row["named"], "oldest": OLDEST_POSTGRES}
    if row["version"] < OLDEST_POSTGRES:
        return wrong(
            _("It is PostgreSQL %(version)s.") % told,
            _("Pilotage needs PostgreSQL %(oldest)d or newer.") % told,
        )
    return ok(_("It is PostgreSQL %(version)s.") % told)


def _usable(row: asyncpg.Record) -> Iterator[Finding]:
    if row["copy"]:
        yield wrong(
            _("It is a standby, which nobody can write to."),
            _("Let DATABASE_URL name the server that leads."),
        )
    if row["encoding"] != "UTF8":
        yield wrong(
            _("Its encoding is %(encoding)s.") % {"encoding": row["encoding"]},
            _("Names of people need UTF8: createdb --encoding=UTF8 --template=template0"),
        )
    told = {"taken": row["taken"], "connections": row["connections"]}
    if row["connections"] < FEWEST_CONNECTIONS:
        yield look(
            _("It allows %(connections)d connections.") % told,
            _("Web and worker of one machine take up to %(n)d: raise max_connections.")
            % {"n": FEWEST_CONNECTIONS},
        )
    elif row["taken"] > row["connections"] * 0.8:
        yield look(
            _("%(taken)d of %(connections)d connections are taken.") % told,
            _("Raise max_connections, or see who holds them: SELECT * FROM pg_stat_activity"),
        )


def _skew(skew: timedelta) -> Finding:
    told = {"seconds": figure_text(abs(skew.total_seconds()))}
    if abs(skew) < SKEW_TO_LOOK_AT:
        return ok(_("Its clock and this machine’s agree."))
    what = _("Its clock and this machine’s are %(seconds)s seconds apart.") % told
    mend = _("Let both keep time by NTP (Debian: apt install systemd-timesyncd).")
    return wrong(what, mend) if abs(skew) > SKEW_THAT_IS_WRONG else look(what, mend)


async def _migrations(connection: asyncpg.Connection) -> list[Finding]:
    known, run = migrations_known(), await migrations_run(connection)
    if not run:
        return [ok(_("It is empty: the first start makes the installation in it."))]
    if newer := run - known:
        return [
            wrong(
                _("The database belongs to a newer version of Pilotage (%(migrations)s).")
                % {"migrations": ", ".join(sorted(newer))},
                _("Update this checkout: an older Pilotage must not work on it."),
            )
        ]
    if pending := known - run:
        text = ngettext(
            "%(n)s migration was not run yet.", "%(n)s migrations were not run yet.", len(pending)
        )
        return [
            look(
                text % {"n": figure_text(len(pending))},
                _("The next start runs them; or “pilotage migrate” does now. Make a backup first."),
            )
        ]
    return [ok(_("It is as this version expects it."))]


async def queue_findings(settings: Settings) -> list[Finding]:
    url = settings.redis_url
    if not url:
        if running_as(settings.home) is None:
            return [ok(_("It runs while Pilotage does, which it does not now."))]
        try:
            url = EmbeddedValkey(settings.home).url()
        except ServerTrouble as trouble:
            return [wrong(_("It does not run."), str(trouble))]
    told = {"where": _shown(url)}
    later = _("Pilotage works without, but what happens by itself happens later.")
    try:
        async with Redis.from_url(
            url, socket_connect_timeout=CONNECTS_WITHIN_SECONDS, socket_timeout=CONNECTS_WITHIN_SECONDS
        ) as redis:
            await redis.ping()
    except AuthenticationError:
        return [
            wrong(
                _("The queue at %(where)s does not accept the password of REDIS_URL.") % told,
                _("Mend it there: redis://:password@host:6379/0.") + " " + later,
            )
        ]
    except (RedisError, OSError) as error:
        return [
            wrong(
                _("The queue at %(where)s cannot be reached: %(why)s.") % (told | {"why": error}),
                _("Is it up, and REDIS_URL right?") + " " + later,
            )
        ]
    return [ok(_("The queue at %(where)s answers.") % told)]


async def mail_findings(settings: Settings) -> list[Finding]:
    server = settings.mail_server
    if server is None:
        return [
            look(
                _("No mail goes out: SMTP_URL is not set."),
                _("Links and invitations have to be copied by hand. SMTP_URL=smtp://user:password@host:587"),
            )
        ]
    told = {"where": f"{server.host}:{server.port}"}
    client = aiosmtplib.SMTP(
        hostname=server.host, port=server.port, use_tls=server.tls, timeout=CONNECTS_WITHIN_SECONDS
    )
    try:
        async with client:
            return [await _greeted(client, server)]
    except aiosmtplib.SMTPAuthenticationError:
        return [
            wrong(
                _("The mail server at %(where)s does not accept the user or the password.") % told,
                _("Mend them in SMTP_URL."),
            )
        ]
    except (aiosmtplib.SMTPException, OSError) as error:
        return [
            wrong(
                _("The mail server at %(where)s cannot be used: %(why)s.") % (told | {"why": error}),
                _(
                    "Are host and port of SMTP_URL right, and does a firewall stand between? smtps:// is for port 465."
                ),
            )
        ]


async def _greeted(client: aiosmtplib.SMTP, server: MailServer) -> Finding:
    told = {"where": f"{server.host}:{server.port}"}
    if server.user:
        await client.login(server.user, server.password)
    if not server.tls and not client.is_ehlo_or_helo_needed and not _is_encrypted(client):
        return look(
            _("The mail server at %(where)s answers, but without encryption.") % told,
            _("Letters hold sign-in links: let it offer STARTTLS, or use smtps://."),
        )
    return ok(_("The mail server at %(where)s answers.") % told)


def _is_encrypted(client: aiosmtplib.SMTP) -> bool:
    return client.transport is not None and client.transport.get_extra_info("ssl_object") is not None


def _shown(url: str) -> str:
    """Where a server is, without user and password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] or dict(parse_qsl(parts.query)).get("host", "")
    return f"{host}{parts.path}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
