"""The gate: what it asks for, where that stands, and the decision."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.criteria.actions import tick, untick
from cohorts.decisions.actions import meet_condition, vote
from cohorts.decisions.rules import Choice, ConditionAsked
from cohorts.decisions.words import choice_text, lack_sentence
from cohorts.gate_changes.actions import leave_out, take_in_again
from cohorts.gates.actions import hold, lift_hold, recycle
from cohorts.gates.queries import GatePage, gate_page
from cohorts.gates.rules import GateState
from cohorts.gates.words import gate_name, outcome_text
from program.roles.rules import Role
from program.words import gettext as _
from web.forms import LONGEST_TEXT, Form
from web.gate_helps import helps
from web.gate_rows import ToldChange, lede, outlook, rows, strips, told_changes
from web.pages import at, page, see
from web.signed_out import KEEPS_WORDS
from web.visit import EVERYBODY_LISTED, UNPROCESSABLE, Visit, may

CONDITION_ROWS = (1, 2, 3)


@get("/programs/{program:str}/gates/{gate:uuid}", opt=may(*EVERYBODY_LISTED))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template:
    return await _gate(request, visit, gate)


@post("/programs/{program:str}/gates/{gate:uuid}/votes", opt=may(Role.LEAD, Role.SPONSOR) | KEEPS_WORDS)
async def cast_vote(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template | Redirect:
    form = await Form.of(request)
    choice = form.choice("choice", Choice, otherwise=Choice.KEEP_SHUT)
    comment = form.text("comment", required=choice is Choice.OVERRIDE, longest=LONGEST_TEXT)
    conditions = _conditions(form, visit.today) if choice is Choice.OPEN_WITH_CONDITIONS else []
    if not form.problems:
        with form.refusals():
            await vote(
                gate,
                choice,
                program=visit.program.id,
                comment=comment,
                conditions=conditions,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
                sent=form.sent,
            )
            return see(at(visit, "gates", gate), toast=_("Your vote is kept."))
    return await _gate(request, visit, gate, vote_form=form)


@post("/programs/{program:str}/gates/{gate:uuid}/holds", opt=may(Role.LEAD))
async def hold_gate(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template | Redirect:
    form = await Form.of(request)
    until_on = form.day("hold_until", otherwise=visit.today)
    reason = form.text("hold_reason", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await hold(
                gate,
                program=visit.program.id,
                until_on=until_on,
                reason=reason,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
                sent=form.sent,
            )
            return see(at(visit, "gates", gate), toast=_("The gate is held shut until that day."))
    return await _gate(request, visit, gate, hold_form=form)


@post("/programs/{program:str}/gates/{gate:uuid}/holds/lifting", opt=may(Role.LEAD))
async def lift(visit: NamedDependency[Visit], gate: FromPath[UUID]) -> Redirect:
    await lift_hold(gate, program=visit.program.id, by=visit.by.person, now=visit.now, today=visit.today)
    return see(at(visit, "gates", gate), toast=_("The hold is lifted."))


@post("/programs/{program:str}/gates/{gate:uuid}/recycles", opt=may(Role.LEAD))
async def recycle_gate(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], gate: FromPath[UUID]
) -> Template | Redirect:
    form = await Form.of(request)
    from_on = form.day("recycle_from", otherwise=visit.today)
    reason = form.text("recycle_reason", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await recycle(
                gate,
                program=visit.program.id,
                from_on=from_on,
                reason=reason,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
                sent=form.sent,
            )
            return see(at(visit, "gates", gate), toast=_("The months are counted anew from that day."))
    return await _gate(request, visit, gate, recycle_form=form)


@post("/programs/{program:str}/gates/{gate:uuid}/cohorts/{cohort:uuid}/leave", opt=may(Role.LEAD))
async def leave_cohort_out(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    gate: FromPath[UUID],
    cohort: FromPath[UUID],
) -> Template | Redirect:
    form = await Form.of(request)
    reason = form.text(f"leave_{cohort}", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await leave_out(gate, cohort, reason=reason, **_by(visit))
            return see(at(visit, "gates", gate), toast=_("The gate does not wait for it any more."))
    return await _gate(request, visit, gate, leave_form=form)


@post("/programs/{program:str}/gates/{gate:uuid}/cohorts/{cohort:uuid}/return", opt=may(Role.LEAD))
async def take_cohort_in(
    visit: NamedDependency[Visit], gate: FromPath[UUID], cohort: FromPath[UUID]
) -> Redirect:
    await take_in_again(gate, cohort, **_by(visit))
    return see(at(visit, "gates", gate), toast=_("The gate waits for it again."))


@post("/programs/{program:str}/gates/{gate:uuid}/checklist/{criterion:uuid}", opt=may(*EVERYBODY_LISTED))
async def tick_off(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    gate: FromPath[UUID],
    criterion: FromPath[UUID],
) -> Redirect:
    """A lead or the item's owner ticks it off, or takes that back."""
    form = await Form.of(request)
    turn = tick if form.yes("done") else untick
    await turn(criterion, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "gates", gate), toast=_("Kept."))


