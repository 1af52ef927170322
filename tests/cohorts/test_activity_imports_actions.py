import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfoNotFoundError

import pytest
from asyncpg import DataError, DiskFullError

from cohorts.activities.actions import NotYetTracked, Told, delete_activity, log_activity
from cohorts.activities.queries import own_activity
from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.reading import rows
from cohorts.activity_files.rules import Row
from cohorts.activity_imports.actions import (
    FileEmpty,
    FileTooLarge,
    NoLongerWaiting,
    NotSaidToBeMine,
    TooMuchWaiting,
    confirm,
    give_up,
    give_up_abandoned,
    part_twins,
    say_columns,
    send_file,
)
from cohorts.activity_imports.confirmed import take_in_next
from cohorts.activity_imports.queries import file_page, files_of
from cohorts.activity_imports.reading import read_next
from cohorts.activity_imports.rules import MOST_BYTES_WAITING, Fate, State
from cohorts.activity_imports.words import trouble_sentence
from cohorts.months.queries import readings_that_differ
from program.database import execute, fetch, fetch_row, fetch_value, new_id
from program.refusals import NotFound
from tests.cast import NOON, a_form, a_listed_person, a_program, an_owner
from tests.cohorts.files import (
    Comment,
    Measures,
    Reaction,
    Share,
    bomb,
    climbing,
    linkedin_analytics,
    linkedin_archive,
    locked,
    own_csv,
    post_link,
    tweet,
    x_analytics,
    x_archive,
)
from tests.cohorts.importers import (
    a_read_file,
    a_sent_file,
    counted_months,
    in_pieces,
    member_months,
    seen,
    taken_in,
)
from tests.cohorts.test_activities_actions import START, TODAY, Member, a_pilot_member, consent

pytestmark = pytest.mark.usefixtures("database")
A_MILLISECOND_OF_LINKEDIN = 1 << 22


def linkedin_id(moment: str, *, later_ms: int = 0) -> int:
    """An id as LinkedIn gives it at that moment."""
    from datetime import datetime

    ms = int(datetime.fromisoformat(f"{moment}+00:00").timestamp() * 1000)
    return (ms + later_ms) * A_MILLISECOND_OF_LINKEDIN


def by(member: Member) -> dict[str, Any]:
    return {"program": member.program, "by": member.person}


async def an_agreeing_member(*networks: Network) -> Member:
    member = await a_pilot_member()
    for network in networks:
        await consent(member, network)
    return member


async def test_a_file_is_looked_at_first_and_kept_when_its_member_says_yes() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    archive = linkedin_archive(
        shares=[
            Share("2026-04-12 10:00:00", post_link(1), "First"),
            Share("2026-05-12 10:00:00", post_link(2), "Two lines\nand a “quote”"),
            Share("2026-03-01 10:00:00", post_link(3), "Before tracking"),
        ],
        comments=[Comment("2026-05-13 08:00:00", post_link(9, "activity"), "Well said")],
        reactions=[Reaction("2026-05-14 08:00:00", post_link(10, "activity"))],
    )
    id = await a_read_file(archive, **by(member))
    page = await seen(id, **by(member))
    assert page.state is State.READ
    assert page.counts == {
        Fate.NEW: 4,
        Fate.KNOWN: 0,
        Fate.TWIN: 0,
        Fate.OUTSIDE: 1,
        Fate.NOT_UNDERSTOOD: 0,
    }
    assert (page.reactions, page.rows_read, page.to_keep) == (1, 5, 4)
    assert await fetch("SELECT FROM activity") == []
    assert await fetch("SELECT FROM activity_import_piece") == []
    outside = await seen(id, **by(member), fate=Fate.OUTSIDE)
    assert [(line.text, line.why) for line in outside.lines] == [("Before tracking", "before_tracking")]

    await confirm(id, mine=False, reactions=True, **by(member), now=NOON)
    page = await seen(id, **by(member))
    assert (page.state, page.came["new"], page.came["reactions"]) == (State.DONE, 3, 1)
    rows = await fetch("SELECT kind, text, done_on, month FROM activity ORDER BY done_on")
    assert [tuple(row) for row in rows] == [
        ("post", "First", date(2026, 4, 12), 0),
        ("post", "Two lines\nand a “quote”", date(2026, 5, 12), 1),
        ("reply", "Well said", date(2026, 5, 13), 1),
        ("reaction", None, date(2026, 5, 14), 1),
    ]
    assert await member.month(1) == (2, 1, 1)
    assert {row["source"] for row in await fetch("SELECT source FROM observation")} == {"linkedin_archive"}
    assert await fetch("SELECT FROM activity_import_row") == []
    event = await fetch_row("SELECT name, subject, facts FROM event ORDER BY number DESC LIMIT 1")
    assert event is not None
    assert (event["name"], event["subject"]) == ("activities_imported", id)
    assert "Well said" not in event["facts"]
    assert await readings_that_differ(today=TODAY) == []
    assert await member_months() == await counted_months()
    assert [(file.id, file.new) for file in await files_of(member.person, program=member.program)] == [
        (id, 4)
    ]


