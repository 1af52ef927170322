"""A person's own training and what comes next in it; and the tracks of a program for those who run it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from playbooks.assessments.rules import FEWEST_QUESTIONS
from playbooks.certificates.rules import CertificateFacts, CertificateState, Revoked, state_on
from playbooks.clearances.rules import Clearance
from playbooks.tracks.own_tracks import OwnCertificate, OwnTrack, TrackModule, tracks_of
from playbooks.tracks.rules import ModuleKind, Named, NextStep
from program.database import fetch, fetch_row
from program.refusals import NotFound
from program.roles.rules import Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MyTraining:
    next_step: NextStep | None
    tracks: tuple[OwnTrack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    entry: UUID
    kind: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPage:
    """A reading of a track."""

    track: OwnTrack
    module: TrackModule
    entries: tuple[ReadEntry, ...]


async def my_training(seen_by: Reader, *, today: date, now: datetime) -> MyTraining:
    """Every track whose audience the reader is in, or that they began, in the order of the rollout. At most six queries."""
    tracks = await tracks_of(seen_by.person, seen_by.program, today=today, now=now)
    return MyTraining(next_step=_next_step(tracks), tracks=tracks)


async def next_step(seen_by: Reader, *, today: date, now: datetime) -> NextStep | None:
    """What comes next in the reader's training; None where nothing does. Two queries while no gate is waited for."""
    return (await my_training(seen_by, today=today, now=now)).next_step


async def track_of(person: UUID, program: UUID, track: UUID, *, today: date, now: datetime) -> OwnTrack:
    """A track as one person stands in it; raises `NotFound` where it is not meant for them and they never began it."""
    found = await tracks_of(person, program, today=today, now=now, only=track)
    if not found:
        raise NotFound
    return found[0]


async def reading_page(module: UUID, *, own: OwnTrack) -> ReadingPage:
    """A reading of a track that a person began, in the edition they began it with; else `NotFound`."""
    found = next((each for each in own.readings if each.id == module), None)
    if own.begun_at is None or found is None:
        raise NotFound
    rows = await fetch(
        "SELECT n.entry, n.kind, n.title, n.body FROM module_entry e JOIN edition_entry n ON n.id = e.edition_entry"
        " WHERE e.module = $1 ORDER BY e.position",
        module,
    )
    return ReadingPage(
        track=own,
        module=found,
        entries=tuple(ReadEntry(**row) for row in rows),
    )


def _next_step(tracks: Sequence[OwnTrack]) -> NextStep | None:
    """What can be done at once before what is waited for; then in the order of the rollout."""
    steps = [step for step in map(step_in, tracks) if step is not None]
    return min(steps, key=lambda step: step.kind.rank, default=None)


def step_in(track: OwnTrack) -> NextStep | None:
    """What comes next in this track; None where nothing does."""
    kind, module = track.next_kind, track.next_module
    if kind is None:
        return None
    return NextStep(
        kind=kind,
        track=Named(track.id, track.name),
        module=Named(module.id, module.title) if module else None,
        attempt=track.under_way.id if track.under_way else None,
        lock=track.lock,
        bars=track.bars,
        readings=len(track.readings),
        unread=len(track.unread),
        scenarios=len(track.scenarios),
        unpractised=len(track.unpractised),
        questions=track.questions,
        needed=track.needed,
        renews_on=_renews_on(track.certificate),
    )


