"""What is said of people files: why one cannot be read, what is wrong with a row, what a column holds."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from program.network_activity.rules import SaidBy
from program.people.rules import (
    AddressBelongsToAnother,
    AddressTwice,
    BrokenCharacters,
    BrokenWorkbook,
    ColumnsMissing,
    EmptyFile,
    ExternalIdTwice,
    Field,
    FileProblem,
    HeaderNotFound,
    IllFormedAddress,
    Kind,
    LooksLikeFormula,
    ManagerIsNoAddress,
    Missing,
    NobodyBelowTheHeader,
    NotText,
    OtherKindOfFile,
    PasswordProtected,
    QuotesDoNotMatch,
    Remark,
    RowProblem,
    TooFewCells,
    TooLong,
    TooManyCells,
    TooManyPeople,
    TooMuchInside,
    UnknownLanguage,
    UnknownLevel,
)
from program.people.vocabulary import LEVEL_WORDS
from program.words import figure_text, list_text
from program.words import gettext as _

_LEVEL_WORDS_SHOWN_OF_EACH = 2


def field_name(field: Field) -> str:
    """What a column holds, as in “the department”, without the article."""
    return {
        Field.EMAIL: _("e-mail address"),
        Field.NAME: _("name"),
        Field.EXTERNAL_ID: _("employee number"),
        Field.JOB_TITLE: _("job title"),
        Field.JOB_FUNCTION: _("job function"),
        Field.DEPARTMENT: _("department"),
        Field.LEVEL: _("level"),
        Field.REGION: _("region"),
        Field.LOCALE: _("language"),
        Field.MANAGER_EMAIL: _("manager’s e-mail address"),
    }[field]


def file_problem(problem: FileProblem) -> str:
    """Why a file cannot be read as a list of people, and what to do about it."""
    if isinstance(problem, OtherKindOfFile):
        return _kind_of_file(problem.kind)
    sentence = {
        EmptyFile: _("The file is empty."),
        PasswordProtected: _(
            "The workbook is protected by a password. Save it without one and choose it again."
        ),
        BrokenWorkbook: _("The workbook is damaged and cannot be opened. Save it again as XLSX or CSV."),
        TooMuchInside: _(
            "The workbook holds far more than a list of people. Copy the list into a new workbook."
        ),
        NotText: _("This is neither a workbook nor readable text. Save the list as XLSX or as CSV (UTF-8)."),
        NobodyBelowTheHeader: _("The headings stand in line %(line)s, but there is nobody below them."),
        TooManyPeople: _(
            "There are more than %(at_most)s people in the file. Divide it and take the parts in one by one."
        ),
        HeaderNotFound: _(
            "No line with headings was found. Needed are a column “E-mail” and a column “Name”. What was seen: %(seen)s."
        ),
        ColumnsMissing: _(
            "The headings in line %(line)s have no column for the %(missing)s. What was seen: %(seen)s."
        ),
    }[type(problem)]
    return sentence % _facts(problem)


def _kind_of_file(kind: Kind) -> str:
    return {
        Kind.PDF: _("This is a PDF. Save the list as XLSX or CSV."),
        Kind.PICTURE: _("This is a picture. Save the list as XLSX or CSV."),
        Kind.ARCHIVE: _("This is an archive. Unpack it and choose the list that is in it."),
        Kind.OLD_EXCEL: _(
            "This is a workbook of an old version of Excel (XLS). Open it and save it as XLSX."
        ),
        Kind.BINARY_EXCEL: _("This is a binary workbook (XLSB). Open it and save it as XLSX."),
        Kind.OPEN_DOCUMENT: _("This is an OpenDocument file. Save the list as XLSX or CSV."),
        Kind.TEXT_DOCUMENT: _("This is a text document. Save the list as XLSX or CSV."),
        Kind.WEB_PAGE: _("This is a web page, whatever its name says. Open it in Excel and save it as XLSX."),
    }[kind]


def row_problem(problem: RowProblem) -> str:
    """Why a row was not taken in."""
    sentence = {
        QuotesDoNotMatch: _(
            "A quotation mark stands where it should not, so the cells cannot be told apart."
        ),
        TooFewCells: _("Cells are missing: there are %(expected)s columns, and %(found)s in this row."),
        TooManyCells: _("There are too many cells: %(found)s in this row, for %(expected)s columns."),
        Missing: _("The %(field)s is missing."),
        IllFormedAddress: _("“%(value)s” is not an e-mail address."),
        LooksLikeFormula: _("The %(field)s “%(value)s” begins like a formula."),
        BrokenCharacters: _(
            "The %(field)s “%(value)s” has characters that were lost when the file was saved."
        ),
        TooLong: _("The %(field)s has %(length)s characters; at most %(at_most)s are possible."),
        UnknownLevel: _(
            "The level “%(value)s” is not known. Understood are numbers from 1 to 7, and words such as %(words)s."
        ),
        AddressTwice: _("%(email)s stands in line %(first_line)s already."),
        ExternalIdTwice: _("The employee number %(external_id)s stands in line %(first_line)s already."),
        AddressBelongsToAnother: _("%(email)s belongs to %(name)s, who has another employee number."),
    }[type(problem)]
    return sentence % (_facts(problem) | {"words": list_text(level_words())})


def remark(remark: Remark) -> str:
    """What was left out of a row that is taken in all the same."""
    sentence = {
        ManagerIsNoAddress: _("The manager “%(value)s” is not an e-mail address and was left out."),
        UnknownLanguage: _("The language “%(value)s” is not known and was left out."),
    }[type(remark)]
    return sentence % _facts(remark)


def level_words() -> list[str]:
    """Words for levels that are understood, from the lowest level to the highest."""
    return [word for words in LEVEL_WORDS.values() for word in words[:_LEVEL_WORDS_SHOWN_OF_EACH]]


def _facts(reason: FileProblem | RowProblem | Remark) -> dict[str, str]:
    return {field.name: _fact(getattr(reason, field.name)) for field in fields(reason)}


def _fact(fact: Any) -> str:
    match fact:
        case Field():
            return field_name(fact)
        case int():
            return figure_text(fact)
        case tuple():
            return list_text([field_name(item) if isinstance(item, Field) else f"“{item}”" for item in fact])
        case _:
            return str(fact)


def level_name(level: int | None) -> str:
    """What a level is called; "" where none is known."""
    return {
        1: _("Entry"),
        2: _("Junior"),
        3: _("Senior"),
        4: _("Manager"),
        5: _("Senior manager"),
        6: _("Director"),
        7: _("C-level"),
    }.get(level or 0, "")


def how_often_name(how_often: str) -> str:
    """How often somebody says they are active on networks."""
    return {
        "never": _("not at all"),
        "monthly": _("about once a month"),
        "weekly": _("about once a week"),
        "daily": _("nearly every day"),
    }[how_often]


def said_by_name(said_by: SaidBy) -> str:
    """By whose word it is known where somebody is active."""
    return {
        SaidBy.ONESELF: _("their own"),
        SaidBy.MANAGER: _("their manager’s"),
        SaidBy.FILE: _("a file, or hearsay"),
    }[said_by]


def _changed(facts: Mapping[str, Any]) -> str:
    return _("changed what is known: %(what)s") % {
        "what": list_text([_particular(name) for name in facts["changed"]])
    }


def _particular(name: str) -> str:
    return {
        "networks": _("networks"),
        "how_often": _("how often they are active there"),
        "said_by": _("by whose word it is known"),
    }.get(name) or field_name(Field(name))


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "person_introduced": lambda _facts: _("said who they are"),
    "networks_stated": lambda _facts: _("said on which networks they are active"),
    "person_added": lambda _facts: _("added a person"),
    "person_changed": _changed,
    "person_departed": lambda _facts: _("noted that they left the company"),
    "person_returned": lambda _facts: _("took them back"),
}
