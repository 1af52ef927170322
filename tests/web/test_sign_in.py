from tests.cast import Browser, a_person, an_owner, words_of


async def test_a_stranger_is_asked_to_sign_in_and_comes_back(browser: Browser) -> None:
    answer = await browser.get("/me")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/me"
    page = await browser.get("/sign-in?next=/me")
    assert page.status_code == 200
    assert 'value="/me"' in page.text


async def test_me_page(browser: Browser) -> None:
    person = await a_person("Ada Lovelace")
    await browser.sign_in(person)
    page = await browser.get("/me")
    assert page.status_code == 200, page.text
    assert "Ada Lovelace" in words_of(page.text)
    saved = await browser.post("/me", {"name": "Ada King", "email": "ada@example.com"}, on="/me")
    assert saved.status_code == 303, words_of(saved.text)


async def test_an_owner_makes_a_program(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    answer = await browser.post(
        "/programs",
        {"name": "Employee voices", "purpose": "To be heard.", "zone": "Europe/Berlin"},
        on="/programs/new",
    )
    assert answer.status_code == 303, words_of(answer.text)
    assert answer.headers["location"] == "/programs/employee-voices"
