"""Answers which post a link leads to, what an activity counts as, and which days may be logged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

LONGEST_LINK = 2_000


class Kind(StrEnum):
    POST = "post"
    REPLY = "reply"
    SHARE = "share"
    TALK = "talk"
    ARTICLE = "article"
    ANSWERED_QUESTION = "answered_question"
    REACTION = "reaction"


class Network(StrEnum):
    """Where somebody spoke: a network, or in person."""

    LINKEDIN = "linkedin"
    X = "x"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    BLOG = "blog"
    OTHER = "other"
    IN_PERSON = "in_person"


CONVERSATIONS = frozenset({Kind.REPLY, Kind.ANSWERED_QUESTION})
WITHOUT_ACCOUNT = frozenset({Kind.TALK, Kind.ANSWERED_QUESTION})
"""What may be done in person, or before somebody else's audience: it takes no account of one's own."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where a link leads. `id` is the same for every link to one post; `network` is None where the link cannot tell."""

    network: Network | None
    id: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What an activity adds to its member's month."""

    activities: int
    conversations: int
    reactions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a network counted; None: not measured."""

    impressions: int | None
    reactions: int | None
    comments: int | None
    shares: int | None
    clicks: int | None


@dataclass(frozen=True, slots=True)
class InTheFuture:
    today: date


@dataclass(frozen=True, slots=True)
class BeforeTracking:
    start: date


@dataclass(frozen=True, slots=True)
class NotActiveThen:
    """The member's enrolment was not active on that day."""


@dataclass(frozen=True, slots=True)
class NoConsent:
    """The member has not agreed to tracking on that network."""

    network: Network


@dataclass(frozen=True, slots=True)
class BeforeConsent:
    network: Network
    from_on: date


WhyNot = InTheFuture | BeforeTracking | NotActiveThen | NoConsent | BeforeConsent


def counts_of(kind: Kind) -> Counts:
    """Everything but a reaction is taking part; replies and answered questions are conversations."""
    reaction = kind is Kind.REACTION
    return Counts(int(not reaction), int(kind in CONVERSATIONS), int(reaction))


def why_not_on(
    day: date,
    *,
    today: date,
    start: date,
    active: bool,
    kind: Kind,
    network: Network,
    consented_from: date | None,
) -> WhyNot | None:
    """Why an activity of that day may not be kept, if so.

    `active` tells of the member's enrolment on that day, `consented_from` of their yes for the network.
    """
    if day > today:
        return InTheFuture(today)
    if day < start:
        return BeforeTracking(start)
    if not active:
        return NotActiveThen()
    needs_account = kind not in WITHOUT_ACCOUNT and network is not Network.IN_PERSON
    return _why_not_agreed(day, start, network, consented_from) if needs_account else None


def _why_not_agreed(
    day: date, start: date, network: Network, consented_from: date | None
) -> NoConsent | BeforeConsent | None:
    if consented_from is None:
        return NoConsent(network)
    if day < consented_from:
        return BeforeConsent(network, max(consented_from, start))
    return None


_LINKEDIN = re.compile(r"urn:li:(share|ugcPost|activity|groupPost):(\d+)")
_LINKEDIN_SLUG = re.compile(r"[-_](share|ugcPost|activity)-(\d+)(?:-|$)")
_LINKEDIN_COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?\w+:\d+,(\d+)\)")
_STATUS = re.compile(r"^/(?:i/web|i|[^/]+)/status(?:es)?/(\d+)")
_TOOT = re.compile(r"^/(?:web/)?@[^/]+/(\d+)(?:/|$)")
_TOOT_BY_USER = re.compile(r"^/users/[^/]+/statuses/(\d+)(?:/|$)")
_BLUESKY = re.compile(r"^/profile/[^/]+/post/([a-z0-9]+)")
_COMMENT = re.compile(r"(?:^|&)(?:comment_id|commentUrn|lc)=")
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|igshid|igsh|mc_\w+|si|ref|ref_src|trk|rcm|feature)$")
_HOSTS: Mapping[str, Network] = MappingProxyType(
    {
        "linkedin.com": Network.LINKEDIN,
        "lnkd.in": Network.LINKEDIN,
        "x.com": Network.X,
        "twitter.com": Network.X,
        "bsky.app": Network.BLUESKY,
        "instagram.com": Network.INSTAGRAM,
        "facebook.com": Network.FACEBOOK,
        "fb.com": Network.FACEBOOK,
        "youtube.com": Network.YOUTUBE,
        "youtu.be": Network.YOUTUBE,
        "tiktok.com": Network.TIKTOK,
    }
)


def post_at(link: str) -> Post | None:
    """The post that a link leads to; None where it is no link to anything on the web.

    A link whose network has ids of its own gives that id; any other gives itself, without what only tells who clicked.
    """
    address = _address(link)
    if address is None or address.hostname is None:
        return None
    host = address.hostname.removeprefix("www.")
    network = next(
        (known for name, known in _HOSTS.items() if host == name or host.endswith(f".{name}")), None
    )
    if network is None and (found := _TOOT.match(address.path) or _TOOT_BY_USER.match(address.path)):
        return Post(Network.MASTODON, f"{host}/{found[1]}")
    own = {Network.LINKEDIN: _linkedin_id, Network.X: _x_id, Network.BLUESKY: _bluesky_id}
    id = own[network](address) if network in own else None
    return Post(network, id or _plain(address, host))


def kind_at(link: str) -> Kind | None:
    """What an activity probably was, by its link; None where the link is none, or does not tell."""
    address, post = _address(link), post_at(link)
    if address is None or post is None:
        return None
    if post.id.startswith("comment:") or _COMMENT.search(address.query):
        return Kind.REPLY
    if post.network is Network.LINKEDIN and address.path.startswith("/pulse/"):
        return Kind.ARTICLE
    return Kind.POST if post.network is not None else None


def _address(link: str) -> SplitResult | None:
    link = link.strip()
    if len(link) > LONGEST_LINK or re.search(r"\s", link):
        return None
    if "://" not in link:
        link = f"https://{link}"
    try:
        address = urlsplit(link)
        host = (address.hostname or "").strip(".")
        fits = address.scheme in ("http", "https") and "." in host and address.username is None
    except ValueError:
        return None
    return address if fits else None


def _linkedin_id(address: SplitResult) -> str | None:
    whole = unquote(f"{address.path}?{address.query}")
    if comment := _LINKEDIN_COMMENT.search(whole):
        return f"comment:{comment[1]}"
    found = _LINKEDIN.search(whole) or _LINKEDIN_SLUG.search(address.path)
    return f"{found[1]}:{found[2]}" if found else None


def _x_id(address: SplitResult) -> str | None:
    found = _STATUS.match(address.path)
    return found[1] if found else None


def _bluesky_id(address: SplitResult) -> str | None:
    found = _BLUESKY.match(address.path)
    return found[1] if found else None


def _plain(address: SplitResult, host: str) -> str:
    query = [pair for pair in parse_qsl(address.query) if not _TRACKING.match(pair[0])]
    asked = f"?{urlencode(sorted(query))}" if query else ""
    return f"https://{host}{address.path.rstrip('/')}{asked}"
