"""What the Dockerfiles, `.dockerignore` and the images' locks say, read without carrying anything out."""

import re
from pathlib import Path

import pytest

from engine.settings import VARIABLES
from simulators.__main__ import PLATFORMS
from tests.docker.dockerfile import stages

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
FILES = sorted(DOCKER.glob("*.Dockerfile"))
KNOWN = {"CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "RUN", "STOPSIGNAL", "USER", "WORKDIR"}
BASE = re.compile(r"python:\d+\.\d+\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?")
SECRET = re.compile(r"TOKEN|PASSWORD|SECRET|KEY|CREDENTIAL|_URL")
KEPT_FROM_THE_BUILDER = (
    *(".git/config", ".venv/bin/python", ".env", ".headend/up.json", "engine.sqlite", "tests/conftest.py"),
    *(
        "docker/development.env",
        "docker/production.env",
        "engine/__pycache__/ports.pyc",
        "engine/api/__pycache__/app.pyc",
    ),
)
PINNED = re.compile(r"^([\w.-]+==\S+)((?: ;.*)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def image(request):
    return stages(request.param)


def test_there_is_one_for_the_engine_and_one_for_the_simulators():
    assert [file.stem for file in FILES] == ["engine", "simulators"]


def test_both_build_the_same_so_that_it_is_built_once():
    (engine, engine_end), (simulators, simulators_end) = map(stages, FILES)
    assert engine == simulators
    assert engine_end.all("RUN") == simulators_end.all("RUN")
    assert {engine.base, engine_end.base, simulators_end.base} == {engine.base}


def test_the_base_is_pinned(image):
    assert [stage.name for stage in image] == ["build", ""]
    assert all(BASE.fullmatch(stage.base) for stage in image)


def test_only_instructions_are_used_that_the_tests_know(image):
    assert {one.word for stage in image for one in stage.instructions} <= KNOWN


def test_packages_are_installed_by_their_hashes_or_from_no_index_at_all(image):
    installing = [part for stage in image for one in stage.all("RUN") for part in one.text.split("&&")]
    installing = [part for part in installing if re.search(r"pip (--python \S+ )?(install|wheel) ", part)]
    assert len(installing) == 5
    for part in installing:
        assert ("--require-hashes" in part and "--only-binary :all:" in part) or "--no-index" in part
        assert "--no-binary" not in part or "--no-build-isolation" in part


def test_nothing_but_the_programs_is_taken_from_the_build(image):
    (copied,) = image[-1].all("COPY")
    assert copied.text == "--from=build /opt/headend /opt/headend"


def test_it_runs_as_nobody_who_may_do_more(image):
    assert re.fullmatch(r"([1-9]\d{4}):\1", image[-1].only("USER").text)
    after = image[-1].instructions[image[-1].instructions.index(image[-1].only("USER")) :]
    assert not {one.word for one in after} & {"RUN", "COPY", "ENV"}


def test_programs_are_started_without_a_shell(image):
    for word in ("ENTRYPOINT", "CMD", "HEALTHCHECK"):
        assert all(isinstance(part, str) for part in image[-1].only(word).form)
    assert image[-1].only("ENTRYPOINT").form[:2] == ["python", "-m"]
    assert image[-1].only("HEALTHCHECK").form[:2] == ["python", "-c"]
    assert image[-1].only("STOPSIGNAL").text == "SIGTERM"


def test_no_secret_is_in_an_image(image):
    assert not [name for stage in image for name in stage.environment("") if SECRET.search(name)]


def test_the_engines_settings_are_some_that_it_knows():
    image = stages(DOCKER / "engine.Dockerfile")[-1]
    said = {name: value for name, value in image.environment("").items() if name.startswith("HEADEND")}
    assert said.keys() <= VARIABLES.keys()
    assert said["HEADEND_PORT"] == image.only("EXPOSE").text


def test_the_simulators_ports_are_those_of_the_entry_point():
    image = stages(DOCKER / "simulators.Dockerfile")[-1]
    words = image.only("ENTRYPOINT").form
    said = [words[words.index(option) + 1] for option in ("--port", "--control-port")]
    assert image.only("EXPOSE").text.split() == said
    assert f":{said[1]}/health" in image.only("HEALTHCHECK").text
    assert image.only("CMD").form[0] in PLATFORMS


def test_the_builder_gets_what_is_copied_and_nothing_else(image, ignored):
    files = set(ignored.files(ROOT))
    copied = [
        source for stage in image for one in stage.all("COPY") if "--from" not in one.text for source in one.sources
    ]
    for source in copied:
        assert any(file == source or file.startswith(f"{source}/") for file in files), source
    assert not {file for file in files if not any(file == one or file.startswith(f"{one}/") for one in copied)}


@pytest.mark.parametrize("path", KEPT_FROM_THE_BUILDER)
def test_the_builder_does_not_get(path, ignored):
    assert path in ignored


@pytest.mark.parametrize("path", ["engine/domain/rules.py", "harness/operator/tucano.toml", "docker/build.lock"])
def test_the_builder_gets(path, ignored):
    assert path not in ignored
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", ["build", "requirements"])
def test_an_images_lock_pins_what_the_tests_run_with(name):
    text = (DOCKER / f"{name}.lock").read_text(encoding="utf-8")
    pinned = PINNED.findall(text)
    assert "".join(f"{one}{rest}\n" for one, rest in pinned) == text
    tested = {one for one, _ in PINNED.findall((ROOT / "requirements-dev.lock").read_text(encoding="utf-8"))}
    assert {one for one, _ in pinned} <= tested


def test_an_image_holds_the_driver_of_postgresql_and_nothing_that_builds():
    names = {one.partition("==")[0] for one, _ in PINNED.findall((DOCKER / "requirements.lock").read_text("utf-8"))}
    assert {"psycopg", "psycopg-binary", "sqlalchemy"} <= names
    assert not names & {"hatchling", "pip", "setuptools", "wheel", "pytest"}
