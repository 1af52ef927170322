"""Files of people as HR systems and people themselves make them, from bytes to rows."""

import csv
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from program.people import files
from program.people.files import PeopleFile, read_people_file
from program.people.rules import (
    AddressTwice,
    BrokenCharacters,
    BrokenWorkbook,
    ColumnsMissing,
    EmptyFile,
    Field,
    FileProblem,
    HeaderNotFound,
    IllFormedAddress,
    Kind,
    LooksLikeFormula,
    Missing,
    NobodyBelowTheHeader,
    NotText,
    OtherKindOfFile,
    PasswordProtected,
    PersonInFile,
    QuotesDoNotMatch,
    ReadRow,
    TooFewCells,
    TooManyCells,
    TooManyPeople,
    TooMuchInside,
    UnknownLevel,
)

HEADER = "E-Mail;Name;Abteilung"


def opened(content: bytes) -> PeopleFile:
    file = read_people_file(content)
    assert isinstance(file, PeopleFile), file
    return file


def rows_of(text: str, encoding: str = "utf-8") -> list[ReadRow]:
    return list(opened(text.encode(encoding)).rows())


def people_of(text: str, encoding: str = "utf-8") -> list[PersonInFile]:
    return [row.person for row in rows_of(text, encoding) if row.person]


def problem_of(content: bytes) -> FileProblem:
    problem = read_people_file(content)
    assert not isinstance(problem, PeopleFile)
    return problem


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    fill(book)
    book.close()
    return target.getvalue()


def sheet_of(*rows: list[object]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)

    return workbook(fill)


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return target.getvalue()


# A German and an English export


def test_a_german_export_of_400_rows_gives_395_people_and_five_problems() -> None:
    levels = ["Abteilungsleiterin", "Geschäftsführer", "Werkstudent", "Teamleiter", "Senior Manager", "VP"]
    lines = [
        "Personalnummer;Nachname, Vorname;E-Mail-Adresse;Funktion;Abteilung;Ebene;Standort;Vorgesetzte(r);Sprache"
    ]
    lines += [
        f"{number:05};Müßig{number}, Jörg;Joerg.Muessig{number}@Beispiel.de;Einkauf;Einkäufe Süd;"
        f"{levels[number % 6]};Köln;chefin@beispiel.de;Deutsch"
        for number in range(1, 401)
    ]
    lines[10] = lines[10].replace("@Beispiel.de", "")
    lines[50] = lines[50].replace("Müßig50, Jörg", "")
    lines[100] = lines[100].replace("Senior Manager", "Guru")
    lines[200] = lines[200].replace("Muessig200@", "Muessig7@")
    lines[400] = lines[400].replace(";Köln", "")
    file = opened(("\r\n".join(lines) + "\r\n").encode("windows-1252"))
    rows = list(file.rows())
    assert len(rows) == 400
    assert {row.line: row.problems for row in rows if not row.person} == {
        11: (IllFormedAddress("Joerg.Muessig10"),),
        51: (Missing(Field.NAME),),
        101: (UnknownLevel("Guru"),),
        201: (AddressTwice("joerg.muessig7@beispiel.de", 8),),
        401: (TooFewCells(8, 9),),
    }
    assert rows[0].person == PersonInFile(
        email="joerg.muessig1@beispiel.de",
        name="Jörg Müßig1",
        external_id="00001",
        job_function="Einkauf",
        department="Einkäufe Süd",
        level=7,
        region="Köln",
        locale="de",
        manager_email="chefin@beispiel.de",
    )
    assert file.columns.recognised[1] == ("Nachname, Vorname", Field.NAME)
    assert file.columns.ignored == ()


