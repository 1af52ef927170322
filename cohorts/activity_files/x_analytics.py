"""X's analytics of posts: the CSV of today, and the classic one."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from cohorts.activities.rules import Network
from cohorts.activity_files.cells import NotACount, count_in, when_in
from cohorts.activity_files.lines import Record, cells_of, lines_in, records_in, text_in, undecodable
from cohorts.activity_files.links import post_of
from cohorts.activity_files.parts import Part
from cohorts.activity_files.rules import Format, Found, Measured, Row, Why, clean, not_understood

HEADINGS = {
    Format.X_ANALYTICS: (
        "post id",
        "date",
        "post text",
        "post link",
        "impressions",
        "likes",
        "replies",
        "reposts",
        "url clicks",
    ),
    Format.X_ANALYTICS_CLASSIC: (
        "tweet id",
        "time",
        "tweet text",
        "tweet permalink",
        "impressions",
        "likes",
        "replies",
        "retweets",
        "url clicks",
    ),
}
_NEEDED = 4
_ROWS_ASKED = 20
_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w+)/status/([0-9]{1,20})", re.ASCII)
_ID = re.compile(r"[0-9]{1,20}")
_NOBODY = "i"


class _Said(NamedTuple):
    """The cells of a row that matter, in the order of the headings; those of missing columns are empty."""

    id: str
    when: str
    text: str
    link: str
    impressions: str
    likes: str
    replies: str
    reposts: str
    clicks: str


def analytics_headed(headings: Iterable[str]) -> Format | None:
    names = {heading.strip().lower() for heading in headings}
    return next((format for format, needed in HEADINGS.items() if names.issuperset(needed[:_NEEDED])), None)


def analytics_rows(part: Part, format: Format) -> Iterator[Row]:
    with text_in(part) as text:
        lines = lines_in(text)
        names = [name.strip().lower() for name in cells_of(next(lines), ",") or ()]
        places = [names.index(heading) if heading in names else len(names) for heading in HEADINGS[format]]
        for record in records_in(lines, ",", len(names), first=2):
            why = _why_unreadable(record, len(names))
            if why or record.cells is None:
                yield not_understood(record.number, part.name, why or Why.QUOTES_DO_NOT_MATCH, record.text)
                continue
            cells = [*record.cells, ""]
            yield _row(record, part.name, _Said._make([cells[place] for place in places]))


def whose_analytics(part: Part, format: Format) -> str | None:
    """The handle in the link of the first post that has one."""
    beginning = islice(analytics_rows(part, format), _ROWS_ASKED)
    first = next((row for row in beginning if isinstance(row, Found)), None)
    found = _STATUS.match(first.link or "") if first else None
    return found[1] if found and found[1] != _NOBODY else None


def _why_unreadable(record: Record, width: int) -> Why | None:
    if undecodable(record.text):
        return Why.BROKEN_CHARACTERS
    if record.cells is None:
        return Why.QUOTES_DO_NOT_MATCH if record.text.endswith("\n") else Why.CUT_OFF
    if len(record.cells) < width:
        return Why.CUT_OFF
    return Why.TOO_MANY_CELLS if len(record.cells) > width else None


def _row(record: Record, part: str, said: _Said) -> Row:
    id = _id(said)
    if id is None:
        return not_understood(record.number, part, Why.NO_LINK, record.text)
    try:
        when = when_in(said.when, day_first=False)
        measured = Measured(
            impressions=count_in(said.impressions),
            reactions=count_in(said.likes),
            comments=count_in(said.replies),
            shares=count_in(said.reposts),
            clicks=count_in(said.clicks),
        )
    except NotACount:
        return not_understood(record.number, part, Why.NOT_A_NUMBER, record.text)
    if when is None:
        return not_understood(record.number, part, Why.NO_DATE, record.text)
    at = when if isinstance(when, datetime) else None
    return Found(
        line=record.number,
        part=part,
        kind=None,
        network=Network.X,
        post_id=id,
        link=clean(said.link.strip()) or f"https://x.com/{_NOBODY}/status/{id}",
        text=clean(said.text),
        done_at=at,
        done_on=None if at else when,
        measured=measured,
    )


def _id(said: _Said) -> str | None:
    """The id in the link, since spreadsheets round the one that stands alone."""
    link = said.link.strip()
    if found := _STATUS.match(link):
        return found[2]
    post = post_of(link)
    if post and post.network is Network.X and _ID.fullmatch(post.id):
        return post.id
    id = said.id.strip()
    return id if not link and _ID.fullmatch(id) else None
