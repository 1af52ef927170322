"""A company in the middle of its rollout, brought there by the real actions: eight months in one go.

The pilot opened its gate with a condition; the first circle has begun its training; each kind of visitor is there.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cohorts.activities.actions import Told, delete_activity, log_activity
from cohorts.activities.rules import Kind, Network
from cohorts.activity_imports.actions import send_file
from cohorts.activity_imports.reading import read_next
from cohorts.cohorts.actions import appoint_coach, form_cohort, start_tracking
from cohorts.criteria.actions import tick
from cohorts.decisions.actions import vote
from cohorts.decisions.rules import Choice, ConditionAsked
from cohorts.enrolments.actions import note_departure
from cohorts.gates.actions import tell_ready_gates
from cohorts.incidents.actions import report_incident
from cohorts.incidents.rules import Gravity
from cohorts.invitations.actions import accept_invitation, invite
from cohorts.invitations.rules import INVITATION
from playbooks.assessments.actions import begin_attempt, hand_in
from playbooks.certificates.actions import choose_publicity
from playbooks.editions.actions import publish
from playbooks.entries.actions import add_entry
from playbooks.entries.rules import EntryKind, EntryText, EntryTopic
from playbooks.learnings.actions import log_learning
from playbooks.learnings.rules import LearningKind, LearningText
from playbooks.reviews.actions import accept_learnings, decline_learning, return_learning
from playbooks.scenarios.actions import go_back
from playbooks.tracks.actions import begin_track, finish_reading
from playbooks.tracks.own_tracks import OwnTrack, tracks_of
from program.access_tokens.actions import MadeToken, make_access_token
from program.access_tokens.rules import Scope
from program.database import execute, fetch_value, transaction
from program.installation.queries import machine_now
from program.people_imports.actions import preview_import
from program.roles.actions import grant_role
from program.roles.rules import Role
from program.sign_in.actions import (
    Try,
    ask_for_link,
    begin_session,
    hand_over_link,
    hashed_password,
    keep_password,
)
from program.sign_in.rules import sealed
from program.social_accounts.actions import add_account, consent, withdraw_consent
from program.social_accounts.rules import Account, Stance
from program.social_accounts.rules import Network as AccountNetwork
from tests.cast import a_form, a_listed_person, a_program, an_owner
from tests.playbooks.learners import play_well, right_answers

BEGINNING = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW = datetime(2027, 2, 15, 12, tzinfo=UTC)
TODAY = NOW.date()
STARTED = date(2026, 7, 1)
PASSWORD = "a short sentence that I remember"
MEMBERS = ("Paula Pilot", "Mona Member", "Miro Member")
ACTIVITIES_FILE = (
    b"published_at,network,kind,link,text,Mood\n"
    b"2027-02-01,linkedin,post,https://www.linkedin.com/feed/update/urn:li:share:71,On trains,good\n"
    b"2026-02-01,linkedin,post,https://www.linkedin.com/feed/update/urn:li:share:72,Long ago,good\n"
)
PEOPLE_FILE = b"E-mail;Name;Department\nnew.one@example.com;New One;Sales\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """`sessions` are the cookies of the visitors by what they are, `tokens` their access tokens; `ids` are the
    things that addresses and forms name. `right_answers` pass the ambassador’s attempt.
    """

    slug: str
    program: UUID
    sessions: dict[str, str]
    tokens: dict[str, str]
    ids: dict[str, str]
    right_answers: dict[str, list[str]]


async def make_world(secret: str) -> World:
    """Within a database marked test: the world, whose clock says `NOW`."""
    olga = await an_owner("Olga Owner")
    program = await a_program(olga, now=BEGINNING, lacking=EntryTopic.JOURNALISTS)
    people = await _people(program, olga)
    found = {name: str(person) for name, person in people.items()}
    found |= await _pilot(program, people, secret)
    found |= await _playbook(program, people)
    found |= await _decision(program, people)
    found |= await _first_circle(program, people, secret)
    found |= await _now_waiting(program, people)
    found |= await _on_the_way_in(program, people, secret)
    found["access_token"] = str((await _token(people["pilot"])).id)
    await execute(
        "UPDATE installation SET clock_offset_seconds = $1", int((NOW - machine_now()).total_seconds())
    )
    return World(
        slug=await fetch_value("SELECT slug FROM program WHERE id = $1", program),
        program=program,
        sessions={name: await _session(people[name]) for name in VISITORS},
        tokens={name: str((await _token(people[name])).token) for name in VISITORS},
        ids=found,
        right_answers={
            f"q-{question}": [str(place) for place in places]
            for question, places in (await right_answers(UUID(found["attempt"]))).items()
        },
    )


VISITORS = (
    "gone",
    "foreign",
    "listed",
    "ambassador",
    "pilot",
    "coach",
    "lead",
    "sponsor",
    "reviewer",
    "owner",
)


async def _people(program: UUID, olga: UUID) -> dict[str, UUID]:
    """Everybody by what they are. `foreign` leads another program, `owner` has no part in this one."""
    other = await a_program(olga, "Another one", now=BEGINNING)
    people = {
        "lead": await a_listed_person(program, olga, "Lena Lead"),
        "sponsor": await a_listed_person(program, olga, "Sam Sponsor"),
        "reviewer": await a_listed_person(program, olga, "Rudi Reviewer"),
        "coach": await a_listed_person(program, olga, "Cora Coach"),
        "listed": await a_listed_person(program, olga, "Lisa Listed", email="lisa@example.com"),
        "gone": await a_listed_person(program, olga, "Gerd Gone"),
        "new": await a_listed_person(program, olga, "Nora New"),
        "invited": await a_listed_person(program, olga, "Ina Invited"),
        "ambassador": await a_listed_person(program, olga, "Anna Ambassador"),
        "owner": await an_owner("Otto Owner"),
        "foreign": await a_listed_person(other, olga, "Fritz Foreign"),
    }
    for name in MEMBERS:
        people[name] = await a_listed_person(program, olga, name)
    people["pilot"] = people[MEMBERS[0]]
    for role in (Role.LEAD, Role.SPONSOR, Role.REVIEWER):
        await grant_role(role, program=program, to=people[role.value], by=olga, now=BEGINNING)
    await grant_role(Role.LEAD, program=other, to=people["foreign"], by=olga, now=BEGINNING)
    async with transaction():
        await keep_password(people["listed"], await hashed_password(PASSWORD), BEGINNING)
    await note_departure(people["gone"], program=program, by=olga, now=BEGINNING)
    return people


async def _pilot(program: UUID, people: dict[str, UUID], secret: str) -> dict[str, str]:
    """Three members prove themselves, are tracked from July on, and speak every month."""
    by: dict[str, Any] = {"program": program, "by": people["lead"]}
    cohort = await form_cohort("Pilot", phase=await _phase(program, 0), now=BEGINNING, sent=a_form(), **by)
    await appoint_coach(cohort, people["coach"], now=BEGINNING, **by)
    for name in MEMBERS:
        await _join(cohort, people[name], by, BEGINNING)
        await _pass(program, people[name], BEGINNING)
    start = _noon(STARTED)
    await start_tracking(cohort, now=start, today=STARTED, **by)
    for month in range(7):
        for name in MEMBERS:
            await _talk(program, people[name], STARTED + relativedelta(months=month))
    nonce = await _invite(cohort, people["invited"], by, NOW)
    certificate = await fetch_value("SELECT id FROM certificate WHERE person = $1", people["pilot"])
    await choose_publicity(certificate, public=True, program=program, by=people["pilot"], now=BEGINNING)
    deleted = await _talk(program, people["pilot"], TODAY)
    await delete_activity(UUID(deleted), program=program, by=people["pilot"], now=NOW, today=TODAY)
    account = await _account(program, people["pilot"], AccountNetwork.LINKEDIN)
    other_account = await _account(program, people["pilot"], AccountNetwork.MASTODON)
    await withdraw_consent(UUID(other_account), program=program, by=people["pilot"], now=start)
    return {
        "phase": str(await _phase(program, 0)),
        "cohort": str(cohort),
        "own_enrolment": await _enrolment(cohort, people["pilot"]),
        "enrolment": await _enrolment(cohort, people["Mona Member"]),
        "invited_enrolment": await _enrolment(cohort, people["invited"]),
        "invitation": sealed(nonce, purpose=INVITATION, secret=secret),
        "deleted_activity": deleted,
        "activity_import": await _activities_file(program, people["pilot"]),
        "activity": await _talk(program, people["pilot"], TODAY),
        "certificate": str(certificate),
        "certificate_token": await fetch_value("SELECT token FROM certificate WHERE id = $1", certificate),
        "account": account,
        "account_without_consent": other_account,
    }


async def _playbook(program: UUID, people: dict[str, UUID]) -> dict[str, str]:
    """Twelve learnings become the entry that the playbook lacked, and edition 1 carries it."""
    now, today = _noon(date(2027, 1, 10)), date(2027, 1, 10)
    learnings = [await _learning(program, people[name], now, send=True) for name in MEMBERS for _ in range(4)]
    lead: dict[str, Any] = {"by": people["lead"], "now": now}
    entry = await accept_learnings(
        program, learnings, _entry(EntryTopic.JOURNALISTS), today=today, sent=a_form(), **lead
    )
    await publish(program, "A chapter on journalists.", today=today, sent=a_form(), **lead)
    return {"entry": str(entry), "accepted_learning": str(learnings[0])}


async def _decision(program: UUID, people: dict[str, UUID]) -> dict[str, str]:
    """Lead and sponsor open the pilot's gate, with a condition for the lead to meet."""
    gate, today = await _gate(program, 0), date(2027, 2, 1)
    await tick(await _checklist_item(gate), program=program, by=people["lead"], now=_noon(today))
    await tell_ready_gates(_noon(today))
    asked = ConditionAsked(what="Name a second coach.", owner=people["lead"], due_on=date(2027, 4, 1))
    for gatekeeper in ("lead", "sponsor"):
        await vote(
            gate,
            Choice.OPEN_WITH_CONDITIONS,
            program=program,
            comment="",
            conditions=[asked],
            by=people[gatekeeper],
            now=_noon(today),
            today=today,
            sent=a_form(),
        )
    second = await _gate(program, 1)
    return {
        "opened_gate": str(gate),
        "condition": str(await fetch_value("SELECT id FROM condition")),
        "gate": str(second),
        "criterion": str(await _checklist_item(second)),
    }


