"""The calls about the process itself."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from engine.api.envelope import Text
from engine.api.site import Site


@dataclass(frozen=True)
class Healthy:
    """That the process lives."""

    healthy: bool = True


@dataclass(frozen=True)
class Ready:
    """That calls are taken; the codes of the providers."""

    ready: bool
    providers: list[str]


class NotReadyError(Exception):
    """Something is missing, so that calls can't be answered."""

    def __init__(self, missing: str, message: str) -> None:
        super().__init__(message)
        self.missing = missing
        self.message = message


def health(_site: Site) -> Healthy:
    """Say that the process lives."""
    return Healthy()


def ready(site: Site) -> Ready:
    """Say whether calls are taken: the database answers, there are providers, and the engine is not stopping."""
    if site.gate.is_closed:
        raise NotReadyError("stopping", "The engine is stopping; it takes no more calls.")
    context = site.engine.context
    try:
        with context.database.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
    except DBAPIError as error:
        raise NotReadyError("database", "The database does not answer.") from error
    if not context.providers:
        raise NotReadyError("configuration", "No provider is configured; nothing could be provisioned.")
    return Ready(ready=True, providers=list(context.providers))


def metrics(site: Site) -> Text:
    """Give counters and gauges in Prometheus' text format."""
    return Text(*site.meter.exposed())
