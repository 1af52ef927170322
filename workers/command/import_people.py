"""Taking in a file of people from the command line: the same preview and the same taking in as on the page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import typer

from cohorts.enrolments.queries import taking_part
from program.database import new_id
from program.form_keys.actions import Sent
from program.installation.queries import clock
from program.people.words import field_name, remark
from program.people_imports.actions import cancel_import, preview_import, take_in
from program.people_imports.queries import (
    MOST_LEAVERS_SHOWN,
    REFUSED_ON_A_PAGE,
    GoodLine,
    ImportPage,
    Leaver,
    import_page,
)
from program.people_imports.words import changed_to, delimiter_name, encoding_name, problem_sentence
from program.programs.queries import ProgramLine
from program.sign_in.queries import owners
from program.words import figure_text, list_text, ngettext
from program.words import gettext as _
from workers.command.programs import PersonCalled, as_a_lead, person_called, program_called
from workers.command.terminal import GOOD, TROUBLE, WrongUse, agreed, say

LARGEST_FILE_BYTES = 200_000_000
LONGEST_FILE_NAME = 120


async def import_people(file: Path, *, slug: str, by: str | None, yes: bool, end_leavers: bool) -> int:
    """Shows what a file of people would do, asks, and takes it in; answers the exit code. The pool is open."""
    program = await program_called(slug)
    doer = await _doer(by)
    now = (await clock()).now()
    content = _content_of(file)
    preview = await preview_import(
        content,
        file_name=file.name[-LONGEST_FILE_NAME:],
        program=program.id,
        by=doer.id,
        now=now,
        sent=Sent.of(new_id(), content),
    )
    try:
        page = await import_page(preview, seen_by=as_a_lead(program, doer))
        staying = await taking_part([leaver.id for leaver in page.leavers], program=program.id)
        leaving = [each for each in page.leavers if not each.holds_role and each.id not in staying]
        await _show(page, program, doer, staying)
        question = _question(page, leaving if end_leavers else [])
        without = _("Nothing was changed: there is nobody here to ask. Say --yes to take it in.")
        if not agreed(question, yes=yes, without=without):
            say(_("Nothing was changed."))
            await cancel_import(preview, program=program.id, by=doer.id)
            return GOOD
        await _take_in(preview, program, doer, leaving if end_leavers else [], now)
    except (WrongUse, typer.Abort, KeyboardInterrupt):
        await cancel_import(preview, program=program.id, by=doer.id)
        raise
    done = await import_page(preview, seen_by=as_a_lead(program, doer))
    say(_done(done))
    return TROUBLE if done.counts.refused else GOOD


def _content_of(file: Path) -> bytes:
    """What is in a file. Refused, in words, where it cannot be read or is too large."""
    try:
        if file.stat().st_size > LARGEST_FILE_BYTES:
            raise WrongUse(_("%(file)s is larger than 200 MB.") % {"file": file})
        return file.read_bytes()
    except OSError as error:
        raise WrongUse(
            _("%(file)s cannot be read: %(why)s.") % {"file": file, "why": error.strerror}
        ) from None


async def _doer(email: str | None) -> PersonCalled:
    """In whose name people are taken in: theirs who were named, else the first owner’s."""
    if email:
        return await person_called(email)
    here = [owner for owner in await owners() if not owner.left]
    if not here:
        raise WrongUse(
            _("This installation has no owner yet. “pilotage owner link” lets somebody become one.")
        )
    return PersonCalled(here[0].person, here[0].name)


async def _take_in(
    preview: UUID, program: ProgramLine, doer: PersonCalled, leavers: Sequence[Leaver], now: datetime
) -> None:
    ids = [leaver.id for leaver in leavers]
    await take_in(
        preview,
        program=program.id,
        leavers=ids,
        taking_part=await taking_part(ids, program=program.id),
        by=doer.id,
        now=now,
        at_terminal=True,
    )


async def _show(page: ImportPage, program: ProgramLine, doer: PersonCalled, staying: Iterable[UUID]) -> None:
    say(_("%(file)s for “%(program)s”, in the name of %(name)s") % {
        "file": page.file_name, "program": program.name, "name": doer.name,
    }, style="bold")  # fmt: skip
    say(_how_it_was_read(page))
    say(_counted(page))
    _show_people(_("New"), page.new, page.counts.new)
    _show_people(_("Known to the company, and listed here now"), page.joining, page.counts.joining)
    _show_changes(page)
    for row in page.remarked:
        notes = list_text([remark(each) for each in row.remarks])
        say(_("  Line %(line)d: %(notes)s") % {"line": row.line, "notes": notes})
    await _show_refused(page, program, doer)
    _show_leavers(page, frozenset(staying))


def _how_it_was_read(page: ImportPage) -> str:
    read = page.recognised
    told = _("A workbook.")
    if read.encoding and read.delimiter:
        how = {"encoding": encoding_name(read.encoding), "delimiter": delimiter_name(read.delimiter)}
        told = _("Text in %(encoding)s, columns divided by %(delimiter)s.") % how
    if read.ignored:
        told += " " + _("Columns left out: %(names)s.") % {"names": list_text(list(read.ignored))}
    return told


def _counted(page: ImportPage) -> str:
    counts = page.counts
    parts = (
        (counts.new, ngettext("%(n)s new person", "%(n)s new people", counts.new)),
        (counts.joining, ngettext("%(n)s newly listed", "%(n)s newly listed", counts.joining)),
        (counts.changed, ngettext("%(n)s changed", "%(n)s changed", counts.changed)),
        (counts.unchanged, ngettext("%(n)s as before", "%(n)s as before", counts.unchanged)),
        (counts.refused, ngettext("%(n)s line not taken in", "%(n)s lines not taken in", counts.refused)),
        (counts.leavers, ngettext("%(n)s not in the file", "%(n)s not in the file", counts.leavers)),
    )
    found = [words % {"n": figure_text(number)} for number, words in parts if number]
    return _("Found: %(list)s.") % {"list": list_text(found)} if found else _("Nobody stands in it.")


def _show_people(heading: str, lines: Sequence[GoodLine], of: int) -> None:
    if lines:
        say(f"{heading}:", style="bold")
    for line in lines:
        about = [each for each in (line.person.job_title, line.person.department) if each]
        say(f"  {line.person.name} <{line.person.email}>" + (f", {', '.join(about)}" if about else ""))
    _and_more(of - len(lines))


def _show_changes(page: ImportPage) -> None:
    if page.changed:
        say(_("Changed:"), style="bold")
    for line in page.changed:
        for change in line.changes:
            old, new = changed_to(change)
            say(f"  {line.person.name}, {field_name(change.field)}: {old or '–'} → {new}")
    _and_more(page.counts.changed - len(page.changed))


async def _show_refused(page: ImportPage, program: ProgramLine, doer: PersonCalled) -> None:
    if page.refused:
        say(_("Not taken in:"), style="bold")
    number, rows = 1, page.refused
    while rows:
        for row in rows:
            why = " ".join(problem_sentence(problem) for problem in row.problems)
            say(_("  Line %(line)d: %(why)s") % {"line": row.line, "why": why})
        number += 1
        further = number <= page.pages and (number - 1) * REFUSED_ON_A_PAGE < page.counts.refused
        rows = (
            (await import_page(page.id, seen_by=as_a_lead(program, doer), number=number)).refused
            if further
            else ()
        )


def _show_leavers(page: ImportPage, staying: frozenset[UUID]) -> None:
    if page.leavers:
        say(_("Not in the file:"), style="bold")
    for leaver in page.leavers:
        note = ""
        if leaver.holds_role:
            note = _(" (holds a role, and stays)")
        elif leaver.id in staying:
            note = _(" (takes part, and stays)")
        say(f"  {leaver.name} <{leaver.email}>{note}")
    _and_more(page.counts.leavers - min(page.counts.leavers, MOST_LEAVERS_SHOWN))


def _and_more(number: int) -> None:
    if number > 0:
        say(ngettext("  … and %(n)s more", "  … and %(n)s more", number) % {"n": figure_text(number)})


def _question(page: ImportPage, leaving: Sequence[Leaver]) -> str:
    coming = page.counts.new + page.counts.joining + page.counts.changed
    text = ngettext(
        "Take in %(n)s person who is new or changed", "Take in %(n)s people who are new or changed", coming
    ) % {"n": figure_text(coming)}
    if leaving:
        told = {"what": text, "n": figure_text(len(leaving))}
        return (
            ngettext(
                "%(what)s, and end the listing of %(n)s who is not in the file?",
                "%(what)s, and end the listings of %(n)s who are not in the file?",
                len(leaving),
            )
            % told
        )
    if page.counts.leavers:
        return _("%(what)s? (Nobody’s listing ends; --end-leavers would end them.)") % {"what": text}
    return f"{text}?"


def _done(page: ImportPage) -> str:
    counts = page.counts
    told = {
        "new": figure_text(counts.new + counts.joining),
        "changed": figure_text(counts.changed),
        "ended": figure_text(counts.ended),
    }
    text = _("Taken in: %(new)s added, %(changed)s changed, %(ended)s no longer listed.") % told
    if counts.refused:
        text += " " + ngettext(
            "%(n)s line was not taken in.", "%(n)s lines were not taken in.", counts.refused
        ) % {"n": figure_text(counts.refused)}
    return text
