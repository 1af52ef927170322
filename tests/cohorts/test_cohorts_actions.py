import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from cohorts.cohorts.actions import (
    CoachesAlready,
    CohortStaysAsItIs,
    NameTaken,
    appoint_coach,
    end_coaching,
    finish_cohort,
    form_cohort,
    pause_cohort,
    prepare_cohort,
    prepare_waiting_cohorts,
    resume_cohort,
    start_tracking,
    stop_cohort,
)
from cohorts.cohorts.rules import CohortState, CohortStep, GateBeforeIsShut, NobodyActive, NotFromHere
from cohorts.enrolments.actions import ReasonMissing
from program.database import fetch, fetch_row, fetch_value, transaction
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Role
from tests.cast import NOON, a_form, a_listed_person, a_person, a_person_with, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member, an_opened_gate, state_of

TODAY = date(2026, 6, 1)
pytestmark = pytest.mark.usefixtures("database")


class Stage:
    """A program with its lead, as every test here begins."""

    def __init__(self, lead: UUID, program: UUID) -> None:
        self.lead, self.program = lead, program

    async def forms(self, name: str = "Pilot", position: int = 0) -> UUID:
        phase = await fetch_value(
            "SELECT id FROM phase WHERE program = $1 AND position = $2", self.program, position
        )
        return await form_cohort(
            name, phase=phase, program=self.program, by=self.lead, now=NOON, sent=a_form(name)
        )

    async def running(self) -> UUID:
        return await a_cohort(self.program, self.lead, start=TODAY - timedelta(days=40))


@pytest.fixture
async def stage(database: str) -> Stage:
    lead = await an_owner()
    return Stage(lead, await a_program(lead))


async def cohort_state(cohort: UUID) -> str:
    state: str = await fetch_value("SELECT state FROM cohort WHERE id = $1", cohort)
    return state


async def newest_event() -> str:
    name: str = await fetch_value("SELECT name FROM event ORDER BY at DESC, number DESC, id DESC LIMIT 1")
    return name


async def test_a_lead_forms_a_cohort_in_the_programs_zone(stage: Stage) -> None:
    row = await fetch_row("SELECT * FROM cohort WHERE id = $1", await stage.forms())
    assert row is not None
    assert (row["name"], row["state"], row["zone"]) == ("Pilot", "forming", "Europe/Berlin")
    assert row["tracking_start_on"] is None
    assert await newest_event() == "cohort_formed"


async def test_the_same_form_sent_twice_forms_one_cohort(stage: Stage) -> None:
    phase = await fetch_value("SELECT id FROM phase WHERE position = 0")
    sent = a_form("Pilot")
    told: dict[str, Any] = {
        "phase": phase,
        "program": stage.program,
        "by": stage.lead,
        "now": NOON,
        "sent": sent,
    }
    first = await form_cohort("Pilot", **told)
    assert await form_cohort("Pilot", **told) == first
    assert await fetch_value("SELECT count(*) FROM cohort") == 1


async def test_two_cohorts_of_a_program_do_not_have_one_name(stage: Stage) -> None:
    await stage.forms("Pilot")
    with pytest.raises(NameTaken):
        await stage.forms("Pilot", position=1)


async def test_a_phase_of_another_program_is_not_found(stage: Stage) -> None:
    other = await a_program(stage.lead, "Another")
    phase = await fetch_value("SELECT id FROM phase WHERE program = $1 AND position = 0", other)
    with pytest.raises(NotFound):
        await form_cohort("Pilot", phase=phase, program=stage.program, by=stage.lead, now=NOON, sent=a_form())


