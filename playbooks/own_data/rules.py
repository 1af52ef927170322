"""Answers who in a program sees what of a person, and how a cell is written that a spreadsheet must not run."""

from enum import StrEnum


class Noun(StrEnum):
    ACTIVITY = "activity, own figures"
    COHORT_FIGURES = "cohort figures"
    LEARNING_DRAFT = "learning: draft"
    LEARNING = "learning: submitted, accepted"
    ENTRY_DRAFT = "entry draft"
    EDITION = "edition"
    TRAINING = "track, progress, attempts"
    CERTIFICATE = "certificate"
    GATE = "gate, criteria, month strip"
    DECISION = "votes, decision"
    INCIDENT = "incident"
    EVENT = "events"


class Audience(StrEnum):
    ONESELF = "oneself"
    OWN_COHORT = "own cohort"
    COACH = "coach"
    LEAD = "lead"
    REVIEWER = "reviewer"
    SPONSOR = "sponsor"
    OTHERS = "others in the program"


class Sight(StrEnum):
    """How much of something somebody sees."""

    NOTHING = "–"
    ALL = "all"
    YES = "yes"
    OWN = "own"
    NAMED = "named"
    NAMED_IN_COHORT = "own cohort, named"
    NAMED_IF_AGREED = "yes, named if the author agreed"
    TOTALS = "totals"
    AS_ENTRIES = "as entries of an edition"
    IN_THE_PILOT = "pilot: yes"
    PROGRESS = "progress"
    PUBLIC_PAGE = "public page if the person allows"
    STATE_AND_FORECAST = "state and forecast"
    OUTCOME = "outcome"
    OUTCOME_AND_REASON = "outcome and reason"
    REPORTED = "reported by me"
    OPEN_AND_HOW_GRAVE = "that it is open, how grave"
    GRAVE_ONE_OPEN = "that a grave one is open"
    OF_THE_PROGRAM = "program"


_S = Sight
_IN_ORDER: dict[Noun, tuple[Sight, ...]] = {
    Noun.ACTIVITY: (_S.ALL, _S.NOTHING, _S.NAMED_IN_COHORT, _S.NAMED, _S.NOTHING, _S.TOTALS, _S.NOTHING),
    Noun.COHORT_FIGURES: (_S.YES, _S.YES, _S.YES, _S.YES, _S.TOTALS, _S.TOTALS, _S.TOTALS),
    Noun.LEARNING_DRAFT: (_S.YES, *(_S.NOTHING,) * 6),
    Noun.LEARNING: (
        _S.YES, _S.NAMED_IF_AGREED, _S.YES, _S.YES, _S.NOTHING, _S.NOTHING, _S.AS_ENTRIES,
    ),
    Noun.ENTRY_DRAFT: (_S.NOTHING, _S.IN_THE_PILOT, _S.YES, _S.YES, *(_S.NOTHING,) * 3),
    Noun.EDITION: (_S.YES,) * 7,
    Noun.TRAINING: (_S.OWN, _S.NOTHING, _S.PROGRESS, _S.PROGRESS, _S.NOTHING, _S.TOTALS, _S.NOTHING),
    Noun.CERTIFICATE: (_S.OWN, _S.NOTHING, _S.YES, _S.YES, _S.YES, _S.TOTALS, _S.PUBLIC_PAGE),
    Noun.GATE: (*(_S.YES,) * 6, _S.STATE_AND_FORECAST),
    Noun.DECISION: (
        _S.NOTHING, _S.OUTCOME_AND_REASON, _S.OUTCOME, _S.ALL, _S.ALL, _S.ALL, _S.OUTCOME,
    ),
    Noun.INCIDENT: (
        _S.REPORTED, _S.NOTHING, _S.NOTHING, _S.OPEN_AND_HOW_GRAVE, _S.ALL, _S.GRAVE_ONE_OPEN, _S.NOTHING,
    ),
    Noun.EVENT: (
        _S.OWN, _S.NOTHING, _S.NOTHING, _S.OF_THE_PROGRAM, _S.OF_THE_PROGRAM, _S.NOTHING, _S.NOTHING,
    ),
}  # fmt: skip
WHO_SEES: dict[Noun, dict[Audience, Sight]] = {
    noun: dict(zip(Audience, sights, strict=True)) for noun, sights in _IN_ORDER.items()
}
"""What each audience sees of each noun, by default."""

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula: with an apostrophe before what would begin one."""
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
