"""The evidence behind each thing that a gate asks, and the decision as it was."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from cohorts.criteria.rules import Criterion, CriterionKind
from cohorts.criteria.words import capitalised, topic_text
from cohorts.decisions.words import choice_text
from cohorts.evidence.queries import CriterionPage, criterion_page
from cohorts.evidence.words import held_sentence
from cohorts.gates.queries import gate_page
from cohorts.gates.words import gate_name, outcome_text
from cohorts.measures.words import measure_formula, value_text
from playbooks.gate_evidence.queries import learnings_evidence, topic_lines
from program.refusals import NotFound
from program.roles.rules import Role
from program.words import day_text
from program.words import gettext as _
from web.gate_rows import cohort_strip, row_of, rows, strips, told_changes
from web.pages import at, page
from web.visit import EVERYBODY_LISTED, Visit, may

OF_MONTHS = frozenset({"took_part_share", "eligible_share"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """A required topic with its entries, each with its title and address, and what is on its way."""

    topic: str
    entries: list[tuple[str, str]]
    drafted: list[tuple[str, str]]
    waiting: int


@dataclass(slots=True, kw_only=True)
class Shown:
    """What a criterion’s page has besides its row; most criteria have one of these."""

    explained: str = ""
    topics: list[TopicRow] = field(default_factory=list)
    entries: list[tuple[str, str, int]] = field(default_factory=list)
    learnings: list[tuple[str, str, str]] = field(default_factory=list)
    months: bool = False


@get("/programs/{program:str}/gates/{gate:uuid}/criteria/{criterion:uuid}", opt=may(*EVERYBODY_LISTED))
async def show(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    gate: FromPath[UUID],
    criterion: FromPath[UUID],
) -> Template:
    found = await criterion_page(gate, criterion, seen_by=visit.reader, today=visit.today)
    here = at(visit, "gates", gate)
    shown = await _shown(found, visit)
    return page(
        request,
        "criteria/evidence.html",
        found=found,
        row=row_of(found.line, visit.today, here=here),
        points=_points(found, visit),
        strips=[
            cohort_strip(each, visit.today, named=found.named, as_of=_decided_on(found, visit))
            for each in found.cohorts
        ]
        if shown.months
        else [],
        shown=shown,
        gate_name=gate_name(found.gate.opens_name),
        gate_at=here,
        rollout=at(visit, "rollout"),
    )


@get("/programs/{program:str}/gates/{gate:uuid}/decision", opt=may(Role.LEAD, Role.SPONSOR, Role.REVIEWER))
async def decision(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template:
    """The decision on a gate, as it was, from what was kept of it."""
    stands = await gate_page(gate, seen_by=visit.reader, today=visit.today)
    if stands.decision is None or stands.inside is None:
        raise NotFound
    decided, here = stands.decision, at(visit, "gates", gate)
    needed = next((each.tracked.needed for each in stands.inside.cohorts), 0)
    return page(
        request,
        "gates/decision.html",
        gate=stands,
        name=gate_name(stands.line.opens_name),
        outcome=outcome_text(decided.outcome),
        rows=rows(stands.inside, decided.decided_on, here=here),
        strips=strips(stands.inside, visit.today, decided_on=decided.decided_on),
        held=held_sentence(decided.evidence.held_shut_by),
        changes=told_changes(stands.inside.changes, visit.today, named=True, months=needed),
        choice_text=choice_text,
        here=here,
        rollout=at(visit, "rollout"),
    )


async def _shown(found: CriterionPage, visit: Visit) -> Shown:
    criterion = found.line.standing.criterion
    if criterion.kind is CriterionKind.MONTHS or criterion.measure in OF_MONTHS:
        return Shown(explained=_explained(criterion), months=True)
    shown = Shown(explained=_explained(criterion))
    if found.decided:
        return shown
    if criterion.measure == "topics_covered":
        shown.topics = await _topics(visit)
    if criterion.measure == "learnings_accepted":
        kept = [each.cohort for each in found.cohorts if each.left_out is None]
        evidence = await learnings_evidence(kept, visit.reader)
        shown.entries = [
            (each.title, at(visit, "playbook", "entries", each.entry), each.learnings)
            for each in evidence.entries
        ]
        shown.learnings = [
            (each.text.lesson, at(visit, "learnings", each.id), each.author_name or "")
            for each in evidence.readable
        ]
    return shown


async def _topics(visit: Visit) -> list[TopicRow]:
    return [
        TopicRow(
            topic=capitalised(topic_text(line.topic)),
            entries=[(title, at(visit, "playbook", "entries", entry)) for entry, title in line.entries],
            drafted=[(title, at(visit, "playbook", "draft")) for _entry, title in line.drafted],
            waiting=line.waiting,
        )
        for line in await topic_lines(visit.reader)
    ]


def _explained(criterion: Criterion) -> str:
    """What is measured, and where it cannot be yet, why."""
    if criterion.kind is CriterionKind.CHECKLIST:
        return ""
    if criterion.kind is CriterionKind.MONTHS:
        return _(
            "A month counts when enough members were active all through it, enough of them took part, and the"
            " cohort was not paused for long."
        )
    formula = capitalised(measure_formula(criterion.measure)) + "."
    if criterion.measure in ("originality", "robot_effect"):
        text = _(
            "An activity is measured when it came from a brief and has a text of at least five words: its words are"
            " compared with the brief’s and with earlier texts for the same brief. Without a brief there is nothing to"
            " compare, so it is not measured."
        )
        return f"{formula} {text}"
    return formula


def _decided_on(found: CriterionPage, visit: Visit) -> date | None:
    decided_at = found.gate.decided_at if found.decided else None
    return decided_at.astimezone(ZoneInfo(visit.program.zone)).date() if decided_at else None


def _points(found: CriterionPage, visit: Visit) -> list[tuple[str, str]]:
    """What the measure came to, newest first, as a table of the line above it: each month, or each day that changed it."""
    measure, course = found.line.standing.criterion.measure, found.line.course
    changed = [next(same) for _value, same in groupby(course, key=attrgetter("value"))]
    told = course if measure in OF_MONTHS else changed
    return [(day_text(point.on, visit.today), value_text(measure, point.value)) for point in reversed(told)]


HANDLERS = (show, decision)
