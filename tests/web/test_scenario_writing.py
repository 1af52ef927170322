"""A lead writes the conversation of an entry as text, and is told by line what does not work."""

from program.database import fetch_value
from tests.cast import Browser, words_of
from tests.playbooks.writers import Scene, a_scene

ENTRY = {
    "chapter": "When someone is angry",
    "kind": "scenario",
    "topic": "angry_critics",
    "title": "Practise a shout",
    "body": "Somebody shouts at you.",
}
TEXT = """With: Jonas

You wrote.

#### A shout
> Hey!
- “Yes?”
  You turn to him.
  → He calms down
- You walk away.
  He shouts louder.
  → He shouts on

#### Good end: He calms down
He tells you what is wrong.

#### Bad end: He shouts on
> Coward!
"""


async def at_the_desk(browser: Browser) -> tuple[Scene, str]:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    return scene, f"{scene.home}/playbook/draft"


async def test_a_conversation_is_kept_as_it_was_written_and_comes_back_as_text(browser: Browser) -> None:
    _scene, draft = await at_the_desk(browser)
    answer = await browser.post(draft, {**ENTRY, "scenario": TEXT}, on=f"{draft}/new")
    assert answer.status_code == 303
    entry = await fetch_value("SELECT id FROM entry WHERE title = 'Practise a shout'")
    kept = await fetch_value("SELECT scenario->'turns'->0->>'says' FROM entry WHERE id = $1", entry)
    assert kept == "Hey!"
    assert (
        await fetch_value("SELECT scenario->>'other' FROM revision WHERE entry = $1 AND number = 1", entry)
        == "Jonas"
    )
    page = (await browser.get(f"{draft}/{entry}")).text
    assert "With: Jonas" in page
    assert "#### Good end: He calms down" in page
    changed = {**ENTRY, "scenario": TEXT.replace("Hey!", "Hey you!"), "revision": "1"}
    assert (await browser.post(f"{draft}/{entry}", changed, on=f"{draft}/{entry}")).status_code == 303
    assert await fetch_value("SELECT revision FROM entry WHERE id = $1", entry) == 2
    without = {**ENTRY, "scenario": "  ", "revision": "2"}
    assert (await browser.post(f"{draft}/{entry}", without, on=f"{draft}/{entry}")).status_code == 303
    assert await fetch_value("SELECT scenario IS NULL FROM entry WHERE id = $1", entry)


async def test_what_does_not_work_is_told_by_line_and_nothing_typed_is_lost(browser: Browser) -> None:
    _scene, draft = await at_the_desk(browser)
    broken = TEXT.replace("→ He shouts on", "→ He sings")
    answer = await browser.post(draft, {**ENTRY, "scenario": broken}, on=f"{draft}/new")
    assert answer.status_code == 422
    seen = words_of(answer.text)
    assert "Line 12: there is no turn or end called “He sings”, where this answer leads." not in seen
    assert "Line 10: there is no turn or end called “He sings”, where this answer leads." in seen
    assert "Line 17: no answer leads to “He shouts on”." in seen
    assert "→ He sings" in answer.text
    assert await fetch_value("SELECT count(*) FROM entry WHERE title = 'Practise a shout'") == 0


async def test_a_page_of_nonsense_is_refused_with_a_few_reasons(browser: Browser) -> None:
    _scene, draft = await at_the_desk(browser)
    nonsense = "#### x\n- a\n" * 2_000
    answer = await browser.post(draft, {**ENTRY, "scenario": nonsense}, on=f"{draft}/new")
    assert answer.status_code == 422
    assert "There are more than 60 turns and ends." in words_of(answer.text)
    far_too_long = await browser.post(draft, {**ENTRY, "scenario": "x" * 31_000}, on=f"{draft}/new")
    assert far_too_long.status_code == 422
    assert "characters too long" in words_of(far_too_long.text)
