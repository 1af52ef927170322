"""Names, posts, replies and learnings of the demo: enough of them, never twice by the same person, and as the product takes them."""

import re
from collections import Counter
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from cohorts.activities.rules import Kind, Network, kind_at, post_at
from playbooks.entries.rules import EntryTopic
from playbooks.learnings.rules import LearningState
from playbooks.outsiders.rules import Insiders, mentions, outsiders
from program.people.files import PeopleFile, read_people_file
from program.people.rules import PersonInFile
from program.social_accounts.rules import Account, Stance, account_bars
from program.social_accounts.rules import Network as AccountNetwork
from workers.demo import handbook, names, sayings, told_learnings
from workers.demo.casting import first_circle, pilot_of_voices, pilot_on_site, second_circle
from workers.demo.links import accounts_of
from workers.demo.names import PEOPLE, Person, hr_file, list_of, person
from workers.demo.sayings import NotUnderstood
from workers.demo.told_learnings import ToldLearning
from workers.demo.voices import FIRST_DAY, FOLDERS, LAST_DAY, SaidThing, activities_of

PROGRAMS = ("tidewell-voices", "service-stories")
WITH_A_PART = {
    "Ines Carvalho": ("Portugal", "Head of Communications"),
    "Tom Whitaker": ("United Kingdom", "Field Service Manager"),
    "Dr. Katharina Brandt": ("Germany", "Chief Operating Officer"),
    "Miguel Santos": ("Portugal", "Legal Counsel"),
    "Anneke Voss": ("Germany", "Principal scientist, sensors"),
    "Callum Reid": ("United Kingdom", "Service engineer"),
    "Beatriz Lopes": ("Portugal", "Process engineer"),
    "Jonas Petersen": ("Germany", "Sales engineer"),
    "Ruth Adeyemi": ("United Kingdom", "Head of Apprenticeships"),
}
REAL_ONES = re.compile(
    r"\b(grundfos|wilo|ksb|xylem|sulzer|ebara|flygt|siemens|bosch|abb|endress|sensus|diehl|kamstrup|itron|veolia|suez|"
    r"yorkshire water|thames water|severn trent|hansewasser|águas de portugal|google|microsoft|amazon|facebook|chatgpt)\b",
    re.IGNORECASE,
)


KEYS = {
    *(
        "cohort",
        "department",
        "region",
        "author",
        "on",
        "kind",
        "topic",
        "channel",
        "faced",
        "named",
        "lesson",
    ),
    *(
        "situation",
        "conversation",
        "what_i_did",
        "resources",
        "outcome",
        "fate",
        "entry",
        "note",
        "answered_on",
    ),
}


def learnings_of(program: str) -> tuple[ToldLearning, ...]:
    pilot = pilot_of_voices() if program == "tidewell-voices" else pilot_on_site()
    writers = {"pilot": pilot, "first circle": first_circle(), "second circle": second_circle()}
    return told_learnings.learnings_of(program, writers)


def speakers() -> list[Person]:
    return [each for each in PEOPLE if each.level in (2, 3, 4, 5)][::8]


def life_of(someone: Person, seed: str = "tidewell-voices") -> list[SaidThing]:
    return activities_of(someone, first_day=FIRST_DAY, last_day=LAST_DAY, how_active=5.5, seed=seed)


@pytest.fixture(scope="module")
def said() -> list[SaidThing]:
    return [thing for someone in speakers() for thing in life_of(someone)]


def test_the_company_is_as_large_and_as_mixed_as_told() -> None:
    assert len(PEOPLE) >= 420
    assert len({each.department for each in PEOPLE}) == 6
    assert Counter(each.region for each in PEOPLE).keys() == {"Germany", "Portugal", "United Kingdom"}
    levels = Counter(each.level for each in PEOPLE)
    assert levels.keys() == set(range(1, 8))
    assert levels[3] > levels[4] > levels[5] > levels[6] > levels[7]


