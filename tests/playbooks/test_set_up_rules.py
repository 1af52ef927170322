from dataclasses import replace

import pytest

from playbooks.set_up.rules import SetUpFacts, Step, StepState, progress
from playbooks.set_up.words import EVENTS, step_words

NEW = SetUpFacts(gone_through=(), purpose=True, sponsors=0, editions=0, listed=1, chosen=0, invited=0)


def state_of(step: Step, facts: SetUpFacts) -> StepState:
    return next(standing.state for standing in progress(facts).steps if standing.step is step)


def test_a_new_program_has_said_its_purpose_and_looks_for_a_sponsor() -> None:
    found = progress(NEW)
    assert (found.next, found.number, found.over) == (Step.SPONSOR, 2, False)
    assert [standing.step for standing in found.steps] == list(Step)
    assert progress(replace(NEW, purpose=False)).next is Step.PURPOSE


def test_only_the_sponsor_can_be_left_for_later() -> None:
    said = replace(NEW, gone_through=(Step.SPONSOR, Step.PLAYBOOK))
    assert state_of(Step.SPONSOR, said) is StepState.SKIPPED
    assert progress(said).next is Step.PLAYBOOK
    assert state_of(Step.SPONSOR, replace(said, sponsors=1)) is StepState.DONE


def test_each_step_leads_to_the_next() -> None:
    facts = replace(NEW, sponsors=1)
    assert progress(facts).next is Step.PLAYBOOK
    facts = replace(facts, editions=1)
    assert progress(facts).next is Step.ROLLOUT
    facts = replace(facts, gone_through=(Step.ROLLOUT,))
    assert progress(facts).next is Step.PEOPLE
    facts = replace(facts, gone_through=(Step.ROLLOUT, Step.PEOPLE))
    assert progress(facts).next is Step.PEOPLE
    facts = replace(facts, listed=2)
    assert progress(facts).next is Step.PILOT
    facts = replace(facts, chosen=3)
    assert progress(facts).next is Step.PILOT
    facts = replace(facts, gone_through=tuple(Step))
    assert progress(facts).next is Step.INVITATIONS
    assert progress(replace(facts, chosen=0)).next is Step.PILOT


def test_once_somebody_is_invited_it_is_over_whatever_was_left_out() -> None:
    found = progress(replace(NEW, invited=1))
    assert (found.next, found.number, found.over) == (None, None, True)
    assert state_of(Step.PILOT, replace(NEW, invited=1)) is StepState.DONE
    assert state_of(Step.PLAYBOOK, replace(NEW, invited=1)) is StepState.OPEN


@pytest.mark.parametrize("step", Step)
def test_every_step_has_words(step: Step) -> None:
    words = step_words(step)
    assert words.name
    assert words.asks.endswith("?")
    assert words.why.endswith(".")
    assert words.name in EVENTS["set_up_step_taken"]({"step": step.value})
