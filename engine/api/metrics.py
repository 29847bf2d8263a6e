"""The engine in numbers, for Prometheus."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from engine.bootstrap import Engine
from engine.domain.file import FileState
from engine.service.breaker import Circuit
from engine.service.context import Context
from engine.service.files import filed
from engine.store import files, requests

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Meter:
    """What is counted here, in a registry of its own: calls. What the engine counts is asked of it."""

    def __init__(self, engine: Engine) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(EngineCollector(engine))
        ProcessCollector(registry=self._registry)
        self._calls = Histogram(
            "headend_api_call_duration_seconds",
            "Calls of the Web API, and how long they took.",
            ("method", "path", "status"),
            buckets=BUCKETS_S,
            registry=self._registry,
        )

    def called(self, method: str, path: str, status: int, took_s: float) -> None:
        """Count a call."""
        self._calls.labels(method, path, str(status)).observe(took_s)

    def exposed(self) -> tuple[bytes, str]:
        """All of it as text, and the content type of that."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class EngineCollector(Collector):
    """Asks the engine when it is looked at, and not before."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe(self) -> list[Metric]:
        """Nothing, so that registering it asks nothing of the engine."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What was done, what is still to be done, and how the platforms are."""
        context = self._engine.context.still()
        actions, ended = context.tally.counts()
        done = CounterMetricFamily("headend_actions", "Actions, by how they went.", labels=("action", "outcome"))
        for labels, number in sorted(actions.items()):
            done.add_metric(labels, number)
        sent = CounterMetricFamily(
            "headend_provisioning_requests", "Requests that have ended.", labels=("provider", "type", "outcome")
        )
        for each, number in sorted(ended.items()):
            sent.add_metric(each, number)
        pending = GaugeMetricFamily(
            "headend_provisioning_requests_pending", "Requests that are still to be sent.", labels=("provider",)
        )
        circuits = GaugeMetricFamily(
            "headend_circuit", "The circuit's state: 1 for the one that it is in.", labels=("provider", "state")
        )
        with context.database.reading() as connection:
            waiting = requests.pending_by_provider(connection)
            counted = files.by_state(connection)
            overdue = {code: filed.count_overdue(context, connection, code) for code in taking_files(context)}
        now = context.clock.now()
        for code in context.providers:
            pending.add_metric((code,), waiting.get(code, 0))
            state = context.breakers.circuit(code, now)
            for one in Circuit:
                circuits.add_metric((code, one.value), one is state)
        wrong = CounterMetricFamily(
            "headend_archive_password_failures", "How often the archive password was said wrong."
        )
        wrong.add_metric((), context.tally.archive_password_failures)
        yield from (done, sent, pending, circuits, wrong, *of_files(counted, overdue))


def taking_files(context: Context) -> list[str]:
    """The providers whose platforms take files."""
    return [code for code, provider in context.providers.items() if context.adapter(provider).takes_files]


def of_files(counted: Mapping[tuple[str, FileState], int], overdue: Mapping[str, int]) -> Iterator[Metric]:
    """How many files there are, by provider and state, until their answers are removed; and how many are overdue."""
    there = GaugeMetricFamily(
        "headend_files", "Files that are under way, or whose answer is to be removed.", labels=("provider", "state")
    )
    late = GaugeMetricFamily(
        "headend_files_overdue", "Files that were sent longer ago than an answer may take.", labels=("provider",)
    )
    for code, number in overdue.items():
        late.add_metric((code,), number)
        for state in FileState:
            there.add_metric((code, state.value), counted.get((code, state), 0))
    yield from (there, late)