def test_nobody_is_there_twice() -> None:
    for field in ("name", "email", "external_id"):
        assert len({getattr(each, field) for each in PEOPLE}) == len(PEOPLE), field


def test_no_surname_looks_like_a_family() -> None:
    families = Counter(each.names[1] for each in PEOPLE)
    assert max(families.values()) <= names.MOST_OF_ONE_SURNAME


def test_who_has_a_part_works_where_the_story_says() -> None:
    found = {each.name: (each.region, each.job_title) for each in PEOPLE if each.name in WITH_A_PART}
    assert found == WITH_A_PART
    assert person("katharina.brandt@tidewell.example").level == 7
    assert person("callum.reid@tidewell.example").department == "Field Service"


def test_managers_stand_higher_and_lead_up_to_one_person() -> None:
    top = [each for each in PEOPLE if each.manager is None]
    assert [each.job_title for each in top] == ["Chief Executive Officer"]
    for each in PEOPLE:
        steps = 0
        while each.manager is not None:
            boss = person(each.manager)
            assert boss.level >= each.level
            each, steps = boss, steps + 1  # noqa: PLW2901 (the way up)
            assert steps < 8


def test_every_row_of_the_hr_file_is_taken_in_as_the_person_it_tells_of() -> None:
    file = read_people_file(hr_file())
    assert isinstance(file, PeopleFile)
    rows = list(file.rows())
    assert [row for row in rows if row.problems or row.remarks] == []
    read = {row.person.email: row.person for row in rows if row.person}
    assert read == {each.email: as_in_a_file(each) for each in PEOPLE}
    assert len(rows) == len(PEOPLE)


def as_in_a_file(each: Person) -> PersonInFile:
    return PersonInFile(
        email=each.email,
        name=each.name,
        external_id=each.external_id,
        job_title=each.job_title,
        job_function=each.job_function,
        department=each.department,
        level=each.level,
        region=each.region,
        manager_email=each.manager,
    )


def test_a_part_of_the_company_makes_a_list_too() -> None:
    here = [each for each in PEOPLE if each.department == "Field Service"]
    file = read_people_file(list_of(here))
    assert isinstance(file, PeopleFile)
    assert {row.person.email for row in file.rows() if row.person} == {each.email for each in here}


def test_there_are_enough_texts() -> None:
    assert len(sayings.sayings("posts")) >= 220
    assert len(sayings.sayings("replies")) + len(sayings.sayings("answers")) >= 260


def test_no_text_stands_in_the_folder_twice() -> None:
    texts = Counter(saying.text for folder in FOLDERS.values() for saying in sayings.sayings(folder))
    assert [text for text, times in texts.items() if times > 1] == []


def test_every_text_fits_somebody_on_some_day() -> None:
    days = [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]
    for folder in FOLDERS.values():
        for saying in sayings.sayings(folder):
            assert any(saying.fits(each) for each in PEOPLE), saying.place
            assert any(saying.fits_on(day) for day in days), saying.place


def test_nobody_says_the_same_twice(said: list[SaidThing]) -> None:
    told = Counter((thing.email, thing.text.lower()) for thing in said if thing.text)
    assert [twice for twice, times in told.items() if times > 1] == []


def test_about_half_of_what_is_done_has_a_text(said: list[SaidThing]) -> None:
    assert 0.4 < sum(bool(thing.text) for thing in said) / len(said) < 0.65
    assert all(not thing.text for thing in said if thing.kind is Kind.REACTION)
    assert all(thing.text for thing in said if thing.kind in FOLDERS)
    assert {thing.kind for thing in said} == set(Kind)


def test_all_slots_are_filled_and_texts_fit_their_network(said: list[SaidThing]) -> None:
    for thing in said:
        assert not re.search(r"[{}|]", thing.text), thing.text
        assert len(thing.text) <= {Network.X: 280, Network.MASTODON: 500}.get(thing.network, 3000)


