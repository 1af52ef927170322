"""Taking in a file of what somebody did from the command line: read, judged and kept as on their page."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import typer

from cohorts.activities.words import activity_text
from cohorts.activity_imports.actions import confirm, give_up, send_file
from cohorts.activity_imports.confirmed import take_in_next
from cohorts.activity_imports.queries import FilePage, file_page
from cohorts.activity_imports.reading import read_next
from cohorts.activity_imports.rules import PIECE_BYTES, Fate, State
from cohorts.activity_imports.words import (
    came_sentence,
    fate_text,
    format_text,
    left_out_sentence,
    trouble_sentence,
)
from program.database import new_id
from program.form_keys.actions import Sent
from program.installation.queries import clock
from program.programs.queries import ProgramLine
from program.words import day_text, either_text, figure_text, list_text, ngettext
from program.words import gettext as _
from workers.command.import_people import LONGEST_FILE_NAME
from workers.command.programs import PersonCalled, person_called, program_of
from workers.command.terminal import GOOD, TROUBLE, Steps, WrongUse, agreed, say

SECONDS_BETWEEN_LOOKS = 0.2
SOME_LINES = 10


async def import_activities(
    file: Path,
    *,
    email: str,
    slug: str | None,
    theirs: bool,
    without_reactions: bool,
    yes: bool,
    progress: Steps,
) -> int:
    """Shows what a file would bring, asks, and takes it in; answers the exit code. The pool is open."""
    person = await person_called(email)
    program = await program_of(person, slug)
    now = (await clock()).now()
    id = await _send(file, person, program, now)
    try:
        page = await _read(id, person, program, now, progress)
        _show(page, person)
        if page.state is State.UNREADABLE:
            await give_up(id, program=program.id, by=person.id, now=now)
            return TROUBLE
        if not page.to_keep:
            say(_("There is nothing in it to take in. Nothing was changed."))
            await give_up(id, program=program.id, by=person.id, now=now)
            return TROUBLE if page.counts[Fate.NOT_UNDERSTOOD] else GOOD
        mine = theirs or not page.asks_whose or _is_theirs(page, person, yes=yes)
        without = _("Nothing was changed: there is nobody here to ask. Say --yes to take it in.")
        if not mine or not agreed(_question(page, person), yes=yes, without=without):
            say(_("Nothing was changed."))
            await give_up(id, program=program.id, by=person.id, now=now)
            return GOOD
    except (WrongUse, typer.Abort, KeyboardInterrupt):
        await give_up(id, program=program.id, by=person.id, now=now)
        raise
    await confirm(
        id,
        mine=True,
        reactions=not without_reactions,
        program=program.id,
        by=person.id,
        now=now,
        at_terminal=True,
    )
    done = await _taken_in(id, person, program, now, progress)
    say(came_sentence(done.came) if done.state is State.DONE else trouble_sentence(done.trouble))
    return TROUBLE if done.state is not State.DONE or page.counts[Fate.NOT_UNDERSTOOD] else GOOD


async def _send(file: Path, person: PersonCalled, program: ProgramLine, now: datetime) -> UUID:
    key = new_id()
    try:
        return await send_file(
            _pieces(file),
            file_name=file.name[-LONGEST_FILE_NAME:],
            program=program.id,
            by=person.id,
            now=now,
            sent=Sent.of(key, key.bytes),
        )
    except OSError as error:
        raise WrongUse(
            _("%(file)s cannot be read: %(why)s.") % {"file": file, "why": error.strerror}
        ) from None


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as opened:
        while piece := await asyncio.to_thread(opened.read, PIECE_BYTES):
            yield piece


async def _read(
    id: UUID, person: PersonCalled, program: ProgramLine, now: datetime, progress: Steps
) -> FilePage:
    """The file, once it has been read: by us, or by a worker who was quicker."""
    while True:
        progress.say(_("reading"), 0, 1)
        await read_next(now, only=id)
        page = await file_page(id, person=person.id, program=program.id)
        if page.state is not State.SENT:
            return page
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _taken_in(
    id: UUID, person: PersonCalled, program: ProgramLine, now: datetime, progress: Steps
) -> FilePage:
    """The file, once it has been taken in: what is large waits its turn, and a worker may be quicker here too."""
    while True:
        page = await file_page(id, person=person.id, program=program.id)
        if page.state is not State.CONFIRMED:
            return page
        progress.say(_("taking in"), 0, 1)
        if not await take_in_next(now):
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _show(page: FilePage, person: PersonCalled) -> None:
    what = format_text(page.format) if page.format else _("a file")
    told = {"file": page.file_name, "what": what, "name": person.name}
    say(_("%(file)s, %(what)s, for %(name)s") % told, style="bold")
    if page.state is State.UNREADABLE:
        say(trouble_sentence(page.trouble))
        return
    found = [(fate, count) for fate, count in page.counts.items() if count]
    for fate, count in found:
        say(f"  {figure_text(count):>8}  {fate_text(fate)}")
    if not found:
        say(_("  It holds nothing."))
    unknown = [heading.header for heading in page.headings if heading.meaning is None]
    if unknown:
        say(_("Columns left out: %(names)s.") % {"names": list_text(unknown)})
    if page.left_out:
        say(_("Why lines are left out, as %(name)s is told:") % {"name": person.name}, style="bold")
    for left in page.left_out:
        sentence = left_out_sentence(left.fate, left.why, left.network)
        say(f"  {figure_text(left.lines):>8}  {sentence}")
    _show_lines(page)


def _show_lines(page: FilePage) -> None:
    if not page.lines:
        return
    say(_("The first that are %(fate)s:") % {"fate": fate_text(page.fate)}, style="bold")
    for line in page.lines[:SOME_LINES]:
        parts = (
            day_text(line.done_on) if line.done_on else "",
            activity_text(line.kind, line.network) if line.kind and line.network else "",
            line.text.replace("\n", " ")[:80],
        )
        text = " · ".join(part for part in parts if part)
        say(_("  Line %(line)d: %(text)s") % {"line": line.line, "text": text})


def _is_theirs(page: FilePage, person: PersonCalled, *, yes: bool) -> bool:
    """Asked where the file names another account than the member registered; a general yes is no answer to it."""
    told = {
        "name": person.name,
        "theirs": page.handle.lstrip("@"),
        "own": either_text([each.lstrip("@") for each in page.own_handles]),
    }
    without = (
        _("The file names the account @%(theirs)s, and %(name)s has @%(own)s. Say --theirs if it is theirs.")
        % told
    )
    if yes:
        raise WrongUse(without)
    question = _("The file names the account @%(theirs)s, and %(name)s has @%(own)s. Is it theirs?") % told
    return agreed(question, yes=False, without=without)


def _question(page: FilePage, person: PersonCalled) -> str:
    text = ngettext("Take in %(n)s line for %(name)s?", "Take in %(n)s lines for %(name)s?", page.to_keep)
    return text % {"n": figure_text(page.to_keep), "name": person.name}
