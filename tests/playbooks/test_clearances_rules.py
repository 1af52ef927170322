from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.enrolments.rules import EnrolmentState
from playbooks.certificates.rules import CertificateFacts, Revoked, valid_until_on
from playbooks.clearances.rules import (
    CertificateLapsed,
    CertificateRevoked,
    Clearance,
    ClearanceReason,
    ClearanceSuspended,
    EnrolmentSuspended,
    EnrolmentWithdrawn,
    NoCertificate,
    NotEnrolled,
    NotYetActive,
    Proof,
    Standing,
    Suspension,
    clearance_on,
    proof_of,
)
from playbooks.clearances.words import (
    clearance_meaning,
    clearance_name,
    clearance_reason_sentence,
    clearance_sentence,
    clearance_text,
)

TODAY = date(2027, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
ACTIVE = (EnrolmentState.ACTIVE,)


def proof(gives: Clearance, *, issued_on: date = date(2027, 1, 20), track: str = "Angry critics") -> Proof:
    certificate = CertificateFacts(issued_on=issued_on, valid_until_on=valid_until_on(issued_on))
    return Proof(track=track, gives=gives, certificate=certificate)


def revoked(proof: Proof, on: date) -> Proof:
    taken_back = Revoked(on=on, reason="Someone else sat the assessment.")
    return replace(proof, certificate=replace(proof.certificate, revoked=taken_back))


@pytest.mark.parametrize("gives", list(Clearance)[1:])
def test_a_valid_certificate_gives_the_clearance_of_its_track_and_those_below(gives: Clearance) -> None:
    standing = clearance_on(TODAY, proofs=(proof(gives),), enrolments=ACTIVE)
    assert standing.clearance is gives
    assert [each for each in Clearance if standing.allows(each)] == list(Clearance)[: gives.rank + 1]


def test_the_highest_of_several_certificates_counts() -> None:
    proofs = (proof(Clearance.SPEAK), proof(Clearance.SHARE, track="Starter track"))
    assert clearance_on(TODAY, proofs=proofs, enrolments=ACTIVE) == Standing(
        clearance=Clearance.SPEAK, why_not_higher=(NoCertificate(clearance=Clearance.RESPOND_IN_A_CRISIS),)
    )


def test_the_highest_clearance_needs_no_excuse() -> None:
    standing = clearance_on(TODAY, proofs=(proof(Clearance.RESPOND_IN_A_CRISIS),), enrolments=ACTIVE)
    assert standing == Standing(clearance=Clearance.RESPOND_IN_A_CRISIS, why_not_higher=())


def test_without_a_certificate_a_member_may_listen() -> None:
    assert clearance_on(TODAY, proofs=(), enrolments=ACTIVE) == Standing(
        clearance=Clearance.LISTEN, why_not_higher=(NoCertificate(clearance=Clearance.SHARE),)
    )


def test_a_certificate_that_lapses_takes_its_clearance_with_it_by_itself() -> None:
    old = proof(Clearance.SPEAK, issued_on=date(2026, 3, 1))
    assert clearance_on(YESTERDAY, proofs=(old,), enrolments=ACTIVE).clearance is Clearance.SPEAK
    assert clearance_on(TODAY, proofs=(old,), enrolments=ACTIVE) == Standing(
        clearance=Clearance.LISTEN,
        why_not_higher=(CertificateLapsed(track="Angry critics", gives=Clearance.SPEAK, on=TODAY),),
    )


def test_of_several_lapsed_certificates_of_a_track_the_newest_is_named() -> None:
    lapsed = (
        proof(Clearance.SPEAK, issued_on=date(2025, 12, 1)),
        proof(Clearance.SPEAK, issued_on=date(2024, 11, 1)),
    )
    assert clearance_on(TODAY, proofs=lapsed, enrolments=ACTIVE).why_not_higher == (
        CertificateLapsed(track="Angry critics", gives=Clearance.SPEAK, on=date(2026, 12, 1)),
    )


def test_a_lapsed_certificate_below_the_clearance_held_is_no_reason() -> None:
    proofs = (
        proof(Clearance.SPEAK),
        proof(Clearance.SHARE, issued_on=date(2025, 1, 1), track="Starter track"),
    )
    assert clearance_on(TODAY, proofs=proofs, enrolments=ACTIVE).why_not_higher == (
        NoCertificate(clearance=Clearance.RESPOND_IN_A_CRISIS),
    )


def test_a_revoked_certificate_gives_nothing_and_says_why() -> None:
    assert clearance_on(
        TODAY, proofs=(revoked(proof(Clearance.SPEAK), TODAY),), enrolments=ACTIVE
    ) == Standing(
        clearance=Clearance.LISTEN,
        why_not_higher=(
            CertificateRevoked(
                track="Angry critics", gives=Clearance.SPEAK, reason="Someone else sat the assessment."
            ),
        ),
    )


def test_a_lapsed_certificate_that_is_to_be_revoked_later_has_lapsed() -> None:
    old = revoked(proof(Clearance.SPEAK, issued_on=date(2026, 1, 1)), TOMORROW)
    assert clearance_on(TODAY, proofs=(old,), enrolments=ACTIVE).why_not_higher == (
        CertificateLapsed(track="Angry critics", gives=Clearance.SPEAK, on=date(2027, 1, 1)),
    )


@pytest.mark.parametrize(
    "states",
    [
        (EnrolmentState.ACTIVE,),
        (EnrolmentState.PAUSED,),
        (EnrolmentState.FINISHED,),
        (EnrolmentState.WITHDRAWN, EnrolmentState.FINISHED),
        (EnrolmentState.INVITED, EnrolmentState.FINISHED),
    ],
)
def test_active_paused_and_finished_people_keep_their_clearance(states: tuple[EnrolmentState, ...]) -> None:
    assert (
        clearance_on(TODAY, proofs=(proof(Clearance.SPEAK),), enrolments=states).clearance is Clearance.SPEAK
    )


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        ((), NotEnrolled()),
        ((EnrolmentState.DECLINED,), NotEnrolled()),
        ((EnrolmentState.INVITED,), NotYetActive()),
        ((EnrolmentState.WITHDRAWN, EnrolmentState.PREPARING), NotYetActive()),
        ((EnrolmentState.WITHDRAWN,), EnrolmentWithdrawn()),
        ((EnrolmentState.SUSPENDED,), EnrolmentSuspended()),
        ((EnrolmentState.FINISHED, EnrolmentState.SUSPENDED), EnrolmentSuspended()),
    ],
)
def test_whoever_is_no_member_may_listen_whatever_they_have_proven(
    states: tuple[EnrolmentState, ...], reason: ClearanceReason
) -> None:
    standing = clearance_on(TODAY, proofs=(proof(Clearance.RESPOND_IN_A_CRISIS),), enrolments=states)
    assert standing == Standing(clearance=Clearance.LISTEN, why_not_higher=(reason,))