def test_an_english_workbook_of_400_rows_gives_395_people_and_five_problems() -> None:
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
            "Country",
        ]
    ]
    levels = ["Director", "C-Level", 3, "Intern", "Senior Manager"]
    rows += [
        [n, "Zoë", f"O’Neill{n}", f"zoe{n}@example.com", "Buyer", "Buying", levels[n % 5], 45000, "Ireland"]
        for n in range(1, 401)
    ]
    rows[10][3] = "zoe10(at)example.com"
    rows[20][3] = ""
    rows[30][6] = 9
    rows[40][3] = "ZOE39@example.com"
    rows[50][1], rows[50][2] = "@Zoë", ""
    file = opened(sheet_of(*rows))
    read = list(file.rows())
    assert {row.line: row.problems for row in read if not row.person} == {
        11: (IllFormedAddress("zoe10(at)example.com"),),
        21: (Missing(Field.EMAIL),),
        31: (UnknownLevel("9"),),
        41: (AddressTwice("zoe39@example.com", 40),),
        51: (LooksLikeFormula(Field.NAME, "@Zoë"),),
    }
    assert len(read) == 400
    assert read[1].person == PersonInFile(
        email="zoe2@example.com",
        name="Zoë O’Neill2",
        external_id="2",
        job_title="Buyer",
        department="Buying",
        level=3,
        region="Ireland",
    )
    assert file.columns.ignored == ("Hired",)


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_ends_are_recognised(
    encoding: str, delimiter: str, line_end: str
) -> None:
    text = line_end.join(["E-Mail;Name;Abteilung", "ueli@example.com;Ueli Nägeli;Käse", ""]).replace(
        ";", delimiter
    )
    assert people_of(text, encoding) == [
        PersonInFile(email="ueli@example.com", name="Ueli Nägeli", department="Käse")
    ]


def test_big_endian_utf_16_is_recognised() -> None:
    content = b"\xfe\xff" + f"{HEADER}\nu@example.com;Zoë;Käse".encode("utf-16-be")
    assert [row.person.name for row in opened(content).rows() if row.person] == ["Zoë"]


def test_a_few_lost_characters_spoil_their_rows_and_not_the_file() -> None:
    people = "".join(f"p{n}@example.com;Jürgen Öztürk;Käse\n" for n in range(20)).encode()
    rows = list(opened(f"{HEADER}\n".encode() + people + b"q@example.com;J\xfcrgen;HR\n").rows())
    assert rows[0].person == PersonInFile(email="p0@example.com", name="Jürgen Öztürk", department="Käse")
    assert rows[-1].problems == (BrokenCharacters(Field.NAME, "J�rgen"),)


def test_titles_above_the_header_are_passed_over() -> None:
    text = f'sep=;\nMitarbeiterliste "Nord"\n\nStand: 1.2.2027;;\n{HEADER}\n\na@example.com;Anna;HR\n;;\n'
    assert [(row.line, row.problems) for row in rows_of(text)] == [(7, ())]


def test_a_header_below_twenty_lines_is_not_found() -> None:
    problem = problem_of(("Titel\n" * 20 + f"{HEADER}\na@example.com;Anna;HR\n").encode())
    assert problem == HeaderNotFound(("Titel",))


def test_a_file_without_a_header_says_what_was_seen() -> None:
    assert problem_of(b"a@example.com;Anna Berg;HR\n") == HeaderNotFound(("a@example.com", "Anna Berg", "HR"))


def test_a_missing_column_is_named() -> None:
    assert problem_of(b"Liste\nName,Abteilung,Ort\nAnna,HR,Ulm\n") == ColumnsMissing(
        2, (Field.EMAIL,), ("Name", "Abteilung", "Ort")
    )
    assert problem_of(b"Mail,Nachname\na@example.com,Berg\n") == ColumnsMissing(
        1, (Field.NAME,), ("Mail", "Nachname")
    )


def test_a_header_with_nobody_below_is_a_problem() -> None:
    assert problem_of(f"{HEADER}\n;;\n\n".encode()) == NobodyBelowTheHeader(1)


