"""Every page there is, as somebody who may see it: nothing for axe to find in light and dark, nothing against the policy."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import DESK, PHONE, Installation, Walker
from tests.browser.inhabited import brought_about
from tests.web.routes import ROUTES, SENDINGS, VISITORS, address_of, named_in, sends
from tests.world import World, make_world
from web.visit import SESSION_COOKIE

PAGES = [
    route.removeprefix("GET").strip()
    for route in ROUTES
    if route.startswith("GET") and " /api/v1" not in route
]
NOT_PAGES = {
    "/api/openapi.json",
    "/clock/news",
    "/health/live",
    "/health/ready",
    "~/activities/imports/template",
    "~/certificates/{certificate}/pdf",
    "~/playbook/export",
    "~/me/data.json",
    "~/me/data.zip",
}


@pytest.fixture(scope="module")
def world(inhabited: Installation) -> World:
    """The world of the route table, made in the running installation."""
    return brought_about(inhabited, make_world)


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