async def test_the_same_file_again_adds_nothing() -> None:
    member = await an_agreeing_member(Network.LINKEDIN, Network.X)
    files = (
        linkedin_archive(
            shares=[Share("2026-04-12 10:00:00", post_link(1), "First")],
            comments=[Comment("2026-05-13 08:00:00", post_link(9, "activity"), "Well said")],
            reactions=[Reaction("2026-05-14 08:00:00", post_link(10, "activity"))],
        ),
        own_csv(
            {"published_at": "2026-05-03", "network": "in_person", "kind": "talk", "text": "At a fair"},
            {"published_at": "2026-05-04", "network": "in_person", "kind": "talk", "text": "At a fair"},
        ),
        x_analytics(
            {"Post id": "77", "Date": "Fri, May 15, 2026", "Post text": "Hi", "Impressions": "1,234"}
        ),
    )
    for file in files:
        first = await taken_in(file, **by(member))
        assert first["new"] > 0
        before = await fetch("SELECT * FROM activity ORDER BY id"), await fetch("SELECT * FROM observation")
        again = await taken_in(file, **by(member))
        assert (again["new"], again["reactions"], again["measured"]) == (0, 0, 0)
        assert again["known"] == first["new"] + first["reactions"]
        assert (
            await fetch("SELECT * FROM activity ORDER BY id"),
            await fetch("SELECT * FROM observation"),
        ) == before
    assert await fetch_value("SELECT count(*) FROM activity WHERE kind = 'talk'") == 2
    assert await member_months() == await counted_months()


async def test_measures_come_together_and_their_history_is_kept() -> None:
    member = await an_agreeing_member(Network.X)
    hello = tweet(77, "Fri May 15 10:00:00 +0000 2026", "Hello", favorite_count="3", retweet_count="1")
    await taken_in(x_archive(hello), **by(member))
    measured = {"Post id": "77", "Date": "Fri, May 15, 2026", "Post text": "Hello"}
    for impressions, days in (("1,234", 1), ("1,234", 2), ("2,000", 3)):
        file = x_analytics(measured | {"Impressions": impressions})
        await taken_in(file, **by(member), now=NOON + timedelta(days=days))
    activity = await fetch_value("SELECT id FROM activity")
    page = await own_activity(activity, person=member.person, program=member.program)
    assert [each.figures.impressions for each in page.sightings] == [2000, 1234, None]
    assert page.activity.figures.impressions == 2000
    assert (page.activity.figures.reactions, page.activity.figures.comments) == (3, None)


async def test_the_twin_ids_of_one_linkedin_post_are_offered_to_merge() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    at = "2026-05-12 10:00:00"
    share, activity = linkedin_id(at), linkedin_id(at, later_ms=900)
    await taken_in(
        linkedin_archive(shares=[Share(at, post_link(share), "What I learned, today.")]), **by(member)
    )
    again = linkedin_archive(
        shares=[
            Share(at, post_link(activity, "ugcPost"), "What I learned today"),
            Share(at, post_link(5), "New"),
        ]
    )
    id = await a_read_file(again, **by(member))
    page = await seen(id, **by(member), fate=Fate.TWIN)
    assert (page.counts[Fate.TWIN], page.counts[Fate.NEW]) == (1, 1)
    twin = page.lines[0].twin
    assert twin is not None
    assert twin.text == "What I learned, today."
    await confirm(id, mine=False, reactions=True, **by(member), now=NOON)
    assert await fetch_value("SELECT count(*) FROM activity") == 2
    assert await fetch_value("SELECT post_id FROM post_alias") == f"ugcPost:{activity}"
    again_id = await a_read_file(again, **by(member))
    assert (await seen(again_id, **by(member))).counts[Fate.KNOWN] == 2
    measured = linkedin_analytics(
        [Measures(post_link(share + 7 * A_MILLISECOND_OF_LINKEDIN, "activity"), "5/12/2026", 900)]
    )
    third = await a_read_file(measured, **by(member))
    assert (await seen(third, **by(member))).counts[Fate.TWIN] == 1
    await confirm(third, mine=False, reactions=True, **by(member), now=NOON)
    assert await fetch_value("SELECT count(*) FROM activity") == 2
    assert await fetch_value("SELECT max(impressions) FROM observation") == 900
    assert await member_months() == await counted_months()


