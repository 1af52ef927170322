"""Answers what a decision rests on, and reads it again from what was kept of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from cohorts.criteria.rules import Comparison, Criterion, Standing
from cohorts.decisions.rules import Vote
from cohorts.gates.rules import Holding
from cohorts.months.rules import (
    BeforeRecycle,
    CohortEnded,
    CohortMonths,
    FewEligibleOfEnrolled,
    Month,
    MonthFigures,
    MonthReason,
    MonthState,
    PausedTooLong,
    PhaseMonths,
    TooFewEligible,
    TooFewTookPart,
    TrackedMonths,
)

_REASONS: Mapping[str, type[MonthReason]] = {
    reason.__name__: reason
    for reason in (
        TooFewEligible,
        FewEligibleOfEnrolled,
        TooFewTookPart,
        PausedTooLong,
        BeforeRecycle,
        CohortEnded,
    )
}


_READ: Mapping[Any, Callable[[str], Any]] = {int: int, Fraction: Fraction, date: date.fromisoformat}


@dataclass(frozen=True, slots=True)
class AsItStood:
    """Where a criterion stood; its standing gives no reasons, since they are not kept."""

    standing: Standing
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`held_shut_by` counts what held the gate shut all the same, by kind."""

    judged_on: date
    criteria: tuple[AsItStood, ...]
    cohorts: tuple[CohortMonths, ...]
    held_shut_by: Mapping[str, int]


def evidence(
    *,
    standings: Iterable[Standing],
    months: PhaseMonths,
    holding: Iterable[Holding],
    votes: Iterable[Vote],
    today: date,
) -> dict[str, Any]:
    """What a decision rested on, in values that JSON keeps as they are: figures and ids of things, never people."""
    votes = tuple(votes)
    return {
        "judged_on": today.isoformat(),
        "criteria": [_criterion_evidence(standing) for standing in standings],
        "cohorts": [_cohort_evidence(cohort) for cohort in months.cohorts],
        "held_shut_by": dict(Counter(type(each).__name__ for each in holding)),
        "votes": dict(Counter(vote.choice.value for vote in votes)),
        "roles": dict(Counter(role.value for vote in votes for role in vote.roles)),
    }


def evidence_hash(evidence: Mapping[str, Any]) -> bytes:
    """SHA-256 over the evidence as canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()


def evidence_read(
    kept: Mapping[str, Any], *, criteria: Iterable[Criterion], names: Mapping[UUID, str]
) -> Evidence:
    """Evidence as `evidence` told it; `criteria` and `names` of cohorts have the words that it leaves out."""
    asked = {str(criterion.id): criterion for criterion in criteria}
    return Evidence(
        judged_on=date.fromisoformat(kept["judged_on"]),
        criteria=tuple(_as_it_stood(told, asked[told["criterion"]]) for told in kept["criteria"]),
        cohorts=tuple(_cohort(told, names[UUID(told["cohort"])]) for told in kept["cohorts"]),
        held_shut_by=kept["held_shut_by"],
    )


def _criterion_evidence(standing: Standing) -> dict[str, Any]:
    criterion = standing.criterion
    return {
        "criterion": str(criterion.id),
        "kind": criterion.kind.value,
        "required": criterion.required,
        "measure": criterion.measure,
        "comparison": criterion.comparison.value,
        "target": str(standing.target),
        "over_months": criterion.over_months,
        "values": [None if value is None else str(value) for value in standing.values],
        "people": standing.people,
        "met": standing.met,
    }


def _cohort_evidence(cohort: CohortMonths) -> dict[str, Any]:
    return {
        "cohort": str(cohort.cohort),
        "left_out": cohort.left_out is not None,
        "in_a_row": cohort.tracked.in_a_row,
        "counted": cohort.tracked.counted,
        "needed": cohort.tracked.needed,
        "months": [
            {
                "from_on": month.from_on.isoformat(),
                "until_on": month.until_on.isoformat(),
                "state": month.state.value,
                "took_part": month.figures.took_part,
                "eligible": month.figures.eligible,
                "enrolled": month.figures.enrolled,
                "reasons": [_reason_evidence(reason) for reason in month.reasons],
            }
            for month in cohort.tracked.months
            if month.figures is not None
        ],
    }


def _reason_evidence(reason: MonthReason) -> dict[str, str]:
    told = {each.name: str(getattr(reason, each.name)) for each in fields(reason)}
    return {"reason": type(reason).__name__, **told}


def _as_it_stood(told: Mapping[str, Any], criterion: Criterion) -> AsItStood:
    values = tuple(None if value is None else Fraction(value) for value in told["values"])
    known = [value for value in values if value is not None]
    comparison = Comparison(told["comparison"])
    furthest = min if comparison is Comparison.AT_LEAST else max
    standing = Standing(
        criterion=replace(
            criterion,
            required=told["required"],
            measure=told["measure"],
            comparison=comparison,
            over_months=told["over_months"],
        ),
        value=furthest(known, default=None),
        target=Fraction(told["target"]),
        values=values,
        towards=Fraction(told["met"]),
        people=told["people"],
        reasons=(),
    )
    return AsItStood(standing, told["met"])


def _cohort(told: Mapping[str, Any], name: str) -> CohortMonths:
    return CohortMonths(
        cohort=UUID(told["cohort"]),
        name=name,
        left_out="" if told["left_out"] else None,
        tracked=TrackedMonths(
            months=tuple(_month(number, month) for number, month in enumerate(told["months"])),
            needed=told["needed"],
            in_a_row=told["in_a_row"],
            counted=told["counted"],
            completes_on=None,
            ended_on=None,
        ),
    )


def _month(number: int, told: Mapping[str, Any]) -> Month:
    return Month(
        number=number,
        from_on=date.fromisoformat(told["from_on"]),
        until_on=date.fromisoformat(told["until_on"]),
        state=MonthState(told["state"]),
        figures=MonthFigures(
            number=number,
            took_part=told["took_part"],
            eligible=told["eligible"],
            enrolled=told["enrolled"],
        ),
        reasons=tuple(_reason(reason) for reason in told["reasons"]),
    )


def _reason(told: Mapping[str, str]) -> MonthReason:
    reason = _REASONS[told["reason"]]
    values = {each.name: _READ[each.type](told[each.name]) for each in fields(reason)}
    return reason(**values)
