"""`pilotage import people` and `import activities`: the same preview and the same taking in as on the page."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cohorts.files import tweet, x_archive
from tests.databases import SECRET, inhabited, made_database
from tests.workers.commands import Command, asked
from workers.command.embedded import EmbeddedPostgres

CHECKOUT = Path(__file__).parents[2]
PEOPLE = """E-mail;Name;Department;Shoe size
new.one@example.com;New One;Sales;44
lisa@example.com;Lisa Listed;Research;39
no address;Nobody;Sales;41
"""
SLUG = "employee-voices"


@pytest.fixture(scope="module")
def world(postgres: EmbeddedPostgres, template: str) -> str:
    made_database(postgres.url("postgres"), "imported_into", like=template)
    inhabited(postgres.url("imported_into"))
    return "imported_into"


@pytest.fixture
def url(postgres: EmbeddedPostgres, world: str) -> str:
    made_database(postgres.url("postgres"), "importing", like=world)
    return postgres.url("importing")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    return file


@pytest.fixture
def activities(tmp_path: Path) -> Path:
    file = tmp_path / "activities.csv"
    file.write_text(
        "published_at,network,kind,link,text\n"
        "2027-02-03,linkedin,post,https://www.linkedin.com/feed/update/urn:li:share:81,On ships\n"
        "2027-02-04,linkedin,reply,https://www.linkedin.com/feed/update/urn:li:share:82,On bridges\n"
        "2026-02-01,linkedin,post,https://www.linkedin.com/feed/update/urn:li:share:83,Long ago\n"
        "yesterday,linkedin,post,https://www.linkedin.com/feed/update/urn:li:share:84,Sometime\n"
    )
    return file


def paula(url: str) -> str:
    return str(asked(url, "SELECT email FROM person WHERE name = 'Paula Pilot'"))


def listed(url: str) -> int:
    return int(
        asked(
            url, "SELECT count(*) FROM listing l JOIN program p ON p.id = l.program WHERE p.slug = $1", SLUG
        )
    )


def waiting(url: str) -> int:
    """How many files wait to be taken in, beside the two that wait in the world."""
    return int(
        asked(
            url,
            "SELECT (SELECT count(*) FROM people_import WHERE confirmed_at IS NULL)"
            " + (SELECT count(*) FROM activity_import WHERE state IN ('sent', 'read', 'confirmed')) - 2",
        )
    )


def test_people_are_shown_taken_in_and_recorded(pilotage: Command, url: str, people: Path) -> None:
    before = listed(url)
    said = pilotage("import", "people", people, "--program", SLUG, "--yes", DATABASE_URL=url)
    assert said.code == 1, said.err
    assert "Text in UTF-8, columns divided by semicolons. Columns left out: Shoe size." in said.words
    assert "New: New One <new.one@example.com>, Sales" in said.words
    assert "Lisa Listed, department: – → Research" in said.words
    assert "Not taken in: Line 4:" in said.words
    assert "Not in the file: Anna Ambassador <" in said.words
    assert "Taken in: 1 added, 1 changed, 0 no longer listed. 1 line was not taken in." in said.words
    assert listed(url) == before + 1
    facts = "SELECT facts->>'at_terminal' FROM event WHERE name = 'people_imported'"
    assert asked(url, facts) == "true"
    again = pilotage("import", "people", people, "--program", SLUG, "--yes", DATABASE_URL=url)
    assert "Taken in: 0 added, 0 changed, 0 no longer listed." in again.words
    assert waiting(url) == 0


def test_leavers_go_only_when_they_are_named_and_nobody_who_takes_part(
    pilotage: Command, url: str, people: Path
) -> None:
    said = pilotage("import", "people", people, "--program", SLUG, "--yes", "--end-leavers", DATABASE_URL=url)
    assert "Paula Pilot <" in said.words
    assert "(takes part, and stays)" in said.words
    assert "(holds a role, and stays)" in said.words
    left = asked(
        url, "SELECT array_agg(p.name ORDER BY p.name) FROM past_listing l JOIN person p ON p.id = l.person"
    )
    assert left == ["Gerd Gone", "Nora New"]


def test_where_nobody_can_be_asked_nothing_is_changed(pilotage: Command, url: str, people: Path) -> None:
    before = listed(url)
    said = pilotage("import", "people", people, "--program", SLUG, DATABASE_URL=url)
    assert said.code == 2
    assert "there is nobody here to ask. Say --yes to take it in." in said.words
    assert (listed(url), waiting(url)) == (before, 0)


@pytest.mark.parametrize(("answer", "added"), [("n", 0), ("y", 1)])
def test_whoever_sits_at_a_terminal_is_asked(url: str, people: Path, answer: str, added: int) -> None:
    before = listed(url)
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    said = subprocess.run(
        [sys.executable, "-m", "workers.command", "import", "people", people, "--program", SLUG],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": url, "PILOTAGE_SECRET": SECRET},
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert "Take in 2 people who are new or changed? (Nobody’s listing ends;" in " ".join(said.stdout.split())
    assert (listed(url) - before, waiting(url)) == (added, 0)
    assert "\x1b" not in said.stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            ["--program", "nowhere"],
            2,
            "There is no program “nowhere”. There is “another-one” or “employee-voices”.",
        ),
        (["--program", SLUG, "--by", "no@example.com"], 2, "Nobody here has the address no@example.com."),
        (
            ["--program", SLUG, "--by", "lisa@example.com"],
            1,
            "This is for somebody else in the program to do.",
        ),
        ([], 2, "Missing option '--program'."),
    ],
)
def test_what_cannot_be_meant_is_said(
    pilotage: Command, url: str, people: Path, words: list[str], code: int, told: str
) -> None:
    said = pilotage("import", "people", people, *words, "--yes", DATABASE_URL=url)
    assert said.code == code
    assert told in said.words.replace("│ ", "")


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read: No such file or directory."), (b"", "is empty"), (b"%PDF-1.7", "PDF")],
)
def test_a_file_that_is_no_list_of_people_is_said(
    pilotage: Command, url: str, tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    said = pilotage("import", "people", file, "--program", SLUG, "--yes", DATABASE_URL=url)
    assert said.code > 0
    assert told in said.words


def test_activities_are_shown_taken_in_and_add_nothing_twice(
    pilotage: Command, url: str, activities: Path
) -> None:
    count = "SELECT count(*) FROM activity"
    before = asked(url, count)
    words = ("import", "activities", activities, "--person", paula(url).upper(), "--yes")
    said = pilotage(*words, DATABASE_URL=url)
    assert said.code == 1, said.err
    assert "activities.csv, a list of your own, for Paula Pilot" in said.words
    assert "2 new 1 left out 1 not understood" in said.words
    assert "They are from before your tracking began." in said.words
    assert "2 new activities, 1 left out and 1 not understood." in said.words
    assert asked(url, count) == before + 2
    event = asked(
        url,
        "SELECT p.name || ' ' || (e.facts->>'at_terminal') FROM event e JOIN person p ON p.id = e.by"
        " WHERE e.name = 'activities_imported'",
    )
    assert event == "Paula Pilot true"
    again = pilotage(*words, DATABASE_URL=url)
    assert "2 known already" in again.words
    assert asked(url, count) == before + 2
    assert waiting(url) == 0
    for command in (("readings", "verify"), ("verify-events",)):
        assert pilotage(*command, DATABASE_URL=url).code == 0


def test_nothing_of_a_file_is_kept_where_nobody_says_yes(
    pilotage: Command, url: str, activities: Path
) -> None:
    said = pilotage("import", "activities", activities, "--person", paula(url), DATABASE_URL=url)
    assert said.code == 2
    assert waiting(url) == 0


def test_a_file_of_many_lines_is_taken_in_to_its_end(pilotage: Command, url: str, tmp_path: Path) -> None:
    """More than is kept at once: on the page a worker would do it."""
    file = tmp_path / "many.csv"
    file.write_text(
        "published_at,network,kind,link,text\n"
        + "".join(
            f"2027-02-03,linkedin,post,https://www.linkedin.com/feed/update/urn:li:share:{9_000 + n},Post {n}\n"
            for n in range(5_001)
        )
    )
    said = pilotage("import", "activities", file, "--person", paula(url), "--yes", DATABASE_URL=url)
    assert said.code == 0, said.err
    assert "5,001 new activities." in said.words
    assert pilotage("readings", "verify", DATABASE_URL=url).code == 0


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ("nobody@example.com", "Nobody here has the address nobody@example.com."),
        ("lisa@example.com", "Your cohort has not begun yet"),
    ],
)
def test_people_of_whom_nothing_is_tracked_are_said(
    pilotage: Command, url: str, activities: Path, person: str, told: str
) -> None:
    said = pilotage("import", "activities", activities, "--person", person, "--yes", DATABASE_URL=url)
    assert said.code > 0
    assert told in said.words


def test_a_file_of_another_account_is_taken_in_only_where_somebody_says_whose_it_is(
    pilotage: Command, url: str, tmp_path: Path
) -> None:
    asked(url, "UPDATE social_account SET network = 'x' WHERE network = 'linkedin'")
    file = tmp_path / "x.zip"
    file.write_bytes(x_archive(tweet(77, "Wed Feb 03 10:00:00 +0000 2027", "Hello"), username="robin"))
    words = ("import", "activities", file, "--person", paula(url), "--yes")
    said = pilotage(*words, DATABASE_URL=url)
    assert said.code == 2
    assert "The file names the account @robin, and Paula Pilot has @paula. Say --theirs" in said.words
    assert waiting(url) == 0
    theirs = pilotage(*words, "--theirs", DATABASE_URL=url)
    assert theirs.code == 0
    assert "1 new activity." in theirs.words


def test_a_file_that_cannot_be_read_says_why(pilotage: Command, url: str, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.7")
    said = pilotage("import", "activities", file, "--person", paula(url), "--yes", DATABASE_URL=url)
    assert said.code == 1
    assert waiting(url) == 0
