"""A cohort from its invitations on: who says yes, learns, speaks, falls quiet, and leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from workers.demo.chance import Chance
from workers.demo.members import Member, accept, agree, decline, say_where
from workers.demo.spoken import Quiet, bring_in, said_by
from workers.demo.stage import Stage
from workers.demo.training import Learner, begin
from workers.demo.voices import FIRST_DAY, LAST_DAY

WEEKS_BETWEEN_LISTS = 4
WEEKEND = 5
MOST_OFTEN_BUSY = 0.8


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A cohort of the story. `quiet` are the days on which somebody, by e-mail address, did nothing in public."""

    stage: Stage
    name: str
    members: tuple[Member, ...]
    quiet: Mapping[str, Sequence[Quiet]] = field(default_factory=dict)

    def member(self, email: str) -> Member:
        return next(each for each in self.members if each.email == email)


def joins(circle: Circle, who: Member, on: date) -> None:
    """Says yes, where they speak, and what may be tracked: in one go, on their phone, or over two days."""
    chance = Chance("joins", circle.name, who.email)
    at = f"{chance.between(10, 18):02}:{chance.between(0, 50):02}"
    circle.stage.at(on, at, partial(_join, circle, who))


async def _join(circle: Circle, who: Member, now: datetime) -> None:
    await accept(circle.stage, circle.name, who.email, now)
    minutes = Chance("minutes", circle.name, who.email)
    said = now + timedelta(minutes=minutes.between(2, 9))
    circle.stage.agenda.at(said, partial(say_where, circle.stage, who))
    agreed = said + timedelta(minutes=minutes.between(2, 9))
    circle.stage.agenda.at(agreed, partial(agree, circle.stage, who))


def refuses(circle: Circle, email: str, on: date, reason: str) -> None:
    circle.stage.at(on, "11:20", partial(decline, circle.stage, circle.name, email, reason))


def learns(circle: Circle, learner: Learner, on: date) -> None:
    chance = Chance("learns", circle.name, learner.email, learner.track)
    at = f"{chance.between(7, 14):02}:{chance.between(0, 59):02}"
    circle.stage.at(on, at, partial(begin, circle.stage, learner))


def speaks(circle: Circle, who: Member, from_on: date, until_on: date, by_then: Sequence[date] = ()) -> None:
    """What a member does from one day up to another comes in as lists, about every four weeks, and on the days of
    `by_then` at the latest, when everybody knows that it will be counted.
    """
    chance = Chance("lists", circle.name, who.email)
    last = max(until_on - timedelta(days=chance.between(0, 7)), from_on + timedelta(days=3))
    days = {_workday(last), *(day for day in by_then if from_on < day < until_on)}
    day = from_on + timedelta(days=chance.between(12, 12 + 7 * WEEKS_BETWEEN_LISTS))
    while day < last - timedelta(days=7):
        days.add(_workday(day))
        day += timedelta(days=7 * WEEKS_BETWEEN_LISTS + chance.between(-3, 4))
    since = from_on
    for day in sorted(day for day in days if from_on < day <= until_on):
        at = f"{chance.between(8, 19):02}:{chance.between(0, 59):02}"
        circle.stage.at(day, at, partial(_bring_in, circle, who, since, day))
        since = day


async def _bring_in(circle: Circle, who: Member, since: date, until_on: date, now: datetime) -> None:
    quiet = (*circle.quiet.get(who.email, ()), *_busy_with_other_things(who))
    said = said_by(who, circle.stage.slug, since, until_on, quiet)
    await bring_in(circle.stage, who, said, now)


def _busy_with_other_things(who: Member) -> list[Quiet]:
    """Now and then people have nothing to say for some weeks; some more often than others."""
    chance = Chance("busy", who.email)
    often, day, found = chance.share() * MOST_OFTEN_BUSY, FIRST_DAY, []
    while day < LAST_DAY:
        day += timedelta(days=chance.between(20, 60))
        until = day + timedelta(days=chance.between(24, 58))
        if chance.share() < often:
            found.append(Quiet(from_on=day, until_on=until))
        day = until
    return found


def _workday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - WEEKEND + 1))
