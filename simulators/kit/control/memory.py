"""The memory's part of the control port: state, catalogue, snapshots, clock, faults."""

from typing import Any

import msgspec

from simulators.kit.clock import Clock
from simulators.kit.control.models import (
    ClockBody,
    ClockReply,
    Faults,
    Forget,
    Forgotten,
    Memory,
    PlatformQuery,
    Processed,
    Snapshots,
)
from simulators.kit.control.scene import ControlError, Scene
from simulators.kit.faults import Fault
from simulators.kit.plan import ListedFault
from simulators.kit.workspace import Workspace


def reset(scene: Scene) -> None:
    """Empty the workspace, but for its catalogue."""
    for workspace in scene.each():
        workspace.reset()


def state(scene: Scene, platform: str) -> Memory:
    """The whole memory, and what every subject holds now."""
    return _memory(scene.one(platform))


def replace_state(scene: Scene, document: Memory, platform: str) -> Memory:
    """Replace the memory."""
    workspace = scene.one(platform)
    workspace.remember(_told(document))
    return _memory(workspace)


def patch_state(scene: Scene, document: Memory, platform: str) -> Memory:
    """Merge into the memory; null forgets."""
    workspace = scene.one(platform)
    workspace.amend_memory(_told(document))
    return _memory(workspace)


def seed(scene: Scene, document: Memory, platform: str) -> Memory:
    """Replace parts of the catalogue."""
    workspace = scene.one(platform)
    workspace.seed(document)
    catalogue: Memory = msgspec.to_builtins(workspace.state.catalogue, order="deterministic")
    return catalogue


def process(scene: Scene, platform: str) -> Processed:
    """Have the platform take all files that wait."""
    return Processed(scene.one(platform).process())


def forget(scene: Scene, body: Forget, platform: str) -> Forgotten:
    """Lose an account, a device or a card, or some of its things, behind the caller's back."""
    gone = scene.one(platform).forget(body.subject, *body.things)
    if not gone:
        named = f"{', '.join(body.things)} of " if body.things else ""
        raise ControlError(404, "unknown_subject", f"{platform} holds nothing of {named}{body.subject}")
    return Forgotten(gone)


def faults(scene: Scene) -> Faults:
    """All faults."""
    return Faults([listed for workspace in scene.each() for listed in workspace.faults.listed()])


def fault(scene: Scene, name: str) -> ListedFault:
    """One fault."""
    found = [listed for listed in faults(scene).faults if listed.fault.name == name]
    if not found:
        raise _unknown_fault(scene, name)
    return found[0]


def put_fault(scene: Scene, body: Fault, name: str) -> ListedFault:
    """Put a fault in place, wherever it can be if no platform is named."""
    named = scene.each(body.platform)
    for workspace in [each for each in named if each.platform.channel in body.row.channels] or named:
        workspace.faults.put(body)
    return fault(scene, name)


def remove_fault(scene: Scene, name: str) -> None:
    """Take a fault away."""
    holders = [workspace for workspace in scene.each() if name in workspace.faults.names()]
    if not holders:
        raise _unknown_fault(scene, name)
    for workspace in holders:
        workspace.faults.remove(name)


def clear_faults(scene: Scene) -> None:
    """Take all faults away."""
    for workspace in scene.each():
        workspace.faults.clear()


def snapshots(scene: Scene) -> Snapshots:
    """The snapshots' names."""
    return Snapshots(list(dict.fromkeys(name for workspace in scene.each() for name in workspace.snapshots)))


def keep(scene: Scene, query: PlatformQuery, name: str) -> Snapshots:
    """Keep the memory under a name: that of the platform named, or of all."""
    for workspace in scene.each(query.platform):
        workspace.snapshot(name)
    return snapshots(scene)


def restore(scene: Scene, query: PlatformQuery, name: str) -> None:
    """Go back to a memory kept, at the platform named or at all."""
    for workspace in scene.each(query.platform):
        workspace.restore(name)


def clock(scene: Scene) -> ClockReply:
    """The virtual time."""
    first = scene.each()[0].clock
    return ClockReply(first.now(), first.frozen)


def move_clock(scene: Scene, body: ClockBody) -> ClockReply:
    """Set, freeze, let run, advance."""
    if body == ClockBody():
        raise ControlError(400, "invalid", f"say what to do: {', '.join(ClockBody.__struct_fields__)}")
    for workspace in scene.each():
        _move(workspace.clock, body)
    return clock(scene)


def _move(moved: Clock, body: ClockBody) -> None:
    if body.set is not None:
        moved.set(body.set)
    if body.freeze:
        moved.freeze(body.set)  # at what it was set to, not at the moment after
    elif body.freeze is not None:
        moved.unfreeze()
    if body.advance_s is not None:
        moved.advance(body.advance_s)


def _memory(workspace: Workspace[Any]) -> Memory:
    return {**workspace.memory(), "holdings": workspace.holdings()}


def _told(document: Memory) -> Memory:
    """What is told of a memory besides what it is can be sent back with it, and says nothing."""
    return {name: value for name, value in document.items() if name != "holdings"}


def _unknown_fault(scene: Scene, name: str) -> ControlError:
    names = ", ".join(listed.fault.name for listed in faults(scene).faults) or "none"
    return ControlError(404, "unknown_fault", f"there is no fault {name!r}; there are {names}")
