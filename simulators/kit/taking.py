"""A file is taken: match, effect, number and answer under one lock, as with a call.

The platform's answer is a value, which is handed over then.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulators.kit.act import Act, act
from simulators.kit.entry import Entry
from simulators.kit.faults import Fault
from simulators.kit.handover import HANDED_OVER, Handover
from simulators.kit.mask import Mask
from simulators.kit.plan import Armed
from simulators.kit.platform import Answer, FileCall, FileDeed
from simulators.kit.tree import Tree
from simulators.kit.workspace import Workspace

TEXT = "text/plain; charset=utf-8"


def take(workspace: Workspace[Any], tree: Tree, path: str) -> None:
    """Have the platform take one file, as far as the faults allow; called under the workspace's lock."""
    drop = workspace.platform.drop
    if drop is None:
        raise ValueError(f"{workspace.platform.name} takes no files")
    started, at, content = workspace.timer(), workspace.clock.now(), tree.read(path)
    call = drop.read(path, content)
    armed = _drawn(
        workspace, call, at, lambda fault: fault.acts_before and (fault.kind != "refuse" or bool(call.refuse))
    )
    done = act(workspace.state, call, at, armed.fault if armed else None)
    answer = done.deed.answer if done.deed else None
    if armed is None and answer is not None:
        armed = _drawn(workspace, call, at, lambda fault: _spoils(fault, answer))
    tree.remove(path)
    handover = Handover(tree, drop, armed, at)
    if answer is not None:
        HANDED_OVER[handover.fault.kind if handover.fault else None](handover, answer)
    entry = _entry(workspace, path, content, call, done, at=at)
    if handover.fault is not None:
        fault = handover.fault
        entry.fault, entry.outcome, entry.added_delay_s = fault.name, fault.row.outcome, handover.delay_s
    entry.process_s = workspace.timer() - started
    workspace.journal.add(entry)


def _drawn(workspace: Workspace[Any], call: FileCall[Any], at: datetime, hits: Callable[[Fault], bool]) -> Armed | None:
    return workspace.faults.draw(
        call.operation, call.subject, at.timestamp(), lambda fault: fault.kind in HANDED_OVER and hits(fault)
    )


def _spoils(fault: Fault, answer: Answer) -> bool:
    """Whether a fault can hit an answer: an entry that nobody writes can't be halved."""
    return not fault.acts_before and (fault.kind != "half_entry" or bool(answer.entry))


def _entry(
    workspace: Workspace[Any], path: str, content: bytes, call: FileCall[Any], done: Act[FileDeed], *, at: datetime
) -> Entry:
    mask = Mask(call.secrets, call.hide)
    sent, sent_base64 = mask.body(content, TEXT)
    answered, answered_base64 = mask.body(_told(done.deed.answer, content) if done.deed else b"", TEXT)
    return Entry(
        seq=workspace.journal.next_seq,
        workspace=workspace.name,
        at=at,
        platform=workspace.platform.name,
        channel="ftp",
        operation=call.operation,
        subject=mask.text(done.subject),
        parameters=mask.parameters(call.parameters),
        reference=mask.text(call.reference),
        method="",
        path=mask.text(path),
        content_type=TEXT,
        request=sent,
        status=None,
        response_type=TEXT if done.deed else "",
        response=answered,
        outcome="answered",
        effect=done.effect,
        request_base64=sent_base64,
        response_base64=answered_base64,
        difference=[mask.text(line) for line in done.difference],
        code=done.deed.code if done.deed else None,
        violations=mask.violations(call.violations),
    )


def _told(answer: Answer, content: bytes) -> bytes:
    """An answer as the journal tells of it: where the file went, then its entry in the log, or what is new in it."""
    return answer.path.encode() + b"\n" + (answer.entry or (b"" if answer.content == content else answer.content))
