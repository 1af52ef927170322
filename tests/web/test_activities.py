import re
from datetime import timedelta
from uuid import UUID, uuid4

from cohorts.activities.rules import Kind, Network
from program.database import execute, fetch_value, new_id
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import (
    Browser,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)
from tests.cohorts.scene import a_cohort, a_member

TODAY = machine_now().date()
START = TODAY - timedelta(days=40)
A_TALK = {"kind": "talk", "done_on": TODAY.isoformat(), "link": "", "network": "", "text": "About trains."}


class Scene:
    def __init__(self, slug: str, program: UUID, owner: UUID, cohort: UUID, member: UUID) -> None:
        self.slug, self.program, self.owner, self.cohort, self.member = slug, program, owner, cohort, member
        self.path = f"/programs/{slug}/activities"

    async def another(self) -> UUID:
        person = await a_listed_person(self.program, self.owner, "Max Member")
        await a_member(self.cohort, [("active", START, None)], person)
        return person


async def a_scene(*, start: bool = True) -> Scene:
    owner = await an_owner()
    program = await a_program(owner)
    cohort = await a_cohort(program, owner, start=START if start else None)
    member = await a_listed_person(program, owner, "Mia Member")
    await a_member(cohort, [("active" if start else "preparing", START, None)], member)
    slug = await fetch_value("SELECT slug FROM program WHERE id = $1", program)
    return Scene(slug, program, owner, cohort, member)


