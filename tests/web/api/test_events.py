"""Events over the API: the program’s for those who run it, their own for others."""

from typing import Any

from tests.web.api.visitors import Visitors, cost


async def told(here: Visitors, visitor: str, **asked: object) -> list[dict[str, Any]]:
    answer = await (await here.caller(visitor)).get(f"{here.path}/events", limit=200, **asked)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_leads_and_reviewers_read_what_happened_in_the_program(here: Visitors) -> None:
    of_lead, of_reviewer = await told(here, "lead"), await told(here, "reviewer")
    numbers = [each["number"] for each in of_lead]
    assert numbers == [each["number"] for each in of_reviewer]
    assert numbers == sorted(numbers, reverse=True)
    published = next(each for each in of_lead if each["name"] == "edition_published" and each["facts"])
    assert published["who"] == "Lena Lead"


async def test_who_reported_an_incident_stays_between_reviewers(here: Visitors) -> None:
    def report(found: list[dict[str, Any]]) -> dict[str, Any]:
        return next(each for each in found if each["name"] == "incident_reported")

    assert report(await told(here, "reviewer"))["who"] == "Lisa Listed"
    of_lead = report(await told(here, "lead"))
    assert (of_lead["who"], of_lead["facts"]) == ("Somebody", None)
    own = report(await told(here, "listed"))
    assert (own["who"], own["facts"]) == ("Lisa Listed", {"gravity": "minor"})


async def test_a_reviewer_learns_no_figures_of_what_others_did(here: Visitors) -> None:
    logged = [each for each in await told(here, "reviewer") if each["name"] == "activity_logged"]
    assert logged
    assert {each["facts"] is None for each in logged} == {True}


async def test_how_somebody_fared_in_an_assessment_is_told_to_themself_alone(here: Visitors) -> None:
    def passed(found: list[dict[str, Any]]) -> list[Any]:
        return [each["facts"] for each in found if each["name"] == "assessment_passed"]

    assert set(passed(await told(here, "lead"))) == {None}
    (own,) = passed(await told(here, "pilot"))
    assert own["right"] <= own["asked"]


async def test_others_read_their_own_and_so_does_a_lead_who_asks_for_them(here: Visitors) -> None:
    for visitor, name in (("pilot", "Paula Pilot"), ("lead", "Lena Lead")):
        own = await told(here, visitor, mine=True)
        assert own
        assert all(name in (each["who"], each["about"]) for each in own)
    assert {each["name"] for each in await told(here, "sponsor")} >= {"gate_opened"}


async def test_pages_of_events_follow_each_other_at_the_same_cost(here: Visitors) -> None:
    lead = await here.caller("lead")
    found, address = [], f"{here.path}/events?limit=50"
    while address:
        answer = await lead.get(address)
        found += [each["number"] for each in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url", "")
    assert found == list(range(found[0], 0, -1))
    assert len({await cost(lead, f"{here.path}/events?limit={limit}") for limit in (1, 3, 50)}) == 1
