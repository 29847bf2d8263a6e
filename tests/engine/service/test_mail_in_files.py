"""The mail run where the platform takes files: what is the same shares one, and nobody is told twice."""

from dataclasses import replace

import pytest

from engine.domain.errors import InvalidError
from engine.ports import FoldersError
from engine.service.asked import Asked
from tests.engine.at_conax import CONFIGURATION, accept_all, add_conax, card, lines, subscribe_at_conax

NUMBERS = [f"C{number}" for number in range(5)]
LOST = FoldersError("CONNECTION_LOST", "They hung up.")


def card_of(number):
    """The card of a subscription, by its number."""
    return f"0123456789{number[1:]}"


def die(_operation, _path):
    raise RuntimeError("killed")


@pytest.fixture
def site(engine, tmp_path):
    """Five subscriptions with a card each at Conax, which has not been told of them."""
    site = add_conax(engine, tmp_path)
    for number in NUMBERS:
        subscribe_at_conax(engine, number, card(card_of(number)))
    return site


@pytest.fixture
def set_up(engine, site):
    """Set the mail run up, with these filters."""

    def done(**said):
        known = engine.context.configuration
        changed = replace(known.definitions["BARK"], filters={"external_system": "CRM", **said})
        engine.context.configuration = replace(known, definitions={**known.definitions, "BARK": changed})

    return done


def queue(engine, *numbers, text="Hello"):
    return [engine.queue_text(number, text, "CRM").id for number in numbers]


def states(engine):
    return [one.state.value for one in engine.entries().results]


def cards(content):
    """The payload of a message file, and its cards."""
    return lines(content)[3], lines(content)[10:-2]


def messages(site):
    """The message files that were put there, once for each time."""
    names = [path.rpartition("/")[2] for path in site.uploads()]
    return [name for name in names if name.startswith("gp")]


def said(engine, run):
    return [line.message for line in engine.run_log(run.id).results]


def test_entries_with_one_text_share_a_file(engine, site):
    queue(engine, *NUMBERS)
    queue(engine, "C2", text="Hi")
    run = engine.run("BARK")
    assert (run.state, run.counts.changed, run.counts.requests) == ("COMPLETED", 6, 6)
    assert [cards(content) for content in site.waiting.values()] == [
        ("010548656c6c6f0201070402001e", [card_of(number) for number in NUMBERS]),
        ("010248690201070402001e", [card_of("C2")]),
    ]
    assert said(engine, run)[-2:] == [
        "conax: gp000001.emm SEND_BARK_MESSAGE_TO_CLIENT: 5 records, sent",
        "conax: gp000002.emm SEND_BARK_MESSAGE_TO_CLIENT: 1 records, sent",
    ]
    assert states(engine) == ["PENDING"] * 6


def test_an_entry_that_waits_for_its_answer_is_taken_by_no_other_run(engine, site):
    queue(engine, "C1")
    engine.run("BARK")
    run = engine.run("BARK")
    assert (run.counts.examined, len(site.waiting)) == (0, 1)
    engine.run("SEND")
    assert messages(site) == ["gp000001.emm"]


def test_each_card_of_a_subscription_is_told_and_no_stb(engine, site):
    other = "01234567899"
    engine.act("ADD_INSTALLED_ITEM", "C0", **card("09000000000", "STB"))
    engine.act("ADD_INSTALLED_ITEM", "C0", **card(other))
    queue(engine, "C0")
    engine.run("BARK")
    assert [cards(content)[1] for content in site.waiting.values()] == [[card_of("C0"), other]]


@pytest.mark.parametrize(
    ("number", "text", "why"),
    [
        ("C1", "x" * 130, "text: found 130 characters; wanted: 1 to 129 for BARK."),
        ("C9", "Hello", "conax holds no device of C9."),
    ],
)
def test_what_can_not_be_told_is_rejected_with_the_reason(number, text, why, engine, site):
    subscribe_at_conax(engine, "C9", card("01234567999", distributor="MAIN"), products=())
    queue(engine, number, text=text)
    run = engine.run("BARK")
    assert (run.state, states(engine)) == ("COMPLETED_WITH_ERRORS", ["REJECTED"])
    assert [one.reason for one in engine.entries().results] == [why]
    assert site.journal == []