async def test_twins_said_to_be_two_are_two() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    at = "2026-05-12 10:00:00"
    shares = [Share(at, post_link(1), "Good morning"), Share(at, post_link(2, "ugcPost"), "Good morning")]
    id = await a_read_file(linkedin_archive(shares=shares), **by(member))
    (line,) = (await seen(id, **by(member), fate=Fate.TWIN)).lines
    await part_twins(id, line.line, apart=True, **by(member))
    await part_twins(id, None, apart=False, **by(member))
    await part_twins(id, line.line, apart=True, **by(member))
    await confirm(id, mine=False, reactions=True, **by(member), now=NOON)
    assert await fetch_value("SELECT count(*) FROM activity") == 2
    assert await fetch("SELECT FROM post_alias") == []
    assert await member.month(1) == (2, 0, 0)


async def test_a_twin_of_what_was_deleted_meanwhile_becomes_an_activity() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    at = "2026-05-12 10:00:00"
    await taken_in(linkedin_archive(shares=[Share(at, post_link(1), "Good morning")]), **by(member))
    other = linkedin_archive(shares=[Share(at, post_link(2, "ugcPost"), "Good morning")])
    id = await a_read_file(other, **by(member))
    await member.delete(await fetch_value("SELECT id FROM activity"))
    await confirm(id, mine=False, reactions=True, **by(member), now=NOON)
    assert await fetch_value("SELECT post_id FROM activity") == "ugcPost:2"
    assert await member.month(1) == (1, 0, 0)


async def test_consent_withdrawn_after_the_preview_still_holds() -> None:
    member = await an_agreeing_member(Network.X)
    hello = tweet(77, "Fri May 15 10:00:00 +0000 2026", "Hello")
    id = await a_read_file(x_archive(hello), **by(member))
    await execute("UPDATE consent SET withdrawn_at = $1", NOON)
    await confirm(id, mine=True, reactions=True, **by(member), now=NOON)
    assert (await seen(id, **by(member))).came["outside"] == 1
    assert await fetch("SELECT FROM activity") == []


async def test_another_accounts_archive_is_asked_about() -> None:
    member = await an_agreeing_member(Network.X)
    await execute("UPDATE social_account SET handle = '@Mia'")
    hello = tweet(77, "Fri May 15 10:00:00 +0000 2026", "Hello")
    id = await a_read_file(x_archive(hello, username="robin"), **by(member))
    page = await seen(id, **by(member))
    assert (page.asks_whose, page.handle, page.own_handles) == (True, "robin", ["@Mia"])
    with pytest.raises(NotSaidToBeMine) as asked:
        await confirm(id, mine=False, reactions=True, **by(member), now=NOON)
    assert asked.value.sentence()
    await confirm(id, mine=True, reactions=True, **by(member), now=NOON)
    await confirm(id, mine=True, reactions=True, **by(member), now=NOON)
    assert await fetch_value("SELECT count(*) FROM activity") == 1
    own = await a_read_file(x_archive(hello, username="mia"), **by(member))
    assert not (await seen(own, **by(member))).asks_whose


async def test_lines_of_somebody_else_and_posts_that_another_logged_are_left_out() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    other = await a_pilot_member(member.cohort, program=member.program)
    await consent(other)
    await other.log(Kind.POST, link=post_link(5))
    row = {"published_at": "2026-05-03", "network": "linkedin", "kind": "post"}
    file = own_csv(
        row | {"link": post_link(5)},
        row | {"link": post_link(6), "email": "somebody.else@example.com"},
        row | {"link": "nowhere"},
        row | {"link": post_link(7), "published_at": "2027-05-03"},
    )
    id = await a_read_file(file, **by(member))
    page = await seen(id, **by(member), fate=Fate.OUTSIDE)
    assert {line.why for line in page.lines} == {"somebody_elses_post", "somebody_else", "in_the_future"}
    assert page.counts[Fate.NOT_UNDERSTOOD] == 1
    assert page.to_keep == 0


