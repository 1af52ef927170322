from program.database import execute
from tests.cast import Browser, words_of
from tests.playbooks.learners import a_school, certified

PAGE = "/programs/employee-voices/clearance"


async def test_it_says_what_one_may_do_by_what_and_what_would_lift_it(browser: Browser) -> None:
    school = await a_school()
    await browser.sign_in(school.member)
    before = words_of((await browser.get(PAGE)).text)
    assert "You may listen: read along, and report what you hear." in before
    assert "You are not active yet: pass the track that your phase asks for." in before
    assert "This would give it: Before your first post" in before
    await certified(school)
    after = words_of((await browser.get(PAGE)).text)
    assert "You may speak about the company, in your own words and under your own name." in after
    assert "By your certificate of “Before your first post”, valid until 1 June 2027." in after
    assert "To respond in a crisis you need a certificate that gives that clearance." in after
    assert "No track that is meant for you gives it yet." in after


async def test_a_revoked_certificate_gives_nothing_and_is_told(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    await execute(
        "INSERT INTO revocation (id, certificate, reason, revoked_at, revoked_by)"
        " SELECT gen_random_uuid(), $1, 'A mistake.', issued_at, $2 FROM certificate WHERE id = $1",
        certificate,
        school.lead,
    )
    await browser.sign_in(school.member)
    seen = words_of((await browser.get(PAGE)).text)
    assert "You may listen" in seen
    assert "By your certificate" not in seen
    assert "was revoked: A mistake." in seen


async def test_strangers_and_leads_have_none(browser: Browser) -> None:
    school = await a_school()
    assert (await browser.get(PAGE)).status_code == 303
    await browser.sign_in(school.lead)
    assert (await browser.get(PAGE)).status_code == 403
