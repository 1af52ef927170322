import asyncio
from contextvars import Context
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from cohorts.activities.actions import (
    DayDoesNotCount,
    KindMissing,
    KnownAlready,
    LinkNotUnderstood,
    NotYetTracked,
    PlaceMissing,
    Told,
    delete_activity,
    edit_activity,
    forget_deleted_activities,
    log_activity,
    restore_activity,
)
from cohorts.activities.keeping import lock_cohorts, take_out
from cohorts.activities.queries import may_be_restored, own_activities, own_course
from cohorts.activities.rules import BeforeConsent, InTheFuture, Kind, Network, NoConsent, NotActiveThen
from cohorts.activities.words import why_not_sentence
from cohorts.months.actions import retake_months
from cohorts.months.queries import readings_that_differ
from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.form_keys.actions import Sent, SentBefore
from program.refusals import NotFound
from tests.cast import NOON, a_form, a_listed_person, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 6, 1)
START = date(2026, 4, 10)
LINK = "https://www.linkedin.com/feed/update/urn:li:activity:1"


@dataclass(frozen=True)
class Member:
    program: UUID
    person: UUID
    cohort: UUID
    enrolment: UUID

    async def log(
        self,
        kind: Kind = Kind.TALK,
        on: date = TODAY,
        *,
        link: str = "",
        network: Network | None = None,
        sent: Sent | None = None,
    ) -> UUID:
        told = Told(kind=kind, done_on=on, link=link, network=network, text=" In my own words. ")
        return await log_activity(
            told, program=self.program, by=self.person, now=NOON, today=TODAY, sent=sent or a_form()
        )

    async def delete(self, activity: UUID) -> None:
        await delete_activity(activity, program=self.program, by=self.person, now=NOON, today=TODAY)

    async def month(self, number: int) -> tuple[int, int, int]:
        row = await fetch_row(
            "SELECT activities, conversations, reactions FROM member_month WHERE cohort = $1 AND enrolment = $2 AND month = $3",
            self.cohort,
            self.enrolment,
            number,
        )
        return tuple(row) if row else (0, 0, 0)

    async def readings(self) -> dict[tuple[date, str], tuple[int, int]]:
        rows = await fetch(
            "SELECT from_on, measure, numerator, denominator FROM reading WHERE cohort = $1", self.cohort
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in rows}


async def a_pilot_member(
    cohort: UUID | None = None, *, program: UUID | None = None, active_from: date = START
) -> Member:
    owner = (
        await an_owner(f"Olga {uuid4().hex[:6]}")
        if program is None
        else await fetch_value("SELECT made_by FROM program WHERE id = $1", program)
    )
    program = program or await a_program(owner)
    cohort = cohort or await a_cohort(program, owner, start=START)
    person = await a_listed_person(program, owner, "Mia Member")
    enrolment = await a_member(
        cohort,
        [("preparing", active_from - timedelta(days=5), active_from), ("active", active_from, None)],
        person,
    )
    async with transaction():
        await retake_months(cohort, from_on=START, today=TODAY, now=NOON)
    return Member(program, person, cohort, enrolment)


async def consent(
    member: Member,
    network: Network = Network.LINKEDIN,
    from_on: date = START,
    withdrawn_at: datetime | None = None,
) -> None:
    account = new_id()
    await execute(
        "INSERT INTO social_account (id, person, network, handle, stance, disclosure, added_at)"
        " VALUES ($1, $2, $3, $1::uuid::text, 'personal', 'I work at Example.', $4)",
        account,
        member.person,
        network.value,
        NOON,
    )
    await execute(
        "INSERT INTO consent (id, account, program, from_on, given_at, withdrawn_at) VALUES ($1, $2, $3, $4, $5, $6)",
        new_id(),
        account,
        member.program,
        from_on,
        NOON,
        withdrawn_at,
    )


async def test_an_activity_is_kept_with_its_observation_its_month_its_readings_and_its_event() -> None:
    member = await a_pilot_member()
    await consent(member)
    activity = await member.log(Kind.REPLY, date(2026, 5, 12), link=LINK)
    row = await fetch_row("SELECT * FROM activity WHERE id = $1", activity)
    assert row is not None
    assert (row["network"], row["post_id"], row["month"], row["text"]) == (
        "linkedin",
        "activity:1",
        1,
        "In my own words.",
    )
    assert await fetch_value("SELECT source FROM observation WHERE activity = $1", activity) == "by_hand"
    assert await member.month(1) == (1, 1, 0)
    assert await member.readings() == {
        (START, "took_part_share"): (0, 1),
        (START, "eligible_share"): (1, 1),
        (date(2026, 5, 10), "took_part_share"): (1, 1),
        (date(2026, 5, 10), "eligible_share"): (1, 1),
    }
    event = await fetch_row("SELECT name, subject, facts FROM event ORDER BY number DESC LIMIT 1")
    assert event is not None
    assert (event["name"], event["subject"]) == ("activity_logged", activity)
    assert "linkedin.com" not in event["facts"]
    assert await readings_that_differ(today=TODAY) == []


