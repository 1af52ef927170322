"""What columns and rows of a people file mean, and what taking them in would change."""

from dataclasses import replace
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program.people import rules, words
from program.people.columns import Columns, Line, columns_among
from program.people.rows import address_in, clean_text, first_name_first, read_rows
from program.people.rules import (
    AddressBelongsToAnother,
    AddressTwice,
    BrokenCharacters,
    Change,
    ChangedPerson,
    ColumnsMissing,
    ExternalIdTwice,
    Field,
    FileProblem,
    HeaderNotFound,
    IllFormedAddress,
    Kind,
    KnownPerson,
    LooksLikeFormula,
    ManagerIsNoAddress,
    Missing,
    NewPerson,
    PersonInFile,
    QuotesDoNotMatch,
    ReadRow,
    Remark,
    RowProblem,
    TooLong,
    UnknownLanguage,
    UnknownLevel,
    plan,
)
from program.people.vocabulary import HEADINGS, LANGUAGE_WORDS, LEVEL_WORDS, language_named, level_named


def line(number: int, *cells: str) -> Line:
    return Line(number=number, ends_on=number, cells=cells)


def columns(*headings: str) -> Columns:
    found = columns_among([line(1, *headings)])
    assert found is not None
    return found


def read(headings: str, *rows: str) -> list[ReadRow]:
    lines = [line(number, *row.split(";")) for number, row in enumerate(rows, start=2)]
    return list(read_rows(columns(*headings.split(";")), lines))


def read_one(headings: str, row: str) -> ReadRow:
    (only,) = read(headings, row)
    return only


# Columns


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("e-mail", Field.EMAIL),
        ("E‑Mail", Field.EMAIL),
        ("mail", Field.EMAIL),
        ("E-MAIL-ADRESSE", Field.EMAIL),
        ("Name", Field.NAME),
        ("Nachname, Vorname", Field.NAME),
        ("Vollständiger Name", Field.NAME),
        ("Vollsta\u0308ndiger Name", Field.NAME),
        ("Abteilung", Field.DEPARTMENT),
        ("Funktion", Field.JOB_FUNCTION),
        ("Position/Titel", Field.JOB_TITLE),
        ("Titel", Field.JOB_TITLE),
        ("Ebene", Field.LEVEL),
        ("Seniority", Field.LEVEL),
        ("Standort", Field.REGION),
        ("Land", Field.REGION),
        ("Vorgesetzte(r)", Field.MANAGER_EMAIL),
        ("Vorgesetzte*r", Field.MANAGER_EMAIL),
        ("Manager", Field.MANAGER_EMAIL),
        (" employee_id ", Field.EXTERNAL_ID),
        ("Personalnummer", Field.EXTERNAL_ID),
        ("Sprache", Field.LOCALE),
        ("LOCALE", Field.LOCALE),
    ],
)
def test_headings_are_understood_in_english_and_german(heading: str, field: Field) -> None:
    assert columns("Lieblingsfarbe", heading).places == {field: (1,)}


def test_no_heading_means_two_things() -> None:
    alone = [columns(heading).places for words in HEADINGS.values() for heading in words]
    assert all(len(places) <= 1 for places in alone)
    for field, headings in HEADINGS.items():
        if isinstance(field, Field):
            assert {heading: columns(heading).places for heading in headings} == {
                heading: {field: (0,)} for heading in headings
            }


@pytest.mark.parametrize(
    ("headings", "places"),
    [
        (["Nachname", "Vorname"], (1, 0)),
        (["Name", "Vorname"], (1, 0)),
        (["Name", "Vorname", "Nachname"], (1, 2)),
        (["Vorname", "Display Name"], (1,)),
        (["Name", "Full name"], (1,)),
        (["Name"], (0,)),
    ],
)
def test_a_name_is_found_whole_or_in_two_columns(headings: list[str], places: tuple[int, ...]) -> None:
    assert columns(*headings).places == {Field.NAME: places}


def test_a_first_or_a_last_name_alone_is_no_name() -> None:
    assert columns("Vorname").places == columns("Nachname").places == {}


