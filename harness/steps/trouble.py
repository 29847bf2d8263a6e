"""Given: what goes wrong before a platform, or behind the engine's back; and clocks that do not agree."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from pytest_bdd import given, parsers

from harness.steps.actions import at
from harness.steps.story import Story, listed, sent
from harness.steps.tenses import told
from simulators.kit.faults import Fault
from simulators.kit.workspace import Workspace

FAULTS: dict[str, dict[str, Any]] = {
    "is down": {"kind": "outage"},
    "loses the request": {"kind": "lost_request"},
    "loses the reply": {"kind": "lost_reply"},
    "never answers": {"kind": "hang", "when": "after_effect"},
    "is busy": {"kind": "busy"},
    "breaks the answer off": {"kind": "truncated"},
    "garbles the answer": {"kind": "garbled"},
    "resets the connection": {"kind": "reset", "when": "after_effect"},
    "refuses the login": {"kind": "login_refused"},
    "is full": {"kind": "disk_full"},
    "breaks the upload off": {"kind": "upload_dropped"},
    "keeps half a file": {"kind": "half_a_file"},
    "refuses the rename": {"kind": "rename_refused"},
    "loses the reply to the rename": {"kind": "rename_lost"},
    "answers an hour late": {"kind": "late_answer", "delay_s": 3600},
    "gives no answer": {"kind": "no_answer"},
    "answers twice": {"kind": "answer_twice"},
    "has foreign entries among its errors": {"kind": "foreign_entry"},
    "writes half an entry": {"kind": "half_entry"},
}
LIMITS = r"( (?P<times>\d+) times?)?( from (?P<start>\S+) to (?P<end>\S+)(?P<daily> every day)?)?"
REFUSES = r'refuses a file( of (?P<operation>\w+))?( for "(?P<refused>[^"]+)")? with (?P<code>\w+)'
FORGOTTEN = '(the account|"(?P<lost>[^"]+)")( of "(?P<whose>[^"]+)")?'
MEMORY: dict[str, Callable[[Workspace[Any], str], None]] = {
    "has kept its memory": Workspace.snapshot,
    "is back at the memory that it kept": Workspace.restore,
}
KINDS, MEMORIES = "|".join(FAULTS), "|".join(MEMORY)
A_DAY = timedelta(days=1)


@given(
    parsers.re(
        rf"(?P<platform>\w+) ((?P<fault>{KINDS}){LIMITS}|{REFUSES}|has forgotten {FORGOTTEN}|(?P<memory>{MEMORIES}))"
    )
)
def a_platform_is_in_trouble(
    story: Story,
    platform: str,
    *,
    fault: str | None,
    times: str | None,
    start: str | None,
    end: str | None,
    daily: str | None,
    operation: str | None,
    refused: str | None,
    code: str | None,
    lost: str | None,
    whose: str | None,
    memory: str | None,
) -> None:
    """A fault, for so many requests, by the clock, or until it is over; or a loss behind the engine's back."""
    workspace = story.lab.platforms[platform]
    if fault:
        put(workspace, FAULTS[fault] | ({"times": int(times)} if times else {}) | window(start, end, daily))
    elif code:
        about = {"operation": operation, "code": code, "detail": sent(platform, refused or "")}
        put(workspace, {"kind": "refuse", "times": 1, **about})
    elif memory:
        MEMORY[memory](workspace, "scenario")
    else:
        forget(story, platform, listed(lost), whose)


def put(workspace: Workspace[Any], fault: dict[str, Any]) -> None:
    """Put a fault before the platform, in place of one of this scenario that is there."""
    workspace.faults.put(msgspec.convert({"name": "scenario", **fault}, Fault))


def window(start: str | None, end: str | None, daily: str | None) -> dict[str, Any]:
    """From when until when a fault hits, once or every day; nothing, where nothing is said."""
    if not (start and end):
        return {}
    once = {"start": at(start), "duration_s": (at(end) - at(start)).total_seconds()}
    return once | ({"repeat_s": A_DAY.total_seconds()} if daily else {})


def forget(story: Story, platform: str, lost: list[str], whose: str | None) -> None:
    """The platform loses the account or a device, or some of what either has: services by name, devices by number."""
    there = story.lab.platforms[platform]
    ids = [story.ca_id(platform, one) if story.sells(one) else sent(platform, one) for one in lost]
    whole = ids and ids[0] in there.holdings()
    subject = ids.pop(0) if whole else sent(platform, whose) if whose else story.account(platform)
    assert there.forget(subject, *ids), f"{platform} has never known {lost or 'an account'}"


@told(r"the engine's clock (is|was) (set (?P<hours>\d+) hours (?P<way>ahead|back)|right again)")
def the_engines_clock_is(story: Story, hours: str | None, way: str | None) -> None:
    """The engine's time is not that of the platforms, or is again."""
    story.lab.clock.ahead = timedelta(hours=int(hours or 0) * (-1 if way == "back" else 1))
