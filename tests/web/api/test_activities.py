"""Activities over the API: one’s own, and lists of them, sent as often as one likes."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from program.access_tokens.rules import Scope
from program.database import fetch_value
from tests.cast import Browser
from tests.cohorts.files import post_link
from tests.web.api.caller import Caller, a_token
from tests.web.api.visitors import Visitors, cost
from tests.web.test_activities import TODAY
from tests.web.test_activity_imports import an_agreeing_scene

DAY = "2027-02-01"


def a_post(number: int, **told: Any) -> dict[str, Any]:
    return {"kind": "post", "link": post_link(10**18 + number), "done_on": DAY, **told}


async def send(caller: Caller, here: Visitors, body: Any, *, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return await caller.post(f"{here.path}/activities", body, headers=headers)


async def sent(caller: Caller, here: Visitors, *items: Any, key: str | None = None) -> list[dict[str, Any]]:
    answer = await send(caller, here, {"activities": items}, key=key)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["activities"]
    return found


async def test_a_list_is_answered_item_by_item(here: Visitors) -> None:
    pilot = await here.caller("pilot")
    answer = await send(
        pilot,
        here,
        {
            "activities": [
                a_post(1, text="On pumps", impressions=0),
                a_post(1, text="On pumps", impressions=0),
                a_post(2, done_on="2026-01-01"),
                {"kind": "post", "network": "x", "done_at": "2027-02-01T10:00:00+01:00"},
                {"kind": "post", "done_at": "9999-12-31T23:59:59Z"},
                {"kind": "post", "network": "linkedin", "done_at": "9999-12-31T23:59:59Z"},
                {"kind": "talk"},
            ]
        },
    )
    assert answer.status_code == 200
    told = answer.json()
    assert [(each["outcome"], each["code"], each["pointer"]) for each in told["activities"]] == [
        ("kept", None, None),
        ("known", None, None),
        ("outside", "before_tracking", "/activities/2/done_on"),
        ("no_consent", "no_consent", "/activities/3/network"),
        ("refused", "network_missing", "/activities/4/network"),
        ("outside", "in_the_future", "/activities/5/done_on"),
        ("refused", "day_missing", "/activities/6/done_on"),
    ]
    assert told["counts"] == {
        "kept": 1,
        "known": 1,
        "merged": 0,
        "outside": 2,
        "no_consent": 1,
        "refused": 2,
    }
    one, other, *_ = told["activities"]
    assert one["activity_id"] == other["activity_id"]
    assert all(each["detail"] for each in told["activities"] if each["code"])
    found = (await pilot.get(f"{here.path}/activities/{one['activity_id']}")).json()
    assert (found["text"], found["done_on"], found["figures"]["impressions"]) == ("On pumps", DAY, 0)
    assert [each["source"] for each in found["observed"]] == ["own_file"]


async def test_the_same_list_under_the_same_key_has_the_first_answer(here: Visitors) -> None:
    pilot, key = await here.caller("pilot"), str(uuid4())
    first = await sent(pilot, here, a_post(1), key=key)
    assert await sent(pilot, here, a_post(1), key=key) == first
    other = await send(pilot, here, {"activities": [a_post(2)]}, key=key)
    assert (other.status_code, other.json()["code"]) == (409, "sent_before")


async def test_under_the_same_key_nobody_gets_the_answer_of_somebody_else(here: Visitors) -> None:
    key = str(uuid4())
    await sent(await here.caller("pilot"), here, a_post(1), key=key)
    other = await send(await here.caller("Mona Member"), here, {"activities": [a_post(1)]}, key=key)
    assert other.status_code == 409


async def test_twenty_sends_at_once_under_one_key_have_one_result(browser: Browser) -> None:
    scene = await an_agreeing_scene()
    caller, key = Caller(browser.client, await a_token(scene.member)), str(uuid4())
    items = [a_post(number, done_on=str(TODAY)) for number in range(20)]
    path = f"/api{scene.path.replace('/programs', '/v1/programs')}"
    answers = await asyncio.gather(
        *(caller.post(path, {"activities": items}, headers={"Idempotency-Key": key}) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert {each["outcome"] for each in answers[0].json()["activities"]} == {"kept"}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'activities_sent'") == 1


async def test_a_key_is_asked_for(here: Visitors) -> None:
    pilot = await here.caller("pilot")
    refused = await pilot.post(f"{here.path}/activities", {"activities": [a_post(1)]})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], [""]),
        ({"activities": [], "more": 1}, [""]),
        ({"activities": {}}, [""]),
        ({"activities": []}, ["/activities"]),
        ({"activities": [{}] * 1_001}, ["/activities"]),
        ({"activities": [7]}, ["/activities/0"]),
        ({"activities": [{"a/b": 1}]}, ["/activities/0/a~1b"]),
        (
            {"activities": [{}, {"kind": "rant", "network": 7}]},
            ["/activities/1/kind", "/activities/1/network"],
        ),
        ({"activities": [{"link": 7, "text": None}]}, ["/activities/0/link", "/activities/0/text"]),
        ({"activities": [{"link": "x" * 2_001}]}, ["/activities/0/link"]),
        ({"activities": [{"done_on": "2027-02-30"}]}, ["/activities/0/done_on"]),
        ({"activities": [{"done_at": "2027-02-01T10:00:00"}]}, ["/activities/0/done_at"]),
        ({"activities": [{"done_at": 1_800_000_000}]}, ["/activities/0/done_at"]),
        ({"activities": [{"clicks": -1}]}, ["/activities/0/clicks"]),
        ({"activities": [{"clicks": True}]}, ["/activities/0/clicks"]),
        ({"activities": [{"clicks": 2.5}]}, ["/activities/0/clicks"]),
        ({"activities": [{"apart": "yes"}]}, ["/activities/0/apart"]),
        ({"activities": [{"text": "a\x00b"}]}, ["/activities/0/text"]),
    ],
)
async def test_a_list_of_the_wrong_shape_is_refused_as_a_whole(
    here: Visitors, body: Any, pointers: list[str]
) -> None:
    refused = await send(await here.caller("pilot"), here, body)
    assert refused.status_code == 422
    assert [each.get("pointer") for each in refused.json()["errors"]] == pointers
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'activities_sent'") == 0


async def test_of_very_much_that_is_wrong_the_beginning_is_told(here: Visitors) -> None:
    refused = await send(await here.caller("pilot"), here, {"activities": [7] * 1_000})
    assert len(refused.json()["errors"]) == 100


async def test_a_thousand_at_once_are_taken_in(here: Visitors) -> None:
    told = await sent(await here.caller("pilot"), here, *(a_post(number) for number in range(1_000)))
    assert {each["outcome"] for each in told} == {"kept"}


async def test_nothing_is_tracked_before_ones_cohort_has_begun(here: Visitors) -> None:
    refused = await send(await here.caller("ambassador"), here, {"activities": [a_post(1)]})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_yet_tracked")


async def test_one_reads_ones_own_and_nobody_elses(here: Visitors) -> None:
    pilot = await here.caller("pilot")
    own = (await pilot.get(f"{here.path}/activities", limit=3)).json()
    assert [each["text"] for each in own["items"]] == ["A talk at a meetup."] * 3
    address = f"{here.path}/activities/{here.world.ids['activity']}"
    assert (await pilot.get(address)).json()["kind"] == "talk"
    assert (await (await here.caller("Mona Member")).get(address)).status_code == 404
    assert (await (await here.caller("lead")).get(address)).status_code == 403
    reads_only = await here.caller("pilot", [Scope.ACTIVITIES_READ])
    refused = await send(reads_only, here, {"activities": [a_post(1)]})
    assert (refused.status_code, refused.json()["scope"]) == (403, "activities:write")


async def test_pages_of_activities_follow_each_other_at_the_same_cost(here: Visitors) -> None:
    pilot = await here.caller("pilot")
    await sent(pilot, here, *(a_post(number) for number in range(55)))
    whole = (await pilot.get(f"{here.path}/activities", limit=200)).json()["items"]
    found, address = [], f"{here.path}/activities?limit=50"
    while address:
        answer = await pilot.get(address)
        found += answer.json()["items"]
        address = answer.links.get("next", {}).get("url", "")
    assert found == whole
    assert len({await cost(pilot, f"{here.path}/activities?limit={limit}") for limit in (1, 3, 50)}) == 1
