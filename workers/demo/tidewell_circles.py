"""The three circles of “Tidewell voices”: who came, who learned, who spoke, who fell quiet."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from cohorts.activities.rules import Kind, Network
from cohorts.cohorts.actions import appoint_coach, pause_cohort, resume_cohort
from cohorts.enrolments.actions import leave_cohort, pause_member
from cohorts.invitations.actions import withdraw_invitation
from playbooks.certificates.actions import choose_publicity
from playbooks.set_up.rules import Step
from program.database import fetch_value
from workers.demo.casting import ANNEKE, BEATRIZ, JONAS, RUTH, first_circle, pilot_of_voices, second_circle
from workers.demo.circles import Circle, joins, learns, refuses, speaks
from workers.demo.handbook import track_text
from workers.demo.members import Member, form, invite_all, start
from workers.demo.set_up import go_past
from workers.demo.spoken import Quiet, log
from workers.demo.stage import Stage
from workers.demo.training import Learner

PILOT, FIRST, SECOND = "Pilot", "First circle", "Second circle"
PILOT_FROM, FIRST_FROM, SECOND_FROM = date(2026, 1, 12), date(2026, 9, 28), date(2027, 3, 9)
BEFORE_THE_FIRST_GATE, BEFORE_THE_SECOND_GATE = date(2026, 9, 12), date(2027, 2, 28)
LAST_LISTS = date(2027, 3, 15)
PAUSED_FROM, PAUSED_UNTIL = date(2027, 1, 16), date(2027, 1, 27)
ALWAYS = date(2028, 1, 1)
BOSSES_FROM = 5


def writers() -> dict[str, tuple[Member, ...]]:
    """Of each cohort those who were there, and active, whenever anybody of it wrote down a learning."""
    pilot, first, second = pilot_of_voices(), first_circle(), second_circle()
    return {
        "pilot": pilot[:10],
        "first circle": tuple(each for number, each in enumerate(first) if number not in (5, 9, 12, 17, 20)),
        "second circle": second[2:9],
    }


def tell_of_the_pilot(stage: Stage) -> None:
    """Eleven from the first day on; one who came late, one who left, and Ruth in their place."""
    members = pilot_of_voices()
    late, leaving, away, ruth = members[10], members[11], members[3], members[12]
    circle = Circle(
        stage=stage,
        name=PILOT,
        members=members,
        quiet={
            leaving.email: [Quiet(from_on=date(2026, 2, 20), until_on=ALWAYS)],
            away.email: [Quiet(from_on=date(2026, 7, 20), until_on=date(2026, 9, 1))],
            members[6].email: [Quiet(from_on=date(2026, 12, 14), until_on=ALWAYS)],
        },
    )
    stage.at(date(2025, 11, 18), "10:05", partial(form, stage, PILOT, 0))
    stage.at(date(2025, 11, 18), "10:40", partial(go_past, stage, Step.PILOT))
    invited = [each.email for each in members[:12]]
    stage.at(date(2025, 11, 24), "09:15", partial(invite_all, stage, PILOT, invited))
    for number, who in enumerate(members[:12]):
        joins(circle, who, date(2025, 11, 24) + timedelta(days=(0, 0, 1, 1, 2, 3, 4, 7, 8, 8, 9, 10)[number]))
        learner = Learner(email=who.email, fails=int(number == 5), slips=number % 3 == 1)  # noqa: PLR2004
        learns(circle, learner, date(2026, 3, 23) if who is late else date(2026, 1, 5 + number % 2))
    stage.at(PILOT_FROM, "11:00", partial(start, stage, PILOT))
    stage.at(date(2026, 2, 20), "17:40", partial(_leave, stage, PILOT, leaving.email, REASON_TO_LEAVE))
    stage.at(date(2026, 3, 16), "09:30", partial(invite_all, stage, PILOT, [RUTH]))
    joins(circle, ruth, date(2026, 3, 18))
    learns(circle, Learner(email=RUTH, slips=True), date(2026, 4, 6))
    for who in members:
        first = {late: date(2026, 3, 27), ruth: date(2026, 4, 9)}.get(who, PILOT_FROM)
        until = date(2026, 2, 20) if who is leaving else LAST_LISTS
        speaks(circle, who, first, until, [BEFORE_THE_FIRST_GATE])
    _renew(circle, [who for who in members[:10] if who not in (members[2], away, members[6])])
    stage.at(date(2026, 4, 20), "12:10", partial(_show_certificate, stage, members[0].email))


def _renew(circle: Circle, members: Sequence[Member]) -> None:
    """Most prove it anew, before their year is over or soon after; three have not come to it yet."""
    for number, who in enumerate(members):
        day = date(2026, 12, 14) + timedelta(days=(0, 1, 2, 22, 24, 28, 35)[number])
        learns(circle, Learner(email=who.email, fails=int(number == 4)), day)  # noqa: PLR2004


def tell_of_the_first_circle(stage: Stage) -> None:
    """Twenty-six invited, twenty-four came; paused for two weeks in January, so that one month does not count."""
    members = first_circle()
    declining, silent, leaving, parent = members[9], members[17], members[20], members[5]
    stage_members = tuple(each for each in members if each not in (declining, silent))
    everybody_quiet = Quiet(from_on=PAUSED_FROM, until_on=PAUSED_UNTIL)
    circle = Circle(
        stage=stage,
        name=FIRST,
        members=stage_members,
        quiet={
            **{each.email: [everybody_quiet] for each in stage_members},
            leaving.email: [Quiet(from_on=date(2026, 12, 3), until_on=ALWAYS)],
            parent.email: [Quiet(from_on=date(2027, 2, 1), until_on=ALWAYS)],
        },
    )
    stage.at(date(2026, 9, 3), "09:50", partial(form, stage, FIRST, 1))
    stage.at(date(2026, 9, 3), "10:10", partial(_coach, stage, FIRST, pilot_of_voices()[0].email))
    stage.at(date(2026, 9, 16), "09:05", partial(invite_all, stage, FIRST, [each.email for each in members]))
    refuses(
        circle,
        declining.email,
        date(2026, 9, 21),
        "Two tenders until Christmas. Please ask me again in spring.",
    )
    stage.at(date(2026, 10, 12), "16:30", partial(_uninvite, stage, FIRST, silent.email))
    for number, who in enumerate(stage_members):
        joins(circle, who, date(2026, 9, 16) + timedelta(days=(0, 0, 1, 1, 1, 2)[number % 6]))
        late = number in (11, 18)
        on = date(2026, 10, 5) if late else date(2026, 9, 18) + timedelta(days=(0, 3, 4)[number % 3])
        learns(circle, Learner(email=who.email, fails=int(number in (7, 18)), slips=number % 5 == 0), on)
        until = date(2026, 12, 3) if who is leaving else LAST_LISTS
        first = date(2026, 10, 12) if late else FIRST_FROM
        speaks(circle, who, first, until, [BEFORE_THE_SECOND_GATE])
    _go_on_learning(circle, [each for each in stage_members if each not in (leaving, parent)])
    stage.at(FIRST_FROM, "10:00", partial(start, stage, FIRST))
    stage.at(date(2026, 12, 3), "18:15", partial(_leave, stage, FIRST, leaving.email, ""))
    stage.at(PAUSED_FROM, "17:20", partial(_pause, stage, FIRST, REASON_TO_PAUSE))
    stage.at(PAUSED_UNTIL, "09:00", partial(_resume, stage, FIRST))
    stage.at(
        date(2027, 2, 1),
        "10:20",
        partial(_pause_member, stage, FIRST, parent.email, "Parental leave until August."),
    )


def _go_on_learning(circle: Circle, members: Sequence[Member]) -> None:
    """Some take the tracks that nobody has to take: on critics in autumn, for bosses at Christmas, for a crisis since February."""
    bosses = [each for each in members if each.person.level >= BOSSES_FROM]
    for track, learners, first in (
        ("critics", members[:14], date(2026, 11, 4)),
        ("leadership", bosses[:6], date(2026, 12, 14)),
        ("crisis", members[2:7], date(2027, 2, 22)),
    ):
        name = track_text(track).name
        for number, who in enumerate(learners):
            days = 3 * number if track == "critics" else number
            stops = 2 if who is learners[-1] and track != "leadership" else None
            learner = Learner(email=who.email, track=name, slips=number % 2 == 0, stops_before=stops)
            learns(circle, learner, first + timedelta(days=days))


def tell_of_the_second_circle(stage: Stage) -> None:
    """In every state: seventeen active, some still learning, some who have not answered, one paused, one gone."""
    members = second_circle()
    beatriz, jonas = members[0], members[1]
    assert (beatriz.email, jonas.email) == (BEATRIZ, JONAS)  # noqa: S101 -- the cast begins with them
    circle = Circle(stage=stage, name=SECOND, members=members)
    stage.at(date(2027, 1, 26), "10:00", partial(form, stage, SECOND, 2))
    stage.at(date(2027, 1, 26), "10:15", partial(_coach, stage, SECOND, ANNEKE))
    stage.at(date(2027, 2, 17), "09:10", partial(invite_all, stage, SECOND, [each.email for each in members]))
    refuses(
        circle,
        members[30].email,
        date(2027, 2, 22),
        "I would rather listen for a year first. Is that possible?",
    )
    refuses(circle, members[31].email, date(2027, 3, 1), "")
    active, leaving, learning = members[2:19], members[19], (jonas, *members[20:26])
    for number, who in enumerate((beatriz, *active, leaving)):
        joins(circle, who, date(2027, 2, 17) + timedelta(days=(0, 1, 1, 2, 5, 6)[number % 6]))
        learns(
            circle,
            Learner(email=who.email, fails=int(who is active[8]), slips=number % 4 == 0),
            date(2027, 3, 2 + number % 2),
        )
        if who is not leaving:
            speaks(circle, who, SECOND_FROM, LAST_LISTS)
    for number, who in enumerate(learning):
        joins(circle, who, date(2027, 2, 18) + timedelta(days=(6, 1, 0, 5, 7, 12, 4)[number]))
        done = (4, 9, 0, 2, 7, 1, 5)[number]
        if done:
            learns(
                circle,
                Learner(email=who.email, stops_before=done),
                date(2027, 3, (9, 4, 5, 10, 8, 12, 9)[number]),
            )
    stage.at(SECOND_FROM, "08:30", partial(start, stage, SECOND))
    stage.at(date(2027, 3, 11), "11:50", partial(_answer_the_critic, stage))
    stage.at(
        date(2027, 3, 11),
        "12:45",
        partial(
            _leave, stage, SECOND, leaving.email, "I am moving to the Leeds site and have my hands full."
        ),
    )
    stage.at(
        date(2027, 3, 12),
        "09:40",
        partial(
            _pause_member,
            stage,
            SECOND,
            active[7].email,
            "On a commissioning abroad until May, without a laptop.",
        ),
    )


REASON_TO_LEAVE = "A new baby, and I would rather be quiet for a year. Keep the chair warm."
REASON_TO_PAUSE = (
    "The main in Leeds is mended, the report is not written. Until it is, nobody should have to answer for us alone, and the"
    " five who did should sleep. We go on as soon as there is something to say."
)


async def _answer_the_critic(stage: Stage, now: datetime) -> None:
    """What Beatriz writes her first learning about."""
    told = (
        "It does. I work at Tidewell, I’m only three days into answering things like this."
        " May I say when it does and when it shouldn’t?"
    )
    await log(stage, BEATRIZ, now.date(), Kind.REPLY, told, now, network=Network.LINKEDIN)


async def _coach(stage: Stage, cohort: str, email: str, now: datetime) -> None:
    await appoint_coach(stage.cohorts[cohort], stage.person(email), **stage.by(stage.lead, now))
    stage.keepers["coach"] = stage.person(email)


async def _pause(stage: Stage, cohort: str, reason: str, now: datetime) -> None:
    await pause_cohort(stage.cohorts[cohort], reason=reason, **stage.by_today(stage.lead, now))


async def _resume(stage: Stage, cohort: str, now: datetime) -> None:
    await resume_cohort(stage.cohorts[cohort], **stage.by_today(stage.lead, now))


async def _leave(stage: Stage, cohort: str, email: str, reason: str, now: datetime) -> None:
    enrolment = await stage.enrolment(cohort, email)
    await leave_cohort(
        stage.cohorts[cohort], enrolment, reason=reason, **stage.by_today(stage.person(email), now)
    )


async def _uninvite(stage: Stage, cohort: str, email: str, now: datetime) -> None:
    enrolment = await stage.enrolment(cohort, email)
    await withdraw_invitation(stage.cohorts[cohort], enrolment, **stage.by_today(stage.lead, now))


async def _pause_member(stage: Stage, cohort: str, email: str, reason: str, now: datetime) -> None:
    enrolment = await stage.enrolment(cohort, email)
    await pause_member(stage.cohorts[cohort], enrolment, reason=reason, **stage.by_today(stage.lead, now))


async def _show_certificate(stage: Stage, email: str, now: datetime) -> None:
    me = stage.person(email)
    certificate: UUID = await fetch_value(
        "SELECT id FROM certificate WHERE person = $1 ORDER BY issued_at DESC LIMIT 1", me
    )
    await choose_publicity(certificate, public=True, **stage.by(me, now))
