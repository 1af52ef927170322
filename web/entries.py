"""The draft of the playbook: reading it, writing its entries, taking one out and bringing it back."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.editions.queries import draft_changes
from playbooks.editions.rules import is_due
from playbooks.entries.actions import (
    EntryChangedMeanwhile,
    add_entry,
    bring_back_entry,
    change_entry,
    withdraw_entry,
)
from playbooks.entries.queries import MAY_READ_THE_DRAFT, Draft, DraftEntry, draft, draft_entry
from playbooks.entries.rules import EntryKind, EntryText
from playbooks.learnings.queries import learnings_behind
from playbooks.verifications.queries import keepers
from program.database import new_id
from program.roles.rules import Role
from program.words import gettext as _
from web.collisions import collision_in, put_both_into, take_over
from web.entry_forms import (
    LONGEST_BODY,
    PLACES,
    chapter_names,
    entry_kinds,
    entry_text,
    entry_topics,
    entry_values,
    question_in,
    revision_in,
    scenario_typed,
)
from web.forms import Form
from web.pages import at, page, see
from web.signed_out import KEEPS_WORDS
from web.visit import UNPROCESSABLE, Visit, may

LARGEST_SENT = 20_000_000


@get("/programs/{program:str}/playbook/draft", opt=may(*MAY_READ_THE_DRAFT))
async def show_draft(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    found = await draft(visit.reader)
    copies = [entry.copy for chapter in found.chapters for entry in chapter.entries]
    changes = await draft_changes(visit.program.id, copies)
    return page(
        request,
        "playbook/draft.html",
        draft=found,
        published=changes is not None,
        changes=changes or {},
        due=_due(found, visit.today),
        behind=await learnings_behind([copy.entry for copy in copies], visit.reader),
        leads=visit.reader.is_any(Role.LEAD),
        entry_kinds=entry_kinds(),
        entry_topics=entry_topics(),
    )


@get("/programs/{program:str}/playbook/draft/new", opt=may(Role.LEAD))
async def new(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    chapter = request.query_params.get("chapter", "")
    return await entry_form_page(request, visit, Form({"kind": EntryKind.DO.value, "chapter": chapter}))


@post(
    "/programs/{program:str}/playbook/draft",
    opt=may(Role.LEAD) | KEEPS_WORDS,
    request_max_body_size=LARGEST_SENT,
)
async def create(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template | Redirect:
    form = await Form.of(request)
    if form.yes("preview"):
        return await entry_form_page(request, visit, form)
    text = entry_text(form, question=question_in(form, str(new_id())), scenario=scenario_typed(form))
    if not form.problems:
        with form.refusals():
            entry = await add_entry(
                visit.program.id, text, by=visit.by.person, now=visit.now, today=visit.today, sent=form.sent
            )
            return see(_place(visit, entry), toast=_("The entry stands in the draft."))
    return await entry_form_page(request, visit, form, status=UNPROCESSABLE)


@post(
    "/programs/{program:str}/playbook/draft/preview", opt=may(Role.LEAD), request_max_body_size=LARGEST_SENT
)
async def preview(request: Request[Any, Any, Any]) -> Template:
    """How the text will read, for the page in which it is being written; nothing is kept."""
    form = await Form.of(request)
    return page(request, "playbook/_preview.html", preview=_preview(form))


@get("/programs/{program:str}/playbook/draft/{entry:uuid}", opt=may(Role.LEAD))
async def edit(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template:
    found = await draft_entry(entry, visit.reader)
    return await entry_form_page(request, visit, Form(entry_values(found)), entry=found)


@post(
    "/programs/{program:str}/playbook/draft/{entry:uuid}",
    opt=may(Role.LEAD) | KEEPS_WORDS,
    request_max_body_size=LARGEST_SENT,
)
async def change(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template | Redirect:
    found = await draft_entry(entry, visit.reader)
    form = await Form.of(request)
    if form.yes("preview") or form.yes("both"):
        if form.yes("both"):
            await put_both_into(form, found)
        return await entry_form_page(request, visit, form, entry=found)
    old = found.copy.text.question
    question = question_in(form, old.id if old else str(new_id()))
    text = entry_text(form, question=question, scenario=scenario_typed(form))
    if not form.problems:
        with form.refusals():
            try:
                await _save(visit, entry, text, form)
            except EntryChangedMeanwhile:
                found = await draft_entry(entry, visit.reader)
                await take_over(form, text, found)
                raise
            return see(_place(visit, entry), toast=_("Saved. The next edition carries it."))
    return await entry_form_page(request, visit, form, entry=found, status=UNPROCESSABLE)


async def _save(visit: Visit, entry: UUID, text: EntryText, form: Form) -> None:
    """Keep the entry; one that was taken out comes back first, where that was asked for."""
    if form.yes("bring_back"):
        await bring_back_entry(visit.program.id, entry, by=visit.by.person, now=visit.now)
    await change_entry(
        visit.program.id,
        entry,
        text,
        revision=revision_in(form),
        by=visit.by.person,
        now=visit.now,
        today=visit.today,
        sent=form.sent,
    )


@post("/programs/{program:str}/playbook/draft/{entry:uuid}/withdrawal", opt=may(Role.LEAD))
async def withdraw(visit: NamedDependency[Visit], entry: FromPath[UUID]) -> Redirect:
    await withdraw_entry(visit.program.id, entry, by=visit.by.person, now=visit.now)
    toast = _("Taken out of the draft. You can bring it back at the end of this page.")
    return see(at(visit, "playbook", "draft"), toast=toast)


@post("/programs/{program:str}/playbook/draft/{entry:uuid}/return", opt=may(Role.LEAD))
async def bring_back(visit: NamedDependency[Visit], entry: FromPath[UUID]) -> Redirect:
    await bring_back_entry(visit.program.id, entry, by=visit.by.person, now=visit.now)
    return see(_place(visit, entry), toast=_("It is back in the draft."))


def _due(found: Draft, today: date) -> set[UUID]:
    entries = (entry for chapter in found.chapters for entry in chapter.entries)
    return {
        entry.copy.entry for entry in entries if is_due(entry.verified_on, entry.verify_every_days, today)
    }


async def entry_form_page(
    request: Request[Any, Any, Any],
    visit: Visit,
    form: Form,
    *,
    entry: DraftEntry | None = None,
    care: Form | None = None,
    status: int = 200,
) -> Template:
    """Writing an entry. A form with a `base` was begun before somebody else changed the entry: both are shown.

    `care`, if given, is the refused form about who looks after it.
    """
    behind = await learnings_behind([entry.copy.entry], visit.reader) if entry else {}
    return page(
        request,
        "playbook/entry_form.html",
        status=status,
        form=form,
        entry=entry,
        collision=await collision_in(form, entry) if entry and form.values.get("base") else None,
        preview=_preview(form),
        behind=behind.get(entry.copy.entry) if entry else None,
        due=entry is not None and is_due(entry.verified_on, entry.verify_every_days, visit.today),
        care=care or Form(_care_values(entry)),
        keepers=await keepers(visit.program.id) if entry else (),
        chapters=chapter_names(await draft(visit.reader)),
        entry_kinds=entry_kinds(),
        entry_topics=entry_topics(),
        places=[(place, place) for place in PLACES],
    )


def _care_values(entry: DraftEntry | None) -> dict[str, str | list[str]]:
    if entry is None:
        return {}
    return {"verifier": str(entry.verifier or ""), "every_days": str(entry.verify_every_days)}


def _preview(form: Form) -> str | None:
    """The text to show as it will read; None where it is far too long."""
    body = "".join(form.list("body")[:1])
    return body if len(body) <= LONGEST_BODY else None


def _place(visit: Visit, entry: UUID) -> str:
    return at(visit, "playbook", "draft") + f"#entry-{entry}"


HANDLERS = (show_draft, new, create, preview, edit, change, withdraw, bring_back)
