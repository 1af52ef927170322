"""The archive of an account on X: its posts, replies and reposts."""

import html
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

from cohorts.activities.rules import Kind, Network
from cohorts.activity_files.cells import moment_of_iso, moment_of_x
from cohorts.activity_files.items import items_in
from cohorts.activity_files.parts import Part
from cohorts.activity_files.rules import (
    NOT_MEASURED,
    Found,
    Measured,
    NotUnderstood,
    Row,
    Unreadable,
    Why,
    clean,
    not_understood,
)

POSTS = re.compile(r"(?:^|/)(?:tweets?|community-tweets?)(?:-part\d+)?\.js$")
ACCOUNT = re.compile(r"(?:^|/)account\.js$")
NOTES = re.compile(r"(?:^|/)note-tweets?(?:-part\d+)?\.js$")
BEGINNING = re.compile(
    r"\s*window\.YTD\.(?:tweets?|community_tweets?)\.part\d+\s*=|\s*\[\s*\{\s*\"tweet\"\s*:"
)

_ARRAY = re.compile(r'\A(?:[^=\["]*=)?\s*\[')
_POST = re.compile(r'\{\s*"tweet"\s*:')
_NOTE = re.compile(r'\{\s*"noteTweet"\s*:')
_ACCOUNT = re.compile(r'\{\s*"account"\s*:')
_ID = re.compile(r"[0-9]{1,20}")
_HANDLE = re.compile(r"\w{1,50}", re.ASCII)
_SHORT_LINK = re.compile(r"https?://t\.co/\w+")
_COUNT = re.compile(r"[0-9]{1,15}")
_ADDRESSED = re.compile(r"(?:@\w+\s+)+")
_SIGNS_COMPARED = 60

LongTexts = Callable[[datetime, str], str | None]


def x_rows(posts: Iterable[Part], notes: Iterable[Part], handle: str | None) -> Iterator[Row]:
    """What the posts tell. A long post is cut off among them, and stands whole among the notes."""
    with closing(
        sqlite3.connect("")
    ) as kept:  # a file of its own, since nobody knows how many notes there are
        long_texts = _long_texts(kept, notes)
        line = 0
        for part in posts:
            for item in items_in(part, _ARRAY, _POST):
                line += 1
                yield _row(line, part.name, item, handle, long_texts)


def first_post(part: Part) -> None:
    """Raises Unreadable where not even the first post can be read."""
    next(items_in(part, _ARRAY, _POST), None)


def handle_in(account: Part) -> str | None:
    try:
        item = next(items_in(account, _ARRAY, _ACCOUNT), None)
    except Unreadable:
        return None
    about = item.get("account") if isinstance(item, dict) else None
    handle = about.get("username") if isinstance(about, dict) else None
    return handle if isinstance(handle, str) and _HANDLE.fullmatch(handle) else None


def _row(line: int, part: str, item: Any, handle: str | None, long_texts: LongTexts) -> Row:
    if isinstance(item, NotUnderstood):
        return not_understood(line, part, item.why, item.said)
    post = item.get("tweet", item) if isinstance(item, dict) else None
    if not isinstance(post, dict):
        return not_understood(line, part, Why.NOT_AN_ACTIVITY, "")
    id, text = post.get("id_str", post.get("id")), post.get("full_text", post.get("text"))
    if not isinstance(id, str) or not _ID.fullmatch(id) or not isinstance(text, str):
        return not_understood(line, part, Why.NOT_AN_ACTIVITY, text if isinstance(text, str) else "")
    at = post.get("created_at")
    done_at = moment_of_x(at) if isinstance(at, str) else None
    if done_at is None:
        return not_understood(line, part, Why.NO_DATE, text)
    id = _latest_version(post, id)
    kind = _kind(post, text)
    return Found(
        line=line,
        part=part,
        kind=kind,
        network=Network.X,
        post_id=id,
        link=f"https://x.com/{handle or 'i'}/status/{id}",
        text="" if kind is Kind.SHARE else long_texts(done_at, text) or _text(post, text),
        done_at=done_at,
        done_on=None,
        measured=NOT_MEASURED if kind is Kind.SHARE else _measured(post),
    )


