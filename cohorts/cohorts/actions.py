"""Forming cohorts, taking them through their steps, and naming who coaches them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from uuid import UUID

from cohorts.cohorts.queries import cohort_standing
from cohorts.cohorts.rules import CohortState, CohortStep, what_bars
from cohorts.cohorts.words import bar_sentence
from cohorts.enrolments.actions import ReasonMissing, begin_spells
from cohorts.enrolments.rules import EnrolmentState
from cohorts.months.actions import retake_months, settle_months
from program.database import execute, fetch, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead
from program.words import gettext as _


class NameTaken(Refusal):
    field = "name"

    def sentence(self) -> str:
        return _("Another cohort of this program has this name.")


class CohortStaysAsItIs(Refusal):
    def sentence(self) -> str:
        return bar_sentence(self.reasons[0])


class CoachesAlready(Refusal):
    field = "person"

    def sentence(self) -> str:
        return _("They coach this cohort already.")


async def form_cohort(name: str, *, phase: UUID, program: UUID, by: UUID, now: datetime, sent: Sent) -> UUID:
    """A lead forms a cohort of a phase, in the program's zone. Refused where another has the name."""
    async with transaction():
        await require_lead(program, by)
        cohort = new_id()
        earlier = await first_result(sent, by=by, at=now, result=cohort)
        if earlier is not None:
            return earlier
        if not await fetch_value("SELECT true FROM phase WHERE id = $1 AND program = $2", phase, program):
            raise NotFound
        formed = await execute(
            "INSERT INTO cohort (id, program, phase, name, state, zone, made_at, made_by)"
            " SELECT $1, id, $3, $4, 'forming', zone, $5, $6 FROM program WHERE id = $2"
            " ON CONFLICT (program, name) DO NOTHING",
            cohort,
            program,
            phase,
            name,
            now,
            by,
        )
        if not formed:
            raise NameTaken
        await record("cohort_formed", program=program, by=by, at=now, subject=cohort)
        return cohort


async def prepare_if_it_may(cohort: UUID, *, program: UUID) -> None:
    """Within a transaction that has locked the cohort: one that is forming prepares, if no gate before it is shut."""
    standing = await cohort_standing(cohort, program=program)
    if what_bars(CohortStep.PREPARE, standing) is None:
        await _set_state(cohort, CohortState.PREPARING)


async def prepare_waiting_cohorts(phase: UUID, *, by: UUID, now: datetime) -> None:
    """Within a transaction in which the gate before a phase was opened: its forming cohorts prepare from now on."""
    waiting = await fetch(
        "UPDATE cohort SET state = 'preparing' WHERE phase = $1 AND state = 'forming' RETURNING id, program",
        phase,
    )
    for cohort in waiting:
        await record("cohort_prepared", program=cohort["program"], by=by, at=now, subject=cohort["id"])


