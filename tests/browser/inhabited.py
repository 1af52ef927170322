"""Bringing a running installation to where a walk begins: actions in its own database, beside its own processes."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from program.database import close_pool, open_pool
from tests.browser.conftest import Installation
from workers.command.embedded import EmbeddedPostgres

_Made = TypeVar("_Made")


def brought_about(running: Installation, make: Callable[[str], Awaitable[_Made]]) -> _Made:
    """What `make` answers, with a pool to the installation's database open; it is given the installation's secret."""
    made: list[_Made] = []

    async def work() -> None:
        await open_pool(EmbeddedPostgres(running.home).url())
        made.append(await make((running.home / "secret").read_text().strip()))
        await close_pool()

    maker = threading.Thread(target=lambda: asyncio.run(work()))
    maker.start()
    maker.join()
    return made[0]
