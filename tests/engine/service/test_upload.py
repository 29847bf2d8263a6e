"""Uploading: a file is at the platform once, wherever the way there breaks."""

import threading

import pytest

from engine.domain.file import FileState
from engine.domain.provider import Breaker, Retry
from engine.ports import FoldersError
from engine.service.files import upload
from tests.engine.desk import ADD, BARK, SPORT, Desk
from tests.engine.fakes import LOST, SAID_NO

A, B, C = "01234567890", "01234567891", "01234567892"
HELLO = "010548656c6c6f0201ff04020014"
REQ = "/op/autreq/req"
FULL = FoldersError("DISK_FULL", "552 No space left.", refused=True)
# What is done for one file, in order; the three folders are looked into once for each connection.
OPERATIONS = [
    ("connect", 1),
    ("names", 1),
    ("names", 2),
    ("names", 3),
    ("size", 1),
    ("write", 1),
    ("size", 2),
    ("rename", 1),
]


@pytest.fixture
def desk(engine, tmp_path):
    return Desk(engine, tmp_path)


def paths(desk, operation):
    return [path.rpartition("/")[2] for done, path in desk.site.journal if done == operation]


def arrived(desk):
    return [path.rpartition("/")[2] for path in desk.site.arrived]


def test_a_file_is_written_under_a_name_that_the_platform_ignores_and_then_renamed(desk):
    desk.ask(ADD, A)
    desk.send()
    assert desk.site.journal == [
        ("connect", "sas.test"),
        *(("names", f"/op/autreq/{folder}") for folder in ("req", "ok", "err")),
        ("size", "/op/autreq/err/errors.txt"),
        ("write", f"{REQ}/ps000001.tmp"),
        ("size", f"{REQ}/ps000001.tmp"),
        ("rename", f"{REQ}/ps000001.emm"),
    ]
    assert desk.site.open == 0
    (file,) = desk.files()
    assert (file.state, file.begun, file.sent_date, file.cleared) == (FileState.SENT, True, desk.now, False)


def test_all_files_go_by_one_connection(desk):
    for service in ("10001001", SPORT):
        desk.ask(ADD, A, service=service)
    assert len(desk.send()) == 2
    assert len(desk.site.sites) == 1


def test_it_is_on_disk_how_long_the_list_of_errors_was_before_anything_is_there(desk):
    desk.site.folders["/op/autreq/err"]["errors.txt"] = b"ps000001.emm:\r\nERR_CARDNUM 10\r\n"
    desk.ask(ADD, A)
    seen = []

    def look(operation, _path):
        if operation == "write":
            seen.extend((one.begun, one.errors_from, one.state) for one in desk.files())

    desk.site.before = look
    desk.send()
    assert seen == [(True, 31, "MADE")]


@pytest.mark.parametrize(("error", "after"), [(LOST, False), (LOST, True), (FULL, False)])
@pytest.mark.parametrize(("operation", "at"), OPERATIONS)
def test_wherever_the_way_breaks_a_file_arrives_once(operation, at, error, after, desk):
    desk.ask(BARK, A, B, payload=HELLO)
    desk.ask(ADD, C)
    desk.site.fail(operation, error, at, after=after)
    assert desk.sent() == ["gp000001", "ps000002"]
    assert arrived(desk) == ["gp000001.emm", "ps000002.emm"]
    assert [one.state for one in desk.files()] == ["SENT", "SENT"]
    assert (desk.cards("gp000001"), desk.cards("ps000002")) == ([A, B], [C])
    assert desk.site.open == 0


def test_a_file_of_which_only_a_part_is_there_is_written_again_before_it_is_renamed(desk):
    desk.ask(ADD, A, B)
    lost = []

    def lose(operation, path):
        if operation == "size" and path.endswith(".tmp") and not lost:
            lost.append(desk.site.waiting["ps000001.tmp"])
            desk.site.waiting["ps000001.tmp"] = lost[0][:40]

    desk.site.before = lose
    assert desk.sent() == ["ps000001"]
    assert desk.site.waiting == {"ps000001.emm": lost[0]}
    assert (paths(desk, "write"), len(desk.site.sites)) == (["ps000001.tmp"] * 2, 1)


@pytest.mark.parametrize("folder", ["ok", "err"])
def test_what_the_platform_has_taken_while_the_line_was_down_is_found(folder, desk):
    desk.ask(BARK, A, payload=HELLO)
    desk.site.fail("rename", LOST, after=True)

    def take(operation, _path):
        if operation == "connect" and desk.site.waiting:
            if folder == "ok":
                desk.site.accept("gp000001.emm")
            else:
                desk.site.refuse("gp000001.emm", "ERR_CARDNUM", 11)

    desk.site.before = take
    (done,) = desk.send_all()
    assert (done.found, done.file.state, done.left) == (True, "SENT", "")
    assert arrived(desk) == ["gp000001.emm"]


def test_what_the_platform_takes_while_it_is_looked_for_is_found(desk):
    desk.ask(BARK, A, payload=HELLO)
    desk.site.fail("rename", LOST, after=True)

    def take(operation, path):
        if (operation, path) == ("names", "/op/autreq/ok") and desk.site.waiting:
            desk.site.accept("gp000001.emm")

    desk.site.before = take
    assert desk.sent() == ["gp000001"]
    assert arrived(desk) == ["gp000001.emm"]


