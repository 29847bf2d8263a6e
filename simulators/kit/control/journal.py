"""The journal's part of the control port."""

from collections.abc import Iterator
from typing import Any

import msgspec

from simulators.kit import export
from simulators.kit.control.models import Count, PlatformQuery, Requests, RequestsQuery, Verify, VerifyReply
from simulators.kit.control.reply import Text
from simulators.kit.control.scene import Scene
from simulators.kit.entry import Criteria
from simulators.kit.follow import Follower
from simulators.kit.verify import Question

# fmt: off
FORMATS = {
    "jsonl":   (export.json_lines, "application/jsonl"),
    "har":     (export.har,        "application/json"),
    "mermaid": (export.mermaid,    "text/vnd.mermaid; charset=utf-8"),
}
# fmt: on


def listed(scene: Scene, query: RequestsQuery) -> Requests | Text:
    """The entries that fit, in the format asked for."""
    asked = msgspec.structs.asdict(query)
    form = asked.pop("format")
    found = _found(scene, Criteria(**asked))
    if form == "json":
        return found
    write, content_type = FORMATS[form]
    return Text(write(found.requests), content_type)


def find(scene: Scene, criteria: Criteria) -> Requests:
    """The entries that fit."""
    return _found(scene, criteria)


def count(scene: Scene, criteria: Criteria) -> Count:
    """How many entries fit."""
    return Count(len(_found(scene, criteria).requests))


def verify(scene: Scene, asked: Verify) -> VerifyReply:
    """Compare what was received with a sequence; the answer is 200 either way."""
    fields: dict[str, Any] = {name: getattr(asked, name) for name in Criteria.__struct_fields__}
    question = Question(asked.mode, asked.sequence, asked.within_s, Criteria(**fields))
    answer = scene.one(asked.platform).answer(question)
    return VerifyReply(answer.passed, answer.report, answer.expected, answer.received)


def events(scene: Scene, query: PlatformQuery) -> "Events":
    """Entries as they come, for as long as the port is open."""
    return Events(Follower(scene.one(query.platform)))


class Events:
    """A stream of server-sent events."""

    def __init__(self, follower: Follower) -> None:
        self.follower = follower

    def __iter__(self) -> Iterator[bytes]:
        """One event an entry; a comment first, and whenever it has been quiet, so that a dead line is found out."""
        yield b": following\n\n"
        for entry in self.follower:
            if entry is None:
                yield b": quiet\n\n"
            else:
                yield b"id: %d\nevent: request\ndata: %s\n\n" % (entry.seq, msgspec.json.encode(entry))


def _found(scene: Scene, criteria: Criteria) -> Requests:
    workspaces = scene.each(criteria.platform)
    entries = [entry for workspace in workspaces for entry in workspace.journal.find(criteria)]
    return Requests(entries, sum(workspace.journal.truncated for workspace in workspaces))
