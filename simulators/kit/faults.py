"""Faults as values: what goes wrong, for whom, when and how often. No route and no platform code knows them.

One table says what each kind may carry; one short interpreter refuses the rest, in a sentence.

Over HTTP a fault hits a call. Over FTP it hits one step of the transfer, or else what the platform does about a file.
"""

from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec

from simulators.kit.entry import Outcome

When = Literal["before_effect", "after_effect"]
Channel = Literal["http", "ftp"]
Step = Literal["LOGIN", "LIST", "DOWNLOAD", "UPLOAD", "RENAME", "DELETE"]
"""What a fault may hit on FTP's line: an operation of the line's own, beside the platform's."""
STEPS: tuple[Step, ...] = get_args(Step)
Seconds = Annotated[float, msgspec.Meta(gt=0, le=1e8)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
LONGEST_DELAY_S = 3600.0

ANY_KIND = ("platform", "start", "duration_s", "repeat_s", "ttl_s")
EACH_CALL = ("operation", "subject", "when", "times", "succeed_first", "probability", "seed")


class Kind(msgspec.Struct, frozen=True):
    """One row of the table of kinds; the first of `whens` is the default.

    `steps` are those of FTP's that it hits; a kind without any hits what the platform does about a file there.
    """

    does: str
    channels: tuple[Channel, ...]
    whens: tuple[When, ...] = ()
    outcome: Outcome = "answered"
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


BEFORE: When = "before_effect"
AFTER: When = "after_effect"
BEFORES: tuple[When, ...] = (BEFORE,)
AFTERS: tuple[When, ...] = (AFTER,)
EITHER: tuple[When, ...] = (BEFORE, AFTER)
HTTP: tuple[Channel, ...] = ("http",)
FTP: tuple[Channel, ...] = ("ftp",)
BOTH: tuple[Channel, ...] = ("http", "ftp")
UPLOAD: tuple[Step, ...] = ("UPLOAD",)
RENAME: tuple[Step, ...] = ("RENAME",)
DELAY, JITTER, SIZE, DETAIL, PART = ("delay_s",), ("jitter_s",), ("size_bytes",), ("detail",), ("size_bytes", "delay_s")
# fmt: off
KINDS = {
    #                       on the wire                           channels when     outcome      needs  may take steps
    "outage":         Kind("connections refused, open ones cut",    BOTH),
    "lost_request":   Kind("not acted on; hung up with no answer",  HTTP, BEFORES, "lost"),
    "lost_reply":     Kind("acted on; hung up with no answer",      HTTP, AFTERS,  "lost"),
    "hang":           Kind("no answer ever; the line is held",      BOTH, EITHER,  "timed_out", (),    (),     STEPS),
    "latency":        Kind("the answer comes late",                 BOTH, AFTERS,  "answered",  DELAY, JITTER, STEPS),
    "slow_body":      Kind("the body comes piece by piece",         HTTP, AFTERS,  "answered",  DELAY, SIZE),
    "truncated":      Kind("the body breaks off before its length", HTTP, AFTERS,  "partial",   (),    SIZE),
    "garbled":        Kind("bytes of the body are turned over",     BOTH, AFTERS,  "answered",  (),    SIZE),
    "reset":          Kind("the connection is reset by the peer",   BOTH, EITHER,  "reset",     (),    (),     STEPS),
    "busy":           Kind("HTTP 503; not acted on",                HTTP, BEFORES),
    "http_status":    Kind("an HTTP status in place of the answer", HTTP, EITHER,  "answered",  ("status",)),
    "refuse":         Kind("refused by the platform, in its words", BOTH, BEFORES, "answered",  ("code",), DETAIL),
    "login_refused":  Kind("530: the password is not taken",        FTP,  BEFORES, "refused",   steps=("LOGIN",)),
    "upload_dropped": Kind("the line is lost in mid-upload",        FTP,  AFTERS,  "partial",   (),    SIZE,   UPLOAD),
    "disk_full":      Kind("452 in mid-upload; a part is there",    FTP,  AFTERS,  "partial",   (),    SIZE,   UPLOAD),
    "half_a_file":    Kind("taken, but a part only is stored",      FTP,  AFTERS,  "partial",   (),    SIZE,   UPLOAD),
    "rename_refused": Kind("550; the file keeps its name",          FTP,  BEFORES, "refused",   steps=RENAME),
    "rename_lost":    Kind("renamed; then the line is lost",        FTP,  AFTERS,  "lost",      steps=RENAME),
    "late_answer":    Kind("the file with the answer comes late",   FTP,  AFTERS,  "answered",  DELAY, JITTER),
    "no_answer":      Kind("taken, and no answer ever comes",       FTP,  (AFTER, BEFORE), "lost"),
    "answer_twice":   Kind("the answer is back after its deletion",  FTP,  AFTERS),
    "foreign_entry":  Kind("foreign entries stand in the log, too",  FTP,  AFTERS,  "answered",  (),    DETAIL),
    "half_entry":     Kind("a part of the entry stands in the log", FTP,  AFTERS,  "partial",   (),    PART),
}
# fmt: on
KindName = Literal[
    "outage",
    "lost_request",
    "lost_reply",
    "hang",
    "latency",
    "slow_body",
    "truncated",
    "garbled",
    "reset",
    "busy",
    "http_status",
    "refuse",
    "login_refused",
    "upload_dropped",
    "disk_full",
    "half_a_file",
    "rename_refused",
    "rename_lost",
    "late_answer",
    "no_answer",
    "answer_twice",
    "foreign_entry",
    "half_entry",
]


class FaultError(ValueError):
    """A fault that can't be: the sentence names what was found and what is allowed."""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One fault. All times are virtual, in seconds; `start` defaults to the moment of putting it in place.

    `times` counts down and then the fault is spent; `succeed_first` lets so many matching calls pass before that.
    A window is `duration_s` long and comes again every `repeat_s`; `ttl_s` after it was put, the fault heals by itself.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[\w.-]{1,64}$")]
    kind: KindName
    platform: str | None = None
    operation: str | None = None
    subject: str | None = None
    when: When | None = None
    times: Count | None = None
    succeed_first: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    start: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    duration_s: Seconds | None = None
    repeat_s: Seconds | None = None
    ttl_s: Seconds | None = None
    probability: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None
    seed: int | None = None
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] | None = None
    code: str | None = None
    detail: str | None = None
    delay_s: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_DELAY_S)] | None = None
    jitter_s: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_DELAY_S)] | None = None
    size_bytes: Count | None = None

    def __post_init__(self) -> None:
        """Refuse what the table of kinds doesn't allow."""
        sentence = _unknown_kind(self) or _foreign_field(self) or _missing_field(self) or _wrong_values(self)
        if sentence:
            raise FaultError(sentence)

    @property
    def row(self) -> Kind:
        """The row of the table this fault is of."""
        return KINDS[self.kind]

    @property
    def acts_before(self) -> bool:
        """Whether the platform never gets to act on what this fault hits."""
        return (self.when or self.row.whens[0]) == BEFORE


