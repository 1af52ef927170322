"""Answers what a person may do, from listening to responding in a crisis, and why it is not more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cohorts.enrolments.rules import EnrolmentState
from playbooks.certificates.rules import CertificateFacts, CertificateState, is_valid, state_on

KEEPING = frozenset({EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.FINISHED})
COMING = frozenset({EnrolmentState.INVITED, EnrolmentState.PREPARING})


class Clearance(StrEnum):
    """In rising order; each holds those before it."""

    LISTEN = "listen"
    SHARE = "share"
    SPEAK = "speak"
    RESPOND_IN_A_CRISIS = "respond_in_a_crisis"

    @property
    def rank(self) -> int:
        return tuple(Clearance).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A person's certificate of a track, and the clearance that this track gives."""

    track: str
    gives: Clearance
    certificate: CertificateFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """An incident took away a clearance and those above it, from a day up to another or until it is lifted."""

    clearance: Clearance
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    pass


@dataclass(frozen=True, slots=True)
class NotYetActive:
    pass


@dataclass(frozen=True, slots=True)
class EnrolmentWithdrawn:
    pass


@dataclass(frozen=True, slots=True)
class EnrolmentSuspended:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceSuspended:
    clearance: Clearance
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLapsed:
    track: str
    gives: Clearance
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRevoked:
    track: str
    gives: Clearance
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCertificate:
    """No certificate, valid or not, gives this clearance: the next one up."""

    clearance: Clearance


ClearanceReason = (
    NotEnrolled
    | NotYetActive
    | EnrolmentWithdrawn
    | EnrolmentSuspended
    | ClearanceSuspended
    | CertificateLapsed
    | CertificateRevoked
    | NoCertificate
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A clearance, with the reasons why it is not higher: none only for the highest."""

    clearance: Clearance
    why_not_higher: tuple[ClearanceReason, ...]

    def allows(self, clearance: Clearance) -> bool:
        return self.clearance.rank >= clearance.rank


def proof_of(clearance: Clearance, proofs: tuple[Proof, ...], today: date) -> Proof | None:
    """The valid certificate that gives a clearance for the longest time; None where none does."""
    giving = (proof for proof in proofs if proof.gives.rank >= clearance.rank)
    valid = [proof for proof in giving if is_valid(proof.certificate, today)]
    return max(valid, key=lambda proof: proof.certificate.valid_until_on, default=None)


def clearance_on(
    today: date,
    *,
    proofs: tuple[Proof, ...],
    enrolments: tuple[EnrolmentState, ...],
    suspensions: tuple[Suspension, ...] = (),
) -> Standing:
    """What a person may do on a day; who is not a member, or was suspended from being one, may listen."""
    membership = tuple(_membership(enrolments))
    in_force = [suspension for suspension in suspensions if _is_in_force(suspension, today)]
    proven = _proven(proofs, today)
    clearance = Clearance.LISTEN if membership else min((proven, *map(_left_by, in_force)), key=_rank)
    reasons = (
        *membership,
        *(ClearanceSuspended(clearance=each.clearance, until_on=each.until_on) for each in in_force),
        *_missing_proof(proofs, proven, today),
    )
    return Standing(clearance=clearance, why_not_higher=reasons)


def _rank(clearance: Clearance) -> int:
    return clearance.rank


def _membership(states: tuple[EnrolmentState, ...]) -> Iterable[ClearanceReason]:
    """A suspension anywhere outweighs what is kept elsewhere; leaving one cohort does not."""
    if EnrolmentState.SUSPENDED in states:
        yield EnrolmentSuspended()
    elif KEEPING.intersection(states):
        return
    elif COMING.intersection(states):
        yield NotYetActive()
    elif EnrolmentState.WITHDRAWN in states:
        yield EnrolmentWithdrawn()
    else:
        yield NotEnrolled()


def _is_in_force(suspension: Suspension, today: date) -> bool:
    return suspension.from_on <= today and (suspension.until_on is None or today < suspension.until_on)


def _left_by(suspension: Suspension) -> Clearance:
    return tuple(Clearance)[max(0, suspension.clearance.rank - 1)]


def _proven(proofs: tuple[Proof, ...], today: date) -> Clearance:
    valid = (proof.gives for proof in proofs if is_valid(proof.certificate, today))
    return max((Clearance.LISTEN, *valid), key=_rank)


def _missing_proof(proofs: tuple[Proof, ...], proven: Clearance, today: date) -> Iterable[ClearanceReason]:
    """The newest certificates that would give more if they were valid; where there is none, the next clearance up."""
    if proven is Clearance.RESPOND_IN_A_CRISIS:
        return
    by_age = sorted(proofs, key=lambda proof: proof.certificate.issued_on)
    newest = {proof.track: proof for proof in by_age if proof.gives.rank > proven.rank}
    higher = newest.values()
    for proof in higher:
        revoked = proof.certificate.revoked
        if revoked is not None and state_on(proof.certificate, today) is CertificateState.REVOKED:
            yield CertificateRevoked(track=proof.track, gives=proof.gives, reason=revoked.reason)
        else:
            yield CertificateLapsed(track=proof.track, gives=proof.gives, on=proof.certificate.valid_until_on)
    if not higher:
        yield NoCertificate(clearance=tuple(Clearance)[proven.rank + 1])
