"""Files as users see them: by the page, with their texts; and one that the platform has lost is sent again."""

from datetime import timedelta

import pytest

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError, UnknownFieldError
from engine.ports import About
from engine.service.files.upload import send_files
from engine.store import requests
from tests.engine.at_conax import add_conax, card, lines, subscribe_at_conax

COLLECT = (
    '[[definitions]]\ncode = "COLLECT"\nname = "C"\nkind = "error_handling"\nprovider = "conax"\neffective = true\n'
)
CARDS = ("01234567890", "01234567891")


@pytest.fixture
def site(engine, tmp_path):
    site = add_conax(engine, tmp_path)
    engine.load_configuration({"collect": COLLECT})
    for number, one in enumerate(CARDS, start=1):
        subscribe_at_conax(engine, f"S{number}", card(one))
    return site


@pytest.fixture
def send(engine, site):
    """Send what is due; with services, ask for them on both cards first."""

    def sent(*services):
        context = engine.context
        for service in services:
            with context.database.transaction() as connection:
                numbers = requests.take_numbers(connection, "conax", len(CARDS))
                for key, (number, one) in enumerate(zip(numbers, CARDS, strict=True), start=1):
                    said = {"smartcard": one, "service": service, "distributor": "CONAX_MAIN"}
                    row = {
                        "number": number, "type": "ADD_SUBSCRIPTIONS", "sequence_number": 1, "subscription_id": key,
                        "provider": "conax", "parameters_set": said, "process_name": "PROCESS", "process_id": 1,
                        "created_date": context.clock.now(), "process_immediately": False,
                        **About(one, service, "", "CONAX_MAIN")._asdict(),
                    }  # fmt: skip
                    requests.add(connection, [row])
        found = send_files(context, context.provider("conax"), until=context.clock.now())
        return [one.file.name for one in found]

    return sent


def names(page):
    return [one.name for one in page.results]


def test_files_are_listed_by_what_they_are(engine, site, send, clock):
    send("10001001")
    clock.at += timedelta(hours=24, minutes=1)
    send("10001002")
    assert names(engine.files()) == ["ps000001.emm", "ps000002.emm"]
    assert names(engine.files(1, 1)) == ["ps000002.emm"]
    assert names(engine.files(overdue=True)) == ["ps000001.emm"]
    assert names(engine.files(name="ps000002.emm")) == names(engine.files(name="ps000002")) == ["ps000002.emm"]
    site.accept("ps000001.emm")
    engine.run("COLLECT")
    assert names(engine.files(state="ACCEPTED", provider="conax")) == ["ps000001.emm"]
    assert (engine.files(overdue=True).total, engine.files().total) == (0, 2)


@pytest.mark.parametrize(
    ("filters", "error"),
    [
        ({"state": "GONE"}, UnknownError),
        ({"provider": "nobody"}, UnknownError),
        ({"colour": "red"}, UnknownFieldError),
    ],
)
def test_filters_that_nothing_has_are_refused(filters, error, engine, site):
    with pytest.raises(error):
        engine.files(**filters)


def test_nothing_is_overdue_where_no_provider_takes_files(engine):
    assert engine.files(overdue=True).total == 0


def test_a_file_is_shown_with_its_text_that_is_made_again(engine, site, send):
    send("10001001")
    (file,) = engine.files().results
    assert (file.reference_number, file.records, file.state, file.overdue, file.text) == (
        "000001",
        2,
        "SENT",
        False,
        None,
    )
    shown = engine.file("ps000001.emm", text=True)
    assert shown.text.encode() == site.waiting["ps000001.emm"]
    assert lines(site.waiting["ps000001.emm"])[9:11] == list(CARDS)
    assert engine.file(file.id) == file


def test_a_text_whose_requests_went_on_to_other_files_is_not_made_up(engine, site, send):
    send("10001001")
    site.refuse("ps000001.emm", "ERR_CARDNUM", 10)
    engine.run("COLLECT")
    assert (engine.file("ps000001").code, engine.file("ps000001").line) == ("ERR_CARDNUM", 10)
    with pytest.raises(NotAllowedError, match="1 of its 2 requests went on to other files"):
        engine.file("ps000001", text=True)


@pytest.mark.parametrize("which", [7, "ps000007"])
def test_a_file_that_there_is_not_is_unknown(which, engine, site):
    with pytest.raises(UnknownError):
        engine.file(which)


def test_a_name_that_two_providers_have_wants_the_provider(engine, site, send):
    send("10001001")
    second = engine.context.provider("conax")
    text = f"""
[[providers]]
code = "conax2"
name = "Conax 2"
protocol = "conax"
connection = {{ host_name = "{second.connection["host_name"]}2", user_name = "us", password = "hush" }}
"""
    engine.load_configuration({"second": text})
    with engine.context.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE files SET provider = 'conax2'")
    send("10001002")
    with engine.context.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE files SET name = 'ps000001'")
    with pytest.raises(InvalidError, match="wanted: conax or conax2"):
        engine.file("ps000001")
    assert engine.file("ps000001", "conax2").provider == "conax2"


def test_a_file_that_the_platform_has_lost_is_sent_again_under_its_number(engine, site, send):
    send("10001001")
    before = site.waiting.pop("ps000001.emm")
    assert engine.resend_file("ps000001.emm").state == "MADE"
    assert [one.life_cycle_state for one in engine.requests()] == ["PENDING"] * 2
    assert send() == ["ps000001"]
    assert site.waiting == {"ps000001.emm": before}
    assert engine.file("ps000001").state == "SENT"


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (lambda _site: None, "it waits there still"),
        (lambda site: site.accept("ps000001.emm"), "it was accepted, which the error-handling run takes down"),
        (lambda site: site.refuse("ps000001.emm", "ERR_NAME", 0), "it was refused, which the error-handling run"),
    ],
)
def test_a_file_that_is_at_the_platform_is_not_sent_again(happens, why, engine, site, send, dump):
    send("10001001")
    happens(site)
    before = dump(engine)
    with pytest.raises(NotAllowedError, match=rf"ps000001.emm is at the platform: {why}"):
        engine.resend_file("ps000001")
    assert dump(engine) == before


def test_a_file_that_was_answered_or_not_sent_is_not_sent_again(engine, site, send):
    send("10001001")
    site.accept("ps000001.emm")
    engine.run("COLLECT")
    with pytest.raises(NotAllowedError, match="is ACCEPTED; wanted: SENT"):
        engine.resend_file("ps000001")


def test_where_it_cannot_be_looked_up_nothing_is_sent_again(engine, site, send):
    send("10001001")
    site.waiting.clear()
    site.fail("connect", times=3)
    with pytest.raises(NotAllowedError, match="can't be reached"):
        engine.resend_file("ps000001")
    assert engine.file("ps000001").state == "SENT"