def test_every_link_is_known_to_the_rules_and_leads_to_a_post_of_its_own(said: list[SaidThing]) -> None:
    linked = [thing for thing in said if thing.link]
    posts = [post_at(str(thing.link)) for thing in linked]
    assert [post.network if post else None for post in posts] == [thing.network for thing in linked]
    assert len({(post.network, post.id) for post in posts if post}) == len(linked)
    assert all(
        post and not post.id.startswith("https:")
        for post, thing in zip(posts, linked, strict=True)
        if thing.kind is not Kind.ARTICLE
    )
    on_linkedin = [each for each in linked if each.network is Network.LINKEDIN and each.text]
    as_linked = {Kind.ANSWERED_QUESTION: Kind.REPLY}
    assert all(kind_at(str(each.link)) is as_linked.get(each.kind, each.kind) for each in on_linkedin)


def test_what_has_no_link_was_said_in_person(said: list[SaidThing]) -> None:
    for thing in said:
        assert (thing.link is None) == (thing.network is Network.IN_PERSON) == (thing.kind is Kind.TALK)


def test_people_speak_only_where_they_have_an_account() -> None:
    for someone in speakers():
        own = {account.network for account in accounts_of(someone)} | {Network.IN_PERSON}
        assert {thing.network for thing in life_of(someone)} <= own


def test_every_account_can_be_added_as_it_is() -> None:
    for each in PEOPLE:
        for own in accounts_of(each):
            account = Account(
                network=AccountNetwork(own.network.value),
                handle=own.handle,
                address=own.address,
                stance=Stance(own.stance),
                disclosure=own.disclosure,
            )
            assert account_bars(account) == ()
    handles = Counter((own.network, own.handle) for each in PEOPLE for own in accounts_of(each))
    assert max(handles.values()) == 1


def test_a_life_is_the_same_each_time_and_may_be_asked_for_in_stretches() -> None:
    someone = person("beatriz.lopes@tidewell.example")
    whole = life_of(someone)
    middle = date(2026, 9, 1)
    told = partial(activities_of, someone, how_active=5.5, seed="tidewell-voices")
    before = told(first_day=FIRST_DAY, last_day=middle)
    after = told(first_day=middle + timedelta(days=1), last_day=LAST_DAY)
    assert before + after == whole
    assert life_of(someone, seed="another") != whole


def test_weekdays_are_busier_than_weekends_and_christmas_is_quiet(said: list[SaidThing]) -> None:
    by_day = Counter(thing.day for thing in said)
    weekday = sum(times for day, times in by_day.items() if day.weekday() < 5) / 5
    weekend = sum(times for day, times in by_day.items() if day.weekday() >= 5) / 2
    christmas = sum(by_day[date(2026, 12, day)] for day in range(24, 31)) / 7
    november = sum(by_day[date(2026, 11, day)] for day in range(1, 29)) / 28
    assert weekday > 2 * weekend
    assert november > 3 * christmas


def test_what_is_said_of_a_day_is_said_in_its_time(said: list[SaidThing]) -> None:
    told = [thing.day for thing in said if "spectacular" in thing.text]
    assert told
    assert all(date(2027, 1, 12) <= day <= date(2027, 2, 7) for day in told)


