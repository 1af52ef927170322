"""Holding a gate shut, counting its months anew, and telling its gatekeepers when it is ready."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from cohorts.gates.judged import JudgedGate, judged_gates, the_gate
from cohorts.gates.rules import GateState, what_bars_hold, what_bars_recycle
from cohorts.gates.words import bar_sentence
from program.database import execute, fetch, fetch_value, new_id, transaction
from program.events.actions import Letter, record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotAllowed, NotFound, Refusal
from program.roles.rules import Role


class GateRefuses(Refusal):
    """A vote, a hold or a recycle may not be; `reasons` are the bars, said in `sentences`."""

    def __init__(self, *bars: object, sentences: list[str]) -> None:
        super().__init__(*bars)
        self._sentences = sentences

    def sentence(self) -> str:
        return self._sentences[0]

    def reason_sentences(self) -> list[str]:
        return self._sentences[1:]


async def lock_gate(gate: UUID, program: UUID) -> None:
    """Within a transaction: nobody else decides on this gate of the program until it ends. Raises `NotFound`."""
    if not await fetch_value(
        "SELECT true FROM gate WHERE id = $1 AND program = $2 FOR UPDATE", gate, program
    ):
        raise NotFound


async def roles_at_the_gate(program: UUID) -> dict[UUID, frozenset[Role]]:
    """Within a transaction: the leads and sponsors of a program, who stay so until it ends. Nobody who left is one."""
    rows = await fetch(
        "SELECT person, role FROM role_grant g WHERE program = $1 AND role IN ('lead', 'sponsor')"
        " AND revoked_at IS NULL"
        " AND NOT EXISTS (SELECT FROM departure d WHERE d.person = g.person AND d.returned_at IS NULL)"
        " ORDER BY person FOR SHARE OF g",
        program,
    )
    found: dict[UUID, frozenset[Role]] = {}
    for row in rows:
        found[row["person"]] = found.get(row["person"], frozenset()) | {Role(row["role"])}
    return found


async def hold(
    gate: UUID,
    *,
    program: UUID,
    until_on: date,
    reason: str,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> UUID:
    """A lead bars a gate from opening before a day, in place of a hold in force. Answers the hold's id."""
    async with transaction():
        stands, roles = await _gate_for_lead(gate, program, by, today)
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return earlier
        bars = what_bars_hold(roles, until_on=until_on, reason=reason, state=stands.state, today=today)
        if bars:
            raise GateRefuses(*bars, sentences=[bar_sentence(bar, today) for bar in bars])
        await execute("UPDATE hold SET lifted_at = $2 WHERE gate = $1 AND lifted_at IS NULL", gate, now)
        await execute(
            "INSERT INTO hold (id, gate, until_on, reason, held_at, held_by) VALUES ($1, $2, $3, $4, $5, $6)",
            id,
            gate,
            until_on,
            reason.strip(),
            now,
            by,
        )
        await record(
            "gate_held", program=program, by=by, at=now, subject=gate, facts={"until_on": str(until_on)}
        )
        return id


async def lift_hold(gate: UUID, *, program: UUID, by: UUID, now: datetime, today: date) -> None:
    """A lead ends a hold before its day. Where none is in force, nothing changes."""
    async with transaction():
        await _gate_for_lead(gate, program, by, today)
        if await execute(
            "UPDATE hold SET lifted_at = $2 WHERE gate = $1 AND lifted_at IS NULL AND until_on > $3",
            gate,
            now,
            today,
        ):
            await record("gate_hold_lifted", program=program, by=by, at=now, subject=gate)


async def recycle(
    gate: UUID,
    *,
    program: UUID,
    from_on: date,
    reason: str,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> UUID:
    """A lead lets the months of a gate be counted anew from a day. Answers the recycle's id."""
    async with transaction():
        stands, roles = await _gate_for_lead(gate, program, by, today)
        id = new_id()
        earlier = await first_result(sent, by=by, at=now, result=id)
        if earlier is not None:
            return earlier
        bars = what_bars_recycle(roles, from_on=from_on, reason=reason, state=stands.state, today=today)
        if bars:
            raise GateRefuses(*bars, sentences=[bar_sentence(bar, today) for bar in bars])
        await execute(
            "INSERT INTO recycle (id, gate, from_on, reason, recycled_at, recycled_by) VALUES ($1, $2, $3, $4, $5, $6)",
            id,
            gate,
            from_on,
            reason.strip(),
            now,
            by,
        )
        await record(
            "gate_recycled", program=program, by=by, at=now, subject=gate, facts={"from_on": str(from_on)}
        )
        return id


async def tell_ready_gates(now: datetime) -> int:
    """Write to leads and sponsors about every gate that became ready, once until it is found shut again.

    May run as often as one likes. Answers how many gates it told of.
    """
    told = 0
    for program, zone in await fetch("SELECT id, zone FROM program ORDER BY id"):
        today = now.astimezone(ZoneInfo(zone)).date()
        for gate in await judged_gates(program, today=today):
            told += await _tell(gate, now, today)
    return told


async def _tell(gate: JudgedGate, now: datetime, today: date) -> bool:
    known = await fetch_value("SELECT true FROM readiness WHERE gate = $1 AND ended_at IS NULL", gate.id)
    if (gate.state is GateState.READY) == bool(known):
        return False
    async with transaction():
        await lock_gate(gate.id, gate.program)
        ready = (await the_gate(gate.id, program=gate.program, today=today)).state is GateState.READY
        if not ready:
            await execute(
                "UPDATE readiness SET ended_at = greatest(found_at, $2) WHERE gate = $1 AND ended_at IS NULL",
                gate.id,
                now,
            )
            return False
        told = await execute(
            "INSERT INTO readiness (id, gate, found_at) VALUES ($1, $2, $3)"
            " ON CONFLICT (gate) WHERE ended_at IS NULL DO NOTHING",
            new_id(),
            gate.id,
            now,
        )
        if told:
            await _record_ready(gate, now)
        return bool(told)


async def _record_ready(gate: JudgedGate, now: datetime) -> None:
    facts = {"phase": gate.name, "opens": gate.opens_name}
    people = await roles_at_the_gate(gate.program)
    await record(
        "gate_became_ready",
        program=gate.program,
        by=None,
        at=now,
        subject=gate.id,
        facts=facts,
        letters=[
            Letter(to=person, letter="gate_ready", facts={"gate": str(gate.id), **facts}) for person in people
        ],
    )


async def _gate_for_lead(
    gate: UUID, program: UUID, by: UUID, today: date
) -> tuple[JudgedGate, frozenset[Role]]:
    await lock_gate(gate, program)
    roles = (await roles_at_the_gate(program)).get(by, frozenset())
    if Role.LEAD not in roles:
        raise NotAllowed
    return await the_gate(gate, program=program, today=today), roles
