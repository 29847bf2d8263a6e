"""What a file says, and the first thing that is wrong with it: the code, and the number of the line."""

import pytest

from simulators.conax import wire
from simulators.conax.codes import Code
from tests.simulators.conax.files import APRIL, CARDS, MARCH, NAMES, PRODUCT, changed, file, golden, subscription

UNTIL_APRIL = {"start": "2026-03-15T18:30:00Z", "end": "2026-04-15T23:59:00Z"}
# fmt: off
READ = {
    "ps000042.emm": ("ADD_SUBSCRIPTIONS",
                     {"product": PRODUCT, **UNTIL_APRIL, "priority": "REGULAR", "cards": list(CARDS)}),
    "cs000043.emm": ("CANCEL_SUBSCRIPTIONS",
                     {"product": "00000007", **UNTIL_APRIL, "priority": "EXPRESS", "cards": [CARDS[0]]}),
    "vp000044.emm": ("CREATE_PAIRING", {"smartcard": CARDS[0], "stb": "98765432109", "priority": "EXPRESS"}),
    "gp000045.emm": ("SEND_BARK_MESSAGE_TO_CLIENT",
                     {"text": "Hello", "sequence": 255, "duration": 20, "cards": list(CARDS)}),
    "gp000046.emm": ("SEND_MAIL_MESSAGE_TO_CLIENT", {"text": "Hello", "sequence": 255, "cards": [CARDS[0]]}),
    "sc000047.emm": ("QUERY_STATUS", {"cards": list(CARDS)}),
}
WRONG = [
    # file, line, what stands there   code
    ("ps000042.emm", 1,  "u",             Code.ERR_CAMODE),
    ("ps000042.emm", 1,  "",              Code.ERR_CAMODE),
    ("ps000042.emm", 1,  " U",            Code.ERR_CAMODE),
    ("ps000042.emm", 2,  "000043",        Code.ERR_TRANSNUM),
    ("ps000042.emm", 2,  "42",            Code.ERR_TRANSNUM),
    ("ps000042.emm", 3,  "1001001",       Code.ERR_PRODUCT),
    ("ps000042.emm", 3,  "1000100\xb2",   Code.ERR_PRODUCT),
    ("ps000042.emm", 4,  "20260315",      Code.ERR_DATES),
    ("ps000042.emm", 4,  "202602291830",  Code.ERR_DATES),
    ("ps000042.emm", 4,  "202603152400",  Code.ERR_DATES),
    ("ps000042.emm", 4,  "000003151830",  Code.ERR_DATES),
    ("ps000042.emm", 5,  "202604312359",  Code.ERR_DATES),
    ("ps000042.emm", 5,  "202603151829",  Code.ERR_DATES),
    ("ps000042.emm", 6,  "1",             Code.ERR_PRIORITY),
    ("ps000042.emm", 6,  "02",            Code.ERR_PRIORITY),
    ("ps000042.emm", 7,  "emm",           Code.ERR_CAMODE),
    ("ps000042.emm", 8,  "ZZZ",           Code.ERR_CAMODE),
    ("ps000042.emm", 9,  "2",             Code.ERR_NUMOFCARDS),
    ("ps000042.emm", 9,  "0000002",       Code.ERR_NUMOFCARDS),
    ("ps000042.emm", 9,  "00001",         Code.ERR_NUMOFCARDS),
    ("ps000042.emm", 9,  "00000",         Code.ERR_NUMOFCARDS),
    ("ps000042.emm", 10, "0123456789",    Code.ERR_CARDNUM),
    ("ps000042.emm", 11, "123456789012",  Code.ERR_CARDNUM),
    ("ps000042.emm", 11, "1234567890\xb2", Code.ERR_CARDNUM),
    ("ps000042.emm", 12, "ZZ",            Code.ERR_ENDREQ),
    ("ps000042.emm", 12, CARDS[0],        Code.ERR_ENDREQ),
    ("cs000043.emm", 5,  "202601010000",  Code.ERR_DATES),
    ("cs000043.emm", 6,  "u",             Code.ERR_PRIORITY),
    ("vp000044.emm", 3,  "U",             Code.ERR_PRODUCT),
    ("vp000044.emm", 4,  MARCH,           Code.ERR_DATES),
    ("vp000044.emm", 5,  APRIL,           Code.ERR_DATES),
    ("vp000044.emm", 6,  "EXPRESS",       Code.ERR_PRIORITY),
    ("vp000044.emm", 9,  "00001",         Code.ERR_NUMOFCARDS),
    ("vp000044.emm", 10, CARDS[0],        Code.ERR_CARDNUM),
    ("vp000044.emm", 10, "V98765432109",  Code.ERR_CARDNUM),
    ("vp000044.emm", 11, "S98765432109",  Code.ERR_CARDNUM),
    ("gp000045.emm", 3,  "00000001",      Code.ERR_PRODUCT),
    ("gp000045.emm", 4,  "U",             Code.ERR_DATES),
    ("gp000045.emm", 5,  APRIL,           Code.ERR_DATES),
    ("gp000045.emm", 6,  "01",            Code.ERR_PRIORITY),
    ("gp000045.emm", 7,  "EMM",           Code.ERR_CAMODE),
    ("gp000045.emm", 9,  "U",             Code.ERR_CAMODE),
    ("gp000045.emm", 10, "00003",         Code.ERR_NUMOFCARDS),
    ("gp000045.emm", 12, "x",             Code.ERR_CARDNUM),
    ("gp000045.emm", 13, "END",           Code.ERR_ENDREQ),
    ("sc000047.emm", 3,  PRODUCT,         Code.ERR_PRODUCT),
    ("sc000047.emm", 6,  "01",            Code.ERR_PRIORITY),
]
NO_NAMES = ["ps42.emm", "PS000042.emm", "xx000042.emm", "ps000042.EMM.emm", "ps0000042.emm", "ps00004\u0664.emm"]
# fmt: on


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_file_is_read_with_either_end_of_lines(name, end):
    asked = wire.read(name, golden(name).replace(b"\r\n", end))
    operation, parameters = READ[name]
    assert asked.breaches == []
    assert (asked.operation, asked.transaction) == (operation, name[2:8])
    assert asked.parameters == {"transaction": name[2:8], **parameters}


