"""What users see of a subscription at a platform that takes files: what was asked for there, and what it has said."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.ports import About
from engine.service.files.upload import send_files
from engine.store import requests
from tests.engine.at_conax import add_conax, card, subscribe_at_conax

COLLECT = (
    '[[definitions]]\ncode = "COLLECT"\nname = "C"\nkind = "error_handling"\nprovider = "conax"\neffective = true\n'
)
CARD, STB, NEWS = "01234567890", "09876543210", "10001001"
NOON, MIDNIGHT = datetime(2030, 6, 15, 12, tzinfo=UTC), datetime(2030, 7, 15, 23, 59, tzinfo=UTC)
ADD, CANCEL, PAIR = "ADD_SUBSCRIPTIONS", "CANCEL_SUBSCRIPTIONS", "CREATE_PAIRING"


@pytest.fixture
def site(engine, tmp_path):
    """The folders of a platform, at which there is a card with its STB."""
    site = add_conax(engine, tmp_path)
    engine.load_configuration({"collect": COLLECT})
    subscribe_at_conax(engine, "S1", card(CARD), card(STB, "STB"))
    return site


@pytest.fixture
def ask(engine, site):
    """Have a request for the card PENDING."""

    def asked(request_type):
        context = engine.context
        about = About(CARD, STB if request_type == PAIR else NEWS, "", "CONAX_MAIN")
        with context.database.transaction() as connection:
            (number,) = requests.take_numbers(connection, "conax", 1)
            device = {"stb": STB} if request_type == PAIR else {"service": NEWS}
            said = {"smartcard": CARD, "distributor": "CONAX_MAIN", **device}
            row = {
                "number": number, "type": request_type, "sequence_number": 1, "subscription_id": 1,
                "provider": "conax", "parameters_set": said, "process_name": "PROCESS", "process_id": 1,
                "created_date": context.clock.now(), "process_immediately": False, **about._asdict(),
            }  # fmt: skip
            requests.add(connection, [row])

    return asked


@pytest.fixture
def send(engine, ask):
    """Have it sent; gives the file's name."""

    def sent(request_type):
        ask(request_type)
        context = engine.context
        (one,) = send_files(context, context.provider("conax"), until=context.clock.now())
        return one.file.name

    return sent


def seen(engine):
    """How the service stands, and the subscription at the provider."""
    view = engine.show("S1")
    return view.services[0], view.installed_items, view.providers["conax"]


def answered(engine, site, name, *refusal):
    if refusal:
        site.refuse(f"{name}.emm", *refusal)
    else:
        site.accept(f"{name}.emm")
    engine.run("COLLECT")


def test_what_is_in_no_file_is_not_held(engine, ask):
    ask(ADD)
    service, _items, standing = seen(engine)
    assert (service.authorised, standing.pending, standing.unfiled, standing.awaiting) == ([], 1, 1, [])
    assert standing.differences == [f"+paired {STB} on {CARD}", f"+product {NEWS} on {CARD}"]


def test_what_was_sent_is_authorised_and_awaits_its_answer(engine, send):
    name = send(ADD)
    service, _items, standing = seen(engine)
    (placed,) = service.authorised
    assert (placed.distributor, placed.since, placed.until, placed.awaiting) == ("CONAX_MAIN", NOON, MIDNIGHT, name)
    assert (standing.pending, standing.unfiled, standing.awaiting, standing.in_sync) == (1, 0, [name], False)
    assert standing.differences == [f"+paired {STB} on {CARD}"]
    (dated,) = standing.believed_held.dated
    assert (dated.place, dated.ca_id, dated.until, dated.awaiting) == (CARD, NEWS, MIDNIGHT, name)
    assert standing.believed_held.seats[CARD].services == [NEWS]


def test_what_was_refused_is_as_it_was(engine, site, send, ask):
    before = seen(engine)
    answered(engine, site, send(ADD), "ERR_PRODUCT", 3)
    assert seen(engine) == before


def test_what_was_accepted_is_authorised_until_it_ends(engine, site, send, clock):
    answered(engine, site, send(ADD))
    answered(engine, site, send(PAIR))
    service, _items, standing = seen(engine)
    assert [(placed.until, placed.awaiting) for placed in service.authorised] == [(MIDNIGHT, "")]
    assert (standing.in_sync, standing.awaiting, standing.differences) == (True, [], [])
    clock.at = MIDNIGHT + timedelta(minutes=1)
    service, _items, standing = seen(engine)
    assert (service.authorised, standing.believed_held.dated, standing.in_sync) == ([], [], False)


def test_what_was_taken_away_has_its_end(engine, site, send):
    answered(engine, site, send(ADD))
    name = send(CANCEL)
    service, _items, _standing = seen(engine)
    assert (service.authorised, [(one.end, one.awaiting) for one in service.cancelled]) == ([], [(MIDNIGHT, name)])
    answered(engine, site, name, "ERR_DATES", 5)
    service, _items, _standing = seen(engine)
    assert ([one.until for one in service.authorised], service.cancelled) == ([MIDNIGHT], [])
    answered(engine, site, send(CANCEL))
    service, _items, standing = seen(engine)
    assert (service.authorised, [(one.end, one.awaiting) for one in service.cancelled]) == ([], [(MIDNIGHT, "")])
    assert [one.cancel_end for one in standing.believed_held.dated] == [MIDNIGHT]


def test_card_and_stb_are_initialised_when_the_platform_has_said_so_and_not_before(engine, site, send):
    def places():
        return [[one.distributor for one in item.initialised] for item in seen(engine)[1]]

    name = send(PAIR)
    assert places() == [[], []]
    answered(engine, site, name)
    assert places() == [["CONAX_MAIN"], ["CONAX_MAIN"]]
