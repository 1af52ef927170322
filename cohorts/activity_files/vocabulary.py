"""How people call our columns, kinds and networks in their own files."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from cohorts.activities.rules import Kind, Network

_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "email": "email e-mail mail emailaddress e-mail-adresse emailadresse mailadresse",
        "published_at": "published_at publishedat published date datetime timestamp when day doneon doneat createdat"
        " posted postedat publishdate postdate postpublishdate datum zeitpunkt tag veröffentlichtam veröffentlicht",
        "network": "network platform channel socialnetwork netzwerk plattform kanal",
        "kind": "kind type activitytype posttype art typ aktivität",
        "link": "link url permalink address postlink posturl sharelink tweetpermalink adresse beitragslink",
        "text": "text content message post body caption commentary sharecommentary posttext tweettext inhalt nachricht"
        " beitrag",
        "brief": "brief briefing campaign kampagne",
        "impressions": "impressions views reach impressionen aufrufe reichweite",
        "reactions": "reactions likes favourites favorites reaktionen gefälltmir",
        "comments": "comments replies kommentare antworten",
        "shares": "shares reposts retweets boosts geteilt weitergeleitet",
        "clicks": "clicks linkclicks urlclicks klicks",
    }
)
_KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.POST: "post tweet toot beitrag status original",
        Kind.REPLY: "reply comment answer antwort kommentar",
        Kind.SHARE: "share repost retweet boost reshare geteilt weitergeleitet",
        Kind.TALK: "talk speech presentation panel vortrag podium webinar podcast",
        Kind.ARTICLE: "article blogpost newsletter artikel",
        Kind.ANSWERED_QUESTION: "answeredquestion question answered beantwortetefrage frage",
        Kind.REACTION: "reaction like favourite favorite reaktion",
    }
)
_NETWORKS: Mapping[Network, str] = MappingProxyType(
    {
        Network.LINKEDIN: "linkedin",
        Network.X: "x twitter xtwitter xformerlytwitter",
        Network.MASTODON: "mastodon fediverse",
        Network.BLUESKY: "bluesky bsky",
        Network.INSTAGRAM: "instagram insta",
        Network.FACEBOOK: "facebook fb",
        Network.YOUTUBE: "youtube",
        Network.TIKTOK: "tiktok",
        Network.BLOG: "blog website",
        Network.OTHER: "other elsewhere sonstige andere",
        Network.IN_PERSON: "inperson onsite event persönlich vorort offline",
    }
)
_NO_LETTER = re.compile(r"[\W_]+")


_LONGEST_WORD = 60


def _spelt(text: str) -> str:
    return _spelt_word(text) if len(text) <= _LONGEST_WORD else ""


@lru_cache(maxsize=256)
def _spelt_word(text: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def column_named(header: str) -> str | None:
    """Which of our columns a heading means."""
    return _COLUMN_OF.get(_spelt(header))


def kind_named(word: str) -> Kind | None:
    return _KIND_OF.get(_spelt(word))


def network_named(word: str) -> Network | None:
    return _NETWORK_OF.get(_spelt(word))


_COLUMN_OF = {_spelt(word): column for column, words in _COLUMNS.items() for word in words.split()}
_KIND_OF = {_spelt(word): kind for kind, words in _KINDS.items() for word in words.split()}
_NETWORK_OF = {_spelt(word): network for network, words in _NETWORKS.items() for word in words.split()}