async def test_only_a_lead_forms_or_moves_a_cohort(stage: Stage) -> None:
    sponsor = await a_person_with(Role.SPONSOR, stage.program, stage.lead, "Sam Sponsor")
    cohort = await stage.forms()
    phase = await fetch_value("SELECT id FROM phase WHERE position = 0")
    with pytest.raises(NotAllowed):
        await form_cohort("B", phase=phase, program=stage.program, by=sponsor, now=NOON, sent=a_form())
    with pytest.raises(NotAllowed):
        await prepare_cohort(cohort, program=stage.program, by=sponsor, now=NOON)
    with pytest.raises(NotAllowed):
        await appoint_coach(cohort, sponsor, program=stage.program, by=sponsor, now=NOON)
    with pytest.raises(NotAllowed):
        await end_coaching(cohort, sponsor, program=stage.program, by=sponsor, now=NOON)


async def test_a_cohort_of_another_program_is_not_found(stage: Stage) -> None:
    other = await a_program(stage.lead, "Another")
    cohort = await stage.forms()
    with pytest.raises(NotFound):
        await prepare_cohort(cohort, program=other, by=stage.lead, now=NOON)
    with pytest.raises(NotFound):
        await appoint_coach(cohort, stage.lead, program=other, by=stage.lead, now=NOON)


async def test_the_pilot_prepares_at_once(stage: Stage) -> None:
    cohort = await stage.forms()
    await prepare_cohort(cohort, program=stage.program, by=stage.lead, now=NOON)
    assert await cohort_state(cohort) == "preparing"
    assert await newest_event() == "cohort_prepared"


async def test_a_later_cohort_prepares_only_once_the_gate_before_it_is_open(stage: Stage) -> None:
    cohort = await stage.forms("First circle", position=1)
    with pytest.raises(CohortStaysAsItIs) as refused:
        await prepare_cohort(cohort, program=stage.program, by=stage.lead, now=NOON)
    assert refused.value.reasons == (GateBeforeIsShut("Pilot"),)
    assert "“Pilot” is still shut" in refused.value.sentence()
    await an_opened_gate(stage.program)
    await prepare_cohort(cohort, program=stage.program, by=stage.lead, now=NOON)
    assert await cohort_state(cohort) == "preparing"


async def test_opening_a_gate_lets_the_forming_cohorts_behind_it_prepare(stage: Stage) -> None:
    waiting = await stage.forms("First circle", position=1)
    pilot = await stage.forms("Pilot")
    phase = await fetch_value("SELECT phase FROM cohort WHERE id = $1", waiting)
    async with transaction():
        await prepare_waiting_cohorts(phase, by=stage.lead, now=NOON)
    assert (await cohort_state(waiting), await cohort_state(pilot)) == ("preparing", "forming")


async def test_tracking_starts_today_with_somebody_active(stage: Stage) -> None:
    cohort = await a_cohort(stage.program, stage.lead, start=None)
    told: dict[str, Any] = {"program": stage.program, "by": stage.lead, "now": NOON, "today": TODAY}
    with pytest.raises(CohortStaysAsItIs) as refused:
        await start_tracking(cohort, **told)
    assert refused.value.reasons == (NobodyActive(),)
    await a_member(cohort, [("active", TODAY, None)])
    await start_tracking(cohort, **told)
    row = await fetch_row("SELECT state, tracking_start_on FROM cohort WHERE id = $1", cohort)
    assert row is not None
    assert (row["state"], row["tracking_start_on"]) == ("running", TODAY)
    reading = await fetch_row(
        "SELECT from_on, numerator, denominator FROM reading WHERE measure = 'eligible_share'"
    )
    assert reading is not None
    assert tuple(reading) == (TODAY, 1, 1)


async def test_tracking_does_not_start_twice(stage: Stage) -> None:
    with pytest.raises(CohortStaysAsItIs) as refused:
        await start_tracking(
            await stage.running(), program=stage.program, by=stage.lead, now=NOON, today=TODAY
        )
    assert refused.value.reasons == (NotFromHere(CohortStep.START, CohortState.RUNNING),)