@post("/programs/{program:str}/gates/{gate:uuid}/conditions/{condition:uuid}", opt=may(*EVERYBODY_LISTED))
async def say_condition_met(
    visit: NamedDependency[Visit], gate: FromPath[UUID], condition: FromPath[UUID]
) -> Redirect:
    """A lead or the condition's owner says that it is met."""
    await meet_condition(condition, program=visit.program.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "gates", gate), toast=_("The condition is met."))


async def _gate(request: Request[Any, Any, Any], visit: Visit, gate: UUID, **forms: Form) -> Template:
    """The page of a gate, with forms that were refused as they were typed."""
    stands = await gate_page(gate, seen_by=visit.reader, today=visit.today)
    return page(
        request,
        "gates/show.html",
        status=UNPROCESSABLE if forms else 200,
        gate=stands,
        name=gate_name(stands.line.opens_name),
        lede=lede(stands, visit.today),
        outlook=outlook(stands, visit.today),
        rows=rows(stands.inside, visit.today, here=at(visit, "gates", gate)) if stands.inside else [],
        strips=strips(
            stands.inside, visit.today, decided_on=stands.decision.decided_on if stands.decision else None
        )
        if stands.inside
        else [],
        helps=await helps(stands, visit),
        changes=_changes(stands, visit),
        lacks=[lack_sentence(lack, visit.today) for lack in stands.panel.lacks] if stands.panel else [],
        choices=_choices(stands),
        outcome=outcome_text(stands.decision.outcome) if stands.decision else "",
        choice_text=choice_text,
        owners=[(str(person), named) for person, named in stands.panel.owners] if stands.panel else [],
        condition_rows=CONDITION_ROWS,
        here=at(visit, "gates", gate),
        rollout=at(visit, "rollout"),
        vote_form=forms.get("vote_form") or _own_vote(stands, visit),
        hold_form=forms.get("hold_form", Form()),
        recycle_form=forms.get("recycle_form", Form()),
        leave_form=forms.get("leave_form", Form()),
    )


def _own_vote(gate: GatePage, visit: Visit) -> Form:
    """The form of a vote; it begins with the one that the reader has cast."""
    keepers = gate.panel.gatekeepers if gate.panel else ()
    cast = next((each.vote for each in keepers if each.person == visit.by.person), None)
    if cast is None:
        return Form()
    values: dict[str, str | list[str]] = {"choice": cast.choice.value, "comment": cast.comment}
    for number, condition in zip(CONDITION_ROWS, cast.conditions, strict=False):
        values[f"condition_what_{number}"] = condition.what
        values[f"condition_owner_{number}"] = str(condition.owner or "")
        values[f"condition_due_{number}"] = str(condition.due_on or "")
    return Form(values)


def _by(visit: Visit) -> dict[str, Any]:
    return {"program": visit.program.id, "by": visit.by.person, "now": visit.now, "today": visit.today}


def _changes(gate: GatePage, visit: Visit) -> list[ToldChange]:
    """What the gate asks differently since tracking began; by whom, for those who see the votes."""
    if gate.inside is None:
        return []
    months = next((each.tracked.needed for each in gate.inside.cohorts), 0)
    named = visit.reader.is_any(Role.LEAD, Role.SPONSOR, Role.REVIEWER)
    return told_changes(gate.inside.changes, visit.today, named=named, months=months)


def _choices(gate: GatePage) -> list[tuple[str, str, bool]]:
    """What may be chosen, in words, and whether the gate as it stands allows for it."""
    ready = gate.line.state is GateState.READY
    offered = (
        (Choice.OPEN, ready),
        (Choice.OPEN_WITH_CONDITIONS, ready),
        (Choice.KEEP_SHUT, True),
        *(() if ready else ((Choice.OVERRIDE, True),)),
        (Choice.STOP, True),
    )
    return [(choice.value, choice_text(choice), allowed) for choice, allowed in offered]


def _conditions(form: Form, today: date) -> list[ConditionAsked]:
    """The conditions typed in; rows left empty are none."""
    found = []
    for row in CONDITION_ROWS:
        what, owner, due_on = (f"condition_{part}_{row}" for part in ("what", "owner", "due"))
        if any(form.values.get(name) for name in (what, owner, due_on)):
            found.append(
                ConditionAsked(
                    what=form.text(what), owner=form.id(owner), due_on=form.day(due_on, otherwise=today)
                )
            )
    return found


HANDLERS = (
    show,
    cast_vote,
    hold_gate,
    lift,
    recycle_gate,
    leave_cohort_out,
    take_cohort_in,
    tick_off,
    say_condition_met,
)
