"""A real installation, started as `make run` starts it, and a real browser in which people walk through it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "test-artifacts"
STARTS_WITHIN_SECONDS = 60
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
ASKED = {("1440", "light"), ("390", "dark")}
QUIET_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=10_000)


class Installation:
    """A running Pilotage with a folder, a port and a database of its own, marked test.

    It has started when it has said as many sign-in `links` as the command says.
    """

    def __init__(self, home: Path, *, command: str = "up", links: int = 1) -> None:
        self.home = home
        self.port = _free_port()
        self.address = f"http://localhost:{self.port}"
        self.links: list[str] = []
        self.links_said = links
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PILOTAGE_", "DATABASE_", "REDIS_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workers.command", command],
            cwd=ROOT,
            env=environ | {"PILOTAGE_HOME": str(home), "PORT": str(self.port), "PILOTAGE_MARK": "test"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self._up = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        if not self._up.wait(STARTS_WITHIN_SECONDS):
            self.stop()
            raise AssertionError("Pilotage did not start:\n" + "".join(self.said))

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as told:
            for line in told:
                self.said.append(line)
                found = re.search(r"https?://\S+/sign-in/\S+", line)
                if found:
                    self.links.append(found[0])
                if len(self.links) == self.links_said:
                    self._up.set()

    @property
    def owner_link(self) -> str:
        """The link of the owner, who is told of first."""
        return self.links[0]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        self._listener.join(timeout=10)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    running = Installation(tmp_path / "home")
    yield running
    running.stop()
    assert not [line for line in running.said if "Traceback" in line], "".join(running.said)


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One that all tests of a file share, to be filled before they walk through it."""
    running = Installation(tmp_path_factory.mktemp("inhabited") / "home")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """This machine's Chromium where there is one, else Playwright's own."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )
    browser = playwright.chromium.launch(executable_path=found, args=QUIET_CHROMIUM)
    yield browser
    browser.close()


class Walker:
    """One person in a browser of their own. Every page they reach is held against the rules that hold for all pages."""

    def __init__(
        self, browser: Browser, address: str, *, javascript: bool = True, phone: bool = False
    ) -> None:
        self.context = browser.new_context(
            base_url=address,
            viewport=PHONE if phone else DESK,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="en-GB",
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        self.context.set_default_timeout(15_000)
        self.javascript = javascript
        self.violations: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.violations.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        text = message.text
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.violations.append(text)

    def look(self, name: str) -> None:
        """Take pictures at both widths and themes, for people to look at, and ask axe of each width and each theme."""
        PICTURES.mkdir(exist_ok=True)
        size = self.page.viewport_size
        for width, viewport in (("1440", DESK), ("390", PHONE)):
            self.page.set_viewport_size(viewport)
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if self.javascript and (width, scheme) in ASKED:
                    self.ask_axe(f"{name} {width} {scheme}")
                self.page.screenshot(
                    path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True, caret="initial"
                )
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        if size:
            self.page.set_viewport_size(size)
        assert self.violations == []

    def ask_axe(self, where: str) -> None:
        found = Axe().run(self.page).response["violations"]
        told = [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
        assert not told, f"{where}: " + "\n".join(told)

    def leave(self) -> None:
        self.context.close()
        assert self.violations == []
