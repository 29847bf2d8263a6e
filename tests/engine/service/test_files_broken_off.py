"""A processing run that dies at any of its moments, at a platform that takes files: in effect each thing is done once.

It dies in this process, so that all moments can be had; those of a real process are in `test_files_killed.py`.
"""

from itertools import count

import pytest
from sqlalchemy import event

from engine.domain.file import FileState
from engine.service.lease import LEASE
from tests.engine.at_conax import card, subscribe_at_conax
from tests.engine.desk import BARK, Desk

CARDS = ("01234567890", "01234567891", "01234567892")
HELLO = "010548656c6c6f0201ff04020014"


class DeadError(BaseException):
    """The process is no more; so that nothing may catch it, it is no Exception."""


class Life:
    """Counts the moments at which the engine writes to its disk, or does something at the platform; ends at one."""

    def __init__(self, engine, site, ends_at=None):
        self.engine, self.site, self.ends_at = engine, site, ends_at
        self.moments = count()
        self.is_over = False

    def __enter__(self):
        event.listen(self.engine.context.database.sql, "commit", self.pass_by)
        self.site.before = self.site.afterwards = self.pass_by
        return self

    def __exit__(self, *_failure):
        event.remove(self.engine.context.database.sql, "commit", self.pass_by)
        self.site.before = self.site.afterwards = lambda *_: None

    def pass_by(self, *_what):
        if self.is_over or next(self.moments) == self.ends_at:
            self.is_over = True
            raise DeadError


@pytest.fixture
def desk(engine, tmp_path):
    """Two messages of a kind, and three cards with News, two to a file."""
    desk = Desk(engine, tmp_path)
    desk.limit(2)
    for number, one in enumerate(CARDS, start=1):
        subscribe_at_conax(engine, f"S{number}", card(one))
        desk.owners[one] = f"S{number}"
    desk.ask(BARK, *CARDS[:2], payload=HELLO)
    return desk


@pytest.fixture
def put_back(desk):
    image = desk.engine.context.database.image()

    def back():
        desk.engine.context.database.replace(image)
        desk.site.arrived.clear()
        for folder in desk.site.folders.values():
            folder.clear()

    return back


def check(desk):
    """All has arrived once, and is known to have been sent."""
    assert sorted(desk.site.arrived) == [f"{desk.site.home}/req/{one.name}.emm" for one in by_name(desk.files())]
    assert {one.state for one in desk.files()} == {FileState.SENT}
    there = {name: content for folder in desk.site.folders.values() for name, content in folder.items()}
    assert not any(name.endswith(".tmp") for name in there)
    cards = [content.decode().split("\r\n")[9:-2] for name, content in there.items() if name.startswith("ps")]
    assert sorted(one for file in cards for one in file) == list(CARDS)
    assert {one.life_cycle_state.value for one in desk.engine.requests()} == {"PENDING"}
    assert [one.number for one in desk.engine.requests()] == list(range(1, 6))


def by_name(found):
    return sorted(found, key=lambda one: one.name)


@pytest.mark.sqlite("an image of a database is SQLite's")
@pytest.mark.parametrize("taken", [False, True], ids=["waiting", "taken"])
def test_wherever_a_run_dies_the_next_one_does_the_rest(taken, desk, put_back):
    with Life(desk.engine, desk.site) as life:
        assert desk.engine.run("SEND").state == "COMPLETED"
    check(desk)
    for moment in range(next(life.moments)):
        put_back()
        with Life(desk.engine, desk.site, moment), pytest.raises(DeadError):
            desk.engine.run("SEND")
        there = [one for one in desk.site.waiting if one.endswith(".emm")]
        if taken and not there:
            continue
        for name in there if taken else ():
            desk.site.accept(name)
        desk.clock.sleep(LEASE.total_seconds() + 1)
        assert desk.engine.run("SEND").state == "COMPLETED", moment
        check(desk)
