"""What a subscriber orders, with a token that is taken."""

import threading

import pytest
import requests
from lxml import etree

from simulators.kit.faults import Fault
from simulators.kit.platform import BODY_LIMIT, Request
from simulators.kit.simulator import Simulator
from simulators.kit.state_file import StateFile
from simulators.tucano import wire
from simulators.tucano.codes import CODES, TokenCode
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.tucano.bearer import CLAIMS, token
from tests.simulators.tucano.conftest import Subscriber
from tests.simulators.tucano.test_hostile import hostile


def test_an_order_is_taken_and_remembered_with_its_moment(any_subscriber, workspace):
    workspace.clock.advance(61.75)
    answer = any_subscriber.order("MOVIE-1")
    assert (answer.status, answer.http.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert dict(answer.root.attrib) == {"status": "ACCEPTED", "id": "TX-2"}
    assert [(part.tag, dict(part.attrib)) for part in answer.root] == [
        ("order", {"content": "MOVIE-1", "at": "2026-01-01T00:01:01Z"})
    ]
    assert workspace.holdings() == {"T100001": ["account T100001", "order MOVIE-1"]}
    assert workspace.memory()["accounts"]["T100001"]["orders"] == {"MOVIE-1": {"at": "2026-01-01T00:01:01Z"}}


def test_the_journal_says_who_ordered_what(subscriber, workspace):
    subscriber.order("MOVIE-1")
    entry = workspace.journal.find()[-1]
    assert (entry.operation, entry.subject, entry.effect, entry.difference, entry.path, entry.status) == (
        "ORDER",
        "T100001",
        "applied",
        ["+order MOVIE-1"],
        "/tucano/orders",
        200,
    )
    assert entry.parameters == {"account": "T100001", "content": "MOVIE-1"}
    assert entry.request == '<order content="MOVIE-1"/>'
    verified = workspace.verify("at_least", [{"operation": "ORDER", "parameters": {"content": "MOVIE-1"}}])
    assert verified.passed


def test_the_same_content_again_is_accepted_and_keeps_the_moment_of_the_first_order(subscriber, workspace):
    first = subscriber.order("MOVIE-1")
    workspace.clock.advance(60)
    again = subscriber.order("MOVIE-1")
    assert again.accepted
    assert dict(again.root.find("order").attrib) == dict(first.root.find("order").attrib)
    assert (first.transaction, again.transaction) == ("TX-2", "TX-3")
    assert [entry.effect for entry in workspace.journal.find()] == ["applied", "applied", "unchanged"]


def test_two_accounts_order_the_same_content_apart(subscriber, caller, workspace):
    caller.create("S2")
    subscriber.order("MOVIE-1")
    subscriber.bear({**CLAIMS, "userid": "T100002"})
    subscriber.order("MOVIE-2")
    assert workspace.holdings() == {
        "T100001": ["account T100001", "order MOVIE-1", "order MOVIE-2"],
        "T100002": ["account T100002", "order MOVIE-1"],
    }


def test_an_account_is_shown_with_its_orders_sorted(subscriber, caller, workspace):
    assert caller.show().root.find("account/orders") is None
    subscriber.order("MOVIE-2")
    workspace.clock.advance(60)
    subscriber.order("MOVIE-1")
    account = caller.show().root.find("account")
    assert [part.tag for part in account] == ["options", "materials", "orders"]
    assert [dict(order.attrib) for order in account.find("orders")] == [
        {"content": "MOVIE-1", "at": "2026-01-01T00:01:00Z"},
        {"content": "MOVIE-2", "at": "2026-01-01T00:00:00Z"},
    ]


def test_a_question_repeated_is_answered_with_the_orders_of_the_first_time_after_a_restart_too(
    subscriber, caller, workspace
):
    subscriber.order("MOVIE-1")
    first = caller.show(reference="Q")
    workspace.remember(workspace.memory())
    assert caller.show(reference="Q").body == first.body


def test_other_changes_leave_the_orders_alone(subscriber, caller, workspace):
    subscriber.order("MOVIE-1")
    caller.add("STB-1")
    caller.activate("OPT_RELIGION")
    caller.suspend("OPT_RELIGION")
    caller.remove("STB-1")
    assert workspace.holdings()["T100001"] == ["account T100001", "order MOVIE-1"]


def test_orders_are_in_snapshots_and_go_back_with_them(subscriber, workspace):
    subscriber.order("MOVIE-1")
    workspace.snapshot("one")
    subscriber.order("MOVIE-2")
    workspace.restore("one")
    assert workspace.holdings()["T100001"] == ["account T100001", "order MOVIE-1"]


def test_orders_outlive_the_process_in_its_state_file(subscriber, simulator, workspace, tmp_path):
    subscriber.order('Ünal & "co" — 1')
    StateFile(tmp_path / "state.json", {"tucano": simulator}).save()
    other = Simulator(simulator.platform)
    StateFile(tmp_path / "state.json", {"tucano": other}).load()
    assert other.workspace().holdings() == workspace.holdings()
    assert other.workspace().memory() == workspace.memory()


@pytest.mark.parametrize(
    "orders",
    [
        {"": {"at": "2026-01-01T00:00:00Z"}},
        {"a\nb": {"at": "2026-01-01T00:00:00Z"}},
        {"a\n": {"at": "2026-01-01T00:00:00Z"}},
        {"a\x85": {"at": "2026-01-01T00:00:00Z"}},
        {"x" * 201: {"at": "2026-01-01T00:00:00Z"}},
        {"x": {"at": "2026-01-01T00:00:00"}},
        {"x": {"at": "2026-01-01T00:00:00.5Z"}},
        {"x": {"at": "2026-01-01T00:00:00+01:00"}},
        {"x": {}},
        {"x": None},
        ["x"],
    ],
)
def test_a_memory_has_no_orders_that_could_not_have_come(subscriber, workspace, orders):
    memory = workspace.memory()
    memory["accounts"]["T100001"]["orders"] = orders
    with pytest.raises(ValueError, match="this is no memory of Tucano's"):
        workspace.remember(memory)


def test_a_memory_has_no_answers_with_codes_of_others(caller, workspace):
    caller.show(reference="Q")
    memory = workspace.memory()
    memory["answers"]["Q"]["answer"]["code"] = "SOMETHING"
    with pytest.raises(ValueError, match="there is no code 'SOMETHING'; there are ACCOUNT_EXISTS, "):
        workspace.remember(memory)


CONTENTS = ["1", " ", "a b", "x" * 200, "Ünal", "€", "漢字", "\U0001f3ac", "&lt;&amp;", "a/b?c=d#e", "null"]


@pytest.mark.parametrize("content", CONTENTS)
def test_any_printable_id_of_a_content_is_taken(subscriber, workspace, content):
    answer = subscriber.order(content)
    assert answer.accepted
    wire.schema().check(etree.fromstring(answer.body))
    meant = etree.fromstring(f'<a b="{content}"/>').get("b")
    assert answer.root.find("order").get("content") == meant
    assert workspace.journal.find()[-1].difference == [f"+order {meant}"]


BROKEN = [
    ("", "/"),
    ("<order/>", "/order"),
    ('<order content=""/>', "/order"),
    (f'<order content="{"x" * 201}"/>', "/order"),
    ('<order content="a&#10;b"/>', "/order"),
    ('<order content="a&#9;b"/>', "/order"),
    ('<order content="&#x85;"/>', "/order"),
    ('<order content="&#x2028;"/>', "/order"),
    ('<order content="&#x200b;"/>', "/order/@content"),
    ('<order content="&#x202e;"/>', "/order/@content"),
    ('<order content="&#xa0;"/>', "/order/@content"),
    ('<order content="&#0;"/>', "/"),
    ('<order content="x" reference="1"/>', "/order"),
    ('<order content="x" account="T100002"/>', "/order"),
    ('<order content="x">text</order>', "/order"),
    ('<order content="x"><option id="O"/></order>', "/order"),
    ('<command name="GET_ACCOUNT" reference="1"><account id="T100001"/></command>', "/command"),
    ('<response status="ACCEPTED" id="1"/>', "/response"),
    ('<order xmlns="urn:x" content="x"/>', "/order"),
]


@pytest.mark.parametrize(("body", "path"), BROKEN)
def test_what_breaks_the_contract_is_malformed_and_changes_nothing(subscriber, workspace, body, path):
    answer = subscriber.post(body)
    assert (answer.status, answer.error[0], "reference" in answer.root.attrib) == (200, "MALFORMED", False)
    entry = workspace.journal.violations()[0]
    assert (entry.operation, entry.effect, entry.violations[0].path) == ("MALFORMED", "rejected", path)
    assert workspace.holdings() == {"T100001": ["account T100001"]}


def test_an_order_is_no_command_and_a_command_no_order(subscriber, caller):
    assert caller.post('<order content="x"/>').error == ("MALFORMED", "/order: only a command can be asked for")
    asked = caller.command("GET_ACCOUNT", '<account id="T100001"/>')
    assert subscriber.post(asked).error == ("MALFORMED", "/command: only an order can be asked for")


def test_an_order_comes_in_any_character_set_that_a_command_does(subscriber, workspace):
    how = {"headers": {"Content-Type": "text/xml; charset=UTF-16"}}
    answer = subscriber.post('<order content="Ünal"/>'.encode("UTF-16"), **how)
    assert answer.http.headers["Content-Type"] == "text/xml; charset=utf-16"
    assert 'content="Ünal"' in answer.body.decode("utf-16")
    answer = subscriber.post(b"<a/>", headers={"Content-Type": "text/xml; charset=koi8-r"})
    assert answer.error[0] == "UNSUPPORTED_ENCODING"


@pytest.mark.parametrize("kind", hostile())
def test_a_hostile_body_is_malformed(subscriber, workspace, kind):
    assert subscriber.post(hostile()[kind]).error[0] == "MALFORMED"
    assert workspace.holdings() == {"T100001": ["account T100001"]}
    assert subscriber.order().accepted


def test_entities_name_no_content(subscriber):
    for declared in ('"x"', 'SYSTEM "file:///etc/hostname"'):
        body = f'<!DOCTYPE order [<!ENTITY x {declared}>]><order content="&x;"/>'
        assert subscriber.post(body).error == ("MALFORMED", "/: a document type is not allowed")


def test_ten_megabytes_are_not_read(any_subscriber, workspace):
    answer = any_subscriber.post(b" " * (10 << 20))
    assert (answer.status, answer.http.text) == (413, f"an order has at most {BODY_LIMIT} bytes\n")
    entry = workspace.journal.find()[-1]
    assert (entry.operation, entry.request) == ("TOO_LARGE", "")
    assert any_subscriber.post(b" " * (10 << 20), "Bearer word").status == 401
    assert any_subscriber.order().accepted


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_orders_are_posted_and_nothing_else(any_subscriber, workspace, method):
    answer = any_subscriber.session.request(method, f"{any_subscriber.url}?xsd")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert workspace.journal.find()[-1].operation == "METHOD_NOT_ALLOWED"


def test_a_workspace_has_orders_of_its_own(any_subscriber, any_caller, simulator):
    any_subscriber.url = any_subscriber.url.replace("/tucano/orders", "/w/other/tucano/orders")
    other = simulator.workspace("other")
    assert any_subscriber.order().error[0] == "TOKEN_EXPIRED"  # by the other workspace's clock
    other.clock.freeze(NEW_YEAR)
    assert any_subscriber.order().error == ("UNKNOWN_ACCOUNT", "T100001")
    any_caller.url = any_caller.url.removesuffix("/tucano") + "/w/other/tucano"
    any_caller.create()
    assert any_subscriber.order().accepted
    assert other.holdings() == {"T100001": ["account T100001", "order MOVIE-1"]}
    assert simulator.workspace().holdings() == {"T100001": ["account T100001"]}


def test_during_an_outage_nothing_is_ordered(any_subscriber, workspace):
    with workspace.down(), pytest.raises(OSError, match="refused"):
        any_subscriber.order()
    assert workspace.journal.count() == 1
    assert any_subscriber.order().accepted


def test_a_lost_reply_leaves_an_order_that_may_be_sent_again(any_subscriber, workspace):
    workspace.faults.put(Fault("l", "lost_reply", operation="ORDER", subject="T100001", times=1))
    with pytest.raises(requests.ConnectionError):
        any_subscriber.order()
    assert any_subscriber.order().accepted
    assert [(entry.outcome, entry.effect) for entry in workspace.journal.find()[1:]] == [
        ("lost", "applied"),
        ("answered", "unchanged"),
    ]


def test_a_busy_platform_takes_no_order_and_leaves_commands_alone(any_subscriber, any_caller, workspace):
    workspace.faults.put(Fault("b", "busy", operation="ORDER", times=2))
    assert any_caller.show().accepted
    assert any_subscriber.order().status == 503
    assert any_subscriber.order(authorization="").status == 503  # busy is busy, whoever calls
    assert any_subscriber.order().accepted


@pytest.mark.parametrize("code", CODES)
def test_an_order_can_be_refused_on_order_with_any_code(subscriber, workspace, code):
    workspace.faults.put(Fault("r", "refuse", operation="ORDER", code=code, detail="said", times=1))
    answer = subscriber.order()
    assert (answer.status, answer.error) == (401 if code in set(TokenCode) else 200, (code, "said"))
    assert ("WWW-Authenticate" in answer.http.headers) == (answer.status == 401)
    wire.schema().check(etree.fromstring(answer.body))
    assert workspace.journal.find()[-1].effect == "rejected"
    assert subscriber.order().accepted


def test_a_command_can_be_refused_on_order_with_the_code_of_a_token(caller, workspace):
    workspace.faults.put(Fault("r", "refuse", code="TOKEN_EXPIRED", times=1))
    answer = caller.create(reference="7")
    assert (answer.status, answer.error) == (401, ("TOKEN_EXPIRED", "S1"))
    workspace.remember(workspace.memory())
    assert caller.create(reference="7").body == answer.body


def test_a_fault_that_refuses_waits_for_an_order_that_can_be_read(subscriber, workspace):
    workspace.faults.put(Fault("r", "refuse", operation="ORDER", code="MALFORMED", times=1))
    assert subscriber.order(authorization="").error[0] == "TOKEN_MISSING"
    assert subscriber.order().error == ("MALFORMED", "T100001")


def test_everything_that_is_answered_to_orders_keeps_the_contract(subscriber, caller, workspace):
    subscriber.order()
    subscriber.bear({**CLAIMS, "userid": "T9"})
    subscriber.order(authorization="")
    subscriber.post("junk")
    caller.show()
    for entry in workspace.journal.find():
        wire.schema().check(etree.fromstring(entry.response.encode()))


def test_a_hundred_orders_at_once_are_counted_exactly(simulator, caller, new_year, workspace):
    caller.create()
    start, answers = threading.Barrier(20), []

    def call(number: int) -> None:
        start.wait(10)
        for turn in range(5):  # of every content one of its own, and one of everybody's
            for content in (f"OWN-{number}-{turn}", f"SHARED-{turn}"):
                body = f'<order content="{content}"/>'.encode()
                request = Request("POST", "/tucano/orders", body, authorization=f"Bearer {token()}")
                answers.append(simulator.answer(request).reply.status)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [200] * 200
    effects = [entry.effect for entry in workspace.journal.find()[1:]]
    assert (effects.count("applied"), effects.count("unchanged")) == (105, 95)
    assert len(workspace.memory()["accounts"]["T100001"]["orders"]) == 105
    assert workspace.memory()["next_transaction"] == 202


def test_orders_and_commands_at_once_over_sockets_are_all_carried_out(socket_caller, session, new_year, workspace):
    socket_caller.create()
    subscriber = Subscriber(session, socket_caller)

    def order(number: int) -> None:
        for turn in range(5):
            subscriber.order(f"MOVIE-{number}-{turn}")

    threads = [threading.Thread(target=order, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for number in range(20):
        socket_caller.add(f"STB-{number}")
    for thread in threads:
        thread.join(60)
    held = workspace.holdings()["T100001"]
    assert len([line for line in held if line.startswith("order ")]) == 100
    assert len([line for line in held if line.startswith("material ")]) == 20
