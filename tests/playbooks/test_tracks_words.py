from datetime import date, timedelta
from uuid import UUID

import pytest

from playbooks.assessments.rules import AttemptBar, AttemptsUsedUp
from playbooks.clearances.rules import Clearance
from playbooks.tracks.rules import (
    AudiencePart,
    DiagnosticNotTaken,
    EditionNotPublished,
    EnrolmentSuspended,
    EnrolmentWithdrawn,
    GateNotOpened,
    InvitationDeclined,
    LockReason,
    Named,
    NextStep,
    NotAtLevel,
    NotInAudience,
    NotInvited,
    PrerequisiteNotPassed,
    RoutedElsewhere,
    StepKind,
)
from playbooks.tracks.words import (
    LockTold,
    certificate_step_text,
    lock_sentence,
    lock_sentences,
    lock_told,
    next_heading,
    next_sentences,
)

TODAY = date(2026, 11, 20)
STARTER = Named(UUID(int=11), "Starter track")
CRISIS = Named(UUID(int=13), "Respond in a crisis")
LITERACY = Named(UUID(int=21), "Know the networks")

SENTENCES: dict[LockReason, str] = {
    GateNotOpened(leads_to="First circle", forecast=date(2027, 1, 14)): (
        "Locked until the gate to “First circle” opens, probably in January 2027: this track opens with it."
        " A lead and a sponsor open it together."
    ),
    GateNotOpened(leads_to="First circle", forecast=date(2026, 12, 1)): (
        "Locked until the gate to “First circle” opens, probably in December: this track opens with it."
        " A lead and a sponsor open it together."
    ),
    GateNotOpened(leads_to="First circle", forecast=TODAY): (
        "Locked until the gate to “First circle” opens, probably soon: this track opens with it."
        " A lead and a sponsor open it together."
    ),
    GateNotOpened(leads_to="First circle", forecast=date(2027, 1, 14), at_earliest=True): (
        "Locked until the gate to “First circle” opens, in January 2027 at the earliest: this track opens with it."
        " A lead and a sponsor open it together."
    ),
    GateNotOpened(leads_to="First circle", forecast=date(2026, 10, 1), at_earliest=True): (
        "Locked until the gate to “First circle” opens, in November at the earliest: this track opens with it."
        " A lead and a sponsor open it together."
    ),
    GateNotOpened(leads_to="First circle", forecast=None): (
        "Locked until the gate to “First circle” opens: this track opens with it. It has no date yet."
        " A lead and a sponsor open it together."
    ),
    EditionNotPublished(): (
        "This track teaches an edition of the playbook that is not published yet. A lead publishes it."
    ),
    NotInAudience(part=AudiencePart.PHASE, asked=("First circle",), own=("Pilot",)): (
        "This track is for people in “First circle”; you are in “Pilot”. A lead can invite you."
    ),
    NotInAudience(part=AudiencePart.JOB_FUNCTION, asked=("Sales", "Support"), own=("Legal",)): (
        "This track is for people who work in “Sales” or “Support”; we have you down for “Legal”."
        " If that is wrong, a lead can correct it."
    ),
    NotInAudience(part=AudiencePart.JOB_FUNCTION, asked=("Sales",), own=()): (
        "This track is for people who work in “Sales”; we do not know that of you yet. A lead can add it."
    ),
    NotInAudience(part=AudiencePart.REGION, asked=("Lyon", "Austin", "Berlin"), own=("Rome",)): (
        "This track is for people in “Lyon”, “Austin” or “Berlin”; we have you down for “Rome”."
        " If that is wrong, a lead can correct it."
    ),
    NotAtLevel(level_from=3, level_to=None, own=2): (
        "This track is for people from level 3 up; we have you down for level 2. If that is wrong, a lead can correct it."
    ),
    NotAtLevel(level_from=None, level_to=4, own=5): (
        "This track is for people up to level 4; we have you down for level 5. If that is wrong, a lead can correct it."
    ),
    NotAtLevel(level_from=3, level_to=4, own=None): (
        "This track is for people at levels 3 to 4; we do not know that of you yet. A lead can add it."
    ),
    NotInvited(phases=()): "This track is for people invited to the program. A lead can invite you.",
    NotInvited(phases=("First circle",)): (
        "This track is for people invited to “First circle”. A lead can invite you."
    ),
    InvitationDeclined(phase="Pilot"): (
        "You said no to “Pilot”. If you think otherwise now, tell a lead: they can invite you again."
    ),
    EnrolmentWithdrawn(phase="Pilot"): (
        "You left “Pilot”. If you want to come back, tell a lead: they can invite you again."
    ),
    EnrolmentSuspended(phase="Pilot"): (
        "Your place in “Pilot” is suspended. A reviewer can tell you why, and decides when that ends."
    ),
    PrerequisiteNotPassed(track=STARTER): (
        "This track builds on “Starter track”: pass that first. You can do that yourself."
    ),
    DiagnosticNotTaken(diagnostic=LITERACY): (
        "Take “Know the networks” first: it is not graded, and shows which tracks fit you. You can do that yourself."
    ),
    RoutedElsewhere(diagnostic=LITERACY, tracks=(CRISIS,)): (
        "“Know the networks” leads you to “Respond in a crisis” instead. If you think this track fits you, ask a lead."
    ),
    RoutedElsewhere(diagnostic=LITERACY, tracks=()): (
        "“Know the networks” shows that you do not need this track. If you think you do, ask a lead."
    ),
}


