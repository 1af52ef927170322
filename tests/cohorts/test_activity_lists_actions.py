import asyncio
from contextvars import Context
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cohorts.activities.actions import NotYetTracked
from cohorts.activities.queries import own_activity
from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.rules import Measured
from cohorts.activity_imports.queries import files_of
from cohorts.activity_imports.rules import Outside
from cohorts.activity_lists.actions import take_in_list
from cohorts.activity_lists.rules import Answer, Item, Outcome, Refused
from cohorts.months.queries import readings_that_differ
from program.database import fetch, fetch_value
from program.form_keys.actions import Sent, SentBefore
from tests.cast import NOON, a_form, a_listed_person, a_program, an_owner
from tests.cohorts.files import post_link
from tests.cohorts.importers import counted_months, member_months
from tests.cohorts.test_activities_actions import LINK, START, TODAY, Member, a_pilot_member, consent
from tests.cohorts.test_activity_imports_actions import linkedin_id

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 5, 12)
FAR = 10**18


def post(number: int, *, on: date = DAY, **told: Any) -> Item:
    return Item(kind=Kind.POST, link=post_link(number), done_on=on, **told)


async def sends(member: Member, *items: Item, sent: Sent | None = None) -> list[Answer]:
    return await take_in_list(
        items,
        named="My notebook",
        program=member.program,
        by=member.person,
        now=NOON,
        today=TODAY,
        sent=sent or a_form(),
    )


async def outcomes(member: Member, *items: Item, sent: Sent | None = None) -> list[Outcome]:
    return [answer.outcome for answer in await sends(member, *items, sent=sent)]


async def an_agreeing_member() -> Member:
    member = await a_pilot_member()
    await consent(member, Network.LINKEDIN)
    return member


async def events_called(name: str) -> int:
    return int(await fetch_value("SELECT count(*) FROM event WHERE name = $1", name))


async def test_each_of_a_list_is_answered_in_its_order() -> None:
    member = await an_agreeing_member()
    answers = await sends(
        member,
        post(1, text="Hello"),
        post(2, on=START - timedelta(days=1)),
        post(3, on=TODAY + timedelta(days=1)),
        Item(kind=Kind.POST, network=Network.X, done_on=DAY),
        Item(kind=Kind.POST, link="nowhere", done_on=DAY),
        Item(link="https://example.com/a", network=Network.BLOG, done_on=DAY),
        Item(kind=Kind.POST, done_on=DAY),
        Item(kind=Kind.POST, link=post_link(4)),
        Item(kind=Kind.TALK, done_on=DAY),
    )
    assert [(answer.outcome, answer.why, answer.field) for answer in answers] == [
        (Outcome.KEPT, None, None),
        (Outcome.OUTSIDE, Outside.BEFORE_TRACKING, "done_on"),
        (Outcome.OUTSIDE, Outside.IN_THE_FUTURE, "done_on"),
        (Outcome.NO_CONSENT, Outside.NO_CONSENT, "network"),
        (Outcome.REFUSED, Refused.LINK_NOT_UNDERSTOOD, "link"),
        (Outcome.REFUSED, Refused.KIND_MISSING, "kind"),
        (Outcome.REFUSED, Refused.NETWORK_MISSING, "network"),
        (Outcome.REFUSED, Refused.DAY_MISSING, "done_on"),
        (Outcome.KEPT, None, None),
    ]
    assert {answer.activity for answer in answers if answer.outcome is Outcome.KEPT} == {
        row["id"] for row in await fetch("SELECT id FROM activity")
    }
    assert await member.month(1) == (2, 0, 0)
    assert await member_months() == await counted_months()
    assert await readings_that_differ(today=TODAY) == []
    assert await events_called("activities_sent") == 1
    assert await fetch_value("SELECT count(*) FROM activity_import_row") == 0


async def test_a_moment_tells_the_day_in_the_zone_of_the_cohort_and_what_was_measured_is_kept() -> None:
    member = await an_agreeing_member()
    late = datetime(2026, 5, 11, 22, 30, tzinfo=UTC)
    item = Item(kind=Kind.POST, link=post_link(1), done_at=late, measured=Measured(impressions=0, clicks=3))
    (answer,) = await sends(member, item)
    assert answer.activity
    found = await own_activity(answer.activity, person=member.person, program=member.program)
    assert found.activity.done_on == DAY
    assert (found.activity.figures.impressions, found.activity.figures.clicks) == (0, 3)
    assert found.activity.figures.reactions is None


