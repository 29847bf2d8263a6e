"""Requests in Conax's form: which share a file, from when until when, and the file's bytes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from types import MappingProxyType

from engine.adapters.conax import dates
from engine.adapters.conax.forms import FORMS, LAST_LINE, LINE_END, PRIORITIES
from engine.adapters.conax.ids import device, product
from engine.adapters.conax.operations import operation
from engine.domain.file import Period, RequestFile
from engine.domain.keeping import Role
from engine.domain.provider import Provider
from engine.ports import About, Parameters, Record

BLOCK_RECORDS = 5_000
LETTERS: Mapping[str, str] = MappingProxyType({name: form.letters for name, form in FORMS.items()})
PERIODS: Mapping[str, str] = MappingProxyType(
    {
        "CANCEL_SUBSCRIPTIONS": "cancel_end_period_months",
        "RENEW_SUBSCRIPTIONS": "renew_end_period_months",
        "ADD_SUBSCRIPTIONS": "add_end_period_months",
    }
)
ALONE = "CREATE_PAIRING"  # of this there is one to a file


def about(_request_type: str, parameters: Parameters) -> About:
    """The card, and what is given to it or taken away; a start of its own, or the text, is the same in a whole file."""
    start = parameters.get("start_date")
    return About(
        place=parameters["smartcard"],
        ca_id=parameters.get("service") or parameters.get("stb") or "",
        detail=dates.whole_minute(datetime.fromisoformat(start)).isoformat()
        if start
        else parameters.get("payload", ""),
        distributor=parameters.get("distributor", ""),
    )


def most(provider: Provider, request_type: str) -> int:
    """How many records a file of this type may have."""
    return 1 if request_type == ALONE else operation(provider, "maximum_records")


def period(provider: Provider, request_type: str, detail: str, now: datetime) -> Period | None:
    """From the run's minute on, or from the start that was asked for, for as many months as are configured."""
    if request_type not in PERIODS:
        return None
    start = datetime.fromisoformat(detail) if detail else now
    return dates.period(start, operation(provider, PERIODS[request_type]))


def unfit(request_type: str, record: Record) -> str:
    """What is wanted instead of a record whose card, product or STB is written otherwise."""
    card = device(Role.ENTITLED, record.place)
    if card:
        return f"a card of {card}"
    if request_type in PERIODS:
        return product(record.ca_id)
    stb = device(Role.PAIRED, record.ca_id) if request_type == ALONE else ""
    return f"an STB of {stb}" if stb else ""


def pack(_provider: Provider, file: RequestFile, records: Iterable[Record]) -> Iterator[bytes]:
    """The file: its head, its records in blocks, its last line."""
    form, left = FORMS[file.type], iter(records)
    head = LINE_END.join((*form.head, "")).format(
        number=file.number,
        product=file.ca_id,
        payload=file.detail,
        priority=PRIORITIES[file.priority],
        count=file.records,
        **(file.period._asdict() if file.period else {}),
    )
    yield head.encode("ascii")
    while block := list(islice(left, BLOCK_RECORDS)):
        yield "".join([form.record(place, ca_id) for place, ca_id in block]).encode("ascii")
    yield f"{LAST_LINE}{LINE_END}".encode("ascii")
