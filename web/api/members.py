"""The members of a cohort: by name for its leads and coaches, their names alone for each other."""

from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from cohorts.cohorts.queries import cohort_page
from cohorts.enrolments.queries import MemberLine, fellow_lines, member_lines
from cohorts.enrolments.rules import EnrolmentState
from program.access_tokens.rules import Scope
from program.roles.rules import Role
from web.api.paging import Page, Paging
from web.visit import LEARNERS, Visit, may_call


class Member(Struct, frozen=True, kw_only=True):
    """Somebody in a cohort; `enrolment_id` is their membership. Whatever else than that and the name is null for fellow
    members.

    `took_part` tells of the month in progress, null where there is none or they are not active.
    """

    enrolment_id: UUID
    name: str
    person_id: UUID | None
    job_title: str | None
    state: EnrolmentState | None
    since_on: date | None
    took_part: bool | None


@get(
    "/programs/{program:str}/cohorts/{cohort:uuid}/members",
    opt=may_call(Scope.PEOPLE_READ, Role.LEAD, Role.COACH, *LEARNERS),
    operation_id="listMembers",
    tags=["Rollout"],
)
async def members(
    visit: NamedDependency[Visit], paging: NamedDependency[Paging], cohort: FromPath[UUID]
) -> Response[Page[Member]]:
    """The members of a cohort by name: for leads and its coaches with their state, for its members their names."""
    page = await cohort_page(cohort, seen_by=visit.reader, today=visit.today)
    after = UUID(paging.after[0]) if paging.after else None
    if not page.named:
        fellows = await fellow_lines(cohort, seen_by=visit.reader, after=after, most=paging.most)
        return paging.page(fellows, key=lambda each: [str(each[0])], told=_fellow)
    lines = await member_lines(
        cohort,
        seen_by=visit.reader,
        month=page.month.number if page.month else None,
        after=after,
        most=paging.most,
    )
    return paging.page(lines, key=lambda each: [str(each.enrolment)], told=_member)


def _member(line: MemberLine) -> Member:
    return Member(
        enrolment_id=line.enrolment,
        name=line.name,
        person_id=line.person,
        job_title=line.job_title,
        state=line.state,
        since_on=line.since_on,
        took_part=line.took_part,
    )


def _fellow(line: tuple[UUID, str]) -> Member:
    enrolment, name = line
    return Member(
        enrolment_id=enrolment,
        name=name,
        person_id=None,
        job_title=None,
        state=None,
        since_on=None,
        took_part=None,
    )


HANDLERS = (members,)
