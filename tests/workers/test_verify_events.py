"""`pilotage verify-events`: whether anybody changed what was recorded."""

import asyncio

import pytest

from program.database import close_pool, open_pool
from tests.cast import a_program, an_owner
from tests.databases import made_database
from tests.workers.commands import Command, asked
from workers.command.embedded import EmbeddedPostgres


@pytest.fixture
def url(postgres: EmbeddedPostgres, template: str) -> str:
    """Two programs, each with its chain."""
    made_database(postgres.url("postgres"), "recorded", like=template)

    async def make() -> None:
        await open_pool(postgres.url("recorded"))
        owner = await an_owner()
        await a_program(owner)
        await a_program(owner, "Another one")
        await close_pool()

    asyncio.run(make())
    asked(postgres.url("recorded"), "ALTER TABLE event DISABLE TRIGGER event_stays")
    return postgres.url("recorded")


OF_THE_FIRST = "chain = (SELECT id FROM program WHERE name = 'Employee voices')"


def test_whole_chains_are_said_to_be_whole(pilotage: Command, url: str) -> None:
    said = pilotage("verify-events", DATABASE_URL=url)
    assert (said.code, said.out) == (0, "Every chain of events is whole.\n")


@pytest.mark.parametrize(
    ("by_hand", "named"),
    [
        (
            f"UPDATE event SET at = at + interval '1 hour' WHERE {OF_THE_FIRST} AND number = 1",
            "number 1, of 1 Jun 2026, 13:00 UTC (“made the program”), was changed after it was recorded.",
        ),
        (
            f"UPDATE event SET name = 'nothing' WHERE {OF_THE_FIRST} AND number = 1",
            "number 1, of 1 Jun 2026, 12:00 UTC (“nothing”), was changed after it was recorded.",
        ),
        (f"DELETE FROM event WHERE {OF_THE_FIRST} AND number = 1", "number 1 was removed."),
        (
            f"UPDATE event SET hash_before = 'x' WHERE {OF_THE_FIRST} AND number = 2",
            "does not follow from the one before it. One of them was put in the place of another.",
        ),
        (
            (
                f"DELETE FROM event WHERE {OF_THE_FIRST} AND number ="
                f" (SELECT max(number) FROM event WHERE {OF_THE_FIRST})"
            ),
            "The newest were removed, or the head was changed.",
        ),
        (f"UPDATE chain SET hash = 'x' WHERE {OF_THE_FIRST.replace('chain', 'id')}", "the head was changed."),
    ],
)
def test_the_first_event_that_does_not_fit_is_named_with_what_is_wrong(
    pilotage: Command, url: str, by_hand: str, named: str
) -> None:
    asked(url, by_hand)
    said = pilotage("verify-events", DATABASE_URL=url)
    assert said.code == 1
    assert said.out.startswith("The events of “Employee voices” are not whole: ")
    assert named in said.words


def test_every_broken_chain_is_named(pilotage: Command, url: str) -> None:
    asked(url, "UPDATE event SET at = at + interval '1 day' WHERE program IS NOT NULL")
    said = pilotage("verify-events", DATABASE_URL=url)
    assert len(said.out.splitlines()) == 2
    assert "“Employee voices”" in said.out
    assert "“Another one”" in said.out