@pytest.mark.parametrize("case", WRONG)
def test_the_first_wrong_line_has_its_code(case):
    name, line, text, code = case
    wrong = wire.read(name, changed(name, line, text)).wrong
    assert (wrong.code, wrong.line) == (code, line)


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_is_wrong_before_anything_else_is(name):
    asked = wire.read(name, b"")
    assert asked.wrong[:2] == (Code.ERR_NAME, 0)
    assert (asked.operation, asked.parameters, asked.subject) == ("MALFORMED", {}, "")


def test_checks_are_made_in_the_order_of_the_lines():
    lines = ["u", "1", "p", "s", "e", "p", "x", "x", "n", "1", "2", "zzz"]
    right = golden("ps000042.emm").decode().split("\r\n")
    codes = []
    for number in range(len(lines)):
        wrong = wire.read("ps000042.emm", file(*right[:number], *lines[number:])).wrong
        codes.append((wrong.line, wrong.code.removeprefix("ERR_")))
    assert codes == [
        *((1, "CAMODE"), (2, "TRANSNUM"), (3, "PRODUCT"), (4, "DATES"), (5, "DATES"), (6, "PRIORITY")),
        *((7, "CAMODE"), (8, "CAMODE"), (9, "NUMOFCARDS"), (10, "CARDNUM"), (11, "CARDNUM"), (12, "ENDREQ")),
    ]


def test_a_value_that_is_right_by_itself_alone_is_wrong_before_later_lines_are():
    body = subscription("000043", "x", start=APRIL, end=MARCH, priority="x")
    assert wire.read("ps000042.emm", body).wrong.line == 2
    assert wire.read("ps000043.emm", body).wrong.line == 5


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_cut_anywhere_is_refused_except_in_its_last_line_end(name):
    body = golden(name)
    accepted = [at for at in range(len(body)) if wire.read(name, body[:at]).wrong is None]
    # the end of the last line may be missing; of CR LF, the CR alone is part of the line
    assert accepted == [len(body) - 2]


def test_what_comes_after_the_end_makes_the_number_of_cards_wrong():
    body = golden("ps000042.emm") + b"ZZZ\r\n"
    assert wire.read("ps000042.emm", body).wrong[:2] == (Code.ERR_NUMOFCARDS, 9)


def test_a_file_that_lacks_only_its_end_is_refused_for_that():
    body = golden("ps000042.emm").removesuffix(b"ZZZ\r\n")
    assert wire.read("ps000042.emm", body).wrong[:2] == (Code.ERR_ENDREQ, 11)


def test_the_number_of_cards_has_5_digits_or_6():
    assert wire.read("ps000042.emm", changed("ps000042.emm", 9, "000002")).wrong is None


def test_a_file_without_cards_is_refused_though_it_says_so():
    assert wire.read("ps000042.emm", subscription("000042")).wrong[:2] == (Code.ERR_NUMOFCARDS, 9)


def test_an_empty_file_is_wrong_in_its_first_line():
    assert wire.read("sc000047.emm", b"").wrong[:2] == (Code.ERR_CAMODE, 1)


@pytest.mark.parametrize(("cards", "line"), [("21", 11), ("132", 12), ("122", 12), ("1231", 13)])
def test_cards_that_do_not_ascend_break_the_grammar_and_are_not_refused(cards, line):
    asked = wire.read("ps000042.emm", subscription("000042", *(card.zfill(11) for card in cards)))
    assert (asked.wrong, asked.untidy.line) == (None, line)


def test_of_very_many_cards_the_first_are_listed():
    cards = [f"{number:011}" for number in range(1, 20_001)]
    asked = wire.read("ps000042.emm", subscription("000042", *cards))
    assert asked.cards == cards
    assert asked.parameters["cards"] == [*cards[:100], "… and 19,900 more"]


@pytest.mark.parametrize(("name", "express"), [("cs000043.emm", True), ("vp000044.emm", True), ("ps000042.emm", False)])
def test_express_is_seen_in_the_sixth_line(name, express):
    assert wire.is_express(golden(name)) is express
    assert wire.is_express(golden(name).replace(b"\r\n", b"\n")) is express
