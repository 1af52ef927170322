"""Letters: each says in plain words what happened, and leads to a page that its reader can open."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest

from playbooks.letters.queries import OF_DELIVERIES, POSTED, posted_in
from playbooks.letters.rules import Posted
from playbooks.letters.words import LETTERS
from playbooks.reminders.actions import remind
from program.database import execute, fetch, new_id
from program.letters.rules import ALWAYS_SENT, LetterKind, kind_of
from program.settings import Settings
from tests.cast import Browser
from tests.recorded import names_given_to
from tests.world import TODAY, make_world
from workers.letters import composed

ROLE_GRANTED = Posted(
    id=new_id(),
    letter="role_granted",
    facts={"role": "sponsor"},
    name="Ada Lovelace",
    email="ada@example.com",
    locale="en",
    program_name="Employee voices",
    program_slug="employee-voices",
)


def body_of(message: EmailMessage) -> str:
    """The text as a mail reader shows it."""
    return str(message_from_bytes(message.as_bytes(), policy=default).get_content())


def test_every_letter_that_an_action_writes_has_its_words_and_none_is_left_over() -> None:
    written = names_given_to("Letter", "letter")
    assert [name for name in written if not any(re.fullmatch(name, one) for one in LETTERS)] == []
    assert [one for one in LETTERS if not any(re.fullmatch(name, one) for name in written)] == []


async def test_each_letter_reads_well_and_leads_where_its_reader_may_go(
    settings: Settings, browser: Browser
) -> None:
    world = await make_world(settings.secret)
    await execute(
        "UPDATE criterion SET owner = $1, due_on = $2 WHERE id = $3",
        UUID(world.ids["lead"]),
        TODAY,
        UUID(world.ids["criterion"]),
    )
    for day in (date(2027, 5, 10), date(2027, 6, 1)):
        await remind(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    rows = await fetch(
        f"SELECT DISTINCT ON (d.letter) {POSTED}, d.recipient {OF_DELIVERIES}"
        " WHERE e.program = $1 OR e.program IS NULL ORDER BY d.letter, d.id DESC",
        world.program,
    )
    assert {row["letter"] for row in rows} == set(LETTERS)
    for row in rows:
        message = composed(posted_in(row), settings)
        text = body_of(message)
        assert text.startswith(f"Hello {row['name']},\n\n"), row["letter"]
        assert len(str(message["Subject"]).split()) >= 2, row["letter"]
        assert "%(" not in text
        link = re.findall(re.escape(settings.address) + r"(/\S+)", text)
        assert link[1:] == ([] if row["letter"] in ALWAYS_SENT else ["/me"])
        await browser.sign_in(row["recipient"])
        assert (await browser.get(link[0])).status_code == 200, row["letter"]


def test_a_letter_bears_what_mail_needs_and_the_same_id_at_every_try(settings: Settings) -> None:
    message = composed(ROLE_GRANTED, settings)
    assert message["To"] == "Ada Lovelace <ada@example.com>"
    assert message["From"] == settings.mail_from
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{ROLE_GRANTED.id}@localhost>"
    assert composed(ROLE_GRANTED, settings)["Message-ID"] == message["Message-ID"]
    other = replace(ROLE_GRANTED, id=new_id())
    assert composed(other, settings)["Message-ID"] != message["Message-ID"]


@pytest.mark.parametrize(
    "told",
    [
        {"name": "Ada\r\nBcc: everybody@example.com"},
        {"program_name": "Voices\r\nBcc: everybody@example.com"},
        {"name": "“Ada”, <ada>; Lovelace"},
        {"name": "Łukasz Žižek 🎈", "program_name": "Stimmen für “alle”"},
    ],
)
def test_no_name_adds_a_line_to_a_letters_head(settings: Settings, told: dict[str, Any]) -> None:
    message = composed(replace(ROLE_GRANTED, **told), settings)
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert read["Bcc"] is None
    assert read["To"].addresses[0].addr_spec == "ada@example.com"
    assert len(read["To"].addresses) == 1


def test_a_letter_that_nobody_knows_is_a_mistake(settings: Settings) -> None:
    with pytest.raises(KeyError):
        composed(replace(ROLE_GRANTED, letter="no_such_letter"), settings)


def test_of_every_letter_it_is_known_whether_one_can_do_without_it() -> None:
    assert {letter for letter in LETTERS if kind_of(letter) is None} == ALWAYS_SENT
    assert {kind_of(letter) for letter in LETTERS} - {None} == set(LetterKind)
