"""Every role calls every route: a stranger, whoever left, the lead of another program, and each role of this one."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from litestar import Litestar
from litestar.middleware.csrf import generate_csrf_token
from litestar.routes import HTTPRoute

from program.database import DB, close_pool, connection_held, fetch_value, open_pool
from program.settings import Settings
from tests.conftest import settings_for
from tests.web.routes import ROUTES, SENDINGS, VISITORS, Name, address_of, named_in, sends
from tests.world import World, make_world
from web.app import application
from web.visit import SESSION_COOKIE
from workers.command.embedded import EmbeddedPostgres

DATABASE = "world"
REFUSED = ("in", "403", "404")
DONE = ("200", "303", "out")
POSTS = [route for route in ROUTES if route.startswith("POST")]
WITH_THINGS = [route for route in ROUTES if "{" in route]
NAMING_THINGS = [
    route
    for route in ROUTES
    if " ~" in route and ("{" in route or (route in SENDINGS and callable(SENDINGS[route].form)))
]
JUNK = st.one_of(
    st.text(max_size=50),
    st.sampled_from(
        [
            "",
            " \r\n",
            "x" * 30_000,
            "-1",
            "9" * 40,
            "2026-02-30",
            "0001-01-01",
            str(uuid4()),
            "<b>",
            "٣",
            "%",
            "’",
        ]
    ),
    st.lists(st.text(max_size=10), min_size=2, max_size=3),
)


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
async def house(app: Litestar, world: World, world_settings: Settings) -> AsyncIterator["House"]:
    await open_pool(world_settings.database_url, most=1)
    yield House(app, world, world_settings)
    await close_pool()


class House:
    """The application in the world, at which anybody makes valid requests; each finds the world as it was made."""

    def __init__(self, app: Litestar, world: World, settings: Settings) -> None:
        self.app = app
        self.world = world
        self.settings = settings

    @asynccontextmanager
    async def undone_afterwards(self) -> AsyncIterator[None]:
        """Requests inside share one connection, and what they do is rolled back."""
        async with connection_held():
            everything = (await DB.held_connection()).transaction()
            await everything.start()
            try:
                yield
            finally:
                await everything.rollback()

    async def call(
        self,
        route: str,
        visitor: str,
        *,
        slug: str | None = None,
        thing: Name | None = None,
        form: Mapping[str, Any] | None = None,
    ) -> str:
        """The outcome of a request; `slug`, `thing` and `form` stand in for what a valid one names and sends."""
        method, path = route.split()
        sending = SENDINGS.get(route, sends())
        address = address_of(path, slug or self.world.slug, thing or named_in(self.world, sending.at))
        told = sending.form(self.world) if callable(sending.form) else sending.form
        token = generate_csrf_token(self.settings.secret)
        async with self._browser(visitor, token) as client:
            if method == "GET":
                return outcome(await client.get(address))
            data = {**(told if form is None else form), "form_key": str(uuid4())}
            files, headers = sending.files, {"x-csrftoken": token}
            return outcome(await client.post(address, data=data, files=files, headers=headers))

    def _browser(self, visitor: str, token: str) -> httpx.AsyncClient:
        transport: Any = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)  # type: ignore[arg-type]
        cookies = {"pilotage_csrf": token}
        if visitor in self.world.sessions:
            cookies[SESSION_COOKIE] = self.world.sessions[visitor]
        return httpx.AsyncClient(transport=transport, base_url=self.settings.address, cookies=cookies)


def outcome(answer: httpx.Response) -> str:
    """“in” where the visitor is asked to sign in, “out” where they were signed out; otherwise the status."""
    if f'{SESSION_COOKIE}=""' in answer.headers.get("set-cookie", ""):
        return "out"
    return "in" if answer.headers.get("location", "").startswith("/sign-in") else str(answer.status_code)


def who_succeeds(route: str) -> str:
    return next(visitor for visitor, told in ROUTES[route].items() if told in DONE)


def test_the_table_names_every_route_of_the_application(app: Litestar) -> None:
    """The files under /static and what Litestar adds to every path, OPTIONS, are tried in test_app."""
    found = {
        f"{method} {re.sub(r':[a-z]+', '', route.path).replace('/programs/{program}', '~')}"
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith("/static")
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert set(ROUTES) == found
    assert set(SENDINGS) <= found


def test_every_route_has_somebody_who_succeeds() -> None:
    assert [route for route, told in ROUTES.items() if not set(told.values()) & set(DONE)] == []


@pytest.mark.parametrize("route", ROUTES)
async def test_every_visitor_gets_what_the_table_says(house: House, route: str) -> None:
    got = {}
    for visitor in VISITORS:
        async with house.undone_afterwards():
            before = await _number_of_events()
            got[visitor] = await house.call(route, visitor)
            if got[visitor] in REFUSED:
                assert await _number_of_events() == before, f"{visitor} was refused, and something happened"
    assert got == ROUTES[route]


@pytest.mark.parametrize("route", WITH_THINGS)
async def test_what_does_not_exist_is_not_found(house: House, route: str) -> None:
    async with house.undone_afterwards():
        got = await house.call(route, who_succeeds(route), thing=lambda _parameter: str(uuid4()))
    assert got in ("404", "410")


@pytest.mark.parametrize("route", NAMING_THINGS)
async def test_to_the_lead_of_another_program_the_things_of_this_one_do_not_exist(
    house: House, route: str
) -> None:
    async with house.undone_afterwards():
        got = await house.call(route, "foreign", slug="another-one")
    for_leads = ROUTES[route]["lead"] not in ("403", "404")
    in_a_form = route not in WITH_THINGS
    assert got in (("404", "422") if in_a_form else ("404",) if for_leads else ("403", "404"))


@pytest.mark.parametrize("route", POSTS)
@given(data=st.data())
@tried(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_form_breaks_a_route(house: House, route: str, data: st.DataObject) -> None:
    sending = SENDINGS.get(route, sends())
    valid = dict(sending.form(house.world) if callable(sending.form) else sending.form)
    form = {name: data.draw(st.one_of(st.just(value), JUNK), name) for name, value in valid.items()}
    form |= data.draw(st.dictionaries(st.text(min_size=1, max_size=10), JUNK, max_size=2))
    async with house.undone_afterwards():
        got = await house.call(route, who_succeeds(route), form=form)
    assert got in DONE or 400 <= int(got) < 500


async def _number_of_events() -> int:
    return int(await fetch_value("SELECT sum(number) FROM chain"))
