"""The relay: each letter is handed over once, put off while the mail server refuses, and given up in the end."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.events.actions import Letter, record
from program.installation.queries import clock
from program.settings import Settings
from tests.cast import a_person, a_program, an_owner
from tests.conftest import settings_for
from tests.workers.mail import Letterbox, a_free_port, a_mail_server
from workers.relay import LONGEST_WAIT, MOST_TRIES, NO_MAIL_SERVER, WHO_LEFT, deliver_next, wait_after

REFUSED = "451 come back later"


@pytest.fixture
def mail() -> Iterator[tuple[Letterbox, str]]:
    with a_mail_server() as found:
        yield found


@pytest.fixture
def letterbox(mail: tuple[Letterbox, str]) -> Letterbox:
    return mail[0]


@pytest.fixture
def mailing(database: str, mail: tuple[Letterbox, str]) -> Settings:
    """Settings of an installation that has a mail server."""
    return settings_for(database, SMTP_URL=mail[1])


async def letters_to(count: int, letter: str = "role_granted") -> list[UUID]:
    """So many letters are due; answers their ids."""
    owner = await an_owner()
    program = await a_program(owner)
    people = [await a_person(f"Person {number}") for number in range(count)]
    async with transaction():
        event = await record(
            "role_granted",
            program=program,
            by=owner,
            at=await now(),
            facts={"role": "sponsor"},
            letters=[Letter(to=person, letter=letter, facts={"role": "sponsor"}) for person in people],
        )
    rows = await fetch("SELECT id FROM delivery WHERE event = $1 ORDER BY id", event)
    return [row["id"] for row in rows]


async def now() -> datetime:
    return (await clock()).now()


async def later(by: timedelta) -> None:
    await execute(
        "UPDATE installation SET clock_offset_seconds = clock_offset_seconds + $1", int(by.total_seconds())
    )


async def delivery(id: UUID) -> Any:
    return await fetch_row("SELECT * FROM delivery WHERE id = $1", id)


async def work_until_nothing_is_due(settings: Settings) -> None:
    while await deliver_next(settings):
        pass


async def test_nothing_is_due_at_first(mailing: Settings, letterbox: Letterbox) -> None:
    assert await deliver_next(mailing) is False
    assert letterbox.seen == []


async def test_a_letter_is_handed_over_and_its_delivery_done(mailing: Settings, letterbox: Letterbox) -> None:
    (id,) = await letters_to(1)
    assert await deliver_next(mailing) is True
    assert await deliver_next(mailing) is False
    assert letterbox.ids == [f"<{id}@localhost>"]
    row = await delivery(id)
    assert row["done_at"] is not None
    assert (row["given_up_at"], row["trouble"]) == (None, None)
    assert "You are a sponsor of “Employee voices”" in str(letterbox.taken[0].get_content())


async def test_five_relays_at_once_hand_each_letter_over_once(
    mailing: Settings, letterbox: Letterbox
) -> None:
    ids = await letters_to(20)
    await asyncio.gather(*(work_until_nothing_is_due(mailing) for _ in range(5)))
    assert sorted(letterbox.ids) == sorted(f"<{id}@localhost>" for id in ids)
    assert await fetch_value("SELECT count(*) FROM delivery WHERE done_at IS NULL") == 0


async def test_what_the_mail_server_refuses_is_put_off_and_sent_later_under_the_same_id(
    mailing: Settings, letterbox: Letterbox
) -> None:
    (id,) = await letters_to(1)
    letterbox.refusals = [REFUSED, REFUSED]
    for tries in (1, 2):
        asked_at = await now()
        assert await deliver_next(mailing) is True
        row = await delivery(id)
        assert (row["tries"], row["trouble"], row["done_at"]) == (tries, "SMTPDataError", None)
        assert row["due_at"] - asked_at >= wait_after(tries - 1)
        assert await deliver_next(mailing) is False
        await later(wait_after(tries - 1) + timedelta(seconds=1))
    assert await deliver_next(mailing) is True
    row = await delivery(id)
    assert row["done_at"] is not None
    assert row["trouble"] is None
    assert {str(message["Message-ID"]) for message in letterbox.seen} == {f"<{id}@localhost>"}
    assert (len(letterbox.seen), len(letterbox.taken)) == (3, 1)


async def test_after_many_refusals_a_letter_is_given_up_with_the_reason(
    mailing: Settings, letterbox: Letterbox
) -> None:
    (id,) = await letters_to(1)
    letterbox.refusals = [REFUSED] * MOST_TRIES
    for _ in range(MOST_TRIES):
        assert await deliver_next(mailing) is True
        await later(LONGEST_WAIT)
    row = await delivery(id)
    assert (row["tries"], row["trouble"], row["done_at"]) == (MOST_TRIES, "SMTPDataError", None)
    assert row["given_up_at"] is not None
    assert await deliver_next(mailing) is False


def test_the_waits_double_up_to_six_hours() -> None:
    waits = [wait_after(tries) for tries in range(MOST_TRIES)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-1] == LONGEST_WAIT
    assert waits == sorted(waits)


async def test_a_letter_that_is_refused_holds_no_other_up(mailing: Settings, letterbox: Letterbox) -> None:
    ids = await letters_to(2)
    letterbox.refusals = [REFUSED]
    await work_until_nothing_is_due(mailing)
    assert letterbox.ids == [f"<{ids[1]}@localhost>"]


async def test_a_letter_that_cannot_be_written_holds_no_other_up(
    mailing: Settings, letterbox: Letterbox
) -> None:
    (unknown,) = await letters_to(1, letter="no_such_letter")
    (known,) = await letters_to(1)
    await work_until_nothing_is_due(mailing)
    assert letterbox.ids == [f"<{known}@localhost>"]
    assert (await delivery(unknown))["trouble"] == "KeyError"


async def test_a_mail_server_that_is_not_there_is_tried_again_later(database: str) -> None:
    (id,) = await letters_to(1)
    settings = settings_for(database, SMTP_URL=f"smtp://127.0.0.1:{a_free_port()}")
    assert await deliver_next(settings) is True
    row = await delivery(id)
    assert (row["tries"], row["trouble"], row["given_up_at"]) == (1, "SMTPConnectError", None)


async def test_without_a_mail_server_letters_are_given_up_saying_so(settings: Settings) -> None:
    await execute("UPDATE installation SET mark = NULL")
    ids = await letters_to(2)
    await work_until_nothing_is_due(settings)
    for id in ids:
        row = await delivery(id)
        assert (row["trouble"], row["done_at"]) == (NO_MAIL_SERVER, None)
        assert row["given_up_at"] is not None


@pytest.mark.parametrize("mark", ["demo", "test"])
async def test_without_a_mail_server_a_demo_counts_letters_as_sent_for_its_owner_to_read(
    settings: Settings, mark: str
) -> None:
    await execute("UPDATE installation SET mark = $1", mark)
    (id,) = await letters_to(1)
    await work_until_nothing_is_due(settings)
    row = await delivery(id)
    assert row["done_at"] is not None
    assert (row["trouble"], row["given_up_at"]) == (None, None)


async def test_whoever_left_the_company_gets_no_letter(mailing: Settings, letterbox: Letterbox) -> None:
    (id,) = await letters_to(1)
    await execute(
        "INSERT INTO departure (id, person, departed_at, by) SELECT $1, recipient, $2, recipient FROM delivery"
        " WHERE id = $3",
        new_id(),
        await now(),
        id,
    )
    await work_until_nothing_is_due(mailing)
    assert letterbox.seen == []
    assert (await delivery(id))["trouble"] == WHO_LEFT


async def test_a_letter_that_is_due_later_waits(mailing: Settings, letterbox: Letterbox) -> None:
    (id,) = await letters_to(1)
    await execute("UPDATE delivery SET due_at = due_at + interval '1 day'")
    assert await deliver_next(mailing) is False
    await later(timedelta(days=1, seconds=1))
    assert await deliver_next(mailing) is True
    assert letterbox.ids == [f"<{id}@localhost>"]


async def test_a_relay_that_ends_while_handing_over_leaves_the_letter_due(
    mailing: Settings, letterbox: Letterbox
) -> None:
    (id,) = await letters_to(1)
    letterbox.may_answer.clear()
    relay = asyncio.create_task(deliver_next(mailing))
    await letterbox.next_letter()
    relay.cancel()
    with pytest.raises(asyncio.CancelledError):
        await relay
    letterbox.may_answer.set()
    assert (await delivery(id))["done_at"] is None
    assert await deliver_next(mailing) is True
    assert (await delivery(id))["done_at"] is not None
    assert {str(message["Message-ID"]) for message in letterbox.seen} == {f"<{id}@localhost>"}
