"""A real PostgreSQL for every test, empty but for what a migration puts there."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import hypothesis
import pytest
from litestar import Litestar

from program.database import close_pool, open_pool
from program.settings import Settings, settings_from
from tests.cast import Browser
from tests.databases import SECRET, made_database
from web.app import application
from workers.command.embedded import EmbeddedPostgres
from workers.command.migrate import migrate

hypothesis.settings.register_profile("on a busy machine", deadline=None)
hypothesis.settings.load_profile("on a busy machine")

SYSTEM_POSTGRES = Path("/usr/lib/postgresql/15/bin")
EMPTIED = """
DO $$
DECLARE each record;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR each IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'migration'
  LOOP
    EXECUTE format('DELETE FROM %I', each.tablename);
  END LOOP;
  INSERT INTO chain (id, number, hash) VALUES ('00000000-0000-0000-0000-000000000000', 0, '');
  INSERT INTO installation (id, mark, clock_offset_seconds) VALUES (1, 'test', 0);
END $$
"""


def settings_for(database_url: str, **environ: str) -> Settings:
    return settings_from(
        {
            "DATABASE_URL": database_url,
            "PILOTAGE_SECRET": SECRET,
            "PILOTAGE_MARK": "test",
            **environ,
        }
    )


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """The embedded server; with PILOTAGE_TEST_POSTGRES=system, Debian's PostgreSQL 15."""
    binaries = SYSTEM_POSTGRES if os.environ.get("PILOTAGE_TEST_POSTGRES") == "system" else None
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), for_tests=True, binaries=binaries) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """The name of a migrated database, marked test, that tests are cloned from."""
    asyncio.run(migrate(settings_for(postgres.url("template_pilotage"))))
    return "template_pilotage"


@pytest.fixture(scope="session")
def own_settings(postgres: EmbeddedPostgres, template: str) -> Settings:
    """Settings whose database only the tests of this process use, one after the other."""
    made_database(postgres.url("postgres"), "own", like=template)
    return settings_for(postgres.url("own"))


@pytest.fixture
async def settings(own_settings: Settings) -> AsyncIterator[Settings]:
    """Settings whose database is as it was migrated; a pool to it is open."""
    await _empty(own_settings.database_url)
    await open_pool(own_settings.database_url)
    yield own_settings
    await close_pool()


async def _empty(url: str) -> None:
    """Make a database as it was migrated, faster than cloning it: what a test wrote is little."""
    connection = await asyncpg.connect(url)
    await connection.execute(EMPTIED)
    await connection.close()


@pytest.fixture
def database(settings: Settings) -> str:
    """For tests of actions and queries: the address of this test's database, whose pool is open."""
    return settings.database_url


@pytest.fixture(scope="session")
def own_application(own_settings: Settings) -> Litestar:
    return application(own_settings)


@pytest.fixture
async def browser(settings: Settings, own_application: Any) -> AsyncIterator[Browser]:
    """The real application over ASGI, on this test's pool, as a browser without JavaScript sees it."""
    transport = httpx.ASGITransport(app=own_application)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        yield Browser(client)
