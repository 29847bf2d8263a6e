"""One row of the table of calls."""

import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

from engine.service.views import Page

OK, ACCEPTED = 200, 202


class Refusal(NamedTuple):
    """Why a call is refused with an HTTP status: the codes that it may have (none: any), and what they mean."""

    codes: tuple[str, ...]
    meaning: str


# fmt: off
REFUSALS = {
    400: Refusal(("INVALID", "UNKNOWN_FIELD"),       "A value that can't be meant, or a field that there is not."),
    401: Refusal(("TOKEN_WANTED", "TOKEN_UNKNOWN"),  "No token, or none that is known."),
    403: Refusal(("NOT_AUTHENTICATED", "WRONG_PASSWORD"), "A subscriber, or an archive password, that is not known."),
    404: Refusal((),                                 "A name that stands for nothing: UNKNOWN_SUBSCRIPTION …"),
    405: Refusal(("METHOD_NOT_ALLOWED",),            "The call is made with another method."),
    409: Refusal((),                                 "The state, or the catalogue, does not allow it."),
    413: Refusal(("REQUEST_ENTITY_TOO_LARGE",),      "The body is over 1 MiB."),
    415: Refusal(("UNSUPPORTED_MEDIA_TYPE",),        "The body is of another type than application/json."),
    429: Refusal(("TOO_EARLY",),                     "The archive password was wrong; it is looked at later."),
    500: Refusal(("INTERNAL_ERROR",),                "The engine failed. What was executed stands: look at it."),
    502: Refusal((),                                 "The platform can't be asked: CONNECTION_REFUSED …"),
    503: Refusal(("STOPPING", "NOT_READY"),          "The engine can't serve the call now."),
}
# fmt: on


@dataclass(frozen=True)
class Route:
    """A call: `do` gets the site, then what is said in the query or in the body, if there is anything to say.

    `answer` is the type of what it gives, or a content type where that is no JSON in an envelope; `later` is the type
    of what it gives with HTTP 202. `refusals` are the statuses of what its deed may refuse; those of its form follow
    from the row.
    """

    method: str
    path: str
    do: Callable[..., Any]
    query: Any = None
    body: Any = None
    answer: Any = None
    later: Any = None
    refusals: tuple[int, ...] = ()
    open_to_all: bool = False
    summary: str = ""
    name: str = ""

    @property
    def title(self) -> str:
        """What it does, in the words of the function that does it unless it has words of its own."""
        return self.summary or (self.do.__doc__ or "").partition("\n")[0]

    @property
    def operation(self) -> str:
        """Its name for programs."""
        return self.name or self.path.strip("/").replace("/", "_").replace(".", "_")

    @property
    def tag(self) -> str:
        """What it is about: the first part of its path, if there are several."""
        first, _, rest = self.path.strip("/").partition("/")
        return first if rest else "process"

    @property
    def result(self) -> Any:
        """The type of one result: of the whole answer, or of each in a page of them."""
        return typing.get_args(self.answer)[0] if typing.get_origin(self.answer) is Page else self.answer

    @property
    def statuses(self) -> list[int]:
        """All statuses with which it may be refused."""
        return sorted(set(self.refusals) | set(self._formal()))

    def _formal(self) -> Iterator[int]:
        yield from (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
        if self.body:
            yield from (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if not self.open_to_all:
            yield from (HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE)