def test_of_several_columns_for_one_thing_the_better_word_wins_and_the_others_are_named() -> None:
    found = columns("Titel", "E-Mail", "Position", "", "Land", "E-Mail", "Name", "Eintritt", "")
    assert found.recognised == (
        ("E-Mail", Field.EMAIL),
        ("Position", Field.JOB_TITLE),
        ("Land", Field.REGION),
        ("Name", Field.NAME),
    )
    assert found.ignored == ("Titel", "E-Mail", "Eintritt")
    assert found.missing == ()


def test_without_lines_there_are_no_columns() -> None:
    assert columns_among([]) is None


# Values


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("VP", 6),
        ("Director", 6),
        ("direktorin", 6),
        ("Senior Manager", 5),
        ("senior-manager", 5),
        ("Abteilungsleiter", 5),
        ("Abteilungsleiter/in", 5),
        ("Abteilungsleiter*in (m/w/d)", 5),
        ("Geschäftsführer", 7),
        ("Geschaeftsfuehrerin", 7),
        ("GESCHÄFTSFÜHRER", 7),
        ("C-Level", 7),
        ("Werkstudent", 1),
        ("Werkstudentin", 1),
        ("Expertin", 3),
        ("1", 1),
        ("7.0", 7),
        ("Level 3", 3),
        ("L4", 4),
        ("Stufe 2", 2),
    ],
)
def test_levels_are_understood_as_words_and_numbers(text: str, level: int) -> None:
    assert level_named(text) == level


@pytest.mark.parametrize("text", ["0", "8", "1.5", "-1", "Guru", "in", "", "12"])
def test_other_words_and_numbers_are_no_level(text: str) -> None:
    assert level_named(text) is None


def test_every_level_word_means_the_level_under_which_it_stands() -> None:
    listed = {word: level for level, words in LEVEL_WORDS.items() for word in words}
    assert {word: level_named(word) for word in listed} == listed
    assert sum(map(len, LEVEL_WORDS.values())) == len(listed)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutsch", "de"),
        ("de", "de"),
        ("DE-AT", "de"),
        ("en_GB.UTF-8", "en"),
        ("Français", "fr"),
        ("no", "nb"),
    ],
)
def test_languages_are_understood_by_name_and_tag(text: str, code: str) -> None:
    assert language_named(text) == code


def test_every_language_word_means_its_language() -> None:
    for code, names in LANGUAGE_WORDS.items():
        assert {language_named(name) for name in names} == {code}
    assert language_named("Klingonisch") is None


@pytest.mark.parametrize(
    ("name", "turned"),
    [
        ("Berg, Anna", "Anna Berg"),
        ("von der Leyen, Ursula", "Ursula von der Leyen"),
        ("Berg, Dr. Anna", "Dr. Anna Berg"),
        ("Berg, Anna, Dr.", "Anna Berg, Dr."),
        ("Anna Berg, PhD", "Anna Berg, PhD"),
        ("Anna Berg, Ph.D.", "Anna Berg, Ph.D."),
        ("Anna Berg", "Anna Berg"),
        ("Berg,", "Berg"),
        (", Anna", "Anna"),
    ],
)
def test_the_first_name_comes_first(name: str, turned: str) -> None:
    assert first_name_first(name) == turned


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Anna.Berg@Example.COM ", "anna.berg@example.com"),
        ("mailto:a@example.com", "a@example.com"),
        ("Anna Berg <A@example.com>", "a@example.com"),
        ("o'brien+x@sub.example.co.uk", "o'brien+x@sub.example.co.uk"),
        ("a@müller.de", "a@müller.de"),
        ("a@xn--mller-kva.xn--p1ai", "a@xn--mller-kva.xn--p1ai"),
    ],
)
def test_addresses_are_read_in_lower_case(text: str, address: str) -> None:
    assert address_in(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@",
        "@example.com",
        "anna@example",
        "anna@example..com",
        "an na@example.com",
        ".anna@example.com",
        "anna.@example.com",
        "anna@-example.com",
        "anna@example.1",
        "änna@example.com",
        "a@example.com, b@example.com",
        f"{'a' * 65}@example.com",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.com",
    ],
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert address_in(text) is None


def test_control_and_invisible_characters_are_taken_out_of_texts() -> None:
    assert clean_text("\u200bAnna\u00a0 \x07Berg\u202e\x00\n") == "Anna Berg"
    assert clean_text("Mu\u0308ller") == "Müller"


# Rows