async def test_a_deleted_activity_is_gone_from_its_month_and_its_readings() -> None:
    member = await a_pilot_member()
    first, second = await member.log(on=START), await member.log(on=START)
    reaction = await member.log(Kind.REACTION, START, network=Network.IN_PERSON)
    assert await member.month(0) == (2, 0, 1)
    await member.delete(first)
    assert await member.month(0) == (1, 0, 1)
    assert (await member.readings())[START, "took_part_share"] == (1, 1)
    await member.delete(second)
    await member.delete(reaction)
    assert await member.month(0) == (0, 0, 0)
    assert (await member.readings())[START, "took_part_share"] == (0, 1)
    assert await fetch("SELECT FROM observation") == []
    assert await readings_that_differ(today=TODAY) == []
    with pytest.raises(NotFound):
        await member.delete(first)


async def test_nobody_deletes_what_another_logged() -> None:
    member = await a_pilot_member()
    other = await a_pilot_member(member.cohort, program=member.program)
    activity = await member.log()
    with pytest.raises(NotFound):
        await other.delete(activity)
    assert await own_activities(other.person, program=other.program) == []


async def test_one_post_counts_once_however_its_link_looks() -> None:
    member = await a_pilot_member()
    await consent(member)
    first = await member.log(Kind.POST, link=LINK)
    with pytest.raises(KnownAlready) as known:
        await member.log(Kind.POST, link="https://www.linkedin.com/posts/mia-activity-1-xyz")
    assert known.value.activity == first
    assert "already" in known.value.sentence()
    other = await a_pilot_member(member.cohort, program=member.program)
    await consent(other)
    with pytest.raises(KnownAlready) as known:
        await other.log(Kind.POST, link=LINK)
    assert known.value.activity is None
    assert "cohort" in known.value.sentence()
    assert await other.month(1) == (0, 0, 0)


async def test_many_may_react_to_one_post_each_once() -> None:
    member = await a_pilot_member()
    other = await a_pilot_member(member.cohort, program=member.program)
    for each in (member, other):
        await consent(each)
        await each.log(Kind.REACTION, link=LINK)
    with pytest.raises(KnownAlready):
        await member.log(Kind.REACTION, link=LINK)


async def test_the_same_form_logs_once() -> None:
    member = await a_pilot_member()
    form = a_form("a talk")
    activity = await member.log(sent=form)
    assert await member.log(sent=form) == activity
    assert await member.month(1) == (1, 0, 0)
    with pytest.raises(SentBefore):
        await member.log(sent=Sent.of(form.key, b"another talk"))


async def test_days_outside_of_the_tracking_agreed_to_are_refused() -> None:
    member = await a_pilot_member(active_from=START + timedelta(days=5))
    with pytest.raises(DayDoesNotCount) as refused:
        await member.log(on=TODAY + timedelta(days=1))
    assert refused.value.reasons == (InTheFuture(TODAY),)
    with pytest.raises(DayDoesNotCount) as refused:
        await member.log(on=START + timedelta(days=1))
    assert refused.value.reasons == (NotActiveThen(),)
    assert refused.value.sentence() == why_not_sentence(NotActiveThen(), TODAY)
    with pytest.raises(DayDoesNotCount):
        await member.log(on=START - timedelta(days=1))
    assert await fetch("SELECT FROM activity") == []


async def test_a_network_without_consent_or_before_it_is_refused() -> None:
    member = await a_pilot_member()
    await consent(member, withdrawn_at=NOON + timedelta(hours=1))
    with pytest.raises(DayDoesNotCount) as refused:
        await member.log(Kind.POST, link=LINK)
    assert refused.value.reasons == (NoConsent(Network.LINKEDIN),)
    await consent(member, from_on=TODAY)
    with pytest.raises(DayDoesNotCount) as refused:
        await member.log(Kind.POST, TODAY - timedelta(days=1), link=LINK)
    assert refused.value.reasons == (BeforeConsent(Network.LINKEDIN, TODAY),)
    await member.log(Kind.POST, link=LINK)


async def test_a_link_that_is_none_and_a_place_that_is_not_said_are_refused() -> None:
    member = await a_pilot_member()
    with pytest.raises(LinkNotUnderstood) as no_link:
        await member.log(link="my post")
    with pytest.raises(PlaceMissing) as no_place:
        await member.log(Kind.POST)
    with pytest.raises(PlaceMissing):
        await member.log(Kind.TALK, link="https://conference.example/talk")
    assert no_link.value.sentence()
    assert no_place.value.sentence()
    await member.log(Kind.TALK, link="https://conference.example/talk", network=Network.OTHER)


