"""What a reader was shown is remembered until something happens: every write has its event."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import ParamSpec, TypeVar, cast

from web.visit import Visit

VIEWS_REMEMBERED = 512
_P = ParamSpec("_P")
_View = TypeVar("_View")
_views: OrderedDict[Hashable, object] = OrderedDict()


async def remembered(
    visit: Visit, query: Callable[_P, Awaitable[_View]], *asked: _P.args, **by: _P.kwargs
) -> _View:
    """What `query` answers, looked up anew only once an event was recorded since this process asked it the same.

    For queries whose answer follows from what they are asked and from what happened; the answer has to be frozen. What
    happened is read before the answer is looked up, so that the answer is never older.
    """
    key = (query, asked, tuple(by.items()), visit.happened)
    if key in _views:
        _views.move_to_end(key)
        return cast("_View", _views[key])
    view = _views[key] = await query(*asked, **by)
    while len(_views) > VIEWS_REMEMBERED:
        _views.popitem(last=False)
    return view
