"""Fragments that follow from nothing but their values: rendered once for the same values, and kept."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from program.words import gettext, spoken

FRAGMENTS_KEPT = 4_096


def fragments_of(environment: Environment) -> Callable[..., Markup]:
    """What templates call as `fragment(name, **values)`: the template `name`, given these values and nothing else.

    The values have to be hashable. A form in it is given its token as one of them.
    """

    @lru_cache(maxsize=FRAGMENTS_KEPT)
    def rendered(name: str, _spoken: tuple[str, str], values: tuple[tuple[str, Any], ...]) -> Markup:
        return Markup(environment.get_template(name).render(dict(values)))  # noqa: S704 -- templates escape

    def fragment(name: str, /, **values: Any) -> Markup:
        return rendered(name, spoken(), tuple(values.items()))

    return fragment


def translated(text: str, /, **variables: Any) -> Markup:
    """A template's words in the reader's language; what is put into them is escaped."""
    if variables:
        return Markup(gettext(text)) % variables  # noqa: S704 -- catalogues are ours
    return _without_variables(gettext(text))


@lru_cache(maxsize=4_096)
def _without_variables(text: str) -> Markup:
    return Markup(text) % ()  # noqa: S704
