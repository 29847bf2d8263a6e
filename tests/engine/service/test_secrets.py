"""The password, and the form in which it crosses the wire: in no stored text, no answer, no log, no error message."""

import json
import logging
import traceback
from base64 import b64encode
from types import SimpleNamespace
from xml.sax.saxutils import escape

import pytest

from engine.api.app import api
from engine.api.site import site_of
from engine.domain.errors import InvalidError
from engine.ports import Failure, Reply
from engine.service.configure import configure
from engine.store.database import Database

NUMBER = "S0000000001"


@pytest.fixture
def secrets(password):
    """Every form of the password that may be met with."""
    return {
        password,
        escape(password),
        escape(password, {'"': "&quot;"}),
        escape(password, {'"': "&quot;", "'": "&apos;"}),
        b64encode(f"headend:{password}".encode()).decode(),
    }


ON_SQLITE = (
    "CREATE TRIGGER is_full BEFORE UPDATE ON providers BEGIN SELECT RAISE(ABORT, 'is_full'); END",
    "DROP TRIGGER is_full",
)
# A check that fails is answered with the whole row.
ON_POSTGRESQL = (
    "ALTER TABLE providers ADD CONSTRAINT is_full CHECK (false) NOT VALID",
    "ALTER TABLE providers DROP CONSTRAINT is_full",
)


def told(value):
    return json.dumps(value, ensure_ascii=False, default=str).replace('\\"', '"')


@pytest.fixture(scope="module")
def served():
    """The Web API, made once, because that takes longer than most tests; and its site, which each test changes."""
    place = SimpleNamespace()
    return api(place), place


@pytest.fixture
def leaks(engine, served, secrets, caplog, dump):
    """Where a form of the password is found in what the engine keeps, shows and logs."""
    caplog.set_level(logging.DEBUG)
    app, place = served
    vars(place).update(vars(site_of(engine, "t")))
    client = app.test_client()

    def answer(call):
        given = client.get(call, headers={"Authorization": "Bearer t"})
        assert given.status_code == 200, given.text
        return told(given.json)

    def found():
        rows = [row for table, rows in dump(engine).items() if table != "providers" for row in rows]
        kept = [value if isinstance(value, str) else told(value) for row in rows for value in row]
        calls = ["/subscriptions/list", "/provisioning/provisioning_requests/list", "/provisioning/providers/list"]
        shown = [answer(call) for call in calls]
        texts = {"rows": "\n".join(kept), "answers": "\n".join(shown), "log": caplog.text}
        return [place for place, text in texts.items() for secret in secrets if secret in text]

    return found


def echoing(secret):
    """Answers in which a platform repeats what it should not."""
    error = f'<error code="{secret}">you said {secret}</error>'
    return {
        "body": lambda _reference: Reply(200, "OK", {}, f"<!-- {secret} --><response/>".encode()),
        "header": lambda _reference: Reply(500, "Oh", {"X-You-Said": f"Basic {secret}"}),
        "reason": lambda _reference: Reply(500, f"No {secret} here"),
        "busy": lambda _reference: Reply(503, f"Tired of {secret}"),
        "refusal by HTTP": lambda _reference: Reply(401, f"{secret} is wrong"),
        "refusal": lambda reference: Reply(
            200,
            "OK",
            {},
            f'<response reference="{reference}" status="REJECTED" id="{secret}">{error}</response>'.encode(),
        ),
        "consent": lambda reference: Reply(
            200, "OK", {}, f'<response reference="{reference}" status="ACCEPTED" id="{secret}"/>'.encode()
        ),
        "failure": lambda _reference: Failure("REPLY_LOST", f"They hung up on {secret}", sent=True),
    }


@pytest.mark.parametrize("form", range(5))
@pytest.mark.parametrize("way", echoing(""))
def test_a_platform_that_echoes_the_password_is_not_kept_verbatim(
    way, form, engine, subscribe, platform, secrets, leaks
):
    subscribe(engine)
    secret = sorted(secrets)[form]
    in_xml = escape(secret, {'"': "&quot;"}) if way in {"refusal", "consent"} else secret
    answer = echoing(in_xml)[way]
    platform.answer_with(*[lambda message: answer(platform.read(message)[1])] * 3)
    (request,) = engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"]).requests
    kept = (
        request.request + request.response + request.error_code + request.error_description + request.reference_number
    )
    assert "***" in kept.replace("Basic headend:***", "")
    assert leaks() == []


