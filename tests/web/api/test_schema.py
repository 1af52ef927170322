"""Schemathesis, with all that it checks, finds nothing in what the API answers to each kind of visitor.

`PILOTAGE_SCHEMA_EXAMPLES` asks for more examples of each operation than an ordinary run makes.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from program.settings import Settings
from tests.benchmarks.clocks import Server
from tests.conftest import settings_for
from tests.databases import made_database, made_in
from tests.web.api.caller import a_token
from tests.world import World, make_world
from web.api.openapi import document
from workers.command.embedded import EmbeddedPostgres

DATABASE = "world_of_schemathesis"
EXAMPLES = os.environ.get("PILOTAGE_SCHEMA_EXAMPLES", "5")
TOKENS = 15
IS_UP = "GET /health/live HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CONFIG = """
[generation]
allow-x00 = false
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409"]
"""
VISITORS = (
    "owner",
    "lead",
    "sponsor",
    "reviewer",
    "coach",
    "pilot",
    "ambassador",
    "listed",
    "stranger",
)
Tokens = dict[str, list[str]]


@pytest.fixture(scope="module")
def called_settings(postgres: EmbeddedPostgres, template: str) -> Settings:
    made_database(postgres.url("postgres"), DATABASE, like=template)
    return settings_for(postgres.url(DATABASE))


@pytest.fixture(scope="module")
def called(called_settings: Settings) -> tuple[World, Tokens]:
    """The world, and as many tokens of each visitor as it takes to ask without end."""

    async def make() -> tuple[World, Tokens]:
        world = await make_world(called_settings.secret)
        people = {visitor: UUID(world.ids[visitor]) for visitor in VISITORS if visitor in world.ids}
        return world, {
            visitor: [await a_token(person) for _ in range(TOKENS)] for visitor, person in people.items()
        }

    return made_in(called_settings.database_url, make)


@pytest.fixture(scope="module")
def server(called_settings: Settings, called: tuple[World, Tokens]) -> Iterator[Server]:
    environment = {
        "DATABASE_URL": called_settings.database_url,
        "PILOTAGE_SECRET": called_settings.secret,
        "PILOTAGE_MARK": "test",
    }
    with Server("web.app:create", environment, IS_UP) as running:
        yield running


@pytest.mark.parametrize("visitor", VISITORS)
def test_schemathesis_finds_nothing(
    server: Server, called: tuple[World, Tokens], tmp_path: Path, visitor: str
) -> None:
    world, tokens = called
    named = {**world.ids, "program": world.slug, "number": "1"}
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    told = subprocess.run(
        [
            SCHEMATHESIS,
            "run",
            f"http://127.0.0.1:{server.port}/api/openapi.json",
            *("--checks", "all", "--mode", "all", "--max-examples", EXAMPLES),
            *("--generation-deterministic", "--continue-on-failure", "--no-color"),
            *("--suppress-health-check", "all", "--request-timeout", "60"),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(Path.cwd()),
            "SCHEMATHESIS_HOOKS": "tests.web.api.schema_hooks",
            "CALLS": json.dumps({"tokens": tokens.get(visitor, []), "named": named}),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert f"Tested: {len(_operations())}" in told.stdout


def _operations() -> list[str]:
    """Every operation that the API describes."""
    return [operation["operationId"] for path in document()["paths"].values() for operation in path.values()]
