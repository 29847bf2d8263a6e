"""Why the folders of a platform could not be worked with: `ftplib`'s exceptions in the engine's words."""

import ftplib
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from engine.ports import FoldersError, Site
from engine.transports.ftp_line import Line
from engine.transports.http import reason

LONGEST_ANSWER = 200
SHORTEST_PLAIN_SECRET = 4
CREDENTIALS = "user_name, password"
ADDRESS = "host_name, port"
HANGS_UP = "421"


class Broken(NamedTuple):
    """What a kind of exception means; the field is the provider's parameter that is to blame."""

    kind: type[Exception]
    code: str
    sentence: str
    field: str = ""


# fmt: off
# The first row that fits decides: what is special stands before what is general.
BROKEN = (
    #      what happened                  our code            our sentence                                 whose fault
    Broken(ssl.SSLCertVerificationError, "TLS_FAILED",       "The certificate of {place} is not trusted", "certificate_file"),
    Broken(ssl.SSLEOFError,              "CONNECTION_LOST",  "{place} hung up"),
    Broken(ssl.SSLError,                 "TLS_FAILED",       "TLS with {place} failed",                   "ftps"),
    Broken(TimeoutError,                 "READ_TIMEOUT",     "{place} did not answer in time"),
    Broken(EOFError,                     "CONNECTION_LOST",  "{place} hung up"),
    Broken(OSError,                      "CONNECTION_LOST",  "{place} hung up"),
    Broken(UnicodeError,                 "UNSENDABLE",       "A name can't be written for {place}",       "character_encoding"),
    Broken(ValueError,                   "UNSENDABLE",       "A name of more lines can't be sent to {place}"),
    Broken(ftplib.Error,                 "UNREADABLE_REPLY", "{place} did not answer in FTP"),
)
# What a refusal's number means, whatever was asked for. Whoever has TLS already is refused for another reason.
REPLIES: Mapping[str, tuple[str, str]] = {
    # number   our code          whose fault
    "425": ("NO_DATA_CHANNEL", "passive"),
    "452": ("DISK_FULL",       ""),
    "521": ("FTPS_WANTED",     "ftps"),
    "522": ("FTPS_WANTED",     "ftps"),
    "534": ("FTPS_WANTED",     "ftps"),
    "552": ("DISK_FULL",       ""),
}
# fmt: on


class Step(NamedTuple):
    """What the server is asked for: our sentence where it says no, and what an exception means just here."""

    refused: str
    code: str = "REFUSED"
    field: str = ""
    broken: tuple[Broken, ...] = ()


# fmt: off
CONNECTING = Step("is not there", broken=(
    Broken(socket.gaierror, "HOST_UNKNOWN",       "The host of {place} is unknown",               "host_name"),
    Broken(UnicodeError,    "HOST_UNKNOWN",       "The host of {place} is unknown",               "host_name"),
    Broken(TimeoutError,    "CONNECT_TIMEOUT",    "{place} did not take the connection in time", ADDRESS),
    Broken(OSError,         "CONNECTION_REFUSED", "{place} can't be connected to",                ADDRESS),
))
GREETING = Step("takes nobody", broken=(
    Broken(LookupError,  "UNSENDABLE",       "Nothing can be written for {place} in this encoding", "character_encoding"),
    Broken(TimeoutError, "READ_TIMEOUT",     "{place} did not greet in time",                       ADDRESS),
    Broken(EOFError,     "CONNECTION_LOST",  "{place} hung up without a greeting",                  ADDRESS),
    Broken(ftplib.Error, "UNREADABLE_REPLY", "{place} did not greet in FTP",                        ADDRESS),
))
TRUSTING = Step("", broken=(
    Broken(OSError, "TLS_FAILED", "The certificates to be trusted can't be read", "certificate_file"),
))
SECURING = Step("takes no connection over TLS", "NO_FTPS", "ftps", (
    BROKEN[0],
    Broken(TimeoutError, "READ_TIMEOUT", "{place} did not answer in time", "ftps"),
    Broken(OSError,      "TLS_FAILED",   "TLS with {place} failed",        "ftps"),
))
LOGGING_IN = Step("does not let this user in", "LOGIN_REFUSED", CREDENTIALS)
LOGGING_IN_IN_CLEAR = Step("lets nobody in but over TLS", "FTPS_WANTED", "ftps")
# fmt: on


@contextmanager
def plainly(line: Line, site: Site, step: Step) -> Iterator[None]:
    """Do a step. Raises FoldersError; the connection is over then, unless the server has only said no."""
    try:
        yield
    except (ftplib.error_perm, ftplib.error_temp, ftplib.error_reply) as error:
        raise refusal(line, site, step, str(error)) from error
    except FoldersError as error:
        if not error.refused:
            line.close()
        raise
    except BaseException as error:
        line.close()
        row = next((row for row in (*step.broken, *BROKEN) if isinstance(error, row.kind)), None)
        if row is None:  # no failure of the line: whoever gives the bytes has failed, or the process is to end
            raise
        raise FoldersError(
            row.code, f"{row.sentence.format(place=place(site))} ({reason(error)}).", row.field
        ) from error


def refusal(line: Line, site: Site, step: Step, answer: str) -> FoldersError:
    """That the server has said no, in its words; or has said that it hangs up."""
    said = shown(answer, site)
    if answer.startswith(HANGS_UP):
        line.close()
        return FoldersError("CONNECTION_LOST", f"{place(site)} hung up ({said}).")
    code, field = REPLIES.get(answer[:3], (step.code, step.field))
    if code == "FTPS_WANTED" and site.secured:
        code, field = step.code, step.field
    return FoldersError(code, f"{place(site)} {step.refused} ({said}).", field, refused=True)


def place(site: Site) -> str:
    """Where the site is: host and port."""
    return f"[{site.host}]:{site.port}" if ":" in site.host else f"{site.host}:{site.port}"


def shown(answer: str, site: Site) -> str:
    """The server's words in one short line, without the password that they may repeat."""
    edge = "" if len(site.password) >= SHORTEST_PLAIN_SECRET else r"\b"
    words = " ".join(answer.split()).rstrip(".")
    words = re.sub(f"{edge}{re.escape(site.password)}{edge}", "***", words) if site.password else words
    return words if len(words) <= LONGEST_ANSWER else f"{words[:LONGEST_ANSWER]}…"
