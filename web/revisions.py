"""How an entry came to say what it says: its revisions, any two of them compared, and an old one brought back."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.revisions.actions import restore_revision
from playbooks.revisions.queries import RevisionsPage, RevisionView, revisions_page
from program.roles.rules import Role
from program.words import gettext as _
from web.comparisons import compared
from web.forms import Form
from web.pages import at, page, see
from web.visit import Visit, may

HIGHEST_REVISION = 999_999


@get("/programs/{program:str}/playbook/draft/{entry:uuid}/revisions", opt=may(Role.LEAD))
async def show(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template:
    """The newest revision beside the one before it, or the two that are asked for."""
    found = await revisions_page(entry, visit.reader)
    newest = found.revisions[0].number
    after = _asked(request, "after", found, newest)
    before = _asked(request, "before", found, max(after.number - 1, 1))
    return page(
        request,
        "playbook/revisions.html",
        found=found,
        before=before,
        after=after,
        parts=compared(before.text, after.text),
    )


@post(
    "/programs/{program:str}/playbook/draft/{entry:uuid}/revisions/{number:int}/restoration",
    opt=may(Role.LEAD),
)
async def restore(visit: NamedDependency[Visit], entry: FromPath[UUID], number: FromPath[int]) -> Redirect:
    await restore_revision(
        visit.program.id,
        entry,
        min(number, HIGHEST_REVISION),
        by=visit.by.person,
        now=visit.now,
        today=visit.today,
    )
    return see(
        at(visit, "playbook", "draft", entry, "revisions"),
        toast=_("Brought back as a new revision. The next edition carries it."),
    )


def _asked(request: Request[Any, Any, Any], name: str, found: RevisionsPage, otherwise: int) -> RevisionView:
    """The revision that the address names; where it names none that there is, the one it would be otherwise."""
    form = Form({name: request.query_params.get(name, "")})
    number = form.whole(name, least=1, most=HIGHEST_REVISION, otherwise=otherwise)
    return found.numbered(number) or found.numbered(otherwise) or found.revisions[0]


HANDLERS = (show, restore)
