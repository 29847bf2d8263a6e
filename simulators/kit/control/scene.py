"""What a control call is about: the simulators, and the workspace it names."""

from collections.abc import Mapping
from typing import Any

from simulators.kit.simulator import Simulator
from simulators.kit.workspace import Workspace


class ControlError(Exception):
    """What can't be done: an HTTP status, a code for programs and a sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Scene:
    """One workspace, on one or several platforms."""

    def __init__(self, simulators: Mapping[str, Simulator[Any]], workspace: str) -> None:
        self._simulators = simulators
        self.name = workspace

    @property
    def platforms(self) -> list[str]:
        """The platforms' names."""
        return list(self._simulators)

    def simulators(self) -> list[Simulator[Any]]:
        """All simulators."""
        return list(self._simulators.values())

    def one(self, platform: str | None = None) -> Workspace[Any]:
        """The workspace on the platform named, or on the only one there is."""
        if platform is None and len(self._simulators) > 1:
            raise ControlError(400, "platform_missing", f"name a platform: {', '.join(self._simulators)}")
        name = platform or next(iter(self._simulators))
        if name not in self._simulators:
            said = f"there is no platform {name!r}; there are {', '.join(self._simulators)}"
            raise ControlError(404, "unknown_platform", said)
        return self._simulators[name].workspace(self.name)

    def each(self, platform: str | None = None) -> list[Workspace[Any]]:
        """The workspace on every platform, or on the one named."""
        return [self.one(platform)] if platform else [self.one(name) for name in self._simulators]
