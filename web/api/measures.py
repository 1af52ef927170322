"""Measures, each defined once, and the readings that were taken of them."""

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from cohorts.measures.rules import (
    MEASURES,
    Direction,
    Figure,
    Over,
    Unit,
    measure_named,
    value_of,
)
from cohorts.measures.rules import Measure as DefinedMeasure
from cohorts.measures.words import measure_formula, measure_name
from cohorts.readings.queries import ReadingLine, readings_seen
from program.access_tokens.rules import Scope
from program.told import moment_of, number_of
from web.api.paging import Page, Paging
from web.api.phases import INSIDERS
from web.visit import SIGNED_IN, Visit, may_call


class Measure(Struct, frozen=True, kw_only=True):
    """What is measured: what it is called, how it is worked out, and which way is better.

    `over` is the stretch of time that a reading tells of; `figure` says how its value comes out of its numerator and
    denominator. Figures of a measure `of_people` are withheld where they stand on few.
    """

    name: str
    title: str
    formula: str
    unit: Unit
    direction: Direction
    over: Over
    figure: Figure
    of_people: bool


class Reading(Struct, frozen=True, kw_only=True):
    """What a measure came to over the days from `from_on` up to, not including, `until_on`; without a cohort, in the
    whole program. Where `withheld`, too few people stand behind it for the reader, and its figures are null.
    """

    id: UUID
    measure: str
    cohort_id: UUID | None
    from_on: date
    until_on: date
    value: float | None
    numerator: float | None
    denominator: float | None
    people: int | None
    withheld: bool
    lacking: list[str]
    taken_at: datetime


@get("/measures", opt=may_call(Scope.PROGRAM_READ, SIGNED_IN), operation_id="listMeasures", tags=["Measures"])
async def measures(paging: NamedDependency[Paging]) -> Response[Page[Measure]]:
    """All that is measured, as it is defined."""
    return paging.page_of_all(list(MEASURES.values()), key=lambda each: each.name, told=_measure)


@get(
    "/programs/{program:str}/readings",
    opt=may_call(Scope.PROGRAM_READ, *INSIDERS),
    operation_id="listReadings",
    tags=["Measures"],
)
async def readings(
    visit: NamedDependency[Visit],
    paging: NamedDependency[Paging],
    measure: Annotated[
        str,
        QueryParameter(
            min_length=1,
            max_length=80,
            description="The name of the measure.",
            schema_extra={"examples": ["took_part_share"]},
        ),
    ],
    cohort: Annotated[UUID | None, QueryParameter(description="Only those of this cohort.")] = None,
    since: Annotated[
        date | None, QueryParameter(description="Only those of stretches that begin on this day or later.")
    ] = None,
) -> Response[Page[Reading]]:
    """The readings of a measure, the newest first: of the cohorts whose figures one may see, and of the program."""
    found = await readings_seen(
        measure,
        seen_by=visit.reader,
        cohort=cohort,
        since=since,
        after=(date.fromisoformat(paging.after[0]), UUID(paging.after[1])) if paging.after else None,
        most=paging.most,
    )
    return paging.page(found, key=lambda each: [each.from_on.isoformat(), str(each.id)], told=_reading)


def _measure(measure: DefinedMeasure) -> Measure:
    return Measure(
        name=measure.name,
        title=measure_name(measure.name),
        formula=measure_formula(measure.name),
        unit=measure.unit,
        direction=measure.direction,
        over=measure.over,
        figure=measure.figure,
        of_people=measure.of_people,
    )


def _reading(line: ReadingLine) -> Reading:
    kept = line.reading
    return Reading(
        id=line.id,
        measure=line.measure,
        cohort_id=line.cohort,
        from_on=line.from_on,
        until_on=line.until_on,
        value=number_of(value_of(measure_named(line.measure), [kept])) if kept else None,
        numerator=number_of(Fraction(kept.numerator)) if kept else None,
        denominator=number_of(Fraction(kept.denominator)) if kept else None,
        people=line.people,
        withheld=kept is None,
        lacking=list(line.lacking),
        taken_at=moment_of(line.taken_at),
    )


HANDLERS = (measures, readings)
