from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from cohorts.criteria.rules import Withheld
from cohorts.gates.queries import GatePage, gate_page, gate_state_and_forecast
from cohorts.gates.rules import CriterionNotMet, GateState
from cohorts.months.actions import retake_months
from program.database import execute, fetch_value, new_id, transaction
from program.refusals import NotFound
from program.roles.rules import Membership, Reader, Role
from tests.cast import NOON, a_program, an_owner, counted_queries
from tests.cohorts.scene import a_cohort, a_member, a_ready_pilot, an_activity
from tests.cohorts.scene import the_gate as the_gate_of
from tests.cohorts.test_decisions_actions import a_decision

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 6, 1)
START = date(2026, 2, 1)


def a_reader(
    program: UUID,
    *roles: Role,
    cohort: UUID | None = None,
    state: str = "active",
    coached: UUID | None = None,
) -> Reader:
    membership = Membership(cohort=cohort, enrolment=uuid4(), state=state, pilot=True) if cohort else None
    return Reader(
        person=uuid4(),
        name="",
        owner=False,
        program=program,
        granted=frozenset(roles),
        listed=True,
        coached=frozenset({coached} if coached else ()),
        memberships=(membership,) if membership else (),
    )


async def seen(gate: UUID, reader: Reader) -> GatePage:
    return await gate_page(gate, seen_by=reader, today=TODAY)


async def a_small_pilot(*, members: int = 4, took_part: int = 1) -> tuple[UUID, UUID, UUID]:
    """The program, cohort and gate of a pilot with few members, of whom some took part each month."""
    owner = await an_owner()
    program = await a_program(owner)
    cohort = await a_cohort(program, owner, start=START)
    for number in range(members):
        enrolment = await a_member(cohort, [("active", START, None)])
        for month in range(4 if number < took_part else 0):
            await an_activity(cohort, enrolment, START.replace(month=2 + month), month=month)
    return program, cohort, await the_gate_of(program)


def took_part(page: GatePage):
    assert page.inside is not None
    return next(line for line in page.inside.criteria if line.standing.criterion.measure == "took_part_share")


@pytest.mark.parametrize("role", [Role.LEAD, Role.SPONSOR, Role.REVIEWER])
async def test_leads_sponsors_and_reviewers_see_all_of_a_gate(role: Role) -> None:
    program, _cohort, gate = await a_small_pilot()
    page = await seen(gate, a_reader(program, role))
    assert page.inside is not None
    assert page.panel is not None
    assert page.panel.may_vote == (role is not Role.REVIEWER)
    assert page.panel.may_lead == (role is Role.LEAD)


async def test_members_and_coaches_of_its_cohorts_see_what_it_asks_but_not_the_votes() -> None:
    program, cohort, gate = await a_small_pilot()
    for reader in (a_reader(program, cohort=cohort), a_reader(program, coached=cohort)):
        page = await seen(gate, reader)
        assert page.inside is not None
        assert (page.panel, page.decision, page.reason) == (None, None, None)


async def test_others_see_only_its_state_and_forecast() -> None:
    program, cohort, gate = await a_small_pilot()
    for reader in (
        a_reader(program),
        a_reader(program, cohort=uuid4()),
        a_reader(program, cohort=cohort, state="withdrawn"),
    ):
        page = await seen(gate, reader)
        assert (page.inside, page.panel, page.decision, page.reason) == (None, None, None, None)
        assert page.line.state is GateState.SHUT
        assert page.line.waits


async def test_after_the_decision_members_see_its_reason_and_coaches_and_others_its_outcome() -> None:
    it = await a_decision()
    await it.vote(it.lead)
    await it.vote(it.sponsor, comment="It works.")
    cohort: UUID = await fetch_value("SELECT id FROM cohort WHERE program = $1", it.program)
    member = await seen(it.gate, a_reader(it.program, cohort=cohort))
    assert (member.reason, member.decision) == ("It works.", None)
    assert member.inside is not None
    coach = await seen(it.gate, a_reader(it.program, coached=cohort))
    assert (coach.reason, coach.decision) == (None, None)
    sponsor = await seen(it.gate, a_reader(it.program, Role.SPONSOR))
    assert sponsor.decision is not None
    assert sponsor.panel is None
    other = await seen(it.gate, a_reader(it.program))
    assert (other.line.state, other.inside, other.reason) == (GateState.OPENED, None, None)


