"""Whatever is in a file, it is refused in order, soon and without much memory."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.conax import wire
from simulators.conax.codes import Kind
from simulators.kit.tree import MOST_FILE_BYTES
from tests.simulators.conax.desk import Desk
from tests.simulators.conax.files import golden, message
from tests.simulators.conax.test_memory import SPRING

MOST_MEMORY_BYTES = 100 << 20


@given(kind=st.sampled_from(Kind), body=st.binary(max_size=300))
def test_no_bytes_at_all_make_the_reader_fail(kind, body):
    asked = wire.read(f"{kind}000042.emm", body)
    assert asked.wrong
    assert asked.parameters["transaction"] == "000042"
    wire.is_express(body)


@given(payload=st.binary(max_size=300).map(bytes.hex), card=st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_no_payload_at_all_makes_anything_fail(payload, card):
    desk = Desk(SPRING)
    came = desk.take("gp000042.emm", message("000042", payload, card))
    assert (came.code is None) is bool(desk.held(card))
    assert desk.platform.load(desk.state.dump()).dump() == desk.state.dump()


@pytest.mark.parametrize("filling", [b"\n", b"\xff"])
def test_the_biggest_file_that_can_come_is_refused_without_much_memory(filling):
    head = golden("ps000042.emm")[:60]
    body = head + filling * ((MOST_FILE_BYTES - len(head)) // len(filling))
    tracemalloc.start()
    asked = wire.read("ps000042.emm", body)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert asked.wrong.code == "ERR_NUMOFCARDS"
    assert most < MOST_MEMORY_BYTES
