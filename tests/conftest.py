"""A real PostgreSQL for every test: each gets its own clone of a migrated template, dropped afterwards."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from program.database import close_pool, open_pool
from program.settings import Settings, settings_from
from tests.cast import Browser
from web.app import application
from workers.command.embedded import EmbeddedPostgres
from workers.command.migrate import migrate

SYSTEM_POSTGRES = Path("/usr/lib/postgresql/15/bin")
_numbers = count(1)


def settings_for(database_url: str, **environ: str) -> Settings:
    return settings_from(
        {
            "DATABASE_URL": database_url,
            "PILOTAGE_SECRET": "a secret that only the tests know, and long enough",
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


@pytest.fixture
async def settings(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[Settings]:
    """Settings whose database is this test's own; a pool to it is open."""
    name = f"test_{next(_numbers)}"
    maintenance = await asyncpg.connect(postgres.url("postgres"))
    await maintenance.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    found = settings_for(postgres.url(name))
    await open_pool(found.database_url)
    yield found
    await close_pool()
    await maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await maintenance.close()


@pytest.fixture
def database(settings: Settings) -> str:
    """For tests of actions and queries: the address of this test's database, whose pool is open."""
    return settings.database_url


@pytest.fixture
async def browser(settings: Settings) -> AsyncIterator[Browser]:
    """The real application over ASGI, on this test's pool, as a browser without JavaScript sees it."""
    app: Any = application(settings)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        yield Browser(client)
