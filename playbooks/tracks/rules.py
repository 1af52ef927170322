"""Answers what keeps a person from beginning a track, who can change that, when it will probably open, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from cohorts.enrolments.rules import EnrolmentState
from playbooks.assessments.rules import AttemptBar, AttemptsUsedUp, AttemptUnderWay, NoQuestions, WaitUntil

STANDING = frozenset(
    {
        EnrolmentState.INVITED,
        EnrolmentState.PREPARING,
        EnrolmentState.ACTIVE,
        EnrolmentState.PAUSED,
        EnrolmentState.FINISHED,
    }
)


class ModuleKind(StrEnum):
    READING = "reading"
    SCENARIO = "scenario"
    ASSESSMENT = "assessment"


class WhoCanAct(StrEnum):
    YOU = "you"
    LEAD = "lead"
    REVIEWER = "reviewer"
    LEAD_AND_SPONSOR = "lead_and_sponsor"


class AudiencePart(StrEnum):
    PHASE = "phase"
    JOB_FUNCTION = "job_function"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Named:
    """A phase, track or diagnostic: known to us by its id, to people by its name."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """A gate that a track opens with; `leads_to` is the name of the phase behind it.

    It opens on the forecast day `at_earliest`, where something that it waits for has no day.
    """

    leads_to: str
    opened: bool
    forecast: date | None
    at_earliest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a track is for; a part that names nobody leaves nobody out. Both levels are included."""

    phases: tuple[Named, ...] = ()
    job_functions: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    level_from: int | None = None
    level_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFacts:
    id: UUID
    gate: GateFacts | None
    edition_published: bool
    audience: Audience
    prerequisites: tuple[Named, ...] = ()
    diagnostic: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentFacts:
    phase: Named
    state: EnrolmentState


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosticResult:
    """The tracks that a person's latest taking of a diagnostic routes them to."""

    diagnostic: UUID
    routed_to: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A person in a program: enrolments oldest first, each as it stands; tracks begun and passed, ever."""

    job_function: str | None = None
    level: int | None = None
    region: str | None = None
    enrolments: tuple[EnrolmentFacts, ...] = ()
    begun: frozenset[UUID] = frozenset()
    passed: frozenset[UUID] = frozenset()
    diagnostics: tuple[DiagnosticResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateNotOpened:
    who: ClassVar[WhoCanAct] = WhoCanAct.LEAD_AND_SPONSOR
    leads_to: str
    forecast: date | None
    at_earliest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionNotPublished:
    who: ClassVar[WhoCanAct] = WhoCanAct.LEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInAudience:
    """`own` is what is recorded of the person; empty when nothing is."""

    who: ClassVar[WhoCanAct] = WhoCanAct.LEAD
    part: AudiencePart
    asked: tuple[str, ...]
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAtLevel:
    who: ClassVar[WhoCanAct] = WhoCanAct.LEAD
    level_from: int | None
    level_to: int | None
    own: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInvited:
    """`phases` are those that an invitation would have to be for; empty when any will do."""

    who: ClassVar[WhoCanAct] = WhoCanAct.LEAD
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDeclined:
    who: ClassVar[WhoCanAct] = WhoCanAct.LEAD
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentWithdrawn:
    who: ClassVar[WhoCanAct] = WhoCanAct.LEAD
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentSuspended:
    who: ClassVar[WhoCanAct] = WhoCanAct.REVIEWER
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrerequisiteNotPassed:
    who: ClassVar[WhoCanAct] = WhoCanAct.YOU
    track: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosticNotTaken:
    who: ClassVar[WhoCanAct] = WhoCanAct.YOU
    diagnostic: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedElsewhere:
    """`tracks` are those that the diagnostic routes the person to; it may route to none."""

    who: ClassVar[WhoCanAct] = WhoCanAct.LEAD
    diagnostic: Named
    tracks: tuple[Named, ...]


LockReason = (
    GateNotOpened
    | EditionNotPublished
    | NotInAudience
    | NotAtLevel
    | NotInvited
    | InvitationDeclined
    | EnrolmentWithdrawn
    | EnrolmentSuspended
    | PrerequisiteNotPassed
    | DiagnosticNotTaken
    | RoutedElsewhere
)
Lock = tuple[LockReason, ...]


def what_locks(track: TrackFacts, person: PersonFacts) -> Lock:
    """Every condition that is missing; empty when the track is unlocked. A track once begun never locks again."""
    if track.id in person.begun:
        return ()
    return (
        *_gate(track),
        *_edition(track),
        *_enrolment(track.audience, person),
        *_audience(track.audience, person),
        *_prerequisites(track, person),
        *_diagnostic(track, person),
    )


def what_stops(person: PersonFacts) -> Lock:
    """Why a person does not go on with a track, begun or not: they left, or were suspended. Empty when they may."""
    states = {enrolment.state for enrolment in person.enrolments}
    if EnrolmentState.SUSPENDED not in states and not states.isdisjoint(STANDING):
        return ()
    return (_ended(person.enrolments) if person.enrolments else NotInvited(phases=()),)


class StepKind(StrEnum):
    """What may come next in a track; what a person can do at once stands first."""

    GO_ON_WITH_ASSESSMENT = "go_on_with_assessment"
    TAKE_ASSESSMENT = "take_assessment"
    READ = "read"
    PRACTISE = "practise"
    BEGIN = "begin"
    WAIT = "wait"
    ASK_A_LEAD = "ask_a_lead"
    LOCKED = "locked"

    @property
    def rank(self) -> int:
        return tuple(StepKind).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The one thing that comes next: what it is, in which track, and the facts that its sentence tells.

    `renews_on` is the first day on which a certificate of the track, which is to be renewed, is valid no more.
    """

    kind: StepKind
    track: Named
    module: Named | None
    attempt: UUID | None
    lock: Lock
    bars: tuple[AttemptBar, ...]
    readings: int
    unread: int
    scenarios: int
    unpractised: int
    questions: int
    needed: int
    renews_on: date | None = None


