"""Answers whom to ask next for a good mix of people, and what is wrong with the mix so far. Nobody is ranked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from program.network_activity.rules import NetworkActivity

SENIOR_FROM_LEVEL = 5
MOST_SUGGESTED = 6
FEWEST_TO_JUDGE_A_MIX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """What choosing goes by; None where it is not known."""

    person: UUID
    name: str
    job_title: str | None = None
    job_function: str | None = None
    department: str | None = None
    level: int | None = None
    region: str | None = None
    activity: NetworkActivity = field(default_factory=NetworkActivity)

    @property
    def senior(self) -> bool:
        return self.level is not None and self.level >= SENIOR_FROM_LEVEL


@dataclass(frozen=True, slots=True)
class IsActive:
    activity: NetworkActivity


@dataclass(frozen=True, slots=True)
class IsSenior:
    level: int


@dataclass(frozen=True, slots=True)
class FirstFromDepartment:
    department: str


@dataclass(frozen=True, slots=True)
class FirstFromRegion:
    region: str


ChoiceReason = IsActive | IsSenior | FirstFromDepartment | FirstFromRegion


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to ask, and why; the order of suggestions is that in which they complete the mix."""

    somebody: Somebody
    reasons: tuple[ChoiceReason, ...]


@dataclass(frozen=True, slots=True)
class OverCapacity:
    """More are chosen than there are places free."""

    chosen: int
    free: int


@dataclass(frozen=True, slots=True)
class TooFewForAMonth:
    """A month of the phase can count only with `least` members."""

    people: int
    least: int


@dataclass(frozen=True, slots=True)
class TooManyFrom:
    department: str
    people: int
    of: int


@dataclass(frozen=True, slots=True)
class NobodyActive:
    """Nobody is known to be active anywhere; of `unknown` nobody said."""

    unknown: int


@dataclass(frozen=True, slots=True)
class NobodySenior:
    """Nobody is known to be senior; of `unknown` the level is not known."""

    unknown: int


MixProblem = OverCapacity | TooFewForAMonth | TooManyFrom | NobodyActive | NobodySenior


def suggestions(
    candidates: Sequence[Somebody], mix: Sequence[Somebody], *, places: int | None
) -> tuple[Suggestion, ...]:
    """Whom to ask next, each with the reasons why, to complete the mix; no more than there are `places` (None: any).

    Whoever is active somewhere comes into question; where that is known of nobody, whoever is senior.
    """
    left = [one for one in candidates if one.activity.active]
    if not left and not any(one.activity.active for one in mix):
        left = [one for one in candidates if one.senior and one.activity.active is None]
    found: list[Suggestion] = []
    so_far = list(mix)
    while left and len(found) < (MOST_SUGGESTED if places is None else min(places, MOST_SUGGESTED)):
        best = max(left, key=lambda one: _completes(one, so_far))
        found.append(Suggestion(best, tuple(_reasons(best, so_far))))
        so_far.append(best)
        left.remove(best)
    return tuple(found)


def what_is_wrong_with_the_mix(
    mix: Sequence[Somebody], *, chosen: int, free: int | None, least: int, pilot: bool
) -> tuple[MixProblem, ...]:
    """What speaks against a cohort of these people, of whom the last `chosen` are yet to be invited.

    Only a pilot has to be active already, and senior. Nothing is wrong with nobody.
    """
    return tuple(_problems(mix, chosen, free, least, pilot=pilot)) if mix else ()


def _completes(one: Somebody, mix: Sequence[Somebody]) -> tuple[int, bool, int]:
    return len(list(_reasons(one, mix))), one.activity.often, one.level or 0


def _reasons(one: Somebody, mix: Sequence[Somebody]) -> Iterator[ChoiceReason]:
    if one.activity.active:
        yield IsActive(one.activity)
    if one.level is not None and one.senior:
        yield IsSenior(one.level)
    if one.department and one.department not in {other.department for other in mix}:
        yield FirstFromDepartment(one.department)
    if one.region and one.region not in {other.region for other in mix}:
        yield FirstFromRegion(one.region)


def _problems(
    mix: Sequence[Somebody], chosen: int, free: int | None, least: int, *, pilot: bool
) -> Iterator[MixProblem]:
    if free is not None and chosen > free:
        yield OverCapacity(chosen, free)
    if len(mix) < least:
        yield TooFewForAMonth(len(mix), least)
    departments = Counter(one.department for one in mix if one.department)
    for department, people in departments.most_common(1):
        if len(mix) >= FEWEST_TO_JUDGE_A_MIX and people * 2 > len(mix):
            yield TooManyFrom(department, people, len(mix))
    if pilot and not any(one.activity.active for one in mix):
        yield NobodyActive(sum(one.activity.active is None for one in mix))
    if pilot and not any(one.senior for one in mix):
        yield NobodySenior(sum(one.level is None for one in mix))
