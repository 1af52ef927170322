"""Why a track is locked, who can change that and when it will probably open, and what comes next, in sentences."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import singledispatch
from typing import Any

from playbooks.assessments.words import attempt_bar_sentence
from playbooks.clearances.rules import Clearance
from playbooks.tracks.rules import (
    AudiencePart,
    DiagnosticNotTaken,
    EditionNotPublished,
    EnrolmentSuspended,
    EnrolmentWithdrawn,
    GateNotOpened,
    InvitationDeclined,
    Lock,
    LockReason,
    NextStep,
    NotAtLevel,
    NotInAudience,
    NotInvited,
    PrerequisiteNotPassed,
    RoutedElsewhere,
    StepKind,
)
from program.words import either_text, list_text, month_text, ngettext, number_text
from program.words import gettext as _

Facts = Mapping[str, Any]
EVENTS: Mapping[str, Callable[[Facts], str]] = {
    "track_begun": lambda facts: _("began the track “%(track)s”") % facts,
    "reading_finished": lambda facts: _("read “%(reading)s” of the track “%(track)s”") % facts,
    "assessment_changed": lambda facts: _("changed how the track “%(track)s” is proven") % facts,
}


def lock_sentences(lock: Lock, today: date) -> list[str]:
    """For each reason what is missing and what can be done, in the order in which the conditions stand."""
    return [lock_sentence(reason, today) for reason in lock]


@singledispatch
def lock_sentence(reason: LockReason, today: date) -> str:
    raise TypeError(reason, today)


@lock_sentence.register
def _gate(reason: GateNotOpened, today: date) -> str:
    told = {"phase": reason.leads_to}
    if reason.forecast is None:
        sentence = _(
            "Locked until the gate to “%(phase)s” opens: this track opens with it. It has no date yet."
        )
    elif reason.forecast <= today and not reason.at_earliest:
        sentence = _("Locked until the gate to “%(phase)s” opens, probably soon: this track opens with it.")
    elif reason.at_earliest:
        sentence = _(
            "Locked until the gate to “%(phase)s” opens, in %(month)s at the earliest: this track opens with it."
        )
        told["month"] = month_text(max(reason.forecast, today), today)
    else:
        sentence = _(
            "Locked until the gate to “%(phase)s” opens, probably in %(month)s: this track opens with it."
        )
        told["month"] = month_text(reason.forecast, today)
    return sentence % told + " " + _("A lead and a sponsor open it together.")


@lock_sentence.register
def _edition(_reason: EditionNotPublished, _today: date) -> str:
    return _("This track teaches an edition of the playbook that is not published yet. A lead publishes it.")


@lock_sentence.register
def _audience(reason: NotInAudience, _today: date) -> str:
    told = {"asked": either_text(_quoted(reason.asked)), "own": list_text(_quoted(reason.own))}
    if reason.part is AudiencePart.PHASE:
        return _("This track is for people in %(asked)s; you are in %(own)s. A lead can invite you.") % told
    if reason.part is AudiencePart.JOB_FUNCTION:
        asked = _("This track is for people who work in %(asked)s;") % told
    else:
        asked = _("This track is for people in %(asked)s;") % told
    if not reason.own:
        return f"{asked} {_unknown()}"
    own = _("we have you down for %(own)s. If that is wrong, a lead can correct it.") % told
    return f"{asked} {own}"


@lock_sentence.register
def _level(reason: NotAtLevel, _today: date) -> str:
    told = {"from": reason.level_from, "to": reason.level_to, "own": reason.own}
    if reason.level_from is None:
        asked = _("This track is for people up to level %(to)s;") % told
    elif reason.level_to is None:
        asked = _("This track is for people from level %(from)s up;") % told
    else:
        asked = _("This track is for people at levels %(from)s to %(to)s;") % told
    if reason.own is None:
        return f"{asked} {_unknown()}"
    own = _("we have you down for level %(own)s. If that is wrong, a lead can correct it.") % told
    return f"{asked} {own}"


def _unknown() -> str:
    return _("we do not know that of you yet. A lead can add it.")


def _quoted(names: Iterable[str]) -> list[str]:
    return [f"“{name}”" for name in names]


@lock_sentence.register
def _invitation(reason: NotInvited, _today: date) -> str:
    if not reason.phases:
        return _("This track is for people invited to the program. A lead can invite you.")
    sentence = _("This track is for people invited to %(phases)s. A lead can invite you.")
    return sentence % {"phases": either_text(_quoted(reason.phases))}


@lock_sentence.register
def _declined(reason: InvitationDeclined, _today: date) -> str:
    sentence = _(
        "You said no to “%(phase)s”. If you think otherwise now, tell a lead: they can invite you again."
    )
    return sentence % {"phase": reason.phase}


@lock_sentence.register
def _withdrawn(reason: EnrolmentWithdrawn, _today: date) -> str:
    sentence = _("You left “%(phase)s”. If you want to come back, tell a lead: they can invite you again.")
    return sentence % {"phase": reason.phase}


@lock_sentence.register
def _suspended(reason: EnrolmentSuspended, _today: date) -> str:
    sentence = _(
        "Your place in “%(phase)s” is suspended. A reviewer can tell you why, and decides when that ends."
    )
    return sentence % {"phase": reason.phase}


@lock_sentence.register
def _prerequisite(reason: PrerequisiteNotPassed, _today: date) -> str:
    sentence = _("This track builds on “%(track)s”: pass that first. You can do that yourself.")
    return sentence % {"track": reason.track.name}


@lock_sentence.register
def _untaken(reason: DiagnosticNotTaken, _today: date) -> str:
    sentence = _("Take “%(diagnostic)s” first: it is not graded, and shows which tracks fit you.")
    return sentence % {"diagnostic": reason.diagnostic.name}


@lock_sentence.register
def _routed(reason: RoutedElsewhere, _today: date) -> str:
    told = {
        "diagnostic": reason.diagnostic.name,
        "tracks": list_text(_quoted(track.name for track in reason.tracks)),
    }
    if reason.tracks:
        sentence = _(
            "“%(diagnostic)s” leads you to %(tracks)s instead. If you think this track fits you, ask a lead."
        )
    else:
        sentence = _(
            "“%(diagnostic)s” shows that you do not need this track. If you think you do, ask a lead."
        )
    return sentence % told


def certificate_step_text(grants: Clearance) -> str:
    """What a track leads to."""
    return {
        Clearance.LISTEN: _("You may listen"),
        Clearance.SHARE: _("You may share"),
        Clearance.SPEAK: _("You may speak"),
        Clearance.RESPOND_IN_A_CRISIS: _("You may respond in a crisis"),
    }[grants]


def next_heading(step: NextStep) -> str:
    """What comes next, as a heading."""
    told = {"track": step.track.name, "module": step.module.name if step.module else ""}
    return {
        StepKind.GO_ON_WITH_ASSESSMENT: _("Next: go on with your assessment"),
        StepKind.TAKE_ASSESSMENT: _("Next: show what you would do"),
        StepKind.READ: _("Next: read “%(module)s”"),
        StepKind.BEGIN: _("Next: begin “%(track)s”"),
        StepKind.WAIT: _("Next: try your assessment again"),
        StepKind.ASK_A_LEAD: _("Next: talk to a lead"),
        StepKind.LOCKED: _("Next: “%(track)s”, once it opens"),
    }[step.kind] % told


def next_sentences(step: NextStep, today: date) -> list[str]:
    """What it takes, or what it waits for and who can do something about it."""
    if step.kind is StepKind.LOCKED:
        return lock_sentences(step.lock, today)
    if step.kind in (StepKind.WAIT, StepKind.ASK_A_LEAD):
        return [attempt_bar_sentence(bar) for bar in step.bars]
    if step.kind is StepKind.BEGIN:
        return [f"{_readings_ahead(step.readings)} {_assessment_ahead(step)}"]
    if step.kind is StepKind.READ:
        return [_readings_ahead(step.unread)]
    if step.kind is StepKind.TAKE_ASSESSMENT:
        return [_assessment_ahead(step)]
    return [_("You left off in the middle. Your questions are the same.")]


def _readings_ahead(count: int) -> str:
    sentence = ngettext(
        "%(count)s short reading lies before the assessment.",
        "%(count)s short readings lie before the assessment.",
        count,
    ) % {"count": number_text(count)}
    return sentence[:1].upper() + sentence[1:]


def _assessment_ahead(step: NextStep) -> str:
    sentence = ngettext(
        "It asks %(count)s question about what you would do; %(needed)s right pass.",
        "It asks %(count)s questions about what you would do; %(needed)s right pass.",
        step.questions,
    )
    return sentence % {"count": number_text(step.questions), "needed": number_text(step.needed)}