def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks() -> None:
    text = f'{HEADER}\na@example.com;"Berg; Anna ""Änne""";"Haus 1,\nUlm"\nb@example.com;Ben;HR\n'
    assert [(row.line, row.person and row.person.name) for row in rows_of(text)] == [
        (2, 'Berg; Anna "Änne"'),
        (4, "Ben"),
    ]


def test_a_heading_may_have_two_lines() -> None:
    rows = rows_of('E-Mail;"Name,\nVorname";Ort\na@example.com;Berg, Anna;Ulm\n')
    assert [(row.line, row.person and row.person.name) for row in rows] == [(3, "Anna Berg")]


@pytest.mark.parametrize(
    "bad",
    [
        'b@example.com;"Ben;HR',
        '"b@example.com;Ben;HR',
        'b@example.com;Ben;"HR',
        'b@example.com;"Ben" Berg;HR',
        'b@example.com;"Ben;HR\nx@example.com;Xaver";HR',
    ],
)
def test_a_stray_quotation_mark_takes_no_other_line_along(bad: str) -> None:
    rows = rows_of(
        f'{HEADER}\na@example.com;Anna;HR\n{bad}\nc@example.com;Chris;HR\nd@example.com;Dora;"HR"\n'
    )
    assert rows[1] == ReadRow(line=3, problems=(QuotesDoNotMatch(),), addresses=("b@example.com",))
    good = [row.person.email for row in rows if row.person]
    assert [email for email in good if not email.startswith("x")] == [
        "a@example.com",
        "c@example.com",
        "d@example.com",
    ]


def test_two_stray_quotation_marks_do_not_swallow_those_between() -> None:
    rows = rows_of(f'{HEADER}\na@example.com;Anna;"HR\nb@example.com;Ben;IT\nc@example.com;Chris;HR"\n')
    assert [row.line for row in rows] == [2, 3, 4]
    assert [row.person is not None for row in rows] == [False, True, True]


def test_a_quotation_mark_that_is_never_closed_ends_with_its_line() -> None:
    people = "".join(f"p{n}@example.com;Person {n};HR\n" for n in range(60))
    rows = rows_of(f'{HEADER}\na@example.com;Anna;"HR\n{people}')
    assert [row.line for row in rows if not row.person] == [2]
    assert len(rows) == 61


def test_rows_with_too_few_or_too_many_cells_are_refused() -> None:
    rows = rows_of(f"{HEADER};\na@example.com;Anna\nb@example.com;Ben;HR;x\nc@example.com;Chris;HR;;;\n")
    assert [row.problems for row in rows] == [(TooFewCells(2, 3),), (TooManyCells(4, 3),), ()]


def test_names_split_by_an_unquoted_comma_are_too_many_cells() -> None:
    rows = rows_of("mail,name\na@example.com,Berg, Anna\n")
    assert rows == [ReadRow(line=2, problems=(TooManyCells(3, 2),), addresses=("a@example.com",))]


def test_too_many_people_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_PEOPLE_IN_A_FILE", 3)
    three = f"{HEADER}\n" + "\n".join(f"p{n}@example.com;P;HR" for n in range(3))
    assert len(rows_of(three)) == 3
    assert problem_of(f"{three}\nq@example.com;Q;HR".encode()) == TooManyPeople(3)


def test_200_000_rows_are_read_one_by_one() -> None:
    lines = (f"p{n}@example.com;Berg{n}, Anna;Einkauf" for n in range(200_000))
    file = opened("\n".join([HEADER, *lines]).encode())
    assert sum(row.person is not None for row in file.rows()) == 200_000


# Other kinds of file


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b" \t\r\n;;;\n", b'""\n'])
def test_an_empty_file_is_called_so(content: bytes) -> None:
    assert problem_of(content) == EmptyFile()


