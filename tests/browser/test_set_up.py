"""The first ten minutes of an owner: from an empty installation to a pilot with invited people, left once and taken up again."""

import re

from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Installation, Walker

SPONSOR = "Ines Moreau"
PEOPLE = (
    ("Amara Diallo", "Engineering", "Director"),
    ("Ben Okafor", "Engineering", "Specialist"),
    ("Carla Weiss", "Engineering", "Specialist"),
    ("David Lindqvist", "Engineering", "Specialist"),
    ("Elif Kaya", "Sales", "Senior manager"),
)


def people_file() -> bytes:
    lines = ["E-mail;Name;Department;Level"]
    lines += [
        f"{name.lower().replace(' ', '.')}@example.com;{name};{unit};{level}" for name, unit, level in PEOPLE
    ]
    return "\r\n".join(lines).encode()


class Owner:
    """A new owner at a desk, and what they do."""

    def __init__(self, installation: Installation, chromium: Browser) -> None:
        self.walker = Walker(chromium, installation.address)
        self.page = self.walker.page
        self.installation = installation

    def press(self, name: str, *, heading: str | None = None, within: Locator | None = None) -> None:
        where = within or self.page.locator("main")
        button = where.get_by_role("button", name=name, exact=True)
        button.or_(where.get_by_role("link", name=name, exact=True)).first.click()
        if heading is not None:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def look(self, name: str) -> None:
        self.walker.look(f"set-up-{name}")

    def comes(self) -> None:
        self.page.goto(self.installation.owner_link)
        self.press("Sign in", heading="Who are you?")
        self.page.get_by_label("Your name").fill("Lena Vogt")
        self.page.get_by_label("Your work e-mail address").fill("lena.vogt@example.com")
        self.press("Save", heading="Make a program")

    def says_the_purpose(self) -> None:
        self.page.get_by_label("What is it called?").fill("Employee voices")
        self.page.get_by_label("What is it for?").fill("To be heard as the people we are.")
        self.press("Make the program", heading="Who stands behind it?")

    def names_the_sponsor(self) -> None:
        self.press("Name the sponsor")
        expect(self.page.get_by_text("places need mending")).to_be_visible()
        self.page.get_by_label("Their e-mail address").fill("ines.moreau@example.com")
        self.page.get_by_label("Their name").fill(SPONSOR)
        self.press("Name the sponsor", heading="What do you already know?")
        expect(self.page.get_by_text("A letter to them is on its way.")).to_be_visible()

    def makes_the_playbook_their_own(self) -> None:
        expect(self.page.get_by_role("heading", name="When a journalist calls")).to_be_visible()
        title = "Say where you work, in the post itself"
        self.page.locator("summary", has_text=title).click()
        self.press(f"Change {title}")
        self.page.get_by_label("Title").fill("Say that you work here, in the post itself")
        self.look("3-playbook-entry")
        self.press("Save")
        expect(self.page.get_by_text("Say that you work here, in the post itself").first).to_be_visible()
        left_out = "Don’t review us as if you were a customer"
        self.page.locator("summary", has_text=left_out).click()
        self.press(f"Leave it out {left_out}")
        self.press(f"Bring it back {left_out}")
        expect(self.page.get_by_role("heading", name="Left out")).to_have_count(0)
        self.press("Publish as edition 0", heading="In which circles will it widen?")
        expect(self.page.get_by_text("Edition 0 is published, with its starter track.")).to_be_visible()

    def leaves_and_comes_again(self) -> None:
        self.page.goto("/programs/employee-voices")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Next: go on with the set-up")
        expect(self.page.get_by_text("Step 4 of 7")).to_be_visible()
        self.press("Go on", heading="In which circles will it widen?")

    def lays_out_the_rollout(self) -> None:
        pilot = self.page.get_by_role("group", name="1. Pilot")
        pilot.get_by_label("Places").fill("none")
        self.page.get_by_label("Learnings accepted").fill("8")
        self.press("This is how it goes")
        expect(self.page.get_by_text("Please give a whole number from 1 to 1,000,000.")).to_be_visible()
        expect(self.page.get_by_label("Learnings accepted")).to_have_value("8")
        self.look("4-rollout-with-problems")
        pilot.get_by_label("Places").fill("8")
        self.press("This is how it goes", heading="Whom might you invite?")

    def lists_people(self) -> None:
        self.page.get_by_label("The list").set_input_files(
            {"name": "people.csv", "mimeType": "text/csv", "buffer": people_file()}
        )
        self.press("Look at it", heading="people.csv")
        self.press("Take in 5 people")
        self.press("Go on with the set-up", heading="Whom might you invite?")
        self.page.get_by_label("Name").fill("Farid Amini")
        self.page.get_by_label("E-mail address").fill("farid.amini@example.com")
        self.press("List them")
        expect(self.page.get_by_text("Farid Amini is listed. Who else?")).to_be_visible()
        expect(self.page.get_by_role("heading", name="7 people beside you")).to_be_visible()
        self.press("Enough to begin with", heading="Who goes first?")

    def notes_what_a_manager_said(self) -> None:
        """On the person’s own page; the set-up is left and taken up again."""
        self.page.goto("/programs/employee-voices/people?search=elif")
        self.page.get_by_role("link", name="Elif Kaya").click()
        self.press("Change", heading="Change Elif Kaya")
        self.page.get_by_label("Manager’s e-mail address").fill("amara.diallo@example.com")
        self.page.get_by_role("checkbox", name="LinkedIn").check()
        self.page.get_by_label("How often?").select_option(label="about once a week")
        self.page.get_by_label("By whose word?").select_option(label="their manager’s")
        self.press("Save", heading="Elif Kaya")
        expect(self.page.get_by_text("their manager’s")).to_be_visible()
        self.page.get_by_role("link", name="Set-up").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Who goes first?")

    def chooses_a_mix(self) -> None:
        self.press("Choose its people", heading="Who goes first?")
        mix = self.page.get_by_role("complementary", name=re.compile("chosen"))
        expect(
            mix.get_by_text(
                "Active weekly on LinkedIn, as their manager says; Senior manager; nobody from Sales yet"
            )
        ).to_be_visible()
        for name in ("Ben Okafor", "Carla Weiss", "David Lindqvist"):
            self.page.get_by_role("checkbox", name=re.compile(name)).check()
        expect(mix.get_by_role("heading", name="3 people are chosen")).to_be_visible()
        expect(
            mix.get_by_text("Nobody here is known to be active on social media; of three nobody said.")
        ).to_be_visible()
        expect(mix.get_by_text("Nobody here is a senior manager or above.")).to_be_visible()
        self.look("6-choosing-a-poor-mix")
        self.press("Choose Elif Kaya", within=mix)
        expect(mix.get_by_role("heading", name="4 people are chosen")).to_be_visible()
        expect(mix.get_by_text("3 of 4 are from Engineering.")).to_be_visible()
        expect(mix.get_by_text("Nobody here is")).to_have_count(0)
        self.page.get_by_role("checkbox", name=re.compile("David Lindqvist")).uncheck()
        expect(mix.get_by_text("3 of 4 are from Engineering.")).to_have_count(0)
        self.filters()
        self.press("Go on to the letter", heading="The letter")

    def filters(self) -> None:
        """Whoever is chosen stays chosen, whatever is being looked for."""
        self.page.get_by_label("Active on").select_option(label="LinkedIn")
        self.press("Find")
        expect(self.page.get_by_role("checkbox", name=re.compile("Elif Kaya"))).to_be_checked()
        expect(self.page.get_by_role("checkbox", name=re.compile("Ben Okafor"))).to_have_count(0)
        self.page.get_by_label("Active on").select_option(label="not known")
        self.page.get_by_label("Department", exact=True).select_option(label="Engineering")
        self.press("Find")
        expect(self.page.get_by_role("checkbox", name=re.compile("Ben Okafor"))).to_be_checked()
        expect(self.page.get_by_role("checkbox", name=re.compile("Elif Kaya"))).to_have_count(0)
        expect(self.page).to_have_url(re.compile("department=Engineering"))

    def sends_the_letters(self) -> None:
        self.look("7-letter")
        expect(self.page.get_by_text("Will you speak for us? Employee voices")).to_be_visible()
        expect(self.page.get_by_text("Hello Ben Okafor,")).to_be_visible()
        self.press("Send the invitations")
        expect(self.page).to_have_url(re.compile("/programs/employee-voices/rollout$"))
        expect(self.page.get_by_text("3 invitations are on their way.")).to_be_visible()
        expect(self.page.get_by_text(re.compile("^Three invitations wait for an answer."))).to_be_visible()
        self.look("8-rollout")
        self.page.goto("/programs/employee-voices")
        expect(self.page.get_by_text("go on with the set-up")).to_have_count(0)


def test_an_owner_goes_from_an_empty_installation_to_a_pilot_that_is_invited(
    installation: Installation, chromium: Browser
) -> None:
    owner = Owner(installation, chromium)
    owner.comes()
    owner.says_the_purpose()
    owner.names_the_sponsor()
    owner.makes_the_playbook_their_own()
    owner.leaves_and_comes_again()
    owner.lays_out_the_rollout()
    owner.lists_people()
    owner.notes_what_a_manager_said()
    owner.chooses_a_mix()
    owner.sends_the_letters()
    owner.walker.leave()