async def test_reactions_can_be_left_out() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    archive = linkedin_archive(
        shares=[Share("2026-05-12 10:00:00", post_link(1), "First")],
        reactions=[Reaction("2026-05-14 08:00:00", post_link(10, "activity"))],
    )
    came = await taken_in(archive, **by(member), reactions=False)
    assert (came["new"], came["reactions"]) == (1, 0)
    assert await member.month(1) == (1, 0, 0)


async def test_a_reaction_logged_by_hand_is_the_same_as_in_the_archive() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    link = post_link(10, "activity")
    await member.log(Kind.REACTION, date(2026, 5, 14), link=link)
    archive = linkedin_archive(reactions=[Reaction("2026-05-14 08:00:00", link)])
    assert (await taken_in(archive, **by(member)))["reactions"] == 0


async def test_what_was_logged_by_hand_is_completed_by_the_archive() -> None:
    member = await an_agreeing_member(Network.X)
    told = Told(kind=Kind.POST, done_on=date(2026, 5, 15), link="https://x.com/mia/status/77")
    activity = await log_activity(told, **by(member), now=NOON, today=TODAY, sent=a_form())
    hello = tweet(77, "Fri May 15 10:00:00 +0000 2026", "Hello")
    assert (await taken_in(x_archive(hello), **by(member)))["new"] == 0
    row = await fetch_row("SELECT text, done_at FROM activity WHERE id = $1", activity)
    assert row is not None
    assert (row["text"], row["done_at"].hour) == ("Hello", 10)


async def test_columns_that_nobody_knows_are_said_once_and_remembered() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    columns = ("published_at", "network", "kind", "link", "Seen by")
    row = {"published_at": "2026-05-03", "network": "linkedin", "kind": "post"}
    file = own_csv(row | {"link": post_link(1), "Seen by": "42"}, columns=columns)
    id = await a_read_file(file, **by(member))
    page = await seen(id, **by(member))
    assert [each.header for each in page.headings if each.unknown] == ["Seen by"]
    await say_columns(
        id,
        {
            "Seen by": "impressions",
            "kind": "nonsense",
            "network": "network",
            "link": "link",
            "published_at": "published_at",
        },
        **by(member),
        now=NOON,
    )
    assert await read_next(NOON, only=id)
    page = await seen(id, **by(member))
    assert [line.impressions for line in page.lines] == [42]
    assert not any(each.unknown for each in page.headings)
    await give_up(id, **by(member), now=NOON)
    assert await fetch("SELECT FROM activity_import_piece") == []
    again = await seen(await a_read_file(file, **by(member)), **by(member))
    assert [line.impressions for line in again.lines] == [42]
    archive = await a_read_file(linkedin_archive(), **by(member))
    with pytest.raises(NotFound):
        await say_columns(archive, {}, **by(member), now=NOON)


@pytest.mark.parametrize(
    "content",
    [
        x_archive(tweet(1))[:-30],
        bomb(),
        climbing(),
        locked(x_archive(tweet(1))),
        x_archive(more={"data/tweets.js": "this is no JSON"}),
        b"\x00\x01\x02 nothing that anybody knows",
        b"PK\x03\x04",
    ],
    ids=["truncated", "bomb", "climbs out", "encrypted", "no JSON", "unknown", "begun"],
)
async def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(content: bytes) -> None:
    member = await an_agreeing_member(Network.X)
    id = await a_read_file(content, **by(member))
    page = await seen(id, **by(member))
    assert page.state is State.UNREADABLE
    assert page.trouble
    for table in ("activity", "activity_import_row", "activity_import_piece"):
        assert await fetch(f"SELECT FROM {table}") == []
    with pytest.raises(NoLongerWaiting) as refused:
        await confirm(id, mine=True, reactions=True, **by(member), now=NOON)
    assert refused.value.sentence()
    await give_up(id, **by(member), now=NOON)


