"""An engine that is killed, as a real process at real platforms, at every point of whatever it does.

The points are counted, not drawn: before and after each commit, each call, each thing done by FTP. Wherever it was
killed, the next engine comes to the same as one that nobody has killed: at the platforms, in their journals, in what is
shown. How many points there are: `python -m tests.engine.kills`.
"""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.engine.kills.play import Play
from tests.engine.kills.scenes import SCENES
from tests.engine.kills.stage import MEMORY, House, Stage

EVERY_ON_POSTGRESQL = 9  # odd, so that the next engine goes on in each way


@pytest.fixture(scope="module")
def house():
    with closing(House()) as house:
        yield house


@pytest.fixture
def url(databases):
    """The URL of an empty database, where databases can be copied fast."""
    if databases:
        yield databases.make()
        return
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield f"sqlite:///{Path(folder, 'engine.sqlite')}"


@pytest.mark.parametrize("name", SCENES)
def test_wherever_an_engine_is_killed_the_next_one_comes_to_the_same(name, house, url):
    with closing(Stage(house, url, SCENES[name].platforms)) as stage:
        play = Play(SCENES[name], stage)
        assert play.failures(EVERY_ON_POSTGRESQL if stage.database.shared else 1) == {}