@pytest.mark.parametrize(
    ("suspended", "left"),
    [
        (Clearance.RESPOND_IN_A_CRISIS, Clearance.SPEAK),
        (Clearance.SPEAK, Clearance.SHARE),
        (Clearance.SHARE, Clearance.LISTEN),
        (Clearance.LISTEN, Clearance.LISTEN),
    ],
)
def test_a_suspended_clearance_leaves_what_is_below_it(suspended: Clearance, left: Clearance) -> None:
    standing = clearance_on(
        TODAY,
        proofs=(proof(Clearance.RESPOND_IN_A_CRISIS),),
        enrolments=ACTIVE,
        suspensions=(Suspension(clearance=suspended, from_on=YESTERDAY),),
    )
    assert standing == Standing(
        clearance=left, why_not_higher=(ClearanceSuspended(clearance=suspended, until_on=None),)
    )


@pytest.mark.parametrize(
    ("from_on", "until_on", "clearance"),
    [
        (TODAY, None, Clearance.SHARE),
        (TODAY, TOMORROW, Clearance.SHARE),
        (YESTERDAY, TODAY, Clearance.SPEAK),
        (TOMORROW, None, Clearance.SPEAK),
    ],
)
def test_a_suspension_ends_by_itself(from_on: date, until_on: date | None, clearance: Clearance) -> None:
    standing = clearance_on(
        TODAY,
        proofs=(proof(Clearance.SPEAK),),
        enrolments=ACTIVE,
        suspensions=(Suspension(clearance=Clearance.SPEAK, from_on=from_on, until_on=until_on),),
    )
    assert standing.clearance is clearance


