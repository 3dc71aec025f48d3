"""Counts for the operator, as Prometheus text. Every label has few values; none is a person, a session or an address.

Each worker answers for itself and says which it is in the label `worker`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.hub.hub import Stats
from server.web.garbage import Garbage

Labelled = Mapping[tuple[str, ...], float]
"""Values by those of their labels, without the worker."""


class Metrics(Collector):
    """What the web layer counts itself, beside what the hub says of itself at each scrape."""

    def __init__(self, worker: str, stats: Callable[[], Stats], garbage: Garbage) -> None:
        self._worker = worker
        self._stats = stats
        self._garbage = garbage
        self._answers: Counter[tuple[str, ...]] = Counter()
        self._codes: Counter[tuple[str, ...]] = Counter({("wrong",): 0, ("blocked",): 0})
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def answered(self, route: str, status: int) -> None:
        """Count an answer."""
        self._answers[route, str(status)] += 1

    def code_wrong(self) -> None:
        """Count a join code that opened nothing."""
        self._codes["wrong",] += 1

    def code_blocked(self) -> None:
        """Count a join code that was not looked up, because too many were wrong."""
        self._codes["blocked",] += 1

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked at registration, when the hub may not have started."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Return everything under its name."""
        stats = self._stats()
        yield self._count("baraza_http_answers", "Answers by route and status", ("route", "status"), self._answers)
        yield self._count("baraza_join_codes", "Join codes that opened nothing", ("outcome",), self._codes)
        yield self._count("baraza_entries", "Entries folded", (), {(): stats.entries})
        yield self._count("baraza_flushes", "Times that documents went out", (), {(): stats.flushes})
        yield self._count("baraza_flush_seconds", "CPU seconds that this took, all together", (), {(): stats.flushing})
        yield self._count("baraza_cut", "Connections closed for what they sent", (), {(): stats.closed})
        refused: Labelled = {(code,): count for code, count in stats.refused.items()}
        yield self._count("baraza_refused", "Commands refused, by code", ("code",), refused)
        plans: Labelled = {(outcome,): count for outcome, count in stats.plans.items()}
        yield self._count("baraza_plans", "Plans of breakout rooms computed", ("outcome",), plans)
        garbage = self._garbage
        collections: Labelled = {("new",): garbage.collections, ("all",): garbage.full}
        longest: Labelled = {("new",): garbage.longest, ("all",): garbage.longest_full}
        yield self._count("baraza_collections", "Collections of garbage", ("of",), collections)
        yield self._gauge("baraza_longest_collection_seconds", "The longest of them", ("of",), longest)
        connections: Labelled = {(role,): count for role, count in stats.connections.items()}
        yield self._gauge("baraza_connections", "Open sockets and event streams", ("role",), connections)
        yield self._gauge("baraza_sessions", "Sessions loaded in this worker", (), {(): stats.sessions})
        yield self._gauge("baraza_loop_lag_seconds", "How late the event loop ran last", (), {(): stats.lag})
        yield self._gauge(
            "baraza_patch_interval_seconds", "Longest pause between two patches now", (), {(): stats.longest_interval}
        )

    def _count(self, name: str, meaning: str, labels: tuple[str, ...], values: Labelled) -> Metric:
        family = CounterMetricFamily(name, meaning, labels=("worker", *labels))
        for given, value in values.items():
            family.add_metric((self._worker, *given), value)
        return family

    def _gauge(self, name: str, meaning: str, labels: tuple[str, ...], values: Labelled) -> Metric:
        family = GaugeMetricFamily(name, meaning, labels=("worker", *labels))
        for given, value in values.items():
            family.add_metric((self._worker, *given), value)
        return family
