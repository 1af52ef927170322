"""Gates judged as they stand: what they ask for, and what therefore holds them shut."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from cohorts.criteria.queries import KNOWN_OTHERWISE, OF_GATE, criteria_in, readings_to_judge_by, ticked_in
from cohorts.criteria.rules import Facts, Standing, standings
from cohorts.forecasts.rules import Forecast, GateForecast, gate_forecast, months_forecast
from cohorts.gates.rules import (
    Condition,
    GateState,
    Holding,
    Outcome,
    gate_state,
    what_holds_it_shut,
)
from cohorts.months.queries import phase_months
from cohorts.months.rules import PhaseMonths
from cohorts.readings.queries import newest_readings
from program.database import fetch
from program.refusals import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold in force: nobody opens the gate before `until_on`."""

    until_on: date
    reason: str
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedGate:
    """A gate, what it asks for and how that stands. A decided one is not judged any more: `judged` is None."""

    id: UUID
    program: UUID
    phase: UUID
    name: str
    opens: UUID
    opens_name: str
    state: GateState
    outcome: Outcome | None
    decided_at: datetime | None
    invited: int
    hold: Hold | None
    judged: "Judgement | None"

    @property
    def holding(self) -> tuple[Holding, ...]:
        return self.judged.holding if self.judged else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Where everything stands that a gate asks for, what therefore holds it shut, and until when, probably."""

    facts: Facts
    standings: tuple[Standing, ...]
    holding: tuple[Holding, ...]
    forecast: GateForecast
    months_forecast: Forecast

    @property
    def months(self) -> PhaseMonths:
        return self.facts.months


# The gates of the program $1, or the one $2 of them, in the order of the rollout.
_GATES = (
    "SELECT g.id, g.program, g.phase, f.name, n.id AS opens, n.name AS opens_name, d.outcome, d.decided_at,"
    f" CASE WHEN d.id IS NULL THEN {OF_GATE} END AS criteria,"
    " (SELECT (h.until_on, h.reason, q.name) FROM hold h JOIN person q ON q.id = h.held_by"
    "   WHERE h.gate = g.id AND h.lifted_at IS NULL AND h.until_on > $3 ORDER BY h.held_at DESC LIMIT 1) AS hold,"
    " EXISTS (SELECT FROM decision s JOIN gate o ON o.id = s.gate WHERE o.program = p.id AND s.outcome = 'stopped')"
    "   AS program_stopped,"
    " (SELECT count(*) FROM incident i WHERE i.program = p.id AND i.closed_at IS NULL AND i.gravity = 'grave') AS grave,"
    " ARRAY(SELECT (k.id, o.id, k.what, k.owner, k.due_on, (k.met_at AT TIME ZONE p.zone)::date)"
    "   FROM condition k JOIN decision e ON e.id = k.decision JOIN gate o ON o.id = e.gate JOIN phase b ON b.id = o.phase"
    "   WHERE b.program = p.id AND b.position < f.position ORDER BY k.due_on, k.id) AS conditions,"
    " CASE WHEN $2::uuid IS NOT NULL THEN (SELECT count(*) FROM cohort c JOIN spell s ON s.cohort = c.id"
    "   WHERE c.phase = n.id AND s.until_on IS NULL AND s.state IN ('invited', 'preparing', 'active', 'paused'))"
    "   ELSE 0 END AS invited"
    " FROM gate g JOIN program p ON p.id = g.program JOIN phase f ON f.id = g.phase"
    " JOIN phase n ON n.program = f.program AND n.position = f.position + 1"
    " LEFT JOIN decision d ON d.gate = g.id"
    " WHERE g.program = $1 AND ($2::uuid IS NULL OR g.id = $2) ORDER BY f.position"
)


async def judged_gates(program: UUID, *, today: date, only: UUID | None = None) -> list[JudgedGate]:
    """The gates of a program, judged as of today. Four queries, however many gates, cohorts and activities there are."""
    rows = await fetch(_GATES, program, only, today)
    open_ones = [row for row in rows if row["criteria"] is not None]
    months = await phase_months([row["phase"] for row in open_ones], today=today) if open_ones else {}
    criteria = {row["id"]: criteria_in(row["criteria"]) for row in open_ones}
    measures = {each.measure for asked in criteria.values() for each in asked} - KNOWN_OTHERWISE
    cohorts = [cohort.cohort for phase in months.values() for cohort in phase.kept]
    kept = await newest_readings(program, cohorts, sorted(measures))
    found = []
    for row in rows:
        judgement = None
        if row["criteria"] is not None:
            facts = Facts(
                months=months[row["phase"]],
                readings=readings_to_judge_by(kept.readings, months[row["phase"]], row["grave"], today),
                ticked=ticked_in(row["criteria"]),
                lacking=kept.lacking,
            )
            judgement = _judgement(row, facts, today)
        found.append(_gate(row, judgement))
    return found


async def the_gate(gate: UUID, *, program: UUID, today: date) -> JudgedGate:
    """One gate of the program, judged as of today. Raises `NotFound`."""
    found = await judged_gates(program, only=gate, today=today)
    if not found:
        raise NotFound
    return found[0]


def _judgement(row: asyncpg.Record, facts: Facts, today: date) -> Judgement:
    stand = standings(criteria_in(row["criteria"]), facts, today)
    conditions = [
        Condition(id=id, gate=gate, what=what, owner=owner, due_on=due_on, met_on=met_on)
        for id, gate, what, owner, due_on, met_on in row["conditions"]
    ]
    holding = what_holds_it_shut(stand, conditions, row["hold"] and row["hold"][0], today=today)
    return Judgement(
        facts=facts,
        standings=stand,
        holding=holding,
        forecast=gate_forecast(holding, facts, today),
        months_forecast=months_forecast(facts.months),
    )


def _gate(row: asyncpg.Record, judgement: Judgement | None) -> JudgedGate:
    outcome = None if row["outcome"] is None else Outcome(row["outcome"])
    return JudgedGate(
        id=row["id"],
        program=row["program"],
        phase=row["phase"],
        name=row["name"],
        opens=row["opens"],
        opens_name=row["opens_name"],
        state=gate_state(
            judgement.holding if judgement else (), outcome, program_stopped=row["program_stopped"]
        ),
        outcome=outcome,
        decided_at=row["decided_at"],
        invited=row["invited"],
        hold=_hold(row["hold"]),
        judged=judgement,
    )


def _hold(record: Any) -> Hold | None:
    return record and Hold(until_on=record[0], reason=record[1], by_name=record[2])