def _renews_on(certificate: OwnCertificate | None) -> date | None:
    if certificate is None or certificate.state not in (CertificateState.DUE, CertificateState.LAPSED):
        return None
    return certificate.valid_until_on


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLine:
    """A track in the list of those who run the program. A coach's counts are of the cohorts that they coach.

    `opens_after` is the name of the phase behind the gate that it opens with, `needs` are those of the tracks before it.
    """

    id: UUID
    name: str
    purpose: str
    phases: tuple[str, ...]
    level_from: int | None
    needs: tuple[str, ...]
    grants: Clearance
    opens_after: str | None
    gate_opened: bool
    edition_number: int | None
    modules: int
    questions: int
    begun: int
    passed: int
    pass_percent: int
    attempts_allowed: int
    wait_hours: int
    questions_asked: int

    @property
    def too_few_questions(self) -> bool:
        return self.edition_number is not None and self.questions < FEWEST_QUESTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one person has come in a track; its steps are its readings and scenarios."""

    person: UUID
    name: str
    cohort_name: str
    begun_at: datetime | None
    steps_done: int
    steps: int
    attempts: int
    certificate: UUID | None
    certificate_state: CertificateState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtModule:
    """A module as a track is built now; `entry` is the one that a scenario plays."""

    kind: ModuleKind
    title: str
    entries: int
    entry: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackDesk:
    """A track, what it is made of, and a page of the people it is meant for; `more` where others follow."""

    track: TrackLine
    modules: tuple[TaughtModule, ...]
    people: tuple[Progress, ...]
    page: int
    more: bool


PEOPLE_A_PAGE = 50
# $1 program, $2 the one track or null, $3 the cohorts whose people count, or null for all.
_LINES = (
    "SELECT t.*, n.number AS edition_number, after.name AS opens_after,"
    " EXISTS (SELECT FROM decision d WHERE d.gate = g.id AND d.outcome <> 'stopped') AS gate_opened,"
    " ARRAY(SELECT f.name FROM track_phase a JOIN phase f ON f.id = a.phase WHERE a.track = t.id ORDER BY f.position)"
    "  AS phases,"
    " ARRAY(SELECT o.name FROM prerequisite q JOIN track o ON o.id = q.needs WHERE q.track = t.id ORDER BY o.name) AS needs,"
    " (SELECT count(*) FROM module m WHERE m.track = t.id AND m.edition = t.edition) AS modules,"
    " (SELECT count(*) FROM module m JOIN module_entry e ON e.module = m.id JOIN edition_entry n ON n.id = e.edition_entry"
    "  WHERE m.track = t.id AND m.edition = t.edition AND n.question IS NOT NULL) AS questions,"
    " (SELECT count(*) FROM beginning b WHERE b.track = t.id AND ($3::uuid[] IS NULL OR EXISTS (SELECT FROM enrolment e"
    "  WHERE e.person = b.person AND e.cohort = ANY($3)))) AS begun,"
    " (SELECT count(DISTINCT x.person) FROM certificate x WHERE x.track = t.id"
    "  AND ($3::uuid[] IS NULL OR x.cohort = ANY($3))) AS passed"
    " FROM track t LEFT JOIN edition n ON n.id = t.edition LEFT JOIN gate g ON g.id = t.opens_with"
    " LEFT JOIN phase before ON before.id = g.phase"
    " LEFT JOIN phase after ON after.program = before.program AND after.position = before.position + 1"
    " WHERE t.program = $1 AND ($2::uuid IS NULL OR t.id = $2)"
    " ORDER BY (SELECT min(f.position) FROM track_phase a JOIN phase f ON f.id = a.phase WHERE a.track = t.id),"
    "  NOT EXISTS (SELECT FROM track_phase a WHERE a.track = t.id AND a.required), t.name"
)
_PEOPLE = (
    "WITH them AS (SELECT DISTINCT ON (e.person) e.person, c.name AS cohort_name FROM track_phase a"
    "  JOIN cohort c ON c.phase = a.phase JOIN enrolment e ON e.cohort = c.id"
    "  JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL AND s.state <> 'declined'"
    "  WHERE a.track = $1 AND ($2::uuid[] IS NULL OR c.id = ANY($2)) ORDER BY e.person, e.made_at DESC)"
    " SELECT them.person, them.cohort_name, q.name, b.begun_at, x.id AS certificate, x.issued_on, x.valid_until_on,"
    "  x.revoked_on, x.reason,"
    "  (SELECT count(*) FROM module m WHERE m.track = t.id AND m.edition = coalesce(b.edition, t.edition)"
    "   AND m.kind <> 'assessment') AS steps,"
    "  (SELECT count(*) FROM completion d JOIN module m ON m.id = d.module WHERE m.track = t.id"
    "   AND d.person = them.person) AS steps_done,"
    "  (SELECT count(*) FROM attempt y JOIN module m ON m.id = y.module WHERE m.track = t.id"
    "   AND y.person = them.person AND y.handed_in_at IS NOT NULL) AS attempts"
    " FROM them JOIN person q ON q.id = them.person JOIN track t ON t.id = $1 JOIN program p ON p.id = t.program"
    " LEFT JOIN beginning b ON b.track = t.id AND b.person = them.person"
    " LEFT JOIN LATERAL (SELECT c.id, c.issued_on, c.valid_until_on, r.reason,"
    "   (r.revoked_at AT TIME ZONE p.zone)::date AS revoked_on FROM certificate c"
    "   LEFT JOIN revocation r ON r.certificate = c.id WHERE c.person = them.person AND c.track = t.id"
    "   ORDER BY c.issued_at DESC, c.id DESC LIMIT 1) x ON true"
    " ORDER BY q.name, them.person LIMIT $3 OFFSET $4"
)
_BUILT = (
    "SELECT m.kind, m.title, (SELECT count(*) FROM module_entry e WHERE e.module = m.id) AS entries,"
    " CASE WHEN m.kind = 'scenario' THEN (SELECT n.entry FROM module_entry e"
    "  JOIN edition_entry n ON n.id = e.edition_entry WHERE e.module = m.id) END AS entry"
    " FROM module m JOIN track t ON t.id = m.track AND t.edition = m.edition WHERE t.id = $1 ORDER BY m.position"
)


async def track_lines(seen_by: Reader) -> list[TrackLine]:
    """For leads and coaches, in the order of the rollout. One query."""
    return [_line(row) for row in await fetch(_LINES, seen_by.program, None, _cohorts_seen(seen_by))]


async def track_desk(track: UUID, *, seen_by: Reader, today: date, page: int = 1) -> TrackDesk:
    """For leads, and for coaches with the people of their own cohorts; else `NotFound`."""
    cohorts = _cohorts_seen(seen_by)
    line = await fetch_row(_LINES, seen_by.program, track, cohorts)
    if line is None:
        raise NotFound
    rows = await fetch(_PEOPLE, track, cohorts, PEOPLE_A_PAGE + 1, (page - 1) * PEOPLE_A_PAGE)
    return TrackDesk(
        track=_line(line),
        modules=tuple(
            TaughtModule(
                kind=ModuleKind(row["kind"]), title=row["title"], entries=row["entries"], entry=row["entry"]
            )
            for row in await fetch(_BUILT, track)
        ),
        people=tuple(_progress(row, today) for row in rows[:PEOPLE_A_PAGE]),
        page=page,
        more=len(rows) > PEOPLE_A_PAGE,
    )


def _cohorts_seen(seen_by: Reader) -> list[UUID] | None:
    """A lead sees everybody, a coach those they coach, others nobody."""
    return None if seen_by.is_any(Role.LEAD) else sorted(seen_by.coached)


def _line(row: asyncpg.Record) -> TrackLine:
    told = {name: row[name] for name in TrackLine.__slots__ if name not in {"phases", "needs", "grants"}}
    return TrackLine(
        **told, phases=tuple(row["phases"]), needs=tuple(row["needs"]), grants=Clearance(row["grants"])
    )


def _progress(row: asyncpg.Record, today: date) -> Progress:
    state = None
    if row["certificate"]:
        revoked = Revoked(on=row["revoked_on"], reason=row["reason"]) if row["revoked_on"] else None
        state = state_on(
            CertificateFacts(
                issued_on=row["issued_on"], valid_until_on=row["valid_until_on"], revoked=revoked
            ),
            today,
        )
    return Progress(
        person=row["person"],
        name=row["name"],
        cohort_name=row["cohort_name"],
        begun_at=row["begun_at"],
        steps_done=row["steps_done"],
        steps=row["steps"],
        attempts=row["attempts"],
        certificate=row["certificate"],
        certificate_state=state,
    )
