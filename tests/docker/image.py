"""Containers without Docker: processes with the command, the environment and the user that a Dockerfile says."""

import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.docker.building import SYSTEM_PATH, as_user, is_for_others
from tests.docker.dockerfile import Stage

STOPS_WITHIN_S = 15


class Container:
    """What would be started from an image.

    Of all that is said there, only ports, the folder of the programs and mounts are replaced by what stands for them
    here: ports that are free, and copies that others may read.
    """

    def __init__(self, image: Stage, root: Path, mounts: Mapping[str, Path], environment: Mapping[str, str]) -> None:
        self._image = image
        self._environment = environment
        self._root = root
        self.ports = {port: free_port() for port in image.only("EXPOSE").text.split()}
        copies = {path: readable(source, root) for path, source in mounts.items()}
        self._here = {"/opt/headend": f"{root}/opt/headend", **copies, **self.ports}

    def url(self, port: str) -> str:
        return f"http://127.0.0.1:{self.ports[port]}"

    def here(self, text: str) -> str:
        known = sorted(self._here, key=len, reverse=True)
        found = re.compile(r"(?<![\w.])(?:{})(?!\w)".format("|".join(map(re.escape, known))))
        return found.sub(lambda one: str(self._here[one[0]]), text)

    @contextmanager
    def running(self, command: Sequence[str] = ()) -> Iterator["subprocess.Popen[str]"]:
        """The entry point, with a command in place of the image's own if there is one; ready, which it says itself."""
        words = [*self._image.only("ENTRYPOINT").form, *(command or self._image.only("CMD").form)]
        with self._popen(words) as process:
            try:
                ready = process.stdout.readline()
                assert ready.startswith("{"), process.communicate()
                yield process
            finally:
                process.kill()

    def refused(self, command: Sequence[str] = ()) -> tuple[int, str]:
        """The exit status of a process that does not begin, and what it complains of."""
        words = [*self._image.only("ENTRYPOINT").form, *(command or self._image.only("CMD").form)]
        with self._popen(words) as process:
            return process.wait(STOPS_WITHIN_S), process.stderr.read()

    def is_healthy(self) -> bool:
        with self._popen(self._image.only("HEALTHCHECK").form) as process:
            process.communicate(timeout=30)
        return not process.returncode

    def stop(self, process: "subprocess.Popen[str]") -> int:
        process.send_signal(signal.Signals[self._image.only("STOPSIGNAL").text])
        return process.wait(STOPS_WITHIN_S)

    def _popen(self, words: Sequence[str]) -> "subprocess.Popen[str]":
        user = int(self._image.only("USER").text.partition(":")[0])
        said = {**self._image.environment(SYSTEM_PATH), **self._environment}
        return subprocess.Popen(
            [self.here(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={name: self.here(value) for name, value in said.items()},
            **(as_user(user) if is_for_others(self._root / "opt/headend/bin/python") else {}),
        )


def readable(source: Path, root: Path) -> str:
    """A copy of the file or folder that others may read."""
    folder = Path(tempfile.mkdtemp(dir=root))
    folder.chmod(0o755)
    if source.is_dir():
        shutil.copytree(source, folder, dirs_exist_ok=True)
        return str(folder)
    return str(shutil.copyfile(source, folder / source.name))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
