"""Why a track is locked, who can change that and when it will probably open, and what comes next, in sentences."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
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
from program.words import day_text, either_text, list_text, month_text, ngettext, number_text
from program.words import gettext as _

Facts = Mapping[str, Any]
EVENTS: Mapping[str, Callable[[Facts], str]] = {
    "track_begun": lambda facts: _("began the track “%(track)s”") % facts,
    "reading_finished": lambda facts: _("read “%(reading)s” of the track “%(track)s”") % facts,
    "assessment_changed": lambda facts: _("changed how the track “%(track)s” is proven") % facts,
}


@dataclass(frozen=True, slots=True)
class LockTold:
    """What is missing, who can do something about it, and, where it can be told, when that will be."""

    missing: str
    who: str
    when: str = ""


def lock_sentences(lock: Lock, today: date) -> list[str]:
    """For each reason what is missing and what can be done, in the order in which the conditions stand."""
    return [lock_sentence(reason, today) for reason in lock]


def lock_sentence(reason: LockReason, today: date) -> str:
    told = lock_told(reason, today)
    missing = _until_the_gate(reason, today) if isinstance(reason, GateNotOpened) else told.missing
    return f"{missing} {told.who}"


@singledispatch
def lock_told(reason: LockReason, today: date) -> LockTold:
    raise TypeError(reason, today)


@lock_told.register
def _gate(reason: GateNotOpened, today: date) -> LockTold:
    return LockTold(
        _("The gate to “%(phase)s” has not opened yet, and this track opens with it.")
        % {"phase": reason.leads_to},
        _("A lead and a sponsor open it together."),
        _when_it_opens(reason, today),
    )


def _when_it_opens(reason: GateNotOpened, today: date) -> str:
    if reason.forecast is None:
        return _("There is no date yet.")
    told = {"month": month_text(max(reason.forecast, today), today)}
    if reason.at_earliest:
        return _("In %(month)s at the earliest.") % told
    return _("Probably soon.") if reason.forecast <= today else _("Probably in %(month)s.") % told


def _until_the_gate(reason: GateNotOpened, today: date) -> str:
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
    return sentence % told


@lock_told.register
def _edition(_reason: EditionNotPublished, _today: date) -> LockTold:
    return LockTold(
        _("This track teaches an edition of the playbook that is not published yet."),
        _("A lead publishes it."),
    )


@lock_told.register
def _audience(reason: NotInAudience, _today: date) -> LockTold:
    told = {"asked": either_text(_quoted(reason.asked)), "own": list_text(_quoted(reason.own))}
    if reason.part is AudiencePart.PHASE:
        return LockTold(_("This track is for people in %(asked)s; you are in %(own)s.") % told, _can_invite())
    if reason.part is AudiencePart.JOB_FUNCTION:
        asked = _("This track is for people who work in %(asked)s;") % told
    else:
        asked = _("This track is for people in %(asked)s;") % told
    own = _("we have you down for %(own)s.") % told
    return _recorded(asked, own if reason.own else None)


@lock_told.register
def _level(reason: NotAtLevel, _today: date) -> LockTold:
    told = {"from": reason.level_from, "to": reason.level_to, "own": reason.own}
    if reason.level_from is None:
        asked = _("This track is for people up to level %(to)s;") % told
    elif reason.level_to is None:
        asked = _("This track is for people from level %(from)s up;") % told
    else:
        asked = _("This track is for people at levels %(from)s to %(to)s;") % told
    own = _("we have you down for level %(own)s.") % told
    return _recorded(asked, own if reason.own is not None else None)


def _recorded(asked: str, own: str | None) -> LockTold:
    if own is None:
        return LockTold(f"{asked} {_('we do not know that of you yet.')}", _("A lead can add it."))
    return LockTold(f"{asked} {own}", _("If that is wrong, a lead can correct it."))


def _quoted(names: Iterable[str]) -> list[str]:
    return [f"“{name}”" for name in names]


def _can_invite() -> str:
    return _("A lead can invite you.")


@lock_told.register
def _invitation(reason: NotInvited, _today: date) -> LockTold:
    if not reason.phases:
        return LockTold(_("This track is for people invited to the program."), _can_invite())
    sentence = _("This track is for people invited to %(phases)s.")
    return LockTold(sentence % {"phases": either_text(_quoted(reason.phases))}, _can_invite())


@lock_told.register
def _declined(reason: InvitationDeclined, _today: date) -> LockTold:
    return LockTold(
        _("You said no to “%(phase)s”.") % {"phase": reason.phase},
        _("If you think otherwise now, tell a lead: they can invite you again."),
    )


@lock_told.register
def _withdrawn(reason: EnrolmentWithdrawn, _today: date) -> LockTold:
    return LockTold(
        _("You left “%(phase)s”.") % {"phase": reason.phase},
        _("If you want to come back, tell a lead: they can invite you again."),
    )


@lock_told.register
def _suspended(reason: EnrolmentSuspended, _today: date) -> LockTold:
    return LockTold(
        _("Your place in “%(phase)s” is suspended.") % {"phase": reason.phase},
        _("A reviewer can tell you why, and decides when that ends."),
    )


@lock_told.register
def _prerequisite(reason: PrerequisiteNotPassed, _today: date) -> LockTold:
    return LockTold(
        _("This track builds on “%(track)s”: pass that first.") % {"track": reason.track.name},
        _("You can do that yourself."),
    )


@lock_told.register
def _untaken(reason: DiagnosticNotTaken, _today: date) -> LockTold:
    return LockTold(
        _("Take “%(diagnostic)s” first: it is not graded, and shows which tracks fit you.")
        % {"diagnostic": reason.diagnostic.name},
        _("You can do that yourself."),
    )


@lock_told.register
def _routed(reason: RoutedElsewhere, _today: date) -> LockTold:
    told = {
        "diagnostic": reason.diagnostic.name,
        "tracks": list_text(_quoted(track.name for track in reason.tracks)),
    }
    if reason.tracks:
        return LockTold(
            _("“%(diagnostic)s” leads you to %(tracks)s instead.") % told,
            _("If you think this track fits you, ask a lead."),
        )
    return LockTold(
        _("“%(diagnostic)s” shows that you do not need this track.") % told,
        _("If you think you do, ask a lead."),
    )


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
        StepKind.TAKE_ASSESSMENT: _("Next: renew your certificate")
        if step.renews_on
        else _("Next: show what you would do"),
        StepKind.READ: _("Next: read “%(module)s”"),
        StepKind.PRACTISE: _("Next: play “%(module)s”"),
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
    told = {
        StepKind.BEGIN: f"{_ahead(step.readings, step.scenarios)} {_assessment_ahead(step)}",
        StepKind.READ: _ahead(step.unread, step.unpractised),
        StepKind.PRACTISE: _(
            "Somebody talks to you, and you choose what you say. Try as often as you like: nobody sees how it went."
        ),
        StepKind.TAKE_ASSESSMENT: _assessment_ahead(step),
        StepKind.GO_ON_WITH_ASSESSMENT: _("You left off in the middle. Your questions are the same."),
    }
    return [*_renewal(step, today), told[step.kind]]


def _renewal(step: NextStep, today: date) -> list[str]:
    if step.renews_on is None:
        return []
    told = {"track": step.track.name, "day": day_text(step.renews_on, today)}
    if step.renews_on <= today:
        return [
            _("Your certificate of “%(track)s” was valid until %(day)s. This is the way to a new one.") % told
        ]
    return [_("Your certificate of “%(track)s” is valid until %(day)s. This renews it.") % told]


def _ahead(readings: int, scenarios: int) -> str:
    parts = []
    if readings or not scenarios:
        told = ngettext("%(count)s short reading", "%(count)s short readings", readings)
        parts.append(told % {"count": number_text(readings)})
    if scenarios:
        told = ngettext("%(count)s conversation to play", "%(count)s conversations to play", scenarios)
        parts.append(told % {"count": number_text(scenarios)})
    sentence = ngettext(
        "%(parts)s lies before the assessment.",
        "%(parts)s lie before the assessment.",
        readings + scenarios,
    ) % {"parts": list_text(parts)}
    return sentence[:1].upper() + sentence[1:]


def _assessment_ahead(step: NextStep) -> str:
    sentence = ngettext(
        "It asks %(count)s question about what you would do; %(needed)s right pass.",
        "It asks %(count)s questions about what you would do; %(needed)s right pass.",
        step.questions,
    )
    return sentence % {"count": number_text(step.questions), "needed": number_text(step.needed)}
