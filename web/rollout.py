"""The rollout: how far the program has come, circle by circle, and when the next ones will probably begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from cohorts.cohorts.rules import CohortState
from cohorts.cohorts.words import state_text
from cohorts.criteria.words import capitalised
from cohorts.enrolments.rules import TAKES_PART, EnrolmentState
from cohorts.enrolments.words import counts_text
from cohorts.gates.queries import GateLine
from cohorts.gates.rules import GateState
from cohorts.gates.words import gate_name, holding_sentence
from cohorts.phases.queries import PhaseLine, phase_totals, rollout
from cohorts.phases.rules import PhaseState
from cohorts.phases.words import (
    capacity_text,
    gate_note,
    people_text,
    phase_heading,
    phase_note,
    totals_sentence,
    what_comes_next,
)
from cohorts.timelines.rules import PhaseCourse, PhaseTime, rollout_courses
from cohorts.timelines.words import about_text, course_note
from program.roles.rules import Role
from program.words import gettext as _
from program.words import short_month_text
from web import pictures
from web.gate_rows import CohortStrip, Row, cohort_strip, rows
from web.pages import at, page
from web.today import tasks_for
from web.visit import EVERYBODY_LISTED, Visit, may

DRAWN = {GateState.OPENED: pictures.GateState.OPENED, GateState.READY: pictures.GateState.READY}
IN_SHORT = ("took_part_share", "learnings_accepted", "topics_covered", "grave_incidents_open")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseWords:
    """A phase with what is said of it; `people` stands on its ring. `outlook` is where its gate stands; of one still to come,
    when it will run.
    """

    line: PhaseLine
    course: PhaseCourse
    note: str
    places: str
    people: str
    outlook: str


@get("/programs/{program:str}/rollout", opt=may(*EVERYBODY_LISTED, Role.OWNER))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    lines = await rollout(seen_by=visit.reader, today=visit.today)
    courses = rollout_courses([_time(line, visit) for line in lines], today=visit.today)
    phases = [_told(line, course, visit) for line, course in zip(lines, courses, strict=True)]
    now = next((phase for phase in phases if phase.line.state is not PhaseState.PASSED), phases[-1])
    may_form = Role.LEAD in visit.reader.roles
    gates = [phase.line.gate for phase in phases if phase.line.gate]
    return page(
        request,
        "rollout/show.html",
        phases=phases,
        rings=pictures.rings([_drawn(phase) for phase in phases]),
        timeline=_timeline(phases, visit),
        short_month=short_month_text,
        heading=_heading(now.line, visit.today),
        lede=await _lede(now, visit, may_form=may_form),
        holding=_holding(now, visit.today),
        in_short=_in_short(now, visit),
        strip=_strip(now, visit.today),
        gate_at=at(visit, "gates", now.line.gate.id) if now.line.gate else "",
        gate_named=gate_name(now.line.gate.opens_name) if now.line.gate else "",
        waiting=await tasks_for(visit, gates),
        may_form=may_form,
        cohorts_at=at(visit, "cohorts"),
        gates_at=at(visit, "gates"),
        state_text=state_text,
        counts_text=counts_text,
    )


def _told(line: PhaseLine, course: PhaseCourse, visit: Visit) -> PhaseWords:
    state = line.gate.state if line.gate else None
    ahead = not course.begun and state not in (GateState.OPENED, GateState.STOPPED)
    return PhaseWords(
        line=line,
        course=course,
        note=phase_note(line.state, len(line.cohorts)),
        places=capacity_text(line.capacity),
        people=people_text(_people(line), _count(line, EnrolmentState.INVITED), line.capacity),
        outlook=course_note(course, state, visit.today) if ahead else _gate_words(line.gate, visit),
    )


def _people(line: PhaseLine) -> int:
    return sum(_count(line, state) for state in (*TAKES_PART, EnrolmentState.FINISHED))


def _count(line: PhaseLine, state: EnrolmentState) -> int:
    """How many are in that state, of the cohorts whose counts the reader sees."""
    return sum(cohort.counts.get(state, 0) for cohort in line.cohorts if cohort.counts is not None)


def _gate_words(gate: GateLine | None, visit: Visit) -> str:
    if gate is None:
        return ""
    return gate_note(gate.state, gate.expected_on, waits=gate.waits, today=visit.today)


def _drawn(phase: PhaseWords) -> pictures.Phase:
    gate = phase.line.gate
    return pictures.Phase(
        name=phase.line.name,
        note=phase.people,
        fill=phase.line.come,
        gate=DRAWN.get(gate.state, pictures.GateState.SHUT) if gate else None,
        gate_note=f"{capitalised(phase.note)}. {phase.outlook}".strip(),
    )


def _timeline(phases: Sequence[PhaseWords], visit: Visit) -> pictures.Timeline | None:
    """For whoever sees the figures of a cohort; to others the phases below say all they may know."""
    if not any(cohort.counts is not None for phase in phases for cohort in phase.line.cohorts) and not (
        visit.reader.is_any(Role.LEAD, Role.SPONSOR, Role.REVIEWER)
    ):
        return None
    spans = [
        pictures.Span(
            name=phase.line.name,
            from_on=phase.course.from_on,
            until_on=phase.course.until_on,
            gate=DRAWN.get(phase.line.gate.state, pictures.GateState.SHUT) if phase.line.gate else None,
            gate_on=phase.course.gate_on,
            note=_course_words(phase, visit.today),
        )
        for phase in phases
    ]
    return pictures.timeline(spans, today=visit.today)


def _course_words(phase: PhaseWords, today: date) -> str:
    """What became of a phase and will, with an override said as such."""
    gate = phase.line.gate
    note = course_note(phase.course, gate.state if gate else None, today)
    return f"{note} {_('It was not ready then.')}" if gate and gate.overridden else note


def _time(line: PhaseLine, visit: Visit) -> PhaseTime:
    gate, begun = line.gate, [each for each in line.cohorts if each.tracking_start_on]
    starts = [each.tracking_start_on for each in begun if each.counts is not None and each.tracking_start_on]
    opened = gate is not None and gate.state is GateState.OPENED and gate.decided_at is not None
    return PhaseTime(
        months_needed=line.months_needed,
        has_gate=gate is not None,
        begun_on=min(starts, default=None),
        running=any(each.state is CohortState.RUNNING for each in begun),
        hidden=bool(begun) and not starts,
        opened_on=gate.decided_at.astimezone(ZoneInfo(visit.program.zone)).date()
        if opened and gate and gate.decided_at
        else None,
        ready=gate is not None and gate.state is GateState.READY,
        expected_on=gate.expected_on if gate else None,
        earliest=gate is not None and gate.waits,
    )


def _heading(line: PhaseLine, today: date) -> str:
    """Where the rollout stands; the month of its first cohort is for those who see the cohort's figures."""
    starts = [
        cohort.tracking_start_on
        for cohort in line.cohorts
        if cohort.state is CohortState.RUNNING and cohort.counts is not None and cohort.tracking_start_on
    ]
    come = relativedelta(today, min(starts)) if starts else None
    month = come.years * 12 + come.months + 1 if come else None
    return phase_heading(line.name, line.state, cohorts=len(line.cohorts), month=month)


