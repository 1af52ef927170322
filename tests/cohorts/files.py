"""Files of activities as networks and people make them: built here, byte by byte, so that no binary stands among the tests."""

import csv
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any, NamedTuple
from urllib.parse import quote

import xlsxwriter

Document = Mapping[str, Any]


class Share(NamedTuple):
    """A line of Shares.csv; without a text it is a bare repost."""

    at: str
    link: str
    text: str = ""
    url: str = ""


class Comment(NamedTuple):
    at: str
    link: str
    text: str


class Reaction(NamedTuple):
    at: str
    link: str
    type: str = "LIKE"


class Repost(NamedTuple):
    """A line of InstantReposts.csv."""

    at: str
    link: str


class Measures(NamedTuple):
    """A line of one of the tables of LinkedIn's top posts."""

    link: str
    on: str
    number: int


def zipped(parts: Mapping[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these parts by their paths."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 9, 0, 0)), content, compression)
    return file.getvalue()


def post_link(id: int | str, urn: str = "share") -> str:
    """The link to a LinkedIn post, its URN percent-encoded as in the archive."""
    return f"https://www.linkedin.com/feed/update/{quote(f'urn:li:{urn}:{id}', safe='')}"


def comment_link(post: int | str, comment: int | str, urn: str = "activity") -> str:
    whole = quote(f"urn:li:comment:({urn}:{post},{comment})", safe="")
    return f"{post_link(post, urn)}?commentUrn={whole}"


def shares_csv(
    shares: Iterable[Share],
    *,
    wrapped: bool = True,
    escape: str = '""',
    stray: bool = False,
    columns: int = 6,
) -> str:
    """Shares.csv with LinkedIn's quirk: every line break of a text within quotation marks of its own.

    `escape` is how quotation marks are written, `stray` adds one at the end of each text of several lines.
    """
    names = ("Date", "ShareLink", "ShareCommentary", "SharedUrl", "MediaUrl", "Visibility")
    lines = [",".join(names[:columns])]
    for share in shares:
        text = share.text.replace("\n", '"\n"') if wrapped else share.text
        text += '"' * (stray and "\n" in share.text)
        cells = (share.at, share.link, _quoted(text, escape), share.url, "", "MEMBER_NETWORK")
        lines.append(",".join(cells[:columns]))
    return "\n".join(lines) + "\n"


def comments_csv(comments: Iterable[Comment], *, escape: str = '\\"') -> str:
    lines = [f"{comment.at},{comment.link},{_quoted(comment.text, escape)}" for comment in comments]
    return "\n".join(["Date,Link,Message", *lines]) + "\n"


def reactions_csv(reactions: Iterable[Reaction]) -> str:
    lines = [f"{reaction.at},{reaction.type},{reaction.link}" for reaction in reactions]
    return "\n".join(["Date,Type,Link", *lines]) + "\n"


def reposts_csv(reposts: Iterable[Repost]) -> str:
    return "\n".join(["Date,Link", *(f"{repost.at},{repost.link}" for repost in reposts)]) + "\n"


def linkedin_archive(
    *,
    shares: Iterable[Share] | str | None = (),
    comments: Iterable[Comment] | str | None = (),
    reactions: Iterable[Reaction] | str | None = (),
    reposts: Iterable[Repost] | str | None = None,
    folder: str = "",
    member: str = "",
) -> bytes:
    """LinkedIn's “Get a copy of your data”. A part is given as its rows or its whole text; None leaves it out."""
    parts: dict[str, str] = {
        "Profile.csv": "First Name,Last Name,Headline\nRobin,Reed,Engineer\n",
        "Connections.csv": 'Notes:\n"When exporting your connection data"\n\nFirst Name,Last Name,URL\nAda,Quill,\n',
        "Rich_Media.csv": "Date/Time,Media Description,Media Link\n",
    }
    end = f"_{member}.csv" if member else ".csv"
    if shares is not None:
        parts["Shares" + end] = shares if isinstance(shares, str) else shares_csv(shares)
    if comments is not None:
        parts["Comments" + end] = comments if isinstance(comments, str) else comments_csv(comments)
    if reactions is not None:
        parts["Reactions" + end] = reactions if isinstance(reactions, str) else reactions_csv(reactions)
    if reposts is not None:
        parts["InstantReposts" + end] = reposts if isinstance(reposts, str) else reposts_csv(reposts)
    return zipped({folder + name: text for name, text in parts.items()})


def linkedin_analytics(
    impressions: Sequence[Measures] = (), engagements: Sequence[Measures] = (), *, dates: bool = False
) -> bytes:
    """A creator's analytics: TOP POSTS has two tables side by side. Days as "7/14/2026", or as `dates` of the workbook."""
    from datetime import datetime

    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as workbook:
        day = workbook.add_format({"num_format": "m/d/yyyy"})
        discovery = workbook.add_worksheet("DISCOVERY")
        discovery.write_row(0, 0, ["Overall Performance", "6/1/2026 - 11/20/2026"])
        discovery.write_row(1, 0, ["Impressions", 12_345])
        engagement = workbook.add_worksheet("ENGAGEMENT")
        engagement.write_row(0, 0, ["Date", "Impressions", "Engagements"])
        engagement.write_row(1, 0, ["6/1/2026", 120, 7])
        top = workbook.add_worksheet("TOP POSTS")
        top.write(0, 0, "Maximum of 50 posts available to include in this list")
        top.write_row(2, 0, ["Post URL", "Post publish date", "Engagements"])
        top.write_row(2, 4, ["Post URL", "Post publish date", "Impressions"])
        for left, table in ((0, engagements), (4, impressions)):
            for place, (link, on, number) in enumerate(table, start=3):
                top.write(place, left, link)
                if dates:
                    top.write_datetime(place, left + 1, datetime.strptime(on, "%m/%d/%Y"), day)  # noqa: DTZ007
                else:
                    top.write(place, left + 1, on)
                top.write(place, left + 2, number)
        workbook.add_worksheet("FOLLOWERS").write_row(0, 0, ["Total followers on 11/20/2026:", 512])
        workbook.add_worksheet("DEMOGRAPHICS").write_row(0, 0, ["Top Demographics", "Value", "Percentage"])
    return file.getvalue()


def tweet(
    id: int | str, at: str = "Wed Oct 14 20:19:24 +0000 2026", text: str = "Hello", **more: Any
) -> dict[str, Any]:
    """A post as the X archive has it; `at` like "Wed Oct 14 20:19:24 +0000 2026"."""
    return {
        "edit_info": {"initial": {"editTweetIds": [str(id)], "editsRemaining": "5", "isEditEligible": True}},
        "retweeted": False,
        "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
        "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
        "display_text_range": ["0", str(len(text))],
        "favorite_count": "0",
        "id_str": str(id),
        "truncated": False,
        "retweet_count": "0",
        "id": str(id),
        "created_at": at,
        "favorited": False,
        "full_text": text,
        "lang": "en",
        **more,
    }


def short_link(short: str, expanded: str) -> dict[str, Any]:
    """What `entities.urls` says of a shortened address in a text."""
    return {"url": short, "expanded_url": expanded, "display_url": expanded[:24], "indices": ["0", "23"]}


def note(at: str, text: str, id: int | str = 1) -> dict[str, Any]:
    """A long post as note-tweet.js has it; `at` like "2026-10-14T20:19:24.000Z"."""
    core = {"styletags": [], "urls": [], "text": text, "mentions": [], "cashtags": [], "hashtags": []}
    return {
        "noteTweet": {"noteTweetId": str(id), "updatedAt": at, "lifecycle": {}, "createdAt": at, "core": core}
    }


def assigned(name: str, value: object, part: int = 0) -> str:
    """A part of the X archive: a value assigned to a name."""
    return f"window.YTD.{name}.part{part} = {json.dumps(value, indent=2)}"


def x_archive(
    *tweets: Document,
    username: str | None = "robin",
    parts: int = 1,
    old: bool = False,
    notes: Sequence[Document] = (),
    folder: str = "",
    more: Mapping[str, str] | None = None,
) -> bytes:
    """The X archive: its posts in so many parts; `old` as it was when the file was called tweet.js."""
    files = {"Your archive.html": "<!doctype html><title>Your archive</title>"}
    if username is not None:
        account = {"email": "robin@example.org", "username": username, "accountId": "42"}
        files["data/account.js"] = assigned("account", [{"account": account}])
    name = "tweet" if old else "tweets"
    for part in range(parts):
        entries = [{"tweet": each} for each in tweets[part::parts]]
        end = f"-part{part}" if part else ""
        files[f"data/{name}{end}.js"] = assigned(name, entries, part)
    headers = [{"tweet": {"tweet_id": each.get("id_str"), "user_id": "42"}} for each in tweets]
    files["data/tweet-headers.js"] = assigned("tweet_headers", headers)
    files["data/deleted-tweets.js"] = assigned("deleted_tweets", [{"tweet": tweet(1, text="Regretted")}])
    if notes:
        files["data/note-tweet.js"] = assigned("note_tweet", notes)
    files.update(more or {})
    return zipped({folder + path: text for path, text in files.items()})


X_ANALYTICS = (
    "Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares",
    "New follows", "Replies", "Reposts", "Profile visits", "Detail Expands", "URL Clicks", "Hashtag Clicks",
    "Permalink Clicks",
)  # fmt: skip
X_ANALYTICS_CLASSIC = (
    "Tweet id", "Tweet permalink", "Tweet text", "time", "impressions", "engagements", "engagement rate", "retweets",
    "replies", "likes", "user profile clicks", "url clicks", "hashtag clicks", "detail expands",
)  # fmt: skip


def x_analytics(*rows: Document, mark: bool = True, columns: Sequence[str] = X_ANALYTICS) -> bytes:
    """X analytics of today: rows by column, as {"Post id": "1", "Date": "Fri, Jun 5, 2026", "Impressions": "1,234"}."""
    return _table(columns, rows, encoding="utf-8-sig" if mark else "utf-8")


def x_analytics_classic(*rows: Document, columns: Sequence[str] = X_ANALYTICS_CLASSIC) -> bytes:
    """Classic analytics: rows by column, as {"Tweet id": "1", "time": "2026-10-01 10:00 +0000", "impressions": "12.0"}."""
    return _table(columns, rows, quoting=csv.QUOTE_ALL)


PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTOR = "https://social.example/users/robin"


def toot(
    id: int | str,
    at: str = "2026-10-14T20:19:24Z",
    html: str = "<p>Hello</p>",
    *,
    reply_to: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A post as the outbox has it."""
    address = f"{ACTOR}/statuses/{id}"
    about = {
        "id": address,
        "type": "Note",
        "summary": None,
        "inReplyTo": reply_to,
        "published": at,
        "url": f"https://social.example/@robin/{id}",
        "attributedTo": ACTOR,
        "to": [PUBLIC],
        "cc": [f"{ACTOR}/followers"],
        "sensitive": False,
        "content": html,
        "contentMap": {"en": html},
        "attachment": [],
        "tag": [],
        **more,
    }
    return {
        "id": f"{address}/activity",
        "type": "Create",
        "actor": ACTOR,
        "published": at,
        "to": about["to"],
        "cc": about["cc"],
        "object": about,
    }


def boost(id: int | str, of: str, at: str = "2026-10-14T20:19:24Z") -> dict[str, Any]:
    return {
        "id": f"{ACTOR}/statuses/{id}/activity",
        "type": "Announce",
        "actor": ACTOR,
        "published": at,
        "to": [PUBLIC],
        "cc": [f"{ACTOR}/followers"],
        "object": of,
    }


def mastodon_outbox(*items: Document) -> bytes:
    """outbox.json."""
    outbox = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "outbox.json",
        "type": "OrderedCollection",
        "totalItems": len(items),
        "orderedItems": items,
    }
    return json.dumps(outbox).encode()


def mastodon_archive(*items: Document, tar: bool = False) -> bytes:
    """The account archive: a ZIP, or a .tar.gz as older servers make it."""
    actor = {"id": ACTOR, "type": "Person", "preferredUsername": "robin", "outbox": "outbox.json"}
    parts = {
        "avatar.png": b"\x89PNG",
        "outbox.json": mastodon_outbox(*items),
        "likes.json": b'{"type": "OrderedCollection", "orderedItems": []}',
        "actor.json": json.dumps(actor).encode(),
    }
    return tarred(parts) if tar else zipped(parts)


def tarred(parts: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in parts.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, BytesIO(content))
    return file.getvalue()


OUR_COLUMNS = (
    "email", "published_at", "network", "kind", "link", "text", "brief", "impressions", "reactions", "comments",
    "shares", "clicks",
)  # fmt: skip


def own_csv(
    *rows: Document, columns: Sequence[str] = OUR_COLUMNS, delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    """A CSV in our own columns, or in others; rows by column, what is left out is empty."""
    return _table(columns, rows, delimiter=delimiter, encoding=encoding)


def own_xlsx(*rows: Document, columns: Sequence[str] = OUR_COLUMNS) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("Activities")
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, columns)
        for place, row in enumerate(rows, start=1):
            for across, column in enumerate(columns):
                if (value := row.get(column)) is not None:
                    sheet.write(place, across, value, moment if hasattr(value, "year") else None)
    return file.getvalue()


def bomb(name: str = "data/tweets.js", unpacked_bytes: int = 60_000_000) -> bytes:
    """A small ZIP that holds far more than it seems to."""
    return zipped({name: b"window.YTD.tweets.part0 = [" + b" " * unpacked_bytes})


def climbing(path: str = "../../etc/Shares.csv") -> bytes:
    return zipped({path: shares_csv([Share("2026-10-14 20:19:24", post_link(1), "Out")])})


def locked(archive: bytes) -> bytes:
    """The same ZIP with each part marked as encrypted."""
    content = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def _quoted(text: str, escape: str) -> str:
    if not any(sign in text for sign in ',"\n\r'):
        return text
    return '"' + text.replace('"', escape) + '"'


def _table(
    columns: Sequence[str],
    rows: Iterable[Document],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    quoting: Any = csv.QUOTE_MINIMAL,
) -> bytes:
    text = StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