@pytest.mark.parametrize("way", echoing(""))
def test_no_other_secret_of_the_connection_is_kept_either(way, engine, change, subscribe, platform, leaks, secrets):
    signing = "s<gn&'me\"-s<gn&'me\"-s<gn&'me\"-s<gn&'me"
    change(connection={**engine.context.provider("tv").connection, "jwt_secret": signing})
    subscribe(engine)
    for form in (signing, escape(signing), b64encode(signing.encode()).decode()):
        secrets.add(form)
        in_xml = escape(form, {'"': "&quot;"}) if way in {"refusal", "consent"} else form
        answer = echoing(in_xml)[way]
        platform.answer_with(*[lambda message, answer=answer: answer(platform.read(message)[1])] * 3)
        engine.reset(NUMBER)
        engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"])
        engine.act("REMOVE_SERVICE", NUMBER, service="KIDS")
    assert any("***" in one.response + one.error_description for one in engine.requests())
    assert leaks() == []
    assert signing not in repr(platform.messages)


def test_an_exchange_as_it_should_be_keeps_no_secret_and_says_who_asked(engine, subscribe, leaks):
    subscribe(engine)
    assert all("Authorization: Basic headend:***" in one.request for one in engine.requests())
    assert leaks() == []


def test_a_failure_that_nobody_foresaw_is_logged_and_tells_the_caller_nothing(
    engine, subscribe, platform, password, leaks, caplog
):
    subscribe(engine)

    def fail(message):
        raise ZeroDivisionError(f"at {message.url}")

    platform.before_answer = fail
    body = {"subscription_identifier": {"number": NUMBER}, "product": "KIDS", "distributors": ["MAIN"], "token": "t"}
    answer = api(site_of(engine, "t")).test_client().post("/subscriptions/add_service", json=body)
    assert (answer.status_code, answer.json["status"]["code"]) == (500, "INTERNAL_ERROR")
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text
    assert leaks() == []


def test_what_is_passed_around_does_not_show_the_password_when_printed(engine, subscribe, platform, password):
    subscribe(engine)
    assert password not in repr(engine.context.provider("tv"))
    assert password not in repr(platform.messages[0])
    assert platform.messages[0].credentials == ("headend", password)


@pytest.fixture
def full(engine):
    """A database that takes no provider any more, until the test ends."""
    database = engine.context.database
    before, after = ON_POSTGRESQL if database.shared else ON_SQLITE
    execute(database, before)
    yield database
    execute(database, after)


def execute(database, statement):
    with database.transaction() as connection:
        connection.exec_driver_sql(statement)


def test_an_error_of_the_database_does_not_tell_what_was_to_be_written(engine, full, password, configuration):
    with pytest.raises(Exception, match="is_full") as failure:
        configure(engine.context, [configuration])
    told = "".join(traceback.format_exception(failure.value))
    assert password not in told
    assert "fish" not in told


@pytest.mark.parametrize(
    "url",
    ["u:secret@host", "postgresql://u:secret@host:port/db", "mysql://u:secret@host/db", "none://u:secret@host/db"],
)
def test_a_database_url_that_can_not_be_read_is_not_repeated(url):
    with pytest.raises(InvalidError) as refusal:
        Database(url)
    assert refusal.value.field == "database"
    assert "secret" not in refusal.value.message


def test_a_configuration_that_is_refused_does_not_tell_the_password(engine, configuration, tmp_path, password):
    broken = tmp_path / "broken.toml"
    text = configuration.read_text(encoding="utf-8")
    for old, new in (
        ('user_name = "headend"', "user_name = 1"),
        ("attempts = 3", "attempts = 'x'"),
        ('"Main"', '"\\u0001"'),
    ):
        assert old in text
        broken.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(InvalidError) as refusal:
            engine.configure(broken)
        assert password not in refusal.value.message
