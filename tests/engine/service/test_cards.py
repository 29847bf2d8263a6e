"""What is asked for a card by hand, where the platform takes files: messages, queries, pairs, authorisations."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.request import Priority, RequestState
from engine.ports import FoldersError
from engine.service.asked import Asked
from engine.store import schema
from tests.engine.at_conax import add_conax, card, lines, subscribe_at_conax
from tests.engine.both import add_irdeto

NUMBER, CARD, STB = "C1", "012345678901", "09000000000"
LOST = FoldersError("CONNECTION_LOST", "They hung up.")
BARK = Asked("send_message", {"message_type": "BARK", "text": "Hello", "sequence": 255, "duration": 20}, CARD)
MAIL = Asked("send_message", {"message_type": "MAIL", "text": "Hello"}, CARD)
PAIR = Asked("pair", {}, CARD, process_immediately=False)
ADD = Asked("add_subscriptions", {"products": ("NEWS",)}, CARD, process_immediately=False)


@pytest.fixture
def site(engine, tmp_path):
    """A subscription with a card and an STB at Conax, which has not been told of it."""
    site = add_conax(engine, tmp_path)
    subscribe_at_conax(engine, NUMBER, card(CARD), card(STB, "STB"))
    return site


def waiting(site):
    """What waits for the platform, by name."""
    return {name: lines(content) for name, content in site.waiting.items()}


def test_a_message_is_put_at_the_platform_at_once_and_waits_for_its_answer(engine, site):
    made = engine.ask(BARK)
    assert (made.type, made.life_cycle_state) == ("SEND_BARK_MESSAGE_TO_CLIENT", RequestState.PENDING)
    assert (made.file, made.process_name, made.provider) == ("gp000001", "UTILITY", "conax")
    (file,) = waiting(site).values()
    assert file[3] == "010548656c6c6f0201ff04020014"
    assert file[9:11] == ["00001", CARD[:11]]


def test_mail_has_no_duration_and_both_have_the_longest_sequence_where_none_is_said(engine, site):
    engine.ask(MAIL)
    assert [file[3] for file in waiting(site).values()] == ["010548656c6c6f0201ff04020000"]


def test_a_query_is_put_at_the_platform_too(engine, site):
    assert engine.ask(Asked("query", {}, CARD)).type == "QUERY_STATUS"
    assert [file[8:10] for file in waiting(site).values()] == [["00001", CARD[:11]]]


def test_only_what_is_asked_for_is_sent_at_once(engine, site):
    engine.ask(replace(MAIL, process_immediately=False))
    engine.ask(BARK)
    assert [file[3][-8:] for file in waiting(site).values()] == ["04020014"]


def test_what_is_left_for_later_waits_for_the_processing_run_in_no_file(engine, site):
    made = engine.ask(replace(MAIL, process_immediately=False, scheduled_date=engine.time()[0] + timedelta(hours=1)))
    assert (made.life_cycle_state, made.file, site.journal) == (RequestState.PENDING, "", [])


def test_what_can_not_be_put_there_stays_pending(engine, site):
    site.fail("connect", LOST, times=3)
    made = engine.ask(BARK)
    assert (made.life_cycle_state, made.file, site.waiting) == (RequestState.PENDING, "", {})


def test_two_messages_to_one_card_are_two_requests(engine, site):
    assert [engine.ask(MAIL).file for _ in range(2)] == ["gp000001", "gp000002"]


def test_the_stb_beside_the_card_is_paired_with_it(engine, site):
    made = engine.ask(PAIR)
    assert made.parameters_set == {"smartcard": CARD, "stb": STB, "distributor": "CONAX_MAIN"}
    assert site.journal == []


def test_a_pair_goes_at_once_and_first_where_that_is_said(engine, site):
    engine.ask(replace(PAIR, process_immediately=True, priority=Priority.EXPRESS))
    (file,) = waiting(site).values()
    assert file[5] == "01"
    assert file[9:11] == [f"S{CARD[:11]}", f"V{STB}"]


def test_the_answer_to_a_query_is_in_its_request(engine, site):
    made = engine.ask(Asked("query", {}, CARD))
    holds = f'<AuthorisationStatus cardNo="{CARD[:11]}"/>'
    site.accept("sc000001.emm", f"<AuthorisationStatuses>{holds}</AuthorisationStatuses>".encode())
    engine.run("ANSWERS")
    (ended,) = engine.requests(id=made.id)
    assert (ended.life_cycle_state, ended.reference_number) == (RequestState.COMPLETED, "000001")
    assert ended.answer is not None


def test_an_existing_pair_is_loaded(engine, site):
    other = "09000000018"
    engine.act("ADD_INSTALLED_ITEM", NUMBER, **card(other, "STB"))
    assert engine.ask(PAIR).parameters_set["stb"] == STB
    with pytest.raises(NotAllowedError, match=r"Request 1 of conax, CREATE_PAIRING of .* is PENDING"):
        engine.ask(PAIR)
    made = engine.ask(replace(PAIR, said={"stb": other}))
    assert made.parameters_set["stb"] == other
    with pytest.raises(NotAllowedError, match="Request 2 of conax"):
        engine.ask(PAIR)


def test_a_card_without_an_stb_says_what_is_lacking(engine, site):
    subscribe_at_conax(engine, "C2", card("01234567999"), card("09000000026", "STB", "CONAX_TWIN1"))
    alone = replace(PAIR, serial_number="01234567999")
    with pytest.raises(NotAllowedError, match="C2 has no STB beside it on CONAX_MAIN; wanted: one there, or stb") as it:
        engine.ask(alone)
    assert it.value.field == "stb_identifier"
    assert engine.ask(replace(alone, said={"stb": "09000000026"})).parameters_set["stb"] == "09000000026"
    engine.act("ADD_INSTALLED_ITEM", "C2", **card("09000000034", "STB"))
    with pytest.raises(NotAllowedError, match="CREATE_PAIRING of 09000000026 on 01234567999, is PENDING"):
        engine.ask(alone)


def test_a_card_is_authorised_by_hand_for_one_service_or_several(engine, site):
    both = engine.ask_several(replace(ADD, said={"products": ("Sport", "NEWS")}))
    assert [(one.type, one.parameters_set) for one in both] == [
        ("ADD_SUBSCRIPTIONS", {"smartcard": CARD, "service": ca_id, "distributor": "CONAX_MAIN"})
        for ca_id in ("10001002", "10001001")
    ]
    assert [one.number for one in both] == [1, 2]
    assert len({one.process_id for one in both}) == 1
    assert site.journal == []


@pytest.mark.parametrize("utility", ["add_subscriptions", "cancel_subscriptions"])
def test_a_start_date_is_that_of_the_file(utility, engine, site, clock):
    said = {"products": ("NEWS",), "start_date": clock.now() + timedelta(days=10, seconds=30)}
    made = engine.ask(replace(ADD, utility=utility, said=said, process_immediately=True))
    assert made.parameters_set["start_date"] == "2030-06-25T12:00:00+00:00"
    assert [file[3:5] for file in waiting(site).values()] == [["203006251200", "203007252359"]]


def test_what_is_asked_for_already_is_refused_with_the_number_of_the_request(engine, site, dump):
    engine.ask(ADD)
    before = dump(engine)
    for utility in ("add_subscriptions", "cancel_subscriptions"):
        with pytest.raises(NotAllowedError, match="Request 1 of conax, ADD_SUBSCRIPTIONS of 10001001 on 012345678901"):
            engine.ask_several(replace(ADD, utility=utility, said={"products": ("SPORT", "NEWS")}))
    assert dump(engine) == before


@pytest.mark.parametrize("asked", [MAIL, BARK, ADD, PAIR])
def test_what_waits_for_a_card_is_not_for_whoever_has_it_then(asked, engine, site):
    made = engine.ask(replace(asked, process_immediately=False))
    for serial_number in (CARD, STB):
        engine.act("REMOVE_INSTALLED_ITEM", NUMBER, item=serial_number)
    subscribe_at_conax(engine, "C2", card(CARD), products=())
    engine.run("SEND")
    (left,) = engine.requests(id=made.id)
    assert (left.life_cycle_state, left.error_code) == (RequestState.REJECTED, "NO_DEVICE")
    assert {name[:2] for name in site.waiting} <= {"cs"}  # what was asked for by hand is not wanted any more


def test_a_card_has_an_id_of_its_own_at_the_platform(engine, site):
    engine.act("ADD_INSTALLED_ITEM", NUMBER, **card("CARD-2"), ca_ids={"conax": "01234567902"})
    engine.ask(replace(BARK, serial_number="CARD-2"))
    assert [file[10] for file in waiting(site).values()] == ["01234567902"]


DEVICE, PRODUCTS = "installed_item_identifier", "product_identifiers"
REFUSED = [
    (replace(BARK, serial_number="0199"), UnknownError, "Unknown installed item '0199'", DEVICE),
    (replace(BARK, serial_number=STB), NotAllowedError, "of product STB; wanted: .* signals .SMARTCARD.", DEVICE),
    (replace(BARK, serial_number="ELSEWHERE"), NotAllowedError, "on MAIN; wanted: .* tucano takes no messages", DEVICE),
    (replace(BARK, serial_number="", to_all=True), InvalidError, "only installed_item_identifier", "to_all"),
    (replace(BARK, said=BARK.said | {"text": "x" * 130}), InvalidError, "130 characters; wanted: 1 to 129", "text"),
    (replace(MAIL, said=MAIL.said | {"text": "x" * 142}), InvalidError, "142 characters; wanted: 1 to 141", "text"),
    (replace(BARK, said=BARK.said | {"sequence": 256}), InvalidError, "found 256; wanted: a whole number", "sequence"),
    (replace(BARK, said=BARK.said | {"duration": 0}), InvalidError, "found 0; wanted: a whole number", "duration"),
    (replace(MAIL, said=MAIL.said | {"duration": 9}), InvalidError, "it is for BARK", "duration"),
    (replace(ADD, said={"products": ("OPERA",)}), UnknownError, "Unknown product 'OPERA'", PRODUCTS),
    (replace(ADD, said={"products": ("KIDS",)}), NotAllowedError, "no CA ID at conax; wanted: one of NEWS", PRODUCTS),
    (replace(ADD, said={"products": ("NEWS", "news")}), InvalidError, "found NEWS twice", PRODUCTS),
    (replace(ADD, said={"products": ("STB",)}), NotAllowedError, "a service is wanted", PRODUCTS),
    (
        replace(ADD, provider="tv"),
        NotAllowedError,
        "tucano authorises nothing by hand",
        "provisioning_provider_identifier",
    ),
    (
        replace(PAIR, said={"stb": CARD}),
        NotAllowedError,
        r"is paired with one that gets signals \(STB\)",
        "stb_identifier",
    ),
    (replace(PAIR, said={"stb": "ELSEWHERE"}), UnknownError, "Unknown installed item of C1", "stb_identifier"),
]


@pytest.mark.parametrize(("asked", "error", "why", "field"), REFUSED)
def test_what_can_not_be_asked_is_refused_before_anything_is_made(asked, error, why, field, engine, site, dump):
    subscribe_at_conax(engine, "C9", card("ELSEWHERE", distributor="MAIN"), products=())
    before = dump(engine)
    with pytest.raises(error, match=why) as raised:
        engine.ask(asked)
    assert raised.value.field == field
    assert (site.journal, dump(engine)) == ([], before)


@pytest.mark.parametrize("asked", [BARK, Asked("query", {}, CARD), PAIR, ADD])
def test_a_card_that_the_platform_could_not_read_is_refused(asked, engine, site):
    with engine.context.database.transaction() as connection:  # as it was before the provider came
        connection.execute(update(schema.items).values(ca_ids={"conax": "0123456789"}))
    with pytest.raises(InvalidError, match="012345678901 is '0123456789' at conax; wanted: 11 or 12 digits") as raised:
        engine.ask(asked)
    assert raised.value.field == DEVICE


def test_a_start_whose_period_is_over_is_refused(engine, site, clock):
    start = clock.now() - timedelta(days=32)
    with pytest.raises(InvalidError, match=r"start_date: found 2030-05-14T12:00Z; wanted: .* ended 2030-06-14T23:59Z"):
        engine.ask(replace(ADD, said=ADD.said | {"start_date": start}))
    assert engine.ask(replace(ADD, said=ADD.said | {"start_date": start + timedelta(days=1)})).number == 1


def test_of_several_platforms_that_have_a_utility_the_devices_own_is_meant(engine, site, platform, tmp_path):
    add_irdeto(engine, platform, tmp_path)
    assert engine.ask(MAIL).provider == "conax"
    with pytest.raises(InvalidError, match="one of ca, conax"):
        engine.ask(replace(MAIL, serial_number="NOBODYS"))
    with pytest.raises(NotAllowedError, match=r"ca is of protocol irdeto; wanted: one of protocol conax \(conax\)"):
        engine.ask(replace(MAIL, provider="ca", protocol="conax"))