def test_some_figures_are_measured_some_are_not_and_mastodon_counts_no_views(said: list[SaidThing]) -> None:
    posts = [thing for thing in said if thing.kind is Kind.POST]
    measured = [thing for thing in posts if thing.impressions is not None]
    assert 0.2 < len(measured) / len(posts) < 0.8
    assert all(thing.impressions is None for thing in said if thing.network is Network.MASTODON)
    assert all(thing.reactions is None for thing in said if thing.kind is Kind.REACTION)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("anyone.md", "@ Atlantis\nHello.", "“Atlantis” is no region"),
        ("anyone.md", "Hello {planet}.", "nothing fills the slot {planet}"),
        ("anyone.md", "Hello.\n***\n", "text 2: there is no text"),
        ("catering.md", "Hello.", "no department is called that"),
    ],
)
def test_a_text_that_cannot_be_understood_is_named(
    tmp_path: Path, name: str, content: str, complaint: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(NotUnderstood, match=re.escape(complaint)):
        list(sayings._of_file(tmp_path / name))


def test_no_text_names_a_company_that_exists() -> None:
    texts = [saying.text for folder in FOLDERS.values() for saying in sayings.sayings(folder)]
    for program in PROGRAMS:
        for lesson in learnings_of(program):
            texts += [lesson.note, *words_of(lesson.text)]
    assert [text for text in texts if REAL_ONES.search(text)] == []


def words_of(text: object) -> list[str]:
    said = ("lesson", "situation", "conversation", "what_i_did", "resources", "outcome")
    return [getattr(text, field) for field in said]


@pytest.mark.parametrize(("program", "at_least"), [("tidewell-voices", 45), ("service-stories", 16)])
def test_there_are_learnings_in_every_state(program: str, at_least: int) -> None:
    lessons = learnings_of(program)
    assert len(lessons) >= at_least
    assert {lesson.fate for lesson in lessons} == set(LearningState)
    assert [lesson.on for lesson in lessons] == sorted(lesson.on for lesson in lessons)
    assert len({lesson.text.lesson for lesson in lessons}) == len(lessons)


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_learning_says_only_what_a_learning_can_say(program: str) -> None:
    departments, addresses = ({getattr(each, field) for each in PEOPLE} for field in ("department", "email"))
    for told in told_learnings._told(program):
        assert told.keys() <= KEYS, told["lesson"]
        assert told["department"] in departments
        assert told.get("author", PEOPLE[0].email) in addresses


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_became_of_a_learning_is_told_in_full(program: str) -> None:
    for lesson in learnings_of(program):
        given_back = lesson.fate in (LearningState.RETURNED, LearningState.DECLINED)
        assert bool(lesson.entry) == (lesson.fate is LearningState.ACCEPTED), lesson.text.lesson
        assert (bool(lesson.note), bool(lesson.answered_on)) == (given_back, given_back), lesson.text.lesson


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_was_sent_is_whole(program: str) -> None:
    """A draft may be a few words; what reached the desk tells what happened, what was done and what came of it."""
    for lesson in learnings_of(program):
        text = lesson.text
        assert all((text.lesson, text.situation, text.what_i_did, text.faced))
        if lesson.fate is not LearningState.DRAFT:
            assert text.outcome, text.lesson
        if lesson.answered_on:
            assert lesson.answered_on > lesson.on


@pytest.mark.parametrize("program", PROGRAMS)
def test_learnings_name_no_outsider(program: str) -> None:
    inside = Insiders(
        names=frozenset(each.name.lower() for each in PEOPLE),
        surnames=frozenset(each.names[1].lower() for each in PEOPLE),
    )
    for lesson in learnings_of(program):
        found = outsiders(mentions(words_of(lesson.text)), inside)
        assert found == ()


def test_accepted_learnings_stand_behind_entries_that_the_handbook_has() -> None:
    known = {slug for edition in handbook.EDITIONS for slug in handbook.slugs(edition)}
    behind = {lesson.entry for lesson in learnings_of("tidewell-voices") if lesson.entry}
    assert behind <= known
    assert len(behind) > len(known) / 2


def test_the_learning_that_the_first_program_lacks_lies_with_its_author() -> None:
    on_journalists = [
        lesson for lesson in learnings_of("service-stories") if lesson.text.topic is EntryTopic.JOURNALISTS
    ]
    assert LearningState.ACCEPTED not in {lesson.fate for lesson in on_journalists}
    (returned,) = [lesson for lesson in on_journalists if lesson.fate is LearningState.RETURNED]
    assert returned.email == "callum.reid@tidewell.example"
