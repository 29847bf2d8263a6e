"""Calls with every field wrong in turn: HTTP 4xx, with code, field and a sentence, and nothing has changed."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.api.routes import ROUTES
from engine.clock import MovableClock
from engine.service import runs
from engine.service.access import AccessToken
from engine.service.asked import Asked
from tests.engine.api.archiving import put_away
from tests.engine.api.bodies import CALLS, CODE, NUMBER, PIN, changed, fields, inside, without
from tests.engine.at_conax import add_conax, card, subscribe_at_conax
from tests.engine.both import add_irdeto

WRONG = {
    "null": None,
    "a number": 12345.5,
    "a whole number": 4711,
    "a truth": True,
    "an empty object": {},
    "an object": {"x": {"y": 1}},
    "a list of lists": [[]],
    "a long text": "x" * 201,
    "a control character": "a\u0000b",
    "half a character": "\ud83d",
    "what never was": "NO-SUCH-THING",
}
MAPS = {"ca_ids", "files"}  # objects whose names stand for a value, and not for a field
# Any text will do for these, and any number for the last.
TEXTS = ("first_name", "last_name", "email", "phone", "language", "street", "postal_code", "city", "region", "country")
TAKEN_AT_THEIR_WORD = {
    *((name, "what never was") for name in (*TEXTS, "serial_number", "tv", "number", "customer_number")),
    *((name, "what never was") for name in ("subscription_type", "authentication_code", "identifier", "pass_code")),
    *((name, "an empty object") for name in ("ca_ids", "address", "files")),
    *((name, "what never was") for name in ("text", "external_system", "archive_password")),
    ("text", "a long text"),
    *((name, "a truth") for name in ("process_immediately", "to_all")),
    *((name, "a whole number") for name in ("days", "duration")),
    *(("advance_s", number) for number in ("a number", "a whole number")),
}
NEW = ("access_token_identifier", "/tucano/subscriber/access_tokens")  # an identifier of what there need not be yet
SIGNING = {"jwt_secret": "a secret of at least thirty-two bytes", "api_provider": "headend", "token_life_minutes": "10"}
named_by_path = pytest.mark.parametrize("call", CALLS, ids=str)


class Told(set):
    """A set that lets something come when it gets its first member."""

    def __init__(self, event):
        super().__init__()
        self._event = event

    def add(self, member):
        super().add(member)
        self._event.set()


@pytest.fixture
def go_on():
    """What lets the answer come for which a run waits."""
    event = threading.Event()
    yield event
    event.set()


def card_and_stb(engine, folder):
    """A subscription at Conax."""
    there = add_conax(engine, folder)
    subscribe_at_conax(engine, "C1", card("01234567890"), card("09000000000", "STB"))
    return there


def lose_a_file(engine, folder):
    """A file that was sent to Conax, and is there no more."""
    there = card_and_stb(engine, folder)
    engine.ask(Asked("query", {}, "01234567890", provider="conax"))
    there.waiting.clear()


@pytest.fixture
def steps(engine, subscribe, define, change, clock, platform, go_on, tmp_path):
    """What may have to be done before a call, besides actions."""
    reached = threading.Event()

    def wait(_message):
        reached.set()
        assert go_on.wait(10)

    def open_shop():
        change(connection={**engine.context.configuration.provider("tv").connection, **SIGNING})
        engine.grant_access(NUMBER, AccessToken(**CODE))
        engine.grant_access(NUMBER, AccessToken(**PIN))

    def going():
        define()
        engine.act("REST_SUBSCRIPTION", NUMBER, until="2030-06-20")
        clock.at += timedelta(days=30)
        platform.before_answer = wait
        engine.context.running.stopping = Told(go_on)
        engine.submit("MAINTENANCE")
        assert reached.wait(10)

    def draft():
        define()
        runs.create(engine.context, "MAINTENANCE")

    def movable():
        engine.context = replace(engine.context, clock=MovableClock())

    def at_irdeto():
        add_irdeto(engine, platform, tmp_path)
        engine.act("CHANGE_DISTRIBUTION", NUMBER, items=["B-1-1"], put_on=["CA_MAIN"])

    def pass_time():
        clock.at += timedelta(hours=2)

    return {
        "open shop": open_shop,
        "going on": going,
        "draft": draft,
        "defined": define,
        "movable": movable,
        "at irdeto": at_irdeto,
        "at conax": lambda: card_and_stb(engine, tmp_path),
        "a lost file": lambda: lose_a_file(engine, tmp_path),
        "an archive": lambda: put_away(engine, tmp_path),
        "an entry": lambda: engine.queue_text(NUMBER, "Hello", "CRM"),
        "two hours": pass_time,
        "another": lambda: subscribe(engine, number="S2", customer_number="C1"),
        "scheduled": lambda: engine.schedule("STOP_SERVICE", NUMBER, clock.now() + timedelta(days=1), service="NEWS"),
        "not effective": lambda: engine.set_provider_effective("tv", effective=False),
    }


@pytest.fixture
def prepare(engine, subscribe, steps, site, go_on):
    """Do what must be done before a call."""

    def done(call):
        subscribe(engine, customer_number="C1", subscription_type="HOME")
        for step in call.before:
            if isinstance(step, str):
                steps[step]()
            else:
                engine.act(step[0], NUMBER, **step[1])

    yield done
    go_on.set()
    for thread in list(engine.context.running.threads.values()):
        thread.join(10)


@pytest.fixture
def refused(engine, client, prepare, platform, dump):
    """Make a call ready; then call as often as wanted, be refused, and see that nothing has changed or been sent."""
    before = []

    def ready(call):
        prepare(call)
        platform.messages.clear()
        before.append(dump(engine))

        def post(body):
            answer = client.post(call.path, json=body)
            status = answer.json["status"]
            assert 400 <= answer.status_code < 500, (body, answer.status_code, status)
            assert status["code"]
            assert status["message"]
            assert len(answer.data) < 2000
            assert "Traceback" not in answer.text
            return status

        return post

    yield ready
    assert [dump(engine)] == before
    assert platform.messages == []


def found(status):
    return f"{status['description']} {status['message']}"


def in_identifier(path):
    """The names up to an identifier's, where the path ends inside one; then it is the whole that is wrong."""
    ends = [index for index, name in enumerate(path) if str(name).endswith("_identifier")]
    return path[: ends[0] + 1] if ends else ()


