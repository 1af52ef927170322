"""What the people of Tidewell did in public from January 2026 to March 2027."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from cohorts.activities.rules import Kind, Network
from workers.demo.chance import Chance
from workers.demo.links import Account, accounts_of, link_to
from workers.demo.manners import Asides, reply_as
from workers.demo.names import Person
from workers.demo.sayings import Saying, filled, sayings

FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2027, 3, 31)
TELL_OF_THE_DAY = 0.3
A_WEEK = timedelta(days=7)
LONGEST_ON = {Network.X: 280, Network.MASTODON: 500}
FOLDERS = {
    Kind.POST: "posts",
    Kind.REPLY: "replies",
    Kind.ANSWERED_QUESTION: "answers",
    Kind.TALK: "talks",
    Kind.ARTICLE: "articles",
}
_KINDS = {
    Kind.REACTION: 0.35,
    Kind.REPLY: 0.28,
    Kind.POST: 0.17,
    Kind.SHARE: 0.12,
    Kind.ANSWERED_QUESTION: 0.05,
    Kind.TALK: 0.018,
    Kind.ARTICLE: 0.012,
}
_WEEKDAY_WEIGHTS = (1.1, 1.2, 1.15, 1.1, 0.9, 0.25, 0.2)
_HOLIDAYS = (
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 4, 3), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 3)),
    (date(2026, 12, 24), date(2027, 1, 3)),
    (date(2027, 3, 26), date(2027, 3, 29)),
)
_HOURS = {
    "early": (5, 6, 6, 7, 11, 16),
    "midday": (7, 10, 11, 11, 12, 15),
    "late": (8, 12, 16, 17, 18, 19, 20),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidThing:
    """One thing done in public. `day` is the same in London, Lisbon and Berlin; figures that are None were not measured."""

    email: str
    kind: Kind
    network: Network
    day: date
    at: datetime
    link: str | None
    text: str
    impressions: int | None = None
    reactions: int | None = None
    comments: int | None = None


def activities_of(
    person: Person, *, first_day: date, last_day: date, how_active: float, seed: str
) -> list[SaidThing]:
    """What somebody did from one day to another, both included; `how_active` is how many things a week, about.

    One person, seed and `how_active` is one life of which stretches are asked for: nothing is said twice in any of them.
    """
    life = _life(person, how_active, seed)
    return [thing for thing in life if first_day <= thing.day <= last_day]


@lru_cache(maxsize=128)
def _life(person: Person, how_active: float, seed: str) -> tuple[SaidThing, ...]:
    moments = sorted(_moments(person, how_active, seed))
    speaker = _Speaker(person, seed)
    return tuple(speaker.at(moment) for moment in moments)


def _moments(person: Person, how_active: float, seed: str) -> set[datetime]:
    """A rhythm with good weeks, quiet ones, two summer weeks off and little on holidays."""
    chance = Chance("rhythm", person.email, seed)
    hours = _HOURS[chance.one_of(sorted(_HOURS))]
    away = date(2026, 6, 22) + chance.below(9) * A_WEEK
    moments: set[datetime] = set()
    monday = FIRST_DAY - timedelta(days=FIRST_DAY.weekday())
    while monday <= LAST_DAY:
        mood = chance.one_of((0.3, 0.7, 0.9, 1.0, 1.0, 1.1, 1.2, 1.4, 1.7))
        if monday in (away, away + A_WEEK):
            mood = 0.12
        number = how_active * mood
        for _ in range(math.floor(number) + chance.happens(number % 1)):
            weekday = chance.weighed(range(7), _WEEKDAY_WEIGHTS)
            day = monday + timedelta(days=weekday)
            if FIRST_DAY <= day <= LAST_DAY and (not _is_holiday(day) or chance.below(6) == 0):
                minute, second = chance.below(60), chance.below(60)
                moments.add(
                    datetime(day.year, day.month, day.day, chance.one_of(hours), minute, second, tzinfo=UTC)
                )
        monday += A_WEEK
    return moments


def _is_holiday(day: date) -> bool:
    return any(first <= day <= last for first, last in _HOLIDAYS)


def _would_say(person: Person, saying: Saying) -> bool:
    """Of what happened to everybody, not everybody tells."""
    chance = Chance("tells", person.email, saying.place)
    return saying.fits(person) and (saying.days is None or chance.happens(TELL_OF_THE_DAY))


class _Speaker:
    """Says one thing after the other, and no text a second time."""

    def __init__(self, person: Person, seed: str) -> None:
        self._person = person
        self._chance = Chance("life", person.email, seed)
        self._left = {
            kind: self._chance.shuffled([each for each in sayings(folder) if _would_say(person, each)])
            for kind, folder in FOLDERS.items()
        }
        self._asides = Asides(person, self._chance)
        self._followers = self._chance.between(180, 1900)
        self._looks_at_figures = self._chance.happens(0.7)

    def at(self, moment: datetime) -> SaidThing:
        kind = self._chance.weighed(list(_KINDS), list(_KINDS.values()))
        saying = self._next(kind, moment.date())
        if saying is None and kind in FOLDERS:
            kind = Kind.REACTION
        text = "" if saying is None else self._put(kind, saying, moment.date())
        if kind is Kind.TALK:
            return self._said(kind, moment, text, None)
        account = self._account(kind, text)
        return self._said(kind, moment, text, account)

    def _next(self, kind: Kind, day: date) -> Saying | None:
        """What the hour asks for before what can be said on any day."""
        fitting = [saying for saying in self._left.get(kind, ()) if saying.fits_on(day)]
        timely = [saying for saying in fitting if saying.days]
        chosen = next(iter(timely if timely and self._chance.below(5) else fitting), None)
        if chosen:
            self._left[kind].remove(chosen)
        return chosen

    def _put(self, kind: Kind, saying: Saying, day: date) -> str:
        text = filled(saying, self._person, day=day, chance=self._chance)
        if kind is Kind.POST:
            return self._asides.around(text)
        if kind in (Kind.REPLY, Kind.ANSWERED_QUESTION):
            return reply_as(text, self._person, self._chance)
        return text

    def _account(self, kind: Kind, text: str) -> Account:
        accounts = accounts_of(self._person)
        account = accounts[0] if self._chance.happens(0.6) else self._chance.one_of(accounts)
        too_long = len(text) > LONGEST_ON.get(account.network, len(text))
        return accounts[0] if too_long or kind is Kind.ARTICLE else account

    def _said(self, kind: Kind, moment: datetime, text: str, account: Account | None) -> SaidThing:
        if account is None:
            return self._thing(kind, Network.IN_PERSON, moment, None, text)
        link = link_to(kind, account, moment, text.partition("\n")[0], self._chance)
        return self._thing(kind, account.network, moment, link, text)

    def _thing(
        self, kind: Kind, network: Network, moment: datetime, link: str | None, text: str
    ) -> SaidThing:
        impressions, reactions, comments = self._figures(kind, network)
        return SaidThing(
            email=self._person.email,
            kind=kind,
            network=network,
            day=moment.date(),
            at=moment,
            link=link,
            text=text,
            impressions=impressions,
            reactions=reactions,
            comments=comments,
        )

    def _figures(self, kind: Kind, network: Network) -> tuple[int | None, int | None, int | None]:
        """Networks count the views of posts, Mastodon does not; many never look."""
        looked, liked = self._chance.happens(0.85), self._chance.happens(0.4)
        luck, loved = 0.15 + 1.6 * self._chance.share() ** 3, 0.01 + 0.05 * self._chance.share()
        if not self._looks_at_figures or not looked or kind in (Kind.REACTION, Kind.TALK):
            return None, None, None
        seen = round(self._followers * luck)
        if kind in (Kind.REPLY, Kind.ANSWERED_QUESTION):
            return None, (round(seen * loved / 6) if liked else None), None
        hearts = round(seen * loved)
        return (None if network is Network.MASTODON else seen), hearts, round(hearts / 7)
