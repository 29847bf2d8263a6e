"""Whose token is taken, until when, and what is said of all others."""

import hashlib
import logging
from datetime import timedelta

import pytest

from simulators.kit.control.app import control
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano
from simulators.tucano.codes import TokenCode
from tests.simulators.conftest import NEW_YEAR, OPTIONS
from tests.simulators.tucano.bearer import CLAIMS, HEADER, ONE_O_CLOCK, PROVIDER, SECRET, part, token

# made with openssl, from `{"alg":"HS256","typ":"JWT"}` and `{"exp":1767229200,"userid":"T100001","apip":"HEADEND"}`
BY_OPENSSL = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    ".eyJleHAiOjE3NjcyMjkyMDAsInVzZXJpZCI6IlQxMDAwMDEiLCJhcGlwIjoiSEVBREVORCJ9"
    ".8EVNCERKRpjAEPpo3d2EfB9chvDIcLlODIMPecQbAuY"
)
BASIC = "aGVhZGVuZDpoZWFkZW5k"
OTHER_SECRET = "another-secret-of-thirty-two-bytes"
NO_UTF8 = b'{"exp":1767229200,"userid":"\xff","apip":"HEADEND"}'
NESTED = b'{"more":' + b"[" * 5_000
A, B, C = token().split(".")


def without(claim: str) -> dict:
    return {name: value for name, value in CLAIMS.items() if name != claim}


