"""The playbook: reading editions and entries, and publishing the next edition."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.editions.actions import publish
from playbooks.editions.queries import edition_page, entry_page, next_edition
from playbooks.editions.rules import Change
from playbooks.editions.words import part_text
from playbooks.entries.queries import MAY_READ_THE_DRAFT
from program.roles.rules import Role
from program.words import gettext as _
from program.words import list_text
from web.entries import entry_kinds, entry_topics
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.visit import EVERYBODY_LISTED, LEARNERS, UNPROCESSABLE, Visit, may

READERS = (*EVERYBODY_LISTED, Role.OWNER, *LEARNERS)
HIGHEST_NUMBER = 99_999


@get("/programs/{program:str}/playbook", opt=may(*READERS))
async def newest(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _edition(request, visit, None)


@get("/programs/{program:str}/playbook/editions/{number:int}", opt=may(*READERS))
async def edition(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], number: FromPath[int]
) -> Template:
    return await _edition(request, visit, min(number, HIGHEST_NUMBER))


@get("/programs/{program:str}/playbook/entries/{entry:uuid}", opt=may(*READERS))
async def show_entry(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template:
    return page(
        request,
        "playbook/entry.html",
        found=await entry_page(entry, visit.reader),
        leads=visit.reader.is_any(Role.LEAD),
        entry_kinds=entry_kinds(),
        entry_topics=entry_topics(),
    )


@get("/programs/{program:str}/playbook/editions/new", opt=may(Role.LEAD))
async def new_edition(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _publishing(request, visit, None)


@post("/programs/{program:str}/playbook/editions", opt=may(Role.LEAD))
async def publish_edition(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit]
) -> Template | Redirect:
    form = await Form.of(request)
    what_changed = form.text("what_changed", longest=LONGEST_TEXT)
    after = form.whole("after", least=0, most=HIGHEST_NUMBER, otherwise=0)
    ticked = form.ids("material")
    if not form.problems:
        with form.refusals():
            await publish(
                visit.program.id,
                what_changed,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
                sent=form.sent,
                after=after,
                material={entry: entry in ticked for entry in form.ids("shown")},
            )
            return see(at(visit, "playbook"), toast=_("The edition is published. Everyone reads it now."))
    return await _publishing(request, visit, form)


async def _edition(request: Request[Any, Any, Any], visit: Visit, number: int | None) -> Template:
    return page(
        request,
        "playbook/edition.html",
        found=await edition_page(number, visit.reader),
        reads_draft=visit.reader.is_any(*MAY_READ_THE_DRAFT),
        leads=visit.reader.is_any(Role.LEAD),
        entry_kinds=entry_kinds(),
    )


async def _publishing(request: Request[Any, Any, Any], visit: Visit, refused: Form | None) -> Template:
    """What publishing would change, as it stands now; a refused form keeps its words and ticks."""
    coming = await next_edition(visit.reader)
    changed = [change for change in coming.changes if change.change is Change.CHANGED]
    form = refused or Form()
    shown = set(form.ids("shown"))
    ticked = {change.entry for change in changed if change.asks_something_new and change.entry not in shown}
    form.values["after"] = str(coming.newest.number)
    return page(
        request,
        "playbook/publish.html",
        status=UNPROCESSABLE if refused else 200,
        coming=coming,
        form=form,
        ticked=ticked.union(form.ids("material")),
        parts={change.entry: list_text([part_text(part) for part in change.parts]) for change in changed},
        entry_kinds=entry_kinds(),
    )


HANDLERS = (newest, edition, show_entry, new_edition, publish_edition)
