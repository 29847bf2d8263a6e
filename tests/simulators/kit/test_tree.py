"""Folders and files in memory: what stands where, what can't be, and that it can be kept."""

import errno
from datetime import UTC, datetime

import pytest

from simulators.kit import tree as kit_tree
from simulators.kit.tree import Tree
from simulators.kit.tree_document import Later

THEN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def tree() -> Tree:
    return Tree(["/in", "/home/out"])


# fmt: off
IMPOSSIBLE = [
    # what                                            of which kind        number
    (lambda tree: tree.names("/nowhere"),             FileNotFoundError,   errno.ENOENT),
    (lambda tree: tree.names("/in/a"),                NotADirectoryError,  errno.ENOTDIR),
    (lambda tree: tree.read("/in/b"),                 FileNotFoundError,   errno.ENOENT),
    (lambda tree: tree.read("/in"),                   IsADirectoryError,   errno.EISDIR),
    (lambda tree: tree.write("/in", b"", NOW),        IsADirectoryError,   errno.EISDIR),
    (lambda tree: tree.write("/x/a", b"", NOW),       FileNotFoundError,   errno.ENOENT),
    (lambda tree: tree.write("in/a", b"", NOW),       OSError,             errno.EINVAL),
    (lambda tree: tree.write("/in/../a", b"", NOW),   OSError,             errno.EINVAL),
    (lambda tree: tree.write("/in/a\n", b"", NOW),    OSError,             errno.EINVAL),
    (lambda tree: tree.rename("/in/b", "/in/c", NOW), FileNotFoundError,   errno.ENOENT),
    (lambda tree: tree.rename("/in", "/out", NOW),    IsADirectoryError,   errno.EISDIR),
    (lambda tree: tree.rename("/in/a", "/in", NOW),   IsADirectoryError,   errno.EISDIR),
    (lambda tree: tree.rename("/in/a", "/x/a", NOW),  FileNotFoundError,   errno.ENOENT),
    (lambda tree: tree.remove("/in/b"),               FileNotFoundError,   errno.ENOENT),
    (lambda tree: tree.write("/in/b", bytes((8 << 20) + 1), NOW), OSError, errno.ENOSPC),
]
DOCUMENTS = [
    # what was told                                               said
    ({"folders": ["in"]},                                         "in: Invalid argument"),
    ({"files": {"/in/a": {"text": ""}}},                          "/in: No such file or directory"),
    ({"folders": ["/in"], "files": {"/in/a": {}}},                "a file has text, or else base64"),
    ({"folders": ["/in"], "files": {"/in/a": {"text": "", "base64": ""}}}, "a file has text, or else base64"),
    ({"folders": ["/in"], "files": {"/in/a": {"text": "", "came": "9999-12-31T23:59:59Z"}}}, "of a year before 9900"),
    ({"again": {"/in/a": ""}},                                    "/in: No such file or directory"),
    ({"flies": {}},                                               "unknown field `flies`"),
    ([],                                                          "these are no folders and files"),
]
# fmt: on


@pytest.mark.parametrize(("what", "kind", "number"), IMPOSSIBLE)
def test_what_can_not_be_done_is_said_as_a_file_system_says_it_and_changes_nothing(tree, what, kind, number):
    tree.write("/in/a", b"here", THEN)
    before = tree.dump()
    with pytest.raises(kind) as said:
        what(tree)
    assert said.value.errno == number
    assert (tree.dump(), tree.size_bytes) == (before, 4)


def test_files_stand_in_the_order_in_which_they_came_and_names_are_sorted(tree):
    for name in ("b.tmp", "a.emm"):
        tree.write(f"/in/{name}", b"", THEN)
    tree.rename("/in/b.tmp", "/in/b.emm", NOW)
    assert tree.files("/in") == ["/in/a.emm", "/in/b.emm"]
    tree.rename("/in/a.emm", "/in/c.emm", NOW)
    assert tree.files("/in") == ["/in/b.emm", "/in/c.emm"]
    assert tree.names("/in") == ["b.emm", "c.emm"]
    assert (tree.names("/"), tree.names("/home")) == (["home", "in"], ["out"])
    assert (tree.file("/in/b.emm").written, tree.file("/in/b.emm").came) == (THEN, NOW)


def test_a_file_takes_the_place_of_what_stood_there(tree):
    tree.write("/in/a", b"long before", THEN)
    tree.write("/in/b", b"new", THEN)
    tree.rename("/in/b", "/in/a", NOW)
    assert (tree.names("/in"), tree.read("/in/a"), tree.size_bytes) == (["a"], b"new", 3)


def test_all_files_together_have_a_bound_but_the_platforms_own(tree, monkeypatch):
    monkeypatch.setattr(kit_tree, "MOST_BYTES", 10)
    tree.write("/in/a", b"12345678", THEN)
    tree.write("/in/a", b"1234567890", THEN)
    with pytest.raises(OSError, match="No space left"):
        tree.write("/in/b", b"1", THEN)
    tree.put("/in/c", b"before", THEN)
    tree.put("/in/c", b"1", THEN)
    tree.append("/in/c", b"2", THEN)
    tree.write("/in/a", b"123456789", THEN)
    assert tree.size_bytes == 11


def test_what_comes_later_comes_in_its_order(tree):
    tree.put("/in/a", b"old", THEN)
    tree.later = [
        Later(NOW, "/in/log", b"2", added=True),
        Later(THEN, "/in/log", b"1", added=True),
        Later(NOW, "/in/a", b"new"),
    ]
    tree.settle(THEN)
    assert (tree.read("/in/log"), tree.read("/in/a")) == (b"1", b"old")
    tree.settle(NOW)
    assert (tree.read("/in/log"), tree.read("/in/a"), tree.later) == (b"12", b"new", [])


def test_a_tree_comes_back_from_its_document_and_a_copy_goes_its_own_way(tree):
    tree.write("/in/a", "grün\r\n".encode(), THEN)
    tree.write("/in/b", b"\xff\x00", NOW)
    tree.later, tree.again = [Later(NOW, "/in/c", b"\xfe")], {"/in/a": b"once more"}
    document = tree.dump()
    assert document["files"]["/in/a"]["text"] == "grün\r\n"
    loaded, copied = Tree.load(document), tree.copy()
    tree.remove("/in/a")
    for same in (loaded, copied):
        assert (same.dump(), same.size_bytes) == (document, 9)


@pytest.mark.parametrize(("document", "said"), DOCUMENTS)
def test_a_document_that_tells_of_no_tree_is_refused_in_a_sentence(document, said):
    with pytest.raises(ValueError, match=said):
        Tree.load(document)