# fmt: off
REFUSED = [
    # Authorization                                                     code               said
    ("",                                                                "TOKEN_MISSING",   "Authorization: Bearer"),
    ("Bearer",                                                          "TOKEN_MISSING",   "Authorization: Bearer"),
    ("Bearer ",                                                         "TOKEN_MISSING",   "Authorization: Bearer"),
    (f"Basic {BASIC}",                                      "TOKEN_MISSING",   "Authorization: Bearer"),
    (f"Bearer{token()}",                                                "TOKEN_MISSING",   "Authorization: Bearer"),
    (token(),                                                           "TOKEN_MISSING",   "Authorization: Bearer"),
    ("Bearer word",                                                     "TOKEN_MALFORMED", "three parts"),
    (f"Bearer {A}.{B}",                                                 "TOKEN_MALFORMED", "three parts"),
    (f"Bearer {A}.{B}.{C}.{C}",                                         "TOKEN_MALFORMED", "three parts"),
    (f"Bearer {A}.{B}.{C}=",                                            "TOKEN_MALFORMED", "three parts"),
    (f"Bearer {A}.{B}.{C} x",                                           "TOKEN_MALFORMED", "three parts"),
    (f"Bearer {token()},Bearer {token()}",                              "TOKEN_MALFORMED", "three parts"),
    (f"Bearer {A}.{B}.{C}\u00e9",                                       "TOKEN_MALFORMED", "three parts"),
    (f"Bearer {A}x.{B}.{C}",                                            "TOKEN_MALFORMED", "base64url"),
    (f"Bearer {token(header=b'{')}",                                    "TOKEN_MALFORMED", "header"),
    (f"Bearer {token(header=['HS256', 'JWT'])}",                        "TOKEN_MALFORMED", "header"),
    (f"Bearer {token(header=b'[' * 5_000)}",                            "TOKEN_MALFORMED", "header"),
    (f"Bearer {token(b'{')}",                                           "TOKEN_MALFORMED", "payload"),
    (f"Bearer {token(b'xx')}",                                          "TOKEN_MALFORMED", "payload"),
    (f"Bearer {token(bytes([0xff]))}",                                  "TOKEN_MALFORMED", "payload"),
    (f"Bearer {token(NO_UTF8)}",                                        "TOKEN_MALFORMED", "payload"),
    (f"Bearer {token(b'[' * 5_000)}",                                   "TOKEN_MALFORMED", "payload"),
    (f"Bearer {token(NESTED)}",                                         "TOKEN_MALFORMED", "payload"),
    (f"Bearer {token([])}",                                             "TOKEN_MALFORMED", "payload"),
    (f"Bearer {token(without('exp'))}",                                 "TOKEN_MALFORMED", "`exp`"),
    (f"Bearer {token(without('userid'))}",                              "TOKEN_MALFORMED", "`userid`"),
    (f"Bearer {token(without('apip'))}",                                "TOKEN_MALFORMED", "`apip`"),
    (f"Bearer {token({**CLAIMS, 'exp': '1767229200'})}",                "TOKEN_MALFORMED", "$.exp"),
    (f"Bearer {token({**CLAIMS, 'exp': 1767229200.0})}",                "TOKEN_MALFORMED", "$.exp"),
    (f"Bearer {token({**CLAIMS, 'exp': True})}",                        "TOKEN_MALFORMED", "$.exp"),
    (f"Bearer {token({**CLAIMS, 'exp': None})}",                        "TOKEN_MALFORMED", "$.exp"),
    (f"Bearer {token({**CLAIMS, 'exp': -1})}",                          "TOKEN_MALFORMED", "$.exp"),
    (f"Bearer {token({**CLAIMS, 'exp': 10**12})}",                      "TOKEN_MALFORMED", "$.exp"),
    (f"Bearer {token({**CLAIMS, 'exp': 10**400})}",                     "TOKEN_MALFORMED", "$.exp"),
    (f"Bearer {token({**CLAIMS, 'userid': 100001})}",                   "TOKEN_MALFORMED", "$.userid"),
    (f"Bearer {token({**CLAIMS, 'userid': ''})}",                       "TOKEN_MALFORMED", "$.userid"),
    (f"Bearer {token({**CLAIMS, 'userid': 'T' * 65})}",                 "TOKEN_MALFORMED", "$.userid"),
    (f"Bearer {token({**CLAIMS, 'apip': None})}",                       "TOKEN_MALFORMED", "$.apip"),
    (f"Bearer {token({**CLAIMS, 'apip': ''})}",                         "TOKEN_MALFORMED", "$.apip"),
    (f"Bearer {token({**CLAIMS, 'apip': 'x' * 201})}",                  "TOKEN_MALFORMED", "$.apip"),
    (f"Bearer {token(secret=OTHER_SECRET)}",                            "TOKEN_FORGED",    "signature"),
    (f"Bearer {A}.{part({**CLAIMS, 'userid': 'T100002'})}.{C}",         "TOKEN_FORGED",    "signature"),
    (f"Bearer {A}.{part({**CLAIMS, 'exp': ONE_O_CLOCK + 1})}.{C}",      "TOKEN_FORGED",    "signature"),
    (f"Bearer {part({**HEADER, 'kid': '1'})}.{B}.{C}",                  "TOKEN_FORGED",    "signature"),
    (f"Bearer {A}.{B}.{C[:-4]}",                                        "TOKEN_FORGED",    "signature"),
    (f"Bearer {A}.{B}.",                                                "TOKEN_FORGED",    "signature"),
    (f"Bearer {part({'alg': 'none', 'typ': 'JWT'})}.{B}.",              "TOKEN_FORGED",    "alg is not HS256"),
    (f"Bearer {token(header={'alg': 'none', 'typ': 'JWT'})}",           "TOKEN_FORGED",    "alg is not HS256"),
    (f"Bearer {token(header={'alg': 'RS256', 'typ': 'JWT'})}",          "TOKEN_FORGED",    "alg is not HS256"),
    (f"Bearer {token(header={'alg': 'HS512', 'typ': 'JWT'}, digest=hashlib.sha512)}",
                                                                        "TOKEN_FORGED",    "alg is not HS256"),
    (f"Bearer {token(header={'alg': 'hs256', 'typ': 'JWT'})}",          "TOKEN_FORGED",    "alg is not HS256"),
    (f"Bearer {token(header={'alg': ['HS256'], 'typ': 'JWT'})}",        "TOKEN_FORGED",    "alg is not HS256"),
    (f"Bearer {token(header={'typ': 'JWT'})}",                          "TOKEN_FORGED",    "alg is not HS256"),
    (f"Bearer {token(header={'alg': 'HS256'})}",                        "TOKEN_FORGED",    "typ is not JWT"),
    (f"Bearer {token(header={'alg': 'HS256', 'typ': 'jwt'})}",          "TOKEN_FORGED",    "typ is not JWT"),
    (f"Bearer {token(header={'alg': 'HS256', 'typ': None})}",           "TOKEN_FORGED",    "typ is not JWT"),
    (f"Bearer {token({**CLAIMS, 'apip': 'OTHER'})}",                    "TOKEN_FOREIGN",   "OTHER"),
    (f"Bearer {token({**CLAIMS, 'apip': 'headend'})}",                  "TOKEN_FOREIGN",   "headend"),
    (f"Bearer {token({**CLAIMS, 'exp': 0})}",                           "TOKEN_EXPIRED",   "1970-01-01T00:00:00Z"),
]
TAKEN = [
    f"Bearer {BY_OPENSSL}",
    f"bearer  {token()}",
    f"Bearer {token({**CLAIMS, 'iat': ONE_O_CLOCK * 2, 'nbf': ONE_O_CLOCK * 2, 'aud': 'x', 'sub': 1, 'more': [1]})}",
    f"Bearer {token(header={**HEADER, 'kid': 'x'})}",
    f"Bearer {token({**CLAIMS, 'exp': 253_402_300_799})}",
]
# fmt: on


