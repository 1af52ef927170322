import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from cohorts.criteria.actions import GateIsDecided, tick, untick
from cohorts.gates.actions import GateRefuses, hold, lift_hold, lock_gate, recycle, tell_ready_gates
from cohorts.gates.judged import the_gate
from cohorts.gates.queries import gate_state_and_forecast
from cohorts.gates.rules import DayNotAhead, GateIsClosed, GateState, HeldUntil, ReasonMissing
from program.database import execute, fetch, fetch_value, new_id, transaction
from program.form_keys.actions import Sent, SentBefore
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Role
from tests.cast import NOON, a_form, a_listed_person, a_person_with, a_program, an_owner
from tests.cohorts.scene import a_ready_pilot, the_item
from tests.cohorts.scene import the_gate as the_gate_of

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 6, 1)
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
TOMORROW = TODAY + timedelta(days=1)


async def state_of(gate: UUID, program: UUID, today: date = TODAY) -> GateState:
    return (await the_gate(gate, program=program, today=today)).state


async def held(
    gate: UUID,
    program: UUID,
    by: UUID,
    until_on: date = TOMORROW,
    *,
    reason: str = "The works council asks.",
    sent: Sent | None = None,
) -> UUID:
    return await hold(
        gate,
        program=program,
        until_on=until_on,
        reason=reason,
        by=by,
        now=NOON,
        today=TODAY,
        sent=sent or a_form(),
    )


async def recycled(
    gate: UUID,
    program: UUID,
    by: UUID,
    from_on: date = TODAY,
    *,
    reason: str = "The policy changed.",
    sent: Sent | None = None,
) -> UUID:
    return await recycle(
        gate,
        program=program,
        from_on=from_on,
        reason=reason,
        by=by,
        now=NOON,
        today=TODAY,
        sent=sent or a_form(),
    )


async def test_a_pilot_that_did_all_that_is_asked_makes_its_gate_ready() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await a_ready_pilot(program, owner, today=TODAY)
    assert await state_of(gate, program) is GateState.READY
    first, *others = await gate_state_and_forecast(program, today=TODAY)
    assert (first.id, first.name, first.opens_name, first.state) == (
        gate,
        "Pilot",
        "First circle",
        GateState.READY,
    )
    assert (first.expected_on, first.waits) == (None, False)
    assert [line.state for line in others] == [GateState.SHUT, GateState.SHUT]


async def test_a_hold_keeps_a_gate_shut_until_its_day_or_until_it_is_lifted() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await a_ready_pilot(program, owner, today=TODAY)
    await held(gate, program, owner)
    stands = await the_gate(gate, program=program, today=TODAY)
    assert stands.holding == (HeldUntil(TOMORROW),)
    assert stands.hold is not None
    assert stands.hold.reason == "The works council asks."
    assert await state_of(gate, program, TOMORROW) is GateState.READY
    await held(gate, program, owner, TOMORROW + timedelta(days=9))
    assert await state_of(gate, program, TOMORROW) is GateState.SHUT
    await lift_hold(gate, program=program, by=owner, now=NOON, today=TODAY)
    assert await state_of(gate, program) is GateState.READY
    await lift_hold(gate, program=program, by=owner, now=NOON, today=TODAY)
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'gate_hold_lifted'") == 1


async def test_a_recycle_lets_the_months_be_counted_anew() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await a_ready_pilot(program, owner, today=TODAY)
    await recycled(gate, program, owner)
    stands = await the_gate(gate, program=program, today=TODAY)
    assert stands.state is GateState.SHUT
    assert stands.judged is not None
    assert stands.judged.months.cohorts[0].tracked.counted == 0


@pytest.mark.parametrize("act", [held, recycled])
async def test_the_same_form_holds_and_recycles_once(act: Callable[..., Awaitable[UUID]]) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate, form = await the_gate_of(program), a_form("as typed")
    first = await act(gate, program, owner, TOMORROW, sent=form)
    assert await act(gate, program, owner, TOMORROW, sent=form) == first
    with pytest.raises(SentBefore):
        await act(gate, program, owner, TOMORROW, sent=Sent.of(form.key, b"with other words"))


@pytest.mark.parametrize("act", [held, recycled])
async def test_holding_and_recycling_are_for_leads_and_need_a_reason(
    act: Callable[..., Awaitable[UUID]],
) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await the_gate_of(program)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    with pytest.raises(NotAllowed):
        await act(gate, program, sponsor, TOMORROW)
    with pytest.raises(GateRefuses) as refused:
        await act(gate, program, owner, TOMORROW, reason=" ")
    assert refused.value.reasons == (ReasonMissing(),)
    assert "reason" in refused.value.sentence()
    with pytest.raises(NotFound):
        await act(gate, await a_program(owner, "Another"), owner, TOMORROW)


