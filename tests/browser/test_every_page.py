"""Every page there is, as somebody who may see it: nothing for axe to find in light and dark, nothing against the policy."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from program.database import close_pool, open_pool
from tests.browser.conftest import DESK, PHONE, Installation, Walker
from tests.web.routes import ROUTES, SENDINGS, VISITORS, address_of, named_in, sends
from tests.world import World, make_world
from web.visit import SESSION_COOKIE
from workers.command.embedded import EmbeddedPostgres

PAGES = [route.removeprefix("GET").strip() for route in ROUTES if route.startswith("GET")]
NOT_PAGES = {"/health/live"}


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    running = Installation(tmp_path_factory.mktemp("inhabited") / "home")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def world(inhabited: Installation) -> World:
    """The world of the route table, made in the running installation."""
    made: list[World] = []

    async def make() -> None:
        await open_pool(EmbeddedPostgres(inhabited.home).url())
        made.append(await make_world((inhabited.home / "secret").read_text().strip()))
        await close_pool()

    maker = threading.Thread(target=lambda: asyncio.run(make()))
    maker.start()
    maker.join()
    return made[0]


@pytest.mark.parametrize("path", [path for path in PAGES if path not in NOT_PAGES])
def test_every_page_is_open_to_everybody(
    inhabited: Installation, world: World, chromium: Browser, path: str
) -> None:
    route = next(route for route in ROUTES if route.split() == ["GET", path])
    visitor = next((who for who in reversed(VISITORS) if ROUTES[route][who] == "200"), None)
    if visitor is None:
        assert set(ROUTES[route].values()) <= {"in", "303", "403", "404"}
        return
    walker = Walker(chromium, inhabited.address)
    if visitor in world.sessions:
        walker.context.add_cookies(
            [{"name": SESSION_COOKIE, "value": world.sessions[visitor], "url": inhabited.address}]
        )
    sending = SENDINGS.get(route, sends())
    walker.page.goto(address_of(path, world.slug, named_in(world, sending.at)))
    for viewport in (DESK, PHONE):
        walker.page.set_viewport_size(viewport)
        wide = walker.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is wider than {viewport['width']} px"
        for scheme in ("light", "dark"):
            walker.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            walker.ask_axe(f"{path} {viewport['width']} {scheme}")
    walker.leave()
