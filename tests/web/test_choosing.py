import re
from uuid import UUID, uuid4

import pytest

from program.database import execute, fetch, fetch_value
from program.roles.rules import Role
from tests.cast import (
    NOON,
    Browser,
    a_listed_person,
    a_new_program,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)
from tests.cohorts.scene import a_cohort, a_member

HOME = "/programs/employee-voices"
pytestmark = pytest.mark.usefixtures("database")


async def begun(browser: Browser) -> tuple[UUID, UUID, str]:
    """A signed-in lead, their program, and the address of a pilot cohort."""
    lead = await an_owner()
    program = await a_program(lead)
    await browser.sign_in(lead)
    return lead, program, f"{HOME}/cohorts/{await a_cohort(program, lead, start=None)}"


async def chosen() -> set[UUID]:
    return {row["person"] for row in await fetch("SELECT person FROM choice")}


def candidates_in(html: str) -> list[str]:
    """The names of those who can be ticked."""
    return re.findall(r'class="candidate-words"><strong>([^<]+)', html)


async def test_the_page_shows_whom_one_may_invite_and_what_is_known_of_them(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    await a_listed_person(
        program,
        lead,
        "Mia Member",
        department="Sales",
        level=6,
        region="North",
        networks=["x"],
        how_often="weekly",
    )
    told = words_of((await browser.get(f"{here}/invitations/new")).text)
    assert "Nobody is chosen yet" in told
    assert "12 of 12 places are free." in told
    assert "Mia Member Sales · Director · North active weekly on X" in told
    assert "network activity not known" in told
    assert "Active weekly on X; Director; nobody from Sales yet; nobody from North yet" in told


async def test_a_tick_is_kept_and_only_those_shown_can_be_unticked(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member", department="Finance")
    noa = await a_listed_person(program, lead, "Noa Novice", department="Sales")
    asked = "?department=Finance"
    answer = await browser.post(
        f"{here}/choice",
        {"people": [str(mia)], "shown": [str(mia)], "asked": asked, "then": "keep"},
        on=f"{here}/invitations/new{asked}",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}/invitations/new{asked}")
    await browser.post(f"{here}/choice", {"people": [str(noa)], "shown": [str(noa)]})
    assert await chosen() == {mia, noa}
    page = await browser.get(f"{here}/invitations/new?department=Sales")
    assert candidates_in(page.text) == ["Noa Novice"]
    assert "2 people are chosen With them, 10 of 12 places are still free." in words_of(page.text)
    await browser.post(f"{here}/choice", {"shown": [str(mia)]})
    assert await chosen() == {noa}


async def test_with_scripts_the_mix_alone_comes_back(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member")
    browser.client.headers.update({"HX-Request": "true", "HX-Target": "mix"})
    answer = await browser.post(f"{here}/choice", {"people": str(mia), "shown": str(mia)})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<aside")
    assert "1 person is chosen" in words_of(answer.text)
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("search=mem", ["Mia Member"]),
        ("search=direct", ["Noa Novice"]),
        ("department=Sales", ["Noa Novice"]),
        ("job_function=Law", ["Mia Member"]),
        ("level=6", ["Noa Novice"]),
        ("region=North", ["Mia Member"]),
        ("network=linkedin", ["Mia Member"]),
        ("network=unknown", ["Ben Boss", "Noa Novice", "Olga Owner"]),
        ("how_often=weekly", ["Mia Member"]),
        ("how_often=never", ["Noa Novice"]),
        ("how_often=unknown", ["Ben Boss", "Olga Owner"]),
        ("said_by=oneself", ["Mia Member"]),
        ("said_by=manager", ["Noa Novice"]),
        ("said_by=file", []),
        ("how_often=hourly", ["Ben Boss", "Mia Member", "Noa Novice", "Olga Owner"]),
    ],
)
async def test_people_are_found_by_what_is_known_of_them(
    browser: Browser, asked: str, names: list[str]
) -> None:
    lead, program, here = await begun(browser)
    boss = await a_listed_person(program, lead, "Ben Boss")
    mia = await a_listed_person(
        program,
        lead,
        "Mia Member",
        job_function="Law",
        region="North",
        networks=["linkedin"],
        how_often="weekly",
    )
    noa = await a_listed_person(
        program,
        lead,
        "Noa Novice",
        job_title="Director of sales",
        department="Sales",
        level=6,
        how_often="never",
        manager=boss,
        networks_said_by=boss,
    )
    await execute("UPDATE person SET networks_said_by = id WHERE id = $1", mia)
    page = await browser.get(f"{here}/invitations/new?{asked}")
    assert candidates_in(page.text) == names
    people = await browser.get(f"{HOME}/people?{asked}")
    assert [name for name in ("Mia Member", "Noa Novice") if f">{name}</a>" in people.text] == [
        name for name in names if name in ("Mia Member", "Noa Novice")
    ]
    assert noa


async def test_whoever_left_or_has_a_place_is_not_offered_and_who_is_elsewhere_is_marked(
    browser: Browser,
) -> None:
    lead, program, here = await begun(browser)
    cohort = UUID(here.rsplit("/", 1)[1])
    gone = await a_listed_person(program, lead, "Gerd Gone")
    await execute(
        "INSERT INTO departure (id, person, departed_at, by) VALUES ($1, $2, $3, $4)",
        uuid4(),
        gone,
        NOON,
        lead,
    )
    await a_member(cohort, [("invited", NOON.date(), None)], await a_listed_person(program, lead, "Ina In"))
    elsewhere = await a_cohort(program, lead, start=None, name="South")
    await a_member(
        elsewhere, [("active", NOON.date(), None)], await a_listed_person(program, lead, "Else Where")
    )
    page = await browser.get(f"{here}/invitations/new")
    assert candidates_in(page.text) == ["Else Where", "Olga Owner"]
    assert "Else Where already in South" in words_of(page.text)
    assert "1 has a place here already." in words_of(page.text)


async def test_an_empty_page_says_what_would_help(browser: Browser) -> None:
    lead, _, here = await begun(browser)
    page = words_of((await browser.get(f"{here}/invitations/new?search=zebra")).text)
    assert "Nobody is like this" in page
    await a_member(UUID(here.rsplit("/", 1)[1]), [("active", NOON.date(), None)], lead)
    assert "Nobody is left to invite" in words_of((await browser.get(f"{here}/invitations/new")).text)


async def test_the_letter_is_shown_as_it_will_be_sent(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member", email="mia@example.com")
    answer = await browser.post(f"{here}/choice", {"people": str(mia), "shown": str(mia), "then": "letter"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}/invitations/letter")
    page = await browser.get(f"{here}/invitations/letter")
    told = words_of(page.text)
    assert "Subject Will you speak for us? Employee voices" in told
    assert "Mia Member &lt;mia@example.com&gt;" in told
    assert "Hello Mia Member, You are invited to “Employee voices”" in told
    assert "/invitations/…" in told
    assert "A month can count only with at least three active members" in told
    answer = await browser.post(f"{here}/invitations", {"people": str(mia)}, on=f"{here}/invitations/letter")
    assert answer.status_code == 303
    assert await chosen() == set()
    assert await fetch_value("SELECT count(*) FROM invitation") == 1


async def test_there_is_no_letter_to_nobody(browser: Browser) -> None:
    _, _, here = await begun(browser)
    answer = await browser.post(f"{here}/choice", {"then": "letter"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}/invitations/new")
    assert "Nobody is chosen yet" in words_of((await browser.get(f"{here}/invitations/letter")).text)


async def test_before_edition_zero_the_letter_waits(browser: Browser) -> None:
    lead = await an_owner()
    program = await a_new_program(lead)
    await browser.sign_in(lead)
    here = f"{HOME}/cohorts/{await a_cohort(program, lead, start=None)}"
    mia = await a_listed_person(program, lead, "Mia Member")
    await browser.post(f"{here}/choice", {"people": str(mia), "shown": str(mia), "then": "letter"})
    page = await browser.get(f"{here}/invitations/letter")
    assert "nothing of it is published yet" in words_of(page.text)
    assert "Send the invitations" not in page.text
    assert f'href="{HOME}/set-up/playbook"' in page.text


async def test_choosing_is_for_leads_and_only_among_the_programs_people(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    stranger = await a_person()
    assert (await browser.post(f"{here}/choice", {"people": str(stranger)})).status_code == 404
    foreign = f"{HOME}/cohorts/{uuid4()}"
    assert (await browser.post(f"{foreign}/choice", {})).status_code == 404
    assert (await browser.get(f"{foreign}/invitations/new")).status_code == 404
    assert (await browser.get(f"{foreign}/invitations/letter")).status_code == 404
    await browser.sign_in(await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor"))
    for path in ("invitations/new", "invitations/letter"):
        assert (await browser.get(f"{here}/{path}")).status_code == 403
    assert (await browser.post(f"{here}/choice", {})).status_code == 403
    await browser.sign_in(stranger)
    assert (await browser.get(f"{here}/invitations/new")).status_code == 404


async def test_five_thousand_people_are_shown_fifty_at_a_time(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    counts = []
    for total in (1, 3, 50, 5_000):
        await execute(
            "WITH made AS (INSERT INTO person (id, email, name, made_at, level, department, how_often)"
            " SELECT gen_random_uuid(), $1 || n || '@example.com', 'Person ' || n, $2, n % 7 + 1, 'Unit ' || n % 9,"
            "  (ARRAY['daily', 'weekly', 'monthly', 'never', NULL])[n % 5 + 1] FROM generate_series(1, $3) n RETURNING id)"
            " INSERT INTO listing (id, program, person, listed_at, listed_by)"
            " SELECT gen_random_uuid(), $4, id, $2, $5 FROM made",
            f"p{total}-",
            NOON,
            total,
            program,
            lead,
        )
        await browser.get(f"{here}/invitations/new")
        with counted_queries() as queries:
            page = await browser.get(f"{here}/invitations/new")
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] == counts[3] <= 12
    assert len(candidates_in(page.text)) == 50
    assert "Page 1 of 102" in words_of(page.text)
    assert len(candidates_in((await browser.get(f"{here}/invitations/new?page=102")).text)) == 5


async def test_taking_somebody_off_the_list_keeps_what_was_asked_for(browser: Browser) -> None:
    lead, program, here = await begun(browser)
    mia = await a_listed_person(program, lead, "Mia Member", department="Sales")
    await browser.post(f"{here}/choice", {"people": str(mia)})
    page = await browser.get(f"{here}/invitations/new?search=zebra")
    assert page.text.count('name="asked" value="?search=zebra"') == 1
    assert 'id="choose"' in page.text
    answer = await browser.post(f"{here}/choice", {"shown": str(mia), "asked": "?search=zebra"})
    assert answer.headers["location"] == f"{here}/invitations/new?search=zebra"
    for nonsense in ("//elsewhere.example", "//[", "?\n", "?é"):
        answer = await browser.post(f"{here}/choice", {"asked": nonsense})
        assert answer.headers["location"] == f"{here}/invitations/new"