def archive(*names: str) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", Kind.PDF),
        (b"\x89PNG\r\n\x1a\n\x00", Kind.PICTURE),
        (b"\xff\xd8\xff\xe0\x00", Kind.PICTURE),
        (b"\x1f\x8b\x08\x00", Kind.ARCHIVE),
        (archive("people.csv"), Kind.ARCHIVE),
        (archive(), Kind.ARCHIVE),
        (archive("content.xml", "mimetype"), Kind.OPEN_DOCUMENT),
        (archive("word/document.xml"), Kind.TEXT_DOCUMENT),
        (archive("xl/workbook.bin"), Kind.BINARY_EXCEL),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Kind.OLD_EXCEL),
        (b"{\\rtf1\\ansi E-Mail;Name}", Kind.TEXT_DOCUMENT),
        (b"\n<table><tr><td>E-Mail</td><td>Name</td></tr></table>", Kind.WEB_PAGE),
        ("\ufeff<html><body>".encode("utf-16-le"), Kind.WEB_PAGE),
    ],
)
def test_other_kinds_of_file_are_named_whatever_they_are_called(content: bytes, kind: Kind) -> None:
    assert problem_of(content) == OtherKindOfFile(kind)


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 8,
        b"E-Mail;Name\n\x00\x01\x02",
        b"E-Mail;Name\na@example.com;J\x81\xfc\n",
        b"\x00" * 50,
        "E-Mail;Name".encode("utf-32"),
        b"\x01\x02\x03\x04abc",
    ],
)
def test_what_is_no_text_is_called_so(content: bytes) -> None:
    assert problem_of(content) == NotText()


def test_a_protected_workbook_is_called_so() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert problem_of(content) == PasswordProtected()


# Workbooks


