"""Giving and taking roles."""

import asyncio

import pytest

from program.database import fetch, fetch_value
from program.refusals import NotAllowed, NotFound, Refusal
from program.roles.actions import HasRoleAlready, LastLead, grant_role, revoke_role
from program.roles.rules import Role
from tests.cast import NOON, a_listed_person, a_person, a_person_with, a_program, an_owner

pytestmark = pytest.mark.usefixtures("database")


async def test_a_role_is_given_once_and_its_holder_told_by_letter() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    anna = await a_listed_person(program, owner, "Anna Berg")
    await grant_role(Role.SPONSOR, program=program, to=anna, by=owner, now=NOON)
    with pytest.raises(HasRoleAlready) as refused:
        await grant_role(Role.SPONSOR, program=program, to=anna, by=owner, now=NOON)
    assert refused.value.sentence() == "They have this role already."
    letters = await fetch("SELECT recipient, facts FROM delivery WHERE letter = 'role_granted'")
    assert [tuple(letter) for letter in letters] == [(anna, '{"role": "sponsor"}')]


async def test_a_role_is_given_to_the_programs_people_alone() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    outsider = await a_person("Otto Outsider")
    with pytest.raises(NotFound):
        await grant_role(Role.LEAD, program=program, to=outsider, by=owner, now=NOON)


async def test_only_leads_and_owners_give_and_take_roles() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    with pytest.raises(NotAllowed):
        await grant_role(Role.LEAD, program=program, to=sponsor, by=sponsor, now=NOON)
    with pytest.raises(NotAllowed):
        await revoke_role(Role.LEAD, program=program, of=owner, by=sponsor, now=NOON)


async def test_a_role_taken_back_has_no_effect_from_that_moment_on() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    await revoke_role(Role.LEAD, program=program, of=lead, by=owner, now=NOON)
    with pytest.raises(NotAllowed):
        await grant_role(Role.SPONSOR, program=program, to=lead, by=lead, now=NOON)
    with pytest.raises(NotFound):
        await revoke_role(Role.LEAD, program=program, of=lead, by=owner, now=NOON)


async def test_the_last_lead_stays() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    with pytest.raises(LastLead) as refused:
        await revoke_role(Role.LEAD, program=program, of=owner, by=owner, now=NOON)
    assert refused.value.sentence() == "A program needs a lead. Name another one first."
    assert await fetch_value("SELECT count(*) FROM role_grant WHERE revoked_at IS NULL") == 1


async def test_two_leads_who_take_the_role_from_each_other_do_not_lock_each_other_out() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lea = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    leo = await a_person_with(Role.LEAD, program, owner, "Leo Lead")
    for _ in range(20):
        answers = await asyncio.gather(
            revoke_role(Role.LEAD, program=program, of=leo, by=lea, now=NOON),
            revoke_role(Role.LEAD, program=program, of=lea, by=leo, now=NOON),
            return_exceptions=True,
        )
        refused = [answer for answer in answers if answer is not None]
        assert len(refused) == 1
        assert isinstance(refused[0], Refusal)
        loser = leo if answers[0] is None else lea
        await grant_role(Role.LEAD, program=program, to=loser, by=owner, now=NOON)
