from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.enrolments.rules import EnrolmentState
from playbooks.assessments.rules import (
    AttemptBar,
    AttemptsUsedUp,
    AttemptUnderWay,
    NoQuestions,
    PractiseFirst,
    ReadFirst,
    WaitUntil,
)
from playbooks.tracks.rules import (
    STANDING,
    Audience,
    AudiencePart,
    DiagnosticNotTaken,
    DiagnosticResult,
    EditionNotPublished,
    EnrolmentFacts,
    EnrolmentSuspended,
    EnrolmentWithdrawn,
    GateFacts,
    GateNotOpened,
    InvitationDeclined,
    LockReason,
    ModuleKind,
    Named,
    NotAtLevel,
    NotInAudience,
    NotInvited,
    PersonFacts,
    PrerequisiteNotPassed,
    RoutedElsewhere,
    StepKind,
    TrackFacts,
    WhoCanAct,
    next_kind,
    what_locks,
    what_stops,
)

PILOT = Named(UUID(int=1), "Pilot")
FIRST = Named(UUID(int=2), "First circle")
SECOND = Named(UUID(int=3), "Second circle")
PHASES = (PILOT, FIRST, SECOND)
STARTER = Named(UUID(int=11), "Starter track")
CRITICS = Named(UUID(int=12), "Angry critics")
CRISIS = Named(UUID(int=13), "Respond in a crisis")
LITERACY = Named(UUID(int=21), "How well do you know the networks?")
OTHER_CHECK = Named(UUID(int=22), "Another check")
JANUARY = date(2027, 1, 14)

TRACK = TrackFacts(
    id=CRITICS.id,
    gate=GateFacts(leads_to="First circle", opened=True, forecast=None),
    edition_published=True,
    audience=Audience(
        phases=(FIRST,),
        job_functions=("Sales", "Support"),
        regions=("Lyon", "Austin"),
        level_from=3,
        level_to=4,
    ),
    prerequisites=(STARTER,),
    diagnostic=LITERACY,
)
MEMBER = PersonFacts(
    job_function="Sales",
    level=3,
    region="Lyon",
    enrolments=(EnrolmentFacts(phase=FIRST, state=EnrolmentState.ACTIVE),),
    passed=frozenset({STARTER.id}),
    diagnostics=(DiagnosticResult(diagnostic=LITERACY.id, routed_to=(CRITICS,)),),
)


def enrolled(*states: EnrolmentState, phase: Named = FIRST) -> tuple[EnrolmentFacts, ...]:
    return tuple(EnrolmentFacts(phase=phase, state=state) for state in states)


def test_a_track_is_unlocked_when_every_condition_holds() -> None:
    assert what_locks(TRACK, MEMBER) == ()


def test_a_shut_gate_locks_the_track_that_opens_with_it_and_says_when_it_will_probably_open() -> None:
    shut = replace(TRACK, gate=GateFacts(leads_to="First circle", opened=False, forecast=JANUARY))
    assert what_locks(shut, MEMBER) == (GateNotOpened(leads_to="First circle", forecast=JANUARY),)
    assert GateNotOpened.who is WhoCanAct.LEAD_AND_SPONSOR


def test_a_gate_without_a_forecast_locks_without_a_date() -> None:
    shut = replace(TRACK, gate=GateFacts(leads_to="First circle", opened=False, forecast=None))
    assert what_locks(shut, MEMBER) == (GateNotOpened(leads_to="First circle", forecast=None),)


def test_the_starter_track_opens_with_no_gate() -> None:
    assert what_locks(replace(TRACK, gate=None), MEMBER) == ()


def test_a_track_waits_for_its_edition() -> None:
    assert what_locks(replace(TRACK, edition_published=False), MEMBER) == (EditionNotPublished(),)
    assert EditionNotPublished.who is WhoCanAct.LEAD