async def test_figures_of_few_people_are_for_those_who_see_them_named() -> None:
    program, cohort, gate = await a_small_pilot(members=4)
    for reader in (a_reader(program, Role.LEAD), a_reader(program, coached=cohort)):
        line = took_part(await seen(gate, reader))
        assert not line.withheld
        assert line.standing.value is not None
    for reader in (a_reader(program, Role.SPONSOR), a_reader(program, cohort=cohort)):
        page = await seen(gate, reader)
        line = took_part(page)
        assert line.withheld
        assert (line.standing.value, line.standing.values, line.met) == (None, (), False)
        assert page.inside is not None
        held = [each.standing for each in page.inside.holding if isinstance(each, CriterionNotMet)]
        assert (Withheld("took_part_share"),) in [standing.reasons for standing in held]


async def test_figures_of_five_people_may_be_seen() -> None:
    program, _cohort, gate = await a_small_pilot(members=5)
    assert not took_part(await seen(gate, a_reader(program, Role.SPONSOR))).withheld


async def test_a_gate_of_another_program_is_not_found() -> None:
    _program, _cohort, gate = await a_small_pilot()
    other = await a_program(await an_owner("Another"), "Another")
    with pytest.raises(NotFound):
        await seen(gate, a_reader(other, Role.LEAD))


async def test_every_cohort_of_the_phase_is_judged_but_those_left_out() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await a_ready_pilot(program, owner, today=TODAY)
    late = await a_cohort(program, owner, start=START, name="Lyon")
    page = await seen(gate, a_reader(program, Role.LEAD))
    assert page.line.state is GateState.SHUT
    assert page.inside is not None
    assert [cohort.name for cohort in page.inside.cohorts] == ["Pilot", "Lyon"]
    await execute(
        "INSERT INTO cohort_left_out (id, cohort, reason, left_out_at, left_out_by) VALUES ($1, $2, 'Too small.', $3, $4)",
        new_id(),
        late,
        NOON,
        owner,
    )
    page = await seen(gate, a_reader(program, Role.LEAD))
    assert page.line.state is GateState.READY
    assert page.inside is not None
    assert [cohort.left_out for cohort in page.inside.cohorts] == [None, "Too small."]


async def test_a_finished_cohort_has_ended_on_the_day_its_last_member_was_finished() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    cohort = await a_cohort(program, owner, start=START)
    ended_on = date(2026, 4, 20)
    await a_member(cohort, [("active", START, ended_on), ("finished", ended_on, None)])
    await execute("UPDATE cohort SET state = 'finished' WHERE id = $1", cohort)
    page = await seen(await the_gate_of(program), a_reader(program, Role.LEAD))
    assert page.inside is not None
    assert page.inside.cohorts[0].tracked.ended_on == ended_on


async def test_judging_a_gate_costs_the_same_however_many_activities_cohorts_and_gates_there_are() -> None:
    program, cohort, gate = await a_small_pilot(members=6, took_part=6)
    async with transaction():
        await retake_months(cohort, from_on=START, today=TODAY, now=NOON)
    lead = a_reader(program, Role.LEAD)
    judged = await seen(gate, lead)
    with counted_queries() as before:
        await seen(gate, lead)
    assert len(before) == 7
    await execute(
        "INSERT INTO activity (id, cohort, enrolment, kind, network, done_on, month, logged_at)"
        " SELECT gen_random_uuid(), e.cohort, e.id, 'talk', 'in_person', $2, 3, $3"
        " FROM enrolment e, generate_series(1, 1700) WHERE e.cohort = $1",
        cohort,
        TODAY - timedelta(days=20),
        NOON,
    )
    await execute(
        "UPDATE member_month SET activities = activities + 1700 WHERE cohort = $1 AND month = 3", cohort
    )
    async with transaction():
        await retake_months(cohort, from_on=START, today=TODAY, now=NOON)
    await execute("ANALYZE")
    with counted_queries() as after:
        assert await seen(gate, lead) == judged
    assert after == before
    assert not any("FROM activity" in query for query in after)
    owner = await fetch_value("SELECT made_by FROM program WHERE id = $1", program)
    for number in range(5):
        await a_cohort(program, owner, start=START, name=f"Cohort {number}")
    with counted_queries() as many:
        await seen(gate, lead)
    assert len(many) == len(before)
    with counted_queries() as every_gate:
        await gate_state_and_forecast(program, today=TODAY)
    assert len(every_gate) <= 4
