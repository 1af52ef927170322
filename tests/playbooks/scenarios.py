"""Scenarios to test with: a small one that works, and any that somebody might write."""

from hypothesis import strategies as st

from playbooks.scenarios.rules import Answer, Ending, Scenario, Turn


def answer(text: str, leads_to: str) -> Answer:
    return Answer(text=text, why="Because.", leads_to=leads_to)


def turn(name: str, *answers: Answer) -> Turn:
    return Turn(name=name, happens="", says=f"{name}?", answers=answers)


def ending(name: str, *, held: bool) -> Ending:
    return Ending(name=name, held=held, happens="It ends.", says="")


ADVERT = Scenario(
    other="Jonas",
    situation="You wrote about a repair.",
    turns=(
        turn("Nice advert", answer("True.", "A question"), answer("Jealous?", "Fire")),
        turn(
            "A question",
            answer("Here is why.", "Friends"),
            answer("Actually,", "Fire"),
            answer("Hm.", "Fire"),
        ),
    ),
    endings=(ending("Friends", held=True), ending("Fire", held=False)),
)

WORDS = st.text("abcdefgh ijkl’“”", min_size=1, max_size=12).map(str.strip).filter(bool)


@st.composite
def any_scenarios(draw: st.DrawFn) -> Scenario:
    """Turns whose answers lead to any step or to none, endings of either kind: few of them can be played."""
    turns, ends = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    names = [f"step {number}" for number in range(turns + ends)]
    goals = st.sampled_from([*names, "nowhere"])
    return Scenario(
        other="Jonas",
        situation="You wrote.",
        turns=tuple(
            turn(
                name,
                *(answer(f"say {each}", draw(goals)) for each in range(draw(st.integers(1, 4)))),
            )
            for name in names[:turns]
        ),
        endings=tuple(ending(name, held=draw(st.booleans())) for name in names[turns:]),
    )


@st.composite
def playable_scenarios(draw: st.DrawFn) -> Scenario:
    """Each answer leads onwards, each step is led to by the one before it or by an earlier one, the last end holds."""
    turns, ends = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    names = [f"{draw(WORDS)} {number}" for number in range(turns + ends)]
    texts = st.lists(WORDS, min_size=2, max_size=4, unique_by=lambda text: " ".join(text.split()).casefold())
    made = []
    for place in range(turns):
        onwards = st.sampled_from(names[place + 1 :])
        goals = [names[place + 1]] if place + 1 < turns else names[turns : turns + ends]
        said = draw(texts)
        said += [f"{each} more" for each in range(max(0, len(goals) - len(said)))]
        leads = [*goals, *(draw(onwards) for _each in said[len(goals) :])]
        made.append(
            Turn(
                name=names[place],
                happens=draw(WORDS),
                says=draw(WORDS),
                answers=tuple(
                    Answer(text=text, why=draw(WORDS), leads_to=goal)
                    for text, goal in zip(said, leads, strict=True)
                ),
            )
        )
    return Scenario(
        other=draw(WORDS),
        situation=draw(WORDS),
        turns=tuple(made),
        endings=tuple(
            Ending(name=name, held=at == 0, happens=draw(WORDS), says="")
            for at, name in enumerate(names[turns:])
        ),
    )