def test_a_token_made_by_hand_is_the_one_made_by_openssl():
    assert token() == BY_OPENSSL


@pytest.mark.parametrize("authorization", TAKEN, ids=range(len(TAKEN)))
def test_a_token_that_is_what_it_says_is_taken(subscriber, workspace, authorization):
    assert subscriber.order(authorization=authorization).accepted
    assert workspace.holdings() == {"T100001": ["account T100001", "order MOVIE-1"]}


@pytest.mark.parametrize(
    ("authorization", "code", "said"), REFUSED, ids=[f"{n} {row[2]}" for n, row in enumerate(REFUSED)]
)
def test_any_other_is_refused_and_the_answer_says_why(subscriber, workspace, authorization, code, said):
    answer = subscriber.order(authorization=authorization)
    assert answer.status == 401
    assert answer.http.headers["WWW-Authenticate"] == 'Bearer realm="Tucano"'
    assert answer.http.headers["Content-Type"] == "text/xml; charset=utf-8"
    found, sentence = answer.error
    assert (found, said in sentence) == (code, True)
    assert (answer.root.get("status"), answer.transaction, "reference" in answer.root.attrib) == (
        "REJECTED",
        "TX-2",
        False,
    )
    entry = workspace.journal.find()[-1]
    assert (entry.operation, entry.outcome, entry.effect, entry.code, entry.difference) == (
        "ORDER",
        "answered",
        "rejected",
        code,
        [],
    )
    assert workspace.holdings() == {"T100001": ["account T100001"]}


def test_every_code_of_a_token_is_refused_with_here():
    assert {code for _, code, _ in REFUSED} | {"NO_SECRET"} == set(TokenCode)


def test_all_of_them_are_refused_alike_over_a_socket(any_subscriber):
    for authorization, code, _ in REFUSED:
        assert any_subscriber.order(authorization=authorization.strip()).error[0] == code


def test_a_token_ends_exactly_with_its_second_by_the_virtual_clock(subscriber, workspace):
    workspace.clock.set(NEW_YEAR + timedelta(hours=1, microseconds=-1))
    workspace.clock.freeze(NEW_YEAR + timedelta(hours=1, microseconds=-1))
    assert subscriber.order("MOVIE-1").accepted
    workspace.clock.advance(0.000001)
    answer = subscriber.order("MOVIE-2")
    assert (answer.status, answer.error) == (401, ("TOKEN_EXPIRED", "2026-01-01T01:00:00Z"))
    assert workspace.holdings()["T100001"] == ["account T100001", "order MOVIE-1"]
    entry = workspace.journal.find()[-1]
    assert (entry.subject, entry.parameters) == ("T100001", {"account": "T100001", "content": "MOVIE-2"})


def test_what_has_been_ordered_is_not_told_to_who_comes_with_an_expired_token(subscriber, workspace):
    subscriber.order()
    workspace.clock.advance(3600)
    assert subscriber.order().error[0] == "TOKEN_EXPIRED"