def next_kind(
    *, lock: Lock, begun: bool, ahead: ModuleKind | None, bars: tuple[AttemptBar, ...], proven: bool
) -> StepKind | None:
    """What comes next for a person in a track; None where they hold its certificate and need not renew it yet.

    `ahead` is the kind of the first module before the assessment that is not done.
    """
    if proven:
        return None
    if lock:
        return StepKind.LOCKED
    if not begun:
        return StepKind.BEGIN
    if ahead is not None:
        return StepKind.READ if ahead is ModuleKind.READING else StepKind.PRACTISE
    return next(
        (_KIND_BARRED[type(bar)] for bar in bars if type(bar) in _KIND_BARRED), StepKind.TAKE_ASSESSMENT
    )


_KIND_BARRED = {
    AttemptUnderWay: StepKind.GO_ON_WITH_ASSESSMENT,
    WaitUntil: StepKind.WAIT,
    AttemptsUsedUp: StepKind.ASK_A_LEAD,
    NoQuestions: StepKind.ASK_A_LEAD,
}


def _gate(track: TrackFacts) -> Iterable[LockReason]:
    if track.gate and not track.gate.opened:
        gate = track.gate
        yield GateNotOpened(leads_to=gate.leads_to, forecast=gate.forecast, at_earliest=gate.at_earliest)


def _edition(track: TrackFacts) -> Iterable[LockReason]:
    if not track.edition_published:
        yield EditionNotPublished()


def _enrolment(audience: Audience, person: PersonFacts) -> Iterable[LockReason]:
    asked = {phase.id for phase in audience.phases}
    fitting = [enrolment for enrolment in person.enrolments if not asked or enrolment.phase.id in asked]
    elsewhere = [enrolment.phase.name for enrolment in person.enrolments if enrolment.state in STANDING]
    names = tuple(phase.name for phase in audience.phases)
    if any(enrolment.state in STANDING for enrolment in fitting):
        return
    if fitting:
        yield _ended(fitting)
    elif elsewhere:
        yield NotInAudience(part=AudiencePart.PHASE, asked=names, own=tuple(dict.fromkeys(elsewhere)))
    else:
        yield NotInvited(phases=names)


def _ended(enrolments: Sequence[EnrolmentFacts]) -> LockReason:
    """The newest ending is told, but a suspension before anything that the person themself ended."""
    last = max(reversed(enrolments), key=lambda enrolment: enrolment.state is EnrolmentState.SUSPENDED)
    if last.state is EnrolmentState.SUSPENDED:
        return EnrolmentSuspended(phase=last.phase.name)
    if last.state is EnrolmentState.WITHDRAWN:
        return EnrolmentWithdrawn(phase=last.phase.name)
    return InvitationDeclined(phase=last.phase.name)


def _audience(audience: Audience, person: PersonFacts) -> Iterable[LockReason]:
    for part, asked, own in (
        (AudiencePart.JOB_FUNCTION, audience.job_functions, person.job_function),
        (AudiencePart.REGION, audience.regions, person.region),
    ):
        if asked and not _is_among(own, asked):
            yield NotInAudience(part=part, asked=asked, own=(own,) if own else ())
    if not _is_at_level(person.level, audience):
        yield NotAtLevel(level_from=audience.level_from, level_to=audience.level_to, own=person.level)


def _is_at_level(level: int | None, audience: Audience) -> bool:
    """A level that nobody recorded fits only where none is asked for."""
    if level is None:
        return audience.level_from is None and audience.level_to is None
    return (audience.level_from is None or level >= audience.level_from) and (
        audience.level_to is None or level <= audience.level_to
    )


def _is_among(own: str | None, asked: tuple[str, ...]) -> bool:
    """Files from HR write the same word in several cases."""
    return own is not None and own.strip().casefold() in {value.strip().casefold() for value in asked}


def _prerequisites(track: TrackFacts, person: PersonFacts) -> Iterable[LockReason]:
    for prerequisite in track.prerequisites:
        if prerequisite.id not in person.passed:
            yield PrerequisiteNotPassed(track=prerequisite)


def _diagnostic(track: TrackFacts, person: PersonFacts) -> Iterable[LockReason]:
    if track.diagnostic is None:
        return
    results = [result for result in person.diagnostics if result.diagnostic == track.diagnostic.id]
    if not results:
        yield DiagnosticNotTaken(diagnostic=track.diagnostic)
    elif not any(routed.id == track.id for result in results for routed in result.routed_to):
        yield RoutedElsewhere(
            diagnostic=track.diagnostic,
            tracks=tuple(routed for result in results for routed in result.routed_to),
        )
