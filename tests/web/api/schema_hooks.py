"""What schemathesis does as one of the visitors; it loads this itself.

`CALLS` in its environment tells the visitor's tokens, used in turn so that no limit is met, and what there is in the world:
where the address is not made wrong on purpose, it names that.
"""

import itertools
import json
import os
from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

CALLS = json.loads(os.environ["CALLS"])
OPAQUE = "after"

if CALLS["tokens"]:
    _in_turn = itertools.cycle(CALLS["tokens"])

    @schemathesis.auth(refresh_interval=None)
    class Tokens:
        def get(self, _case: Any, _context: Any) -> str:
            return str(next(_in_turn))

        def set(self, case: Any, token: str, _context: Any) -> None:
            case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """No value is a place in a list but those that a page of it named."""
    if not _is_wrong(case, ParameterLocation.PATH):
        for name in case.path_parameters or {}:
            case.path_parameters[name] = CALLS["named"].get(name, case.path_parameters[name])
    if not _is_wrong(case, ParameterLocation.QUERY) and case.query:
        case.query.pop(OPAQUE, None)


def _is_wrong(case: Any, where: ParameterLocation) -> bool:
    part = case.meta.components.get(where) if case.meta else None
    return part is not None and part.mode.is_negative
