"""Who sees what, in words, and why some things are not in an export."""

from playbooks.own_data.rules import WHO_SEES, Audience, Noun, Sight
from program.words import gettext as _
from program.words import list_text


def noun_text(noun: Noun) -> str:
    return {
        Noun.ACTIVITY: _("What you did in public"),
        Noun.COHORT_FIGURES: _("The figures of your cohort"),
        Noun.LEARNING_DRAFT: _("Drafts of learnings"),
        Noun.LEARNING: _("Learnings that you sent"),
        Noun.ENTRY_DRAFT: _("The draft of the playbook"),
        Noun.EDITION: _("Editions of the playbook"),
        Noun.TRAINING: _("Your training"),
        Noun.CERTIFICATE: _("Your certificates"),
        Noun.GATE: _("Gates and months"),
        Noun.DECISION: _("Votes and decisions"),
        Noun.INCIDENT: _("Incidents that you reported"),
        Noun.EVENT: _("Events"),
    }[noun]


def audience_text(audience: Audience) -> str:
    return {
        Audience.ONESELF: _("you"),
        Audience.OWN_COHORT: _("your cohort"),
        Audience.COACH: _("your coach"),
        Audience.LEAD: _("leads"),
        Audience.REVIEWER: _("reviewers"),
        Audience.SPONSOR: _("sponsors"),
        Audience.OTHERS: _("others in the program"),
    }[audience]


def sight_text(sight: Sight) -> str:
    """How much it is, as after “leads:”."""
    return {
        Sight.NOTHING: _("nothing"),
        Sight.ALL: _("everything"),
        Sight.YES: _("all of it"),
        Sight.OWN: _("your own"),
        Sight.NAMED: _("with your name"),
        Sight.NAMED_IN_COHORT: _("with your name, in the cohort that they coach"),
        Sight.NAMED_IF_AGREED: _("all of it, with your name only if you agreed"),
        Sight.TOTALS: _("totals only"),
        Sight.AS_ENTRIES: _("only as entries of an edition"),
        Sight.IN_THE_PILOT: _("all of it, in the pilot"),
        Sight.PROGRESS: _("how far you have come"),
        Sight.PUBLIC_PAGE: _("the public page, if you allow it"),
        Sight.STATE_AND_FORECAST: _("state and forecast"),
        Sight.OUTCOME: _("the outcome"),
        Sight.OUTCOME_AND_REASON: _("the outcome and its reason"),
        Sight.REPORTED: _("what you reported"),
        Sight.OPEN_AND_HOW_GRAVE: _("that one is open and how grave, not what happened"),
        Sight.GRAVE_ONE_OPEN: _("that a grave one is open, nothing else"),
        Sight.OF_THE_PROGRAM: _("all of the program’s"),
    }[sight]


def who_sees(noun: Noun) -> list[tuple[str, str]]:
    """Who sees something of it, and how much: those who see the same stand together."""
    together: dict[Sight, list[Audience]] = {}
    for audience, sight in WHO_SEES[noun].items():
        if sight is not Sight.NOTHING:
            together.setdefault(sight, []).append(audience)
    return [(_all_of(audiences), sight_text(sight)) for sight, audiences in together.items()]


def _all_of(audiences: list[Audience]) -> str:
    if len(audiences) == len(Audience):
        return _("everybody in the program")
    return list_text([audience_text(audience) for audience in audiences])


def who_does_not(noun: Noun) -> list[str]:
    """Who sees nothing of it."""
    return [audience_text(audience) for audience, sight in WHO_SEES[noun].items() if sight is Sight.NOTHING]


def why_left_out(table: str) -> str:
    """Why a table that is about people is not in the data that they take along."""
    return {
        "form_key": _(
            "The key of each form that you sent in the last month, so that it counts once. It says nothing but when."
        ),
        "activity_import_piece": _(
            "A file that you uploaded, while it is being read; it is deleted right after."
        ),
        "people_import_row": _(
            "A file of people that a lead is looking at; it is dropped when it is taken in or given up."
        ),
        "choice": _("Whom a lead has in mind for a cohort, until they are invited or not."),
        "sign_in_try": _("Tries to sign in, counted without anything that leads back to a person."),
    }[table]
