"""One exchange: match, effect and number under one lock.

Whatever order the callers come in, the memory they leave is the one that some order of them would leave, and the
journal is that order. The entry is written, decided, before the answer can leave.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast, get_args

from simulators.kit.act import Act, act
from simulators.kit.delivery import Delivery, LineFault
from simulators.kit.entry import Entry
from simulators.kit.faults import Fault
from simulators.kit.mask import Mask
from simulators.kit.plan import Armed
from simulators.kit.platform import Call, Deed, Reply, Request, S
from simulators.kit.workspace import Workspace

LINE_FAULTS = frozenset(get_args(LineFault))


def exchange(workspace: Workspace[S], request: Request, call: Call[S], started: float) -> Delivery:
    """Let the platform answer one call, as far as the faults allow; `started` is when it came, by its timer."""
    with workspace.lock:
        at = workspace.clock.now()
        armed = workspace.faults.draw(call.operation, call.subject, at.timestamp(), _hits(call))
        done = act(workspace.state, call, at, armed.fault if armed else None)
        reply = _reply(workspace, armed, done.deed)
        entry = _entry(workspace, request, call, done, reply, at=at)
        delivery = Delivery(reply) if armed is None else _spoilt(workspace, armed, entry, reply)
        entry.process_s = workspace.timer() - started
        workspace.journal.add(entry)
    return delivery


def _hits(call: Call[S]) -> Callable[[Fault], bool]:
    """Which faults can hit a call: what was never understood can't be refused in the platform's words."""
    return lambda fault: fault.kind != "outage" and (fault.kind != "refuse" or call.refuse is not None)


def _reply(workspace: Workspace[Any], armed: Armed | None, deed: Deed | None) -> Reply | None:
    """The answer as it is to leave, if one is."""
    if armed is not None and armed.fault.kind in {"busy", "http_status"}:
        return workspace.platform.status_reply(armed.fault.status or 503)
    if armed is not None and armed.fault.kind == "garbled" and deed:
        return Reply(deed.reply.status, armed.garble(deed.reply.body), deed.reply.content_type, deed.reply.headers)
    return deed.reply if deed else None


def _spoilt(workspace: Workspace[Any], armed: Armed, entry: Entry, reply: Reply | None) -> Delivery:
    """The delivery a fault asks for, noted in the entry."""
    fault, journal = armed.fault, workspace.journal
    delivery = Delivery(
        reply,
        line=cast("LineFault", fault.kind) if fault.kind in LINE_FAULTS else None,
        delay_s=armed.delay_s(),
        size_bytes=fault.size_bytes,
        hung_up=lambda: journal.amend(entry, "timed_out"),
        watch=workspace.watch,
        in_place=lambda: workspace.faults.holds(armed),
        passed=workspace.let_pass,
    )
    entry.fault, entry.outcome, entry.added_delay_s = fault.name, fault.row.outcome, delivery.total_delay_s
    return delivery


def _entry(
    workspace: Workspace[Any], request: Request, call: Call[Any], done: Act[Deed], reply: Reply | None, *, at: datetime
) -> Entry:
    mask = Mask(call.secrets, call.hide)
    sent, sent_base64 = mask.body(request.body, request.content_type)
    answered, answered_base64 = mask.body(reply.body, reply.content_type) if reply else ("", False)
    return Entry(
        seq=workspace.journal.next_seq,
        workspace=workspace.name,
        at=at,
        platform=workspace.platform.name,
        channel="http",
        operation=call.operation,
        subject=mask.text(done.subject),
        parameters=mask.parameters(call.parameters),
        reference=mask.text(call.reference),
        method=request.method,
        path=mask.text(request.path),
        content_type=mask.text(request.content_type),
        request=sent,
        status=reply.status if reply else None,
        response_type=mask.text(reply.content_type) if reply else "",
        response=answered,
        outcome="answered",
        effect=done.effect,
        request_base64=sent_base64,
        response_base64=answered_base64,
        difference=[mask.text(line) for line in done.difference],
        code=done.deed.code if done.deed else None,
        violations=mask.violations(call.violations),
    )
