"""A platform that takes files and is as small as one can be: letters that give to a holder, or take away."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from simulators.kit.platform import Answer, Drop, FileCall, FileDeed, Platform
from simulators.kit.tree import Tree

FOLDERS = ("/in", "/ok", "/err")
LOG = "/err/errors.txt"


class Letters:
    """Who holds what, and the folders."""

    def __init__(self, held: dict[str, list[str]], tree: Tree) -> None:
        self.catalogue: Any = ()
        self.held = held
        self.tree = tree

    def subjects(self) -> list[str]:
        return list(self.held)

    def holdings(self, subject: str, _: datetime) -> frozenset[str]:
        return frozenset(self.held.get(subject, ()))

    def copy(self) -> "Letters":
        return Letters({name: [*things] for name, things in self.held.items()}, self.tree.copy())

    def dump(self) -> dict[str, Any]:
        return {"held": self.held, "tree": self.tree.dump()}

    def forget(self, subject: str, things: Collection[str] = ()) -> bool:
        found = self.held.pop(subject, None)
        if found and things:
            self.held[subject] = [thing for thing in found if thing not in things]
        return found is not None


def _read(path: str, content: bytes) -> FileCall[Letters]:
    """`GIVE ada tea`; a holder is asked to be written small."""
    name = path.rpartition("/")[2]
    verb, holder, thing, *_ = [*content.decode("ascii", "replace").split(), "", "", ""]

    def refused(code: str) -> FileDeed:
        return FileDeed(Answer(f"/err/{name}", content, f"{name}:\r\n{code} 1\r\n".encode()), code)

    def perform(state: Letters, at: datetime) -> FileDeed:
        if verb != "GIVE" or not thing:
            return refused("UNREADABLE")
        if not holder.islower():
            return refused("UNKNOWN")
        if thing not in state.held.setdefault(holder, []):
            state.held[holder].append(thing)
        return FileDeed(Answer(f"/ok/{name}", content))

    return FileCall(
        operation="GIVE" if verb == "GIVE" else "UNREADABLE",
        perform=perform,
        refuse=lambda _, code, __: refused(code),
        subject=holder,
        parameters={"thing": thing},
    )


def _load(document: Any) -> Letters:
    return Letters(document["held"], Tree.load(document["tree"]))


def _waiting(tree: Tree) -> list[str]:
    files = [path for path in tree.files("/in") if path.endswith(".emm")]
    return sorted(files, key=lambda path: b"!" not in tree.read(path))


def letters(delay_s: float | None = 0.0, waiting: Callable[[Tree], list[str]] = _waiting) -> Platform[Letters]:
    return Platform(
        name="letters",
        operations=("GIVE", "UNREADABLE"),
        codes=("UNKNOWN", "UNREADABLE"),
        drop=Drop(
            user="ada",
            password="secret",
            waiting=waiting,
            read=_read,
            log=LOG,
            foreign_entry=b"other.emm:\r\nUNKNOWN 1\r\n",
            delay_s=delay_s,
        ),
        fresh=lambda _: Letters({}, Tree(FOLDERS)),
        load=_load,
        seeded=lambda catalogue, _: catalogue,
        catalogue=(),
    )
