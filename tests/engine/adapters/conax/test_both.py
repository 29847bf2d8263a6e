"""What the engine writes is what the simulator reads, and the other way round: two readings that meet only here."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.adapters.conax import CONAX
from engine.adapters.conax.payload import payload
from engine.domain.file import Period
from engine.domain.request import Priority
from engine.ports import Refusal
from simulators.conax import payload as simulated
from simulators.conax import wire
from simulators.conax.answers import logged, statuses
from simulators.conax.codes import Code
from tests.engine.adapters.conax.made import NOW, PROVIDER, made, written

GOLDEN = sorted((Path(__file__).parents[3] / "golden" / "conax").glob("*.emm"))
DATED = ("ADD_SUBSCRIPTIONS", "CANCEL_SUBSCRIPTIONS", "RENEW_SUBSCRIPTIONS")
OPERATIONS = {"RENEW_SUBSCRIPTIONS": "ADD_SUBSCRIPTIONS"}
FEW = settings(max_examples=30, phases=[Phase.explicit, Phase.generate])
NUMBERED, PRODUCTS = (st.from_regex(f"[0-9]{{{digits}}}", fullmatch=True) for digits in (11, 8))
NUMBERS = st.integers(1, 999_999)
PRIORITIES = st.sampled_from(Priority)
PRINTED = st.from_regex(r"[0-9]{11,12}", fullmatch=True)
CARDS = st.lists(PRINTED, min_size=1, max_size=40, unique_by=lambda card: card[:11]).map(sorted)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2400, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1, max_size=60)


def read(file, records):
    instruction = wire.read(f"{file.name}.emm", written(file, *records))
    assert instruction.breaches == []
    assert instruction.operation == OPERATIONS.get(file.type, file.type)
    assert instruction.transaction == f"{file.number:06d}"
    return instruction


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_simulator_takes_what_was_written_by_hand(path):
    assert wire.read(path.name, path.read_bytes()).breaches == []


@FEW
@given(
    type_=st.sampled_from(DATED),
    number=NUMBERS,
    cards=CARDS,
    product=st.from_regex("[0-9]{1,8}", fullmatch=True),
    priority=PRIORITIES,
    now=MOMENTS,
)
def test_what_is_given_and_taken_is_read_as_it_was_written(type_, number, cards, product, priority, now):
    file = made(type_, number, len(cards), ca_id=product, priority=priority, now=now)
    instruction = read(file, [(card, product) for card in cards])
    assert instruction.cards == [card[:11] for card in cards]
    found = {name: instruction.values[name] for name in ("product", "start", "end")}
    assert found == {"product": product.zfill(8)} | file.period._asdict()
    assert instruction.values["priority"].name == priority.value
    assert wire.is_express(written(file, *((card, product) for card in cards))) is (priority is Priority.EXPRESS)


@FEW
@given(number=NUMBERS, card=PRINTED, stb=PRINTED, priority=PRIORITIES)
def test_a_pair_is_read_as_it_was_written(number, card, stb, priority):
    instruction = read(made("CREATE_PAIRING", number, ca_id=stb, priority=priority), [(card, stb)])
    assert (instruction.subject, instruction.values["stb"]) == (card[:11], stb[:11])


@FEW
@given(
    number=NUMBERS,
    cards=CARDS,
    text=TEXTS,
    sequence=st.integers(1, 255),
    duration=st.integers(1, 65_535),
    type_=st.sampled_from(["MAIL", "BARK"]),
)
def test_a_message_is_read_as_it_was_written(number, cards, text, sequence, duration, type_):
    said = {"message_type": type_, "text": text, "sequence": sequence}
    said |= {"duration": duration} if type_ == "BARK" else {}
    utility = CONAX.utilities["send_message"]
    parameters = utility.parameters(PROVIDER, cards[0], said)
    about = CONAX.files.about(utility.request_for(said), parameters)
    instruction = read(
        made(utility.request_for(said), number, len(cards), detail=about.detail), [(card, "") for card in cards]
    )
    wanted = simulated.Message(text, sequence, duration if type_ == "BARK" else 0)
    assert (instruction.values["message"], instruction.cards) == (wanted, [card[:11] for card in cards])


@FEW
@given(number=NUMBERS, cards=CARDS)
def test_a_question_is_read_as_it_was_written(number, cards):
    assert read(made("QUERY_STATUS", number, len(cards)), [(card, "") for card in cards]).cards == [
        card[:11] for card in cards
    ]


@FEW
@given(start=st.datetimes(datetime(1990, 1, 1), datetime(2069, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_start_date_is_read_as_it_was_packed(start):
    found = simulated.read(payload(b"A", 1, 0, start))
    assert found.start == start.replace(second=0, microsecond=0)


@FEW
@given(cards=st.lists(PRINTED, min_size=2, max_size=40, unique_by=lambda card: card[:11]).map(sorted), data=st.data())
def test_a_refusal_of_a_card_is_found_to_be_about_its_record(cards, data):
    """Where one card is spoilt, its line in the simulator's answer is the record's place in the engine's file."""
    type_ = data.draw(st.sampled_from(sorted(CONAX.files.letters.keys() - {"CREATE_PAIRING"})))
    place = data.draw(st.integers(0, len(cards) - 1))
    detail = payload(b"A", 1, 0) if "MESSAGE" in type_ else ""
    file = made(type_, 1, len(cards), ca_id="7", detail=detail)
    content = written(file, *((card, "7") for card in cards))
    spoilt = content.replace(f"\r\n{cards[place][:11]}\r\n".encode(), b"\r\n0123456789X\r\n")
    name = f"{file.name}.emm"
    wrong = wire.read(name, spoilt).wrong
    assert wrong.code == Code.ERR_CARDNUM
    (refusal,) = CONAX.files.refusals(logged(name, wrong))
    assert refusal == Refusal(file.name, "ERR_CARDNUM", wrong.line)
    assert CONAX.files.record_of(file, refusal) == place


@FEW
@given(held=st.dictionaries(NUMBERED, st.dictionaries(PRODUCTS, MOMENTS, max_size=4), max_size=6))
def test_the_status_of_cards_is_read_as_it_was_answered(held):
    found = CONAX.files.answers(statuses((card, products.items()) for card, products in held.items()))
    assert {card: found[card]["PRODUCTS"] for card in found} == {
        card: {product: end.date().isoformat() for product, end in products.items()} for card, products in held.items()
    }


def test_every_code_of_the_simulator_is_known_and_no_other():
    assert set(CONAX.files.codes) == set(Code)


def test_an_end_before_the_start_would_be_refused():
    file = made("ADD_SUBSCRIPTIONS", ca_id="7")
    turned = replace(file, period=Period(file.period.end, NOW))
    wrong = wire.read(f"{file.name}.emm", written(turned, ("01234567890", "7"))).wrong
    assert (wrong.code, wrong.line) == (Code.ERR_DATES, 5)
