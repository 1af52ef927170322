import re
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from cohorts.activities.rules import Network
from program.database import execute, fetch_value, new_id
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import Browser, a_person_with, words_of
from tests.cohorts.files import (
    Share,
    bomb,
    climbing,
    linkedin_archive,
    locked,
    own_csv,
    post_link,
    tweet,
    x_archive,
)
from tests.web.test_activities import TODAY, Scene, a_scene
from workers.activity_imports import read_next_import

YESTERDAY = TODAY - timedelta(days=1)
AT = f"{YESTERDAY} 10:00:00"


async def an_agreeing_scene(*, network: Network = Network.LINKEDIN, handle: str = "mia") -> Scene:
    scene = await a_scene()
    account = new_id()
    await execute(
        "INSERT INTO social_account (id, person, network, handle, stance, disclosure, added_at)"
        " VALUES ($1, $2, $3, $4, 'personal', 'I work at Example.', $5)",
        account,
        scene.member,
        network.value,
        handle,
        machine_now(),
    )
    await execute(
        "INSERT INTO consent (id, account, program, from_on, given_at) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        account,
        scene.program,
        TODAY - timedelta(days=30),
        machine_now(),
    )
    return scene


async def sent(browser: Browser, scene: Scene, content: bytes, name: str = "archive.zip") -> httpx.Response:
    here = f"{scene.path}/imports"
    return await browser.post(here, on=here, files={"file": (name, content)})


def in_x(moment: datetime) -> str:
    return moment.strftime("%a %b %d %H:%M:%S +0000 %Y")


def archive(*texts: str) -> bytes:
    return linkedin_archive(
        shares=[Share(AT, post_link(number), text) for number, text in enumerate(texts, 1)]
    )


async def test_an_archive_is_sent_looked_at_and_taken_in(browser: Browser) -> None:
    scene = await an_agreeing_scene()
    await browser.sign_in(scene.member)
    page = await browser.get(f"{scene.path}/imports")
    assert "before anything is kept" in words_of(page.text)
    answer = await sent(browser, scene, archive("First", "Second"))
    assert answer.status_code == 303
    here = answer.headers["location"]
    text = words_of((await browser.get(here)).text)
    assert "2 new activities. Nothing is kept before you say so." in text
    assert "LinkedIn archive" in text
    assert "First" in text
    answer = await browser.post(f"{here}/confirmation", on=here)
    assert answer.status_code == 303
    assert "2 new activities." in words_of((await browser.get(here)).text)
    assert "2 new, 0 known" in words_of((await browser.get(f"{scene.path}/imports")).text)
    assert "First" in words_of((await browser.get(scene.path)).text)
    await browser.post(f"{here}/confirmation")
    assert await fetch_value("SELECT count(*) FROM activity") == 2


async def test_twins_can_be_parted_line_by_line_and_all_together(browser: Browser) -> None:
    scene = await an_agreeing_scene()
    await browser.sign_in(scene.member)
    shares = [Share(AT, post_link(1), "Good morning"), Share(AT, post_link(2, "ugcPost"), "Good morning")]
    here = (await sent(browser, scene, linkedin_archive(shares=shares))).headers["location"]
    page = await browser.get(f"{here}?fate=twin")
    assert "will be merged" in words_of(page.text)
    line = re.search(r'name="line" value="(\d+)"', page.text)
    assert line is not None
    answer = await browser.post(f"{here}/twins", {"line": line[1], "apart": "yes"})
    assert answer.status_code == 303
    assert "counts apart" in words_of((await browser.get(f"{here}?fate=twin")).text)
    await browser.post(f"{here}/twins", {"apart": "no", "line": "not a number"})
    assert "will be merged" in words_of((await browser.get(f"{here}?fate=twin&after=nonsense")).text)


async def test_a_foreign_account_is_asked_about_and_nothing_else_lost(browser: Browser) -> None:
    scene = await an_agreeing_scene(network=Network.X)
    await browser.sign_in(scene.member)
    hello = tweet(77, in_x(machine_now() - timedelta(days=1)), "Hello")
    here = (await sent(browser, scene, x_archive(hello, username="robin"))).headers["location"]
    question = "This archive says @robin, your account is @mia: is it yours?"
    assert question in words_of((await browser.get(here)).text)
    answer = await browser.post(f"{here}/confirmation", on=here)
    assert answer.status_code == 422
    assert "Please tick that it is yours" in words_of(answer.text)
    answer = await browser.post(f"{here}/confirmation", {"mine": "yes"}, on=here)
    assert answer.status_code == 303


