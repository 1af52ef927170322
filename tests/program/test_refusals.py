"""Every refusal, on every floor, is a statement with a sentence."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import cohorts
import playbooks
import program
from program.refusals import NotAllowed, NotFound, Refusal


def all_refusals() -> Iterator[type[Refusal]]:
    for floor in (program, cohorts, playbooks):
        for module in pkgutil.walk_packages(floor.__path__, f"{floor.__name__}."):
            if module.name.endswith((".actions", ".queries")):
                importlib.import_module(module.name)
    waiting = [Refusal]
    while waiting:
        below = waiting.pop().__subclasses__()
        yield from below
        waiting += below


@pytest.mark.parametrize("refusal", sorted(set(all_refusals()), key=str), ids=str)
def test_a_refusal_says_something(refusal: type[Refusal]) -> None:
    assert refusal.sentence is not Refusal.sentence


def test_a_refusal_without_a_sentence_is_a_mistake() -> None:
    with pytest.raises(NotImplementedError):
        Refusal().sentence()


def test_a_refusal_carries_its_reasons_as_facts() -> None:
    refusal = Refusal("one", 2)
    assert refusal.reasons == ("one", 2)
    assert refusal.reason_sentences() == []
    assert refusal.field is None


def test_not_found_does_not_tell_whether_there_is_something() -> None:
    assert NotFound().sentence() == "There is nothing here that you can see."
    assert NotAllowed().sentence() == "This is for somebody else in the program to do."