proofs = st.lists(
    st.builds(
        proof,
        st.sampled_from(list(Clearance)[1:]),
        issued_on=st.dates(date(2025, 1, 1), TODAY),
        track=st.sampled_from(["Starter track", "Angry critics", "Crisis"]),
    ).flatmap(lambda one: st.sampled_from([one, revoked(one, YESTERDAY)])),
    max_size=4,
).map(tuple)
states = st.lists(st.sampled_from(EnrolmentState), max_size=3).map(tuple)
suspensions = st.lists(
    st.builds(
        Suspension, clearance=st.sampled_from(Clearance), from_on=st.sampled_from([YESTERDAY, TOMORROW])
    ),
    max_size=2,
).map(tuple)


@given(proofs, states, suspensions)
def test_reasons_are_given_exactly_when_there_is_something_higher(
    proofs: tuple[Proof, ...], states: tuple[EnrolmentState, ...], suspensions: tuple[Suspension, ...]
) -> None:
    standing = clearance_on(TODAY, proofs=proofs, enrolments=states, suspensions=suspensions)
    assert bool(standing.why_not_higher) == (standing.clearance is not Clearance.RESPOND_IN_A_CRISIS)


@given(proofs, states, suspensions, proofs)
def test_another_certificate_never_lowers_a_clearance_and_another_suspension_never_raises_it(
    proofs: tuple[Proof, ...],
    states: tuple[EnrolmentState, ...],
    suspensions: tuple[Suspension, ...],
    more: tuple[Proof, ...],
) -> None:
    before = clearance_on(TODAY, proofs=proofs, enrolments=states)
    assert clearance_on(TODAY, proofs=proofs + more, enrolments=states).allows(before.clearance)
    assert before.allows(
        clearance_on(TODAY, proofs=proofs, enrolments=states, suspensions=suspensions).clearance
    )


@given(proofs, states, suspensions)
def test_every_reason_has_its_sentence(
    proofs: tuple[Proof, ...], states: tuple[EnrolmentState, ...], suspensions: tuple[Suspension, ...]
) -> None:
    standing = clearance_on(TODAY, proofs=proofs, enrolments=states, suspensions=suspensions)
    for reason in standing.why_not_higher:
        assert clearance_reason_sentence(reason, TODAY).endswith(".")


def test_a_lapsed_certificate_reads_as_what_to_do_about_it() -> None:
    lapsed = CertificateLapsed(
        track="Angry critics", gives=Clearance.RESPOND_IN_A_CRISIS, on=date(2027, 2, 14)
    )
    assert clearance_reason_sentence(lapsed, TODAY) == (
        "Your certificate for “Angry critics” was valid until 14 February. Pass the track again to respond in a crisis."
    )


def test_a_suspension_with_an_end_says_its_day() -> None:
    suspended = ClearanceSuspended(clearance=Clearance.SPEAK, until_on=date(2028, 4, 1))
    assert clearance_reason_sentence(suspended, TODAY) == (
        "Your clearance to speak is suspended until 1 April 2028. A reviewer can tell you why."
    )


def test_each_clearance_is_said_in_its_own_words() -> None:
    assert [clearance_text(each) for each in Clearance] == ["listen", "share", "speak", "respond in a crisis"]
    assert len({clearance_sentence(each) for each in Clearance}) == len(Clearance)


def test_the_proof_of_a_clearance_is_the_valid_one_that_lasts_longest() -> None:
    older = proof(Clearance.SPEAK, issued_on=date(2026, 6, 1), track="Older")
    newer = proof(Clearance.SPEAK, track="Newer")
    lapsed = proof(Clearance.SPEAK, issued_on=date(2025, 1, 1), track="Lapsed")
    proofs = (older, newer, lapsed, revoked(proof(Clearance.SPEAK, issued_on=TODAY), TODAY))
    assert proof_of(Clearance.SHARE, proofs, TODAY) == newer
    assert proof_of(Clearance.SPEAK, proofs, TODAY) == newer
    assert proof_of(Clearance.RESPOND_IN_A_CRISIS, proofs, TODAY) is None


@pytest.mark.parametrize("clearance", Clearance)
def test_every_clearance_has_a_name_and_a_meaning(clearance: Clearance) -> None:
    assert clearance_name(clearance).casefold() == clearance_text(clearance)
    assert clearance_meaning(clearance).endswith(".")
