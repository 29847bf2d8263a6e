"""PINs: set and reset, and never to be read anywhere but in the memory itself."""

import json
from base64 import b64decode

import pytest
from msgspec.structs import replace

from simulators.kit import export
from simulators.kit.charset import charset_of
from simulators.kit.faults import Fault
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.irdeto.conftest import NAMESPACE, envelope, request

PIN = "7391"


def body_of(entry) -> bytes:
    """The body of a request as the journal gives it back."""
    text = entry.request
    return b64decode(text) if entry.request_base64 else text.encode(charset_of(entry.content_type))


def secrets_in(workspace, pin: str = PIN) -> list[str]:
    """Where a PIN can be read that shouldn't be. Of instants and durations any four digits may be a part."""
    entries = [replace(entry, at=NEW_YEAR, process_s=0.0) for entry in workspace.journal.find()]
    told = {
        "bodies": repr([body_of(entry).replace(b"\0", b"") for entry in entries]),
        "entries": repr(entries),
        "json lines": export.json_lines(entries),
        "HAR": export.har(entries),
        "diagram": export.mermaid(entries),
        "holdings": json.dumps(workspace.holdings()),
    }
    return [where for where, text in told.items() if pin in text]


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", " 1234", "1234\n", "-123", "١٢٣٤"])
@pytest.mark.parametrize("operation", ["set_pin", "reset_pin"])
def test_a_pin_has_four_digits(caller, workspace, held, operation, pin):
    caller.register()
    answer = getattr(caller, operation)(pin)
    assert (answer.code, answer.sentence) == ("INVALID_PIN", "a PIN has four digits: SC-1")
    assert workspace.journal.violations() == []
    assert held() == ["client SC-1 sector MAIN"]


def test_a_pin_is_0001_until_it_is_set(caller, workspace):
    caller.register()
    assert workspace.memory()["clients"]["SC-1"].get("pin", {}) == {}
    assert workspace.state._clients["SC-1"].pin.digits == "0001"


# fmt: off
CHANGES = [
    # what is done to a PIN, and what the last of it changes
    ([("set_pin", "1234")],                                               ["+pin set"]),
    ([("set_pin", "0001")],                                               ["+pin set"]),
    ([("set_pin", "1234"), ("set_pin", "1234")],                          []),
    ([("set_pin", "1234"), ("set_pin", "4321")],                          ["-pin set", "+pin set (2)"]),
    ([("reset_pin", "0001")],                                             []),
    ([("set_pin", "1234"), ("reset_pin", "0001")],                        ["-pin set"]),
    ([("set_pin", "1234"), ("reset_pin", "9999")],                        ["-pin set", "+pin reset"]),
    ([("set_pin", "9999"), ("reset_pin", "9999")],                        ["-pin set", "+pin reset"]),
    ([("reset_pin", "9999"), ("reset_pin", "9999")],                      []),
    ([("reset_pin", "9999"), ("reset_pin", "8888")],                      ["-pin reset", "+pin reset (2)"]),
    ([("reset_pin", "9999"), ("set_pin", "1234")],                        ["-pin reset", "+pin set"]),
]
# fmt: on


@pytest.mark.parametrize(("done", "difference"), CHANGES)
def test_a_change_of_a_pin_is_seen_and_the_pin_is_not(caller, workspace, done, difference):
    caller.register()
    for operation, pin in done:
        assert getattr(caller, operation)(pin).done
    assert workspace.journal.find()[-1].difference == difference
    workspace.remember(workspace.memory())
    assert workspace.state._clients["SC-1"].pin.digits == done[-1][1]


def test_the_journal_and_its_exports_keep_all_of_a_request_but_the_pin(caller, workspace):
    caller.register("SC-7391")
    caller.set_pin(PIN, "SC-7391", transaction="T-7391")
    entry = workspace.journal.find()[-1]
    assert entry.request == envelope(request("SET_PIN", "<secureClient>SC-7391</secureClient><pin>***</pin>", "T-7391"))
    assert entry.parameters == {"secureClient": "SC-7391", "pin": "***"}
    assert (entry.subject, entry.reference) == ("SC-7391", "T-7391")


def test_a_pin_is_in_no_answer_and_in_no_query(caller):
    caller.register()
    caller.set_pin(PIN)
    answer = caller.query("SECURITY", "BASIC")
    assert answer.sections[0] == ("SECURITY", [("pin", "set")])
    assert PIN not in answer.http.text


def pinned(pin: str) -> str:
    return envelope(request("SET_PIN", f"<secureClient>SC-1</secureClient>{pin}"))


# fmt: off
WAYS = {
    "plain":             pinned(f"<pin>{PIN}</pin>"),
    "prefixed":          pinned(f'<k:pin xmlns:k="{NAMESPACE}">{PIN}</k:pin>'),
    "in a section":      pinned(f"<pin><![CDATA[{PIN}]]></pin>"),
    "beside a tag":      pinned(f"<pin><![CDATA[</pin>]]>{PIN}</pin>"),
    "in an attribute":   pinned(f'<pin value="{PIN}"/>'),
    "twice":             pinned(f"<pin>{PIN}</pin><pin>{PIN}</pin>"),
    "over lines":        pinned(f"<pin>\n{PIN}\n</pin>"),
    "in capitals":       pinned(f"<PIN>{PIN}</PIN>"),
    "with an angle":     pinned(f'<pin a=">">{PIN}</pin >'),
    "without an end":    pinned(f"<pin>{PIN}"),
    "in no envelope":    f"<pin>{PIN}</pin>",
    "with a NUL":        pinned(f"<pin>\0{PIN}</pin>"),
    "with an entity":    f'<!DOCTYPE a [<!ENTITY p "x">]>{pinned(f"<pin>{PIN}&p;</pin>")}',
}
# fmt: on


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("charset", ["UTF-8", "UTF-16", "cp037"])
def test_however_a_pin_is_written_the_journal_does_not_have_it(caller, workspace, way, charset):
    caller.register()
    answer = caller.post(WAYS[way], charset)
    assert PIN not in answer.http.text
    assert secrets_in(workspace) == []
    entry = workspace.journal.find()[-1]
    assert ("***" in entry.request, entry.request_base64) == (True, False)