def _kind(post: dict[str, Any], text: str) -> Kind:
    if text.startswith("RT @"):
        return Kind.SHARE
    return Kind.REPLY if post.get("in_reply_to_status_id_str") else Kind.POST


def _measured(post: dict[str, Any]) -> Measured:
    return Measured(reactions=_count(post.get("favorite_count")), shares=_count(post.get("retweet_count")))


def _count(said: object) -> int | None:
    return int(said) if isinstance(said, str | int) and _COUNT.fullmatch(str(said)) else None


def _latest_version(post: dict[str, Any], id: str) -> str:
    """An edited post has an id a version, and is one activity: that of the version everybody sees."""
    match post.get("edit_info"):
        case {"initial": {"editTweetIds": [_, _, *_] as ids}}:
            pass
        case {"edit": {"editControlInitial": {"editTweetIds": [_, _, *_] as ids}}}:
            pass
        case _:
            return id
    known = [each for each in ids if isinstance(each, str) and _ID.fullmatch(each)]
    return max(known, key=int) if id in known else id


def _text(post: dict[str, Any], text: str) -> str:
    """As it was written: links whole, and without those that only stand for a picture of its own."""
    if "t.co/" in text:
        links = _links(post, "urls")
        pictures = _links(post, "media") or _links(post, "media", inside="extended_entities")
        text = _expanded(text, dict.fromkeys(pictures, "") | links if pictures else links)
        text = text.rstrip() if pictures else text
    return clean(html.unescape(text) if "&" in text else text)


def _links(
    about: dict[str, Any],
    kind: str,
    short: str = "url",
    whole: str = "expanded_url",
    *,
    inside: str = "entities",
) -> dict[str, str]:
    entities = about.get(inside)
    named = entities.get(kind) if isinstance(entities, dict) else None
    if not named or not isinstance(named, list):
        return {}
    return {
        each[short]: each[whole]
        for each in named
        if isinstance(each, dict) and isinstance(each.get(short), str) and isinstance(each.get(whole), str)
    }


def _long_texts(kept: sqlite3.Connection, notes: Iterable[Part]) -> LongTexts:
    """Finds the whole text of a long post. A note bears another id: it is known by its second and its beginning."""
    kept.execute("CREATE TABLE note (second INTEGER, beginning TEXT, text TEXT)")
    kept.executemany("INSERT INTO note VALUES (?, ?, ?)", (note for part in notes for note in _notes(part)))
    kept.execute("CREATE INDEX by_second ON note (second)")
    if not kept.execute("SELECT EXISTS (SELECT 1 FROM note)").fetchone()[0]:
        return lambda _done_at, _text: None

    def find(done_at: datetime, text: str) -> str | None:
        second = int(done_at.timestamp())
        near = kept.execute(
            "SELECT beginning, text FROM note WHERE second BETWEEN ? AND ?", (second - 1, second + 1)
        )
        return next((whole for beginning, whole in near if beginning == _beginning(text)), None)

    return find


def _notes(part: Part) -> Iterator[tuple[int, str, str]]:
    try:
        for item in items_in(part, _ARRAY, _NOTE):
            match item:
                case {"noteTweet": {"createdAt": str(at), "core": {"text": str(text)} as core}}:
                    if done_at := moment_of_iso(at):
                        links = _links({"core": core}, "urls", "shortUrl", "expandedUrl", inside="core")
                        whole = html.unescape(_expanded(text, links))
                        yield int(done_at.timestamp()), _beginning(text), clean(whole)
    except Unreadable:
        return


def _expanded(text: str, links: Mapping[str, str]) -> str:
    return _SHORT_LINK.sub(lambda short: links.get(short[0], short[0]), text)


def _beginning(text: str) -> str:
    """What a long post and its note have in common: whom a reply is to stands in one of them only."""
    return clean(_ADDRESSED.sub("", html.unescape(text), count=1))[:_SIGNS_COMPARED]
