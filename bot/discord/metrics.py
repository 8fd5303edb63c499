"""The bot's Prometheus metrics; they hold no words of users or documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ANSWER_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counters, histograms and gauges in their own registry; loads prometheus-client only when made."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

        self.registry = kept = CollectorRegistry()
        ProcessCollector(registry=kept)
        self.questions = Counter(
            "digestbot_questions", "Questions by what became of them", ["outcome"], registry=kept
        )
        self.seconds = Histogram(
            "digestbot_answer_seconds", "From a question to its reply", buckets=ANSWER_SECONDS, registry=kept
        )
        self.pages = Counter("digestbot_pages", "Pages added in Discord by outcome", ["outcome"], registry=kept)
        self.news = Counter("digestbot_news", "Messages to subscriptions by outcome", ["outcome"], registry=kept)
        self.writes = Gauge(
            "digestbot_corpus_writes", "Documents written and removed, by any process", registry=kept
        )
        self.queue = Gauge("digestbot_queue_length", "Questions that are answered or wait for it", registry=kept)
        self.lag = Histogram(
            "digestbot_loop_lag_seconds", "How late the loop is", buckets=LAG_SECONDS, registry=kept
        )
        self.connected = Gauge(
            "digestbot_gateway_connected", "1 where the gateway's connection stands", ["shard"], registry=kept
        )
        self.latency = Gauge(
            "digestbot_gateway_latency_seconds",
            "From a heartbeat to its acknowledgement",
            ["shard"],
            registry=kept,
        )

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry)

    def read(self, outcomes: Iterable[str]) -> None:
        """Count added pages by outcome."""
        for outcome in outcomes:
            self.pages.labels(outcome).inc()