async def test_who_has_very_much_waiting_takes_it_in_or_gives_it_up_first() -> None:
    member = await an_agreeing_member()
    waiting = await a_sent_file(b"1", **by(member))
    await execute("UPDATE activity_import SET size = $1", MOST_BYTES_WAITING)
    with pytest.raises(TooMuchWaiting) as refused:
        await a_sent_file(b"2", **by(member))
    assert refused.value.sentence()
    await give_up(waiting, **by(member), now=NOON)
    assert await a_sent_file(b"2", **by(member))


async def test_an_empty_file_one_too_large_and_one_without_a_running_cohort_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member = await an_agreeing_member()
    with pytest.raises(FileEmpty) as empty:
        await a_sent_file(b"", **by(member))
    assert empty.value.sentence()
    monkeypatch.setattr("cohorts.activity_imports.actions.LARGEST_FILE_BYTES", 10)
    with pytest.raises(FileTooLarge) as large:
        await a_sent_file(b"12345678901", **by(member), size=4)
    assert large.value.sentence()
    owner = await an_owner()
    program = await a_program(owner, "Another one")
    person = await a_listed_person(program, owner, "Nobody’s member")
    with pytest.raises(NotYetTracked):
        await a_sent_file(b"1", program=program, by=person)
    assert await fetch("SELECT FROM activity_import") == []


async def test_the_same_form_sends_one_file() -> None:
    member = await an_agreeing_member()
    form = a_form()
    told: dict[str, Any] = {"file_name": "f", **by(member), "now": NOON, "sent": form}
    first = await send_file(in_pieces(b"a,b"), **told)
    assert await send_file(in_pieces(b"a,b"), **told) == first


async def test_nobody_sees_or_touches_anothers_file() -> None:
    member = await an_agreeing_member()
    other = await a_pilot_member(member.cohort, program=member.program)
    id = await a_read_file(linkedin_archive(), **by(member))
    with pytest.raises(NotFound):
        await file_page(id, person=other.person, program=other.program)
    with pytest.raises(NotFound):
        await give_up(id, **by(other), now=NOON)
    with pytest.raises(NotFound):
        await confirm(id, mine=True, reactions=True, **by(other), now=NOON)


async def test_a_large_file_is_read_in_pieces_and_taken_in_by_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member = await an_agreeing_member(Network.X)
    monkeypatch.setattr("cohorts.activity_imports.reading.READ_AT_ONCE_BYTES", 0)
    monkeypatch.setattr("cohorts.activity_imports.reading.SECONDS_BETWEEN_REPORTS", 0.0)
    monkeypatch.setattr("cohorts.activity_imports.actions.TAKEN_IN_AT_ONCE_ROWS", 10)
    tweets = [tweet(1000 + n, "Fri May 15 10:00:00 +0000 2026", f"Hello {n}") for n in range(3000)]
    id = await a_sent_file(x_archive(*tweets), **by(member), size=5_000)
    assert await fetch_value("SELECT count(*) FROM activity_import_piece") > 1
    assert await read_next(NOON)
    assert not await read_next(NOON)
    await confirm(id, mine=True, reactions=True, **by(member), now=NOON)
    assert (await seen(id, **by(member))).state is State.CONFIRMED
    with pytest.raises(NoLongerWaiting):
        await give_up(id, **by(member), now=NOON)
    assert await take_in_next(NOON)
    assert not await take_in_next(NOON)
    assert (await seen(id, **by(member))).came["new"] == 3000
    assert await readings_that_differ(today=TODAY) == []
    assert await member_months() == await counted_months()


async def test_a_file_given_up_while_it_is_read_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    member = await an_agreeing_member(Network.X)
    id = await a_sent_file(x_archive(tweet(1)), **by(member))
    loop = asyncio.get_running_loop()

    def rows_meanwhile(*told: Any, **more: Any) -> Iterator[Row]:
        asyncio.run_coroutine_threadsafe(give_up(id, **by(member), now=NOON), loop).result()
        yield from rows(*told, **more)

    monkeypatch.setattr("cohorts.activity_imports.staging.rows", rows_meanwhile)
    assert await read_next(NOON)
    for table in ("activity", "activity_import_row", "activity_import_piece"):
        assert await fetch(f"SELECT FROM {table}") == []
    assert await fetch_value("SELECT state FROM activity_import") == "given_up"