def test_no_call_that_changes_something_is_left_out():
    """Who adds a call adds its body to the table; then all of this is tested of it too."""
    assert {call.path for call in CALLS} == {route.path for route in ROUTES if route.method == "POST"}


def test_every_field_that_a_call_has_is_in_a_body_of_it():
    for route in ROUTES:
        if route.method == "POST":
            said = {name for call in CALLS if call.path == route.path for name in call.body}
            assert said == set(route.body.__struct_fields__) - {"scheduled_date"}, route.path


@named_by_path
def test_the_bodies_are_in_order_where_nothing_is_wrong_with_them(call, client, prepare):
    prepare(call)
    answer = client.post(call.path, json=call.body)
    assert answer.status_code in {200, 202}, answer.json


@named_by_path
def test_a_field_that_is_wrong_is_refused_by_its_name(call, refused):
    post = refused(call)
    for path in fields(call.body):
        name = next(name for name in reversed(path) if isinstance(name, str))
        for wrong, value in WRONG.items():
            whole = in_identifier(path)
            if (name, wrong) in TAKEN_AT_THEIR_WORD and (not whole or (whole[-1], call.path) == NEW):
                continue
            status = post(changed(call.body, path, value))
            if wrong == "half a character":  # which is no JSON
                assert status["description"] == "body"
            elif whole:
                assert status["description"].partition(".")[0] in whole[-1], (path, wrong, status)
                assert status["description"], (path, wrong, status)
            else:
                assert any(str(name) in found(status) for name in path), (path, wrong, status)


@named_by_path
def test_a_field_that_is_missing_is_refused_by_its_name(call, refused):
    post = refused(call)
    for path in fields(call.body):
        name = path[-1]
        if isinstance(name, str) and name not in call.optional and path[-2:-1] not in {(one,) for one in MAPS}:
            status = post(without(call.body, path))
            wanted = (in_identifier(path) or path)[-1]
            assert wanted in found(status), (path, status)


MORE = ("more", "self", "action", "subscription", "context", "", "x" * 10_000, "\u0000")


@named_by_path
def test_a_field_too_many_is_refused_by_its_name(call, refused):
    post = refused(call)
    for name in MORE:
        assert name in post(call.body | {name: 1})["message"] or len(name) > 200 or name == "\u0000"
    for path in fields(call.body):
        if isinstance(inside(call.body, (*path, "")), dict) and path[-1] not in MAPS:
            status = post(changed(call.body, (*path, "colour"), "red"))
            assert "colour" in found(status) or path[-1] in found(status), (path, status)


IDENTIFIERS = (
    {},
    [],
    NUMBER,
    {"colour": "red"},
    {"id": 0},
    {"id": "1"},
    {"number": 1},
    {"number": None},
    {"number": ""},
    {"number": [NUMBER]},
    {"number": {"number": "x" * 50_000}},
    {"number": NUMBER, "id": 1},
)


@named_by_path
def test_an_identifier_has_its_own_key_and_no_other(call, refused):
    post = refused(call)
    for name in call.body:
        if name.endswith("_identifier"):
            own = call.body[name]
            for wrong in (*IDENTIFIERS, {**own, "colour": "red"}, *({key: None} for key in own)):
                if "customer" in name and wrong == {"number": NUMBER}:
                    continue
                status = post(call.body | {name: wrong})
                assert status["description"].partition(".")[0] == name, (name, wrong, status)


LATE = ["2030-06-14T12:00:00Z", "2031-01-01T12:00:00", "2031-01-01", "tomorrow", 4711, True, [], {}, "x" * 201]
SCHEDULABLE = [
    call
    for call in CALLS
    for route in ROUTES
    if route.path == call.path and "scheduled_date" in getattr(route.body, "__struct_fields__", ())
]


@pytest.mark.parametrize("call", SCHEDULABLE, ids=str)
def test_a_moment_that_is_none_or_has_passed_is_refused(call, refused):
    post = refused(call)
    for moment in LATE:
        assert post(call.body | {"scheduled_date": moment})["description"] == "scheduled_date"


@pytest.mark.parametrize("call", SCHEDULABLE, ids=str)
def test_what_is_in_order_can_wait(call, client, prepare):
    prepare(call)
    assert client.post(call.path, json=call.body | {"scheduled_date": "2031-01-01T12:00:00Z"}).status_code == 202
