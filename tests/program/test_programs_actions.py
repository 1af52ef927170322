"""Making programs: a slug of their own, a chain, and a maker who leads."""

import asyncio
import re
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from program.database import fetch, fetch_row, fetch_value, new_id, transaction
from program.programs.actions import add_program, describe_program, list_people
from program.programs.queries import program_line, programs_of
from program.programs.rules import slug_of
from program.programs.words import EVENTS
from program.refusals import NotAllowed
from tests.cast import NOON, a_listed_person, a_new_program, a_person, an_owner


async def made(name: str, by: UUID) -> str:
    async with transaction():
        return await add_program(name, purpose="To be heard.", zone="UTC", by=by, now=NOON, id=new_id())


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Employee voices", "employee-voices"),
        ("  Über  uns: Straße & Co. ", "uber-uns-strasse-co"),
        ("日本", "program"),
        ("--", "program"),
        ("", "program"),
        ("a" * 70, "a" * 60),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_a_slug_is_the_name_as_an_address_shows_it(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text())
def test_any_name_has_a_slug_that_the_database_takes(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(name))
    assert len(slug_of(name)) <= 60


async def test_a_program_is_listed_and_led_by_its_maker_and_has_a_chain(database: str) -> None:
    owner = await an_owner()
    slug = await made("Employee voices", owner)
    row = await fetch_row(
        "SELECT c.number, g.role, l.person FROM program p JOIN chain c ON c.id = p.id"
        " JOIN role_grant g ON g.program = p.id JOIN listing l ON l.program = p.id WHERE p.slug = $1",
        slug,
    )
    assert row is not None
    assert (row["number"], row["role"], row["person"]) == (0, "lead", owner)


async def test_programs_of_the_same_name_have_different_slugs(database: str) -> None:
    owner = await an_owner()
    slugs = [
        await made(name, owner) for name in ("Voices", "Voices", "Voices!", "Voices 2", "Voices-and-more")
    ]
    assert slugs == ["voices", "voices-2", "voices-3", "voices-2-2", "voices-and-more"]


async def test_programs_made_at_once_have_different_slugs(database: str) -> None:
    owner = await an_owner()
    slugs = await asyncio.gather(*(made("Voices", owner) for _ in range(6)))
    assert sorted(slugs) == ["voices", "voices-2", "voices-3", "voices-4", "voices-5", "voices-6"]


async def test_listing_people_again_changes_nothing(database: str) -> None:
    owner, person = await an_owner(), await a_person()
    await made("Voices", owner)
    program = await fetch_value("SELECT id FROM program")
    for _ in range(2):
        async with transaction():
            await list_people(program, [person, owner], by=owner, now=NOON)
    rows = await fetch("SELECT person FROM listing WHERE program = $1", program)
    assert {row["person"] for row in rows} == {owner, person}
    assert len(rows) == 2


async def test_listing_somebody_who_does_not_exist_is_refused_by_the_database(database: str) -> None:
    owner = await an_owner()
    await made("Voices", owner)
    program = await fetch_value("SELECT id FROM program")

    async def list_nobody() -> None:
        async with transaction():
            await list_people(program, [new_id()], by=owner, now=NOON)

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await list_nobody()


async def test_one_sees_the_programs_one_is_listed_in_and_an_owner_all_of_them(database: str) -> None:
    owner, person = await an_owner(), await a_person()
    await made("B voices", owner)
    await made("A voices", owner)
    program = await fetch_value("SELECT id FROM program WHERE slug = 'b-voices'")
    assert await programs_of(person, owner=False) == []
    async with transaction():
        await list_people(program, [person], by=owner, now=NOON)
    assert [one.slug for one in await programs_of(person, owner=False)] == ["b-voices"]
    another_owner = await an_owner("Otto Owner")
    assert [one.name for one in await programs_of(another_owner, owner=True)] == ["A voices", "B voices"]


async def test_a_program_is_described_anew_and_keeps_its_address(database: str) -> None:
    owner = await an_owner()
    program = await a_new_program(owner)
    for _ in range(2):
        await describe_program(program, "Our voices", "To be heard.", by=owner, now=NOON)
    line = await program_line(program)
    assert (line.name, line.purpose, line.slug) == ("Our voices", "To be heard.", "employee-voices")
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'program_described'") == 1
    assert EVENTS["program_described"]({}) == "said what the program is called and what it is for"
    other = await a_listed_person(program, owner, "Mia Member")
    with pytest.raises(NotAllowed):
        await describe_program(program, "Mine", "Mine.", by=other, now=NOON)
