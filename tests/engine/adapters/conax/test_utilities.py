"""What may be asked of Conax for a card: messages, status, pairs, products; and what is refused, naming the field."""

from dataclasses import replace

import pytest

from engine.adapters.conax import CONAX
from engine.domain.errors import InvalidError
from engine.domain.provider import Provider
from tests.engine.adapters.conax.made import PROVIDER

CARD = "012345678905"
LATIN = replace(PROVIDER, connection={"character_encoding": "ISO-8859-1"})
SEND = CONAX.utilities["send_message"]


def message(provider: Provider = PROVIDER, card: str = CARD, **said):
    return SEND.parameters(provider, card, {"message_type": "BARK", "text": "Hello"} | said)


def test_a_bark_has_a_sequence_and_a_duration_that_need_not_be_said():
    payload = "010548656c6c6f0201ff04020014"
    wanted = {"smartcard": CARD, "text": "Hello", "sequence": 255, "duration": 20, "payload": payload}
    assert message() == message(sequence="255", duration=20) == wanted
    assert SEND.request_for({"message_type": "BARK"}) == "SEND_BARK_MESSAGE_TO_CLIENT"


def test_a_mail_has_no_duration():
    wanted = {"smartcard": CARD, "text": "Hello", "sequence": 1, "payload": "010548656c6c6f02010104020000"}
    assert message(message_type="MAIL", sequence=1) == wanted
    assert SEND.request_for({"message_type": "MAIL"}) == "SEND_MAIL_MESSAGE_TO_CLIENT"


def test_a_text_is_in_the_encoding_of_the_provider():
    assert message(text="ä")["payload"].startswith("0102c3a4")
    assert message(LATIN, text="ä")["payload"].startswith("0101e4")


@pytest.mark.parametrize(("type_", "longest"), [("MAIL", 141), ("BARK", 129)])
def test_a_text_may_be_as_long_as_this_and_no_longer(type_, longest):
    assert message(message_type=type_, text="x" * longest)
    with pytest.raises(InvalidError) as error:
        message(message_type=type_, text="x" * (longest + 1))
    assert error.value.message == f"text: found {longest + 1} characters; wanted: 1 to {longest} for {type_}."


@pytest.mark.parametrize(
    ("said", "sentence", "field"),
    [
        ({"message_type": "MESSAGE"}, "message_type: found 'MESSAGE'; wanted: one of MAIL, BARK.", "message_type"),
        ({"message_type": None}, "message_type: found None; wanted: one of MAIL, BARK.", "message_type"),
        ({"text": ""}, "text: found 0 characters; wanted: 1 to 129 for BARK.", "text"),
        ({"text": "a\x00"}, "text: found '\\x00' in place 2; wanted: printable characters of UTF-8.", "text"),
        ({"text": "a\ud800"}, "text: found '\\ud800' in place 2; wanted: printable characters of UTF-8.", "text"),
        ({"text": "ä" * 128}, "text: found 256 bytes in UTF-8; wanted: at most 255.", "text"),
        ({"sequence": 0}, "sequence: found 0; wanted: a whole number from 1 to 255.", "sequence"),
        ({"sequence": "256"}, "sequence: found '256'; wanted: a whole number from 1 to 255.", "sequence"),
        ({"sequence": ""}, "sequence: found ''; wanted: a whole number from 1 to 255.", "sequence"),
        ({"sequence": True}, "sequence: found True; wanted: a whole number from 1 to 255.", "sequence"),
        ({"duration": 0}, "duration: found 0; wanted: a whole number from 1 to 65535.", "duration"),
        ({"duration": 65_536}, "duration: found 65536; wanted: a whole number from 1 to 65535.", "duration"),
        ({"duration": 1.5}, "duration: found 1.5; wanted: a whole number from 1 to 65535.", "duration"),
        (
            {"message_type": "MAIL", "duration": 20},
            "duration: found 20 with MAIL; wanted: none, it is for BARK.",
            "duration",
        ),
    ],
)
def test_a_message_that_can_not_be_sent_is_refused_with_its_field(said, sentence, field):
    with pytest.raises(InvalidError) as error:
        message(**said)
    assert (error.value.message, error.value.field) == (sentence, field)


def test_a_character_that_the_encoding_has_not_is_refused():
    with pytest.raises(
        InvalidError, match=r"text: found '\\u738b' in place 2; wanted: printable characters of ISO-8859"
    ):
        message(LATIN, text="a王")


@pytest.mark.parametrize("name", CONAX.utilities)
def test_nothing_is_asked_of_what_is_no_card(name):
    said = {"message_type": "MAIL", "text": "A", "stb": "90000000001", "service": "1"}
    assert CONAX.utilities[name].parameters(PROVIDER, CARD, said)["smartcard"] == CARD
    with pytest.raises(InvalidError, match="device: found '0123456789'; wanted: 11 or 12 digits"):
        CONAX.utilities[name].parameters(PROVIDER, "0123456789", said)


def test_a_pair_wants_an_stb():
    for found in ("", "STB-1", "9000000000"):
        with pytest.raises(InvalidError, match=f"stb: found '{found}'; wanted: 11 or 12 digits") as error:
            CONAX.utilities["pair"].parameters(PROVIDER, CARD, {"stb": found})
        assert error.value.field == "stb"
