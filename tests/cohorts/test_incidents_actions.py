from uuid import UUID

import pytest

from cohorts.incidents.actions import ClosedAlready, close_incident, report_incident
from cohorts.incidents.queries import Incidents, incident, incidents
from cohorts.incidents.rules import Gravity
from program.database import fetch_value
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Reader, Role
from tests.cast import NOON, a_form, a_listed_person, a_person_with, a_program, an_owner

pytestmark = pytest.mark.usefixtures("database")


async def reported(program: UUID, by: UUID, gravity: Gravity = Gravity.MINOR) -> UUID:
    return await report_incident(
        gravity, "A post went wrong.", program=program, by=by, now=NOON, sent=a_form()
    )


def reader(program: UUID, person: UUID, *roles: Role) -> Reader:
    return Reader(
        person=person,
        name="",
        owner=False,
        program=program,
        granted=frozenset(roles),
        listed=True,
        coached=frozenset(),
        memberships=(),
    )


def grave(found: Incidents) -> list[Gravity]:
    return [each.gravity for each in found.open_ones]


async def test_who_sees_what_of_an_incident() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    reporter = await a_listed_person(program, owner, "Lia Listed")
    other = await a_listed_person(program, owner, "Leo Listed")
    id = await reported(program, reporter, Gravity.GRAVE)
    await reported(program, owner, Gravity.MINOR)
    for person, roles, read, known in (
        (other, (Role.REVIEWER,), 2, 2),
        (owner, (Role.LEAD,), 1, 2),
        (other, (Role.LEAD,), 0, 2),
        (other, (Role.SPONSOR,), 0, 1),
        (reporter, (), 1, 0),
        (other, (), 0, 0),
    ):
        found = await incidents(reader(program, person, *roles))
        assert (len(found.read), len(found.open_ones)) == (read, known), roles
    assert grave(await incidents(reader(program, other, Role.SPONSOR))) == [Gravity.GRAVE]
    assert (await incident(id, seen_by=reader(program, reporter))).id == id
    for roles in ((), (Role.LEAD,), (Role.SPONSOR,)):
        with pytest.raises(NotFound):
            await incident(id, seen_by=reader(program, other, *roles))


async def test_a_reviewer_closes_an_incident_once_with_what_was_learned() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    reviewer = await a_person_with(Role.REVIEWER, program, owner, "Rita Reviewer")
    id = await reported(program, owner)
    with pytest.raises(NotAllowed):
        await close_incident(id, "Ask first.", program=program, by=owner, now=NOON)
    with pytest.raises(NotFound):
        await close_incident(
            id, "Ask first.", program=await a_program(owner, "Another"), by=reviewer, now=NOON
        )
    await close_incident(id, "Ask first.", program=program, by=reviewer, now=NOON)
    with pytest.raises(ClosedAlready) as late:
        await close_incident(id, "Again.", program=program, by=reviewer, now=NOON)
    assert late.value.sentence()
    view = await incident(id, seen_by=reader(program, owner))
    assert (view.learned, view.closed_at) == ("Ask first.", NOON)
    assert (await incidents(reader(program, owner, Role.LEAD))).open_ones == ()


async def test_the_same_report_is_one_incident_and_comes_from_the_programs_people() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    form = a_form()
    ids = {
        await report_incident(Gravity.MAJOR, "Oh.", program=program, by=owner, now=NOON, sent=form)
        for _ in range(2)
    }
    assert len(ids) == 1
    assert await fetch_value("SELECT count(*) FROM incident") == 1
    with pytest.raises(NotFound):
        await reported(program, await an_owner("Somebody Else"))
