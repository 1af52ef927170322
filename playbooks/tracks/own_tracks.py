"""A track as one person stands in it: how far they have come, and what keeps them from going on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import asyncpg

from cohorts.enrolments.rules import EnrolmentState
from cohorts.gates.queries import GateLine, gate_state_and_forecast
from cohorts.gates.rules import GateState
from playbooks.assessments.rules import (
    AssessmentRules,
    AttemptBar,
    AttemptFacts,
    right_answers_needed,
    what_bars_an_attempt,
)
from playbooks.certificates.rules import CertificateFacts, CertificateState, Revoked, state_on
from playbooks.clearances.rules import Clearance
from playbooks.tracks.rules import (
    STANDING,
    Audience,
    EnrolmentFacts,
    GateFacts,
    Lock,
    ModuleKind,
    Named,
    PersonFacts,
    StepKind,
    TrackFacts,
    next_kind,
    what_locks,
    what_stops,
)
from program.database import fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackModule:
    """A step of a track; `entries` are those that a reading holds, `tries` those at a scenario."""

    id: UUID
    kind: ModuleKind
    title: str
    entries: int
    tries: int
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAttempt:
    id: UUID
    number: int
    begun_at: datetime
    handed_in_at: datetime | None
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificate:
    """The newest certificate that a person has of a track, valid or not."""

    id: UUID
    state: CertificateState
    issued_on: date
    valid_until_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a module stands among those of its track, counted from 1."""

    number: int
    whole: int
    previous: TrackModule | None
    next: TrackModule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTrack:
    """A track as one person stands in it. `attempts` and `bars` are those that count now: when a certificate is to be
    renewed, attempts begin anew.
    """

    id: UUID
    name: str
    purpose: str
    grants: Clearance
    edition_number: int | None
    begun_at: datetime | None
    lock: Lock
    modules: tuple[TrackModule, ...]
    rules: AssessmentRules
    valid_months: int
    questions: int
    attempts: tuple[OwnAttempt, ...]
    bars: tuple[AttemptBar, ...]
    certificate: OwnCertificate | None

    @property
    def proven(self) -> bool:
        return self.certificate is not None and self.certificate.state is CertificateState.VALID

    @property
    def readings(self) -> tuple[TrackModule, ...]:
        return tuple(module for module in self.modules if module.kind is ModuleKind.READING)

    @property
    def unread(self) -> tuple[TrackModule, ...]:
        return tuple(module for module in self.readings if module.done_at is None)

    @property
    def scenarios(self) -> tuple[TrackModule, ...]:
        return tuple(module for module in self.modules if module.kind is ModuleKind.SCENARIO)

    @property
    def unpractised(self) -> tuple[TrackModule, ...]:
        return tuple(module for module in self.scenarios if module.done_at is None)

    @property
    def ahead(self) -> TrackModule | None:
        """The first module before the assessment that is not done."""
        undone = (module for module in self.modules if module.done_at is None)
        return next((module for module in undone if module.kind is not ModuleKind.ASSESSMENT), None)

    @property
    def done(self) -> int:
        """How many modules are done, the assessment among them once it is proven."""
        return sum(module.done_at is not None for module in self.modules) + self.proven

    def place_of(self, module: UUID) -> Place:
        at = next(at for at, each in enumerate(self.modules) if each.id == module)
        return Place(
            number=at + 1,
            whole=len(self.modules),
            previous=self.modules[at - 1] if at else None,
            next=self.modules[at + 1] if at + 1 < len(self.modules) else None,
        )

    @property
    def assessment(self) -> TrackModule | None:
        return next((module for module in self.modules if module.kind is ModuleKind.ASSESSMENT), None)

    @property
    def under_way(self) -> OwnAttempt | None:
        return next((attempt for attempt in self.attempts if attempt.handed_in_at is None), None)

    @property
    def needed(self) -> int:
        """The right answers that pass, of the questions that are asked."""
        return right_answers_needed(self.questions, self.rules.pass_mark)

    @property
    def next_kind(self) -> StepKind | None:
        return next_kind(
            lock=self.lock,
            begun=self.begun_at is not None,
            ahead=self.ahead.kind if self.ahead else None,
            bars=self.bars,
            proven=self.proven,
        )

    @property
    def next_module(self) -> TrackModule | None:
        """The first reading or scenario that is not done, or the assessment."""
        return self.ahead or self.assessment


