"""Accounts of the people of Tidewell, and links to what they said, shaped like those of each network."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cohorts.activities.rules import Kind, Network
from workers.demo.chance import Chance
from workers.demo.names import Person
from workers.demo.sayings import disclosure_of

_X_BEGAN_MS = 1_288_834_974_657
_SERVERS = ("wasser.example", "norte.example", "rivers.example", "tooting.example")
_LONGEST_SLUG_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person’s own account, as they would add it; `stance` is “personal” or “professional”."""

    network: Network
    handle: str
    address: str
    stance: str
    disclosure: str


@lru_cache(maxsize=1024)
def accounts_of(person: Person) -> tuple[Account, ...]:
    """LinkedIn for everybody, X or Mastodon (or both) for some."""
    chance = Chance("accounts", person.email)
    name = person.email.partition("@")[0].replace(".", "-")
    disclosure = disclosure_of(person)
    accounts = [
        Account(
            network=Network.LINKEDIN,
            handle=f"{name}-tw",
            address=f"https://www.linkedin.com/in/{name}-tw",
            stance="professional",
            disclosure=disclosure,
        )
    ]
    if chance.happens(0.4):
        handle = f"{name.replace('-', '_')[:12].strip('_')}_tw"
        accounts.append(_personal(Network.X, handle, f"https://x.com/{handle}", disclosure))
    if chance.happens(0.35):
        handle, server = name.replace("-", "_"), chance.one_of(_SERVERS)
        address = f"https://{server}/@{handle}"
        accounts.append(_personal(Network.MASTODON, f"@{handle}@{server}", address, disclosure))
    return tuple(accounts)


def _personal(network: Network, handle: str, address: str, disclosure: str) -> Account:
    return Account(network=network, handle=handle, address=address, stance="personal", disclosure=disclosure)


def link_to(kind: Kind, account: Account, at: datetime, title: str, chance: Chance) -> str:
    """The link of something done at that moment from that account; of a reaction, the post that it was given to."""
    ms = int(at.timestamp() * 1000)
    if account.network is Network.X:
        owner = "i" if kind is Kind.REACTION else account.handle
        return f"https://x.com/{owner}/status/{(ms - _X_BEGAN_MS << 22) + chance.below(1 << 22)}"
    if account.network is Network.MASTODON:
        whose = f"https://{_SERVERS[chance.below(4)]}/@brunnen" if kind is Kind.REACTION else account.address
        return f"{whose}/{(ms << 16) + chance.below(1 << 16)}"
    return _on_linkedin(kind, account, ms, title, chance)


def _on_linkedin(kind: Kind, account: Account, ms: int, title: str, chance: Chance) -> str:
    own = (ms << 22) + chance.below(1 << 22)
    earlier_ms = ms - int(timedelta(minutes=chance.between(4, 2800)).total_seconds() * 1000)
    if kind in (Kind.REPLY, Kind.ANSWERED_QUESTION):
        under = (earlier_ms << 22) + chance.below(1 << 22)
        comment = f"urn%3Ali%3Acomment%3A%28activity%3A{under}%2C{own}%29"
        return f"https://www.linkedin.com/feed/update/urn:li:activity:{under}?commentUrn={comment}"
    if kind is Kind.ARTICLE:
        return f"https://www.linkedin.com/pulse/{_slug(title)}-{account.handle}-{own % (36**5):05x}"
    if kind is Kind.POST and title and chance.below(3):
        return (
            f"https://www.linkedin.com/posts/{account.handle}_{_slug(title)}-activity-{own}-{own % 65521:04x}"
        )
    urn = "share" if kind is Kind.SHARE and chance.below(2) else "activity"
    return f"https://www.linkedin.com/feed/update/urn:li:{urn}:{own}/"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:_LONGEST_SLUG_WORDS]) or "post"
