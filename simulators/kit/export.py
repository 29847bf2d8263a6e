"""The journal in other people's formats: JSON lines, HAR, a Mermaid sequence diagram."""

import base64
from collections.abc import Sequence
from typing import Any

import msgspec

from simulators.kit.entry import Entry
from simulators.kit.gateway import PHRASES

_ARROWS = {"answered": "-->>", "partial": "--x", "lost": "--x", "reset": "--x", "timed_out": "--x", "refused": "--x"}
_MOST_OF_A_LINE = 120


def json_lines(entries: Sequence[Entry]) -> str:
    """One entry a line."""
    return "".join(f"{msgspec.json.encode(entry).decode()}\n" for entry in entries)


def har(entries: Sequence[Entry]) -> str:
    """An HTTP archive, version 1.2, of calls only; one without an answer has status 0, as browsers write it."""
    creator = {"name": "Headend simulators", "version": "1"}
    calls = [_har_entry(entry) for entry in entries if entry.channel == "http"]
    document = {"log": {"version": "1.2", "creator": creator, "entries": calls}}
    return msgspec.json.encode(document).decode()


def mermaid(entries: Sequence[Entry]) -> str:
    """A sequence diagram: who asked for what, what was answered, what changed, and what went wrong on purpose."""
    lines = ["sequenceDiagram", "    participant caller"]
    lines += [f"    participant {name}" for name in dict.fromkeys(entry.platform for entry in entries)]
    for entry in entries:
        lines += _arrows(entry)
    return "\n".join(lines) + "\n"


def _arrows(entry: Entry) -> list[str]:
    answered = entry.outcome if entry.outcome != "answered" else entry.code or entry.effect
    fault = f", fault {entry.fault}" if entry.fault else ""
    lines = [
        f"    caller->>{entry.platform}: {_plain(f'#{entry.seq} {entry.operation} {entry.subject}'.rstrip())}",
        f"    {entry.platform}{_ARROWS[entry.outcome]}caller: {_plain(answered + fault)}",
    ]
    if entry.difference:
        lines.append(f"    Note right of {entry.platform}: {_plain(', '.join(entry.difference))}")
    return lines


def _plain(text: str) -> str:
    """Text that can't end a line or a statement of the diagram's."""
    cut = text if len(text) <= _MOST_OF_A_LINE else f"{text[:_MOST_OF_A_LINE]}..."
    return "".join(f"#{ord(letter)};" if letter in ";#<>" else letter for letter in cut if letter.isprintable())


def _har_entry(entry: Entry) -> dict[str, Any]:
    wait_ms = (entry.process_s + entry.added_delay_s) * 1000
    return {
        "startedDateTime": entry.at.isoformat(),
        "time": wait_ms,
        "request": _har_request(entry),
        "response": _har_response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": wait_ms, "receive": 0},
        "comment": f"{entry.operation} {entry.subject}: {entry.outcome}, {entry.effect}",
    }


def _har_request(entry: Entry) -> dict[str, Any]:
    request = {
        "method": entry.method,
        "url": f"http://{entry.platform}{entry.path}",
        "httpVersion": "HTTP/1.1",
        "headers": [{"name": "Content-Type", "value": entry.content_type}],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": _size(entry.request, is_base64=entry.request_base64),
    }
    post: dict[str, Any] = {"mimeType": entry.content_type, "text": entry.request, "params": []}
    return {**request, "postData": post} if entry.request else request


def _har_response(entry: Entry) -> dict[str, Any]:
    size = _size(entry.response, is_base64=entry.response_base64)
    content: dict[str, Any] = {"size": size, "mimeType": entry.response_type, "text": entry.response}
    if entry.response_base64:
        content["encoding"] = "base64"
    sent = entry.outcome in {"answered", "partial"} and entry.status is not None
    return {
        "status": entry.status if sent else 0,
        "statusText": PHRASES.get(entry.status or 0, "") if sent else "",
        "httpVersion": "HTTP/1.1",
        "headers": [],
        "cookies": [],
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size if sent else -1,
    }


def _size(text: str, *, is_base64: bool) -> int:
    return len(base64.b64decode(text)) if is_base64 else len(text.encode())
