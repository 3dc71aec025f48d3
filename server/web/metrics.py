"""Counters for the operator, as Prometheus text. Every label has few values; none is a person, a session or an address.

Each worker has a registry of its own and says which it is in the label `worker`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.hub.hub import Stats


class Metrics:
    """What the web layer counts itself, beside what the hub says of itself at each scrape."""

    def __init__(self, worker: str, stats: Callable[[], Stats]) -> None:
        self.registry = CollectorRegistry()
        self._worker = worker
        self._requests = Counter(
            "baraza_http_requests", "Answers by route and status", ("worker", "route", "status"), registry=self.registry
        )
        self._codes = Counter(
            "baraza_join_codes", "Join codes that were wrong, or not looked up for a guesser", ("worker", "outcome"),
            registry=self.registry,
        )
        self.registry.register(_HubCollector(worker, stats))

    def answered(self, route: str, status: int) -> None:
        """Count an answer."""
        self._requests.labels(self._worker, route, str(status)).inc()

    def code_wrong(self) -> None:
        """Count a join code that opened nothing."""
        self._codes.labels(self._worker, "wrong").inc()

    def codes_blocked(self) -> None:
        """Count a join code that was not looked up."""
        self._codes.labels(self._worker, "blocked").inc()


class _HubCollector(Collector):
    """Asks the hub at each scrape."""

    def __init__(self, worker: str, stats: Callable[[], Stats]) -> None:
        self._worker = worker
        self._stats = stats

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked at registration, when the hub may not have started."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Return the hub's figures under their names."""
        stats = self._stats()
        yield self._gauge("baraza_sessions", "Sessions loaded in this worker", stats.sessions)
        yield self._gauge("baraza_loop_lag_seconds", "How late the event loop ran last", stats.lag)
        yield self._gauge(
            "baraza_patch_interval_seconds", "The longest interval between two patches now", stats.longest_interval
        )
        yield self._by_label(
            GaugeMetricFamily("baraza_connections", "Open sockets and event streams", labels=("worker", "role")),
            stats.connections,
        )
        yield self._counter("baraza_entries", "Entries folded", stats.entries)
        yield self._counter("baraza_flushes", "Times that documents went out", stats.flushes)
        yield self._counter("baraza_closed_abusive", "Connections closed for malformed or too many frames", stats.closed)
        yield self._by_label(
            CounterMetricFamily("baraza_refused", "Commands refused, by code", labels=("worker", "code")), stats.refused
        )

    def _gauge(self, name: str, meaning: str, value: float) -> Metric:
        family = GaugeMetricFamily(name, meaning, labels=("worker",))
        family.add_metric((self._worker,), value)
        return family

    def _counter(self, name: str, meaning: str, value: float) -> Metric:
        family = CounterMetricFamily(name, meaning, labels=("worker",))
        family.add_metric((self._worker,), value)
        return family

    def _by_label(self, family: GaugeMetricFamily | CounterMetricFamily, values: dict[str, int]) -> Metric:
        for label, value in values.items():
            family.add_metric((self._worker, label), value)
        return family
