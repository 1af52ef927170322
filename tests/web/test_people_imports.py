"""People files, from choosing one to the people being listed."""

from collections.abc import Callable
from io import BytesIO
from uuid import UUID, uuid4

import pytest
import xlsxwriter

from program.database import execute, fetch, fetch_value
from program.roles.rules import Role
from tests.cast import (
    Browser,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    words_of,
)

NEW = "/programs/employee-voices/people/imports/new"
IMPORTS = "/programs/employee-voices/people/imports"
GERMAN_LEVELS = (
    "Abteilungsleiterin",
    "Geschäftsführer",
    "Werkstudent",
    "Teamleiter",
    "Senior Manager",
    "VP",
)
ENGLISH_LEVELS = ("Director", "C-Level", 3, "Intern", "Senior Manager")


def a_german_export() -> bytes:
    """400 rows in Windows-1252, of which five have a problem, in the lines 11, 51, 101, 201 and 401."""
    lines = ["Personalnummer;Nachname, Vorname;E-Mail-Adresse;Funktion;Abteilung;Ebene;Standort;Sprache"]
    lines += [
        f"{number:05};Müßig{number}, Jörg;Joerg.Muessig{number}@Beispiel.de;Einkauf;Einkäufe Süd;"
        f"{GERMAN_LEVELS[number % 6]};Köln;Deutsch"
        for number in range(1, 401)
    ]
    lines[10] = lines[10].replace("@Beispiel.de", "")
    lines[50] = lines[50].replace("Müßig50, Jörg", "")
    lines[100] = lines[100].replace("Senior Manager", "Guru")
    lines[200] = lines[200].replace("Muessig200@", "Muessig7@")
    lines[400] = lines[400].replace(";Deutsch", "")
    return ("\r\n".join(lines) + "\r\n").encode("windows-1252")


def an_english_workbook() -> bytes:
    """400 rows, of which five have a problem, in the lines 11, 51, 101, 201 and 301; one manager for all."""
    rows: list[list[object]] = [
        [
            "Employee ID",
            "First Name",
            "Last Name",
            "Work Email",
            "Job Title",
            "Department",
            "Level",
            "Hired",
            "Line manager e-mail",
        ]
    ]
    rows += [
        [
            1000 + number,
            f"Ann{number}",
            "O’Neil",
            f"ann{number}@example.com",
            "Engineer",
            "R&D",
            ENGLISH_LEVELS[number % 5],
            "2020-01-01",
            "ann1@example.com",
        ]
        for number in range(1, 401)
    ]
    rows[10][3] = "ann10 at example.com"
    rows[50][1] = rows[50][2] = ""
    rows[100][6] = "Wizard"
    rows[200][3] = "ann7@example.com"
    rows[300][3] = "=HYPERLINK(A1)"
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return target.getvalue()


async def upload(browser: Browser, content: bytes, name: str = "people.csv") -> str:
    """Choose a file; answers the address of its preview."""
    answer = await browser.post(IMPORTS, on=NEW, files={"file": (name, content, "application/octet-stream")})
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["location"])


async def take_in(browser: Browser, preview: str, **values: object) -> str:
    answer = await browser.post(f"{preview}/confirmation", values, on=preview)
    assert answer.status_code == 303, words_of(answer.text)
    return words_of((await browser.get(preview)).text)


async def listed() -> int:
    return int(await fetch_value("SELECT count(*) FROM listing"))


@pytest.mark.parametrize(
    ("export", "name", "told"),
    [
        (
            a_german_export,
            "Mitarbeiter.csv",
            (
                "11 “Joerg.Muessig10” is not an e-mail address.",
                "51 The name is missing.",
                "101 The level “Guru” is not known.",
                "201 joerg.muessig7@beispiel.de stands in line 8 already.",
                "401 Cells are missing: there are 8 columns, and 7 in this row.",
                "As text in Windows-1252, its cells divided by semicolons.",
                "Nachname, Vorname name",
            ),
        ),
        (
            an_english_workbook,
            "people.xlsx",
            (
                "11 “ann10 at example.com” is not an e-mail address.",
                "51 The name is missing.",
                "101 The level “Wizard” is not known.",
                "201 ann7@example.com stands in line 8 already.",
                "301 The e-mail address “=HYPERLINK(A1)” begins like a formula.",
                "As a workbook.",
                "Left out Hired",
            ),
        ),
    ],
)
async def test_an_export_of_400_rows_lists_395_people_and_names_every_problem_by_line(
    browser: Browser, export: Callable[[], bytes], name: str, told: tuple[str, ...]
) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    content = export()
    preview = await upload(browser, content, name)
    words = words_of((await browser.get(preview)).text)
    for sentence in told:
        assert sentence in words
    assert "395 people can be taken in." in words
    assert "5 rows are not taken in" in words
    assert await listed() == 1
    words = await take_in(browser, preview)
    assert "new 395" in words
    assert await listed() == 396
    assert await fetch_value("SELECT count(*) FROM people_import_row") == 0
    before = await fetch("SELECT * FROM person ORDER BY id")
    again = await upload(browser, content, name)
    assert "as they were 395" in words_of((await browser.get(again)).text)
    await take_in(browser, again)
    assert await fetch("SELECT * FROM person ORDER BY id") == before
    assert await listed() == 396


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"%PDF-1.7\n1 0 obj\n", "This is a PDF."),
        (b"PK\x03\x04 and no more", "The workbook is damaged"),
        (bytes(range(256)) * 40, "This is neither a workbook nor readable text."),
        (b"anna@example.com;Anna Berg\n", "No line with headings was found."),
        (b"E-Mail;Abteilung\nanna@example.com;HR\n", "have no column for the name."),
        (b"E-Mail;Name\n", "there is nobody below them."),
    ],
)
async def test_a_file_that_is_no_list_of_people_is_refused_at_its_field_and_nothing_is_kept(
    browser: Browser, content: bytes, sentence: str
) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    answer = await browser.post(IMPORTS, on=NEW, files={"file": ("people.csv", content, "text/csv")})
    assert answer.status_code == 422
    assert sentence in words_of(answer.text)
    assert 'id="file-problem"' in answer.text
    assert await fetch_value("SELECT count(*) FROM people_import") == 0
    assert (
        await fetch_value(
            "SELECT count(*) FROM form_key WHERE result NOT IN (SELECT id FROM program UNION SELECT id FROM edition)"
        )
        == 0
    )