async def _first_circle(program: UUID, people: dict[str, UUID], secret: str) -> dict[str, str]:
    """The ambassador has read and played everything, plays one once more, and is in the middle of the assessment."""
    now = _noon(date(2027, 2, 2))
    by: dict[str, Any] = {"program": program, "by": people["lead"]}
    cohort = await form_cohort("North", phase=await _phase(program, 1), now=now, sent=a_form(), **by)
    await _join(cohort, people["ambassador"], by, now)
    track, attempt = await _begin(program, people["ambassador"], now)
    assert track.assessment is not None
    await go_back(
        track.scenarios[0].id,
        number=1,
        to=0,
        track=track.id,
        program=program,
        by=people["ambassador"],
        now=now,
        today=now.date(),
    )
    return {
        "circle": str(cohort),
        "track": str(track.id),
        "module": str(track.readings[0].id),
        "scenario": str(track.scenarios[0].id),
        "assessment": str(track.assessment.id),
        "attempt": str(attempt),
    }


async def _now_waiting(program: UUID, people: dict[str, UUID]) -> dict[str, str]:
    """What lies on desks today: learnings in each state, a changed draft, an open incident."""
    author, lead = people["pilot"], people["lead"]
    draft = await _learning(program, author, NOW, send=False)
    submitted = await _learning(program, author, NOW, send=True)
    returned = await _learning(program, author, NOW, send=True)
    declined = await _learning(program, author, NOW, send=True)
    await return_learning(program, returned, "Which paper was it?", by=lead, now=NOW, sent=a_form())
    await decline_learning(program, declined, "We know it already.", by=lead, now=NOW, sent=a_form())
    await add_entry(program, _entry(EntryTopic.OTHER), by=lead, now=NOW, today=TODAY, sent=a_form())
    incident = await report_incident(
        Gravity.MINOR,
        "A post named a customer.",
        program=program,
        by=people["listed"],
        now=NOW,
        sent=a_form(),
    )
    return {
        "draft_learning": str(draft),
        "learning": str(submitted),
        "returned_learning": str(returned),
        "incident_id": str(incident),
    }


