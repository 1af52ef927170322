"""Every role calls every route: a stranger, whoever left, the lead of another program, and each role of this one."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from litestar import Litestar
from litestar.middleware.csrf import generate_csrf_token
from litestar.routes import HTTPRoute

from program.access_tokens.rules import Scope
from program.database import close_pool, execute, fetch_value, open_pool
from program.settings import Settings
from program.sign_in.rules import digest_of
from tests.conftest import settings_for
from tests.databases import inhabited, made_database, undone
from tests.web.api.caller import a_token
from tests.web.routes import ROUTES, SENDINGS, VISITORS, Name, address_of, named_in, sends
from tests.world import World
from web.app import application
from web.visit import ASKED_SCOPE, SESSION_COOKIE
from workers.command.embedded import EmbeddedPostgres

DATABASE = "world"
REFUSED = ("in", "401", "403", "404")
DONE = ("200", "201", "303", "out")
POSTS = [route for route in ROUTES if route.startswith("POST")]
CALLS = [route for route in ROUTES if " /api/v1" in route]
EXPIRED = (
    "UPDATE access_token SET made_at = made_at - interval '400 days', expires_at = expires_at - interval '400 days'"
    " WHERE digest = $1"
)
REVOKED = (
    "UPDATE access_token SET expires_at = expires_at + interval '800 days', revoked_at = now(), revoked_by = person"
    " WHERE digest = $1"
)
WITH_THINGS = [route for route in ROUTES if "{" in route]
NAMING_THINGS = [
    route
    for route in ROUTES
    if "~" in route and ("{" in route or (route in SENDINGS and callable(SENDINGS[route].form)))
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
    made_database(postgres.url("postgres"), DATABASE, like=template)
    return settings_for(postgres.url(DATABASE))


@pytest.fixture(scope="module")
def world(world_settings: Settings) -> World:
    return inhabited(world_settings.database_url)


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
        if path.startswith("/api/v1"):
            bearer = self.world.tokens.get(visitor)
            return await self.called(method, address, bearer, told if form is None else form)
        async with self._browser(visitor, token) as client:
            if method == "GET":
                return outcome(await client.get(address))
            data = {**(told if form is None else form), "form_key": str(uuid4())}
            files, headers = sending.files, {"x-csrftoken": token}
            return outcome(await client.post(address, data=data, files=files, headers=headers))

    async def called(
        self, method: str, address: str, bearer: str | None, told: Mapping[str, Any], visitor: str = ""
    ) -> str:
        """The same with an access token; what a form says to a page goes into the address, or as JSON into the body."""
        headers = {"Idempotency-Key": str(uuid4())}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        sent: dict[str, Any] = {"params": told or None} if method == "GET" else {"json": told}
        async with self._browser(visitor, "") as client:
            return outcome(await client.request(method, address, headers=headers, **sent))

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


def named_as_in_table(path: str) -> str:
    return re.sub(r":[a-z]+", "", path).replace("/programs/{program}", "~")


def who_succeeds(route: str) -> str:
    return next(visitor for visitor, told in ROUTES[route].items() if told in DONE)


def test_the_table_names_every_route_of_the_application(app: Litestar) -> None:
    """The files under /static and what Litestar adds to every path, OPTIONS, are tried in test_app."""
    found = {
        f"{method} {named_as_in_table(route.path)}"
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith("/static")
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert set(ROUTES) == found
    assert set(SENDINGS) <= found


def test_every_route_has_somebody_who_succeeds() -> None:
    """Figures are no visitor’s: they are for whoever knows the installation’s word for them."""
    assert [route for route, told in ROUTES.items() if not set(told.values()) & set(DONE)] == ["GET /metrics"]


@pytest.mark.parametrize("route", ROUTES)
async def test_every_visitor_gets_what_the_table_says(house: House, route: str) -> None:
    got = {}
    for visitor in VISITORS:
        async with undone():
            before = await _number_of_events()
            got[visitor] = await house.call(route, visitor)
            if got[visitor] in REFUSED:
                assert await _number_of_events() == before, f"{visitor} was refused, and something happened"
    assert got == ROUTES[route]


@pytest.mark.parametrize("route", CALLS)
async def test_a_call_takes_a_token_that_is_valid_and_made_for_it(house: House, route: str) -> None:
    method, path = route.split()
    visitor, scope = who_succeeds(route), scope_of(house.app, route)
    person, sending = UUID(house.world.ids[visitor]), SENDINGS.get(route, sends())
    address = address_of(path, house.world.slug, named_in(house.world, sending.at))
    told = sending.form(house.world) if callable(sending.form) else sending.form
    got = {}
    async with undone():
        got["cookie"] = await house.called(method, address, None, told, visitor)
        without = await a_token(person, set(Scope) - {scope})
        got["without the scope"] = await house.called(method, address, without, told)
        ended = await a_token(person)
        await execute(EXPIRED, digest_of(ended))
        got["expired"] = await house.called(method, address, ended, told)
        await execute(REVOKED, digest_of(ended))
        got["revoked"] = await house.called(method, address, ended, told)
        got["with the scope alone"] = await house.called(
            method, address, await a_token(person, [scope]), told
        )
    assert got.pop("with the scope alone") in DONE
    assert got == {"cookie": "401", "without the scope": "403", "expired": "401", "revoked": "401"}


def scope_of(app: Litestar, route: str) -> Scope:
    """What a call takes, as its route says."""
    method, path = route.split()
    for each in app.routes:
        if isinstance(each, HTTPRoute) and named_as_in_table(each.path) == path:
            handlers = [handler for handler in each.route_handlers if method in handler.http_methods]
            return Scope(handlers[0].opt[ASKED_SCOPE])
    raise LookupError(route)


@pytest.mark.parametrize("route", WITH_THINGS)
async def test_what_does_not_exist_is_not_found(house: House, route: str) -> None:
    async with undone():
        got = await house.call(route, who_succeeds(route), thing=lambda _parameter: str(uuid4()))
    assert got in ("404", "410")


@pytest.mark.parametrize("route", NAMING_THINGS)
async def test_to_the_lead_of_another_program_the_things_of_this_one_do_not_exist(
    house: House, route: str
) -> None:
    async with undone():
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
    async with undone():
        got = await house.call(route, who_succeeds(route), form=form)
    assert got in DONE or 400 <= int(got) < 500


async def _number_of_events() -> int:
    return int(await fetch_value("SELECT sum(number) FROM chain"))
