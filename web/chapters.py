"""Arranging the draft: chapters and entries up and down, entries into other chapters, chapters under other names."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.chapters.actions import move_chapter, move_entry, move_entry_into, rename_chapter
from playbooks.chapters.rules import Way
from playbooks.entries.queries import draft, draft_entry
from program.roles.rules import Role
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page, see
from web.visit import UNPROCESSABLE, Visit, may


@get("/programs/{program:str}/playbook/chapters", opt=may(Role.LEAD))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _arranging(request, visit)


@post("/programs/{program:str}/playbook/draft/{entry:uuid}/place", opt=may(Role.LEAD))
async def place_entry(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template | Redirect:
    """One place up or down (`way`), or into a chapter."""
    await draft_entry(entry, visit.reader)
    form = await Form.of(request)
    by: dict[str, Any] = {"by": visit.by.person, "now": visit.now}
    if form.values.get("chapter"):
        chapter = " ".join(form.text("chapter").split())
        if not form.problems:
            await move_entry_into(visit.program.id, entry, chapter, **by)
            return see(
                at(visit, "playbook", "chapters"),
                toast=_("It stands in “%(chapter)s” now.") % {"chapter": chapter},
            )
    way = form.choice("way", Way, Way.UP)
    if form.problems:
        return await _arranging(request, visit, form)
    await move_entry(visit.program.id, entry, way, **by)
    return see(at(visit, "playbook", "chapters"), toast=_moved(way))


@post("/programs/{program:str}/playbook/chapters/place", opt=may(Role.LEAD))
async def place_chapter(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit]
) -> Template | Redirect:
    form = await Form.of(request)
    chapter = form.text("of")
    way = form.choice("way", Way, Way.UP)
    if form.problems:
        return await _arranging(request, visit, form)
    await move_chapter(visit.program.id, chapter, way, by=visit.by.person, now=visit.now)
    return see(at(visit, "playbook", "chapters"), toast=_moved(way))


@post("/programs/{program:str}/playbook/chapters/name", opt=may(Role.LEAD))
async def name_chapter(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    chapter = form.text("of")
    name = " ".join(form.text("name").split())
    if not form.problems:
        with form.refusals():
            await rename_chapter(visit.program.id, chapter, name, by=visit.by.person, now=visit.now)
            return see(at(visit, "playbook", "chapters"), toast=_("The chapter has its new name."))
    return await _arranging(request, visit, form)


def _moved(way: Way) -> str:
    return _("Moved up.") if way is Way.UP else _("Moved down.")


async def _arranging(request: Request[Any, Any, Any], visit: Visit, refused: Form | None = None) -> Template:
    return page(
        request,
        "playbook/chapters.html",
        status=UNPROCESSABLE if refused else 200,
        draft=await draft(visit.reader),
        refused=refused,
        form=refused or Form(),
    )


HANDLERS = (show, place_entry, place_chapter, name_chapter)
