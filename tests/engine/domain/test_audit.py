"""What a platform says, compared with what is believed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.audit import LONG_AGO, Difference, Told, compare
from engine.domain.rights import Held, Kind
from engine.domain.subscription import Window
from tests.engine.fakes import NOON

HOUR = timedelta(hours=1)
ACCOUNT = Held(Kind.ACCOUNT, "T1", since=NOON)
NEWS = Held(Kind.SERVICE, "NEWS", since=NOON)
TONIGHT = Window(NOON + HOUR, NOON + 2 * HOUR)
MATCH = Held(Kind.SERVICE, "MATCH", since=NOON, window=TONIGHT)
BOX = Held(Kind.ITEM, "STB-1", place="MAIN", since=NOON)
DOUBTED = replace(NEWS, authorised=False, in_doubt=True)
NAMELESS = Held(Kind.ACCOUNT, "", authorised=False, in_doubt=True)
OVER = replace(MATCH, window=Window(NOON - 2 * HOUR, NOON - HOUR))
LATER = replace(MATCH, window=Window(NOON + HOUR, NOON + 3 * HOUR))
CARD = Held(Kind.SERVICE, "1", place="C1", since=NOON, until=NOON + 30 * 24 * HOUR)
AHEAD = replace(CARD, since=NOON + HOUR)
TRACE = Held(Kind.SERVICE, "1", authorised=False, place="C1", cancel_end=NOON + HOUR)
SHORTER = replace(CARD, until=NOON + 24 * HOUR)
OTHER, NEW = replace(ACCOUNT, ca_id="T2"), replace(ACCOUNT, since=None)
MOVED = replace(BOX, place="SPORT")
EXACT = replace(MATCH, window=Window(TONIGHT.start, TONIGHT.end + timedelta(milliseconds=1)))
HOUR_ON = replace(CARD, until=CARD.until + HOUR)
LAPSING, OLD_CARD = replace(SHORTER, since=LONG_AGO), replace(CARD, since=LONG_AGO)
M, E, A, D, W = Difference


def bare(right):
    """As a platform tells of a right: not since when it is believed."""
    return replace(right, since=None, authorised=True, in_doubt=False)


# fmt: off
CASES = {
    #  what                                believed         told             over     differences  believed then
    "both know it":                       ([ACCOUNT, NEWS], [ACCOUNT, NEWS], [],      [],          [ACCOUNT, NEWS]),
    "missing":                            ([ACCOUNT, NEWS], [ACCOUNT],       [],      [M],         [ACCOUNT]),
    "nobody knew of it":                  ([ACCOUNT],       [ACCOUNT, NEWS], [],      [E],         [ACCOUNT, NEWS]),
    "the account with all on it":         ([ACCOUNT, NEWS], [],              [],      [A, M],      []),
    "another account":                    ([ACCOUNT],       [OTHER],         [],      [A, E],      [OTHER]),
    "an account whose id nobody knew":    ([NAMELESS],      [ACCOUNT],       [],      [],          [NEW]),
    "an account that was never made":     ([NAMELESS],      [],              [],      [],          []),
    "a doubt that is true":               ([DOUBTED],       [NEWS],          [],      [],          [NEWS]),
    "a doubt that is not":                ([DOUBTED],       [],              [],      [],          []),
    "the box":                            ([BOX],           [],              [],      [D],         []),
    "the box in another sector":          ([BOX],           [MOVED],         [],      [M, E],      [MOVED]),
    "another window":                     ([MATCH],         [LATER],         [],      [W],         [LATER]),
    "a window to the second":             ([EXACT],         [MATCH],         [],      [],          [EXACT]),
    "over here, and not told":            ([OVER],          [],              [],      [],          [OVER]),
    "over here, and still told":          ([OVER],          [OVER],          [],      [],          [OVER]),
    "over there, whose clock is ahead":   ([MATCH],         [],              [MATCH], [],          [MATCH]),
    "over there, with another window":    ([MATCH],         [],              [OVER],  [W],         [OVER]),
    "over there, and unknown here":       ([],              [],              [OVER],  [],          []),
    "its time is to come":                ([AHEAD],         [],              [],      [],          [AHEAD]),
    "another end, which is renewed soon": ([CARD],          [SHORTER],       [],      [W],         [LAPSING]),
    "a later end":                        ([SHORTER],       [CARD],          [],      [W],         [CARD]),
    "another hour of the same day":       ([CARD],          [HOUR_ON],       [],      [],          [CARD]),
    "what was taken away is there":       ([TRACE],         [CARD],          [],      [E],         [OLD_CARD]),
    "what was taken away is not there":   ([TRACE],         [],              [],      [],          [TRACE]),
}
# fmt: on


@pytest.mark.parametrize("case", CASES)
def test_a_platform_differs_where_it_says_otherwise_than_is_believed_and_is_believed_then(case):
    believed, held, over, differences, after = CASES[case]
    told = Told(tuple(map(bare, held)), tuple(map(bare, over)))
    found = compare(believed, told, NOON)
    assert [one.difference for one in found.findings] == differences
    assert set(found.after) == set(after)
    assert found.settled == sum(right.in_doubt for right in believed)


@pytest.mark.parametrize("case", CASES)
def test_who_asks_twice_finds_nothing_the_second_time(case):
    believed, held, over, _differences, _after = CASES[case]
    told = Told(tuple(map(bare, held)), tuple(map(bare, over)))
    first = compare(believed, told, NOON)
    again = compare(first.after, told, NOON)
    assert not again.findings
    assert set(again.after) == set(first.after)
