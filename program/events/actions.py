"""Recording what happened, as the last write of the transaction in which it happened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from program.database import DB, execute, fetch_row, new_id
from program.events.rules import INSTALLATION, Link, link_hash
from program.letters.rules import kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter to one person that must follow from an event; `facts` are what its words need."""

    to: UUID
    letter: str
    facts: Mapping[str, Any] = field(default_factory=dict)


async def record(
    name: str,
    *,
    program: UUID | None,
    by: UUID | None,
    at: datetime,
    about: UUID | None = None,
    subject: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
    letters: Sequence[Letter] = (),
) -> UUID:
    """Append an event to its program's chain (None: the installation's), with the letters that follow from it.

    Takes the head of the chain, so it comes last in a transaction and is refused outside one. `facts` are JSON values
    without names or addresses. Whoever turned letters of a kind off gets none of it.
    """
    if DB.current_transaction.get() is None:
        raise RuntimeError("an event is recorded in the transaction of what happened")
    chain = program or INSTALLATION
    head = await fetch_row("SELECT number, hash FROM chain WHERE id = $1 FOR UPDATE", chain)
    if head is None:
        raise LookupError(f"no chain {chain}")
    link = Link(
        chain=chain,
        number=head["number"] + 1,
        program=program,
        name=name,
        by=by,
        about=about,
        subject=subject,
        facts=facts or {},
        at=at,
    )
    event, own_hash = new_id(), link_hash(link, head["hash"])
    await execute(
        "INSERT INTO event (id, chain, number, program, name, by, about, subject, facts, at, hash_before, hash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        event,
        chain,
        link.number,
        program,
        name,
        by,
        about,
        subject,
        json.dumps(link.facts),
        at,
        head["hash"],
        own_hash,
    )
    await execute("UPDATE chain SET number = $2, hash = $3 WHERE id = $1", chain, link.number, own_hash)
    if letters:
        await execute(
            "INSERT INTO delivery (id, event, recipient, letter, facts, due_at, tries)"
            " SELECT l.id, $2, l.recipient, l.letter, l.facts, $6, 0"
            " FROM unnest($1::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $7::text[])"
            "  AS l (id, recipient, letter, facts, kind)"
            " JOIN person p ON p.id = l.recipient WHERE l.kind IS NULL OR l.kind <> ALL(p.letters_unwanted)",
            [new_id() for _ in letters],
            event,
            [letter.to for letter in letters],
            [letter.letter for letter in letters],
            [json.dumps(dict(letter.facts)) for letter in letters],
            at,
            [kind_of(letter.letter) for letter in letters],
        )
    return event


async def begin_chain(program: UUID) -> None:
    """Give a new program its own chain."""
    await execute("INSERT INTO chain (id, number, hash) VALUES ($1, 0, ''::bytea)", program)
