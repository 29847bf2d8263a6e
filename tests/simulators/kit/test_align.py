"""Two sequences side by side."""

from hypothesis import given
from hypothesis import strategies as st

from simulators.kit import align as aligning
from simulators.kit.align import Likeness, align, match

LETTERS = st.text("aAbB", max_size=8)


def compare(expected: str, received: str):
    """Equal letters are equal; the same letter in another case is similar."""

    def likeness(row: int, column: int) -> Likeness:
        if expected[row] == received[column]:
            return Likeness.EQUAL
        return Likeness.SIMILAR if expected[row].lower() == received[column].lower() else Likeness.NONE

    return likeness


def aligned(expected: str, received: str) -> list[str]:
    pairs = align(len(expected), len(received), compare(expected, received))
    return [
        ("-" if row is None else expected[row]) + ("-" if column is None else received[column]) for row, column in pairs
    ]


def longest_common_subsequence(one: str, other: str) -> int:
    """The plain recursive definition."""
    if not one or not other:
        return 0
    if one[0] == other[0]:
        return 1 + longest_common_subsequence(one[1:], other[1:])
    return max(longest_common_subsequence(one[1:], other), longest_common_subsequence(one, other[1:]))


def test_what_is_equal_stands_side_by_side_and_the_rest_alone():
    assert aligned("abc", "abc") == ["aa", "bb", "cc"]
    assert aligned("abc", "ac") == ["aa", "b-", "cc"]
    assert aligned("ac", "abc") == ["aa", "-b", "cc"]
    assert aligned("", "ab") == ["-a", "-b"]


def test_what_is_similar_is_paired_where_nothing_equal_is_lost_by_it():
    assert aligned("ab", "Ab") == ["aA", "bb"]
    assert aligned("Aa", "aA") in (["A-", "aa", "-A"], ["-a", "AA", "a-"])


@given(LETTERS, LETTERS)
def test_every_alignment_holds_each_index_once_in_order_and_as_many_equals_as_can_be(expected, received):
    likeness = compare(expected, received)
    pairs = align(len(expected), len(received), likeness)
    assert [row for row, _ in pairs if row is not None] == list(range(len(expected)))
    assert [column for _, column in pairs if column is not None] == list(range(len(received)))
    both = [pair for pair in pairs if None not in pair]
    assert all(likeness(*pair) for pair in both)
    equal = sum(likeness(*pair) is Likeness.EQUAL for pair in both)
    assert equal == longest_common_subsequence(expected, received)


@given(LETTERS, LETTERS)
def test_a_matching_in_any_order_is_as_large_as_the_common_letters(expected, received):
    found = match(len(expected), len(received), lambda row, column: expected[row] == received[column])
    assert len(found) == sum(min(expected.count(letter), received.count(letter)) for letter in set(expected))
    assert all(expected[row] == received[column] for row, column in found.items())
    assert len(set(found.values())) == len(found)


def test_a_choosy_expectation_is_not_robbed_by_an_easy_one():
    fits = {(0, 0), (0, 1), (1, 0)}
    assert match(2, 2, lambda row, column: (row, column) in fits) == {0: 1, 1: 0}


def test_sequences_too_long_for_a_table_are_paired_by_position(monkeypatch):
    monkeypatch.setattr(aligning, "MOST_CELLS", 3)
    assert aligned("aaa", "abA") == ["aa", "ab", "aA"]
    assert aligned("ab", "bab") == ["ab", "ba", "-b"]
