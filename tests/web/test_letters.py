"""The letters of a demo or test, for its owner to read."""

import re
from datetime import timedelta

from playbooks.letters.queries import ON_A_PAGE
from program.database import execute, transaction
from program.events.actions import Letter, record
from program.installation.queries import clock, machine_now
from program.settings import Settings
from program.sign_in.actions import Try, ask_for_link
from tests.cast import Browser, a_person, a_program, an_owner, counted_queries, words_of
from workers.relay import deliver_next

WAITING = "about to go out"


async def letters_to(name: str, count: int = 1, *, days_ago: int = 0) -> None:
    owner, person = await an_owner(), await a_person(name)
    program = await a_program(owner, f"Voices of {name}")
    async with transaction():
        await record(
            "role_granted",
            program=program,
            by=owner,
            at=(await clock()).now() - timedelta(days=days_ago),
            facts={"role": "sponsor"},
            letters=[
                Letter(to=person, letter="role_granted", facts={"role": "sponsor"}) for _ in range(count)
            ],
        )


async def test_before_the_first_letter_the_page_says_what_will_stand_there(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    assert "Nothing was written to anybody yet." in words_of((await browser.get("/letters")).text)


async def test_a_letter_is_shown_as_it_goes_out_with_its_reader_program_and_time(
    browser: Browser, settings: Settings
) -> None:
    await letters_to("Ada Lovelace")
    await browser.sign_in(await an_owner())
    page = await browser.get("/letters")
    told = words_of(page.text)
    assert "Your part in Voices of Ada Lovelace to Ada Lovelace" in told
    assert "Hello Ada Lovelace," in told
    assert "its gates open only with your vote." in told
    assert (
        f'<a href="/programs/voices-of-ada-lovelace">{settings.address}/programs/voices-of-ada-lovelace</a>'
        in page.text
    )
    assert WAITING in told
    assert await deliver_next(settings)
    assert WAITING not in words_of((await browser.get("/letters")).text)


async def test_a_sign_in_link_in_a_letter_signs_its_reader_in(browser: Browser, settings: Settings) -> None:
    await a_person("Ada Lovelace", email="ada@example.com")
    await ask_for_link(
        "ada@example.com", tried=Try(source="192.0.2.1", secret=settings.secret), at=machine_now()
    )
    await browser.sign_in(await an_owner())
    (link,) = re.findall(r'href="(/sign-in/[^"]+)"', (await browser.get("/letters")).text)
    browser.sign_out()
    assert (await browser.post(link, on=link)).status_code == 303
    assert "Ada Lovelace" in words_of((await browser.get("/me")).text)


async def test_nothing_in_a_letter_is_taken_for_more_than_text(browser: Browser) -> None:
    await letters_to("<b>Ada</b>")
    await browser.sign_in(await an_owner())
    page = (await browser.get("/letters")).text
    assert "<b>Ada" not in page
    assert "&lt;b&gt;Ada" in page


async def test_letters_come_newest_first_in_pages_and_cost_the_same_however_many_there_are(
    browser: Browser,
) -> None:
    await letters_to("Oldest One", days_ago=9)
    await browser.sign_in(await an_owner())
    await browser.get("/letters")  # the driver asks for unknown types once a connection
    counts = []
    for more in (2, 50):
        with counted_queries() as seen:
            await browser.get("/letters")
        counts.append(len(seen))
        await letters_to(f"Reader {more}", more, days_ago=50 // more)
    assert len(set(counts)) == 1
    pages = [words_of((await browser.get(f"/letters?page={number}")).text) for number in (1, 3, 99, "x")]
    assert "Page 1 of 3" in pages[0]
    assert pages[0].count("Hello Reader 50,") == ON_A_PAGE
    assert "Hello Oldest One," in pages[1]
    assert "Page 3 of 3" in pages[2]
    assert "Page 1 of 3" in pages[3]


async def test_a_letter_that_was_given_up_says_so(browser: Browser) -> None:
    await letters_to("Ada Lovelace")
    await execute("UPDATE delivery SET given_up_at = now()")
    await browser.sign_in(await an_owner())
    assert "not sent" in words_of((await browser.get("/letters")).text)
