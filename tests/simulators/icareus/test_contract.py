"""The published contract: what breaks it is refused, noted as a violation, and changes nothing."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.icareus import wire
from simulators.icareus.codes import Action
from simulators.icareus.contract import EXACTLY_ONE, TAKES
from simulators.icareus.wire import BreachError
from tests.simulators.icareus.conftest import USER
from tests.simulators.icareus.signed import ADA, form

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SHOW = urlencode(form("getUser", userId=USER))
# fmt: off
BREACHES = [
    # body                                      code                 read as    said first
    ("",                                         "MISSING_PARAMETER", "",        "action: it is missing"),
    ("&&",                                       "MISSING_PARAMETER", "",        "action: it is missing"),
    ("token=x",                                  "MISSING_PARAMETER", "",        "action: it is missing"),
    ("action=",                                  "UNKNOWN_ACTION",    "",        "action: there are addUser, "),
    ("action=ADDUSER",                           "UNKNOWN_ACTION",    "",        "action: there are addUser, "),
    ("action=getUser",                           "MISSING_PARAMETER", "getUser", "organizationId: getUser needs it"),
    ("action=getUser&organizationId=1",          "MISSING_PARAMETER", "getUser", "token: getUser needs it"),
    ("action=getUser&organizationId=1&token=x",  "MISSING_PARAMETER", "getUser", "screenName: getUser needs exactly"),
    (f"{SHOW}&screenName=S1",                    "INVALID_PARAMETER", "getUser", "screenName: getUser needs exactly"),
    (f"{SHOW}&userId={USER}",                    "INVALID_PARAMETER", "",        "userId: it comes twice"),
    (f"{SHOW}&action=getUser",                   "INVALID_PARAMETER", "",        "action: it comes twice"),
    (f"{SHOW}&x=1",                              "INVALID_PARAMETER", "getUser", "x: getUser takes organizationId, "),
    (f"{SHOW}&deviceId=D",                       "INVALID_PARAMETER", "getUser", "deviceId: getUser takes"),
    (f"{SHOW}&{'x' * 1000}=1",                   "INVALID_PARAMETER", "getUser", f"{'x' * 64}: getUser takes"),
    (f"{SHOW}&%ff=1",                            "INVALID_PARAMETER", "",        "it is not UTF-8"),
    (f"{SHOW}&comments=%ff",                     "INVALID_PARAMETER", "",        "comments: it is not UTF-8"),
    (SHOW.encode() + b"\xff",                    "INVALID_PARAMETER", "",        "byte "),
    (SHOW + "&a=1" * 100,                        "INVALID_PARAMETER", "",        "a form has 100 parameters at most"),
]
WRONG = [
    # action             parameter         value
    ("addUser",          "organizationId", "head"),
    ("addUser",          "organizationId", ""),
    ("addUser",          "organizationId", "1" * 19),
    ("addUser",          "organizationId", "-1"),
    ("addUser",          "organizationId", "\u0661"),  # a digit, but not one of ours
    ("addUser",          "countryId",      "FI"),
    ("addUser",          "regionId",       "1.0"),
    ("addUser",          "regionId",       "1\n"),
    ("addUser",          "firstName",      "a" * 201),
    ("addUser",          "firstName",      "a\nb"),
    ("addUser",          "lastName",       "\x00"),
    ("addUser",          "screenName",     ""),
    ("addUser",          "screenName",     "a b"),
    ("addUser",          "screenName",     "200001"),
    ("addUser",          "screenName",     "a" * 65),
    ("addUser",          "emailAddress",   "ada"),
    ("addUser",          "emailAddress",   "ada@a@b"),
    ("addUser",          "emailAddress",   "@"),
    ("addUser",          "languageId",     "english"),
    ("addUser",          "languageId",     ""),
    ("addUser",          "comments",       "a" * 201),
    ("addUser",          "comments",       "\x07"),
    ("removeUser",       "userId",         "S1"),
    ("activateProducts", "productIds",     ""),
    ("activateProducts", "productIds",     ","),
    ("activateProducts", "productIds",     "A,"),
    ("activateProducts", "productIds",     "A, B"),
    ("activateProducts", "productIds",     "B,A"),
    ("activateProducts", "productIds",     "A,A"),
    ("cancelProducts",   "productIds",     "B,A"),
    ("addDeviceToUser",  "deviceId",       ""),
    ("addDeviceToUser",  "deviceId",       "a b"),
    ("addDeviceToUser",  "deviceId",       "a,b"),
    ("addDeviceToUser",  "deviceId",       "a" * 65),
]
# fmt: on
OTHERS = {"userId": USER, "productIds": "SVOD_SPORT", "deviceId": "STB-1", **ADA}


def whole(action: str, **other: str) -> dict[str, str]:
    """A form of an action in which all is as it should be, but for what is said."""
    names = [each.name for each in TAKES[Action(action)] if each.needed or each.name in other]
    if action in EXACTLY_ONE and not other:
        names.insert(1, "userId")
    return form(
        action, **{name: {**OTHERS, **other}[name] for name in names if name not in {"organizationId", "token"}}
    )


def held_against(client, workspace, answer, code: str) -> None:
    assert (answer.status, answer.code) == (200, code)
    entry = workspace.journal.find()[-1]
    assert (entry.outcome, entry.effect, entry.code) == ("answered", "rejected", code)
    assert len(entry.violations) == 1
    assert entry.violations[0].message in answer.json["message"]


@pytest.mark.parametrize(("body", "code", "operation", "said"), BREACHES)
def test_what_breaks_the_contract_is_refused_and_the_answer_says_where(client, workspace, body, code, operation, said):
    client.add()
    before = workspace.memory()
    answer = client.post(body, headers=FORM)
    held_against(client, workspace, answer, code)
    assert answer.json["message"].startswith(said)
    assert workspace.journal.find()[-1].operation == (operation or code)
    assert workspace.memory() == before


@pytest.mark.parametrize(("action", "name", "value"), WRONG)
def test_a_value_that_is_none_is_refused_by_the_name_of_its_parameter(client, workspace, action, name, value):
    client.add("S9")
    before = workspace.memory()
    answer = client.post({**whole(action, **{name: value} if name != "organizationId" else {}), name: value})
    held_against(client, workspace, answer, "INVALID_PARAMETER")
    assert answer.json["message"].startswith(f"{name}: it takes ")
    assert workspace.journal.find()[-1].violations[0].path == f"/{name}"
    assert workspace.memory() == before


NEEDED = [(action, each.name) for action in TAKES for each in TAKES[action] if each.needed]


@pytest.mark.parametrize(("action", "name"), NEEDED)
def test_every_parameter_that_is_needed_is_missed(client, workspace, action, name):
    left = {key: value for key, value in whole(action).items() if key != name}
    answer = client.post(left)
    held_against(client, workspace, answer, "MISSING_PARAMETER")
    assert answer.json["message"] == f"{name}: {action} needs it"


@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_form_that_keeps_the_contract(client, workspace, action):
    client.add("S9")
    assert client.post(whole(action)).ok
    assert workspace.journal.violations() == []
    assert workspace.journal.find()[-1].operation == action


def test_lines_may_be_empty_and_so_may_the_e_mail_address(client):
    empty = dict.fromkeys(("firstName", "lastName", "postalCode", "cityName", "phoneNumber", "emailAddress"), "")
    assert client.add(**empty).ok


def test_letters_of_every_kind_come_through_as_they_are(client, workspace):
    client.add("Sé", firstName="Ünal & Söhne", lastName="a+b=c%20", cityName="東京", comments="a\r\nb")
    user = client.show().json["user"]
    assert (user["screenName"], user["firstName"], user["lastName"]) == ("Sé", "Ünal & Söhne", "a+b=c%20")
    assert (user["cityName"], user["comments"]) == ("東京", "a\r\nb")


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded; charset=UTF-8", "Application/X-WWW-Form-URLencoded;charset=utf-8"],
)
def test_a_form_may_name_its_character_set(client, content_type):
    assert client.post(urlencode(form("addUser", **ADA)), headers={"Content-Type": content_type}).ok


WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=200)


@given(first=WORDS, last=WORDS, city=WORDS)
def test_any_line_survives_the_way_in(first, last, city):
    asked = wire.read(
        urlencode(form("addUser", **{**ADA, "firstName": first, "lastName": last, "cityName": city})).encode()
    )
    assert [asked.values[name] for name in ("firstName", "lastName", "cityName")] == [first, last, city]
    assert asked.signed[:3] == ["14806", first, last]


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_the_reader_fail_in_any_other_way(body):
    with pytest.raises(BreachError):
        wire.read(body)


@given(st.dictionaries(st.sampled_from([*OTHERS, "action", "token", "x"]), st.text(max_size=20)))
def test_no_form_at_all_makes_the_reader_fail_in_any_other_way(fields):
    body = urlencode(fields, errors="surrogatepass")
    try:
        asked = wire.read(body.encode())
    except BreachError:
        return
    assert asked.values.items() <= dict(parse_qsl(body, keep_blank_values=True)).items()
