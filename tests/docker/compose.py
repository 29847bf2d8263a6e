"""The compose file, read as `docker compose` does: YAML, then what the environment says in place of ${…}."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

VARIABLE = re.compile(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}")


class MissingError(Exception):
    """A variable without a default that the environment does not give."""


def filled(text: str, environment: Mapping[str, str]) -> str:
    def value(found: "re.Match[str]") -> str:
        name, kind, otherwise = found.groups()
        if not environment.get(name) and kind == ":?":
            raise MissingError(f"{name}: {otherwise}")
        return environment.get(name) or otherwise or ""

    return VARIABLE.sub(value, text)


def variables(file: Path) -> set[str]:
    return {name for name, _, _ in VARIABLE.findall(file.read_text(encoding="utf-8"))}


def environment(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def compose(file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """The whole file. Raises MissingError."""
    return inside(yaml.safe_load(file.read_text(encoding="utf-8")), environment)


def inside(value: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return filled(value, environment)
    if isinstance(value, list):
        return [inside(one, environment) for one in value]
    if isinstance(value, dict):
        return {name: inside(one, environment) for name, one in value.items()}
    return value


def words(command: str | list[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else command
