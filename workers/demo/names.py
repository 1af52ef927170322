"""The people of Tidewell, and the list of them that its HR system exports."""

import csv
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from workers.demo.chance import Chance

DOMAIN = "tidewell.example"
OUT_OF_A_HUNDRED_AT_LEVEL = {5: 7, 4: 14, 3: 34, 2: 33, 1: 12}
MOST_OF_ONE_SURNAME, MOST_OF_ONE_GIVEN_NAME = 2, 3
CHIEF_LEVEL, DIRECTOR_LEVEL, HEAD_LEVEL, LEAST_TO_LEAD = 7, 6, 5, 4
_TOLD = Path(__file__).with_name("voices") / "people.toml"
_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "ø": "o"}
SITES = {"Germany": "Bremen", "Portugal": "Porto", "United Kingdom": "Leeds"}
_HEADINGS = (
    "Employee ID",
    "Name",
    "E-Mail",
    "Position ",
    "Job family",
    "Department",
    "LEVEL",
    "Country",
    "Plant",
    "Reports to",
    "FTE",
)
_LEVEL_WORDS = {
    1: ("Apprentice", "Trainee", "Working student"),
    2: ("Associate", "Junior", "Employee"),
    3: ("Professional", "Specialist", "Senior"),
    4: ("Team lead", "Manager"),
    5: ("Senior Manager", "Head of department"),
    6: ("Director",),
    7: ("C-Level",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the company; `manager` is an address, None only of the chief executive."""

    email: str
    name: str
    job_title: str
    job_function: str
    department: str
    level: int
    region: str
    manager: str | None
    external_id: str

    @property
    def names(self) -> tuple[str, str]:
        """Given name and surname, without a title."""
        given, _, family = self.name.removeprefix("Dr. ").partition(" ")
        return given, family


@lru_cache(maxsize=1)
def _told() -> Mapping[str, Any]:
    return tomllib.loads(_TOLD.read_text(encoding="utf-8"))


class _Hiring:
    """Gives out names, each pair once and none too often, and the numbers of the personnel file."""

    def __init__(self) -> None:
        self._chance = Chance("tidewell", "names")
        self._given: Counter[str] = Counter()
        self._family: Counter[str] = Counter()
        self._taken = set(_told()["not_these"])
        self._number = 10_000

    def named(self, name: str, **job: Any) -> Person:
        given, _, family = name.removeprefix("Dr. ").partition(" ")
        self._taken.add(f"{given} {family}")
        self._given[given] += 1
        self._family[family] += 1
        self._number += self._chance.between(3, 29)
        return Person(name=name, email=_address(name), external_id=f"TW-{self._number}", manager=None, **job)

    def anybody(self, region: str, **job: Any) -> Person:
        pools = [pool for pool in _told()["names"] if pool["region"] == region]
        while True:
            pool = self._chance.weighed(pools, [pool["weight"] for pool in pools])
            given = self._chance.one_of(pool["given"].split())
            family = self._chance.one_of(pool["family"].split())
            rare = self._given[given] < MOST_OF_ONE_GIVEN_NAME and self._family[family] < MOST_OF_ONE_SURNAME
            if rare and f"{given} {family}" not in self._taken:
                return self.named(f"{given} {family}", region=region, **job)


def _address(name: str) -> str:
    small = "".join(_LETTERS.get(sign, sign) for sign in name.removeprefix("Dr. ").lower())
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", small) if sign.isascii())
    return f"{plain.replace(' ', '.')}@{DOMAIN}"


def _hired() -> list[Person]:
    told, hiring, chance = _told(), _Hiring(), Chance("tidewell", "jobs")
    people = [hiring.named(**_fixed(told_of)) for told_of in told["fixed"]]
    for department in told["department"]:
        regions = _dealt(chance, department["weights"], department["people"])
        levels = _dealt(chance, OUT_OF_A_HUNDRED_AT_LEVEL, department["people"])
        director = {
            "job_title": department["director"],
            "job_function": "Management",
            "level": DIRECTOR_LEVEL,
        }
        people.append(hiring.anybody(regions[0], department=department["name"], **director))
        heads = chance.shuffled([*department["functions"]])
        for region, level in zip(regions[1:], levels[1:], strict=True):
            leads = level == HEAD_LEVEL and bool(heads)
            function = heads.pop() if leads else chance.one_of([*department["functions"]])
            title = chance.one_of(department["functions"][function][level - 1].split("|"))
            if level == HEAD_LEVEL and not leads:
                title = f"{title}, {SITES[region]}"
            job = {"job_title": title, "job_function": function, "level": level}
            people.append(hiring.anybody(region, department=department["name"], **job))
    return people


def _fixed(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": told["name"],
        "job_title": told["title"],
        "job_function": told["function"],
        "department": told["department"],
        "level": told["level"],
        "region": told["region"],
    }


def _dealt(chance: Chance, weights: Mapping[Any, int], number: int) -> list[Any]:
    """So many of each as it weighs, in a mixed order; the first ones make up for what rounding leaves."""
    whole = sum(weights.values())
    cards = [card for card, weight in weights.items() for _ in range(number * weight // whole)]
    cards += list(weights)[: number - len(cards)]
    return chance.shuffled(cards)


def _led(people: Sequence[Person]) -> tuple[Person, ...]:
    """Each with a manager: one of the same department who stands higher, nearest in level, then in work, then in place."""
    chiefs = {person.job_title: person for person in people if person.level == CHIEF_LEVEL}
    above_directors = {told["name"]: chiefs[told["chief"]].email for told in _told()["department"]}
    chief = chiefs["Chief Executive Officer"]
    return tuple(
        replace(person, manager=_manager_of(person, people, above_directors, chief)) for person in people
    )


def _manager_of(
    person: Person, people: Sequence[Person], above_directors: Mapping[str, str], chief: Person
) -> str | None:
    if person.level == CHIEF_LEVEL:
        return None if person is chief else chief.email
    if person.level == DIRECTOR_LEVEL:
        return above_directors[person.department]
    higher = [
        other
        for other in people
        if other.department == person.department and person.level < other.level < CHIEF_LEVEL
        if other.level >= LEAST_TO_LEAD
    ]
    return min(higher, key=lambda other: _distance(person, other)).email


def _distance(person: Person, other: Person) -> tuple[bool, bool, int, str]:
    elsewhere = other.job_function not in (person.job_function, "Management")
    return elsewhere, other.region != person.region, other.level, other.external_id


PEOPLE: tuple[Person, ...] = _led(_hired())
_BY_ADDRESS = {each.email: each for each in PEOPLE}


def person(email: str) -> Person:
    return _BY_ADDRESS[email]


def hr_file() -> bytes:
    """The whole company as its HR system exports it."""
    return list_of(PEOPLE)


def list_of(people: Iterable[Person]) -> bytes:
    """A part of the company in the same form: titles above the header, semicolons, a byte-order mark, “Surname, Given name”,
    levels in words, managers by name and address, stray spaces and capitals, and columns that nobody asked for.
    """
    file = StringIO(newline="")
    write = csv.writer(file, delimiter=";", lineterminator="\r\n").writerow
    write(["Tidewell group - headcount list", *[""] * 10])
    write(["Key date 31.12.2025; confidential", *[""] * 10])
    write([])
    write(_HEADINGS)
    for each in sorted(people, key=lambda one: one.names[1]):
        write(_row(each))
    return file.getvalue().encode("utf-8-sig")


def _row(each: Person) -> list[str]:
    chance = Chance("tidewell", "list", each.email)
    given, family = each.names
    title = "Dr. " if each.name.startswith("Dr. ") else ""
    manager = _BY_ADDRESS[each.manager] if each.manager else None
    email = each.email.replace(DOMAIN, "Tidewell.example") if chance.below(9) == 0 else each.email
    return [
        each.external_id,
        f"{family}, {title}{given}",
        f" {email}" if chance.below(14) == 0 else email,
        each.job_title + " " * chance.below(2),
        each.job_function,
        each.department,
        chance.one_of(_LEVEL_WORDS[each.level]),
        each.region,
        SITES[each.region],
        f"{manager.name} <{manager.email}>" if manager else "-",
        "0,8" if chance.below(7) == 0 else "1,0",
    ]
