"""Answers which outsiders a text seems to name: people, their addresses and numbers, their accounts.

It points out, it does not judge: the author decides what is masked and what stays. Names are recognised by how they are
written (a title, an initial, two capitalised words), so it errs on either side.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from program.social_accounts.rules import plain_handle


class MentionKind(StrEnum):
    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    ACCOUNT = "account"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Mention:
    """Something in a text that seems to name somebody, as it is written there."""

    kind: MentionKind
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Insiders:
    """Who may be named, all in small letters: people of the program, accounts of one's own and of the company."""

    names: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    program_words: frozenset[str] = frozenset()


FEWEST_DIGITS, MOST_DIGITS = 7, 15
LONGEST_NAME_IN_WORDS = 4


def _each_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _each_of(
    "mr mrs ms miss mx dr prof professor herr frau mme mlle monsieur madame sir lady señor señora signor signora"
)
PARTICLES = _each_of("van von de der den di da del della la le du dos bin al el ter ten zu")
NOT_NAMES = _each_of("""
    a about after again all also although always an and another any as ask at be because before both but by can could
    did do does don’t don't each even every everybody everyone few finally first for from had has have he her here hers
    hi hello his how however i i’m i'm if in instead is it its just last later let’s let's many maybe me more most my
    never next no nobody not now of often on once one only or other our perhaps please she since so some somebody someone
    sometimes still thank thanks that the their then there these they this those though three to today tomorrow two under
    until was we were what when where which while who why will with would yes yesterday you your yours dear re fw
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni
    juli oktober dezember spring summer autumn winter christmas easter
    linkedin twitter x mastodon bluesky instagram facebook youtube tiktok threads xing whatsapp slack teams zoom google
    microsoft apple amazon reddit medium github
    social media network human resources customer customers success product products project sales marketing support
    service services team teams press public relations office officer head chief vice president director manager senior
    junior lead board works council legal compliance data protection privacy security policy quality engineering
    research development finance group holding company inc ltd llc gmbh ag corp bank university college school institute
    street road avenue park square centre center city north south east west new old great united states kingdom union
    european europe america american africa african asia asian germany german france french britain british england
    english spain spanish italy italian poland polish london paris berlin york francisco angeles black white green red
    blue open question annual report conference summit forum week day award edition playbook chapter code conduct
    ambassador ambassadors program pilot employee employees general artificial intelligence
    der die das ein eine wir ich sie er es und oder aber wenn als am im um nach vor mit für bei auf
    """)
GIVEN_NAMES = _each_of("""
    adam agnes ahmed aisha alan alba albert alex alexander alexandra ali alice amara amelia amina amy ana andrea andreas
    andrew angela anita anja anna anne antonio arthur astrid barbara beatrice ben benjamin bernd bettina bilal bob brian
    camille carl carla carlos carmen caroline catherine charles charlotte chen chiara chloe chris christian christina
    claire clara claudia daniel daniela david diana diego dirk donald edward elena elif elisabeth elizabeth ella emil
    emily emma eric erik esther eva fatima felix fiona florian francesca frank frida gabriel george gerd giulia grace
    hannah hans harry hassan heidi helen helena henry hugo ian ibrahim ines ingrid irene isabel ivan jack jakob james jan
    jane jean jennifer jens jessica joan joanna johan johannes john jonas jose josé joseph juan julia julian jürgen
    karen karin karl katarzyna kate katharina kevin khalid klaus lars laura lea lena leo leon lisa louis lucas lucia
    lucy luis lukas magdalena maja marco marcus margaret maria marie mario mark markus marta martin mary mateo matthew
    max mehmet mia michael miguel mike mohamed mohammed monika muhammad nadia natalie nick nicolas nina noah nora nour
    olga oliver omar oscar pablo patricia patrick paul paula pedro peter petra philip pierre priya rachel ralf rebecca
    richard robert rosa ruth sabine sam samuel sandra sara sarah sebastian simon sofia sophia sophie stefan stefanie
    stephen steve steven susan susanne sven thomas tim tom ursula uwe vera victor wei werner william wolfgang yara yusuf
    zoe
    """)
