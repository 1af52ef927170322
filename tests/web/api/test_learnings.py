"""Learnings over the API: whose one may read, by name or not, and where they went."""

from typing import Any
from uuid import UUID

from playbooks.entries.rules import EntryTopic
from playbooks.learnings.actions import change_learning
from playbooks.learnings.rules import LearningKind, LearningText
from program.access_tokens.rules import Scope
from tests.cast import a_form
from tests.web.api.visitors import Visitors, cost
from tests.world import NOW


async def listed(here: Visitors, visitor: str, **asked: object) -> list[dict[str, Any]]:
    answer = await (await here.caller(visitor)).get(f"{here.path}/learnings", **asked)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_an_author_reads_all_of_their_own_newest_first(here: Visitors) -> None:
    own = await listed(here, "pilot", mine=True)
    assert [each["state"] for each in own] == [
        "declined",
        "returned",
        "submitted",
        "draft",
        *["accepted"] * 4,
    ]
    assert all(each["own"] and each["author"] == "Paula Pilot" for each in own)
    assert [each["id"] for each in await listed(here, "pilot", state_is="draft")] == [
        here.world.ids["draft_learning"]
    ]


async def test_a_cohort_reads_what_was_sent_without_names_that_their_authors_keep(here: Visitors) -> None:
    others = [each for each in await listed(here, "Mona Member") if not each["own"]]
    assert {each["state"] for each in others} == {"submitted", "accepted"}
    assert {each["author"] for each in others} == {None}
    assert here.world.ids["draft_learning"] not in {each["id"] for each in others}


async def test_leads_and_coaches_read_names_and_leads_also_what_was_declined(here: Visitors) -> None:
    of_lead, of_coach = await listed(here, "lead"), await listed(here, "coach")
    assert {each["state"] for each in of_lead} == {"submitted", "accepted", "declined"}
    assert {each["state"] for each in of_coach} == {"submitted", "accepted"}
    assert {each["author"] for each in [*of_lead, *of_coach]} == {
        "Paula Pilot",
        "Mona Member",
        "Miro Member",
    }


async def test_the_note_of_a_learning_that_was_sent_again_is_between_its_author_and_the_desk(
    here: Visitors,
) -> None:
    pilot, learning = UUID(here.world.ids["pilot"]), UUID(here.world.ids["returned_learning"])
    text = LearningText(
        kind=LearningKind.DO,
        topic=EntryTopic.JOURNALISTS,
        lesson="Ask which paper it is for.",
        situation="A reporter of the Courier wrote to me on a Sunday.",
    )
    await change_learning(here.world.program, learning, text, send=True, by=pilot, now=NOW, sent=a_form())
    for visitor, note in (("pilot", "Which paper was it?"), ("Mona Member", None), ("coach", None)):
        (told,) = [each for each in await listed(here, visitor) if each["id"] == str(learning)]
        assert told["state"] == "submitted"
        assert (told["review"] and told["review"]["note"]) == note


async def test_an_ambassador_of_another_cohort_reads_none_of_them(here: Visitors) -> None:
    assert await listed(here, "ambassador") == []
    ambassador = await here.caller("ambassador")
    refused = await ambassador.get(f"{here.path}/learnings/{here.world.ids['learning']}")
    assert refused.status_code == 404


async def test_one_learning_says_where_it_went(here: Visitors) -> None:
    pilot = await here.caller("pilot")
    answer = await pilot.get(f"{here.path}/learnings/{here.world.ids['accepted_learning']}")
    told = answer.json()
    assert told["entry"] == {
        "id": here.world.ids["entry"],
        "title": "Ask which paper it is for (journalists)",
        "editions": [1],
    }
    assert told["review"]["outcome"] == "accepted"
    assert [(each["edition"], each["passed"]) for each in told["taught"]] == [(1, None)] * len(told["taught"])


async def test_nobody_else_reads_a_draft(here: Visitors) -> None:
    address = f"{here.path}/learnings/{here.world.ids['draft_learning']}"
    for visitor in ("lead", "coach", "Mona Member"):
        assert (await (await here.caller(visitor)).get(address)).status_code == 404
    assert (await (await here.caller("pilot")).get(address)).json()["state"] == "draft"


async def test_pages_of_learnings_follow_each_other(here: Visitors) -> None:
    lead = await here.caller("lead")
    whole = (await lead.get(f"{here.path}/learnings")).json()["items"]
    found, address = [], f"{here.path}/learnings?limit=5"
    while address:
        answer = await lead.get(address)
        found += answer.json()["items"]
        address = answer.links.get("next", {}).get("url", "")
    assert found == whole
    assert len(found) > 10


async def test_a_token_for_something_else_reads_no_learnings(here: Visitors) -> None:
    caller = await here.caller("pilot", [Scope.PROGRAM_READ])
    refused = await caller.get(f"{here.path}/learnings")
    assert (refused.status_code, refused.json()["scope"]) == (403, "learnings:read")
    assert (await caller.get(f"{here.path}/learnings", state_is="nonsense")).status_code == 403


async def test_what_is_no_state_is_refused(here: Visitors) -> None:
    refused = await (await here.caller("pilot")).get(f"{here.path}/learnings", state_is="nonsense")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["parameter"] == "state_is"


async def test_the_number_of_queries_does_not_grow_with_the_list(here: Visitors) -> None:
    lead = await here.caller("lead")
    assert len({await cost(lead, f"{here.path}/learnings?limit={limit}") for limit in (1, 3, 50)}) == 1
