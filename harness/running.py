"""Where the instance that `headend up` started can be reached, with which token: a small file for other commands."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OURS_ALONE = 0o600


def home() -> Path:
    """The folder for what must outlive a command: HEADEND_HOME, else `.headend` here."""
    return Path(os.environ.get("HEADEND_HOME", ".headend"))


def file() -> Path:
    """The file that holds the addresses."""
    return home() / "up.json"


def note(addresses: Mapping[str, Any]) -> None:
    """Write the addresses down, all at once, for nobody else to read."""
    file().parent.mkdir(parents=True, exist_ok=True)
    draft = file().with_suffix(f".{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS_ALONE), "w") as written:
        json.dump({**addresses, "pid": os.getpid()}, written)
    draft.replace(file())


def find() -> dict[str, Any]:
    """The addresses of the instance that was started last from here; empty, where there is none."""
    try:
        found = json.loads(file().read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def forget() -> None:
    """Remove the file, if it is this process's."""
    if find().get("pid") == os.getpid():
        file().unlink(missing_ok=True)
