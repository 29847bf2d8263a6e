"""The scenes: what there is before, in which deeds the engine is killed, how it goes on, and what happens meanwhile."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from engine.service.asked import Asked
from simulators.kit.faults import Fault

ADA = {"first_name": "Ada", "last_name": "Lovelace"}
TUCANO, ICAREUS, IRDETO, CONAX = "tucano", "icareus", "irdeto", "conax"
OTT = (TUCANO, ICAREUS)
A_WEEK_S = 7 * 86_400.0
DEFINITION = '[[definitions]]\ncode = "{0}"\nname = "{0}"\nkind = "{1}"\neffective = true\n{2}\n'
TO_BOXES = 'provider = "irdeto"\nfilters = { external_system = "CRM", message_type = "MAIL", text_mode = "ANSI" }'
TO_SCREENS = 'provider = "conax"\nfilters = { external_system = "BILLING", message_type = "BARK" }'
# At which platform, and what.
DEFINITIONS = (
    ("", DEFINITION.format("MAINTENANCE", "maintenance", "")),
    ("", DEFINITION.format("PROCESSING", "process_provisioning_requests", "")),
    (IRDETO, DEFINITION.format("MAIL", "mail", TO_BOXES)),
    (CONAX, DEFINITION.format("BARK", "mail", TO_SCREENS)),
    (CONAX, DEFINITION.format("ANSWERS", "error_handling", 'provider = "conax"')),
    ("", DEFINITION.format("AUDIT", "audit", 'filters = { at_once = "1" }')),
    ("", DEFINITION.format("RESET", "reset_subscriptions", 'filters = { at_once = "1" }')),
    ("", DEFINITION.format("RESET_AT_ONCE", "reset_subscriptions", 'filters = { at_once = "3" }')),
)


class Deed(NamedTuple):
    """A call of the engine, as it can be told to a process."""

    name: str
    arguments: tuple[Any, ...] = ()
    details: Mapping[str, Any] | None = None

    def by(self, engine):
        return getattr(engine, self.name)(*self.arguments, **(self.details or {}))


def run(definition):
    return Deed("run", (definition,))


def at(*platforms):
    """The distributors of that name at these platforms."""
    return [f"{platform.upper()}_MAIN" for platform in platforms]


def become(number, *platforms, card=""):
    """A subscription at these platforms, with a box; or with a card, where one is given."""
    places = {"distributors": at(*platforms)}
    box = (
        {"product": "SMARTCARD", "serial_number": card} if card else {"product": "STB", "serial_number": f"B-{number}"}
    )
    said = {"subscriber": ADA, "services": [{"product": "SPORT", **places}], "items": [{**box, **places}]}
    return Deed("act", ("BECOME_SUBSCRIBER",), {"number": number, **said})


BECOME = become("S1", TUCANO, ICAREUS, IRDETO)
SWAP = Deed("act", ("SWAP_SERVICE", "S1"), {"service": "SPORT", "product": "CINEMA"})
AT_ONCE = run("RESET_AT_ONCE")
START = (Deed("free_runs"), Deed("recover"))


def nobody(_engine, _stage):
    """Nobody has subscribed yet."""


def watching(engine, _stage):
    """A subscription at Tucano and Icareus."""
    become("S1", *OTT).by(engine)


def due(engine, stage):
    """Two actions are due on a subscription, and another has rested long enough."""
    later = datetime.now(UTC) + timedelta(seconds=60)
    watching(engine, stage)
    engine.schedule("ADD_SERVICE", "S1", later, product="CINEMA", distributors=at(*OTT))
    engine.schedule("REMOVE_SERVICE", "S1", later + timedelta(seconds=1), service="SPORT")
    become("S2", TUCANO).by(engine)
    engine.act("REST_SUBSCRIPTION", "S2", until=(later + timedelta(days=1)).date().isoformat())


def begun(engine, stage):
    """An engine was killed in the middle of its maintenance, and another in the middle of an action."""
    due(engine, stage)
    stage.let_pass(A_WEEK_S)
    stage.play([run("MAINTENANCE")], 9)
    stage.play([become("S3", *OTT)], 4)


def left(engine, _stage):
    """Messages that were left to the processing run, one of them express."""
    for number in ("S1", "S2"):
        become(number, IRDETO).by(engine)
    for number, text, priority in (("S1", "one", "REGULAR"), ("S2", "two", "REGULAR"), ("S1", "three", "EXPRESS")):
        said = {"message_type": "MAIL", "text": text}
        whom = {"serial_number": f"B-{number}", "priority": priority}
        engine.ask(Asked("send_message", said, process_immediately=False, **whom))


def queued(engine, _stage):
    """A text for each of three subscribers, of whom one has no box there."""
    for number, platform in (("S1", IRDETO), ("S2", TUCANO), ("S3", IRDETO)):
        become(number, platform).by(engine)
        engine.queue_text(number, f"To {number}", "CRM")


def carded(engine, _stage):
    """Two cards that hold nothing yet."""
    for number in (1, 2):
        become(f"S{number}", CONAX, card=f"012345678{number}01").by(engine)


def sent(engine, stage):
    """The same in files, one of which Conax refuses for one of its cards; the other tells the first card something."""
    carded(engine, stage)
    said = {"message_type": "BARK", "text": "Hello"}
    engine.ask(Asked("send_message", said, serial_number="012345678101", process_immediately=False))
    engine.run("PROCESSING")
    wrong = Fault("wrong", "refuse", operation="ADD_SUBSCRIPTIONS", code="ERR_CARDNUM", times=1)
    stage.workspaces[CONAX].faults.put(wrong)
    take(stage)


def barking(engine, stage):
    """Cards, and a text for each."""
    carded(engine, stage)
    for number in (1, 2):
        engine.queue_text(f"S{number}", "Pay", "BILLING")


def missed(engine, stage, numbers=("S1", "S2", "S3")):
    """Subscriptions of which the platforms have missed what was sold, while they were down."""
    for number in numbers:
        become(number, *stage.workspaces).by(engine)
    with ExitStack() as outages:
        for workspace in stage.workspaces.values():
            outages.enter_context(workspace.down())
        for number in numbers:
            engine.act("ADD_SERVICE", number, product="CINEMA", distributors=at(*stage.workspaces))
    assert len(engine.requests(life_cycle_state="REJECTED")) >= len(numbers) * len(stage.workspaces)


def missed_twice(engine, stage):
    """Likewise two of them, each at two platforms."""
    missed(engine, stage, ("S1", "S2"))


def missed_and_left(engine, stage):
    """Likewise one; and for another an engine that was killed has left requests."""
    missed(engine, stage, ("S1",))
    stage.play([become("S2", *stage.workspaces)], 2)
    missed(engine, stage, ("S3",))


def missed_by_many(engine, stage):
    """Likewise nine of them at one platform, which takes its time from then on."""
    missed(engine, stage, [f"S{number}" for number in range(1, 10)])


def lost(engine, stage):
    """Platforms have lost an account and a box, and nobody has said so."""
    for number in ("S1", "S2", "S3"):
        become(number, TUCANO, *[IRDETO] * (number == "S1")).by(engine)
    for platform, subject in ((TUCANO, "T100002"), (IRDETO, "B-S1")):
        assert stage.workspaces[platform].forget(subject)


def unasked(engine, stage):
    """Cards that hold what they should, of which Conax has lost one."""
    carded(engine, stage)
    engine.run("PROCESSING")
    take(stage)
    engine.run("ANSWERS")
    assert stage.workspaces[CONAX].forget("01234567810")


def take(stage):
    """Conax takes what waits there."""
    stage.workspaces[CONAX].process()


@dataclass(frozen=True)
class Scene:
    """Of what there is `before`, the `deeds` are done `ahead_s` later.

    `ways` are those in which the next engine goes on, in turn: the states of a point and of the next are often the
    same. `then` are deeds that come at last, killed or not. `unsaid`: so many lines of the log may be missing when a
    run goes on that does a thing first, and tells of it then. `sizes`: how many keys a chunk has at least, and how many
    are done at once. `in_threads`: there may be a few points less the next time.
    """

    platforms: tuple[str, ...]
    before: Callable
    deeds: tuple[Deed, ...]
    ways: tuple[str, ...] = ("resumed", "anew")
    ahead_s: float = 0.0
    then: tuple[Deed, ...] = ()
    unsaid: int = 1
    sizes: tuple[int, int] = (3, 2)
    in_threads: bool = False

    @property
    def definitions(self):
        """Those that can be, of all."""
        return "".join(text for platform, text in DEFINITIONS if not platform or platform in self.platforms)


AT_START, BY_FILES = ("started",), (CONAX,)
# What waited for a subscription before a reset run, and was sent by it, may have no line in its log: whoever takes up
# what was in hand finds only what the run itself has made.
# fmt: off
SCENES = {
    "an action":           Scene((*OTT, IRDETO),   nobody,   (BECOME,), AT_START),
    "a swap":              Scene(OTT,              watching, (SWAP,),   AT_START),
    "a start":             Scene(OTT,              begun,    START,     AT_START, A_WEEK_S),
    "maintenance":         Scene(OTT,              due,      (run("MAINTENANCE"),), ahead_s=A_WEEK_S, unsaid=2),
    "processing":          Scene((IRDETO,),        left,     (run("PROCESSING"),)),
    "processing in files": Scene(BY_FILES,         carded,   (run("PROCESSING"),), ("resumed", "taken")),
    "mail":                Scene((IRDETO, TUCANO), queued,   (run("MAIL"),), unsaid=2),
    "mail in files":       Scene(BY_FILES,         barking,  (run("BARK"),), then=(run("PROCESSING"),), unsaid=2),
    "reset":               Scene((TUCANO,),        missed_and_left, (run("RESET"),), unsaid=1),
    "reset, at once":      Scene((TUCANO, IRDETO), missed_twice, (AT_ONCE,), unsaid=0, sizes=(1, 1), in_threads=True),
    "audit":               Scene((TUCANO, IRDETO), lost,     (run("AUDIT"),), unsaid=0),
    "audit in files":      Scene(BY_FILES,         unasked,  (run("AUDIT"),), ("resumed",), then=(run("PROCESSING"),)),
    "error handling":      Scene(BY_FILES,         sent,     (run("ANSWERS"),), unsaid=2),
}
# fmt: on
TOGETHER = Scene((TUCANO,), missed_by_many, (AT_ONCE,), unsaid=0, sizes=(2, 1))
"""That on which two engines work."""