# The tracks of the program $2 that are meant for the person $1 or that they began ($3: only that one), each beside what
# is known of the person. Enrolments stand oldest first.
_TRACKS = (
    "WITH me AS (SELECT p.job_function, p.level, p.region,"
    "  ARRAY(SELECT (f.id, f.name, s.state) FROM enrolment e JOIN cohort c ON c.id = e.cohort AND c.program = $2"
    "   JOIN phase f ON f.id = c.phase JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
    "   WHERE e.person = p.id ORDER BY e.made_at, e.id) AS enrolments,"
    "  ARRAY(SELECT DISTINCT x.track FROM certificate x WHERE x.person = p.id AND x.program = $2) AS passed"
    "  FROM person p WHERE p.id = $1)"
    " SELECT t.*, me.job_function, me.level, me.region, me.enrolments, me.passed, b.begun_at,"
    "  n.id AS read_in, n.number AS edition_number, after.name AS leads_to,"
    "  EXISTS (SELECT FROM decision d WHERE d.gate = g.id AND d.outcome <> 'stopped') AS gate_opened,"
    "  ARRAY(SELECT (f.id, f.name) FROM track_phase a JOIN phase f ON f.id = a.phase WHERE a.track = t.id"
    "   ORDER BY f.position) AS phases,"
    "  ARRAY(SELECT (o.id, o.name) FROM prerequisite q JOIN track o ON o.id = q.needs WHERE q.track = t.id"
    "   ORDER BY o.name) AS prerequisites,"
    "  x.id AS certificate, x.issued_on, x.valid_until_on, x.revoked_on, x.reason, x.attempt_number"
    " FROM me, track t JOIN program p ON p.id = t.program"
    " LEFT JOIN beginning b ON b.track = t.id AND b.person = $1"
    " LEFT JOIN edition n ON n.id = coalesce(b.edition, t.edition)"
    " LEFT JOIN gate g ON g.id = t.opens_with"
    " LEFT JOIN phase before ON before.id = g.phase"
    " LEFT JOIN phase after ON after.program = before.program AND after.position = before.position + 1"
    " LEFT JOIN LATERAL (SELECT c.id, c.issued_on, c.valid_until_on, a.number AS attempt_number, r.reason,"
    "   (r.revoked_at AT TIME ZONE p.zone)::date AS revoked_on FROM certificate c JOIN attempt a ON a.id = c.attempt"
    "   LEFT JOIN revocation r ON r.certificate = c.id WHERE c.person = $1 AND c.track = t.id"
    "   ORDER BY c.issued_at DESC, c.id DESC LIMIT 1) x ON true"
    " WHERE t.program = $2 AND ($3::uuid IS NULL OR t.id = $3) AND (b.id IS NOT NULL OR EXISTS (SELECT FROM track_phase a"
    "  JOIN cohort c ON c.phase = a.phase JOIN enrolment e ON e.cohort = c.id AND e.person = $1"
    "  JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL AND s.state = ANY($4)"
    "  WHERE a.track = t.id))"
    " ORDER BY (SELECT min(f.position) FROM track_phase a JOIN phase f ON f.id = a.phase WHERE a.track = t.id),"
    "  NOT EXISTS (SELECT FROM track_phase a WHERE a.track = t.id AND a.required), t.name"
)
_MODULES = (
    "SELECT m.id, m.track, m.kind, m.title, d.done_at,"
    " (SELECT count(*) FROM module_entry e WHERE e.module = m.id) AS entries,"
    " (SELECT count(*) FROM scenario_run r WHERE r.module = m.id AND r.person = $1) AS tries,"
    " CASE WHEN m.kind = 'assessment' THEN (SELECT count(*) FROM module s JOIN module_entry e ON e.module = s.id"
    "  JOIN edition_entry n ON n.id = e.edition_entry WHERE s.track = m.track AND s.edition = m.edition"
    "  AND n.question IS NOT NULL) ELSE 0 END AS questions,"
    " ARRAY(SELECT (a.id, a.number, a.begun_at, a.handed_in_at, a.passed) FROM attempt a WHERE a.module = m.id"
    "  AND a.person = $1 ORDER BY a.number) AS attempts"
    " FROM unnest($2::uuid[], $3::uuid[]) AS w (track, edition)"
    " JOIN module m ON m.track = w.track AND m.edition = w.edition"
    " LEFT JOIN completion d ON d.module = m.id AND d.person = $1 ORDER BY m.track, m.position"
)


async def tracks_of(
    person: UUID, program: UUID, *, today: date, now: datetime, only: UUID | None = None
) -> tuple[OwnTrack, ...]:
    """The tracks that are meant for a person, or that they began, each with where they stand in it."""
    rows = await fetch(_TRACKS, person, program, only, sorted(STANDING))
    if not rows:
        return ()
    modules: dict[UUID, list[asyncpg.Record]] = defaultdict(list)
    built = [row for row in rows if row["read_in"]]
    for module in await fetch(
        _MODULES, person, [row["id"] for row in built], [row["read_in"] for row in built]
    ):
        modules[module["track"]].append(module)
    gates: dict[UUID, GateLine] = {}
    if any(row["opens_with"] and not row["gate_opened"] and not row["begun_at"] for row in rows):
        gates = {gate.id: gate for gate in await gate_state_and_forecast(program, today=today)}
    facts = _person(rows)
    return tuple(_track(row, modules[row["id"]], facts, gates, today=today, now=now) for row in rows)