async def test_columns_are_asked_about_and_read_again(browser: Browser) -> None:
    scene = await an_agreeing_scene()
    await browser.sign_in(scene.member)
    columns = ("published_at", "network", "kind", "link", "Seen by")
    row = {"published_at": str(YESTERDAY), "network": "linkedin", "kind": "post", "link": post_link(1)}
    file = own_csv(row | {"Seen by": "42"}, columns=columns)
    here = (await sent(browser, scene, file, "mine.csv")).headers["location"]
    page = await browser.get(here)
    assert "One column is not understood yet" in words_of(page.text)
    said = {f"column-{place}": column for place, column in enumerate((*columns[:4], "impressions"))}
    answer = await browser.post(f"{here}/columns", said)
    assert answer.status_code == 303
    assert "42 impressions" in words_of((await browser.get(here)).text)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (archive("First")[:-40], 303),
        (bomb(), 303),
        (climbing(), 303),
        (locked(archive("First")), 303),
        (x_archive(more={"data/tweets.js": "no JSON"}), 303),
        (b"what is this", 303),
        (b"", 422),
    ],
    ids=["truncated", "bomb", "climbs out", "encrypted", "no JSON", "unknown", "empty"],
)
async def test_a_file_that_cannot_be_read_says_what_to_do(
    browser: Browser, content: bytes, status: int
) -> None:
    scene = await an_agreeing_scene()
    await browser.sign_in(scene.member)
    answer = await sent(browser, scene, content)
    assert answer.status_code == status
    if status == 303:
        here = answer.headers["location"]
        answer = await browser.get(here)
        assert "This file could not be read" in words_of(answer.text)
        assert (await browser.post(f"{here}/cancellation", on=here)).status_code == 303
        assert (await browser.get(here)).status_code == 404
    else:
        assert "This file is empty." in words_of(answer.text)


async def test_no_file_and_a_file_too_large_are_said_at_the_field(browser: Browser) -> None:
    scene = await an_agreeing_scene()
    await browser.sign_in(scene.member)
    here = f"{scene.path}/imports"
    answer = await browser.post(here, on=here)
    assert answer.status_code == 422
    assert "Please choose a file." in words_of(answer.text)
    answer = await browser.client.post(
        here,
        content=b"",
        headers={"content-length": "300000000", "content-type": "multipart/form-data; boundary=b"},
    )
    assert answer.status_code == 413
    assert "This file is larger than 200 MB." in words_of(answer.text)


async def test_a_large_file_can_be_left_and_shows_how_far_it_came(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await an_agreeing_scene()
    await browser.sign_in(scene.member)
    monkeypatch.setattr("web.activity_imports.READ_AT_ONCE_BYTES", 10)
    here = (await sent(browser, scene, archive("First"))).headers["location"]
    assert "will be read in a moment" in words_of((await browser.get(here)).text)
    asks = {"HX-Request": "true", "HX-Target": "import-progress"}
    await execute("UPDATE activity_import SET rows_read = 1204")
    fragment = await browser.client.get(here, headers=asks)
    assert "1,204 lines read so far." in words_of(fragment.text)
    assert "<html" not in fragment.text
    assert await read_next_import()
    assert (await browser.client.get(here, headers=asks)).headers["HX-Redirect"] == here
    await execute(
        "UPDATE activity_import SET state = 'confirmed', summary = summary || '{\"reactions_kept\": true}'"
    )
    assert "is being kept" in words_of((await browser.get(here)).text)
    assert await read_next_import()
    assert not await read_next_import()
    assert "1 new activity." in words_of((await browser.get(here)).text)


async def test_a_list_to_begin_with_can_be_downloaded_and_sent_back(browser: Browser) -> None:
    scene = await an_agreeing_scene()
    await browser.sign_in(scene.member)
    answer = await browser.get(f"{scene.path}/imports/template")
    assert answer.headers["content-disposition"] == 'attachment; filename="activities.csv"'
    here = (await sent(browser, scene, answer.content, "activities.csv")).headers["location"]
    assert "A list of your own" in words_of((await browser.get(here)).text)


async def test_others_files_do_not_exist_and_only_learners_bring_some_in(browser: Browser) -> None:
    scene = await an_agreeing_scene()
    await browser.sign_in(scene.member)
    here = (await sent(browser, scene, archive("First"))).headers["location"]
    await browser.sign_in(await scene.another())
    assert (await browser.get(here)).status_code == 404
    for way in ("confirmation", "cancellation", "twins", "columns"):
        assert (await browser.post(f"{here}/{way}")).status_code == 404
    lead: UUID = await a_person_with(Role.LEAD, scene.program, scene.owner, "Lena Lead")
    await browser.sign_in(lead)
    assert (await browser.get(f"{scene.path}/imports")).status_code == 403


async def test_before_the_cohort_begins_nothing_can_be_sent(browser: Browser) -> None:
    scene = await a_scene(start=False)
    await browser.sign_in(scene.member)
    page = await browser.get(f"{scene.path}/imports")
    assert "Your cohort has not begun yet" in words_of(page.text)
    answer = await browser.post(f"{scene.path}/imports", files={"file": ("a.zip", archive("First"))})
    assert answer.status_code == 422
