"""The bare page that the cohort page is held against: Litestar, Jinja, the same fifty rows of five cells, nothing else."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from jinja2 import DictLoader, Environment
from litestar import Litestar, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig

COHORT = "PILOTAGE_BENCH_COHORT"
PAGE = (
    "<!doctype html><html lang='en'><head><title>Pilot</title></head><body><h1>Pilot</h1><table>"
    "{% for row in rows %}<tr><th>{{ row.name }}</th><td>{{ row.job_title }}</td><td>{{ row.state }}</td>"
    "<td>{{ row.from_on }}</td><td>{{ row.took_part }}</td></tr>\n{% endfor %}</table></body></html>"
)
ROWS = (
    "SELECT p.name, p.job_title, s.state, s.from_on, k.activities > 0 AS took_part FROM enrolment e"
    " JOIN person p ON p.id = e.person"
    " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
    " LEFT JOIN member_month k ON k.cohort = e.cohort AND k.enrolment = e.id AND k.month = 6"
    " WHERE e.cohort = $1 ORDER BY lower(p.name), e.id"
)


def create() -> Litestar:
    cohort = UUID(os.environ[COHORT])
    held: dict[str, Any] = {}

    @asynccontextmanager
    async def pool_open(_app: Litestar) -> AsyncIterator[None]:
        async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=10) as pool:
            held.update(pool=pool, rows=[dict(row) for row in await pool.fetch(ROWS, cohort)])
            yield

    @get("/held")
    async def from_memory() -> Template:
        return Template(template_name="page.html", context={"rows": held["rows"]})

    @get("/asked")
    async def from_database() -> Template:
        return Template(template_name="page.html", context={"rows": await held["pool"].fetch(ROWS, cohort)})

    environment: Any = Environment(loader=DictLoader({"page.html": PAGE}), autoescape=True)
    return Litestar(
        [from_memory, from_database],
        lifespan=[pool_open],
        openapi_config=None,
        logging_config=None,
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
    )
