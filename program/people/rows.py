"""What the rows of a file say: each a person, or the problems for which it is refused."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from program.people.columns import Columns, Line
from program.people.rules import (
    AddressTwice,
    BrokenCharacters,
    ExternalIdTwice,
    Field,
    IllFormedAddress,
    LooksLikeFormula,
    ManagerIsNoAddress,
    Missing,
    PersonInFile,
    QuotesDoNotMatch,
    ReadRow,
    Remark,
    RowProblem,
    TooFewCells,
    TooLong,
    TooManyCells,
    UnknownLanguage,
    UnknownLevel,
)
from program.people.vocabulary import language_named, level_named

LONGEST_TEXT = 200
LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64
_LONGEST_VALUE_SHOWN = 80

_CHECKED_CLOSELY = (Field.EMAIL, Field.NAME)
_FORMULA_SIGNS = ("=", "+", "-", "@")
_DASHES = frozenset("-–—")
_NOTHING = frozenset({"n/a", "#n/a", "na", "k.a.", "k. a.", "null", "none", "#ref!", "#name?", "#value!"})
_LETTER = re.compile(r"[^\W\d_]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_AFTER_A_NAME = frozenset(
    {"phd", "md", "mba", "msc", "bsc", "ma", "ba", "jr", "sr", "ii", "iii", "dr", "esq", "cpa"}
)

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?=[^\W\d_]|xn--){_LABEL}")
_ADDRESS_WITH_NAME = re.compile(r"[^<>]*<\s*([^<>]+?)\s*>")
_SOMETHING_LIKE_AN_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")


def read_rows(columns: Columns, lines: Iterable[Line]) -> Iterator[ReadRow]:
    """Read the lines below the header, one by one. Of people who stand there twice, the first good row goes in."""
    lines_by_address: dict[str, int] = {}
    lines_by_external_id: dict[str, int] = {}
    width = len(columns.headings)
    for line in lines:
        row = _row(columns.places, line, width)
        person = row.person
        if person is None:
            yield row
            continue
        repeated: list[RowProblem] = []
        if first := lines_by_address.get(person.email):
            repeated.append(AddressTwice(person.email, first))
        if person.external_id and (first := lines_by_external_id.get(person.external_id)):
            repeated.append(ExternalIdTwice(person.external_id, first))
        if repeated:
            yield row.refused_for(*repeated)
            continue
        lines_by_address[person.email] = line.number
        if person.external_id:
            lines_by_external_id[person.external_id] = line.number
        yield row


def _row(places: Mapping[Field, tuple[int, ...]], line: Line, width: int) -> ReadRow:
    if problem := _problem_with_the_cells(line, width):
        addresses = (
            address_in(found) for cell in line.cells for found in _SOMETHING_LIKE_AN_ADDRESS.findall(cell)
        )
        return ReadRow(line=line.number, problems=(problem,), addresses=tuple(filter(None, addresses)))
    said = _what_is_said(places, line.cells)
    problems = list(_problems(said))
    email = address_in(said.get(Field.EMAIL, ""))
    external_id = said.get(Field.EXTERNAL_ID)
    if email is None or problems:
        return ReadRow(
            line=line.number,
            problems=tuple(problems),
            addresses=(email,) if email else (),
            external_id=external_id,
        )
    manager, locale = said.get(Field.MANAGER_EMAIL), said.get(Field.LOCALE)
    person = PersonInFile(
        email=email,
        name=first_name_first(said[Field.NAME]),
        external_id=external_id,
        job_title=said.get(Field.JOB_TITLE),
        job_function=said.get(Field.JOB_FUNCTION),
        department=said.get(Field.DEPARTMENT),
        level=level_named(said.get(Field.LEVEL, "")),
        region=said.get(Field.REGION),
        locale=language_named(locale) if locale else None,
        manager_email=address_in(manager) if manager else None,
    )
    return ReadRow(line=line.number, person=person, remarks=_remarks(person, manager, locale))


def _problem_with_the_cells(line: Line, width: int) -> RowProblem | None:
    if not line.readable:
        return QuotesDoNotMatch()
    if len(line.cells) < width:
        return TooFewCells(len(line.cells), width)
    if any(cell.strip() for cell in line.cells[width:]):
        return TooManyCells(len(line.cells), width)
    return None


def _what_is_said(places: Mapping[Field, tuple[int, ...]], cells: Sequence[str]) -> dict[Field, str]:
    said = {}
    for field, (place, *more) in places.items():
        text = clean_text(cells[place])
        for other in more:
            text = f"{text} {clean_text(cells[other])}".strip()
        if text and not _says_nothing(field, text):
            said[field] = text
    return said


@lru_cache(maxsize=4096)
def clean_text(text: str) -> str:
    """Answer a text without control and invisible characters, its runs of white space as single spaces."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    return " ".join(text.split())


def _says_nothing(field: Field, text: str) -> bool:
    if field is Field.NAME:
        return not _LETTER.search(text)
    return _DASHES.issuperset(text) or text.lower() in _NOTHING


def _problems(said: dict[Field, str]) -> Iterator[RowProblem]:
    for field in _CHECKED_CLOSELY:
        text = said.get(field)
        if text is None:
            yield Missing(field)
        elif text.startswith(_FORMULA_SIGNS):
            yield LooksLikeFormula(field, _shown(text))
        elif "\N{REPLACEMENT CHARACTER}" in text:
            yield BrokenCharacters(field, _shown(text))
        elif field is Field.EMAIL and len(text) <= LONGEST_ADDRESS and address_in(text) is None:
            yield IllFormedAddress(_shown(text))
    for field, text in said.items():
        at_most = LONGEST_ADDRESS if field is Field.EMAIL else LONGEST_TEXT
        if len(text) > at_most and field is not Field.MANAGER_EMAIL:
            yield TooLong(field, len(text), at_most)
    level = said.get(Field.LEVEL)
    if level and len(level) <= LONGEST_TEXT and level_named(level) is None:
        yield UnknownLevel(_shown(level))


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE_SHOWN else text[: _LONGEST_VALUE_SHOWN - 1] + "…"


@lru_cache(maxsize=1024)
def address_in(text: str) -> str | None:
    """Answer the e-mail address of a cell in lower case ("Anna Berg <Anna@Example.com>" and "mailto:" too), if it is one."""
    if named := _ADDRESS_WITH_NAME.fullmatch(text):
        text = named[1]
    address = text.strip().lower().removeprefix("mailto:")
    if len(address) > LONGEST_ADDRESS or address.find("@") > _LONGEST_LOCAL_PART:
        return None
    return address if _ADDRESS.fullmatch(address) else None


def first_name_first(name: str) -> str:
    """Turn "Berg, Anna" and "Berg, Anna, Dr." around; leave "Anna Berg, PhD" as it is."""
    last, _, rest = name.partition(",")
    first, comma, title = rest.partition(",")
    last, first = last.strip(), first.strip()
    if not last or not first:
        return name.strip(" ,") or name
    if first.replace(".", "").lower() in _AFTER_A_NAME:
        return name
    return f"{first} {last}{comma}{title}"


def _remarks(person: PersonInFile, manager: str | None, locale: str | None) -> tuple[Remark, ...]:
    remarks: list[Remark] = []
    if manager and person.manager_email is None:
        remarks.append(ManagerIsNoAddress(_shown(manager)))
    if locale and person.locale is None:
        remarks.append(UnknownLanguage(_shown(locale)))
    return tuple(remarks)
