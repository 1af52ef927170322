"""What we see about you: one's own data in a program, who sees which of it, taking it along, and leaving."""

from datetime import UTC
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from cohorts.activities.actions import delete_activity, restore_activity
from cohorts.activities.queries import may_be_restored
from cohorts.activities.words import figures_text, kind_text
from cohorts.activities.words import network_text as place_text
from cohorts.decisions.words import choice_text
from cohorts.enrolments.actions import leave_program
from cohorts.enrolments.rules import EnrolmentStep, what_bars
from cohorts.enrolments.words import state_text
from cohorts.incidents.words import gravity_text
from playbooks.certificates.queries import my_certificates
from playbooks.certificates.words import state_text as certificate_state_text
from playbooks.own_data.exports import csv_export, json_export
from playbooks.own_data.queries import OwnData, OwnRecord, own_data
from playbooks.own_data.rules import Noun
from playbooks.own_data.words import noun_text, who_does_not, who_sees
from program.events.queries import happenings
from program.network_activity.rules import SaidBy
from program.people.words import how_often_name, level_name
from program.roles.rules import Role
from program.roles.words import role_name
from program.social_accounts.queries import own_accounts
from program.social_accounts.rules import Network
from program.social_accounts.words import network_text
from program.words import day_text, list_text
from program.words import gettext as _
from web.events import BETWEEN_REVIEWERS, line
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.visit import EVERYBODY_LISTED, LEARNERS, UNPROCESSABLE, Visit, may

SOME_EVENTS = 5
EVERYBODY_HERE = (*EVERYBODY_LISTED, Role.OWNER)


@get("/programs/{program:str}/me", opt=may(*EVERYBODY_HERE))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    asked = Form({name: request.query_params.get(name, "") for name in ("before", "deleted")})
    before, deleted = asked.ids("before"), asked.ids("deleted")
    whose: dict[str, UUID] = {"person": visit.by.person, "program": visit.program.id}
    mine = await own_data(visit.reader, before=before[0] if before else None)
    happened = await happenings(
        visit.program.id,
        seen_by=visit.by.person,
        only_own=True,
        without_names=() if visit.reader.is_any(Role.REVIEWER) else BETWEEN_REVIEWERS,
        most=SOME_EVENTS,
    )
    return page(
        request,
        "own_data/show.html",
        mine=mine,
        record=_record(mine.record),
        accounts=await own_accounts(seen_by=visit.reader),
        certificates=await my_certificates(visit.reader, today=visit.today),
        events=[line(happening) for happening in happened],
        nouns={noun.name.lower(): noun for noun in Noun},
        deleted=deleted[0] if deleted and await may_be_restored(deleted[0], **whose) else None,
        leaves=_leaves(mine),
        learns=visit.reader.is_any(*LEARNERS),
        here=at(visit, "me"),
        noun_text=noun_text,
        who_sees=who_sees,
        who_does_not=who_does_not,
        figures_text=figures_text,
        kind_text=kind_text,
        place_text=place_text,
        network_text=network_text,
        state_text=state_text,
        choice_text=choice_text,
        gravity_text=gravity_text,
        role_name=role_name,
        certificate_state_text=certificate_state_text,
    )


@get("/programs/{program:str}/me/data.json", opt=may(*EVERYBODY_HERE))
async def take_json(visit: NamedDependency[Visit]) -> Stream:
    told: dict[str, Any] = {"name": visit.program.name, "at": visit.now.astimezone(UTC)}
    chunks = json_export(visit.by.person, visit.program.id, **told)
    return Stream(chunks, media_type="application/json", headers=_attached(visit, "json"))


@get("/programs/{program:str}/me/data.zip", opt=may(*EVERYBODY_HERE))
async def take_csv(visit: NamedDependency[Visit]) -> Stream:
    told: dict[str, Any] = {"name": visit.program.name, "at": visit.now.astimezone(UTC)}
    chunks = csv_export(visit.by.person, visit.program.id, **told)
    return Stream(chunks, media_type="application/zip", headers=_attached(visit, "zip"))


@post("/programs/{program:str}/me/activities/{activity:uuid}/deletion", opt=may(*EVERYBODY_HERE))
async def delete(visit: NamedDependency[Visit], activity: FromPath[UUID]) -> Redirect:
    """Also for whoever has left: what was kept of them stays theirs to delete."""
    await delete_activity(
        activity, program=visit.program.id, by=visit.by.person, now=visit.now, today=visit.today
    )
    return see(f"{at(visit, 'me')}?deleted={activity}#activity")


@post("/programs/{program:str}/me/activities/{activity:uuid}/restoration", opt=may(*EVERYBODY_HERE))
async def restore(visit: NamedDependency[Visit], activity: FromPath[UUID]) -> Redirect:
    await restore_activity(
        activity, program=visit.program.id, by=visit.by.person, now=visit.now, today=visit.today
    )
    return see(f"{at(visit, 'me')}#activity", toast=_("It is back, and counts as it did."))


@get("/programs/{program:str}/leaving", opt=may(*LEARNERS))
async def think_it_over(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _leaving(request, visit, Form())


@post("/programs/{program:str}/leaving", opt=may(*LEARNERS))
async def leave(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    reason = form.text("reason", required=False, longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await leave_program(program=visit.program.id, reason=reason, by=visit.by.person, now=visit.now)
            return see(
                at(visit, "me"),
                toast=_("You have left, and nothing of yours is tracked. Thank you for coming along."),
            )
    return await _leaving(request, visit, form, status=UNPROCESSABLE)


async def _leaving(
    request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200
) -> Template:
    mine = await own_data(visit.reader)
    return page(
        request,
        "own_data/leaving.html",
        status=status,
        form=form,
        leaves=_leaves(mine),
        here=at(visit, "leaving"),
    )


def _leaves(mine: OwnData) -> bool:
    """Whether there is a membership that can be left."""
    return any(what_bars(EnrolmentStep.LEAVE, each.state) is None for each in mine.memberships)


def _record(record: OwnRecord) -> list[tuple[str, str]]:
    """What is known of the person, with who said so; "" where it is not known."""
    activity = record.activity
    whose = {
        SaidBy.ONESELF: _("by your own word"),
        SaidBy.MANAGER: _("by the word of your manager"),
        SaidBy.FILE: _("from a file of people"),
    }
    said = f" ({whose[activity.said_by]})" if activity.said_by else ""
    networks = list_text([network_text(Network(network)) for network in activity.networks or ()])
    return [
        (_("Name"), record.name),
        (_("E-mail address"), record.email),
        (_("Number in the HR system"), record.external_id or ""),
        (_("Job title"), record.job_title or ""),
        (_("Job function"), record.job_function or ""),
        (_("Department"), record.department or ""),
        (_("Level"), level_name(record.level)),
        (_("Region"), record.region or ""),
        (_("Manager"), record.manager_name or ""),
        (_("Active on"), networks + said if networks else ""),
        (_("How often"), how_often_name(activity.how_often) + said if activity.how_often else ""),
        (_("Among the program’s people since"), day_text(record.listed_at) if record.listed_at else ""),
    ]


def _attached(visit: Visit, kind: str) -> dict[str, str]:
    """A file to keep, named after the program and the day."""
    name = f"pilotage-{visit.program.slug}-{visit.today.isoformat()}.{kind}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


HANDLERS = (show, take_json, take_csv, delete, restore, think_it_over, leave)
