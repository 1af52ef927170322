"""Laying out a track: what it teaches, whom it is for, and what it gives."""

from datetime import datetime
from uuid import UUID

from playbooks.assessments.rules import PASS_MARK, AssessmentRules
from playbooks.certificates.rules import VALID_MONTHS
from playbooks.entries.actions import lock_playbook
from playbooks.track_plans.rules import TrackPlan
from playbooks.tracks.actions import build_track
from program.database import execute, fetch_value, new_id, transaction
from program.events.actions import record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.words import gettext as _


class TrackNameTaken(Refusal):
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def sentence(self) -> str:
        return _("There is a track “%(name)s” already. Give this one a name of its own.") % {
            "name": self.name
        }


async def lay_out_track(program: UUID, plan: TrackPlan, *, by: UUID, now: datetime, sent: Sent) -> UUID:
    """A lead adds a track; it opens with the gate before the first of its phases. Answers its id.

    It is built from the newest edition if that has the first of its chapters, else from the next one that has. Where it is
    required it takes the place of the track that was required there before, which goes if nobody began it.
    """
    async with transaction():
        await lock_playbook(program, by)
        track = new_id()
        earlier = await first_result(sent, by=by, at=now, result=track)
        if earlier is not None:
            return earlier
        await _require_known(program, plan)
        if await fetch_value("SELECT true FROM track WHERE program = $1 AND name = $2", program, plan.name):
            raise TrackNameTaken(plan.name)
        await _keep_track(track, program, plan, now=now)
        if plan.required:
            await _take_the_place_of_others(track, program, plan)
        edition = await fetch_value(
            "SELECT d.id FROM edition d WHERE d.number = (SELECT max(number) FROM edition WHERE program = $1)"
            " AND d.program = $1 AND EXISTS (SELECT FROM edition_entry c WHERE c.edition = d.id AND c.chapter = $2)",
            program,
            plan.chapters[0],
        )
        if edition is not None:
            await build_track(track, edition)
        await record(
            "track_laid_out", program=program, by=by, at=now, subject=track, facts={"track": plan.name}
        )
        return track


async def _require_known(program: UUID, plan: TrackPlan) -> None:
    known = await fetch_value(
        "SELECT (SELECT count(*) FROM phase WHERE program = $1 AND id = ANY($2))"
        " + (SELECT count(*) FROM track WHERE program = $1 AND id = ANY($3))",
        program,
        list(plan.phases),
        list(plan.needs),
    )
    if not plan.phases or known != len(plan.phases) + len(plan.needs):
        raise NotFound


async def _keep_track(track: UUID, program: UUID, plan: TrackPlan, *, now: datetime) -> None:
    rules = AssessmentRules()
    await execute(
        "INSERT INTO track (id, program, name, purpose, opens_with, level_from, chapters, grants, pass_percent,"
        " attempts_allowed, wait_hours, valid_months, questions_asked, made_at)"
        " SELECT $1, $2, $3, $4, (SELECT g.id FROM phase f JOIN phase before ON before.program = f.program"
        "  AND before.position = f.position - 1 JOIN gate g ON g.phase = before.id"
        "  WHERE f.id = ANY($5) AND f.position = (SELECT min(position) FROM phase WHERE id = ANY($5))),"
        " $6, $7, $8, $9, $10, $11, $12, $13, $14",
        track,
        program,
        plan.name,
        plan.purpose,
        list(plan.phases),
        plan.level_from,
        list(plan.chapters),
        plan.grants.value,
        int(PASS_MARK * 100),
        rules.attempts,
        int(rules.wait.total_seconds()) // 3600,
        VALID_MONTHS,
        plan.questions_asked,
        now,
    )
    for phase in plan.phases:
        await execute(
            "INSERT INTO track_phase (id, track, phase, required) VALUES ($1, $2, $3, $4)",
            new_id(),
            track,
            phase,
            plan.required,
        )
    for needed in plan.needs:
        await execute(
            "INSERT INTO prerequisite (id, track, needs) VALUES ($1, $2, $3)", new_id(), track, needed
        )


_UNUSED = (
    "SELECT t.id FROM track t WHERE t.program = $1 AND NOT EXISTS (SELECT FROM track_phase a WHERE a.track = t.id)"
    " AND NOT EXISTS (SELECT FROM beginning b WHERE b.track = t.id)"
    " AND NOT EXISTS (SELECT FROM prerequisite q WHERE q.needs = t.id)"
)


async def _take_the_place_of_others(track: UUID, program: UUID, plan: TrackPlan) -> None:
    await execute(
        "DELETE FROM track_phase WHERE phase = ANY($1) AND required AND track <> $2", list(plan.phases), track
    )
    for sql in (
        f"DELETE FROM module_entry WHERE module IN (SELECT id FROM module WHERE track IN ({_UNUSED}))",
        f"DELETE FROM module WHERE track IN ({_UNUSED})",
        f"DELETE FROM prerequisite WHERE track IN ({_UNUSED})",
        f"DELETE FROM track WHERE id IN ({_UNUSED})",
    ):
        await execute(sql, program)