async def test_a_cohort_is_paused_with_a_reason_and_goes_on(stage: Stage) -> None:
    cohort = await stage.running()
    told: dict[str, Any] = {"program": stage.program, "by": stage.lead, "now": NOON}
    with pytest.raises(ReasonMissing):
        await pause_cohort(cohort, reason="", today=TODAY, **told)
    await pause_cohort(cohort, reason="Summer", today=TODAY, **told)
    with pytest.raises(CohortStaysAsItIs):
        await pause_cohort(cohort, reason="Again", today=TODAY, **told)
    await resume_cohort(cohort, today=TODAY + timedelta(days=9), **told)
    with pytest.raises(CohortStaysAsItIs):
        await resume_cohort(cohort, today=TODAY + timedelta(days=9), **told)
    pauses = await fetch("SELECT from_on, until_on, reason FROM cohort_pause")
    assert [tuple(pause) for pause in pauses] == [(TODAY, TODAY + timedelta(days=9), "Summer")]


async def test_a_finished_cohort_leaves_nobody_under_way(stage: Stage) -> None:
    cohort = await stage.running()
    before = TODAY - timedelta(days=30)
    states = ["active", "paused", "preparing", "invited", "suspended", "declined"]
    members = [await a_member(cohort, [(state, before, None)]) for state in states]
    await pause_cohort(cohort, program=stage.program, reason="Summer", by=stage.lead, now=NOON, today=TODAY)
    await finish_cohort(cohort, program=stage.program, by=stage.lead, now=NOON, today=TODAY)
    assert [await state_of(member) for member in members] == [
        "finished",
        "finished",
        "withdrawn",
        "withdrawn",
        "suspended",
        "declined",
    ]
    assert await cohort_state(cohort) == "finished"
    assert await fetch_value("SELECT until_on FROM cohort_pause") == TODAY
    assert await newest_event() == "cohort_finished"


async def test_a_stopped_cohort_keeps_why_with_its_members(stage: Stage) -> None:
    cohort = await stage.forms()
    member = await a_member(cohort, [("invited", TODAY, None)])
    told: dict[str, Any] = {"program": stage.program, "by": stage.lead, "now": NOON, "today": TODAY}
    with pytest.raises(ReasonMissing):
        await stop_cohort(cohort, reason="", **told)
    await stop_cohort(cohort, reason="The site closes.", **told)
    assert await cohort_state(cohort) == "stopped"
    spell = await fetch_row(
        "SELECT state, reason FROM spell WHERE enrolment = $1 AND until_on IS NULL", member
    )
    assert spell is not None
    assert tuple(spell) == ("withdrawn", "The site closes.")


async def test_a_coach_is_appointed_once_and_ended(stage: Stage) -> None:
    cohort = await stage.forms()
    coach = await a_listed_person(stage.program, stage.lead, "Cora Coach")
    told: dict[str, Any] = {"program": stage.program, "by": stage.lead, "now": NOON}
    await appoint_coach(cohort, coach, **told)
    with pytest.raises(CoachesAlready):
        await appoint_coach(cohort, coach, **told)
    await end_coaching(cohort, coach, **told)
    with pytest.raises(NotFound):
        await end_coaching(cohort, coach, **told)
    await appoint_coach(cohort, coach, **told)
    assert await fetch_value("SELECT count(*) FROM coaching WHERE ended_at IS NULL") == 1


async def test_only_one_of_the_programs_people_coaches(stage: Stage) -> None:
    cohort = await stage.forms()
    with pytest.raises(NotFound):
        await appoint_coach(cohort, await a_person(), program=stage.program, by=stage.lead, now=NOON)


async def test_of_two_who_start_tracking_at_once_one_does(stage: Stage) -> None:
    cohort = await a_cohort(stage.program, stage.lead, start=None)
    await a_member(cohort, [("active", TODAY, None)])
    told: dict[str, Any] = {"program": stage.program, "by": stage.lead, "now": NOON, "today": TODAY}
    answers = await asyncio.gather(
        *(start_tracking(cohort, **told) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["CohortStaysAsItIs"] * 3 + ["NoneType"]
