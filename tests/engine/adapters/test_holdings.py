"""What platforms say that they hold: read strictly, so that nothing is guessed from half an answer."""

import pytest

from engine.adapters import ADAPTERS
from engine.domain.rights import Held, Kind
from engine.domain.subscription import Window
from engine.ports import Reply
from tests.engine.fakes import NOON

START, END = "2030-06-15T12:00:00Z", "2030-06-15T14:00:00Z"
SPAN = Window(NOON, NOON.replace(hour=14))


def section(kind, *properties):
    inner = "".join(f"<property><name>{name}</name><value>{value}</value></property>" for name, value in properties)
    return f"<section><kind>{kind}</kind>{inner}</section>"


# fmt: off
BASIC = section("BASIC", ("secureClient", "STB-1"), ("subscription", "S1"), ("registered", START))
SECTOR = section("SECTOR", ("sector", "MAIN"), ("reauthorised", "0"))
PAIRING = section("PAIRING", ("paired", "yes"), ("smartcard", "CARD-1"))
ENTITLEMENTS = section("ENTITLEMENTS", ("CA_1", "without end"), ("CA_2", f"{START}/{END}"))
DOMAIN = section("DEVICE_DOMAIN", ("domain", "S1"), ("member", "STB-1"), ("member", "STB-2"))
ANSWERS = {
    "tucano": f"""<response reference="Q1" status="ACCEPTED" id="TX-1"><account id="T1" subscriber="S1"><options>
        <option id="O_NEWS" state="ACTIVE"/><option id="O_KIDS" state="SUSPENDED"/>
        <option id="O_MATCH" state="ACTIVE" start="{START}" end="{END}"/>
        <option id="O_FIGHT" state="EXPIRED" start="{START}" end="{END}"/></options>
        <materials><material id="STB-1" type="box"/></materials></account></response>""",
    "icareus": '{"status":"ok","user":{"userId":"7","screenName":"S1","products":["P_NEWS"],"devices":["D-1"]}}',
    "irdeto": '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        '<QUERY_SECURE_CLIENT_RESPONSE xmlns="urn:headend:irdeto-kms:1"><transactionId>Q1</transactionId>'
        f"<reference>K1</reference>{BASIC}{SECTOR}{PAIRING}{ENTITLEMENTS}{DOMAIN}</QUERY_SECURE_CLIENT_RESPONSE>"
        "</soap:Body></soap:Envelope>",
}
HELD = {
    "tucano": {Held(Kind.ACCOUNT, "T1"), Held(Kind.ITEM, "STB-1"), Held(Kind.SERVICE, "O_NEWS"),
        Held(Kind.SERVICE, "O_MATCH", window=SPAN)},
    "icareus": {Held(Kind.ACCOUNT, "7"), Held(Kind.ITEM, "D-1"), Held(Kind.SERVICE, "P_NEWS")},
    "irdeto": {Held(Kind.ITEM, "STB-1", place="MAIN"), Held(Kind.PAIR, "CARD-1", place="STB-1"),
        Held(Kind.SERVICE, "CA_1", place="STB-1"), Held(Kind.SERVICE, "CA_2", place="STB-1", window=SPAN)},
}
SPOILED = (
    #  platform   what of the answer       becomes                       said
    ("tucano",  'subscriber="S1"',         'subscriber="S2"',            "wanted: that of 'S1'"),
    ("tucano",  'account id="T1"',         "account",                    "account has no id"),
    ("tucano",  "materials>",              "stuff>",                     "without its materials"),
    ("tucano",  'id="O_KIDS"',             'id="O_NEWS"',                "'O_NEWS' comes 2 times"),
    ("tucano",  "SUSPENDED",               "PAUSED",                     "O_KIDS is 'PAUSED'"),
    ("tucano",  f'start="{START}"',        "",                           "wanted: two moments"),
    ("tucano",  START,                     START[:-1],                   "moments with offsets"),
    ("tucano",  START,                     "0001-01-01T00:00:00+14:00",  "moments in years 1 to 9999"),
    ("icareus", '"screenName":"S1"',       '"screenName":"S2"',          "no user 'S1'"),
    ("icareus", '"user":{',                '"user":[],"x":{',            "no user 'S1'"),
    ("icareus", '"userId":"7"',            '"userId":null',              "without a userId"),
    ("icareus", '"userId":"7"',            '"userId":"\\u0000"',          "without a userId"),
    ("icareus", "P_NEWS",                  "\\ud800",                    "without a list of products"),
    ("icareus", '["P_NEWS"]',              '"P_NEWS"',                   "without a list of products"),
    ("icareus", '["D-1"]',                 '["D-1","D-1"]',              "'D-1' comes 2 times"),
    ("irdeto",  ">STB-1<",                 ">STB-9<",                    "found secure client 'STB-9'"),
    ("irdeto",  BASIC,                     "",                           "BASIC: found 0 of secureClient"),
    ("irdeto",  BASIC,                     BASIC + BASIC,                "'BASIC' comes 2 times"),
    ("irdeto",  SECTOR,                    "",                           "SECTOR: found 0 of sector"),
    ("irdeto",  ENTITLEMENTS,              "",                           "without ENTITLEMENTS"),
    ("irdeto",  ">yes<",                   ">perhaps<",                  "paired 'perhaps'"),
    ("irdeto",  "CARD-1",                  "",                           "PAIRING: found 0 of smartcard"),
    ("irdeto",  "without end",             "for ever",                   "wanted: two moments"),
    ("irdeto",  DOMAIN,                    "",                           "not so in DEVICE_DOMAIN"),
)
# fmt: on


def told(protocol, body):
    subject = "STB-1" if protocol == "irdeto" else "S1"
    return ADAPTERS[protocol].calls.holdings(Reply(200, "OK", {}, body.encode()), "S1", subject)


@pytest.mark.parametrize("protocol", ANSWERS)
def test_all_that_is_said_is_read_as_the_engine_would_believe_it(protocol):
    found = told(protocol, ANSWERS[protocol])
    assert set(found.held) == HELD[protocol]
    assert found.over == ((Held(Kind.SERVICE, "O_FIGHT", window=SPAN),) if protocol == "tucano" else ())
    assert found.others == (("STB-2",) if protocol == "irdeto" else ())


@pytest.mark.parametrize(("protocol", "part", "instead", "said"), SPOILED)
def test_an_answer_that_does_not_say_it_all_is_not_read(protocol, part, instead, said):
    assert part in ANSWERS[protocol]
    with pytest.raises(ValueError, match=said):
        told(protocol, ANSWERS[protocol].replace(part, instead))


def test_a_box_of_somebody_else_is_none_of_ours():
    assert not told("irdeto", ANSWERS["irdeto"].replace("<value>S1<", "<value>S2<")).held