async def _on_the_way_in(program: UUID, people: dict[str, UUID], secret: str) -> dict[str, str]:
    """Who is about to come: a file of people that is looked at, a first link to hand over, one that was asked for."""
    lead = people["lead"]
    found = await preview_import(
        PEOPLE_FILE, file_name="people.csv", program=program, by=lead, now=NOW, sent=a_form()
    )
    await ask_for_link("lisa@example.com", tried=Try(source="192.0.2.1", secret=secret), at=machine_now())
    token = await hand_over_link(people["new"], program=program, by=lead, secret=secret, at=machine_now())
    return {"people_import": str(found), "sign_in_link": token, "person": str(people["listed"])}


async def _join(cohort: UUID, person: UUID, by: dict[str, Any], now: datetime) -> None:
    nonce = await _invite(cohort, person, by, now)
    await accept_invitation(nonce, password="", signed_in=person, now=now, machine_now=machine_now())


async def _invite(cohort: UUID, person: UUID, by: dict[str, Any], now: datetime) -> bytes:
    await invite([person], cohort=cohort, now=now, today=now.date(), sent=a_form(), **by)
    nonce: bytes = await fetch_value(
        "SELECT i.nonce FROM invitation i JOIN enrolment e ON e.cohort = i.cohort AND e.id = i.enrolment"
        " WHERE e.cohort = $1 AND e.person = $2",
        cohort,
        person,
    )
    return nonce


