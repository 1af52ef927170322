"""The playbook: reading editions and entries, and publishing the next edition."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.editions.actions import note_reading, publish
from playbooks.editions.queries import EditionPage, comparison, edition_page, entry_page, next_edition
from playbooks.editions.rules import Change, EntryChange
from playbooks.editions.words import changes_text
from playbooks.entries.queries import MAY_READ_THE_DRAFT
from playbooks.verifications.queries import care_of
from program.refusals import NotFound
from program.roles.rules import Role
from program.words import gettext as _
from web.comparisons import ShownPart, compared
from web.entry_forms import entry_kinds, entry_topics
from web.forms import LONGEST_TEXT, Form
from web.pages import at, page, see
from web.visit import EVERYBODY_LISTED, LEARNERS, UNPROCESSABLE, Visit, may

READERS = (*EVERYBODY_LISTED, Role.OWNER, *LEARNERS)
HIGHEST_NUMBER = 99_999
MOST_LAID_OUT = 12


@get("/programs/{program:str}/playbook", opt=may(*READERS))
async def newest(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    found = await edition_page(None, visit.reader)
    if found is None:
        return page(
            request,
            "playbook/empty.html",
            leads=visit.reader.is_any(Role.LEAD),
            reads_draft=visit.reader.is_any(*MAY_READ_THE_DRAFT),
        )
    if not any(each.read_at for each in found.editions):
        await note_reading(found.edition.id, by=visit.by.person, now=visit.now)
    return _edition(request, visit, found)


@get("/programs/{program:str}/playbook/editions/{number:int}", opt=may(*READERS))
async def edition(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], number: FromPath[int]
) -> Template:
    found = await edition_page(min(number, HIGHEST_NUMBER), visit.reader)
    if found is None:
        raise NotFound
    return _edition(request, visit, found)


@post("/programs/{program:str}/playbook/editions/{number:int}/reading", opt=may(*READERS))
async def read_it(visit: NamedDependency[Visit], number: FromPath[int]) -> Redirect:
    """The reader has read what is new in this edition."""
    found = await edition_page(min(number, HIGHEST_NUMBER), visit.reader)
    if found is None:
        raise NotFound
    await note_reading(found.edition.id, by=visit.by.person, now=visit.now)
    return see(at(visit, "playbook"), toast=_("The next edition will tell you what is new since this one."))


@get("/programs/{program:str}/playbook/comparison", opt=may(*READERS))
async def compare(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """Two editions beside each other; unless the address says which, the newest and the one before."""
    newest_one = await edition_page(None, visit.reader)
    if newest_one is None:
        raise NotFound
    newest_number = newest_one.edition.number
    after = _number(request, "after", newest_number, newest_number)
    before = _number(request, "before", max(after - 1, 0), newest_number)
    found = await comparison(before, after, visit.reader)
    return page(
        request,
        "playbook/comparison.html",
        found=found,
        summary=changes_text(found.changes),
        parts=_parts(found.changes),
        entry_kinds=entry_kinds(),
    )


@get("/programs/{program:str}/playbook/entries/{entry:uuid}", opt=may(*READERS))
async def show_entry(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template:
    return page(
        request,
        "playbook/entry.html",
        found=await entry_page(entry, visit.reader),
        care=await care_of(entry, visit.reader),
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
    after = form.whole("after", least=0, most=HIGHEST_NUMBER, otherwise=0) if form.values.get("after") else -1
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


def _edition(request: Request[Any, Any, Any], visit: Visit, found: EditionPage) -> Template:
    return page(
        request,
        "playbook/edition.html",
        found=found,
        parts=_parts(found.since.changes[:MOST_LAID_OUT]) if found.since else {},
        reads_draft=visit.reader.is_any(*MAY_READ_THE_DRAFT),
        entry_kinds=entry_kinds(),
    )


def _parts(changes: Sequence[EntryChange]) -> dict[UUID, list[ShownPart]]:
    """How the changed entries differ, word by word."""
    return {change.entry: compared(change.before, change.text) for change in changes if change.before}


def _number(request: Request[Any, Any, Any], name: str, otherwise: int, most: int) -> int:
    """The edition that the address names; where it names none that there is, the one it would be otherwise."""
    form = Form({name: request.query_params.get(name, "")})
    return form.whole(name, least=0, most=most, otherwise=otherwise)


async def _publishing(request: Request[Any, Any, Any], visit: Visit, refused: Form | None) -> Template:
    """What publishing would change, as it stands now; a refused form keeps its words and ticks."""
    coming = await next_edition(visit.reader)
    changed = [change for change in coming.changes if change.change is Change.CHANGED]
    form = refused or Form()
    shown = set(form.ids("shown"))
    ticked = {change.entry for change in changed if change.asks_something_new and change.entry not in shown}
    form.values["after"] = str(coming.newest.number) if coming.newest else ""
    return page(
        request,
        "playbook/publish.html",
        status=UNPROCESSABLE if refused else 200,
        coming=coming,
        form=form,
        ticked=ticked.union(form.ids("material")),
        parts=_parts(changed),
        entry_kinds=entry_kinds(),
    )


HANDLERS = (newest, edition, read_it, compare, show_entry, new_edition, publish_edition)
