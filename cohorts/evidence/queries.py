"""The evidence behind one criterion of a gate, and what keeps people quiet before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cohorts.criteria.rules import CriterionKind
from cohorts.gates.queries import CriterionLine, GateLine, gate_page
from cohorts.months.rules import CohortMonths
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvidence:
    """Who sees to a checklist item, and who said that it is done, and when."""

    owner_name: str | None
    done_by_name: str | None
    done_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionPage:
    """A criterion of a gate with what it is judged by. `item` is there for a checklist item only.

    `decided` where it is shown as it stood on the day of the decision; `named` where the reader sees small groups.
    """

    gate: GateLine
    line: CriterionLine
    cohorts: tuple[CohortMonths, ...]
    named: bool
    decided: bool
    item: ItemEvidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Members of a cohort who are active and did nothing for a while, with their coaches’ names; for leads."""

    cohort: UUID
    name: str
    count: int
    since_on: date
    coaches: tuple[str, ...]


async def criterion_page(gate: UUID, criterion: UUID, *, seen_by: Reader, today: date) -> CriterionPage:
    """A criterion for those who see what its gate asks for. Raises `NotFound`."""
    page = await gate_page(gate, seen_by=seen_by, today=today)
    if page.inside is None:
        raise NotFound
    line = page.inside.criterion(criterion)
    listed = line.standing.criterion.kind is CriterionKind.CHECKLIST
    return CriterionPage(
        gate=page.line,
        line=line,
        cohorts=page.inside.cohorts,
        named=page.inside.named,
        decided=page.line.decided_at is not None,
        item=await _item(criterion) if listed else None,
    )


async def quiet_members(cohorts: Sequence[UUID], *, seen_by: Reader, today: date) -> list[Quiet]:
    """Of each of these cohorts, the active members who took part neither in this month nor in the last. For leads."""
    if Role.LEAD not in seen_by.roles:
        return []
    rows = await fetch(
        "SELECT c.id, c.name, c.tracking_start_on, q.count, q.silent_from,"
        " ARRAY(SELECT p.name FROM coaching k JOIN person p ON p.id = k.person"
        "   WHERE k.cohort = c.id AND k.ended_at IS NULL ORDER BY p.name) AS coaches"
        " FROM cohort c CROSS JOIN LATERAL (SELECT date_part('year', a) * 12 + date_part('month', a) AS current"
        "   FROM age($2::date, c.tracking_start_on) AS a) AS months"
        " CROSS JOIN LATERAL (SELECT count(*) AS count, max(last + 1)::int AS silent_from FROM"
        "   (SELECT COALESCE((SELECT max(m.month) FROM member_month m WHERE m.cohort = c.id"
        "      AND m.enrolment = s.enrolment AND m.activities > 0), -1) AS last"
        "    FROM spell s WHERE s.cohort = c.id AND s.until_on IS NULL AND s.state = 'active'"
        "     AND s.from_on <= $2::date - 60) AS each"
        "   WHERE last < months.current - 1) AS q"
        " WHERE c.id = ANY($1) AND c.program = $3 AND c.state = 'running' AND q.count > 0 ORDER BY c.made_at, c.id",
        list(cohorts),
        today,
        seen_by.program,
    )
    return [
        Quiet(
            cohort=row["id"],
            name=row["name"],
            count=row["count"],
            since_on=row["tracking_start_on"] + relativedelta(months=row["silent_from"]),
            coaches=tuple(row["coaches"]),
        )
        for row in rows
    ]


async def _item(criterion: UUID) -> ItemEvidence:
    row = await fetch_row(
        "SELECT o.name AS owner, d.name AS done_by, (t.done_at AT TIME ZONE p.zone)::date AS done_on"
        " FROM criterion k JOIN gate g ON g.id = k.gate JOIN program p ON p.id = g.program"
        " LEFT JOIN person o ON o.id = k.owner"
        " LEFT JOIN tick t ON t.criterion = k.id AND t.taken_back_at IS NULL LEFT JOIN person d ON d.id = t.done_by"
        " WHERE k.id = $1",
        criterion,
    )
    if row is None:
        raise NotFound
    return ItemEvidence(owner_name=row["owner"], done_by_name=row["done_by"], done_on=row["done_on"])
