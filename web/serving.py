"""Runs the web process: `python -m web.serving package.module:function`. What is being done is finished when it is to end."""

import argparse
import asyncio
import socket
import sys
from contextlib import suppress

import uvicorn

REQUESTS_END_WITHIN_SECONDS = 20
STREAMS_END_WITHIN_SECONDS = 3
BETWEEN_LOOKS_SECONDS = 0.1
DID_NOT_START = 3


class Server(uvicorn.Server):
    """Waits for requests that were not answered yet, and only a moment for answers that have begun: a stream has no end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        letting_go = asyncio.create_task(self._let_streams_go())
        try:
            await super().shutdown(sockets)
        finally:
            letting_go.cancel()
            with suppress(asyncio.CancelledError):
                await letting_go

    async def _let_streams_go(self) -> None:
        await asyncio.sleep(STREAMS_END_WITHIN_SECONDS)
        while True:
            for connection in list(self.server_state.connections):
                answer = getattr(connection, "cycle", None)
                if answer is not None and answer.response_started and not answer.response_complete:
                    answer.transport.abort()
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)


def main() -> None:
    """Serve until a signal asks for the end."""
    reading = argparse.ArgumentParser(prog="python -m web.serving")
    reading.add_argument("application", help="the function that makes it, as package.module:function")
    reading.add_argument("--host", required=True)
    reading.add_argument("--port", required=True, type=int)
    told = reading.parse_args()
    server = Server(
        uvicorn.Config(
            told.application,
            factory=True,
            host=told.host,
            port=told.port,
            server_header=False,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=REQUESTS_END_WITHIN_SECONDS,
        )
    )
    server.run()
    if not server.started:
        sys.exit(DID_NOT_START)


if __name__ == "__main__":
    main()
