"""Refusals that a caller can mend: each names what was found and what is allowed."""

from collections.abc import Iterable
from difflib import get_close_matches


class DomainError(Exception):
    """Something asked for that can't be done; nothing has changed.

    `code` is stable, for programs; `field` is the field of the call that was wrong, where there is one.
    """

    code = "REFUSED"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class UnknownError(DomainError):
    """A name that stands for nothing here."""

    code = "UNKNOWN"

    def __init__(self, kind: str, found: str, allowed: Iterable[str] = (), *, field: str = "") -> None:
        super().__init__(f"Unknown {kind} {found!r}{known(found, allowed)}.", field=field or kind.replace(" ", "_"))
        self.code = f"UNKNOWN_{kind.replace(' ', '_').upper()}"


class InvalidError(DomainError):
    """A value that can't be meant: its form, its range, or what it stands beside."""

    code = "INVALID"


class UnknownFieldError(InvalidError):
    """A field that there is not where it was said, by its path."""

    code = "UNKNOWN_FIELD"

    def __init__(self, path: str, allowed: Iterable[str]) -> None:
        super().__init__(f"Unknown field {path!r}{known(path, allowed)}.", field=path)


class NotAllowedError(DomainError):
    """An action that the present state, or the rules of the catalogue, do not allow."""

    code = "NOT_ALLOWED"


class CollisionError(NotAllowedError):
    """Something that another engine was changing at this moment; this one gave way, and may try again."""


class NotAuthenticatedError(DomainError):
    """Someone who is not known by what he shows. What he has shown is not repeated."""

    code = "NOT_AUTHENTICATED"


class TooEarlyError(DomainError):
    """Something that is not looked at yet, because it was said wrong before."""

    code = "TOO_EARLY"


class PlatformError(DomainError):
    """A platform that does not answer, or not so that anything follows from it; its code is kept verbatim."""

    def __init__(self, provider: str, code: str, description: str) -> None:
        super().__init__(f"{provider} can't be asked: {code} {description}".rstrip(" .") + ".")
        self.code = code


def known(found: str, allowed: Iterable[str], most: int = 30) -> str:
    """The end of a sentence about an unknown name: the nearest known one first, then what is known."""
    names = sorted(allowed)
    if not names:
        return ""
    last = found.rpartition(".")[2].casefold()
    near = get_close_matches(last, [name.casefold() for name in names], n=1)
    guess = next((f", perhaps {name} was meant" for name in names if name.casefold() in near), "")
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{guess}; known: {', '.join(names[:most])}{more}"
