"""The Dockerfiles carried out, and the programs run as they say: out of the checkout, as somebody else where we may."""

import os
import subprocess
from pathlib import Path

import pytest
import requests

from harness import operator_files
from tests.docker.building import SOMEBODY, is_for_others

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "harness", "simulators")


def files(folder):
    found = (path.relative_to(folder) for package in PACKAGES for path in (folder / package).rglob("*"))
    return {path.as_posix() for path in found if path.suffix and "__pycache__" not in path.parts}


def test_the_image_holds_every_file_of_the_packages(root):
    (packages,) = (root / "opt/headend").glob("lib/python*/site-packages")
    assert files(packages) == files(ROOT)


@pytest.mark.parametrize(
    ("python", "names"),
    [("opt/headend", ("pip", "setuptools", "wheel", "hatchling", "pytest")), ("base", ("pip", "setuptools", "wheel"))],
)
def test_nothing_is_left_to_install_or_build_with(root, python, names):
    code = f"import importlib.util; print([one for one in {names} if importlib.util.find_spec(one)])"
    command = [root / python / "bin/python", "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout == "[]\n"


def user_of(process):
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Uid:"))


def test_the_engine_runs_as_its_dockerfile_says(container, root):
    engine = container("engine", {"/etc/headend": operator_files.FOLDER}, HEADEND_TOKEN="t0ken")
    assert not engine.is_healthy()
    with engine.running() as process:
        assert engine.is_healthy()
        assert requests.get(f"{engine.url('8440')}/ready", timeout=5).json()["data"]["ready"] is True
        may_be_another = os.geteuid() == 0 and is_for_others(root / "opt/headend/bin/python")
        assert user_of(process) == (SOMEBODY if may_be_another else os.geteuid())
        assert engine.stop(process) == 0
    assert not engine.is_healthy()


def test_the_engine_without_a_configuration_says_what_is_missing(container):
    status, said = container("engine").refused()
    assert status == 2
    assert said == "engine: /etc/headend: neither a TOML file nor a folder with TOML files.\n"


def test_other_commands_of_the_engine_run_in_its_image(container):
    status, said = container("engine").refused(["token", "revoke", "nobody"])
    assert status == 2
    assert "nobody" in said


@pytest.mark.parametrize("command", [(), ("tucano", "--seed", "7")])
def test_a_simulator_runs_as_its_dockerfile_says(container, command):
    tucano = container("simulators", CONTROL_TOKEN="t0ken")
    assert not tucano.is_healthy()
    with tucano.running(command) as process:
        assert tucano.is_healthy()
        assert requests.get(f"{tucano.url('8080')}/tucano?xsd", timeout=5).ok
        assert tucano.stop(process) == 0
    assert not tucano.is_healthy()


def test_a_simulator_without_a_token_for_its_control_port_does_not_begin(container):
    status, said = container("simulators").refused()
    assert status == 2
    assert "CONTROL_TOKEN" in said
