"""Figures about the server itself, for Prometheus: never about what anybody asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from homeroom.web.confidential import from_here
from homeroom.web.threads import LONG, SHORT

if TYPE_CHECKING:
    from starlette.datastructures import State

PATH = "/metrics"
_MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)


class Metrics:
    """What one application counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._took = Histogram(
            "homeroom_request_seconds", "Time to answer, by route and status.",
            ("route", "status"), buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        ProcessCollector(registry=self.registry)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Note an answer, under the pattern of its address."""
        self._took.labels(route, f"{status // 100}xx").observe(seconds)


class Now:
    """What an application holds at the moment it is asked: queues, workers, caches, threads."""

    def __init__(self, state: State) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        state = self._state
        inside = GaugeMetricFamily(
            "homeroom_inside", "Answers being made or waiting.", labels=["where"]
        )
        refused = CounterMetricFamily(
            "homeroom_refused", "Answers refused since too many waited.", labels=["where"]
        )
        queues = {SHORT.name: SHORT, LONG.name: LONG, "workers": state.workers}
        for name, queue in queues.items():
            inside.add_metric([name], queue.inside)
            refused.add_metric([name], queue.refused)
        yield inside
        yield refused
        yield CounterMetricFamily(
            "homeroom_drawn", "Pictures and pages asked of the workers.", value=state.workers.asked
        )
        yield CounterMetricFamily(
            "homeroom_workers_died", "Workers that died or took too long.",
            value=state.workers.died,
        )  # fmt: skip
        yield GaugeMetricFamily("homeroom_cache_bytes", "Answers kept.", value=state.cache.size)
        yield GaugeMetricFamily(
            "homeroom_cache_answers", "How many answers are kept.", value=len(state.cache)
        )
        yield GaugeMetricFamily(
            "homeroom_threads", "Threads of Python.", value=threading.active_count()
        )


async def metrics(request: Request) -> Response:
    """Return the figures, to this machine alone."""
    if not from_here(request.scope):
        raise HTTPException(404)
    made = generate_latest(request.app.state.metrics.registry)
    return Response(made, headers={"Content-Type": _MEDIA, "Cache-Control": "no-store"})