async def test_a_member_logs_a_talk_and_sees_that_they_took_part(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    page = await browser.get(scene.path)
    assert "Nothing is logged for this month yet." in words_of(page.text)
    assert "Nothing is logged yet" in words_of(page.text)
    answer = await browser.post(scene.path, A_TALK, on=scene.path)
    assert (answer.status_code, answer.headers["location"]) == (303, scene.path)
    text = words_of((await browser.get(scene.path)).text)
    assert "You took part this month: one activity so far." in text
    assert "Talk, in person" in text
    assert "About trains." in text


async def test_the_form_stands_alone_for_a_phone_and_comes_back_there_when_refused(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    answer = await browser.post(scene.path, A_TALK | {"kind": "post"}, on=f"{scene.path}/new")
    assert answer.status_code == 422
    text = words_of(answer.text)
    assert "The link does not say on which network this was." in text
    assert "What you logged" not in text
    answer = await browser.post(scene.path, A_TALK, on=f"{scene.path}/new")
    assert answer.status_code == 303


async def test_a_network_without_consent_says_what_to_do(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    post = {"kind": "post", "done_on": TODAY.isoformat(), "link": "https://x.com/mia/status/1"}
    answer = await browser.post(scene.path, post, on=scene.path)
    assert answer.status_code == 422
    assert "You have not agreed to tracking on X." in words_of(answer.text)
    assert "https://x.com/mia/status/1" in answer.text


async def test_a_post_logged_before_is_named_and_linked(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    talk = A_TALK | {"link": "https://conference.example/talk", "network": "other"}
    await browser.post(scene.path, talk, on=scene.path)
    answer = await browser.post(scene.path, talk, on=scene.path)
    assert answer.status_code == 422
    known = await fetch_value("SELECT id FROM activity")
    assert f'href="{scene.path}/{known}"' in answer.text
    assert "You have logged this post already" in words_of(answer.text)


async def test_the_same_form_sent_twice_logs_once(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    key = str(uuid4())
    for _ in range(2):
        answer = await browser.post(scene.path, A_TALK, form_key=key)
        assert answer.status_code == 303
    assert await fetch_value("SELECT count(*) FROM activity") == 1


async def test_a_form_full_of_nonsense_names_every_problem(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    nonsense = {
        "kind": "dance",
        "done_on": "yesterday",
        "link": "x" * 3_000,
        "network": "radio",
        "text": "x" * 60_000,
    }
    answer = await browser.post(scene.path, nonsense, on=scene.path)
    assert answer.status_code == 422
    for field in ("kind", "done_on", "link", "text"):
        assert f'id="{field}-problem"' in answer.text


async def test_a_member_deletes_what_is_theirs_and_only_that(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    await browser.post(scene.path, A_TALK, on=scene.path)
    activity = await fetch_value("SELECT id FROM activity")
    await browser.sign_in(await scene.another())
    assert (await browser.post(f"{scene.path}/{activity}/deletion")).status_code == 404
    assert "About trains." not in (await browser.get(scene.path)).text
    await browser.sign_in(scene.member)
    answer = await browser.post(f"{scene.path}/{activity}/deletion", on=scene.path)
    assert answer.status_code == 303
    assert (await browser.post(f"{scene.path}/{activity}/deletion")).status_code == 404
    assert await fetch_value("SELECT count(*) FROM activity") == 0


async def test_before_the_cohort_begins_the_page_says_so(browser: Browser) -> None:
    scene = await a_scene(start=False)
    await browser.sign_in(scene.member)
    text = words_of((await browser.get(scene.path)).text)
    assert "Your cohort has not begun yet." in text
    assert "Log what you did" not in text
    answer = await browser.post(scene.path, A_TALK, on=f"{scene.path}/new")
    assert answer.status_code == 422


async def test_who_is_paused_reads_that_nothing_counts(browser: Browser) -> None:
    scene = await a_scene()
    await execute("UPDATE spell SET until_on = $1", TODAY)
    await execute(
        "INSERT INTO spell (id, cohort, enrolment, state, from_on, since_at, by)"
        " SELECT $1, cohort, enrolment, 'paused', $2, since_at, by FROM spell LIMIT 1",
        new_id(),
        TODAY,
    )
    await browser.sign_in(scene.member)
    assert "You are not an active member at the moment" in words_of((await browser.get(scene.path)).text)


async def test_leads_listed_people_and_outsiders_have_no_activity_page(browser: Browser) -> None:
    scene = await a_scene()
    sponsor = await a_person_with(Role.SPONSOR, scene.program, scene.owner, "Sam Sponsor")
    for person, status in ((scene.owner, 403), (sponsor, 403), (await a_person("Otto Outsider"), 404)):
        await browser.sign_in(person)
        assert (await browser.get(scene.path)).status_code == status
        assert (await browser.post(scene.path, A_TALK)).status_code == status


async def test_the_list_goes_page_by_page_at_the_same_cost(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    await browser.get(scene.path)
    counts = []
    for many in (1, 2, 47):
        for _ in range(many):
            await execute(
                "INSERT INTO activity (id, cohort, enrolment, kind, network, done_on, month, logged_at)"
                " SELECT $1, cohort, id, $2, $3, $4, 1, now() FROM enrolment",
                new_id(),
                Kind.TALK.value,
                Network.IN_PERSON.value,
                TODAY,
            )
        with counted_queries() as queries:
            page = await browser.get(scene.path)
        counts.append(len(queries))
    assert counts == [3, 3, 3]
    assert page.text.count('id="activity-') == 30
    older = page.text.split(f'href="{scene.path}?before=')[1].split('"')[0]
    rest = await browser.get(f"{scene.path}?before={older}")
    assert rest.text.count('id="activity-') == 20
    assert (await browser.get(f"{scene.path}?before=nonsense")).status_code == 200


async def test_a_pasted_link_tells_what_it_was_and_where(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    here = f"{scene.path}/recognition"
    reply = "https://www.linkedin.com/feed/update/urn:li:activity:1?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A1%2C2%29"
    answer = await browser.post(here, {"link": reply})
    assert answer.status_code == 200
    assert "Recognised: Reply on LinkedIn." in words_of(answer.text)
    assert re.search(r'value="reply"[^>]*checked', answer.text)
    assert "<select" not in answer.text
    for link, words in (
        ("https://conference.example/talk", "We do not know this site."),
        ("my post", "This is not a whole address yet."),
        ("", "What was it?"),
    ):
        answer = await browser.post(here, {"link": link})
        assert words in words_of(answer.text)
        assert "<select" in answer.text


async def test_a_pasted_link_that_is_logged_already_says_so(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    link = "https://x.com/mia/status/1"
    await browser.post(scene.path, A_TALK | {"link": link}, on=scene.path)
    answer = await browser.post(f"{scene.path}/recognition", {"link": link})
    assert "You have logged this already" in words_of(answer.text)


async def test_an_activity_is_changed_on_its_own_page(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    await browser.post(scene.path, A_TALK, on=scene.path)
    here = f"{scene.path}/{await fetch_value('SELECT id FROM activity')}"
    page = await browser.get(here)
    assert "About trains." in page.text
    assert "logged by you" in words_of(page.text)
    refused = await browser.post(here, A_TALK | {"kind": "post", "text": "Kept as typed"}, on=here)
    assert refused.status_code == 422
    assert "Kept as typed" in refused.text
    answer = await browser.post(here, A_TALK | {"kind": "answered_question", "text": "A question"}, on=here)
    assert (answer.status_code, answer.headers["location"]) == (303, scene.path)
    text = words_of((await browser.get(scene.path)).text)
    assert "Answered question, in person" in text
    await browser.sign_in(await scene.another())
    assert (await browser.get(here)).status_code == 404
    assert (await browser.post(here, A_TALK)).status_code == 404


async def test_what_was_deleted_can_be_taken_back(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.member)
    await browser.post(scene.path, A_TALK, on=scene.path)
    activity = await fetch_value("SELECT id FROM activity")
    answer = await browser.post(f"{scene.path}/{activity}/deletion")
    there = answer.headers["location"]
    page = await browser.get(there)
    assert "Deleted, and no longer counted." in words_of(page.text)
    answer = await browser.post(f"{scene.path}/{activity}/restoration", on=there)
    assert answer.status_code == 303
    text = words_of((await browser.get(scene.path)).text)
    assert "About trains." in text
    assert "You took part this month" in text
    assert "Undo" not in words_of((await browser.get(there)).text)
    assert (await browser.post(f"{scene.path}/{activity}/restoration")).status_code == 404


async def test_who_has_not_passed_the_track_yet_reads_what_comes_first(browser: Browser) -> None:
    scene = await a_scene()
    await execute("UPDATE spell SET state = 'preparing'")
    await browser.sign_in(scene.member)
    shown = words_of((await browser.get(scene.path)).text)
    assert "first comes the track that your circle asks for" in shown
    assert "Log what you did" not in shown
