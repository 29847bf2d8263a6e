"""Dockerfiles, read: instructions, stages, and what an image says of itself."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    word: str
    text: str

    @property
    def form(self) -> list[str]:
        """The words of the exec form. Raises ValueError if it is the shell form."""
        return json.loads(self.text[self.text.index("[") :])

    @property
    def sources(self) -> list[str]:
        return [word for word in self.text.split() if not word.startswith("--")][:-1]

    @property
    def destination(self) -> str:
        return self.text.split()[-1]


@dataclass(frozen=True)
class Stage:
    base: str
    name: str
    instructions: tuple[Instruction, ...]

    def all(self, word: str) -> list[Instruction]:
        return [one for one in self.instructions if one.word == word]

    def only(self, word: str) -> Instruction:
        (found,) = self.all(word)
        return found

    def environment(self, path: str, before: int | None = None) -> dict[str, str]:
        """What ENV sets, in all or before one of the instructions, where the base's PATH is this one."""
        said = (pair for one in self.instructions[:before] if one.word == "ENV" for pair in shlex.split(one.text))
        return {name: value.replace("$PATH", path) for name, _, value in (pair.partition("=") for pair in said)}


def stages(file: Path) -> list[Stage]:
    found: list[tuple[str, list[Instruction]]] = []
    for one in instructions(file.read_text(encoding="utf-8")):
        if one.word == "FROM":
            found.append((one.text, []))
        else:
            found[-1][1].append(one)
    return [stage(text, inner) for text, inner in found]


def stage(text: str, inner: list[Instruction]) -> Stage:
    base, _, name = text.partition(" AS ")
    return Stage(base, name, tuple(inner))


def instructions(text: str) -> list[Instruction]:
    """Comments and empty lines left out, continued lines joined."""
    code = re.sub(r"^\s*(#.*)?\n", "", text, flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", code).splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in lines]
