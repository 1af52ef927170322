"""What happened, for those who may know; and whether the record of it is whole."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from program.database import fetch
from program.events.rules import Broken, Harm, Link, first_broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event as a page tells it. `by_name` is None where nobody in particular did it, or it is not said who; `own` is
    what the reader did.
    """

    number: int
    name: str
    own: bool
    by_name: str | None
    about_name: str | None
    facts: Mapping[str, Any]
    at: datetime


async def happenings(
    program: UUID,
    *,
    seen_by: UUID,
    only_own: bool,
    without_names: Sequence[str] = (),
    before: int | None = None,
    most: int = 50,
) -> list[Happening]:
    """The newest events of a program, at most `most`, with a number under `before`.

    `only_own` limits them to what the reader did or what was about them. Of events called one of `without_names`, a
    reader who did not do them learns neither by whom nor about whom they were; such ones are nobody else's own.
    """
    rows = await fetch(
        "SELECT e.number, e.name, e.by IS NOT DISTINCT FROM $2 AS own, e.facts, e.at, doer.name AS by_name, about.name AS about_name"
        " FROM event e"
        " LEFT JOIN person doer ON doer.id = e.by AND (e.by = $2 OR e.name <> ALL($4::text[]))"
        " LEFT JOIN person about ON about.id = e.about AND e.about IS DISTINCT FROM e.by"
        "  AND (e.by = $2 OR e.name <> ALL($4::text[]))"
        " WHERE e.program = $1 AND ($5::bigint IS NULL OR e.number < $5)"
        "  AND (NOT $3 OR e.by = $2 OR (e.about = $2 AND e.name <> ALL($4::text[])))"
        " ORDER BY e.number DESC LIMIT $6",
        program,
        seen_by,
        only_own,
        list(without_names),
        before,
        most,
    )
    return [
        Happening(
            number=row["number"],
            name=row["name"],
            own=row["own"],
            by_name=row["by_name"],
            about_name=row["about_name"],
            facts=json.loads(row["facts"]),
            at=row["at"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenChain:
    """Where a chain is broken: its program (None for the installation's), and what stands at that number now, if anything."""

    program: str | None
    number: int
    harm: Harm
    name: str | None
    facts: Mapping[str, Any]
    at: datetime | None


async def harmed_events(broken: Sequence[Broken]) -> list[BrokenChain]:
    """What there is to say of the first event of each broken chain."""
    rows = await fetch(
        "SELECT b.chain, p.name AS program, e.name, e.facts, e.at"
        " FROM unnest($1::uuid[], $2::bigint[]) AS b (chain, number) LEFT JOIN program p ON p.id = b.chain"
        " LEFT JOIN event e ON e.chain = b.chain AND e.number = b.number",
        [each.chain for each in broken],
        [each.number for each in broken],
    )
    found = {row["chain"]: row for row in rows}
    return [
        BrokenChain(
            program=found[each.chain]["program"],
            number=each.number,
            harm=each.harm,
            name=found[each.chain]["name"],
            facts=json.loads(found[each.chain]["facts"] or "{}"),
            at=found[each.chain]["at"],
        )
        for each in broken
    ]


async def broken_chains() -> list[Broken]:
    """For each chain that is not whole, its first event that was changed, moved or removed."""
    heads = await fetch("SELECT id, number, hash FROM chain ORDER BY id")
    found = [
        first_broken(head["id"], await _links(head["id"]), (head["number"], head["hash"])) for head in heads
    ]
    return [broken for broken in found if broken is not None]


async def _links(chain: UUID) -> list[tuple[Link, bytes, bytes]]:
    rows = await fetch("SELECT * FROM event WHERE chain = $1 ORDER BY number", chain)
    return [
        (
            Link(
                chain=row["chain"],
                number=row["number"],
                program=row["program"],
                name=row["name"],
                by=row["by"],
                about=row["about"],
                subject=row["subject"],
                facts=json.loads(row["facts"]),
                at=row["at"],
            ),
            row["hash_before"],
            row["hash"],
        )
        for row in rows
    ]
