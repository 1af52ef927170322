"""How this installation is doing, for Prometheus."""

import hmac
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from cohorts.activity_imports.queries import files_waiting
from program.database import DB
from program.installation.queries import Pulse, pulse
from program.settings import Settings
from web.visit import ANYONE, Visit, may

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_registry = CollectorRegistry()
ProcessCollector(registry=_registry)
_requests = Counter(
    "pilotage_http_requests", "Requests answered.", ("method", "route", "status"), registry=_registry
)
_request_seconds = Histogram(
    "pilotage_http_request_seconds",
    "How long requests took.",
    ("method", "route"),
    buckets=SECONDS,
    registry=_registry,
)
RUNNING = Gauge("pilotage_http_requests_running", "Requests being answered.", registry=_registry)
_connections = Gauge(
    "pilotage_database_connections", "Connections of this process’s pool.", ("state",), registry=_registry
)
_deliveries = Gauge("pilotage_deliveries", "Letters by where they stand.", ("state",), registry=_registry)
_oldest = Gauge(
    "pilotage_delivery_oldest_seconds",
    "How long the letter that is due longest has been due.",
    registry=_registry,
)
_files = Gauge(
    "pilotage_activity_imports_waiting", "Files of activities that wait for the worker.", registry=_registry
)
_swept = Gauge(
    "pilotage_last_sweep_timestamp_seconds",
    "When a worker last did what time brings about.",
    registry=_registry,
)
_events = Gauge("pilotage_events", "Events recorded, in all chains.", registry=_registry)


def request_ended(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request; `status` is 0 where the other side went away before it was answered."""
    method = method if method in METHODS else "other"
    _requests.labels(method, route, status).inc()
    _request_seconds.labels(method, route).observe(seconds)


@get("/metrics", opt=may(ANYONE))
async def metrics(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """This process’s requests, and what the database says of all. For whoever has the installation’s word for it;
    to others, and where no word was set, it is not there.
    """
    word = f"Bearer {settings.metrics_token}".encode()
    given = request.headers.get("authorization", "").encode()
    if not settings.metrics_token or not hmac.compare_digest(word, given):
        raise NotFoundException
    _note(await pulse(visit.now))
    _files.set(await files_waiting())
    return Response(generate_latest(_registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _note(felt: Pulse) -> None:
    pool = DB.pool
    if pool is not None:
        _connections.labels("open").set(pool.get_size())
        _connections.labels("idle").set(pool.get_idle_size())
    _deliveries.labels("waiting").set(felt.letters_waiting)
    _deliveries.labels("given_up").set(felt.letters_given_up)
    _oldest.set(felt.oldest_letter.total_seconds())
    _swept.set(felt.swept_at.timestamp() if felt.swept_at else 0)
    _events.set(felt.events)


HANDLERS = (metrics,)
