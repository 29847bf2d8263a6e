import contextlib
import fcntl
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.docker.building import base, build
from tests.docker.dockerfile import stages
from tests.docker.ignored import Ignored
from tests.docker.image import Container

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"


@pytest.fixture(scope="session")
def ignored():
    return Ignored(ROOT / ".dockerignore")


@pytest.fixture(scope="session")
def root(testrun_uid, tmp_path_factory, ignored):
    """A folder in which the engine's Dockerfile was carried out, by one worker for all.

    It stands beside pytest's own, which nobody else may enter. The last who needs it removes it.
    """
    folder = Path(tempfile.gettempdir(), f"headend-images-{testrun_uid}")
    locks = tmp_path_factory.getbasetemp().parent
    with (locks / f"{folder.name}.using").open("w") as using:
        with one_at_a_time(locks / f"{folder.name}.changing"):
            if not folder.exists():
                carry_out(folder, ignored)
            fcntl.flock(using, fcntl.LOCK_SH)
        yield folder
        with one_at_a_time(locks / f"{folder.name}.changing"), contextlib.suppress(BlockingIOError):
            fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)


@contextlib.contextmanager
def one_at_a_time(lock):
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def carry_out(folder, ignored):
    try:
        folder.mkdir(mode=0o755)
        found = stages(DOCKER / "engine.Dockerfile")
        python = base(folder / "base", re.search(r"\d+\.\d+", found[0].base)[0])
        context = ignored.context(ROOT, folder / "context")
        for stage in found:
            build(stage, folder, context, python)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@pytest.fixture
def container(root):
    """What would be started from the image that a Dockerfile makes."""

    def make(name, mounts=None, **environment):
        return Container(stages(DOCKER / f"{name}.Dockerfile")[-1], root, mounts or {}, environment)

    return make
