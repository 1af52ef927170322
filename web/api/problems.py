"""Whatever the API answers that is no success: a problem as RFC 9457 has it, which names what to mend."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException, NotAuthorizedException, NotFoundException, ValidationException
from msgspec import UNSET, Struct, UnsetType

from program.logs import request_id
from program.outages import outage_of
from program.refusals import NotAllowed, NotFound, Refusal, code_of
from program.words import gettext as _
from web.outages import TRY_AGAIN_SECONDS, kept_sentence, outage_sentence
from web.visit import READS, ScopeNotHeld

MEDIA_TYPE = "application/problem+json"
UNDER = "/api/"
WRONG_WITH_ADDRESS = "wrong with address"
UNCACHED = {"Cache-Control": "private, no-store"}


_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")


class Kind(StrEnum):
    """The kinds of problems; each is explained at /api/problems/{kind}."""

    MALFORMED = "malformed"
    NOBODY = "no-token"
    SCOPE_MISSING = "scope-missing"
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    WRONG_METHOD = "wrong-method"
    NOT_ACCEPTABLE = "not-acceptable"
    REFUSED = "refused"
    TOO_LARGE = "too-large"
    WRONG_CONTENT_TYPE = "wrong-content-type"
    INVALID = "invalid"
    TOO_MANY_CALLS = "too-many-calls"
    BROKEN = "broken"
    UNAVAILABLE = "unavailable"

    @property
    def status(self) -> int:
        return _STATUS[self]


_STATUS = {
    Kind.MALFORMED: 400,
    Kind.NOBODY: 401,
    Kind.SCOPE_MISSING: 403,
    Kind.NOT_ALLOWED: 403,
    Kind.NOT_FOUND: 404,
    Kind.WRONG_METHOD: 405,
    Kind.NOT_ACCEPTABLE: 406,
    Kind.REFUSED: 409,
    Kind.TOO_LARGE: 413,
    Kind.WRONG_CONTENT_TYPE: 415,
    Kind.INVALID: 422,
    Kind.TOO_MANY_CALLS: 429,
    Kind.BROKEN: 500,
    Kind.UNAVAILABLE: 503,
}
_OF_STATUS = {status: kind for kind, status in reversed(_STATUS.items())}


class Wrong(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong with what was sent: where it stands in the body (a JSON pointer), or in which parameter."""

    detail: str
    pointer: str | UnsetType = UNSET
    parameter: str | UnsetType = UNSET


_KINDS: Mapping[type[Exception], Kind] = {
    ScopeNotHeld: Kind.SCOPE_MISSING,
    NotFound: Kind.NOT_FOUND,
    NotFoundException: Kind.NOT_FOUND,
    NotAllowed: Kind.NOT_ALLOWED,
    Refusal: Kind.REFUSED,
    NotAuthorizedException: Kind.NOBODY,
    ValidationException: Kind.INVALID,
}
"""By what is raised; the special comes before the general."""


class ProblemDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem (RFC 9457). `code` and `reasons` tell of a refusal, `errors` of what was sent wrongly, all of it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    scope: str | UnsetType = UNSET
    reasons: tuple[str, ...] | UnsetType = UNSET
    errors: tuple[Wrong, ...] | UnsetType = UNSET


class Problem(HTTPException):
    """Raised by routes of the API where something is wrong with what was sent."""

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        *,
        errors: Iterable[Wrong] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            detail=detail or meaning_of(kind), status_code=kind.status, headers=dict(headers or {})
        )
        self.kind = kind
        self.errors = tuple(errors)


