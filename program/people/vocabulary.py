"""The words that HR systems use, English and German, for columns, levels and languages."""

import re
import unicodedata
from enum import StrEnum, auto
from functools import lru_cache

from program.people.rules import Field


class NamePart(StrEnum):
    """A column that carries a name or a part of one. A plain "Name" beside a "Vorname" is the last name."""

    WHOLE = auto()
    FIRST = auto()
    LAST = auto()
    PLAIN = auto()


Meaning = Field | NamePart


def _listed(words: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in words.split("|"))


# For each meaning the best heading first: where a file has several, the earlier word wins.
HEADINGS: dict[Meaning, tuple[str, ...]] = {
    Field.EMAIL: _listed(
        """
        e-mail | e-mail-adresse | email address | mail | mailadresse | mail address | work email | business
        email | work e-mail address | company email | corporate email | primary email | primary work email |
        email primary work | e-mail geschäftlich | geschäftliche e-mail | geschäftliche e-mail-adresse |
        e-mail dienstlich | dienstliche e-mail | dienstliche e-mail-adresse | firmen-e-mail | e-mail (work)
        | e-mail (business) | e-mail firma | e-mail-id | user principal name | upn | smtp | smtp address |
        adresse e-mail
        """
    ),
    NamePart.WHOLE: _listed(
        """
        full name | vollständiger name | voller name | display name | anzeigename | employee name |
        mitarbeitername | name, vorname | nachname, vorname | familienname, vorname | last name, first name
        | last, first | surname, first name | vorname nachname | vor- und nachname | vor- und zuname | first
        and last name | first name last name | name des mitarbeiters | mitarbeiter | employee | worker |
        person | name (full) | preferred name | name komplett | vorname name
        """
    ),
    NamePart.FIRST: _listed(
        """
        first name | vorname | given name | forename | rufname | preferred first name | vornamen
        """
    ),
    NamePart.LAST: _listed(
        """
        last name | nachname | surname | family name | familienname | zuname
        """
    ),
    NamePart.PLAIN: _listed(
        """
        name
        """
    ),
    Field.EXTERNAL_ID: _listed(
        """
        personalnummer | employee id | personalnr | pers.-nr. | persnr | employee number | employee no | emp
        id | staff id | mitarbeiternummer | mitarbeiter-nr. | mitarbeiter-id | external id | externe id |
        worker id | personnel number | person id | person number | personal-nr. | stammnummer | user id | id
        """
    ),
    Field.JOB_TITLE: _listed(
        """
        job title | position | position title | positionsbezeichnung | stellenbezeichnung | stelle |
        berufsbezeichnung | position/titel | titel/position | titel der position | business title | jobtitel
        | job | rolle | role | title | titel
        """
    ),
    Field.JOB_FUNCTION: _listed(
        """
        job function | funktion | function | funktionsbereich | fachbereich | job family | jobfamilie | job
        area | tätigkeit | aufgabengebiet | functional area
        """
    ),
    Field.DEPARTMENT: _listed(
        """
        department | abteilung | dept | abt. | team | organisationseinheit | org unit | organizational unit
        | organisational unit | orgeinheit | business unit | geschäftsbereich | bereich | division | unit |
        department name | abteilungsname | kostenstelle name
        """
    ),
    Field.LEVEL: _listed(
        """
        level | ebene | seniority | seniority level | job level | ebene/level | level/ebene |
        level/seniority | ebene/level/seniority | hierarchieebene | hierarchiestufe | führungsebene |
        management level | managementebene | karrierestufe | karrierelevel | career level | stufe |
        senioritätsstufe | job grade | grade
        """
    ),
    Field.REGION: _listed(
        """
        region | standort | location | work location | office | office location | site | arbeitsort |
        dienstort | niederlassung | region/standort | standort/region | standort/land | standort/region/land
        | land | country | stadt | city | ort
        """
    ),
    Field.LOCALE: _listed(
        """
        locale | sprache | language | preferred language | bevorzugte sprache | korrespondenzsprache |
        muttersprache | sprache/locale | language/locale | sprachcode | language code
        """
    ),
    Field.MANAGER_EMAIL: _listed(
        """
        manager e-mail | e-mail manager | manager e-mail address | manager's e-mail | manager mail |
        supervisor e-mail | e-mail vorgesetzte(r) | e-mail vorgesetzte | e-mail des vorgesetzten | e-mail
        der führungskraft | e-mail führungskraft | vorgesetzte(r) e-mail | vorgesetzte e-mail | vorgesetzten
        e-mail | führungskraft e-mail | line manager e-mail | vorgesetzte(r) | vorgesetzte | vorgesetzte/r/n
        | manager | line manager | supervisor | reports to | führungskraft | vorgesetzte(r)/manager |
        manager/vorgesetzte(r) | direkte führungskraft | direkter vorgesetzter | berichtet an
        """
    ),
}