@pytest.mark.parametrize("state", sorted(STANDING))
def test_whoever_is_invited_or_enrolled_may_begin(state: EnrolmentState) -> None:
    assert what_locks(TRACK, replace(MEMBER, enrolments=enrolled(state))) == ()


def test_the_states_that_stand_are_all_but_declined_withdrawn_and_suspended() -> None:
    ended = {EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN, EnrolmentState.SUSPENDED}
    assert set(EnrolmentState) - STANDING == ended


def test_someone_who_was_never_invited_is_told_which_phase_an_invitation_is_for() -> None:
    assert what_locks(TRACK, replace(MEMBER, enrolments=())) == (NotInvited(phases=("First circle",)),)


def test_a_track_for_every_phase_still_wants_an_invitation_to_one() -> None:
    for_all = replace(TRACK, audience=Audience())
    assert what_locks(for_all, replace(MEMBER, enrolments=())) == (NotInvited(phases=()),)
    assert (
        what_locks(for_all, replace(MEMBER, enrolments=enrolled(EnrolmentState.INVITED, phase=SECOND))) == ()
    )


def test_someone_enrolled_in_another_phase_is_not_in_the_audience() -> None:
    elsewhere = replace(
        MEMBER, enrolments=enrolled(EnrolmentState.ACTIVE, EnrolmentState.FINISHED, phase=PILOT)
    )
    assert what_locks(TRACK, elsewhere) == (
        NotInAudience(part=AudiencePart.PHASE, asked=("First circle",), own=("Pilot",)),
    )


def test_someone_who_withdrew_is_no_longer_invited() -> None:
    withdrawn = replace(MEMBER, enrolments=enrolled(EnrolmentState.WITHDRAWN))
    assert what_locks(TRACK, withdrawn) == (EnrolmentWithdrawn(phase="First circle"),)


def test_someone_who_declined_can_be_invited_again() -> None:
    declined = replace(MEMBER, enrolments=enrolled(EnrolmentState.DECLINED))
    assert what_locks(TRACK, declined) == (InvitationDeclined(phase="First circle"),)


def test_someone_who_withdrew_from_another_phase_needs_an_invitation_to_this_one() -> None:
    withdrawn = replace(MEMBER, enrolments=enrolled(EnrolmentState.WITHDRAWN, phase=PILOT))
    assert what_locks(TRACK, withdrawn) == (NotInvited(phases=("First circle",)),)


def test_a_suspended_person_waits_for_the_reviewers_even_if_they_withdrew_later() -> None:
    suspended = replace(MEMBER, enrolments=enrolled(EnrolmentState.SUSPENDED, EnrolmentState.WITHDRAWN))
    assert what_locks(TRACK, suspended) == (EnrolmentSuspended(phase="First circle"),)
    assert EnrolmentSuspended.who is WhoCanAct.REVIEWER


def test_of_two_endings_the_newer_is_told() -> None:
    both = replace(MEMBER, enrolments=enrolled(EnrolmentState.WITHDRAWN, EnrolmentState.DECLINED))
    assert what_locks(TRACK, both) == (InvitationDeclined(phase="First circle"),)


def test_a_new_invitation_outweighs_an_enrolment_that_ended() -> None:
    back = replace(MEMBER, enrolments=enrolled(EnrolmentState.WITHDRAWN, EnrolmentState.INVITED))
    assert what_locks(TRACK, back) == ()


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (
            replace(MEMBER, job_function="Legal"),
            NotInAudience(part=AudiencePart.JOB_FUNCTION, asked=("Sales", "Support"), own=("Legal",)),
        ),
        (
            replace(MEMBER, region="Berlin"),
            NotInAudience(part=AudiencePart.REGION, asked=("Lyon", "Austin"), own=("Berlin",)),
        ),
        (
            replace(MEMBER, region=None),
            NotInAudience(part=AudiencePart.REGION, asked=("Lyon", "Austin"), own=()),
        ),
        (replace(MEMBER, level=2), NotAtLevel(level_from=3, level_to=4, own=2)),
        (replace(MEMBER, level=5), NotAtLevel(level_from=3, level_to=4, own=5)),
        (replace(MEMBER, level=None), NotAtLevel(level_from=3, level_to=4, own=None)),
    ],
)
def test_each_part_of_the_audience_that_does_not_fit_is_named(
    person: PersonFacts, reason: LockReason
) -> None:
    assert what_locks(TRACK, person) == (reason,)