async def _lede(now: PhaseWords, visit: Visit, *, may_form: bool) -> str:
    """What the phase that the rollout stands in came to, and what it waits for."""
    if not now.line.cohorts and now.line.state is PhaseState.CAN_BEGIN:
        if may_form:
            return _("Form its first cohort, and invite people whom you trust to speak.")
        return _("Its first cohort has yet to be formed.")
    if may_form and now.line.state is PhaseState.PREPARING:
        return what_comes_next(
            invited=_count(now.line, EnrolmentState.INVITED), active=_count(now.line, EnrolmentState.ACTIVE)
        )
    totals = await phase_totals(now.line.id, seen_by=visit.reader)
    told = (
        totals_sentence(_people(now.line), totals.activities, totals.learnings)
        if totals and now.line.state is PhaseState.RUNNING
        else ""
    )
    return f"{told} {_gate_outlook(now, visit.today)}".strip()


def _gate_outlook(now: PhaseWords, today: date) -> str:
    """When the gate will probably be ready, as near as one can tell."""
    gate = now.line.gate
    if gate is None or gate.state is not GateState.SHUT or gate.expected_on is None:
        return now.outlook
    told = {"gate": gate_name(gate.opens_name), "when": about_text(gate.expected_on, today)}
    if gate.waits:
        return _("The %(gate)s will be ready %(when)s at the earliest.") % _lowered(told)
    return _("The %(gate)s will probably be ready %(when)s.") % _lowered(told)


def _lowered(told: dict[str, str]) -> dict[str, str]:
    """A gate’s name as it stands inside a sentence."""
    return {**told, "gate": told["gate"][:1].lower() + told["gate"][1:]}


def _holding(now: PhaseWords, today: date) -> str:
    inside = now.line.inside
    return holding_sentence(inside.holding, today) if inside and inside.holding else ""


def _in_short(now: PhaseWords, visit: Visit) -> list[Row]:
    """Whether it works, in a few of the figures that its gate asks for."""
    if now.line.inside is None or now.line.gate is None:
        return []
    asked = rows(now.line.inside, visit.today, here=at(visit, "gates", now.line.gate.id))
    lines = zip(asked, now.line.inside.criteria, strict=True)
    return [row for row, line in lines if line.standing.criterion.measure in IN_SHORT]


def _strip(now: PhaseWords, today: date) -> CohortStrip | None:
    months = now.line.months
    return cohort_strip(months, today, named=now.line.named) if months and months.tracked.months else None


HANDLERS = (show,)
