"""Trying Pilotage out: a made-up company on a data folder of its own, and a way in for each kind of person."""

from collections.abc import MutableMapping, Sequence
from enum import Enum, auto

import asyncpg

from cohorts.piccolo_app import APP_CONFIG as COHORTS
from playbooks.piccolo_app import APP_CONFIG as PLAYBOOKS
from program.people.rules import PLACEHOLDER_EMAIL
from program.piccolo_app import APP_CONFIG as PROGRAM
from program.settings import Settings
from program.words import gettext as _
from workers.command.children import say
from workers.command.home import HomeTrouble
from workers.command.migrate import connected, migrate
from workers.command.terminal import steps
from workers.demo.casting import INES
from workers.demo.filling import fill
from workers.demo.ways_in import WAYS_IN, links

HOME = ".pilotage-demo"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
_OURS = f"EXISTS (SELECT FROM owner o JOIN person p ON p.id = o.person WHERE p.email = '{INES}')"
_NOTHING_YET = (
    "NOT EXISTS (SELECT FROM program)"
    f" AND NOT EXISTS (SELECT FROM person WHERE email NOT IN ('{PLACEHOLDER_EMAIL}', '{INES}'))"
)
_MADE = (
    f"SELECT i.mark = 'demo' AND i.clock_offset_seconds <> 0 AND {_OURS} AS filled,"
    f" CASE WHEN i.id IS NULL THEN {_NOTHING_YET}"
    f"  ELSE i.mark = 'demo' AND i.clock_offset_seconds = 0 AND ({_OURS} OR {_NOTHING_YET}) END AS half_made"
    " FROM (SELECT) one LEFT JOIN installation i ON true"
)
_CUT_OFF = f"SELECT false AS filled, ({_TABLES}) = 1 AND to_regclass('migration') IS NOT NULL AS half_made"
# Whether there is anything that Pilotage would not have made, of which the tables are $1.
_ANYTHING_ELSE = (
    "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    "  AND n.nspname NOT LIKE 'pg_toast%' AND n.nspname NOT LIKE 'pg_temp%'"
    "  AND (n.nspname <> 'public' OR c.relname <> ALL($1)))"
)


class NotADemo(HomeTrouble):
    """The database is somebody's; the words say what to do instead."""


class _Standing(Enum):
    EMPTY = auto()
    BEGUN = auto()
    FILLED = auto()


def set_environment(environ: MutableMapping[str, str]) -> None:
    """What follows is a demo, in a folder of its own, from which no mail goes out."""
    environ["PILOTAGE_HOME"] = environ.get("PILOTAGE_HOME", "").strip() or HOME
    environ["PILOTAGE_MARK"] = "demo"
    environ.pop("SMTP_URL", None)


async def prepare(settings: Settings) -> None:
    """Fill the database; one whose filling was interrupted is begun anew, one that is filled stays as it is.

    Refused where the database holds anything that was not made as a demo.
    """
    standing = await _standing(settings.database_url)
    if standing is _Standing.BEGUN:
        await _empty(settings.database_url)
    await migrate(settings)
    if standing is not _Standing.FILLED:
        say("pilotage", _("Making the demo: sixteen months of a company that does not exist."))
        with steps() as shown:
            await fill(
                settings.database_url,
                settings.secret,
                lambda share: shown.say(_("Sixteen months at Tidewell"), round(share * 1000), 1000),
            )


async def welcome_lines(settings: Settings) -> Sequence[str]:
    """Who everybody is, each with a link that signs them in once."""
    found = await links(settings)
    width = max(len(way.name) for way in WAYS_IN)
    return [
        _("This is a demo: nobody in it is real, no mail goes out, and the owner can move its clock."),
        _("Open each link in a browser window of its own; private ones do. It works once, within a day."),
        _("Every start prints new ones."),
        *(
            line
            for way in WAYS_IN
            for line in (f"{way.name:<{width}}  {way.is_what}", f"    {found[way.email]}")
        ),
    ]


async def _standing(url: str) -> _Standing:
    """Whether the demo may be made here, is half made, or is there. Raises `NotADemo`."""
    async with connected(url) as connection:
        if not await connection.fetchval(_TABLES):
            return _Standing.EMPTY
        found = await connection.fetchrow(_MADE if await _is_migrated(connection) else _CUT_OFF)
        anything_else = await connection.fetchval(_ANYTHING_ELSE, _tables_of_ours())
    if found["filled"]:
        return _Standing.FILLED
    if found["half_made"] and not anything_else:
        return _Standing.BEGUN
    raise NotADemo(
        _(
            "This database holds something that was not made as a demo, so the demo leaves it alone."
            " Without DATABASE_URL and PILOTAGE_HOME the demo has a folder of its own; or give it an empty database."
        )
    )


def _tables_of_ours() -> list[str]:
    """Those of the three floors, and Piccolo’s own."""
    ours = [*PROGRAM.table_classes, *COHORTS.table_classes, *PLAYBOOKS.table_classes]
    return ["migration", *(table._meta.tablename for table in ours)]  # noqa: SLF001


async def _is_migrated(connection: asyncpg.Connection) -> bool:
    names = ("installation", "owner", "program", "migration")
    return all([await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", name) for name in names])


async def _empty(url: str) -> None:
    async with connected(url) as connection:
        await connection.execute("DROP SCHEMA public CASCADE")
        await connection.execute("CREATE SCHEMA public")
