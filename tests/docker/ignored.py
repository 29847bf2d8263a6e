"""What `.dockerignore` keeps from the builder, by Docker's rules: the last pattern that fits decides, parents count."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path


class Ignored:
    def __init__(self, file: Path) -> None:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        self._said = [line for line in lines if line and not line.startswith("#")]
        self._rules = [(re.compile(pattern(line.removeprefix("!"))), not line.startswith("!")) for line in self._said]

    def __contains__(self, path: str) -> bool:
        parts = path.split("/")
        prefixes = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        found = False
        for rule, ignores in self._rules:
            if any(rule.fullmatch(one) for one in prefixes):
                found = ignores
        return found

    def files(self, root: Path) -> Iterator[str]:
        """The files below the root that the builder gets."""
        for folder, inner, names in os.walk(root):
            here = Path(folder).relative_to(root)
            inner[:] = [one for one in inner if self._may_hold((here / one).as_posix())]
            yield from (path for name in names if (path := (here / name).as_posix()) not in self)

    def _may_hold(self, folder: str) -> bool:
        return folder not in self or any(line.startswith(f"!{folder}/") for line in self._said)

    def context(self, root: Path, target: Path) -> Path:
        """The files that the builder gets, copied to the target."""
        for path in self.files(root):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, target / path)
        return target


def pattern(line: str) -> str:
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(words.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*|\?)", line.strip("/")))
