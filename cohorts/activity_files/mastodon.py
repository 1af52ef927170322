"""The outbox of a Mastodon account, and of servers that speak as Mastodon does."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cohorts.activities.rules import Kind, Network, Post
from cohorts.activity_files.cells import moment_of_iso
from cohorts.activity_files.items import items_in
from cohorts.activity_files.links import post_of
from cohorts.activity_files.parts import Part
from cohorts.activity_files.rules import Found, NotUnderstood, Row, Why, clean, not_understood

OUTBOX = re.compile(r"(?:^|/)outbox\.json$")
ITEMS = re.compile(r'"orderedItems"\s*:\s*\[')

_ITEM = re.compile(r'\{\s*"id"\s*:\s*"[^"]*/activity"\s*,\s*"type"\s*:')
_ACTOR = re.compile(r"https?://([^/\s]{1,255})/(?:users/|@)([\w.-]{1,100})/?")
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_BLOCK = r"(?:p|blockquote|pre|ul|ol|div|h[1-6])"
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BETWEEN_BLOCKS = re.compile(rf"(?:</{_BLOCK}>\s*)+(?:<{_BLOCK}\b[^<>]*>\s*)+", re.IGNORECASE)
_BETWEEN_LINES = re.compile(
    rf"</li>\s*<li\b[^<>]*>|(?:<{_BLOCK}\b[^<>]*>\s*)+|(?:</{_BLOCK}>\s*)+", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)


def mastodon_rows(outbox: Part) -> Iterator[Row]:
    for line, item in enumerate(items_in(outbox, ITEMS, _ITEM), start=1):
        yield _row(line, outbox.name, item)


def whose_outbox(outbox: Part) -> str | None:
    """The account as "robin@social.example"; raises Unreadable where not even the first item can be read."""
    first = next(items_in(outbox, ITEMS, _ITEM), None)
    actor = first.get("actor") if isinstance(first, dict) else None
    found = _ACTOR.fullmatch(actor) if isinstance(actor, str) else None
    return f"{found[2]}@{found[1]}" if found else None


def text_of_html(content: str) -> str:
    """What a reader sees: paragraphs with an empty line between them, line breaks, no marks."""
    text = _BREAK.sub("\n", content)
    text = _BETWEEN_BLOCKS.sub("\n\n", text)
    text = _BETWEEN_LINES.sub("\n", text)
    return clean(html.unescape(_TAG.sub("", text))).strip("\n")


def _row(line: int, part: str, item: Any) -> Row:
    if isinstance(item, NotUnderstood):
        return not_understood(line, part, item.why, item.said)
    about = item.get("object") if isinstance(item, dict) else None
    boosts = isinstance(item, dict) and item.get("type") == "Announce"
    if not boosts and not _is_post(item, about):
        return not_understood(line, part, Why.NOT_AN_ACTIVITY, "")
    if not _is_public(item) and not (isinstance(about, dict) and _is_public(about)):
        return not_understood(line, part, Why.NOT_PUBLIC, "")
    done_at = _done_at(item, about)
    if done_at is None:
        return not_understood(line, part, Why.NO_DATE, "")
    return _boost(line, part, item, done_at) if boosts else _post(line, part, item["object"], done_at)


def _is_post(item: Any, about: Any) -> bool:
    creates = isinstance(item, dict) and item.get("type") == "Create"
    return creates and isinstance(about, dict) and isinstance(about.get("content"), str)


def _is_public(about: dict[str, Any]) -> bool:
    """Followers-only posts and direct messages stand in the outbox too, and are nobody's business."""
    audience = (about.get("to"), about.get("cc"))
    return any(
        name in _PUBLIC
        for names in audience
        for name in (names if isinstance(names, list) else [names])
        if isinstance(name, str)
    )


def _done_at(item: dict[str, Any], about: Any) -> datetime | None:
    published = item.get("published") or (about.get("published") if isinstance(about, dict) else None)
    return moment_of_iso(published) if isinstance(published, str) else None


def _post(line: int, part: str, about: dict[str, Any], done_at: datetime) -> Row:
    link, post = _first_address(about.get("url"), about.get("id"))
    if post is None:
        return not_understood(line, part, Why.NO_LINK, text_of_html(about["content"]))
    return Found(
        line=line,
        part=part,
        kind=Kind.REPLY if about.get("inReplyTo") else Kind.POST,
        network=Network.MASTODON,
        post_id=post.id,
        link=link,
        text=text_of_html(about["content"]),
        done_at=done_at,
        done_on=None,
    )


def _boost(line: int, part: str, item: dict[str, Any], done_at: datetime) -> Row:
    """A boost has an id of its own; its link leads to what was boosted."""
    boosted = item.get("object")
    _, post = _first_address(item.get("id"))
    link, _ = _first_address(boosted, _id_of(boosted))
    if post is None:
        return not_understood(line, part, Why.NO_LINK, link or "")
    return Found(
        line=line,
        part=part,
        kind=Kind.SHARE,
        network=Network.MASTODON,
        post_id=post.id,
        link=link,
        text="",
        done_at=done_at,
        done_on=None,
    )


def _id_of(about: Any) -> object:
    return about.get("id") if isinstance(about, dict) else None


def _first_address(*said: object) -> tuple[str, Post] | tuple[None, None]:
    for each in said:
        if isinstance(each, str) and (post := post_of(address := clean(each))):
            return address, post
    return None, None
