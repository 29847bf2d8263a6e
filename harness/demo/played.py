"""What came of a step of a story."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from harness.demo.story import Step

Json = dict[str, Any]


@dataclass
class Played:
    """A step, and what came of it."""

    step: Step
    requests: list[Json] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    exchanges: list[Json] = field(default_factory=list)
    holdings: Mapping[str, list[str]] = field(default_factory=dict)
    in_sync: bool | None = True
    refusal: str = ""
    shown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """The files that the platform took."""
        return [file_of(one) for one in self.exchanges if file_of(one)]

    def as_json(self) -> Json:
        """The step as programs read it."""
        return {
            "action": self.step.action,
            "title": self.step.title,
            "subscription": self.step.subscription,
            "platform": self.step.platform,
            "refusal": self.refusal,
            "requests": self.requests,
            "files": self.files,
            "effects": self.effects,
            "shown": self.shown,
            "in_sync": self.in_sync,
            "passed": not self.problems,
            "problems": self.problems,
        }


def file_of(exchange: Json) -> str:
    """The name of the file that was exchanged; nothing, where it was a call."""
    return PurePosixPath(exchange["path"]).name if exchange["channel"] == "ftp" else ""
