"""The first program of the demo, “Service stories”: people who work on site, in the fifth month of their pilot."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from cohorts.activities.actions import delete_activity
from cohorts.activities.rules import Kind
from cohorts.criteria.actions import tick
from cohorts.gate_changes.actions import add_checklist_item, change_criterion
from cohorts.gate_changes.rules import CriterionAsked
from cohorts.phases.actions import PhaseTold
from playbooks.entries.actions import standing_entry, withdraw_entry
from playbooks.entries.rules import EntryText, EntryTopic
from playbooks.learnings.rules import ENTRY_KINDS, LearningState
from playbooks.reviews.actions import accept_learnings
from playbooks.set_up.rules import Step
from program.database import fetch, fetch_row
from program.roles.actions import grant_role, revoke_role
from program.roles.rules import Role
from workers.demo.casting import CALLUM, INES, KATHARINA, MIGUEL, TOM, listed_on_site, pilot_on_site
from workers.demo.circles import Circle, joins, learns, refuses, speaks
from workers.demo.desk import write_down
from workers.demo.handbook import keep_fresh
from workers.demo.members import form, invite_all, start
from workers.demo.names import list_of, person
from workers.demo.set_up import go_past, lay_out, publish_draft
from workers.demo.spoken import Quiet, log
from workers.demo.stage import Stage, a_form
from workers.demo.told_learnings import ToldLearning, learnings_of
from workers.demo.training import Learner

NAME, ZONE = "Service stories", "Europe/London"
PURPOSE = (
    "Field Service sees what happens when water does not come, and when it comes back. This is for the people in the vans and"
    " on the phones who like to tell it, and for those who wonder whether they may."
)
MADE_ON = date(2026, 9, 7)
TRACKED_FROM = date(2026, 11, 2)
LAST_LISTS = date(2027, 3, 15)
PILOT = "Pilot on site"
STORM_FROM, STORM_UNTIL = date(2026, 11, 30), date(2027, 1, 3)
PHASES = (
    PhaseTold(name="Pilot", capacity=10, audience="Service engineers and planners who are active already."),
    PhaseTold(name="All depots", capacity=40, audience="Whoever works on site in Leeds, Bremen or Porto."),
    PhaseTold(
        name="Field Service", capacity=90, audience="Everybody in the department, planners and trainers too."
    ),
    PhaseTold(name="Our installers", capacity=None, audience="Partners who put our pumps and meters in."),
)
TAKEN_ON = (
    date(2026, 11, 24),
    date(2026, 11, 30),
    date(2026, 12, 21),
    date(2027, 1, 4),
    date(2027, 1, 20),
    date(2027, 1, 25),
    date(2027, 2, 8),
    date(2027, 2, 23),
)
CHAPTERS = {
    EntryTopic.DISCLOSURE: "Say who you are",
    EntryTopic.OWN_VOICE: "Speak in your own voice",
    EntryTopic.PRIVACY_AND_SECURITY: "Keep safe what was trusted to you",
    EntryTopic.ANGRY_CRITICS: "When someone is angry",
    EntryTopic.ADVOCATES: "When someone is kind",
    EntryTopic.WORKERS_RIGHTS: "Your rights come with you",
    EntryTopic.OTHER: "On site",
}
WHAT_EDITION_ONE_IS = (
    "Five pages more, all of them from vans and kitchens. What to photograph and what not, how to answer somebody who films"
    " you in a hole, and why thanks go to the one who did it. Journalists are still missing: if one of you has met one, write"
    " it down."
)
WHAT_EDITION_ZERO_IS = (
    "The starting set, without its chapter on journalists: Legal is rewriting our press rule, and until it is there the"
    " answer to a reporter is Ines’s number."
)


def tell(stage: Stage) -> None:
    """Lay out everything that happened in it."""
    _tell_of_the_set_up(stage)
    _tell_of_the_pilot(stage)
    _tell_of_the_playbook(stage)


def _tell_of_the_playbook(stage: Stage) -> None:
    """Learnings are taken in one by one; edition 1 carried those of the old year."""
    taken = iter(TAKEN_ON)
    for learning in learnings_of(stage.slug, {"pilot": pilot_on_site()[1:9]}):
        write_down(stage, learning)
        if learning.fate is LearningState.ACCEPTED:
            stage.at(next(taken), "16:10", partial(_take_in, stage, learning))
    stage.at(date(2027, 1, 26), "15:00", partial(publish_draft, stage, WHAT_EDITION_ONE_IS))
    stage.at(date(2027, 2, 24), "07:40", partial(_read_all_again, stage))


def _tell_of_the_set_up(stage: Stage) -> None:
    stage.at(date(2026, 9, 8), "10:00", partial(_bring_people, stage))
    stage.at(date(2026, 9, 8), "10:20", partial(_hand_over, stage))
    stage.at(date(2026, 9, 14), "14:30", partial(_leave_journalists_out, stage))
    stage.at(date(2026, 9, 21), "11:00", partial(publish_draft, stage, WHAT_EDITION_ZERO_IS))
    stage.at(date(2026, 9, 22), "09:10", partial(lay_out, stage, PHASES))
    for step, clock in ((Step.ROLLOUT, "09:20"), (Step.PEOPLE, "09:22")):
        stage.at(date(2026, 9, 22), clock, partial(go_past, stage, step))
    stage.at(date(2026, 9, 22), "09:40", partial(_ask_of_the_gate, stage))


def _tell_of_the_pilot(stage: Stage) -> None:
    """Nine on site. In December pipes burst and nobody had time, so that month does not count."""
    members = pilot_on_site()
    busy = Quiet(from_on=STORM_FROM, until_on=STORM_UNTIL)
    refusing = members[9]
    circle = Circle(
        stage=stage,
        name=PILOT,
        members=members[:9],
        quiet={
            **{each.email: [busy] for each in members[1:6]},
            members[7].email: [Quiet(from_on=date(2027, 2, 1), until_on=date(2027, 3, 8))],
        },
    )
    stage.at(date(2026, 9, 28), "08:45", partial(form, stage, PILOT, 0))
    stage.at(date(2026, 9, 28), "09:00", partial(go_past, stage, Step.PILOT))
    stage.at(date(2026, 10, 5), "08:30", partial(invite_all, stage, PILOT, [each.email for each in members]))
    refuses(circle, refusing.email, date(2026, 10, 7), "I like to listen. Others can talk.")
    for number, who in enumerate(circle.members):
        joins(circle, who, date(2026, 10, 5 + (0, 0, 1, 1, 2, 3, 4, 7, 8)[number]))
        learns(
            circle,
            Learner(email=who.email, slips=number % 2 == 0, fails=int(who is members[4])),
            date(2026, 10, 19 + number % 3),
        )
        speaks(circle, who, TRACKED_FROM, LAST_LISTS)
    stage.at(TRACKED_FROM, "09:00", partial(start, stage, PILOT))
    stage.at(date(2027, 3, 11), "18:40", partial(_log_a_talk, stage))
    stage.at(date(2027, 3, 15), "17:20", partial(_log_what_is_deleted, stage))


async def _bring_people(stage: Stage, now: datetime) -> None:
    """His own people, and the few from elsewhere who have a part."""
    others = [person(email) for email in (INES, KATHARINA, MIGUEL)]
    await stage.take_in_people(list_of((*listed_on_site(), *others)), "field-service-2026-09.csv", now)


async def _hand_over(stage: Stage, now: datetime) -> None:
    """The owner made the program; from here on Tom leads it."""
    by = stage.by(stage.lead, now)
    for role, email in ((Role.LEAD, TOM), (Role.SPONSOR, KATHARINA), (Role.REVIEWER, MIGUEL)):
        await grant_role(role, to=stage.person(email), **by)
    await revoke_role(Role.LEAD, of=stage.person(INES), **by)
    stage.lead = stage.person(TOM)


async def _leave_journalists_out(stage: Stage, now: datetime) -> None:
    for row in await fetch(
        "SELECT id FROM entry WHERE program = $1 AND topic = 'journalists' ORDER BY position", stage.program
    ):
        await withdraw_entry(stage.program, row["id"], by=stage.lead, now=now)


async def _read_all_again(stage: Stage, now: datetime) -> None:
    """Half a year after edition 0, in a waiting van."""
    await keep_fresh(stage.program, by=stage.lead, now=now)


async def _take_in(stage: Stage, learning: ToldLearning, now: datetime) -> None:
    """Into the entry of that title, which the first of its learnings makes."""
    by = stage.by_today(stage.lead, now)
    program, text = by.pop("program"), _entry(learning)
    row = await fetch_row(
        "SELECT id, revision FROM entry WHERE program = $1 AND title = $2", program, text.title
    )
    if row is None:
        await accept_learnings(program, stage.waiting[learning.entry][:1], text, sent=a_form(), **by)
    else:
        standing = (await standing_entry(program, row["id"])).text
        more = replace(standing, body=f"{standing.body}\n\n{learning.text.lesson}")
        await accept_learnings(
            program,
            stage.waiting[learning.entry][:1],
            more,
            into=row["id"],
            revision=row["revision"],
            sent=a_form(),
            **by,
        )
    del stage.waiting[learning.entry][:1]


def _entry(learning: ToldLearning) -> EntryText:
    """As Tom writes it: the lesson, and what it was learned from."""
    text = learning.text
    story = " ".join(part for part in (text.situation, text.what_i_did, text.outcome) if part)
    return EntryText(
        chapter=CHAPTERS[text.topic],
        kind=ENTRY_KINDS[text.kind],
        topic=text.topic,
        title=learning.entry,
        body=f"{text.lesson}\n\n{story}",
    )


async def _ask_of_the_gate(stage: Stage, now: datetime) -> None:
    """The sponsor is to be briefed by the end of March; the depots know already who speaks."""
    gate, by = await stage.gate(0), stage.by_today(stage.lead, now)
    briefed = CriterionAsked(
        required=True, item="The sponsor is briefed", owner=stage.lead, due_on=date(2027, 3, 31)
    )
    await change_criterion(gate, await stage.checklist_item(0), briefed, reason="", **by)
    told = CriterionAsked(
        required=True,
        item="The depot managers know who speaks, and what to do when a customer mentions it",
        owner=stage.lead,
        due_on=date(2026, 11, 30),
    )
    item = await add_checklist_item(gate, told, reason="", sent=a_form(), **by)
    stage.at(date(2026, 11, 20), "16:00", partial(_tick, stage, item))


async def _tick(stage: Stage, item: UUID, now: datetime) -> None:
    await tick(item, **stage.by(stage.lead, now))


async def _log_a_talk(stage: Stage, now: datetime) -> None:
    """Callum does by hand what he did in person."""
    told = "Ten minutes at the school in Aldershaw: where the water goes at night. They wanted to know about the rats."
    await log(stage, CALLUM, date(2027, 3, 10), Kind.TALK, told, now)


async def _log_what_is_deleted(stage: Stage, now: datetime) -> None:
    """Logged in the wrong month, seen at once; it can still be brought back today."""
    told = "Answered a farmer at the trailer about frost and couplings."
    activity = await log(stage, CALLUM, date(2027, 3, 13), Kind.ANSWERED_QUESTION, told, now)
    by = stage.by_today(stage.person(CALLUM), now)
    stage.agenda.at(now + timedelta(minutes=4), partial(_delete, activity, by))


async def _delete(activity: UUID, by: dict[str, Any], now: datetime) -> None:
    await delete_activity(activity, **{**by, "now": now})