async def test_what_is_known_is_told_as_known_whatever_told_of_it_first() -> None:
    member = await an_agreeing_member()
    by_hand = await member.log(Kind.POST, DAY, link=LINK)
    talk = Item(kind=Kind.TALK, done_on=DAY, text="At the station")
    (kept,) = await sends(member, talk)
    answers = await sends(member, Item(kind=Kind.POST, link=LINK, done_on=DAY), talk, post(FAR), post(FAR))
    assert [answer.outcome for answer in answers] == [
        Outcome.KNOWN,
        Outcome.KNOWN,
        Outcome.KEPT,
        Outcome.KNOWN,
    ]
    assert [answer.activity for answer in answers[:2]] == [by_hand, kept.activity]
    assert answers[2].activity == answers[3].activity
    assert await member.month(1) == (3, 0, 0)


async def test_a_post_that_somebody_else_in_the_cohort_logged_is_refused_and_not_named() -> None:
    member = await an_agreeing_member()
    other = await a_pilot_member(member.cohort, program=member.program)
    await consent(other, Network.LINKEDIN)
    await sends(other, post(1))
    assert await sends(member, post(1)) == [
        Answer(outcome=Outcome.REFUSED, why=Outside.SOMEBODY_ELSES_POST),
    ]


async def test_another_id_of_a_known_post_is_merged_unless_it_is_said_to_be_apart() -> None:
    member = await an_agreeing_member()
    at = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
    id = linkedin_id("2026-05-12 10:00:00")

    def seen_as(urn: str, *, apart: bool = False) -> Item:
        link = post_link(id, urn)
        return Item(kind=Kind.POST, link=link, done_at=at, text="The same words", apart=apart)

    (first,) = await sends(member, seen_as("share"))
    merged, apart = await sends(member, seen_as("ugcPost"), seen_as("activity", apart=True))
    assert (merged.outcome, merged.activity) == (Outcome.MERGED, first.activity)
    assert apart.outcome is Outcome.KEPT
    assert apart.activity != first.activity
    assert await outcomes(member, seen_as("ugcPost")) == [Outcome.KNOWN]
    assert await member.month(1) == (2, 0, 0)


async def test_the_same_list_under_the_same_key_is_answered_with_the_first_result() -> None:
    member = await an_agreeing_member()
    form = a_form()
    items = (post(1), post(2, on=START - timedelta(days=1)), Item(kind=Kind.POST, done_on=DAY))
    first = await sends(member, *items, sent=form)
    assert await sends(member, *items, sent=form) == first
    assert await events_called("activities_sent") == 1
    with pytest.raises(SentBefore):
        await sends(member, post(3), sent=Sent.of(form.key, b"other"))


async def test_twenty_at_once_under_one_key_have_one_result() -> None:
    member, form = await an_agreeing_member(), a_form()
    items = tuple(post(number) for number in range(30))
    loop = asyncio.get_running_loop()
    sending = [loop.create_task(sends(member, *items, sent=form), context=Context()) for _ in range(20)]
    results = await asyncio.gather(*sending)
    assert {answer.outcome for answer in results[0]} == {Outcome.KEPT}
    assert all(result == results[0] for result in results)
    assert await events_called("activities_sent") == 1
    assert await member.month(1) == (30, 0, 0)


async def test_twenty_at_once_without_a_key_keep_each_post_once() -> None:
    member = await an_agreeing_member()
    items = tuple(post(number) for number in range(30))
    loop = asyncio.get_running_loop()
    sending = [loop.create_task(sends(member, *items), context=Context()) for _ in range(20)]
    results = await asyncio.gather(*sending)
    counts = sorted(
        [sum(answer.outcome is Outcome.KEPT for answer in result) for result in results], reverse=True
    )
    assert counts == [30, *[0] * 19]
    assert len({tuple(answer.activity for answer in result) for result in results}) == 1
    assert await member.month(1) == (30, 0, 0)
    assert await readings_that_differ(today=TODAY) == []


async def test_the_member_sees_the_list_among_their_files() -> None:
    member = await an_agreeing_member()
    await sends(member, post(1), post(1))
    (file,) = await files_of(member.person, program=member.program)
    assert (file.file_name, file.new, file.known) == ("My notebook", 1, 1)


async def test_nobody_sends_a_list_before_their_cohort_has_begun() -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_listed_person(program, owner, "Lisa Listed")
    form = a_form()
    with pytest.raises(NotYetTracked):
        await sends(Member(program, person, UUID(int=0), UUID(int=0)), post(1), sent=form)
    assert await fetch_value("SELECT count(*) FROM form_key WHERE id = $1", form.key) == 0
