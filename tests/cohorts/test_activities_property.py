"""Whatever members do, in whatever order, their months are what counting their activities one by one finds."""

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cohorts.activities.actions import Told, delete_activity, edit_activity, log_activity, restore_activity
from cohorts.activities.rules import Kind, Network
from cohorts.months.queries import readings_that_differ
from program.database import fetch
from program.refusals import Refusal
from tests.cast import NOON, a_form
from tests.cohorts.files import Reaction, Share, linkedin_archive, post_link
from tests.cohorts.importers import counted_months, member_months, taken_in
from tests.cohorts.test_activities_actions import START, TODAY, Member, a_pilot_member, consent

pytestmark = pytest.mark.usefixtures("database")
STEPS, POSTS = 30, 8
DAYS = (TODAY - START).days + 3
URNS = ("share", "ugcPost", "activity")


class Somebody:
    """Somebody who logs, changes, deletes, takes back and brings in files, as chance wants it."""

    def __init__(self, chance: random.Random, members: list[Member]) -> None:
        self.chance, self.members = chance, members
        self.deleted: list[tuple[Member, UUID]] = []

    def told(self) -> Told:
        kind = self.chance.choice([*Kind, None])
        link = (
            ""
            if self.chance.random() < 0.3
            else post_link(self.chance.randrange(POSTS), self.chance.choice(URNS))
        )
        day = START + timedelta(days=self.chance.randrange(-2, DAYS))
        return Told(kind=kind, done_on=day, link=link, network=self.chance.choice([None, Network.IN_PERSON]))

    def archive(self) -> bytes:
        def at() -> str:
            return f"{START + timedelta(days=self.chance.randrange(-2, DAYS))} 10:00:00"

        words = ("Good morning", "What I learned", "")
        return linkedin_archive(
            shares=[
                Share(
                    at(),
                    post_link(self.chance.randrange(POSTS), self.chance.choice(URNS)),
                    self.chance.choice(words),
                )
                for _ in range(5)
            ],
            reactions=[Reaction(at(), post_link(self.chance.randrange(POSTS), "activity")) for _ in range(3)],
        )

    async def do_something(self) -> None:
        member = self.chance.choice(self.members)
        who: dict[str, Any] = {"program": member.program, "by": member.person, "now": NOON}
        what = self.chance.choice(("log", "log", "edit", "edit", "delete", "delete", "restore", "bring in"))
        own = [
            row["id"]
            for row in await fetch(
                "SELECT id FROM activity WHERE enrolment = $1 ORDER BY id", member.enrolment
            )
        ]
        if what == "log":
            await log_activity(self.told(), **who, today=TODAY, sent=a_form())
        elif what == "edit" and own:
            await edit_activity(self.chance.choice(own), self.told(), **who, today=TODAY)
        elif what == "delete" and own:
            gone = self.chance.choice(own)
            await delete_activity(gone, **who, today=TODAY)
            self.deleted.append((member, gone))
        elif what == "restore" and self.deleted:
            member, gone = self.deleted.pop(self.chance.randrange(len(self.deleted)))
            await restore_activity(gone, program=member.program, by=member.person, now=NOON, today=TODAY)
        elif what == "bring in":
            await taken_in(self.archive(), **who)


@pytest.mark.parametrize("seed", range(4))
async def test_months_equal_a_count_of_activities_after_any_sequence(seed: int) -> None:
    first = await a_pilot_member()
    second = await a_pilot_member(first.cohort, program=first.program, active_from=START + timedelta(days=9))
    for member in (first, second):
        await consent(member)
    somebody = Somebody(random.Random(seed), [first, second])
    for _ in range(STEPS):
        with suppress(Refusal):
            await somebody.do_something()
        assert await member_months() == await counted_months()
    assert await readings_that_differ(today=TODAY) == []
    assert len(await fetch("SELECT FROM activity")) > 3
