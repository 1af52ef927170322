"""Certificates: one’s own, and those of the people whom one may see by name."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from playbooks.certificates.queries import (
    Certificate,
    OwnCertificate,
    certificate_page,
    readable_certificates,
)
from playbooks.certificates.rules import CertificateState
from playbooks.clearances.rules import Clearance
from program.access_tokens.rules import Scope
from program.roles.rules import Role
from program.settings import Settings
from web.api.paging import Page, Paging
from web.visit import LEARNERS, Visit, may_call

WHO = (*LEARNERS, Role.LISTED, Role.COACH, Role.LEAD, Role.REVIEWER)
_Found = Certificate | OwnCertificate


class Revocation(Struct, frozen=True, kw_only=True):
    """On which day a certificate was revoked, by whom, and why."""

    on: date
    by: str | None
    reason: str


class CertificateOnDay(Struct, frozen=True, kw_only=True):
    """A certificate as it stands today. It is valid until the day before `valid_until_on`, and may be renewed from
    `due_from_on` on: from then on its state is due. `url` is the page that anybody may look at, of one’s own and while one
    allows it.
    """

    id: UUID
    person_id: UUID
    person: str
    track_id: UUID
    track: str
    cohort: str
    edition: int
    grants: Clearance
    state: CertificateState
    issued_on: date
    due_from_on: date
    valid_until_on: date
    revocation: Revocation | None
    own: bool
    url: str | None


@get(
    "/programs/{program:str}/certificates",
    opt=may_call(Scope.PEOPLE_READ, *WHO),
    operation_id="listCertificates",
    tags=["Certificates"],
)
async def certificates(
    visit: NamedDependency[Visit],
    paging: NamedDependency[Paging],
    settings: NamedDependency[Settings],
    mine: Annotated[bool, QueryParameter(description="Only one’s own.")] = False,
) -> Response[Page[CertificateOnDay]]:
    """Certificates, newest first: one’s own; those of the cohorts that one coaches; for leads and reviewers, all."""
    found = await readable_certificates(
        visit.reader,
        only_own=mine,
        today=visit.today,
        after=UUID(paging.after[0]) if paging.after else None,
        most=paging.most,
    )
    return paging.page(
        found, key=lambda each: [str(_of(each).id)], told=lambda each: _certificate(each, settings)
    )


@get(
    "/programs/{program:str}/certificates/{certificate:uuid}",
    opt=may_call(Scope.PEOPLE_READ, *WHO),
    operation_id="getCertificate",
    tags=["Certificates"],
)
async def certificate(
    visit: NamedDependency[Visit], settings: NamedDependency[Settings], certificate: FromPath[UUID]
) -> CertificateOnDay:
    """One certificate."""
    found = await certificate_page(certificate, seen_by=visit.reader, today=visit.today)
    return _certificate(found, settings)


def _of(found: _Found) -> Certificate:
    return found.certificate if isinstance(found, OwnCertificate) else found


def _certificate(found: _Found, settings: Settings) -> CertificateOnDay:
    told = _of(found)
    revoked = told.revoked
    token = found.token if isinstance(found, OwnCertificate) and found.public else None
    return CertificateOnDay(
        id=told.id,
        person_id=told.person,
        person=told.person_name,
        track_id=told.track,
        track=told.track_name,
        cohort=told.cohort_name,
        edition=told.edition_number,
        grants=told.grants,
        state=told.state,
        issued_on=told.issued_on,
        due_from_on=told.due_from_on,
        valid_until_on=told.valid_until_on,
        revocation=Revocation(on=revoked.on, by=told.revoked_by, reason=revoked.reason) if revoked else None,
        own=isinstance(found, OwnCertificate),
        url=f"{settings.address}/c/{token}" if token else None,
    )


HANDLERS = (certificates, certificate)
