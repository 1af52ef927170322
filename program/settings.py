"""What this installation was told by its environment, read once and checked whole."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

MARKS = ("", "demo", "test")
LOGS = ("plain", "json")
HIGHEST_PORT = 65_535
SHORTEST_SECRET_CHARACTERS = 32
SHORTEST_METRICS_TOKEN_CHARACTERS = 16
_KEPT_TO_OURSELVES = frozenset({"PILOTAGE_SECRET", "PILOTAGE_METRICS_TOKEN"})

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One setting that cannot be used: its name, the value as it may be shown, and what would be right."""

    name: str
    value: str
    right: str


class WrongSetting(Exception):  # noqa: N818 -- it says what is wrong, and its words are shown as they are
    """The environment holds values that cannot be used; `wrong` names every one of them."""

    def __init__(self, wrong: tuple[Wrong, ...]) -> None:
        self.wrong = wrong
        super().__init__(
            "\n".join(f"{one.name} is “{one.value}”. Right would be: {one.right}." for one in wrong)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over. `tls` from the first byte; without it STARTTLS, where the server offers it."""

    host: str
    port: int
    user: str
    password: str
    tls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`database_url` and `redis_url` are empty where the embedded servers are to be used, `secret` where none was given."""

    home: Path
    host: str
    port: int
    database_url: str
    redis_url: str
    mail_server: MailServer | None
    mail_from: str
    address: str
    secret: str
    mark: str
    log: str
    metrics_token: str

    @property
    def secure_cookies(self) -> bool:
        return self.address.startswith("https://")


def settings_from(environ: Mapping[str, str]) -> Settings:
    """The settings that `environ` asks for; an empty value counts as none. Raises `WrongSetting` with all that is wrong."""
    reading = _Reading(environ)
    port = reading.value("PORT", "8000", _port, "a whole number from 1 to 65535")
    address = reading.value(
        "PILOTAGE_ADDRESS",
        f"http://localhost:{port}",
        _address,
        "the address people use, like https://pilotage.example.com, without a path",
    )
    settings = Settings(
        home=reading.value("PILOTAGE_HOME", ".pilotage", _folder, "a folder"),
        host=reading.value("PILOTAGE_HOST", "127.0.0.1", _host, "an IP address or host name to listen on"),
        port=port,
        database_url=reading.value(
            "DATABASE_URL", "", _database_url, "like postgresql://user:password@host:5432/pilotage"
        ),
        redis_url=reading.value(
            "REDIS_URL", "", _redis_url, "like redis://host:6379/0, rediss://… or unix:///path/to/socket"
        ),
        mail_server=reading.value(
            "SMTP_URL",
            "",
            _mail_server,
            "like smtp://user:password@host:587 or smtps://user:password@host:465",
        ),
        mail_from=reading.value(
            "MAIL_FROM",
            f"Pilotage <pilotage@{urlsplit(address).hostname}>",
            _sender,
            "an e-mail address, like Pilotage <pilotage@example.com>",
        ),
        address=address,
        secret=reading.value(
            "PILOTAGE_SECRET",
            "",
            _secret,
            f"at least {SHORTEST_SECRET_CHARACTERS} random characters, or nothing at all",
        ),
        mark=reading.value("PILOTAGE_MARK", "", _mark, "demo, test or nothing"),
        log=reading.value("PILOTAGE_LOG", "plain", _log, "plain or json"),
        metrics_token=reading.value(
            "PILOTAGE_METRICS_TOKEN",
            "",
            _metrics_token,
            f"at least {SHORTEST_METRICS_TOKEN_CHARACTERS} letters, digits or signs without spaces, or nothing at all",
        ),
    )
    reading.refuse_what_is_wrong()
    return settings


def complete(settings: Settings) -> Settings:
    """The same settings, if database and secret were given, which no process makes up. Raises `WrongSetting`."""
    needed = (
        ("DATABASE_URL", settings.database_url, "the address of a database that was migrated"),
        ("PILOTAGE_SECRET", settings.secret, "the installation’s secret, the same for every process"),
    )
    missing = tuple(Wrong(name=name, value=value, right=right) for name, value, right in needed if not value)
    if missing:
        raise WrongSetting(missing)
    return settings


class _Reading:
    """Reads value after value and remembers what was wrong, so that all of it is said at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._wrong: list[Wrong] = []

    def value(self, name: str, default: str, read: Callable[[str], _Value], right: str) -> _Value:
        text = self._environ.get(name, "").strip() or default
        try:
            return read(text)
        except ValueError:
            self._wrong.append(Wrong(name=name, value=_shown(name, text), right=right))
            return read(default)

    def refuse_what_is_wrong(self) -> None:
        if self._wrong:
            raise WrongSetting(tuple(self._wrong))


def _shown(name: str, text: str) -> str:
    """The value without the passwords that it may hold."""
    return "…" if name in _KEPT_TO_OURSELVES else re.sub("//.*@", "//…@", text)


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else 0
    return _held_to(port, 0 < port <= HIGHEST_PORT)


def _folder(text: str) -> Path:
    return Path(_held_to(text, "\0" not in text)).expanduser().absolute()


def _host(text: str) -> str:
    return _held_to(text, re.fullmatch(r"[\w.:%-]+", text, re.ASCII) is not None)


def _address(text: str) -> str:
    parts = urlsplit(text)
    port_is_right = parts.port is None or parts.port > 0
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    return _held_to(
        text.rstrip("/"),
        parts.scheme in ("http", "https") and bool(parts.hostname) and port_is_right and bare,
    )


def _database_url(text: str) -> str:
    parts = urlsplit(text)
    named = parts.scheme in ("postgresql", "postgres") and len(parts.path) > 1 and parts.port != 0
    return _held_to(text, not text or named)


def _redis_url(text: str) -> str:
    parts = urlsplit(text)
    reachable = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname) and parts.port != 0
    return _held_to(text, not text or (parts.scheme in ("redis", "rediss", "unix") and reachable))


def _mail_server(text: str) -> MailServer | None:
    if not text:
        return None
    parts = urlsplit(text)
    _held_to(text, parts.scheme in ("smtp", "smtps") and parts.path in ("", "/") and not parts.query)
    host = _held_to(parts.hostname or "", bool(parts.hostname))
    tls = parts.scheme == "smtps"
    return MailServer(
        host=host,
        port=parts.port or (465 if tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
    )


def _sender(text: str) -> str:
    name_and_domain = parseaddr(text)[1].split("@")
    return _held_to(text, len(name_and_domain) == 2 and all(name_and_domain) and text.isprintable())  # noqa: PLR2004


def _secret(text: str) -> str:
    return _held_to(text, not text or len(text) >= SHORTEST_SECRET_CHARACTERS)


def _mark(text: str) -> str:
    return _held_to(text, text in MARKS)


def _log(text: str) -> str:
    return _held_to(text, text in LOGS)


def _metrics_token(text: str) -> str:
    whole = text.isascii() and text.isprintable() and " " not in text
    return _held_to(text, not text or (whole and len(text) >= SHORTEST_METRICS_TOKEN_CHARACTERS))


def _held_to(value: _Value, right: bool) -> _Value:
    if not right:
        raise ValueError(value)
    return value