def test_a_card_that_has_left_its_subscription_is_not_told_though_it_holds_something_still(engine, site):
    engine.run("SEND")
    accept_all(engine, site)
    engine.act("REMOVE_INSTALLED_ITEM", "C1", item=card_of("C1"))
    queue(engine, "C1")
    engine.run("BARK")
    assert (states(engine), site.waiting) == (["REJECTED"], {})


def test_an_entry_ends_with_the_answer(engine, site):
    queue(engine, "C1", "C2")
    engine.run("BARK")
    accept_all(engine, site)
    assert states(engine) == ["COMPLETED"] * 2


def test_what_others_have_left_is_not_sent_with_it(engine, site):
    engine.ask(Asked("query", {}, card_of("C1"), process_immediately=False))
    queue(engine, "C1")
    engine.run("BARK")
    assert list(site.waiting) == ["gp000001.emm"]


def test_what_says_nothing_else_is_for_the_mailbox(engine, site, set_up):
    set_up()
    queue(engine, "C1")
    (foreseen,) = engine.preview("BARK").results
    assert foreseen.request == "SEND_MAIL_MESSAGE_TO_CLIENT"
    engine.run("BARK")
    assert [cards(content)[0][-8:] for content in site.waiting.values()] == ["04020000"]


def test_what_is_left_to_the_processing_run_goes_with_that(engine, site, set_up):
    set_up(process_immediately="false", priority="EXPRESS")
    queue(engine, "C1", "C2")
    run = engine.run("BARK")
    assert (run.counts.changed, site.journal) == (2, [])
    assert said(engine, run) == [f"entry {key}: left to the processing run" for key in (1, 2)]
    engine.run("SEND")
    assert messages(site) == ["gp000001.emm"]


def test_a_platform_that_is_not_reached_is_told_by_the_processing_run_once(engine, site):
    queue(engine, "C1", "C2")
    site.fail("connect", LOST, times=3)
    run = engine.run("BARK")
    assert (run.state, run.counts.errors, site.waiting) == ("COMPLETED_WITH_ERRORS", 1, {})
    assert "CONNECTION_LOST" in said(engine, run)[-1]
    engine.run("SEND")
    assert [cards(site.waiting[name])[1] for name in site.waiting if name.startswith("gp")] == [
        [card_of("C1"), card_of("C2")]
    ]
    engine.run("BARK")
    assert messages(site) == ["gp000001.emm"]


def test_a_run_that_was_interrupted_sends_what_it_has_made_when_it_goes_on(engine, site):
    queue(engine, "C1", "C2")
    usual, site.before = site.before, die
    run = engine.run("BARK")
    assert run.state == "FAILED"
    site.before = usual
    engine.resume(run.id)
    assert engine.wait_for(run.id, 10).state == "COMPLETED"
    assert [cards(content)[1] for content in site.waiting.values()] == [[card_of("C1"), card_of("C2")]]
    assert len(site.uploads()) == 1


@pytest.mark.parametrize(
    ("filters", "path", "why"),
    [
        ('message_type = "MESSAGE"', "message_type", "found 'MESSAGE'; wanted: one of MAIL, BARK."),
        ('text_mode = "ANSI"', "", "found 'text_mode'; wanted: one of external_system, priority, process_immediately"),
        ('sequence = "256"', "sequence", "found '256'; wanted: a whole number from 1 to 255."),
        ('sequence = ""', "sequence", "found ''; wanted: a text that is not empty."),
        ('duration = "20"', "duration", "found '20' with MAIL; wanted: none, it is for BARK."),
        ('message_type = "BARK", duration = "x"', "duration", "found 'x'; wanted: a whole number from 1 to 65535."),
    ],
)
def test_a_filter_that_the_platform_would_not_understand_is_refused_with_its_path(
    filters, path, why, engine, tmp_path, dump
):
    site = add_conax(engine, tmp_path)
    before = dump(engine)
    said = CONFIGURATION.replace('message_type = "BARK", sequence = "7", duration = "30"', filters)
    (tmp_path / "conax.toml").write_text(said, encoding="utf-8")
    with pytest.raises(InvalidError) as raised:
        engine.configure(tmp_path / "conax.toml")
    where = "definitions[BARK].filters" + (f".{path}" if path else "")
    assert f"{where}: {why}" in raised.value.message
    assert raised.value.field == where
    assert (site.journal, dump(engine)) == ([], before)
