from uuid import uuid4

import pytest

from cohorts.activity_imports.rules import Fate, Outside
from cohorts.activity_lists.rules import Answer, Outcome, Refused, answer_of, refused
from cohorts.activity_lists.words import why_sentence

ACTIVITY = uuid4()


@pytest.mark.parametrize(
    ("fate", "apart", "outcome"),
    [
        (Fate.NEW, False, Outcome.KEPT),
        (Fate.KNOWN, False, Outcome.KNOWN),
        (Fate.TWIN, False, Outcome.MERGED),
        (Fate.TWIN, True, Outcome.KEPT),
    ],
)
def test_what_counts_names_its_activity(fate: Fate, apart: bool, outcome: Outcome) -> None:
    answer = answer_of(fate, why=None, apart=apart, activity=ACTIVITY)
    assert answer == Answer(outcome=outcome, activity=ACTIVITY)
    assert answer.field is None


@pytest.mark.parametrize("why", Outside)
def test_what_is_left_out_says_why_and_names_nothing(why: Outside) -> None:
    answer = answer_of(Fate.OUTSIDE, why=why, apart=False, activity=ACTIVITY)
    other = {
        Outside.NO_CONSENT: Outcome.NO_CONSENT,
        Outside.SOMEBODY_ELSES_POST: Outcome.REFUSED,
    }
    assert answer == Answer(outcome=other.get(why, Outcome.OUTSIDE), why=why)


@pytest.mark.parametrize("why", [*Refused, *(each for each in Outside if each != Outside.SOMEBODY_ELSE)])
def test_every_reason_has_a_field_and_a_sentence(why: Refused | Outside) -> None:
    assert Answer(outcome=Outcome.REFUSED, why=why).field in ("done_on", "kind", "link", "network")
    assert why_sentence(why).endswith(".")


def test_what_is_not_understood_is_refused() -> None:
    assert refused(Refused.DAY_MISSING) == Answer(outcome=Outcome.REFUSED, why=Refused.DAY_MISSING)
