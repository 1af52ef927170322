"""One’s own tracks: how far one has come, what comes next, and what keeps them locked."""

from datetime import date, datetime
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from playbooks.certificates.rules import CertificateState
from playbooks.clearances.rules import Clearance
from playbooks.tracks.own_tracks import OwnTrack, TrackModule
from playbooks.tracks.queries import my_training, step_in, track_of
from playbooks.tracks.rules import GateNotOpened, LockReason, ModuleKind, StepKind, WhoCanAct
from playbooks.tracks.words import lock_told, next_heading, next_sentences
from program.access_tokens.rules import Scope
from program.refusals import code_of
from program.told import moment_of
from web.api.paging import Page, Paging
from web.visit import LEARNERS, Visit, may_call


class LockedBecause(Struct, frozen=True, kw_only=True):
    """One thing that keeps a track locked: what is `missing`, who can do something about it (`who` in words, `who_can_act`
    as a code), and when that will be, as far as one can tell. A forecast is of the gate that the track opens with; it is
    `at_earliest` that day where the gate waits for something that has no day.
    """

    code: str
    missing: str
    who: str
    who_can_act: WhoCanAct
    when: str | None
    forecast_on: date | None
    at_earliest: bool


class Module(Struct, frozen=True, kw_only=True):
    """A step of a track. An assessment is done once its certificate is got."""

    id: UUID
    kind: ModuleKind
    title: str
    done_at: datetime | None


class Assessment(Struct, frozen=True, kw_only=True):
    """How a track is proven: so many `questions` are asked, `needed` right ones pass. `attempts` are those used, of those that
    count now.
    """

    questions: int
    needed: int
    attempts: int
    attempts_allowed: int


class OwnCertificate(Struct, frozen=True, kw_only=True):
    """The newest certificate that one has of a track, valid or not."""

    id: UUID
    state: CertificateState
    issued_on: date
    valid_until_on: date


class NextStep(Struct, frozen=True, kw_only=True):
    """What comes next in a track, or what it waits for."""

    kind: StepKind
    module_id: UUID | None
    heading: str
    sentences: list[str]


class Track(Struct, frozen=True, kw_only=True):
    """A track as one stands in it, as the edition has it with which one began it. `lock` has every reason why one may not go
    on; empty where one may. A track once begun never locks again, unless one leaves or is suspended.
    """

    id: UUID
    name: str
    purpose: str
    grants: Clearance
    edition: int | None
    begun_at: datetime | None
    locked: bool
    lock: list[LockedBecause]
    modules: list[Module]
    done: int
    assessment: Assessment
    certificate: OwnCertificate | None
    next: NextStep | None


@get(
    "/programs/{program:str}/tracks",
    opt=may_call(Scope.PROGRAM_READ, *LEARNERS),
    operation_id="listTracks",
    tags=["Tracks"],
)
async def tracks(visit: NamedDependency[Visit], paging: NamedDependency[Paging]) -> Response[Page[Track]]:
    """The tracks that are meant for oneself, or that one began, in the order of the rollout."""
    found = await my_training(visit.reader, today=visit.today, now=visit.now)
    return paging.page_of_all(
        found.tracks, key=lambda each: str(each.id), told=lambda each: _track(each, visit.today)
    )


@get(
    "/programs/{program:str}/tracks/{track:uuid}",
    opt=may_call(Scope.PROGRAM_READ, *LEARNERS),
    operation_id="getTrack",
    tags=["Tracks"],
)
async def track(visit: NamedDependency[Visit], track: FromPath[UUID]) -> Track:
    """One of one’s own tracks."""
    found = await track_of(visit.by.person, visit.program.id, track, today=visit.today, now=visit.now)
    return _track(found, visit.today)


def _track(own: OwnTrack, today: date) -> Track:
    return Track(
        id=own.id,
        name=own.name,
        purpose=own.purpose,
        grants=own.grants,
        edition=own.edition_number,
        begun_at=moment_of(own.begun_at) if own.begun_at else None,
        locked=bool(own.lock),
        lock=[_because(reason, today) for reason in own.lock],
        modules=[_module(module) for module in own.modules],
        done=own.done,
        assessment=Assessment(
            questions=own.questions,
            needed=own.needed,
            attempts=0 if own.proven else len(own.attempts),
            attempts_allowed=own.rules.attempts,
        ),
        certificate=_certificate(own),
        next=_next(own, today),
    )


def _certificate(own: OwnTrack) -> OwnCertificate | None:
    found = own.certificate
    if found is None:
        return None
    return OwnCertificate(
        id=found.id,
        state=found.state,
        issued_on=found.issued_on,
        valid_until_on=found.valid_until_on,
    )


def _because(reason: LockReason, today: date) -> LockedBecause:
    told = lock_told(reason, today)
    gate = reason if isinstance(reason, GateNotOpened) else None
    return LockedBecause(
        code=code_of(reason),
        missing=told.missing,
        who=told.who,
        who_can_act=reason.who,
        when=told.when or None,
        forecast_on=max(gate.forecast, today) if gate and gate.forecast else None,
        at_earliest=gate is not None and gate.at_earliest,
    )


def _module(module: TrackModule) -> Module:
    return Module(
        id=module.id,
        kind=module.kind,
        title=module.title,
        done_at=moment_of(module.done_at) if module.done_at else None,
    )


def _next(own: OwnTrack, today: date) -> NextStep | None:
    step = step_in(own)
    if step is None:
        return None
    return NextStep(
        kind=step.kind,
        module_id=step.module.id if step.module else None,
        heading=next_heading(step),
        sentences=next_sentences(step, today),
    )


HANDLERS = (tracks, track)
