"""Invitations: a lead sends them, and whoever holds the link says yes or no."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cohorts.invitations.actions import (
    InvitationIsForSomebodyElse,
    InvitationIsOver,
    NobodyChosen,
    accept_invitation,
    decline_invitation,
    invite,
    withdraw_invitation,
)
from cohorts.invitations.queries import invitation_page
from cohorts.invitations.rules import INVITATION, InvitationState
from cohorts.invitations.words import over_sentence
from playbooks.certificates.actions import take_up_certificates
from playbooks.set_up.queries import set_up_of
from program.refusals import NotFound
from program.roles.rules import Role
from program.settings import Settings
from program.sign_in.rules import SHORTEST_PASSWORD, unsealed
from program.words import gettext as _
from program.words import ngettext
from web.choosing import letter_page
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.sign_in import signed_in_response
from web.visit import ANYONE, UNPROCESSABLE, Visit, may


@post("/programs/{program:str}/cohorts/{cohort:uuid}/invitations", opt=may(Role.LEAD))
async def send(
    request: Request[Any, Any, Any],
    cohort: FromPath[UUID],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template | Redirect:
    """Invites whom the form names. Within the set-up, the rollout comes next; else the cohort."""
    form = await Form.of(request)
    people = form.ids("people")
    if not people:
        form.refuse("people", NobodyChosen().sentence())
    if not form.problems:
        going_on = not (await set_up_of(visit.program.id)).over
        with form.refusals():
            await invite(
                people,
                cohort=cohort,
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
                sent=form.sent,
            )
            return see(
                at(visit, "rollout") if going_on else at(visit, "cohorts", cohort),
                toast=_sent_words(len(people)),
            )
    return await letter_page(request, cohort, visit, settings, form, status=UNPROCESSABLE)


@post(
    "/programs/{program:str}/cohorts/{cohort:uuid}/invitations/{enrolment:uuid}/withdrawal",
    opt=may(Role.LEAD),
)
async def withdraw(
    cohort: FromPath[UUID], enrolment: FromPath[UUID], visit: NamedDependency[Visit]
) -> Redirect:
    await withdraw_invitation(
        cohort, enrolment, program=visit.program.id, by=visit.by.person, now=visit.now, today=visit.today
    )
    return see(
        at(visit, "cohorts", cohort), toast=_("The invitation is withdrawn: its link no longer works.")
    )


@get("/invitations/{token:str}", opt=may(ANYONE))
async def show(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template:
    """Opening the link changes nothing; only its buttons do."""
    return await _invitation(request, token, visit, settings, Form())


@post("/invitations/{token:str}/accept", opt=may(ANYONE))
async def accept(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template | Redirect:
    form = await Form.of(request)
    password = form.text("password", required=False, longest=1_000)
    if not form.problems:
        with form.refusals():
            try:
                accepted = await accept_invitation(
                    _nonce(token, settings),
                    password=password,
                    signed_in=visit.person.person if visit.person else None,
                    now=visit.now,
                    machine_now=visit.machine_now,
                )
            except (InvitationIsOver, InvitationIsForSomebodyElse):
                return await _invitation(request, token, visit, settings, Form(), status=409)
            await take_up_certificates(accepted.person, program=accepted.program, now=visit.now)
            room = f"/programs/{accepted.slug}/joining/networks"
            if accepted.token is None:
                return see(room, toast=_("Welcome. You are in."))
            return signed_in_response(room, accepted.token, settings)
    form.values.pop("password", None)
    return await _invitation(request, token, visit, settings, form, status=UNPROCESSABLE)


@post("/invitations/{token:str}/decline", opt=may(ANYONE))
async def decline(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
) -> Template | Redirect:
    form = await Form.of(request)
    reason = form.text("reason", required=False, longest=LONGEST_TEXT)
    if form.problems:
        return await _invitation(request, token, visit, settings, form, status=UNPROCESSABLE)
    try:
        await decline_invitation(
            _nonce(token, settings),
            reason=reason,
            signed_in=visit.person.person if visit.person else None,
            now=visit.now,
        )
    except (InvitationIsOver, InvitationIsForSomebodyElse):
        return await _invitation(request, token, visit, settings, Form(), status=409)
    return see(f"/invitations/{token}")


def _sent_words(count: int) -> str:
    return ngettext(
        "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count
    ) % {"count": count}


def _nonce(token: str, settings: Settings) -> bytes:
    nonce = unsealed(token, purpose=INVITATION, secret=settings.secret)
    if nonce is None:
        raise NotFound
    return nonce


async def _invitation(
    request: Request[Any, Any, Any],
    token: str,
    visit: Visit,
    settings: Settings,
    form: Form,
    *,
    status: int = 200,
) -> Template:
    """The invitation with its buttons; or why it cannot be answered, or that nobody here made it."""
    try:
        found = await invitation_page(_nonce(token, settings), now=visit.now)
    except NotFound:
        return page(request, "invitations/unknown.html", status=404)
    if found.state is not InvitationState.OPEN:
        gone = found.state in (InvitationState.WITHDRAWN, InvitationState.EXPIRED)
        return page(
            request,
            "invitations/over.html",
            status=HTTPStatus.GONE if gone else status,
            invitation=found,
            sentence=over_sentence(found.state),
        )
    return page(
        request,
        "invitations/show.html",
        status=status,
        invitation=found,
        form=form,
        here=f"/invitations/{token}",
        stranger=visit.person is not None and visit.person.person != found.person,
        shortest=SHORTEST_PASSWORD,
    )


HANDLERS = (send, withdraw, show, accept, decline)
