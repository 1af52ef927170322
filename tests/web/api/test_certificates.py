"""Certificates over the API: whose one may see, and how they stand."""

from uuid import UUID

from playbooks.certificates.actions import revoke_certificate
from program.database import execute
from tests.web.api.visitors import Visitors, cost
from tests.world import NOW, TODAY


async def people_in(here: Visitors, visitor: str, **asked: object) -> list[str]:
    answer = await (await here.caller(visitor)).get(f"{here.path}/certificates", **asked)
    assert answer.status_code == 200
    return [each["person"] for each in answer.json()["items"]]


async def test_one_reads_ones_own_and_those_whose_people_one_may_see(here: Visitors) -> None:
    everybody = ["Miro Member", "Mona Member", "Paula Pilot"]
    for visitor in ("lead", "reviewer", "coach"):
        assert await people_in(here, visitor) == everybody
        assert await people_in(here, visitor, mine=True) == []
    assert await people_in(here, "pilot") == ["Paula Pilot"]
    assert await people_in(here, "listed") == await people_in(here, "ambassador") == []
    assert await people_in(here, "sponsor") == []


async def test_the_public_address_is_told_to_the_person_alone(here: Visitors) -> None:
    address = f"{here.path}/certificates/{here.world.ids['certificate']}"
    own = (await (await here.caller("pilot")).get(address)).json()
    assert own["url"].endswith(f"/c/{here.world.ids['certificate_token']}")
    assert own["own"] is True
    of_lead = (await (await here.caller("lead")).get(address)).json()
    assert (of_lead["own"], of_lead["url"], of_lead["person"]) == (False, None, "Paula Pilot")
    for visitor in ("ambassador", "listed", "sponsor", "Mona Member"):
        assert (await (await here.caller(visitor)).get(address)).status_code == 404


async def test_a_certificate_is_valid_due_lapsed_or_revoked(here: Visitors) -> None:
    lead = await here.caller("lead")
    address = f"{here.path}/certificates/{here.world.ids['certificate']}"

    async def state() -> str:
        return str((await lead.get(address)).json()["state"])

    async def ends(days: int) -> None:
        await execute(
            "UPDATE certificate SET valid_until_on = $2::date + $3::int WHERE id = $1",
            here.world.ids["certificate"],
            TODAY,
            days,
        )

    assert await state() == "valid"
    await ends(10)
    assert await state() == "due"
    await ends(0)
    assert await state() == "lapsed"
    await revoke_certificate(
        UUID(here.world.ids["certificate"]),
        "A mistake.",
        program=here.world.program,
        by=UUID(here.world.ids["lead"]),
        now=NOW,
        today=TODAY,
    )
    assert await state() == "revoked"
    assert (await lead.get(address)).json()["revocation"] == {
        "on": "2027-02-15",
        "by": "Lena Lead",
        "reason": "A mistake.",
    }


async def test_pages_of_certificates_follow_each_other_at_the_same_cost(here: Visitors) -> None:
    lead = await here.caller("lead")
    found, address = [], f"{here.path}/certificates?limit=1"
    while address:
        answer = await lead.get(address)
        found += [each["person"] for each in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url", "")
    assert found == ["Miro Member", "Mona Member", "Paula Pilot"]
    assert len({await cost(lead, f"{here.path}/certificates?limit={limit}") for limit in (1, 3, 50)}) == 1
