"""Markdown that people wrote, as HTML that can do nothing but be read."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["heading", "lheading", "image"])
_TAGS = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "br", "a"}
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
LONGEST_KEPT = 5_000


def markdown(text: str) -> Markup:
    """Paragraphs, lists, quotations, emphasis, links, and lines as they were broken. Headings stay text: the page around has its own."""
    return _kept(text) if len(text) <= LONGEST_KEPT else _html(text)


@lru_cache(maxsize=1024)
def _kept(text: str) -> Markup:
    return _html(text)


def _html(text: str) -> Markup:
    html = nh3.clean(_PARSER.render(text), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)
    return Markup(html)  # noqa: S704 -- cleaned just above