def test_case_and_stray_blanks_of_an_hr_file_keep_nobody_out() -> None:
    assert what_locks(TRACK, replace(MEMBER, job_function="sales ", region=" LYON")) == ()


def test_every_prerequisite_that_is_not_passed_is_named() -> None:
    demanding = replace(TRACK, prerequisites=(STARTER, CRISIS))
    assert what_locks(demanding, replace(MEMBER, passed=frozenset())) == (
        PrerequisiteNotPassed(track=STARTER),
        PrerequisiteNotPassed(track=CRISIS),
    )
    assert what_locks(demanding, MEMBER) == (PrerequisiteNotPassed(track=CRISIS),)
    assert PrerequisiteNotPassed.who is WhoCanAct.YOU


def test_a_diagnostic_that_was_not_taken_locks() -> None:
    other = (DiagnosticResult(diagnostic=OTHER_CHECK.id, routed_to=(CRITICS,)),)
    assert what_locks(TRACK, replace(MEMBER, diagnostics=other)) == (DiagnosticNotTaken(diagnostic=LITERACY),)


def test_a_diagnostic_that_routes_elsewhere_locks() -> None:
    routed = (DiagnosticResult(diagnostic=LITERACY.id, routed_to=(CRISIS,)),)
    assert what_locks(TRACK, replace(MEMBER, diagnostics=routed)) == (
        RoutedElsewhere(diagnostic=LITERACY, tracks=(CRISIS,)),
    )


def test_a_track_without_a_diagnostic_asks_for_none() -> None:
    assert what_locks(replace(TRACK, diagnostic=None), replace(MEMBER, diagnostics=())) == ()


phases = st.sampled_from(PHASES)
tracks = st.sampled_from([STARTER, CRITICS, CRISIS])
enrolments = st.builds(EnrolmentFacts, phase=phases, state=st.sampled_from(EnrolmentState))
audiences = st.builds(
    Audience,
    phases=st.lists(phases, unique=True, max_size=2).map(tuple),
    job_functions=st.lists(st.sampled_from(["Sales", "Support"]), unique=True).map(tuple),
    level_from=st.none() | st.integers(1, 4),
    level_to=st.none() | st.integers(4, 7),
    regions=st.lists(st.sampled_from(["Lyon", "Austin"]), unique=True).map(tuple),
)
any_track = st.builds(
    TrackFacts,
    id=st.just(CRITICS.id),
    gate=st.none()
    | st.builds(
        GateFacts, leads_to=st.just("First circle"), opened=st.booleans(), forecast=st.none() | st.dates()
    ),
    edition_published=st.booleans(),
    audience=audiences,
    prerequisites=st.lists(st.sampled_from([STARTER, CRISIS]), unique=True).map(tuple),
    diagnostic=st.sampled_from([None, LITERACY]),
)
not_begun = st.builds(
    PersonFacts,
    job_function=st.sampled_from([None, "Sales", "Legal"]),
    level=st.none() | st.integers(1, 7),
    region=st.sampled_from([None, "Lyon", "Berlin"]),
    enrolments=st.lists(enrolments, max_size=3).map(tuple),
    begun=st.frozensets(st.sampled_from([STARTER.id, CRISIS.id])),
    passed=st.frozensets(st.sampled_from([STARTER.id, CRISIS.id])),
    diagnostics=st.lists(
        st.builds(
            DiagnosticResult,
            diagnostic=st.sampled_from([LITERACY.id, OTHER_CHECK.id]),
            routed_to=st.lists(tracks, unique=True, max_size=2).map(tuple),
        ),
        unique_by=lambda result: result.diagnostic,
    ).map(tuple),
)