NOT_ACCOUNTS = frozenset(
    {"", "home", "i", "search", "hashtag", "explore", "groups", "watch", "feed", "share", "p"}
)
ACCOUNT_FIRST = frozenset(
    {"x.com", "twitter.com", "instagram.com", "facebook.com", "threads.net", "threads.com"}
)
ACCOUNT_AFTER = {"linkedin.com": "in", "bsky.app": "profile", "xing.com": "profile"}

_CHUNK = re.compile(r"[^\s,;()\[\]{}<>“”„\"‘’'«»]+")
_EMAIL = re.compile(r"(?:mailto:)?[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"@\w[\w.-]*(?:@[\w-]+(?:\.[\w-]+)+)?")
_PHONE = re.compile(r"(?<![\w+])(?:\+|\()?\d[\d ().\-/]{5,22}\d(?!\w)")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+|[’'](?!s\b)[^\W\d_]+)*")
_SENTENCE_ENDS = re.compile(r"[.!?:;\n“”\"„(\[*•–—]")


def mentions(texts: Iterable[str]) -> tuple[Mention, ...]:
    """What seems to name somebody, each once, in the order in which it is read."""
    return tuple(dict.fromkeys(mention for text in texts for mention in _mentions(text)))


def outsiders(
    found: Sequence[Mention], insiders: Insiders, *, kept: Iterable[str] = ()
) -> tuple[Mention, ...]:
    """The mentions that are neither of insiders nor among the words that the author decided to keep."""
    decided = set(kept)
    return tuple(each for each in found if each.words not in decided and not _is_inside(each, insiders))


def masked(text: str, words: str, by: str) -> str:
    """The text with `by` in the place of every mention of `words`; capitalised where it begins a sentence."""
    whole = re.compile(rf"(?<![^\W_]){re.escape(words)}(?![^\W_])")

    def instead(found: re.Match[str]) -> str:
        return by[:1].upper() + by[1:] if _begins_sentence(text, found.start()) else by

    return whole.sub(instead, text)


def surname(words: str) -> str:
    """The last name in a mention of a person, in small letters."""
    return words.rsplit(maxsplit=1)[-1].lower()


def handle(mention: Mention) -> str:
    """The handle that an account or a profile goes by, in small letters, without @."""
    account = mention.words if mention.kind is MentionKind.ACCOUNT else _profile(mention.words)
    return plain_handle(account).lower()


def _is_inside(mention: Mention, insiders: Insiders) -> bool:
    words = mention.words.lower()
    if mention.kind is MentionKind.PERSON:
        alone = words in insiders.names or set(words.split()) <= insiders.program_words
        return alone or (not _is_pair(mention.words) and surname(words) in insiders.surnames)
    if mention.kind is MentionKind.EMAIL:
        return words.removeprefix("mailto:") in insiders.emails
    if mention.kind is MentionKind.PHONE:
        return False
    own = handle(mention)
    return own in insiders.handles or own.partition("@")[0] in insiders.handles


def _is_pair(words: str) -> bool:
    """Whether a person is named by two full names, rather than by a title or an initial and one."""
    first = words.split(maxsplit=1)[0].rstrip(".")
    return len(first) > 1 and first.lower() not in TITLES


def _mentions(text: str) -> list[Mention]:
    """What was recognised is not looked at again as something else."""
    found: list[tuple[int, Mention]] = []
    rest = text
    for look in (_addresses, _phones, _people):
        newly = list(look(rest))
        found += newly
        for at, mention in newly:
            rest = rest[:at] + "\n" * len(mention.words) + rest[at + len(mention.words) :]
    return [mention for _at, mention in sorted(found, key=lambda each: each[0])]


def _addresses(text: str) -> Iterator[tuple[int, Mention]]:
    """E-mail addresses, handles and addresses of profiles. Each chunk of a text is looked at once, however long."""
    for chunk in _CHUNK.finditer(text):
        words = chunk.group().rstrip(".:!?…")
        if _EMAIL.fullmatch(words):
            yield chunk.start(), Mention(MentionKind.EMAIL, words)
        elif _HANDLE.fullmatch(words):
            yield chunk.start(), Mention(MentionKind.ACCOUNT, words)
        elif "/" in words and "." in words and _profile(words):
            yield chunk.start(), Mention(MentionKind.PROFILE, words)


def _profile(address: str) -> str:
    """The account whose profile, or whose post, has this address; "" where it is nobody's."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return ""
    host = ".".join((parts.hostname or "").split(".")[-2:])
    first, second, *_rest = [*parts.path.removeprefix("/").split("/"), "", ""]
    if first.startswith("@") or host in ACCOUNT_FIRST:
        account = first
    else:
        account = second if ACCOUNT_AFTER.get(host) == first else ""
    return "" if account.lower() in NOT_ACCOUNTS else account


def _phones(text: str) -> Iterator[tuple[int, Mention]]:
    for found in _PHONE.finditer(text):
        words = found.group()
        digits = re.sub(r"\D", "", words)
        if _DAY.match(words) or not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
            continue
        if words[0] in "+0(" or re.search(r"\d[ .\-/]\d{3}[ .\-/]\d", words):
            yield found.start(), Mention(MentionKind.PHONE, words)


def _people(text: str) -> Iterator[tuple[int, Mention]]:
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        end = _name_ends(text, words, place)
        if end > place:
            start = words[place].start()
            yield start, Mention(MentionKind.PERSON, text[start : words[end - 1].end()])
        place = max(end, place + 1)


def _name_ends(text: str, words: Sequence[re.Match[str]], place: int) -> int:
    """The place after the name that begins with this word; the same place where none does."""
    first = words[place].group()
    if _is_title(first) or _is_initial(text, words[place]):
        end, most = place + 1, min(len(words), place + LONGEST_NAME_IN_WORDS)
        while end < most and _joined(text, words, end) and _is_initial(text, words[end]):
            end += 1
        last = _last_name(text, words, end)
        return last if last > end else place
    if not _is_name(first):
        return place
    if _begins_sentence(text, words[place].start()) and first.lower() not in GIVEN_NAMES:
        return place
    end = place + 1
    if end < len(words) and _joined(text, words, end) and _is_initial(text, words[end]):
        end += 1
    last = _last_name(text, words, end)
    return last if last > end else place


def _last_name(text: str, words: Sequence[re.Match[str]], place: int) -> int:
    """The place after the names, with their particles, that follow here; the same place where none do."""
    end = look = place
    while look < min(len(words), place + LONGEST_NAME_IN_WORDS) and _joined(text, words, look):
        if _is_name(words[look].group()):
            end = look + 1
        elif words[look].group().lower() not in PARTICLES:
            break
        look += 1
    return end


def _joined(text: str, words: Sequence[re.Match[str]], place: int) -> bool:
    """Whether only a space, or the point of an abbreviation, stands between a word and the one before."""
    before = words[place - 1]
    between = text[before.end() : words[place].start()]
    short = _is_title(before.group()) or len(before.group()) == 1
    return between in (" ", "\N{NO-BREAK SPACE}") or (short and between in (".", ". ", ".\N{NO-BREAK SPACE}"))


def _is_title(word: str) -> bool:
    return word[0].isupper() and word.lower() in TITLES


def _is_initial(text: str, word: re.Match[str]) -> bool:
    return len(word.group()) == 1 and word.group().isupper() and text[word.end() : word.end() + 1] == "."


def _is_name(word: str) -> bool:
    return (
        word[0].isupper() and any(map(str.islower, word)) and len(word) > 1 and word.lower() not in NOT_NAMES
    )


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\N{NO-BREAK SPACE}")
    return not before or _SENTENCE_ENDS.fullmatch(before[-1]) is not None or before[-1] in "-‘'"
