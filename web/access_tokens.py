"""Access tokens: what lets one’s own programs call the API as oneself."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from program.access_tokens.actions import make_access_token, revoke_access_token
from program.access_tokens.queries import access_tokens_of
from program.access_tokens.rules import LASTS_DAYS, LONGEST_NAME, USUAL_DAYS, Scope
from program.access_tokens.words import days_text, scope_text
from program.settings import Settings
from program.words import gettext as _
from web.forms import Form
from web.pages import page, see
from web.visit import SIGNED_IN, UNPROCESSABLE, Visit, may

HERE = "/access-tokens"


@get(HERE, opt=may(SIGNED_IN))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _page(request, visit, Form({"days": str(USUAL_DAYS), "scopes": [Scope.PROGRAM_READ.value]}))


@post(HERE, opt=may(SIGNED_IN))
async def make(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], settings: NamedDependency[Settings]
) -> Template:
    """The token is shown in the answer itself, which nothing keeps: no address leads to it, and nothing shows it again."""
    form = await Form.of(request)
    name = form.text("name", longest=LONGEST_NAME)
    scopes = form.some_of("scopes", list(Scope))
    days = form.one_of("days", [str(each) for each in LASTS_DAYS])
    if not form.problems:
        with form.refusals():
            made = await make_access_token(
                name,
                [Scope(scope) for scope in scopes],
                lasts_days=int(days),
                by=visit.by.person,
                at=visit.machine_now,
                sent=form.sent,
            )
            return page(
                request, "access_tokens/made.html", token=made.token, name=name, address=settings.address
            )
    return await _page(request, visit, form, status=UNPROCESSABLE)


@post(HERE + "/{access_token:uuid}/revocation", opt=may(SIGNED_IN))
async def revoke(visit: NamedDependency[Visit], access_token: FromPath[UUID]) -> Redirect:
    await revoke_access_token(access_token, by=visit.by.person, at=visit.machine_now)
    return see(HERE, toast=_("The token is revoked. Nothing can use it any more."))


async def _page(request: Request[Any, Any, Any], visit: Visit, form: Form, *, status: int = 200) -> Template:
    return page(
        request,
        "access_tokens/index.html",
        status=status,
        form=form,
        tokens=await access_tokens_of(visit.by.person, at=visit.machine_now),
        scope_options=[(scope.value, scope_text(scope)) for scope in Scope],
        day_options=[(str(days), days_text(days)) for days in LASTS_DAYS],
    )


HANDLERS = (index, make, revoke)
