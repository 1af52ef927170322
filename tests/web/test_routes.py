"""Every role calls every route: a stranger, whoever left, the lead of another program, and each role of this one."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from litestar import Litestar
from litestar.middleware.csrf import generate_csrf_token
from litestar.routes import HTTPRoute

from program.database import DB, close_pool, connection_held, fetch_value, open_pool
from program.settings import Settings
from tests.conftest import settings_for
from tests.web.routes import ROUTES, SENDINGS, VISITORS, Sending, sends
from tests.world import World, make_world
from web.app import application
from web.visit import SESSION_COOKIE
from workers.command.embedded import EmbeddedPostgres

DATABASE = "world"
REFUSED = ("in", "403", "404")
DONE = ("200", "303", "out")


def declared_in(app: Litestar) -> set[str]:
    return {
        f"{method} {route.path}"
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith("/static")
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }


@pytest.fixture(scope="module")
def world_settings(postgres: EmbeddedPostgres, template: str) -> Settings:
    """Settings for a database of this module’s own."""
    asyncio.run(_make_database(postgres, template))
    return settings_for(postgres.url(DATABASE))


async def _make_database(postgres: EmbeddedPostgres, template: str) -> None:
    connection = await asyncpg.connect(postgres.url("postgres"))
    await connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {template}")
    await connection.close()


@pytest.fixture(scope="module")
def world(world_settings: Settings) -> World:
    async def make() -> World:
        await open_pool(world_settings.database_url)
        try:
            return await make_world(world_settings.secret)
        finally:
            await close_pool()

    return asyncio.run(make())


@pytest.fixture(scope="module")
def app(world_settings: Settings) -> Litestar:
    return application(world_settings)


@pytest.fixture
async def pool(world: World, world_settings: Settings) -> AsyncIterator[None]:
    await open_pool(world_settings.database_url, most=1)
    yield
    await close_pool()


@asynccontextmanager
async def undone_afterwards() -> AsyncIterator[None]:
    """Requests inside share one connection, and what they do is rolled back: each finds the world as it was made."""
    async with connection_held():
        everything = (await DB.held_connection()).transaction()
        await everything.start()
        try:
            yield
        finally:
            await everything.rollback()


async def call(app: Litestar, settings: Settings, world: World, route: str, visitor: str) -> httpx.Response:
    """A valid request to the route, as this visitor makes it."""
    method, path = route.split()
    sending = SENDINGS.get(route, sends())
    token = generate_csrf_token(settings.secret)
    cookies = {"pilotage_csrf": token}
    if visitor != "stranger":
        cookies[SESSION_COOKIE] = world.sessions[visitor]
    transport: Any = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=settings.address, cookies=cookies) as client:
        address = _address(path, sending, world)
        if method == "GET":
            return await client.get(address)
        told = sending.form(world) if callable(sending.form) else sending.form
        form = {**told, "_csrf_token": token, "form_key": str(uuid4())}
        return await client.post(address, data=form, files=sending.files)


def _address(path: str, sending: Sending, world: World) -> str:
    def named(found: re.Match[str]) -> str:
        thing = sending.at.get(found.group(1), found.group(1))
        if thing.startswith("="):
            return thing[1:]
        return world.slug if thing == "program" else world.ids[thing]

    return re.sub(r"\{(\w+):\w+\}", named, path)


def outcome(answer: httpx.Response) -> str:
    """“in” where the visitor is asked to sign in, “out” where they were signed out; otherwise the status."""
    if f'{SESSION_COOKIE}=""' in answer.headers.get("set-cookie", ""):
        return "out"
    return "in" if answer.headers.get("location", "").startswith("/sign-in") else str(answer.status_code)