def every_condition_holds(track: TrackFacts, person: PersonFacts) -> bool:
    """Rule 3 of the domain, clause by clause."""
    asked = track.audience
    return all(
        (
            track.gate is None or track.gate.opened,
            track.edition_published,
            any(
                e.state in STANDING and (not asked.phases or e.phase in asked.phases)
                for e in person.enrolments
            ),
            not asked.job_functions or person.job_function in asked.job_functions,
            (asked.level_from, asked.level_to) == (None, None)
            or (
                person.level is not None and (asked.level_from or 1) <= person.level <= (asked.level_to or 7)
            ),
            not asked.regions or person.region in asked.regions,
            {prerequisite.id for prerequisite in track.prerequisites} <= person.passed,
            track.diagnostic is None
            or any(
                result.diagnostic == track.diagnostic.id and CRITICS in result.routed_to
                for result in person.diagnostics
            ),
        )
    )


def made_true(reason: LockReason, track: TrackFacts, person: PersonFacts) -> tuple[TrackFacts, PersonFacts]:
    """The same world but for the one condition that the reason names."""
    match reason:
        case GateNotOpened(leads_to=name):
            track = replace(track, gate=GateFacts(leads_to=name, opened=True, forecast=None))
        case EditionNotPublished():
            track = replace(track, edition_published=True)
        case NotInAudience(part=AudiencePart.JOB_FUNCTION, asked=(wanted, *_)):
            person = replace(person, job_function=wanted)
        case NotInAudience(part=AudiencePart.REGION, asked=(wanted, *_)):
            person = replace(person, region=wanted)
        case NotAtLevel(level_from=lowest, level_to=highest):
            person = replace(person, level=lowest or highest)
        case NotInAudience(asked=names) | NotInvited(phases=names):
            person = invited_to(next(phase for phase in PHASES if not names or phase.name in names), person)
        case InvitationDeclined(phase=name) | EnrolmentWithdrawn(phase=name) | EnrolmentSuspended(phase=name):
            person = invited_to(next(phase for phase in PHASES if phase.name == name), person)
        case PrerequisiteNotPassed(track=prerequisite):
            person = replace(person, passed=person.passed | {prerequisite.id})
        case DiagnosticNotTaken(diagnostic=diagnostic) | RoutedElsewhere(diagnostic=diagnostic):
            routed = DiagnosticResult(diagnostic=diagnostic.id, routed_to=(CRITICS,))
            others = (result for result in person.diagnostics if result.diagnostic != diagnostic.id)
            person = replace(person, diagnostics=(*others, routed))
    return track, person


def invited_to(phase: Named, person: PersonFacts) -> PersonFacts:
    return replace(person, enrolments=(*person.enrolments, *enrolled(EnrolmentState.INVITED, phase=phase)))


@given(any_track, not_begun)
def test_a_track_is_unlocked_exactly_when_every_condition_holds(
    track: TrackFacts, person: PersonFacts
) -> None:
    assert (what_locks(track, person) == ()) == every_condition_holds(track, person)


@given(any_track, not_begun, st.data())
def test_making_exactly_the_named_conditions_true_unlocks_and_one_fewer_does_not(
    track: TrackFacts, person: PersonFacts, data: st.DataObject
) -> None:
    reasons = list(what_locks(track, person))
    if not reasons:
        return
    last = data.draw(st.sampled_from(reasons))
    for reason in reasons:
        if reason != last:
            track, person = made_true(reason, track, person)
    assert what_locks(track, person) == (last,)
    assert what_locks(*made_true(last, track, person)) == ()


@given(any_track, not_begun)
def test_a_track_once_begun_never_locks_again(track: TrackFacts, person: PersonFacts) -> None:
    assert what_locks(track, replace(person, begun=person.begun | {track.id})) == ()


