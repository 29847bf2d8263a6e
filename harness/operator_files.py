"""The demo operator: its catalogue, its provider at each platform, its subscribers, as files beside the code."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "operator"


def option_ids(folder: Path = FOLDER) -> list[str]:
    """The CA IDs under which the operator's services are known at Tucano."""
    provider = tomllib.loads((folder / "tucano.toml").read_text(encoding="utf-8"))["providers"][0]
    return [service["ca_id"] for service in provider["services"]]


def connection(folder: Path = FOLDER) -> dict[str, str]:
    """The connection parameters of the operator's provider at Tucano."""
    provider: dict[str, Any] = tomllib.loads((folder / "tucano.toml").read_text(encoding="utf-8"))["providers"][0]
    return dict(provider["connection"])


def subscribers(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The operator's subscribers."""
    people = tomllib.loads((folder / "subscribers" / "people.toml").read_text(encoding="utf-8"))
    return list(people["subscribers"])
