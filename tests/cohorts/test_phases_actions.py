from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from cohorts.phases.actions import (
    FirstGateAsks,
    GateIsAsking,
    PhaseHasBegun,
    PhaseTold,
    PlacesAreTaken,
    SamePhaseName,
    lay_out_rollout,
)
from cohorts.phases.queries import LaidOut, laid_out
from cohorts.phases.words import EVENTS
from program.database import execute, fetch_value
from program.refusals import NotAllowed
from tests.cast import NOON, a_listed_person, a_new_program, an_owner
from tests.cohorts.scene import a_cohort, a_member

pytestmark = pytest.mark.usefixtures("database")
PLANNED = (
    PhaseTold(name="Pilot", capacity=12, audience=None),
    PhaseTold(name="First circle", capacity=60, audience=None),
    PhaseTold(name="Second circle", capacity=300, audience=None),
    PhaseTold(name="Company-wide", capacity=None, audience=None),
)
ASKED = FirstGateAsks(months=6, took_part=60, learnings=12)


async def a_new_lead() -> tuple[UUID, UUID]:
    lead = await an_owner()
    return lead, await a_new_program(lead)


async def lay_out(program: UUID, by: UUID, *told: PhaseTold, **asks: Any) -> LaidOut:
    """Those phases first and the others as planned; and what the gate asks, as by default but for `asks`."""
    phases = (*told, *PLANNED[len(told) :])
    await lay_out_rollout(program, phases, replace(ASKED, **asks), by=by, now=NOON)
    return await laid_out(program)


async def test_a_new_rollout_is_as_planned_and_saying_so_changes_nothing() -> None:
    lead, program = await a_new_lead()
    found = await lay_out(program, lead)
    assert [(phase.name, phase.capacity, phase.audience) for phase in found.phases] == [
        (told.name, told.capacity, told.audience) for told in PLANNED
    ]
    assert (found.asks.months, found.asks.took_part, found.asks.learnings) == (6, 60, 12)
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'rollout_laid_out'") == 0


async def test_phases_change_and_so_does_what_the_first_gate_asks() -> None:
    lead, program = await a_new_lead()
    first = PhaseTold(name="First circle", capacity=8, audience="Those who speak already")
    found = await lay_out(
        program, lead, first, replace(PLANNED[1], name="Pilot"), months=4, took_part=50, learnings=8
    )
    assert [phase.name for phase in found.phases][:2] == ["First circle", "Pilot"]
    assert (found.phases[0].capacity, found.phases[0].audience) == (8, "Those who speak already")
    assert (found.asks.months, found.asks.took_part, found.asks.learnings) == (4, 50, 8)
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'rollout_laid_out'") == 1
    assert EVENTS["rollout_laid_out"]({}) == "laid out the rollout"
    others = "SELECT count(*) FROM criterion WHERE measure = 'learnings_accepted' AND target = 12"
    assert await fetch_value(others) == 2


async def test_what_the_gate_does_not_ask_for_stays_away() -> None:
    lead, program = await a_new_lead()
    await execute(
        "UPDATE criterion SET removed_at = $1 WHERE measure IN ('took_part_share', 'learnings_accepted')",
        NOON,
    )
    found = await lay_out(program, lead, took_part=None, learnings=None)
    assert (found.asks.took_part, found.asks.learnings) == (None, None)


async def test_no_two_circles_have_one_name() -> None:
    lead, program = await a_new_lead()
    with pytest.raises(SamePhaseName) as refusal:
        await lay_out(program, lead, PLANNED[0], replace(PLANNED[1], name="pilot"))
    assert refusal.value.field == "name-1"
    assert "“pilot”" in refusal.value.sentence()


async def test_a_circle_keeps_the_places_that_are_taken() -> None:
    lead, program = await a_new_lead()
    cohort = await a_cohort(program, lead, start=None)
    for _ in range(2):
        await a_member(cohort, [("invited", NOON.date(), None)])
    with pytest.raises(PlacesAreTaken) as refusal:
        await lay_out(program, lead, replace(PLANNED[0], capacity=1))
    assert (refusal.value.field, refusal.value.sentence()) == (
        "capacity-0",
        "2 places are taken already.",
    )
    assert (await lay_out(program, lead, replace(PLANNED[0], capacity=2))).phases[0].capacity == 2


async def test_what_has_begun_stays_as_it_was_planned() -> None:
    lead, program = await a_new_lead()
    await a_cohort(program, lead, start=NOON.date())
    with pytest.raises(PhaseHasBegun) as begun:
        await lay_out(program, lead, replace(PLANNED[0], audience="Others"))
    assert begun.value.field == "name-0"
    assert begun.value.sentence().startswith("“Pilot” has begun")
    with pytest.raises(GateIsAsking) as asking:
        await lay_out(program, lead, months=3)
    assert "at the gate, with a reason" in asking.value.sentence()
    found = await lay_out(program, lead, PLANNED[0], replace(PLANNED[1], capacity=40))
    assert [(phase.begun, phase.capacity) for phase in found.phases][:2] == [(True, 12), (False, 40)]


async def test_only_leads_lay_out_the_rollout() -> None:
    lead, program = await a_new_lead()
    with pytest.raises(NotAllowed):
        await lay_out(program, await a_listed_person(program, lead, "Mia Member"))