@pytest.mark.parametrize(("reason", "sentence"), SENTENCES.items())
def test_a_reason_says_what_is_missing_and_who_can_act(reason: LockReason, sentence: str) -> None:
    assert lock_sentence(reason, TODAY) == sentence


def test_a_lock_is_told_reason_by_reason() -> None:
    assert lock_sentences(tuple(SENTENCES), TODAY) == list(SENTENCES.values())
    assert lock_sentences((), TODAY) == []


def step(
    kind: StepKind,
    *,
    unread: int = 2,
    scenarios: int = 0,
    lock: tuple[LockReason, ...] = (),
    bars: tuple[AttemptBar, ...] = (),
    renews_on: date | None = None,
) -> NextStep:
    return NextStep(
        kind=kind,
        track=STARTER,
        module=Named(UUID(int=31), "Say who you are"),
        attempt=None,
        lock=lock,
        bars=bars,
        readings=6,
        unread=unread,
        scenarios=scenarios,
        unpractised=scenarios,
        questions=8,
        needed=7,
        renews_on=renews_on,
    )


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (1, "Your certificate of “Starter track” is valid until 21 November. This renews it."),
        (0, "Your certificate of “Starter track” was valid until 20 November. This is the way to a new one."),
    ],
)
def test_a_step_towards_a_new_certificate_says_how_the_old_one_stands(days: int, sentence: str) -> None:
    told = next_sentences(step(StepKind.TAKE_ASSESSMENT, renews_on=TODAY + timedelta(days)), TODAY)
    assert (told[0], len(told)) == (sentence, 2)


@pytest.mark.parametrize("kind", StepKind)
def test_every_step_has_a_heading(kind: StepKind) -> None:
    assert next_heading(step(kind)).startswith("Next: ")


def test_beginning_says_what_lies_ahead() -> None:
    assert next_heading(step(StepKind.BEGIN)) == "Next: begin “Starter track”"
    assert next_sentences(step(StepKind.BEGIN), TODAY) == [
        "Six short readings lie before the assessment. It asks eight questions about what you would do; seven right pass."
    ]


def test_reading_says_how_many_readings_are_left() -> None:
    assert next_heading(step(StepKind.READ)) == "Next: read “Say who you are”"
    assert next_sentences(step(StepKind.READ, unread=1), TODAY) == [
        "One short reading lies before the assessment."
    ]


def test_playing_is_told_beside_reading() -> None:
    assert next_sentences(step(StepKind.READ, scenarios=1), TODAY) == [
        "Two short readings and one conversation to play lie before the assessment."
    ]
    assert next_sentences(step(StepKind.READ, unread=0, scenarios=1), TODAY) == [
        "One conversation to play lies before the assessment."
    ]
    assert next_heading(step(StepKind.PRACTISE)) == "Next: play “Say who you are”"
    assert "as often as you like" in next_sentences(step(StepKind.PRACTISE), TODAY)[0]


@pytest.mark.parametrize(
    ("forecast", "at_earliest", "when"),
    [
        (None, False, "There is no date yet."),
        (TODAY, False, "Probably soon."),
        (date(2026, 12, 1), False, "Probably in December."),
        (date(2026, 12, 1), True, "In December at the earliest."),
    ],
)
def test_a_card_tells_what_is_missing_who_can_act_and_when(
    forecast: date | None, at_earliest: bool, when: str
) -> None:
    reason = GateNotOpened(leads_to="First circle", forecast=forecast, at_earliest=at_earliest)
    assert lock_told(reason, TODAY) == LockTold(
        "The gate to “First circle” has not opened yet, and this track opens with it.",
        "A lead and a sponsor open it together.",
        when,
    )


def test_what_is_waited_for_is_told_with_who_can_act() -> None:
    assert next_sentences(step(StepKind.LOCKED, lock=(EditionNotPublished(),)), TODAY) == lock_sentences(
        (EditionNotPublished(),), TODAY
    )
    assert "Talk to a lead" in next_sentences(step(StepKind.ASK_A_LEAD, bars=(AttemptsUsedUp(3),)), TODAY)[0]


def test_the_assessment_says_what_it_asks_and_that_questions_stay_the_same() -> None:
    assert next_sentences(step(StepKind.TAKE_ASSESSMENT), TODAY) == [
        "It asks eight questions about what you would do; seven right pass."
    ]
    assert next_sentences(step(StepKind.GO_ON_WITH_ASSESSMENT), TODAY) == [
        "You left off in the middle. Your questions are the same."
    ]


@pytest.mark.parametrize("clearance", Clearance)
def test_every_clearance_has_a_name_as_the_end_of_a_way(clearance: Clearance) -> None:
    assert certificate_step_text(clearance).startswith("You may ")