async def test_a_hold_ends_after_today() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    with pytest.raises(GateRefuses) as refused:
        await held(await the_gate_of(program), program, owner, TODAY, reason="")
    assert refused.value.reasons == (ReasonMissing(), DayNotAhead(TODAY))
    assert len(refused.value.reason_sentences()) == 1


async def decide(gate: UUID, outcome: str) -> None:
    await execute(
        "INSERT INTO decision (id, gate, outcome, evidence, evidence_hash, decided_at) VALUES ($1, $2, $3, '{}', '', $4)",
        new_id(),
        gate,
        outcome,
        NOON,
    )


async def test_nothing_is_held_recycled_or_ticked_once_it_is_decided() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await the_gate_of(program)
    await decide(gate, "opened")
    for act in (held, recycled):
        with pytest.raises(GateRefuses) as refused:
            await act(gate, program, owner, TOMORROW)
        assert refused.value.reasons == (GateIsClosed(GateState.OPENED),)
    with pytest.raises(GateIsDecided) as late:
        await tick(await the_item(gate), program=program, by=owner, now=NOON)
    assert late.value.sentence()


async def test_a_stopped_program_has_no_gate_to_open() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await decide(await the_gate_of(program), "stopped")
    lines = await gate_state_and_forecast(program, today=TODAY)
    assert {line.state for line in lines} == {GateState.STOPPED}


async def test_a_lead_or_its_owner_ticks_an_item_off_and_takes_it_back() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await the_gate_of(program)
    item = await the_item(gate)
    stranger = await a_listed_person(program, owner, "Lia Listed")
    with pytest.raises(NotAllowed):
        await tick(item, program=program, by=stranger, now=NOON)
    await execute("UPDATE criterion SET owner = $2 WHERE id = $1", item, stranger)
    await tick(item, program=program, by=stranger, now=NOON)
    await tick(item, program=program, by=owner, now=NOON)
    stands = await the_gate(gate, program=program, today=TODAY)
    assert stands.judged is not None
    assert stands.judged.facts.ticked == {item: TODAY}
    await untick(item, program=program, by=owner, now=NOON)
    await untick(item, program=program, by=owner, now=NOON)
    stands = await the_gate(gate, program=program, today=TODAY)
    assert stands.judged is not None
    assert stands.judged.facts.ticked == {}
    told = await fetch("SELECT name FROM event WHERE name LIKE 'checklist%' ORDER BY number")
    assert [row["name"] for row in told] == ["checklist_item_done", "checklist_item_taken_back"]
    with pytest.raises(NotFound):
        await tick(uuid4(), program=program, by=owner, now=NOON)


async def test_gatekeepers_are_written_to_once_for_each_time_that_a_gate_becomes_ready() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    gate = await a_ready_pilot(program, owner, today=TODAY)
    assert await tell_ready_gates(NOON) == 1
    assert await tell_ready_gates(NOON) == 0
    told = await fetch("SELECT recipient FROM delivery WHERE letter = 'gate_ready'")
    assert {row["recipient"] for row in told} == {owner, sponsor}
    await untick(await the_item(gate), program=program, by=owner, now=NOON)
    assert await tell_ready_gates(NOON) == 0
    await tick(await the_item(gate), program=program, by=owner, now=NOON)
    assert await tell_ready_gates(NOON) == 1
    assert await fetch_value("SELECT count(*) FROM delivery WHERE letter = 'gate_ready'") == 4


async def test_a_gate_that_is_found_shut_by_a_clock_that_was_set_back_is_not_ready_any_more() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await a_ready_pilot(program, owner, today=TODAY)
    assert await tell_ready_gates(NOON) == 1
    await untick(await the_item(gate), program=program, by=owner, now=NOON)
    assert await tell_ready_gates(NOON - timedelta(hours=1)) == 0
    assert await fetch_value("SELECT ended_at FROM readiness") == NOON


async def test_two_jobs_at_the_same_moment_write_once() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gate = await a_ready_pilot(program, owner, today=TODAY)
    async with transaction():
        await lock_gate(gate, program)
        jobs = [asyncio.create_task(tell_ready_gates(NOON), context=Context()) for _ in range(2)]
        async with asyncio.timeout(60):
            while await fetch_value(_WAITING) < 2:
                pass
    assert sorted(await asyncio.gather(*jobs)) == [0, 1]
    assert await fetch_value("SELECT count(*) FROM delivery WHERE letter = 'gate_ready'") == 1
