"""How an entry of the draft came to say what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from playbooks.entries.queries import DraftEntry, draft_entry, text_of
from playbooks.entries.rules import EntryText
from program.database import fetch, fetch_row
from program.roles.rules import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """An entry as it stood after a change; `editions` are the numbers of those that carry it like this."""

    number: int
    text: EntryText
    made_at: datetime
    by_name: str
    editions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What else happened to an entry: it was moved, taken out, brought back, or verified."""

    event: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionsPage:
    """`revisions` and `happenings`, the newest first."""

    entry: DraftEntry
    revisions: tuple[RevisionView, ...]
    happenings: tuple[Happening, ...]

    def numbered(self, number: int) -> RevisionView | None:
        return next((each for each in self.revisions if each.number == number), None)


async def revisions_page(entry: UUID, seen_by: Reader) -> RevisionsPage:
    """Every revision of an entry, with what happened to it besides. For leads."""
    found = await draft_entry(entry, seen_by)
    rows = await fetch(
        "SELECT r.*, p.name AS by_name, ARRAY(SELECT d.number FROM edition_entry c JOIN edition d ON d.id = c.edition"
        "  WHERE c.entry = r.entry AND c.revision = r.number ORDER BY d.number) AS editions"
        " FROM revision r JOIN person p ON p.id = r.made_by WHERE r.entry = $1 ORDER BY r.number DESC",
        entry,
    )
    happenings = await fetch(
        "SELECT e.name, e.at, p.name AS by_name FROM event e JOIN person p ON p.id = e.by"
        " WHERE e.program = $1 AND e.subject = $2 AND e.name = ANY($3) ORDER BY e.number DESC",
        seen_by.program,
        entry,
        ["entry_moved", "entry_withdrawn", "entry_brought_back", "entry_verified"],
    )
    return RevisionsPage(
        entry=found,
        revisions=tuple(_revision(row) for row in rows),
        happenings=tuple(
            Happening(event=row["name"], at=row["at"], by_name=row["by_name"]) for row in happenings
        ),
    )


async def revision_text(entry: UUID, number: int) -> EntryText | None:
    """Within an action, or for a lead: what an entry said at a revision."""
    row = await fetch_row("SELECT * FROM revision WHERE entry = $1 AND number = $2", entry, number)
    return text_of(row) if row else None


def _revision(row: Mapping[str, Any]) -> RevisionView:
    return RevisionView(
        number=row["number"],
        text=text_of(row),
        made_at=row["made_at"],
        by_name=row["by_name"],
        editions=tuple(row["editions"]),
    )
