"""How a person puts what they say: capitals, greetings, full stops, line breaks, how they begin and end."""

from dataclasses import dataclass
from functools import lru_cache

from workers.demo.chance import Chance
from workers.demo.names import Person

_GREETINGS = {
    "Germany": ("Moin.", "Moin!", "Hallo.", "Moin moin."),
    "Portugal": ("Bom dia.", "Olá!", "Boa tarde.", "Olá."),
    "United Kingdom": ("Morning.", "Hiya.", "Ey up.", "Hello."),
}
_BEGINNINGS = (
    "Small thing from today.",
    "Writing this down before I forget.",
    "Nobody asked, but:",
    "Notes from the train.",
    "Coffee first, then this.",
    "Something I keep turning over.",
    "Quick one.",
    "Long day, short post.",
    "For the two people who read this:",
    "Confession.",
)
_ENDINGS = (
    "Right, back to it.",
    "That’s all.",
    "Anyway.",
    "Good night from me.",
    "More when I know more.",
    "Tell me if you see it differently.",
    "Thanks for reading this far.",
    "How is that where you work?",
    "And now the paperwork.",
    "Kettle’s on.",
)
_TAGS = {
    "Engineering": ("#pumps", "#engineering", "#wastewater"),
    "Field Service": ("#fieldservice", "#pumps", "#water"),
    "Research": ("#water", "#waterquality", "#research"),
    "Sales": ("#water", "#pumps"),
    "Operations": ("#water", "#madebyhand"),
    "People & Culture": ("#apprentices", "#water"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """The habits of one writer; shares say how often, 0 to 1."""

    no_capitals: bool
    no_last_stop: bool
    one_block: bool
    likes_dots: bool
    greets: float
    begins: float
    ends: float
    tags: float


@lru_cache(maxsize=1024)
def manner_of(person: Person) -> Manner:
    chance = Chance("manner", person.email)
    return Manner(
        no_capitals=chance.happens(0.1),
        no_last_stop=chance.happens(0.22),
        one_block=chance.happens(0.25),
        likes_dots=chance.happens(0.08),
        greets=chance.one_of((0.0, 0.0, 0.0, 0.12, 0.3)),
        begins=chance.one_of((0.0, 0.0, 0.0, 0.08, 0.15)),
        ends=chance.one_of((0.0, 0.0, 0.0, 0.08, 0.18)),
        tags=chance.one_of((0.0, 0.0, 0.0, 0.0, 0.25)),
    )


class Asides:
    """What somebody puts before and after a post now and then, nothing a second time."""

    def __init__(self, person: Person, chance: Chance) -> None:
        self._manner, self._chance, self._tags = manner_of(person), chance, _TAGS[person.department]
        self._beginnings, self._endings = chance.shuffled(_BEGINNINGS), chance.shuffled(_ENDINGS)

    def around(self, text: str) -> str:
        manner = self._manner
        gap = " " if manner.one_block else "\n\n"
        if manner.one_block:
            text = text.replace("\n\n", " ")
        if self._chance.happens(manner.begins) and self._beginnings:
            text = f"{self._beginnings.pop()}{gap}{text}"
        if self._chance.happens(manner.ends) and self._endings and text[-1] not in "?)…":
            text = f"{text}{gap}{self._endings.pop()}"
        if self._chance.happens(manner.tags):
            text = f"{text}\n\n{self._chance.one_of(self._tags)}"
        return text


def reply_as(text: str, person: Person, chance: Chance) -> str:
    """A reply in the writer’s own way."""
    manner = manner_of(person)
    if chance.happens(manner.greets):
        text = f"{chance.one_of(_GREETINGS[person.region])} {text}"
    if manner.likes_dots and text.endswith("."):
        text = text.removesuffix(".") + "…"
    if manner.no_last_stop and text.endswith("."):
        text = text.removesuffix(".")
    return text.lower() if manner.no_capitals else text
