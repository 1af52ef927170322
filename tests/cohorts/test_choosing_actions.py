from typing import Any
from uuid import UUID

import pytest

from cohorts.choosing.actions import choose
from cohorts.choosing.queries import candidates, mix_of
from program.database import fetch, new_id
from program.people.queries import Filter
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Reader, Role
from tests.cast import NOON, a_listed_person, a_person, a_program, an_owner
from tests.cohorts.scene import a_cohort

pytestmark = pytest.mark.usefixtures("database")


async def chosen(cohort: UUID) -> set[UUID]:
    return {row["person"] for row in await fetch("SELECT person FROM choice WHERE cohort = $1", cohort)}


def a_reader(person: UUID, program: UUID, *granted: Role) -> Reader:
    return Reader(
        person=person,
        name="",
        owner=False,
        program=program,
        granted=frozenset(granted),
        listed=True,
        coached=frozenset(),
        memberships=(),
    )


async def test_a_choice_concerns_only_those_whom_it_was_made_among() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=None)
    mia, noa, ben = [await a_listed_person(program, lead, name) for name in ("Mia", "Noa", "Ben")]
    about: dict[str, Any] = {"cohort": cohort, "program": program, "by": lead, "now": NOON}
    await choose([mia, mia, noa], among=[mia, noa, ben], **about)
    assert await chosen(cohort) == {mia, noa}
    await choose([ben], among=[noa, ben], **about)
    assert await chosen(cohort) == {mia, ben}
    await choose([], among=[], **about)
    assert await chosen(cohort) == {mia, ben}


async def test_only_leads_choose_and_only_the_programs_people_for_its_cohorts() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=None)
    mia = await a_listed_person(program, lead, "Mia")
    with pytest.raises(NotAllowed):
        await choose([mia], among=[], cohort=cohort, program=program, by=mia, now=NOON)
    with pytest.raises(NotFound):
        await choose([await a_person()], among=[], cohort=cohort, program=program, by=lead, now=NOON)
    with pytest.raises(NotFound):
        await choose([mia], among=[], cohort=new_id(), program=program, by=lead, now=NOON)


async def test_the_sponsor_and_whoever_is_in_a_cohort_are_not_suggested() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=None)
    mia = await a_listed_person(program, lead, "Mia", networks=["x"], how_often="daily")
    noa = await a_listed_person(program, lead, "Noa", networks=["x"], how_often="weekly")
    reader = a_reader(lead, program, Role.LEAD)
    mix = await mix_of(cohort, seen_by=reader)
    assert [each.somebody.person for each in mix.suggestions] == [mia, noa]
    await choose([mia], among=[], cohort=cohort, program=program, by=lead, now=NOON)
    mix = await mix_of(cohort, seen_by=reader)
    assert [each.somebody.person for each in mix.chosen] == [mia]
    assert [each.somebody.person for each in mix.suggestions] == [noa]
    assert (mix.free, mix.members, mix.pilot) == (12, 0, True)


async def test_nobody_but_a_lead_sees_whom_one_may_choose() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=None)
    sponsor = a_reader(lead, program, Role.SPONSOR)
    with pytest.raises(NotFound):
        await candidates(cohort, Filter(), seen_by=sponsor)
    with pytest.raises(NotFound):
        await mix_of(cohort, seen_by=sponsor)
