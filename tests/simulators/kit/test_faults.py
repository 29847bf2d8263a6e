"""Which faults can be, and which can't: the table of kinds, held to its word."""

from typing import get_args

import msgspec
import pytest

from simulators.kit.breakage import ON_LINE
from simulators.kit.delivery import LineFault
from simulators.kit.faults import KINDS, Fault, FaultError, KindName, allowed_fields
from simulators.kit.in_process import WITHOUT_LINE

# fmt: off
IMPOSSIBLE = [
    # kind            fields                                  said
    ("explosion",     {},                                     "there is no fault 'explosion'"),
    ("http_status",   {},                                     "http_status needs status"),
    ("refuse",        {},                                     "refuse needs code"),
    ("latency",       {},                                     "latency needs delay_s"),
    ("outage",        {"times": 1},                           "outage has no times; it may have platform"),
    ("outage",        {"operation": "GET_ACCOUNT"},           "outage has no operation"),
    ("hang",          {"status": 500},                        "hang has no status"),
    ("busy",          {"delay_s": 0.0},                       "busy has no delay_s"),
    ("lost_reply",    {"when": "before_effect"},              "can't come before_effect; it comes after_effect"),
    ("lost_request",  {"when": "after_effect"},               "can't come after_effect; it comes before_effect"),
    ("outage",        {"when": "before_effect"},              "outage has no when"),
    ("outage",        {"repeat_s": 5.0},                      "repeat_s needs a duration_s"),
    ("outage",        {"repeat_s": 5.0, "duration_s": 5.0},   "repeat_s needs a duration_s shorter"),
    ("latency",       {"delay_s": 1.0, "jitter_s": 2.0},      "jitter_s (2.0) can't exceed delay_s (1.0)"),
]
OUT_OF_BOUNDS = [
    {"times": 0}, {"times": -1}, {"succeed_first": -1}, {"duration_s": 0.0}, {"ttl_s": -1.0}, {"probability": 0.0},
    {"probability": 1.1}, {"delay_s": -1.0}, {"delay_s": 1e9}, {"name": "a b"}, {"name": ""}, {"size_bytes": 0},
]
# fmt: on


@pytest.mark.parametrize(("kind", "fields", "said"), IMPOSSIBLE)
def test_what_can_not_be_is_refused_in_a_sentence_from_python_and_from_json(kind, fields, said):
    with pytest.raises(FaultError) as refused:
        Fault("f", kind, **fields)
    assert said in str(refused.value)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "f", "kind": kind, **fields}, Fault)


@pytest.mark.parametrize("fields", OUT_OF_BOUNDS)
def test_what_is_out_of_bounds_is_refused_when_it_is_put_in_place(workspace, fields):
    fault = Fault(**{"name": "f", "kind": "slow_body", "delay_s": 1.0, **fields})
    with pytest.raises(FaultError):
        workspace.faults.put(fault)
    assert workspace.faults.names() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"platform": "conax"}, "tucano has no platform 'conax'; there are tucano"),
        ({"operation": "ADD_USER"}, "tucano has no operation 'ADD_USER'; there are CREATE_ACCOUNT"),
        ({"kind": "refuse", "code": "NO"}, "tucano has no code 'NO'; there are ACCOUNT_EXISTS"),
    ],
)
def test_a_fault_speaks_the_platforms_words(workspace, fields, said):
    with pytest.raises(FaultError, match=said):
        workspace.faults.put(Fault("f", **{"kind": "busy", **fields}))


def test_every_kind_that_breaks_a_line_is_known_to_both_tables_of_lines():
    broken = set(get_args(LineFault)) | {None}
    assert broken == set(ON_LINE) == set(WITHOUT_LINE)
    assert set(get_args(LineFault)) < set(KINDS)


def test_the_kinds_named_for_json_are_the_kinds_of_the_table():
    assert get_args(KindName) == tuple(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_a_kind_may_have_is_a_field(kind):
    assert set(allowed_fields(kind)) < set(Fault.__struct_fields__)