async def test_before_the_cohort_begins_and_without_one_nothing_is_logged() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    waiting = await a_cohort(program, owner, start=None)
    person = await a_listed_person(program, owner, "Mia Member")
    enrolment = await a_member(waiting, [("preparing", START, None)], person)
    with pytest.raises(NotYetTracked) as early:
        await Member(program, person, waiting, enrolment).log()
    assert early.value.sentence()
    course = await own_course(person, program=program, today=TODAY)
    assert course is not None
    assert (course.start, course.months, course.active) == (None, (), False)
    assert await own_course(owner, program=program, today=TODAY) is None


async def test_members_logging_at_the_same_moment_are_all_counted() -> None:
    member = await a_pilot_member()
    others = [await a_pilot_member(member.cohort, program=member.program) for _ in range(5)]
    await asyncio.gather(*(each.log() for each in (member, *others)))
    assert (await member.readings())[date(2026, 5, 10), "took_part_share"] == (6, 6)
    assert await readings_that_differ(today=TODAY) == []


async def test_ones_own_months_and_activities_newest_first_page_by_page() -> None:
    member = await a_pilot_member()
    days = [START + timedelta(days=number) for number in (0, 1, 1, 40)]
    logged = [await member.log(on=day) for day in days]
    course = await own_course(member.person, program=member.program, today=TODAY)
    assert course is not None
    assert [month.activities for month in course.months] == [3, 1]
    first = await own_activities(member.person, program=member.program, most=2)
    assert [line.id for line in first] == [logged[3], logged[2]]
    rest = await own_activities(member.person, program=member.program, before=first[-1].id, most=2)
    assert [line.id for line in rest] == [logged[1], logged[0]]
    assert await own_activities(member.person, program=member.program, before=uuid4()) == []


async def edit(member: Member, activity: UUID, kind: Kind | None, on: date, **told: Any) -> None:
    said = Told(kind=kind, done_on=on, **told)
    await edit_activity(activity, said, program=member.program, by=member.person, now=NOON, today=TODAY)


async def test_an_edited_activity_counts_where_it_now_belongs() -> None:
    member = await a_pilot_member()
    await consent(member)
    activity = await member.log(Kind.POST, date(2026, 5, 12), link=LINK)
    await edit(member, activity, Kind.REPLY, START, link=f"{LINK}?commentUrn=urn:li:comment:(activity:1,2)")
    assert await member.month(1) == (0, 0, 0)
    assert await member.month(0) == (1, 1, 0)
    row = await fetch_row("SELECT post_id, kind, text, month FROM activity WHERE id = $1", activity)
    assert row is not None
    assert tuple(row) == ("comment:2", "reply", None, 0)
    assert await fetch_value("SELECT count(*) FROM observation WHERE activity = $1", activity) == 1
    assert await readings_that_differ(today=TODAY) == []
    event = await fetch_value("SELECT name FROM event ORDER BY number DESC LIMIT 1")
    assert event == "activity_edited"


async def test_a_link_tells_the_kind_where_its_member_does_not() -> None:
    member = await a_pilot_member()
    await consent(member)
    activity = await log_activity(
        Told(kind=None, done_on=TODAY, link=LINK),
        program=member.program,
        by=member.person,
        now=NOON,
        today=TODAY,
        sent=a_form(),
    )
    assert await fetch_value("SELECT kind FROM activity WHERE id = $1", activity) == "post"
    with pytest.raises(KindMissing) as missing:
        await edit(member, activity, None, TODAY)
    assert missing.value.sentence()


async def test_what_is_kept_may_be_reworded_whatever_became_of_the_consent() -> None:
    member = await a_pilot_member()
    await consent(member)
    activity = await member.log(Kind.POST, TODAY, link=LINK)
    await execute("UPDATE consent SET withdrawn_at = $1", NOON)
    await edit(member, activity, Kind.SHARE, TODAY, link=LINK, text="Better said")
    assert await fetch_value("SELECT text FROM activity WHERE id = $1", activity) == "Better said"
    with pytest.raises(DayDoesNotCount):
        await edit(member, activity, Kind.SHARE, START, link=LINK)
    with pytest.raises(DayDoesNotCount):
        await edit(member, activity, Kind.SHARE, TODAY, link=LINK.replace("activity:1", "activity:2"))
    await edit(member, activity, Kind.REACTION, TODAY, link=LINK)
    post_id = await fetch_value("SELECT post_id FROM activity WHERE id = $1", activity)
    assert post_id == f"activity:1 by {member.enrolment}"