async def _begin(program: UUID, person: UUID, now: datetime) -> tuple[OwnTrack, UUID]:
    """A person's track, its readings done, and the attempt that they began."""
    own: dict[str, Any] = {"program": program, "by": person, "now": now, "today": now.date()}
    (track, *_) = await tracks_of(person, program, today=now.date(), now=now)
    await begin_track(track.id, **own)
    (track, *_) = await tracks_of(person, program, today=now.date(), now=now)
    for reading in track.readings:
        await finish_reading(reading.id, track=track.id, **own)
    for scenario in track.scenarios:
        await play_well(scenario.id, track=track.id, program=program, by=person, now=now)
    assert track.assessment is not None
    return track, await begin_attempt(track.assessment.id, track=track.id, sent=a_form(), **own)


async def _pass(program: UUID, person: UUID, now: datetime) -> None:
    _track, attempt = await _begin(program, person, now)
    await hand_in(
        attempt, await right_answers(attempt), program=program, by=person, now=now, today=now.date()
    )


async def _token(person: UUID) -> MadeToken:
    """An access token for everything that the API has."""
    made: dict[str, Any] = {"by": person, "at": machine_now(), "sent": a_form()}
    return await make_access_token("Board report", list(Scope), lasts_days=365, **made)


async def _talk(program: UUID, person: UUID, on: date) -> str:
    told = Told(kind=Kind.TALK, done_on=on, network=Network.IN_PERSON, text="A talk at a meetup.")
    return str(await log_activity(told, program=program, by=person, now=_noon(on), today=on, sent=a_form()))


async def _learning(program: UUID, author: UUID, now: datetime, *, send: bool) -> UUID:
    text = LearningText(
        kind=LearningKind.DO,
        topic=EntryTopic.JOURNALISTS,
        lesson="Ask which paper it is for.",
        situation="A reporter wrote to me on a Sunday.",
    )
    return await log_learning(program, text, send=send, by=author, now=now, sent=a_form())


def _entry(topic: EntryTopic) -> EntryText:
    return EntryText(
        chapter="When a journalist calls",
        kind=EntryKind.DO,
        topic=topic,
        title=f"Ask which paper it is for ({topic.value})",
        body="Then send their questions to the press office.",
        question=None,
    )


async def _activities_file(program: UUID, person: UUID) -> str:
    """A list of a member's own, read, with a column that nobody knows."""

    async def pieces() -> AsyncIterator[bytes]:
        yield ACTIVITIES_FILE

    id = await send_file(
        pieces(), file_name="activities.csv", program=program, by=person, now=NOW, sent=a_form()
    )
    await read_next(NOW, only=id)
    return str(id)


async def _account(program: UUID, person: UUID, network: AccountNetwork) -> str:
    account = Account(
        network=network,
        handle="paula",
        address="",
        stance=Stance.PERSONAL,
        disclosure="I work at Example.",
    )
    now = _noon(STARTED)
    id = await add_account(account, program=program, by=person, now=now, sent=a_form())
    await consent(
        id, from_on=STARTED, tracking_start=STARTED, program=program, by=person, now=now, today=STARTED
    )
    return str(id)


async def _session(person: UUID) -> str:
    async with transaction():
        return await begin_session(person, machine_now())


async def _phase(program: UUID, position: int) -> UUID:
    phase: UUID = await fetch_value(
        "SELECT id FROM phase WHERE program = $1 AND position = $2", program, position
    )
    return phase


async def _gate(program: UUID, position: int) -> UUID:
    gate: UUID = await fetch_value("SELECT id FROM gate WHERE phase = $1", await _phase(program, position))
    return gate


async def _checklist_item(gate: UUID) -> UUID:
    item: UUID = await fetch_value("SELECT id FROM criterion WHERE gate = $1 AND kind = 'checklist'", gate)
    return item


async def _enrolment(cohort: UUID, person: UUID) -> str:
    return str(
        await fetch_value("SELECT id FROM enrolment WHERE cohort = $1 AND person = $2", cohort, person)
    )


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
