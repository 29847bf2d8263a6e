"""What a platform brings to the program that serves it: its options, and how it is made of them."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

from simulators.kit.platform import Platform
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator


class CallError(Exception):
    """What is wrong with how the program was called."""


class Serving(Protocol):
    """What has a port, from its beginning to its end."""

    @property
    def url(self) -> str:
        """The port's address, without a slash at its end."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def over_http(simulator: Simulator[Any], asked: Namespace) -> Serving:
    """The server for a platform that takes calls."""
    return Server(simulator.wsgi, asked.host, asked.port, simulator)


class Program(NamedTuple):
    """One platform's part of the program. `platform` and `server` raise CallError, or ValueError, with a sentence."""

    about: str
    path: str  # where on its port the platform answers
    options: Callable[[ArgumentParser], None]
    platform: Callable[[Namespace], Platform[Any]]
    server: Callable[[Simulator[Any], Namespace], Serving] = over_http


def secret(variable: str) -> str:
    """A secret out of the environment. Raises CallError when it isn't there."""
    found = os.environ.get(variable)
    if not found:
        raise CallError(f"the environment has no {variable}, which was named for a secret")
    return found