async def test_an_edit_that_is_refused_changes_nothing() -> None:
    member = await a_pilot_member()
    other = await a_pilot_member(member.cohort, program=member.program)
    await consent(member)
    first, second = await member.log(Kind.POST, link=LINK), await member.log(Kind.TALK)
    before = await fetch("SELECT * FROM activity ORDER BY id")
    with pytest.raises(KnownAlready) as known:
        await edit(member, second, Kind.POST, TODAY, link=LINK)
    assert known.value.activity == first
    with pytest.raises(NotFound):
        await edit(other, second, Kind.TALK, TODAY)
    assert await fetch("SELECT * FROM activity ORDER BY id") == before
    assert await member.month(1) == (2, 0, 0)


async def test_an_activity_moves_to_the_cohort_in_which_its_day_belongs() -> None:
    member = await a_pilot_member()
    activity = await member.log(on=START)
    moved_on = date(2026, 5, 1)
    await execute("UPDATE spell SET until_on = $1 WHERE state = 'active'", moved_on)
    circle = await a_cohort(member.program, member.person, start=moved_on, name="First circle", position=1)
    there = await a_member(circle, [("active", moved_on, None)], member.person)
    async with transaction():
        await retake_months(member.cohort, from_on=START, today=TODAY, now=NOON)
        await retake_months(circle, from_on=moved_on, today=TODAY, now=NOON)
    await edit(member, activity, Kind.TALK, TODAY)
    row = await fetch_row("SELECT cohort, enrolment, month FROM activity")
    assert row is not None
    assert tuple(row) == (circle, there, 1)
    assert await fetch_value("SELECT cohort FROM observation") == circle
    assert await readings_that_differ(today=TODAY) == []


async def test_what_is_deleted_while_an_edit_or_a_deletion_waits_is_not_there_for_it() -> None:
    member = await a_pilot_member()
    by: dict[str, Any] = {"program": member.program, "by": member.person, "now": NOON, "today": TODAY}
    said = Told(kind=Kind.TALK, done_on=START, network=Network.IN_PERSON)
    for act in (partial(edit_activity, told=said, **by), partial(delete_activity, **by)):
        activity = await member.log(Kind.TALK, START)
        async with transaction():
            cohort = await fetch_value("SELECT cohort FROM activity WHERE id = $1", activity)
            await lock_cohorts([cohort])
            waiting = asyncio.create_task(act(activity), context=Context())
            async with asyncio.timeout(60):
                while not await fetch_value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                    pass
            await take_out(cohort, activity)
        with pytest.raises(NotFound):
            await waiting
    assert await fetch("SELECT FROM activity") == []


async def test_what_was_deleted_comes_back_as_it_was() -> None:
    member = await a_pilot_member()
    await consent(member)
    activity = await member.log(Kind.REPLY, START, link=LINK)
    tables = ("activity", "observation")
    before = [await fetch(f"SELECT * FROM {table}") for table in tables]
    await member.delete(activity)
    by = {"program": member.program, "by": member.person, "now": NOON, "today": TODAY}
    assert await may_be_restored(activity, person=member.person, program=member.program)
    await restore_activity(activity, **by)  # type: ignore[arg-type]
    assert [await fetch(f"SELECT * FROM {table}") for table in tables] == before
    assert await member.month(0) == (1, 1, 0)
    assert await readings_that_differ(today=TODAY) == []
    with pytest.raises(NotFound):
        await restore_activity(activity, **by)  # type: ignore[arg-type]
    await member.delete(activity)
    await member.log(Kind.POST, link=LINK)
    with pytest.raises(KnownAlready):
        await restore_activity(activity, **by)  # type: ignore[arg-type]
    assert await may_be_restored(activity, person=member.person, program=member.program)
    await forget_deleted_activities(NOON + timedelta(days=2))
    assert not await may_be_restored(activity, person=member.person, program=member.program)


async def test_two_who_take_back_or_delete_the_same_at_once_do_it_once() -> None:
    member = await a_pilot_member()
    activity = await member.log(on=START)
    by: dict[str, Any] = {"program": member.program, "by": member.person, "now": NOON, "today": TODAY}
    for act in (delete_activity, restore_activity, delete_activity):
        done = await asyncio.gather(*(act(activity, **by) for _ in range(5)), return_exceptions=True)
        assert sorted(type(each).__name__ for each in done) == ["NoneType", *["NotFound"] * 4]
    said = Told(kind=Kind.TALK, done_on=TODAY)
    await restore_activity(activity, **by)
    await asyncio.gather(
        edit_activity(activity, said, **by), delete_activity(activity, **by), return_exceptions=True
    )
    assert await member.month(0) == (0, 0, 0)
    assert await readings_that_differ(today=TODAY) == []
