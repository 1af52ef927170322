"""When something will probably be met, in words."""

from datetime import date
from functools import singledispatch

from cohorts.criteria.words import topic_text
from cohorts.forecasts.rules import (
    AlreadyMet,
    Basis,
    Expected,
    Forecast,
    NotAtThisPace,
    Overdue,
    Sureness,
    TooFewReadings,
    Trend,
    WhenClosed,
    WhenDone,
    WhenItRuns,
    WhenWritten,
)
from program.words import day_text, either_text, list_text
from program.words import gettext as _


def sureness_text(sureness: Sureness) -> str:
    """How sure a date is that a line tells."""
    return {
        Sureness.SURE: _("quite sure"),
        Sureness.LIKELY: _("likely"),
        Sureness.UNSURE: _("a rough guess"),
    }[sureness]


def trend_text(trend: Trend) -> str:
    return {Trend.RISING: _("rising"), Trend.STEADY: _("steady"), Trend.FALLING: _("falling")}[trend]


def months_sentence(forecast: Forecast, today: date) -> str:
    """What the forecast of the tracked months adds to the sentence that a gate's page begins with."""
    if isinstance(forecast, Expected):
        return _("At this pace the months are complete on %(day)s.") % {"day": day_text(forecast.on, today)}
    return ""


@singledispatch
def forecast_text(forecast: Forecast, today: date) -> str:
    """When, in a few words, as a cell of a table says it."""
    raise TypeError(forecast, today)


@forecast_text.register
def _expected(forecast: Expected, today: date) -> str:
    day = day_text(forecast.on, today)
    if forecast.basis is Basis.DAY_SET:
        return _("due on %(day)s") % {"day": day}
    if forecast.sureness is None:
        return day
    return _("%(day)s, %(sureness)s") % {"day": day, "sureness": sureness_text(forecast.sureness)}


@forecast_text.register
def _met(_forecast: AlreadyMet, _today: date) -> str:
    return _("met")


@forecast_text.register
def _never(_forecast: NotAtThisPace, _today: date) -> str:
    return _("not at this pace")


@forecast_text.register
def _unknown(_forecast: TooFewReadings, _today: date) -> str:
    return _("too little is known yet")


@forecast_text.register
def _not_begun(forecast: WhenItRuns, _today: date) -> str:
    if not forecast.cohorts:
        return _("when a cohort runs")
    return _("when %(cohorts)s runs") % {"cohorts": list_text([f"“{name}”" for name in forecast.cohorts])}


@forecast_text.register
def _to_write(forecast: WhenWritten, _today: date) -> str:
    if not forecast.topics:
        return _("when someone writes it")
    topics = either_text([topic_text(topic) for topic in forecast.topics])
    return _("when an entry about %(topics)s is written") % {"topics": topics}


@forecast_text.register
def _to_close(_forecast: WhenClosed, _today: date) -> str:
    return _("when the incident is closed")


@forecast_text.register
def _to_do(_forecast: WhenDone, _today: date) -> str:
    return _("no day set")


@forecast_text.register
def _overdue(forecast: Overdue, today: date) -> str:
    return _("was due on %(day)s") % {"day": day_text(forecast.due_on, today)}
