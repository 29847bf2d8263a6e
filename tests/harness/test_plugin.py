"""The plug-in, in suites of others."""

import subprocess
import sys

import pytest

from tests.harness.suites import WITHOUT

CALL = """
from engine.bootstrap import Engine

PERSON = {"first_name": "Ada", "last_name": "Lovelace"}

def subscribe(lab):
    service = {"product": "Sport", "distributors": ["TUCANO_MAIN"]}
    return lab.engine.act("BECOME_SUBSCRIBER", subscriber=PERSON, services=[service]).subscription
"""


@pytest.fixture
def suite(pytester):
    """Run a suite of somebody else's, which finds the plug-in by itself."""

    def ran(text, *options, run=pytester.runpytest_inprocess):
        pytester.makepyfile(text)
        return run(*WITHOUT, *options)

    return ran


def test_importing_it_imports_neither_engine_nor_simulators():
    heavy = {"engine", "simulators", "requests"}
    program = f"import sys, harness.plugin; sys.exit(','.join(set(sys.modules) & {heavy}) or 0)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_lab_is_fresh_for_each_test_in_every_mode(suite, pytester):
    twice = (
        CALL
        + """
import pytest

@pytest.mark.parametrize("turn", [1, 2])
def test_first_subscriber(lab, turn):
    assert subscribe(lab) == "S0000000001"
    assert lab.effects() == ["+account T100001", "+option OPT_SPORT"]
"""
    )
    for mode in ("responses", "sockets"):
        suite(twice, f"--lab-mode={mode}").assert_outcomes(passed=2)
    suite(twice, run=pytester.runpytest_subprocess).assert_outcomes(passed=2)


def test_a_refusal_that_nobody_verified_fails_the_test_unless_it_is_expected(suite):
    result = suite(
        CALL
        + """
import pytest

def upset(lab):
    number = subscribe(lab)
    lab.tucano.forget("T100001")
    lab.engine.act("STOP_SERVICE", number, service="Sport")

def test_unverified(lab):
    upset(lab)

@pytest.mark.expects_refusals
def test_expected(lab):
    upset(lab)

def test_verified(lab):
    upset(lab)
    lab.mark()
    lab.unmark()
    verification = lab.received(("CREATE_ACCOUNT", {}), ("ACTIVATE_OPTIONS", {}), ("SUSPEND_OPTIONS", {}))
    assert verification.passed, verification.report
"""
    )
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*refused and not verified: #3 SUSPEND_OPTIONS UNKNOWN_ACCOUNT*",
            "*exchange with tucano*",
            "#3 SUSPEND_OPTIONS*",
        ]
    )
    assert result.stdout.str().count("sequenceDiagram") == 1


def test_a_test_that_fails_twice_shows_the_exchange_once(suite):
    result = suite(
        CALL
        + """
def test_fails(lab):
    number = subscribe(lab)
    lab.tucano.forget("T100001")
    lab.engine.act("STOP_SERVICE", number, service="Sport")
    assert lab.effects() == ["nothing of the kind"]
"""
    )
    result.assert_outcomes(failed=1, errors=1)
    assert result.stdout.str().count("sequenceDiagram") == 1


def test_a_breach_of_the_published_contract_fails_the_test_unless_it_is_expected(suite):
    result = suite("""
import pytest

BREACH = b"<command name='FLY' reference='1'/>"

def send(lab):
    credentials = ("headend", "swordfish-42")
    return lab.session.post(lab.url, data=BREACH, auth=credentials, headers={"Content-Type": "text/xml"})

def test_breach(lab):
    send(lab)

@pytest.mark.expects_violations
@pytest.mark.expects_refusals
def test_expected(lab):
    assert b"MALFORMED" in send(lab).content
""")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*contract violation in #1*"])


def test_a_failed_test_shows_the_exchange_and_a_diagram(suite):
    result = suite(
        CALL
        + """
def test_fails(lab):
    subscribe(lab)
    assert lab.effects() == []
"""
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*exchange with tucano*",
            "#1 CREATE_ACCOUNT*answered*+account T100001",
            "sequenceDiagram",
            "*Note over tucano: +option OPT_SPORT",
        ]
    )


def test_the_report_of_a_wrong_sequence_names_the_first_difference(suite):
    result = suite(
        CALL
        + """
def test_fails(lab):
    number = subscribe(lab)
    lab.mark()
    lab.engine.act("STOP_SERVICE", number, service="Sport")
    verification = lab.received(("SUSPEND_OPTIONS", {"options": ["OPT_CINEMA"]}))
    assert verification.passed, verification.report
"""
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*tucano did not receive exactly th*", "*1 SUSPEND_OPTIONS {OPT_CINEMA}*"])
