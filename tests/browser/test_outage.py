"""The database goes away while somebody writes: they are told, lose no word, and send it again when it is back."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, expect

from program.database import fetch_value, transaction
from program.installation.queries import machine_now
from program.sign_in.actions import begin_session
from tests.browser.conftest import Installation, Walker
from tests.browser.inhabited import brought_about
from tests.playbooks.writers import Scene, a_scene
from web.visit import SESSION_COOKIE

HEALS_WITHIN_SECONDS = 60
STORY = "A customer called our recall “a joke”. I thanked her & asked one question."


@dataclass
class Place:
    installation: Installation
    scene: Scene
    session: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    running = Installation(tmp_path_factory.mktemp("outage") / "home")

    async def make(_secret: str) -> Place:
        scene = await a_scene()
        async with transaction():
            return Place(running, scene, await begin_session(scene.member, machine_now()))

    yield brought_about(running, make)
    running.stop()


def database_goes(place: Place) -> None:
    """It is killed, and nobody is there to start it again."""
    place.installation.process.send_signal(signal.SIGSTOP)
    children = psutil.Process(place.installation.process.pid).children()
    (postgres,) = [child for child in children if "postgres -D" in " ".join(child.cmdline())]
    postgres.kill()


def database_comes(place: Place) -> None:
    place.installation.process.send_signal(signal.SIGCONT)
    until = time.monotonic() + HEALS_WITHIN_SECONDS
    while httpx.get(f"{place.installation.address}/health/ready").status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_was_typed_while_the_database_was_gone_is_sent_once_it_is_back(
    place: Place, chromium: Browser, javascript: bool
) -> None:
    walker = a_walker(place, chromium, javascript=javascript)
    page, lesson = walker.page, f"Ask first, {'with' if javascript else 'without'} scripts."
    page.goto(f"{place.scene.home}/learnings/new")
    page.get_by_label("The lesson, in a sentence").fill(lesson)
    page.get_by_label("What happened?").fill(STORY)
    database_goes(place)
    try:
        page.get_by_role("button", name="Send to the desk").click()
        expect(page.get_by_text("Pilotage cannot reach its database just now")).to_be_visible()
        expect(page.get_by_text("What you sent was not kept")).to_be_visible()
        if javascript:
            expect(page.get_by_label("What happened?")).to_have_value(STORY)
            walker.look("outage-form")
            somebody_looks(place, chromium)
        else:
            walker.look("outage-sent")
    finally:
        database_comes(place)
    page.get_by_role("button", name="Send to the desk" if javascript else "Send it again").click()
    expect(page.get_by_text(lesson)).to_be_visible()
    assert brought_about(place.installation, lambda _secret: stored(lesson)) == 1
    walker.leave()


def a_walker(place: Place, chromium: Browser, *, javascript: bool = True) -> Walker:
    walker = Walker(chromium, place.installation.address, javascript=javascript)
    walker.context.add_cookies(
        [{"name": SESSION_COOKIE, "value": place.session, "url": place.installation.address}]
    )
    return walker


def somebody_looks(place: Place, chromium: Browser) -> None:
    walker = a_walker(place, chromium)
    walker.page.goto(place.scene.home)
    expect(walker.page.get_by_role("link", name="Try again")).to_be_visible()
    walker.look("outage-page")
    walker.leave()


async def stored(lesson: str) -> int:
    return int(await fetch_value("SELECT count(*) FROM learning WHERE lesson = $1", lesson))
