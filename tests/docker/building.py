"""Stages carried out without Docker: what stands in them is done as it stands, below a folder that stands for `/`."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.docker.dockerfile import Instruction, Stage

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
# How pip reaches its packages is the machine's affair; nothing else of our environment goes along.
OURS = re.compile(r"PIP_.*|HOME|SSL_.*|.*_proxy|.*_PROXY|LANG|LC_.*")
OWN_FOLDERS = re.compile(r"(?<![\w./])/(?=(?:opt/headend|build)\b)")
SOMEBODY = 10001


def as_user(number: int) -> dict[str, object]:
    """What makes a process somebody else's, where we are somebody who may do that."""
    return {"user": number, "group": number, "extra_groups": []} if os.geteuid() == 0 else {}


def is_for_others(python: str | Path) -> bool:
    try:
        return not subprocess.run([python, "-c", ""], cwd="/", check=False, **as_user(SOMEBODY)).returncode
    except OSError:
        return False


def base(folder: Path, version: str) -> Path:
    """A clean Python with pip, as the base image has one; made of one that others may run too, if there is any."""
    known = [sys._base_executable, *(f"{one}/python{version}" for one in SYSTEM_PATH.split(":"))]
    python = next((one for one in known if is_for_others(one)), sys.executable)
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for file in importlib.metadata.files("pip") or ():
        if file.parts[0].startswith("pip") and file.suffix != ".pyc":
            (packages / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.locate(), packages / file)
    return folder


def build(stage: Stage, root: Path, context: Path, python: Path) -> None:
    """Do what the stage says: its files come from the context, its `python` is this one."""
    path = f"{python}/bin:{SYSTEM_PATH}"
    environment = {name: value for name, value in os.environ.items() if OURS.fullmatch(name)} | {"PATH": path}
    folder = root
    for number, one in enumerate(stage.instructions):
        if one.word == "WORKDIR":
            folder = Path(below(root, one.text))
            folder.mkdir(parents=True)
        elif one.word == "COPY" and "--from=" not in one.text:
            copy(one, context, folder)
        elif one.word == "RUN":
            run(below(root, one.text), folder, environment | stage.environment(path, before=number))


def below(root: Path, text: str) -> str:
    """The text with the Dockerfiles' own folders below the root."""
    return OWN_FOLDERS.sub(f"{root}/", text)


def copy(one: Instruction, context: Path, folder: Path) -> None:
    target = folder / one.destination
    for source in sources(one, context):
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / source.name)


def sources(one: Instruction, context: Path) -> list[Path]:
    found = {source: sorted(context.glob(source)) for source in one.sources}
    assert all(found.values()), f"COPY {one.text} finds only {found}"
    return [path for paths in found.values() for path in paths]


def run(command: str, folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert not done.returncode, f"{command}\n{done.stdout}{done.stderr}"
