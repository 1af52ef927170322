"""Where links lead. The rule of activities knows all of them; the usual ones of an export are told at a glance."""

import re

from cohorts.activities.rules import LONGEST_LINK, Network, Post, post_at

_LINKEDIN = re.compile(
    r"https://www\.linkedin\.com/feed/update/urn(?::|%3A)li(?::|%3A)(share|ugcPost|activity|groupPost)(?::|%3A)([0-9]+)/?"
)
_X = re.compile(r"https://(?:x|twitter)\.com/[A-Za-z0-9_]+/status/([0-9]+)")
_MASTODON = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)/@[A-Za-z0-9_]+/([0-9]+)")
_NOT_MASTODON = re.compile(
    r"(?:^|\.)(?:linkedin|x|twitter|instagram|facebook|fb|youtube|tiktok)\.com$|lnkd\.in$|bsky\.app$|youtu\.be$|^www\."
)


def post_of(link: str) -> Post | None:
    """What `post_at` answers, sooner."""
    if len(link) > LONGEST_LINK:
        return None
    if found := _LINKEDIN.fullmatch(link):
        return Post(Network.LINKEDIN, f"{found[1]}:{found[2]}")
    if found := _X.fullmatch(link):
        return Post(Network.X, found[1])
    if (found := _MASTODON.fullmatch(link)) and not _NOT_MASTODON.search(found[1]):
        return Post(Network.MASTODON, f"{found[1]}/{found[2]}")
    return post_at(link)
