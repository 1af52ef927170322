"""Certificates: one's own, as leads see them, and the public page."""

import re
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.certificates.actions import choose_publicity, revoke_certificate
from playbooks.certificates.queries import (
    Certificate,
    certificate_page,
    my_certificates,
    public_certificate,
)
from playbooks.certificates.words import state_text
from program.refusals import NotFound
from program.roles.rules import Role
from program.settings import Settings
from program.words import gettext as _
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.visit import ANYONE, LEARNERS, UNPROCESSABLE, Visit, may

# Whoever left keeps what they earned, and the say over who sees it.
OWNERS = (Role.LISTED, *LEARNERS)
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


@get("/programs/{program:str}/certificates", opt=may(*OWNERS))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    certificates = await my_certificates(visit.reader, today=visit.today)
    return page(request, "certificates/index.html", certificates=certificates, state_text=state_text)


@get(
    "/programs/{program:str}/certificates/{certificate:uuid}",
    opt=may(*OWNERS, Role.LEAD, Role.REVIEWER, Role.COACH),
)
async def show(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
    certificate: FromPath[UUID],
) -> Template:
    return await _page(request, visit, settings, certificate, Form())


@post("/programs/{program:str}/certificates/{certificate:uuid}/publicity", opt=may(*OWNERS))
async def show_publicly(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], certificate: FromPath[UUID]
) -> Redirect:
    form = await Form.of(request)
    public = form.yes("public")
    await choose_publicity(
        certificate, public=public, program=visit.program.id, by=visit.by.person, now=visit.now
    )
    said = (
        _("Anybody with the link can see it now.")
        if public
        else _("Its page is closed: the link shows nothing.")
    )
    return see(at(visit, "certificates", certificate), toast=said)


@post("/programs/{program:str}/certificates/{certificate:uuid}/revocation", opt=may(Role.LEAD))
async def revoke(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    settings: NamedDependency[Settings],
    certificate: FromPath[UUID],
) -> Template | Redirect:
    form = await Form.of(request)
    reason = form.text("reason", longest=LONGEST_TEXT)
    if not form.problems:
        with form.refusals():
            await revoke_certificate(
                certificate,
                reason,
                program=visit.program.id,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
            )
            return see(at(visit, "certificates", certificate), toast=_("The certificate is revoked."))
    return await _page(request, visit, settings, certificate, form, status=UNPROCESSABLE)


@get("/c/{token:str}", opt=may(ANYONE))
async def show_to_anyone(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], token: FromPath[str]
) -> Template:
    if not TOKEN.fullmatch(token):
        raise NotFound
    found = await public_certificate(token, now=visit.now)
    return page(request, "certificates/public.html", certificate=found)


async def _page(
    request: Request[Any, Any, Any],
    visit: Visit,
    settings: Settings,
    certificate: UUID,
    form: Form,
    *,
    status: int = 200,
) -> Template:
    found = await certificate_page(certificate, seen_by=visit.reader, today=visit.today)
    own = None if isinstance(found, Certificate) else found
    return page(
        request,
        "certificates/show.html",
        status=status,
        form=form,
        certificate=own.certificate if own else found,
        own=own,
        address=f"{settings.address}/c/{own.token}" if own else "",
        may_revoke=visit.reader.is_any(Role.LEAD),
        state_text=state_text,
    )


HANDLERS = (index, show, show_publicly, revoke, show_to_anyone)
