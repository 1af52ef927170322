"""The states that members go through: becoming active, pausing, coming back, leaving."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cohorts.cohorts.rules import ENDED
from cohorts.enrolments.rules import EnrolmentState, EnrolmentStep, state_after, what_bars
from cohorts.enrolments.words import stays_sentence
from cohorts.months.actions import retake_months
from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.events.actions import record
from program.people.actions import depart
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead
from program.social_accounts.actions import end_consents
from program.words import gettext as _


class MemberStays(Refusal):
    def sentence(self) -> str:
        return stays_sentence(self.reasons[0])


class CohortHasEnded(Refusal):
    def sentence(self) -> str:
        return _("This cohort has ended: nobody joins it or changes in it any more.")


class ReasonMissing(Refusal):
    field = "reason"

    def sentence(self) -> str:
        return _("Say why: it stands with the change, for whoever looks later.")


class NothingToLeave(Refusal):
    def sentence(self) -> str:
        return _("You go through no cohort at the moment, so there is nothing to leave.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepping:
    """An enrolment about to take a step, its cohort locked: whose it is, and where the step leads."""

    person: UUID
    to: EnrolmentState


async def begin_spell(
    cohort: UUID,
    enrolment: UUID,
    state: EnrolmentState,
    *,
    on: date,
    by: UUID,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Within a transaction: the enrolment is in this state from `on` (today) on, and the months it touches follow.

    Whoever calls it has locked the cohort.
    """
    await begin_spells(cohort, [enrolment], state, on=on, by=by, now=now, reason=reason)


