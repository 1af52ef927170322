"""Looking after entries: which are due, that one still holds, and who reads it again."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.entries.queries import draft_entry
from playbooks.verifications.actions import look_after, verify_entry
from playbooks.verifications.queries import MAY_LOOK_AFTER, due_entries
from program.roles.rules import Role
from program.words import gettext as _
from web.entries import entry_form_page
from web.entry_forms import entry_kinds, entry_values, revision_in
from web.forms import Form
from web.pages import at, page, see
from web.visit import UNPROCESSABLE, Visit, may

SHORTEST_DAYS, LONGEST_DAYS = 7, 1_095


@get("/programs/{program:str}/playbook/due", opt=may(*MAY_LOOK_AFTER))
async def due(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return page(
        request,
        "playbook/due.html",
        entries=await due_entries(visit.reader, today=visit.today),
        leads=visit.reader.is_any(Role.LEAD),
        entry_kinds=entry_kinds(),
    )


@post("/programs/{program:str}/playbook/draft/{entry:uuid}/verification", opt=may(*MAY_LOOK_AFTER))
async def verify(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Redirect:
    """Said on the list of what is due, or (`back` = entry) where the entry is read."""
    form = await Form.of(request)
    await verify_entry(
        visit.program.id,
        entry,
        revision=revision_in(form),
        by=visit.by.person,
        now=visit.now,
        today=visit.today,
    )
    back = {"entry": ("entries", entry), "draft": ("draft", entry)}.get(
        str(form.values.get("back")), ("due",)
    )
    return see(at(visit, "playbook", *back), toast=_("Noted: it still holds, as of today."))


@post("/programs/{program:str}/playbook/draft/{entry:uuid}/care", opt=may(Role.LEAD))
async def care(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template | Redirect:
    found = await draft_entry(entry, visit.reader)
    form = await Form.of(request)
    verifier = form.id("verifier") if form.values.get("verifier") else None
    every_days = form.whole("every_days", least=SHORTEST_DAYS, most=LONGEST_DAYS, otherwise=SHORTEST_DAYS)
    if not form.problems:
        with form.refusals():
            await look_after(
                visit.program.id,
                entry,
                verifier=verifier,
                every_days=every_days,
                by=visit.by.person,
                now=visit.now,
                today=visit.today,
            )
            return see(at(visit, "playbook", "draft", entry), toast=_("Kept."))
    return await entry_form_page(
        request, visit, Form(entry_values(found)), entry=found, care=form, status=UNPROCESSABLE
    )


HANDLERS = (due, verify, care)
