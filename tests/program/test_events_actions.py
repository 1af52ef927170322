"""Events: recorded last, chained, never changed; and a broken chain is found."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.events.actions import Letter, begin_chain, record
from program.events.queries import broken_chains, happenings
from program.events.rules import INSTALLATION, Broken, Harm
from program.programs.actions import add_program
from program.roles.actions import grant_role, revoke_role
from program.roles.rules import Role
from tests.cast import NOON, a_listed_person, a_person, a_person_with, an_owner, counted_queries


async def a_bare_program(owner: UUID, name: str = "Employee voices") -> UUID:
    """A program with nothing but its chain, its maker and the event that it was made."""
    program = new_id()
    async with transaction():
        await add_program(name, purpose="To be heard.", zone="UTC", by=owner, now=NOON, id=program)
        await record("program_made", program=program, by=owner, at=NOON, subject=program)
    return program


async def a_story() -> UUID:
    """Roles come and go; letters follow."""
    owner = await an_owner()
    program = await a_bare_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    await grant_role(Role.REVIEWER, program=program, to=sponsor, by=owner, now=NOON)
    await revoke_role(Role.SPONSOR, program=program, of=sponsor, by=owner, now=NOON)
    return program


@asynccontextmanager
async def events_unguarded() -> AsyncIterator[None]:
    """Somebody with the keys to the database puts the trigger aside."""
    await execute("ALTER TABLE event DISABLE TRIGGER event_stays")
    yield
    await execute("ALTER TABLE event ENABLE TRIGGER event_stays")


async def test_the_chains_are_whole_after_a_story(database: str) -> None:
    program = await a_story()
    assert await fetch_value("SELECT number FROM chain WHERE id = $1", program) == 4
    assert await broken_chains() == []


@pytest.mark.parametrize(
    ("changed", "found_at", "harm"),
    [
        ('UPDATE event SET facts = \'{"role": "lead"}\' WHERE program = $1 AND number = 2', 2, Harm.CHANGED),
        ("UPDATE event SET at = at + interval '1 second' WHERE program = $1 AND number = 3", 3, Harm.CHANGED),
        ("UPDATE event SET by = about WHERE program = $1 AND number = 4", 4, Harm.CHANGED),
        ("DELETE FROM event WHERE program = $1 AND number = 1", 1, Harm.REMOVED),
        ("DELETE FROM event WHERE program = $1 AND number = 4", 4, Harm.CUT_OFF),
    ],
)
async def test_an_event_changed_by_hand_is_found(
    database: str, changed: str, found_at: int, harm: Harm
) -> None:
    program = await a_story()
    async with events_unguarded():
        await execute("DELETE FROM delivery")
        await execute(changed, program)
    assert await broken_chains() == [Broken(program, found_at, harm)]


async def test_two_events_that_changed_places_are_found(database: str) -> None:
    program = await a_story()
    async with events_unguarded():
        for number, other in ((2, 99), (3, 2), (99, 3)):
            await execute(
                "UPDATE event SET number = $3 WHERE program = $1 AND number = $2", program, number, other
            )
    assert await broken_chains() == [Broken(program, 2, Harm.EXCHANGED)]


@pytest.mark.parametrize(
    "change", ["UPDATE event SET name = 'nothing'", "DELETE FROM event", "TRUNCATE event CASCADE"]
)
async def test_the_database_refuses_to_change_events(database: str, change: str) -> None:
    await a_story()
    with pytest.raises(asyncpg.RaiseError, match="appended, never changed"):
        await execute(change)


async def test_two_transactions_that_record_at_once_both_land(database: str) -> None:
    owner = await an_owner()
    program = await a_bare_program(owner)

    async def one(number: int) -> None:
        async with transaction():
            await record("clock_moved", program=program, by=owner, at=NOON, facts={"number": number})

    await asyncio.gather(*(one(number) for number in range(8)))
    rows = await fetch("SELECT number FROM event WHERE program = $1 ORDER BY number", program)
    assert [row["number"] for row in rows] == list(range(1, 10))
    assert await broken_chains() == []


async def test_an_event_is_gone_with_the_transaction_that_failed(database: str) -> None:
    owner = await an_owner()
    program = await a_bare_program(owner)

    async def fail_after_recording() -> None:
        async with transaction():
            letters = [Letter(to=owner, letter="sign_in_link")]
            await record("clock_moved", program=program, by=owner, at=NOON, letters=letters)
            raise LookupError

    with pytest.raises(LookupError):
        await fail_after_recording()
    assert await fetch_value("SELECT count(*) FROM event WHERE program = $1", program) == 1
    assert await fetch_value("SELECT count(*) FROM delivery") == 0
    assert await broken_chains() == []


async def test_an_event_outside_a_transaction_is_refused(database: str) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        await record("clock_moved", program=None, by=None, at=NOON)


async def test_an_event_of_a_program_without_a_chain_is_refused(database: str) -> None:
    with pytest.raises(LookupError, match="no chain"):
        async with transaction():
            await record("clock_moved", program=uuid4(), by=None, at=NOON)


async def test_what_belongs_to_no_program_stands_in_the_installations_chain(database: str) -> None:
    person = await a_person()
    async with transaction():
        event = await record("signed_in", program=None, by=person, at=NOON)
    row = await fetch_row("SELECT chain, program, number FROM event WHERE id = $1", event)
    assert row is not None
    assert (row["chain"], row["program"], row["number"]) == (INSTALLATION, None, 1)
    assert await broken_chains() == []


async def test_facts_of_any_language_survive_the_way_through_the_database(database: str) -> None:
    facts: dict[str, Any] = {
        "wörter": "“Übergröße” 🎈",
        "list": [1, 2.5, None, True],
        "nested": {"b": 1, "a": '\\"'},
    }
    async with transaction():
        await record("clock_moved", program=None, by=None, at=NOON.replace(microsecond=123_456), facts=facts)
    assert await broken_chains() == []


async def test_letters_are_written_with_their_event_and_due_at_once(database: str) -> None:
    ada, bob = await a_person("Ada Lovelace"), await a_person("Bob Stone")
    async with transaction():
        event = await record(
            "signed_in",
            program=None,
            by=ada,
            at=NOON,
            letters=[Letter(to=ada, letter="one", facts={"gate": "x"}), Letter(to=bob, letter="two")],
        )
    rows = await fetch("SELECT * FROM delivery ORDER BY letter")
    assert [(row["event"], row["recipient"], row["facts"], row["due_at"], row["tries"]) for row in rows] == [
        (event, ada, '{"gate": "x"}', NOON, 0),
        (event, bob, "{}", NOON, 0),
    ]


async def test_a_chain_begins_once(database: str) -> None:
    program = await a_story()
    with pytest.raises(asyncpg.UniqueViolationError):
        await begin_chain(program)


async def test_happenings_come_newest_first_and_page_by_number(database: str) -> None:
    program = await a_story()
    owner = await fetch_value("SELECT made_by FROM program WHERE id = $1", program)
    first = await happenings(program, seen_by=owner, only_own=False, most=3)
    rest = await happenings(program, seen_by=owner, only_own=False, before=first[-1].number, most=3)
    assert [one.name for one in first] == ["role_revoked", "role_granted", "role_granted"]
    assert [one.name for one in rest] == ["program_made"]
    assert (first[0].by_name, first[0].about_name, first[0].facts) == (
        "Olga Owner",
        "Sam Sponsor",
        {"role": "sponsor"},
    )


async def test_own_happenings_are_what_one_did_and_what_was_about_one(database: str) -> None:
    owner = await an_owner()
    program = await a_bare_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    other = await a_listed_person(program, owner, "Olaf Other")
    async with transaction():
        await record("signed_in", program=program, by=sponsor, at=NOON)
    own = await happenings(program, seen_by=sponsor, only_own=True)
    assert [(one.name, one.by_name) for one in own] == [
        ("signed_in", "Sam Sponsor"),
        ("role_granted", "Olga Owner"),
    ]
    assert await happenings(program, seen_by=other, only_own=True) == []


async def test_events_without_names_say_who_only_to_who_did_them(database: str) -> None:
    owner = await an_owner()
    program = await a_bare_program(owner)
    reporter = await a_listed_person(program, owner, "Rita Reporter")
    concerned = await a_listed_person(program, owner, "Carl Concerned")
    async with transaction():
        await record("incident_reported", program=program, by=reporter, about=concerned, at=NOON)

    async def names(seen_by: UUID, *, only_own: bool) -> list[tuple[str, str | None, str | None]]:
        found = await happenings(
            program, seen_by=seen_by, only_own=only_own, without_names=["incident_reported"], most=1
        )
        return [(one.name, one.by_name, one.about_name) for one in found]

    assert await names(owner, only_own=False) == [("incident_reported", None, None)]
    assert await names(reporter, only_own=True) == [("incident_reported", "Rita Reporter", "Carl Concerned")]
    assert await names(concerned, only_own=True) == []


@pytest.mark.parametrize("count", [1, 3, 50])
async def test_happenings_take_one_query_however_many_they_are(database: str, count: int) -> None:
    owner = await an_owner()
    program = await a_bare_program(owner)
    async with transaction():
        for _ in range(count):
            await record("signed_in", program=program, by=owner, at=NOON)
    with counted_queries() as seen:
        assert len(await happenings(program, seen_by=owner, only_own=False, most=51)) == count + 1
    assert len(seen) == 1