@pytest.mark.parametrize("sent", [WAYS["plain"].encode("utf-16"), WAYS["plain"].encode() + b"\xff"])
def test_bytes_that_are_no_text_are_searched_for_a_pin_too(caller, workspace, sent):
    caller.post(sent)
    assert secrets_in(workspace) == []
    assert b"***" in body_of(workspace.journal.find()[-1])


# fmt: off
NO_CALLS = {
    "JSON":                  f'{{"pin": "{PIN}"}}',
    "more JSON":             f'{{"Pin": {{"value": {PIN}, "old": "{PIN}"}}}}',
    "JSON with escapes":     '{"pin": "7\\u0033\\u00391"}',
    "a form":                f"pin={PIN}&smartcard=C-1",
    "a form with escapes":   "pin%3d%22739%31%22",
    "plain words":           f"My PIN code is now: {PIN}",
    "numbered":              f"pin1={PIN}",
    "another element":       pinned(f"<newPin>{PIN}</newPin>"),
    "an attribute":          pinned(f'<change pin="{PIN}"/>'),
    "angles escaped":        pinned(f"&lt;pin>{PIN}&lt;/pin>"),
    "all angles escaped":    pinned(f"&lt;pin&gt;{PIN}&lt;/pin&gt;"),
    "a comment":             f"<a><!-- pin: {PIN} --></a>",
    "an element commented":  f"<!-- {pinned(f'<pin>{PIN}</pin>')} -->",
    "a section":             pinned(f"<newPin><![CDATA[{PIN}]]></newPin>"),
    "an entity":             f'<!DOCTYPE a [<!ENTITY pin "{PIN}">]><a>&pin;</a>',
    "references":            pinned("<newPin>&#55;&#x33;&#0057;1</newPin>"),
    "of another type":       pinned(f'<newPin xsi:type="xsd:string">{PIN}</newPin>'),
}
AS = {
    "as it says":            ("UTF-8",    "UTF-8"),
    "in UTF-16":             ("UTF-16",   "UTF-16"),
    "as UTF-16, and is not": ("UTF-8",    "UTF-16"),
    "UTF-16, and says not":  ("UTF-16",   "UTF-8"),
    "UTF-16, without mark":  ("UTF-16LE", "UTF-8"),
    "a set nobody knows":    ("UTF-8",    "x-none"),
    "a set not read here":   ("UTF-8",    "cp037"),
}
# fmt: on


@pytest.mark.parametrize("way", NO_CALLS)
@pytest.mark.parametrize("how", AS)
def test_a_body_that_is_no_call_leaves_no_pin_either(caller, workspace, way, how):
    charset, said = AS[how]
    body = NO_CALLS[way].encode(charset)
    body += b" " * (len(body) % 2)  # so that it could be UTF-16
    caller.session.post(caller.url, data=body, headers={"Content-Type": f"text/xml; charset={said}"})
    assert workspace.journal.find()[-1].operation == "MALFORMED"
    assert secrets_in(workspace) == []
    for trace in ("u0039", "739%31", "&#x33;"):
        assert secrets_in(workspace, trace) == []


def test_in_a_path_and_in_what_is_said_of_it_there_is_no_pin(caller, workspace):
    caller.url += f"/pin={PIN}"
    assert caller.post("x").status == 404
    assert secrets_in(workspace) == []


def test_of_a_body_that_is_no_call_other_numbers_are_kept(caller, workspace):
    body = f'{{"smartcard": "{PIN}", "pins": 3, "of": "a device that has the number of the year", "in": 2096}}'
    caller.post(body)
    assert workspace.journal.find()[0].request == body


def test_what_is_turned_away_at_the_door_leaves_no_pin_either(caller, workspace):
    caller.session.auth = ("headend", "wrong")
    assert caller.post(WAYS["plain"]).status == 401
    caller.url += "/somewhere"
    assert caller.post(WAYS["plain"]).status == 404
    assert caller.session.put(caller.url.removesuffix("/somewhere"), data=WAYS["plain"]).status_code == 405
    assert len(workspace.journal.find()) == 3
    assert secrets_in(workspace) == []


@pytest.mark.parametrize("kind", ["garbled", "refuse", "busy"])
def test_a_fault_brings_no_pin_to_light(caller, workspace, kind):
    workspace.faults.put(Fault("f", kind, operation="SET_PIN", code="INVALID_PIN" if kind == "refuse" else None))
    caller.register()
    caller.session.post(caller.url, data=WAYS["plain"])
    assert workspace.journal.find()[-1].fault == "f"
    assert secrets_in(workspace) == []


def test_what_only_looks_like_a_pin_is_kept(caller, workspace):
    body = envelope(request("PAIR", "<secureClient>SC-1</secureClient><smartcard>pin</smartcard><!-- <pinned/> -->"))
    caller.post(body)
    assert workspace.journal.find()[0].request == body