async def test_a_form_without_a_file_says_so(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    for files in (None, {"file": ("", b"", "application/octet-stream")}):
        answer = await browser.post(IMPORTS, on=NEW, files=files)
        assert answer.status_code == 422
        assert "Please choose a file." in words_of(answer.text)


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    await browser.get(NEW)
    answer = await browser.client.post(
        IMPORTS,
        content=b"x",
        headers={"content-type": "multipart/form-data; boundary=x", "content-length": "200200000"},
    )
    assert answer.status_code == 413
    assert "larger than we take" in words_of(answer.text)


async def test_wrong_letters_are_taken_in_as_the_file_shows_them_and_lost_ones_refuse_their_row(
    browser: Browser,
) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    good = "".join(f"p{number}@example.com;Jörg Müßig{number}\n" for number in range(40)).encode()
    preview = await upload(browser, b"E-Mail;Name\n" + good + b"bad@example.com;J\xf6rg\n")
    words = words_of((await browser.get(preview)).text)
    assert "40 people can be taken in." in words
    assert "42 The name “J\N{REPLACEMENT CHARACTER}rg” has characters that were lost" in words


async def test_only_those_who_run_the_program_take_files_in(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    outsider = await a_person("Otto Outsider")
    await browser.sign_in(lead)
    preview = await upload(browser, b"E-Mail,Name\nanna@example.com,Anna Berg\n")
    for person, status in ((sponsor, 403), (outsider, 404)):
        await browser.sign_in(person)
        assert (await browser.get(NEW)).status_code == status
        assert (await browser.get(preview)).status_code == status
        assert (await browser.post(IMPORTS)).status_code == status
        assert (await browser.post(f"{preview}/confirmation")).status_code == status
        assert (await browser.post(f"{preview}/cancellation")).status_code == status
    browser.client.cookies.delete("pilotage_session")
    assert (await browser.get(NEW)).status_code == 303
    await browser.sign_in(owner)
    assert "1 person can be taken in." in words_of((await browser.get(preview)).text)


async def test_a_file_of_another_program_is_not_found(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await a_program(owner, name="Another")
    await browser.sign_in(owner)
    preview = await upload(browser, b"E-Mail,Name\nanna@example.com,Anna Berg\n")
    elsewhere = preview.replace("employee-voices", "another")
    assert (await browser.get(elsewhere)).status_code == 404
    assert (await browser.post(f"{elsewhere}/confirmation")).status_code == 404
    assert (await browser.post(f"{elsewhere}/cancellation")).status_code == 404
    assert (await browser.get(f"{IMPORTS}/{uuid4()}")).status_code == 404
    assert await listed() == 2


async def test_the_same_form_sent_twice_makes_one_preview_and_another_file_under_its_key_none(
    browser: Browser,
) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    key = str(uuid4())
    anna = {"file": ("people.csv", b"E-Mail,Name\nanna@example.com,Anna Berg\n", "text/csv")}
    ben = {"file": ("people.csv", b"E-Mail,Name\nben@example.com,Ben Berg\n", "text/csv")}
    first = await browser.post(IMPORTS, files=anna, form_key=key)
    second = await browser.post(IMPORTS, files=anna, form_key=key)
    assert first.headers["location"] == second.headers["location"]
    other = await browser.post(IMPORTS, files=ben, form_key=key)
    assert other.status_code == 422
    assert "This form was already sent once" in words_of(other.text)
    assert await fetch_value("SELECT count(*) FROM people_import") == 1


async def test_a_file_confirmed_twice_is_taken_in_once_and_can_no_longer_be_forgotten(
    browser: Browser,
) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    preview = await upload(browser, b"E-Mail,Name\nanna@example.com,Anna Berg\n")
    assert "waits for you" in words_of((await browser.get(NEW)).text)
    await take_in(browser, preview)
    assert (await browser.post(f"{preview}/confirmation")).status_code == 303
    assert (await browser.post(f"{preview}/cancellation")).status_code == 409
    assert await listed() == 2
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'people_imported'") == 1
    assert "1 person" in words_of((await browser.get(NEW)).text)


async def test_a_forgotten_file_is_gone_with_all_it_said(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    preview = await upload(browser, b"E-Mail,Name\nanna@example.com,Anna Berg\n")
    answer = await browser.post(f"{preview}/cancellation", on=preview)
    assert answer.status_code == 303
    assert (await browser.get(preview)).status_code == 404
    assert await fetch_value("SELECT count(*) FROM people_import_row") == 0
    assert await listed() == 1


async def test_a_preview_shows_what_changes_and_whom_the_company_knows_and_what_is_left_out(
    browser: Browser,
) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await a_listed_person(program, owner, "Anna Berg", email="anna@example.com", department="Legal", level=4)
    await a_person("Ben Kern", email="ben@example.com", department="Secret")
    await browser.sign_in(owner)
    preview = await upload(
        browser,
        b"E-Mail;Name;Department;Level;Manager\n"
        b"anna@example.com;Anna Berg-Roth;Legal;Director;Frau Chefin\n"
        b"ben@example.com;Benjamin Kern;HR;;\n",
    )
    words = words_of((await browser.get(preview)).text)
    assert "name: Anna Berg → becomes Anna Berg-Roth" in words
    assert "level: Manager → becomes Director" in words
    assert "Known already, will be listed" in words
    assert "Secret" not in words
    assert "Line 2: The manager “Frau Chefin” is not an e-mail address and was left out." in words
    await take_in(browser, preview)
    rows = await fetch("SELECT name, department FROM person WHERE email LIKE '%@example.com' ORDER BY email")
    assert ("Anna Berg-Roth", "Legal") in [tuple(row) for row in rows]
    assert ("Ben Kern", "Secret") in [tuple(row) for row in rows]
    assert await listed() == 3


async def test_leavers_stay_listed_unless_they_are_ticked(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    gone, staying, other = [
        await a_listed_person(program, owner, name) for name in ("Gil Gone", "Stan Staying", "Una Unticked")
    ]
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    await _coaches(program, staying, by=owner)
    await browser.sign_in(owner)
    preview = await upload(browser, b"E-Mail,Name\nanna@example.com,Anna Berg\n")
    page = (await browser.get(preview)).text
    assert "5 people of your program are not in the file" in words_of(page)
    assert f'value="{gone}"' in page
    assert f'value="{staying}"' not in page
    assert f'value="{sponsor}"' not in page
    words = await take_in(browser, preview, leavers=[str(gone), str(staying), str(sponsor), "nonsense"])
    assert "no longer listed 1" in words
    rows = await fetch("SELECT person FROM listing")
    assert gone not in {row["person"] for row in rows}
    assert {staying, other, sponsor, owner} <= {row["person"] for row in rows}
    assert await fetch_value("SELECT ended_by FROM past_listing WHERE person = $1", gone) == owner


async def test_refused_rows_are_shown_a_hundred_at_a_time(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    preview = await upload(
        browser, b"E-Mail,Name\n" + b"".join(b"no address %d,Anna\n" % n for n in range(1, 151))
    )
    first = words_of((await browser.get(preview)).text)
    assert "Nobody can be taken in" in first
    assert "“no address 100”" in first
    assert "“no address 101”" not in first
    for number in ("2", "99"):
        last = words_of((await browser.get(f"{preview}?page={number}")).text)
        assert "“no address 101”" in last
        assert "Page 2 of 2" in last
    assert "Page 1 of 2" in words_of((await browser.get(f"{preview}?page=-1")).text)


async def _coaches(program: UUID, person: UUID, *, by: UUID) -> None:
    """The person coaches a cohort of the program's pilot."""
    phase = await fetch_value("SELECT id FROM phase WHERE program = $1 ORDER BY position LIMIT 1", program)
    cohort = uuid4()
    await execute(
        "INSERT INTO cohort (id, program, phase, name, state, zone, made_at, made_by)"
        " VALUES ($1, $2, $3, 'Pilot', 'forming', 'Europe/Berlin', now(), $4)",
        cohort,
        program,
        phase,
        by,
    )
    await execute(
        "INSERT INTO coaching (id, cohort, person, appointed_at, appointed_by) VALUES ($1, $2, $3, now(), $4)",
        uuid4(),
        cohort,
        person,
        by,
    )
