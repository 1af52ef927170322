"""A real mail server for tests: it keeps what it takes, and refuses what it is told to."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from queue import Queue
from typing import Any

from aiosmtpd.controller import Controller

COMES_WITHIN_SECONDS = 60


class Letterbox:
    """`refusals` are answered first, one a letter; `seen` holds all letters that came, `taken` those that were kept."""

    def __init__(self) -> None:
        self.refusals: list[str] = []
        self.taken: list[EmailMessage] = []
        self.seen: list[EmailMessage] = []
        self._came: Queue[EmailMessage] = Queue()
        self.may_answer = threading.Event()
        self.may_answer.set()

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=default)
        self.seen.append(message)
        self._came.put(message)
        await server.loop.run_in_executor(None, self.may_answer.wait)
        if self.refusals:
            return self.refusals.pop(0)
        self.taken.append(message)
        return "250 taken"

    async def next_letter(self) -> EmailMessage:
        """The next letter that comes, before it is answered."""
        return await asyncio.to_thread(self._came.get, timeout=COMES_WITHIN_SECONDS)

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


@contextmanager
def a_mail_server() -> Iterator[tuple[Letterbox, str]]:
    """A letterbox, and the SMTP_URL of the server that fills it."""
    letterbox, port = Letterbox(), a_free_port()
    controller = Controller(letterbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letterbox, f"smtp://127.0.0.1:{port}"
    finally:
        letterbox.may_answer.set()
        controller.stop()


def a_free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
