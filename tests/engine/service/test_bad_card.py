"""A card that the platform refuses, again and again, does not keep those waiting that were in a file with it."""

import pytest

from tests.engine.at_conax import add_conax, card, subscribe_at_conax

COLLECT = """
[[definitions]]
code = "COLLECT"
name = "Collect"
kind = "error_handling"
provider = "conax"
effective = true
"""
GOOD, BAD = ("01234567890", "01234567892", "01234567893"), ("01234567891", "01234567894")


@pytest.fixture
def site(engine, tmp_path):
    site = add_conax(engine, tmp_path)
    engine.load_configuration({"collect": COLLECT})
    for number, one in enumerate((*GOOD, *BAD), start=1):
        subscribe_at_conax(engine, f"S{number}", card(one))
    return site


def answer(site):
    """The platform takes what waits: it knows no bad card."""
    for name in list(site.waiting):
        lines = site.waiting[name].decode().split("\r\n")
        wrong = [number for number, line in enumerate(lines, start=1) if line in BAD]
        if wrong:
            site.refuse(name, "ERR_CARDNUM", wrong[0])
        else:
            site.accept(name)


def authorised(engine):
    """The cards that the platform has authorised."""
    found = (engine.show(f"S{number}").providers["conax"].believed_held.dated for number in range(1, 6))
    return {right.place for rights in found for right in rights if not right.awaiting}


def test_good_cards_come_through_as_soon_as_each_bad_one_has_been_found(engine, site):
    rounds = 0
    while authorised(engine) != set(GOOD):
        engine.run("SEND")
        answer(site)
        engine.run("COLLECT")
        rounds += 1
        assert rounds <= len(BAD) + 1
    assert not authorised(engine) & set(BAD)


def test_who_comes_meanwhile_is_served_by_a_run_after_that(engine, site):
    for _round in range(2):
        engine.run("SEND")
        answer(site)
        engine.run("COLLECT")
    subscribe_at_conax(engine, "S6", card("01234567895"))
    for _round in range(3):
        engine.run("SEND")
        answer(site)
        engine.run("COLLECT")
    (dated,) = engine.show("S6").providers["conax"].believed_held.dated
    assert (dated.place, dated.awaiting) == ("01234567895", "")
