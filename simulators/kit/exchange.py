"""One exchange: match, effect and number under one lock.

Whatever order the callers come in, the memory they leave is the one that some order of them would leave, and the
journal is that order. The entry is written, decided, before the answer can leave.
"""

from datetime import datetime
from typing import Any, NamedTuple, cast, get_args

from simulators.kit.delivery import Delivery, LineFault
from simulators.kit.entry import Effect, Entry
from simulators.kit.faults import Fault
from simulators.kit.mask import Mask
from simulators.kit.plan import Armed
from simulators.kit.platform import Call, Deed, Reply, Request, S
from simulators.kit.workspace import Workspace

LINE_FAULTS = frozenset(get_args(LineFault))


class _Act(NamedTuple):
    """What the platform did about a call; without a deed, it never got to it."""

    deed: Deed | None
    effect: Effect
    subject: str
    difference: list[str]


def exchange(workspace: Workspace[S], request: Request, call: Call[S], started: float) -> Delivery:
    """Let the platform answer one call, as far as the faults allow; `started` is when it came, by its timer."""
    with workspace.lock:
        at = workspace.clock.now()
        refusable = call.refuse is not None
        armed = workspace.faults.draw(call.operation, call.subject, at.timestamp(), refusable=refusable)
        act = _act(workspace.state, call, at, armed.fault if armed else None)
        reply = _reply(workspace, armed, act.deed)
        entry = _entry(workspace, request, call, act, reply, at=at)
        delivery = Delivery(reply) if armed is None else _spoilt(workspace, armed, entry, reply)
        entry.process_s = workspace.timer() - started
        workspace.journal.add(entry)
    return delivery


def _act(state: S, call: Call[S], at: datetime, fault: Fault | None) -> _Act:
    if fault and fault.kind == "refuse" and call.refuse:
        deed = call.refuse(state, fault.code or "", call.subject if fault.detail is None else fault.detail)
        return _Act(deed, "rejected", call.subject, [])
    if fault and fault.acts_before:
        return _Act(None, "none", call.subject, [])
    before = _held(state, call, call.subject, at)
    deed = call.perform(state, at)
    subject = deed.subject or call.subject
    if deed.code is not None:
        return _Act(deed, "rejected", subject, [])
    after = _held(state, call, subject, at)
    gone, come = sorted(before - after), sorted(after - before)
    difference = [*(f"-{line}" for line in gone), *(f"+{line}" for line in come)]
    return _Act(deed, "applied" if difference else "unchanged", subject, difference)


def _held(state: S, call: Call[S], subject: str, at: datetime) -> frozenset[str]:
    """What the subject holds; of a call about many, what each of them does, with their name before it."""
    if call.about is None:
        return state.holdings(subject, at)
    return frozenset(f"{each}: {line}" for each in call.about(state) for line in state.holdings(each, at))


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
    workspace: Workspace[Any], request: Request, call: Call[Any], act: _Act, reply: Reply | None, *, at: datetime
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
        subject=mask.text(act.subject),
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
        effect=act.effect,
        request_base64=sent_base64,
        response_base64=answered_base64,
        difference=[mask.text(line) for line in act.difference],
        code=act.deed.code if act.deed else None,
        violations=mask.violations(call.violations),
    )