@pytest.mark.parametrize("error", [LOST, SAID_NO])
@pytest.mark.parametrize("operation", ["size", "write", "rename"])
def test_a_file_that_could_not_be_sent_stays_made_and_the_next_run_begins_with_it(operation, error, desk):
    desk.ask(BARK, A, payload=HELLO)
    desk.ask(ADD, B)
    desk.site.fail(operation, error, times=3)
    (done,) = desk.send_all()
    assert (done.file.name, done.file.state, done.left) == ("gp000001", "MADE", f"conax: {error}")
    assert desk.clock.waits == [1.0, 2.0]
    assert {one.life_cycle_state.value for one in desk.engine.requests(provider="conax")} == {"PENDING"}
    assert arrived(desk) == []
    assert desk.send() == ["gp000001 1", "ps000002 1"]
    assert arrived(desk) == ["gp000001.emm", "ps000002.emm"]


def test_no_attempt_begins_later_than_the_provider_s_settings_allow(desk):
    desk.change(retry=Retry(attempts=9, first_pause_s=4.0, longest_pause_s=4.0, total_s=9.0))
    desk.site.fail("connect", times=99)
    desk.ask(ADD, A)
    desk.send_all()
    assert desk.clock.waits == [4.0, 4.0]


def test_where_the_platform_can_not_be_reached_nothing_is_put_in_a_file(desk):
    desk.ask(ADD, A)
    nobody = FoldersError("LOGIN_REFUSED", "530 No.", "user_name, password", refused=True)
    desk.site.fail("connect", nobody, times=3)
    (done,) = desk.send_all()
    assert (done.file, done.left) == (None, "conax: LOGIN_REFUSED: 530 No.")
    assert desk.files() == []
    assert desk.send() == ["ps000001 1"]


def test_a_platform_that_keeps_failing_is_left_alone(desk):
    desk.change(breaker=Breaker(failures=2, pause_s=60.0))
    desk.ask(ADD, A)
    desk.site.fail("connect", times=9)
    (done,) = desk.send_all()
    assert len(paths(desk, "connect")) == 2
    (done,) = desk.send_all()
    assert done.left == "conax keeps failing and is left alone for a while."
    assert len(paths(desk, "connect")) == 2
    desk.clock.sleep(60.0)
    (done,) = desk.send_all()  # one try, and it is left alone again
    assert len(paths(desk, "connect")) == 3


def test_one_success_closes_the_circuit(desk):
    desk.change(breaker=Breaker(failures=3, pause_s=60.0))
    desk.limit(1)
    desk.ask(ADD, A, B, C)
    for at in (1, 4):
        desk.site.fail("write", LOST, at, times=2)
    assert len(desk.send()) == 3


def test_a_provider_that_is_not_effective_any_more_is_sent_nothing_more(desk):
    desk.limit(1)
    desk.ask(ADD, A, B)
    done = []
    for one in upload.send_files(desk.engine.context, desk.provider, until=desk.now):
        done.append(one)
        desk.change(effective=False)
    assert [one.left for one in done] == ["", "conax is NOT_EFFECTIVE: nothing is sent to it."]
    assert arrived(desk) == ["ps000001.emm"]


def test_a_provider_that_is_reached_elsewhere_now_is_reached_there(desk):
    desk.limit(1)
    desk.ask(ADD, A, B)
    for _ in upload.send_files(desk.engine.context, desk.provider, until=desk.now):
        desk.change(connection={**desk.provider.connection, "host_name": "new.test"})
    assert [one.host for one in desk.site.sites] == ["sas.test", "new.test"]
    assert desk.site.open == 0


def test_a_file_that_was_not_begun_gets_another_number_where_its_name_is_taken(desk):
    desk.ask(ADD, A)
    desk.site.fail("size", times=3)
    desk.send_all()
    desk.site.folders["/op/autreq/ok"]["ps000001.emm"] = b"somebody else's"
    assert desk.sent() == ["ps000002"]
    assert arrived(desk) == ["ps000002.emm"]
    assert desk.site.waiting["ps000002.emm"].split(b"\r\n")[1] == b"000002"


def test_it_can_be_stopped_after_each_file(desk):
    desk.limit(1)
    desk.ask(ADD, A, B, C)
    desk.send_all(stop=lambda: len(arrived(desk)) == 2)
    assert arrived(desk) == ["ps000001.emm", "ps000002.emm"]
    assert desk.sent() == ["ps000003"]


def test_what_is_chosen_goes_alone_and_what_was_left_waits_for_the_run(desk):
    desk.ask(ADD, A)
    desk.site.fail("rename", SAID_NO, times=3)
    desk.send_all()
    (chosen,) = desk.ask(ADD, B)
    assert desk.sent(only=[chosen]) == ["ps000002"]
    assert desk.sent() == ["ps000001"]


def test_several_who_send_at_once_send_each_file_once(desk):
    desk.limit(1)
    cards = [f"0123456789{number}" for number in range(8)]
    desk.ask(ADD, *cards)
    told = []

    def send():
        told.extend(one.file.name for one in upload.send_files(desk.engine.context, desk.provider, until=desk.now))

    senders = [threading.Thread(target=send) for _ in range(3)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    names = [f"ps00000{number}" for number in range(1, 9)]
    assert sorted(told) == names
    assert sorted(arrived(desk)) == [f"{name}.emm" for name in names]
    assert sorted(card for name in names for card in desk.cards(name)) == cards


def test_a_file_s_records_are_read_by_the_page(desk, monkeypatch, statements):
    monkeypatch.setattr(upload, "PAGE", 2)
    desk.ask(ADD, *(f"0123456789{number}" for number in range(5)))
    with statements(desk.engine.context.database) as said:
        assert desk.sent() == ["ps000001"]
    assert len([one for one in said if "requests.place, requests.id) >" in one]) == 3
    assert len(desk.cards("ps000001")) == 5