def test_a_row_becomes_a_person() -> None:
    headings = "Mail;Vorname;Name;ID;Titel;Funktion;Abteilung;Level;Land;Sprache;Manager;Farbe"
    row = read_one(headings, "A@x.de;Anna;Berg;007;Leiterin;Einkauf;+Sales;Head;CH;de-CH;B@x.de;rot")
    assert row == ReadRow(
        line=2,
        person=PersonInFile(
            email="a@x.de",
            name="Anna Berg",
            external_id="007",
            job_title="Leiterin",
            job_function="Einkauf",
            department="+Sales",
            level=5,
            region="CH",
            locale="de",
            manager_email="b@x.de",
        ),
    )


def test_placeholders_for_nothing_say_nothing() -> None:
    row = read_one("Mail;Vorname;Nachname;ID;Level;Team;Manager;Sprache", "a@x.de;;Null;-;n/a;–;;")
    assert row.person == PersonInFile(email="a@x.de", name="Null")


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (";Anna;1", (Missing(Field.EMAIL),)),
        ("a@x.de; - ;1", (Missing(Field.NAME),)),
        ("n/a;;Guru", (Missing(Field.EMAIL), Missing(Field.NAME), UnknownLevel("Guru"))),
        ("anna;Anna;1", (IllFormedAddress("anna"),)),
        ("=A1;Anna;1", (LooksLikeFormula(Field.EMAIL, "=A1"),)),
        ("a@x.de;\t=HYPERLINK(1);1", (LooksLikeFormula(Field.NAME, "=HYPERLINK(1)"),)),
        ("a@x.de;+Anna;1", (LooksLikeFormula(Field.NAME, "+Anna"),)),
        ("a@x.de;-Anna;1", (LooksLikeFormula(Field.NAME, "-Anna"),)),
        ("a@x.de;@Anna;1", (LooksLikeFormula(Field.NAME, "@Anna"),)),
        ("a@x.de;J�rg;1", (BrokenCharacters(Field.NAME, "J�rg"),)),
        (f"a@x.de;{'A' * 201};1", (TooLong(Field.NAME, 201, 200),)),
        (f"{'a' * 255};Anna;1", (TooLong(Field.EMAIL, 255, 254),)),
        (f"a@x.de;Anna;{'G' * 201}", (TooLong(Field.LEVEL, 201, 200),)),
        (f"a@x.de;Anna;{'G' * 100}", (UnknownLevel("G" * 79 + "…"),)),
    ],
)
def test_a_bad_row_names_every_problem(row: str, problems: tuple[RowProblem, ...]) -> None:
    refused = read_one("Mail;Name;Level", row)
    assert refused.person is None
    assert refused.problems == problems


def test_a_manager_who_is_no_address_is_only_remarked_on() -> None:
    row = read_one("Mail;Name;Manager;Sprache", f"a@x.de;Anna;Berg, {'B' * 300};Elbisch")
    assert row.person == PersonInFile(email="a@x.de", name="Anna")
    assert row.remarks == (ManagerIsNoAddress("Berg, " + "B" * 73 + "…"), UnknownLanguage("Elbisch"))


def test_of_people_who_stand_there_twice_the_first_good_row_goes_in() -> None:
    rows = read(
        "Mail;Name;ID;Level",
        "a@x.de;Anna;1;Guru",
        "a@x.de;Anna;1;VP",
        "A@X.de;Anna B;2;VP",
        "b@x.de;Ben;1;VP",
        "a@x.de;Anna;1;VP",
        "c@x.de;Chris;;",
        "d@x.de;Dora;;",
    )
    assert [row.problems for row in rows] == [
        (UnknownLevel("Guru"),),
        (),
        (AddressTwice("a@x.de", 3),),
        (ExternalIdTwice("1", 3),),
        (AddressTwice("a@x.de", 3), ExternalIdTwice("1", 3)),
        (),
        (),
    ]


def test_a_line_that_cannot_be_read_keeps_the_addresses_in_it() -> None:
    torn = Line(number=2, ends_on=2, cells=('A@x.de;"Anna;b@x.de',), readable=False)
    assert list(read_rows(columns("Mail", "Name", "Manager"), [torn])) == [
        ReadRow(line=2, problems=(QuotesDoNotMatch(),), addresses=("a@x.de", "b@x.de"))
    ]


# The plan


