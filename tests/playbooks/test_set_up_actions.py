import pytest

from playbooks.set_up.actions import NobodyToInvite, go_through
from playbooks.set_up.queries import set_up_of
from playbooks.set_up.rules import Step
from program.database import execute, fetch_value, new_id
from program.refusals import NotAllowed
from tests.cast import NOON, a_listed_person, a_new_program, an_owner
from tests.cohorts.scene import a_cohort

pytestmark = pytest.mark.usefixtures("database")


async def test_a_step_is_gone_through_once_and_told_of_once() -> None:
    lead = await an_owner()
    program = await a_new_program(lead)
    for _ in range(2):
        await go_through(Step.SPONSOR, program=program, by=lead, now=NOON)
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'set_up_step_taken'") == 1
    found = await set_up_of(program)
    assert (found.progress.next, found.pilot, found.over) == (Step.PLAYBOOK, None, False)


async def test_nobody_is_not_enough() -> None:
    lead = await an_owner()
    program = await a_new_program(lead)
    with pytest.raises(NobodyToInvite) as refusal:
        await go_through(Step.PEOPLE, program=program, by=lead, now=NOON)
    assert refusal.value.sentence().startswith("List at least one person")
    await a_listed_person(program, lead, "Mia Member")
    await go_through(Step.PEOPLE, program=program, by=lead, now=NOON)


async def test_only_leads_set_a_program_up() -> None:
    lead = await an_owner()
    program = await a_new_program(lead)
    other = await a_listed_person(program, lead, "Mia Member")
    with pytest.raises(NotAllowed):
        await go_through(Step.SPONSOR, program=program, by=other, now=NOON)


async def test_the_pilot_is_the_first_cohort_of_the_first_phase_that_was_not_stopped() -> None:
    lead = await an_owner()
    program = await a_new_program(lead)
    await a_cohort(program, lead, start=None, name="First circle", position=1)
    pilot = await a_cohort(program, lead, start=None)
    assert (await set_up_of(program)).pilot == pilot
    with pytest.raises(LookupError):
        await set_up_of(new_id())


async def test_tracks_follow_the_names_of_their_circles() -> None:
    lead = await an_owner()
    program = await a_new_program(lead)
    await execute("UPDATE phase SET name = 'All depots' WHERE program = $1 AND position = 1", program)
    await go_through(Step.ROLLOUT, program=program, by=lead, now=NOON)
    named = "SELECT t.name FROM track t JOIN track_phase p ON p.track = t.id JOIN phase f ON f.id = p.phase"
    assert (
        await fetch_value(f"{named} WHERE f.program = $1 AND f.position = 1", program)
        == "Ready to speak: All depots"
    )
    assert not (await fetch_value(f"{named} WHERE f.program = $1 AND f.position = 0", program)).startswith(
        "Ready"
    )
