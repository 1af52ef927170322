"""What people of Tidewell say: texts from the folder “voices”, whom they fit and when, filled and put in a person’s own way.

A file holds texts parted by a line of three asterisks. A text may begin with a line “@ …” that narrows who says it and
when, parted by semicolons: a region, a job function, “level 4-7”, a season, “2026-09-01 to 2026-10-15”. In a text stand
slots: {town}, {machine}, {weekday}, {colleague}, {apprentice}, {disclosure}, a number {3-9}, a choice {one|another}.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from workers.demo.chance import Chance
from workers.demo.names import PEOPLE, Person

FOLDER = Path(__file__).with_name("voices")
SEASONS = {"winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11)}
ANYONE = "anyone"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_BETWEEN = re.compile(r"^\*\*\*$", re.MULTILINE)
_SLOT = re.compile(r"\{([^{}]*)\}")
_NUMBERS = re.compile(r"(\d+)-(\d+)")
_LEVELS = re.compile(r"level ([1-7])-([1-7])")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")
_DEPARTMENTS = {
    re.sub(r"\W+", "_", each.department.lower().replace("&", "and")): each.department for each in PEOPLE
}
_REGIONS = frozenset(each.region for each in PEOPLE)
_FUNCTIONS = frozenset(each.job_function for each in PEOPLE)


class NotUnderstood(ValueError):  # noqa: N818 (a statement, as refusals are)
    """A text in the folder says something that has no meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A text before it is filled. Empty sets and None narrow nothing. `place` tells file and number."""

    place: str
    text: str
    department: str | None
    regions: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    levels: tuple[int, int] = (1, 7)
    months: frozenset[int] = frozenset()
    days: tuple[date, date] | None = None

    def fits(self, person: Person) -> bool:
        return (
            self.department in (None, person.department)
            and (not self.regions or person.region in self.regions)
            and (not self.functions or person.job_function in self.functions)
            and self.levels[0] <= person.level <= self.levels[1]
        )

    def fits_on(self, day: date) -> bool:
        in_season = not self.months or day.month in self.months
        return in_season and (self.days is None or self.days[0] <= day <= self.days[1])


@lru_cache(maxsize=16)
def sayings(folder: str) -> tuple[Saying, ...]:
    """All the texts of one kind: of a file with a department’s name for its people, of “anyone” for all."""
    files = sorted((FOLDER / folder).glob("*.md"))
    return tuple(saying for file in files for saying in _of_file(file))


def _of_file(file: Path) -> Iterable[Saying]:
    if file.stem != ANYONE and file.stem not in _DEPARTMENTS:
        raise NotUnderstood(
            f"{file}: no department is called that. Known: {', '.join(_DEPARTMENTS)}, {ANYONE}."
        )
    for number, part in enumerate(_BETWEEN.split(file.read_text(encoding="utf-8")), start=1):
        place = f"{file.parent.name}/{file.name}, text {number}"
        narrowed, text = _parted(part.strip())
        if not text:
            raise NotUnderstood(f"{place}: there is no text.")
        _check_slots(place, text)
        yield _saying(place, text, _DEPARTMENTS.get(file.stem), narrowed)


def _parted(part: str) -> tuple[str, str]:
    if not part.startswith("@"):
        return "", part
    first, _, rest = part.partition("\n")
    return first[1:].strip(), rest.strip()


def _saying(place: str, text: str, department: str | None, narrowed: str) -> Saying:
    words = [word.strip() for word in narrowed.split(";") if word.strip()]
    levels, days = (1, 7), None
    for word in words:
        if found := _LEVELS.fullmatch(word):
            levels = (int(found[1]), int(found[2]))
        elif found := _DAYS.fullmatch(word):
            days = (date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        elif word not in _REGIONS | _FUNCTIONS | set(SEASONS):
            raise NotUnderstood(
                f"{place}: “{word}” is no region, job function, level, season or stretch of days."
            )
    return Saying(
        place=place,
        text=text,
        department=department,
        regions=frozenset(words) & _REGIONS,
        functions=frozenset(words) & _FUNCTIONS,
        levels=levels,
        months=frozenset(month for word in words for month in SEASONS.get(word, ())),
        days=days,
    )


def _check_slots(place: str, text: str) -> None:
    for slot in _SLOT.findall(text):
        if slot not in _SLOTS and "|" not in slot and not _NUMBERS.fullmatch(slot):
            raise NotUnderstood(f"{place}: nothing fills the slot {{{slot}}}.")


_SLOTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "town": {
        "Germany": (
            "Osterwede",
            "Lührsdorf",
            "Grauheide",
            "Wiesbrake",
            "Ahlhude",
            "Moorkamp",
            "Brokeloh am Deich",
        ),
        "Portugal": (
            "Vale do Açude",
            "Ribeira do Salto",
            "Fonte da Telhada",
            "Monte Ruivo",
            "Ponte do Freixo",
        ),
        "United Kingdom": (
            "Thornbeck",
            "Haddlesworth",
            "Kirkby Fold",
            "Marl Clough",
            "Aldershaw",
            "Stonebrigg",
        ),
    },
    "apprentice": {
        "Germany": ("Finn", "Mika", "Leonie", "Hamza", "Jette", "Pia", "Till", "Yara"),
        "Portugal": ("Tomás", "Beatriz", "Rúben", "Lara", "Martim", "Iara"),
        "United Kingdom": ("Josh", "Ellie", "Zain", "Freya", "Callie", "Kai", "Amelia"),
    },
    "colleague": {
        "Germany": ("Heike", "Murat", "Silke", "Jörg", "Anh", "Dorota", "Ole", "Karim", "Birte"),
        "Portugal": ("Rita", "Nuno", "Fátima", "Vasco", "Oksana", "Jorge", "Célia"),
        "United Kingdom": ("Gill", "Imran", "Craig", "Ngozi", "Stuart", "Deb", "Rhys", "Kasia"),
    },
    "machine": dict.fromkeys(
        _REGIONS,
        (
            "booster pump",
            "submersible",
            "dosing pump",
            "blower",
            "screw press",
            "valve actuator",
            "sand filter",
        ),
    ),
    "weekday": {},
    "disclosure": {},
}
_DISCLOSURES = (
    "(I work at Tidewell.)",
    "For those who don’t know: I work at Tidewell.",
    "Disclosure: Tidewell pays my wages.",
    "(Tidewell employee, own opinions.)",
    "I’m with Tidewell, speaking for myself.",
    "I work for Tidewell, and nobody asked me to write this.",
    "(Work at Tidewell, opinions mine.)",
)


def filled(saying: Saying, person: Person, *, day: date, chance: Chance) -> str:
    """The text with its slots filled; a named slot says the same each time it stands in the text."""
    known: dict[str, str] = {"weekday": _WEEKDAYS[day.weekday()], "disclosure": disclosure_of(person)}

    def fill(found: re.Match[str]) -> str:
        slot = str(found[1])
        if numbers := _NUMBERS.fullmatch(slot):
            return str(chance.between(int(numbers[1]), int(numbers[2])))
        if "|" in slot:
            return chance.one_of(slot.split("|"))
        if slot not in known:
            own = person.names[0]
            known[slot] = chance.one_of([name for name in _SLOTS[slot][person.region] if name != own])
        return known[slot]

    return _SLOT.sub(fill, saying.text)


def disclosure_of(person: Person) -> str:
    return Chance("disclosure", person.email).one_of(_DISCLOSURES)
