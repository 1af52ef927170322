"""What our columns are called, why a file cannot be read and why a line is left out, in words."""

from cohorts.activity_files.rules import Trouble, Why
from program.words import gettext as _


def column_text(column: str) -> str:
    """What one of our columns is called, for those who choose what a column of theirs means."""
    return {
        "email": _("E-mail address"),
        "published_at": _("Day or time"),
        "network": _("Network"),
        "kind": _("Kind of activity"),
        "link": _("Link"),
        "text": _("Text"),
        "brief": _("Brief"),
        "impressions": _("Impressions"),
        "reactions": _("Reactions"),
        "comments": _("Comments"),
        "shares": _("Shares"),
        "clicks": _("Clicks"),
    }[column]


def why_text(why: Why) -> str:
    """Why a line is not understood."""
    return {
        Why.NO_DATE: _("It does not say when, or not in a way we can read."),
        Why.AMBIGUOUS_DATE: _("Its date could mean two days: write it as 2026-10-14."),
        Why.NO_LINK: _("It has neither a link nor anything else to know the post by."),
        Why.NO_SUCH_LINK: _("What stands as its link leads nowhere on the web."),
        Why.NO_NETWORK: _("It does not say on which network, and its link does not tell."),
        Why.UNKNOWN_NETWORK: _("We do not know a network of that name."),
        Why.UNKNOWN_KIND: _("We do not know a kind of activity of that name."),
        Why.NOT_A_NUMBER: _("One of its figures is not a whole number."),
        Why.NOT_PUBLIC: _("It was not for everybody to see, so it is nobody’s business here."),
        Why.NOT_AN_ACTIVITY: _("It tells of nothing that was posted."),
        Why.BROKEN_CHARACTERS: _("Some of its letters are damaged."),
        Why.CUT_OFF: _("It breaks off in the middle."),
        Why.NOT_JSON: _("It is damaged, and cannot be read."),
        Why.TOO_LONG: _("It is too long to be a post."),
        Why.QUOTES_DO_NOT_MATCH: _("Its quotation marks do not match, so its columns cannot be told apart."),
        Why.TOO_MANY_CELLS: _("It has more columns than the heading has names."),
    }[why]


def trouble_text(trouble: Trouble) -> str:
    """Why a file cannot be read, and what to do about it."""
    return {
        Trouble.EMPTY: _("There is nothing in this file. Download it again, or choose another one."),
        Trouble.NOT_RECOGNISED: _(
            "We cannot tell what this file is. We read the archives of LinkedIn, X and Mastodon, the analytics of"
            " LinkedIn and X, and lists as CSV or XLSX."
        ),
        Trouble.LINKEDIN_WITHOUT_POSTS: _(
            "This is a LinkedIn archive, but your posts are not in it. On LinkedIn, ask for the larger archive, which"
            " has “Shares”, “Comments” and “Reactions”; it comes within a day."
        ),
        Trouble.X_WITHOUT_POSTS: _(
            "This comes from X, but your posts are not in it. Choose the whole archive as X sent it,"
            " or the file “tweets.js” in its folder “data”."
        ),
        Trouble.X_OVERVIEW: _(
            "This is X’s overview by day, which does not tell of single posts. In X’s analytics, open “Content” and"
            " export from there."
        ),
        Trouble.TOO_LARGE: _(
            "This file is larger than 200 MB. From an archive, the small file with the posts is enough:"
            " “tweets.js”, “Shares.csv” or “outbox.json”."
        ),
        Trouble.TRUNCATED: _(
            "This archive is not complete: its end is missing. Download it again, and let it finish."
        ),
        Trouble.DAMAGED: _(
            "This file is damaged, or packed in a way that we cannot unpack. Download it again."
        ),
        Trouble.ENCRYPTED: _("This file is locked with a password. Choose one that is not."),
        Trouble.BOMB: _(
            "Far more is packed into this file than belongs there, so we did not unpack it. Choose the archive just as"
            " the network sent it."
        ),
        Trouble.TOO_MANY_PARTS: _(
            "There are too many files in this archive. The small file with the posts is enough:"
            " “tweets.js”, “Shares.csv” or “outbox.json”."
        ),
        Trouble.CLIMBS_OUT: _(
            "This archive tries to put files where they do not belong, so we did not open it. Choose the archive just"
            " as the network sent it."
        ),
        Trouble.NESTED: _(
            "There is another archive within this one. Unpack it once, and choose the archive inside."
        ),
        Trouble.NOT_JSON: _(
            "The posts in this file cannot be read: it is damaged, or somebody changed it. Choose the archive just as"
            " the network sent it."
        ),
        Trouble.ENCODING: _(
            "We cannot make out the letters in this file. Save it as “CSV UTF-8”, and choose it again."
        ),
        Trouble.OLD_EXCEL: _(
            "This is a workbook of the old kind (.xls). Save it as XLSX or CSV, and choose it again."
        ),
    }[trouble]
