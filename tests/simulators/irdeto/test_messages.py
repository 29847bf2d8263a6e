"""Messages: to one and to all, in three text modes, and what none of them can be."""

import pytest

from simulators.irdeto import client as device
from simulators.irdeto.texts import MOST_BYTES


def hexadecimal(text: str) -> str:
    return text.encode("utf-16-be").hex()


@pytest.mark.parametrize(("kind", "line"), [("MAIL", 'mail "Hello"'), ("MESSAGE", 'message "Hello"')])
def test_a_mail_is_in_the_mailbox_and_a_message_on_the_screen(caller, workspace, held, kind, line):
    caller.register()
    assert caller.send("Hello", kind=kind).done
    assert line in held()
    entry = workspace.journal.find()[-1]
    assert entry.difference == [f"+{line}"]
    assert entry.parameters == {"secureClient": "SC-1", "type": kind, "textMode": "ANSI", "text": "Hello"}


@pytest.mark.parametrize(
    ("mode", "text", "line"),
    [
        ("ANSI", "Grüße, 5 €", 'mail "Grüße, 5 €"'),
        ("ANSI", 'a "quoted"\nword', r'mail "a \"quoted\"\nword"'),
        ("ANSI", " ", 'mail " "'),
        ("UNICODE", hexadecimal("Ждём 😀"), 'mail "Ждём 😀"'),
        ("UNICODE", hexadecimal("Ж").upper(), 'mail "Ж"'),
        ("UNICODE", "0000", r'mail "\u0000"'),
        ("RAW", "00fF7f", "mail raw 00FF7F"),
        ("RAW", "D800", "mail raw D800"),
    ],
)
def test_a_text_is_shown_as_it_reads(caller, workspace, held, mode, text, line):
    caller.register()
    assert caller.send(text, mode=mode).done
    assert held()[1:] == [line]
    workspace.remember(workspace.memory())
    assert held()[1:] == [line]


# fmt: off
WRONG = [
    # mode       text                    said
    ("ANSI",     "Привет",               "'П', character 1, is not in windows-1252"),
    ("ANSI",     "a\u0085",              "character 2, is not in windows-1252"),
    ("ANSI",     "",                     "it is empty"),
    ("ANSI",     "é" * (MOST_BYTES + 1), "2001 bytes would have to be sent; 2000 are the most"),
    ("UNICODE",  "",                     "it is empty"),
    ("UNICODE",  "Hello",                "bytes in hexadecimal"),
    ("UNICODE",  "041",                  "bytes in hexadecimal"),
    ("UNICODE",  "0416 0416",            "bytes in hexadecimal"),
    ("UNICODE",  "0x0416",               "bytes in hexadecimal"),
    ("UNICODE",  "٠٤١٦",                 "bytes in hexadecimal"),
    ("UNICODE",  "041604",               "it is not UTF-16BE: truncated data at byte 3"),
    ("UNICODE",  "D8000041",             "it is not UTF-16BE: illegal UTF-16 surrogate at byte 1"),
    ("UNICODE",  "0416" * 1001,          "2002 bytes"),
    ("RAW",      "",                     "it is empty"),
    ("RAW",      "0",                    "bytes in hexadecimal"),
    ("RAW",      "0G",                   "bytes in hexadecimal"),
    ("RAW",      "00\n",                 "bytes in hexadecimal"),
    ("RAW",      "00" * 2001,            "2001 bytes"),
    ("UTF8",     "Hello",                "there is no text mode 'UTF8'; there are ANSI, UNICODE, RAW"),
    ("ansi",     "Hello",                "there is no text mode 'ansi'"),
    ("",         "Hello",                "there is no text mode ''"),
]
# fmt: on


@pytest.mark.parametrize("client", ["SC-1", "ALL"])
@pytest.mark.parametrize(("mode", "text", "said"), WRONG)
def test_a_text_that_its_mode_does_not_allow_is_refused_and_reaches_nobody(caller, workspace, client, mode, text, said):
    caller.register()
    answer = caller.send(text, client, mode=mode)
    assert (answer.code, said in answer.sentence) == ("INVALID_TEXT", True)
    assert workspace.journal.violations() == []
    assert workspace.holdings() == {"SC-1": ["client SC-1 sector MAIN"]}


@pytest.mark.parametrize(
    ("mode", "text"), [("ANSI", "é" * MOST_BYTES), ("UNICODE", "0416" * 1000), ("RAW", "00" * 2000)]
)
def test_the_longest_text_is_taken(caller, mode, text):
    caller.register()
    assert caller.send(text, mode=mode).done


def test_a_message_to_all_reaches_everybody_and_the_journal_names_each(caller, workspace, held):
    for number in (1, 2, 3):
        caller.register(f"SC-{number}", f"S{number}")
    assert caller.send("Hello", "ALL", "MESSAGE").done
    entry = workspace.journal.find()[-1]
    assert (entry.subject, entry.effect) == ("ALL", "applied")
    assert entry.difference == ['+SC-1: message "Hello"', '+SC-2: message "Hello"', '+SC-3: message "Hello"']
    caller.register("SC-4", "S4")
    assert held("SC-4") == ["client SC-4 sector MAIN"]


def test_a_message_to_all_where_nobody_is_changes_nothing(caller, workspace):
    assert caller.send("Hello", "ALL").done
    assert workspace.journal.find()[0].effect == "unchanged"


def test_all_is_nobodys_name(caller, workspace):
    answer = caller.register("ALL")
    assert (answer.code, "ALL is everybody" in answer.sentence) == ("MALFORMED", True)
    assert caller.query("BASIC", client="ALL").code == "UNKNOWN_SECURE_CLIENT"
    assert workspace.holdings() == {}


def test_a_text_mode_without_end_is_not_repeated_without_end(caller):
    caller.register()
    assert len(caller.send("x", mode="M" * 100_000).sentence) < 200


def test_the_same_text_twice_is_two_messages(caller, workspace, held):
    caller.register()
    for kind in ("MAIL", "MAIL", "MESSAGE"):
        caller.send("Hello", kind=kind)
    assert held()[1:] == ['mail "Hello"', 'mail "Hello" (2)', 'message "Hello"']
    assert workspace.journal.find()[2].difference == ['+mail "Hello" (2)']


def test_the_same_words_in_another_mode_are_one_message_more(caller, workspace, held):
    caller.register()
    caller.send(hexadecimal("same words"), mode="UNICODE")
    caller.send("same words")
    assert held()[1:] == ['mail "same words"', 'mail "same words" (2)']
    entry = workspace.journal.find()[-1]
    assert (entry.effect, entry.difference) == ("applied", ['+mail "same words" (2)'])
    for text, mode in (("00FF", "RAW"), ("00FF", "ANSI")):
        caller.send(text, mode=mode)
    assert workspace.journal.find()[-1].difference == ['+mail "00FF"']


def test_a_device_keeps_its_youngest_messages_and_the_journal_says_which_go(caller, workspace, held, monkeypatch):
    monkeypatch.setattr(device, "MOST_MESSAGES", 2)
    caller.register()
    for text in ("one", "two", "three"):
        caller.send(text)
    assert held()[1:] == ['mail "three"', 'mail "two"']
    assert workspace.journal.find()[-1].difference == ['-mail "one"', '+mail "three"']
    for _ in range(3):
        caller.send("same")
        assert workspace.journal.find()[-1].effect == "applied"