def allowed_fields(kind: str) -> tuple[str, ...]:
    """The fields, besides name and kind, that a fault of this kind may carry."""
    row = KINDS[kind]
    return (*ANY_KIND, *(EACH_CALL if row.whens else ()), *row.needs, *row.takes)


def _unknown_kind(fault: Fault) -> str:
    return "" if fault.kind in KINDS else f"there is no fault {fault.kind!r}; there are {', '.join(KINDS)}"


def _foreign_field(fault: Fault) -> str:
    allowed = allowed_fields(fault.kind)
    optional = zip(fault.__struct_fields__[2:], fault.__struct_defaults__, strict=True)
    foreign = [name for name, default in optional if getattr(fault, name) != default and name not in allowed]
    return f"{fault.kind} has no {foreign[0]}; it may have {', '.join(allowed)}" if foreign else ""


def _missing_field(fault: Fault) -> str:
    missing = [name for name in fault.row.needs if getattr(fault, name) is None]
    return f"{fault.kind} needs {missing[0]}" if missing else ""


def _wrong_values(fault: Fault) -> str:
    row = fault.row
    if fault.when and fault.when not in row.whens:
        return f"{fault.kind} can't come {fault.when}; it comes {' or '.join(row.whens)}"
    if fault.repeat_s and (fault.duration_s is None or fault.repeat_s <= fault.duration_s):
        return "repeat_s needs a duration_s shorter than itself"
    if fault.jitter_s and fault.jitter_s > (fault.delay_s or 0):
        return f"jitter_s ({fault.jitter_s}) can't exceed delay_s ({fault.delay_s})"
    return ""
