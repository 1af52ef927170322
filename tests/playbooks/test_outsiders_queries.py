from playbooks.learnings.rules import Faced
from playbooks.outsiders.queries import outsiders_in
from playbooks.outsiders.rules import MentionKind
from playbooks.outsiders.words import mask_text, mention_text
from program.database import execute, fetch_value
from program.social_accounts.actions import add_account
from program.social_accounts.rules import Account, Network, Stance
from tests.cast import NOON, a_form, a_person, counted_queries
from tests.playbooks.writers import a_scene, reader


async def test_people_of_the_program_ones_own_account_and_the_companys_are_not_pointed_out(
    database: str,
) -> None:
    scene = await a_scene()
    await a_person("Ova Outsider", email="ova@example.com")
    for owner, handle, stance in (
        (scene.member, "Mine", Stance.PERSONAL),
        (scene.friend, "theirs", Stance.PERSONAL),
        (scene.friend, "the_company", Stance.SANCTIONED),
    ):
        account = Account(
            network=Network.X, handle=handle, address="", stance=stance, disclosure="I work at Example."
        )
        await add_account(account, program=scene.program, by=owner, now=NOON, sent=a_form())
    friends_email = await fetch_value("SELECT email FROM person WHERE id = $1", scene.friend)
    texts = [
        f"I told Finn Friend, Mr Friend and Ova Outsider. Ask {friends_email} or ova@example.com.",
        "@mine, @theirs, x.com/the_company, of “Employee Voices”",
    ]
    member = await reader(scene, scene.member)
    with counted_queries() as queries:
        found = await outsiders_in(texts, member)
    assert [each.words for each in found] == ["Ova Outsider", "ova@example.com", "@theirs"]
    assert len(queries) == 1
    assert await outsiders_in(texts, member, kept=[each.words for each in found]) == ()
    with counted_queries() as queries:
        assert await outsiders_in(["Nobody was there."], member) == ()
    assert queries == []


async def test_an_account_that_was_removed_is_nobodys(database: str) -> None:
    scene = await a_scene()
    account = Account(
        network=Network.X, handle="mine", address="", stance=Stance.PERSONAL, disclosure="I work here."
    )
    await add_account(account, program=scene.program, by=scene.member, now=NOON, sent=a_form())
    await execute("UPDATE social_account SET removed_at = now()")
    assert len(await outsiders_in(["@mine"], await reader(scene, scene.member))) == 1


def test_every_kind_has_its_words_and_a_person_the_ones_of_whom_was_faced() -> None:
    assert {mention_text(kind) for kind in MentionKind} >= {"One name in your text:"}
    assert len({mask_text(kind, ()) for kind in MentionKind}) == len(MentionKind)
    for faced in Faced:
        assert mask_text(MentionKind.PERSON, [faced]) != mask_text(MentionKind.PERSON, [faced], another=True)
    assert mask_text(MentionKind.PERSON, [Faced.CUSTOMER]) == "a customer"
    assert mask_text(MentionKind.PERSON, [Faced.CUSTOMER, Faced.CRITIC]) == "somebody"