async def prepare_cohort(cohort: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """A lead lets a forming cohort prepare. Refused while the gate before it is shut."""
    async with _stepping(CohortStep.PREPARE, cohort, program, by):
        await _set_state(cohort, CohortState.PREPARING)
        await record("cohort_prepared", program=program, by=by, at=now, subject=cohort)


async def start_tracking(cohort: UUID, *, program: UUID, by: UUID, now: datetime, today: date) -> None:
    """A lead starts tracking a cohort, today and never earlier; its zone stays from then on.

    Refused while nobody is active.
    """
    async with _stepping(CohortStep.START, cohort, program, by):
        await execute(
            "UPDATE cohort SET state = 'running', tracking_start_on = $2,"
            " zone = (SELECT zone FROM program WHERE id = cohort.program) WHERE id = $1",
            cohort,
            today,
        )
        await retake_months(cohort, from_on=today, today=today, now=now)
        await record("tracking_started", program=program, by=by, at=now, subject=cohort)


async def pause_cohort(
    cohort: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A lead pauses a running cohort from today on, with a reason."""
    async with _stepping(CohortStep.PAUSE, cohort, program, by):
        if not reason:
            raise ReasonMissing
        await execute(
            "INSERT INTO cohort_pause (id, cohort, from_on, reason, paused_by) VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            cohort,
            today,
            reason,
            by,
        )
        await record("cohort_paused", program=program, by=by, at=now, subject=cohort)


async def resume_cohort(cohort: UUID, *, program: UUID, by: UUID, now: datetime, today: date) -> None:
    """A lead lets a paused cohort go on: today is no longer a day of the pause."""
    async with _stepping(CohortStep.RESUME, cohort, program, by):
        await _end_pause(cohort, today)
        await record("cohort_resumed", program=program, by=by, at=now, subject=cohort)


async def finish_cohort(cohort: UUID, *, program: UUID, by: UUID, now: datetime, today: date) -> None:
    """A lead finishes a running cohort: active members are finished, and whoever had not come so far has left."""
    async with _stepping(CohortStep.FINISH, cohort, program, by):
        await _move(cohort, _ACTIVE, EnrolmentState.FINISHED, on=today, by=by, now=now, reason=None)
        await _end(cohort, CohortState.FINISHED, on=today, by=by, now=now, reason=None)
        await record("cohort_finished", program=program, by=by, at=now, subject=cohort)


async def stop_cohort(
    cohort: UUID, *, program: UUID, reason: str, by: UUID, now: datetime, today: date
) -> None:
    """A lead stops a cohort that is not to be finished, with a reason. All its members have left it."""
    async with _stepping(CohortStep.STOP, cohort, program, by):
        if not reason:
            raise ReasonMissing
        await _move(cohort, _ACTIVE, EnrolmentState.WITHDRAWN, on=today, by=by, now=now, reason=reason)
        await _end(cohort, CohortState.STOPPED, on=today, by=by, now=now, reason=reason)
        await record("cohort_stopped", program=program, by=by, at=now, subject=cohort)


async def appoint_coach(cohort: UUID, person: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """A lead names one of the program's people as a coach of the cohort. Refused where they coach it already."""
    async with transaction():
        await require_lead(program, by)
        await _lock(cohort, program)
        if not await fetch_value(
            "SELECT true FROM listing WHERE program = $1 AND person = $2", program, person
        ):
            raise NotFound
        appointed = await execute(
            "INSERT INTO coaching (id, cohort, person, appointed_at, appointed_by) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (cohort, person) WHERE ended_at IS NULL DO NOTHING",
            new_id(),
            cohort,
            person,
            now,
            by,
        )
        if not appointed:
            raise CoachesAlready
        await record("coach_appointed", program=program, by=by, at=now, about=person, subject=cohort)


async def end_coaching(cohort: UUID, person: UUID, *, program: UUID, by: UUID, now: datetime) -> None:
    """A lead ends a coach's appointment: from now on they see no more of the cohort than others do."""
    async with transaction():
        await require_lead(program, by)
        await _lock(cohort, program)
        ended = await execute(
            "UPDATE coaching SET ended_at = $3 WHERE cohort = $1 AND person = $2 AND ended_at IS NULL",
            cohort,
            person,
            now,
        )
        if not ended:
            raise NotFound
        await record("coaching_ended", program=program, by=by, at=now, about=person, subject=cohort)


_ACTIVE = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
_ON_THE_WAY = (EnrolmentState.INVITED, EnrolmentState.PREPARING)


@asynccontextmanager
async def _stepping(step: CohortStep, cohort: UUID, program: UUID, by: UUID) -> AsyncIterator[None]:
    """A transaction in which a lead may take this step with the cohort, which is locked."""
    async with transaction():
        await require_lead(program, by)
        await _lock(cohort, program)
        bar = what_bars(step, await cohort_standing(cohort, program=program))
        if bar:
            raise CohortStaysAsItIs(bar)
        yield


async def _lock(cohort: UUID, program: UUID) -> None:
    if not await fetch_value(
        "SELECT true FROM cohort WHERE id = $1 AND program = $2 FOR UPDATE", cohort, program
    ):
        raise NotFound


async def _set_state(cohort: UUID, state: CohortState) -> None:
    await execute("UPDATE cohort SET state = $2 WHERE id = $1", cohort, state.value)


async def _end(
    cohort: UUID, state: CohortState, *, on: date, by: UUID, now: datetime, reason: str | None
) -> None:
    """Whoever was on the way has left, open invitations are withdrawn, a pause ends, and so does the cohort, its months read."""
    await _move(cohort, _ON_THE_WAY, EnrolmentState.WITHDRAWN, on=on, by=by, now=now, reason=reason)
    await execute(
        "UPDATE invitation SET withdrawn_at = $2 WHERE cohort = $1 AND answered_at IS NULL AND withdrawn_at IS NULL",
        cohort,
        now,
    )
    await _end_pause(cohort, on)
    await _set_state(cohort, state)
    await settle_months(cohort, today=on, now=now)


async def _end_pause(cohort: UUID, on: date) -> None:
    await execute("UPDATE cohort_pause SET until_on = $2 WHERE cohort = $1 AND until_on IS NULL", cohort, on)


async def _move(
    cohort: UUID,
    from_states: tuple[EnrolmentState, ...],
    to: EnrolmentState,
    *,
    on: date,
    by: UUID,
    now: datetime,
    reason: str | None,
) -> None:
    members = await fetch(
        "SELECT enrolment FROM spell WHERE cohort = $1 AND until_on IS NULL AND state = ANY($2::text[])",
        cohort,
        [state.value for state in from_states],
    )
    enrolments = [member["enrolment"] for member in members]
    await begin_spells(cohort, enrolments, to, on=on, by=by, now=now, reason=reason)
