"""What files do to the cards: rights that end by the clock, pairs, messages; and the memory as a document."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from tests.simulators.conax.desk import DONE, REFUSED, Desk
from tests.simulators.conax.files import (
    APRIL,
    CARDS,
    MARCH,
    NAMES,
    OTHER,
    PRODUCT,
    changed,
    golden,
    message,
    pairing,
    question,
    subscription,
)

CARD, TWO = CARDS
SPRING = datetime(2026, 3, 15, 18, 30, tzinfo=UTC)
MAIL, BARK = "010548656c6c6f0201ff04020000", "010548656c6c6f0201ff04020014"
OWN = f"product {PRODUCT}"
UNTIL_APRIL = f"{OWN} until 2026-04-15"


@pytest.fixture
def desk() -> Desk:
    return Desk(SPRING)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


def right(desk: Desk, kind: str, start: str, end: str, *cards: str) -> list[str]:
    """Have a file of this kind done; gives what it changed."""
    came = desk.take(f"{kind}000001.emm", subscription("000001", *(cards or (CARD,)), start=start, end=end))
    assert came.code is None
    return list(came.difference)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_in_order_comes_to_ok_under_its_name_and_as_it_was(desk, name):
    came = desk.take(name, golden(name))
    assert (came.path, came.entry, came.code) == (f"{DONE}/{name}", b"", None)
    if not name.startswith("sc"):
        assert came.content == golden(name)


def test_a_refused_file_comes_to_err_and_nothing_of_it_is_done(desk):
    body = changed("ps000042.emm", 12, "ZZ")
    came = desk.take("ps000042.emm", body)
    assert came[:4] == (f"{REFUSED}/ps000042.emm", body, b"ps000042.emm:\r\nERR_ENDREQ 12\r\n", "ERR_ENDREQ")
    assert list(desk.state.subjects()) == []


# fmt: off
EXTENDED = [
    # start          end             then start      and end         held
    (MARCH,          APRIL,          MARCH,          APRIL,          UNTIL_APRIL),
    (MARCH,          APRIL,          "202604151000", "202605152359", f"{OWN} until 2026-05-15"),
    (MARCH,          APRIL,          "202604152359", "202605152359", f"{OWN} until 2026-05-15"),
    (MARCH,          APRIL,          "202604160000", "202605152359", f"{OWN} from 2026-04-16 until 2026-05-15"),
    (MARCH,          APRIL,          MARCH,          "202603312359", f"{OWN} until 2026-03-31"),
    (MARCH,          APRIL,          MARCH,          MARCH,          None),
    ("202604010900", APRIL,          "202603200000", "202603200000", None),
    ("202604010900", APRIL,          "202603200000", APRIL,          f"{OWN} from 2026-03-20 until 2026-04-15"),
    ("202604010900", APRIL,          "202604050000", APRIL,          f"{OWN} from 2026-04-01T09:00Z until 2026-04-15"),
]
CUT = [
    # start          end             cancelled from  to              held
    (MARCH,          APRIL,          MARCH,          APRIL,          None),
    (MARCH,          APRIL,          "202603201200", APRIL,          f"{OWN} until 2026-03-20T12:00Z"),
    (MARCH,          APRIL,          "202603200000", "202603210000", f"{OWN} until 2026-03-20T00:00Z"),
    (MARCH,          APRIL,          "202604152359", "202605152359", UNTIL_APRIL),
    (MARCH,          APRIL,          "202604200000", "202605152359", UNTIL_APRIL),
    (MARCH,          APRIL,          "202603010000", "202603020000", UNTIL_APRIL),
    ("202604010000", APRIL,          MARCH,          APRIL,          None),
    ("202604010000", APRIL,          MARCH,          "202603312359", f"{OWN} from 2026-04-01 until 2026-04-15"),
]
# fmt: on


@pytest.mark.parametrize("case", EXTENDED)
def test_a_later_file_replaces_start_and_end_and_leaves_no_gap(desk, case):
    start, end, later, until, held = case
    right(desk, "ps", start, end)
    right(desk, "ps", later, until)
    assert desk.held(CARD) == ([held] if held else [])


@pytest.mark.parametrize("case", CUT)
def test_from_the_start_of_a_cancellation_on_the_product_is_off(desk, case):
    start, end, cancelled, until, held = case
    right(desk, "ps", start, end)
    right(desk, "cs", cancelled, until)
    assert desk.held(CARD) == ([held] if held else [])


def test_the_same_file_again_changes_nothing(desk):
    assert right(desk, "ps", MARCH, APRIL) == [f"+{UNTIL_APRIL}"]
    assert right(desk, "ps", MARCH, APRIL) == []
    assert right(desk, "cs", MARCH, APRIL) == [f"-{UNTIL_APRIL}"]
    assert right(desk, "cs", MARCH, APRIL) == []


def test_what_a_card_has_of_one_product_is_nothing_to_another(desk):
    right(desk, "ps", MARCH, APRIL)
    desk.take("cs000002.emm", subscription("000002", CARD, product=OTHER))
    assert desk.held(CARD) == [UNTIL_APRIL]


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("202602282359", "2026-02-28T23:58"),
        ("202802292359", "2028-02-29T23:58"),
        ("202604302359", "2026-04-30T23:58"),
        ("202701010000", "2026-12-31T23:59"),
    ],
)
def test_an_authorisation_is_over_when_the_minute_of_its_end_begins(desk, end, last):
    right(desk, "ps", "202601010000", end)
    desk.at = at(f"{last}:59")
    assert len(desk.held(CARD)) == 1
    desk.at += timedelta(seconds=1)
    assert desk.held(CARD) == []


def test_what_was_cancelled_is_forgotten_and_what_ended_by_itself_can_be_renewed(desk):
    right(desk, "ps", "202603010000", APRIL)
    right(desk, "cs", MARCH, APRIL)
    assert list(desk.state.subjects()) == []
    right(desk, "ps", MARCH, APRIL)
    desk.at = at("2026-05-01T10:00")
    assert right(desk, "ps", "202605011000", "202606012359") == [f"+product {PRODUCT} until 2026-06-01"]


def test_a_pair_takes_the_place_of_what_either_was_in_before(desk):
    assert desk.take("vp000001.emm", pairing("000001", CARD, "9" * 11)).difference == (f"+paired {'9' * 11}",)
    assert desk.take("vp000002.emm", pairing("000002", CARD, "9" * 11)).difference == ()
    assert desk.take("vp000003.emm", pairing("000003", TWO, "9" * 11)).difference == (
        f"-{CARD}: paired {'9' * 11}",
        f"+{TWO}: paired {'9' * 11}",
    )
    desk.take("vp000004.emm", pairing("000004", TWO, "8" * 11))
    assert (desk.held(CARD), desk.held(TWO)) == ([], [f"paired {'8' * 11}"])
    desk.take("vp000005.emm", pairing("000005", CARD, "9" * 11))
    assert (desk.held(CARD), desk.held(TWO)) == ([f"paired {'9' * 11}"], [f"paired {'8' * 11}"])


def test_messages_come_to_mailbox_or_screen_and_each_once_more_is_another(desk):
    for number, payload in enumerate([MAIL, BARK, MAIL], start=1):
        desk.take(f"gp00000{number}.emm", message(f"00000{number}", payload, CARD))
    assert desk.held(CARD) == ["mail Hello", "mail Hello (2)", "screen Hello"]


def test_a_message_of_several_lines_is_one_line_of_the_holdings(desk):
    desk.take("gp000001.emm", message("000001", "0103610a620201ff04020000", CARD))
    assert desk.held(CARD) == ['mail "a\\nb"']


def test_a_card_keeps_its_youngest_messages(desk):
    for _ in range(102):
        desk.take("gp000001.emm", message("000001", MAIL, CARD))
    assert len(desk.held(CARD)) == 100
    assert "mail Hello (102)" in desk.held(CARD)
    assert "mail Hello (2)" not in desk.held(CARD)


def test_a_question_is_answered_with_what_each_card_is_authorised_for_now(desk):
    right(desk, "ps", MARCH, APRIL)
    desk.take("ps000002.emm", subscription("000002", CARD, product=OTHER, end="202612012359"))
    desk.take("ps000003.emm", subscription("000003", TWO, start="202604010000"))
    root = etree.fromstring(desk.take("sc000004.emm", question("000004", CARD, TWO)).content)
    assert root.tag == "AuthorisationStatuses"
    told = {status.get("cardNo"): {product.get("id"): dict(product[0].attrib) for product in status} for status in root}
    assert [element.tag for element in root.iter()][1:4] == ["AuthorisationStatus", "Product", "AuthorisationEnd"]
    december, april = ({"day": d, "month": m, "year": "2026"} for d, m in (("1", "12"), ("15", "4")))
    assert told == {CARD: {OTHER: december, PRODUCT: april}, TWO: {}}


def test_unknown_products_are_refused_before_what_comes_later_in_the_file(desk):
    body = subscription("000001", CARD, product="00000001", start="x")
    assert desk.take("ps000001.emm", body).entry == b"ps000001.emm:\r\nERR_PRODUCT 3\r\n"


@pytest.mark.parametrize("name", NAMES)
def test_unknown_cards_are_refused_only_where_somebody_counts_them(name):
    desk = Desk(SPRING, cards=["123456789012"])
    came = desk.take(name, golden(name))
    line = 11 if name.startswith("gp") else 10
    assert came.entry == f"{name}:\r\nERR_CARDNUM {line}\r\n".encode()
    assert desk.take("ps000001.emm", subscription("000001", TWO)).code is None


def test_the_first_unknown_card_is_named_unless_an_earlier_one_is_none():
    desk = Desk(SPRING, cards=[CARD])
    assert desk.take("ps000001.emm", subscription("000001", CARD, TWO)).entry.endswith(b"ERR_CARDNUM 11\r\n")
    assert desk.take("ps000001.emm", subscription("000001", "1", CARD)).entry.endswith(b"ERR_CARDNUM 10\r\n")
    unknown_and_cut = subscription("000001", CARD, TWO).removesuffix(b"ZZZ\r\n")
    assert desk.take("ps000001.emm", unknown_and_cut).entry.endswith(b"ERR_CARDNUM 11\r\n")


def test_of_very_many_cards_the_first_changes_are_listed_and_the_rest_counted(desk):
    cards = [f"{number:011}" for number in range(1, 251)]
    right(desk, "ps", MARCH, APRIL, *cards[200:])
    changes = right(desk, "ps", MARCH, APRIL, *cards)
    assert changes[0] == f"+00000000001: {UNTIL_APRIL}"
    assert (len(changes), changes[-1]) == (101, "… and 100 more")
    assert right(desk, "ps", MARCH, APRIL, *cards) == []
    assert right(desk, "cs", MARCH, APRIL, *cards[150:])[-1] == f"-00000000250: {UNTIL_APRIL}"


def full(desk: Desk) -> None:
    for name in NAMES:
        desk.take(name, golden(name))
    desk.take("ps000001.emm", subscription("000001", CARD))
    desk.state.tree.put(f"{DONE}/ps000001.emm", b"x", SPRING)


def test_a_memory_is_taken_back_as_it_was_given(desk):
    full(desk)
    document = desk.state.dump()
    again = desk.platform.load(document)
    assert again.dump() == document
    assert desk.platform.load({}).tree.names("/autreq") == ["err", "ok", "req"]


def test_a_copy_is_a_memory_of_its_own(desk):
    full(desk)
    before, copy = desk.state.dump(), desk.state.copy()
    right(desk, "cs", MARCH, APRIL)
    desk.take("vp000009.emm", pairing("000009", TWO, "98765432109"))
    desk.take("gp000009.emm", message("000009", MAIL, TWO))
    desk.state.tree.remove(f"{DONE}/ps000001.emm")
    assert desk.state.dump() != before
    assert copy.dump() == before


def test_a_card_that_is_forgotten_has_nothing_left(desk):
    full(desk)
    assert desk.state.forget(CARD)
    assert desk.held(CARD) == []
    assert not desk.state.forget(CARD)
    assert desk.take("vp000009.emm", pairing("000009", TWO, "98765432109")).difference == ("+paired 98765432109",)


def test_some_of_what_a_card_has_is_forgotten(desk):
    full(desk)
    before = set(desk.held(CARD))
    product, stb = (next(line.split()[1] for line in before if line.startswith(one)) for one in ("product", "paired"))
    for thing in (product, stb):
        assert desk.state.forget(CARD, [thing])
        assert not desk.state.forget(CARD, [thing])
    assert {line.split()[1] for line in before - set(desk.held(CARD))} == {product, stb}


# fmt: off
NO_MEMORIES = [
    ([],                                                                   "no memory of Conax's"),
    ({"accounts": {}},                                                     "accounts"),
    ({"authorised": {PRODUCT: {"1": ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]}}}, "no memory of Conax's"),
    ({"authorised": {"1": {}}},                                            "no memory of Conax's"),
    ({"authorised": {PRODUCT: {CARD: ["2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z"]}}}, "the end after the start"),
    ({"pairs": {CARD: "9" * 11, TWO: "9" * 11}},                           "is paired with"),
    ({"messages": {CARD: [{"message": {"text": "x", "sequence": 0}}]}},    "sequence"),
    ({"tree": {"files": {"/elsewhere/x": {"text": ""}}}},                  "elsewhere"),
    ({"tree": []},                                                         "no folders and files"),
]
NO_CATALOGUES = [
    ({"options": []},            "no catalogue of Conax's"),
    ({"products": ["123456789"]}, "up to 8 digits"),
    ({"cards": ["1234567890"]},  "12 digits, or the 11"),
]
# fmt: on


@pytest.mark.parametrize(("document", "said"), NO_MEMORIES)
def test_what_is_no_memory_is_refused(desk, document, said):
    with pytest.raises(ValueError, match=said):
        desk.platform.load(document)


@pytest.mark.parametrize(("additions", "said"), NO_CATALOGUES)
def test_what_is_no_catalogue_is_refused(desk, additions, said):
    with pytest.raises(ValueError, match=said):
        desk.platform.seeded(desk.platform.catalogue, additions)


def test_products_are_written_with_leading_zeros_and_cards_without_their_check_digit(desk):
    known = desk.platform.seeded(
        desk.platform.catalogue, {"products": ["7", "12345678"], "cards": ["012345678905", TWO]}
    )
    assert known.products == {"00000007", "12345678"}
    assert known.cards == {CARD, TWO}


@pytest.mark.parametrize("home", ["autreq", "/", "/a/", "//a", "/..", "/a/./b", "/a\n"])
def test_a_home_is_zero_or_more_names(home):
    with pytest.raises(ValueError, match="a home directory is zero or more names"):
        Desk(SPRING, home=home)


def test_folders_are_under_the_home():
    desk = Desk(SPRING, home="/sas/in...")
    assert desk.state.tree.names("/sas/in.../autreq") == ["err", "ok", "req"]


# fmt: off
ORDERS = [
    # code               detail  line
    ("ERR_NAME",         "",     0),
    ("ERR_CAMODE",       "",     1),
    ("ERR_TRANSNUM",     "",     2),
    ("ERR_PRODUCT",      "",     3),
    ("ERR_DATES",        "",     4),
    ("ERR_PRIORITY",     "",     6),
    ("ERR_NUMOFCARDS",   "",     9),
    ("ERR_CARDNUM",      "",    10),
    ("ERR_ENDREQ",       "",    12),
    ("ERR_CARDNUM",      TWO,   11),
    ("ERR_CARDNUM",      "11",  11),
    ("ERR_PRODUCT",      CARD,   3),
]
# fmt: on


@pytest.mark.parametrize(("code", "detail", "line"), ORDERS)
def test_a_refusal_on_order_names_the_line_that_is_told_or_the_card_or_the_usual_line(desk, code, detail, line):
    call = desk.platform.drop.read("/autreq/req/ps000042.emm", golden("ps000042.emm"))
    deed = call.refuse(desk.state, code, detail)
    assert (deed.code, deed.answer.entry) == (code, f"ps000042.emm:\r\n{code} {line}\r\n".encode())
    assert list(desk.state.subjects()) == []
