"""What a platform brings to the program that serves it: its options, and how it is made of them."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, NamedTuple

from simulators.kit.platform import Platform


class CallError(Exception):
    """What is wrong with how the program was called."""


class Program(NamedTuple):
    """One platform's part of the program. `platform` raises CallError, or ValueError, with a sentence."""

    about: str
    path: str  # where on its port the platform answers
    options: Callable[[ArgumentParser], None]
    platform: Callable[[Namespace], Platform[Any]]


def secret(variable: str) -> str:
    """A secret out of the environment. Raises CallError when it isn't there."""
    found = os.environ.get(variable)
    if not found:
        raise CallError(f"the environment has no {variable}, which was named for a secret")
    return found
