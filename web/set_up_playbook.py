"""A step of the set-up: the do’s and don’ts that the program begins with, made one’s own and published."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from playbooks.assessments.rules import QUESTIONS_ASKED
from playbooks.editions.actions import PublishedMeanwhile, publish
from playbooks.entries.actions import EntryChangedMeanwhile, bring_back_entry, change_entry, withdraw_entry
from playbooks.entries.queries import Draft, DraftEntry, draft, draft_entry
from playbooks.entries.words import kind_text
from playbooks.set_up.rules import Step
from playbooks.starting_set.queries import starter_track
from program.roles.rules import Role
from program.words import gettext as _
from web.entry_forms import LONGEST_BODY, revision_in
from web.forms import Form
from web.pages import see
from web.set_up import go_on, step_at, step_page
from web.visit import UNPROCESSABLE, Visit, may

NONE_YET = -1
"""The number of the newest edition before there is one."""


@get("/programs/{program:str}/set-up/playbook", opt=may(Role.LEAD))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    return await _page(request, visit, Form())


@post("/programs/{program:str}/set-up/playbook", opt=may(Role.LEAD))
async def publish_first(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit]
) -> Template | Redirect:
    """Publishes the draft as edition 0; whoever comes second finds it published."""
    form = await Form.of(request)
    if not form.problems:
        with form.refusals():
            try:
                await publish(
                    visit.program.id,
                    _("The starting set: what we already know."),
                    by=visit.by.person,
                    now=visit.now,
                    today=visit.today,
                    sent=form.sent,
                    after=NONE_YET,
                )
            except PublishedMeanwhile:
                return await go_on(visit, Step.PLAYBOOK)
            return await go_on(
                visit, Step.PLAYBOOK, toast=_("Edition 0 is published, with its starter track.")
            )
    return await _page(request, visit, form, status=UNPROCESSABLE)


@get("/programs/{program:str}/set-up/playbook/{entry:uuid}", opt=may(Role.LEAD))
async def edit(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template:
    """The same page, with this entry open to be changed in its place."""
    standing = await draft_entry(entry, visit.reader)
    return await _page(request, visit, _values(standing), editing=entry)


@post("/programs/{program:str}/set-up/playbook/{entry:uuid}", opt=may(Role.LEAD))
async def change(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], entry: FromPath[UUID]
) -> Template | Redirect:
    standing = await draft_entry(entry, visit.reader)
    form = await Form.of(request)
    title = " ".join(form.text("title").split())
    body = form.text("body", longest=LONGEST_BODY)
    meanwhile = None
    if not form.problems:
        with form.refusals():
            try:
                await change_entry(
                    visit.program.id,
                    entry,
                    replace(standing.copy.text, title=title, body=body),
                    revision=revision_in(form),
                    by=visit.by.person,
                    now=visit.now,
                    today=visit.today,
                    sent=form.sent,
                )
            except EntryChangedMeanwhile:
                meanwhile = await draft_entry(entry, visit.reader)
                form.values["revision"] = str(meanwhile.copy.revision)
                raise
            return see(_place(visit, entry), toast=_("Saved."))
    return await _page(request, visit, form, editing=entry, meanwhile=meanwhile, status=UNPROCESSABLE)


@post("/programs/{program:str}/set-up/playbook/{entry:uuid}/withdrawal", opt=may(Role.LEAD))
async def withdraw(visit: NamedDependency[Visit], entry: FromPath[UUID]) -> Redirect:
    await withdraw_entry(visit.program.id, entry, by=visit.by.person, now=visit.now)
    return see(
        step_at(visit, Step.PLAYBOOK), toast=_("Left out. You can bring it back at the end of this page.")
    )


@post("/programs/{program:str}/set-up/playbook/{entry:uuid}/return", opt=may(Role.LEAD))
async def bring_back(visit: NamedDependency[Visit], entry: FromPath[UUID]) -> Redirect:
    await bring_back_entry(visit.program.id, entry, by=visit.by.person, now=visit.now)
    return see(_place(visit, entry), toast=_("It is back."))


async def _page(
    request: Request[Any, Any, Any],
    visit: Visit,
    form: Form,
    *,
    editing: UUID | None = None,
    meanwhile: DraftEntry | None = None,
    status: int = 200,
) -> Template:
    """`editing` is the entry whose words are fields; `meanwhile` is how somebody else left it since."""
    found = await draft(visit.reader)
    return await step_page(
        request,
        visit,
        Step.PLAYBOOK,
        form=form,
        draft=found,
        editing=editing,
        meanwhile=meanwhile,
        kind_text=kind_text,
        makes=_makes(found),
        status=status,
    )


def _makes(found: Draft) -> dict[str, Any]:
    """What publishing makes, in numbers."""
    entries = [entry for chapter in found.chapters for entry in chapter.entries]
    bank = sum(entry.copy.text.question is not None for entry in entries)
    return {
        "entries": len(entries),
        "chapters": len(found.chapters),
        "bank": bank,
        "asked": min(QUESTIONS_ASKED, bank),
        "track": starter_track().name,
    }


def _values(standing: DraftEntry) -> Form:
    text = standing.copy.text
    return Form({"title": text.title, "body": text.body, "revision": str(standing.copy.revision)})


def _place(visit: Visit, entry: UUID) -> str:
    return f"{step_at(visit, Step.PLAYBOOK)}#entry-{entry}"


HANDLERS = (show, publish_first, edit, change, withdraw, bring_back)
