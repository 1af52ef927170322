"""The company that is measured: fifty active members, six whole months and the one in progress, and their activities."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cohorts.months.actions import retake_months
from program.database import execute, fetch_value, transaction
from program.installation.queries import machine_now
from program.sign_in.actions import begin_session
from tests.cast import a_listed_person, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member, the_gate

MEMBERS, MONTHS = 50, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """`lead` and `talker` are sessions: of who leads the program, and of the member `member`."""

    program: UUID
    slug: str
    cohort: UUID
    gate: UUID
    owner: UUID
    member: UUID
    enrolments: list[UUID]
    today: date
    started: date
    lead: str
    talker: str

    def at(self, *parts: object) -> str:
        return "/".join(("/programs", self.slug, *map(str, parts)))


async def found_company() -> Company:
    """The program as its owner makes it, and a running cohort; nobody did anything yet."""
    today = machine_now().date()
    started = today.replace(day=1) - relativedelta(months=MONTHS - 1)
    owner = await an_owner()
    program = await a_program(owner)
    cohort = await a_cohort(program, owner, start=started)
    people = [
        await a_listed_person(program, owner, f"Member {number:02}", job_title="Engineer")
        for number in range(MEMBERS)
    ]
    async with transaction():
        lead, talker = [await begin_session(person, machine_now()) for person in (owner, people[0])]
    return Company(
        program=program,
        slug=await fetch_value("SELECT slug FROM program WHERE id = $1", program),
        cohort=cohort,
        gate=await the_gate(program),
        owner=owner,
        member=people[0],
        enrolments=[await a_member(cohort, [("active", started, None)], person) for person in people],
        today=today,
        started=started,
        lead=lead,
        talker=talker,
    )


async def fill(company: Company, activities: int) -> None:
    """So many activities, spread over members and months, with all that is kept of them; every tenth member-month
    has reactions only, and so did not take part. Foreign keys hold by construction and are not checked.
    """
    async with transaction():
        await execute("SET LOCAL session_replication_role = replica")
        await execute(
            "INSERT INTO activity (id, cohort, enrolment, kind, network, post_id, done_on, month, logged_at)"
            " SELECT uuidv7(), $1, ($2::uuid[])[1 + n % $3], CASE WHEN (n % $3 + month) % 10 = 0 THEN 'reaction' ELSE 'post' END,"
            "  'linkedin', n::text, least(($4::date + make_interval(months => month))::date + n / ($3 * $5) % 28, $6), month, now()"
            " FROM generate_series(1, $7::int) n, LATERAL (SELECT n / $3 % $5 AS month) m",
            company.cohort,
            company.enrolments,
            MEMBERS,
            company.started,
            MONTHS,
            company.today,
            activities,
        )
        await execute(
            "INSERT INTO member_month (id, cohort, enrolment, month, activities, conversations, reactions)"
            " SELECT uuidv7(), cohort, enrolment, month, count(*) FILTER (WHERE kind = 'post'), 0,"
            "  count(*) FILTER (WHERE kind = 'reaction') FROM activity GROUP BY cohort, enrolment, month"
        )
        await retake_months(company.cohort, from_on=company.started, today=company.today, now=machine_now())
    await execute("VACUUM ANALYZE")
    await execute("CHECKPOINT")
