"""What members did in public, and how it came into the program: as lists of their own, now and then by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from cohorts.activities.actions import Told, log_activity
from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.rules import Measured
from cohorts.activity_lists.actions import take_in_list
from cohorts.activity_lists.rules import Item
from workers.demo.members import Member
from workers.demo.stage import Stage, a_form
from workers.demo.voices import SaidThing, activities_of


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Days on which somebody did nothing in public."""

    from_on: date
    until_on: date

    def holds(self, day: date) -> bool:
        return self.from_on <= day < self.until_on


def said_by(
    who: Member, program: str, from_on: date, until_on: date, quiet: Sequence[Quiet] = ()
) -> list[SaidThing]:
    """What a member did from one day up to another."""
    said = activities_of(
        who.person,
        first_day=from_on,
        last_day=until_on - timedelta(days=1),
        how_active=who.how_active,
        seed=program,
    )
    return [each for each in said if not any(stretch.holds(each.day) for stretch in quiet)]


async def bring_in(stage: Stage, who: Member, said: Sequence[SaidThing], now: datetime) -> None:
    """A member’s list of what they did is taken in; nobody makes one of nothing but hearts and thumbs."""
    if any(each.kind is not Kind.REACTION for each in said):
        await take_in_list(
            [_item(each) for each in said],
            named=f"what-i-said-{stage.today(now):%Y-%m-%d}.csv",
            sent=a_form(),
            **stage.by_today(stage.person(who.email), now),
        )


def _item(said: SaidThing) -> Item:
    return Item(
        kind=said.kind,
        network=said.network,
        link=said.link or "",
        text=said.text,
        done_at=said.at,
        measured=Measured(impressions=said.impressions, reactions=said.reactions, comments=said.comments),
    )


async def log(
    stage: Stage,
    email: str,
    done_on: date,
    kind: Kind,
    text: str,
    now: datetime,
    *,
    network: Network = Network.IN_PERSON,
) -> UUID:
    """By hand, what was done in person, as most do it on the way home."""
    told = Told(kind=kind, done_on=done_on, network=network, text=text)
    return await log_activity(told, sent=a_form(), **stage.by_today(stage.person(email), now))
