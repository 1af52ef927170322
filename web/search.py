"""Searching the playbook, as one types or with a button."""

from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from playbooks.search.queries import findings, whom_to_ask
from playbooks.search.rules import LONGEST_QUESTION
from web.entry_forms import entry_kinds
from web.pages import page
from web.playbook import READERS
from web.visit import LEARNERS, Visit, may


@get("/programs/{program:str}/playbook/search", opt=may(*READERS))
async def search(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """The whole page, or what was found alone where the page asks for it as one types."""
    typed = request.query_params.get("q", "").replace("\0", "").strip()[:LONGEST_QUESTION]
    found = await findings(typed, visit.reader) if typed else None
    alone = request.headers.get("HX-Target") == "found"
    return page(
        request,
        "playbook/_found.html" if alone else "playbook/search.html",
        typed=typed,
        found=found,
        alone=alone,
        ask=await whom_to_ask(visit.reader) if found and not found.entries else (),
        writes=visit.reader.is_any(*LEARNERS),
        entry_kinds=entry_kinds(),
    )


HANDLERS = (search,)
