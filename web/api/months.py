"""The month strip of a cohort: every month, whether it counted, and why not."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from cohorts.cohorts.queries import cohort_page
from cohorts.months.told import MonthStrip, strip_told
from program.access_tokens.rules import Scope
from web.api.phases import INSIDERS
from web.visit import Visit, may_call


@get(
    "/programs/{program:str}/cohorts/{cohort:uuid}/months",
    opt=may_call(Scope.PROGRAM_READ, *INSIDERS),
    operation_id="getMonthStrip",
    tags=["Rollout"],
)
async def months(visit: NamedDependency[Visit], cohort: FromPath[UUID]) -> MonthStrip:
    """Every tracked month of a cohort, whether it counted, and why not; none before its tracking starts."""
    page = await cohort_page(cohort, seen_by=visit.reader, today=visit.today)
    return strip_told(
        page.months, cohort=cohort, started=page.tracking_start_on, today=visit.today, named=page.named
    )


HANDLERS = (months,)
