"""The control port's table: one row a call. Served, documented and published from these same rows."""

from collections.abc import Callable
from typing import Any

import msgspec

from simulators.kit.control import about, journal, memory
from simulators.kit.control.models import (
    ClockBody,
    ClockReply,
    Count,
    Document,
    Faults,
    Forget,
    Forgotten,
    PlatformQuery,
    Processed,
    Requests,
    RequestsQuery,
    Snapshots,
    Status,
    Verify,
    VerifyReply,
)
from simulators.kit.entry import Criteria
from simulators.kit.faults import Fault
from simulators.kit.plan import ListedFault


class Route(msgspec.Struct, frozen=True):
    """A call: `do` gets the scene, then the query or the body if it takes one, then what the path names."""

    method: str
    path: str
    do: Callable[..., Any]
    body: type | None = None
    query: type | None = None
    reply: type | str | None = None  # a model, a content type, or nothing at all
    status: int = 200

    @property
    def summary(self) -> str:
        """What it does, in the words of the function that does it."""
        return (self.do.__doc__ or "").partition("\n")[0]


SSE = "text/event-stream"
METRICS = "text/plain"

# fmt: off
ROUTES = (
    Route("GET",    "/health",                     about.health,            reply=Status),
    Route("GET",    "/ready",                      about.ready,             reply=Status),
    Route("GET",    "/metrics",                    about.metrics,           reply=METRICS),
    Route("POST",   "/reset",                      memory.reset,            status=204),
    Route("GET",    "/requests",                   journal.listed,          query=RequestsQuery, reply=Requests),
    Route("POST",   "/requests/find",              journal.find,            body=Criteria,       reply=Requests),
    Route("POST",   "/requests/count",             journal.count,           body=Criteria,       reply=Count),
    Route("POST",   "/requests/verify",            journal.verify,          body=Verify,         reply=VerifyReply),
    Route("GET",    "/platforms/{platform}/state", memory.state,            reply=Document),
    Route("PUT",    "/platforms/{platform}/state", memory.replace_state,    body=Document,       reply=Document),
    Route("PATCH",  "/platforms/{platform}/state", memory.patch_state,      body=Document,       reply=Document),
    Route("POST",   "/platforms/{platform}/seed",  memory.seed,             body=Document,       reply=Document),
    Route("POST",   "/platforms/{platform}/process", memory.process,        reply=Processed),
    Route("POST",   "/platforms/{platform}/forget", memory.forget,          body=Forget,         reply=Forgotten),
    Route("GET",    "/faults",                     memory.faults,           reply=Faults),
    Route("DELETE", "/faults",                     memory.clear_faults,     status=204),
    Route("GET",    "/faults/{name}",              memory.fault,            reply=ListedFault),
    Route("PUT",    "/faults/{name}",              memory.put_fault,        body=Fault,          reply=ListedFault),
    Route("DELETE", "/faults/{name}",              memory.remove_fault,     status=204),
    Route("GET",    "/snapshots",                  memory.snapshots,        reply=Snapshots),
    Route("POST",   "/snapshots/{name}",           memory.keep,       query=PlatformQuery, reply=Snapshots, status=201),
    Route("POST",   "/snapshots/{name}/restore",   memory.restore,    query=PlatformQuery, status=204),
    Route("GET",    "/clock",                      memory.clock,            reply=ClockReply),
    Route("PUT",    "/clock",                      memory.move_clock,       body=ClockBody,      reply=ClockReply),
    Route("GET",    "/events",                     journal.events,          query=PlatformQuery, reply=SSE),
)
# fmt: on
