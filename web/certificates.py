"""Certificates: one's own, as leads see them, and the public page."""

import re
from asyncio import to_thread
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
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
from playbooks.certificates.rules import CertificateState
from playbooks.certificates.words import allows_text, state_text
from program.refusals import NotFound
from program.roles.rules import Role
from program.settings import Settings
from program.words import day_text, locale_name
from program.words import gettext as _
from web.certificate_pdf import certificate_pdf, code_picture
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


@get("/programs/{program:str}/certificates/{certificate:uuid}/pdf", opt=may(*OWNERS))
async def show_on_paper(
    visit: NamedDependency[Visit], settings: NamedDependency[Settings], certificate: FromPath[UUID]
) -> Response[bytes]:
    own = await certificate_page(certificate, seen_by=visit.reader, today=visit.today)
    if isinstance(own, Certificate) or own.certificate.revoked:
        raise NotFound
    sheet = await to_thread(
        certificate_pdf,
        _words_on_paper(own.certificate),
        address=f"{settings.address}/c/{own.token}",
        made_at=own.issued_at,
    )
    name = _("certificate") + f"-{own.certificate.issued_on.isoformat()}.pdf"
    return Response(
        sheet,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f"attachment; filename=\"certificate.pdf\"; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
        },
    )


def _words_on_paper(certificate: Certificate) -> dict[str, str]:
    return {
        "title": _("Certificate of %(name)s") % {"name": certificate.person_name},
        "lang": locale_name().split("_")[0],
        "program": certificate.program_name,
        "certificate": _("Certificate"),
        "name": certificate.person_name,
        "passed": _("has passed the track"),
        "track": certificate.track_name,
        "allows": allows_text(certificate.grants),
        "issued_label": _("Issued"),
        "issued": day_text(certificate.issued_on),
        "until_label": _("Valid until"),
        "until": day_text(certificate.valid_until_on),
        "cohort_label": _("Cohort"),
        "cohort": certificate.cohort_name,
        "edition_label": _("Playbook"),
        "edition": _("Edition %(number)s") % {"number": certificate.edition_number},
        "check": _("Scan to see whether it counts today."),
    }


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
    certificate_seen, own = (found, None) if isinstance(found, Certificate) else (found.certificate, found)
    address = f"{settings.address}/c/{own.token}" if own else ""
    return page(
        request,
        "certificates/show.html",
        status=status,
        form=form,
        certificate=certificate_seen,
        own=own,
        address=address,
        code=code_picture(address) if own else "",
        allows=allows_text(certificate_seen.grants),
        to_renew=own is not None and await _is_to_renew(visit, own.certificate),
        may_revoke=visit.reader.is_any(Role.LEAD),
        state_text=state_text,
    )


async def _is_to_renew(visit: Visit, own: Certificate) -> bool:
    """Whether its time ends or has ended, while there is no newer one of its track."""
    if own.state not in (CertificateState.DUE, CertificateState.LAPSED) or not visit.reader.is_any(*LEARNERS):
        return False
    of_track = [
        each.certificate.id
        for each in await my_certificates(visit.reader, today=visit.today)
        if each.certificate.track == own.track
    ]
    return of_track[0] == own.id


HANDLERS = (index, show, show_on_paper, show_publicly, revoke, show_to_anyone)