async def test_a_file_that_breaks_its_reader_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    member = await an_agreeing_member(Network.X)

    def broken(*_told: Any, **_more: Any) -> Any:
        raise KeyError

    for reader in ("staging.rows", "reading.opened"):
        with monkeypatch.context() as patched:
            patched.setattr(f"cohorts.activity_imports.{reader}", broken)
            id = await a_read_file(x_archive(tweet(1)), **by(member))
        page = await seen(id, **by(member))
        assert (page.state, page.trouble) == (State.UNREADABLE, "broke")
        assert trouble_sentence(page.trouble)


async def test_a_file_whose_reading_keeps_failing_is_overtaken_and_then_unreadable() -> None:
    member, other = await an_agreeing_member(Network.X), await an_agreeing_member(Network.X)
    await execute("UPDATE program SET zone = 'Nowhere' WHERE id = $1", member.program)
    failing = await a_sent_file(x_archive(tweet(1)), **by(member), now=NOON - timedelta(hours=1))
    good = await a_sent_file(x_archive(tweet(2)), **by(other))
    with pytest.raises(ZoneInfoNotFoundError):
        await read_next(NOON)
    assert await read_next(NOON)
    assert (await seen(good, **by(other))).state is State.READ
    assert await read_next(NOON, only=failing)
    assert (await seen(failing, **by(member))).state is State.SENT
    with pytest.raises(ZoneInfoNotFoundError):
        await read_next(NOON)
    page = await seen(failing, **by(member))
    assert (page.state, page.trouble) == (State.UNREADABLE, "broke")
    assert not await read_next(NOON)
    assert await fetch("SELECT FROM activity_import_piece") == []


async def test_a_small_file_whose_taking_in_fails_waits_for_the_worker() -> None:
    member = await an_agreeing_member(Network.X)
    id = await a_read_file(x_archive(tweet(1, "Fri May 15 10:00:00 +0000 2026", "Hello")), **by(member))
    await execute("UPDATE activity_import SET format = 'papyrus' WHERE id = $1", id)
    await confirm(id, mine=True, reactions=True, **by(member), now=NOON)
    assert await fetch_value("SELECT count(*) FROM activity") == 0
    await execute("UPDATE activity_import SET format = 'x_archive' WHERE id = $1", id)
    assert (await seen(id, **by(member))).state is State.CONFIRMED
    assert await take_in_next(NOON)
    assert (await seen(id, **by(member))).came["new"] == 1


async def test_a_small_file_met_by_an_outage_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def out_of_room(*_told: Any) -> None:
        raise DiskFullError

    member = await an_agreeing_member(Network.X)
    id = await a_read_file(x_archive(tweet(1, "Fri May 15 10:00:00 +0000 2026", "Hello")), **by(member))
    with monkeypatch.context() as patched:
        patched.setattr("cohorts.activity_imports.actions.take_in", out_of_room)
        with pytest.raises(DiskFullError):
            await confirm(id, mine=True, reactions=True, **by(member), now=NOON)
    assert (await seen(id, **by(member))).state is State.READ


async def test_a_file_whose_taking_in_keeps_failing_is_overtaken_and_then_unreadable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cohorts.activity_imports.actions.TAKEN_IN_AT_ONCE_ROWS", 0)
    member = await an_agreeing_member(Network.X)
    day = "Fri May 15 10:00:00 +0000 2026"
    failing = await a_read_file(
        x_archive(tweet(1, day, "Hello")), **by(member), now=NOON - timedelta(hours=1)
    )
    good = await a_read_file(x_archive(tweet(2, day, "Good day")), **by(member))
    for id in (failing, good):
        await confirm(id, mine=True, reactions=True, **by(member), now=NOON)
    await execute("UPDATE activity_import SET format = 'papyrus' WHERE id = $1", failing)
    with pytest.raises(ValueError, match="papyrus"):
        await take_in_next(NOON)
    assert await take_in_next(NOON)
    assert (await seen(good, **by(member))).came["new"] == 1
    for _ in range(2):
        with pytest.raises(ValueError, match="papyrus"):
            await take_in_next(NOON)
    assert not await take_in_next(NOON)
    await execute("UPDATE activity_import SET format = 'x_archive' WHERE id = $1", failing)
    page = await seen(failing, **by(member))
    assert (page.state, page.trouble) == (State.UNREADABLE, "broke")
    assert await fetch("SELECT FROM activity_import_row") == []
    await give_up(failing, **by(member), now=NOON)


