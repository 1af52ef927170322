"""Who of the company goes through which circle."""

from collections.abc import Collection, Sequence
from functools import cache

from workers.demo.chance import Chance
from workers.demo.members import Member, member
from workers.demo.names import PEOPLE, Person, person

INES = "ines.carvalho@tidewell.example"
TOM = "tom.whitaker@tidewell.example"
KATHARINA = "katharina.brandt@tidewell.example"
MIGUEL = "miguel.santos@tidewell.example"
ANNEKE = "anneke.voss@tidewell.example"
CALLUM = "callum.reid@tidewell.example"
BEATRIZ = "beatriz.lopes@tidewell.example"
JONAS = "jonas.petersen@tidewell.example"
RUTH = "ruth.adeyemi@tidewell.example"
WITH_A_PART = (INES, TOM, KATHARINA, MIGUEL, ANNEKE, CALLUM, BEATRIZ, JONAS, RUTH)

FIELD_SERVICE = "Field Service"
DEPARTMENTS = ("Engineering", "Field Service", "Research", "Sales", "Operations", "People & Culture")
ON_SITE_LISTED = 66


@cache
def pilot_of_voices() -> tuple[Member, ...]:
    """Thirteen fairly senior people from everywhere, Ruth the last of them: she came later."""
    return (*_members("pilot", 12, levels=(4, 5), without=()), member(person(RUTH)))


@cache
def first_circle() -> tuple[Member, ...]:
    """Five of them lead others."""
    bosses = _members("bosses", 5, levels=(5,), without=_addresses(pilot_of_voices()))
    before = _addresses((*pilot_of_voices(), *bosses))
    return (*bosses, *_members("first circle", 21, levels=(3, 4), without=before))


@cache
def second_circle() -> tuple[Member, ...]:
    """Beatriz and Jonas are the first two of them."""
    before = _addresses((*pilot_of_voices(), *first_circle()))
    others = _members("second circle", 30, levels=(2, 3, 4), without=before)
    return (member(person(BEATRIZ)), member(person(JONAS)), *others)


@cache
def pilot_on_site() -> tuple[Member, ...]:
    """Nine who work on site, and one more who said no; Callum is the first."""
    before = _addresses((*pilot_of_voices(), *first_circle(), *second_circle()))
    others = _members("on site", 9, levels=(3, 4), without=before, departments=(FIELD_SERVICE,))
    return (member(person(CALLUM)), *others)


@cache
def listed_on_site() -> tuple[Person, ...]:
    """Whom the program on site may invite."""
    inside = {each.email for each in pilot_on_site()} | {TOM}
    here = [each for each in PEOPLE if each.department == FIELD_SERVICE and each.email not in inside]
    chosen = Chance("listed", "on site").shuffled(here)[: ON_SITE_LISTED - len(inside)]
    kept = inside | {each.email for each in chosen}
    return tuple(each for each in PEOPLE if each.email in kept)


def _members(
    name: str,
    number: int,
    *,
    levels: Collection[int],
    without: Collection[str],
    departments: Sequence[str] = DEPARTMENTS,
) -> tuple[Member, ...]:
    """So many of these levels, a department after the other, as chance has it."""
    chance = Chance("casting", name)
    pools = {
        department: chance.shuffled(
            [
                each
                for each in PEOPLE
                if each.department == department and each.level in levels
                if each.email not in (*without, *WITH_A_PART)
            ]
        )
        for department in departments
    }
    chosen: list[Member] = []
    while len(chosen) < number:
        for department in departments:
            if len(chosen) < number and pools[department]:
                chosen.append(member(pools[department].pop()))
    return tuple(chosen)


def _addresses(members: Sequence[Member]) -> frozenset[str]:
    return frozenset(each.email for each in members)