ANNA = KnownPerson(id=UUID(int=1), email="a@x.de", name="Anna", external_id="1", department="HR", level=3)
BEN = KnownPerson(id=UUID(int=2), email="b@x.de", name="Ben")
KNOWN = {person.email: person for person in (ANNA, BEN)}


def row_of(number: int, **facts: Any) -> ReadRow:
    return ReadRow(line=number, person=replace(PersonInFile(email="", name=""), **facts))


def test_new_changed_unchanged_people_and_leavers_are_told_apart() -> None:
    cleo = KnownPerson(id=UUID(int=3), email="c@x.de", name="Cleo", external_id="3")
    planned = plan(
        [
            row_of(2, email="a@x.de", name="Anna", department="IT", level=None),
            row_of(3, email="b@x.de", name="Ben"),
            row_of(4, email="d@x.de", name="Dora", external_id="4"),
        ],
        KNOWN | {cleo.email: cleo},
    )
    assert planned.changed == (
        ChangedPerson(line=2, known=ANNA, changes=(Change(Field.DEPARTMENT, "HR", "IT"),)),
    )
    assert planned.unchanged == (BEN,)
    assert planned.new == (
        NewPerson(line=4, person=PersonInFile(email="d@x.de", name="Dora", external_id="4")),
    )
    assert planned.leavers == (cleo,)
    assert planned.refused == planned.remarked == ()


def test_the_external_id_tells_who_somebody_is_when_the_address_changed() -> None:
    planned = plan([row_of(2, email="anna.neu@x.de", name="Anna Neu", external_id="1")], KNOWN)
    assert planned.changed == (
        ChangedPerson(
            line=2,
            known=ANNA,
            changes=(Change(Field.EMAIL, "a@x.de", "anna.neu@x.de"), Change(Field.NAME, "Anna", "Anna Neu")),
        ),
    )
    assert planned.leavers == (BEN,)


def test_the_address_tells_who_somebody_is_when_the_external_id_is_new() -> None:
    planned = plan([row_of(2, email="b@x.de", name="Ben", external_id="2")], KNOWN)
    assert [change.changes for change in planned.changed] == [(Change(Field.EXTERNAL_ID, None, "2"),)]


def test_an_address_of_somebody_else_is_refused() -> None:
    planned = plan([row_of(2, email="b@x.de", name="Anna", external_id="1")], KNOWN)
    assert planned.refused == (
        ReadRow(
            line=2,
            problems=(AddressBelongsToAnother("b@x.de", "Ben"),),
            addresses=("b@x.de",),
            external_id="1",
        ),
    )
    assert planned.leavers == ()


@pytest.mark.parametrize("order", [1, -1])
def test_an_address_handed_on_within_a_file_waits_for_the_next(order: int) -> None:
    rows = [
        row_of(2, email="anna.neu@x.de", name="Anna", external_id="1"),
        row_of(3, email="a@x.de", name="Anton", external_id="9"),
    ]
    planned = plan(rows[::order], KNOWN)
    assert [change.known for change in planned.changed] == [ANNA]
    assert [row.problems for row in planned.refused] == [(AddressBelongsToAnother("a@x.de", "Anna"),)]


def test_who_stands_in_a_refused_row_is_no_leaver() -> None:
    rows = [
        ReadRow(line=2, problems=(UnknownLevel("Guru"),), addresses=("b@x.de",)),
        ReadRow(line=3, problems=(IllFormedAddress("a"),), external_id="1"),
    ]
    planned = plan(rows, KNOWN)
    assert planned.refused == tuple(rows)
    assert planned.leavers == ()
    assert plan([], KNOWN).leavers == (ANNA, BEN)


def test_rows_with_remarks_are_listed_when_they_go_in() -> None:
    remarks = (ManagerIsNoAddress("Chef"),)
    rows = [
        replace(row_of(2, email="c@x.de", name="Cleo"), remarks=remarks),
        replace(row_of(3, email="b@x.de", name="Anna", external_id="1"), remarks=remarks),
    ]
    assert [row.line for row in plan(rows, KNOWN).remarked] == [2]


def test_a_refused_row_stays_whom_it_meant() -> None:
    refused = ReadRow(line=2, problems=(Missing(Field.NAME),), addresses=("a@x.de",), external_id="1")
    again = refused.refused_for(QuotesDoNotMatch())
    assert again == replace(refused, problems=(QuotesDoNotMatch(),))


