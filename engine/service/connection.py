"""Testing a provider's connection. Nothing changes there; nothing is written down, tried again or counted."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from engine.domain.provider import Provider
from engine.ports import Folders, FoldersError, Places
from engine.service.context import Context
from engine.service.inquire import MILLISECOND, inquire

NOBODYS_ACCOUNT = "CONNECTION-TEST"


@dataclass(frozen=True)
class Connection:
    """Whether a provider's platform can be reached, and whether the credentials hold (None: its answer does not say).

    `code` and `description` are the platform's words, or those of whatever is in the way. `field` names the connection
    parameters that are to blame, where that is known.
    """

    provider: str
    reachable: bool
    credentials_hold: bool | None
    code: str
    description: str
    milliseconds: int
    field: str = ""


def try_connection(context: Context, code: str) -> Connection:
    """Test a provider's connection, effective or not. Raises UnknownError for the provider only."""
    provider = context.provider(code)
    return look(context, provider) if context.adapter(provider).takes_files else ask(context, provider)


def ask(context: Context, provider: Provider) -> Connection:
    """Ask the provider's platform for an account that nobody has."""
    answer = inquire(context, provider, NOBODYS_ACCOUNT)
    holds = context.adapter(provider).calls.credentials_hold(answer.reply, answer.reference) if answer.reply else None
    verdict = answer.verdict
    return Connection(
        provider.code, answer.reply is not None, holds, verdict.code, verdict.description, answer.milliseconds
    )


def look(context: Context, provider: Provider) -> Connection:
    """Look into each of the folders, and at the list of errors."""
    files, begin = context.adapter(provider).files, context.clock.now()

    def found(error: FoldersError | None = None, *, reachable: bool, holds: bool | None) -> Connection:
        code, description, field = (error.code, error.description, error.field) if error else ("", "", "")
        taken = (context.clock.now() - begin) // MILLISECOND
        return Connection(provider.code, reachable, holds, code, description, taken, field)

    try:
        site, places = files.site(provider), files.places(provider)
    except (ValueError, LookupError) as error:
        unsendable = FoldersError("UNSENDABLE", f"The parameters do not say where the platform is: {error}.")
        return found(unsendable, reachable=False, holds=None)
    try:
        folders = context.folders.connect(site, provider.timeouts)
    except FoldersError as error:
        return found(error, reachable=error.refused, holds=False if error.code == "LOGIN_REFUSED" else None)
    with closing(folders):
        return found(worst(list(wrong(folders, places))), reachable=True, holds=True)


def wrong(folders: Folders, places: Places) -> Iterator[FoldersError]:
    """Why the folders, or the list of errors, can't be worked with. There is no such list before the first error."""
    for folder in (places.requests, places.accepted, places.refused):
        try:
            folders.names(folder)
        except FoldersError as error:
            yield error
            if not error.refused:
                return
    try:
        folders.read(places.errors, folders.size(places.errors))
    except FoldersError as error:
        yield error


def worst(errors: list[FoldersError]) -> FoldersError | None:
    """All of them as one, by the code of the first. Where nothing else is to blame, it is who comes, or where to."""
    if not errors:
        return None
    first, descriptions = errors[0], dict.fromkeys(error.description for error in errors)
    field = first.field or ("user_name" if first.refused else "host_name, port")
    return FoldersError(first.code, " ".join(descriptions), field)
