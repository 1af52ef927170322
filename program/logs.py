"""What a process writes about itself: one happening a line, without names, addresses or what anybody typed."""

import json
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

JSON = "json"
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_SERVERS = ("uvicorn", "uvicorn.error")


class Log(logging.LoggerAdapter[logging.Logger]):
    """Tells what happened in a few fixed words, and the facts of it by name: `log.info("request", status=200)`."""

    def process(
        self, happening: str, facts: MutableMapping[str, Any]
    ) -> tuple[str, MutableMapping[str, Any]]:
        return happening, {"exc_info": facts.pop("exc_info", None), "extra": {"facts": facts}}


def log_of(name: str) -> Log:
    return Log(logging.getLogger(name))


def write_logs(form: str) -> None:
    """From now on this process writes to standard error: as text what went wrong, or as JSON whatever happens.

    What libraries tell is written alike.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_AsJson() if form == JSON else _AsText())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if form == JSON else logging.WARNING)
    for name in _SERVERS:
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = True


class _AsText(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        happening, told = _told(record)
        frames = told.pop("frames", "")
        facts = " ".join(f"{name}={fact}" for name, fact in told.items())
        return f"{record.levelname.lower()}: {happening} {facts}\n{frames}".rstrip()


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        happening, told = _told(record)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "happening": happening, **told}
        return json.dumps(line, ensure_ascii=False, default=str)


def _told(record: logging.LogRecord) -> tuple[str, dict[str, Any]]:
    """What happened, and its facts. Of an error its kind and where it came from: its words may hold what somebody typed."""
    facts: Mapping[str, Any] = getattr(record, "facts", {})
    told = {"from": record.name, **facts}
    if (number := request_id.get()) is not None:
        told["request"] = number
    happening = record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        told["trouble"] = type(error).__name__
        told["frames"] = _frames(error)
        for words in filter(None, (repr(error), str(error))):
            happening = happening.replace(words, "…")
    return happening, told


def _frames(error: BaseException) -> str:
    """Where an error came from; of several that are told as one, also what they are and where each came from."""
    inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    own = "".join(traceback.format_tb(error.__traceback__))
    return own + "".join(f"{type(each).__name__}\n{_frames(each)}" for each in inside)