PEOPLE = st.lists(
    st.builds(
        PersonInFile,
        email=st.sampled_from([f"{letter}@x.de" for letter in "abcdef"]),
        name=st.sampled_from(["Anna", "Ben", "Cleo"]),
        external_id=st.sampled_from([None, "1", "2", "3"]),
        department=st.sampled_from([None, "HR", "IT"]),
        level=st.sampled_from([None, 3, 4]),
    ),
    max_size=6,
    unique_by=(lambda person: person.email, lambda person: person.external_id or person.email),
)


@given(people=PEOPLE, data=st.data())
def test_the_order_of_rows_does_not_matter_to_the_plan(
    people: list[PersonInFile], data: st.DataObject
) -> None:
    rows = [ReadRow(line=number, person=person) for number, person in enumerate(people, start=2)]
    one = plan(rows, KNOWN)
    other = plan(data.draw(st.permutations(rows)), KNOWN)
    assert set(one.new) == set(other.new)
    assert set(one.changed) == set(other.changed)
    assert set(one.unchanged) == set(other.unchanged)
    assert set(one.refused) == set(other.refused)
    assert one.leavers == other.leavers


@given(people=PEOPLE)
def test_what_was_taken_in_is_unchanged_the_second_time_and_nothing_was_erased(
    people: list[PersonInFile],
) -> None:
    rows = [ReadRow(line=number, person=person) for number, person in enumerate(people, start=2)]
    first = plan(rows, KNOWN)
    assert len(first.new) + len(first.changed) + len(first.unchanged) + len(first.refused) == len(rows)
    assert all(change.new is not None for changed in first.changed for change in changed.changes)
    after = {person.id: person for person in KNOWN.values()}
    for changed in first.changed:
        facts: dict[str, Any] = {change.field.value: change.new for change in changed.changes}
        after[changed.known.id] = replace(changed.known, **facts)
    for number, new in enumerate(first.new, start=10):
        facts_of_new = {field.value: getattr(new.person, field.value) for field in Field}
        after[UUID(int=number)] = KnownPerson(id=UUID(int=number), **facts_of_new)
    taken = [row for row in rows if row.line not in {refused.line for refused in first.refused}]
    second = plan(taken, {person.email: person for person in after.values()})
    assert (second.new, second.changed, second.refused) == ((), (), ())


# Words


def test_every_problem_has_a_sentence_that_says_its_facts() -> None:
    facts = {
        "kind": Kind.PDF,
        "field": Field.DEPARTMENT,
        "missing": (Field.EMAIL, Field.NAME),
        "seen": ("Umsatz", "Ort"),
        "value": "Wert",
        "email": "a@x.de",
        "external_id": "007",
        "name": "Anna",
    }
    for union, sentence_of in (
        (FileProblem, words.file_problem),
        (RowProblem, words.row_problem),
        (Remark, words.remark),
    ):
        for problem in get_args(union):
            given_facts = {name: facts.get(name, 17) for name in problem.__dataclass_fields__}
            sentence = sentence_of(problem(**given_facts))
            assert sentence.endswith(".")
            assert "%(" not in sentence
            for name, fact in given_facts.items():
                if name not in {"kind", "field", "missing", "seen"}:
                    assert str(fact) in sentence


def test_every_kind_of_file_and_every_field_has_words() -> None:
    assert len({words.file_problem(rules.OtherKindOfFile(kind)) for kind in Kind}) == len(Kind)
    assert len({words.field_name(field) for field in Field}) == len(Field)


def test_sentences_say_what_was_seen_and_what_is_understood() -> None:
    assert words.file_problem(ColumnsMissing(3, (Field.EMAIL, Field.NAME), ("Umsatz", "100 %"))) == (
        "The headings in line 3 have no column for the e-mail address and name. What was seen: “Umsatz” and “100 %”."
    )
    assert "“E-mail”" in words.file_problem(HeaderNotFound(("a",)))
    assert words.row_problem(AddressTwice("a@x.de", 7)) == "a@x.de stands in line 7 already."
    level = words.row_problem(UnknownLevel("Guru"))
    assert all(
        word in level
        for word in ("Guru", "VP", "Director", "Abteilungsleiter", "Geschäftsführer", "Werkstudent")
    )