async def test_nothing_is_counted_against_a_file_that_was_never_found() -> None:
    member = await an_agreeing_member(Network.X)
    await a_sent_file(x_archive(tweet(1)), **by(member))
    await execute('UPDATE activity_import SET summary = \'{"tries": "many"}\'')
    with pytest.raises(DataError):
        await read_next(NOON)
    await execute("UPDATE activity_import SET state = 'confirmed'")
    with pytest.raises(DataError):
        await take_in_next(NOON)


async def test_what_two_members_tell_in_the_same_words_is_each_ones_own() -> None:
    member = await an_agreeing_member(Network.LINKEDIN)
    other = await a_pilot_member(member.cohort, program=member.program)
    await consent(other)
    talk = own_csv(
        {"published_at": "2026-05-03", "network": "in_person", "kind": "talk", "text": "At a fair"},
        {"published_at": "2026-05-03", "network": "in_person", "kind": "reaction", "text": "Clapped"},
    )
    archive = linkedin_archive(
        comments=[Comment("2026-05-13 08:00:00", post_link(9, "activity"), "Well said")],
    )
    for file in (talk, archive):
        firsts = await taken_in(file, **by(member))
        others = await taken_in(file, **by(other))
        assert (firsts["new"], others["new"], others["outside"]) == (1, 1, 0)
        assert (await taken_in(file, **by(other)))["new"] == 0
    assert await member_months() == await counted_months()


async def test_files_that_nobody_confirms_are_forgotten_after_a_day() -> None:
    member = await an_agreeing_member(Network.X)
    read = await a_read_file(x_archive(tweet(1)), **by(member))
    await a_sent_file(b"never read", **by(member))
    await give_up_abandoned(NOON + timedelta(hours=23))
    assert (await seen(read, **by(member))).state is State.READ
    await give_up_abandoned(NOON + timedelta(days=2))
    await give_up_abandoned(NOON + timedelta(days=2))
    assert await files_of(member.person, program=member.program) == []
    for table in ("activity_import_row", "activity_import_piece"):
        assert await fetch(f"SELECT FROM {table}") == []


async def test_twenty_overlapping_files_at_once_make_each_post_once() -> None:
    member = await an_agreeing_member(Network.X, Network.LINKEDIN)
    files = []
    for first in range(20):
        tweets = [
            tweet(1000 + n, "Fri May 15 10:00:00 +0000 2026", f"Hello {n}") for n in range(first, first + 10)
        ]
        files.append(await a_read_file(x_archive(*tweets), **by(member)))
    await asyncio.gather(*(confirm(id, mine=True, reactions=True, **by(member), now=NOON) for id in files))
    came = [(await seen(id, **by(member))).came for id in files]
    assert sum(each["new"] for each in came) == 29
    assert await fetch_value("SELECT count(*) FROM activity") == 29
    assert await fetch_value("SELECT count(*) FROM observation") == 29
    assert await member.month(1) == (29, 0, 0)
    assert await readings_that_differ(today=TODAY) == []


async def test_an_activity_deleted_and_imported_again_is_new() -> None:
    member = await an_agreeing_member(Network.X)
    archive = x_archive(tweet(77, "Fri May 15 10:00:00 +0000 2026", "Hello"))
    await taken_in(archive, **by(member))
    activity = await fetch_value("SELECT id FROM activity")
    await delete_activity(activity, **by(member), now=NOON, today=TODAY)
    assert (await taken_in(archive, **by(member)))["new"] == 1


async def test_a_day_belongs_to_the_cohorts_zone() -> None:
    member = await an_agreeing_member(Network.X)
    late = tweet(77, "Thu Apr 09 22:30:00 +0000 2026", "Half past midnight in Berlin")
    early = tweet(78, "Thu Apr 09 21:30:00 +0000 2026", "Still the day before")
    id = await a_read_file(x_archive(late, early), **by(member))
    page = await seen(id, **by(member), fate=Fate.NEW)
    assert [(line.text, line.done_on) for line in page.lines] == [("Half past midnight in Berlin", START)]
    assert page.counts[Fate.OUTSIDE] == 1


async def test_a_member_of_no_program_is_not_found() -> None:
    with pytest.raises(NotFound):
        await file_page(new_id(), person=uuid4(), program=uuid4())
