"""The world, made once; what a test does to it is undone."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar

from program.database import close_pool, open_pool
from program.settings import Settings
from tests.conftest import settings_for
from tests.databases import inhabited, made_database, undone
from tests.web.api.visitors import Visitors
from tests.world import World
from workers.command.embedded import EmbeddedPostgres

DATABASE = "world_of_calls"


@pytest.fixture(scope="session")
def settings_of_calls(postgres: EmbeddedPostgres, template: str) -> Settings:
    made_database(postgres.url("postgres"), DATABASE, like=template)
    return settings_for(postgres.url(DATABASE))


@pytest.fixture(scope="session")
def world_of_calls(settings_of_calls: Settings) -> World:
    return inhabited(settings_of_calls.database_url)


@pytest.fixture
async def here(
    settings_of_calls: Settings, world_of_calls: World, own_application: Litestar
) -> AsyncIterator[Visitors]:
    """Calls inside share one connection, and what they do is rolled back."""
    await open_pool(settings_of_calls.database_url, most=1)
    transport: Any = httpx.ASGITransport(app=own_application)  # type: ignore[arg-type]
    async with undone(), httpx.AsyncClient(transport=transport, base_url=settings_of_calls.address) as client:
        yield Visitors(client, world_of_calls)
    await close_pool()
