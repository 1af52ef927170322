"""Ten thousand forms and files as nobody ought to send them: each is answered, and none with “our fault”."""

from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from litestar import Litestar
from litestar.middleware.csrf import generate_csrf_token

from program.database import close_pool, open_pool
from program.settings import Settings
from tests.cohorts.files import (
    Reaction,
    Share,
    linkedin_archive,
    mastodon_archive,
    own_csv,
    own_xlsx,
    post_link,
    toot,
    tweet,
    x_archive,
)
from tests.conftest import settings_for
from tests.databases import inhabited, made_database, undone
from tests.web.bad_forms import Bad, Valid, bad_requests
from tests.web.routes import ROUTES, SENDINGS, THING, address_of, named_in, sends
from tests.web.test_people_imports import a_german_export, an_english_workbook
from tests.world import World
from web.app import application
from web.visit import SESSION_COOKIE
from workers.command.embedded import EmbeddedPostgres

DATABASE = "badly_treated"
OF_EACH_ROUTE = 96
OF_EACH_FILE = 60
MAY = ("200", "303", "out")
OUR_FAULT = 500
POSTS = [route for route in ROUTES if route.startswith("POST") and "/api/" not in route]
AT = "2026-12-01 14:33:22"
FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "people as CSV": ("POST ~/people/imports", a_german_export),
    "people as XLSX": ("POST ~/people/imports", an_english_workbook),
    "activities as CSV": ("POST ~/activities/imports", own_csv),
    "activities as XLSX": ("POST ~/activities/imports", own_xlsx),
    "an archive of LinkedIn": (
        "POST ~/activities/imports",
        lambda: linkedin_archive(
            shares=[Share(AT, post_link(1), "Hello")], reactions=[Reaction(AT, post_link(2))]
        ),
    ),
    "an archive of X": ("POST ~/activities/imports", lambda: x_archive(tweet(1), tweet(2))),
    "an archive of Mastodon": ("POST ~/activities/imports", lambda: mastodon_archive(toot(1), toot(2))),
}
briefly = tried(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
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
    """The application, to which anybody sends anything; each request finds the world as it was made."""

    def __init__(self, app: Litestar, world: World, settings: Settings) -> None:
        self.app, self.world = app, world
        self.token = generate_csrf_token(settings.secret)

    def valid(self, route: str, files: dict[str, bytes] | None = None) -> Valid:
        sending = SENDINGS.get(route, sends())
        _, path = route.split()
        named = named_in(self.world, sending.at)

        def address(stand_in: Callable[[str], str | None]) -> str:
            return address_of(
                path, self.world.slug, lambda parameter: stand_in(parameter) or named(parameter)
            )

        told = sending.form(self.world) if callable(sending.form) else sending.form
        own = {name: content for name, (_, content) in (sending.files or {}).items()}
        return Valid(
            visitors=[visitor for visitor, got in ROUTES[route].items() if got in MAY],
            address=address,
            parameters=THING.findall(path),
            ids=[*self.world.ids.values(), str(uuid4())],
            fields=dict(told),
            files=files or own,
            token=self.token,
        )

    async def status(self, bad: Bad) -> int:
        """The status with which a request is answered; what it did is undone."""
        answered: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": bad.body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answered.append(message["status"])

        async with undone():
            await self.app(self._scope(bad), receive, send)  # type: ignore[arg-type]
        return answered[0]

    def _scope(self, bad: Bad) -> dict[str, Any]:
        cookies = f"pilotage_csrf={self.token}"
        if bad.visitor in self.world.sessions:
            cookies += f"; {SESSION_COOKIE}={self.world.sessions[bad.visitor]}"
        headers = [
            (b"host", b"testserver"),
            (b"cookie", cookies.encode()),
            (b"content-type", bad.content_type.encode("latin-1", "replace")),
            (b"content-length", str(len(bad.body)).encode()),
        ]
        if bad.in_header:
            headers.append((b"x-csrftoken", self.token.encode()))
        raw = quote(bad.address, safe="/%'")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": unquote(raw),
            "raw_path": raw.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 50_000),
        }


def test_ten_thousand_are_sent() -> None:
    assert len(POSTS) * OF_EACH_ROUTE + len(FILES) * OF_EACH_FILE >= 10_000


@pytest.mark.parametrize("route", POSTS)
@given(data=st.data())
@tried(briefly, max_examples=OF_EACH_ROUTE)
async def test_no_form_breaks_a_route(house: House, route: str, data: st.DataObject) -> None:
    bad = data.draw(bad_requests(house.valid(route)))
    assert await house.status(bad) < OUR_FAULT


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
@tried(briefly, max_examples=OF_EACH_FILE)
async def test_no_damaged_file_breaks_its_way_in(house: House, file: str, data: st.DataObject) -> None:
    route, make = FILES[file]
    bad = data.draw(bad_requests(house.valid(route, {"file": made(make)})))
    assert await house.status(bad) < OUR_FAULT


made = cache(lambda make: make())