def test_the_first_visible_sheet_with_a_list_of_people_is_read_wherever_it_stands() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Deckblatt").write(0, 0, "Mitarbeiterliste")
        book.add_worksheet("leer")
        hidden = book.add_worksheet("alt")
        hidden.write_row(0, 0, ["E-Mail", "Name"])
        hidden.write_row(1, 0, ["old@example.com", "Old"])
        hidden.hide()
        book.add_chartsheet("Bild")
        sheet = book.add_worksheet("Personen")
        sheet.write(1, 2, "Stand Februar")
        sheet.write_row(3, 2, ["E-Mail", "Name", "Personalnummer", "Seit"])
        sheet.write_row(5, 2, ["a@example.com", "Berg, Anna", 4711])
        sheet.write_datetime(5, 5, date(2024, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write(5, 7, "Notiz neben der Tabelle")

    file = opened(workbook(fill))
    assert list(file.rows()) == [
        ReadRow(line=6, person=PersonInFile(email="a@example.com", name="Anna Berg", external_id="4711"))
    ]
    assert file.columns.ignored == ("Seit",)


def test_formulas_give_the_value_that_the_workbook_shows() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["E-Mail", "Name", "Level", "Team"])
        sheet.write_formula(1, 0, '=LOWER("A@example.com")', None, "a@example.com")
        sheet.write_formula(1, 1, '="Anna"', None, "Anna")
        sheet.write_formula(1, 2, "=1+2", None, 3)
        sheet.write_formula(1, 3, "=NA()", None, "#N/A")
        sheet.write_string(2, 0, "b@example.com")
        sheet.write_string(2, 1, "=cmd|'/c calc'!A1")

    rows = list(opened(workbook(fill)).rows())
    assert rows[0].person == PersonInFile(email="a@example.com", name="Anna", level=3)
    assert rows[1].problems == (LooksLikeFormula(Field.NAME, "=cmd|'/c calc'!A1"),)


def test_a_workbook_without_people_is_refused_with_what_was_seen() -> None:
    assert problem_of(workbook(lambda book: book.add_worksheet())) == EmptyFile()
    assert problem_of(sheet_of(["Umsatz", "Monat"], [1, 2])) == HeaderNotFound(("Umsatz", "Monat"))
    assert problem_of(sheet_of(["E-Mail", "Name"])) == NobodyBelowTheHeader(1)


def test_a_damaged_workbook_is_called_so() -> None:
    whole = sheet_of(["E-Mail", "Name"], ["a@example.com", "Anna"])
    assert problem_of(whole[: len(whole) // 2]) == BrokenWorkbook()
    assert problem_of(b"PK\x03\x04 and then nothing") == BrokenWorkbook()
    sheet = "xl/worksheets/sheet1.xml"
    assert problem_of(with_part(whole, sheet, lambda data: data[: len(data) // 2])) == BrokenWorkbook()
    assert problem_of(with_part(whole, "xl/workbook.xml", lambda _: b"<workbook")) == BrokenWorkbook()


def test_a_workbook_that_unpacks_to_far_too_much_is_not_unpacked() -> None:
    whole = sheet_of(["E-Mail", "Name"], ["a@example.com", "Anna"])
    bomb = with_part(whole, "xl/styles.xml", lambda data: data + b" " * 20_000_000)
    assert len(bomb) < 100_000
    assert problem_of(bomb) == TooMuchInside()


def test_two_cells_at_the_far_ends_of_a_sheet_do_no_harm() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "E-Mail")
        sheet.write(1_048_575, 16_383, "x")

    assert problem_of(workbook(fill)) == TooMuchInside()


# Whatever is given


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
@example(b"\xff\xfeA")
@example(b'E-Mail;Name\n"')
def test_any_bytes_give_a_problem_or_rows(content: bytes) -> None:
    whatever = read_people_file(content)
    if isinstance(whatever, PeopleFile):
        assert list(whatever.rows())


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='aä@.;,\t"\n\r=- \x0b\u2028', max_size=200), st.sampled_from(["utf-8", "utf-16"]))
def test_any_text_below_a_header_is_read_line_by_line(text: str, encoding: str) -> None:
    whatever = read_people_file(f"{HEADER}\n{text}\nz@example.com;Zoë;HR\n".encode(encoding))
    assert isinstance(whatever, PeopleFile)
    rows = list(whatever.rows())
    assert [row.line for row in rows] == sorted({row.line for row in rows})
    assert all((row.person is None) == bool(row.problems) for row in rows)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_workbook_with_bytes_changed_gives_a_problem_or_rows(data: st.DataObject) -> None:
    whole = sheet_of(["E-Mail", "Name"], ["a@example.com", "Anna"], ["b@example.com", "Ben"])
    part = data.draw(st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"]))

    def damage(content: bytes) -> bytes:
        place = data.draw(st.integers(0, len(content) - 1))
        return content[:place] + data.draw(st.binary(min_size=1, max_size=6)) + content[place + 1 :]

    whatever = read_people_file(with_part(whole, part, damage))
    if isinstance(whatever, PeopleFile):
        assert list(whatever.rows())


NAMES = st.text(alphabet="abcÄöüßé '-;,.\t\"\n", max_size=20).map(lambda text: f"N{text}n")


@settings(max_examples=100, deadline=None)
@given(
    names=st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8),
    delimiter=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252"]),
    everything_quoted=st.booleans(),
)
def test_what_a_csv_writer_wrote_is_read_as_it_was(
    names: list[tuple[str, str]], delimiter: str, encoding: str, everything_quoted: bool
) -> None:
    target = StringIO()
    writer = csv.writer(
        target, delimiter=delimiter, quoting=csv.QUOTE_ALL if everything_quoted else csv.QUOTE_MINIMAL
    )
    writer.writerow(["Vorname", "E-Mail", "Nachname", "Abteilung"])
    for number, (first, last) in enumerate(names):
        writer.writerow([first.replace(",", ""), f"p{number}@example.com", last.replace(",", ""), "Käse"])
    people = people_of(target.getvalue(), encoding)
    assert [person.email for person in people] == [f"p{number}@example.com" for number in range(len(names))]
    assert [person.name for person in people] == [
        " ".join(f"{first} {last}".replace(",", "").split()) for first, last in names
    ]
