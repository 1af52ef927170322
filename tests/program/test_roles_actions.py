"""Who may give and take roles, and that a program keeps a lead."""

import asyncio
from uuid import UUID

import pytest

from program.database import fetch, transaction
from program.refusals import NotAllowed, NotFound
from program.roles.actions import HasRoleAlready, LastLead, grant_role, require_lead, revoke_role
from program.roles.rules import GRANTED, Role
from tests.cast import NOON, a_listed_person, a_person, a_person_with, a_program, an_owner


async def roles_of(person: UUID, program: UUID) -> list[str]:
    rows = await fetch(
        "SELECT role FROM role_grant WHERE person = $1 AND program = $2 AND revoked_at IS NULL ORDER BY role",
        person,
        program,
    )
    return [row["role"] for row in rows]


async def events_of(program: UUID) -> list[str]:
    rows = await fetch("SELECT name FROM event WHERE program = $1 ORDER BY number", program)
    return [row["name"] for row in rows]


@pytest.mark.parametrize("role", GRANTED)
async def test_a_lead_gives_a_role_and_the_person_is_told(database: str, role: Role) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lena Lead")
    person = await a_listed_person(program, lead, "Sam Stone")
    await grant_role(role, program=program, to=person, by=lead, now=NOON)
    assert await roles_of(person, program) == [role.value]
    letter = await fetch("SELECT recipient, letter, facts FROM delivery WHERE recipient = $1", person)
    assert [(row["letter"], row["facts"]) for row in letter] == [
        ("role_granted", f'{{"role": "{role.value}"}}')
    ]


async def test_roles_add_up(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_person_with(Role.SPONSOR, program, owner, "Sam Stone")
    await grant_role(Role.REVIEWER, program=program, to=person, by=owner, now=NOON)
    assert await roles_of(person, program) == ["reviewer", "sponsor"]


async def test_a_role_one_has_already_is_refused_and_not_recorded(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Stone")
    before = await events_of(program)
    with pytest.raises(HasRoleAlready) as refused:
        await grant_role(Role.SPONSOR, program=program, to=sponsor, by=owner, now=NOON)
    assert refused.value.sentence() == "They have this role already."
    assert await events_of(program) == before


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.REVIEWER, None])
async def test_only_leads_and_owners_give_and_take_roles(database: str, role: Role | None) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    other = await a_listed_person(program, owner, "Olaf Other")
    if role:
        await grant_role(role, program=program, to=other, by=owner, now=NOON)
    lead = await a_person_with(Role.LEAD, program, owner, "Lena Lead")
    with pytest.raises(NotAllowed):
        await grant_role(Role.LEAD, program=program, to=other, by=other, now=NOON)
    with pytest.raises(NotAllowed):
        await revoke_role(Role.LEAD, program=program, of=lead, by=other, now=NOON)
    assert await roles_of(lead, program) == ["lead"]


async def test_leading_one_program_gives_no_right_in_another(database: str) -> None:
    owner = await an_owner()
    program, other_program = await a_program(owner), await a_program(owner, "Another one")
    lead = await a_person_with(Role.LEAD, other_program, owner, "Lena Lead")
    person = await a_listed_person(program, owner, "Sam Stone")
    with pytest.raises(NotAllowed):
        await grant_role(Role.SPONSOR, program=program, to=person, by=lead, now=NOON)


async def test_an_owner_gives_roles_where_they_have_none_themselves(database: str) -> None:
    program = await a_program(await an_owner())
    another_owner = await an_owner("Otto Owner")
    person = await a_listed_person(program, another_owner, "Sam Stone")
    await grant_role(Role.SPONSOR, program=program, to=person, by=another_owner, now=NOON)
    assert await roles_of(person, program) == ["sponsor"]


async def test_somebody_who_is_not_listed_is_not_found(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    with pytest.raises(NotFound):
        await grant_role(Role.SPONSOR, program=program, to=await a_person(), by=owner, now=NOON)


async def test_a_revoked_role_is_gone_at_once_and_may_be_given_again(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lena Lead")
    await revoke_role(Role.LEAD, program=program, of=lead, by=owner, now=NOON)
    with pytest.raises(NotAllowed):
        await grant_role(Role.SPONSOR, program=program, to=owner, by=lead, now=NOON)
    await grant_role(Role.LEAD, program=program, to=lead, by=owner, now=NOON)
    assert await roles_of(lead, program) == ["lead"]
    assert (await events_of(program))[-2:] == ["role_revoked", "role_granted"]


async def test_a_role_that_somebody_does_not_have_cannot_be_taken(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    with pytest.raises(NotFound):
        await revoke_role(Role.SPONSOR, program=program, of=owner, by=owner, now=NOON)


async def test_the_last_lead_stays(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    with pytest.raises(LastLead) as refused:
        await revoke_role(Role.LEAD, program=program, of=owner, by=owner, now=NOON)
    assert "Name another one first" in refused.value.sentence()
    assert await roles_of(owner, program) == ["lead"]


async def test_of_two_leads_who_take_each_others_role_at_once_one_stays(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    one = await a_person_with(Role.LEAD, program, owner, "Lena Lead")
    other = await a_person_with(Role.LEAD, program, owner, "Luis Lead")
    await revoke_role(Role.LEAD, program=program, of=owner, by=owner, now=NOON)
    results = await asyncio.gather(
        revoke_role(Role.LEAD, program=program, of=other, by=one, now=NOON),
        revoke_role(Role.LEAD, program=program, of=one, by=other, now=NOON),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotAllowed"]
    assert len(await roles_of(one, program) + await roles_of(other, program)) == 1


async def test_of_the_last_two_leads_taken_at_once_one_stays(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lena Lead")
    by = await an_owner("Otto Owner")
    results = await asyncio.gather(
        *(revoke_role(Role.LEAD, program=program, of=one, by=by, now=NOON) for one in (lead, owner)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["LastLead", "NoneType"]


async def test_the_same_role_given_at_once_by_two_is_given_once(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_listed_person(program, owner, "Sam Stone")
    results = await asyncio.gather(
        *(grant_role(Role.SPONSOR, program=program, to=person, by=owner, now=NOON) for _ in range(4)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["HasRoleAlready"] * 3 + ["NoneType"]
    assert await roles_of(person, program) == ["sponsor"]


async def test_requiring_a_lead_lets_leads_pass_and_nobody_else(database: str) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Stone")
    async with transaction():
        await require_lead(program, owner)
        with pytest.raises(NotAllowed):
            await require_lead(program, sponsor)