def test_a_clock_that_is_set_back_makes_a_token_good_again(subscriber, workspace):
    workspace.clock.advance(3600)
    assert subscriber.order().error[0] == "TOKEN_EXPIRED"
    workspace.clock.freeze(NEW_YEAR)
    assert subscriber.order().accepted


def test_an_expired_token_is_said_before_what_is_wrong_with_the_body(subscriber, workspace):
    workspace.clock.advance(3600)
    assert subscriber.post("junk").error[0] == "TOKEN_EXPIRED"
    assert subscriber.post("x" * 2_000_000).error[0] == "TOKEN_EXPIRED"


def test_a_token_is_no_password_and_a_password_no_token(subscriber, caller):
    basic = caller.session.auth
    caller.session.auth = lambda request: request.headers.update(Authorization=f"Bearer {token()}") or request
    assert caller.show().status == 401
    caller.session.auth = basic
    assert subscriber.order(authorization=f"Basic {BASIC}").error[0] == "TOKEN_MISSING"


def test_an_account_that_does_not_exist_orders_nothing(subscriber, workspace):
    answer = subscriber.bear({**CLAIMS, "userid": "T100002"})
    assert (answer.status, answer.error) == (200, ("UNKNOWN_ACCOUNT", "T100002"))
    assert subscriber.bear({**CLAIMS, "userid": "\x01 \n"}).error == ("UNKNOWN_ACCOUNT", "? \n")
    workspace.forget("T100001")
    assert subscriber.order().error == ("UNKNOWN_ACCOUNT", "T100001")
    assert workspace.holdings() == {}


def test_without_a_secret_no_token_is_taken_and_the_answer_says_why(subscriber, session):
    bare = Simulator(tucano(options=OPTIONS))
    session.adapters["http://tucano"]._simulator = bare
    for authorization in (None, "", "Bearer word"):
        answer = subscriber.order(authorization=authorization)
        assert (answer.status, answer.error[0]) == (401, "NO_SECRET")
        assert "no JWT secret" in answer.error[1]


@pytest.mark.parametrize(
    ("secret", "provider", "said"),
    [
        (SECRET, None, "come together"),
        (SECRET, "", "come together"),
        (None, PROVIDER, "come together"),
        ("", PROVIDER, "come together"),
        ("x" * 31, PROVIDER, "at least 32 bytes"),
        (
            "-----BEGIN PUBLIC KEY-----\n" + "x" * 32 + "\n-----END PUBLIC KEY-----\n",
            PROVIDER,
            "the JWT secret is none",
        ),
    ],
)
def test_a_secret_that_could_never_be_used_is_refused_at_once(secret, provider, said):
    with pytest.raises(ValueError, match=said) as raised:
        tucano(options=OPTIONS, jwt_secret=secret, api_provider=provider)
    assert not secret or secret not in str(raised.value)


def test_a_secret_is_measured_in_bytes():
    assert tucano(options=OPTIONS, jwt_secret="é" * 16, api_provider=PROVIDER)


def test_neither_tokens_nor_secrets_are_kept_or_told(any_subscriber, simulator, workspace, caplog):
    caplog.set_level(logging.DEBUG)
    tried = [token(), token(secret=OTHER_SECRET), token({}), token(header={"alg": "none"}), token(b"{"), "word"]
    for each in tried:
        any_subscriber.order(authorization=f"Bearer {each}")
    client = control({"tucano": simulator}).test_client()
    told = [client.get(f"/requests?format={name}").text for name in ("json", "jsonl", "har", "mermaid")]
    told += [client.get(path).text for path in ("/platforms/tucano/state", "/metrics", "/faults")]
    told += [repr(simulator.platform), repr(workspace.journal.find()), caplog.text]
    assert len(workspace.journal.find()) == 1 + len(tried)
    for secret in (SECRET, OTHER_SECRET, BASIC, "Bearer ", *filter(None, ".".join(tried).split("."))):
        assert [text for text in told if secret in text.replace("Authorization: Bearer and", "")] == []