def _person(rows: Sequence[asyncpg.Record]) -> PersonFacts:
    me = rows[0]
    return PersonFacts(
        job_function=me["job_function"],
        level=me["level"],
        region=me["region"],
        enrolments=tuple(
            EnrolmentFacts(phase=Named(id, name), state=EnrolmentState(state))
            for id, name, state in me["enrolments"]
        ),
        begun=frozenset(row["id"] for row in rows if row["begun_at"]),
        passed=frozenset(me["passed"]),
    )


def _track(
    row: asyncpg.Record,
    modules: Sequence[asyncpg.Record],
    person: PersonFacts,
    gates: Mapping[UUID, GateLine],
    *,
    today: date,
    now: datetime,
) -> OwnTrack:
    certificate, before_renewal = _certificate(row, today)
    rules = AssessmentRules(
        asked=row["questions_asked"],
        pass_mark=Fraction(row["pass_percent"], 100),
        attempts=row["attempts_allowed"],
        wait=timedelta(hours=row["wait_hours"]),
    )
    attempts = tuple(
        OwnAttempt(id=id, number=number, begun_at=begun_at, handed_in_at=handed_in_at, passed=bool(passed))
        for module in modules
        for id, number, begun_at, handed_in_at, passed in module["attempts"]
        if number > before_renewal
    )
    steps = tuple(_module(module) for module in modules)
    bank = sum(module["questions"] for module in modules)
    undone = {kind: _undone(steps, kind) for kind in (ModuleKind.READING, ModuleKind.SCENARIO)}
    return OwnTrack(
        id=row["id"],
        name=row["name"],
        purpose=row["purpose"],
        grants=Clearance(row["grants"]),
        edition_number=row["edition_number"],
        begun_at=row["begun_at"],
        lock=what_stops(person) or what_locks(_facts(row, gates, today), person),
        modules=steps,
        rules=rules,
        valid_months=row["valid_months"],
        questions=min(bank, rules.asked),
        attempts=attempts,
        bars=what_bars_an_attempt(
            questions=bank,
            unread=undone[ModuleKind.READING],
            unpractised=undone[ModuleKind.SCENARIO],
            earlier=[
                AttemptFacts(handed_in_at=attempt.handed_in_at, passed=attempt.passed) for attempt in attempts
            ],
            now=now,
            rules=rules,
        ),
        certificate=certificate,
    )


def _undone(steps: Sequence[TrackModule], kind: ModuleKind) -> tuple[str, ...]:
    return tuple(step.title for step in steps if step.kind is kind and step.done_at is None)


def _module(row: asyncpg.Record) -> TrackModule:
    return TrackModule(
        id=row["id"],
        kind=ModuleKind(row["kind"]),
        title=row["title"],
        entries=row["entries"],
        tries=row["tries"],
        done_at=row["done_at"],
    )


def _certificate(row: asyncpg.Record, today: date) -> tuple[OwnCertificate | None, int]:
    """The newest certificate, and the attempt it was got with where it is to be renewed: later ones count."""
    if row["certificate"] is None:
        return None, 0
    revoked = Revoked(on=row["revoked_on"], reason=row["reason"]) if row["revoked_on"] else None
    facts = CertificateFacts(
        issued_on=row["issued_on"], valid_until_on=row["valid_until_on"], revoked=revoked
    )
    state = state_on(facts, today)
    own = OwnCertificate(
        id=row["certificate"], state=state, issued_on=facts.issued_on, valid_until_on=facts.valid_until_on
    )
    return own, 0 if state is CertificateState.VALID else row["attempt_number"]


def _facts(row: asyncpg.Record, gates: Mapping[UUID, GateLine], today: date) -> TrackFacts:
    return TrackFacts(
        id=row["id"],
        gate=_gate(row, gates.get(row["opens_with"]), today) if row["opens_with"] else None,
        edition_published=row["read_in"] is not None,
        audience=Audience(
            phases=_named(row["phases"]),
            job_functions=tuple(row["job_functions"] or ()),
            regions=tuple(row["regions"] or ()),
            level_from=row["level_from"],
            level_to=row["level_to"],
        ),
        prerequisites=_named(row["prerequisites"]),
    )


def _gate(row: asyncpg.Record, line: GateLine | None, today: date) -> GateFacts:
    """A gate that is ready has only to be opened; what waits for something without a day opens later than forecast."""
    ready = line is not None and line.state is GateState.READY
    return GateFacts(
        leads_to=row["leads_to"],
        opened=row["gate_opened"],
        forecast=today if ready else line.expected_on if line else None,
        at_earliest=line is not None and line.waits,
    )


def _named(records: Sequence[Any]) -> tuple[Named, ...]:
    return tuple(Named(id, name) for id, name in records)