def is_call(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether whoever asks is a program, which is told of problems as programs are."""
    return connection.scope["path"].startswith(UNDER)


def answer_to(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemDetails]:
    """What the API answers where this was raised."""
    kind, headers = kind_of(error), dict(UNCACHED)
    if isinstance(error, HTTPException):
        headers |= error.headers or {}
    if kind is Kind.UNAVAILABLE:
        headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    if kind is Kind.NOBODY:
        headers["WWW-Authenticate"] = _challenge(request)
    return Response(
        ProblemDetails(
            type=f"/api/problems/{kind.value}",
            title=title_of(kind),
            status=kind.status,
            detail=_detail(error, kind, request),
            instance=f"urn:pilotage:request:{number}" if (number := request_id.get()) else UNSET,
            code=code_of(error) if kind is Kind.REFUSED else UNSET,
            scope=str(error.reasons[0]) if isinstance(error, ScopeNotHeld) else UNSET,
            reasons=tuple(error.reason_sentences()) or UNSET if isinstance(error, Refusal) else UNSET,
            errors=_errors(error, request) or UNSET,
        ),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def kind_of(error: Exception) -> Kind:
    if isinstance(error, Problem):
        return error.kind
    if outage_of(error) is not None:
        return Kind.UNAVAILABLE
    known = next((kind for of, kind in _KINDS.items() if isinstance(error, of)), None)
    if known is None and isinstance(error, HTTPException):
        whole = Kind.BROKEN if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else Kind.MALFORMED
        return _OF_STATUS.get(error.status_code, whole)
    return known or Kind.BROKEN


def _detail(error: Exception, kind: Kind, request: Request[Any, Any, Any]) -> str:
    outage = outage_of(error)
    if outage is not None:
        happened = outage_sentence(outage)
        return happened if request.method in READS else f"{happened} {kept_sentence()}"
    if isinstance(error, Refusal):
        return error.sentence()
    return error.detail if isinstance(error, Problem) else meaning_of(kind)


def _errors(error: Exception, request: Request[Any, Any, Any]) -> tuple[Wrong, ...]:
    if isinstance(error, Problem):
        return error.errors
    if isinstance(error, ValidationException):
        missing = _MISSING.search(error.detail)
        if missing:
            return (Wrong(detail=_("This is missing."), parameter=missing.group(1)),)
        found = error.extra if isinstance(error.extra, list) else []
        told = tuple(Wrong(detail=each["message"], parameter=each.get("key", "")) for each in found)
        return (*told, *request.scope["state"].get(WRONG_WITH_ADDRESS, ()))
    if isinstance(error, Refusal) and error.field:
        return (Wrong(detail=error.sentence(), pointer=f"/{error.field}"),)
    return ()


def _challenge(request: Request[Any, Any, Any]) -> str:
    realm = 'Bearer realm="Pilotage"'
    return f'{realm}, error="invalid_token"' if "authorization" in request.headers else realm


def title_of(kind: Kind) -> str:
    return {
        Kind.MALFORMED: _("This cannot be read"),
        Kind.NOBODY: _("No valid access token"),
        Kind.SCOPE_MISSING: _("The access token was not made for this"),
        Kind.NOT_ALLOWED: _("This is for somebody else to do"),
        Kind.NOT_FOUND: _("Nothing here that you can see"),
        Kind.WRONG_METHOD: _("Not by this method"),
        Kind.NOT_ACCEPTABLE: _("Only JSON is spoken here"),
        Kind.REFUSED: _("Refused by a rule"),
        Kind.TOO_LARGE: _("Too much at once"),
        Kind.WRONG_CONTENT_TYPE: _("Only JSON is taken here"),
        Kind.INVALID: _("Something in it is wrong"),
        Kind.TOO_MANY_CALLS: _("Too many calls"),
        Kind.BROKEN: _("Something broke here"),
        Kind.UNAVAILABLE: _("Not at this moment"),
    }[kind]


def meaning_of(kind: Kind) -> str:
    """What happened, and what to do about it."""
    return {
        Kind.MALFORMED: _(
            "What was sent is not valid JSON in UTF-8, is nested too deeply, or its address cannot be read."
        ),
        Kind.NOBODY: _(
            "Send a valid access token in the header “Authorization: Bearer …”. A token ends when it expires, is"
            " revoked, or its person leaves."
        ),
        Kind.SCOPE_MISSING: _("Make an access token that has the scope named in “scope”."),
        Kind.NOT_ALLOWED: _(
            "A token may do what its person may do at this moment. Somebody with another role can do this."
        ),
        Kind.NOT_FOUND: _(
            "It does not exist, or not for the person whose token this is: the two look the same."
        ),
        Kind.WRONG_METHOD: _("The header “Allow” says which methods there are for this address."),
        Kind.NOT_ACCEPTABLE: _("Let the header “Accept” allow application/json, or leave it out."),
        Kind.REFUSED: _(
            "What was asked for goes against a rule of the program as things stand. Nothing was changed; “code” and"
            " “reasons” say why."
        ),
        Kind.TOO_LARGE: _("Send less at once, in several calls."),
        Kind.WRONG_CONTENT_TYPE: _("Send the body with the header “Content-Type: application/json”."),
        Kind.INVALID: _("Nothing was changed. “errors” names everything that is wrong, and where it stands."),
        Kind.TOO_MANY_CALLS: _("Wait as many seconds as the header “Retry-After” says, and go on."),
        Kind.BROKEN: _(
            "This is our fault, and it was noted. Try again, and tell us the “instance” if it stays."
        ),
        Kind.UNAVAILABLE: _(
            "Pilotage cannot do this right now. Try again in a moment: with the same “Idempotency-Key”, nothing is done twice."
        ),
    }[kind]
