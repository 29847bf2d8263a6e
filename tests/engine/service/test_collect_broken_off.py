"""An error-handling run that breaks off at whatever moment: the next ends what is left, and nothing happens twice."""

from contextlib import contextmanager, suppress
from copy import deepcopy
from itertools import count

import pytest
from sqlalchemy import event

from engine.service.lease import LEASE
from harness.lab.pristine import pristine
from tests.engine.desk import ADD, BARK, CANCEL, SPORT, Desk

COLLECT = (
    '[[definitions]]\ncode = "COLLECT"\nname = "C"\nkind = "error_handling"\nprovider = "conax"\neffective = true\n'
)
CARDS = ("01234567890", "01234567891", "01234567892")
BARKED = "010548656c6c6f0201ff04020014"


class Broken:
    """Lets whatever is done at a moment, counted from 0, and after it, break."""

    def __init__(self):
        self._left = None

    def reached(self, *_what):
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise RuntimeError("broken off")

    def breaks(self, number, deed):
        """Do it, and let it break at that moment. Says whether it has come to that."""
        self._left = number
        with suppress(RuntimeError):
            deed()
        broken, self._left = self._left < 0, None
        return broken


@pytest.fixture
def desk(engine, tmp_path):
    """Four files: one accepted, one refused for one card, one refused, one that had been sent again; and a stranger."""
    desk = Desk(engine, tmp_path)
    engine.load_configuration({"collect": COLLECT})
    desk.ask(ADD, *CARDS)
    desk.ask(ADD, *CARDS, service=SPORT)
    desk.ask(CANCEL, CARDS[0], service="10001003")
    entry = engine.queue_text(desk.owners[CARDS[0]], "Hello", "CRM")
    desk.ask(BARK, CARDS[0], payload=BARKED, communication_entry=entry.id)
    assert desk.sent() == ["ps000001", "ps000002", "cs000003", "gp000004"]
    desk.site.accept("ps000001.emm")
    desk.site.refuse("ps000002.emm", "ERR_CARDNUM", 11)
    desk.site.refuse("cs000003.emm", "ERR_PRODUCT", 3)
    desk.site.accept("gp000004.emm")
    desk.site.folders["/op/autreq/ok"]["stranger.emm"] = b""
    return desk


@contextmanager
def breaking(desk):
    """Let anything that is done at the platform, and any commit, be a moment."""
    broken, sql = Broken(), desk.engine.context.database.sql
    desk.site.before = broken.reached
    event.listen(sql, "commit", broken.reached)
    try:
        yield broken
    finally:
        event.remove(sql, "commit", broken.reached)


def facts(desk):
    """What users see of it all, and what is at the platform."""
    requests = [
        (one.type, one.parameters_set["smartcard"], one.life_cycle_state.value, one.error_code, one.file, one.attempts)
        for one in desk.engine.requests()
    ]
    held = [desk.engine.show(number).providers["conax"].believed_held for number in desk.owners.values()]
    entries = [one.state.value for one in desk.engine.entries().results]
    ended = [(one.name, one.state.value, one.cleared) for one in desk.files()]
    return requests, held, entries, ended, {name: sorted(there) for name, there in desk.site.folders.items()}


@pytest.mark.sqlite("the database is put back as it was after each moment, which takes one in memory")
def test_whatever_was_the_moment_the_next_run_comes_to_the_same(desk, clock):
    database, folders, now = pristine(desk.engine.context.database), deepcopy(desk.site.folders), clock.at
    desk.engine.run("COLLECT")
    wanted = facts(desk)
    assert [one[1:] for one in wanted[3]] == [
        ("ACCEPTED", True),
        ("REFUSED", True),
        ("REFUSED", True),
        ("ACCEPTED", True),
    ]
    assert wanted[4] == {"/op/autreq/req": [], "/op/autreq/ok": ["stranger.emm"], "/op/autreq/err": ["errors.txt"]}
    with breaking(desk) as broken:
        for number in count():
            database.restore()
            desk.site.folders, clock.at = deepcopy(folders), now
            if not broken.breaks(number, lambda: desk.engine.run("COLLECT")):
                break
            clock.at += LEASE * 2
            desk.engine.run("COLLECT")
            assert undated(facts(desk)) == undated(wanted), f"after moment {number}"
    assert number > 25


def undated(found):
    """The facts without what says when: the run that came later has another moment."""
    requests, _held, *rest = found
    return [requests, [(one.services, one.items, one.dated) for one in found[1]], *rest]
