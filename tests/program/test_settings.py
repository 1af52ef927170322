"""What the environment may say, and how a wrong value is answered."""

from pathlib import Path

import pytest

from program.settings import MailServer, WrongSetting, complete, settings_from


def wrong_names(**environ: str) -> list[str]:
    with pytest.raises(WrongSetting) as refused:
        settings_from(environ)
    return [wrong.name for wrong in refused.value.wrong]


def test_an_empty_environment_is_enough() -> None:
    settings = settings_from({})
    assert settings.home == Path.cwd() / ".pilotage"
    assert (settings.host, settings.port, settings.address) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert (settings.database_url, settings.redis_url, settings.secret, settings.mark) == ("", "", "", "")
    assert settings.mail_server is None
    assert settings.mail_from == "Pilotage <pilotage@localhost>"
    assert not settings.secure_cookies


def test_an_empty_value_counts_as_none() -> None:
    names = ("PILOTAGE_HOME", "PORT", "DATABASE_URL", "SMTP_URL", "PILOTAGE_ADDRESS", "PILOTAGE_SECRET")
    assert settings_from(dict.fromkeys(names, " ")) == settings_from({})


def test_the_address_follows_the_port_unless_it_is_given() -> None:
    assert settings_from({"PORT": "9001"}).address == "http://localhost:9001"
    given = settings_from({"PORT": "9001", "PILOTAGE_ADDRESS": "https://pilotage.example.com/"})
    assert given.address == "https://pilotage.example.com"


def test_cookies_are_secure_where_the_address_is() -> None:
    assert settings_from({"PILOTAGE_ADDRESS": "https://pilotage.example.com"}).secure_cookies


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://ada:p%40ss@mail.example.com",
            MailServer(host="mail.example.com", port=587, user="ada", password="p@ss", tls=False),
        ),
        (
            "smtps://mail.example.com",
            MailServer(host="mail.example.com", port=465, user="", password="", tls=True),
        ),
        ("smtp://localhost:1025", MailServer(host="localhost", port=1025, user="", password="", tls=False)),
    ],
)
def test_a_mail_server_is_read_from_its_url(url: str, server: MailServer) -> None:
    assert settings_from({"SMTP_URL": url}).mail_server == server


def test_mail_comes_from_the_address_that_people_use() -> None:
    settings = settings_from({"PILOTAGE_ADDRESS": "https://pilotage.example.com"})
    assert settings.mail_from == "Pilotage <pilotage@pilotage.example.com>"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert wrong_names(
        PORT="eighty",
        PILOTAGE_ADDRESS="pilotage.example.com",
        DATABASE_URL="mysql://db/pilotage",
        REDIS_URL="http://cache",
        SMTP_URL="mail.example.com",
        MAIL_FROM="nobody",
        PILOTAGE_SECRET="short",
        PILOTAGE_MARK="production",
        PILOTAGE_HOST="a host",
        PILOTAGE_LOG="loud",
        PILOTAGE_METRICS_TOKEN="short",
    ) == [
        "PORT",
        "PILOTAGE_ADDRESS",
        "PILOTAGE_HOST",
        "DATABASE_URL",
        "REDIS_URL",
        "SMTP_URL",
        "MAIL_FROM",
        "PILOTAGE_SECRET",
        "PILOTAGE_MARK",
        "PILOTAGE_LOG",
        "PILOTAGE_METRICS_TOKEN",
    ]


def test_a_wrong_setting_is_named_with_its_value_and_what_would_be_right() -> None:
    with pytest.raises(WrongSetting) as refused:
        settings_from({"PORT": "eighty"})
    assert str(refused.value) == "PORT is “eighty”. Right would be: a whole number from 1 to 65535."


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80.5", "٨٠"])
def test_a_port_is_a_whole_number_that_exists(port: str) -> None:
    assert wrong_names(PORT=port) == ["PORT"]


@pytest.mark.parametrize("port", ["1", "65535"])
def test_the_outermost_ports_are_right(port: str) -> None:
    assert settings_from({"PORT": port}).port == int(port)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.com",
        "https://",
        "https://example.com/app",
        "https://example.com:99999",
        "https://a@example.com",
    ],
)
def test_an_address_is_a_bare_http_origin(address: str) -> None:
    assert wrong_names(PILOTAGE_ADDRESS=address) == ["PILOTAGE_ADDRESS"]


@pytest.mark.parametrize(
    "url", ["postgresql://db", "postgresql://db/", "db/pilotage", "postgresql://db:x/pilotage"]
)
def test_a_database_url_names_its_database(url: str) -> None:
    assert wrong_names(DATABASE_URL=url) == ["DATABASE_URL"]


@pytest.mark.parametrize("url", ["redis://cache:6379/0", "rediss://u:p@cache", "unix:///run/valkey.sock"])
def test_a_redis_url_may_name_a_host_or_a_socket(url: str) -> None:
    assert settings_from({"REDIS_URL": url}).redis_url == url


def test_no_message_shows_a_password() -> None:
    with pytest.raises(WrongSetting) as refused:
        settings_from(
            {
                "DATABASE_URL": "mysql://ada:hush@db/pilotage",
                "SMTP_URL": "http://ada:hu@sh@mail",
                "PILOTAGE_SECRET": "hush",
            }
        )
    assert len(refused.value.wrong) == 3
    assert "hu" not in str(refused.value)


def test_a_process_of_its_own_starts_only_with_a_database_and_a_secret() -> None:
    with pytest.raises(WrongSetting) as refused:
        complete(settings_from({}))
    assert [one.name for one in refused.value.wrong] == ["DATABASE_URL", "PILOTAGE_SECRET"]
    given = settings_from({"DATABASE_URL": "postgresql://localhost/pilotage", "PILOTAGE_SECRET": "x" * 32})
    assert complete(given) is given
