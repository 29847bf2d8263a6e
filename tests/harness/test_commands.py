"""The command line, on an engine and a platform that run on sockets."""

import json
import socket
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from harness.cli.main import main
from harness.clients import ControlClient, EngineClient


def test_an_action_is_carried_out_and_its_requests_are_shown(headend, subscribed):
    result = headend("act", "add_service", subscribed, "product=Cinema", "distributors=TUCANO_MAIN")
    assert result.exit_code == 0
    assert "ACTIVATE_OPTIONS" in result.stdout
    assert "COMPLETED" in result.stdout


def test_an_action_in_json_is_what_the_engine_answered(headend, subscribed):
    result = headend("act", "STOP_SERVICE", subscribed, "service=Sport", "--json")
    answer = json.loads(result.stdout)
    assert answer["action"] == "STOP_SERVICE"
    assert [(one["type"], one["parameters_set"]["options"]) for one in answer["requests"]] == [
        ("SUSPEND_OPTIONS", ["OPT_SPORT"])
    ]


@pytest.mark.parametrize(
    "case",
    [
        (("act", "FLY", "S1"), 2, "Unknown action 'FLY'"),
        (("act", "ACTIVATE_SUBSCRIPTION", "S9999999999"), 2, "Unknown subscription 'S9999999999'; known: S00"),
        (("act", "ADD_SERVICE", "{}", "product=Chess"), 2, "Unknown product 'Chess'"),
        (("act", "ADD_SERVICE", "{}", "product=Cinema", "distributors=ATTIC"), 2, "Unknown distributor 'ATTIC'"),
        (("act", "ADD_SERVICE", "{}", "product"), 2, "Found 'product'; wanted is name=value"),
        (("act", "ADD_SERVICE", "{}", "colour=red"), 2, "Unknown field 'colour'; known: components, distributors"),
        (("act", "ADD_SERVICE", "product=Sport"), 2, "ADD_SERVICE needs a subscription"),
        (("act", "BECOME_SUBSCRIBER", "services.0=Sport"), 2, "wanted is services.0.NAME=VALUE, with one of: product"),
        (("act", "BECOME_SUBSCRIBER"), 2, "subscriber is wanted."),
        (("act", "ADD_SERVICE", "{}", "--details", "[1]"), 2, "--details is no JSON object"),
        (("act", "ADD_SERVICE", "{}", "--details", "{"), 2, "--details is not JSON"),
        (
            ("act", "ADD_SERVICE", "{}", "product=Cinema", "state=ASLEEP"),
            2,
            "Unknown state 'ASLEEP'; known: DRAFT, EFFECTIVE.",
        ),
        (("act", "ACTIVATE_SUBSCRIPTION", "{}"), 1, "is EFFECTIVE; wanted: DRAFT or NOT_EFFECTIVE"),
        (("reset", "S9999999999"), 2, "Unknown subscription"),
        (("reset", "{}", "--provider", "smoke"), 2, "Unknown provider 'smoke'; known: "),
        (
            ("requests", "--state", "ASLEEP"),
            2,
            "Unknown life cycle state 'ASLEEP'; known: COMPLETED, PENDING, REJECTED",
        ),
        (("show", "S9999999999"), 2, "Unknown subscription"),
        (("journal", "smoke"), 2, "smoke"),
        (("state", "smoke"), 2, "smoke"),
        (("outage", "smoke"), 2, "smoke"),
        (("outage", "tucano", "--for", "soon"), 2, "'soon' is no span of time; wanted is one such as 90s"),
        (("outage", "tucano", "--over"), 1, "tucano is not down"),
        (("outage", "tucano", "--every", "24h"), 2, "--every wants a shorter --for"),
        (("outage", "tucano", "--from", "2030-01-01"), 2, "has no time with an offset"),
        (("snapshot", "smoke", "before"), 2, "smoke"),
        (("snapshot", "tucano", "--restore"), 2, "A name is wanted"),
        (("snapshot", "tucano", "never", "--restore"), 2, "there is no snapshot 'never'"),
        (("forget", "tucano", "T9"), 2, "tucano holds nothing of T9"),
        (("fault", "gremlins"), 2, "'gremlins' is not one of 'outage', 'lost_request', 'lost_reply'"),
        (("fault", "refuse", "code=UNKNOWN_USER"), 2, "Another platform is named with --platform"),
        (("fault", "lost_reply", "operation=PAIR"), 2, "Another platform is named with --platform"),
        (("fault", "latency", "delay_s"), 2, "Found 'delay_s'; wanted is name=value"),
        (("fault", "--remove", "gremlins"), 2, "gremlins"),
        (("table", "smoke"), 2, "Unknown table 'smoke'; known: actions, capabilities, conax, icareus, irdeto, tucano."),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence_and_changes_nothing(headend, stack, subscribed, case):
    arguments, status, sentence = case
    engine = EngineClient(stack.addresses["engine"], stack.addresses["token"])
    control = ControlClient(stack.addresses["control"])
    before = (engine.show(subscribed), control.state("tucano"), control.faults())
    result = headend(*(argument.replace("{}", subscribed) for argument in arguments))
    assert result.exit_code == status
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert (engine.show(subscribed), control.state("tucano"), control.faults()) == before


def test_where_the_platform_is_named_nobody_is_told_to_name_it(headend):
    refused = headend("fault", "lost_reply", "operation=FLY", "--platform", "irdeto")
    assert (refused.exit_code, "irdeto has no operation 'FLY'" in refused.stderr) == (2, True)
    assert "--platform" not in refused.stderr


def test_an_outage_leaves_the_subscription_out_of_sync_until_the_reset(headend, subscribed):
    assert headend("outage", "tucano", "--for", "10m").exit_code == 0
    acted = headend("act", "ADD_SERVICE", subscribed, "product=Cinema", "distributors=TUCANO_MAIN")
    assert acted.exit_code == 1
    assert f"`headend reset {subscribed}` repairs it" in acted.stdout
    assert "OUT OF SYNC" in headend("show", subscribed).stdout
    assert headend("outage", "tucano", "--over").exit_code == 0
    preview = headend("reset", subscribed, "--preview")
    assert (preview.exit_code, preview.stdout.splitlines()[1].split()[:2]) == (0, ["tucano", "ACTIVATE_OPTIONS"])
    reset = headend("reset", subscribed)
    assert reset.exit_code == 0, reset.output + headend("requests", "--subscription", subscribed, "--json").output
    assert "tucano: in sync" in headend("show", subscribed).stdout
    assert "nothing to send" in headend("reset", subscribed).stdout
    assert headend("reset", subscribed, "--preview").stdout == "Nothing would be sent.\n"


def test_a_lost_reply_leaves_with_the_status_of_doubt(headend, subscribed):
    assert headend("fault", "lost_reply").exit_code == 0
    acted = headend("act", "ADD_SERVICE", subscribed, "product=Cinema", "distributors=TUCANO_MAIN")
    assert acted.exit_code == 3
    assert "lost_reply" in headend("fault").stdout
    assert headend("fault", "--remove", "lost_reply").exit_code == 0
    assert headend("reset", subscribed).exit_code == 0


def test_a_refusal_by_the_platform_is_shown_in_its_words(headend, subscribed):
    headend("fault", "refuse", "code=UNKNOWN_OPTION", "times=1", "--name", "no")
    acted = headend("act", "ADD_SERVICE", subscribed, "product=Cinema", "distributors=TUCANO_MAIN")
    assert acted.exit_code == 1
    assert "UNKNOWN_OPTION" in acted.stdout
    assert "spent" in headend("fault").stdout
    headend("fault", "--clear")
    assert headend("fault").stdout == "No faults.\n"


def test_the_journal_is_shown_as_text_json_har_and_a_diagram(headend, subscribed):
    assert "+option OPT_SPORT" in headend("journal").stdout
    entries = json.loads(headend("journal", "--json", "--operation", "CREATE_ACCOUNT").stdout)
    assert {entry["operation"] for entry in entries} == {"CREATE_ACCOUNT"}
    lines = headend("journal", "--format", "jsonl").stdout.splitlines()
    assert all(json.loads(line)["platform"] == "tucano" for line in lines)
    assert json.loads(headend("journal", "--format", "har").stdout)["log"]["version"] == "1.2"
    assert headend("journal", "--format", "mermaid").stdout.startswith("sequenceDiagram")


def test_what_the_platform_holds_is_shown(headend, subscribed):
    account = json.loads(headend("show", subscribed, "--json").stdout)["providers"]["tucano"]["account"]
    assert f"{account}: account {account}" in headend("state").stdout
    assert account in json.loads(headend("state", "--json").stdout)["holdings"]


def test_subscriptions_and_requests_are_listed(headend, subscribed):
    assert subscribed in headend("show").stdout
    assert subscribed in {one["number"] for one in json.loads(headend("show", "--json").stdout)}
    listed = headend("requests", "--subscription", subscribed, "--type", "ADD_MATERIAL", "--state", "COMPLETED")
    assert len(listed.stdout.splitlines()) == 2
    texts = headend("requests", "--subscription", subscribed, "--type", "ADD_MATERIAL", "--texts").stdout
    assert '<command name="ADD_MATERIAL"' in texts
    assert "Authorization: Basic headend:***" in texts


def test_the_tables_are_printed_from_the_rows_that_run(headend):
    rows = json.loads(headend("table", "tucano", "--json").stdout)
    assert [row["request"] for row in rows] == [
        "CREATE_ACCOUNT",
        "REMOVE_MATERIAL",
        "ADD_MATERIAL",
        "SUSPEND_OPTIONS",
        "ACTIVATE_OPTIONS",
    ]
    assert "TERMINATE_SUBSCRIPTION" in headend("table", "actions").stdout
    details = "subscriber (first_name, last_name), [services (product)], [items (product, serial_number)], [state]"
    assert details in headend("table", "actions").stdout
    assert headend("act", "--list").stdout == headend("table", "actions").stdout


def test_no_address_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADEND_HOME", str(tmp_path))
    result = CliRunner().invoke(main, ["show"])
    assert result.exit_code == 2
    assert "start `headend up`, or say where with --engine URL" in result.stderr


def test_an_engine_that_does_not_answer_is_a_sentence(headend):
    result = headend("show", "--engine", "http://127.0.0.1:1")
    assert result.exit_code == 2
    assert "The engine at http://127.0.0.1:1 does not answer" in result.stderr
    assert "may have been executed" not in headend("reset", "S1", "--engine", "http://127.0.0.1:1").stderr
    assert headend("reset", "S1", "--engine", "http://127.0.0.1:1").exit_code == 2
    assert headend("reset", "S1", "--engine", "http://nobody.invalid").exit_code == 2
    assert headend("reset", "S1", "--engine", "127.0.0.1").exit_code == 2


@contextmanager
def answering(answer):
    """An engine that takes one call, and gives these bytes for an answer."""

    def take():
        connection, _address = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=take)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(20)


FAILED = b'{"status": {"code": "INTERNAL_ERROR", "description": "", "message": "The engine failed."}, "data": {}}'
HEAD = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        HEAD % (b"200 OK", 99, b'{"status'),
        HEAD % (b"200 OK", 8, b'{"status'),
        HEAD % (b"500 Internal Server Error", len(FAILED), FAILED),
        HEAD % (b"503 Service Unavailable", 0, b""),
    ],
    ids=["hangs up", "breaks off", "half of it", "fails", "is overrun"],
)
def test_an_engine_that_may_have_executed_what_it_does_not_answer_for_leaves_with_the_status_of_doubt(headend, answer):
    for command in (("act", "STOP_SERVICE", "S1", "service=Sport"), ("reset", "S1")):
        with answering(answer) as url:
            result = headend(*command, "--engine", url)
        assert result.exit_code == 3, result.output
        assert "The call may have been executed; look with `headend show`." in result.stderr
    with answering(answer) as url:
        assert headend("show", "S1", "--engine", url).exit_code == 2


def test_an_action_where_something_was_out_of_sync_before_leaves_with_the_status_of_a_refusal(headend, subscribed):
    headend("fault", "refuse", "code=UNKNOWN_OPTION", "times=1", "--name", "no")
    assert headend("act", "ADD_SERVICE", subscribed, "product=Cinema", "distributors=TUCANO_MAIN").exit_code == 1
    box = ("product=STB", f"serial_number={subscribed}-2", "distributors=TUCANO_MAIN")
    acted = headend("act", "ADD_INSTALLED_ITEM", subscribed, *box)
    assert "ADD_MATERIAL" in acted.stdout
    assert "REJECTED" not in acted.stdout
    assert acted.exit_code == 1
    assert f"`headend reset {subscribed}` repairs it" in acted.stdout
    headend("fault", "--clear")
    assert headend("reset", subscribed).exit_code == 0