def test_a_gate_that_waits_for_something_without_a_day_opens_at_the_earliest_when_forecast() -> None:
    gate = GateFacts(leads_to="First circle", opened=False, forecast=JANUARY, at_earliest=True)
    assert what_locks(replace(TRACK, gate=gate), MEMBER) == (
        GateNotOpened(leads_to="First circle", forecast=JANUARY, at_earliest=True),
    )


@pytest.mark.parametrize("state", sorted(STANDING))
def test_nothing_stops_whoever_belongs_to_a_circle(state: EnrolmentState) -> None:
    assert what_stops(PersonFacts(enrolments=enrolled(state))) == ()


def test_whoever_left_every_circle_stops_and_reads_which_they_left_last() -> None:
    left = PersonFacts(
        enrolments=(
            *enrolled(EnrolmentState.DECLINED, phase=PILOT),
            *enrolled(EnrolmentState.WITHDRAWN),
        )
    )
    assert what_stops(left) == (EnrolmentWithdrawn(phase="First circle"),)


def test_leaving_one_circle_stops_nobody_who_belongs_to_another() -> None:
    both = (*enrolled(EnrolmentState.ACTIVE, phase=PILOT), *enrolled(EnrolmentState.WITHDRAWN))
    assert what_stops(PersonFacts(enrolments=both)) == ()


def test_a_suspension_anywhere_stops() -> None:
    both = (*enrolled(EnrolmentState.SUSPENDED, phase=PILOT), *enrolled(EnrolmentState.ACTIVE))
    assert what_stops(PersonFacts(enrolments=both)) == (EnrolmentSuspended(phase="Pilot"),)


def test_whoever_was_never_invited_stops() -> None:
    assert what_stops(PersonFacts()) == (NotInvited(phases=()),)


WAITING = WaitUntil(datetime(2027, 1, 14, 9, 0, tzinfo=UTC))


def kind(
    *bars: AttemptBar,
    lock: tuple[LockReason, ...] = (),
    begun: bool = True,
    ahead: ModuleKind | None = None,
    proven: bool = False,
) -> StepKind | None:
    return next_kind(lock=lock, begun=begun, ahead=ahead, bars=bars, proven=proven)


def test_nothing_comes_next_in_a_track_that_is_proven() -> None:
    assert kind(proven=True, lock=(EditionNotPublished(),)) is None


def test_a_locked_track_waits_whatever_else_is_missing() -> None:
    assert kind(lock=(EditionNotPublished(),), begun=False, ahead=ModuleKind.READING) is StepKind.LOCKED


def test_beginning_comes_before_reading_and_reading_before_the_assessment() -> None:
    assert kind(ReadFirst(("A",)), begun=False, ahead=ModuleKind.READING) is StepKind.BEGIN
    assert kind(ReadFirst(("A",)), ahead=ModuleKind.READING) is StepKind.READ
    assert kind(PractiseFirst(("A",)), ahead=ModuleKind.SCENARIO) is StepKind.PRACTISE
    assert kind() is StepKind.TAKE_ASSESSMENT


def test_what_bars_an_attempt_decides_what_comes_next() -> None:
    assert kind(AttemptUnderWay()) is StepKind.GO_ON_WITH_ASSESSMENT
    assert kind(WAITING) is StepKind.WAIT
    assert kind(AttemptsUsedUp(3)) is StepKind.ASK_A_LEAD
    assert kind(NoQuestions()) is StepKind.ASK_A_LEAD
    assert kind(NoQuestions(), WAITING) is StepKind.ASK_A_LEAD


def test_what_a_person_can_do_at_once_stands_before_what_they_wait_for() -> None:
    assert StepKind.GO_ON_WITH_ASSESSMENT.rank < StepKind.READ.rank < StepKind.PRACTISE.rank
    assert StepKind.PRACTISE.rank < StepKind.BEGIN.rank
    assert StepKind.BEGIN.rank < StepKind.WAIT.rank < StepKind.ASK_A_LEAD.rank < StepKind.LOCKED.rank