async def begin_spells(
    cohort: UUID,
    enrolments: Sequence[UUID],
    state: EnrolmentState,
    *,
    on: date,
    by: UUID,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Within a transaction: the same for several enrolments of a cohort at once."""
    if not enrolments:
        return
    await execute(
        "UPDATE spell SET until_on = $3 WHERE cohort = $1 AND enrolment = ANY($2::uuid[]) AND until_on IS NULL",
        cohort,
        list(enrolments),
        on,
    )
    await execute(
        "INSERT INTO spell (id, cohort, enrolment, state, from_on, since_at, by, reason)"
        " SELECT unnest($1::uuid[]), $2, unnest($3::uuid[]), $4, $5, $6, $7, $8",
        [new_id() for _ in enrolments],
        cohort,
        list(enrolments),
        state.value,
        on,
        now,
        by,
        reason,
    )
    await retake_months(cohort, from_on=on, today=on, now=now)


async def activate(cohort: UUID, enrolment: UUID, *, by: UUID, now: datetime, today: date) -> None:
    """Within a transaction: who was preparing is active from today on; nothing to do for anybody else."""
    await execute("SELECT FROM cohort WHERE id = $1 FOR UPDATE", cohort)
    state = await fetch_value(
        "SELECT state FROM spell WHERE cohort = $1 AND enrolment = $2 AND until_on IS NULL", cohort, enrolment
    )
    if state == EnrolmentState.PREPARING:
        await begin_spell(cohort, enrolment, EnrolmentState.ACTIVE, on=today, by=by, now=now)


async def active_before(cohort: UUID, enrolment: UUID) -> bool:
    """Whether the member was ever active in this cohort."""
    return bool(
        await fetch_value(
            "SELECT true FROM spell WHERE cohort = $1 AND enrolment = $2 AND state = 'active' LIMIT 1",
            cohort,
            enrolment,
        )
    )


async def pause_member(
    cohort: UUID, enrolment: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A lead pauses an active member, with a reason. The month does not count them as eligible."""
    async with _lead_steps(EnrolmentStep.PAUSE, cohort, enrolment, program, reason, by) as member:
        await begin_spell(cohort, enrolment, member.to, on=today, by=by, now=now, reason=reason)
        await record("member_paused", program=program, by=by, at=now, about=member.person, subject=enrolment)


async def resume_member(
    cohort: UUID, enrolment: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A lead brings a paused or suspended member back to where they were, with a reason."""
    async with _lead_steps(EnrolmentStep.RESUME, cohort, enrolment, program, reason, by) as member:
        await begin_spell(cohort, enrolment, member.to, on=today, by=by, now=now, reason=reason)
        await record("member_resumed", program=program, by=by, at=now, about=member.person, subject=enrolment)


async def suspend_member(
    cohort: UUID, enrolment: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A lead takes a member out until it is cleared up, with a reason. Their clearance rests as long."""
    async with _lead_steps(EnrolmentStep.SUSPEND, cohort, enrolment, program, reason, by) as member:
        await begin_spell(cohort, enrolment, member.to, on=today, by=by, now=now, reason=reason)
        await record(
            "member_suspended", program=program, by=by, at=now, about=member.person, subject=enrolment
        )


async def finish_member(
    cohort: UUID, enrolment: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A lead ends a member's time in the cohort well, with a reason. Their clearance stays."""
    async with _lead_steps(EnrolmentStep.FINISH, cohort, enrolment, program, reason, by) as member:
        await begin_spell(cohort, enrolment, member.to, on=today, by=by, now=now, reason=reason)
        await record(
            "member_finished", program=program, by=by, at=now, about=member.person, subject=enrolment
        )


async def leave_cohort(
    cohort: UUID, enrolment: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A member leaves, without penalty; the reason may be empty. Only they themselves.

    Once they go through no cohort of the program, none of their accounts is tracked for it any more.
    """
    async with transaction():
        member = await stepping(EnrolmentStep.LEAVE, cohort, enrolment, program=program)
        if member.person != by:
            raise NotFound
        await begin_spell(cohort, enrolment, member.to, on=today, by=by, now=now, reason=reason or None)
        ended = (
            0 if await _goes_through_one(by, program) else await end_consents(by, program=program, now=now)
        )
        facts = {"consents": ended}
        await record("member_left", program=program, by=by, at=now, about=by, subject=enrolment, facts=facts)


async def leave_program(*, program: UUID, reason: str, by: UUID, now: datetime) -> None:
    """A member leaves every cohort of the program that they go through, and none of their accounts is tracked any more.

    Without penalty; the reason may be empty. Refused where there is nothing to leave.
    """
    async with transaction():
        rows = await fetch(
            "SELECT c.id AS cohort, c.zone, e.id AS enrolment FROM cohort c JOIN enrolment e ON e.cohort = c.id"
            " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
            " WHERE e.person = $1 AND c.program = $2 AND c.state NOT IN ('finished', 'stopped')"
            "  AND s.state IN ('preparing', 'active', 'paused', 'suspended') ORDER BY c.id FOR UPDATE OF c",
            by,
            program,
        )
        if not rows:
            raise NothingToLeave
        await _withdraw(rows, by=by, now=now, reason=reason or None)
        ended = await end_consents(by, program=program, now=now)
        facts = {"cohorts": len(rows), "consents": ended}
        await record("program_left", program=program, by=by, about=by, at=now, facts=facts)


async def note_departure(person: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """Somebody left the company: they are signed out for good, withdrawn from every cohort that has not ended, and none of
    their accounts is tracked any more, in any program; should they return, they are asked anew.

    For leads of a program that lists them, and owners. Refused for owners and for oneself.
    """
    async with transaction():
        rows = await fetch(
            "SELECT c.id AS cohort, c.zone, e.id AS enrolment FROM cohort c JOIN enrolment e ON e.cohort = c.id"
            " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
            " WHERE e.person = $1 AND c.state NOT IN ('finished', 'stopped')"
            "  AND s.state NOT IN ('declined', 'finished', 'withdrawn') ORDER BY c.id FOR UPDATE OF c",
            person,
        )
        if not await depart(person, program=program, by=by, now=now):
            return
        await _withdraw(rows, by=by, now=now)
        ended = await end_consents(person, program=None, now=now)
        facts = {"consents": ended}
        await record(
            "person_departed", program=program, by=by, about=person, subject=person, at=now, facts=facts
        )


async def _withdraw(rows: Sequence[Any], *, by: UUID, now: datetime, reason: str | None = None) -> None:
    """From each cohort, on the day that it is there."""
    for row in rows:
        await begin_spell(
            row["cohort"],
            row["enrolment"],
            EnrolmentState.WITHDRAWN,
            on=now.astimezone(ZoneInfo(row["zone"])).date(),
            by=by,
            now=now,
            reason=reason,
        )


async def _goes_through_one(person: UUID, program: UUID) -> bool:
    return bool(
        await fetch_value(
            "SELECT EXISTS (SELECT FROM cohort c JOIN enrolment e ON e.cohort = c.id"
            " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
            " WHERE e.person = $1 AND c.program = $2 AND c.state NOT IN ('finished', 'stopped')"
            "  AND s.state IN ('preparing', 'active', 'paused', 'suspended'))",
            person,
            program,
        )
    )


@asynccontextmanager
async def _lead_steps(
    step: EnrolmentStep, cohort: UUID, enrolment: UUID, program: UUID, reason: str, by: UUID
) -> AsyncIterator[Stepping]:
    """A transaction in which a lead may take this step with the member."""
    async with transaction():
        await require_lead(program, by)
        member = await stepping(step, cohort, enrolment, program=program)
        if not reason:
            raise ReasonMissing
        yield member


async def stepping(step: EnrolmentStep, cohort: UUID, enrolment: UUID, *, program: UUID) -> Stepping:
    """Within a transaction: locks the cohort and answers where the step leads; raises where it cannot be taken."""
    cohort_state = await fetch_value(
        "SELECT state FROM cohort WHERE id = $1 AND program = $2 FOR UPDATE", cohort, program
    )
    row = await fetch_row(
        "SELECT e.person, s.state FROM enrolment e"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        " WHERE e.cohort = $1 AND e.id = $2",
        cohort,
        enrolment,
    )
    if cohort_state is None or row is None:
        raise NotFound
    if cohort_state in ENDED:
        raise CohortHasEnded
    bar = what_bars(step, EnrolmentState(row["state"]))
    if bar:
        raise MemberStays(bar)
    before = await active_before(cohort, enrolment)
    return Stepping(person=row["person"], to=state_after(step, active_before=before))
