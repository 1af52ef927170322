import re
from uuid import uuid4

import pytest

from program.database import execute, fetch_value
from program.roles.rules import Role
from tests.cast import NOON, Browser, a_listed_person, a_person, a_person_with, a_program, words_of
from tests.playbooks.learners import a_school, certified, move_to
from web.certificate_pdf import certificate_pdf

HOME = "/programs/employee-voices/certificates"


async def test_one_has_none_before_the_first_track_is_passed(browser: Browser) -> None:
    school = await a_school()
    await browser.sign_in(school.member)
    page = await browser.get(HOME)
    assert page.status_code == 200
    assert "No certificate yet" in words_of(page.text)


async def test_its_owner_opens_and_closes_the_public_page(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    await browser.sign_in(school.member)
    assert "Before your first post" in words_of((await browser.get(HOME)).text)
    address = f"{HOME}/{certificate}"
    token = await fetch_value("SELECT token FROM certificate WHERE id = $1", certificate)
    assert token not in (await browser.get(address)).text
    assert (await browser.get(f"/c/{token}")).status_code == 404
    opened = await browser.post(f"{address}/publicity", on=address)
    assert opened.status_code == 303
    assert f"/c/{token}" in (await browser.get(address)).text
    browser.sign_out()
    public = words_of((await browser.get(f"/c/{token}")).text)
    for told in ("Mia Member", "Before your first post", "Employee voices", "edition 0", "valid"):
        assert told in public
    await browser.sign_in(school.member)
    await browser.post(f"{address}/publicity", on=address)
    browser.sign_out()
    assert (await browser.get(f"/c/{token}")).status_code == 404


@pytest.mark.parametrize("token", ["nothing", "a" * 32, "%00" * 8, "%C3%BC" * 12, "a" * 4000, "..%2Fc"])
async def test_an_unknown_address_is_not_found(browser: Browser, token: str) -> None:
    assert (await browser.get(f"/c/{token}")).status_code == 404


async def test_a_lead_revokes_with_a_reason_that_the_owner_reads(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    address = f"{HOME}/{certificate}"
    await browser.sign_in(school.lead)
    page = await browser.get(address)
    assert "Mia Member passed “Before your first post”." in words_of(page.text)
    refused = await browser.post(f"{address}/revocation", {"reason": "  "}, on=address)
    assert refused.status_code == 422
    assert "Please fill this in." in words_of(refused.text)
    too_long = await browser.post(f"{address}/revocation", {"reason": "x" * 6000}, on=address)
    assert too_long.status_code == 422
    revoked = await browser.post(f"{address}/revocation", {"reason": "Somebody else answered."}, on=address)
    assert revoked.status_code == 303
    again = await browser.post(f"{address}/revocation", {"reason": "Once more."})
    assert again.status_code == 422
    assert "This certificate was revoked already." in words_of(again.text)
    await browser.sign_in(school.member)
    seen = words_of((await browser.get(address)).text)
    assert "Somebody else answered." in seen
    assert "by Olga Owner" in seen
    training = words_of((await browser.get("/programs/employee-voices/clearance")).text)
    assert "was revoked: Somebody else answered." in training
    assert "You may listen" in training


async def test_the_public_page_of_a_revoked_certificate_says_so_without_the_reason(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    address = f"{HOME}/{certificate}"
    await browser.sign_in(school.member)
    await browser.post(f"{address}/publicity", on=address)
    await browser.sign_in(school.lead)
    await browser.post(f"{address}/revocation", {"reason": "Somebody else answered."}, on=address)
    browser.sign_out()
    token = await fetch_value("SELECT token FROM certificate WHERE id = $1", certificate)
    public = words_of((await browser.get(f"/c/{token}")).text)
    assert "revoked" in public
    assert "Somebody else answered." not in public


async def test_who_may_see_and_do_what_with_a_certificate(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    address = f"{HOME}/{certificate}"
    assert (await browser.get(address)).status_code == 303
    reviewer = await a_person_with(Role.REVIEWER, school.program, school.lead, "Rita Reviewer")
    await browser.sign_in(reviewer)
    seen = await browser.get(address)
    assert seen.status_code == 200
    assert "Revoke the certificate" not in seen.text
    assert (await browser.post(f"{address}/revocation", {"reason": "No."})).status_code == 403
    for stranger in (
        await a_listed_person(school.program, school.lead, "Lisa Listed"),
        await a_person_with(Role.SPONSOR, school.program, school.lead, "Sona Sponsor"),
    ):
        await browser.sign_in(stranger)
        assert (await browser.get(address)).status_code == 404
        assert (await browser.post(f"{address}/publicity", {"public": "yes"})).status_code == 404
    await browser.sign_in(await a_person("Otto Outsider"))
    assert (await browser.get(address)).status_code == 404
    await browser.sign_in(school.lead)
    await a_program(school.lead, name="Another")
    assert (await browser.get(f"/programs/another/certificates/{certificate}")).status_code == 404
    assert (await browser.get(f"{HOME}/{uuid4()}")).status_code == 404


async def test_whoever_left_keeps_the_say_over_their_public_page(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    await move_to(school, "withdrawn")
    await browser.sign_in(school.member)
    assert (await browser.get(HOME)).status_code == 200
    address = f"{HOME}/{certificate}"
    assert (await browser.post(f"{address}/publicity", on=address)).status_code == 303


async def test_its_owner_downloads_it_on_one_sheet(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    await browser.sign_in(school.member)
    address = f"{HOME}/{certificate}"
    page = (await browser.get(address)).text
    assert f'href="{address}/pdf"' in page
    assert "<svg" in page.split('class="code"')[1]
    answer = await browser.get(f"{address}/pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type ?/Page\b", answer.content)) == 1
    assert (await browser.get(f"{address}/pdf")).content == answer.content


async def test_nobody_else_downloads_it_and_a_revoked_one_has_no_sheet(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    address = f"{HOME}/{certificate}/pdf"
    assert (await browser.get(address)).status_code == 303
    for person in (school.lead, await a_listed_person(school.program, school.lead, "Lisa Listed")):
        await browser.sign_in(person)
        assert (await browser.get(address)).status_code == 404
    await browser.sign_in(school.lead)
    await browser.post(
        f"{HOME}/{certificate}/revocation", {"reason": "A mistake."}, on=f"{HOME}/{certificate}"
    )
    await browser.sign_in(school.member)
    assert (await browser.get(address)).status_code == 404
    assert "/pdf" not in (await browser.get(f"{HOME}/{certificate}")).text


@pytest.mark.parametrize(
    "name", ["#panic(1)", '*bold* $x$ \\ "q" <b>', "王小明", "عائشة", "x" * 200, '#read("/etc/passwd")']
)
def test_no_name_is_read_as_markup_or_breaks_the_sheet(name: str) -> None:
    words = dict.fromkeys(
        (
            *(
                "title",
                "program",
                "certificate",
                "name",
                "passed",
                "track",
                "allows",
                "issued_label",
                "issued",
            ),
            *("until_label", "until", "cohort_label", "cohort", "edition_label", "edition", "check"),
        ),
        name,
    )
    sheet = certificate_pdf({**words, "lang": "en"}, address="https://example.com/c/abc", made_at=NOON)
    assert sheet.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type ?/Page\b", sheet)) == 1


async def test_its_owner_is_shown_the_way_to_a_new_one_once_it_is_due(browser: Browser) -> None:
    school = await a_school()
    certificate = await certified(school)
    address = f"{HOME}/{certificate}"
    await browser.sign_in(school.member)
    assert "Renew it" not in words_of((await browser.get(address)).text)
    await execute("UPDATE certificate SET valid_until_on = issued_on + 20")
    assert "Renew it" in words_of((await browser.get(address)).text)
    await browser.sign_in(school.lead)
    assert "Renew it" not in words_of((await browser.get(address)).text)
