"""Who sees what: what a page says to one visitor and to no other, word for word in the whole answer."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from cohorts.activities.actions import Told, log_activity
from cohorts.activities.rules import Kind, Network
from cohorts.decisions.actions import vote
from cohorts.decisions.rules import Choice
from cohorts.gates.actions import hold
from cohorts.incidents.actions import report_incident
from cohorts.incidents.rules import Gravity
from playbooks.entries.rules import EntryTopic
from playbooks.learnings.actions import log_learning
from playbooks.learnings.rules import LearningKind, LearningText
from playbooks.reviews.actions import decline_learning, return_learning
from program.database import close_pool, execute, fetch_value, open_pool
from program.settings import Settings
from program.social_accounts.actions import add_account
from program.social_accounts.rules import Account, Stance
from program.social_accounts.rules import Network as AccountNetwork
from tests.cast import a_form
from tests.conftest import settings_for
from tests.databases import made_database, made_in
from tests.web.routes import ROUTES, SENDINGS, address_of, named_in, sends
from tests.world import NOW, TODAY, VISITORS, World, make_world
from web.app import application
from web.visit import SESSION_COOKIE
from workers.command.embedded import EmbeddedPostgres

DATABASE = "who_sees_what"
EVERYBODY = ("stranger", *VISITORS)
NOBODY = ""
RUN_IT = "lead sponsor reviewer"

# A page, what it holds, and who reads it there. Nobody else finds it anywhere in what they are answered.
SEEN = {
    "~/rollout": {"/cohorts/{cohort}": f"pilot coach {RUN_IT}", "/cohorts/{circle}": f"ambassador {RUN_IT}"},
    "~/cohorts/{cohort}": {
        "Mona Member": "pilot coach lead",
        "Ina Invited": "coach lead",
        "{invitation}": "lead",
        "Took part this month</dt>": "coach lead",
        "3 of 3": "coach lead",
    },
    "~/cohorts/{circle}": {"Tracking started": f"ambassador {RUN_IT}", "Anna Ambassador": "ambassador lead"},
    "~/cohorts/{cohort}/members/{enrolment}": {"Mona Member": "lead", "she-said-why": "lead"},
    "~/gates/{gate}": {
        "What the gate asks": f"ambassador {RUN_IT}",
        "sponsor-says-no": RUN_IT,
        "why-it-is-held": RUN_IT,
    },
    "~/gates/{opened_gate}": {
        "What the gate asks": f"pilot coach {RUN_IT}",
        "why-it-was-opened": f"pilot {RUN_IT}",
        "Sam Sponsor": RUN_IT,
        "Name a second coach.": RUN_IT,
        "3 of 3": "coach lead",
    },
    "~/playbook": {"Ask which paper it is for (other)": NOBODY},
    "~/playbook/draft": {
        "Ask which paper it is for (other)": "pilot coach lead",
        "Mona Member": "coach lead",
    },
    "~/playbook/entries/{entry}": {"what-mona-learned": "pilot coach lead", "Mona Member": "coach lead"},
    "~/learnings/cohort": {
        "what-mona-learned": "pilot coach",
        "mona-submitted": "pilot coach",
        "mona-drafted": NOBODY,
        "mona-returned": NOBODY,
        "mona-declined": NOBODY,
        "Mona Member": "coach",
        "Miro Member": "pilot coach",
    },
    "~/learnings/{submitted}": {"mona-submitted": "pilot coach lead", "Mona Member": "coach lead"},
    "~/learnings/{drafted}": {"mona-drafted": NOBODY, "Mona Member": NOBODY},
    "~/learnings/{returned}": {"mona-returned": NOBODY, "why-it-came-back": NOBODY},
    "~/learnings/{declined}": {"mona-declined": "lead", "why-it-was-declined": "lead"},
    "~/desk": {"mona-drafted": NOBODY, "mona-returned": NOBODY},
    "~/desk/all": {"mona-submitted": "lead", "mona-drafted": NOBODY, "mona-returned": NOBODY},
    "~/desk/{submitted}": {"mona-submitted": "lead", "mona-drafted": NOBODY, "mona-returned": NOBODY},
    "~/tracks/{starter}": {"Mona Member": "coach lead", "Before the assessment": "coach lead"},
    "~/tracks/{track}": {"Anna Ambassador": "lead"},
    "~/incidents": {
        "A post named a customer.": "listed reviewer",
        "mona-saw-it": "reviewer",
        ">minor<": "listed lead reviewer",
        ">grave<": RUN_IT,
        "Mona Member": "reviewer",
    },
    "~/incidents/{incident_id}": {"A post named a customer.": "listed reviewer"},
    "~/incidents/{grave}": {"mona-saw-it": "reviewer", "Mona Member": "reviewer"},
    "~/events": {"Miro Member": "lead reviewer", "Lisa Listed": "reviewer"},
    "~/events?before=50": {"passed the assessment": "lead reviewer", " right</span>": NOBODY},
    "~/events/mine": {"Somebody": NOBODY, "reported an incident": "listed"},
    "~/certificates/{certificate}": {
        "Paula Pilot": "pilot coach lead reviewer",
        "{certificate_token}": "pilot",
    },
    "~/certificates/{other_certificate}": {"Mona Member": "coach lead reviewer", "{other_token}": NOBODY},
    "/api/v1~/cohorts/{cohort}": {'"active":': f"pilot coach {RUN_IT}"},
    "/api/v1~/cohorts/{cohort}/months": {
        '"numerator":3': "coach lead",
        '"counted":7': f"pilot coach {RUN_IT}",
    },
    "/api/v1~/cohorts/{cohort}/members": {
        "Mona Member": "pilot coach lead",
        "Ina Invited": "coach lead",
        '"took_part":true': "coach lead",
    },
    "/api/v1~/gates/{gate}": {
        '"held_by":[': f"ambassador {RUN_IT}",
        "sponsor-says-no": RUN_IT,
        "why-it-is-held": RUN_IT,
    },
    "/api/v1~/gates/{opened_gate}": {
        '"criteria":[': f"pilot coach {RUN_IT}",
        "why-it-was-opened": f"pilot {RUN_IT}",
        "Sam Sponsor": RUN_IT,
        "Name a second coach.": RUN_IT,
        '"numerator":3': "coach lead",
    },
    "/api/v1~/readings?measure=took_part_share": {
        '"numerator":3': "coach lead",
        '"withheld":true': "pilot sponsor reviewer",
    },
    "~/people": {"lisa@example.com": "lead owner"},
    "/c/{certificate_token}": {"Paula Pilot": " ".join(EVERYBODY)},
    "/c/{other_token}": {"Mona Member": NOBODY},
}

# What stands in the rows of “Who sees what”, and who at most may read it anywhere: no other is answered it on any page.
AT_MOST = {
    "mona-posted": "coach lead",
    "mona-handle": NOBODY,
    "mona-drafted": NOBODY,
    "mona-submitted": "pilot coach lead",
    "what-mona-learned": "pilot coach lead",
    "mona-returned": NOBODY,
    "why-it-came-back": NOBODY,
    "mona-declined": "lead",
    "why-it-was-declined": "lead",
    "Ask which paper it is for (other)": "pilot coach lead",
    "{other_token}": NOBODY,
    "sponsor-says-no": RUN_IT,
    "why-it-is-held": RUN_IT,
    "why-it-was-opened": f"pilot {RUN_IT}",
    "Name a second coach.": RUN_IT,
    "mona-saw-it": "reviewer",
    "she-said-why": "lead",
    "{invitation}": "lead",
    "mona.member": "lead owner",
}
OWN_KEYS = ("/invitations/{token}", "/sign-in/{token}")
"""Pages that are for whoever holds their key, whoever is signed in."""
OF_A_DEMO = "GET /letters"
"""There its owner reads what everybody is written, with the keys in it; a real installation has no such page."""


@pytest.fixture(scope="module")
def world_settings(postgres: EmbeddedPostgres, template: str) -> Settings:
    """Settings for a database of this module’s own."""
    made_database(postgres.url("postgres"), DATABASE, like=template)
    return settings_for(postgres.url(DATABASE))


@pytest.fixture(scope="module")
def world(world_settings: Settings) -> World:
    async def make() -> World:
        world = await make_world(world_settings.secret)
        world.ids.update(await _marked(world))
        return world

    return made_in(world_settings.database_url, make)


@pytest.fixture
async def client(world_settings: Settings, world: World) -> AsyncIterator[httpx.AsyncClient]:
    await open_pool(world_settings.database_url)
    transport: Any = httpx.ASGITransport(app=application(world_settings))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=world_settings.address) as client:
        yield client
    await close_pool()


async def _marked(world: World) -> dict[str, str]:
    """Words of which each stands in one place only; Mona, who does not come herself, wrote most of them."""
    mona, lead, sponsor = [await _person(name) for name in ("Mona Member", "Lena Lead", "Sam Sponsor")]
    by_lead: dict[str, Any] = {"program": world.program, "by": lead, "now": NOW, "today": TODAY}
    found = {
        name: await _learning(world, mona, name) for name in ("drafted", "submitted", "returned", "declined")
    }
    reviewed: dict[str, Any] = {"by": lead, "now": NOW}
    await return_learning(world.program, found["returned"], "why-it-came-back", sent=a_form(), **reviewed)
    await decline_learning(world.program, found["declined"], "why-it-was-declined", sent=a_form(), **reviewed)
    await execute(
        "UPDATE learning SET lesson = 'what-mona-learned' WHERE author = $1 AND state = 'accepted'", mona
    )
    await execute("UPDATE learning SET named = true WHERE author = $1", await _person("Miro Member"))
    await execute("UPDATE spell SET reason = 'she-said-why' WHERE enrolment = $1", world.ids["enrolment"])
    await execute("UPDATE decision SET reason = 'why-it-was-opened'")
    gate = UUID(world.ids["gate"])
    asked: dict[str, Any] = {**by_lead, "by": sponsor, "conditions": (), "sent": a_form()}
    await vote(gate, Choice.KEEP_SHUT, comment="sponsor-says-no", **asked)
    await hold(gate, until_on=TODAY + timedelta(days=30), reason="why-it-is-held", sent=a_form(), **by_lead)
    told: dict[str, Any] = {"program": world.program, "by": mona, "now": NOW, "sent": a_form()}
    post = Told(kind=Kind.TALK, done_on=TODAY, network=Network.IN_PERSON, text="mona-posted")
    await log_activity(post, today=TODAY, **told | {"sent": a_form("posted")})
    account = Account(
        network=AccountNetwork.X,
        handle="mona-handle",
        address="",
        stance=Stance.PERSONAL,
        disclosure="I work here.",
    )
    await add_account(account, **told | {"sent": a_form("account")})
    found["grave"] = await report_incident(Gravity.GRAVE, "mona-saw-it", **told)
    found["starter"] = await fetch_value(
        "SELECT id FROM track WHERE program = $1 AND opens_with IS NULL", world.program
    )
    found["other_certificate"] = await fetch_value("SELECT id FROM certificate WHERE person = $1", mona)
    found["other_token"] = await fetch_value("SELECT token FROM certificate WHERE person = $1", mona)
    return {name: str(id) for name, id in found.items()}


async def _person(name: str) -> Any:
    return await fetch_value("SELECT id FROM person WHERE name = $1", name)


async def _learning(world: World, author: Any, name: str) -> Any:
    text = LearningText(
        kind=LearningKind.DO, topic=EntryTopic.OTHER, lesson=f"mona-{name}", situation="At a fair."
    )
    sending: dict[str, Any] = {"by": author, "now": NOW, "sent": a_form(name)}
    return await log_learning(world.program, text, send=name != "drafted", **sending)


@pytest.mark.parametrize("page", SEEN)
async def test_a_page_holds_for_each_visitor_what_they_may_see_and_nothing_else(
    client: httpx.AsyncClient, world: World, page: str
) -> None:
    address = page.format(**world.ids).replace("~", f"/programs/{world.slug}", 1)
    found = dict.fromkeys(SEEN[page], NOBODY)
    for visitor in EVERYBODY:
        client.cookies.set(SESSION_COOKIE, world.sessions.get(visitor, ""))
        client.headers["Authorization"] = f"Bearer {world.tokens.get(visitor, '')}"
        answer = (await client.get(address)).text
        assert page == "~/people" or "@example.com" not in answer, visitor
        for words in SEEN[page]:
            if words.format(**world.ids) in answer:
                found[words] = f"{found[words]} {visitor}".strip()
    assert found == {words: _in_order(who) for words, who in SEEN[page].items()}


PAGES = [
    route.removeprefix("GET ").strip()
    for route in ROUTES
    if route.startswith("GET ") and not route.endswith((*OWN_KEYS, OF_A_DEMO))
]


@pytest.mark.parametrize("visitor", EVERYBODY)
async def test_no_page_at_all_tells_a_visitor_what_they_may_not_see(
    client: httpx.AsyncClient, world: World, visitor: str
) -> None:
    client.cookies.set(SESSION_COOKIE, world.sessions.get(visitor, ""))
    client.headers["Authorization"] = f"Bearer {world.tokens.get(visitor, '')}"
    hidden = [words.format(**world.ids) for words, who in AT_MOST.items() if visitor not in who.split()]
    told = []
    for page in PAGES:
        sending = SENDINGS.get(f"GET {page}", sends())
        asked = None if callable(sending.form) else sending.form or None
        answer = await client.get(address_of(page, world.slug, named_in(world, sending.at)), params=asked)
        text = answer.content.decode("utf-8", "replace")
        told += [(page, words) for words in hidden if words in text]
    assert told == []


def _in_order(who: str) -> str:
    return " ".join(visitor for visitor in EVERYBODY if visitor in who.split())