# 1 is entry, 7 is C-level.
LEVEL_WORDS: dict[int, tuple[str, ...]] = {
    1: _listed(
        """
        Trainee | Werkstudent | Intern | Apprentice | Working student | Entry | Entry level | Praktikant |
        Auszubildender | Auszubildende | Azubi | Volontär | Berufseinsteiger | Aushilfe | Student |
        Studentische Hilfskraft | Dual student | Dualer Student | Graduate
        """
    ),
    2: _listed(
        """
        Junior | Mitarbeiter | Employee | Associate | Assistant | Assistenz | Assistent | Staff | Analyst |
        Sachbearbeiter | Angestellter | Angestellte | Fachkraft | Individual contributor | Junior specialist
        | Junior professional
        """
    ),
    3: _listed(
        """
        Senior | Referent | Professional | Specialist | Spezialist | Expert | Experte | Consultant | Berater
        | Mid | Mid-level | Senior specialist | Senior professional | Senior consultant | Senior associate |
        Senior analyst | Senior expert | Senior Referent | Senior Berater | Senior Experte | Fachexperte |
        Experienced | Berufserfahren | Intermediate
        """
    ),
    4: _listed(
        """
        Manager | Teamleiter | Team lead | Team leader | Lead | Principal | Supervisor | Gruppenleiter |
        Teamleitung | Gruppenleitung | Projektleiter | Staff expert | Junior manager | Meister
        """
    ),
    5: _listed(
        """
        Senior manager | Abteilungsleiter | Head | Head of department | Department head | Abteilungsleitung
        | Leiter | Leitung | Hauptabteilungsleiter | Senior principal | Associate director | Ressortleiter |
        Standortleiter | Werkleiter
        """
    ),
    6: _listed(
        """
        Director | VP | Bereichsleiter | Direktor | Vice president | Senior director | Senior vice president
        | SVP | AVP | Bereichsleitung | Managing director of a unit | Prokurist | Executive director |
        Partner | Bereichsvorstand
        """
    ),
    7: _listed(
        """
        C-Level | Geschäftsführer | CEO | Vorstand | Managing director | Executive | C-Suite | EVP |
        Executive vice president | President | Geschäftsführung | Vorständin | Vorstandsmitglied |
        Vorstandsvorsitzender | Vorstandsvorsitzende | CFO | COO | CTO | CIO | CMO | CHRO | CPO | CSO | CISO
        | CRO | CDO | Board member | Chief | Chief officer | Founder
        """
    ),
}

LANGUAGE_WORDS: dict[str, tuple[str, ...]] = {
    "bg": ("Bulgarian", "Bulgarisch", "Български"),
    "cs": ("Czech", "Tschechisch", "Čeština"),
    "da": ("Danish", "Dänisch", "Dansk"),
    "de": ("German", "Deutsch"),
    "el": ("Greek", "Griechisch", "Ελληνικά"),
    "en": ("English", "Englisch"),
    "es": ("Spanish", "Spanisch", "Español"),
    "et": ("Estonian", "Estnisch", "Eesti"),
    "fi": ("Finnish", "Finnisch", "Suomi"),
    "fr": ("French", "Französisch", "Français"),
    "hr": ("Croatian", "Kroatisch", "Hrvatski"),
    "hu": ("Hungarian", "Ungarisch", "Magyar"),
    "it": ("Italian", "Italienisch", "Italiano"),
    "ja": ("Japanese", "Japanisch", "日本語"),
    "ko": ("Korean", "Koreanisch", "한국어"),
    "lt": ("Lithuanian", "Litauisch", "Lietuvių"),
    "lv": ("Latvian", "Lettisch", "Latviešu"),
    "nb": ("Norwegian", "Norwegisch", "Norsk", "no"),
    "nl": ("Dutch", "Niederländisch", "Nederlands"),
    "pl": ("Polish", "Polnisch", "Polski"),
    "pt": ("Portuguese", "Portugiesisch", "Português"),
    "ro": ("Romanian", "Rumänisch", "Română"),
    "ru": ("Russian", "Russisch", "Русский"),
    "sk": ("Slovak", "Slowakisch", "Slovenčina"),
    "sl": ("Slovenian", "Slowenisch", "Slovenščina"),
    "sv": ("Swedish", "Schwedisch", "Svenska"),
    "tr": ("Turkish", "Türkisch", "Türkçe"),
    "uk": ("Ukrainian", "Ukrainisch", "Українська"),
    "zh": ("Chinese", "Chinesisch", "中文"),
}

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_GENDERS = re.compile(r"\(?\b[mwfdxi](?:\s?[/|]\s?[mwfdxi]){1,3}\b\)?", re.IGNORECASE)
_LEVEL_NUMBER = re.compile(r"(?:level|ebene|stufe|grade|l)?\s*([1-7])(?:[.,]0+)?", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*(?:\.utf-?8)?", re.IGNORECASE)


def _key(text: str) -> str:
    """Answer the letters and digits of a text alone, without case, accents or signs; ä is ae."""
    composed = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    return "".join(sign for sign in unicodedata.normalize("NFKD", composed) if sign.isalnum())


_MEANINGS = {
    _key(word): (meaning, rank) for meaning, words in HEADINGS.items() for rank, word in enumerate(words)
}
_LEVELS = {_key(word): level for level, words in LEVEL_WORDS.items() for word in words}
_LANGUAGES = {_key(word): code for code, words in LANGUAGE_WORDS.items() for word in (code, *words)}


def meaning_of(heading: str) -> tuple[Meaning, int] | None:
    """Answer what a column of this heading holds, and the heading's rank (0 is best) among those of that meaning."""
    return _MEANINGS.get(_key(heading))


@lru_cache(maxsize=1024)
def level_named(text: str) -> int | None:
    """Answer the level, 1–7, that a number or a word stands for; titles in the feminine are understood too."""
    if number := _LEVEL_NUMBER.fullmatch(text):
        return int(number[1])
    key = _key(_GENDERS.sub("", text))
    return (
        _LEVELS.get(key) or _LEVELS.get(key.removesuffix("in")) or _LEVELS.get(key.removesuffix("in") + "e")
    )


@lru_cache(maxsize=1024)
def language_named(text: str) -> str | None:
    """Answer the two-letter code of a language given by name ("Deutsch") or tag ("de-AT")."""
    tag = _LANGUAGE_TAG.fullmatch(text)
    return _LANGUAGES.get(_key(tag[1] if tag else text))
